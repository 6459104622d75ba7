//! Reading accounts.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::json::{Object, lenient, lenient_text};
use super::{Portal, ReadFault};
use crate::account::{Account, AccountId, AccountStatus, Role};
use crate::text::{self, clean};
use crate::transport::Call;

/// What is needed of the portal's person object. Without a proper id it is not
/// one; any other member of the wrong kind counts as absent, and absent is
/// never "no".
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    #[serde(deserialize_with = "id")]
    pub(crate) id: AccountId,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(crate) email: String,
    #[serde(default, deserialize_with = "lenient_text")]
    pub(crate) user_name: String,
    #[serde(default, deserialize_with = "lenient_text")]
    display_name: String,
    #[serde(default, deserialize_with = "lenient")]
    status: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) is_owner: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) is_admin: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    is_room_admin: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    is_collaborator: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    is_visitor: Option<bool>,
    #[serde(rename = "isSSO", default, deserialize_with = "lenient")]
    pub(crate) is_sso: Option<bool>,
    #[serde(rename = "isLDAP", default, deserialize_with = "lenient")]
    is_ldap: Option<bool>,
    /// Shown only to owner and administrators, and only while the portal's
    /// method is the app.
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) tfa_app_enabled: Option<bool>,
}

fn id<'de, D: Deserializer<'de>>(from: D) -> Result<AccountId, D::Error> {
    AccountId::parse(&String::deserialize(from)?).map_err(D::Error::custom)
}

/// One page of accounts, and how many there are in all. What cannot be read is
/// `None`: one odd entry hides no other.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) people: Vec<Option<Person>>,
    pub(crate) total: Option<u32>,
}

/// What a page is asked for with.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    pub(crate) text: &'a str,
    pub(crate) status: Option<AccountStatus>,
    pub(crate) role: Option<Role>,
    pub(crate) start: u32,
    pub(crate) count: u32,
}

/// Path segments that the portal, or the proxy before it, reads as its own.
const LITERAL_ROUTES: [&str; 24] = [
    "@self",
    "active",
    "apikeys",
    "clone",
    "delete",
    "email",
    "exists",
    "filter",
    "guests",
    "import",
    "info",
    "invite",
    "password",
    "photo",
    "quota",
    "reassign",
    "remove",
    "search",
    "self",
    "simple",
    "status",
    "theme",
    "thirdparty",
    "type",
];

/// Whether a user name in a path would lead elsewhere.
pub(crate) fn is_literal_route(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    LITERAL_ROUTES.contains(&name.as_str())
        || name.starts_with("files")
        || name.starts_with("privacyroom")
        || matches!(name.as_str(), "." | "..")
}

impl Person {
    pub(crate) fn is(&self, account: &AccountId) -> bool {
        self.id == *account
    }

    pub(crate) fn is_terminated(&self) -> bool {
        self.account_status() == AccountStatus::Terminated
    }

    fn account_status(&self) -> AccountStatus {
        match self.status {
            Some(1) => AccountStatus::Active,
            Some(2) => AccountStatus::Terminated,
            Some(4) => AccountStatus::Pending,
            _ => AccountStatus::Unknown,
        }
    }

    /// Portals say "admin: no" of the owner, so the owner comes first.
    fn role(&self) -> Role {
        let table = [
            (self.is_owner, Role::Owner),
            (self.is_admin, Role::Admin),
            (self.is_room_admin, Role::RoomAdmin),
            (self.is_collaborator, Role::User),
            (self.is_visitor, Role::Guest),
        ];
        table
            .into_iter()
            .find_map(|(is, role)| (is == Some(true)).then_some(role))
            .unwrap_or(Role::Unknown)
    }

    /// What callers get to see.
    pub(crate) fn into_account(self) -> Account {
        Account {
            id: self.id,
            email: clean(&self.email, text::SENTENCE),
            user_name: clean(&self.user_name, text::SENTENCE),
            // The portal encodes this name, and only this one, for HTML.
            display_name: text::decode_and_clean(&self.display_name, text::SENTENCE),
            status: self.account_status(),
            role: self.role(),
            is_sso: self.is_sso,
            is_ldap: self.is_ldap,
            is_owner: self.is_owner == Some(true),
            app_link: self.tfa_app_enabled,
        }
    }
}

impl Portal {
    fn person(&self, call: &Call, path: &str, route: &'static str) -> Result<Person, ReadFault> {
        let Object(person) = self.read(call, path, route)?;
        Ok(person)
    }

    /// The account that the credential stands for.
    pub(crate) fn own_account(&self, call: &Call) -> Result<Person, ReadFault> {
        self.person(call, "people/@self", "people/@self")
    }

    /// The account with this id. A user name that is this very id hides it.
    pub(crate) fn account(&self, call: &Call, account: &AccountId) -> Result<Person, ReadFault> {
        let person = self.person(call, &format!("people/{account}"), "people/{id}")?;
        if person.is(account) {
            Ok(person)
        } else {
            Err(ReadFault::Hidden)
        }
    }

    pub(crate) fn account_by_name(&self, call: &Call, name: &str) -> Result<Person, ReadFault> {
        self.person(
            call,
            &format!("people/{}", percent_encode(name)),
            "people/{userName}",
        )
    }

    pub(crate) fn account_by_email(&self, call: &Call, email: &str) -> Result<Person, ReadFault> {
        self.person(
            call,
            &format!("people/email?email={}", percent_encode(email)),
            "people/email",
        )
    }

    pub(crate) fn accounts(&self, call: &Call, query: &Query<'_>) -> Result<Page, ReadFault> {
        // By e-mail address: the only order in which no two have one place.
        let mut path = format!(
            "people/filter?count={}&startIndex={}&sortBy=email&sortOrder=ascending",
            query.count, query.start
        );
        let status = query
            .status
            .filter(|status| *status != AccountStatus::Unknown);
        if let Some(status) = status {
            path.push_str(&format!("&employeeStatus={}", status as i32));
        }
        // The owner has no number of its own; it is picked out afterwards.
        let kind = match query.role {
            Some(Role::RoomAdmin) => Some(1),
            Some(Role::Guest) => Some(2),
            Some(Role::Admin) => Some(3),
            Some(Role::User) => Some(4),
            _ => None,
        };
        if let Some(kind) = kind {
            path.push_str(&format!("&employeeType={kind}"));
        }
        if !query.text.is_empty() {
            path.push_str("&filterValue=");
            path.push_str(&percent_encode(query.text));
        }
        let page = self.read_paged(call, &path, "people/filter")?;
        Ok(Page {
            people: people(page.response),
            total: page.total,
        })
    }
}

/// Everything but unreserved characters, `+` above all, is encoded.
fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// One of a page's accounts.
#[derive(Deserialize)]
struct Entry(#[serde(deserialize_with = "lenient")] Option<Object<Person>>);

fn people(page: Vec<Entry>) -> Vec<Option<Person>> {
    let people = page.into_iter();
    people.map(|Entry(it)| it.map(|Object(it)| it)).collect()
}

/// The accounts of an answer.
#[cfg(fuzzing)]
pub(crate) fn page_of_body(body: &[u8]) -> Option<Vec<Option<Person>>> {
    Some(people(super::envelope::response(body)?.response))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(json: &str) -> Option<Account> {
        let Object(person) = serde_json::from_str::<Object<Person>>(json).ok()?;
        Some(person.into_account())
    }

    const ID: &str = r#""id":"11111111-2222-3333-4444-555555555555""#;

    #[test]
    fn names_are_decoded_then_cleaned() {
        let table = [
            ("A &amp; B", "A & B"),
            ("&lt;b&gt;&quot;&#39;", "<b>\"'"),
            ("&#1b;", "&#1b;"),
            ("&#x1b;[2J", "\u{FFFD}[2J"),
            ("&#27;[2J", "\u{FFFD}[2J"),
            ("a\u{1b}]0;x\u{7}", "a\u{FFFD}]0;x\u{FFFD}"),
            ("&amp;lt;", "&lt;"),
            ("&#x202e;gpj", "\u{FFFD}gpj"),
        ];
        for (sent, shown) in table {
            let name = serde_json::to_string(sent).unwrap();
            let json = format!(r#"{{{ID},"displayName":{name}}}"#);
            assert_eq!(account(&json).unwrap().display_name(), shown, "{sent}");
        }
    }

    #[test]
    fn absent_and_odd_members_are_unknown() {
        let bare = account(&format!("{{{ID}}}")).unwrap();
        assert_eq!(
            (bare.email(), bare.status(), bare.role()),
            ("", AccountStatus::Unknown, Role::Unknown)
        );
        assert_eq!(
            (bare.app_link(), bare.is_sso(), bare.is_ldap()),
            (None, None, None)
        );
        let odd = format!(
            r#"{{{ID},"email":5,"status":"active","isOwner":"yes","tfaAppEnabled":"no",
                "isSSO":"true","isLDAP":1,"userName":null}}"#
        );
        assert_eq!(account(&odd).unwrap(), bare);
        assert!(account(r#"{"id":5}"#).is_none());
        assert!(account(r#"{"id":"x"}"#).is_none());
        assert!(account("{}").is_none());
        assert!(account(&format!(r#"{{{ID},"isOwner":true,"isOwner":false}}"#)).is_none());
    }

    #[test]
    fn roles_and_states() {
        let table = [
            (
                r#""isOwner":true,"isAdmin":false,"status":1"#,
                Role::Owner,
                AccountStatus::Active,
            ),
            (
                r#""isOwner":false,"isAdmin":true,"status":2"#,
                Role::Admin,
                AccountStatus::Terminated,
            ),
            (
                r#""isRoomAdmin":true,"status":4"#,
                Role::RoomAdmin,
                AccountStatus::Pending,
            ),
            (
                r#""isCollaborator":true,"status":9"#,
                Role::User,
                AccountStatus::Unknown,
            ),
            (r#""isVisitor":true"#, Role::Guest, AccountStatus::Unknown),
        ];
        for (members, role, status) in table {
            let account = account(&format!("{{{ID},{members}}}")).unwrap();
            assert_eq!(
                (account.role(), account.status()),
                (role, status),
                "{members}"
            );
        }
    }

    #[test]
    fn where_an_account_comes_from() {
        let of = |members: &str| {
            let account = account(&format!("{{{ID},{members}}}")).unwrap();
            (account.is_sso(), account.is_ldap())
        };
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(of(r#""isSSO":true,"isLDAP":false"#), (yes, no));
        assert_eq!(of(r#""isSSO":false,"isLDAP":true"#), (no, yes));
        assert_eq!(of(r#""isSSO":null,"isLDAP":false"#), (None, no));
    }

    #[test]
    fn paths_and_queries_are_encoded() {
        assert_eq!(
            percent_encode("a+b c@example.com"),
            "a%2Bb%20c%40example.com"
        );
        assert_eq!(percent_encode("../x?y#z%"), "..%2Fx%3Fy%23z%25");
        assert_eq!(percent_encode("Ольга"), "%D0%9E%D0%BB%D1%8C%D0%B3%D0%B0");
        for name in [
            "email",
            "Filter",
            "files-of-x",
            "privacyroom",
            "..",
            "@self",
        ] {
            assert!(is_literal_route(name), "{name}");
        }
        assert!(!is_literal_route("olga"));
    }
}
