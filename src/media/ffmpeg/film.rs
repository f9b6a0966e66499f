//! A film as its reader sees it: the frame that is held, and pictures made of it.

use std::collections::VecDeque;
use std::path::Path;

use super::demuxer::Demuxer;
use super::frame_to_rgb::{Converters, RgbFormat, has_alpha, over_black, planes, transfer_of};
use super::picture_decoder::{DecodedFrame, PictureDecoder};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::media::color_meaning::ToneMap;
use crate::media::color_meaning::Transfer;
use crate::media::rotation::Turn;
use crate::media::stream_facts::turn;
use crate::media::yuv::{Yuv420, to_rgb};
use crate::media::{FrameInfo, Limits, VideoFacts};
use crate::picture::Rgb8;
use crate::time::Rational;

/// The best video stream of a file.
pub(in crate::media) struct FfmpegFilm {
    decode: PictureDecoder,
    converters: Converters,
    turn: Turn,
    /// Made for the first frame that is HDR.
    tones: Option<ToneMap>,
    held: Option<DecodedFrame>,
    /// Frames that a seek has decoded already.
    waiting: VecDeque<DecodedFrame>,
    index: u64,
}

impl FfmpegFilm {
    /// Opens `path`.
    pub fn open(path: &Path, limits: &Limits, threads: usize, quick: bool) -> Result<Self> {
        let decode = PictureDecoder::open(Demuxer::open(path, limits)?, limits, threads, quick)?;
        let turn = turn(&decode.input().streams()[decode.facts().stream]);
        Ok(Self {
            decode,
            converters: Converters::default(),
            turn,
            tones: None,
            held: None,
            waiting: VecDeque::new(),
            index: 0,
        })
    }

    /// What the headers say.
    pub fn facts(&self) -> &VideoFacts {
        self.decode.facts()
    }

    /// Decodes the next frame and holds it.
    pub fn next(&mut self) -> Result<Option<FrameInfo>> {
        // Given back first: a decoder short of frames would make new ones.
        self.held = None;
        self.converters.next_frame();
        let next = match self.waiting.pop_front() {
            Some(frame) => Some(frame),
            None => self.decode.next()?,
        };
        let Some(frame) = next else {
            return Ok(None);
        };
        let info = FrameInfo {
            index: self.index,
            time: frame.time,
            end: frame.end,
            key: frame.key,
        };
        self.index += 1;
        self.held = Some(frame);
        Ok(Some(info))
    }

    /// The next frame will be the one that is on the screen at `time`.
    pub fn seek(&mut self, time: Rational) -> Result<()> {
        self.held = None;
        self.converters.next_frame();
        self.waiting.clear();
        self.index = 0;
        self.waiting = self.decode.seek(time)?.into();
        Ok(())
    }

    /// The planes of the frame held, where they are the picture as it is shown, in the range of usual displays.
    pub fn planes(&self) -> Option<Yuv420<'_>> {
        let DecodedFrame { frame, .. } = self.held.as_ref()?;
        let (transfer, _) = transfer_of(frame);
        let own = self.turn == Turn::default()
            && self.facts().size == Size::new(frame.width(), frame.height())
            && transfer == Transfer::Standard;
        own.then(|| planes(frame)).flatten()
    }

    /// The frame held, upright at `size`.
    pub fn image(&mut self, size: Size) -> Result<Rgb8> {
        let path = self.decode.input().path();
        let Some(DecodedFrame { frame, .. }) = &self.held else {
            return Err(Error::damaged(path, "no frame has been decoded"));
        };
        let coded = self.turn.size(size);
        let (transfer, wide) = transfer_of(frame);
        let picture = if has_alpha(frame) {
            let native = Size::new(frame.width(), frame.height());
            self.converters
                .convert(frame, native, RgbFormat::Rgba)
                .and_then(|samples| over_black(native, &samples))
                .and_then(|opaque| match coded == native {
                    true => Some(opaque),
                    false => self.converters.resize(&opaque, coded),
                })
        } else if transfer == Transfer::Standard {
            let own = coded == Size::new(frame.width(), frame.height());
            let common = own.then(|| planes(frame)).flatten();
            common.and_then(|planes| to_rgb(&planes)).or_else(|| {
                let samples = self.converters.convert(frame, coded, RgbFormat::Rgb24)?;
                Rgb8::new(coded, samples)
            })
        } else {
            let tones = self
                .tones
                .get_or_insert_with(|| ToneMap::new(transfer, wide));
            self.converters
                .convert(frame, coded, RgbFormat::Rgb48)
                .and_then(|samples| tones.apply(coded, &samples))
        };
        let picture = picture.ok_or_else(|| {
            Error::unsupported(path, format!("pictures of kind {:?}", frame.format()))
        })?;
        Ok(self.turn.apply(picture))
    }
}
