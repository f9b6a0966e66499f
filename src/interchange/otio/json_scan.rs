//! A first look at JSON that may be hostile: how deep it nests and how much it holds, before a tree is built.

use std::borrow::Cow;

use crate::interchange::text_limits::MOST_LEVELS;

/// Values of the largest document that is read: a clip has about forty.
const MOST_VALUES: usize = 4_000_000;
/// Numbers that JSON does not know and OpenTimelineIO writes. They become null.
const WORDS: [&str; 4] = ["Infinity", "infinity", "Inf", "NaN"];

/// The text with numbers that are none replaced by null.
///
/// Errors: it nests too deep or holds too much.
pub(super) fn scanned(text: &str) -> Result<Cow<'_, str>, String> {
    let bytes = text.as_bytes();
    let (mut depth, mut values, mut at) = (0_usize, 0_usize, 0_usize);
    let mut written: Option<String> = None;
    let mut copied = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'[' | b'{' => {
                depth += 1;
                if depth > MOST_LEVELS {
                    return Err(format!("it nests deeper than {MOST_LEVELS} levels"));
                }
                values += 1;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            b'I' | b'i' | b'N' => {
                let rest = text.get(at..).unwrap_or_default();
                if let Some(word) = WORDS.iter().find(|word| rest.starts_with(**word)) {
                    let begin = if at > 0 && bytes.get(at - 1) == Some(&b'-') {
                        at - 1
                    } else {
                        at
                    };
                    let written = written.get_or_insert_with(String::new);
                    written.push_str(text.get(copied..begin).unwrap_or_default());
                    written.push_str("null");
                    at += word.len();
                    copied = at;
                    continue;
                }
            }
            _ => {}
        }
        if values > MOST_VALUES {
            return Err(format!("it holds more than {MOST_VALUES} values"));
        }
        at += 1;
    }
    Ok(match written {
        None => Cow::Borrowed(text),
        Some(mut written) => {
            written.push_str(text.get(copied..).unwrap_or_default());
            Cow::Owned(written)
        }
    })
}

/// Where the string that begins at `at` ends.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_none_become_null_outside_strings() {
        let text = r#"{"a": NaN, "b": -Infinity, "NaN \" Inf": [Inf, 1], "c": "-Inf"}"#;
        let wanted = r#"{"a": null, "b": null, "NaN \" Inf": [null, 1], "c": "-Inf"}"#;
        assert_eq!(scanned(text).unwrap(), wanted);
        assert!(matches!(scanned("[1, 2]").unwrap(), Cow::Borrowed(_)));
    }

    #[test]
    fn deep_and_endless_documents_are_refused() {
        assert!(scanned(&"[".repeat(200_000)).is_err());
        assert!(scanned(&"[".repeat(MOST_LEVELS)).is_ok());
        assert!(scanned(&",".repeat(MOST_VALUES + 2)).is_err());
        assert!(scanned("\"\\").is_ok());
    }
}
