//! Reading and renewing the credential's own backup codes.

use crate::change::outcome::{self, Asked, Explain};
use crate::error::{Applied, Error, Reason, Status};
use crate::message;
use crate::policy::{self, Policy};
use crate::portal::ReadFault;
use crate::portal::codes::BackupCodes;
use crate::reading::Reading;
use crate::sending;
use crate::shared::Shared;
use crate::transport::Call;

pub(crate) fn read(shared: &Shared, call: Call) -> Result<BackupCodes, Error> {
    let reading = Reading::within(shared, call);
    let fault = match reading.try_read(&|| shared.portal.backup_codes(reading.call())) {
        Ok(codes) => return Ok(codes),
        Err(fault) => fault,
    };
    let error = reading.error(&fault);
    let ReadFault::Answered(answer) = &fault else {
        return Err(error);
    };
    let credential = shared.portal.credential();
    let verdict = outcome::of_answer(Asked::Read, &answer.reply, &answer.shape, credential);
    if !matches!(verdict.explain, Explain::Facts | Explain::Only(_)) {
        return Err(error);
    }
    // Portals show codes only while their own method is the app.
    Err(explained(error, shared, reading.call(), |policy| {
        if policy.is_app() {
            Reason::NotLinked
        } else {
            Reason::MethodUnavailable
        }
    }))
}

pub(crate) fn renew(shared: &Shared, call: Call) -> Result<BackupCodes, Error> {
    let sent = sending::send(
        shared,
        &call,
        Asked::Write,
        &|call| shared.portal.renew_backup_codes(call),
        &|| true,
    );
    // Whole codes count although the line broke behind them: there may be no
    // other way to see them.
    let verdict = sent.verdict;
    let done = sent
        .answer
        .as_ref()
        .filter(|answer| answer.reply.status == 200 && !answer.reply.encoded);
    let codes = done.and_then(BackupCodes::of);
    if let Some(codes) = codes.filter(|codes| !codes.is_empty()) {
        return Ok(codes);
    }
    // The same success that unlinks an account holds no codes here.
    let status = verdict.status.unwrap_or(Status::Protocol);
    let applied = if verdict.status.is_none() {
        Applied::Maybe
    } else {
        verdict.applied
    };
    let detail = sent.detail();
    let text = match applied {
        Applied::No => message::of_detailed_failure(status, verdict.reason, applied, &detail),
        _ => format!(
            "{} The codes may have been replaced: read them before using an old one.",
            message::with_detail(message::of(status), &detail)
        ),
    };
    let error = sent
        .error(status, verdict.reason, applied, text)
        .with_retryable(verdict.retryable);
    if verdict.explain == Explain::Facts && applied == Applied::No {
        // Renewing asks for nothing but a link.
        return Err(explained(error, shared, &call, |_| Reason::NotLinked));
    }
    Err(error)
}

/// A refusal to show or renew codes, with its reason. They exist only beside a
/// linked app.
fn explained(
    error: Error,
    shared: &Shared,
    call: &Call,
    of: impl FnOnce(&Policy) -> Reason,
) -> Error {
    let policy = if shared.manners.explain {
        policy::read(&shared.portal, call).ok()
    } else {
        None
    };
    let reason = policy.map_or(Reason::Unknown, |policy| {
        if policy.hides_app() {
            Reason::HiddenByPortal
        } else {
            of(&policy)
        }
    });
    // What looks like a crash stays one unless something explains it.
    if reason == Reason::Unknown && error.status() == Status::Server {
        return error;
    }
    let text = message::of_failure(Status::Rejected, reason, error.applied());
    error
        .with_status(Status::Rejected)
        .with_reason(reason)
        .with_retryable(false)
        .with_message(text)
}
