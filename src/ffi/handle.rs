//! What is done with a handle: it is made, read from and freed.

use super::answer::Answer;
use super::guard::plain;

/// Reads from a handle; NULL and a panic give the harmless answer.
pub(super) fn get<'a, T, R: Answer>(
    object: Option<&'a T>,
    read: impl FnOnce(&'a T) -> R,
) -> R::InC {
    plain(R::HARMLESS, || {
        object.map_or(R::HARMLESS, |object| read(object).in_c())
    })
}

/// A handle that belongs to another one; NULL and a panic give none.
pub(super) fn part<'a, T, P>(
    object: Option<&'a T>,
    read: impl FnOnce(&'a T) -> Option<&'a P>,
) -> Option<&'a P> {
    plain(None, || object.and_then(read))
}

/// A new handle, the caller's to free; none after a panic.
pub(super) fn new<T>(make: impl FnOnce() -> T) -> Option<Box<T>> {
    plain(None, || Some(Box::new(make())))
}

/// Frees a handle; NULL is nothing to free.
pub(super) fn release<T>(object: Option<Box<T>>) {
    plain((), || drop(object));
}
