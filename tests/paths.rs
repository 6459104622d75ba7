//! Which paths of the portal's two-factor settings the library knows: the one
//! that concerns every account stands in one file, and the one that answers with a
//! link in none. That neither is asked for by mistake is watched by the stand-in
//! portal in every test.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

use std::fs;
use std::path::Path;

/// Adds the strings with `part` that stand in the sources below a folder, each
/// with its file; texts and tests may name what they like.
fn strings_with(part: &str, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            strings_with(part, &path, found);
        } else if !path.to_str().unwrap().ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim().starts_with("//"));
            let name = path.file_name().unwrap().to_str().unwrap();
            for string in code.flat_map(|line| line.split('"').filter(|it| it.contains(part))) {
                found.push(format!("{name}: {string}"));
            }
        }
    }
}

#[test]
fn the_portal_wide_path_stands_in_one_file() {
    let mut found = Vec::new();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    strings_with("tfaapp", &sources, &mut found);
    // Nor is it put together from pieces.
    found.retain(|it| {
        let others = ["newapp", "codes", "newcodes"];
        !others
            .iter()
            .any(|end| it.ends_with(&format!(": settings/tfaapp{end}")))
    });
    assert_eq!(found, ["policy.rs: settings/tfaapp"]);
}
