//! Applies a look to a clip. The times of its frames and its sound stay.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::ThreadPool;

use crate::batch::adjustment::{Adjustment, Evidence, MEASURED_SIDE, adjust, middle};
use crate::batch::clip_faces::ClipFaces;
use crate::batch::face_search::blur_rest_of_frame;
use crate::batch::naming::BatchItem;
use crate::batch::rendition::{Rendition, RenditionRequest};
use crate::batch::settings::{BatchSettings, FaceTreatment, Matching, ResultFormat};
use crate::batch::subject_crop::{clip_crop, largest_of_aspect};
use crate::compositor::{FinishedFrame, FrameOverlays, FrameSource, FrameStamp, Layer, Pipeline};
use crate::effects::LayerState;
use crate::error::{Error, Result};
use crate::geometry::{Rect, Size};
use crate::looks::{CompiledLook, Correction, Masks};
use crate::media::{
    CarriedTracks, ClipContainer, ClipSettings, ClipWriter, FrameSize, MetadataPolicy, VideoReader,
    Yuv420,
};
use crate::notice::MediaPart;
use crate::picture::{FilmTreatment, Rgb8};
use crate::store::Output;
use crate::task::Task;
use crate::time::Rational;

/// Frames on which a clip's light and color are measured: enough that one odd frame does not decide.
const MEASURED_FRAMES: i64 = 5;

/// Writes the result to `output`. `threads` share the work on each frame.
pub(super) fn make(
    request: &RenditionRequest<'_>,
    threads: &ThreadPool,
    output: &Output,
    task: &Task,
) -> Result<Rendition> {
    let RenditionRequest { item, settings, .. } = *request;
    let OpenedClip {
        mut source,
        size,
        adjusted,
        faces_blurred,
    } = opened(request, threads, task)?;
    let writer = ClipWriter::create(
        output.path(),
        &ClipSettings {
            size,
            original: &item.source,
            probe: &item.facts,
            container: container(item.format),
            metadata: settings.metadata,
            // A cover may show a face.
            covers: settings.faces == FaceTreatment::Keep,
            tracks: settings.tracks,
            limits: &settings.limits,
        },
    )?;
    let location = writer.has_location();
    let mut left_out = writer.left_out().to_vec();
    // Sound tracks are copied, or told one by one.
    let mut parts_left_out = item.facts.left_out.clone();
    parts_left_out.retain(|left_out| left_out.part != MediaPart::SoundTracks);
    let mut treatments = Vec::new();
    let is_whole = size == source.geometry.whole;
    if source.look.is_identity() && is_whole && may_be_copied(item, settings) {
        source.decode_all(task)?;
        drop(writer);
        output.copy_of(&item.source)?;
        // A copy keeps all streams.
        left_out.clear();
        parts_left_out.clear();
    } else {
        let pipeline = Pipeline {
            size,
            models: request.models,
            task: &encoding_task(settings, task),
        };
        let told = encode(&pipeline, &mut source, threads, writer)?;
        treatments = source.treatments();
        treatments.extend(told);
    }
    Ok(Rendition {
        size,
        location,
        partial: source.broken,
        adjusted,
        left_out,
        parts_left_out,
        treatments,
        faces_blurred,
    })
}

/// A clip whose frames can be drawn.
pub(super) struct OpenedClip {
    /// At its beginning.
    pub source: ClipSource,
    /// The size of the frames.
    pub size: Size,
    /// Changes beyond the look.
    pub adjusted: Option<Adjustment>,
    /// How many faces are blurred, if that was asked for.
    pub faces_blurred: Option<usize>,
}

/// Finds out what is done to all frames of the clip: crop, look, and where faces are.
pub(super) fn opened(
    request: &RenditionRequest<'_>,
    threads: &ThreadPool,
    task: &Task,
) -> Result<OpenedClip> {
    let RenditionRequest { item, settings, .. } = *request;
    let faces = match settings.faces {
        FaceTreatment::Keep => None,
        FaceTreatment::Blur => {
            let first_half = half_of(task, 0.0);
            Some(ClipFaces::find(request, threads, &first_half)?)
        }
    };
    let faces_blurred = faces.as_ref().map(|faces| faces.count);
    let decoders = threads.current_num_threads();
    let mut reader = VideoReader::open(&item.source, &settings.limits, decoders)?;
    reader.set_background(settings.background);
    let geometry = Geometry::new(request, &mut reader)?;
    let (look, adjusted) = look_for(request, &mut reader)?;
    Ok(OpenedClip {
        size: geometry.size,
        source: ClipSource {
            path: item.source.clone(),
            reader,
            geometry,
            look,
            faces: faces.filter(|faces| faces.count > 0),
            time: Rational::ZERO,
            seed: request.seed,
            partial: settings.partial,
            broken: None,
        },
        adjusted,
        faces_blurred,
    })
}

/// The task of drawing and encoding: all of it, or what comes after the search for faces.
pub(super) fn encoding_task(settings: &BatchSettings, task: &Task) -> Task {
    match settings.faces {
        FaceTreatment::Keep => task.clone(),
        FaceTreatment::Blur => half_of(task, 0.5),
    }
}

/// The task of one half of the work, which begins at `from`.
fn half_of(task: &Task, from: f64) -> Task {
    let whole = task.clone();
    task.reporting(move |share| whole.progress(from + share / 2.0))
}

fn container(format: ResultFormat) -> ClipContainer {
    match format {
        ResultFormat::Mov => ClipContainer::Mov,
        ResultFormat::Matroska => ClipContainer::Matroska,
        _ => ClipContainer::Mp4,
    }
}

/// Draws all frames of `source` and writes them. Returns what is worth telling of its other streams.
fn encode(
    pipeline: &Pipeline<'_>,
    source: &mut ClipSource,
    threads: &ThreadPool,
    mut writer: ClipWriter,
) -> Result<Vec<FilmTreatment>> {
    let path = source.path.clone();
    let checked_by = pipeline.models.filter(|_| source.has_faces());
    let end = source.reader.facts().duration.map(Rational::seconds);
    let end = end.filter(|end| *end > 0.0);
    // The files of a run are already processed in parallel, so each has one thread, and a pool for the work on a frame.
    pipeline.run_on_caller(source, Some(threads), |frame, stamp| {
        if let Some(end) = end {
            pipeline.task.progress(stamp.time.seconds() / end);
        }
        match frame {
            FinishedFrame::Rgb(frame) => {
                let changed = match checked_by {
                    Some(models) => blur_rest_of_frame(models, frame, &path)?,
                    None => None,
                };
                let frame = changed.as_ref().unwrap_or(frame);
                writer.write_frame(frame, stamp.time, stamp.end)
            }
            FinishedFrame::Planar(frame) => writer.write_planes(frame, stamp.time, stamp.end),
        }
    })?;
    writer.finish()
}

/// The visible part of the original, and the size of the result.
#[derive(Clone, Copy)]
struct Geometry {
    /// The size of the original's frames.
    whole: Size,
    /// The visible part, if it is not the whole.
    crop: Option<Rect>,
    /// The size of the result's frames.
    size: Size,
}

impl Geometry {
    /// The geometry that the settings ask for. Rewinds the reader.
    fn new(request: &RenditionRequest<'_>, reader: &mut VideoReader) -> Result<Self> {
        let RenditionRequest { item, settings, .. } = *request;
        let whole = reader.facts().size;
        let kept = settings
            .aspect
            .map_or(whole, |aspect| largest_of_aspect(whole, aspect));
        let crop = if kept == whole {
            None
        } else {
            let frames = spread(reader, &item.source)?;
            Some(clip_crop(&frames, whole, even(kept), request.models)?)
        };
        Ok(Self {
            whole,
            crop,
            size: even(settings.fit.map_or(kept, |fit| fit.of(kept))),
        })
    }
}

/// The frames of a clip: one layer each.
pub(super) struct ClipSource {
    path: PathBuf,
    reader: VideoReader,
    geometry: Geometry,
    look: CompiledLook,
    /// Faces that are blurred.
    faces: Option<ClipFaces>,
    /// When the frame is shown.
    time: Rational,
    seed: u64,
    /// A clip that breaks off ends there instead of failing.
    partial: bool,
    /// How it breaks off.
    broken: Option<Error>,
}

impl ClipSource {
    /// Goes on with the frame that is on the screen at `time`.
    pub(super) fn seek(&mut self, time: Rational) -> Result<()> {
        self.reader.seek(time)
    }

    /// Whether faces are blurred in some of its frames.
    pub(super) fn has_faces(&self) -> bool {
        self.faces.is_some()
    }

    /// What had to be done to the frames so far beside the look.
    pub(super) fn treatments(&self) -> Vec<FilmTreatment> {
        self.reader.treatments()
    }

    /// Decodes a clip that is copied, too: a damaged one fails, or counts as partial.
    fn decode_all(&mut self, task: &Task) -> Result<()> {
        while self.advance()?.is_some() {
            task.check()?;
        }
        Ok(())
    }
}

impl FrameSource for ClipSource {
    fn advance(&mut self) -> Result<Option<FrameStamp>> {
        match self.reader.next_frame() {
            Ok(info) => Ok(info.map(|info| {
                self.time = info.time;
                FrameStamp {
                    number: info.index,
                    time: info.time,
                    end: info.end,
                }
            })),
            Err(problem @ Error::BreaksOff { .. }) if self.partial => {
                self.broken = Some(problem);
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    fn planes(&self) -> Option<(Yuv420<'_>, &CompiledLook)> {
        let only_color = self.look.fits_planes()
            && self.geometry.size == self.geometry.whole
            && self.faces.is_none();
        let planes = only_color.then(|| self.reader.planes()).flatten()?;
        Some((planes, &self.look))
    }

    fn layers(&mut self) -> Result<Vec<Layer>> {
        // Without a crop the decoder scales, in one step with the color conversion.
        let size = match self.geometry.crop {
            None => self.geometry.size,
            Some(_) => self.geometry.whole,
        };
        let picture = self.reader.image(FrameSize::Exact(size))?;
        Ok(vec![Layer {
            picture: Arc::new(picture),
            crop: self.geometry.crop.unwrap_or(Rect::FULL),
            state: LayerState::default(),
            shot: 0,
            look: Some(self.look.clone()),
            people: Masks::default(),
            seed: self.seed,
        }])
    }

    fn overlays(&mut self) -> Result<FrameOverlays> {
        let Some(faces) = &self.faces else {
            return Ok(FrameOverlays::default());
        };
        let covers = faces.at(self.time).ok_or_else(|| {
            let what = "one of its frames was not searched for faces";
            Error::damaged(self.path.as_path(), what)
        })?;
        let shown = self.geometry.crop.unwrap_or(Rect::FULL);
        Ok(FrameOverlays {
            obscured: covers.iter().map(|face| face.inside_of(shown)).collect(),
            ..FrameOverlays::default()
        })
    }
}

/// Whether nothing is asked for that needs encoding. Then the original's bytes are the best result, even where it
/// breaks off.
fn may_be_copied(item: &BatchItem, settings: &BatchSettings) -> bool {
    let upright = item
        .facts
        .video
        .as_ref()
        .is_some_and(|facts| facts.rotation == 0 && facts.sample_aspect == Rational::ONE);
    upright
        && item.facts.container == item.format.name()
        && settings.metadata == MetadataPolicy::Keep
        && settings.faces == FaceTreatment::Keep
        && settings.tracks == CarriedTracks::All
}

/// The look for the whole clip, and a record of the adjustments. Rewinds the reader.
fn look_for(
    request: &RenditionRequest<'_>,
    reader: &mut VideoReader,
) -> Result<(CompiledLook, Option<Adjustment>)> {
    let RenditionRequest {
        item,
        settings,
        models,
        ..
    } = *request;
    let (asked, strength, path) = (&settings.look, settings.strength, &item.source);
    match settings.matching {
        // An `even` step depends on measurements. Measured frame by frame, it would flicker.
        Matching::None if asked.evens() && strength > 0.0 => {
            let (_, correction) = measured(reader, path)?;
            Ok((CompiledLook::measured(asked, strength, &correction)?, None))
        }
        Matching::None => Ok((request.look.clone(), None)),
        // Scenes are of photos; a clip is corrected by itself.
        Matching::Each | Matching::Set => {
            let (frame, correction) = measured(reader, path)?;
            let masks = Masks::measure(&asked.mask_sources(), &frame, models)?;
            let evidence = Evidence {
                small: &frame,
                detail: &frame,
                correction: &correction,
                masks: &masks,
            };
            let (look, adjusted) = adjust(asked, strength, &evidence)?;
            Ok((look, Some(adjusted)))
        }
    }
}

/// The median correction of frames spread over a clip, and the middle frame.
fn measured(reader: &mut VideoReader, path: &Path) -> Result<(Rgb8, Correction)> {
    let frames = spread(reader, path)?;
    let corrections: Vec<Correction> = frames.iter().map(Correction::measure).collect();
    let number = frames.len() / 2;
    match frames.into_iter().nth(number) {
        Some(frame) => Ok((frame, middle(&corrections))),
        None => Err(Error::damaged(path, "none of its frames can be decoded")),
    }
}

/// Small copies of frames spread over a clip, at least one. Rewinds the reader.
fn spread(reader: &mut VideoReader, path: &Path) -> Result<Vec<Rgb8>> {
    let duration = reader.facts().duration.unwrap_or(Rational::ZERO);
    let mut frames = Vec::new();
    for part in 0..MEASURED_FRAMES {
        let share = Rational::new(2 * part + 1, 2 * MEASURED_FRAMES).unwrap_or(Rational::ZERO);
        reader.seek(duration * share)?;
        // For a clip that breaks off, the frames before suffice.
        if let Ok(Some(_)) = reader.next_frame() {
            frames.push(reader.image(FrameSize::LongSide(MEASURED_SIDE))?);
        }
    }
    reader.seek(Rational::ZERO)?;
    if frames.is_empty() {
        return Err(Error::damaged(path, "none of its frames can be decoded"));
    }
    Ok(frames)
}

/// The nearest size with even sides, which 4:2:0 needs.
fn even(size: Size) -> Size {
    let side = |side: u32| (side & !1).max(2);
    Size::new(side(size.width), side(size.height))
}
