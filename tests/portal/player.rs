//! Follows the script of a crude listener on one connection.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection};

use super::PATIENCE;
use super::crude::{Shared, head_length, request_length};
use super::script::Step;
use super::tls::fatal_alert;

enum Tls {
    None,
    /// The handshake is still to come.
    Ahead(Arc<ServerConfig>),
    Up(Box<ServerConnection>),
}

/// Follows the script on one connection.
pub struct Player {
    /// The only strong reference, so that dropping it closes the socket.
    socket: Option<Arc<TcpStream>>,
    tls: Tls,
    shared: Arc<Shared>,
    number: usize,
    /// How much of the received plaintext earlier steps have used.
    consumed: usize,
}

impl Player {
    pub fn new(
        socket: Arc<TcpStream>,
        tls: Option<Arc<ServerConfig>>,
        shared: Arc<Shared>,
        number: usize,
    ) -> Self {
        let tls = tls.map_or(Tls::None, Tls::Ahead);
        Self {
            socket: Some(socket),
            tls,
            shared,
            number,
            consumed: 0,
        }
    }

    pub fn play(mut self, steps: &[Step]) {
        for step in steps {
            // A client that went away ends the script; the test sees what it sent.
            if self.step(step).is_err() || self.socket.is_none() {
                break;
            }
        }
        self.close();
        self.shared.change(|seen| seen.ended += 1);
    }

    fn socket(&self) -> io::Result<Arc<TcpStream>> {
        self.socket
            .clone()
            .ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn step(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::ReadHead => self.read_until(|rest| head_length(rest).map(|(head, _)| head)),
            Step::ReadRequest => self.read_until(request_length),
            Step::ReadBytes(count) => {
                self.read_until(|rest| (rest.len() >= *count).then_some(*count))
            }
            Step::ReadRaw => (&*self.socket()?).read(&mut [0; 4096]).map(drop),
            Step::Send(bytes) => self.send(bytes),
            Step::SendRecords(records) => self.send_records(records),
            Step::SendDrip(bytes, pause) => bytes.chunks(1).try_for_each(|byte| {
                self.send(byte)?;
                self.shared.wait(*pause, |seen| seen.stopped);
                Ok(())
            }),
            Step::SendRaw(bytes) => (&*self.socket()?).write_all(bytes),
            Step::Handshake => self.handshake(),
            Step::HandshakeCut(count) => self.cut_handshake(*count),
            Step::Alert(alert) => self.alert(*alert),
            Step::CloseNotify => self.close_notify(),
            Step::HalfClose => self.socket()?.shutdown(Shutdown::Write),
            Step::CloseNow => {
                self.close();
                Ok(())
            }
            Step::Reset => {
                let socket = self.socket.take().ok_or(io::ErrorKind::NotConnected)?;
                socket2::SockRef::from(&*socket).set_linger(Some(Duration::ZERO))
            }
            Step::HoldOpen => {
                self.shared.wait(PATIENCE * 6, |seen| seen.stopped);
                Ok(())
            }
            Step::Await => {
                self.shared.wait(PATIENCE * 6, |seen| {
                    let free = seen.released > 0;
                    seen.released -= usize::from(free);
                    free || seen.stopped
                });
                Ok(())
            }
            Step::Mark => {
                self.shared.change(|seen| seen.marks += 1);
                Ok(())
            }
        }
    }

    /// Reads until `length` finds that what came since the last step suffices.
    fn read_until(&mut self, length: impl Fn(&[u8]) -> Option<usize>) -> io::Result<()> {
        loop {
            let found = {
                let seen = self.shared.seen.lock().unwrap();
                length(&seen.received[self.number][self.consumed..])
            };
            if let Some(length) = found {
                self.consumed += length;
                return Ok(());
            }
            let mut buffer = [0; 4096];
            let count = self.read(&mut buffer)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let number = self.number;
            self.shared
                .change(|seen| seen.received[number].extend_from_slice(&buffer[..count]));
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.handshake()?;
        let socket = self.socket()?;
        match &mut self.tls {
            Tls::Up(tls) => rustls::Stream::new(&mut **tls, &mut &*socket).read(buffer),
            _ => (&*socket).read(buffer),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.handshake()?;
        let socket = self.socket()?;
        match &mut self.tls {
            Tls::Up(tls) => {
                let mut wire = &*socket;
                let mut stream = rustls::Stream::new(&mut **tls, &mut wire);
                stream.write_all(bytes)?;
                stream.flush()
            }
            _ => (&*socket).write_all(bytes),
        }
    }

    fn send_records(&mut self, records: &[Vec<u8>]) -> io::Result<()> {
        self.handshake()?;
        let Tls::Up(tls) = &mut self.tls else {
            return self.send(&records.concat());
        };
        let mut wire = Vec::new();
        for record in records {
            tls.writer().write_all(record)?;
            while tls.wants_write() {
                tls.write_tls(&mut wire)?;
            }
        }
        (&*self.socket()?).write_all(&wire)
    }

    fn handshake(&mut self) -> io::Result<()> {
        let Tls::Ahead(config) = &self.tls else {
            return Ok(());
        };
        let mut tls = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        let socket = self.socket()?;
        while tls.is_handshaking() {
            tls.complete_io(&mut &*socket)?;
        }
        self.tls = Tls::Up(Box::new(tls));
        Ok(())
    }

    fn cut_handshake(&mut self, count: usize) -> io::Result<()> {
        let Tls::Ahead(config) = &self.tls else {
            return Ok(());
        };
        let mut tls = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        let socket = self.socket()?;
        while !tls.wants_write() {
            if tls.read_tls(&mut &*socket)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            tls.process_new_packets().map_err(io::Error::other)?;
        }
        let mut flight = Vec::new();
        while tls.wants_write() {
            tls.write_tls(&mut flight)?;
        }
        (&*socket).write_all(&flight[..count.min(flight.len())])
    }

    fn alert(&mut self, alert: u8) -> io::Result<()> {
        self.handshake()?;
        match std::mem::replace(&mut self.tls, Tls::None) {
            Tls::Up(tls) => (&*self.socket()?).write_all(&fatal_alert(*tls, alert)),
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    fn close_notify(&mut self) -> io::Result<()> {
        let socket = self.socket()?;
        if let Tls::Up(tls) = &mut self.tls {
            tls.send_close_notify();
            while tls.wants_write() {
                tls.write_tls(&mut &*socket)?;
            }
        }
        Ok(())
    }

    /// Closes by FIN: bytes left unread would turn it into a reset.
    fn close(&mut self) {
        let Some(socket) = self.socket.take() else {
            return;
        };
        let mut buffer = [0; 4096];
        if socket.set_nonblocking(true).is_ok() {
            while matches!((&*socket).read(&mut buffer), Ok(count) if count > 0) {}
        }
    }
}
