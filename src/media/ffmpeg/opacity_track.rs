//! The alpha channel of an animated AVIF: a gray film in a stream of its own, read beside the one in color.

use std::collections::VecDeque;
use std::path::Path;

use ffmpeg::format::Pixel;
use ffmpeg::frame;
use ffmpeg_next as ffmpeg;

use super::decoded_frame::DecodedFrame;
use super::demuxer::Demuxer;
use super::picture_decoder::PictureDecoder;
use crate::error::Result;
use crate::geometry::Size;
use crate::media::Limits;
use crate::time::Rational;

/// Reads the alpha channel frame by frame.
pub(super) struct OpacityTrack {
    decode: PictureDecoder,
    held: Option<DecodedFrame>,
    /// Frames already decoded by a seek.
    waiting: VecDeque<DecodedFrame>,
}

impl OpacityTrack {
    /// Opens stream number `stream` of `path`.
    pub fn open(path: &Path, stream: usize, limits: &Limits) -> Result<Self> {
        let input = Demuxer::open(path, limits)?;
        let decode = PictureDecoder::open_stream(input, stream, limits, 1, false)?;
        Ok(Self {
            decode,
            held: None,
            waiting: VecDeque::new(),
        })
    }

    /// Decodes the next frame and holds it; none where the track breaks off.
    pub fn next(&mut self) {
        self.held = match self.waiting.pop_front() {
            Some(frame) => Some(frame),
            None => self.decode.next().unwrap_or(None),
        };
    }

    /// Seeks so that the next frame is the one on screen at `time`.
    pub fn seek(&mut self, time: Rational) {
        self.held = None;
        self.waiting = self
            .decode
            .seek(time)
            .map_or_else(|_| VecDeque::new(), VecDeque::from);
    }

    /// The opacity of each pixel of the frame held, 255 is opaque; `None` unless it has `size` and a known format.
    pub fn plane(&self) -> Option<(Size, Vec<u8>)> {
        let frame = &self.held.as_ref()?.frame;
        let size = Size::new(frame.width(), frame.height());
        Some((size, opacity(frame, size)?))
    }
}

/// The first plane with 8 bits a sample. Alpha has the full range.
fn opacity(frame: &frame::Video, size: Size) -> Option<Vec<u8>> {
    let (bytes, shift) = match frame.format() {
        Pixel::GRAY8 | Pixel::YUV420P | Pixel::YUVJ420P => (1, 0),
        Pixel::GRAY10LE | Pixel::YUV420P10LE => (2, 2),
        Pixel::GRAY12LE | Pixel::YUV420P12LE => (2, 4),
        _ => return None,
    };
    let rows = frame.data(0).chunks(frame.stride(0).max(1));
    let row_bytes = size.width as usize * bytes;
    let samples = rows
        .take(size.height as usize)
        .filter_map(|row| row.get(..row_bytes))
        .flat_map(|row| row.chunks_exact(bytes))
        .map(|sample| match *sample {
            [low, high] => (u16::from_le_bytes([low, high]) >> shift).min(255) as u8,
            [byte, ..] => byte,
            [] => 0,
        });
    let samples: Vec<u8> = samples.collect();
    (samples.len() as u64 == size.pixels()).then_some(samples)
}
