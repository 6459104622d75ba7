//! What the library is made of keeps to packaging/deny.toml, cargo-deny or not:
//! licences, crates in several versions, and where they come from.
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

const LIST: &str = "packaging/deny.toml";

/// What stands for a part of a licence expression that was decided.
const YES: &str = "taken";
const NO: &str = "not taken";

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

/// The names that stand between two pieces of the list.
fn names(from: &str, to: &str) -> Vec<String> {
    let list = support::read(LIST);
    let names = support::between(&list, from, to)
        .split('"')
        .skip(1)
        .step_by(2);
    names.map(str::to_owned).collect()
}

/// Whether a licence expression is met by licences that are taken.
fn met(expression: &str, taken: &dyn Fn(&str) -> bool) -> bool {
    let mut rest = expression.replace('/', " OR ");
    // The innermost parentheses first, each replaced by what comes of it.
    while let Some((before, after)) = rest.split_once(')') {
        let (before, inside) = before.rsplit_once('(').expect("an opening one");
        let inside = if met(inside, taken) { YES } else { NO };
        rest = format!("{before}{inside}{after}");
    }
    rest.split(" OR ").any(|choice| {
        choice.split(" AND ").all(|licence| {
            // An exception only takes duties away.
            let licence = licence.split(" WITH ").next().unwrap_or_default();
            licence == YES || (licence != NO && taken(licence))
        })
    })
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
    let licences = names("\nallow = [", "\n]");
    // A crate and its licence, in turn.
    let only = names("\nexceptions = [", "]\n");
    let only: Vec<&[String]> = only.chunks(2).collect();
    let parts = parts();
    assert!(parts.len() > 30, "only {} crates", parts.len());
    let accepted = |part: &Part, without: &str| {
        met(&part.licence, &|it| {
            let taken = licences.iter().any(|licence| licence == it)
                || only.contains(&[part.name.clone(), it.to_owned()].as_slice());
            taken && it != without
        })
    };
    for part in &parts {
        assert!(accepted(part, ""), "{part:?}: not in {LIST}");
    }
    for licence in licences.iter().chain(only.iter().map(|pair| &pair[1])) {
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
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        found,
        names("\nskip = [", "\n]"),
        "left: Cargo.lock; right: {LIST}"
    );
}

#[test]
fn everything_comes_from_the_registry() {
    for part in parts() {
        assert!(part.source.starts_with("registry+"), "{part:?}");
    }
}
