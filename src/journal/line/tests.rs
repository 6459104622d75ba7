//! Lines as they stand in a journal.

use super::*;

const LINES: [&str; 5] = [
    r#"{"t":"run","v":1,"portal":"https://portal.example.com","caller":"c","method":"None","lib":"0.1.0","at":"a"}"#,
    r#"{"t":"name","entry":"a.b@example.com","id":"i"}"#,
    r#"{"t":"name","entry":"nobody@example.com","id":"","reason":"NO_SUCH_ACCOUNT"}"#,
    r#"{"t":"intent","id":"i","linked":"unknown","at":"2026-11-24T03:00:00.000Z"}"#,
    r#"{"t":"outcome","id":"i","outcome":"refused","status":"DSTFA_E_REJECTED","applied":"no","reason":"","http":403,"attempts":1,"verified":0,"at":"2026-11-24T03:00:00.000Z"}"#,
];

#[test]
fn lines_are_written_as_they_are_read() {
    for text in LINES {
        let line = Line::read(text.as_bytes()).unwrap();
        assert_eq!(line.write(), format!("{text}\n").into_bytes());
    }
    let more =
        r#"{"id":"i","t":"intent","at":"2026-11-24T03:00:00.000Z","linked":"no","mood":{"x":1}}"#;
    assert!(matches!(Line::read(more.as_bytes()), Ok(Line::Intent(_))));
    // Known in lines of another kind only.
    let other = r#"{"t":"name","entry":"e","id":"i","http":"x","v":9,"v":[]}"#;
    assert!(matches!(Line::read(other.as_bytes()), Ok(Line::Name(_))));
}

#[test]
fn what_is_not_a_line_is_told() {
    let table = [
        ("", Unread::Bad),
        ("{}", Unread::Bad),
        (r#"["name","e","i"]"#, Unread::Bad),
        (
            r#"{"t":"intent","id":"i","linked":"yes","at":"a"}"#,
            Unread::Bad,
        ),
        (r#"{"t":"note"}"#, Unread::Bad),
        (r#"{"t":"intent","id":"i","linked":"yes"}"#, Unread::Bad),
        (r#"{"t":"name","entry":"e","id":"i","id":"i"}"#, Unread::Bad),
        (
            r#"{"t":"name","entry":"e","id":"i","reason":null}"#,
            Unread::Bad,
        ),
        (r#"{"t":"run","v":2,"v":2}"#, Unread::Bad),
        (
            r#"{"t":"intent","id":"i","linked":"perhaps","at":"2026-11-24T03:00:00.000Z"}"#,
            Unread::Bad,
        ),
        (r#"{"t":"run","v":2,"what":"ever"}"#, Unread::Newer),
        (
            r#"{"t":"run","v":0,"portal":"p","caller":"c","method":"m","lib":"l","at":"a"}"#,
            Unread::Bad,
        ),
        (
            r#"{"t":"run","v":9,"portal":"p","caller":"c","method":"m","lib":"l","at":"a"}"#,
            Unread::Newer,
        ),
    ];
    for (text, expected) in table {
        assert_eq!(Line::read(text.as_bytes()), Err(expected), "{text}");
    }
}
