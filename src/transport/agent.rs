//! ureq's part: HTTP/1.1 framing and the pool of idle connections. It follows
//! no redirect, keeps no cookie, unpacks nothing and never sends again.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use ureq::Agent;
use ureq::http::{self, HeaderValue, Uri, header};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout};

use super::answer::{Traits, read_body};
use super::call::Call;
use super::connect::Connections;
use super::dns::Names;
use super::exchange::{self, Exchange};
use super::fault::{Broken, Cause};
use super::head::LONGEST_HEAD;
use super::preamble::Preamble;
use super::redirect::{self, Redirect};
use super::wire::{LONGEST_BASE, LONGEST_PREAMBLE, Wire};
use super::{BodyEnd, Method, Reply, Request, Settings, retry_after, tls};
use crate::address::Origin;
use crate::credential::Credential;
use crate::error::Error;
use crate::log::{self, Log, LogLevel};

/// How long a connection that stood idle may be used again.
const LONGEST_IDLE: Duration = Duration::from_secs(3);
/// As many threads may come back for their connections.
const MOST_IDLE: usize = 64;

/// A client's way to its portal.
pub(crate) struct Transport {
    /// What all addresses begin with.
    base: Uri,
    connect_timeout: Duration,
    /// The portal's authority, as requests name it.
    host: HeaderValue,
    /// Blanked in answers.
    credential: Credential,
    connections: Arc<Connections>,
    /// Replaced after a panic inside ureq: its pool may be half changed.
    agent: RwLock<Agent>,
    log: Log,
}

impl Transport {
    pub(crate) fn new(
        portal: Origin,
        base: String,
        credential: Credential,
        settings: Settings,
    ) -> Result<Self, Error> {
        let host = header_value("portal URL", &portal.authority())?;
        header_value("user agent", &settings.user_agent)?;
        let preamble = Preamble::new(&credential, &settings.user_agent);
        if base.len() + host.len() > LONGEST_BASE {
            return Err(Error::argument(
                "portal URL: longer than a request can be; give the address without what does \
                 not belong to it",
            ));
        }
        if preamble.length() > LONGEST_PREAMBLE {
            return Err(Error::argument(
                "e-mail and password: longer than a request can be; use an API key",
            ));
        }
        let tls = if portal.secure {
            Some(tls::config(&settings.roots, settings.identity)?)
        } else {
            None
        };
        let connections = Arc::new(Connections {
            portal,
            preamble: Arc::new(preamble),
            proxy: settings.proxy,
            tls,
            loopback_only: settings.loopback_only,
            names: Names::default(),
        });
        let agent = new_agent(&connections);
        let base = base
            .try_into()
            .map_err(|_| Error::argument("portal URL: cannot stand in a request"))?;
        Ok(Transport {
            base,
            connect_timeout: settings.connect_timeout,
            host,
            credential,
            connections,
            agent: RwLock::new(agent),
            log: settings.log,
        })
    }

    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Sends one request and reads its answer. Only a connection that turns
    /// out not to be quiet before the first byte is replaced; nothing that may
    /// have left is ever sent again from here.
    pub(crate) fn exchange(&self, request: &Request<'_>, call: &Call) -> Result<Reply, Broken> {
        let admitted = call.admit();
        let start = self.log.wants(LogLevel::Info).then(Instant::now);
        let result = match admitted {
            Ok(()) => self.exchange_admitted(request, call),
            Err(cause) => Err(Broken::before(cause)),
        };
        self.log.say(LogLevel::Info, || {
            let took = start.map(|start| start.elapsed());
            describe(request, call.tries(), &result, took.unwrap_or_default())
        });
        result
    }

    fn exchange_admitted(&self, request: &Request<'_>, call: &Call) -> Result<Reply, Broken> {
        let result = loop {
            let exchange = Exchange::new(
                call.clone(),
                self.connect_timeout,
                request.keeps_confirm_key,
            );
            let result = call
                .check()
                .map_err(Broken::before)
                .and_then(|()| exchange::within(&exchange, || self.run(request, &exchange)));
            let stale = exchange.reused.get() && exchange.taken.get() == 0;
            match result {
                Err(Broken {
                    cause: Cause::SpokeFirst | Cause::ClosedBefore,
                    ..
                }) if stale => {}
                result => break result,
            }
        };
        match &result {
            Ok(reply) => call.over(Some(reply.status), reply.retry_after),
            Err(_) => call.over(None, None),
        }
        result
    }

    fn run(&self, request: &Request<'_>, exchange: &Rc<Exchange>) -> Result<Reply, Broken> {
        let agent = self
            .agent
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        // The guard of the C layer cannot stand in for this one: only here is it
        // known whether anything was sent, only here can the pool be replaced,
        // and callers from Rust have no guard.
        let ran = catch_unwind(AssertUnwindSafe(|| self.ask(&agent, request, exchange)));
        let result = ran.unwrap_or_else(|_| {
            let fresh = new_agent(&self.connections);
            *self.agent.write().unwrap_or_else(PoisonError::into_inner) = fresh;
            Err(Cause::Defect)
        });
        result.map_err(|cause| Broken {
            cause,
            sent: exchange.taken.get() > 0,
        })
    }

    /// The request without its body, and without the preamble.
    fn head(&self, request: &Request<'_>) -> Option<http::Request<()>> {
        let mut head = http::Request::new(());
        *head.method_mut() = match request.method {
            Method::Get => http::Method::GET,
            Method::Put => http::Method::PUT,
        };
        // Only the path is new: the rest was judged when the client was made.
        let mut parts = self.base.clone().into_parts();
        let path = [self.base.path(), request.path].concat();
        parts.path_and_query = Some(path.try_into().ok()?);
        *head.uri_mut() = Uri::from_parts(parts).ok()?;
        let headers = head.headers_mut();
        headers.insert(header::HOST, self.host.clone());
        if let Some(referer) = request.referer {
            headers.insert(header::REFERER, referer.try_into().ok()?);
        }
        if request.method == Method::Put {
            headers.insert(header::CONTENT_LENGTH, request.body.len().into());
        }
        Some(head)
    }

    fn url(&self, request: &Request<'_>) -> String {
        format!("{}{}", self.base, request.path)
    }

    fn ask(
        &self,
        agent: &Agent,
        request: &Request<'_>,
        exchange: &Exchange,
    ) -> Result<Reply, Cause> {
        let head = self.head(request).ok_or(Cause::Defect)?;
        let answer = match request.method {
            Method::Get => agent.run(head),
            Method::Put => agent.run(head.map(|()| request.body)),
        };
        let answer = answer.map_err(|error| why(exchange, &error))?;

        let (head, body) = answer.into_parts();
        let traits = Traits::of(&head.headers);
        // Only then is a wait of interest.
        let refused = head.status != http::StatusCode::OK;
        let told = body
            .content_length()
            .and_then(|length| usize::try_from(length).ok());
        let reader = body.into_reader();
        // These never have a body, whatever their head says.
        let framed = traits.framed || matches!(head.status.as_u16(), 204 | 304);
        let (mut body, end) = read_body(reader, told, request.most, framed, exchange);
        self.credential.blank_in(&mut body);
        let location = head
            .status
            .is_redirection()
            .then(|| redirect::target(&head.headers, &self.credential))
            .flatten();
        let redirect = location.as_deref().map_or(Redirect::None, |target| {
            Redirect::of(&self.url(request), target)
        });
        Ok(Reply {
            status: head.status.as_u16(),
            body,
            end,
            encoded: traits.encoded,
            plain_text: traits.plain_text,
            retry_after: refused
                .then(|| retry_after::read(&head.headers, SystemTime::now))
                .flatten(),
            location,
            redirect,
            confirm_key: exchange.confirm_key.take(),
        })
    }
}

fn header_value(what: &str, text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text)
        .map_err(|_| Error::argument(format!("{what}: cannot stand in a header")))
}

/// Our own word on what broke, else what ureq's error can only mean.
fn why(exchange: &Exchange, error: &ureq::Error) -> Cause {
    exchange.cause.get().unwrap_or(match error {
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Cause::Garbage,
        ureq::Error::Io(_) => Cause::Cut,
        _ => Cause::Defect,
    })
}

fn describe(
    request: &Request<'_>,
    tries: u32,
    result: &Result<Reply, Broken>,
    took: Duration,
) -> String {
    let method = match request.method {
        Method::Get => "GET",
        Method::Put => "PUT",
    };
    let how = match result {
        Ok(reply) => match reply.end {
            BodyEnd::Stopped(cause) => format!("answered {}, {cause:?} within", reply.status),
            _ => format!("answered {}", reply.status),
        },
        Err(broken) if broken.sent => format!("{:?} after sending", broken.cause),
        Err(broken) => format!("{:?} before sending", broken.cause),
    };
    let route = request.route;
    format!(
        "{method} {route}: {how} after {} ms (attempt {tries})",
        log::millis(took)
    )
}

fn new_agent(connections: &Arc<Connections>) -> Agent {
    let config = Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .https_only(false)
        .user_agent("")
        .accept("")
        .accept_encoding("")
        .max_response_header_size(LONGEST_HEAD)
        .max_idle_connections(MOST_IDLE)
        .max_idle_connections_per_host(MOST_IDLE)
        .max_idle_age(LONGEST_IDLE)
        .build();
    Agent::with_parts(config, Opener(Arc::clone(connections)), NoLookup)
}

/// Gives ureq a connection when its pool has none.
#[derive(Debug)]
struct Opener(Arc<Connections>);

impl Connector for Opener {
    type Out = Wire;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        _: Option<()>,
    ) -> Result<Option<Wire>, ureq::Error> {
        let exchange = exchange::current().ok_or(ureq::Error::ConnectionFailed)?;
        self.0.open(&exchange).map(Some).map_err(|cause| {
            exchange.broke(cause);
            ureq::Error::ConnectionFailed
        })
    }
}

/// ureq asks for addresses before it looks for an idle connection: the real
/// look-up is made when connecting.
#[derive(Debug)]
struct NoLookup;

impl Resolver for NoLookup {
    fn resolve(
        &self,
        _: &Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}
