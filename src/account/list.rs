//! Listing accounts page by page: memory stays flat however many there are.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use super::find::unreadable;
use super::{Account, AccountStatus, Role};
use crate::cancel::Cancel;
use crate::error::Error;
use crate::portal::people::{Page, Person, Query};
use crate::reading::Reading;
use crate::shared::Shared;

/// The most a portal gives at a time.
const PAGE: u32 = 100;

/// Which accounts are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountFilter {
    text: String,
    status: Option<AccountStatus>,
    role: Option<Role>,
}

impl AccountFilter {
    /// Every account the caller may see.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only those whose names or e-mail contain every word of `text`.
    pub fn text(mut self, text: &str) -> Self {
        self.text = text.to_owned();
        self
    }

    /// Only those with this status.
    pub fn status(mut self, status: AccountStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Only those with this role.
    pub fn role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    fn admits(&self, account: &Account) -> bool {
        self.status.is_none_or(|status| status == account.status)
            && self.role.is_none_or(|role| role == account.role)
    }
}

/// Accounts one after another. Every page is a call of its own, with its own
/// deadline. After an error the same page is asked for again, so stop where the
/// error stays; an account that cannot be read is an error of its own, and the
/// next one follows.
pub struct Accounts {
    shared: Arc<Shared>,
    cancel: Option<Cancel>,
    filter: AccountFilter,
    page: VecDeque<Option<Person>>,
    start: u32,
    count: u32,
    total: u32,
    ended: bool,
}

impl Accounts {
    pub(crate) fn new(
        shared: Arc<Shared>,
        cancel: Option<Cancel>,
        filter: AccountFilter,
    ) -> Result<Self, Error> {
        if filter.text.len() > 255 || filter.text.chars().any(char::is_control) {
            return Err(Error::argument(
                "search text: over-long or with a control character; give a part of a name or \
                 an e-mail address",
            ));
        }
        Ok(Accounts {
            shared,
            cancel,
            filter,
            page: VecDeque::new(),
            start: 0,
            count: PAGE,
            total: 0,
            ended: false,
        })
    }

    /// How many accounts the portal says there are; 0 before the first one.
    /// Where it does not say, how many were read.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// The next account, its page's call ended by `cancel`; a list that was
    /// cancelled goes on where it stopped.
    pub fn step(&mut self, cancel: Option<&Cancel>) -> Option<Result<Account, Error>> {
        loop {
            if let Some(person) = self.page.pop_front() {
                let Some(account) = person.map(Person::into_account) else {
                    return Some(Err(unreadable()));
                };
                if self.filter.admits(&account) {
                    return Some(Ok(account));
                }
                continue;
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.turn(cancel) {
                return Some(Err(error));
            }
        }
    }

    /// Reads the next page; one that is too long is asked for in halves.
    fn turn(&mut self, cancel: Option<&Cancel>) -> Result<(), Error> {
        let reading = Reading::new(&self.shared, cancel);
        let page = loop {
            let query = Query {
                text: &self.filter.text,
                status: self.filter.status,
                role: self.filter.role,
                start: self.start,
                count: self.count,
            };
            match reading.try_read(&|| self.shared.portal.accounts(reading.call(), &query)) {
                Err(fault) if fault.is_over_cap() && self.count > 1 => self.count /= 2,
                Err(fault) => return Err(reading.error(&fault)),
                Ok(page) => break page,
            }
        };
        let Page { people, total } = page;
        let got = u32::try_from(people.len()).unwrap_or(u32::MAX);
        self.start = self.start.saturating_add(got);
        self.total = total.unwrap_or(self.start);
        let last = total.map_or(got < self.count, |total| self.start >= total);
        self.ended = got == 0 || last;
        self.page = people.into();
        Ok(())
    }
}

impl Iterator for Accounts {
    type Item = Result<Account, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let cancel = self.cancel.clone();
        self.step(cancel.as_ref())
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accounts")
            .field("start", &self.start)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}
