//! Which paths the library knows: the one that concerns every account stands in
//! one file and is private there. That it is never asked for by mistake is
//! watched by the stand-in portal in every test.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// Every source file with its text, by its path below `src/`.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// Files and lines that hold `part`.
fn lines_with(part: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, text) in sources() {
        for line in text.lines().filter(|line| line.contains(part)) {
            found.push((name.clone(), line.trim().to_owned()));
        }
    }
    found
}

#[test]
fn the_portal_wide_path_is_private_to_its_file() {
    let expected = (
        "policy.rs".to_owned(),
        "const PATH: &str = \"settings/tfaapp\";".to_owned(),
    );
    assert_eq!(lines_with("settings/tfaapp\""), [expected]);
    // Nor is it put together from pieces.
    for (name, line) in lines_with("tfaapp") {
        let known = [
            "\"settings/tfaapp\"",
            "\"settings/tfaappnewapp\"",
            "\"settings/tfaappcodes\"",
            "\"settings/tfaappnewcodes\"",
        ];
        let text = line.starts_with("//");
        let in_tests = name.ends_with("tests.rs");
        let known = known.iter().any(|path| line.contains(path));
        assert!(text || in_tests || known, "{name}: {line}");
    }
}

#[test]
fn the_call_that_answers_with_a_link_is_unknown() {
    assert_eq!(lines_with("tfaappwithlink"), []);
    assert_eq!(lines_with("withlink"), []);
}

#[test]
fn only_one_function_asks_to_set_the_policy() {
    let text = &sources()
        .into_iter()
        .find(|(name, _)| name == "policy.rs")
        .expect("src/policy.rs")
        .1;
    let uses = text.matches("PATH").count();
    let reads = text.matches("portal.read(call, PATH, PATH)").count();
    let writes = text.matches("portal.write(call, PATH, PATH,").count();
    assert_eq!((reads, writes), (1, 1));
    assert_eq!(uses, 5, "declared once, read once, written once");
    for (name, text) in sources() {
        let below = name.starts_with("policy/");
        assert!(!below || !text.contains("PATH"), "{name}");
    }
}
