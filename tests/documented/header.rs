//! The example at the top of each header, and of the library's own page, which
//! is the C header's.

use crate::shown::{self, Shown};
use crate::support;

fn assert_is_a_program(name: &str, text: &str) {
    let shown = Shown::program(name, text);
    let refused = "The account has no linked authenticator app";
    shown::assert_changes_once(&shown, shown::UNLINKED, refused, [0, 1]);
}

#[test]
fn the_program_of_the_c_header() {
    let text = support::example_in("include/docspace_tfa.h");
    assert_is_a_program("shown-header", &text);
}

#[test]
fn the_program_of_the_librarys_page() {
    let text = shown::page("docspace_tfa");
    assert_is_a_program("shown-library-page", &text);
}

#[test]
fn the_function_of_the_cpp_header() {
    let text = support::example_in("include/docspace_tfa.hpp");
    let portal = shown::plain_portal();
    let text = shown::with_own(&text, &[(shown::THEIR_PORTAL, &portal.url())]);
    let call = r#"std::printf("%d\n", reset(key, more[0]))"#;
    let Some(shown) = Shown::cpp("shown-cpp-header", &text, call) else {
        return;
    };
    let (owner, member) = (portal.owner(), portal.member());
    let said = shown.run(&portal, &owner, &[&member.id], 0);
    assert!(said.starts_with(shown::UNLINKED), "{said}");
    assert!(said.ends_with("\n0\n"), "{said}");
    shown::assert_unlinked_by_one_request(&portal, &member);
    let said = shown.run(&portal, &owner, &[&member.id], 0);
    assert!(said.starts_with("1\nThe account has no linked"), "{said}");
}
