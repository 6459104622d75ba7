//! Every status and reason once: its number, its name in C, and one sentence
//! that says what happened and what to do next. All else about them is made
//! from these lines, but the constants of the header (src/ffi/constants.rs),
//! which a test compares with them.

macro_rules! table {
    (
        $(#[$about:meta])*
        $table:ident:
        $($(#[$more:meta])* $value:ident = $number:literal, $name:literal, $sentence:literal;)*
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(i32)]
        pub enum $table {
            $(#[doc = $sentence] $(#[$more])* $value = $number,)*
        }

        impl $table {
            pub(crate) const ALL: &[Self] = &[$(Self::$value,)*];

            /// The constant of the header.
            pub(crate) fn name(self) -> &'static str {
                self.ended_name().trim_end_matches('\0')
            }

            pub(crate) fn sentence(self) -> &'static str {
                self.ended_sentence().trim_end_matches('\0')
            }

            /// The name with a NUL behind it.
            pub(crate) const fn ended_name(self) -> &'static str {
                match self {
                    $(Self::$value => concat!($name, "\0"),)*
                }
            }

            /// The sentence with a NUL behind it.
            pub(crate) const fn ended_sentence(self) -> &'static str {
                match self {
                    $(Self::$value => concat!($sentence, "\0"),)*
                }
            }
        }
    };
}

table! {
    /// What kind of failure it was; the number is the one the C API returns.
    Status:
    Argument = 1, "DSTFA_E_ARGUMENT",
        "A parameter is wrong; correct it.";
    State = 2, "DSTFA_E_STATE",
        "This call does not fit the object's state; check the order of calls.";
    Unsupported = 3, "DSTFA_E_UNSUPPORTED",
        "This build, platform or portal version cannot do that; see the documentation.";
    Resolve = 10, "DSTFA_E_RESOLVE",
        "The host name could not be resolved; check its spelling and the network.";
    Connect = 11, "DSTFA_E_CONNECT",
        "No connection to the portal; check address, port, firewall and whether it runs.";
    Proxy = 12, "DSTFA_E_PROXY",
        "The proxy did not open a tunnel to the portal; check its address and rules.";
    Tls = 13, "DSTFA_E_TLS",
        "The TLS handshake failed; check that the address is the portal's https port.";
    Timeout = 14, "DSTFA_E_TIMEOUT",
        "The time allowed for the call was over; check the network or allow more.";
    Transport = 15, "DSTFA_E_TRANSPORT",
        "The connection broke before the answer was complete.";
    Unauthorized = 20, "DSTFA_E_UNAUTHORIZED",
        "The portal does not accept the credential; check or renew it.";
    Forbidden = 21, "DSTFA_E_FORBIDDEN",
        "The portal does not let the credential or this address in.";
    NotFound = 22, "DSTFA_E_NOT_FOUND",
        "There is no such thing at this address; check the portal URL.";
    Rejected = 23, "DSTFA_E_REJECTED",
        "The portal refused; its own words may tell why.";
    Unavailable = 24, "DSTFA_E_UNAVAILABLE",
        "The portal is not in service now; try later.";
    RateLimited = 25, "DSTFA_E_RATE_LIMITED",
        "The portal asks to slow down; try later.";
    Server = 26, "DSTFA_E_SERVER",
        "The portal failed; its log may tell why.";
    Protocol = 27, "DSTFA_E_PROTOCOL",
        "The answer is not one of DocSpace; check that the URL is the portal's.";
    Unverified = 28, "DSTFA_E_UNVERIFIED",
        "The portal accepted the setting, but shows another one, which may be up to five minutes \
         old; look again after that.";
    Redirected = 29, "DSTFA_E_REDIRECTED",
        "A redirect was answered, which is never followed; use the portal's own https address.";
    Cancelled = 30, "DSTFA_E_CANCELLED",
        "The call was cancelled.";
    Io = 31, "DSTFA_E_IO",
        "The journal cannot be opened, read, locked or written; check the file and its disk.";
    Busy = 32, "DSTFA_E_BUSY",
        "The journal is in use by another run; wait for that to end.";
    Journal = 33, "DSTFA_E_JOURNAL",
        "The journal is damaged, or belongs to another portal, caller, method or format; use a \
         new file.";
    Internal = 99, "DSTFA_E_INTERNAL",
        "A defect in this library; please report it.";
}

table! {
    /// Why the answer was no. `None` where the network, not the portal, said it.
    Reason:
    None = 0, "DSTFA_REASON_NONE",
        "There is no reason beyond the status.";
    Unknown = 1, "DSTFA_REASON_UNKNOWN",
        "The reason is not known; the portal's own words may tell.";
    BadCredential = 10, "DSTFA_REASON_BAD_CREDENTIAL",
        "The portal does not accept the credential; it is wrong, expired, disabled or its \
         account is: make a new API key.";
    MissingScope = 11, "DSTFA_REASON_MISSING_SCOPE",
        "The key lacks a permission that this needs; make one with all permissions (a change \
         needs the scope *:write).";
    NotOwner = 12, "DSTFA_REASON_NOT_OWNER",
        "Only the portal's owner may do this for another account; use a key made by the owner.";
    NotAdmin = 13, "DSTFA_REASON_NOT_ADMIN",
        "Only the owner or a DocSpace administrator may do this.";
    IpRestricted = 14, "DSTFA_REASON_IP_RESTRICTED",
        "The portal, or something in front of it, does not admit this address; add it to the \
         list of IP Security in the portal's settings, or use the owner's key.";
    /// Kept for its number: no portal is known to say so.
    SignInLocked = 15, "DSTFA_REASON_SIGN_IN_LOCKED",
        "Sign-in is locked after too many attempts; wait a few minutes.";
    NoSuchAccount = 20, "DSTFA_REASON_NO_SUCH_ACCOUNT",
        "There is no such account; check the id.";
    AccountTerminated = 21, "DSTFA_REASON_ACCOUNT_TERMINATED",
        "The account is terminated (disabled); enable it before changing it.";
    NotLinked = 22, "DSTFA_REASON_NOT_LINKED",
        "The account has no linked authenticator app; there is nothing to unlink.";
    HiddenByPortal = 23, "DSTFA_REASON_HIDDEN_BY_PORTAL",
        "The installation hides the authenticator app; ask who runs it.";
    MethodUnavailable = 24, "DSTFA_REASON_METHOD_UNAVAILABLE",
        "The method is not available on this portal.";
    InvalidRequest = 25, "DSTFA_REASON_INVALID_REQUEST",
        "The portal could not read the request; its words tell what.";
    PortalNotFound = 30, "DSTFA_REASON_PORTAL_NOT_FOUND",
        "No portal answers at this address; check the URL, or whether the portal is suspended.";
    Unpaid = 31, "DSTFA_REASON_UNPAID",
        "The portal's subscription is not paid; the owner must renew it.";
    Maintenance = 32, "DSTFA_REASON_MAINTENANCE",
        "The portal is being moved, restored or encrypted; try later.";
    RateLimited = 33, "DSTFA_REASON_RATE_LIMITED",
        "The portal asks to slow down; try later.";
    DailyLimit = 34, "DSTFA_REASON_DAILY_LIMIT",
        "The portal's daily number of writes is used up; try after the time it named.";
    Redirected = 40, "DSTFA_REASON_REDIRECTED",
        "A redirect was answered, which is never followed; use the portal's own https address.";
    NotAPortal = 41, "DSTFA_REASON_NOT_A_PORTAL",
        "A page or another service answered, not DocSpace; check that the URL is the portal's.";
    CertUntrusted = 50, "DSTFA_REASON_CERT_UNTRUSTED",
        "The certificate's issuer is not trusted; add its CA file, or, where the portal's \
         certificate is self-signed, that certificate itself as the CA file.";
    CertExpired = 51, "DSTFA_REASON_CERT_EXPIRED",
        "The certificate has expired; renew it on the portal.";
    CertNotYetValid = 52, "DSTFA_REASON_CERT_NOT_YET_VALID",
        "The certificate is not valid yet; check both clocks.";
    CertWrongHost = 53, "DSTFA_REASON_CERT_WRONG_HOST",
        "The certificate is for another host; use the name it was made for.";
    CertClientNeeded = 54, "DSTFA_REASON_CERT_CLIENT_NEEDED",
        "The server asks for a client certificate it accepts; give one with its key.";
    ProxyAuth = 55, "DSTFA_REASON_PROXY_AUTH",
        "The proxy asks for authentication; give user and password in the proxy URL.";
}

/// Whether the account was changed. Never a guess: `Maybe` is what is said
/// whenever the facts do not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Applied {
    /// It cannot be told from here.
    Maybe = 0,
    /// Nothing was changed.
    No = 1,
    /// It was changed: the portal says so.
    Yes = 2,
}
