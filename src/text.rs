//! Cleaning text that came from the portal: names are chosen by members and
//! end on the owner's terminal.

/// How many bytes of a portal's sentence leave the library.
pub(crate) const SENTENCE: usize = 512;
/// How many bytes of a portal's URL leave the library.
pub(crate) const URL: usize = 4096;

/// `text` with every control, line-separating and text-direction character
/// replaced by U+FFFD, cut to `cap` bytes on a character border.
pub(crate) fn clean(text: &str, cap: usize) -> String {
    if is_clean(text, cap) {
        return text.to_owned();
    }
    let mut clean = String::with_capacity(text.len().min(cap));
    for c in text.chars() {
        let c = if is_hostile(c) {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        };
        if clean.len() + c.len_utf8() > cap {
            break;
        }
        clean.push(c);
    }
    clean
}

/// Whether [`clean`] would change nothing, as far as a quick look can tell: it
/// is short enough and all visible ASCII.
pub(crate) fn is_clean(text: &str, cap: usize) -> bool {
    // Without an early end: many bytes are looked at in one step.
    let visible = |so_far, byte: u8| so_far & matches!(byte, b' '..=b'~');
    text.len() <= cap && text.bytes().fold(true, visible)
}

/// Characters that move the cursor, break the line or turn the reading
/// direction, and so can make a terminal show something else than was said.
pub(crate) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}' | '\u{2029}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_are_replaced() {
        let table = [
            ("plain", "plain"),
            ("a\x1b[31mb", "a\u{FFFD}[31mb"),
            ("a\r\nb", "a\u{FFFD}\u{FFFD}b"),
            ("a\u{9b}b\u{7f}", "a\u{FFFD}b\u{FFFD}"),
            ("\u{202E}gpj.exe", "\u{FFFD}gpj.exe"),
            ("a\u{2028}b\u{2066}c", "a\u{FFFD}b\u{FFFD}c"),
            ("Ольга 王", "Ольга 王"),
        ];
        for (dirty, expected) in table {
            assert_eq!(clean(dirty, SENTENCE), expected);
        }
    }

    #[test]
    fn the_cut_is_on_a_character_border() {
        assert_eq!(clean("ааа", 5), "аа");
        assert_eq!(clean("aaa", 2), "aa");
        assert_eq!(clean("\u{1}", 2), "");
    }
}
