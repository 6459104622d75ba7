//! Listing accounts page by page: of each that was handed out only its id is
//! kept.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use super::find::unreadable;
use super::pages::Pages;
use super::{Account, AccountStatus, Role};
use crate::cancel::Cancel;
use crate::error::Error;
use crate::portal::people::{Person, Query};
use crate::reading::Reading;
use crate::shared::Shared;
use crate::transport::Call;

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

    /// What a page of them is asked for with.
    pub(super) fn query(&self, start: u32, count: u32) -> Query<'_> {
        Query {
            text: &self.text,
            status: self.status,
            role: self.role,
            start,
            count,
        }
    }

    fn admits(&self, account: &Account) -> bool {
        self.status.is_none_or(|status| status == account.status)
            && self.role.is_none_or(|role| role == account.role)
    }
}

/// Accounts one after another. Every page is a call of its own, with its own
/// deadline. After an error the same page is asked for again, half of it where
/// it took too long, so stop where the error stays; an account that cannot be
/// read is an error of its own, and the next one follows.
///
/// It is who was there at the moment of reading: a portal shows no more than a
/// page at a time. So that nobody is missed or comes twice, accounts are asked
/// for in the order of e-mail addresses, and each page begins with the last
/// account of the one before. Where it does not, or the total is another, the
/// list changed meanwhile and is begun anew, without what was handed out; after
/// two such beginnings it goes on, and [`changed`](Self::changed) is true.
///
/// Accounts without an e-mail address have no order among themselves, and
/// portals before 2.5 know no order by address: there most changes are noticed,
/// not all.
pub struct Accounts {
    shared: Arc<Shared>,
    cancel: Option<Cancel>,
    filter: AccountFilter,
    pages: Pages,
    page: VecDeque<Option<Person>>,
    handed_out: HashSet<u128>,
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
            pages: Pages::new(),
            page: VecDeque::new(),
            handed_out: HashSet::new(),
        })
    }

    /// How many accounts the portal says there are, in the page read last; 0
    /// before the first one. Where it does not say, how many were read.
    pub fn total(&self) -> u32 {
        self.pages.total()
    }

    /// Whether the list changed while it was read, oftener than it is begun
    /// anew: somebody may be missing.
    pub fn changed(&self) -> bool {
        self.pages.changed()
    }

    /// The next account, its page's call ended by `cancel`; a list that was
    /// cancelled goes on where it stopped.
    pub fn step(&mut self, cancel: Option<&Cancel>) -> Option<Result<Account, Error>> {
        loop {
            if let Some(person) = self.page.pop_front() {
                let Some(account) = person.map(Person::into_account) else {
                    return Some(Err(unreadable()));
                };
                if self.filter.admits(&account) && self.handed_out.insert(account.id.number()) {
                    return Some(Ok(account));
                }
                continue;
            }
            if self.pages.ended() {
                return None;
            }
            if let Err(error) = self.turn(cancel) {
                return Some(Err(error));
            }
        }
    }

    fn turn(&mut self, cancel: Option<&Cancel>) -> Result<(), Error> {
        let call = Call::new(self.shared.manners.timeout, cancel);
        let reading = Reading::within(&self.shared, call);
        let page = self.pages.turn(&self.shared, &reading, &self.filter);
        self.page = page.map_err(|fault| reading.error(&fault))?.into();
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
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
