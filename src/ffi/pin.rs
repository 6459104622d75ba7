//! Keeps the DLL loaded: Windows has no link option for it, and unloading it
//! under a thread that still has to run its destructors would crash the host.

use std::ffi::c_void;
use std::ptr;

const GET_MODULE_HANDLE_EX_FLAG_PIN: u32 = 1;
const GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS: u32 = 4;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetModuleHandleExW(flags: u32, address: *const c_void, module: *mut *mut c_void) -> i32;
}

static INSIDE: u8 = 0;

/// Pins the module this code is in until the process ends. In a static build
/// that is the program itself, which changes nothing.
pub(super) fn pin() {
    let flags = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    let mut module = ptr::null_mut();
    // SAFETY: with FROM_ADDRESS the second parameter is any address inside the
    // module, which `INSIDE` has; `module` outlives the call.
    let _ = unsafe { GetModuleHandleExW(flags, (&raw const INSIDE).cast(), &raw mut module) };
}
