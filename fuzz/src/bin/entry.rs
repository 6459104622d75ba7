//! `entry`, on any compiler.

fn main() -> std::process::ExitCode {
    docspace_tfa_fuzz::drive("entry", docspace_tfa_fuzz::entry::calls)
}
