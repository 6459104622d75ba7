//! Connections: TCP, TLS, HTTP, and the recording of what they carry.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::auth::{Identity, identify};
use super::envelope::Reply;
use super::fault::{Mishap, Plan, Rule};
use super::limiter::Limiter;
use super::record::{Log, Recorded, SharedTape};
use super::request::Request;
use super::route;
use super::state::State;

/// More than any request of this API needs.
const LARGEST_BODY: usize = 1 << 20;

/// What the connections and the tests share.
#[derive(Debug)]
pub struct Shared {
    pub state: Mutex<State>,
    pub rules: Mutex<Vec<Rule>>,
    pub log: Log,
    pub limiter: Option<Arc<Limiter>>,
    pub prefix: String,
    pub chunked: bool,
    pub keep_alive: bool,
    pub scheme: &'static str,
    pub tasks: Mutex<Vec<JoinHandle<()>>>,
}

pub async fn accept(shared: Arc<Shared>, listener: TcpListener, tls: Option<TlsAcceptor>) {
    while let Ok((stream, peer)) = listener.accept().await {
        let (number, tape) = shared.log.connect();
        let connection = Connection {
            shared: Arc::clone(&shared),
            number,
            tape,
            peer,
        };
        let tls = tls.clone();
        let task = tokio::spawn(async move {
            // A small answer must not wait for the acknowledgement of another.
            let _ = stream.set_nodelay(true);
            connection.run(stream, tls).await;
        });
        let mut tasks = shared.tasks.lock().unwrap();
        tasks.retain(|task| !task.is_finished());
        tasks.push(task);
    }
}

struct Connection {
    shared: Arc<Shared>,
    number: usize,
    tape: SharedTape,
    peer: SocketAddr,
}

impl Connection {
    async fn run(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        match tls {
            None => self.speak(stream).await,
            Some(tls) => {
                // A client that refuses the certificate is a finished connection.
                if let Ok(stream) = tls.accept(stream).await {
                    self.speak(stream).await;
                }
            }
        }
    }

    async fn speak<S: AsyncRead + AsyncWrite + Unpin>(self, stream: S) {
        let stream = Recording {
            inner: stream,
            tape: Arc::clone(&self.tape),
        };
        let keep_alive = self.shared.keep_alive;
        let this = Arc::new(self);
        let service = service_fn(move |incoming| {
            let this = Arc::clone(&this);
            async move { this.serve(incoming).await }
        });
        // An error here is a client that went away, or a cut that was asked for.
        let _ = hyper::server::conn::http1::Builder::new()
            .title_case_headers(true)
            .keep_alive(keep_alive)
            .serve_connection(TokioIo::new(stream), service)
            .await;
    }

    async fn serve(
        &self,
        incoming: hyper::Request<Incoming>,
    ) -> Result<hyper::Response<Payload>, Cut> {
        let mut recorded = self.tape.lock().unwrap().take_head();
        recorded.connection = self.number;
        let body = Limited::new(incoming.into_body(), LARGEST_BODY)
            .collect()
            .await;
        if let Ok(body) = body {
            recorded.body = body.to_bytes().to_vec();
            recorded.complete = true;
        }
        self.tape.lock().unwrap().skip_body(&recorded);
        let request = self.request(&recorded, self.peer.ip());
        let complete = recorded.complete;
        if !complete {
            self.shared.log.add(recorded);
            return Err(Cut);
        }

        // Faults are chosen before the request shows in the log: a test that
        // has seen it there may change them.
        let https = request.link().href.replacen("http://", "https://", 1);
        let plan = {
            let mut rules = self.shared.rules.lock().unwrap();
            Plan::of(&mut rules, &request, &https)
        };
        self.shared.log.add(recorded);
        if let Some(mishap) = plan.before.clone() {
            return self.suffer(mishap).await;
        }
        let mut reply = self.reply(&request, &plan).await;
        if plan.twice {
            reply = self.reply(&request, &plan).await;
        }
        match plan.after {
            Some(mishap) => self.suffer(mishap).await,
            None => Ok(self.response(reply)),
        }
    }

    async fn reply(&self, request: &Request, plan: &Plan) -> Reply {
        let shared = &self.shared;
        let (endpoint, identity) = {
            let state = shared.state.lock().unwrap();
            let endpoint = match route::find(request, &shared.prefix, &state) {
                Ok(endpoint) => endpoint,
                Err(reply) => return reply,
            };
            match identify(&state, request, &plan.conditions) {
                Ok(identity) => (endpoint, identity),
                Err(reply) => return reply,
            }
        };
        let permit = match (&shared.limiter, &identity) {
            (None, _) => Ok(None),
            (Some(limiter), Identity::Known(caller)) => {
                limiter.admit(&caller.id, &request.method).map(Some)
            }
            (Some(limiter), Identity::Nobody { .. }) => limiter
                .admit(&request.peer.to_string(), &request.method)
                .map(Some),
        };
        let _permit = match permit {
            Ok(permit) => permit,
            Err(reply) => return reply,
        };
        if let Some(delay) = plan.delay {
            // The portal is slow.
            tokio::time::sleep(delay).await;
        }
        let reply = {
            let mut state = shared.state.lock().unwrap();
            route::answer(&mut state, identity, &endpoint, request, plan)
        };
        shared.log.tell();
        reply
    }

    async fn suffer(&self, mishap: Mishap) -> Result<hyper::Response<Payload>, Cut> {
        match mishap {
            Mishap::Hang => pending().await,
            Mishap::Close => Err(Cut),
            Mishap::Answer(reply) => Ok(self.response(reply)),
        }
    }

    fn request(&self, recorded: &Recorded, peer: IpAddr) -> Request {
        let host = recorded.header("Host").unwrap_or("localhost");
        Request {
            method: recorded.method.clone(),
            path: recorded.path.clone(),
            query: recorded.query.clone(),
            headers: recorded.headers.clone(),
            body: recorded.body.clone(),
            peer,
            links: self.shared.state.lock().unwrap().dialect.shows_links(),
            base: format!("{}://{host}{}", self.shared.scheme, self.shared.prefix),
        }
    }

    fn response(&self, reply: Reply) -> hyper::Response<Payload> {
        let payload = Payload {
            chunked: reply.streams && self.shared.chunked,
            data: Some(Bytes::from(reply.body)).filter(|data| !data.is_empty()),
        };
        let mut response = hyper::Response::new(payload);
        // An impossible status or header is a slip of the test that asked for it.
        *response.status_mut() = hyper::StatusCode::from_u16(reply.status).unwrap();
        for (name, value) in &reply.headers {
            let name: hyper::header::HeaderName = name.parse().unwrap();
            response.headers_mut().append(name, value.parse().unwrap());
        }
        response
    }
}

/// Ends the connection without an answer.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is cut on purpose")
    }
}

impl std::error::Error for Cut {}

/// A body of known length, unless it is to be sent in chunks.
struct Payload {
    data: Option<Bytes>,
    chunked: bool,
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.data.take().map(|data| Ok(Frame::data(data))))
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.data, self.chunked) {
            (Some(_), true) => SizeHint::default(),
            (Some(data), false) => SizeHint::with_exact(data.len() as u64),
            (None, _) => SizeHint::with_exact(0),
        }
    }
}

/// Copies to the tape what the connection reads.
struct Recording<S> {
    inner: S,
    tape: SharedTape,
}

impl<S: AsyncRead + Unpin> AsyncRead for Recording<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(context, buffer);
        self.tape.lock().unwrap().write(&buffer.filled()[before..]);
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Recording<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
