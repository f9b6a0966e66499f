//! Objects, burnt-in text and safety of a picture, from their networks.

use crate::analysis::{ObjectFact, Safety, TextFact};
use crate::error::Result;
use crate::models::Models;
use crate::picture::Rgb8;
use crate::time::rounded;

/// Objects, best first.
pub(crate) fn find_objects(models: &Models, picture: &Rgb8) -> Result<Vec<ObjectFact>> {
    Ok(models
        .detect_objects(picture)?
        .into_iter()
        .map(|found| ObjectFact {
            label: found.label,
            bounds: found.bounds.clipped().rounded(),
            score: rounded(f64::from(found.score)),
        })
        .collect())
}

/// Burnt-in text, from the top, and whether there may be more.
pub(super) fn find_text(models: &Models, picture: &Rgb8) -> Result<(Vec<TextFact>, bool)> {
    let found = models.lasting_text(picture)?;
    let text = found.regions.into_iter().map(|region| TextFact {
        bounds: region.bounds.rounded(),
        score: rounded(f64::from(region.score)),
    });
    Ok((text.collect(), found.is_possible))
}

/// How unsafe a picture is.
pub(super) fn check_safety(models: &Models, picture: &Rgb8) -> Result<Safety> {
    Ok(Safety {
        score: rounded(f64::from(models.unsafe_probability(picture)?)),
    })
}
