//! The audit trail: what an event keeps of its request, when it is written, and
//! who is shown which part of it.

use super::auth::Caller;
use super::dialect::Dialect;
use super::envelope::{Failure, Reply, Success};
use super::json::Object;
use super::request::Request;
use super::state::{AuditEvent, State};

/// How many events are shown where no filter is applied.
const NEWEST: usize = 20;
/// How many a page has where nothing is said.
const PAGE: usize = 100;

#[derive(Debug)]
pub struct Trail {
    /// Otherwise every filter is passed over.
    pub in_plan: bool,
    /// After so many reads an event is written.
    pub delay: usize,
    reads: usize,
    /// For each event: the read that shows it first.
    shown_from: Vec<usize>,
}

impl Default for Trail {
    fn default() -> Self {
        Self {
            in_plan: true,
            delay: 0,
            reads: 0,
            shown_from: Vec::new(),
        }
    }
}

impl Trail {
    /// One more event is on its way.
    pub fn queue(&mut self) {
        let from = self.reads.saturating_add(self.delay);
        self.shown_from.push(from);
    }
}

/// The page of an event; none where it is too long to be written.
pub fn page(dialect: Dialect, request: &Request) -> Option<String> {
    let own = || match dialect.audits_own_address() {
        true => request.link().href,
        false => String::new(),
    };
    let page = request.header("Referer").map_or_else(own, str::to_owned);
    (page.len() <= dialect.longest_audit_page()).then_some(page)
}

pub fn last(state: &mut State, caller: &Caller, request: &Request) -> Reply {
    show(state, caller, request, |_| true, 0, NEWEST)
}

pub fn filter(state: &mut State, caller: &Caller, request: &Request) -> Reply {
    if !state.trail.in_plan {
        return last(state, caller, request);
    }
    let number = |name: &str| request.parameter(name)?.parse::<usize>().ok();
    let (user, target) = (request.parameter("userId"), request.parameter("target"));
    let action = request.parameter("action");
    let fits = |event: &AuditEvent| {
        user.as_ref().is_none_or(|id| event.initiator == *id)
            && target.as_ref().is_none_or(|id| event.target == *id)
            && action
                .as_ref()
                .is_none_or(|action| event.action.to_string() == *action)
    };
    let count = number("count").unwrap_or(PAGE).clamp(1, PAGE);
    let start = number("startIndex").unwrap_or(0);
    show(state, caller, request, fits, start, count)
}

/// The newest first; for the owner and administrators.
fn show(
    state: &mut State,
    caller: &Caller,
    request: &Request,
    fits: impl Fn(&AuditEvent) -> bool,
    start: usize,
    count: usize,
) -> Reply {
    let administers = state
        .account(&caller.id)
        .is_some_and(|account| account.kind.administers());
    if !administers {
        return Failure::access_denied().reply();
    }
    let reads = state.trail.reads;
    state.trail.reads += 1;
    let events = state.audit.iter().zip(&state.trail.shown_from).enumerate();
    let events: Vec<String> = events
        .rev()
        .filter(|(_, (event, from))| **from <= reads && fits(event))
        .skip(start)
        .take(count)
        .map(|(at, (event, _))| entry(at, event))
        .collect();
    Success::many(&events).reply(&request.link())
}

fn entry(at: usize, event: &AuditEvent) -> String {
    Object::new()
        .number("id", at as i64 + 1)
        .text("date", "2026-01-02T03:04:05.0000000+00:00")
        .text("user", "Somebody")
        .text("userId", &event.initiator)
        .text("action", "In words of some language.")
        .number("actionId", i64::from(event.action))
        .text("ip", "127.0.0.1")
        .text("browser", "")
        .text("platform", "")
        .some_text("page", &event.page)
        .number("actionType", 3)
        .number("product", 8)
        .number("location", 30)
        .texts("target", &[&event.target])
        .raw("entries", "[23]")
        .finish()
}
