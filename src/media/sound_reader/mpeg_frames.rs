//! Walks the frame headers of MPEG audio (MP1, MP2, MP3) without decoding, to find where the frames end, whether their
//! format changes, and whether decoders disagree on them.
//!
//! MPEG audio has no container. Decoders take what stands behind the last frame (lyrics, a picture, padding) for sound,
//! and Symphonia does not follow a file that changes its rate. Headers: ISO/IEC 11172-3, section 2.4.2.3;
//! ISO/IEC 13818-3; MPEG 2.5 halves the rates once more.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::frame_header::FrameHeader;
use super::side_information::{self, is_disputed};

/// Most bytes to search for the next frame: joined files have covers and lyrics in between.
const MOST_STRAY: usize = 4 << 20;

/// The result of the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MpegFrames {
    /// Where the first frame begins.
    pub start: u64,
    /// Where the last frame ends, which may be truncated.
    pub end: u64,
    /// Whether the sample rate, the number of channels or the layer changes.
    pub change: bool,
    /// Whether there are layer III frames on which decoders disagree.
    pub disputed: bool,
}

impl MpegFrames {
    /// Walks the frames of `source` from `start` on; `None` if there are none.
    pub fn walk(source: impl Read + Seek, start: u64) -> io::Result<Option<Self>> {
        let mut reader = BufReader::with_capacity(1 << 16, source);
        let length = reader.seek(SeekFrom::End(0))?;
        let Some((start, first)) = next_frame(&mut reader, start, None)? else {
            return Ok(None);
        };
        let mut frames = Self {
            start,
            end: start,
            change: false,
            disputed: false,
        };
        let (mut at, mut header) = (start, first);
        loop {
            frames.change |= !header.is_like(first);
            if header.layer == 3 && !frames.disputed {
                frames.disputed = is_disputed(header, &side_at(&mut reader, at)?);
            }
            frames.end = at.saturating_add(header.bytes).min(length);
            if frames.end >= length {
                return Ok(Some(frames));
            }
            match next_frame(&mut reader, frames.end, Some(header))? {
                Some((next, found)) => (at, header) = (next, found),
                None => return Ok(Some(frames)),
            }
        }
    }
}

/// The first frame at or after `at`. If it differs from the frame before, or follows stray bytes, a frame of the same
/// format must follow it, since arbitrary data may look like a frame header.
fn next_frame(
    reader: &mut BufReader<impl Read + Seek>,
    at: u64,
    before: Option<FrameHeader>,
) -> io::Result<Option<(u64, FrameHeader)>> {
    if let Some(header) = header_at(reader, at)?
        && (before.is_some_and(|before| header.is_like(before)) || is_followed(reader, at, header)?)
    {
        return Ok(Some((at, header)));
    }
    seek(reader, at)?;
    let mut near = Vec::new();
    reader
        .by_ref()
        .take(MOST_STRAY as u64)
        .read_to_end(&mut near)?;
    for (offset, window) in near.windows(4).enumerate() {
        let [a, b, c, d] = *window else { continue };
        if let Some(header) = FrameHeader::parse([a, b, c, d]) {
            let at = at + offset as u64;
            if is_followed(reader, at, header)? {
                return Ok(Some((at, header)));
            }
        }
    }
    Ok(None)
}

/// Whether a frame like `header` follows the one at `at`, and another one follows that.
fn is_followed(
    reader: &mut BufReader<impl Read + Seek>,
    at: u64,
    header: FrameHeader,
) -> io::Result<bool> {
    let second = at.saturating_add(header.bytes);
    let Some(next) = header_at(reader, second)? else {
        return Ok(false);
    };
    let third = header_at(reader, second.saturating_add(next.bytes))?;
    Ok(next.is_like(header) && third.is_none_or(|third| third.is_like(header)))
}

fn header_at(reader: &mut BufReader<impl Read + Seek>, at: u64) -> io::Result<Option<FrameHeader>> {
    seek(reader, at)?;
    let mut head = [0; 4];
    match reader.read_exact(&mut head) {
        Ok(()) => Ok(FrameHeader::parse(head)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// The side information of the frame at `at`; less where the file ends.
fn side_at(reader: &mut BufReader<impl Read + Seek>, at: u64) -> io::Result<Vec<u8>> {
    seek(reader, at.saturating_add(4))?;
    let mut side = Vec::with_capacity(side_information::MOST_BYTES);
    let most = side_information::MOST_BYTES as u64;
    reader.by_ref().take(most).read_to_end(&mut side)?;
    Ok(side)
}

/// Seeks to `at`, within the buffer if possible.
fn seek(reader: &mut BufReader<impl Read + Seek>, at: u64) -> io::Result<()> {
    let here = reader.stream_position()?;
    reader.seek_relative(at.wrapping_sub(here) as i64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// Frames of MPEG 1, layer III, 128 kbit/s: 417 bytes at 44.1 kHz, 384 at 48 kHz.
    fn frames(rate: u32, count: usize) -> Vec<u8> {
        let (code, length) = if rate == 48_000 {
            (0x94, 384)
        } else {
            (0x90, 417)
        };
        let mut frame = vec![0; length];
        frame[..4].copy_from_slice(&[0xff, 0xfb, code, 0x00]);
        frame.repeat(count)
    }

    fn walk(bytes: &[u8]) -> Option<MpegFrames> {
        MpegFrames::walk(Cursor::new(bytes), 0).unwrap()
    }

    #[test]
    fn the_end_is_that_of_the_last_frame() {
        let sound = frames(44_100, 5);
        let whole = MpegFrames {
            start: 0,
            end: sound.len() as u64,
            change: false,
            disputed: false,
        };
        assert_eq!(walk(&sound), Some(whole));
        let behind: [&[u8]; 5] = [
            &[0; 5000],
            b"LYRICSBEGIN words",
            &[0xff; 300],
            b"\xff\xfb\x90\x00\x00",
            b"\xff\xd8\xff\xe0JFIF",
        ];
        for stray in behind {
            let walked = walk(&[&sound[..], stray].concat()).unwrap();
            assert!(
                walked.end <= whole.end + 417 && walked.end >= whole.end,
                "{walked:?}"
            );
            assert!(!walked.change);
        }
        // In front and in the midst.
        let stray = [b"padding", &sound[..], &[7; 900], &sound].concat();
        let walked = walk(&stray).unwrap();
        assert_eq!((walked.start, walked.end), (7, stray.len() as u64));
        assert_eq!(walk(b"no sound at all, but \xff\xfb\x90\x00 letters"), None);
    }

    #[test]
    fn a_change_of_rate_or_channels_is_seen() {
        let joined = [frames(44_100, 5), frames(48_000, 5)].concat();
        assert!(walk(&joined).unwrap().change);
        let mut mono = frames(44_100, 5);
        mono.chunks_mut(417).for_each(|frame| frame[3] = 0xc0);
        assert!(walk(&[frames(44_100, 5), mono].concat()).unwrap().change);
    }
}
