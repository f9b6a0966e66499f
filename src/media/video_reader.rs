//! Frames in: one decode, any number of sizes.

use std::path::{Path, PathBuf};

use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::ffmpeg::{FfmpegFilm, FieldFacts};
use crate::media::known_fields::KnownFields;
use crate::media::still::still_facts;
use crate::media::webp_film::WebPFilm;
use crate::media::yuv::Yuv420;
use crate::media::{FrameInfo, FrameSize, Limits, VideoFacts, VideoSignal};
use crate::picture::{Background, DeepPlanar, FilmTreatment, Rgb8};
use crate::time::Rational;

/// Decodes the best video stream of a file (also animated GIF and WebP), frame after frame in presentation order.
///
/// Times grow from frame to frame, also in damaged files. Memory is bounded by [`Limits::memory`]: one frame is held,
/// and after a seek the one that follows.
pub struct VideoReader {
    path: PathBuf,
    limits: Limits,
    backend: Backend,
}

/// Who decodes.
enum Backend {
    Ffmpeg(Box<FfmpegFilm>),
    WebP(Box<WebPFilm>),
}

impl VideoReader {
    /// Opens `path`. Fails like [`crate::media::probe`], and with `Unsupported` where there is no video.
    /// `threads` 0 = as many as there are cores. The frames of an undamaged file are the same for any number.
    pub fn open(path: &Path, limits: &Limits, threads: usize) -> Result<Self> {
        Self::open_with(path, limits, threads, false)
    }

    /// The same; `quick` leaves out the loop filter of frames that no other frame is made from: they look a little
    /// blockier, which thumbnails do not show, for about a seventh less work in H.264.
    pub fn open_with(path: &Path, limits: &Limits, threads: usize, quick: bool) -> Result<Self> {
        Self::open_as(path, limits, threads, quick, None)
    }

    /// Like [`Self::open`], for a film that is opened again and again: what had to be decoded to tell how its fields are
    /// scanned is decoded for the first time only, and kept in `known`.
    pub fn open_again(
        path: &Path,
        limits: &Limits,
        threads: usize,
        known: &KnownFields,
    ) -> Result<Self> {
        let reader = Self::open_as(path, limits, threads, false, known.of(path))?;
        if let Backend::Ffmpeg(film) = &reader.backend {
            known.keep(path, film.fields());
        }
        Ok(reader)
    }

    fn open_as(
        path: &Path,
        limits: &Limits,
        threads: usize,
        quick: bool,
        fields: Option<FieldFacts>,
    ) -> Result<Self> {
        // First of all, for opening a pipe would block.
        limits.open(path)?;
        let backend = match still_facts(path, limits)? {
            Some(still) if !still.animated => {
                return Err(Error::unsupported(
                    path,
                    "it is a still picture, not a film",
                ));
            }
            Some(still) if still.container == "webp" => {
                Backend::WebP(Box::new(WebPFilm::open(path, limits)?))
            }
            _ => {
                let film = FfmpegFilm::open(path, limits, threads, quick, fields)?;
                Backend::Ffmpeg(Box::new(film))
            }
        };
        Ok(Self {
            path: path.into(),
            limits: *limits,
            backend,
        })
    }

    /// Transparent areas show `background` from the next frame on; black, unless this is called.
    pub fn set_background(&mut self, background: Background) {
        match &mut self.backend {
            Backend::Ffmpeg(film) => film.set_background(background),
            Backend::WebP(film) => film.set_background(background),
        }
    }

    /// What the headers say.
    pub fn facts(&self) -> &VideoFacts {
        match &self.backend {
            Backend::Ffmpeg(film) => film.facts(),
            Backend::WebP(film) => film.facts(),
        }
    }

    /// What had to be done to the frames so far before anything else.
    pub fn treatments(&self) -> Vec<FilmTreatment> {
        match &self.backend {
            Backend::Ffmpeg(film) => film.treatments(),
            Backend::WebP(film) => film.treatments(),
        }
    }

    /// Decodes the next frame and holds it. `None` at the end; `BreaksOff` where the data ends early or cannot be
    /// decoded on: what came before stays good, and the next call gives `None`. `Damaged` when nothing at all could be
    /// decoded, `Limit` when a frame passes one. Damaged spots in the middle are passed over.
    pub fn next_frame(&mut self) -> Result<Option<FrameInfo>> {
        match &mut self.backend {
            Backend::Ffmpeg(film) => film.next(),
            Backend::WebP(film) => film.next(),
        }
    }

    /// The frame held, upright, converted to 8-bit RGB at `size` with bicubic sampling (wider when reducing). What is
    /// transparent shows the background. A frame whose own size differs from the film's is brought to it.
    ///
    /// May be asked for several sizes of the same frame; converters are kept for each. HDR (PQ and HLG) is brought to
    /// the range of sRGB displays.
    pub fn image(&mut self, size: FrameSize) -> Result<Rgb8> {
        let full = self.facts().size;
        let size = match size {
            FrameSize::Full => full,
            FrameSize::LongSide(long) => full.within(long),
            FrameSize::Exact(size) => size,
        };
        let size = Size::new(size.width.max(1), size.height.max(1));
        self.limits
            .check(&self.path, LimitName::Pixels, size.pixels())?;
        match &mut self.backend {
            Backend::Ffmpeg(film) => film.image(size),
            Backend::WebP(film) => film.image(size),
        }
    }

    /// Hands back a picture that is done with: the next one may take its buffer, which saves clearing new memory.
    pub fn reuse(&mut self, picture: Rgb8) {
        if let Backend::Ffmpeg(film) = &mut self.backend {
            film.reuse(picture);
        }
    }

    /// The planes of the frame held, where they are what [`Self::image`] would show at the film's own size: 4:2:0 of 8
    /// or 10 bits, upright, with square pixels, and not HDR.
    pub fn planes(&self) -> Option<Yuv420<'_>> {
        match &self.backend {
            Backend::Ffmpeg(film) => film.planes(),
            Backend::WebP(_) => None,
        }
    }

    /// What the samples of the frame held mean. `None` without a frame, and for animations of stills.
    pub fn signal(&self) -> Option<VideoSignal> {
        match &self.backend {
            Backend::Ffmpeg(film) => film.signal(),
            Backend::WebP(_) => None,
        }
    }

    /// The frame held in 10 bits, upright, with its own colors ([`Self::signal`]) and its coded size, whose pixels may
    /// not be square. `Unsupported` for what is RGB or transparent.
    pub fn deep_planes(&mut self) -> Result<DeepPlanar> {
        match &mut self.backend {
            Backend::Ffmpeg(film) => film.deep_planes(),
            Backend::WebP(_) => Err(Error::unsupported(&self.path, "10 bits of an animation")),
        }
    }

    /// Goes to the frame that is on the screen at `time`: the last one that starts at or before it. The next
    /// [`Self::next_frame`] gives it. Before the first frame that one is meant, after the end the last.
    pub fn seek(&mut self, time: Rational) -> Result<()> {
        match &mut self.backend {
            Backend::Ffmpeg(film) => film.seek(time),
            Backend::WebP(film) => film.seek(time),
        }
    }
}
