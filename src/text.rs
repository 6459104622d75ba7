//! Cleaning text that came from the portal: names are chosen by members and
//! end on the owner's terminal.

/// How many bytes of a portal's sentence leave the library.
pub(crate) const SENTENCE: usize = 512;
/// How many bytes of a portal's URL leave the library.
pub(crate) const URL: usize = 4096;

/// The longest entity without its `&` and `;`: `#1114111`, the last character.
const LONGEST_ENTITY: usize = 8;

/// `text` with every control, line-separating, text-direction and invisible
/// character replaced by U+FFFD, cut to `cap` bytes on a character border.
pub(crate) fn clean(text: &str, cap: usize) -> String {
    if is_clean(text, cap) {
        return text.to_owned();
    }
    harmless(&mut text.chars(), text.len().min(cap), cap)
}

/// The same of a text that the portal has encoded for pages: entities are
/// decoded first, as many of them as there is room for.
pub(crate) fn decode_and_clean(text: &str, cap: usize) -> String {
    if is_clean(text, cap) && !text.contains('&') {
        return text.to_owned();
    }
    harmless(&mut Decoded(text), text.len().min(cap), cap)
}

/// Takes only as many characters as fit: what is behind them costs nothing.
fn harmless(chars: &mut dyn Iterator<Item = char>, room: usize, cap: usize) -> String {
    let mut clean = String::with_capacity(room);
    for c in chars {
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

/// The rest of a text, its entities decoded one by one: numbers, and the names
/// of what stands for markup. A table of all named entities would be a tenth of
/// the library; what is not known stays as it is written.
struct Decoded<'a>(&'a str);

impl Iterator for Decoded<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let (c, behind) = match entity(self.0) {
            Some(found) => found,
            None => {
                let mut chars = self.0.chars();
                (chars.next()?, chars.as_str())
            }
        };
        self.0 = behind;
        Some(c)
    }
}

/// The entity that `text` begins with, and what comes behind it. Looks no
/// further than an entity can reach.
fn entity(text: &str) -> Option<(char, &str)> {
    let behind = text.strip_prefix('&')?;
    let within = behind.as_bytes().iter().take(LONGEST_ENTITY + 1);
    let end = within.into_iter().position(|byte| *byte == b';')?;
    let (name, behind) = behind.split_at_checked(end)?;
    Some((entity_of(name)?, behind.strip_prefix(';')?))
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

/// Characters that move the cursor, break the line, turn the reading direction
/// or are not seen, and so can make a terminal show something else than was
/// said.
pub(crate) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // The soft hyphen and the Arabic letter mark.
            '\u{00AD}' | '\u{061C}'
            // No width, and direction marks.
            | '\u{200B}'..='\u{200F}'
            // Line and paragraph separators, and direction embeddings.
            | '\u{2028}'..='\u{202E}'
            // Joiners and operators that are not seen.
            | '\u{2060}'..='\u{2064}'
            // Direction isolates.
            | '\u{2066}'..='\u{2069}'
            // The byte order mark.
            | '\u{FEFF}'
            // Tags: a whole ASCII text that is not seen.
            | '\u{E0000}'..='\u{E007F}')
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
            ("a\u{AD}b\u{200B}c\u{200C}d", "a\u{FFFD}b\u{FFFD}c\u{FFFD}d"),
            ("\u{FEFF}a\u{2060}b\u{2064}c", "\u{FFFD}a\u{FFFD}b\u{FFFD}c"),
            (
                "a\u{E0001}\u{E0041}\u{E007F}b",
                "a\u{FFFD}\u{FFFD}\u{FFFD}b",
            ),
            ("Ольга 王", "Ольга 王"),
        ];
        for (dirty, expected) in table {
            assert_eq!(clean(dirty, SENTENCE), expected);
            assert_eq!(decode_and_clean(dirty, SENTENCE), expected);
        }
    }

    #[test]
    fn every_character_that_hides_or_turns_text_is_hostile() {
        let ranges = [
            ('\0', '\u{1F}'),
            ('\u{7F}', '\u{9F}'),
            ('\u{AD}', '\u{AD}'),
            ('\u{61C}', '\u{61C}'),
            ('\u{200B}', '\u{200F}'),
            ('\u{2028}', '\u{202E}'),
            ('\u{2060}', '\u{2064}'),
            ('\u{2066}', '\u{2069}'),
            ('\u{FEFF}', '\u{FEFF}'),
            ('\u{E0000}', '\u{E007F}'),
        ];
        for c in '\0'..=char::MAX {
            let listed = ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
            assert_eq!(is_hostile(c), listed, "U+{:04X}", u32::from(c));
        }
    }

    /// All of it, however long.
    fn decode(text: &str) -> String {
        Decoded(text).collect()
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
            ("&&amp;&", "&&&"),
            ("&ä;&лт;&#1114111;", "&ä;&лт;\u{10FFFF}"),
            // Longer than any entity, so it is none.
            ("&#00000065;", "&#00000065;"),
            ("&        amp;", "&        amp;"),
        ];
        for (encoded, plain) in table {
            assert_eq!(decode(encoded), plain, "{encoded}");
        }
    }

    #[test]
    fn an_entity_is_looked_for_no_further_than_it_can_reach() {
        // Behind each of these, a semicolon that is too far to be looked for.
        for text in ["&", "&&&&&&&&&&", "&#0000065", "&äääää", "&王王王王"] {
            let near = format!("{text}{}", "x".repeat(LONGEST_ENTITY + 1));
            let far = format!("{near};");
            assert_eq!(entity(&near), None, "{text}");
            assert_eq!(entity(&far), None, "{text}");
        }
        // Nor is a later one taken for an entity's end.
        assert_eq!(entity("&#65;;"), Some(('A', ";")));
    }

    #[test]
    fn no_more_is_decoded_than_is_kept() {
        let ampersands = "&".repeat(256 * 1024);
        for text in [ampersands.as_str(), &"&#128512;".repeat(30_000)] {
            let mut decoded = Decoded(text);
            let kept = harmless(&mut decoded, SENTENCE, SENTENCE);
            assert_eq!(kept.len(), SENTENCE);
            let read = text.len() - decoded.0.len();
            let most = (SENTENCE + 1) * (LONGEST_ENTITY + 2);
            assert!(read <= most, "{read} of {} bytes", text.len());
        }
    }

    #[test]
    fn what_is_kept_is_the_beginning_of_all_that_is_decoded() {
        let texts = [
            "a&amp;b&lt;c",
            "&#x202e;&#128512;&#160;я&quot;",
            "&&amp;&#65;&nope;&",
            "王&#x738b;\u{1}&#1;",
        ];
        for text in texts {
            let text = text.repeat(9);
            let all = decode(&text);
            for cap in 0..=all.len() * 3 {
                let kept = decode_and_clean(&text, cap);
                assert_eq!(kept, clean(&all, cap), "{text}, {cap}");
            }
        }
    }

    #[test]
    fn the_cut_is_on_a_character_border() {
        assert_eq!(clean("ааа", 5), "аа");
        assert_eq!(clean("aaa", 2), "aa");
        assert_eq!(clean("\u{1}", 2), "");
    }
}
