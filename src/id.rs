//! The ids of accounts and groups: GUIDs, each of a type of its own.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

const LENGTH: usize = 36;
/// A bit for each place of one.
const HYPHENS: u64 = 1 << 8 | 1 << 13 | 1 << 18 | 1 << 23;
const NIL: &[u8; LENGTH] = b"00000000-0000-0000-0000-000000000000";

/// A hyphenated GUID in lower case; `of` is what it is to be the id of.
fn guid(of: &str, text: &str) -> Result<[u8; LENGTH], Error> {
    let malformed = || {
        Error::argument(format!(
            "{of} id: not a hyphenated GUID; expected 8-4-4-4-12 hexadecimal digits, for example \
             11111111-2222-3333-4444-555555555555"
        ))
    };
    let mut id: [u8; LENGTH] = text.as_bytes().try_into().map_err(|_| malformed())?;
    let mut fits = true;
    for (position, byte) in id.iter_mut().enumerate() {
        let lower = *byte | 0x20;
        fits &= if HYPHENS >> position & 1 == 1 {
            *byte == b'-'
        } else {
            byte.is_ascii_digit() || matches!(lower, b'a'..=b'f')
        };
        // Digits and the hyphen have that bit as it is.
        *byte = lower;
    }
    if !fits {
        return Err(malformed());
    }
    if id == *NIL {
        return Err(Error::argument(format!(
            "{of} id: the nil GUID names no {of}; give the id of a real {of}"
        )));
    }
    Ok(id)
}

macro_rules! ids {
    ($($(#[$about:meta])* $id:ident of $of:literal;)*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $id([u8; LENGTH]);

        impl $id {
            /// Reads `text` as `8-4-4-4-12` hexadecimal digits, in either case.
            pub fn parse(text: &str) -> Result<Self, Error> {
                guid($of, text).map($id)
            }

            /// The id in lower case.
            pub fn as_str(&self) -> &str {
                // Only ASCII hexadecimal digits and hyphens get in.
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl FromStr for $id {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Self::parse(text)
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($id)).field(&self.as_str()).finish()
            }
        }
    )*};
}

ids! {
    /// The id of an account: a hyphenated GUID, never the nil one.
    ///
    /// The nil GUID is refused because a portal reads it as "nobody" and answers
    /// as if the account had no authenticator app.
    AccountId of "account";
    /// The id of a group: a hyphenated GUID, never the nil one.
    GroupId of "group";
}

impl AccountId {
    /// The number that its digits write: the shortest way to keep it.
    pub(crate) fn number(&self) -> u128 {
        let digits = self
            .0
            .iter()
            .filter_map(|byte| char::from(*byte).to_digit(16));
        digits.fold(0, |number, digit| number << 4 | u128::from(digit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Applied, Status};

    #[test]
    fn a_guid_is_kept_in_lower_case() {
        let id = AccountId::parse("AAE1E103-bca5-9fa1-BA8C-42058b4abf28").unwrap();
        assert_eq!(id.as_str(), "aae1e103-bca5-9fa1-ba8c-42058b4abf28");
        assert_eq!(id.number(), 0xaae1_e103_bca5_9fa1_ba8c_4205_8b4a_bf28);
    }

    #[test]
    fn everything_else_is_refused() {
        let table = [
            "",
            "x",
            "not-a-guid",
            "aae1e103bca59fa1ba8c42058b4abf28",
            "{aae1e103-bca5-9fa1-ba8c-42058b4abf28}",
            " aae1e103-bca5-9fa1-ba8c-42058b4abf28",
            "aae1e103-bca5-9fa1-ba8c-42058b4abf2g",
            "aae1e103-bca5-9fa1-ba8c-42058b4abf288",
            "aae1e103-bca5-9fa1-ba8c_42058b4abf28",
            "00000000-0000-0000-0000-000000000000",
            "aae1e103-bca5-9fa1-ba8c-42058b4abf2\u{0}",
            "aae1e103\u{d}bca5-9fa1-ba8c-42058b4abf28",
            "aae1e103-bca5-9fa1-ba8c-42058b4abf2\u{11}",
        ];
        for text in table {
            let error = AccountId::parse(text).unwrap_err();
            assert_eq!(error.status(), Status::Argument, "{text:?}");
            assert_eq!(error.applied(), Applied::No);
            assert!(
                error.message().starts_with("account id:"),
                "{}",
                error.message()
            );
            let error = GroupId::parse(text).unwrap_err();
            assert!(error.message().starts_with("group id:"), "{error}");
        }
    }
}
