//! One still in, the bytes of one still out.

use crate::batch::adjust::{self, Adjusted};
use crate::batch::frame::framed;
use crate::batch::names::Job;
use crate::batch::noise;
use crate::batch::preview::{self, Shown};
use crate::batch::run::{Made, Tools};
use crate::batch::settings::{Format, Matching, Settings};
use crate::error::{Error, Result};
use crate::looks::{CompiledLook, Correction, Masks};
use crate::media::{
    ChromaSubsampling, MetadataPolicy, Original, Still, StillFormat, decode_small, decode_still,
    still_bytes, to_srgb,
};
use crate::models::Models;
use crate::picture::Picture;

/// Makes the result of `job`. `seed` makes grain; `scene` is what the photo is given to match its scene.
pub(super) fn make(
    job: &Job,
    tools: Tools,
    seed: u64,
    scene: Option<&Correction>,
) -> Result<(Vec<u8>, Made)> {
    let Tools {
        settings,
        look,
        models,
        threads,
    } = tools;
    let mut still = decode_still(&job.source, &settings.limits)?;
    if !settings.partial
        && let Some(problem) = still.partial.take()
    {
        return Err(problem);
    }
    let original = Original {
        size: still.picture.size(),
        turned: still.orientation != 1,
    };
    still.picture = framed(still.picture, settings, models)?;
    let (own, adjusted) =
        threads.install(|| own_look(&still.picture, settings, look, models, scene))?;
    if own.is_identity() && comes_out_as_it_is(&still, job, settings) {
        let bytes =
            std::fs::read(&job.source).map_err(|problem| Error::read(&job.source, problem))?;
        let made = Made {
            size: still.picture.size(),
            location: still.metadata.has_location(),
            partial: None,
            adjusted,
        };
        return Ok((bytes, made));
    }
    threads.install(|| own.apply_picture(&mut still.picture, seed));
    let metadata = still
        .metadata
        .filtered(settings.metadata, original, still.picture.size());
    let bytes = still_bytes(
        &job.source,
        &still.picture,
        encoding(&still, job, settings),
        &metadata,
    )?;
    let made = Made {
        size: still.picture.size(),
        location: metadata.has_location(),
        partial: still.partial,
        adjusted,
    };
    Ok((bytes, made))
}

/// The look with the masks it needs, measured on `picture`.
fn masked(look: &CompiledLook, picture: &Picture, models: Option<&Models>) -> Result<CompiledLook> {
    let sources = look.mask_sources();
    if sources.is_empty() {
        return Ok(look.clone());
    }
    let masks = Masks::measure(&sources, &adjust::small(picture), models)?;
    Ok(look.with_masks(masks))
}

/// A small copy of the original of `job`, and what becomes of it; `None` where it cannot be decoded whole.
pub(super) fn shown(
    job: &Job,
    settings: &Settings,
    look: &CompiledLook,
    models: Option<&Models>,
    seed: u64,
    scene: Option<&Correction>,
) -> Result<Option<Shown>> {
    let Ok(still) = decode_small(&job.source, &settings.limits, preview::SIDE) else {
        return Ok(None);
    };
    let mut picture = still
        .picture
        .resized(still.picture.size().within(preview::SIDE));
    let before = to_srgb(&picture);
    let (own, adjusted) = own_look(&picture, settings, look, models, scene)?;
    own.apply_picture(&mut picture, seed);
    Ok(Some(Shown {
        source: job.source.clone(),
        before,
        after: to_srgb(&picture),
        adjusted,
    }))
}

/// The look for one picture, and what is different about it.
fn own_look(
    picture: &Picture,
    settings: &Settings,
    look: &CompiledLook,
    models: Option<&Models>,
    scene: Option<&Correction>,
) -> Result<(CompiledLook, Option<Adjusted>)> {
    let (asked, strength) = (&settings.look, settings.strength);
    match settings.matching {
        Matching::None => Ok((masked(look, picture, models)?, None)),
        Matching::Each => {
            let (small, detail) = (adjust::small(picture), noise::sample(picture));
            let correction = Correction::measure(&small);
            let masks = Masks::measure(&asked.mask_sources(), &small, models)?;
            let (own, adjusted) =
                adjust::adjusted(asked, strength, &small, &detail, &correction, &masks)?;
            Ok((own, Some(adjusted)))
        }
        Matching::Set => {
            let none = Correction::none();
            let given = scene.unwrap_or(&none);
            let own = CompiledLook::with_correction(asked, strength, given)?;
            let own = masked(&own, picture, models)?;
            Ok((own, Some(Adjusted::by(given, strength))))
        }
    }
}

/// Whether nothing was asked for that decoding and encoding could give: then the original's own bytes are the best
/// picture of it.
fn comes_out_as_it_is(still: &Still, job: &Job, settings: &Settings) -> bool {
    job.facts.container == job.format.name()
        && still.orientation == 1
        && still.partial.is_none()
        && settings.quality.is_none()
        && settings.subsampling.is_none()
        && settings.aspect.is_none()
        && settings.fit.is_none()
        && settings.metadata == MetadataPolicy::Keep
}

fn encoding(still: &Still, job: &Job, settings: &Settings) -> StillFormat {
    match job.format {
        Format::Jpeg => StillFormat::Jpeg {
            quality: settings.quality(),
            subsampling: settings
                .subsampling
                .or(still.subsampling)
                .unwrap_or(ChromaSubsampling::Full444),
        },
        // No still becomes a film.
        Format::Png | Format::Mp4 | Format::Mov => StillFormat::Png,
        Format::WebP => StillFormat::WebP {
            quality: settings.quality(),
        },
    }
}
