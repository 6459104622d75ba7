//! The fuzz targets of docspace-tfa and a driver that runs them anywhere.

mod driver;
pub mod entry;

pub use driver::drive;

/// Answers of a portal.
pub fn parse(input: &[u8]) {
    docspace_tfa::fuzzing::answer(input);
}
