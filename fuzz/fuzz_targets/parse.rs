//! `parse`, guided by coverage.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| docspace_tfa_fuzz::parse(input));
