//! Gives the shared library its name, keeps it loaded, and renders the C header.
#![allow(
    clippy::print_stdout,
    reason = "cargo reads the build script's standard output"
)]

use std::env;
use std::error::Error;

/// Part of the shared library's name. Raised only when programs built against
/// the former one would break.
const ABI: &str = "0";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    name_the_shared_library(&env::var("CARGO_CFG_TARGET_OS")?);
    #[cfg(feature = "header")]
    header::render()?;
    Ok(())
}

fn name_the_shared_library(os: &str) {
    let link = |argument: &str| println!("cargo:rustc-cdylib-link-arg=-Wl,{argument}");
    match os {
        "linux" | "android" | "freebsd" | "netbsd" | "openbsd" | "dragonfly" => {
            link(&format!("-soname,libdocspace_tfa.so.{ABI}"));
            // A thread that outlives an unloaded library runs into nothing.
            link("-z,nodelete");
        }
        "macos" | "ios" => link(&format!("-install_name,@rpath/libdocspace_tfa.{ABI}.dylib")),
        // Windows names DLLs by their file and is told at run time to keep
        // this one (src/ffi/pin.rs).
        _ => {}
    }
}

#[cfg(feature = "header")]
mod header {
    use std::env;
    use std::error::Error;
    use std::fs;
    use std::path::Path;

    const NAME: &str = "docspace_tfa.h";
    const UPDATE: &str = "DSTFA_UPDATE_HEADER";

    /// Renders the header into OUT_DIR, where `tests/header.rs` compares it
    /// with the committed one. That one is only written to when asked.
    pub(super) fn render() -> Result<(), Box<dyn Error>> {
        println!("cargo:rerun-if-changed=src/ffi");
        println!("cargo:rerun-if-changed=cbindgen.toml");
        println!("cargo:rerun-if-env-changed={UPDATE}");
        refuse_comment_ends(Path::new("src/ffi"))?;

        let mut config = cbindgen::Config::from_file("cbindgen.toml")?;
        config.after_includes = Some(after_includes()?);
        let mut rendered = Vec::new();
        cbindgen::Builder::new()
            .with_config(config)
            .with_src("src/ffi/mod.rs")
            .generate()?
            .write(&mut rendered);
        fs::write(Path::new(&env::var("OUT_DIR")?).join(NAME), &rendered)?;
        if env::var_os(UPDATE).is_some_and(|value| value == "1") {
            fs::write(Path::new("include").join(NAME), &rendered)?;
        }
        Ok(())
    }

    /// cbindgen copies comments as they are, and one of these in them would
    /// end the header's comment early. Folders hold unit tests only.
    fn refuse_comment_ends(folder: &Path) -> Result<(), Box<dyn Error>> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                continue;
            }
            for (number, line) in (1..).zip(fs::read_to_string(&path)?.lines()) {
                let is_text = line.trim_start().starts_with("///");
                if is_text && (line.contains("*/") || line.contains("/*")) {
                    let place = path.display();
                    return Err(format!("{place}:{number}: C comment marks in a text").into());
                }
            }
        }
        Ok(())
    }

    /// The version, which stands in Cargo.toml only, and the beginning of the
    /// part that C++ has to read as C.
    fn after_includes() -> Result<String, Box<dyn Error>> {
        let version = env::var("CARGO_PKG_VERSION")?;
        let part = |name: &str| -> Result<u32, Box<dyn Error>> {
            Ok(env::var(format!("CARGO_PKG_VERSION_{name}"))?.parse()?)
        };
        let (major, minor, patch) = (part("MAJOR")?, part("MINOR")?, part("PATCH")?);
        Ok(format!(
            "
/** The version of this header; dstfa_version() tells the library's. */
#define DSTFA_VERSION \"{version}\"
#define DSTFA_VERSION_MAJOR {major}
#define DSTFA_VERSION_MINOR {minor}
#define DSTFA_VERSION_PATCH {patch}
/** Major, minor and patch in one number; see dstfa_version_number(). */
#define DSTFA_VERSION_NUMBER {number:#08x}

#ifdef __cplusplus
extern \"C\" {{
#endif
",
            number = major << 16 | minor << 8 | patch
        ))
    }
}
