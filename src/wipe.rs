//! Secrets that are zeroed before their memory is given back.

use std::fmt;
use std::ops::{Deref, DerefMut};

use zeroize::Zeroize;

/// A text or bytes, wiped when dropped: all that its memory holds, also what
/// was cut off before. `Debug` does not show it.
///
/// As `zeroize::Zeroizing`, which wipes a vector element by element; this does
/// it in one go, which counts where every request passes.
#[derive(Clone, Default)]
pub(crate) struct Wiped<T: Emptied>(T);

/// What becomes all spare room when it is emptied.
pub(crate) trait Emptied: Zeroize {
    fn empty(&mut self);
}

impl Emptied for Vec<u8> {
    fn empty(&mut self) {
        self.clear();
    }
}

impl Emptied for String {
    fn empty(&mut self) {
        self.clear();
    }
}

impl<T: Emptied> Wiped<T> {
    pub(crate) fn new(secret: T) -> Self {
        Wiped(secret)
    }
}

impl<T: Emptied> Drop for Wiped<T> {
    fn drop(&mut self) {
        // `zeroize` overwrites the spare room as one block.
        self.0.empty();
        self.0.zeroize();
    }
}

impl<T: Emptied> Deref for Wiped<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Emptied> DerefMut for Wiped<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Emptied> fmt::Debug for Wiped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wiped(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let text = format!("{:?}", Wiped::new(String::from("secret")));
        assert_eq!(text, "Wiped(…)");
    }
}
