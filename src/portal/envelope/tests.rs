//! Bodies as portals, proxies and others send them.

use super::*;

fn shape_of(body: &[u8], plain_text: bool, encoded: bool) -> Shape {
    Shape::of(&Reply {
        encoded,
        plain_text,
        ..Reply::for_test(200, body)
    })
}

/// A short name of the shape, with what it says.
fn name(shape: &Shape) -> String {
    match shape {
        Shape::Envelope(envelope) => {
            let kind = match envelope {
                it if it.is_unlinked() => "unlinked",
                it if it.contradicts() => "contradicts",
                it if it.is_success() => "success",
                it if it.claims_success() => "claims",
                _ => "no word",
            };
            match &envelope.response {
                Response::Nothing => kind.into(),
                Response::Text(url) => format!("{kind} {}", url.as_str()),
                Response::Other => format!("{kind} …"),
            }
        }
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
            "unlinked https://p/x?a&b",
        ),
        (
            r#"{"response":"http://\u0026b","status":"0","statusCode":"200"}"#,
            "unlinked http://&b",
        ),
        (
            r#"{"response":"pong","status":0,"statusCode":200}"#,
            "success pong",
        ),
        (
            r#"{"response":"https://","status":0,"statusCode":200}"#,
            "success https://",
        ),
        (r#"{"response":"a","status":0}"#, "claims a"),
        (
            r#"{"response":"","status":0,"statusCode":404}"#,
            "contradicts ",
        ),
        (
            r#"{"response":"","status":1,"statusCode":200}"#,
            "contradicts ",
        ),
        (r#"{"status":"ok"}"#, "contradicts"),
        (r#"{"status":500,"response":""}"#, "contradicts "),
        (
            r#"{"response":"","count":1,"status":0,"statusCode":200}"#,
            "unlinked ",
        ),
        (r#"{"response":null,"status":0}"#, "no word"),
        (r#"{"count":0,"status":0,"statusCode":200}"#, "success"),
        (r#"{"statusCode":200}"#, "no word"),
        ("{\"status\":0} \r\n\t", "no word"),
        (r#"{"response":true,"status":0}"#, "contradicts …"),
        (r#"{"response":5,"status":0}"#, "contradicts …"),
        (r#"{"response":-5,"status":0}"#, "contradicts …"),
        (r#"{"response":1.5,"status":0}"#, "contradicts …"),
        (r#"{"response":["a"],"status":0}"#, "contradicts …"),
        (r#"{"response":{"a":1},"status":0}"#, "contradicts …"),
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
            "contradicts …",
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
        (r#"{"response":"a"}"#, "no word a"),
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
        "contradicts …"
    );
}

#[test]
fn the_response_of_a_read() {
    let text = |body: &str| response::<String>(body.as_bytes()).map(|paged| paged.response);
    let success = r#"{"response":"x","status":0,"statusCode":200}"#;
    assert_eq!(text(success).as_deref(), Some("x"));
    for other in [
        r#"{"response":"x","status":0}"#,
        r#"{"response":"x","status":1,"statusCode":200}"#,
        r#"{"response":"x","status":0,"statusCode":403}"#,
        r#"{"response":"x","error":{},"status":0,"statusCode":200}"#,
        r#"{"status":0,"statusCode":200}"#,
        r#"{"response":5,"status":0,"statusCode":200}"#,
    ] {
        assert_eq!(text(other), None, "{other}");
    }
    let page = br#"{"response":[1,2],"count":2,"total":7,"status":0,"statusCode":200}"#;
    let page = response::<Vec<u8>>(page).unwrap();
    assert_eq!((page.response.len(), page.total), (2, Some(7)));
}
