//! The rate limiter: a sliding window, two limits on work in progress and a
//! daily allowance for writes. Every refusal comes before the action.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::envelope::Reply;

/// Numbers of the limiter; the defaults are those of the application.
#[derive(Clone, Copy, Debug)]
pub struct LimiterConfig {
    pub per_window: usize,
    pub window: Duration,
    pub concurrent_reads: usize,
    pub concurrent_writes: usize,
    pub writes_per_day: usize,
    pub day: Duration,
}

impl Default for LimiterConfig {
    fn default() -> Self {
        Self {
            per_window: 1500,
            window: Duration::from_secs(60),
            concurrent_reads: 50,
            concurrent_writes: 15,
            writes_per_day: 10_000,
            day: Duration::from_secs(24 * 3600),
        }
    }
}

#[derive(Debug, Default)]
struct Meter {
    recent: VecDeque<Instant>,
    reads: usize,
    writes: usize,
    day_began: Option<Instant>,
    day_writes: usize,
}

#[derive(Debug)]
pub struct Limiter {
    config: LimiterConfig,
    meters: Mutex<HashMap<String, Meter>>,
    /// By how much the test has moved the clock.
    later: Mutex<Duration>,
}

/// A place among the requests in progress, given back when dropped.
#[derive(Debug)]
pub struct Permit {
    limiter: Arc<Limiter>,
    who: String,
    writes: bool,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut meters = self.limiter.meters.lock().unwrap();
        if let Some(meter) = meters.get_mut(&self.who) {
            let busy = if self.writes {
                &mut meter.writes
            } else {
                &mut meter.reads
            };
            *busy = busy.saturating_sub(1);
        }
    }
}

impl Limiter {
    pub fn new(config: LimiterConfig) -> Self {
        Self {
            config,
            meters: Mutex::default(),
            later: Mutex::default(),
        }
    }

    pub fn let_time_pass(&self, time: Duration) {
        *self.later.lock().unwrap() += time;
    }

    /// Lets a request in, or answers for it. `who` is an account or an address.
    pub fn admit(self: &Arc<Self>, who: &str, method: &str) -> Result<Permit, Reply> {
        let config = self.config;
        let now = Instant::now() + *self.later.lock().unwrap();
        let mut meters = self.meters.lock().unwrap();
        let meter = meters.entry(who.to_owned()).or_default();

        meter
            .recent
            .retain(|seen| now.duration_since(*seen) < config.window);
        if meter.recent.len() >= config.per_window {
            return Err(refusal(config.per_window));
        }
        meter.recent.push_back(now);

        let writes = !method.eq_ignore_ascii_case("GET");
        let (busy, most) = if writes {
            (&mut meter.writes, config.concurrent_writes)
        } else {
            (&mut meter.reads, config.concurrent_reads)
        };
        if *busy >= most {
            return Err(refusal(most));
        }

        if method == "PUT" || method == "POST" {
            let began = meter
                .day_began
                .filter(|began| now.duration_since(*began) < config.day);
            if began.is_none() {
                meter.day_writes = 0;
            }
            let began = *meter.day_began.insert(began.unwrap_or(now));
            if meter.day_writes >= config.writes_per_day {
                let left = config.day.saturating_sub(now.duration_since(began));
                return Err(daily_refusal(config.writes_per_day, left));
            }
            meter.day_writes += 1;
        }
        *busy += 1;
        drop(meters);
        Ok(Permit {
            limiter: Arc::clone(self),
            who: who.to_owned(),
            writes,
        })
    }
}

fn refusal(limit: usize) -> Reply {
    Reply::empty(429)
        .with("X-RateLimit-Limit", &limit.to_string())
        .with("X-RateLimit-Remaining", "0")
}

/// Only the daily limit says when to come back.
fn daily_refusal(limit: usize, left: Duration) -> Reply {
    let seconds = left.as_secs().max(1);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    refusal(limit)
        .with("X-RateLimit-Reset", &(now.as_secs() + seconds).to_string())
        .with("Retry-After", &seconds.to_string())
}
