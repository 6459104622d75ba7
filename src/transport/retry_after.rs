//! How long a portal or a proxy in front of it asks to wait.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ureq::http::{HeaderMap, HeaderName, header};

const RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// From `Retry-After` (seconds, or a date measured against the answer's own),
/// else from `X-RateLimit-Reset` (a Unix time).
pub(super) fn read(headers: &HeaderMap, now: impl Fn() -> SystemTime) -> Option<Duration> {
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
        if let Ok(seconds) = after.parse() {
            return Some(Duration::from_secs(seconds));
        }
        if let Ok(date) = httpdate::parse_http_date(after) {
            return Some(until(date));
        }
    }
    let reset = text(RATE_LIMIT_RESET)?.parse().ok()?;
    UNIX_EPOCH
        .checked_add(Duration::from_secs(reset))
        .map(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        type Fields<'a> = &'a [(&'a str, &'a str)];
        let table: [(Fields<'_>, Option<u64>); 7] = [
            (&[], None),
            (&[("retry-after", "7")], Some(7)),
            (&[("retry-after", "soon")], None),
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
                Some(0),
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
