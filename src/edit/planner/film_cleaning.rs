//! What becomes of the noise in the speech of each source, and the decisions that say so.

use crate::choice::{Decision, Setting};
use crate::edit::Denoiser;
use crate::edit::planner::context::PlanContext;
use crate::edit::soundtrack::{CleaningChoice, choose_cleaning};

/// The choice for each source, in their order.
pub(super) fn film_cleaning(context: &mut PlanContext<'_>) -> Vec<Option<CleaningChoice>> {
    let request = context.request;
    let choices: Vec<_> = request
        .sources
        .iter()
        .map(|source| choose_cleaning(request, source))
        .collect();
    if request.denoise.is_some() {
        return choices;
    }
    let known = [Denoiser::None, Denoiser::Rnnoise, Denoiser::Gtcrn];
    for (denoiser, name) in known.into_iter().zip(["none", "rnnoise", "gtcrn"]) {
        let texts: Vec<String> = request
            .sources
            .iter()
            .zip(&choices)
            .filter_map(|(source, choice)| {
                let choice = choice
                    .as_ref()
                    .filter(|choice| choice.denoiser == denoiser)?;
                Some(format!("{}: {}", source.path.display(), choice.why.text))
            })
            .collect();
        if !texts.is_empty() {
            context.decide(Decision::new(Setting::Denoise, name, texts.join(" ")));
        }
    }
    choices
}
