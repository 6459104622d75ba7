//! A buffer of fixed size that is wiped: requests and answers carry secrets,
//! and growing would leave copies behind.

use std::fmt;
use std::ops::Range;

use zeroize::Zeroize;

/// Bytes `start..end` of a fixed block are filled; what was ever written is
/// wiped by [`wipe`](Buffer::wipe) and on drop.
pub(super) struct Buffer {
    block: Box<[u8]>,
    filled: Range<usize>,
    high: usize,
}

impl Buffer {
    pub(super) fn new(size: usize) -> Self {
        Buffer {
            block: vec![0; size].into_boxed_slice(),
            filled: 0..0,
            high: 0,
        }
    }

    pub(super) fn filled(&self) -> &[u8] {
        self.block.get(self.filled.clone()).unwrap_or_default()
    }

    pub(super) fn filled_mut(&mut self) -> &mut [u8] {
        self.block.get_mut(self.filled.clone()).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.filled.is_empty()
    }

    /// The room behind what is filled, after moving that to the front.
    pub(super) fn room(&mut self) -> &mut [u8] {
        if self.filled.start > 0 {
            self.block.copy_within(self.filled.clone(), 0);
            self.filled = 0..self.filled.len();
        }
        self.block.get_mut(self.filled.end..).unwrap_or_default()
    }

    /// `amount` bytes of the room were written.
    pub(super) fn add(&mut self, amount: usize) {
        self.filled.end = (self.filled.end + amount).min(self.block.len());
        self.high = self.high.max(self.filled.end);
    }

    /// Drops `amount` bytes from the end.
    pub(super) fn cut(&mut self, amount: usize) {
        self.filled.end = self
            .filled
            .end
            .saturating_sub(amount)
            .max(self.filled.start);
    }

    /// Copies `bytes` in; false, with nothing copied, if they do not fit.
    pub(super) fn push(&mut self, bytes: &[u8]) -> bool {
        match self.room().get_mut(..bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.add(bytes.len());
                true
            }
            None => false,
        }
    }

    /// Drops `amount` bytes from the front.
    pub(super) fn consume(&mut self, amount: usize) {
        self.filled.start = (self.filled.start + amount).min(self.filled.end);
        if self.filled.is_empty() {
            self.filled = 0..0;
        }
    }

    pub(super) fn wipe(&mut self) {
        if let Some(written) = self.block.get_mut(..self.high) {
            written.zeroize();
        }
        self.filled = 0..0;
        self.high = 0;
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffer")
            .field("filled", &self.filled.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_moves_and_wipes() {
        let mut buffer = Buffer::new(8);
        assert!(buffer.push(b"abcdef"));
        buffer.consume(4);
        assert_eq!(buffer.filled(), b"ef");
        assert_eq!(buffer.room().len(), 6);
        assert!(buffer.push(b"ghi"));
        assert_eq!(buffer.filled(), b"efghi");
        assert!(!buffer.push(b"more"));
        assert_eq!(buffer.filled(), b"efghi");
        buffer.cut(3);
        assert_eq!(buffer.filled(), b"ef");
        buffer.wipe();
        assert!(buffer.is_empty());
        assert!(buffer.block.iter().all(|byte| *byte == 0));
    }
}
