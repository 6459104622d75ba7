//! What the caller signs in with.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::error::Error;

/// Longer than any key, token or password a portal hands out.
const LONGEST: usize = 4096;
const SHORTEST_BLANKED: usize = 8;

/// A portal credential. Its bytes are wiped when it is dropped, and no text
/// this library produces contains them.
#[derive(Clone)]
pub struct Credential {
    kind: Kind,
    /// The value of the `Authorization` header.
    header: Zeroizing<Vec<u8>>,
}

/// What a refusal may mean depends on what signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An API key: its scopes can be asked for.
    ApiKey,
    /// The opaque token of a session.
    Session,
    /// A token in the shape of a JWT: OAuth 2, which never reaches settings.
    Jwt,
    /// E-mail and password, checked at every request.
    Password,
}

impl Credential {
    /// An API key (`sk-…`), made under Developer Tools by the account that
    /// shall act: the portal's owner for changes to others.
    pub fn api_key(key: &str) -> Result<Self, Error> {
        check_token("API key", key)?;
        if !key.starts_with("sk-") {
            return Err(Error::argument(
                "API key: does not begin with \"sk-\"; give the whole key as the portal showed \
                 it, or use the session token setter for a session token",
            ));
        }
        Ok(Self::bearer(Kind::ApiKey, key))
    }

    /// The token of a session, as `POST /api/2.0/authentication` returned it.
    /// Changing one's own account ends that session.
    pub fn session_token(token: &str) -> Result<Self, Error> {
        check_token("session token", token)?;
        if token.starts_with("sk-") {
            return Err(Error::argument(
                "session token: this is an API key (\"sk-…\"); use the API key setter for it",
            ));
        }
        let kind = if looks_like_jwt(token) {
            Kind::Jwt
        } else {
            Kind::Session
        };
        Ok(Self::bearer(kind, token))
    }

    /// E-mail and password. Portals check them directly and ask for no second
    /// factor; an API key is the better choice.
    pub fn password(email: &str, password: &str) -> Result<Self, Error> {
        if email.is_empty() || !email.contains('@') || email.contains(':') {
            return Err(Error::argument(
                "e-mail: not an e-mail address; give the address the account signs in with",
            ));
        }
        if password.is_empty() {
            return Err(Error::argument(
                "password: empty; give the account's password",
            ));
        }
        for (name, text) in [("e-mail", email), ("password", password)] {
            if text.len() > LONGEST || text.chars().any(char::is_control) {
                return Err(Error::argument(format!(
                    "{name}: over-long or contains a control character; check what was pasted"
                )));
            }
        }
        let mut pair = Zeroizing::new(Vec::with_capacity(email.len() + password.len() + 1));
        pair.extend_from_slice(email.as_bytes());
        pair.push(b':');
        pair.extend_from_slice(password.as_bytes());

        const SCHEME: &[u8] = b"Basic ";
        let encoded = pair.len().div_ceil(3) * 4;
        let mut header = Zeroizing::new(vec![0; SCHEME.len() + encoded]);
        let (scheme, value) = header.split_at_mut(SCHEME.len());
        scheme.copy_from_slice(SCHEME);
        STANDARD
            .encode_slice(&*pair, value)
            .map_err(|_| Error::argument("password: cannot be encoded; check what was pasted"))?;
        Ok(Credential {
            kind: Kind::Password,
            header,
        })
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The value of the `Authorization` header.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header
    }

    /// Blanks the credential wherever an answer repeats it, so that no text of
    /// the portal's can show it.
    pub(crate) fn blank_in(&self, answer: &mut [u8]) {
        let secret = self.header.splitn(2, |byte| *byte == b' ').nth(1);
        // What is shorter may be a word of the answer by chance.
        let Some(secret) = secret.filter(|secret| secret.len() >= SHORTEST_BLANKED) else {
            return;
        };
        // By its last byte: keys begin with an "s", which answers are full of.
        let Some(&last) = secret.last() else {
            return;
        };
        let mut seen = 0;
        while let Some(at) = answer
            .get(seen..)
            .and_then(|rest| memchr::memchr(last, rest))
        {
            seen += at + 1;
            let copy = seen
                .checked_sub(secret.len())
                .and_then(|start| answer.get_mut(start..seen));
            if let Some(copy) = copy.filter(|copy| **copy == *secret) {
                copy.fill(b'x');
            }
        }
    }

    fn bearer(kind: Kind, token: &str) -> Self {
        const SCHEME: &[u8] = b"Bearer ";
        // The exact capacity: growing would leave a copy behind.
        let mut header = Zeroizing::new(Vec::with_capacity(SCHEME.len() + token.len()));
        header.extend_from_slice(SCHEME);
        header.extend_from_slice(token.as_bytes());
        Credential { kind, header }
    }
}

/// Visible ASCII only: anything else could end the header line or was pasted
/// by mistake.
fn check_token(name: &str, token: &str) -> Result<(), Error> {
    if token.is_empty() {
        return Err(Error::argument(format!(
            "{name}: empty; give the whole value"
        )));
    }
    if token.len() > LONGEST || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::argument(format!(
            "{name}: over-long or contains a blank, a line break or a character outside ASCII; \
             remove what was pasted along with it"
        )));
    }
    Ok(())
}

fn looks_like_jwt(token: &str) -> bool {
    let mut parts = 0;
    for part in token.split('.') {
        if part.is_empty() {
            return false;
        }
        parts += 1;
    }
    parts == 3 && token.starts_with("ey")
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn headers_are_what_the_portal_reads() {
        let key = Credential::api_key("sk-0123").unwrap();
        assert_eq!(key.header(), b"Bearer sk-0123");
        let token = Credential::session_token("abc/+=").unwrap();
        assert_eq!(
            (token.kind(), token.header()),
            (Kind::Session, &b"Bearer abc/+="[..])
        );
        let basic = Credential::password("owner@example.com", "pässword").unwrap();
        assert_eq!(
            basic.header(),
            b"Basic b3duZXJAZXhhbXBsZS5jb206cMOkc3N3b3Jk"
        );
    }

    #[test]
    fn a_jwt_is_known_by_its_shape() {
        assert_eq!(
            Credential::session_token("eyJh.eyJz.c2ln").unwrap().kind(),
            Kind::Jwt
        );
        assert_eq!(
            Credential::session_token("eyJh.eyJz").unwrap().kind(),
            Kind::Session
        );
    }

    #[test]
    fn bad_values_are_refused_with_a_remedy() {
        let table = [
            (Credential::api_key(""), "empty"),
            (Credential::api_key("0123"), "session token setter"),
            (Credential::api_key("sk-01\r\nx: y"), "line break"),
            (Credential::api_key("sk-01 "), "blank"),
            (Credential::api_key("sk-é"), "ASCII"),
            (Credential::session_token("sk-0123"), "API key setter"),
            (Credential::session_token("a\nb"), "line break"),
            (Credential::password("owner", "x"), "e-mail"),
            (Credential::password("a:b@example.com", "x"), "e-mail"),
            (Credential::password("a@example.com", ""), "password"),
            (Credential::password("a@example.com", "x\ny"), "password"),
        ];
        for (made, word) in table {
            let error = made.unwrap_err();
            assert_eq!(error.status(), Status::Argument);
            assert!(error.message().contains(word), "{}", error.message());
            assert!(!error.message().contains("0123"), "{}", error.message());
        }
    }

    #[test]
    fn a_repeated_credential_is_blanked() {
        let key = Credential::api_key("sk-01234567").unwrap();
        let mut answer = b"sk-01234567sk-01234567 sk-0123456 Bearer sk-01234567".to_vec();
        key.blank_in(&mut answer);
        assert_eq!(
            answer,
            b"xxxxxxxxxxxxxxxxxxxxxx sk-0123456 Bearer xxxxxxxxxxx"
        );
        let short = Credential::session_token("ok").unwrap();
        let mut answer = b"ok".to_vec();
        short.blank_in(&mut answer);
        assert_eq!(answer, b"ok");
    }

    #[test]
    fn debug_says_the_kind_only() {
        let text = format!("{:?}", Credential::api_key("sk-0123").unwrap());
        assert_eq!(text, "Credential { kind: ApiKey, .. }");
    }
}
