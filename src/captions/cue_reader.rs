//! Caption files, SubRip (`.srt`) and WebVTT (`.vtt`), as cues with words and times.
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

use crate::captions::CaptionWord;
use crate::captions::cue_text::{cue_words, plain_lines};
use crate::captions::cue_time::span;
use crate::error::{Error, LimitName, Result};

/// Largest file, in bytes; the captions of a whole day take about 5 MB.
const MOST_BYTES: u64 = 32 << 20;

/// What a caption file says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CaptionFile {
    /// ISO 639, where the file names one.
    pub language: Option<String>,
    /// In order of time. Cues that start together are one, and none lasts longer than until the next one starts.
    pub cues: Vec<Cue>,
}

/// Text that is shown for a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue {
    /// Seconds.
    pub start: f64,
    /// Seconds; not before the start.
    pub end: f64,
    /// Its lines, without tags and styles.
    pub lines: Vec<String>,
    /// In order and without overlap.
    pub words: Vec<CaptionWord>,
}

/// The cues of a caption file.
///
/// Fails with [`Error::Read`], with [`Error::Limit`] for too large a file, and with [`Error::Document`] for a line that
/// cannot be parsed.
pub fn read_cues(path: &Path) -> Result<CaptionFile> {
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
    parse_cues(&bytes, path)
}

/// Like [`read_cues`], from the content of a file; `path` is used in error messages only.
pub fn parse_cues(bytes: &[u8], path: &Path) -> Result<CaptionFile> {
    let text = decode(bytes).map_err(|(line, what)| document(path, line, what))?;
    let format = if is_webvtt(&text) {
        Format::WebVtt
    } else {
        Format::SubRip
    };
    let (language, cues) = Parser::new(&text, format)
        .parse()
        .map_err(|(line, what)| document(path, line, what))?;
    Ok(CaptionFile {
        language,
        cues: in_order(cues),
    })
}

/// The cues in order, without overlap and with their words.
fn in_order(mut written: Vec<WrittenCue>) -> Vec<Cue> {
    written.sort_by_key(|cue| cue.start);
    // Cues that start together are taken to be spoken one after the other.
    let mut joined: Vec<WrittenCue> = Vec::with_capacity(written.len());
    for cue in written {
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
    let cue = |(at, cue): (usize, WrittenCue)| {
        let end = starts.get(at).map_or(cue.end, |next| cue.end.min(*next));
        Cue {
            start: cue.start as f64 / 1000.0,
            end: end as f64 / 1000.0,
            lines: plain_lines(&cue.text),
            words: cue_words(&cue.text, cue.start, end),
        }
    };
    joined.into_iter().enumerate().map(cue).collect()
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

/// A cue as it is written: its text with tags, and when it is shown in milliseconds.
#[derive(Debug, Clone, PartialEq)]
struct WrittenCue {
    start: u64,
    end: u64,
    text: String,
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

    /// The language, where the file names one, and the cues in the order of the file.
    fn parse(mut self) -> Result<(Option<String>, Vec<WrittenCue>), CaptionProblem> {
        let (mut language, mut cues) = (None, Vec::new());
        if self.format == Format::WebVtt {
            for line in self.block() {
                let value = line.strip_prefix("Language:").map(str::trim);
                let known = value.filter(|code| {
                    (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase())
                });
                language = known.map(str::to_string).or(language);
            }
        }
        while let Some(line) = self.line(self.at) {
            if line.is_empty() {
                self.at += 1;
            } else if self.format == Format::WebVtt && is_aside(line) {
                self.block();
            } else {
                cues.extend(self.cue(line)?);
            }
        }
        Ok((language, cues))
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
    fn cue(&mut self, first: &str) -> Result<Option<WrittenCue>, CaptionProblem> {
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
        Ok((!text.is_empty()).then_some(WrittenCue { start, end, text }))
    }
}

/// True for the first line of a comment, style or region block.
fn is_aside(line: &str) -> bool {
    ["NOTE", "STYLE", "REGION"].iter().any(|word| {
        line.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    }) && !line.contains("-->")
}
