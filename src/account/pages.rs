//! A list's pages, joined. The portal gives each by a look of its own, and who
//! comes or goes between two looks shifts the rest.

use std::cell::Cell;

use super::{AccountFilter, AccountId};
use crate::portal::ReadFault;
use crate::portal::people::{Page, Person};
use crate::reading::Reading;
use crate::shared::Shared;

/// The most a portal gives at a time.
const PAGE: u32 = 100;
/// How often a list that changed under the reading is begun anew.
const MOST_RESTARTS: u32 = 2;

/// How far a list is read. Each page begins with the account that the one
/// before ended with, and tells the same total: so nobody fell between two.
#[derive(Debug)]
pub(super) struct Pages {
    read: u32,
    /// How many are asked for.
    count: u32,
    /// The last of the page before; one without an id has none here either.
    last: Option<AccountId>,
    total: Option<u32>,
    restarts: u32,
    changed: bool,
    ended: bool,
}

impl Pages {
    pub(super) fn new() -> Self {
        Pages {
            read: 0,
            count: PAGE,
            last: None,
            total: None,
            restarts: 0,
            changed: false,
            ended: false,
        }
    }

    /// How many there are, as the page before said; else how many were read.
    pub(super) fn total(&self) -> u32 {
        self.total.unwrap_or(self.read)
    }

    /// Whether it changed so often that somebody may be missing.
    pub(super) fn changed(&self) -> bool {
        self.changed
    }

    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// The next page. Accounts may come that came before.
    pub(super) fn turn(
        &mut self,
        shared: &Shared,
        reading: &Reading<'_>,
        filter: &AccountFilter,
    ) -> Result<Vec<Option<Person>>, ReadFault> {
        loop {
            let Page { mut people, total } = self.read(shared, reading, filter)?;
            let overlap = self.overlap(self.count);
            let id = |person: &Option<Person>| person.as_ref().map(|person| person.id);
            let joins = overlap == 0 || people.first().map(id) == Some(self.last);
            let fits = self.read == 0 || joins && total == self.total;
            if !fits && self.restarts < MOST_RESTARTS {
                self.restarts += 1;
                self.read = 0;
                continue;
            }
            self.changed |= !fits;
            let got = u32::try_from(people.len()).unwrap_or(u32::MAX);
            self.read = (self.read - overlap).saturating_add(got);
            self.last = people.last().and_then(id);
            self.total = total;
            let is_last = total.map_or(got < self.count, |total| self.read >= total);
            // A page without anybody new would be asked for again and again.
            self.ended = got <= overlap || is_last;
            if fits && overlap == 1 {
                people.remove(0);
            }
            return Ok(people);
        }
    }

    /// Reads from where the page before ended. One that is too long, or takes
    /// too long, is asked for in halves: never two at once, because portals
    /// build them account by account.
    fn read(
        &mut self,
        shared: &Shared,
        reading: &Reading<'_>,
        filter: &AccountFilter,
    ) -> Result<Page, ReadFault> {
        let count = Cell::new(self.count);
        loop {
            let first = count.get();
            let page = reading.try_read(&|| {
                let query = filter.query(self.read - self.overlap(count.get()), count.get());
                let page = shared.portal.accounts(reading.call(), &query);
                if page.as_ref().is_err_and(ReadFault::is_too_much) {
                    count.set((count.get() / 2).max(1));
                }
                page
            });
            self.count = count.get();
            match page {
                Err(fault) if fault.is_over_cap() && first > 1 => {}
                page => return page,
            }
        }
    }

    /// How many of the page before are asked for again. With pages of one there
    /// is no room for that: the total alone is compared.
    fn overlap(&self, count: u32) -> u32 {
        u32::from(self.read > 0 && count > 1)
    }
}
