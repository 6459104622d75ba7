//! Reading the portal's audit trail: which changes does it show as done?

use std::collections::HashSet;

use serde::Deserialize;

use super::json::{Object, lenient, lenient_text};
use super::{Portal, ReadFault};
use crate::account::AccountId;
use crate::change::mark::Mark;
use crate::transport::Call;

/// The number of "user disconnected the TFA app".
const UNLINKED: i64 = 4033;
/// So many open changes are asked for one by one, more by pages.
const MOST_SINGLE: usize = 20;
/// The most events that a page has.
const PAGE: usize = 100;
const MOST_PAGES: usize = 10;

/// What the trail shows of open changes.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    /// Those whose request the portal has handled. That one is not here proves
    /// nothing: events are written late, or never, or not shown.
    pub(crate) found: HashSet<Mark>,
    /// This portal does not offer the trail to this caller: asking again is of
    /// no use.
    pub(crate) is_refused: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(default, deserialize_with = "lenient")]
    action_id: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    target: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient_text")]
    page: String,
}

/// One odd event hides no other.
#[derive(Deserialize)]
struct Entry(#[serde(deserialize_with = "lenient")] Option<Object<Event>>);

impl Event {
    /// Only its own mark makes an event a change's: portals whose plan has no
    /// audit trail answer with events that were not asked for, and somebody else
    /// may have changed the account at the same moment.
    fn is_of(&self, account: &AccountId, mark: Mark) -> bool {
        let mut targets = self.target.iter().flatten();
        self.action_id == Some(UNLINKED)
            && targets.any(|id| id.eq_ignore_ascii_case(account.as_str()))
            && self.page.contains(&mark.to_string())
    }
}

/// Looks for the events of changes that are open, asked for by `caller`, if
/// that is known. Dates are of no use: clocks differ.
pub(crate) fn find(
    portal: &Portal,
    call: &Call,
    caller: Option<&AccountId>,
    open: &[(AccountId, Mark)],
) -> Trail {
    let mut trail = Trail::default();
    let is_paged = open.len() > MOST_SINGLE;
    for query in queries(caller, open) {
        match read(portal, call, &query, open, &mut trail.found) {
            Ok(events) if is_paged && events < PAGE => break,
            Ok(_) if trail.found.len() == open.len() => break,
            Ok(_) => {}
            // Portals before 2.6 only show the newest events.
            Err(ReadFault::Answered(answer)) if answer.reply.status == 404 => {
                let _ = read(portal, call, "events/last", open, &mut trail.found);
                trail.is_refused = true;
                break;
            }
            Err(ReadFault::Answered(answer)) => {
                trail.is_refused = matches!(answer.reply.status, 400..=428 | 430..=499);
                break;
            }
            Err(_) => break,
        }
    }
    trail
}

/// One for each account, or pages, the newest events first.
fn queries(caller: Option<&AccountId>, open: &[(AccountId, Mark)]) -> Vec<String> {
    let filter = format!("events/filter?action={UNLINKED}&count={PAGE}");
    if open.len() <= MOST_SINGLE {
        let accounts = open.iter().map(|(account, _)| account);
        return accounts
            .map(|account| format!("{filter}&target={account}"))
            .collect();
    }
    let by = caller.map_or_else(String::new, |id| format!("&userId={id}"));
    (0..MOST_PAGES)
        .map(|page| format!("{filter}{by}&startIndex={}", page * PAGE))
        .collect()
}

/// Adds to `found`; gives the number of events.
fn read(
    portal: &Portal,
    call: &Call,
    query: &str,
    open: &[(AccountId, Mark)],
    found: &mut HashSet<Mark>,
) -> Result<usize, ReadFault> {
    let path = format!("security/audit/{query}");
    let events: Vec<Entry> = portal.read(call, &path, "security/audit/events")?;
    for Object(event) in events.iter().filter_map(|Entry(event)| event.as_ref()) {
        let open = open.iter();
        let its = open.filter(|(account, mark)| event.is_of(account, *mark));
        found.extend(its.map(|(_, mark)| *mark));
    }
    Ok(events.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "5b8f2c1a-4d3e-4f60-9a7b-0c1d2e3f4a5b";
    const MARK: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn few_changes_are_asked_for_one_by_one_and_many_by_pages() {
        let account = AccountId::parse(ID).unwrap();
        let one = (account, MARK.parse().unwrap());
        let single = queries(Some(&account), &[one; MOST_SINGLE]);
        assert_eq!(single.len(), MOST_SINGLE);
        let expected = format!("events/filter?action=4033&count=100&target={ID}");
        assert!(single.iter().all(|query| *query == expected));
        let pages = queries(Some(&account), &[one; MOST_SINGLE + 1]);
        assert_eq!(pages.len(), MOST_PAGES);
        let last = format!("events/filter?action=4033&count=100&userId={ID}&startIndex=900");
        assert_eq!(pages.last(), Some(&last));
        assert!(!queries(None, &[one; MOST_SINGLE + 1])[0].contains("userId"));
    }

    #[test]
    fn an_event_counts_only_by_action_account_and_mark() {
        let account = AccountId::parse(ID).unwrap();
        let page = format!("https://portal.example/?{MARK}");
        let upper = ID.to_uppercase();
        let table = [
            (UNLINKED, ID, page.as_str(), true),
            (UNLINKED, &upper, &page, true),
            (4034, ID, &page, false),
            (
                UNLINKED,
                "5b8f2c1a-4d3e-4f60-9a7b-0c1d2e3f4a5c",
                &page,
                false,
            ),
            (
                UNLINKED,
                ID,
                "https://portal.example/?0011223344556677",
                false,
            ),
            (UNLINKED, ID, "", false),
        ];
        for (action, target, page, expected) in table {
            let json =
                format!(r#"{{"id":1,"actionId":{action},"target":["{target}"],"page":"{page}"}}"#);
            let event: Event = serde_json::from_str(&json).unwrap();
            assert_eq!(
                event.is_of(&account, MARK.parse().unwrap()),
                expected,
                "{json}"
            );
        }
        for odd in [r#"{"actionId":"4033"}"#, r#"{"target":"x","page":5}"#] {
            let event: Event = serde_json::from_str(odd).unwrap();
            assert!(!event.is_of(&account, MARK.parse().unwrap()), "{odd}");
        }
    }
}
