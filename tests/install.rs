//! Installing gives what programs of others need to find the library, and
//! uninstalling leaves nothing. Uses the libraries `cargo test` has built.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stop with a plain message, and tell what they leave out"
)]

mod portal;
mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use portal::Portal;
use support::Link;

/// Some of the programs that are built, each with the tool it takes.
const PROGRAMS: [(&str, &str); 5] = [
    ("pkg-config", "C, pkg-config, shared"),
    ("pkg-config", "C, pkg-config, static"),
    ("cmake", "CMake, cpp_static"),
    ("autoreconf", "C, configure"),
    ("python3", "Python"),
];

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The folder with `libdocspace_tfa.so` and `.a`.
fn built() -> PathBuf {
    support::library(Link::Shared).parent().unwrap().to_owned()
}

fn script(name: &str) -> Command {
    let mut command = support::need("sh");
    command.arg(support::project("packaging").join(name));
    command
}

fn install(prefix: &Path) -> Command {
    let mut command = script("install");
    command
        .arg(format!("--prefix={}", prefix.display()))
        .arg(format!("--from={}", built().display()))
        .arg("--tool=none");
    command
}

/// Everything below a folder, as paths relative to it, sorted.
fn tree(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, below: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = below.join(entry.file_name());
            found.push(name.display().to_string());
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &name, found);
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, Path::new(""), &mut found);
    found.sort();
    found
}

fn pkg_config(libdir: &Path, arguments: &[&str]) -> String {
    let said = support::succeed(
        support::need("pkg-config")
            .env("PKG_CONFIG_PATH", libdir.join("pkgconfig"))
            .args(arguments)
            .arg("docspace-tfa"),
    );
    said.trim().to_owned()
}

#[test]
fn programs_of_others_are_built_and_run_and_nothing_is_left() {
    let portal = Portal::start();
    let key_file = portal
        .folder()
        .write("owner.key", &portal.key_of(&portal.owner()));
    let said = support::succeed(
        script("check")
            .arg(format!("--from={}", built().display()))
            .env("PORTAL_URL", portal.url())
            .env("CA_FILE", portal.ca_file())
            .env("OWNER_KEY_FILE", key_file)
            .env("UNLINKED_ID", portal.unlinked().id),
    );
    println!("{said}");
    for (tool, program) in PROGRAMS {
        let done = said.contains(&format!("ok: {program}\n"));
        assert_eq!(done, support::has(tool), "{program}:\n{said}");
    }
    // Each program reached the portal once.
    // The tool is only asked for its version.
    let run = said
        .lines()
        .filter(|line| line.starts_with("ok: ") && *line != "ok: tfa-admin")
        .count();
    let asked = portal.count("PUT", "/settings/tfaappnewapp");
    assert!(asked == run, "{run} programs, {asked} requests");
}

#[test]
fn the_installed_tree_is_what_it_is_said_to_be() {
    let prefix = support::scratch("install-tree").join("p");
    support::succeed(&mut install(&prefix));
    let tree = tree(&prefix);
    let versioned = format!("lib/libdocspace_tfa.so.{VERSION}");
    for path in [
        "include/docspace_tfa.h",
        "include/docspace_tfa.hpp",
        "lib/libdocspace_tfa.a",
        "lib/libdocspace_tfa.so",
        "lib/libdocspace_tfa.so.0",
        &versioned,
        "lib/pkgconfig/docspace-tfa.pc",
        "lib/cmake/docspace_tfa/docspace_tfaConfig.cmake",
        "lib/cmake/docspace_tfa/docspace_tfaConfigVersion.cmake",
    ] {
        assert!(tree.iter().any(|it| it == path), "{path}: {tree:?}");
    }
    for function in support::functions(&support::bare_header()) {
        let page = fs::read_to_string(prefix.join(format!("share/man/man3/{function}.3"))).unwrap();
        let named = page.trim_end().strip_prefix(".so ").unwrap();
        let text = fs::read_to_string(prefix.join("share/man").join(named)).unwrap();
        let entry = format!("\n.BR {function} ()\n");
        assert!(text.contains(&entry), "{function}: not on {named}");
    }
    for (link, target) in [
        ("libdocspace_tfa.so", "libdocspace_tfa.so.0".to_owned()),
        (
            "libdocspace_tfa.so.0",
            format!("libdocspace_tfa.so.{VERSION}"),
        ),
    ] {
        let found = fs::read_link(prefix.join("lib").join(link)).unwrap();
        assert_eq!(found, Path::new(&target));
    }
    for path in tree.iter().map(|it| prefix.join(it)) {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let expected = if path.is_dir() { 0o755 } else { 0o644 };
        assert_eq!(mode, expected, "{}", path.display());
    }
}

#[test]
fn pkg_config_gives_what_the_compiler_says() {
    if !support::has("pkg-config") {
        println!("not run: no pkg-config");
        return;
    }
    let prefix = support::scratch("install-pc").join("p");
    support::succeed(&mut install(&prefix));
    let libdir = prefix.join("lib");
    assert_eq!(pkg_config(&libdir, &["--modversion"]), VERSION);
    assert_eq!(
        pkg_config(&libdir, &["--cflags"]),
        format!("-I{}/include", prefix.display())
    );
    let shared = format!("-L{} -ldocspace_tfa", libdir.display());
    assert_eq!(pkg_config(&libdir, &["--libs"]), shared);
    let pc = fs::read_to_string(libdir.join("pkgconfig/docspace-tfa.pc")).unwrap();
    let private = pc
        .lines()
        .find_map(|line| line.strip_prefix("Libs.private: "))
        .expect("Libs.private");
    let notes = support::succeed(
        support::need("rustc")
            .args(["--crate-type=staticlib", "--crate-name=empty"])
            .args(["--print=native-static-libs", "-o"])
            .arg(prefix.join("libempty.a"))
            .arg("/dev/null"),
    );
    assert!(
        notes.contains(&format!("native-static-libs: {private}\n")),
        "{private}\n{notes}"
    );
}

/// As packages of distributions are made.
#[test]
fn a_root_and_a_separate_library_folder_are_respected() {
    let folder = support::scratch("install-root");
    let libdir = "/usr/lib/x86_64-linux-gnu";
    let options = |command: &mut Command| {
        command
            .arg(format!("--libdir={libdir}"))
            .arg(format!("--destdir={}", folder.join("a root").display()));
    };
    let mut command = install(Path::new("/usr"));
    options(&mut command);
    support::succeed(&mut command);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    let root = folder.join("a root");
    let found = tree(&root);
    assert!(found.iter().all(|path| path.starts_with("usr")));
    let pc = root.join("usr/lib/x86_64-linux-gnu/pkgconfig/docspace-tfa.pc");
    let pc = fs::read_to_string(pc).unwrap();
    assert!(pc.starts_with("prefix=/usr\nlibdir=${prefix}/lib/x86_64-linux-gnu\n"));
    let cmake = root
        .join("usr/lib/x86_64-linux-gnu/cmake/docspace_tfa")
        .join("docspace_tfaConfig.cmake");
    // cmake/docspace_tfa, x86_64-linux-gnu, lib: four folders below the prefix.
    assert!(
        fs::read_to_string(cmake)
            .unwrap()
            .contains("{_docspace_tfa_here}/../../../../include\"")
    );

    let mut command = script("install");
    command.args(["--prefix=/usr", "--uninstall"]);
    options(&mut command);
    support::succeed(&mut command);
    assert_eq!(tree(&root), Vec::<String>::new());
}

#[test]
fn uninstalling_spares_what_others_put_there() {
    let prefix = support::scratch("install-shared").join("p");
    fs::create_dir_all(prefix.join("include")).unwrap();
    fs::create_dir_all(prefix.join("share/empty")).unwrap();
    support::succeed(&mut install(&prefix));
    fs::write(prefix.join("lib/theirs"), "").unwrap();
    // A second time: the first is replaced, and still known.
    support::succeed(&mut install(&prefix));
    support::succeed(
        script("install")
            .arg(format!("--prefix={}", prefix.display()))
            .arg("--uninstall"),
    );
    assert_eq!(
        tree(&prefix),
        ["include", "lib", "lib/theirs", "share", "share/empty"]
    );
    // Nothing to remove is told.
    support::run(
        script("install")
            .arg(format!("--prefix={}", prefix.display()))
            .arg("--uninstall"),
        1,
    );
}

#[test]
fn what_cannot_be_done_is_refused_before_anything_is_made() {
    let folder = support::scratch("install-refused");
    for wrong in [
        "--prefix=relative",
        "--prefix=/with a blank",
        "--prefix=/up/../there",
        "--prefix=/a$b",
    ] {
        support::run(
            script("install")
                .current_dir(&folder)
                .arg(wrong)
                .arg(format!("--destdir={}", folder.display())),
            1,
        );
    }
    support::run(&mut script("install"), 2);
    support::run(script("install").args(["--prefix=/usr", "--unknown"]), 2);
    let prefix = folder.join("p");
    support::run(
        script("install")
            .arg(format!("--prefix={}", prefix.display()))
            .arg(format!("--from={}", folder.display())),
        1,
    );
    assert_eq!(tree(&folder), Vec::<String>::new());
}

/// A list that names other places removes nothing.
#[test]
fn a_list_that_was_tampered_with_is_refused() {
    let folder = support::scratch("install-tampered");
    let prefix = folder.join("p");
    support::succeed(&mut install(&prefix));
    let precious = folder.join("precious");
    fs::write(&precious, "").unwrap();
    let list = prefix.join("share/docspace-tfa/installed");
    let kept = fs::read_to_string(&list).unwrap();
    for wrong in [
        precious.display().to_string(),
        format!("{}/../precious", prefix.display()),
    ] {
        fs::write(&list, format!("{kept}{wrong}\n")).unwrap();
        support::run(
            script("install")
                .arg(format!("--prefix={}", prefix.display()))
                .arg("--uninstall"),
            1,
        );
        assert!(precious.exists());
        assert!(prefix.join("lib/libdocspace_tfa.a").exists());
    }
}
