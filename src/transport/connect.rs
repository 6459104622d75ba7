//! Making a connection: name, address, tunnel, TLS, all within the connect
//! timeout.

use std::sync::Arc;

use super::dns::Names;
use super::exchange::Exchange;
use super::fault::Cause;
use super::preamble::Preamble;
use super::proxy::Proxy;
use super::socket::Socket;
use super::tls::Tls;
use super::wire::Wire;
use crate::address::Origin;

/// What every connection of a client is made from.
#[derive(Debug)]
pub(super) struct Connections {
    pub(super) portal: Origin,
    pub(super) preamble: Arc<Preamble>,
    pub(super) proxy: Option<Proxy>,
    pub(super) tls: Option<Arc<rustls::ClientConfig>>,
    pub(super) loopback_only: bool,
    pub(super) names: Names,
}

impl Connections {
    pub(super) fn open(&self, exchange: &Exchange) -> Result<Wire, Cause> {
        self.try_open(exchange).map_err(|cause| match cause {
            // Of the two bounds, the connection's own was hit.
            Cause::Deadline if !exchange.call.remaining().is_zero() => Cause::ConnectTimeout,
            other => other,
        })
    }

    fn try_open(&self, exchange: &Exchange) -> Result<Wire, Cause> {
        let call = exchange.call.within(exchange.connect_timeout);
        let (host, port) = match &self.proxy {
            Some(proxy) => (proxy.host.as_str(), proxy.port),
            None => (self.portal.host.as_str(), self.portal.port),
        };
        let reached = self.names.look_up(host, port, &call).and_then(|addresses| {
            if self.loopback_only && !addresses.iter().all(|address| address.ip().is_loopback()) {
                return Err(Cause::NotLoopback);
            }
            Socket::connect(&addresses, &call)
        });
        let mut socket = match (reached, &self.proxy) {
            (Err(Cause::NameNotFound | Cause::NameUnavailable | Cause::Unreachable), Some(_)) => {
                return Err(Cause::ProxyUnreachable);
            }
            (reached, _) => reached?,
        };
        if let Some(proxy) = &self.proxy {
            proxy.open_tunnel(&mut socket, &self.portal, &call)?;
        }
        let tls = match &self.tls {
            Some(config) => Some(Tls::connect(config, &self.portal.host, &mut socket, &call)?),
            None => None,
        };
        Ok(Wire::new(socket, tls, Arc::clone(&self.preamble)))
    }
}
