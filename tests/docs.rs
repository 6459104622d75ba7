//! The manual pages are what the header says, and every function has its place.
//! (Their examples are run by documented.rs.)
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod support;

use std::fs;
use std::process::Command;

fn stem(page: &std::path::Path) -> &str {
    page.file_stem().unwrap().to_str().unwrap()
}

#[test]
fn the_pages_are_what_the_header_says() {
    if !support::has("python3") {
        support::not_run("the manual pages against the header (no python3)");
        return;
    }
    support::succeed(
        Command::new("python3")
            .args(["-B"])
            .arg(support::project("man/make"))
            .arg("--check"),
    );
}

#[test]
fn every_object_has_a_page_and_every_function_is_on_one() {
    let header = support::bare_header();
    let pages = support::pages();
    let mut objects: Vec<String> = header
        .lines()
        .filter_map(|line| line.strip_prefix("typedef struct "))
        .map(|rest| rest.split(' ').next().unwrap().to_owned())
        .collect();
    objects.push("docspace_tfa".to_owned());
    objects.sort();
    let named: Vec<&str> = pages.iter().map(|page| stem(page)).collect();
    assert_eq!(named, objects, "left: man/; right: the header");

    let texts: Vec<String> = pages
        .iter()
        .map(|page| fs::read_to_string(page).unwrap())
        .collect();
    for name in support::functions(&header) {
        let entry = format!(".TP\n.BR {name} ()\n");
        let count = texts.iter().filter(|text| text.contains(&entry)).count();
        assert_eq!(count, 1, "{name}: on {count} pages");
    }
}

#[test]
fn the_synopses_of_the_pages_compile() {
    for page in support::pages() {
        let text = fs::read_to_string(&page).unwrap();
        let synopsis = support::between_in_page(&text, ".SH SYNOPSIS\n.nf\n.B ", "Link with ");
        let source = support::scratch(&format!("synopsis-{}", stem(&page))).join("it.c");
        fs::write(&source, synopsis.replace(".PP\n", "")).unwrap();
        // Declared twice and the same, or the compiler objects.
        support::succeed(
            support::need("gcc")
                .args(["-std=c99", "-fsyntax-only"])
                .args(support::STRICT)
                .arg("-I")
                .arg(support::project("include"))
                .arg(&source),
        );
    }
}

#[test]
fn the_pages_are_set_without_a_warning() {
    if !support::has("groff") {
        support::not_run("the manual pages, set (no groff)");
        return;
    }
    for page in support::pages() {
        let said = support::succeed(
            Command::new("groff")
                .args(["-man", "-ww", "-Tutf8", "-Z"])
                .arg(&page)
                .stdout(std::process::Stdio::null()),
        );
        assert_eq!(said, "", "{}", page.display());
    }
}

#[test]
fn every_part_of_the_header_is_on_the_main_page() {
    let header = support::read("include/docspace_tfa.h");
    let parts: Vec<&str> = header
        .lines()
        .filter_map(|line| line.strip_prefix("/** @defgroup "))
        .map(|rest| rest.split(' ').next().unwrap())
        .collect();
    assert!(!parts.is_empty());
    let page = support::read("docs/mainpage.dox");
    let mut named: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("- @ref "))
        .collect();
    for part in parts {
        let place = named.iter().position(|it| *it == part);
        named.remove(place.unwrap_or_else(|| panic!("{part}: not on the main page")));
    }
    assert!(named.is_empty(), "not in the header: {named:?}");
}
