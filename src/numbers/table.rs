// Data only: src/numbers.rs and build.rs read it, each with a macro `numbers` of
// its own. The order is that of the header. A number is never used again for
// something else, and a name never changes.
//
//     Value = number, NAME_IN_C, "what it means and what to do next";
//
// The sentence is the value's text in the documentation and in the header, where
// the comment above it follows, and that of dstfa_status_message() and
// dstfa_reason_message(). A block `const` holds what is for C alone.
numbers! {
    /// The method asked for.
    ///
    /// Portals parse it and do not act on it: the call unlinks the account's
    /// authenticator app whatever is asked, and the portal's own setting decides
    /// what the account meets at its next sign-in. The name is sent as given here.
    #[non_exhaustive]
    enum TfaMethod {
        None = 0, DSTFA_METHOD_NONE, "No second factor.";
        Sms = 1, DSTFA_METHOD_SMS, "A code by text message.";
        App = 2, DSTFA_METHOD_APP, "A code from an authenticator app.";
    }
    const i32 {
        DSTFA_METHOD_UNKNOWN = 99, "Not known; getters only.";
    }

    /// Whether the account was changed. Never a guess: `Maybe` is what is said
    /// whenever the facts do not decide.
    enum Applied {
        Maybe = 0, DSTFA_APPLIED_MAYBE, "Whether something was changed cannot be told from here.";
        No = 1, DSTFA_APPLIED_NO, "Nothing was changed.";
        Yes = 2, DSTFA_APPLIED_YES, "It was changed: the portal says so.";
    }
    const i32 {
        DSTFA_UNKNOWN = 0,
            "Three-valued answers: it is not known. Compare; never use such an answer as a truth \
             value.";
        DSTFA_NO = 1, "Three-valued answers: no.";
        DSTFA_YES = 2, "Three-valued answers: yes.";
    }

    /// What an account meets at its next sign-in.
    #[non_exhaustive]
    enum NextSignIn {
        /// That was not read or does not tell.
        Unknown = 0, DSTFA_NEXT_UNKNOWN,
            "What its next sign-in asks for is the portal's own setting.";
        Nothing = 1, DSTFA_NEXT_NOTHING, "Its next sign-in asks for no second factor.";
        Enrol = 2, DSTFA_NEXT_ENROL, "Its next sign-in asks to link an app again.";
        App = 3, DSTFA_NEXT_APP, "Its next sign-in asks for a code from the app.";
        Sms = 4, DSTFA_NEXT_SMS, "Its next sign-in asks for a code by text message.";
        /// That is so whatever the portal's method is.
        Sso = 5, DSTFA_NEXT_SSO,
            "It signs in by single sign-on (SSO), which asks for no second factor and no new app.";
    }

    /// The certificate authorities a client starts from.
    #[derive(Default)]
    #[non_exhaustive]
    enum Trust {
        #[default]
        System = 0, DSTFA_TRUST_SYSTEM,
            "The system's certificate authorities, and the added ones (default).";
        Bundled = 1, DSTFA_TRUST_BUNDLED,
            "Mozilla's certificate authorities, as built into this library, and the added ones.";
        AddedOnly = 2, DSTFA_TRUST_ADDED_ONLY, "The added ones only; there must be at least one.";
    }

    /// Whether an account may be used.
    #[non_exhaustive]
    enum AccountStatus {
        Unknown = 0, DSTFA_ACCOUNT_UNKNOWN,
            "The portal did not say whether the account may be used; not for filters.";
        Active = 1, DSTFA_ACCOUNT_ACTIVE, "In use.";
        Terminated = 2, DSTFA_ACCOUNT_TERMINATED, "Disabled; what it had linked is kept.";
        Pending = 4, DSTFA_ACCOUNT_PENDING, "Invited, not yet accepted.";
    }

    /// What an account may do on the portal.
    #[non_exhaustive]
    enum Role {
        Unknown = 0, DSTFA_ROLE_UNKNOWN,
            "The portal did not say what the account may do; not for filters.";
        Owner = 1, DSTFA_ROLE_OWNER, "The one owner of the portal.";
        Admin = 2, DSTFA_ROLE_ADMIN, "A DocSpace administrator.";
        RoomAdmin = 3, DSTFA_ROLE_ROOM_ADMIN, "A room administrator.";
        User = 4, DSTFA_ROLE_USER, "A user.";
        Guest = 5, DSTFA_ROLE_GUEST, "A guest.";
    }
    const i32 {
        DSTFA_ANY = -1, "For filters: no restriction.";
    }

    /// Why the answer was no. `None` where the network, not the portal, said it.
    #[non_exhaustive]
    enum Reason {
        /// A success, or the network said no.
        None = 0, DSTFA_REASON_NONE, "There is no reason beyond the status.";
        Unknown = 1, DSTFA_REASON_UNKNOWN,
            "The reason is not known; the portal's own words may tell.";
        BadCredential = 10, DSTFA_REASON_BAD_CREDENTIAL,
            "The portal does not accept the credential; it is wrong, expired, disabled or its \
             account is: make a new API key.";
        MissingScope = 11, DSTFA_REASON_MISSING_SCOPE,
            "The key lacks a permission that this needs; make one with all permissions (a change \
             needs the scope *:write).";
        NotOwner = 12, DSTFA_REASON_NOT_OWNER,
            "Only the portal's owner may do this for another account; use a key made by the owner.";
        NotAdmin = 13, DSTFA_REASON_NOT_ADMIN,
            "Only the owner or a DocSpace administrator may do this.";
        /// That list is another one than that of trusted addresses.
        IpRestricted = 14, DSTFA_REASON_IP_RESTRICTED,
            "The portal, or something in front of it, does not admit this address; add it to the \
             list of IP Security in the portal's settings, or use the owner's key.";
        /// Kept for its number: no portal is known to say so.
        SignInLocked = 15, DSTFA_REASON_SIGN_IN_LOCKED,
            "Sign-in is locked after too many attempts; wait a few minutes.";
        NoSuchAccount = 20, DSTFA_REASON_NO_SUCH_ACCOUNT, "There is no such account; check the id.";
        AccountTerminated = 21, DSTFA_REASON_ACCOUNT_TERMINATED,
            "The account is terminated (disabled); enable it before changing it.";
        NotLinked = 22, DSTFA_REASON_NOT_LINKED,
            "The account has no linked authenticator app; there is nothing to unlink.";
        HiddenByPortal = 23, DSTFA_REASON_HIDDEN_BY_PORTAL,
            "The installation hides the authenticator app; ask who runs it.";
        MethodUnavailable = 24, DSTFA_REASON_METHOD_UNAVAILABLE,
            "The method is not available on this portal.";
        InvalidRequest = 25, DSTFA_REASON_INVALID_REQUEST,
            "The portal could not read the request; its words tell what.";
        PortalNotFound = 30, DSTFA_REASON_PORTAL_NOT_FOUND,
            "No portal answers at this address; check the URL, or whether the portal is suspended.";
        Unpaid = 31, DSTFA_REASON_UNPAID,
            "The portal's subscription is not paid; the owner must renew it.";
        Maintenance = 32, DSTFA_REASON_MAINTENANCE,
            "The portal is being moved, restored or encrypted; try later.";
        /// There were too many requests in a short time.
        RateLimited = 33, DSTFA_REASON_RATE_LIMITED, "The portal asks to slow down; try later.";
        DailyLimit = 34, DSTFA_REASON_DAILY_LIMIT,
            "The portal's daily number of writes is used up; try after the time it named.";
        /// The message names where to.
        Redirected = 40, DSTFA_REASON_REDIRECTED,
            "A redirect was answered, which is never followed; use the portal's own https address.";
        NotAPortal = 41, DSTFA_REASON_NOT_A_PORTAL,
            "A page or another service answered, not DocSpace; check that the URL is the portal's.";
        CertUntrusted = 50, DSTFA_REASON_CERT_UNTRUSTED,
            "The certificate's issuer is not trusted; add its CA file, or, where the portal's \
             certificate is self-signed, that certificate itself as the CA file.";
        CertExpired = 51, DSTFA_REASON_CERT_EXPIRED,
            "The certificate has expired; renew it on the portal.";
        CertNotYetValid = 52, DSTFA_REASON_CERT_NOT_YET_VALID,
            "The certificate is not valid yet; check both clocks.";
        CertWrongHost = 53, DSTFA_REASON_CERT_WRONG_HOST,
            "The certificate is for another host; use the name it was made for.";
        CertClientNeeded = 54, DSTFA_REASON_CERT_CLIENT_NEEDED,
            "The server asks for a client certificate it accepts; give one with its key.";
        ProxyAuth = 55, DSTFA_REASON_PROXY_AUTH,
            "The proxy asks for authentication; give user and password in the proxy URL.";
    }

    /// What became of an entry.
    #[non_exhaustive]
    enum ItemOutcome {
        Unknown = 0, DSTFA_ITEM_UNKNOWN, "It may have been applied.";
        /// Where it was only seen, its change or error says that it may be applied.
        Applied = 1, DSTFA_ITEM_APPLIED,
            "The portal says that it is done, or the app was seen unlinked afterwards.";
        Refused = 2, DSTFA_ITEM_REFUSED, "Not applied; the error says why.";
        Skipped = 3, DSTFA_ITEM_SKIPPED,
            "Nothing was asked: a duplicate, settled in the journal, or the caller's own account \
             left out.";
        WouldApply = 4, DSTFA_ITEM_WOULD_APPLY, "A dry run: the change would be asked for.";
    }

    /// What a run over many accounts is at.
    #[derive(Default)]
    #[non_exhaustive]
    enum Phase {
        #[default]
        Idle = 0, DSTFA_PHASE_IDLE, "It is not at work.";
        Changing = 1, DSTFA_PHASE_CHANGING, "Entries are worked on.";
        Paused = 2, DSTFA_PHASE_PAUSED, "The portal wants to be left alone for a while.";
        Looking = 3, DSTFA_PHASE_LOOKING, "Every entry is answered; accounts are looked at.";
        Waiting = 4, DSTFA_PHASE_WAITING,
            "Every entry is answered; the last look waits until it can tell.";
    }

    /// How much is told.
    #[derive(PartialOrd, Ord)]
    #[non_exhaustive]
    enum LogLevel {
        Off = 0, DSTFA_LOG_OFF, "Nothing is logged.";
        Error = 1, DSTFA_LOG_ERROR, "Failed calls.";
        Warn = 2, DSTFA_LOG_WARN, "Also changes whose outcome is unknown, and repeated tries.";
        Info = 3, DSTFA_LOG_INFO,
            "Also every exchange with the portal: method, path without query, names and ids, \
             status, duration, attempt, phase.";
        Debug = 4, DSTFA_LOG_DEBUG, "Also account ids and e-mail addresses; never a secret.";
    }

    const dstfa_status {
        DSTFA_OK = 0, "The call did what it was asked to.";
        DSTFA_DONE = 100, "There is nothing more to hand out; not a failure.";
    }
    /// What kind of failure it was; the number is the one the C API returns.
    #[non_exhaustive]
    enum Status {
        /// Nothing was sent.
        Argument = 1, DSTFA_E_ARGUMENT, "A parameter is wrong; correct it.";
        State = 2, DSTFA_E_STATE,
            "This call does not fit the object's state; check the order of calls.";
        Unsupported = 3, DSTFA_E_UNSUPPORTED,
            "This build, platform or portal version cannot do that; see the documentation.";
        Resolve = 10, DSTFA_E_RESOLVE,
            "The host name could not be resolved; check its spelling and the network.";
        Connect = 11, DSTFA_E_CONNECT,
            "No connection to the portal; check address, port, firewall and whether it runs.";
        Proxy = 12, DSTFA_E_PROXY,
            "The proxy did not open a tunnel to the portal; check its address and rules.";
        /// A certificate fault is told by the reason.
        Tls = 13, DSTFA_E_TLS,
            "The TLS handshake failed; check that the address is the portal's https port.";
        Timeout = 14, DSTFA_E_TIMEOUT,
            "The time allowed for the call was over; check the network or allow more.";
        /// Or the answer was over-long.
        Transport = 15, DSTFA_E_TRANSPORT, "The connection broke before the answer was complete.";
        Unauthorized = 20, DSTFA_E_UNAUTHORIZED,
            "The portal does not accept the credential; check or renew it.";
        /// See the reason.
        Forbidden = 21, DSTFA_E_FORBIDDEN,
            "The portal does not let the credential or this address in.";
        /// Or there is no such account: see the reason.
        NotFound = 22, DSTFA_E_NOT_FOUND,
            "There is no such thing at this address; check the portal URL.";
        /// It had understood: see the reason.
        Rejected = 23, DSTFA_E_REJECTED, "The portal refused; its own words may tell why.";
        /// Or what was asked of it is not: see the reason.
        Unavailable = 24, DSTFA_E_UNAVAILABLE, "The portal is not in service now; try later.";
        /// The error tells after what time.
        RateLimited = 25, DSTFA_E_RATE_LIMITED, "The portal asks to slow down; try later.";
        Server = 26, DSTFA_E_SERVER, "The portal failed; its log may tell why.";
        Protocol = 27, DSTFA_E_PROTOCOL,
            "The answer is not one of DocSpace; check that the URL is the portal's.";
        Unverified = 28, DSTFA_E_UNVERIFIED,
            "The portal accepted the setting, but shows another one, which may be up to five \
             minutes old; look again after that.";
        Redirected = 29, DSTFA_E_REDIRECTED,
            "A redirect was answered, which is never followed; use the portal's own https address.";
        Cancelled = 30, DSTFA_E_CANCELLED, "The call was cancelled.";
        Io = 31, DSTFA_E_IO,
            "The journal cannot be opened, read, locked or written; check the file and its disk.";
        Busy = 32, DSTFA_E_BUSY, "The journal is in use by another run; wait for that to end.";
        Journal = 33, DSTFA_E_JOURNAL,
            "The journal is damaged, or belongs to another portal, caller, method or format; use a \
             new file.";
        Internal = 99, DSTFA_E_INTERNAL, "A defect in this library; please report it.";
    }
}
