//! Selects the part of a file that Symphonia decodes, if any.
//!
//! ID3 tags in front do not decide the format, since writers put them in front of anything. MPEG audio ends with its
//! last frame. If its rate or channels change, or if it has frames on which decoders disagree, FFmpeg decodes it, and
//! so it does Vorbis of its own encoder.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

use super::mpeg_frames::MpegFrames;
use crate::media::tags::id3v2;

/// Bytes that tell the formats apart: up to the end of the first packet of an Ogg file with Vorbis.
const HEAD: u64 = 64;

/// Start and end of the part that Symphonia decodes; `None` if FFmpeg decodes the file.
pub(super) fn sound_part(file: &mut File) -> io::Result<Option<(u64, u64)>> {
    let start = id3v2::end_of_tags_in(file)?;
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(HEAD).read_to_end(&mut head)?;
    let wave = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WAVE");
    let aiff = head.starts_with(b"FORM") && matches!(head.get(8..12), Some(b"AIFF" | b"AIFC"));
    let other = [&b"fLaC"[..], b"OggS", b"caff"]
        .iter()
        .any(|magic| head.starts_with(magic));
    let padding = start > 0 && head.first() == Some(&0);
    let mpeg = matches!(head.as_slice(), [0xff, second, ..] if second & 0xe0 == 0xe0);
    let end = if is_vorbis_of_ffmpeg(&head) {
        None
    } else if wave || aiff || other {
        Some(u64::MAX)
    } else if mpeg || padding {
        match MpegFrames::walk(&mut *file, start)? {
            Some(frames) if frames.change || frames.disputed => None,
            Some(frames) => Some(frames.end),
            // A single frame, or free format.
            None => mpeg.then_some(u64::MAX),
        }
    } else {
        None
    };
    Ok(end.map(|end| (start, end)))
}

/// True if an Ogg file that begins with `head` holds Vorbis in blocks of 2048 samples only, as FFmpeg's own encoder and
/// no other writes it. Symphonia 0.6 decodes it wrong; FFmpeg and libvorbis agree on it.
fn is_vorbis_of_ffmpeg(head: &[u8]) -> bool {
    const PACKET: usize = 28;
    const BLOCK_SIZES: usize = PACKET + 28;
    let is_vorbis = head.starts_with(b"OggS")
        && head
            .get(PACKET..)
            .is_some_and(|packet| packet.starts_with(b"\x01vorbis"));
    // Two powers of two: 2^11 and 2^11.
    is_vorbis && head.get(BLOCK_SIZES) == Some(&0xbb)
}

/// A part of a file.
pub(super) struct FilePart {
    file: File,
    /// Offsets in the whole file.
    start: u64,
    at: u64,
    end: u64,
}

impl FilePart {
    /// `file` from `start` to `end`.
    pub(super) fn new(mut file: File, (start, end): (u64, u64)) -> io::Result<Self> {
        file.seek(SeekFrom::Start(start))?;
        Ok(Self {
            file,
            start,
            at: start,
            end,
        })
    }
}

impl Read for FilePart {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = to.len().min(left);
        let read = self.file.read(to.get_mut(..most).unwrap_or_default())?;
        self.at = self.at.saturating_add(read as u64);
        Ok(read)
    }
}

impl Seek for FilePart {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::End(back) => self.end.saturating_add_signed(back),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            SeekFrom::Start(at) => self.start.saturating_add(at),
        };
        self.at = self.file.seek(SeekFrom::Start(to.max(self.start)))?;
        Ok(self.at - self.start)
    }
}

impl MediaSource for FilePart {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.end.saturating_sub(self.start))
    }
}
