//! What getters give: for each type of the library the one C has for it, the
//! harmless answer, and how the one becomes the other.

use std::ffi::c_char;
use std::time::Duration;

use super::constants::*;
use super::numbers;
use super::text::{EMPTY, Text};
use crate::numbers::Numbered;
use crate::{
    AccountStatus, Applied, ItemOutcome, NextSignIn, Phase, Reason, Role, Status, TfaMethod,
};

/// What a getter may give.
pub(super) trait Answer {
    /// As it crosses the boundary.
    type InC: Copy;

    /// What NULL and a panic give.
    const HARMLESS: Self::InC;

    fn in_c(self) -> Self::InC;
}

macro_rules! answers {
    ($($answer:ty => $in_c:ty, $harmless:expr, $convert:expr;)*) => {$(
        impl Answer for $answer {
            type InC = $in_c;

            const HARMLESS: $in_c = $harmless;

            fn in_c(self) -> $in_c {
                $convert(self)
            }
        }
    )*};
}

answers! {
    bool => i32, 0, i32::from;
    u32 => u32, 0, numbers::saturated;
    usize => u32, 0, numbers::saturated;
    Option<Duration> => u32, 0, numbers::milliseconds;
    Option<u16> => i32, 0, http_status;
    Option<bool> => i32, DSTFA_UNKNOWN, numbers::three_valued;
    Status => dstfa_status, DSTFA_E_INTERNAL, Numbered::number;
    Reason => i32, DSTFA_REASON_NONE, Numbered::number;
    Applied => i32, DSTFA_APPLIED_MAYBE, Numbered::number;
    TfaMethod => i32, DSTFA_METHOD_UNKNOWN, Numbered::number;
    Option<TfaMethod> => i32, DSTFA_METHOD_UNKNOWN, method_or_unknown;
    NextSignIn => i32, DSTFA_NEXT_UNKNOWN, Numbered::number;
    AccountStatus => i32, DSTFA_ACCOUNT_UNKNOWN, Numbered::number;
    Role => i32, DSTFA_ROLE_UNKNOWN, Numbered::number;
    ItemOutcome => i32, DSTFA_ITEM_UNKNOWN, Numbered::number;
    Phase => i32, DSTFA_PHASE_IDLE, Numbered::number;
    &Text => *const c_char, EMPTY, Text::as_ptr;
    Option<&Text> => *const c_char, EMPTY, text_or_empty;
}

/// 0: no answer came.
fn http_status(status: Option<u16>) -> i32 {
    status.map_or(0, i32::from)
}

fn method_or_unknown(method: Option<TfaMethod>) -> i32 {
    method.map_or(DSTFA_METHOD_UNKNOWN, Numbered::number)
}

fn text_or_empty(text: Option<&Text>) -> *const c_char {
    text.map_or(EMPTY, Text::as_ptr)
}
