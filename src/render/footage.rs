//! The source pictures of a plan: which decoded frame is on screen at a given time.
//!
//! Each layer of the current frame has one open source: one, or two in a transition. While the film moves forward
//! within a source, decoding continues; a jump seeks. A decoded frame is converted at most once, and only if it is
//! shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::edit::SourceKind;
use crate::edit::{Source, Timeline, TimelineLayer};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::media::{
    FrameInfo, FrameSize, KnownFields, Limits, VideoReader, decode_still, decode_still_inside,
    sound_artwork, to_srgb_over,
};
use crate::picture::{Background, Filter, Picture, Rgb8, resize};
use crate::render::backward::{BackwardRun, falling_times};
use crate::render::between::{is_whole, mixed, share_of_later};
use crate::render::crop::narrowest_width;
use crate::render::source_picture::SourcePicture;
use crate::time::Rational;

/// Seconds up to which decoding forward beats seeking, which starts over at a key frame.
const NEAR: i64 = 1;

/// Frames that may still be drawn, whose memory is kept for later ones: those of two drawing threads, and one.
const MOST_RETIRED: usize = 3;

/// Decodes the source pictures of layers.
pub(crate) struct Footage<'a, P> {
    folder: PathBuf,
    limits: Limits,
    threads: usize,
    known: &'a KnownFields,
    /// One for each layer of the last frame.
    open: Vec<OpenLayer<P>>,
    /// Sources that broke off, and how. Their last good frame is held.
    notes: Vec<String>,
}

/// The open source of a segment's layer.
struct OpenLayer<P> {
    id: String,
    segment: usize,
    source: OpenSource<P>,
}

enum OpenSource<P> {
    Still(Arc<P>),
    Film(Box<OpenFilm<P>>),
}

impl<'a, P: SourcePicture> Footage<'a, P> {
    /// Relative paths start in `folder`; `threads` decode (0 = one per core).
    pub fn new(folder: &Path, limits: &Limits, threads: usize, known: &'a KnownFields) -> Self {
        Self {
            known,
            folder: folder.into(),
            limits: *limits,
            threads,
            open: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The source pictures of the `layers` of the film's frame `number`, upright.
    pub fn pictures(
        &mut self,
        timeline: &Timeline<'_>,
        number: u64,
        layers: &[TimelineLayer],
    ) -> Result<Vec<Arc<P>>> {
        let wanted: Vec<(usize, &Source)> = layers
            .iter()
            .filter_map(|layer| Some((layer.segment, timeline.source_of(layer)?)))
            .collect();
        self.open_for(timeline, &wanted)?;
        let mut pictures = Vec::with_capacity(layers.len());
        for (layer, open) in layers.iter().zip(&mut self.open) {
            pictures.push(match &mut open.source {
                OpenSource::Still(picture) => Arc::clone(picture),
                OpenSource::Film(film) => {
                    let coming = |most| falling_times(timeline, number, layer, most);
                    let picture = film.picture(layer, coming);
                    if let Some(broken) = film.broken.take() {
                        self.notes.push(format!("{broken}; its last frame is held"));
                    }
                    picture?.ok_or_else(|| Error::damaged(&film.path, "no frame can be decoded"))?
                }
            });
        }
        Ok(pictures)
    }

    /// Opens each of the sources, named with its segment. Open sources are reused: first for their own segment, else for another
    /// one of the same file, so that decoding continues across a cut within one file.
    fn open_for(&mut self, timeline: &Timeline<'_>, wanted: &[(usize, &Source)]) -> Result<()> {
        let mut free = std::mem::take(&mut self.open);
        let mut take = |fits: &dyn Fn(&OpenLayer<P>) -> bool| {
            free.iter().position(fits).map(|at| free.swap_remove(at))
        };
        let mut chosen: Vec<Option<OpenLayer<P>>> = wanted
            .iter()
            .map(|(number, source)| take(&|open| open.segment == *number && open.id == source.id))
            .collect();
        for (open, (_, source)) in chosen.iter_mut().zip(wanted) {
            if open.is_none() {
                *open = take(&|open| open.id == source.id);
            }
        }
        // Close before opening others: each open film holds a decoder's memory.
        drop(free);
        for (open, (number, source)) in chosen.into_iter().zip(wanted) {
            let mut open = match open {
                Some(open) => open,
                None => OpenLayer {
                    id: source.id.clone(),
                    segment: *number,
                    source: self.open_source(timeline, source)?,
                },
            };
            open.segment = *number;
            self.open.push(open);
        }
        Ok(())
    }

    fn open_source(&self, timeline: &Timeline<'_>, source: &Source) -> Result<OpenSource<P>> {
        let path = source.path_from(&self.folder);
        Ok(match source.kind {
            SourceKind::Image | SourceKind::Audio => {
                let picture = P::of_still(timeline, source, &path, &self.limits)?;
                OpenSource::Still(Arc::new(picture))
            }
            SourceKind::Video => {
                let mut reader =
                    VideoReader::open_again(&path, &self.limits, self.threads, self.known)?;
                reader.set_background(timeline.background);
                OpenSource::Film(Box::new(OpenFilm::new(reader, path, timeline.frame_time)))
            }
        })
    }

    /// Notes on the sources, in the order of the film.
    pub fn into_notes(self) -> Vec<String> {
        let mut notes = self.notes;
        notes.dedup();
        notes
    }
}

/// Square pixels in 8-bit sRGB. A still is reduced where the film never needs all of its pixels.
impl SourcePicture for Rgb8 {
    fn of_frame(reader: &mut VideoReader, retired: Option<Self>) -> Result<Self> {
        if let Some(retired) = retired {
            reader.reuse(retired);
        }
        reader.image(FrameSize::Full)
    }

    fn of_still(
        timeline: &Timeline<'_>,
        source: &Source,
        path: &Path,
        limits: &Limits,
    ) -> Result<Self> {
        Ok(match source.kind {
            SourceKind::Audio => match artwork(path, limits) {
                Some(picture) => still(timeline, &picture, &source.id),
                None => plain(timeline.size, timeline.background),
            },
            _ => still(timeline, &decode_still(path, limits)?.picture, &source.id),
        })
    }

    fn mixed(earlier: &Self, later: &Self, share: u32) -> Option<Self> {
        (earlier.size() == later.size()).then(|| mixed(earlier, later, share))
    }
}

/// The picture in the tags of a sound; `None` where there is none that can be decoded.
fn artwork(path: &Path, limits: &Limits) -> Option<Picture> {
    let still = decode_still_inside(path, sound_artwork(path)?, limits);
    still.ok().map(|still| still.picture)
}

/// One color.
fn plain(size: Size, color: Background) -> Rgb8 {
    let mut picture = Rgb8::black(size);
    for pixel in picture.samples_mut().chunks_exact_mut(3) {
        pixel.copy_from_slice(&color.rgb());
    }
    picture
}

/// A still, reduced to twice the size that its tightest crop needs: a film of 2 megapixels need not hold photos of 50.
fn still(timeline: &Timeline<'_>, picture: &Picture, id: &str) -> Rgb8 {
    let picture = to_srgb_over(picture, timeline.background);
    let size = picture.size();
    let narrowest = timeline
        .segments
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.segment.shown_sources().any(|shown| shown == id))
        // Crops and effects do not change in the handles of transitions, so the segment's own frames suffice.
        .flat_map(|(at, entry)| {
            (entry.first..entry.first + entry.frames)
                .filter_map(move |number| timeline.layer(number, at))
        })
        .flat_map(|layer| [Some(layer), timeline.second_layer(&layer)])
        .flatten()
        .filter(|layer| {
            timeline
                .source_of(layer)
                .is_some_and(|source| source.id == id)
        })
        .map(|layer| narrowest_width(timeline, &layer, size))
        .fold(1.0, f64::min);
    let needed = f64::from(timeline.size.width) / narrowest / f64::from(size.width);
    if needed * 2.0 >= 1.0 {
        return picture;
    }
    let side = |pixels: u32| ((f64::from(pixels) * needed * 2.0).ceil() as u32).clamp(1, pixels);
    let working = Size::new(side(size.width), side(size.height));
    resize(&picture, working, Filter::Box)
}

/// A film being decoded.
///
/// The nearest frame is shown: one takes over half a frame before its own time, counted in the film's frames or, where
/// its source's are shorter, in those. So a change in the source is seen at the film's frame nearest to it, at most
/// half a frame early or late, and stays with its sound. A frame that took over at its own time would be late by half
/// a frame on average.
///
/// The next frame must be decoded before it is certain which one is shown. The candidate is converted before that,
/// unless its packet's duration ends before the requested time. If that duration was wrong, a seek fetches the frame
/// again, and packet durations are no longer trusted.
struct OpenFilm<P> {
    reader: VideoReader,
    path: PathBuf,
    /// Seconds that a frame of the film is shown.
    frame_time: Rational,
    /// How late timestamps may be because the container rounds them, such as to whole milliseconds.
    tolerance: Rational,
    /// The converted frame.
    shown: Option<Arc<P>>,
    /// Frames that were shown before. The next one takes the memory of one that nobody draws any more.
    retired: Vec<Arc<P>>,
    /// The time of that frame.
    shown_time: Rational,
    /// The frame that was shown before it, where frames are mixed.
    earlier: Option<(Rational, Arc<P>)>,
    mixes: bool,
    /// What is shown next where the film runs backwards.
    backward: BackwardRun<P>,
    /// The frame that the reader holds.
    held: Option<FrameInfo>,
    /// The time of the frame before it; `None` for the first one and after a jump.
    before: Option<Rational>,
    /// The time of the last frame that was skipped without conversion.
    passed: Option<Rational>,
    started: bool,
    /// The last requested time.
    asked: Rational,
    believes_ends: bool,
    broken: Option<Error>,
}

impl<P: SourcePicture> OpenFilm<P> {
    fn new(reader: VideoReader, path: PathBuf, frame_time: Rational) -> Self {
        let tolerance = tolerance(
            reader.facts().time_base,
            reader.facts().frame_rate,
            frame_time,
        );
        Self {
            reader,
            path,
            frame_time,
            tolerance,
            shown: None,
            retired: Vec::new(),
            shown_time: Rational::ZERO,
            earlier: None,
            mixes: false,
            backward: BackwardRun::default(),
            held: None,
            before: None,
            passed: None,
            started: false,
            asked: Rational::ZERO,
            believes_ends: true,
            broken: None,
        }
    }

    /// The picture of `layer`. `coming` gives the times that are shown from this one on while they fall, so many at
    /// most.
    fn picture(
        &mut self,
        layer: &TimelineLayer,
        coming: impl Fn(usize) -> Vec<Rational>,
    ) -> Result<Option<Arc<P>>> {
        let (time, blend) = (layer.source_time, layer.state.frame_blend);
        if let Some(picture) = self.backward.take(time) {
            return Ok(Some(picture));
        }
        if !self.started || time + self.reach(blend) >= self.asked {
            return self.mixed_at(time, blend);
        }
        let times = coming(BackwardRun::<P>::most(self.reader.facts().size));
        for time in times.iter().rev() {
            if let Some(picture) = self.mixed_at(*time, blend)? {
                self.backward.push(*time, picture);
            }
        }
        match self.backward.take(time) {
            Some(picture) => Ok(Some(picture)),
            None => self.mixed_at(time, blend),
        }
    }

    /// The frames around `time`, mixed as far as `blend` says (0..1); at 0 the nearest.
    fn mixed_at(&mut self, time: Rational, blend: f64) -> Result<Option<Arc<P>>> {
        self.mixes = blend > 0.0;
        let reach = self.reach(blend);
        if self.mixes && (!self.started || time + reach < self.asked || self.earlier.is_none()) {
            self.at(time - reach)?;
        }
        let later = self.at(time + reach)?;
        if !self.mixes {
            return Ok(later);
        }
        let (Some(later), Some((earlier_time, earlier))) = (&later, &self.earlier) else {
            return Ok(later);
        };
        let share = share_of_later(*earlier_time, self.shown_time, time, blend);
        if is_whole(share) {
            return Ok(Some(Arc::clone(later)));
        }
        let mixed = P::mixed(earlier, later, share);
        Ok(Some(mixed.map_or_else(|| Arc::clone(later), Arc::new)))
    }

    /// Half a frame of the source where frames are mixed: that far from a time, the nearest frames are the two around it.
    fn reach(&self, blend: f64) -> Rational {
        let rate = self.reader.facts().frame_rate;
        let frame = rate.inverse().filter(|frame| *frame > Rational::ZERO);
        let half = Rational::new(1, 2).filter(|_| blend > 0.0);
        frame.unwrap_or(self.frame_time) * half.unwrap_or(Rational::ZERO)
    }

    /// The frame nearest to `time`: the first frame before the stream begins, the last one after it ends. `None`
    /// without any frame.
    fn at(&mut self, time: Rational) -> Result<Option<Arc<P>>> {
        let latest = time + self.tolerance;
        let behind = self.started && time < self.asked;
        self.asked = time;
        let ahead = self
            .held
            .is_some_and(|held| latest - held.time > Rational::whole(NEAR));
        if behind || ahead || (!self.started && time > Rational::whole(NEAR)) {
            self.jump(time)?;
        } else if !self.started {
            self.advance()?;
        }
        loop {
            match self.held {
                Some(held) if self.takes_over(self.before, held.time) <= latest => {
                    let ends = held.end > held.time
                        && self.takes_over(Some(held.time), held.end) <= latest;
                    if self.believes_ends && ends {
                        self.passed = Some(held.time);
                    } else {
                        self.convert()?;
                    }
                    self.advance()?;
                }
                held => {
                    if let Some(passed) = self.passed.take() {
                        // It is on screen after all.
                        self.believes_ends = false;
                        self.jump(passed)?;
                        if self.held.is_some() {
                            self.convert()?;
                            self.advance()?;
                        }
                        continue;
                    }
                    if self.shown.is_none() && held.is_some() {
                        self.convert()?;
                    }
                    return Ok(self.shown.clone());
                }
            }
        }
    }

    /// When the frame at `time` is nearer than the one `before` it.
    fn takes_over(&self, before: Option<Rational>, time: Rational) -> Rational {
        let gap = before.map_or(self.frame_time, |before| time - before);
        let half = Rational::new(1, 2).unwrap_or(Rational::ZERO);
        time - gap.min(self.frame_time) * half
    }

    fn jump(&mut self, time: Rational) -> Result<()> {
        self.reader.seek(time)?;
        self.shown = None;
        self.earlier = None;
        self.passed = None;
        self.held = None;
        self.advance()
    }

    fn convert(&mut self) -> Result<()> {
        let mut retired = self.retired.iter();
        let unused = retired.position(|picture| Arc::strong_count(picture) == 1);
        let unused = unused.and_then(|at| Arc::into_inner(self.retired.swap_remove(at)));
        let picture = P::of_frame(&mut self.reader, unused)?;
        let before = self.shown.replace(Arc::new(picture));
        if self.mixes {
            self.earlier = before.map(|picture| (self.shown_time, picture));
        } else {
            self.earlier = None;
            self.retired.extend(before);
            let more = self.retired.len().saturating_sub(MOST_RETIRED);
            self.retired.drain(..more);
        }
        self.shown_time = self.held.map_or(self.asked, |held| held.time);
        self.passed = None;
        Ok(())
    }

    fn advance(&mut self) -> Result<()> {
        self.started = true;
        self.before = self.held.map(|held| held.time);
        self.held = match self.reader.next_frame() {
            Ok(held) => held,
            Err(error @ Error::BreaksOff { .. }) => {
                self.broken = Some(error);
                None
            }
            Err(error) => return Err(error),
        };
        Ok(())
    }
}

/// One tick of the stream's clock, since both the frame's time and the plan's may be rounded to it. Zero where a tick
/// is a large part of a frame: there times are exact.
fn tolerance(time_base: Rational, frame_rate: Rational, frame_time: Rational) -> Rational {
    let source_frame = frame_rate.inverse().unwrap_or(frame_time);
    let shortest = if source_frame > Rational::ZERO {
        source_frame.min(frame_time)
    } else {
        frame_time
    };
    if time_base > Rational::ZERO && time_base * Rational::whole(4) <= shortest {
        time_base
    } else {
        Rational::ZERO
    }
}
