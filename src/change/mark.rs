//! The mark by which a change is found again in the portal's audit trail.

use std::fmt;
use std::str::FromStr;

use crate::portal::Portal;
use crate::transport;

/// Portals before 3.2 lose an audit event whose `Referer` is longer.
const LONGEST_REFERER: usize = 300;

/// 32 hexadecimal digits by chance, of one change alone. No secret: whoever
/// reads the trail sees it, and it tells nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Mark(u128);

impl Mark {
    /// `None` where the system gives no random bytes.
    pub(crate) fn new() -> Option<Self> {
        transport::random().map(u128::from_ne_bytes).map(Mark)
    }

    /// The `Referer` that carries it: the portal's own address, as gateways that
    /// look at it expect. `None` where that would be too long.
    pub(crate) fn referer(self, portal: &Portal) -> Option<String> {
        let referer = format!("{}/?{self}", portal.address().base());
        (referer.len() <= LONGEST_REFERER).then_some(referer)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// As it was written by `Display`.
impl FromStr for Mark {
    type Err = ();

    fn from_str(digits: &str) -> Result<Self, ()> {
        let mark = u128::from_str_radix(digits, 16).map(Mark).map_err(drop)?;
        (mark.to_string() == digits).then_some(mark).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_is_written_and_no_two_are_alike() {
        let mark = Mark::new().unwrap();
        assert_ne!(mark, Mark::new().unwrap());
        assert_eq!(mark.to_string().parse(), Ok(mark));
        assert_eq!(Mark(10).to_string(), "0000000000000000000000000000000a");
        for other in ["", "a", "+000000000000000000000000000000a", "g"] {
            assert_eq!(other.parse::<Mark>(), Err(()), "{other}");
        }
        let upper = "0000000000000000000000000000000A";
        assert_eq!(upper.parse::<Mark>(), Err(()));
    }
}
