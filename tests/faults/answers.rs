//! Bytes a listener sends.

/// What every good answer's cookies carry: a session that must not be seen.
pub const COOKIE: &str = "Zm9yZ2V0LW1lLW5vdC1zZXNzaW9uLWNvb2tpZQ";

/// A success, as portals write it.
pub const ENVELOPE: &str = r#"{"response":"","count":1,"links":[{"href":"https://portal.example/api/2.0/settings/tfaappnewapp","action":"PUT"}],"status":0,"statusCode":200}"#;

/// As current portals refuse.
pub const REFUSAL: &str = r#"{"error":{"message":"TFA application settings are not available","type":"System.InvalidOperationException","stack":"at ASC.Api","hresult":-2146233079},"status":1,"statusCode":403}"#;

/// The same without an exception, as some versions may say it.
pub const BARE_REFUSAL: &str = r#"{"error":{"message":"No","type":null,"stack":null,"hresult":0},"status":1,"statusCode":403}"#;

/// A step after the change failed: the exception is derived from the one that
/// refuses.
pub const LATE_FAILURE: &str = r#"{"error":{"message":"Cannot access a disposed object.","type":"System.ObjectDisposedException","stack":"at ASC.Api","hresult":-2146232798},"status":1,"statusCode":403}"#;

/// A right is missing: on some portals the caller's, on others in a later step.
pub const DENIAL: &str = r#"{"error":{"message":"Access denied","type":"System.Security.SecurityException","stack":"at ASC.Api","hresult":-2146233078},"status":1,"statusCode":403}"#;

/// As portals 2.5 to 3.2 refuse terminated accounts.
pub const UNSUPPORTED: &str = r#"{"error":{"message":"Not available.","type":null,"stack":null,"hresult":0},"status":1,"statusCode":415}"#;

/// A failure that tells its exception.
pub const FAILURE: &str = r#"{"error":{"message":"Value does not fall within the expected range.","type":"System.ArgumentException","stack":"at ASC.Api","hresult":-2147024809},"status":1,"statusCode":500}"#;

/// As portals before 3.5 refuse.
pub const OLD_REFUSAL: &str = r#"{"error":{"message":"Access denied","type":"System.Security.SecurityAccessDeniedException","stack":"at ASC.Api","hresult":-2146233078},"status":1,"statusCode":500}"#;

pub const VALIDATION: &str = r#"{"response":{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"One or more validation errors occurred.","status":400,"errors":{"id":["not an id"]},"traceId":"00-1"},"count":1,"links":[],"status":0,"statusCode":400}"#;

pub const PROBLEM: &str = r#"{"type":"https://tools.ietf.org/html/rfc9110","title":"Forbidden","status":403,"traceId":"00-1"}"#;

pub const PAGE: &str =
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Sign in</body></html>\n";

/// The status line and fields that every good answer has.
pub fn start(status: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nServer: crude\r\n\
         Set-Cookie: asc_auth_key={COOKIE}; path=/; httponly\r\n"
    )
}

/// A whole answer with its length.
pub fn answer(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    with(status, &format!("Content-Type: {kind}\r\n"), body)
}

/// A whole answer with its length and these fields more.
pub fn with(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{}{fields}Content-Length: {}\r\n\r\n",
        start(status),
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub fn json(status: u16, body: &str) -> Vec<u8> {
    answer(
        &format!("{status} Said"),
        "application/json; charset=utf-8",
        body.as_bytes(),
    )
}

pub fn page(status: u16) -> Vec<u8> {
    answer(&format!("{status} Said"), "text/html", PAGE.as_bytes())
}

pub fn empty(status: u16) -> Vec<u8> {
    with(&format!("{status} Said"), "", b"")
}

/// A success; the connection may stay open.
pub fn ok() -> Vec<u8> {
    json(200, ENVELOPE)
}

/// A success that ends where the connection does.
pub fn ok_until_close() -> Vec<u8> {
    format!("{}\r\n{ENVELOPE}", start("200 OK")).into_bytes()
}

/// The head of a success in chunks.
pub fn chunked_head() -> Vec<u8> {
    format!("{}Transfer-Encoding: chunked\r\n\r\n", start("200 OK")).into_bytes()
}

pub fn chunk(body: &[u8]) -> Vec<u8> {
    let size = format!("{:x}\r\n", body.len());
    [size.as_bytes(), body, b"\r\n"].concat()
}

/// A success in two chunks, without the last, empty one.
pub fn ok_chunked_without_end() -> Vec<u8> {
    let (front, back) = ENVELOPE.as_bytes().split_at(40);
    [chunked_head(), chunk(front), chunk(back)].concat()
}

/// Some megabytes of blanks in a few kilobytes of gzip.
pub fn bomb() -> Vec<u8> {
    let mut bits = Bits::default();
    // One block, the last, with the fixed codes: a blank, and then over and
    // over "the last 258 bytes again".
    bits.push(0b011, 3);
    bits.push_code(0x30 + 0x20, 8);
    for _ in 0..20_000 {
        bits.push_code(0b1100_0101, 8);
        bits.push(0, 5);
    }
    bits.push(0, 7);
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    bytes.extend(bits.bytes);
    // A wrong checksum: whoever unpacks as it comes has unpacked it by then.
    bytes.extend([0; 8]);
    bytes
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    /// Low bit first.
    fn push(&mut self, value: u32, count: usize) {
        for bit in 0..count {
            if self.used % 8 == 0 {
                self.bytes.push(0);
            }
            if value >> bit & 1 == 1 {
                *self.bytes.last_mut().unwrap() |= 1 << (self.used % 8);
            }
            self.used += 1;
        }
    }

    /// A code: high bit first.
    fn push_code(&mut self, code: u32, count: usize) {
        for bit in (0..count).rev() {
            self.push(code >> bit & 1, 1);
        }
    }
}
