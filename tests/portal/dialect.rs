//! What changed between server releases, in one place.

use super::envelope::Failure;
use super::text::{Language, NOT_AVAILABLE, Text};

/// The generation of the portal's software.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// The older product: the unlink call takes an id and nothing else.
    Workspace,
    /// 1.0: DocSpace at its beginning. Any administrator may unlink others.
    V1_0,
    /// 2.5 to 2.6.3: no API keys, `type` is a word, link state never shown.
    V2_6,
    /// 3.2: refusals are 500 and 415, the address carries an e-mail.
    V3_2,
    /// 3.5 to 3.6.1: refusals are 403; `available` is still misspelt.
    V3_5,
    /// 3.7 to 3.7.2.
    #[default]
    V3_7,
    /// "Not linked" is 405, an unknown id is a matter of rights. No source of the
    /// portal does this, not even what is to follow 3.7.2: the vendor's
    /// description and its tests expect it. That codes and new codes answer the
    /// same, and that the refusal for an unknown id keeps its type, is a guess.
    Newer,
}

/// A refusal of a TFA call, before a dialect has put it into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this to that account.
    NoPermissions,
    /// The account has no app link, or the installation hides the section.
    AppUnavailable,
    /// The account is terminated or belongs to the system.
    NotAvailable,
}

impl Dialect {
    pub fn has_api_keys(self) -> bool {
        self >= Self::V3_2
    }

    pub fn shows_link_state(self) -> bool {
        self >= Self::V3_2
    }

    /// The audit trail is shown by a filter, not only its newest events.
    pub fn filters_audit(self) -> bool {
        self >= Self::V2_6
    }

    /// Without a `Referer`, an audit event keeps the address of the request.
    pub fn audits_own_address(self) -> bool {
        self >= Self::V3_5
    }

    /// An audit event with a longer page is lost.
    pub fn longest_audit_page(self) -> usize {
        if self >= Self::V3_2 { 4096 } else { 300 }
    }

    pub fn sorts_by_email(self) -> bool {
        self >= Self::V2_6
    }

    pub fn refuses_terminated(self) -> bool {
        self >= Self::V3_2
    }

    /// Whoever may edit an account may unlink its app; later the owner alone.
    /// Which accounts an administrator may edit is known from no source for
    /// these releases: here all but the owner's.
    pub fn admins_unlink_others(self) -> bool {
        self <= Self::V1_0
    }

    /// The unlink of somebody else's app ends that account's sessions.
    pub fn ends_sessions_of_others(self) -> bool {
        self > Self::V1_0
    }

    /// Ending sessions is answered with 200 and nothing.
    pub fn says_nothing_of_ended_sessions(self) -> bool {
        self <= Self::V2_6
    }

    /// Answers name the request they belong to.
    pub fn shows_links(self) -> bool {
        self != Self::Workspace
    }

    /// The key to link an app anew stands in the address, not in a cookie.
    pub fn key_is_in_address(self) -> bool {
        self <= Self::V1_0
    }

    /// `type` may be a number, and neither it nor `id` may be null.
    pub fn strict_body(self) -> bool {
        self >= Self::V3_2
    }

    /// Binding problems wear the numbers of a success.
    pub fn disguises_problems(self) -> bool {
        self < Self::V3_5
    }

    pub fn spells_available(self) -> bool {
        self >= Self::V3_7
    }

    /// `tfaapp/confirm` answers an object rather than an address.
    pub fn confirm_is_object(self) -> bool {
        self >= Self::V3_7
    }

    /// A link older than a day goes once an app period has ended; newer servers
    /// ask that the end be the latest of such events.
    pub fn expiry_by_any_end(self) -> bool {
        self < Self::V3_7
    }

    /// The caller's address is cut at its first colon, up to 3.6.1.
    pub fn cuts_ipv6_callers(self) -> bool {
        self < Self::V3_7
    }

    /// .NET 10 clears the bits behind a prefix, .NET 8 and 9 throw. It came with
    /// 3.6: what stands for 3.5 to 3.6.1 here is as 3.5.
    pub fn clears_host_bits(self) -> bool {
        self >= Self::V3_7
    }

    /// Up to 2.0 both halves of a network are parsed apart and nothing else is
    /// asked. That the older product does so too is in no source cited.
    pub fn parses_networks_itself(self) -> bool {
        self == Self::Workspace
    }

    pub fn checks_trusted_addresses(self) -> bool {
        self >= Self::Newer
    }

    /// An empty or unknown id is refused for want of rights.
    pub fn lost_account_is_a_matter_of_rights(self) -> bool {
        self >= Self::Newer
    }

    pub fn refuse(self, refusal: Refusal, language: Language) -> Failure {
        let message = match refusal {
            Refusal::NoPermissions => Text::NoPermissions.say(language),
            Refusal::AppUnavailable => Text::AppUnavailable.say(language),
            Refusal::NotAvailable => NOT_AVAILABLE,
        };
        if self >= Self::Newer && refusal == Refusal::AppUnavailable {
            return Failure::bare(405, message);
        }
        if self >= Self::V3_5 {
            return Failure::new(
                403,
                message,
                "System.InvalidOperationException",
                -2146233079,
            );
        }
        match refusal {
            Refusal::NoPermissions => Failure::new(
                500,
                message,
                "System.ServiceModel.Security.SecurityAccessDeniedException",
                -2146233087,
            ),
            Refusal::AppUnavailable => Failure::new(500, message, "System.Exception", -2146233088),
            Refusal::NotAvailable => {
                let status = if self < Self::V2_6 { 500 } else { 415 };
                Failure::new(status, message, "System.NotSupportedException", -2146233067)
            }
        }
    }
}
