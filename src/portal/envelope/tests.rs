//! Bodies as portals, proxies and others send them.

use super::*;
use crate::transport::{BodyEnd, Redirect};

fn shape_of(body: &[u8], plain_text: bool, encoded: bool) -> Shape {
    Shape::of(&Reply {
        status: 200,
        body: Wiped::new(body.to_vec()),
        end: BodyEnd::Whole,
        encoded,
        plain_text,
        retry_after: None,
        location: None,
        redirect: Redirect::None,
        confirm_key: None,
    })
}

/// A short name of the shape, with what it says.
fn name(shape: &Shape) -> String {
    match shape {
        Shape::Success(None) => "success".into(),
        Shape::Success(Some(url)) => format!("success {}", url.as_str()),
        Shape::OtherResponse => "other response".into(),
        Shape::Refusal { kind, message } => format!("refusal {kind:?} {message}"),
        Shape::Validation { message } => format!("validation {message}"),
        Shape::Problem { message } => format!("problem {message}"),
        Shape::Sentence(message) => format!("sentence {message}"),
        Shape::Empty => "empty".into(),
        Shape::Half => "half".into(),
        Shape::Page => "page".into(),
    }
}

#[test]
fn every_body_has_its_shape() {
    let table = [
        (
            r#"{"response":"https://p/x?a&b","count":1,"links":[],"status":0,"statusCode":200}"#,
            "success https://p/x?a&b",
        ),
        (r#"{"response":"a\u0026b","status":0}"#, "success a&b"),
        (
            r#"{"response":"","count":1,"status":0,"statusCode":200}"#,
            "success ",
        ),
        (r#"{"response":null,"status":0}"#, "success"),
        (r#"{"count":0,"status":0,"statusCode":200}"#, "success"),
        (r#"{"statusCode":200}"#, "success"),
        ("{\"status\":0} \r\n\t", "success"),
        (r#"{"response":true,"status":0}"#, "other response"),
        (r#"{"response":5,"status":0}"#, "other response"),
        (r#"{"response":-5,"status":0}"#, "other response"),
        (r#"{"response":1.5,"status":0}"#, "other response"),
        (r#"{"response":["a"],"status":0}"#, "other response"),
        (r#"{"response":{"a":1},"status":0}"#, "other response"),
        (
            r#"{"error":{"message":"No","type":"System.Exception","stack":"at C:\\x","hresult":1},"status":1,"statusCode":403}"#,
            "refusal Some(\"System.Exception\") No",
        ),
        (
            r#"{"error":{"message":null,"type":null,"stack":null},"status":1}"#,
            "refusal None ",
        ),
        (
            r#"{"error":{"message":"a\u001b[31m\nb"},"status":1}"#,
            "refusal None a\u{FFFD}[31m\u{FFFD}b",
        ),
        (
            r#"{"response":{"errors":{"$.id":["Bad id."]},"title":"Invalid.","status":400},"status":1}"#,
            "validation Invalid. Bad id.",
        ),
        (
            r#"{"response":{"title":"T","errors":"odd"},"status":0}"#,
            "validation T",
        ),
        (
            r#"{"response":{"title":"","errors":{"a":["A.","B."],"b":["C."]}},"status":0}"#,
            "validation A. B. C.",
        ),
        (r#"{"response":"\ud800","status":0}"#, "page"),
        (r#"{"response":{"title":"\ud800"},"status":0}"#, "page"),
        (
            r#"{"response":{"title":"A","title":"B"},"status":0}"#,
            "page",
        ),
        (
            r#"{"response":{"title":"A","errors":{},"errors":{}},"status":0}"#,
            "page",
        ),
        (
            r#"{"response":{"title":5,"errors":"odd"},"status":0}"#,
            "other response",
        ),
        (
            r#"{"response":{"title":5,"errors":{"b":["c","d"],"a":["e"]}},"status":0}"#,
            "validation c d e",
        ),
        (
            r#"{"response":{"errors":{"a":["b",5]}},"status":0}"#,
            "page",
        ),
        (
            r#"{"type":"about:blank","title":"Not Found","status":404,"traceId":"00"}"#,
            "problem Not Found",
        ),
        (r#"{"status":402,"traceId":"00"}"#, "problem "),
        (
            r#""Your address is not allowed""#,
            "sentence Your address is not allowed",
        ),
        ("", "empty"),
        (" \r\n", "empty"),
        (r#"{"response":"https://p/x"#, "half"),
        (r#"{"response":"https://p/x","status":0"#, "half"),
        ("{", "half"),
        (r#"{"status":0}{"status":0}"#, "page"),
        (r#"{"status":0} x"#, "page"),
        (r#"{"response":"a","response":"b","status":0}"#, "page"),
        (r#"{"status":0,"title":"a","title":"b"#, "page"),
        (r#"{"status":0,"title":5}"#, "page"),
        (r#"{"error":{"message":5},"status":1}"#, "page"),
        (r#"{"hello":1}"#, "page"),
        (r#"{"response":"a"}"#, "page"),
        (r#"{"status":0,}"#, "page"),
        ("\u{FEFF}{\"status\":0}", "page"),
        ("<html><body>502</body></html>", "page"),
        ("[1,2]", "page"),
        ("true", "page"),
        ("plain words", "page"),
    ];
    for (body, expected) in table {
        assert_eq!(
            name(&shape_of(body.as_bytes(), false, false)),
            expected,
            "{body}"
        );
    }
}

#[test]
fn plain_text_is_a_sentence_unless_it_is_a_page() {
    assert_eq!(
        name(&shape_of(b"Not allowed\n", true, false)),
        "sentence Not allowed"
    );
    assert_eq!(name(&shape_of(b"<html>", true, false)), "page");
}

#[test]
fn what_was_never_asked_for_is_not_read() {
    assert_eq!(name(&shape_of(br#"{"status":0}"#, false, true)), "page");
    assert_eq!(
        name(&shape_of(
            b"{\"response\":\"\xff\",\"status\":0}",
            false,
            false
        )),
        "page"
    );
    assert_eq!(
        name(&shape_of(b"{\"response\":\"\xd0", false, false)),
        "half"
    );
}

#[test]
fn deep_nesting_is_no_way_to_the_end_of_the_stack() {
    let open = "[".repeat(100_000);
    let half = format!("{{\"response\":{open}");
    assert_eq!(name(&shape_of(half.as_bytes(), false, false)), "half");
    let half = format!("{{\"response\":{{\"title\":{open}");
    assert_eq!(name(&shape_of(half.as_bytes(), false, false)), "half");
    let close = "]".repeat(100_000);
    let whole = format!("{{\"response\":{{\"title\":{open}{close}}},\"status\":0}}");
    assert_eq!(
        name(&shape_of(whole.as_bytes(), false, false)),
        "other response"
    );
}

#[test]
fn the_response_of_a_read() {
    let text = |body: &str| response::<String>(body.as_bytes()).map(|paged| paged.response);
    assert_eq!(text(r#"{"response":"x","status":0}"#).as_deref(), Some("x"));
    assert_eq!(text(r#"{"response":"x","error":{},"status":1}"#), None);
    assert_eq!(text(r#"{"status":0}"#), None);
    assert_eq!(text(r#"{"response":5}"#), None);
    let page = response::<Vec<u8>>(br#"{"response":[1,2],"count":2,"total":7}"#).unwrap();
    assert_eq!((page.response.len(), page.total), (2, Some(7)));
}
