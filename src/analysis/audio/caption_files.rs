//! Caption files, SubRip (`.srt`) and WebVTT (`.vtt`), as a [`Transcript`].
//!
//! WebVTT follows the W3C's *WebVTT: The Web Video Text Tracks Format* (header, `NOTE`, `STYLE` and `REGION` blocks,
//! cue settings, tags, character references, times inside a cue). SubRip has no specification and is read as players
//! read it: cue numbers are optional, and either a comma or a point may stand before the milliseconds. A line that
//! cannot be parsed is an error that names it, never skipped.
//!
//! A cue says when its text is shown, not when each word is spoken, so words divide the time of their cue by length.
//! Times inside a WebVTT cue are kept.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::analysis::{Transcript, TranscriptWord};
use crate::error::{Error, LimitName, Result};
use crate::time::rounded;

/// Largest file, in bytes; the captions of a whole day take about 5 MB.
const MOST_BYTES: u64 = 32 << 20;
/// Latest time, in hours.
const MOST_HOURS: u64 = 9_999;

/// The words of a caption file in order of time. `language` (ISO 639-1) is used where the file names none.
///
/// Fails with [`Error::Read`], with [`Error::Limit`] for too large a file, and with [`Error::Document`] for a line that
/// cannot be parsed.
pub fn read_captions(path: &Path, language: &str) -> Result<Transcript> {
    let file = File::open(path).map_err(|problem| Error::read(path, problem))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|problem| Error::read(path, problem))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::Limit {
            path: path.into(),
            limit: LimitName::Bytes,
            found: bytes.len() as u64,
            allowed: MOST_BYTES,
        });
    }
    parse_captions(&bytes, path, language)
}

/// Like [`read_captions`], from the content of a file; `path` is used in error messages only.
pub fn parse_captions(bytes: &[u8], path: &Path, language: &str) -> Result<Transcript> {
    let text = decode(bytes).map_err(|(line, what)| document(path, line, what))?;
    let parsed = if is_webvtt(&text) {
        Parser::new(&text, Format::WebVtt).parse()
    } else {
        Parser::new(&text, Format::SubRip).parse()
    };
    let parsed = parsed.map_err(|(line, what)| document(path, line, what))?;
    Ok(Transcript {
        language: parsed.language.unwrap_or_else(|| language.into()),
        words: words(parsed.cues),
    })
}

/// The captions that begin within `duration` seconds, cut to it.
pub(super) fn within(captions: &Transcript, duration: f64) -> Transcript {
    let words = captions.words.iter().filter(|word| word.start < duration);
    Transcript {
        language: captions.language.clone(),
        words: words
            .map(|word| TranscriptWord {
                end: rounded(word.end.min(duration)),
                ..word.clone()
            })
            .collect(),
    }
}

fn document(path: &Path, line: usize, what: String) -> Error {
    Error::Document {
        path: path.into(),
        line,
        column: 1,
        what,
    }
}

/// A line number, from 1, and what is wrong there.
type CaptionProblem = (usize, String);

/// Decodes UTF-8, or UTF-16 with a byte order mark, and turns all line ends into `\n`.
fn decode(bytes: &[u8]) -> Result<String, CaptionProblem> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes)?,
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let text = std::str::from_utf8(bytes).map_err(|problem| {
                let before = bytes.get(..problem.valid_up_to()).unwrap_or_default();
                let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
                (line, "the text is not UTF-8".to_string())
            })?;
            text.to_string()
        }
    };
    Ok(text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\0', "\u{fffd}"))
}

fn wide(bytes: &[u8], number: fn([u8; 2]) -> u16) -> Result<String, CaptionProblem> {
    let units = bytes
        .chunks(2)
        .map(|pair| number([pair[0], pair.get(1).copied().unwrap_or(0)]));
    let mut text = String::with_capacity(bytes.len());
    for unit in char::decode_utf16(units) {
        let line = 1 + text.matches('\n').count();
        match unit {
            Ok(letter) => text.push(letter),
            Err(_) => return Err((line, "the text is not UTF-16".into())),
        }
    }
    Ok(text)
}

fn is_webvtt(text: &str) -> bool {
    text.strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n']))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    SubRip,
    WebVtt,
}

/// Text and when it is shown, in milliseconds.
#[derive(Debug, Clone, PartialEq)]
struct Cue {
    start: u64,
    end: u64,
    text: String,
}

/// The content of a parsed file.
#[derive(Debug, Default)]
struct CaptionText {
    language: Option<String>,
    cues: Vec<Cue>,
}

/// Parses a file line by line.
struct Parser<'a> {
    lines: Vec<&'a str>,
    format: Format,
    /// Index of the next line.
    at: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, format: Format) -> Self {
        Self {
            lines: text.split('\n').collect(),
            format,
            at: 0,
        }
    }

    fn line(&self, at: usize) -> Option<&'a str> {
        self.lines.get(at).map(|line| line.trim())
    }

    fn parse(mut self) -> Result<CaptionText, CaptionProblem> {
        let mut parsed = CaptionText::default();
        if self.format == Format::WebVtt {
            for line in self.block() {
                let value = line.strip_prefix("Language:").map(str::trim);
                let known = value.filter(|code| {
                    (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase())
                });
                parsed.language = known.map(str::to_string).or(parsed.language);
            }
        }
        while let Some(line) = self.line(self.at) {
            if line.is_empty() {
                self.at += 1;
            } else if self.format == Format::WebVtt && is_aside(line) {
                self.block();
            } else {
                parsed.cues.extend(self.cue(line)?);
            }
        }
        Ok(parsed)
    }

    /// The lines up to the next empty one.
    fn block(&mut self) -> Vec<&'a str> {
        let mut block = Vec::new();
        while let Some(line) = self.line(self.at).filter(|line| !line.is_empty()) {
            block.push(line);
            self.at += 1;
        }
        block
    }

    /// The cue whose first line is `first`; none where it has no text.
    fn cue(&mut self, first: &str) -> Result<Option<Cue>, CaptionProblem> {
        let mut times = first;
        if !first.contains("-->") {
            // The number or name of the cue.
            self.at += 1;
            let next = self.line(self.at).filter(|line| !line.is_empty());
            times = match next {
                Some(line) if line.contains("-->") => line,
                // Report the line that should have held the times: after a number, the next one.
                _ => {
                    let is_number = first.bytes().all(|byte| byte.is_ascii_digit());
                    let line = self.at + usize::from(is_number && next.is_some());
                    let what = "expected the times of a cue, such as 00:00:01,000 --> 00:00:02,500";
                    return Err((line, what.into()));
                }
            };
        }
        let number = self.at + 1;
        let (start, end) = span(times).map_err(|what| (number, what))?;
        if end < start {
            return Err((number, "the cue ends before it starts".into()));
        }
        self.at += 1;
        let text = self.block().join("\n");
        Ok((!text.is_empty()).then_some(Cue { start, end, text }))
    }
}

/// True for the first line of a comment, style or region block.
fn is_aside(line: &str) -> bool {
    ["NOTE", "STYLE", "REGION"].iter().any(|word| {
        line.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    }) && !line.contains("-->")
}

/// Start and end of a cue. Cue settings after them concern layout and are ignored.
fn span(line: &str) -> Result<(u64, u64), String> {
    let (start, rest) = line.split_once("-->").unwrap_or((line, ""));
    let end = rest.split_whitespace().next().unwrap_or("");
    Ok((time(start.trim())?, time(end)?))
}

/// Parses `[hours:]minutes:seconds[.,]thousandths` into milliseconds.
fn time(text: &str) -> Result<u64, String> {
    let wrong = || format!("\"{}\" is no time such as 00:00:01,000", shortened(text));
    let number = |digits: &str, most: u64| {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let value = if plain { digits.parse().ok() } else { None };
        value.filter(|value: &u64| *value <= most).ok_or_else(wrong)
    };
    let (whole, fraction) = text.split_once([',', '.']).ok_or_else(wrong)?;
    if fraction.len() > 3 {
        return Err(wrong());
    }
    let thousandths = number(fraction, 999)? * 10_u64.pow(3 - fraction.len().min(3) as u32);
    let parts: Vec<&str> = whole.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes, seconds] => (number(hours, MOST_HOURS)?, minutes, seconds),
        [minutes, seconds] => (0, minutes, seconds),
        _ => return Err(wrong()),
    };
    Ok(((hours * 60 + number(minutes, 59)?) * 60 + number(seconds, 59)?) * 1000 + thousandths)
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The words of all cues, in order and without overlap.
fn words(mut cues: Vec<Cue>) -> Vec<TranscriptWord> {
    cues.sort_by_key(|cue| cue.start);
    // Cues that start together are taken to be spoken one after the other.
    let mut joined: Vec<Cue> = Vec::with_capacity(cues.len());
    for cue in cues {
        match joined.last_mut() {
            Some(last) if last.start == cue.start => {
                last.end = last.end.max(cue.end);
                last.text.push('\n');
                last.text.push_str(&cue.text);
            }
            _ => joined.push(cue),
        }
    }
    let starts: Vec<u64> = joined.iter().skip(1).map(|cue| cue.start).collect();
    let mut words = Vec::new();
    for (at, cue) in joined.iter().enumerate() {
        let end = starts.get(at).map_or(cue.end, |next| cue.end.min(*next));
        let parts = spoken(&cue.text, cue.start, end);
        for (at, (start, text)) in parts.iter().enumerate() {
            let until = parts.get(at + 1).map_or(end, |(next, _)| *next);
            spread(text, *start, until, &mut words);
        }
    }
    words
}

/// Gives each word of `text` a share of the time proportional to its letters plus one for the pause after it.
fn spread(text: &str, start: u64, end: u64, words: &mut Vec<TranscriptWord>) {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let weight = |word: &str| word.chars().count() as f64 + 1.0;
    let whole: f64 = parts.iter().map(|word| weight(word)).sum();
    let length = end.saturating_sub(start) as f64;
    let at = |share: f64| rounded((start as f64 + length * share / whole.max(1.0)) / 1000.0);
    let mut gone = 0.0;
    for word in parts {
        words.push(TranscriptWord {
            text: word.into(),
            start: at(gone),
            end: at(gone + weight(word)),
            confidence: 1.0,
        });
        gone += weight(word);
    }
}

/// The text of a cue without tags and styles, split at the times given inside it.
fn spoken(text: &str, start: u64, end: u64) -> Vec<(u64, String)> {
    let mut parts = vec![(start, String::new())];
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (tag, length) = match letter {
            '<' => enclosed(rest, '>', |inner| {
                inner.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/')
            }),
            // SubStation Alpha style overrides, which many SubRip files contain.
            '{' => enclosed(rest, '}', |inner| inner.starts_with('\\')),
            _ => (None, 0),
        };
        if let Some(tag) = tag {
            let before = parts.last().map_or(start, |part| part.0);
            match time(tag) {
                Ok(at) if at >= before && at <= end => parts.push((at, String::new())),
                // `<br>` separates words; other tags do not.
                _ if tag.eq_ignore_ascii_case("br") || tag.eq_ignore_ascii_case("br/") => {
                    push(&mut parts, "\n");
                }
                _ => {}
            }
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let (shown, length) = match letter {
            '&' => reference(rest),
            _ => (letter, letter.len_utf8()),
        };
        push(&mut parts, shown.encode_utf8(&mut [0; 4]));
        rest = rest.get(length..).unwrap_or_default();
    }
    parts
}

fn push(parts: &mut [(u64, String)], text: &str) {
    if let Some((_, part)) = parts.last_mut() {
        part.push_str(text);
    }
}

/// The text between the bracket that `text` begins with and `close`, and its length with both brackets.
fn enclosed(text: &str, close: char, is_tag: impl Fn(&str) -> bool) -> (Option<&str>, usize) {
    let inner = text
        .find(close)
        .and_then(|end| text.get(1..end))
        .filter(|inner| is_tag(inner));
    (inner, inner.map_or(0, |inner| inner.len() + 2))
}

/// The character that a reference such as `&amp;` stands for, and the reference's length; `&` itself if it is none.
fn reference(text: &str) -> (char, usize) {
    const LONGEST: usize = 10;
    const NAMES: [(&str, char); 8] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("lrm", '\u{200e}'),
        ("rlm", '\u{200f}'),
    ];
    let name = text
        .find(';')
        .filter(|end| *end <= LONGEST)
        .and_then(|end| text.get(1..end));
    let Some(name) = name else { return ('&', 1) };
    let known = NAMES.iter().find(|(known, _)| *known == name);
    let letter = known.map(|(_, letter)| *letter).or_else(|| {
        let number = name.strip_prefix('#')?;
        let value = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(value)
    });
    match letter {
        Some(letter) => (letter, name.len() + 2),
        None => ('&', 1),
    }
}

#[cfg(test)]
#[path = "caption_files_tests.rs"]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
