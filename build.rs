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

    /// The parts of the header: what each begins with, its name for Doxygen, its
    /// title, and what is in it. The order is that of the constants and of the
    /// modules in src/ffi/mod.rs; cbindgen puts the types between them.
    const PARTS: &str = "\
DSTFA_METHOD_NONE | methods | Numbers: methods | What a second factor can be.
DSTFA_APPLIED_MAYBE | applied | Numbers: applied | Whether a call changed something.
DSTFA_UNKNOWN | answers | Numbers: three-valued answers | Yes, no, or not known.
DSTFA_NEXT_UNKNOWN | next | Numbers: the next sign-in | What an account meets there.
DSTFA_TRUST_SYSTEM | trust | Numbers: trust | Which certificate authorities are trusted.
DSTFA_ACCOUNT_UNKNOWN | states | Numbers: accounts and roles | Whether an account may be used, and what it may do.
DSTFA_REASON_NONE | reasons | Numbers: reasons | Why the portal said no.
DSTFA_ITEM_UNKNOWN | outcomes | Numbers: entries of a bulk | What became of each.
DSTFA_PHASE_IDLE | phases | Numbers: phases of a bulk | What a run is at.
DSTFA_LOG_OFF | levels | Numbers: log levels | How much is logged.
dstfa_account | types | Types | The objects, the status and the callbacks.
DSTFA_OK | statuses | Numbers: statuses | What a call came to.
dstfa_change_method_once | once | First call | Changes one account, for programs that do just that and end.
dstfa_options_new | options | Options | What a client is made with: portal, credential, times, proxy, trust.
dstfa_client_new | client | Client | What the calls are made with.
dstfa_client_find_account | accounts | Accounts | Finding and listing them, and what is known of one.
dstfa_client_check | check | Check | What a change would meet, without changing anything.
dstfa_client_change_method | change | Change | Changing one account, and what came of it.
dstfa_client_end_sessions | sessions | Sessions | Ending those of an account.
dstfa_error_free | errors | Errors | What a failed call tells, and words for statuses and reasons.
dstfa_bulk_new | bulk | Many accounts | Changing them one after another, with a journal, and what came of each.
dstfa_journal_open | journal | Journal | Reading what a bulk wrote down, and salvaging a damaged one.
dstfa_client_policy | policy | Policy | The method of the whole portal; setting it affects every account.
dstfa_client_backup_codes | codes | Backup codes | Those of the credential's own account.
dstfa_cancel_new | cancel | Cancel | Ending calls from another thread or a signal handler.
dstfa_options_set_log | log | Log | Lines about what the library does.
dstfa_version | version | Version | That of the library that is running.";

    /// A number of the table.
    struct Number {
        name: &'static str,
        c_type: &'static str,
        number: i32,
        /// Its sentence, and the comment above it.
        text: &'static [&'static str],
    }

    macro_rules! numbers {
        ($(
            $(#[$about:meta])*
            enum $type:ident {
                $(
                    $(#[$attribute:ident $(= $more:literal)?])*
                    $value:ident = $number:literal, $name:ident, $sentence:literal;
                )*
            }
            $(const $c_type:ident {
                $($constant:ident = $its_number:literal, $its_sentence:literal;)*
            })?
        )*) => {
            &[$(
                $(Number {
                    name: stringify!($name),
                    c_type: c_type(stringify!($type)),
                    number: $number,
                    text: &[$sentence, $($($more,)?)*],
                },)*
                $($(Number {
                    name: stringify!($constant),
                    c_type: stringify!($c_type),
                    number: $its_number,
                    text: &[$its_sentence],
                },)*)?
            )*]
        };
    }

    /// cbindgen expands no macros: it gets the numbers as constants.
    const NUMBERS: &[Number] = include!("src/numbers/table.rs");

    /// What C knows the numbers of a type of ours as.
    const fn c_type(name: &str) -> &'static str {
        match name.as_bytes() {
            b"Status" => "dstfa_status",
            _ => "i32",
        }
    }

    /// The numbers as constants, their texts in lines as wide as those of src/ffi.
    fn declared(numbers: &[Number]) -> String {
        let mut declared = String::new();
        for it in numbers {
            let mut line = String::new();
            for word in it.text.iter().flat_map(|text| text.split_whitespace()) {
                if line.len() + word.len() > 75 {
                    declared += &format!("///{line}\n");
                    line.clear();
                }
                line += &format!(" {word}");
            }
            let Number {
                name,
                c_type,
                number,
                ..
            } = it;
            declared += &format!("///{line}\npub const {name}: {c_type} = {number};\n");
        }
        declared
    }

    /// Renders the header into OUT_DIR, where `tests/header.rs` compares it
    /// with the committed one. That one is only written to when asked.
    pub(super) fn render() -> Result<(), Box<dyn Error>> {
        println!("cargo:rerun-if-changed=src/ffi");
        println!("cargo:rerun-if-changed=src/numbers/table.rs");
        println!("cargo:rerun-if-changed=cbindgen.toml");
        println!("cargo:rerun-if-env-changed={UPDATE}");
        let folder = env::var("OUT_DIR")?;
        let constants = Path::new(&folder).join("constants.rs");
        fs::write(&constants, declared(NUMBERS))?;
        refuse_comment_ends(&constants)?;
        for entry in fs::read_dir("src/ffi")? {
            refuse_comment_ends(&entry?.path())?;
        }

        let mut config = cbindgen::Config::from_file("cbindgen.toml")?;
        config.after_includes = Some(after_includes()?);
        let mut rendered = Vec::new();
        cbindgen::Builder::new()
            .with_config(config)
            .with_src(constants)
            .with_src("src/ffi/mod.rs")
            .generate()?
            .write(&mut rendered);
        let rendered = with_parts(&String::from_utf8(rendered)?)?;
        fs::write(Path::new(&folder).join(NAME), &rendered)?;
        if env::var_os(UPDATE).is_some_and(|value| value == "1") {
            fs::write(Path::new("include").join(NAME), &rendered)?;
        }
        Ok(())
    }

    /// Puts the title of each part before its first declaration. The last part
    /// ends in cbindgen.toml.
    fn with_parts(rendered: &str) -> Result<String, Box<dyn Error>> {
        let mut parts = PARTS.lines().peekable();
        let mut text = String::new();
        let mut end = "";
        for block in rendered.split_inclusive("\n\n") {
            let begins = |part: &&str| declares(block, part.split(' ').next().unwrap_or_default());
            if let Some(part) = parts.next_if(begins) {
                let [_, name, title, about] = *part.split(" | ").collect::<Vec<_>>() else {
                    return Err(format!("{part}: not the four of a part").into());
                };
                text += &format!("{end}/** @defgroup {name} {title}\n * {about}\n * @{{ */\n\n");
                end = "/** @} */\n\n";
            }
            text += block;
        }
        match parts.next() {
            Some(part) => Err(format!("{part}: begins nowhere behind the part before").into()),
            None => Ok(text),
        }
    }

    /// Whether a comment with its declaration declares this name.
    fn declares(block: &str, name: &str) -> bool {
        let declaration = block.rsplit("*/").next().unwrap_or_default();
        declaration
            .split(|it: char| !it.is_ascii_alphanumeric() && it != '_')
            .any(|word| word == name)
    }

    /// cbindgen copies comments as they are, and one of these in them would
    /// end the header's comment early. Folders hold unit tests only.
    fn refuse_comment_ends(file: &Path) -> Result<(), Box<dyn Error>> {
        if file.is_dir() {
            return Ok(());
        }
        for (number, line) in (1..).zip(fs::read_to_string(file)?.lines()) {
            let is_text = line.trim_start().starts_with("///");
            if is_text && (line.contains("*/") || line.contains("/*")) {
                let place = file.display();
                return Err(format!("{place}:{number}: C comment marks in a text").into());
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
