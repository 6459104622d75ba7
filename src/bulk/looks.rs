//! Looking at many accounts at once: before their entries, once those are
//! answered, and at the end.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use super::context::Worker;
use super::failure::{Concern, concern};
use super::item::{Item, ItemOutcome};
use super::progress::LateWord;
use super::run::lock;
use super::task::{Answered, Job, Late, Look, PAGE};
use crate::account::AccountId;
use crate::change::Change;
use crate::change::mark::Mark;
use crate::change::read_back::left_of_old_picture;
use crate::message;
use crate::portal::people::{Person, Query};
use crate::portal::{ReadFault, audit};
use crate::reading::Reading;
use crate::sending;

/// What looks after the answers have shown.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Who is linked, of those that were shown.
    links: HashMap<AccountId, bool>,
    /// What the audit trail shows as done.
    proven: HashSet<Mark>,
}

impl Worker<'_> {
    /// Reads a page and finds entries there.
    pub(super) fn read_page(self, number: u32) {
        let at = Instant::now();
        let read = self.reading().and_then(|reading| {
            let page = reading.try_read(&|| self.people(&reading, number));
            page.map_err(|fault| reading.error(&fault))
        });
        let error = match read {
            Ok((people, total)) => {
                let jobs = self.jobs(number, &people, at);
                return self.run.update(|plan| plan.page_read(number, jobs, total));
            }
            Err(error) => error,
        };
        let pace = &self.run.pace;
        let comes_again = match concern(&error) {
            Concern::Limited => true,
            Concern::Outage => pace.outage(error.retry_after()),
            Concern::Run => false,
            // The accounts themselves may be shown all the same.
            Concern::Account | Concern::Aside => {
                return self.run.update(|plan| plan.page_failed(false));
            }
        };
        if comes_again && !pace.is_hopeless() {
            let _ = crate::transport::pace::idle(self.cancel, sending::back_off(1));
        } else {
            self.run.stop(error);
        }
        self.run.update(|plan| plan.page_failed(true));
    }

    fn people(
        self,
        reading: &Reading<'_>,
        number: u32,
    ) -> Result<(Vec<Person>, Option<u32>), ReadFault> {
        let query = Query {
            text: "",
            status: None,
            role: None,
            start: number * PAGE,
            count: PAGE,
        };
        let page = self.bulk.shared.portal.accounts(reading.call(), &query)?;
        Ok((page.people.into_iter().flatten().collect(), page.total))
    }

    /// The entries that name one of these, by id or by address.
    fn jobs(self, number: u32, people: &[Person], at: Instant) -> Vec<Job> {
        let plan = self.run.plan();
        let claims = lock(&self.bulk.claims);
        let mut jobs = Vec::new();
        for person in people {
            let by_id = claims.of(&person.id);
            let by_email = self.bulk.emails.get(&*person.email.to_lowercase()).copied();
            for index in by_id.into_iter().chain(by_email) {
                let Ok(index) = usize::try_from(index) else {
                    continue;
                };
                if plan.is_missing(index) && jobs.iter().all(|job: &Job| job.index != index) {
                    jobs.push(Job {
                        look: Some(Box::new(Look::of(person, at))),
                        page: Some(number),
                        ..Job::new(index)
                    });
                }
            }
        }
        jobs
    }

    /// Who of these is linked, as it is shown now: from their page where that takes
    /// fewer requests. A page that cannot be had is no reason to ask for each.
    fn links(self, page: Option<u32>, ids: &[AccountId]) -> HashMap<AccountId, bool> {
        let mut shown = HashMap::new();
        if let Some(number) = page.filter(|_| ids.len() > 1) {
            let read = self.reading().ok().and_then(|reading| {
                let people = reading.try_read(&|| self.people(&reading, number));
                people.ok()
            });
            let people = read.map(|(people, _)| people);
            let Some(people) = people else {
                return HashMap::new();
            };
            let links = people.iter();
            shown.extend(links.map(|person| (person.id, person.tfa_app_enabled)));
        }
        let portal = &self.bulk.shared.portal;
        for id in ids {
            if self.run.is_stopped() || shown.contains_key(id) {
                continue;
            }
            let Ok(reading) = self.reading() else { break };
            let person = reading.try_read(&|| portal.account(reading.call(), id));
            let link = person.ok().and_then(|person| person.tfa_app_enabled);
            shown.insert(*id, link);
        }
        let links = shown.into_iter();
        links.filter_map(|(id, link)| Some((id, link?))).collect()
    }

    /// Which of these the audit trail shows as done.
    fn proven(self, open: &[(AccountId, Mark)]) -> HashSet<Mark> {
        // Asking for leave takes a place among the requests.
        let reading = match open {
            [] => None,
            _ => self.reading().ok(),
        };
        let Some(reading) = reading else {
            return HashSet::new();
        };
        let portal = &self.bulk.shared.portal;
        let caller = Some(&self.run.caller.id);
        audit::find(portal, reading.call(), caller, open).found
    }

    /// Looks at those of a page that were answered.
    pub(super) fn look_back(self, page: Option<u32>, answered: &[Answered]) -> Seen {
        let is_open = |it: &&Answered| it.item.outcome != ItemOutcome::Applied;
        let open: Vec<_> = answered.iter().filter(is_open).collect();
        let marks = open.iter().filter_map(|it| Some((it.id, it.item.mark?)));
        let marks: Vec<_> = marks.filter(|_| self.bulk.shared.manners.audit).collect();
        let proven = self.proven(&marks);
        // Nobody looks after a refusal for its own sake.
        let looks = answered
            .iter()
            .filter(|it| it.item.outcome != ItemOutcome::Refused);
        let ids: Vec<_> = looks.map(|it| it.id).collect();
        let links = self.links(page, &ids);
        Seen { links, proven }
    }

    /// What is to be handed out after that, and who is to be looked at once more.
    pub(super) fn judge_again(
        self,
        page: Option<u32>,
        answered: Vec<Answered>,
        seen: &Seen,
    ) -> (Vec<Item>, Vec<Late>) {
        let mut late = Vec::new();
        let mut items = Vec::new();
        for Answered { id, item, at } in answered {
            let link = seen.links.get(&id).copied();
            let is_proven = item.mark.is_some_and(|mark| seen.proven.contains(&mark));
            let (item, is_late) = self.looked(id, *item, at, link, is_proven);
            if is_late {
                let is_open = item.outcome == ItemOutcome::Unknown;
                late.push(Late {
                    id,
                    page,
                    is_open,
                    at,
                });
            }
            items.push(item);
        }
        (items, late)
    }

    /// What a look makes of an entry, and whether it is worth another.
    fn looked(
        self,
        id: AccountId,
        item: Item,
        at: Instant,
        link: Option<bool>,
        is_proven: bool,
    ) -> (Item, bool) {
        let method = self.bulk.method;
        let left = left_of_old_picture(at);
        let settled = |item: Item, change: Change| {
            let result = Ok(change.clone());
            let _ = self.write(|journal| journal.outcome(&id, &result, false));
            Item {
                outcome: ItemOutcome::Applied,
                error: None,
                ..item
            }
            .with_change(change)
        };
        match (item.outcome, link) {
            (ItemOutcome::Unknown | ItemOutcome::Refused, _) if is_proven => {
                let text = format!("{} {}", message::PROVEN, message::SESSIONS_UNKNOWN);
                let item = settled(item, Change::proven(id, method, 1, link, text));
                (item, link == Some(true))
            }
            (ItemOutcome::Unknown, Some(false)) => {
                let text = format!(
                    "The answer did not tell, so the account was looked at. The app is unlinked \
                     now, whether by this run is not known. {}",
                    message::SESSIONS_UNKNOWN
                );
                let _ = self.write(|journal| journal.seen(&id, false));
                (
                    settled(item, Change::seen_unlinked(id, method, 1, text)),
                    false,
                )
            }
            (ItemOutcome::Unknown, Some(true)) => {
                let error = item.error.clone();
                let error = error.map(|it| it.with_app_link(link).with_look_again(left));
                (Item { error, ..item }, true)
            }
            (ItemOutcome::Applied, Some(is_linked)) => {
                if !is_linked {
                    let _ = self.write(|journal| journal.seen(&id, false));
                }
                let change = item.change.clone();
                let change = change.map(|it| it.looked_at(is_linked, left));
                (Item { change, ..item }, is_linked)
            }
            _ => (item, false),
        }
    }

    /// Asks the trail once more for what stayed open.
    pub(super) fn ask_trail(self, open: &[(AccountId, Mark)]) -> Vec<LateWord> {
        let proven = self.proven(open);
        let found = open.iter().filter(|(_, mark)| proven.contains(mark));
        let found: Vec<_> = found.map(|(id, _)| *id).collect();
        for id in &found {
            let change = Change::proven(*id, self.bulk.method, 1, None, String::new());
            let _ = self.write(|journal| journal.outcome(id, &Ok(change), false));
        }
        self.run.update(|plan| plan.proven(&found));
        found.iter().map(|_| LateWord::Settled).collect()
    }

    /// Looks once more, when what is shown is no old picture.
    pub(super) fn look_at_last(self, page: Option<u32>, late: &[Late]) -> Vec<LateWord> {
        let ids: Vec<_> = late.iter().map(|it| it.id).collect();
        let links = self.links(page, &ids);
        let mut words = Vec::new();
        for Late { id, is_open, .. } in late {
            let Some(is_linked) = links.get(id).copied() else {
                continue;
            };
            let _ = self.write(|journal| journal.seen(id, is_linked));
            match (is_open, is_linked) {
                (true, false) => words.push(LateWord::Settled),
                (false, true) => words.push(LateWord::StillLinked),
                _ => {}
            }
        }
        self.run.update(|plan| plan.looked(Vec::new()));
        words
    }
}
