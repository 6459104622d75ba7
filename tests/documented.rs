//! The code that the documentation shows is compiled as it stands there, run
//! against the stand-in portal, and does there what is said of it.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

#[path = "documented/header.rs"]
mod header;
#[path = "documented/newcomers.rs"]
mod newcomers;
#[path = "documented/pages.rs"]
mod pages;
mod portal;
#[path = "documented/readme.rs"]
mod readme;
#[path = "documented/shown.rs"]
mod shown;
mod support;

use std::fs;

/// Where the project has pages of its own.
const FOLDERS: [&str; 4] = [".", "benches", "bindings", "docs"];

/// The code blocks of each page that shows any, sorted. Every block is run here
/// but for `sh`, which whoever runs this has typed, and `text`, which is no
/// program; what that shows of tfa-admin is compared in `tfa_admin/shown.rs`.
const BLOCKS: [(&str, &[&str]); 5] = [
    ("./CONTRIBUTING.md", &["sh", "text"]),
    ("./README.md", &["c", "cpp", "rust,no_run", "sh", "text"]),
    (
        "docs/coming-from.md",
        &["c", "console", "cpp", "js", "python"],
    ),
    ("docs/installing.md", &["text", "text"]),
    ("docs/tfa-admin.md", &["text", "text", "text"]),
];

/// Every page, as a path.
fn markdown() -> Vec<String> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(support::project(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".md") {
                found.push(format!("{folder}/{name}"));
            }
        }
    }
    found.sort();
    assert!(found.len() > 10, "{found:?}");
    found
}

/// The languages of the code blocks in a text, sorted.
fn languages(text: &str) -> Vec<&str> {
    let fences: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("```"))
        .collect();
    assert_eq!(fences.len() % 2, 0, "a block is not closed: {fences:?}");
    let mut languages: Vec<&str> = fences.into_iter().step_by(2).collect();
    languages.sort_unstable();
    languages
}

#[test]
fn no_block_is_left_out() {
    let pages: Vec<_> = markdown()
        .into_iter()
        .map(|page| (support::read(&page), page))
        .collect();
    let found: Vec<_> = pages
        .iter()
        .map(|(text, page)| (page.as_str(), languages(text)))
        .filter(|(_, blocks)| !blocks.is_empty())
        .collect();
    assert_eq!(found, BLOCKS.map(|(page, blocks)| (page, blocks.to_vec())));
}

/// How a heading is named in an address.
fn anchor(heading: &str) -> String {
    heading
        .trim_start_matches('#')
        .trim()
        .to_lowercase()
        .replace(' ', "-")
        .replace(|it: char| !it.is_alphanumeric() && it != '-', "")
}

#[test]
fn every_link_leads_somewhere() {
    for page in markdown() {
        let folder = page.rsplit_once('/').unwrap().0;
        let text = support::read(&page);
        for link in text.split("](").skip(1) {
            let link = link.split_once(')').expect("the end of a link").0;
            if link.starts_with("https://") {
                continue;
            }
            let (path, part) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => page.clone(),
                path => format!("{folder}/{path}"),
            };
            assert!(support::project(&target).is_file(), "{page}: {link}");
            let there = part.is_empty()
                || support::read(&target)
                    .lines()
                    .any(|line| line.starts_with('#') && anchor(line) == part);
            assert!(there, "{page}: {link}");
        }
    }
}

#[test]
fn the_readme_is_short() {
    let lines = support::read("README.md").lines().count();
    assert!(lines <= 280, "{lines} lines: move some to docs/");
}
