//! The calls a caller makes.

mod builder;
mod settings;

use std::fmt;
use std::sync::Arc;

pub use self::builder::ClientBuilder;
pub(crate) use self::settings::Settings;
use crate::account::{self, Account, AccountFilter, AccountId, Accounts};
use crate::backup;
use crate::bulk::Bulk;
use crate::cancel::Cancel;
use crate::change::Change;
use crate::change::check::{self, Check};
use crate::change::run;
use crate::credential::Credential;
use crate::error::Error;
use crate::method::TfaMethod;
use crate::policy::{self, Policy};
use crate::portal::codes::BackupCodes;
use crate::sessions;
use crate::shared::Shared;
use crate::transport::Call;

/// A portal and a credential to act with. Immutable and cheap to clone; any
/// number of threads may use one at the same time.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    cancel: Option<Cancel>,
}

impl Client {
    /// Starts a client for the portal at `portal_url`
    /// (`https://portal.example.com`, a port and a path prefix may follow).
    pub fn builder(portal_url: &str, credential: Credential) -> Result<ClientBuilder, Error> {
        ClientBuilder::new(portal_url, credential)
    }

    /// Changes the account's TFA method: one request, unless
    /// [`verify`](ClientBuilder::verify) is on.
    ///
    /// Portals unlink the authenticator app whatever method is asked for, end
    /// the account's sessions, and are asked to mail the member when it is not the
    /// caller's own. Only the owner may change others. API keys and OAuth tokens of
    /// the account stay good.
    ///
    /// `Applied::Yes` is the portal's word, and no proof. After a refusal at most
    /// three reads look for the reason; after an answer that was lost or does not
    /// tell, the account is looked at up to six times within the deadline. With
    /// [`audit`](ClientBuilder::audit) the portal's audit trail is read then, three
    /// times at most.
    ///
    /// Something in between that sends a request twice, or gives a lost answer the
    /// face of a refusal, and a portal that fails half-way can make a change that
    /// was done look like `Applied::No`.
    /// [`change_method_checked`](Self::change_method_checked) notices.
    pub fn change_method(&self, account: &AccountId, method: TfaMethod) -> Result<Change, Error> {
        run::change_within(&self.shared, self.call(), account, method, None, None)
    }

    /// The same for the account of a check: where that saw the app linked, at
    /// most a minute before the change is sent, an answer that says no is followed
    /// by one look, and is `Applied::Maybe` if the app is unlinked now or not shown
    /// any more. What the check advised is not judged.
    pub fn change_method_checked(&self, check: &Check, method: TfaMethod) -> Result<Change, Error> {
        if !check.is_of(self.shared.portal.address()) {
            return Err(Error::argument(
                "check: it was made at another portal; check again with this client",
            ));
        }
        let before = check.seen_linked();
        run::change_within(
            &self.shared,
            self.call(),
            check.asked(),
            method,
            before,
            None,
        )
    }

    /// The account behind an e-mail address, a user name, an id or `@self`.
    pub fn find_account(&self, who: &str) -> Result<Account, Error> {
        account::find(&self.shared, self.call(), who)
    }

    /// Accounts one after another, read page by page.
    pub fn accounts(&self, filter: AccountFilter) -> Result<Accounts, Error> {
        Accounts::new(Arc::clone(&self.shared), self.cancel.clone(), filter)
    }

    /// What changing this account would meet. Nothing is changed.
    pub fn check(&self, account: &AccountId) -> Result<Check, Error> {
        check::check(&self.shared, self.call(), account)
    }

    /// The portal-wide method, trusted addresses and mandatory accounts.
    pub fn policy(&self) -> Result<Policy, Error> {
        policy::get(&self.shared, self.call())
    }

    /// Sets the portal-wide method. It affects **every** account and ends every
    /// session on the portal, the caller's too, unless it switches the method
    /// off. **The portal forgets the lists of the method that is switched off or
    /// replaced**: what shall be there again is in the policy that was read.
    ///
    /// Reads the caller's account and the setting before, and the setting after.
    ///
    /// `confirm_host` repeats the portal's host, or host and port, so that no
    /// slip leads here.
    pub fn apply_policy(&self, policy: &Policy, confirm_host: &str) -> Result<(), Error> {
        policy::apply(&self.shared, self.call(), policy, confirm_host)
    }

    /// The credential's own backup codes.
    pub fn backup_codes(&self) -> Result<BackupCodes, Error> {
        backup::read(&self.shared, self.call())
    }

    /// Replaces the credential's own backup codes; the old ones end.
    pub fn renew_backup_codes(&self) -> Result<BackupCodes, Error> {
        backup::renew(&self.shared, self.call())
    }

    /// Ends every session of the account. Two reads come before it, because
    /// portals report success for an id that is nobody's.
    ///
    /// Success is the portal's word: API keys and OAuth tokens stay good, and on
    /// portals without Redis an old session can work for some minutes more. For
    /// the caller's own account the portal opens a new session each time, so that
    /// it is never sent again once a byte of it has left; for another account a
    /// lost answer is asked for once more.
    pub fn end_sessions(&self, account: &AccountId) -> Result<(), Error> {
        sessions::end(&self.shared, self.call(), account)
    }

    /// Changes many accounts, as fast as the portal lets it.
    pub fn bulk(&self, method: TfaMethod) -> Bulk {
        Bulk::new(Arc::clone(&self.shared), self.cancel.clone(), method)
    }

    /// A call that begins now.
    fn call(&self) -> Call {
        Call::new(self.shared.manners.timeout, self.cancel.as_ref())
    }

    /// The same client, its calls ended by `cancel`.
    pub fn with_cancel(&self, cancel: &Cancel) -> Client {
        Client {
            shared: Arc::clone(&self.shared),
            cancel: Some(cancel.clone()),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("portal", self.shared.portal.address())
            .field("manners", &self.shared.manners)
            .finish_non_exhaustive()
    }
}
