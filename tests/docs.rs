//! The manual pages are what the header says, the code in them and in docs/
//! compiles, and every function has its place.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message, and tell what they leave out"
)]

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The pages that are made from the header.
fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = fs::read_dir(support::project("man"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "3"))
        .collect();
    pages.sort();
    pages
}

fn stem(page: &std::path::Path) -> &str {
    page.file_stem().unwrap().to_str().unwrap()
}

/// What a reader sees of a page's source between two lines.
fn part(page: &str, from: &str, to: &str) -> String {
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    let (part, _) = rest.split_once(to).unwrap_or_else(|| panic!("no {to}"));
    part.replace("\n\\&", "\n")
        .replace("\\-", "-")
        .replace("\\(aq", "'")
        .replace("\\e", "\\")
}

/// Compiles a text, and does not link it.
fn compile(test: &str, compiler: &str, standard: &str, text: &str) {
    let name = if compiler == "g++" { "it.cpp" } else { "it.c" };
    let folder = support::scratch(&format!("docs-{test}"));
    let source = folder.join(name);
    fs::write(&source, text).unwrap();
    support::succeed(
        support::need(compiler)
            .arg(format!("-std={standard}"))
            .args(support::STRICT)
            .arg("-I")
            .arg(support::project("include"))
            .arg("-c")
            .arg(&source)
            .arg("-o")
            .arg(folder.join("it.o")),
    );
}

#[test]
fn the_pages_are_what_the_header_says() {
    if !support::has("python3") {
        println!("not run: no python3");
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
    let pages = pages();
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
fn examples_and_synopses_of_the_pages_compile() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let name = stem(&page);
        let example = part(&text, ".SH EXAMPLES\n.EX\n", "\n.EE");
        compile(name, "gcc", "c99", &(example + "\n"));
        // Declared twice and the same, or the compiler objects.
        let synopsis = part(&text, ".SH SYNOPSIS\n.nf\n.B ", "Link with ");
        compile(
            &format!("{name}-synopsis"),
            "gcc",
            "c99",
            &synopsis.replace(".PP\n", ""),
        );
    }
}

#[test]
fn the_pages_are_set_without_a_warning() {
    if !support::has("groff") {
        println!("not run: no groff");
        return;
    }
    for page in pages() {
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
fn the_code_of_the_page_for_newcomers_compiles() {
    let text = support::read("docs/coming-from.md");
    for (language, compiler, standard) in [("c", "gcc", "c99"), ("cpp", "g++", "c++11")] {
        let block = part(&text, &format!("```{language}\n"), "```");
        compile(
            &format!("coming-from-{language}"),
            compiler,
            standard,
            &block,
        );
    }
    if support::has("python3") {
        let block = part(&text, "```python\n", "```");
        support::succeed(Command::new("python3").args([
            "-c",
            "import ast, sys; ast.parse(sys.argv[1])",
            &block,
        ]));
    } else {
        println!("not run: no python3");
    }
    if support::has("node") {
        let block = part(&text, "```js\n", "```");
        let folder = support::scratch("docs-coming-from-js");
        fs::write(folder.join("it.mjs"), block).unwrap();
        support::succeed(
            Command::new("node")
                .arg("--check")
                .arg(folder.join("it.mjs")),
        );
    } else {
        println!("not run: no node");
    }
}
