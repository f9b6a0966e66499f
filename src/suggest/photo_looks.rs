//! Suggests looks for one photo, and its correction.

use std::slice;

use crate::analysis::Analysis;
use crate::error::Result;
use crate::looks::{Correction, Finish, Look};
use crate::models::Models;
use crate::profile::Taste;
use crate::suggest::Abstention;
use crate::suggest::look_ranking::{LookRanking, rank_looks};
use crate::suggest::picture_set::PictureSet;
use crate::suggest::suggestions::abstain;
use crate::suggest::suggestions::{CorrectionSuggestion, LOOK_SUGGESTIONS_SCHEMA, LookSuggestions};
use crate::suggest::taste_shift::TasteContext;
use crate::suggest::word_space::WordSpace;
use crate::time::rounded;

/// Scene words of drawn pictures.
const DRAWN: [&str; 4] = ["graphic", "text_graphic", "screenshot", "game"];
/// Score of such a word from which a picture counts as drawn.
const SURE: f64 = 0.5;

/// A request for looks.
pub struct LookRequest<'a> {
    /// The photo.
    pub file: &'a Analysis,
    /// Its measured correction.
    pub correction: &'a Correction,
    /// The finish that the photo already has.
    pub finish: Option<Finish>,
    /// The looks to choose from.
    pub looks: &'a [Look],
    /// The creator's taste, if it is known.
    pub taste: Option<&'a Taste>,
    /// For comparing words.
    pub models: &'a Models,
}

/// Ranks looks for one photo, with the correction that it needs before.
///
/// Errors: those of the sentence network.
pub fn suggest_looks(request: &LookRequest<'_>) -> Result<LookSuggestions> {
    let set = PictureSet::new(slice::from_ref(request.file));
    let mut abstained = Vec::new();
    let drawn = DRAWN.iter().any(|word| set.has(word) >= SURE);
    let correction = if drawn {
        abstain(&mut abstained, "correction", "It is drawn, not lit.");
        None
    } else {
        corrected(request.correction, &mut abstained)
    };
    let why = if !set.seen {
        Some("There is no picture.")
    } else if drawn {
        Some("It is a drawing or a screenshot, whose colors are intended.")
    } else {
        request.finish.map(|finish| match finish {
            Finish::BlackAndWhite => "It is black and white already.",
            Finish::Faded => "Its blacks are lifted: it already has a look.",
        })
    };
    let looks = match why {
        Some(why) => {
            abstain(&mut abstained, "looks", why);
            Vec::new()
        }
        None => {
            let space = WordSpace::new(set.text(), &[], request.looks, |texts| {
                request.models.embed_sentences(texts)
            })?;
            let ranking = LookRanking {
                set: &set,
                space: &space,
                taste: TasteContext::new(request.taste, &set, None),
                seed: 0,
            };
            rank_looks(request.looks, &ranking, &mut abstained)
        }
    };
    Ok(LookSuggestions {
        schema: LOOK_SUGGESTIONS_SCHEMA.into(),
        file: request.file.file.path.clone(),
        correction,
        looks,
        abstained,
    })
}

fn corrected(
    correction: &Correction,
    abstained: &mut Vec<Abstention>,
) -> Option<CorrectionSuggestion> {
    let first = correction.reasons.first();
    if correction.is_identity() {
        let why = first.map_or("", |reason| reason.text.as_str());
        abstain(abstained, "correction", why);
        return None;
    }
    Some(CorrectionSuggestion {
        score: first.map_or(0.0, |reason| reason.weight.clamp(0.0, 1.0)),
        stops: rounded(correction.stops),
        temperature: rounded(correction.temperature),
        tint: rounded(correction.tint),
        black_point: rounded(correction.black_point),
        white_point: rounded(correction.white_point),
        reasons: correction.reasons.clone(),
    })
}
