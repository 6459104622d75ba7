//! All a portal remembers.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use super::account::{Account, Code, Kind, Life, Spec};
use super::audit::{self, Trail};
use super::auth::Caller;
use super::cache::Cache;
use super::dialect::Dialect;
use super::request::Request;
use super::text::Language;
use super::trusted::{self, Thrown};

/// The id that stands for nobody.
pub const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// The second factor the portal asks of its members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    Off,
    Sms,
    #[default]
    App,
}

/// An API key; the caller it stands for is its creator.
#[derive(Clone, Debug)]
pub struct ApiKey {
    pub secret: String,
    pub creator: String,
    pub permissions: Vec<String>,
    pub active: bool,
    pub expired: bool,
}

/// An entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    pub action: u32,
    pub initiator: String,
    pub target: String,
    /// The address of the page the request came from.
    pub page: String,
}

/// Numbers of the audit actions the stand-in writes.
pub mod action {
    pub const UNLINKED: u32 = 4033;
    pub const NEW_CODES: u32 = 4032;
    pub const METHOD_OFF: u32 = 6036;
    pub const METHOD_SMS: u32 = 6037;
    pub const METHOD_APP: u32 = 6038;
    pub const OWN_SESSIONS_ENDED: u32 = 4034;
    pub const SESSIONS_ENDED: u32 = 4036;
    pub const SIGNED_IN: u32 = 1000;
}

/// A sign-in that is still good, with the number of its entry in the history.
#[derive(Clone, Debug)]
pub struct Session {
    pub owner: String,
    pub login_event: u64,
}

/// Who is exempt from a method, and who never is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    pub trusted_ips: Vec<String>,
    pub mandatory_users: Vec<String>,
    pub mandatory_groups: Vec<String>,
}

/// One method: there are lists only while it is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switch {
    lists: Option<Lists>,
}

impl Switch {
    pub fn is_on(&self) -> bool {
        self.lists.is_some()
    }

    pub fn lists(&self) -> Option<&Lists> {
        self.lists.as_ref()
    }

    pub fn lists_mut(&mut self) -> Option<&mut Lists> {
        self.lists.as_mut()
    }

    /// What was there is replaced as a whole.
    pub fn switch_on(&mut self, lists: Lists) {
        self.lists = Some(lists);
    }

    /// Its lists are gone with it.
    pub fn switch_off(&mut self) {
        self.lists = None;
    }
}

/// Two switches, each with lists of its own. Both can be on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    pub sms: Switch,
    pub app: Switch,
}

impl Policy {
    /// Nothing but this method, with empty lists.
    pub fn only(method: Method) -> Self {
        let mut policy = Self::default();
        match method {
            Method::Off => {}
            Method::Sms => policy.sms.switch_on(Lists::default()),
            Method::App => policy.app.switch_on(Lists::default()),
        }
        policy
    }

    /// The method that is on; where both are, the one that is asked first.
    pub fn method(&self) -> Method {
        if self.sms.is_on() {
            Method::Sms
        } else if self.app.is_on() {
            Method::App
        } else {
            Method::Off
        }
    }

    /// The lists of that method; none while nothing is on.
    pub fn lists(&self) -> Lists {
        let lists = self.sms.lists().or(self.app.lists());
        lists.cloned().unwrap_or_default()
    }
}

#[derive(Debug)]
pub struct State {
    pub dialect: Dialect,
    pub language: Language,
    pub https: bool,
    pub policy: Policy,
    pub app_hidden: bool,
    pub sms_hidden: bool,
    pub sms_provider: bool,
    /// Trial, free and non-profit plans of the cloud have no text messages.
    pub sms_in_plan: bool,
    pub accounts: Vec<Account>,
    pub keys: Vec<ApiKey>,
    /// OAuth2 access tokens: account and scopes.
    pub grants: HashMap<String, (String, Vec<String>)>,
    /// By token.
    pub sessions: HashMap<String, Session>,
    /// How often anybody has signed in.
    login_events: u64,
    /// Links as the service for people knows them; none: it knows them all.
    pub cache: Option<Cache>,
    pub audit: Vec<AuditEvent>,
    /// How the trail is kept and shown.
    pub trail: Trail,
    /// Addressees of the mail "your second factor was reset".
    pub mails: Vec<String>,
    made: u64,
}

impl State {
    pub fn new(dialect: Dialect, language: Language, https: bool) -> Self {
        Self {
            dialect,
            language,
            https,
            policy: Policy::default(),
            app_hidden: false,
            sms_hidden: false,
            sms_provider: true,
            sms_in_plan: true,
            accounts: Vec::new(),
            keys: Vec::new(),
            grants: HashMap::new(),
            sessions: HashMap::new(),
            login_events: 0,
            cache: None,
            audit: Vec::new(),
            trail: Trail::default(),
            mails: Vec::new(),
            made: 0,
        }
    }

    /// Hex digits that differ from call to call and agree from run to run.
    pub fn digits(&mut self, count: usize) -> String {
        let mut text = String::new();
        while text.len() < count {
            self.made += 1;
            let mut mixed = self.made.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            text.push_str(&format!("{:016x}", mixed ^ (mixed >> 31)));
        }
        text.truncate(count);
        text
    }

    pub fn add(&mut self, spec: Spec) -> Account {
        let number = self.accounts.len() + 1;
        let mut account = spec.account;
        let fill = |field: &mut String, value: String| {
            if field.is_empty() {
                *field = value;
            }
        };
        fill(
            &mut account.id,
            format!("c0ffee00-d0c5-4ace-8bad-abc{number:09x}"),
        );
        fill(&mut account.first_name, format!("First{number}"));
        fill(&mut account.last_name, format!("Last{number}"));
        fill(&mut account.user_name, format!("user.{number}"));
        fill(&mut account.email, format!("user.{number}@portal.example"));
        fill(&mut account.password, format!("pass:word-{number}"));
        if spec.without_email {
            account.email.clear();
        }
        if spec.linked {
            account.codes = self.fresh_codes();
        }
        self.accounts.push(account.clone());
        account
    }

    pub fn fresh_codes(&mut self) -> Vec<Code> {
        (0..5)
            .map(|_| Code {
                code: self.digits(6),
                used: false,
            })
            .collect()
    }

    /// The account with this id, unless it was removed.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts
            .iter()
            .find(|account| account.id == id && account.life != Life::Removed)
    }

    pub fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts
            .iter_mut()
            .find(|account| account.id == id && account.life != Life::Removed)
    }

    pub fn by_email(&self, email: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| {
            account.life != Life::Removed
                && !account.email.is_empty()
                && account.email.eq_ignore_ascii_case(email)
        })
    }

    /// Is this account linked, as people are shown it?
    pub fn shown_link(&self, account: &Account) -> bool {
        let linked = account.is_linked();
        match &self.cache {
            Some(cache) => cache.look(&account.id, linked),
            None => linked,
        }
    }

    pub fn owner_id(&self) -> String {
        let owner = self
            .accounts
            .iter()
            .find(|account| account.kind == Kind::Owner);
        owner.map_or_else(String::new, |account| account.id.clone())
    }

    pub fn language_of(&self, caller: &Caller) -> Language {
        let own = self
            .account(&caller.id)
            .and_then(|account| account.language);
        own.unwrap_or(self.language)
    }

    /// Starts a session. The token has characters that a cookie must escape.
    pub fn open_session(&mut self, id: &str) -> String {
        let token = format!("{}+/{}==", self.digits(40), self.digits(40));
        self.login_events += 1;
        let session = Session {
            owner: id.to_owned(),
            login_event: self.login_events,
        };
        self.sessions.insert(token.clone(), session);
        token
    }

    pub fn end_sessions_of(&mut self, id: &str) {
        self.sessions.retain(|_, session| session.owner != id);
    }

    pub fn note(&mut self, action: u32, request: &Request, initiator: &str, target: &str) {
        let Some(page) = audit::page(self.dialect, request) else {
            return;
        };
        self.trail.queue();
        self.audit.push(AuditEvent {
            action,
            initiator: initiator.to_owned(),
            target: target.to_owned(),
            page,
        });
    }

    /// Must this caller give this factor when it comes from `address`? The
    /// stand-in has no groups with members, so mandatory ones decide nothing.
    pub fn requires(
        &self,
        switch: &Switch,
        caller: &Caller,
        address: &str,
    ) -> Result<bool, Thrown> {
        let Some(lists) = switch.lists() else {
            return Ok(false);
        };
        let is_caller = |id: &String| id.eq_ignore_ascii_case(&caller.id);
        if lists.mandatory_users.iter().any(is_caller) {
            return Ok(true);
        }
        // The first rule that holds ends it, and one before it that cannot be
        // read throws.
        for rule in &lists.trusted_ips {
            if trusted::holds(rule, address, self.dialect)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The value of a confirmation cookie: an age and a code no one can guess.
    pub fn confirm_key(&mut self) -> String {
        // The portal counts milliseconds from the beginning of 2010.
        let since_1970 = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let since_2010 = since_1970.as_millis().saturating_sub(1_262_304_000_000);
        format!("{since_2010}.{}", self.digits(32).to_uppercase())
    }
}
