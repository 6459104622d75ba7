//! The shapes of answers: the success envelope, the error envelope, problems
//! bare and wrapped, and answers with no body at all.

use super::json::{Object, list};
use super::text::ACCESS_DENIED;

const JSON: &str = "application/json; charset=utf-8";
const PROBLEM: &str = "application/problem+json";

/// An answer on its way out.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// JSON of the application streams, pages and empty answers do not.
    pub streams: bool,
}

impl Reply {
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            streams: false,
        }
    }

    pub fn typed(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let streams = content_type == JSON || content_type.starts_with(PROBLEM);
        Self {
            body: body.into(),
            streams,
            ..Self::empty(status)
        }
        .with("Content-Type", content_type)
    }

    /// A page made by whatever stands before the application.
    pub fn page(status: u16) -> Self {
        let body = format!(
            "<!DOCTYPE html>\n<html>\n<head><title>{status}</title></head>\n\
             <body><center><h1>{status}</h1></center><hr></body>\n</html>\n"
        );
        Self::typed(status, "text/html", body)
    }

    /// An exception's envelope: what was set before it is gone.
    pub fn is_failure(&self) -> bool {
        self.body.starts_with(b"{\"error\":")
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The one entry of `links`: the request as its sender sees it.
#[derive(Clone, Debug)]
pub struct Link {
    pub href: String,
    pub action: String,
    /// The oldest product knows no such member.
    pub shown: bool,
}

impl Link {
    fn json(&self) -> String {
        list(&[Object::new()
            .text("href", &self.href)
            .text("action", &self.action)
            .finish()])
    }
}

/// A success. `response` is JSON already; absent means the member is left out.
#[derive(Clone, Debug, Default)]
pub struct Success {
    pub response: Option<String>,
    pub count: usize,
    pub total: Option<usize>,
    pub cookies: Vec<String>,
}

impl Success {
    pub fn one(response: String) -> Self {
        Self {
            response: Some(response),
            count: 1,
            ..Self::default()
        }
    }

    pub fn many(items: &[String]) -> Self {
        Self {
            response: Some(list(items)),
            count: items.len(),
            ..Self::default()
        }
    }

    pub fn reply(&self, link: &Link) -> Reply {
        let body = self.wrap(link, 0, 200);
        let reply = Reply::typed(200, JSON, body);
        self.cookies
            .iter()
            .fold(reply, |reply, cookie| reply.with("Set-Cookie", cookie))
    }

    fn wrap(&self, link: &Link, status: i64, status_code: i64) -> String {
        let mut object = Object::new();
        if let Some(response) = &self.response {
            object = object.raw("response", response);
        }
        object = object.number("count", self.count as i64);
        if let Some(total) = self.total {
            object = object.number("total", total as i64);
        }
        if link.shown {
            object = object.raw("links", &link.json());
        }
        object
            .number("status", status)
            .number("statusCode", status_code)
            .finish()
    }
}

/// An exception that reached the outermost handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub status: u16,
    pub message: String,
    /// The exception's type; its stack and number are shown with it only.
    pub kind: Option<(&'static str, i64)>,
}

impl Failure {
    pub fn new(status: u16, message: &str, kind: &'static str, hresult: i64) -> Self {
        Self {
            status,
            message: message.to_owned(),
            kind: Some((kind, hresult)),
        }
    }

    /// A failure that tells neither type nor stack.
    pub fn bare(status: u16, message: &str) -> Self {
        Self {
            status,
            message: message.to_owned(),
            kind: None,
        }
    }

    pub fn access_denied() -> Self {
        Self::new(
            403,
            ACCESS_DENIED,
            "System.Security.SecurityException",
            -2146233078,
        )
    }

    pub fn argument(message: &str) -> Self {
        Self::new(400, message, "System.ArgumentException", -2147024809)
    }

    pub fn not_found(message: &str) -> Self {
        Self::new(
            404,
            message,
            "ASC.Core.Common.ItemNotFoundException",
            -2146233088,
        )
    }

    pub fn crash(message: &str, kind: &'static str) -> Self {
        Self::new(500, message, kind, -2147467261)
    }

    pub fn reply(&self) -> Reply {
        let error = Object::new().text("message", &self.message);
        let error = match self.kind {
            Some((kind, hresult)) => error
                .text("type", kind)
                .text(
                    "stack",
                    "   at Stand.In.Portal.Refuse() in /srv/portal/Refuse.cs:line 42",
                )
                .number("hresult", hresult),
            None => error
                .raw("type", "null")
                .raw("stack", "null")
                .number("hresult", 0),
        };
        let body = Object::new()
            .raw("error", &error.finish())
            .number("status", 1)
            .number("statusCode", i64::from(self.status))
            .finish();
        Reply::typed(self.status, JSON, body)
    }
}

/// A request that could not be bound to the method's parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub key: String,
    pub message: String,
}

impl Misfit {
    pub fn new(key: &str, message: &str) -> Self {
        Self {
            key: key.to_owned(),
            message: message.to_owned(),
        }
    }

    /// The problem inside the success envelope. Older servers forget to correct
    /// the envelope's own numbers.
    pub fn reply(&self, link: &Link, disguised: bool) -> Reply {
        let mut errors = Object::new().texts(&self.key, &[&self.message]);
        if self.key.starts_with("$.") {
            errors = errors.texts("inDto", &["The inDto field is required."]);
        }
        let problem = problem_type(400)
            .raw("errors", &errors.finish())
            .text("title", "One or more validation errors occurred.")
            .number("status", 400)
            .raw("extensions", &Object::new().text("traceId", TRACE).finish())
            .finish();
        let (status, code) = if disguised { (0, 200) } else { (1, 400) };
        let body = Success::one(problem).wrap(link, status, code);
        Reply::typed(400, "application/problem+json; charset=utf-8", body)
    }
}

/// A body of a kind the method does not read, reported as if all went well.
pub fn unsupported_media(link: &Link) -> Reply {
    let problem = problem_type(415)
        .text("title", "Unsupported Media Type")
        .number("status", 415)
        .text("traceId", TRACE)
        .finish();
    let body = Success::one(problem).wrap(link, 0, 200);
    Reply::typed(415, "application/problem+json; charset=utf-8", body)
}

/// A problem without any envelope, as the portal's own filters answer.
pub fn bare_problem(status: u16) -> Reply {
    let object = match status {
        403 => problem_type(403).text("title", "Forbidden"),
        404 => problem_type(404).text("title", "Not Found"),
        _ => Object::new(),
    };
    let body = object
        .number("status", i64::from(status))
        .text("traceId", TRACE)
        .finish();
    Reply::typed(status, PROBLEM, body)
}

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

fn problem_type(status: u16) -> Object {
    let section = match status {
        400 => "15.5.1",
        403 => "15.5.4",
        404 => "15.5.5",
        _ => "15.5.16",
    };
    Object::new().text(
        "type",
        &format!("https://tools.ietf.org/html/rfc9110#section-{section}"),
    )
}
