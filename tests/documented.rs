//! The code that the documentation shows is compiled as it stands there, run
//! against the stand-in portal, and does there what is said of it.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message, and tell what they leave out"
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

/// How many code blocks of which language stand where. Each language but the
/// last two has a test here that runs it; `text` is no program, and `sh` are
/// the two commands that whoever runs this has just typed.
#[test]
fn no_block_is_left_out() {
    let count = |path: &str| -> Vec<(String, usize)> {
        let text = support::read(path);
        let mut found: Vec<(String, usize)> = Vec::new();
        let fences = text.lines().filter_map(|line| line.strip_prefix("```"));
        for language in fences.step_by(2) {
            match found.iter_mut().find(|(known, _)| known == language) {
                Some((_, count)) => *count += 1,
                None => found.push((language.to_owned(), 1)),
            }
        }
        found.sort();
        found
    };
    let expected = |counts: &[(&str, usize)]| -> Vec<(String, usize)> {
        let mut counts: Vec<_> = counts
            .iter()
            .map(|(it, n)| ((*it).to_owned(), *n))
            .collect();
        counts.sort();
        counts
    };
    let readme = [
        ("c", 1),
        ("cpp", 1),
        ("rust,no_run", 1),
        ("sh", 1),
        ("text", 5),
    ];
    assert_eq!(count("README.md"), expected(&readme));
    let newcomers = [
        ("c", 1),
        ("cpp", 1),
        ("console", 1),
        ("js", 1),
        ("python", 1),
    ];
    assert_eq!(count("docs/coming-from.md"), expected(&newcomers));
}
