//! What the library is made of keeps to packaging/licences.txt: licences,
//! crates in several versions, and where they come from.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::process::Command;

use serde_json::Value;

const LIST: &str = "packaging/licences.txt";

/// A crate that is built for the library, for whatever platform.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    licence: String,
    source: String,
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn array<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Everything but what only tests use.
fn parts() -> BTreeSet<Part> {
    // Of other platforms too, so that crates may have to be fetched.
    let output = Command::new(env::var_os("CARGO").expect("cargo runs the tests"))
        .args(["metadata", "--format-version=1", "--locked"])
        .arg("--manifest-path")
        .arg(support::project("Cargo.toml"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let resolve = metadata.get("resolve").expect("a graph");
    let root = text(resolve, "root");
    let needs = |id: &str| -> Vec<String> {
        let node = array(resolve, "nodes")
            .iter()
            .find(|node| text(node, "id") == id)
            .expect("a node");
        array(node, "deps")
            .iter()
            .filter(|dep| {
                let kinds = array(dep, "dep_kinds");
                kinds.iter().any(|kind| text(kind, "kind") != "dev")
            })
            .map(|dep| text(dep, "pkg").to_owned())
            .collect()
    };
    let mut waiting = needs(root);
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if found.insert(id.clone()) {
            waiting.extend(needs(&id));
        }
    }
    array(&metadata, "packages")
        .iter()
        .filter(|package| found.contains(text(package, "id")))
        .map(|package| Part {
            name: text(package, "name").to_owned(),
            version: text(package, "version").to_owned(),
            licence: text(package, "license").to_owned(),
            source: text(package, "source").to_owned(),
        })
        .collect()
}

/// The lines of the list that begin with a word, without it.
fn lines(word: &str) -> Vec<String> {
    support::read(LIST)
        .lines()
        .filter_map(|line| line.strip_prefix(word)?.strip_prefix(' '))
        .map(str::to_owned)
        .collect()
}

/// Whether a licence expression is met by licences that are taken.
fn met(expression: &str, taken: &dyn Fn(&str) -> bool) -> bool {
    let old = expression.replace('/', " OR ");
    let mut words: Vec<String> = Vec::new();
    for word in old
        .replace('(', " ( ")
        .replace(')', " ) ")
        .split_whitespace()
    {
        // An exception only takes duties away.
        if words.last().is_some_and(|it| it == "WITH") {
            words.pop();
        } else {
            words.push(word.to_owned());
        }
    }
    let mut words = words.into_iter().peekable();
    let result = any(&mut words, taken);
    assert!(words.peek().is_none(), "{expression}: cannot be read");
    return result;

    type Words = std::iter::Peekable<std::vec::IntoIter<String>>;

    fn any(words: &mut Words, taken: &dyn Fn(&str) -> bool) -> bool {
        let mut result = all(words, taken);
        while words.next_if(|it| it == "OR").is_some() {
            result |= all(words, taken);
        }
        result
    }

    fn all(words: &mut Words, taken: &dyn Fn(&str) -> bool) -> bool {
        let mut result = one(words, taken);
        while words.next_if(|it| it == "AND").is_some() {
            result &= one(words, taken);
        }
        result
    }

    fn one(words: &mut Words, taken: &dyn Fn(&str) -> bool) -> bool {
        let word = words.next().expect("a licence");
        if word != "(" {
            return taken(&word);
        }
        let result = any(words, taken);
        assert_eq!(words.next().as_deref(), Some(")"));
        result
    }
}

#[test]
fn expressions_are_read_as_they_are_meant() {
    let taken = |it: &str| ["MIT", "ISC", "Apache-2.0"].contains(&it);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("MIT/GPL-3.0", true),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("GPL-3.0 OR MIT AND ISC", true),
        ("(GPL-3.0 OR MIT) AND MPL-2.0", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true),
        ("GPL-3.0 WITH Classpath-exception-2.0", false),
    ] {
        assert_eq!(met(expression, &taken), expected, "{expression}");
    }
}

#[test]
fn every_licence_is_taken_and_every_taken_one_is_needed() {
    let licences = lines("licence");
    let only: Vec<(String, String)> = lines("only")
        .iter()
        .map(|line| {
            let (licence, name) = line.split_once(' ').expect("a licence and a crate");
            (licence.to_owned(), name.to_owned())
        })
        .collect();
    let parts = parts();
    assert!(parts.len() > 30, "only {} crates", parts.len());
    let accepted = |part: &Part, without: &str| {
        met(&part.licence, &|it| {
            let taken = licences.iter().any(|licence| licence == it)
                || only.contains(&(it.to_owned(), part.name.clone()));
            taken && it != without
        })
    };
    for part in &parts {
        assert!(accepted(part, ""), "{part:?}: not in {LIST}");
    }
    for licence in licences.iter().chain(only.iter().map(|(it, _)| it)) {
        // MIT and Apache-2.0 are ours, and stand in for each other.
        let needed = ["MIT", "Apache-2.0"].contains(&licence.as_str())
            || parts.iter().any(|part| !accepted(part, licence));
        assert!(needed, "{licence}: nothing needs it any more");
    }
}

#[test]
fn crates_in_several_versions_are_known() {
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    for part in parts() {
        *versions.entry(part.name).or_default() += 1;
    }
    let found: Vec<String> = versions
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    assert_eq!(found, lines("twice"), "left: Cargo.lock; right: {LIST}");
}

#[test]
fn everything_comes_from_the_registry() {
    for part in parts() {
        assert!(part.source.starts_with("registry+"), "{part:?}");
    }
}

/// cargo-deny, where it is there, is told the same.
#[test]
fn cargo_deny_is_told_the_same() {
    let told = support::read("packaging/deny.toml");
    let quoted = |text: &str| -> Vec<String> {
        text.split('"')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let between = |from: &str, to: &str| -> Vec<String> {
        let (_, rest) = told.split_once(from).expect(from);
        quoted(rest.split_once(to).expect(to).0)
    };
    assert_eq!(between("\nallow = [", "]"), lines("licence"));
    let mut only = Vec::new();
    for line in lines("only") {
        let (licence, name) = line.split_once(' ').expect("a licence and a crate");
        only.extend([name.to_owned(), licence.to_owned()]);
    }
    assert_eq!(between("\nexceptions = [", "]\n"), only);
    let twice: Vec<String> = lines("twice")
        .iter()
        .map(|line| line.split(' ').next().expect("a crate").to_owned())
        .collect();
    assert_eq!(between("\nskip = [", "]\n"), twice);
}
