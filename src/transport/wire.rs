//! A connection to the portal as ureq sees it: plain or TLS underneath, with
//! everything counted that decides whether a change was applied.

use std::sync::Arc;

use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::buffer::Buffer;
use super::exchange::{self, Exchange};
use super::fault::Cause;
use super::head::HeadFilter;
use super::preamble::Preamble;
use super::socket::{Received, SendFault, Socket};
use super::sys;
use super::tls::{Fault, Progress, Tls};

/// A head as large as is allowed, and a whole record behind it.
const INPUT: usize = 36 * 1024;
/// ureq's head without the preamble, and the body.
const OUTPUT: usize = 8 * 1024;
/// The request as it leaves.
const MESSAGE: usize = 16 * 1024;
/// What all paths begin with, and the host's own line, may take so much of a
/// head: the rest is for the longest path (a search text of 255 bytes, each of
/// them encoded) and what stands around it.
pub(super) const LONGEST_BASE: usize = OUTPUT - 1280;
/// A full output and the preamble must fit together.
pub(super) const LONGEST_PREAMBLE: usize = MESSAGE - OUTPUT;

/// One connection, and the exchange it is in.
#[derive(Debug)]
pub(super) struct Wire {
    socket: Socket,
    tls: Option<Tls>,
    preamble: Arc<Preamble>,
    buffers: WireBuffers,
    message: Buffer,
    head: HeadFilter,
    /// A part of the request has been sent: the rest follows as it is.
    begun: bool,
    busy: bool,
    /// Nothing has happened that makes another exchange doubtful.
    sound: bool,
    /// What breaks it behind the input that has come so far.
    ahead: Option<Cause>,
    /// The fork generation it was made in.
    generation: u32,
}

impl Wire {
    pub(super) fn new(socket: Socket, tls: Option<Tls>, preamble: Arc<Preamble>) -> Self {
        Wire {
            socket,
            tls,
            preamble,
            buffers: WireBuffers {
                input: Buffer::new(INPUT),
                held: 0,
                output: Buffer::new(OUTPUT),
                progress: false,
            },
            message: Buffer::new(MESSAGE),
            head: HeadFilter::new(false),
            begun: false,
            busy: true,
            sound: true,
            ahead: None,
            generation: sys::fork_generation(),
        }
    }

    /// Sends what is pending, then waits until input has come. False at the
    /// end of the connection.
    fn advance(&mut self, exchange: &Exchange) -> Result<bool, Cause> {
        if !self.buffers.output.is_empty() {
            self.flush(exchange)?;
        }
        loop {
            let before = self.buffers.input.filled().len();
            let open = self.receive(exchange, before)?;
            let through = self.filter(exchange, before)?;
            if through || !open {
                return Ok(open);
            }
        }
    }

    /// Takes out of the input, behind the first `before` bytes, what nobody
    /// reads. False if nothing is left.
    fn filter(&mut self, exchange: &Exchange, before: usize) -> Result<bool, Cause> {
        let WireBuffers { input, held, .. } = &mut self.buffers;
        let bytes = input.filled_mut();
        if bytes.len() == before {
            return Ok(false);
        }
        exchange.answered.set(true);
        let new = bytes.get_mut(before.saturating_sub(*held)..);
        let new = new.ok_or(Cause::Defect)?;
        let amount = new.len();
        let passed = self.head.pass(new).ok_or(Cause::Garbage)?;
        input.cut(passed.dropped);
        *held = passed.held;
        if self.head.is_doubtful() {
            exchange.tainted.set(true);
        }
        if let Some(key) = self.head.take_key_if_whole() {
            exchange.confirm_key.replace(Some(key));
        }
        Ok(amount > passed.dropped + passed.held)
    }

    /// Puts more than `before` bytes of plain text into the input.
    fn receive(&mut self, exchange: &Exchange, before: usize) -> Result<bool, Cause> {
        if let Some(cause) = self.ahead {
            return Err(cause);
        }
        let input = &mut self.buffers.input;
        let Some(tls) = &mut self.tls else {
            if input.room().is_empty() {
                return Err(Cause::Garbage);
            }
            return match await_bytes(&mut self.socket, input.room(), exchange)? {
                Received::Bytes(amount) => {
                    input.add(amount);
                    Ok(true)
                }
                Received::Reset => Err(Cause::Cut),
                _ => Ok(false),
            };
        };
        loop {
            let progress = if tls.is_empty() {
                Ok(Progress::Quiet)
            } else {
                tls.open(&self.socket, &exchange.call, input)
            };
            match progress {
                Ok(_) if input.filled().len() > before => return Ok(true),
                Ok(Progress::Closed) => return Ok(false),
                Ok(Progress::Quiet) => {}
                // Not everything that was said before fits.
                Err(Fault::Overflow) => return Err(Cause::Garbage),
                Err(fault) => {
                    let said_before = input.filled().len() > before;
                    let answered = said_before || exchange.answered.get();
                    let cause = match fault {
                        Fault::Tls(rustls::Error::AlertReceived(alert))
                            if tls.is_refusal(alert, exchange) && !answered =>
                        {
                            Cause::ClientCertificateNeeded
                        }
                        Fault::Bound(cause) => cause,
                        Fault::Tls(_) | Fault::Broken | Fault::Overflow => Cause::Cut,
                    };
                    if !said_before {
                        return Err(cause);
                    }
                    (self.ahead, self.sound) = (Some(cause), false);
                    return Ok(true);
                }
            }
            match await_bytes(&mut self.socket, tls.room(), exchange)? {
                Received::Bytes(amount) => tls.received(amount),
                Received::Reset => return Err(Cause::Cut),
                _ => return Ok(false),
            }
        }
    }

    /// Sends the request in one go if it fits, the preamble spliced in, after a
    /// last look whether the connection is as quiet as it must be.
    fn flush(&mut self, exchange: &Exchange) -> Result<(), Cause> {
        if self.begun {
            self.message.wipe();
            if !self.message.push(self.buffers.output.filled()) {
                return Err(Cause::Defect);
            }
        } else {
            self.look(exchange)?;
            self.splice()?;
            self.head = HeadFilter::new(exchange.keeps_confirm_key);
            self.begun = true;
        }
        let bytes = match &mut self.tls {
            Some(tls) => {
                tls.seal(self.message.filled())?;
                tls.sealed()
            }
            None => self.message.filled(),
        };
        let mut taken = 0;
        let sent = self.socket.send(bytes, &exchange.call, &mut taken);
        exchange.taken.set(exchange.taken.get() + taken);
        self.message.wipe();
        self.buffers.output.wipe();
        if let Some(tls) = &mut self.tls {
            tls.wipe();
        }
        sent.map_err(|fault| match fault {
            SendFault::Bound(cause) => cause,
            SendFault::Broken if taken == 0 => Cause::ClosedBefore,
            SendFault::Broken => Cause::Cut,
        })
    }

    /// Before the first byte of a request nothing may stand on the connection:
    /// it would be taken for the answer. Session tickets are TLS's own matter.
    fn look(&mut self, exchange: &Exchange) -> Result<(), Cause> {
        let mut received = match &mut self.tls {
            None => {
                let mut probe = [0];
                return match self.socket.receive_now(&mut probe) {
                    Received::Nothing => Ok(()),
                    Received::Bytes(_) => Err(Cause::SpokeFirst),
                    Received::End | Received::Reset => Err(Cause::ClosedBefore),
                };
            }
            Some(tls) => self.socket.receive_now(tls.room()),
        };
        let Some(tls) = &mut self.tls else {
            return Err(Cause::Defect);
        };
        loop {
            match received {
                Received::Bytes(amount) => tls.received(amount),
                Received::End | Received::Reset => return Err(Cause::ClosedBefore),
                Received::Nothing if tls.is_empty() => return Ok(()),
                // The rest of a record that belongs to the last exchange, or of
                // a ticket on a fresh connection.
                Received::Nothing if exchange.reused.get() => return Err(Cause::SpokeFirst),
                Received::Nothing => {}
            }
            match tls.open(&self.socket, &exchange.call, &mut self.buffers.input) {
                Ok(_) if !self.buffers.input.is_empty() => return Err(Cause::SpokeFirst),
                Ok(Progress::Closed) => return Err(Cause::ClosedBefore),
                Ok(Progress::Quiet) => {}
                Err(Fault::Bound(cause)) => return Err(cause),
                Err(Fault::Tls(rustls::Error::AlertReceived(alert)))
                    if tls.is_refusal(alert, exchange) =>
                {
                    return Err(Cause::ClientCertificateNeeded);
                }
                Err(_) => return Err(Cause::ClosedBefore),
            }
            received = if tls.is_empty() {
                self.socket.receive_now(tls.room())
            } else {
                self.socket.receive(tls.room(), &exchange.call)?
            };
        }
    }

    /// The request with its preamble behind the host, which comes first.
    fn splice(&mut self) -> Result<(), Cause> {
        let head = self.buffers.output.filled();
        let mut ends = memchr::memchr_iter(b'\n', head);
        let (Some(_), Some(end)) = (ends.next(), ends.next()) else {
            return Err(Cause::Defect);
        };
        let (front, rest) = head.split_at_checked(end + 1).ok_or(Cause::Defect)?;
        self.message.wipe();
        let whole = self.message.push(front)
            && self.message.push(self.preamble.of(head))
            && self.message.push(rest);
        if whole { Ok(()) } else { Err(Cause::Defect) }
    }

    /// Does a part of this thread's exchange; what breaks it is noted there.
    fn take_part<T>(
        &mut self,
        part: impl FnOnce(&mut Self, &Exchange) -> Result<T, Cause>,
    ) -> Result<T, ureq::Error> {
        let Some(exchange) = exchange::current() else {
            return Err(ureq::Error::ConnectionFailed);
        };
        // A kind that ureq takes for the end of a body would hide the cause.
        part(self, &exchange).map_err(|cause| {
            self.sound = false;
            exchange.broke(cause);
            ureq::Error::ConnectionFailed
        })
    }

    fn wipe(&mut self) {
        self.begun = false;
        self.buffers.input.wipe();
        self.buffers.held = 0;
        self.buffers.output.wipe();
        self.message.wipe();
        if let Some(tls) = &mut self.tls {
            tls.wipe();
        }
    }
}

/// Waits for a piece of the answer. When the call ends, what has come by then
/// is still taken, once: the portal may have spoken.
fn await_bytes(
    socket: &mut Socket,
    room: &mut [u8],
    exchange: &Exchange,
) -> Result<Received, Cause> {
    match socket.receive(room, &exchange.call) {
        Err(cause) if !exchange.looked_last.replace(true) => match socket.receive_now(room) {
            Received::Bytes(amount) => Ok(Received::Bytes(amount)),
            _ => Err(cause),
        },
        received => received,
    }
}

impl Transport for Wire {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        // Held back until the answer is awaited, so that head and body leave
        // together, or until there is no room for more.
        self.buffers.output.add(amount);
        if self.buffers.output.room().is_empty() {
            return self.take_part(Self::flush);
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        let open = self.take_part(Self::advance)?;
        self.sound &= open;
        Ok(open)
    }

    /// ureq asks when an exchange has ended, and again before the next one.
    fn is_open(&mut self) -> bool {
        let Some(exchange) = exchange::current() else {
            return false;
        };
        let quiet = self.sound
            && self.buffers.input.is_empty()
            && self.buffers.output.is_empty()
            && self.tls.as_ref().is_none_or(Tls::is_empty)
            && self.generation == sys::fork_generation();
        if self.busy {
            self.busy = false;
            self.wipe();
            quiet && !exchange.tainted.get()
        } else if exchange.call.wants_new_connection() {
            false
        } else {
            self.busy = quiet;
            exchange.reused.set(quiet);
            quiet
        }
    }

    fn is_tls(&self) -> bool {
        self.tls.is_some()
    }
}

/// The buffers ureq reads from and writes to.
#[derive(Debug)]
struct WireBuffers {
    input: Buffer,
    /// Bytes at the end of the input that are not shown yet.
    held: usize,
    output: Buffer,
    progress: bool,
}

impl Buffers for WireBuffers {
    fn output(&mut self) -> &mut [u8] {
        self.output.room()
    }

    fn input(&self) -> &[u8] {
        let filled = self.input.filled();
        let shown = filled.len().saturating_sub(self.held);
        filled.get(..shown).unwrap_or_default()
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.input.room()
    }

    fn input_appended(&mut self, amount: usize) {
        self.input.add(amount);
    }

    fn input_consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        self.input.consume(amount);
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        (self.input.room(), self.output.room())
    }

    fn can_use_input(&self) -> bool {
        !self.input().is_empty() && self.progress
    }
}
