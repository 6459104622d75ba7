//! Reading and renewing the credential's own backup codes.

use crate::cancel::Cancel;
use crate::error::{Applied, Error, Reason, Status};
use crate::message;
use crate::outcome::Explain;
use crate::policy;
use crate::portal::ReadFault;
use crate::portal::codes::BackupCodes;
use crate::portal::envelope::Shape;
use crate::reading::Reading;
use crate::sending::{self, Sent};
use crate::shared::Shared;
use crate::transport::{BodyEnd, Call};

pub(crate) fn read(shared: &Shared, cancel: Option<&Cancel>) -> Result<BackupCodes, Error> {
    let reading = Reading::new(shared, cancel);
    match reading.try_read(|| shared.portal.backup_codes(reading.call())) {
        Ok(codes) => Ok(codes),
        Err(fault) => {
            let error = reading.error(&fault);
            Err(match &fault {
                ReadFault::Answered {
                    reply,
                    shape: Shape::Refusal { .. },
                } if matches!(reply.status, 403 | 405) => {
                    explained(error, shared, reading.call(), Status::Rejected)
                }
                _ => error,
            })
        }
    }
}

pub(crate) fn renew(shared: &Shared, cancel: Option<&Cancel>) -> Result<BackupCodes, Error> {
    let call = Call::new(shared.manners.timeout, cancel);
    let Sent {
        answer,
        verdict,
        tries,
    } = sending::send(shared, &call, |call, attempt| {
        shared.portal.renew_backup_codes(call, attempt)
    });
    let done = answer.as_ref().filter(|answer| {
        answer.reply.status == 200 && answer.reply.end == BodyEnd::Whole && !answer.reply.encoded
    });
    if let Some(codes) = done.and_then(BackupCodes::of) {
        return Ok(codes);
    }
    // The same success that unlinks an account holds no codes here.
    let status = verdict.status.unwrap_or(Status::Protocol);
    let applied = if verdict.status.is_none() {
        Applied::Maybe
    } else {
        verdict.applied
    };
    let text = match applied {
        Applied::No => message::of_failure(status, verdict.reason, applied),
        _ => format!(
            "{} The codes may have been replaced: read them before using an old one.",
            message::of_status(status)
        ),
    };
    let mut error = Error::new(status, applied, text)
        .with_reason(verdict.reason)
        .with_retryable(verdict.retryable)
        .with_attempts(tries);
    if let Some(answer) = &answer {
        error = error
            .with_http_status(answer.reply.status)
            .with_retry_after(answer.reply.retry_after)
            .with_portal_message(answer.shape.portal_message().to_owned());
    }
    if verdict.explain == Explain::Facts && applied == Applied::No {
        error = explained(error, shared, &call, status);
    }
    Err(error)
}

/// Codes exist only beside a linked app, and portals show them only while
/// their own method is the app.
fn explained(error: Error, shared: &Shared, call: &Call, status: Status) -> Error {
    let reason = if !shared.manners.explain {
        Reason::Unknown
    } else {
        match policy::read(&shared.portal, call) {
            Err(_) => Reason::Unknown,
            Ok(policy) if policy.hides_app() => Reason::HiddenByPortal,
            Ok(policy) if policy.is_app() => Reason::NotLinked,
            Ok(_) => Reason::MethodUnavailable,
        }
    };
    let text = message::of_failure(status, reason, error.applied());
    error
        .with_status(status)
        .with_reason(reason)
        .with_message(text)
}
