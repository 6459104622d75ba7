//! What a test may see and change behind the client's back.

use super::Portal;
use std::time::Duration;

use super::account::{Account, Life};
use super::state::{AuditEvent, Lists, Method, Policy};
use super::text::Language;

/// Looking into the portal and changing it behind the client's back.
impl Portal {
    /// The account as it is now.
    pub fn account(&self, id: &str) -> Account {
        let state = self.state();
        let account = state.accounts.iter().find(|account| account.id == id);
        account.expect("an account of this portal").clone()
    }

    pub fn change_account(&self, id: &str, change: impl FnOnce(&mut Account)) {
        let mut state = self.state();
        let account = state.accounts.iter_mut().find(|account| account.id == id);
        change(account.expect("an account of this portal"));
    }

    pub fn is_linked(&self, id: &str) -> bool {
        self.account(id).is_linked()
    }

    pub fn times_unlinked(&self, id: &str) -> usize {
        self.account(id).times_unlinked
    }

    /// Links an app to the account, as its holder would.
    pub fn enrol(&self, id: &str) {
        let codes = self.state().fresh_codes();
        self.change_account(id, |account| account.codes = codes);
    }

    /// Ends the account's link without a call.
    pub fn unlink_quietly(&self, id: &str) {
        self.change_account(id, |account| account.codes.clear());
    }

    pub fn set_life(&self, id: &str, life: Life) {
        self.change_account(id, |account| account.life = life);
    }

    pub fn method(&self) -> Method {
        self.state().policy.method()
    }

    pub fn policy(&self) -> Policy {
        self.state().policy.clone()
    }

    /// The lists of the method that is on: there are no others.
    pub fn lists(&self) -> Lists {
        self.state().policy.lists()
    }

    /// Changes the lists of each method that is on.
    pub fn change_policy(&self, change: impl Fn(&mut Lists)) {
        let mut state = self.state();
        let Policy { sms, app } = &mut state.policy;
        assert!(sms.is_on() || app.is_on(), "lists without a method");
        for lists in [sms.lists_mut(), app.lists_mut()].into_iter().flatten() {
            change(lists);
        }
    }

    /// The lists of one method, which has to be on.
    pub fn set_lists(&self, method: Method, lists: Lists) {
        let mut state = self.state();
        let Policy { sms, app } = &mut state.policy;
        let switch = if method == Method::Sms { sms } else { app };
        *switch.lists_mut().expect("a method that is on") = lists;
    }

    /// The lists of a method that stays on are kept, others are gone.
    pub fn set_method(&self, method: Method) {
        let mut state = self.state();
        let Policy { sms, app } = &mut state.policy;
        for (switch, of) in [(sms, Method::Sms), (app, Method::App)] {
            if method != of {
                switch.switch_off();
            } else if !switch.is_on() {
                switch.switch_on(Lists::default());
            }
        }
    }

    pub fn set_language(&self, language: Language) {
        self.state().language = language;
    }

    /// The installation hides the page with the settings of the app.
    pub fn set_app_hidden(&self, hidden: bool) {
        self.state().app_hidden = hidden;
    }

    /// The same for text messages.
    pub fn set_sms_hidden(&self, hidden: bool) {
        self.state().sms_hidden = hidden;
    }

    /// The portal's plan has text messages, or has none (any more).
    pub fn set_sms_in_plan(&self, included: bool) {
        self.state().sms_in_plan = included;
    }

    pub fn set_sms_provider(&self, present: bool) {
        self.state().sms_provider = present;
    }

    /// How many sessions of this account are still good.
    pub fn sessions_of(&self, id: &str) -> usize {
        let state = self.state();
        let sessions = state.sessions.values();
        sessions.filter(|session| session.owner == id).count()
    }

    /// Moves the clocks by which a portal without a shared cache forgets, and the
    /// limiter counts.
    pub fn let_time_pass(&self, time: Duration) {
        if let Some(cache) = &mut self.state().cache {
            cache.advance(time);
        }
        if let Some(limiter) = &self.shared.limiter {
            limiter.let_time_pass(time);
        }
    }

    /// People are shown as they are now, whoever looked at them before.
    pub fn forget_cached_settings(&self) {
        if let Some(cache) = &mut self.state().cache {
            cache.forget();
        }
    }

    pub fn audit(&self) -> Vec<AuditEvent> {
        self.state().audit.clone()
    }

    /// The plan shows the audit trail by its filter, or only the newest events
    /// whatever is asked.
    pub fn set_audit_in_plan(&self, included: bool) {
        self.state().trail.in_plan = included;
    }

    /// From now on an event is shown after so many reads of the trail only, as it
    /// is written late; `usize::MAX`: it is lost.
    pub fn delay_audit(&self, reads: usize) {
        self.state().trail.delay = reads;
    }

    /// Something that somebody did.
    pub fn add_audit(&self, event: AuditEvent) {
        let mut state = self.state();
        state.trail.queue();
        state.audit.push(event);
    }

    /// Ids of those who were told by mail that their second factor was reset.
    pub fn mails(&self) -> Vec<String> {
        self.state().mails.clone()
    }
}
