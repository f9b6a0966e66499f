//! One still in, the bytes of one still out.

use rayon::ThreadPool;

use crate::batch::adjust::{self, Adjusted};
use crate::batch::frame::framed;
use crate::batch::names::Job;
use crate::batch::run::Made;
use crate::batch::settings::{Format, Matching, Settings};
use crate::error::{Error, Result};
use crate::looks::{CompiledLook, Correction, Masks};
use crate::media::{
    ChromaSubsampling, MetadataPolicy, Still, StillFormat, decode_still, still_bytes,
};
use crate::models::Models;
use crate::picture::Picture;

/// Makes the result of `job`. `models` find subjects, `seed` makes grain, `threads` do what one picture lets be done side by side.
pub(super) fn make(
    job: &Job,
    settings: &Settings,
    look: &CompiledLook,
    models: Option<&Models>,
    seed: u64,
    threads: &ThreadPool,
) -> Result<(Vec<u8>, Made)> {
    let mut still = decode_still(&job.source, &settings.limits)?;
    if !settings.partial
        && let Some(problem) = still.partial.take()
    {
        return Err(problem);
    }
    still.picture = framed(still.picture, settings, models)?;
    let (own, adjusted) = match settings.matching {
        Matching::None => (masked(look, &still.picture, models)?, None),
        Matching::Each => {
            let (own, adjusted) = threads.install(|| matched(&still.picture, settings, models))?;
            (own, Some(adjusted))
        }
    };
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
    let metadata = still.metadata.filtered(settings.metadata);
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

/// The look for one picture, by what is measured on it.
fn matched(
    picture: &Picture,
    settings: &Settings,
    models: Option<&Models>,
) -> Result<(CompiledLook, Adjusted)> {
    let small = adjust::small(picture);
    let correction = Correction::measure(&small);
    let masks = Masks::measure(&settings.look.mask_sources(), &small, models)?;
    adjust::adjusted(
        &settings.look,
        settings.strength,
        &small,
        &correction,
        &masks,
    )
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
