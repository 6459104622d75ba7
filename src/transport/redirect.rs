//! Where a redirect leads, beside what was asked for.

use ureq::http::{HeaderMap, header};

use crate::address::Origin;
use crate::credential::Credential;

/// A target longer than this is not told: no URL of a portal is.
const LONGEST: usize = 4096;

/// How the target of a redirect differs from the URL that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Redirect {
    /// No redirect, or one whose target cannot be read.
    #[default]
    None,
    /// The same path and query under another scheme, host or port.
    OtherAuthority {
        /// Nothing but http became https; the port is the same or that of
        /// https.
        only_scheme_upgrade: bool,
    },
    /// Another path or query, or the very same URL.
    OtherPath,
}

impl Redirect {
    /// `asked` is absolute; `target` as it stands in a `Location`. A target
    /// without an authority has that of `asked`.
    pub(super) fn of(asked: &str, target: &str) -> Self {
        let Some((from, from_path)) = Origin::split_url(asked) else {
            return Redirect::None;
        };
        let completed;
        let target = match target.strip_prefix("//") {
            Some(rest) => {
                let scheme = if from.secure { "https" } else { "http" };
                completed = format!("{scheme}://{rest}");
                &completed
            }
            None => target,
        };
        if !has_scheme(target) {
            return Redirect::OtherPath;
        }
        let Some((to, to_path)) = Origin::split_url(target) else {
            return Redirect::None;
        };
        if to == from || whole_path(to_path) != whole_path(from_path) {
            return Redirect::OtherPath;
        }
        let same_port = to.port == from.port || to.port == 443;
        Redirect::OtherAuthority {
            only_scheme_upgrade: to.secure && !from.secure && to.host == from.host && same_port,
        }
    }
}

/// The target as it was sent, if there is exactly one and it can be shown; the
/// credential is blanked in it.
pub(super) fn target(headers: &HeaderMap, credential: &Credential) -> Option<String> {
    let mut targets = headers.get_all(header::LOCATION).into_iter();
    let (target, None) = (targets.next()?, targets.next()) else {
        return None;
    };
    let mut target = target.as_bytes().to_vec();
    if target.len() > LONGEST || !target.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    credential.blank_in(&mut target);
    String::from_utf8(target).ok()
}

/// RFC 3986: a colon before any of the others ends a scheme.
fn has_scheme(target: &str) -> bool {
    let end = target.find([':', '/', '?', '#']);
    end.and_then(|end| target.get(end..))
        .is_some_and(|rest| rest.starts_with(':'))
}

/// Path and query, without a fragment; no path is the root.
fn whole_path(rest: &str) -> &str {
    let end = rest.find('#').unwrap_or(rest.len());
    match rest.get(..end) {
        Some("") | None => "/",
        Some(path) => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHER: Redirect = Redirect::OtherAuthority {
        only_scheme_upgrade: false,
    };
    const UPGRADE: Redirect = Redirect::OtherAuthority {
        only_scheme_upgrade: true,
    };

    #[test]
    fn targets_are_compared_with_what_was_asked_for() {
        let table = [
            ("https://p.example/a/b", OTHER, "https://q.example/a/b"),
            ("https://p.example/a/b", OTHER, "HTTPS://Q.example:443/a/b"),
            ("https://p.example/a/b", OTHER, "https://p.example:8443/a/b"),
            ("https://p.example/a/b", OTHER, "http://p.example/a/b"),
            ("https://p.example/a/b", OTHER, "https://q.example/a/b#top"),
            ("https://p.example/a/b", OTHER, "//q.example/a/b"),
            ("https://p.example/a?b=c", OTHER, "https://q.example/a?b=c"),
            ("http://p.example/a", UPGRADE, "https://p.example/a"),
            ("http://p.example:80/a", UPGRADE, "https://p.example:443/a"),
            ("http://p.example:8080/a", UPGRADE, "https://p.example/a"),
            (
                "http://p.example:8080/a",
                UPGRADE,
                "https://p.example:8080/a",
            ),
            ("http://p.example/a", OTHER, "https://p.example:8443/a"),
            ("http://p.example/a", OTHER, "https://q.example/a"),
        ];
        for (asked, redirect, target) in table {
            assert_eq!(Redirect::of(asked, target), redirect, "{asked} {target}");
        }
        let asked = "https://p.example/a/b";
        for target in [
            "",
            "/a/b",
            "b",
            "?x=y",
            "./a:b",
            "https://p.example/a/b",
            "https://p.example:443/a/b",
            "//p.example/a/b",
            "https://q.example/a/b/",
            "https://q.example/A/b",
            "https://q.example/a/b?x",
            "https://q.example",
            "https://q.example/sign-in?from=/a/b",
        ] {
            assert_eq!(Redirect::of(asked, target), Redirect::OtherPath, "{target}");
        }
        for target in [
            "http://[::",
            "https://u@q.example/a/b",
            "https://q.example\\/a/b",
            "ftp://q.example/a/b",
            "javascript:alert(1)",
            "https:/a/b",
        ] {
            assert_eq!(Redirect::of(asked, target), Redirect::None, "{target}");
        }
    }

    #[test]
    fn only_one_target_that_can_be_shown_is_told() {
        let credential = Credential::api_key("sk-0123456789").unwrap();
        let told = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::LOCATION, value.parse().unwrap());
            }
            target(&headers, &credential)
        };
        assert_eq!(told(&["/a"]).as_deref(), Some("/a"));
        assert_eq!(
            told(&["https://q/?k=sk-0123456789"]).as_deref(),
            Some("https://q/?k=xxxxxxxxxxxxx")
        );
        assert_eq!(told(&[]), None);
        assert_eq!(told(&["/a", "/a"]), None);
        assert_eq!(told(&["/a b"]), None);
        assert_eq!(told(&[&"x".repeat(4097)]), None);
    }
}
