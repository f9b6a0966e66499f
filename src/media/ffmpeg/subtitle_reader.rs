//! The text of all subtitles of a film, for those who look for words in it.

use std::collections::BTreeMap;
use std::path::Path;

use ffmpeg::media::Type;
use ffmpeg_next as ffmpeg;

use super::demuxer::{Demuxer, NextPacket};
use super::subtitle_text::SubtitleText;
use crate::error::Result;
use crate::media::Limits;
use crate::time::Rational;

/// Most bytes of text of one film: a book of 4000 pages.
const MOST_BYTES: usize = 8 << 20;

/// Most bytes of a mark, so that a text of nothing but open ones is not searched again and again.
const LONGEST_MARK: usize = 256;

/// What the subtitles of a film say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subtitles {
    /// All texts of all tracks, in the order of the file.
    pub lines: Vec<SubtitleLine>,
    /// Tracks whose text is not known, in whole or in part: pictures of text, closed captions, and what is too long.
    pub unread: usize,
}

/// A text that is shown at once.
#[derive(Debug, Clone, PartialEq)]
pub struct SubtitleLine {
    /// Seconds from the file's time zero.
    pub at: f64,
    /// As it is shown, lines and all, without marks for how it looks.
    pub text: String,
}

/// Reads the subtitles in the streams of the film or sound at `path`. What is shown between the lines of the picture,
/// as television has it, is not looked for.
///
/// Errors: those of opening the file. One that breaks off gives what was read.
pub fn read_subtitles(path: &Path, limits: &Limits) -> Result<Subtitles> {
    let mut input = Demuxer::open(path, limits)?;
    let mut found = Subtitles::default();
    let mut tracks = BTreeMap::new();
    for stream in input.context().streams() {
        if stream.parameters().medium() != Type::Subtitle {
            continue;
        }
        match SubtitleText::open(&stream, "subrip") {
            Some(text) => drop(tracks.insert(stream.index(), text)),
            None => found.unread += 1,
        }
    }
    if tracks.is_empty() {
        return Ok(found);
    }
    let mut bytes = 0_usize;
    while let NextPacket::Packet(packet) = input.read() {
        let Some(track) = tracks.get_mut(&packet.stream()) else {
            continue;
        };
        let Some(text) = track.convert(&packet) else {
            continue;
        };
        let text = unmarked(&String::from_utf8_lossy(text.data().unwrap_or_default()));
        bytes = bytes.saturating_add(text.len());
        if bytes > MOST_BYTES {
            found.unread += 1;
            break;
        }
        let base = input.streams().get(packet.stream()).map(|it| it.time_base);
        let ticks = packet.pts().map(Rational::whole);
        let at = ticks
            .zip(base)
            .map_or(Rational::ZERO, |(ticks, base)| ticks * base - input.zero());
        found.lines.push(SubtitleLine {
            at: at.seconds(),
            text,
        });
    }
    Ok(found)
}

/// SubRip's text without `<i>` and `{\an8}`.
fn unmarked(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['<', '{']) {
        let (before, marked) = rest.split_at(open);
        plain.push_str(before);
        let closing = if marked.starts_with('<') { b'>' } else { b'}' };
        let mut letters = marked.bytes().take(LONGEST_MARK);
        let end = letters.position(|letter| letter == closing || letter == b'\n');
        match end.filter(|&end| marked.as_bytes().get(end) == Some(&closing)) {
            Some(end) => rest = marked.get(end + 1..).unwrap_or_default(),
            None => {
                // No mark: a sign that somebody wrote.
                plain.push_str(marked.get(..1).unwrap_or_default());
                rest = marked.get(1..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_what_people_wrote_stays() {
        for (marked, plain) in [
            ("<i>Hello</i> {\\an8}you", "Hello you"),
            ("1 < 2\nand > it", "1 < 2\nand > it"),
            ("{open", "{open"),
            ("<font color=\"#fff\">w<b>or</b>d</font>", "word"),
            ("", ""),
        ] {
            assert_eq!(unmarked(marked), plain, "{marked}");
        }
    }
}
