//! Why a profile thinks of a suggestion what it thinks.

use std::path::PathBuf;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::profile::feedback::{find_choice, read_suggestions};
use crate::profile::{ChoiceContext, ENOUGH, Taste, TasteKind};
use crate::time::rounded;

/// A suggestion to explain.
pub struct ExplainJob {
    /// The profile's name.
    pub profile: String,
    /// Its id: the name of a look or an effect, or the title, path or id of a track.
    pub suggestion: String,
    /// The file of suggestions that it is in; without one, only looks are known.
    pub suggestions: Option<PathBuf>,
}

/// Why a profile thinks of a suggestion what it thinks, `tastemaker.explained/1`.
#[derive(Debug, Serialize)]
pub struct Explanation {
    schema: &'static str,
    name: String,
    /// Its id.
    pub suggestion: String,
    /// Its kind.
    pub kind: TasteKind,
    /// Its score as it is for everybody; absent for a look that was not suggested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_without_taste: Option<f64>,
    /// By how much taste moves it.
    pub shift: f64,
    /// From 0, will be rejected, to 1, will be accepted.
    pub liking: f64,
    /// How sure that is, 0..1.
    pub confidence: f64,
    /// Whether it was judged before, and that is what speaks.
    pub judged_before: bool,
    /// What each feature contributes to the shift, strongest first, before the bound on the whole.
    pub parts: Vec<ExplainedPart>,
}

/// What a feature contributes.
#[derive(Debug, Serialize)]
pub struct ExplainedPart {
    /// The feature.
    pub feature: String,
    /// Its value.
    pub value: f64,
    /// By how much it moves the score.
    pub contribution: f64,
}

/// Explains a suggestion.
///
/// Errors: `UnknownName` where there is no such suggestion or profile, `Nothing` while the profile says nothing of its kind.
pub fn explain_suggestion(job: &ExplainJob, workshop: &Workshop) -> Result<Explanation> {
    let taste = Taste::learn(&workshop.profiles().find(&job.profile)?);
    let suggestions = job
        .suggestions
        .as_deref()
        .map(read_suggestions)
        .transpose()?;
    let (kind, candidate) = find_choice(&job.suggestion, workshop.looks()?, suggestions.as_ref())?;
    let opinion = taste
        .of(kind, &candidate, &ChoiceContext::default())
        .ok_or_else(|| Error::Nothing {
            what: format!(
                "fewer than {ENOUGH} choices of {} are known: the profile says nothing yet",
                kind.name()
            ),
            hint: Hint::TeachProfile {
                name: job.profile.clone(),
            },
        })?;
    let parts = opinion
        .parts
        .into_iter()
        .map(|(feature, contribution)| ExplainedPart {
            value: candidate.features.get(&feature).copied().unwrap_or(0.0),
            contribution: rounded(contribution),
            feature,
        });
    Ok(Explanation {
        schema: "tastemaker.explained/1",
        name: job.profile.clone(),
        kind,
        score_without_taste: candidate.score_without_taste().map(rounded),
        suggestion: candidate.id.clone(),
        shift: rounded(opinion.shift),
        liking: rounded(opinion.liking),
        confidence: rounded(opinion.confidence),
        judged_before: opinion.judged_before,
        parts: parts.filter(|part| part.contribution != 0.0).collect(),
    })
}
