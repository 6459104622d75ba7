//! The rules of the pace, told the time by hand.

use super::*;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// How many requests go at once at `now`.
fn burst(log: &mut SlidingLog, now: Instant) -> usize {
    let mut count = 0;
    while log.take(now).is_ok() {
        log.over(now);
        count += 1;
    }
    count
}

#[test]
fn no_window_sees_more_than_the_share() {
    let start = Instant::now();
    let table = [(1500, 1470), (100, 98), (50, 49), (10, 9), (2, 1), (1, 1)];
    for (allowed, most) in table {
        let mut log = SlidingLog::new(allowed, WINDOW).unwrap();
        assert_eq!(burst(&mut log, start), most, "{allowed} a minute");
        assert_eq!(burst(&mut log, start + seconds(59)), 0);
        assert_eq!(log.take(start + seconds(59)), Err(start + WINDOW));
        assert_eq!(burst(&mut log, start + WINDOW), most);
    }
    assert!(SlidingLog::new(0, WINDOW).is_none());
}

#[test]
fn a_slow_answer_holds_its_place_from_the_answer_on() {
    let start = Instant::now();
    let mut log = SlidingLog::new(1, WINDOW).unwrap();
    log.take(start).unwrap();
    assert_eq!(
        log.take(start + seconds(90)),
        Err(start + seconds(90) + NEXT_LOOK)
    );
    log.over(start + seconds(100));
    assert_eq!(log.take(start + seconds(101)), Err(start + seconds(160)));
    assert_eq!(log.take(start + seconds(160)), Ok(()));
}

#[test]
fn a_429_closes_for_as_long_as_it_says_else_doubling() {
    let start = Instant::now();
    let mut backoff = Backoff::default();
    backoff.over(start, Some(429), Some(seconds(7)));
    assert_eq!(backoff.opens(start, false), Some(start + seconds(7)));
    assert_eq!(backoff.opens(start + seconds(7), true), None);

    let mut backoff = Backoff::default();
    let mut now = start;
    for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
        backoff.over(now, Some(429), None);
        // One that was in flight with it changes nothing.
        backoff.over(now, Some(429), None);
        assert_eq!(backoff.opens(now, false), Some(now + seconds(wait)));
        now += seconds(wait);
    }
    backoff.over(now, Some(200), None);
    backoff.over(now, Some(429), None);
    assert_eq!(backoff.opens(now, false), Some(now + seconds(1)));
}

#[test]
fn the_daily_limit_closes_nothing_here() {
    let start = Instant::now();
    let mut backoff = Backoff::default();
    backoff.over(start, Some(429), Some(seconds(3600)));
    assert_eq!(backoff.opens(start, true), None);
}

#[test]
fn an_outage_pauses_new_accounts_only_and_ends_with_an_answer() {
    let start = Instant::now();
    let mut backoff = Backoff::default();
    let mut now = start;
    for pause in [5, 10, 20, 40, 60, 60] {
        backoff.over(now, Some(503), None);
        assert_eq!(backoff.opens(now, false), None, "read-backs may go");
        assert_eq!(backoff.opens(now, true), Some(now + seconds(pause)));
        now += seconds(pause);
    }
    assert!(backoff.outage(now, None));
    assert!(!backoff.outage(start + seconds(601), None), "ten minutes");
    backoff.over(now, Some(404), None);
    assert!(backoff.outage(start + seconds(602), Some(seconds(30))));
    assert_eq!(
        backoff.opens(start + seconds(602), true),
        Some(start + seconds(632))
    );
    assert!(
        !backoff.outage(now, Some(seconds(3600))),
        "too long to wait"
    );
}

#[test]
fn the_shell_waits_stops_and_remembers() {
    let pace = Arc::new(Pace::new(1, Duration::from_millis(60)));
    pace.remember(Duration::from_millis(10));
    let begun = Instant::now();
    let permit = pace.begin(None).unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(40));
    permit.admit(None).unwrap();
    pace.stop();
    assert_eq!(pace.begin(None).unwrap_err(), Ended::Stopped);
    permit.over(Some(200), None);
    permit.admit(None).unwrap();
    permit.over(None, None);
    let cancel = Cancel::new();
    cancel.request();
    assert_eq!(permit.admit(Some(&cancel)), Err(Cause::Cancelled));
    assert_eq!(pace.requests(), 2);
}

#[test]
fn room_that_is_not_used_is_given_back() {
    let pace = Arc::new(Pace::new(0, WINDOW));
    let in_flight = |pace: &Pace| pace.limits().log.as_ref().map(|log| log.in_flight);
    drop(pace.begin(None).unwrap());
    assert_eq!(in_flight(&pace), None, "no limit, nothing to count");
    let pace = Arc::new(Pace::new(5, WINDOW));
    let permit = pace.begin(None).unwrap();
    assert_eq!(in_flight(&pace), Some(1));
    drop(permit);
    assert_eq!(in_flight(&pace), Some(0));
}

#[test]
fn former_requests_leave_the_window_in_their_order_however_they_were_told() {
    let pace = Pace::new(4, WINDOW);
    for age in [10, 50, 0, 30] {
        pace.remember(seconds(age));
    }
    let now = Instant::now();
    let mut limits = pace.limits();
    let log = limits.log.as_mut().unwrap();
    assert!(log.answered.iter().is_sorted());
    let first = *log.answered.front().unwrap();
    assert!(now.duration_since(first) >= seconds(50));
    assert_eq!(log.take(now), Err(first + WINDOW));
}
