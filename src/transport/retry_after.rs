//! How long a portal or a proxy in front of it asks to wait.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ureq::http::{HeaderMap, HeaderName, header};

const RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// A portal that says "at once", or names a time that is over, means "not now":
/// whoever took it at its word would ask it without a pause.
const SHORTEST: Duration = Duration::from_secs(1);

/// From `Retry-After` (seconds, or a date measured against the answer's own),
/// else from `X-RateLimit-Reset` (a Unix time).
pub(super) fn read(headers: &HeaderMap, now: impl Fn() -> SystemTime) -> Option<Duration> {
    read_as_said(headers, now).map(|wait| wait.max(SHORTEST))
}

fn read_as_said(headers: &HeaderMap, now: impl Fn() -> SystemTime) -> Option<Duration> {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    let until = |then: SystemTime| {
        let now = text(header::DATE)
            .and_then(|date| httpdate::parse_http_date(date).ok())
            .unwrap_or_else(&now);
        then.duration_since(now).unwrap_or_default()
    };
    if let Some(after) = text(header::RETRY_AFTER) {
        if let Some(seconds) = whole(after) {
            return Some(Duration::from_secs(seconds));
        }
        if let Ok(date) = httpdate::parse_http_date(after) {
            return Some(until(date));
        }
    }
    let reset = Duration::from_secs(whole(text(RATE_LIMIT_RESET)?)?);
    let then = UNIX_EPOCH.checked_add(reset);
    Some(then.map_or(Duration::from_secs(u64::MAX), until))
}

/// A number of digits; one that no integer holds is the longest.
fn whole(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        type Fields<'a> = &'a [(&'a str, &'a str)];
        let table: [(Fields<'_>, Option<u64>); 16] = [
            (&[], None),
            (&[("retry-after", "7")], Some(7)),
            (&[("retry-after", "soon")], None),
            (&[("retry-after", "")], None),
            (&[("retry-after", "-1")], None),
            (&[("retry-after", "+7")], None),
            (&[("retry-after", "0")], Some(1)),
            (&[("retry-after", "18446744073709551616")], Some(u64::MAX)),
            (
                &[("x-ratelimit-reset", "99999999999999999999")],
                Some(u64::MAX),
            ),
            (
                &[("x-ratelimit-reset", "9999999999999999999")],
                Some(u64::MAX),
            ),
            (&[("x-ratelimit-reset", "900")], Some(1)),
            (&[("x-ratelimit-reset", "soon")], None),
            (
                &[
                    ("date", "Tue, 24 Nov 2026 03:00:00 GMT"),
                    ("retry-after", "Tue, 24 Nov 2026 03:00:30 GMT"),
                ],
                Some(30),
            ),
            (
                &[
                    ("date", "Tue, 24 Nov 2026 03:00:00 GMT"),
                    ("retry-after", "Tue, 24 Nov 2026 02:00:00 GMT"),
                ],
                Some(1),
            ),
            (&[("x-ratelimit-reset", "1060")], Some(60)),
            (
                &[("x-ratelimit-reset", "1060"), ("retry-after", "5")],
                Some(5),
            ),
        ];
        for (fields, expected) in table {
            let mut headers = HeaderMap::new();
            for (name, value) in fields {
                headers.insert(*name, value.parse().unwrap());
            }
            let now = UNIX_EPOCH + Duration::from_secs(1000);
            assert_eq!(
                read(&headers, || now),
                expected.map(Duration::from_secs),
                "{fields:?}"
            );
        }
    }
}
