//! Applying a policy: what is asked before, and what the answer means.

use super::{Policy, read, write};
use crate::change::outcome::Settle;
use crate::change::settled::{self, Settled};
use crate::error::{Applied, Error, Reason, Status};
use crate::message;
use crate::method::TfaMethod;
use crate::portal::Answer;
use crate::portal::people::Person;
use crate::reading::Reading;
use crate::sending::Sent;
use crate::shared::Shared;
use crate::transport::Call;

/// Sends the policy: once, after a last look that nobody changed it meanwhile.
pub(crate) fn apply(
    shared: &Shared,
    call: Call,
    policy: &Policy,
    confirm_host: &str,
) -> Result<(), Error> {
    let portal = &shared.portal;
    let origin = portal.address().origin();
    let confirmed = [
        origin.authority(),
        origin.host_port(),
        origin.bracketed(),
        origin.host.clone(),
    ];
    if !confirmed
        .iter()
        .any(|host| host.eq_ignore_ascii_case(confirm_host))
    {
        return Err(Error::argument(
            "confirm host: not the portal's host; repeat the host of the portal URL, because this \
             affects every account of the portal",
        ));
    }
    let Some(method) = policy.wanted else {
        return Err(state(
            "policy: no method was set; set the method first, it is never guessed",
        ));
    };
    let reading = Reading::within(shared, call);
    let call = reading.call();
    let caller: Person = reading.read(&|| portal.own_account(call))?;
    let now = reading.read(&|| read(portal, call))?;
    if now.entries != policy.entries {
        return Err(state(
            "policy: it was changed on the portal since it was read; read it again",
        ));
    }
    let sent = write(shared, call, &caller, method, &policy.lists);
    // "False" is the answer to a method switched off: status and reading back
    // tell, not the boolean.
    let accepted = sent.answer.as_ref().is_some_and(Answer::is_success);
    if !accepted && sent.verdict.settle == Settle::Not {
        return Err(refused(&sent, method, policy, &caller));
    }
    // A session ends with the change, and then nothing can be read.
    let seen = read(portal, call).ok();
    let is_met = seen.as_ref().map(|seen| policy.is_met_by(seen));
    if accepted {
        return match is_met {
            None | Some(true) => Ok(()),
            Some(false) => Err(Error::new(
                Status::Unverified,
                Applied::Maybe,
                of_another(method, seen.as_ref()),
            )
            .with_attempts(sent.tries)),
        };
    }
    // The same question as with an account: is it still as it was?
    let still = match (is_met, seen) {
        (Some(true), _) => Some(false),
        (_, Some(seen)) if seen.entries == policy.entries => Some(true),
        _ => None,
    };
    match settled::settle(sent.verdict.settle, false, still, false) {
        Settled::UnlinkedNow => Ok(()),
        settled => Err(open(&sent, settled)),
    }
}

/// The portal accepted the policy and shows another one.
fn of_another(method: TfaMethod, seen: Option<&Policy>) -> &'static str {
    if method != TfaMethod::Sms && seen.is_some_and(|seen| seen.sms_on().is_some()) {
        "The portal accepted the policy, but codes by text message are still on: it switches them \
         off only where it shows their settings, has a provider and a plan with them. Mend that, \
         read the policy and apply it again."
    } else {
        "The portal accepted the policy, but shows another one, which may be up to five minutes \
         old; read it again after that."
    }
}

/// The portal said no, or nothing was sent.
fn refused(sent: &Sent, method: TfaMethod, policy: &Policy, caller: &Person) -> Error {
    let verdict = &sent.verdict;
    let status = verdict.status.unwrap_or(Status::Protocol);
    let is_admin = caller.is_owner == Some(true) || caller.is_admin == Some(true);
    let reason = if status != Status::Rejected || verdict.reason != Reason::Unknown {
        verdict.reason
    } else if !is_admin {
        Reason::NotAdmin
    } else if method == TfaMethod::App && policy.hides_app() {
        Reason::HiddenByPortal
    } else if method == TfaMethod::Sms {
        // Hidden, no provider or not in the plan: it refuses for nothing else.
        Reason::MethodUnavailable
    } else {
        Reason::Unknown
    };
    let text = match verdict.applied {
        Applied::No if reason == Reason::MethodUnavailable => {
            "The portal has no text messages: they need a provider, and a plan that has them. \
             Nothing was changed."
                .to_owned()
        }
        Applied::No => message::of_detailed_failure(status, reason, Applied::No, &sent.detail()),
        _ => of_unknown(sent, status),
    };
    sent.error(status, reason, verdict.applied, text)
        .with_retryable(verdict.retryable)
}

/// It could not be told from the answer; reading back told this much.
fn open(sent: &Sent, settled: Settled) -> Error {
    let verdict = &sent.verdict;
    let status = verdict.status.unwrap_or(Status::Protocol);
    let reason = verdict.reason;
    let what = message::with_detail(message::of(status), &sent.detail());
    let text = match settled {
        Settled::StillLinked => format!(
            "{what} The portal still shows its former setting, which may be up to five minutes \
             old, or a late effect may follow: read it again after that."
        ),
        Settled::RefusedButUnlinked => {
            format!("{what} The portal shows the setting that was asked for.")
        }
        _ => of_unknown(sent, status),
    };
    sent.error(status, reason, Applied::Maybe, text)
}

fn of_unknown(sent: &Sent, status: Status) -> String {
    let what = message::with_detail(message::of(status), &sent.detail());
    format!("{what} The portal's method may have been changed; read it before trying again.")
}

fn state(message: &str) -> Error {
    Error::new(Status::State, Applied::No, message)
}
