//! `dstfa_policy`: the method of the whole portal.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::call::{self, Given, Out};
use super::cancel::dstfa_cancel;
use super::client::{dstfa_client, with_cancel};
use super::constants::{DSTFA_OK, dstfa_status};
use super::error::dstfa_error;
use super::handle;
use super::numbers;
use super::text::Text;
use crate::{AccountId, Applied, Error, GroupId, Policy};

/// The two-factor setting of the whole portal: read with dstfa_client_policy(),
/// changed here, in this object only, and sent with dstfa_client_apply_policy();
/// freed with dstfa_policy_free(). It may outlive the client; one thread at a
/// time.
///
/// Each method has lists of its own: trusted addresses, accounts and groups that
/// are always asked. THE PORTAL FORGETS A METHOD'S LISTS WHEN THAT METHOD IS
/// SWITCHED OFF OR REPLACED: switched on again it comes without them. The lists
/// in a policy are those of the method that is on, and go with the policy when
/// another method is set and applied.
///
/// Both methods can be on: setting the app or none leaves text messages on where
/// the portal hides their settings, has no provider for them (any more) or a plan
/// without them. Then a policy gives the method and the lists of text messages,
/// which are asked for first if the plan has them after all; a portal does not
/// show that.
///
/// Setters judge their value at once; one they refuse changes nothing and gives
/// DSTFA_E_ARGUMENT with DSTFA_APPLIED_NO.
pub struct dstfa_policy {
    facts: Policy,
    trusted_ips: List,
    /// One text for each of them.
    meanings: List,
    mandatory_users: List,
    mandatory_groups: List,
}

impl From<Policy> for dstfa_policy {
    fn from(facts: Policy) -> Self {
        let mut policy = dstfa_policy {
            facts,
            trusted_ips: List::default(),
            meanings: List::default(),
            mandatory_users: List::default(),
            mandatory_groups: List::default(),
        };
        policy.renew_texts();
        policy
    }
}

impl dstfa_policy {
    /// What the lists hold now.
    fn renew_texts(&mut self) {
        let facts = &self.facts;
        let meaning = |index| facts.trusted_ip_meaning(index).unwrap_or_default();
        let meanings: Vec<String> = (0..facts.trusted_ips().len()).map(meaning).collect();
        self.trusted_ips.renew(facts.trusted_ips());
        self.meanings.renew(&meanings);
        self.mandatory_users.renew(facts.mandatory_users());
        self.mandatory_groups.renew(facts.mandatory_groups());
    }
}

/// The texts of a list. What was cleared stays until the policy is freed:
/// callers may still hold it.
#[derive(Default)]
struct List {
    texts: Vec<Text>,
    cleared: usize,
}

impl List {
    fn renew(&mut self, entries: &[String]) {
        let shown = self.shown();
        let is_kept = |(text, entry): (&Text, &String)| text.is(entry);
        let mut kept = shown.len();
        if kept > entries.len() || !shown.iter().zip(entries).all(is_kept) {
            self.cleared = self.texts.len();
            kept = 0;
        }
        let added = entries.iter().skip(kept);
        self.texts.extend(added.map(|entry| Text::new(entry)));
    }

    fn shown(&self) -> &[Text] {
        self.texts.get(self.cleared..).unwrap_or_default()
    }

    fn at(&self, index: u32) -> Option<&Text> {
        self.shown().get(usize::try_from(index).ok()?)
    }
}

/// What every setter does. `change` judges before it changes.
fn set(
    policy: Option<&mut dstfa_policy>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
    change: impl FnOnce(&mut Policy) -> Result<(), Error>,
) -> dstfa_status {
    call::run(error_out, Applied::No, || {
        let policy = call::required("policy", policy)?;
        change(&mut policy.facts)?;
        policy.renew_texts();
        Ok(DSTFA_OK)
    })
}

/// Reads the two-factor setting of the whole portal. Reads only.
///
/// cancel may be NULL. policy_out is required and gets the policy; free it with
/// dstfa_policy_free(). Returns what every call to the portal can; then applied
/// is DSTFA_APPLIED_NO.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_client_policy(
    client: Option<&dstfa_client>,
    cancel: Option<&dstfa_cancel>,
    policy_out: Option<&mut MaybeUninit<*mut dstfa_policy>>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    let out = Out::required("policy_out", policy_out);
    call::run(error_out, Applied::No, || {
        let out = out?;
        Ok(out.put(with_cancel(client, cancel)?.policy()?))
    })
}

/// SETS THE TWO-FACTOR METHOD OF THE WHOLE PORTAL. THIS AFFECTS EVERY ACCOUNT,
/// and a method other than DSTFA_METHOD_NONE SIGNS EVERYONE OUT, the caller
/// included; API keys go on. THE PORTAL FORGETS THE LISTS OF THE METHOD THAT IS
/// SWITCHED OFF OR REPLACED, so keep what is wanted again. To change one account
/// use dstfa_client_change_method().
///
/// policy is a policy read from this portal, with a method set on purpose by
/// dstfa_policy_set_method(); it is not changed. confirm_host repeats the host
/// of the portal URL, with or without the port, so that no slip leads here.
/// cancel may be NULL.
///
/// The caller's account and the setting are read just before: if the setting was
/// changed since the policy was read, nothing is sent. The setting is read once
/// more afterwards; where that cannot be done, as with a session that has just
/// ended, the portal's word is taken. Returns DSTFA_E_STATE when the setting was
/// changed and when no method was set, DSTFA_E_ARGUMENT when the host is not the
/// portal's, DSTFA_E_REJECTED when the portal says no, DSTFA_E_UNVERIFIED when it
/// accepts and then shows another setting, text messages that it left on
/// included, and what every call to the portal can. After a failure
/// dstfa_error_applied() says whether the setting was changed all the same.
///
/// What the portal shows may be up to five minutes old where its parts share no
/// cache, and a save that failed there is not told: success is its word.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_client_apply_policy(
    client: Option<&dstfa_client>,
    policy: Option<&dstfa_policy>,
    confirm_host: *const c_char,
    cancel: Option<&dstfa_cancel>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let confirm_host = unsafe { Given::new("confirm_host", confirm_host) };
    call::run(error_out, Applied::Maybe, || {
        let client = with_cancel(client, cancel)?;
        let policy = call::required("policy", policy)?;
        client.apply_policy(&policy.facts, confirm_host.read()?)?;
        Ok(DSTFA_OK)
    })
}

/// Frees the policy and its strings; NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_free(policy: Option<Box<dstfa_policy>>) {
    handle::release(policy);
}

/// The method, DSTFA_METHOD_*: the one set here, else the portal's as read, which
/// is DSTFA_METHOD_SMS where both are on, and where text messages are switched on
/// without a provider; DSTFA_METHOD_UNKNOWN if the portal shows neither method.
/// NULL gives DSTFA_METHOD_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_method(policy: Option<&dstfa_policy>) -> i32 {
    handle::get(policy, |it| it.facts.method())
}

/// Whether the portal has a provider of text messages: DSTFA_YES, DSTFA_NO, or
/// DSTFA_UNKNOWN if it does not say or hides their settings. The plan is not
/// shown: on one without text messages the portal refuses the method
/// (DSTFA_E_REJECTED, DSTFA_REASON_METHOD_UNAVAILABLE), and asks nobody for a code
/// by text message even while the method is on. Three-valued: compare. NULL gives
/// DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_sms_available(policy: Option<&dstfa_policy>) -> i32 {
    handle::get(policy, |it| it.facts.sms_available())
}

/// Whether the portal can use authenticator apps: DSTFA_YES wherever it shows
/// them, DSTFA_UNKNOWN if it hides them or does not say; DSTFA_NO is not known to
/// be answered. Three-valued: compare. NULL gives DSTFA_UNKNOWN.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_app_available(policy: Option<&dstfa_policy>) -> i32 {
    handle::get(policy, |it| it.facts.app_available())
}

/// How many rules of trusted addresses there are: whoever signs in from one of
/// them needs no second factor, mandatory accounts and groups excepted. The
/// address is what the proxy before the portal reports. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_trusted_ip_count(policy: Option<&dstfa_policy>) -> u32 {
    handle::get(policy, |it| it.facts.trusted_ips().len())
}

/// The rule at index, counted from 0; "" past the end. Owned by the policy,
/// never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_trusted_ip(
    policy: Option<&dstfa_policy>,
    index: u32,
) -> *const c_char {
    handle::get(policy, |it| it.trusted_ips.at(index))
}

/// What the portal matches by the rule at index, where that is not what the rule
/// says: an address, a range or a network, "nothing" or "an error", and why, in
/// English. "" where the rule is matched as written, and past the end.
///
/// Only rules that were read can differ: one that is added is judged by
/// dstfa_policy_add_trusted_ip(). Such a rule stays and is sent as it is. A rule
/// that is an error makes sign-ins fail, of everybody who is neither mandatory nor
/// trusted by an earlier rule. Owned by the policy, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_trusted_ip_meaning(
    policy: Option<&dstfa_policy>,
    index: u32,
) -> *const c_char {
    handle::get(policy, |it| it.meanings.at(index))
}

/// How many accounts need a second factor from everywhere, trusted addresses
/// included. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_mandatory_user_count(policy: Option<&dstfa_policy>) -> u32 {
    handle::get(policy, |it| it.facts.mandatory_users().len())
}

/// The account id at index, counted from 0; "" past the end. Owned by the
/// policy, never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_mandatory_user(
    policy: Option<&dstfa_policy>,
    index: u32,
) -> *const c_char {
    handle::get(policy, |it| it.mandatory_users.at(index))
}

/// How many groups there are whose members need a second factor from
/// everywhere. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_mandatory_group_count(policy: Option<&dstfa_policy>) -> u32 {
    handle::get(policy, |it| it.facts.mandatory_groups().len())
}

/// The group id at index, counted from 0; "" past the end. Owned by the policy,
/// never NULL. NULL gives "".
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_mandatory_group(
    policy: Option<&dstfa_policy>,
    index: u32,
) -> *const c_char {
    handle::get(policy, |it| it.mandatory_groups.at(index))
}

/// Sets the method, one of DSTFA_METHOD_* but not DSTFA_METHOD_UNKNOWN. It is
/// never guessed: a policy without this cannot be applied.
///
/// Lists that were not touched here become those of the method set where it is
/// on, else they stay those of the method that is, and are sent for the new one.
/// With DSTFA_METHOD_NONE the portal forgets the lists of what is switched off,
/// whatever is sent.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_set_method(
    policy: Option<&mut dstfa_policy>,
    method: i32,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(policy, error_out, |policy| {
        policy.set_method(numbers::known("method", method)?);
        Ok(())
    })
}

/// Adds a rule of trusted addresses: an address, a range ("192.0.2.1-192.0.2.9")
/// or a network ("192.0.2.0/24"), of either IP version.
///
/// Portals accept every text and then match something else by it, or fail. One
/// that would not mean what it says is refused (DSTFA_E_ARGUMENT), and the message
/// names the form that does: of IPv6 networks portals compare only the first 32
/// bits, so "2001:db8::/64" is to be given as a range; a prefix of 0 is a range
/// too; bits behind the prefix are 0; a single address is compared as text, so
/// IPv6 has to be in its shortest form and in lower case.
///
/// An IPv4 rule does not match a caller whose address the proxy reports as
/// "::ffff:192.0.2.7". Portals older than 3.7 read the address of a caller to its
/// first colon only: rules for IPv6 are refused there, but for single addresses
/// that begin with one, and a range or network of IPv4 makes sign-ins from some
/// IPv6 addresses fail.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_policy_add_trusted_ip(
    policy: Option<&mut dstfa_policy>,
    rule: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let rule = unsafe { Given::new("rule", rule) };
    set(policy, error_out, |policy| {
        policy.add_trusted_ip(rule.read()?)
    })
}

/// Removes all rules of trusted addresses. Their strings stay valid.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_clear_trusted_ips(
    policy: Option<&mut dstfa_policy>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(policy, error_out, |policy| {
        policy.clear_trusted_ips();
        Ok(())
    })
}

/// Adds an account that needs a second factor from everywhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_policy_add_mandatory_user(
    policy: Option<&mut dstfa_policy>,
    account_id: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let account_id = unsafe { Given::new("account_id", account_id) };
    set(policy, error_out, |policy| {
        policy.add_mandatory_user(&AccountId::parse(account_id.read()?)?);
        Ok(())
    })
}

/// Removes all accounts that need a second factor from everywhere. Their strings
/// stay valid.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_clear_mandatory_users(
    policy: Option<&mut dstfa_policy>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(policy, error_out, |policy| {
        policy.clear_mandatory_users();
        Ok(())
    })
}

/// Adds a group whose members need a second factor from everywhere; its id is a
/// hyphenated GUID, too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dstfa_policy_add_mandatory_group(
    policy: Option<&mut dstfa_policy>,
    group_id: *const c_char,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    // SAFETY: NULL or a string of the caller's.
    let group_id = unsafe { Given::new("group_id", group_id) };
    set(policy, error_out, |policy| {
        policy.add_mandatory_group(&GroupId::parse(group_id.read()?)?);
        Ok(())
    })
}

/// Removes all groups whose members need a second factor from everywhere. Their
/// strings stay valid.
#[unsafe(no_mangle)]
pub extern "C" fn dstfa_policy_clear_mandatory_groups(
    policy: Option<&mut dstfa_policy>,
    error_out: Option<&mut MaybeUninit<*mut dstfa_error>>,
) -> dstfa_status {
    set(policy, error_out, |policy| {
        policy.clear_mandatory_groups();
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::super::text::EMPTY;
    use super::*;

    fn read(text: *const c_char) -> String {
        // SAFETY: every string of the library ends in NUL and is alive here.
        unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned()
    }

    #[test]
    fn strings_of_a_list_outlive_their_place_in_it() {
        let entries = |texts: &[&str]| -> Vec<String> {
            texts.iter().map(|text| (*text).to_owned()).collect()
        };
        let steps: [&[&str]; 6] = [&["a", "b"], &["a", "b", "c"], &["x"], &["x"], &[], &["d"]];
        let mut list = List::default();
        let mut former = Vec::new();
        for texts in steps {
            list.renew(&entries(texts));
            for (index, text) in (0..).zip(texts) {
                let string = list.at(index).map_or(EMPTY, Text::as_ptr);
                assert_eq!(read(string), *text);
                former.push((string, *text));
            }
            let end = u32::try_from(texts.len()).unwrap();
            assert!(list.at(end).is_none());
            assert!(list.at(u32::MAX).is_none());
        }
        for (string, text) in former {
            assert_eq!(read(string), text);
        }
    }
}
