//! Every number that crosses the boundary. A number is never used again for
//! something else. Statuses and reasons stand in src/status.rs too: a test
//! compares both.
#![allow(dead_code, reason = "most are used by the header only")]

/// What a call came to: DSTFA_OK, DSTFA_DONE or one of DSTFA_E_*. Treat a
/// number you do not know as a failure: later versions may add some.
pub type dstfa_status = i32;

/// The call did what it was asked to.
pub const DSTFA_OK: dstfa_status = 0;
/// A parameter is wrong; nothing was sent.
pub const DSTFA_E_ARGUMENT: dstfa_status = 1;
/// The right call at the wrong moment.
pub const DSTFA_E_STATE: dstfa_status = 2;
/// This build, platform or portal version cannot do it.
pub const DSTFA_E_UNSUPPORTED: dstfa_status = 3;
/// The host name could not be resolved.
pub const DSTFA_E_RESOLVE: dstfa_status = 10;
/// No connection to the portal.
pub const DSTFA_E_CONNECT: dstfa_status = 11;
/// The proxy did not open a tunnel.
pub const DSTFA_E_PROXY: dstfa_status = 12;
/// The TLS handshake failed; a certificate fault is told by the reason.
pub const DSTFA_E_TLS: dstfa_status = 13;
/// The one deadline of the call passed.
pub const DSTFA_E_TIMEOUT: dstfa_status = 14;
/// The line was cut, or an answer came short or over-long.
pub const DSTFA_E_TRANSPORT: dstfa_status = 15;
/// The portal does not accept the credential.
pub const DSTFA_E_UNAUTHORIZED: dstfa_status = 20;
/// The credential or this address is not let in: see the reason.
pub const DSTFA_E_FORBIDDEN: dstfa_status = 21;
/// There is no such account or portal.
pub const DSTFA_E_NOT_FOUND: dstfa_status = 22;
/// The portal understood and said no: see the reason.
pub const DSTFA_E_REJECTED: dstfa_status = 23;
/// The portal, or what was asked of it, is not in service: see the reason.
pub const DSTFA_E_UNAVAILABLE: dstfa_status = 24;
/// The portal asks to slow down: see dstfa_error_retry_after_ms().
pub const DSTFA_E_RATE_LIMITED: dstfa_status = 25;
/// The portal failed while it worked on the request.
pub const DSTFA_E_SERVER: dstfa_status = 26;
/// The answer is none that DocSpace gives.
pub const DSTFA_E_PROTOCOL: dstfa_status = 27;
/// The portal accepted a setting and then shows another one.
pub const DSTFA_E_UNVERIFIED: dstfa_status = 28;
/// The answer was a redirect; redirects are never followed.
pub const DSTFA_E_REDIRECTED: dstfa_status = 29;
/// The call was cancelled.
pub const DSTFA_E_CANCELLED: dstfa_status = 30;
/// A journal cannot be opened, read, locked or written.
pub const DSTFA_E_IO: dstfa_status = 31;
/// A journal is in use by another run.
pub const DSTFA_E_BUSY: dstfa_status = 32;
/// A journal belongs to another portal, caller, method or format.
pub const DSTFA_E_JOURNAL: dstfa_status = 33;
/// A defect in this library; please report it.
pub const DSTFA_E_INTERNAL: dstfa_status = 99;
/// There is nothing more to hand out; not a failure.
pub const DSTFA_DONE: dstfa_status = 100;

/// No second factor.
pub const DSTFA_METHOD_NONE: i32 = 0;
/// A code by text message.
pub const DSTFA_METHOD_SMS: i32 = 1;
/// A code from an authenticator app.
pub const DSTFA_METHOD_APP: i32 = 2;
/// Not known; getters only.
pub const DSTFA_METHOD_UNKNOWN: i32 = 99;

/// Whether the account was changed: it cannot be told from here.
pub const DSTFA_APPLIED_MAYBE: i32 = 0;
/// Nothing was changed.
pub const DSTFA_APPLIED_NO: i32 = 1;
/// It was changed: the portal says so.
pub const DSTFA_APPLIED_YES: i32 = 2;

/// Three-valued answers: it is not known. Compare; never use such an answer as
/// a truth value.
pub const DSTFA_UNKNOWN: i32 = 0;
/// Three-valued answers: no.
pub const DSTFA_NO: i32 = 1;
/// Three-valued answers: yes.
pub const DSTFA_YES: i32 = 2;

/// What the account meets at its next sign-in: not known, the portal decides.
pub const DSTFA_NEXT_UNKNOWN: i32 = 0;
/// No second factor is asked for.
pub const DSTFA_NEXT_NOTHING: i32 = 1;
/// An authenticator app must be linked.
pub const DSTFA_NEXT_ENROL: i32 = 2;
/// A code from the linked app is asked for.
pub const DSTFA_NEXT_APP: i32 = 3;
/// A code sent by text message is asked for.
pub const DSTFA_NEXT_SMS: i32 = 4;
/// The account signs in by single sign-on (SSO): that asks for no second factor
/// and for no app to be linked, whatever the portal's method is.
pub const DSTFA_NEXT_SSO: i32 = 5;

/// The system's certificate authorities, and the added ones (default).
pub const DSTFA_TRUST_SYSTEM: i32 = 0;
/// The authorities that came with this library, and the added ones.
pub const DSTFA_TRUST_BUNDLED: i32 = 1;
/// The added ones only; there must be at least one.
pub const DSTFA_TRUST_ADDED_ONLY: i32 = 2;

/// Whether an account may be used: the portal did not say. Getters only.
pub const DSTFA_ACCOUNT_UNKNOWN: i32 = 0;
/// In use.
pub const DSTFA_ACCOUNT_ACTIVE: i32 = 1;
/// Disabled; what it had linked is kept.
pub const DSTFA_ACCOUNT_TERMINATED: i32 = 2;
/// Invited, not yet accepted.
pub const DSTFA_ACCOUNT_PENDING: i32 = 4;

/// What an account may do: the portal did not say. Getters only.
pub const DSTFA_ROLE_UNKNOWN: i32 = 0;
/// The one owner of the portal.
pub const DSTFA_ROLE_OWNER: i32 = 1;
/// A DocSpace administrator.
pub const DSTFA_ROLE_ADMIN: i32 = 2;
/// A room administrator.
pub const DSTFA_ROLE_ROOM_ADMIN: i32 = 3;
/// A user.
pub const DSTFA_ROLE_USER: i32 = 4;
/// A guest.
pub const DSTFA_ROLE_GUEST: i32 = 5;

/// For filters: no restriction.
pub const DSTFA_ANY: i32 = -1;

/// Nothing beyond the status: a success, or the network said no.
pub const DSTFA_REASON_NONE: i32 = 0;
/// The portal gave no reason, and none could be found.
pub const DSTFA_REASON_UNKNOWN: i32 = 1;
/// The key, token or password is wrong, expired or disabled.
pub const DSTFA_REASON_BAD_CREDENTIAL: i32 = 10;
/// The API key lacks the scope to write.
pub const DSTFA_REASON_MISSING_SCOPE: i32 = 11;
/// Only the portal's owner may do this to somebody else.
pub const DSTFA_REASON_NOT_OWNER: i32 = 12;
/// Only the owner or a DocSpace administrator may do this.
pub const DSTFA_REASON_NOT_ADMIN: i32 = 13;
/// The portal, or something in front of it, does not admit this address. The
/// portal's list is that of IP Security, not of trusted addresses.
pub const DSTFA_REASON_IP_RESTRICTED: i32 = 14;
/// Too many sign-ins were tried. Kept for its number: no portal is known to say so.
pub const DSTFA_REASON_SIGN_IN_LOCKED: i32 = 15;
/// The portal has no such account.
pub const DSTFA_REASON_NO_SUCH_ACCOUNT: i32 = 20;
/// The account is disabled.
pub const DSTFA_REASON_ACCOUNT_TERMINATED: i32 = 21;
/// No authenticator app is linked to the account.
pub const DSTFA_REASON_NOT_LINKED: i32 = 22;
/// The installation hides the authenticator app.
pub const DSTFA_REASON_HIDDEN_BY_PORTAL: i32 = 23;
/// The method cannot be had on this portal.
pub const DSTFA_REASON_METHOD_UNAVAILABLE: i32 = 24;
/// The portal could not read the request.
pub const DSTFA_REASON_INVALID_REQUEST: i32 = 25;
/// No portal answers at this address.
pub const DSTFA_REASON_PORTAL_NOT_FOUND: i32 = 30;
/// The portal's subscription is not paid.
pub const DSTFA_REASON_UNPAID: i32 = 31;
/// The portal is being moved, restored or encrypted.
pub const DSTFA_REASON_MAINTENANCE: i32 = 32;
/// Too many requests in a short time.
pub const DSTFA_REASON_RATE_LIMITED: i32 = 33;
/// The portal's number of writes a day is used up.
pub const DSTFA_REASON_DAILY_LIMIT: i32 = 34;
/// The answer was a redirect; the message names where to.
pub const DSTFA_REASON_REDIRECTED: i32 = 40;
/// A web page or another service answered.
pub const DSTFA_REASON_NOT_A_PORTAL: i32 = 41;
/// The issuer of the server's certificate is not trusted.
pub const DSTFA_REASON_CERT_UNTRUSTED: i32 = 50;
/// The server's certificate has expired.
pub const DSTFA_REASON_CERT_EXPIRED: i32 = 51;
/// The server's certificate is not valid yet; look at this machine's clock.
pub const DSTFA_REASON_CERT_NOT_YET_VALID: i32 = 52;
/// The server's certificate is for another host.
pub const DSTFA_REASON_CERT_WRONG_HOST: i32 = 53;
/// The server asks for a client certificate, or refused the one given.
pub const DSTFA_REASON_CERT_CLIENT_NEEDED: i32 = 54;
/// The proxy asks for authentication.
pub const DSTFA_REASON_PROXY_AUTH: i32 = 55;

/// What became of an entry: it may have been applied.
pub const DSTFA_ITEM_UNKNOWN: i32 = 0;
/// The portal says that it is done, or the app was seen unlinked afterwards: then
/// its change or error is DSTFA_APPLIED_MAYBE.
pub const DSTFA_ITEM_APPLIED: i32 = 1;
/// Not applied; the error says why.
pub const DSTFA_ITEM_REFUSED: i32 = 2;
/// Nothing was asked: a duplicate, settled in the journal, or the caller's own
/// account left out.
pub const DSTFA_ITEM_SKIPPED: i32 = 3;
/// A dry run: the change would be asked for.
pub const DSTFA_ITEM_WOULD_APPLY: i32 = 4;

/// Nothing is logged.
pub const DSTFA_LOG_OFF: i32 = 0;
/// Failed calls.
pub const DSTFA_LOG_ERROR: i32 = 1;
/// Also changes whose outcome is unknown, and repeated tries.
pub const DSTFA_LOG_WARN: i32 = 2;
/// Also every exchange with the portal, without names and ids.
pub const DSTFA_LOG_INFO: i32 = 3;
/// Also account ids and e-mail addresses; never a secret.
pub const DSTFA_LOG_DEBUG: i32 = 4;
