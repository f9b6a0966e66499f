//! Applies a look to a still.

use std::path::PathBuf;

use rayon::ThreadPool;

use crate::batch::adjustment::{self, Adjustment};
use crate::batch::face_search::{blur_still, cover, faces_of_still, needed};
use crate::batch::naming::BatchItem;
use crate::batch::noise;
use crate::batch::rendition::{Rendition, RenditionRequest};
use crate::batch::settings::{BatchSettings, ClipForm, FaceTreatment, Matching, ResultFormat};
use crate::batch::subject_crop::crop_and_fit;
use crate::error::{Error, Result};
use crate::geometry::Rect;
use crate::looks::{CompiledLook, Correction, Masks};
use crate::media::{
    ChromaSubsampling, FrameSize, GainMapPolicy, Metadata, MetadataPolicy, Original, Still,
    StillFormat, VideoReader, decode_small, decode_still, still_bytes, to_srgb_over,
};
use crate::models::Models;
use crate::notice::{LeftOutPart, MediaPart};
use crate::picture::{ColorSpace, FilmTreatment, Picture, Pixels, Rgb8};

/// One photo before and after.
#[derive(Debug)]
pub struct PreviewPair {
    /// The original.
    pub source: PathBuf,
    /// A small copy of it, upright, in sRGB.
    pub before: Rgb8,
    /// The same copy with the look.
    pub after: Rgb8,
    /// Changes beyond the look.
    pub adjusted: Option<Adjustment>,
}

/// Makes the bytes of a result. `threads` share the work on the picture.
pub(super) fn make(
    request: &RenditionRequest<'_>,
    threads: &ThreadPool,
) -> Result<(Vec<u8>, Rendition)> {
    let RenditionRequest { item, settings, .. } = *request;
    let mut still = original_of(request)?;
    if !settings.partial
        && let Some(problem) = still.partial.take()
    {
        return Err(problem);
    }
    let original = Original {
        size: still.picture.size(),
        orientation: still.orientation,
    };
    let faces = match settings.faces {
        FaceTreatment::Keep => None,
        // Before the crop, which cuts faces into parts that nobody would find.
        FaceTreatment::Blur => Some(faces_of_still(needed(request.models)?, &mut still.picture)?),
    };
    let (picture, crop) = crop_and_fit(still.picture, settings, request.models)?;
    still.picture = picture;
    let (look, adjusted) = threads.install(|| look_for(request, &still.picture))?;
    if look.is_identity() && may_be_copied(&still, item, settings) {
        let bytes =
            std::fs::read(&item.source).map_err(|problem| Error::read(&item.source, problem))?;
        return Ok((bytes, copy(&still, adjusted)));
    }
    threads.install(|| look.apply_picture(&mut still.picture, request.seed));
    let faces_blurred = match faces {
        None => None,
        Some(faces) => {
            let mut faces: Vec<Rect> = faces.iter().map(|face| face.inside_of(crop)).collect();
            faces.retain(|face| cover(*face).intersection(Rect::FULL).area() > 0.0);
            let models = needed(request.models)?;
            Some(blur_still(
                models,
                &mut still.picture,
                &faces,
                &item.source,
            )?)
        }
    };
    let encoding = encoding(&still, item, settings);
    // A gain map shows the faces again.
    let carried = matches!(encoding, StillFormat::Jpeg { .. })
        && settings.gain_map == GainMapPolicy::Keep
        && faces_blurred.is_none_or(|count| count == 0);
    still.metadata.gain_map = still.metadata.gain_map.filter(|_| carried);
    let metadata = still
        .metadata
        .filtered(settings.metadata, original, still.picture.size());
    let laid_over = match encoding {
        StillFormat::Jpeg { background, .. } if still.picture.alpha.is_some() => {
            Some(FilmTreatment::laid_over(background))
        }
        _ => None,
    };
    let bytes = still_bytes(&item.source, &still.picture, encoding, &metadata)?;
    let rendition = Rendition {
        size: still.picture.size(),
        location: metadata.has_location(),
        partial: still.partial,
        left_out: Vec::new(),
        parts_left_out: parts_left_out(request, &metadata),
        treatments: laid_over.into_iter().collect(),
        adjusted,
        faces_blurred,
    };
    Ok((bytes, rendition))
}

/// The photo, or the frame of a clip that is asked for.
fn original_of(request: &RenditionRequest<'_>) -> Result<Still> {
    let RenditionRequest { item, settings, .. } = *request;
    let ClipForm::Still { at } = settings.clips else {
        return decode_still(&item.source, &settings.limits);
    };
    if item.is_still() {
        return decode_still(&item.source, &settings.limits);
    }
    let mut reader = VideoReader::open(&item.source, &settings.limits, 1)?;
    reader.set_background(settings.background);
    reader.seek(at)?;
    if reader.next_frame()?.is_none() {
        let what = "the frame that stands for it cannot be decoded";
        return Err(Error::damaged(&item.source, what));
    }
    Ok(Still {
        picture: Picture {
            pixels: Pixels::Eight(reader.image(FrameSize::Full)?),
            alpha: None,
            color: ColorSpace::Srgb,
        },
        // What a clip says of itself is not of a form that stills have.
        metadata: Metadata::default(),
        orientation: 1,
        subsampling: None,
        partial: None,
    })
}

/// The rendition that is a copy of the original: it has everything.
fn copy(still: &Still, adjusted: Option<Adjustment>) -> Rendition {
    Rendition {
        size: still.picture.size(),
        location: still.metadata.has_location(),
        partial: None,
        left_out: Vec::new(),
        parts_left_out: Vec::new(),
        treatments: Vec::new(),
        adjusted,
        faces_blurred: None,
    }
}

/// What else is in the original, without a gain map that comes along, or that nobody wants.
fn parts_left_out(request: &RenditionRequest<'_>, metadata: &Metadata) -> Vec<LeftOutPart> {
    let RenditionRequest { item, settings, .. } = *request;
    if !item.is_still() {
        // Nothing but a frame is asked for.
        return Vec::new();
    }
    let settled = metadata.gain_map.is_some() || settings.gain_map == GainMapPolicy::Drop;
    let parts = item.facts.left_out.iter().copied();
    parts
        .filter(|left_out| left_out.part != MediaPart::GainMap || !settled)
        .collect()
}

/// A copy of the original whose longer side is at most `side`, before and after; `None` if it cannot be decoded.
pub(super) fn preview(request: &RenditionRequest<'_>, side: u32) -> Result<Option<PreviewPair>> {
    let source = &request.item.source;
    let Ok(still) = decode_small(source, &request.settings.limits, side) else {
        return Ok(None);
    };
    let mut picture = still.picture.resized(still.picture.size().within(side));
    let background = request.settings.background;
    let before = to_srgb_over(&picture, background);
    let (look, adjusted) = look_for(request, &picture)?;
    look.apply_picture(&mut picture, request.seed);
    if request.settings.faces == FaceTreatment::Blur {
        let models = needed(request.models)?;
        let faces = faces_of_still(models, &mut picture)?;
        blur_still(models, &mut picture, &faces, source)?;
    }
    Ok(Some(PreviewPair {
        source: source.clone(),
        before,
        after: to_srgb_over(&picture, background),
        adjusted,
    }))
}

/// The look for `picture` with its masks and corrections, and a record of the corrections.
fn look_for(
    request: &RenditionRequest<'_>,
    picture: &Picture,
) -> Result<(CompiledLook, Option<Adjustment>)> {
    let RenditionRequest {
        settings, models, ..
    } = *request;
    let (look, strength) = (&settings.look, settings.strength);
    match settings.matching {
        Matching::None => Ok((with_masks(request.look, picture, models)?, None)),
        Matching::Each => {
            let (small, detail) = (adjustment::small(picture), noise::sample(picture));
            let correction = Correction::measure(&small);
            let masks = Masks::measure(&look.mask_sources(), &small, models)?;
            let evidence = adjustment::Evidence {
                small: &small,
                detail: &detail,
                correction: &correction,
                masks: &masks,
            };
            let (compiled, adjusted) = adjustment::adjust(look, strength, &evidence)?;
            Ok((compiled, Some(adjusted)))
        }
        Matching::Set => {
            let none = Correction::none();
            let correction = request.scene.unwrap_or(&none);
            let compiled = CompiledLook::with_correction(look, strength, correction)?;
            let compiled = with_masks(&compiled, picture, models)?;
            Ok((compiled, Some(Adjustment::by(correction, strength))))
        }
    }
}

/// The look with the masks it needs, measured on `picture`.
fn with_masks(
    look: &CompiledLook,
    picture: &Picture,
    models: Option<&Models>,
) -> Result<CompiledLook> {
    let sources = look.mask_sources();
    if sources.is_empty() {
        return Ok(look.clone());
    }
    let masks = Masks::measure(&sources, &adjustment::small(picture), models)?;
    Ok(look.with_masks(masks))
}

/// Whether nothing is asked for that needs decoding and encoding. Then the original's bytes are the best result.
fn may_be_copied(still: &Still, item: &BatchItem, settings: &BatchSettings) -> bool {
    item.facts.container == item.format.name()
        && still.orientation == 1
        && still.partial.is_none()
        && settings.quality.is_none()
        && settings.subsampling.is_none()
        && settings.aspect.is_none()
        && settings.fit.is_none()
        // Its small preview may show another picture.
        && settings.faces == FaceTreatment::Keep
        && settings.metadata == MetadataPolicy::Keep
        && (settings.gain_map == GainMapPolicy::Keep || still.metadata.gain_map.is_none())
}

fn encoding(still: &Still, item: &BatchItem, settings: &BatchSettings) -> StillFormat {
    match item.format {
        ResultFormat::Jpeg => StillFormat::Jpeg {
            quality: settings.quality(),
            subsampling: settings
                .subsampling
                .or(still.subsampling)
                .unwrap_or(ChromaSubsampling::Full444),
            background: settings.background,
        },
        // A still does not become a film.
        ResultFormat::Png | ResultFormat::Mp4 | ResultFormat::Mov | ResultFormat::Matroska => {
            StillFormat::Png
        }
        ResultFormat::WebP => StillFormat::WebP {
            quality: settings.quality(),
        },
    }
}
