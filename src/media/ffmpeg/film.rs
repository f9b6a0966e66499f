//! A film as its reader sees it: the current frame, and pictures made from it.

use std::collections::VecDeque;
use std::path::Path;

use ffmpeg::frame;
use ffmpeg_next as ffmpeg;

use super::decoded_frame::DecodedFrame;
use super::deep_frames::{DeepFrames, chroma_location, place_of};
use super::deinterlacer::Fields;
use super::demuxer::Demuxer;
use super::field_scan::{FieldFacts, find_fields};
use super::frame_facts::{has_alpha, planes, tags_of};
use super::frame_to_picture::FramePictures;
use super::hevc_opacity::LayerColors;
use super::opacity_track::OpacityTrack;
use super::picture_decoder::PictureDecoder;
use super::rare_matrix::RareMatrix;
use super::streams::HiddenOpacity;
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::media::color_meaning::{ColorTags, FilmColor, lay_over};
use crate::media::rotation::Turn;
use crate::media::stream_facts::turn;
use crate::media::yuv::Yuv420;
use crate::media::{FrameInfo, Limits, VideoFacts, VideoSignal};
use crate::picture::{Background, ChromaPlace, DeepPlanar, FilmTreatment, Rgb8};
use crate::time::Rational;

/// The best video stream of a file.
pub(in crate::media) struct FfmpegFilm {
    decode: PictureDecoder,
    fields: FieldFacts,
    rare_matrix: RareMatrix,
    pictures: FramePictures,
    deep: DeepFrames,
    turn: Turn,
    /// Color tags of the container.
    tags: ColorTags,
    held: Option<DecodedFrame>,
    /// Frames already decoded by a seek.
    waiting: VecDeque<DecodedFrame>,
    index: u64,
    background: Background,
    /// The alpha channel, where it is a stream of its own.
    opacity: Option<OpacityTrack>,
    /// A pixel of that has been transparent.
    transparent: bool,
}

impl FfmpegFilm {
    /// Opens `path`. How its fields are scanned is found out unless it is `known`.
    pub fn open(
        path: &Path,
        limits: &Limits,
        threads: usize,
        quick: bool,
        known: Option<FieldFacts>,
    ) -> Result<Self> {
        let input = Demuxer::open(path, limits)?;
        let mut decode = PictureDecoder::open(input, limits, threads, quick)?;
        let fields = match known {
            Some(fields) => fields,
            None => find_fields(&mut decode)?,
        };
        decode.deinterlace(fields.fields)?;
        let opacity = decode.opacity_stream();
        let opacity = opacity.map(|stream| OpacityTrack::open(path, stream, limits));
        let headers = &decode.input().streams()[decode.facts().stream];
        let (turn, tags) = (turn(headers), headers.color_tags());
        Ok(Self {
            decode,
            fields,
            rare_matrix: RareMatrix::default(),
            pictures: FramePictures::default(),
            deep: DeepFrames::default(),
            turn,
            tags,
            held: None,
            waiting: VecDeque::new(),
            index: 0,
            background: Background::BLACK,
            opacity: opacity.transpose()?,
            transparent: false,
        })
    }

    /// Transparent areas show `background` from now on.
    pub fn set_background(&mut self, background: Background) {
        self.background = background;
    }

    /// Facts from the headers.
    pub fn facts(&self) -> &VideoFacts {
        self.decode.facts()
    }

    /// How its fields are scanned.
    pub fn fields(&self) -> FieldFacts {
        self.fields
    }

    /// Treatments applied to the frames so far.
    pub fn treatments(&self) -> Vec<FilmTreatment> {
        let unread = self.decode.unread_opacity();
        // The colors of a layer may lie over black already, but over no other color.
        let over_black = unread == Some(HiddenOpacity::Layer(LayerColors::OverBlack))
            && self.background.rgb() == [0; 3];
        let transparent = self.transparent || self.pictures.met_transparency() || over_black;
        let all = [
            (
                self.fields.fields != Fields::Progressive,
                FilmTreatment::Deinterlaced,
            ),
            (self.fields.telecine, FilmTreatment::Telecine),
            (transparent, FilmTreatment::laid_over(self.background)),
            (
                unread.is_some() && !over_black,
                FilmTreatment::OpacityUnread,
            ),
            (self.rare_matrix.is_unread(), FilmTreatment::MatrixUnread),
        ];
        let done = all.into_iter().filter(|(done, _)| *done);
        done.map(|(_, treatment)| treatment).collect()
    }

    /// Decodes the next frame and holds it.
    pub fn next(&mut self) -> Result<Option<FrameInfo>> {
        // Release the frame first, or the decoder has to allocate another.
        self.held = None;
        self.pictures.next_frame();
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
        let tags = tags_of(&frame.frame).or(self.tags);
        self.held = Some(DecodedFrame {
            frame: self.rare_matrix.in_rgb(frame.frame, tags),
            ..frame
        });
        if let Some(opacity) = &mut self.opacity {
            opacity.next();
        }
        Ok(Some(info))
    }

    /// Seeks so that the next frame is the one on screen at `time`.
    pub fn seek(&mut self, time: Rational) -> Result<()> {
        self.held = None;
        self.pictures.next_frame();
        self.waiting.clear();
        self.index = 0;
        self.waiting = self.decode.seek(time)?.into();
        if let Some(opacity) = &mut self.opacity {
            opacity.seek(time);
        }
        Ok(())
    }

    /// The color meaning of `frame`.
    fn color_of(&self, frame: &frame::Video) -> FilmColor {
        let size = Size::new(frame.width(), frame.height());
        FilmColor::new(tags_of(frame).or(self.tags), size, &self.facts().codec)
    }

    /// The planes of the current frame, if they can be used directly: upright, opaque and in BT.709.
    pub fn planes(&self) -> Option<Yuv420<'_>> {
        let DecodedFrame { frame, .. } = self.held.as_ref()?;
        let color = self.color_of(frame);
        let own = self.turn == Turn::default()
            && self.facts().size == Size::new(frame.width(), frame.height())
            && color.is_bt709()
            && self.opacity.is_none()
            && !has_alpha(frame);
        own.then(|| planes(frame, color)).flatten()
    }

    /// What the samples of the current frame mean. `None` without a frame.
    pub fn signal(&self) -> Option<VideoSignal> {
        let DecodedFrame { frame, .. } = self.held.as_ref()?;
        let tags = tags_of(frame).or(self.tags);
        let place = self.turn.chroma_place(place_of(frame));
        // Chroma on the right, as in films that are turned, has no name.
        let named = chroma_location(place).map_or(ChromaPlace::LEFT, |_| place);
        Some(self.color_of(frame).signal(tags, named))
    }

    /// The current frame, upright, in 10 bits, with its own colors and coded size.
    pub fn deep_planes(&mut self) -> Result<DeepPlanar> {
        let path = self.decode.input().path();
        let Some(DecodedFrame { frame, .. }) = &self.held else {
            return Err(Error::damaged(path, "no frame has been decoded"));
        };
        let color = self.color_of(frame);
        let planes = match self.opacity {
            Some(_) => None,
            None => self.deep.planes(frame, color),
        };
        let upright = planes.and_then(|planes| self.turn.apply_to_planes(planes));
        upright.ok_or_else(|| {
            let what = format!("10 bits of pictures of kind {:?}", frame.format());
            Error::unsupported(path, what)
        })
    }

    /// The next picture may take the buffer of this one.
    pub fn reuse(&mut self, picture: Rgb8) {
        self.pictures.reuse(picture);
    }

    /// The current frame, upright, at `size`.
    pub fn image(&mut self, size: Size) -> Result<Rgb8> {
        let path = self.decode.input().path();
        let Some(DecodedFrame { frame, .. }) = &self.held else {
            return Err(Error::damaged(path, "no frame has been decoded"));
        };
        let color = self.color_of(frame);
        let coded = self.turn.size(size);
        let background = self.background.rgb();
        let own = Size::new(frame.width(), frame.height());
        let plane = self.opacity.as_ref().and_then(OpacityTrack::plane);
        let plane = plane.filter(|(size, _)| *size == own);
        let picture = match plane {
            None => self.pictures.picture(frame, color, coded, background),
            Some((_, alpha)) => {
                self.transparent |= alpha.iter().any(|&alpha| alpha < u8::MAX);
                // Composed before scaling, or hidden colors would bleed into the edges.
                let mut picture = self.pictures.picture(frame, color, own, background);
                if let Some(picture) = &mut picture {
                    lay_over(picture.samples_mut(), &alpha, u8::MAX, background);
                }
                picture.and_then(|picture| self.pictures.resized(picture, coded))
            }
        };
        let picture = picture.ok_or_else(|| {
            Error::unsupported(path, format!("pictures of kind {:?}", frame.format()))
        })?;
        Ok(self.turn.apply(picture))
    }
}
