//! Entries: an id or an e-mail address.

use crate::account::AccountId;
use crate::error::Error;

/// No e-mail address is longer.
const LONGEST_EMAIL: usize = 255;

/// Whom an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who<'a> {
    Id(AccountId),
    Email(&'a str),
}

impl<'a> Who<'a> {
    pub(super) fn parse(entry: &'a str) -> Result<Self, Error> {
        let entry = entry.trim();
        if !entry.contains('@') {
            return AccountId::parse(entry).map(Who::Id);
        }
        let fits = entry.len() <= LONGEST_EMAIL
            && entry
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
            && !entry.chars().any(|c| c.is_control() || c.is_whitespace());
        if fits {
            Ok(Who::Email(entry))
        } else {
            Err(Error::argument(
                "entry: neither an account id nor an e-mail address; leave blanks and names off",
            ))
        }
    }
}

/// An entry as it was added.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) text: Box<str>,
    /// The same was added before.
    pub(super) is_duplicate: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn ids_and_addresses_only() {
        let id = "11111111-2222-3333-4444-555555555555";
        assert!(matches!(Who::parse(id), Ok(Who::Id(_))));
        assert!(matches!(Who::parse(&format!(" {id}\r\n")), Ok(Who::Id(_))));
        assert_eq!(
            Who::parse(" A.b@Example.com\t").unwrap(),
            Who::Email("A.b@Example.com")
        );
        let long = format!("{}@example.com", "a".repeat(300));
        for wrong in [
            "",
            " ",
            "x",
            "@self",
            "a@",
            "@b",
            "a b@c",
            "a@b\u{0}c",
            "Anna <a@b>",
            "olga",
            &long,
            "00000000-0000-0000-0000-000000000000",
        ] {
            let error = Who::parse(wrong).unwrap_err();
            assert_eq!(error.status(), Status::Argument, "{wrong:?}");
        }
    }
}
