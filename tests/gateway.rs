//! A real gateway in front of the stand-in portal: what it makes of requests and
//! answers, and that the library tells the truth all the same.
//!
//! Where nginx or haproxy is missing, that is said. `-- --nocapture` shows what
//! each case came to.
#![cfg(unix)]
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message and show their figures"
)]

mod portal;
mod support;

#[path = "gateway/away.rs"]
mod away;
#[path = "gateway/framing.rs"]
mod framing;
#[path = "gateway/haproxy.rs"]
mod haproxy;
#[path = "gateway/nginx.rs"]
mod nginx;
#[path = "gateway/pages.rs"]
mod pages;
#[path = "gateway/reload.rs"]
mod reload;
#[path = "gateway/repeat.rs"]
mod repeat;
#[path = "gateway/running.rs"]
mod running;

use std::time::Duration;

use docspace_tfa::{
    AccountId, Applied, Change, Client, ClientBuilder, Credential, Error, Reason, Status,
    TfaMethod, Trust,
};
use portal::{Account, Fault, Portal};

pub const UNLINK: &str = "settings/tfaappnewapp";

/// A client that acts as the owner, through a gateway.
pub fn owner(portal: &Portal, url: &str) -> ClientBuilder {
    let key = portal.key_of(&portal.owner());
    Client::builder(url, Credential::api_key(&key).unwrap())
        .unwrap()
        .trust(Trust::AddedOnly)
        .timeout(Duration::from_secs(20))
        .unwrap()
}

pub fn id_of(account: &Account) -> AccountId {
    AccountId::parse(&account.id).unwrap()
}

/// Whether the account is looked at before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Without,
    Before,
}

impl Look {
    pub const BOTH: [Self; 2] = [Self::Without, Self::Before];

    pub fn change(self, client: &Client, account: &Account) -> Result<Change, Error> {
        let id = id_of(account);
        match self {
            Self::Without => client.change_method(&id, TfaMethod::None),
            Self::Before => {
                let check = client.check(&id).unwrap();
                assert_eq!(check.app_link(), Some(true));
                client.change_method_checked(&check, TfaMethod::None)
            }
        }
    }
}

/// What the library says of a change, and what is true of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Came {
    /// None: it succeeded.
    pub status: Option<Status>,
    pub reason: Reason,
    pub applied: Applied,
    pub app_link: Option<bool>,
    /// How often the change reached the portal.
    pub reached: usize,
    /// How often the portal did it.
    pub done: usize,
}

impl Came {
    pub fn of(
        case: &str,
        result: &Result<Change, Error>,
        portal: &Portal,
        account: &Account,
    ) -> Self {
        let reached = portal.count("PUT", UNLINK);
        let done = portal.times_unlinked(&account.id);
        let came = match result {
            Ok(change) => Self {
                status: None,
                reason: Reason::None,
                applied: change.applied(),
                app_link: change.verified().then_some(false),
                reached,
                done,
            },
            Err(error) => Self {
                status: Some(error.status()),
                reason: error.reason(),
                applied: error.applied(),
                app_link: error.app_link(),
                reached,
                done,
            },
        };
        println!("{case}: {came:?}");
        came
    }

    /// "Done" and "not done" are true where they are said.
    #[track_caller]
    pub fn is_true(self) -> Self {
        match self.applied {
            Applied::Yes => assert_eq!(self.done, 1, "{self:?}"),
            Applied::No => assert_eq!(self.done, 0, "{self:?}"),
            Applied::Maybe => {}
        }
        self
    }
}

/// What a change comes to that `fault` makes a gateway send twice: it is done the
/// first time and refused the second time.
#[track_caller]
pub fn sent_twice(case: &str, portal: &Portal, client: &Client, fault: &Fault, look: Look) {
    portal.set_fault(fault.clone().on(UNLINK).times(1));
    let member = portal.member();
    let result = look.change(client, &member);
    let case = format!("{case}, {look:?}");
    let came = Came::of(&case, &result, portal, &member);
    let (applied, app_link) = match look {
        // Nothing that can be seen tells it from a refusal.
        Look::Without => (Applied::No, None),
        Look::Before => (Applied::Maybe, Some(false)),
    };
    let expected = Came {
        status: Some(Status::Rejected),
        reason: Reason::NotLinked,
        applied,
        app_link,
        reached: 2,
        done: 1,
    };
    assert_eq!(came, expected, "{case}");
    let error = result.unwrap_err();
    assert!(!error.is_retryable() && error.attempts() == 1, "{case}");
    if look == Look::Before {
        assert!(error.message().contains("sent twice"), "{error:?}");
    }
}
