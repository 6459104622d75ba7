//! Lines as they stand in a journal.

use super::*;

const ID: &str = "aae1e103-bca5-9fa1-ba8c-42058b4abf28";
const AT: &str = "2026-11-24T03:00:00.000Z";

/// Each without its number and digits.
fn bodies() -> Vec<String> {
    [
        r#"{"t":"run","v":2,"portal":"https://portal.example.com","caller":"ID","method":"None","lib":"0.1.0","at":"AT""#,
        r#"{"t":"name","entry":"a.b@example.com","id":"ID""#,
        r#"{"t":"name","entry":"nobody@example.com","id":"","reason":"NO_SUCH_ACCOUNT""#,
        r#"{"t":"intent","id":"ID","mark":"0123456789abcdef0123456789abcdef","at":"AT""#,
        r#"{"t":"outcome","id":"ID","outcome":"refused","status":"DSTFA_E_REJECTED","applied":"no","sessions":"unknown","reason":"","http":403,"attempts":1,"verified":0,"again":1,"at":"AT""#,
        r#"{"t":"outcome","id":"ID","outcome":"applied","status":"DSTFA_OK","applied":"maybe","sessions":"yes","reason":"","http":200,"attempts":1,"verified":1,"again":0,"at":"AT""#,
        r#"{"t":"seen","id":"ID","linked":"no","at":"AT""#,
        r#"{"t":"sessions","id":"ID","ended":"unknown","caller":"ID","at":"AT""#,
        r#"{"t":"salvaged","lines":417,"at":"AT""#,
    ]
    .map(|body| body.replace("ID", ID).replace("AT", AT))
    .into()
}

/// As a line of that number, whatever it says.
fn chained(body: &str, before: &Chain) -> String {
    let head = format!("{body},\"n\":{}", before.number + 1);
    let digits = before.digits_of(head.as_bytes());
    format!(
        "{head},\"c\":\"{}\"}}",
        std::str::from_utf8(&digits).unwrap()
    )
}

#[test]
fn lines_are_written_as_they_are_read() {
    let (mut reading, mut writing) = (Chain::START, Chain::START);
    for body in bodies() {
        let text = chained(&body, &reading);
        let line = reading.read(text.as_bytes()).unwrap();
        let written = String::from_utf8(writing.write(&line)).unwrap();
        assert_eq!(written, text + "\n");
        assert_eq!(writing, reading);
    }
    assert_eq!(reading.number, 9);
}

#[test]
fn members_that_are_not_known_are_passed_over() {
    let body = format!(r#"{{"mood":{{"x":1}},"t":"seen","id":"{ID}","linked":"yes","at":"{AT}""#);
    let text = chained(&body, &Chain::START);
    let read = Chain::START.clone().read(text.as_bytes());
    assert!(matches!(read, Ok(Line::Seen(_))));
}

#[test]
fn what_is_not_a_line_is_told() {
    let table = [
        (r#"{"t":"note""#, Unread::Unknown),
        (r#"{"t":"run","v":3,"what":"ever""#, Unread::Unknown),
        (r#"{"t":"run","v":1"#, Unread::Unknown),
        (r#"{"t":"run""#, Unread::Unknown),
        (r#"{"x":1"#, Unread::Damaged),
        (r#"["name""#, Unread::Damaged),
        (r#"{"t":"intent","id":"ID","at":"AT""#, Unread::Damaged),
        (
            r#"{"t":"seen","id":"ID","id":"ID","linked":"no","at":"AT""#,
            Unread::Damaged,
        ),
        (
            r#"{"t":"seen","id":"ID","linked":"perhaps","at":"AT""#,
            Unread::Damaged,
        ),
        (
            r#"{"t":"seen","id":"ID","linked":"no","at":"yesterday""#,
            Unread::Damaged,
        ),
        (
            r#"{"t":"seen","id":"","linked":"no","at":"AT""#,
            Unread::Damaged,
        ),
        (r#"{"t":"name","entry":"e","id":"x""#, Unread::Damaged),
    ];
    for (body, expected) in table {
        let body = body.replace("ID", ID).replace("AT", AT);
        let text = chained(&body, &Chain::START);
        let mut chain = Chain::START;
        assert_eq!(chain.read(text.as_bytes()), Err(expected), "{text}");
        assert_eq!(chain, Chain::START, "{text}");
    }
    let long = format!(r#"{{"t":"name","entry":"{}","id":"""#, "x".repeat(8192));
    let text = chained(&long, &Chain::START);
    assert_eq!(
        Chain::START.clone().read(text.as_bytes()),
        Err(Unread::Damaged)
    );
}

#[test]
fn number_and_digits_must_be_the_next() {
    let body = &bodies()[6];
    let good = chained(body, &Chain::START);
    assert!(Chain::START.clone().read(good.as_bytes()).is_ok());
    let later = Chain {
        number: 1,
        ..Chain::START
    };
    // The digits fit, the number does not, and the other way round.
    assert!(later.clone().read(good.as_bytes()).is_err());
    let other = Chain {
        digits: *b"0123abcd",
        ..Chain::START
    };
    assert!(other.clone().read(good.as_bytes()).is_err());
    // They are known from elsewhere: CRC-32 of eight zeros and the line.
    let head = r#"{"t":"x","n":1"#;
    assert_eq!(Chain::START.digits_of(head.as_bytes()), crc(head));
}

/// Bit by bit, as the standard has it.
fn crc(head: &str) -> [u8; 8] {
    let mut crc = u32::MAX;
    for byte in b"00000000".iter().chain(head.as_bytes()) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
    }
    format!("{:08x}", !crc).into_bytes().try_into().unwrap()
}

#[test]
fn the_beginning_of_a_line_is_told_from_other_ends() {
    for body in bodies() {
        let text = chained(&body, &Chain::START);
        for length in 1..text.len() {
            assert!(is_beginning(&text.as_bytes()[..length]), "{length}: {text}");
        }
        for more in ["", "x", "\0", " ", &*text, "{"] {
            let text = format!("{text}{more}");
            assert!(!is_beginning(text.as_bytes()), "{text}");
        }
    }
    let others: [&[u8]; 9] = [
        b"sk-0123456789",
        b"{\"api_key\":\"sk-",
        b"{ ",
        b"\0\0\0",
        b"{\"t\":\"intent\",\0\0",
        b"{\"t\":\"intent\",\"id\":\"\0",
        b"{\"t\":\"intent\",}",
        b"{\"t\":\"other\",",
        b"[",
    ];
    for text in others {
        assert!(!is_beginning(text), "{text:?}");
    }
    let long = [&b"{\"t\":\"name\",\"entry\":\""[..], &[b'x'; 8192]].concat();
    assert!(!is_beginning(&long));
}

#[test]
fn every_name_leads_back() {
    #[derive(PartialEq, Debug, Serialize, Deserialize)]
    struct Both {
        #[serde(with = "status")]
        status: Option<Status>,
        #[serde(with = "reason")]
        reason: Reason,
    }
    let there_and_back = |both: &Both| {
        let text = serde_json::to_string(both).unwrap();
        assert_eq!(&serde_json::from_str::<Both>(&text).unwrap(), both);
        text
    };
    for reason in Reason::ALL.iter().copied() {
        let status = None;
        there_and_back(&Both { status, reason });
    }
    for status in Status::ALL.iter().copied().map(Some) {
        let reason = Reason::None;
        there_and_back(&Both { status, reason });
    }
    let (status, reason) = (Some(Status::NotFound), Reason::NotAPortal);
    assert_eq!(
        there_and_back(&Both { status, reason }),
        r#"{"status":"DSTFA_E_NOT_FOUND","reason":"NOT_A_PORTAL"}"#
    );
    let later = r#"{"status":"DSTFA_E_LATER","reason":"LATER"}"#;
    let (status, reason) = (None, Reason::Unknown);
    assert_eq!(
        serde_json::from_str::<Both>(later).unwrap(),
        Both { status, reason }
    );
}

#[test]
fn a_clock_before_1970_stops_nothing() {
    let before = UNIX_EPOCH - std::time::Duration::from_secs(1);
    assert_eq!(written_time(&before), "1970-01-01T00:00:00.000Z");
}
