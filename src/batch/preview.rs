//! Previews a look on the few photos that differ most, before any result is written.
//!
//! The photos are chosen by farthest points (Gonzalez, "Clustering to minimize the maximum intercluster distance",
//! 1985): first the one nearest to the middle of all, then repeatedly the one least like those already chosen.

use crate::batch::naming::BatchItem;
use crate::batch::photo_signature::PhotoSignature;
use crate::batch::rendition::RenditionRequest;
use crate::batch::run::Batch;
use crate::batch::scenes;
use crate::batch::still::{self, PreviewPair};
use crate::error::{Error, Result};
use crate::looks::{CompiledLook, grain_seed};
use crate::store::hash_file;
use crate::task::in_order;

/// Longer side of the pictures, in pixels: two fit side by side on a laptop's screen.
const PREVIEW_SIDE: u32 = 720;
/// Photos from which the middle of all is estimated, evenly spaced: distances between all would take quadratic time.
const MIDDLE_SAMPLE: usize = 200;

impl Batch<'_> {
    /// Up to `count` photos of `items` that differ most from each other, before and after, in the order of `items`.
    /// Skips clips and photos that cannot be decoded. Writes nothing.
    pub fn preview(&self, items: &[Option<&BatchItem>], count: usize) -> Result<Vec<PreviewPair>> {
        let photos = self.signatures(items)?;
        let corrections = scenes::matched(&photos);
        let signatures: Vec<Option<&PhotoSignature>> = photos
            .iter()
            .map(|(_, signature)| signature.as_ref())
            .collect();
        let mut chosen = most_different(&signatures, count);
        chosen.sort_unstable();
        let look = CompiledLook::new(&self.settings.look, self.settings.strength)?;
        let make = |at: usize| {
            let number = *chosen.get(at)?;
            let item = items.get(number).copied().flatten()?;
            let pair = hash_file(&item.source, self.task).and_then(|source| {
                let request = RenditionRequest {
                    item,
                    settings: self.settings,
                    look: &look,
                    models: self.models,
                    seed: grain_seed(&source),
                    scene: corrections.get(number).and_then(Option::as_ref),
                };
                still::preview(&request, PREVIEW_SIDE)
            });
            pair.transpose()
        };
        let mut pairs = Vec::new();
        in_order(chosen.len(), self.workers, make, |_, pair| {
            pairs.extend(pair.transpose()?);
            Ok::<(), Error>(())
        })?;
        Ok(pairs)
    }
}

/// The indices of up to `count` photos that differ most, in the order of choosing.
fn most_different(photos: &[Option<&PhotoSignature>], count: usize) -> Vec<usize> {
    let photos: Vec<(usize, &PhotoSignature)> = photos
        .iter()
        .enumerate()
        .filter_map(|(number, photo)| Some((number, (*photo)?)))
        .collect();
    // The photo in the middle has the least sum of distances.
    let step = photos.len() / MIDDLE_SAMPLE + 1;
    let spread = |(_, photo): &(usize, &PhotoSignature)| -> f64 {
        let others = photos.iter().step_by(step);
        others.map(|(_, other)| photo.distance(other)).sum()
    };
    let Some(first) = photos.iter().min_by(|a, b| spread(a).total_cmp(&spread(b))) else {
        return vec![];
    };
    let mut chosen = vec![first.0];
    // The distance of each photo from the nearest chosen one.
    let mut distances: Vec<f64> = photos
        .iter()
        .map(|(_, photo)| photo.distance(first.1))
        .collect();
    while chosen.len() < count {
        let mut farthest: Option<(f64, usize)> = None;
        for (at, distance) in distances.iter().enumerate() {
            if *distance > farthest.map_or(0.0, |(most, _)| most) {
                farthest = Some((*distance, at));
            }
        }
        let Some((number, next)) = farthest.and_then(|(_, at)| photos.get(at)) else {
            break;
        };
        chosen.push(*number);
        for (distance, (_, photo)) in distances.iter_mut().zip(&photos) {
            *distance = distance.min(photo.distance(next));
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::photo_signature::tests::view;

    #[test]
    fn what_differs_is_taken_and_copies_are_not() {
        let (one, two, dark) = (
            view(1, [1.0; 3], None),
            view(2, [1.0; 3], None),
            view(1, [0.3; 3], None),
        );
        let photos = [
            Some(&one),
            None,
            Some(&one),
            Some(&two),
            Some(&dark),
            Some(&one),
        ];
        let mut chosen = most_different(&photos, 3);
        chosen.sort_unstable();
        assert_eq!(chosen.len(), 3);
        assert!(chosen.contains(&3) && chosen.contains(&4), "{chosen:?}");
        // No more photos than differ at all.
        assert_eq!(most_different(&photos, 12).len(), 3);
        assert!(most_different(&[None], 12).is_empty());
    }
}
