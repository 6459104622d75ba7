//! `parse`, on any compiler.

fn main() -> std::process::ExitCode {
    docspace_tfa_fuzz::drive("parse", docspace_tfa_fuzz::parse)
}
