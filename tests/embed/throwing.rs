//! A C++ exception must not leave a callback: it cannot go on through another
//! language, nor can it be dropped.

use crate::portal::crude::{Crude, Transport};
use crate::tools::{World, answering, host, run};

const SIGABRT: i32 = 6;

#[test]
fn an_exception_out_of_a_callback_ends_the_host() {
    let portal = Crude::start(Transport::Plain, answering(1));
    let mut host = host("throwing.cpp");
    portal.show_to(&mut host);
    run(host.env("HOST_THROWS", "0")).silently();
    let said = run(host.env("HOST_THROWS", "1")).by_signal(SIGABRT);
    assert!(said.contains("foreign exception"), "{said}");
    assert!(!said.contains("went through"), "{said}");
}
