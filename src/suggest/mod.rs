//! Ranked choices with reasons: `tastemaker.suggestions/1`.
//!
//! Candidates are judged by a few named terms, each from 0 (against) to 1 (for), with a weight. The score is their
//! weighted mean, so a reason's weight is exactly its term's effect on the score. Terms without data are left out and
//! lower the confidence.

mod request;
pub use request::{Film, ShotPace, SuggestRequest};
mod suggestions;
pub use suggestions::*;

mod license_gate;
pub use license_gate::permitted;
mod music_ranking;
mod music_terms;
mod music_weights;
pub use music_weights::MusicTerm;
mod shortlist;
pub use shortlist::{Shortlist, ShortlistOutcome};
mod track_features;
pub use track_features::music_features;
mod track_fit;

mod look_guard;
mod look_light;
mod look_ranking;
mod look_terms;
pub use look_ranking::{look_features, unjudged};
mod photo_looks;
pub use photo_looks::{LookRequest, suggest_looks};

mod effect_moments;
mod effect_ranking;

mod picture_set;
mod scoring;
mod taste_shift;
pub use taste_shift::opinion_alone;
mod word_space;

use crate::error::Result;

/// Ranks music, looks and effects for a set of files.
///
/// Errors: those of the sentence network. Having nothing to suggest is no error: see [`Suggestions::abstained`].
pub fn suggest(request: &SuggestRequest<'_>) -> Result<Suggestions> {
    let (tracks, mut left_out) = permitted(
        request.tracks,
        |track| &track.license,
        request.usage,
        request.today,
    );
    left_out.extend_from_slice(request.left_out);
    let (set, space) = request.pictures_and_words(&tracks)?;
    let mut abstained = Vec::new();
    Ok(Suggestions {
        schema: SUGGESTIONS_SCHEMA.into(),
        files: request
            .files
            .iter()
            .map(|file| file.file.path.clone())
            .collect(),
        music: music_ranking::rank(request, &tracks, &set, &space, &mut abstained),
        looks: look_ranking::rank(request, &set, &space, &mut abstained),
        effects: effect_ranking::rank(request, &set, &mut abstained),
        abstained,
        left_out,
    })
}

#[cfg(test)]
mod tests;
