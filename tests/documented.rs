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

/// The languages of the code blocks in a file, sorted.
fn languages(path: &str) -> Vec<String> {
    let text = support::read(path);
    let fences = text.lines().filter_map(|line| line.strip_prefix("```"));
    let mut languages: Vec<String> = fences.step_by(2).map(str::to_owned).collect();
    languages.sort();
    languages
}

/// Every block is run here, but for `sh`, the two commands that whoever runs this
/// has typed, and `text`, which is no program.
#[test]
fn no_block_is_left_out() {
    let mut readme = vec!["c", "cpp", "rust,no_run", "sh"];
    readme.extend(["text"; 6]);
    assert_eq!(languages("README.md"), readme);
    let newcomers = ["c", "console", "cpp", "js", "python"];
    assert_eq!(languages("docs/coming-from.md"), newcomers);
}
