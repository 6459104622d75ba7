//! A port that takes no connections and refuses none: the queue of those
//! waiting to be accepted is full, so a connect lasts until it gives up.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

#[derive(Debug)]
pub struct Deaf {
    address: SocketAddr,
    _listener: Socket,
    _waiting: Vec<TcpStream>,
}

impl Deaf {
    pub fn start() -> Self {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let any: SocketAddr = ([127, 0, 0, 1], 0).into();
        listener.bind(&any.into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        // The first connect that gets no answer shows that the queue is full.
        let waiting: Vec<TcpStream> = (0..64)
            .map_while(|_| TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok())
            .collect();
        assert!(waiting.len() < 64, "the queue of {address} does not fill");
        Self {
            address,
            _listener: listener,
            _waiting: waiting,
        }
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }
}
