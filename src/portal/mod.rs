//! The portal's endpoints: paths, what goes out and what comes back.

pub(crate) mod audit;
pub(crate) mod codes;
pub(crate) mod envelope;
mod json;
pub(crate) mod people;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use self::envelope::{Paged, Shape};
pub(crate) use self::json::Object;
use crate::account::AccountId;
use crate::address::PortalAddress;
use crate::credential::{Credential, Kind};
use crate::error::Error;
use crate::method::TfaMethod;
use crate::transport::{BodyEnd, Broken, Call, Cause, Method, Reply, Request, Settings, Transport};

/// Every path begins with it.
const API: &str = "/api/2.0/";
/// The call that unlinks one account's app. The path that differs by its end
/// only switches the second factor off for everybody: it stands in policy.rs.
const UNLINK: &str = "settings/tfaappnewapp";
/// The answer to a change is a few hundred bytes.
const MOST_OF_CHANGE: usize = 64 * 1024;
/// A list of accounts may be long.
const MOST_OF_READ: usize = 1024 * 1024;

/// A portal, reached with one credential.
#[derive(Debug)]
pub(crate) struct Portal {
    address: PortalAddress,
    credential: Kind,
    transport: Transport,
}

/// What answered a change.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) reply: Reply,
    pub(crate) shape: Shape,
}

impl Answer {
    /// The error, with what this answer says beside it.
    pub(crate) fn tell(&self, error: Error) -> Error {
        error
            .with_http_status(self.reply.status)
            .with_retry_after(self.reply.retry_after)
            .with_portal_message(self.shape.portal_message().to_owned())
    }

    /// The portal's own word that it did what was asked, whatever it responds.
    pub(crate) fn is_success(&self) -> bool {
        self.reply.status == 200
            && matches!(&self.shape, Shape::Envelope(envelope) if envelope.is_success())
    }

    /// What helps to understand a failure: where a redirect leads, and how long
    /// the portal asks to wait.
    pub(crate) fn detail(&self) -> String {
        let mut said = Vec::new();
        if let Some(location) = &self.reply.location {
            said.push(format!("It leads to {location}."));
        }
        if let Some(wait) = self.reply.retry_after {
            said.push(format!("It asks to wait {} s.", wait.as_secs().max(1)));
        }
        said.join(" ")
    }
}

/// Why a read brought nothing.
#[derive(Debug)]
pub(crate) enum ReadFault {
    /// No answer came.
    Broken(Broken),
    /// Another answer than a success.
    Answered(Box<Answer>),
    /// A success that does not hold what was asked for, and how it ended.
    Unreadable(BodyEnd),
    /// Another account's user name is the id that was asked for.
    Hidden,
}

impl ReadFault {
    /// The answer is longer than is read.
    pub(crate) fn is_over_cap(&self) -> bool {
        matches!(self, ReadFault::Unreadable(BodyEnd::OverCap))
    }

    /// The answer was more than is read, or more than there was time for. 502 is
    /// what some gateways make of a portal that takes its time.
    pub(crate) fn is_too_much(&self) -> bool {
        match self {
            ReadFault::Broken(broken) => broken.sent && broken.cause == Cause::Deadline,
            ReadFault::Answered(answer) => matches!(answer.reply.status, 502 | 504),
            _ => self.is_over_cap(),
        }
    }

    /// The portal itself says that there is no such thing.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, ReadFault::Answered(answer)
            if answer.reply.status == 404 && matches!(answer.shape, Shape::Refusal { .. }))
    }
}

/// The body of a change. Only these two members: others are settings of the
/// whole portal. Names of methods and ids are plain ASCII, so they stand in
/// JSON as they are.
pub(crate) fn unlink_body(account: &AccountId, method: TfaMethod) -> Vec<u8> {
    let parts = [
        r#"{"type":""#,
        method.name(),
        r#"","id":""#,
        account.as_str(),
        r#""}"#,
    ];
    parts.concat().into_bytes()
}

impl Portal {
    pub(crate) fn new(
        address: PortalAddress,
        credential: Credential,
        settings: Settings,
    ) -> Result<Self, Error> {
        let kind = credential.kind();
        let base = format!("{}{API}", address.base());
        let transport = Transport::new(address.origin().clone(), base, credential, settings)?;
        Ok(Portal {
            address,
            credential: kind,
            transport,
        })
    }

    pub(crate) fn address(&self) -> &PortalAddress {
        &self.address
    }

    pub(crate) fn credential(&self) -> Kind {
        self.credential
    }

    pub(crate) fn log(&self) -> &crate::log::Log {
        self.transport.log()
    }

    /// Asks to unlink the account's authenticator app: the one call that
    /// changes an account.
    pub(crate) fn unlink(
        &self,
        call: &Call,
        account: &AccountId,
        method: TfaMethod,
        keeps_confirm_key: bool,
        referer: Option<&str>,
    ) -> Result<Answer, Broken> {
        let body = unlink_body(account, method);
        let request = Request {
            keeps_confirm_key,
            referer,
            ..put(UNLINK, UNLINK, &body)
        };
        self.change(call, &request)
    }

    /// Reads the `response` of an endpoint. `route` is what a log may show of
    /// `path`.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        call: &Call,
        path: &str,
        route: &'static str,
    ) -> Result<T, ReadFault> {
        Ok(self.read_paged(call, path, route)?.response)
    }

    /// The same, with the number of all that there are.
    pub(crate) fn read_paged<T: DeserializeOwned>(
        &self,
        call: &Call,
        path: &str,
        route: &'static str,
    ) -> Result<Paged<T>, ReadFault> {
        let reply = self.get(call, path, route)?;
        envelope::response(&reply.body).ok_or(ReadFault::Unreadable(reply.end))
    }

    /// A whole answer to a read.
    fn get(&self, call: &Call, path: &str, route: &'static str) -> Result<Reply, ReadFault> {
        let request = Request {
            method: Method::Get,
            path,
            route,
            body: &[],
            most: MOST_OF_READ,
            keeps_confirm_key: false,
            referer: None,
        };
        let reply = self
            .transport
            .exchange(&request, call)
            .map_err(ReadFault::Broken)?;
        if let BodyEnd::Stopped(cause) = reply.end {
            return Err(ReadFault::Broken(Broken { cause, sent: true }));
        }
        if reply.status != 200 {
            let shape = Shape::of(&reply);
            return Err(ReadFault::Answered(Box::new(Answer { reply, shape })));
        }
        // What only the connection ended is whole if it can be read.
        if reply.encoded || !matches!(reply.end, BodyEnd::Whole | BodyEnd::Closed) {
            return Err(ReadFault::Unreadable(reply.end));
        }
        Ok(reply)
    }

    /// Writes to an endpoint that is not the unlink call.
    pub(crate) fn write(
        &self,
        call: &Call,
        path: &str,
        route: &'static str,
        body: &[u8],
    ) -> Result<Answer, Broken> {
        self.change(call, &put(path, route, body))
    }

    fn change(&self, call: &Call, request: &Request<'_>) -> Result<Answer, Broken> {
        let reply = self.transport.exchange(request, call)?;
        let shape = Shape::of(&reply);
        Ok(Answer { reply, shape })
    }

    /// The scopes of the API key that is used.
    pub(crate) fn key_scopes(&self, call: &Call) -> Result<Vec<String>, ReadFault> {
        let Object(key): Object<Key> = self.read(call, "keys/@self", "keys/@self")?;
        Ok(key.permissions.unwrap_or_default())
    }
}

fn put<'a>(path: &'a str, route: &'static str, body: &'a [u8]) -> Request<'a> {
    Request {
        method: Method::Put,
        path,
        route,
        body,
        most: MOST_OF_CHANGE,
        keeps_confirm_key: false,
        referer: None,
    }
}

/// An API key, as the portal shows it.
#[derive(Deserialize)]
struct Key {
    permissions: Option<Vec<String>>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_body_of_a_change_is_its_type_and_id() {
        let id = "aae1e103-bca5-9fa1-ba8c-42058b4abf28";
        let account = AccountId::parse(id).unwrap();
        for method in [TfaMethod::None, TfaMethod::Sms, TfaMethod::App] {
            let body: Value = serde_json::from_slice(&unlink_body(&account, method)).unwrap();
            assert_eq!(body, json!({ "type": method.name(), "id": id }));
        }
    }
}
