//! A search of everything that this process can write.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroize;

/// One search at a time: what one reads into would be found by another.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static SEARCH: Mutex<()> = Mutex::new(());
    SEARCH.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows it to `look` in pieces that overlap by `overlap` bytes.
pub(crate) fn memory(overlap: usize, mut look: impl FnMut(&[u8])) {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let memory = File::open("/proc/self/mem").unwrap();
    const PIECE: usize = 1 << 18;
    let mut buffer = vec![0; PIECE + overlap];
    let own = buffer.as_ptr_range();
    let own = own.start as u64..own.end as u64;
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let mut at = u64::from_str_radix(start, 16).unwrap();
        let end = u64::from_str_radix(end, 16).unwrap();
        while at < end {
            // What the search itself reads into is no finding.
            if own.contains(&at) {
                at = own.end;
                continue;
            }
            let border = if at < own.start {
                end.min(own.start)
            } else {
                end
            };
            let length = usize::try_from(border - at).unwrap().min(buffer.len());
            // A page may not be there: then nothing is in it.
            if memory.read_exact_at(&mut buffer[..length], at).is_ok() {
                look(&buffer[..length]);
            }
            buffer.as_mut_slice().zeroize();
            at += if length == buffer.len() {
                PIECE
            } else {
                length
            } as u64;
        }
    }
}
