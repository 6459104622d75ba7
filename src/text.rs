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

/// `text` with the entities decoded that portals make of names: numbers, and
/// the names of what stands for markup. A table of all named entities would be
/// a tenth of the library; what is not known stays as it is written.
pub(crate) fn decode_entities(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        decoded.push_str(before);
        let known = entity
            .split_once(';')
            .and_then(|(name, behind)| Some((entity_of(name)?, behind)));
        match known {
            Some((c, behind)) => {
                decoded.push(c);
                rest = behind;
            }
            None => {
                decoded.push('&');
                rest = entity;
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

fn entity_of(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        let plain = digits.chars().all(|digit| digit.is_digit(radix));
        return u32::from_str_radix(digits, radix)
            .ok()
            .filter(|_| plain)
            .and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => return None,
    })
}

/// Whether [`clean`] would change nothing, as far as a quick look can tell: it
/// is short enough and all visible ASCII.
pub(crate) fn is_clean(text: &str, cap: usize) -> bool {
    text.len() <= cap && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
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
    fn entities_are_decoded_once() {
        let table = [
            ("A &amp; B", "A & B"),
            ("&lt;b&gt;&quot;&apos;&#39;&nbsp;", "<b>\"''\u{a0}"),
            ("&#1054;&#x41F;&#X43f;", "ОПп"),
            ("&amp;lt;", "&lt;"),
            ("&#27;[2J", "\u{1b}[2J"),
            ("&#128512;", "😀"),
            // What is none stays.
            ("&", "&"),
            ("&;", "&;"),
            ("&#;", "&#;"),
            ("&#x;", "&#x;"),
            ("&#+65;", "&#+65;"),
            ("&#xD800;", "&#xD800;"),
            ("&#99999999999;", "&#99999999999;"),
            ("&eacute;", "&eacute;"),
            ("a&b;c&amp;d", "a&b;c&d"),
            ("&amp", "&amp"),
        ];
        for (encoded, plain) in table {
            assert_eq!(decode_entities(encoded), plain, "{encoded}");
        }
    }

    #[test]
    fn the_cut_is_on_a_character_border() {
        assert_eq!(clean("ааа", 5), "аа");
        assert_eq!(clean("aaa", 2), "aa");
        assert_eq!(clean("\u{1}", 2), "");
    }
}
