//! What a look would do to a few files that differ most, before any result is written.
//!
//! The files are chosen by farthest points (Gonzalez, "Clustering to minimize the maximum intercluster distance", 1985):
//! first the one nearest to the middle of all, then always the one least like those that were taken.

use std::path::PathBuf;

use crate::batch::adjust::Adjusted;
use crate::batch::likeness::Seen;
use crate::batch::names::Job;
use crate::batch::run::Batch;
use crate::batch::{scenes, still};
use crate::error::{Error, Result};
use crate::looks::{CompiledLook, grain_seed};
use crate::picture::Rgb8;
use crate::store::hash_file;
use crate::task::in_order;

/// Longer side of the pictures, pixels.
pub(super) const SIDE: u32 = 720;

/// One photo before and after.
#[derive(Debug)]
pub struct Shown {
    /// The original.
    pub source: PathBuf,
    /// A small copy of it, upright, in sRGB.
    pub before: Rgb8,
    /// The same with the look.
    pub after: Rgb8,
    /// What was done beyond the look.
    pub adjusted: Option<Adjusted>,
}

impl Batch<'_> {
    /// At most `count` photos of `jobs` that differ most from each other, with what the settings make of them; in the order
    /// of `jobs`. Clips and photos that cannot be decoded are passed over. Writes nothing.
    pub fn preview(&self, jobs: &[Option<&Job>], count: usize) -> Result<Vec<Shown>> {
        let photos = self.seen(jobs)?;
        let given = scenes::matched(&photos);
        let seen: Vec<Option<&Seen>> = photos.iter().map(|(_, seen)| seen.as_ref()).collect();
        let mut chosen = unlike(&seen, count);
        chosen.sort_unstable();
        let look = CompiledLook::new(&self.settings.look, self.settings.strength)?;
        let show = |at: usize| {
            let place = *chosen.get(at)?;
            let job = jobs.get(place).copied().flatten()?;
            let scene = given.get(place).and_then(Option::as_ref);
            let shown = hash_file(&job.source, self.task).and_then(|source| {
                let seed = grain_seed(&source);
                still::shown(job, self.settings, &look, self.models, seed, scene)
            });
            shown.transpose()
        };
        let mut all = Vec::new();
        in_order(chosen.len(), self.workers, show, |_, shown| {
            all.extend(shown.transpose()?);
            Ok::<(), Error>(())
        })?;
        Ok(all)
    }
}

/// The places of at most `count` photos that differ most, in the order they were taken.
fn unlike(photos: &[Option<&Seen>], count: usize) -> Vec<usize> {
    let photos: Vec<(usize, &Seen)> = photos
        .iter()
        .enumerate()
        .filter_map(|(place, seen)| Some((place, (*seen)?)))
        .collect();
    // The sum of distances is least in the middle; of many photos a part says where that is.
    let step = photos.len() / 200 + 1;
    let spread = |(_, seen): &(usize, &Seen)| -> f64 {
        let others = photos.iter().step_by(step);
        others.map(|(_, other)| seen.distance(other)).sum()
    };
    let Some(first) = photos.iter().min_by(|a, b| spread(a).total_cmp(&spread(b))) else {
        return vec![];
    };
    let mut chosen = vec![first.0];
    let mut apart: Vec<f64> = photos
        .iter()
        .map(|(_, seen)| seen.distance(first.1))
        .collect();
    while chosen.len() < count {
        let mut farthest: Option<(f64, usize)> = None;
        for (at, apart) in apart.iter().enumerate() {
            if *apart > farthest.map_or(0.0, |(most, _)| most) {
                farthest = Some((*apart, at));
            }
        }
        let Some((place, next)) = farthest.and_then(|(_, at)| photos.get(at)) else {
            break;
        };
        chosen.push(*place);
        for (apart, (_, seen)) in apart.iter_mut().zip(&photos) {
            *apart = apart.min(seen.distance(next));
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::likeness::tests::view;

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
        let mut chosen = unlike(&photos, 3);
        chosen.sort_unstable();
        assert_eq!(chosen.len(), 3);
        assert!(chosen.contains(&3) && chosen.contains(&4), "{chosen:?}");
        // No more than differ at all.
        assert_eq!(unlike(&photos, 12).len(), 3);
        assert!(unlike(&[None], 12).is_empty());
    }
}
