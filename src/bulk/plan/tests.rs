use super::super::item::{Item, ItemOutcome};
use super::super::task::Look;
use super::*;
use crate::error::{Applied, Error, Status};

fn account(number: usize) -> AccountId {
    AccountId::parse(&format!("c0ffee00-d0c5-4ace-8bad-{number:012x}")).unwrap()
}

fn verify(level: u32) -> Verify {
    let old_picture = Duration::from_secs(300);
    Verify { level, old_picture }
}

/// A list of so many, that needs all of them looked at.
fn plan(total: usize, level: u32) -> Plan {
    plan_of(total, Vec::new(), None, level)
}

fn plan_of(total: usize, quick: Vec<usize>, own: Option<usize>, level: u32) -> Plan {
    let mut breaker = Breaker::default();
    breaker.answered();
    Plan::new(total, quick, own, 4, verify(level), breaker)
}

/// As a page shows them.
fn shown(page: u32, indices: impl IntoIterator<Item = usize>, at: Instant) -> Vec<Job> {
    let job = |index| {
        let look = Look {
            id: account(index),
            email: Box::default(),
            link: Some(true),
            is_terminated: false,
            at,
        };
        Job {
            look: Some(Box::new(look)),
            page: Some(page),
            ..Job::new(index)
        }
    };
    indices.into_iter().map(job).collect()
}

fn answered(index: usize, at: Instant) -> Answered {
    let id = account(index);
    let item = Item::new(0, "".into(), Some(id), ItemOutcome::Applied);
    let item = Box::new(item);
    Answered { id, item, at }
}

fn late(index: usize, page: Option<u32>, at: Instant) -> Late {
    Late {
        id: account(index),
        page,
        is_open: false,
        at,
    }
}

/// What is next, in short: `page 0`, `entry 3`, `looks 0 of 2`, `late 0 of 2`,
/// `later`, `over`.
fn next_at(plan: &mut Plan, now: Instant) -> String {
    let of = |page: Option<u32>| page.map_or("none".to_owned(), |page| page.to_string());
    match plan.take(now, true) {
        Turn::Task(Task::Page(page)) => format!("page {page}"),
        Turn::Task(Task::Entry(job)) => format!("entry {}", job.index),
        Turn::Task(Task::Looks(page, all)) => format!("looks {} of {}", of(page), all.len()),
        Turn::Task(Task::Trail(all)) => format!("trail of {}", all.len()),
        Turn::Task(Task::Late(page, all)) => format!("late {} of {}", of(page), all.len()),
        Turn::Later(_) => "later".to_owned(),
        Turn::Over => "over".to_owned(),
    }
}

fn next(plan: &mut Plan) -> String {
    next_at(plan, Instant::now())
}

fn entry(plan: &mut Plan) -> Job {
    match plan.take(Instant::now(), true) {
        Turn::Task(Task::Entry(job)) => job,
        other => panic!("{other:?}"),
    }
}

#[test]
fn pages_are_read_only_where_that_takes_fewer_requests() {
    // accounts of the portal, entries, those on the first page, what is next
    let table = [
        (Some(1_000), 50, 0, "page 1"),
        (Some(1_000), 50, 50, "entry 0"),
        (Some(1_000), 9, 0, "entry 0"),
        (Some(1_000), 10, 0, "page 1"),
        (Some(10_000), 50, 1, "entry 0"),
        (Some(10_000), 200, 1, "page 1"),
        (Some(100), 50, 49, "entry 0"),
        (Some(101), 50, 48, "page 1"),
        (Some(0), 50, 0, "entry 0"),
        (None, 50, 0, "entry 0"),
    ];
    for (total, entries, found, then) in table {
        let mut plan = plan(entries, 0);
        assert_eq!(next(&mut plan), "page 0");
        assert_eq!(next(&mut plan), "later", "while the page is read");
        plan.page_read(0, shown(0, 0..found, Instant::now()), total);
        let case = format!("{total:?} {entries} {found}");
        if found > 0 && then.starts_with("page") {
            // Read ahead only once few are ready.
            for index in 0..found.saturating_sub(3) {
                assert_eq!(next(&mut plan), format!("entry {index}"), "{case}");
            }
        }
        assert_eq!(next(&mut plan), then, "{case}");
    }
}

#[test]
fn one_entry_needs_no_page() {
    assert_eq!(next(&mut plan(1, 0)), "entry 0");
    let mut only_own = plan_of(2, vec![0], Some(1), 0);
    assert_eq!(next(&mut only_own), "entry 0");
    only_own.finished(None);
    assert_eq!(next(&mut only_own), "entry 1");
}

#[test]
fn who_is_on_no_page_is_read_singly_after_those_who_are() {
    let mut plan = plan(3, 0);
    assert_eq!(next(&mut plan), "page 0");
    plan.page_read(0, shown(0, [1], Instant::now()), Some(40));
    let order: Vec<_> = (0..3).map(|_| next(&mut plan)).collect();
    assert_eq!(order, ["entry 1", "entry 0", "entry 2"]);
    assert!(!plan.is_missing(0));
    (0..3).for_each(|_| plan.finished(None));
    assert!(plan.is_over());
}

#[test]
fn a_page_that_cannot_be_had_is_asked_again_or_done_without() {
    let mut waits = plan(2, 0);
    assert_eq!(next(&mut waits), "page 0");
    waits.page_failed(true);
    assert_eq!(next(&mut waits), "page 0");
    waits.page_failed(false);
    assert_eq!(next(&mut waits), "entry 0");
    assert_eq!(next(&mut waits), "entry 1");
}

#[test]
fn a_page_whose_looks_are_old_is_read_again() {
    let begun = Instant::now();
    let mut plan = plan(6, 1);
    assert_eq!(next_at(&mut plan, begun), "page 0");
    plan.page_read(0, shown(0, 0..6, begun), Some(50));
    assert_eq!(next_at(&mut plan, begun), "entry 0");
    plan.answered(Some(0), answered(0, begun));
    let later = begun + FRESH_LOOK;
    assert_eq!(next_at(&mut plan, later), "page 0");
    // Who was answered is looked at on its own now.
    assert_eq!(next_at(&mut plan, later), "looks 0 of 1");
    plan.looked(Vec::new());
    plan.page_read(0, shown(0, 1..5, later), Some(50));
    let rest: Vec<_> = (1..6).map(|_| next_at(&mut plan, later)).collect();
    // The last one has left the page.
    assert_eq!(
        rest,
        ["entry 1", "entry 2", "entry 3", "entry 4", "entry 5"]
    );
}

#[test]
fn a_single_old_look_is_no_reason_for_a_page() {
    let begun = Instant::now();
    let mut plan = plan(2, 0);
    assert_eq!(next_at(&mut plan, begun), "page 0");
    plan.page_read(0, shown(0, 0..2, begun), Some(50));
    assert_eq!(next_at(&mut plan, begun), "entry 0");
    assert_eq!(next_at(&mut plan, begun + FRESH_LOOK), "entry 1");
}

#[test]
fn a_portal_in_doubt_gets_one_at_a_time_and_quick_ones_do_not_wait() {
    let mut plan = plan_of(6, vec![4, 5], None, 0);
    plan.breaker = Breaker::resumed(1);
    assert_eq!(next(&mut plan), "entry 4");
    assert_eq!(next(&mut plan), "entry 5");
    assert_eq!(
        next(&mut plan),
        "later",
        "no page while others are under way"
    );
    plan.finished(None);
    plan.finished(None);
    assert_eq!(next(&mut plan), "page 0");
    plan.page_read(0, shown(0, 0..4, Instant::now()), Some(40));
    assert_eq!(next(&mut plan), "entry 0");
    assert_eq!(next(&mut plan), "later");
    plan.breaker.answered();
    assert_eq!(next(&mut plan), "entry 1");
    assert_eq!(next(&mut plan), "entry 2");
}

#[test]
fn until_the_first_success_three_are_under_way() {
    let mut plan = plan(9, 0);
    plan.breaker = Breaker::default();
    assert_eq!(next(&mut plan), "page 0");
    plan.page_read(0, shown(0, 0..9, Instant::now()), Some(40));
    let begun: Vec<_> = (0..4).map(|_| next(&mut plan)).collect();
    assert_eq!(begun, ["entry 0", "entry 1", "entry 2", "later"]);
    plan.breaker.answered();
    assert_eq!(next(&mut plan), "entry 3");
}

#[test]
fn a_page_is_looked_at_once_its_last_entry_is_answered() {
    let now = Instant::now();
    let mut plan = plan(3, 1);
    assert_eq!(next(&mut plan), "page 0");
    plan.page_read(0, shown(0, 0..3, now), Some(40));
    let jobs: Vec<_> = (0..3).map(|_| entry(&mut plan)).collect();
    plan.answered(Some(0), answered(0, now));
    // One that was refused without a request needs no look.
    plan.finished(Some(0));
    assert_eq!(next(&mut plan), "later");
    // One that comes again keeps nobody waiting, and is looked at singly.
    plan.put_back(jobs[2].clone());
    assert_eq!(next(&mut plan), "looks 0 of 1");
    assert_eq!(next(&mut plan), "entry 2");
    plan.answered(None, answered(2, now));
    plan.looked(Vec::new());
    assert!(!plan.is_over());
    assert!(plan.is_looking());
    assert_eq!(next(&mut plan), "looks none of 1");
    plan.looked(Vec::new());
    assert!(plan.is_over());
    assert_eq!(next(&mut plan), "over");
}

#[test]
fn an_entry_that_comes_again_waits_until_it_is_due() {
    let now = Instant::now();
    let mut plan = plan(1, 0);
    let job = entry(&mut plan);
    let due = Some(now + Duration::from_secs(9));
    plan.put_back(Job { due, ..job });
    assert!(matches!(plan.take(now, true), Turn::Later(at) if at == due));
    let then = now + Duration::from_secs(9);
    assert!(
        matches!(plan.take(then, false), Turn::Later(_)),
        "looks only"
    );
    assert_eq!(next_at(&mut plan, then), "entry 0");
}

#[test]
fn what_is_put_last_comes_behind_all_others_and_then_side_by_side() {
    let mut plan = plan(4, 0);
    assert_eq!(next(&mut plan), "page 0");
    plan.page_read(0, shown(0, 0..4, Instant::now()), Some(40));
    let jobs: Vec<_> = (0..4).map(|_| entry(&mut plan)).collect();
    plan.put_last(jobs[0].clone());
    plan.put_last(jobs[1].clone());
    assert!(plan.has_others(&jobs[2]));
    assert_eq!(next(&mut plan), "later", "others are under way");
    plan.finished(Some(0));
    plan.put_back(jobs[3].clone());
    assert_eq!(next(&mut plan), "entry 3");
    assert_eq!(next(&mut plan), "later");
    plan.finished(None);
    let job = entry(&mut plan);
    assert!(job.is_late && job.index == 0);
    assert_eq!(next(&mut plan), "entry 1", "beside the other");
}

#[test]
fn others_are_those_that_were_not_set_aside() {
    let mut plan = plan(2, 0);
    plan.page = None;
    let (one, other) = (entry(&mut plan), entry(&mut plan));
    assert!(plan.has_others(&one), "it is under way");
    let error = Error::new(Status::Forbidden, Applied::No, "");
    let aside = |job: &Job| Job {
        aside: Some(Box::new(error.clone())),
        ..job.clone()
    };
    plan.put_last(aside(&other));
    assert!(!plan.has_others(&one));
    plan.put_last(aside(&one));
    // Where the run ends and goes on, none of them has had a turn.
    assert!(plan.end().is_empty());
    assert!(entry(&mut plan).aside.is_none());
    let with_own = plan_of(2, Vec::new(), Some(1), 0);
    assert!(with_own.has_others(&Job::new(0)));
}

#[test]
fn looks_at_the_end_are_waited_for_at_level_two_only() {
    for level in [1, 2] {
        let now = Instant::now();
        let mut plan = plan(3, level);
        plan.page = None;
        (0..3).for_each(|_| drop(entry(&mut plan)));
        (0..3).for_each(|index| plan.answered(None, answered(index, now)));
        let looks: Vec<_> = (0..3).map(|_| next_at(&mut plan, now)).collect();
        assert_eq!(looks, ["looks none of 1"; 3]);
        let old = now.checked_sub(Duration::from_secs(300)).unwrap();
        plan.looked(vec![late(0, Some(7), now)]);
        plan.looked(vec![late(1, Some(8), old)]);
        assert_eq!(plan.late_due(), None, "one is looked at still");
        plan.looked(vec![late(2, Some(7), old)]);
        let due = now + Duration::from_secs(300);
        if level == 1 {
            // What is not old enough stays as it is.
            assert_eq!(plan.late_due(), None);
            assert_eq!(next_at(&mut plan, now), "late none of 1");
            assert_eq!(next_at(&mut plan, now), "later", "one is under way");
            plan.looked(Vec::new());
            assert_eq!(next_at(&mut plan, now), "late none of 1");
        } else {
            assert_eq!(plan.late_due(), Some(due));
            assert!(matches!(plan.take(now, true), Turn::Later(at) if at == Some(due)));
            assert_eq!(next_at(&mut plan, due), "late 7 of 2");
            plan.looked(Vec::new());
            assert_eq!(next_at(&mut plan, due), "late none of 1");
        }
        plan.looked(Vec::new());
        assert_eq!(next_at(&mut plan, now), "over");
        assert!(plan.is_over());
    }
}

#[test]
fn the_own_account_comes_behind_all_looks() {
    let now = Instant::now();
    let mut plan = plan_of(2, Vec::new(), Some(0), 2);
    assert_eq!(next(&mut plan), "entry 1");
    plan.answered(None, answered(1, now));
    assert_eq!(next(&mut plan), "looks none of 1");
    assert_eq!(next(&mut plan), "later");
    plan.looked(vec![late(1, None, now)]);
    assert_eq!(next_at(&mut plan, now), "later");
    let due = now + Duration::from_secs(300);
    assert_eq!(
        plan.late_due(),
        Some(due),
        "it is looks that are waited for"
    );
    assert_eq!(next_at(&mut plan, due), "late none of 1");
    plan.looked(Vec::new());
    assert!(matches!(plan.take(due, false), Turn::Later(None)));
    assert_eq!(next_at(&mut plan, due), "entry 0");
    plan.finished(None);
    assert!(plan.is_over());
}

#[test]
fn a_run_that_ends_hands_out_who_was_answered_and_goes_on_with_the_rest() {
    let now = Instant::now();
    let mut plan = plan(4, 2);
    assert_eq!(next(&mut plan), "page 0");
    plan.page_read(0, shown(0, 0..4, now), Some(40));
    let jobs: Vec<_> = (0..3).map(|_| entry(&mut plan)).collect();
    plan.answered(Some(0), answered(0, now));
    plan.answered(Some(0), answered(1, now));
    plan.put_back(jobs[2].clone());
    assert_eq!(plan.end().len(), 2);
    assert!(plan.end().is_empty(), "each once");
    assert!(!plan.is_over());
    assert_eq!(next(&mut plan), "entry 2");
    assert_eq!(next(&mut plan), "entry 3");
    plan.finished(None);
    plan.finished(Some(0));
    assert!(plan.is_over());
}

#[test]
fn the_trail_is_asked_once_for_what_stayed_open_before_the_last_looks() {
    let mut plan = plan(1, 2);
    let job = entry(&mut plan);
    plan.finished(job.page);
    let open = Late {
        is_open: true,
        ..late(0, None, Instant::now())
    };
    plan.looking = 1;
    plan.looked(vec![open]);
    plan.stays_open(account(0), Mark::new().unwrap());
    assert!(!plan.is_over());
    assert_eq!(next(&mut plan), "trail of 1");
    assert_eq!(next(&mut plan), "later", "until it is answered");
    plan.proven(&[account(0)]);
    // Applied by now: a look may still say that it was linked again.
    assert!(plan.late.iter().all(|late| !late.is_open));
    let later = Instant::now() + Duration::from_secs(301);
    assert_eq!(next_at(&mut plan, later), "late none of 1");
}
