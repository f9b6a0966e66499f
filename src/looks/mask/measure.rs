//! The masks of one picture, measured on a small copy of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::geometry::{Rect, Size};
use crate::hint::Hint;
use crate::looks::mask::haze::{Air, Haze};
use crate::looks::mask::plane::{pasted, plane_size};
use crate::looks::mask::sky::sky;
use crate::looks::mask::{MaskPlane, MaskSource};
use crate::models::Models;
use crate::picture::Rgb8;

/// The network stretches saliency to 0..1 in any picture, and middle values are uncertain: below the first bound they
/// become 0, above the second 1.
const DOUBT: (f32, f32) = (0.15, 0.75);

/// The measured masks of one picture. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Masks {
    planes: BTreeMap<MaskSource, Arc<MaskPlane>>,
    /// The air of [`MaskSource::Haze`].
    air: Option<Air>,
}

impl Masks {
    /// Measures `sources` on `picture` (sRGB; 512 pixels are enough). Errors: [`Error::Usage`] if a source needs
    /// networks and there are no `models`, and those of the networks.
    pub fn measure(
        sources: &BTreeSet<MaskSource>,
        picture: &Rgb8,
        models: Option<&Models>,
    ) -> Result<Self> {
        let mut masks = Self::default();
        for source in sources {
            let plane = match source {
                MaskSource::Sky => sky(picture),
                MaskSource::Haze => {
                    let haze = Haze::measure(picture);
                    masks.air = haze.as_ref().map(|haze| haze.air);
                    haze.map(|haze| haze.plane)
                }
                source => {
                    let models = models.ok_or_else(|| no_networks(*source))?;
                    let size = plane_size(picture.size());
                    let weights = match source {
                        MaskSource::Subject => subject(picture, models, size)?,
                        _ => person(picture, models, size)?,
                    };
                    MaskPlane::of(size, &weights)
                }
            };
            if let Some(plane) = plane {
                masks = masks.with(*source, plane);
            }
        }
        Ok(masks)
    }

    /// The masks with `plane` as that of `source`.
    pub fn with(mut self, source: MaskSource, plane: MaskPlane) -> Self {
        self.planes.insert(source, Arc::new(plane));
        self
    }

    /// The masks with the air of [`MaskSource::Haze`].
    pub(super) fn with_air(mut self, air: Air) -> Self {
        self.air = Some(air);
        self
    }

    /// The air, if haze was measured.
    pub(in crate::looks) fn air(&self) -> Option<Air> {
        self.air
    }

    /// The plane of `source`, if it was measured.
    pub fn get(&self, source: MaskSource) -> Option<&MaskPlane> {
        self.planes.get(&source).map(|plane| &**plane)
    }
}

pub(in crate::looks) fn no_networks(source: MaskSource) -> Error {
    Error::Usage {
        what: format!(
            "a mask of kind {} takes networks, and there are none",
            source.name()
        ),
        hint: Hint::NameModels,
    }
}

fn subject(picture: &Rgb8, models: &Models, size: Size) -> Result<Vec<f32>> {
    let mut weights = pasted(&models.saliency(picture)?, Rect::FULL, size);
    for weight in &mut weights {
        *weight = ((*weight - DOUBT.0) / (DOUBT.1 - DOUBT.0)).clamp(0.0, 1.0);
    }
    Ok(weights)
}

/// Segments each person separately, since the network expects one that fills the picture.
fn person(picture: &Rgb8, models: &Models, size: Size) -> Result<Vec<f32>> {
    let mut weights = vec![0.0_f32; size.pixels() as usize];
    for part in models.people(picture)? {
        let own = pasted(&models.person_mask(picture, part)?, part, size);
        for (weight, own) in weights.iter_mut().zip(own) {
            *weight = weight.max(own);
        }
    }
    Ok(weights)
}
