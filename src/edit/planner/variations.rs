//! Several films of the same material that really differ: each shows, for [`DIFFERENT`] of its time at least, what the
//! first one does not show.
//!
//! What earlier films show counts against a moment, a little more with each attempt, until a film differs enough. So
//! it differs by the moments that are nearly as good, and never by what a veto keeps out. Where the material is used
//! up, the film that differs most is taken, and says so.

use crate::analysis::FileKind;
use crate::choice::{Decision, Setting};
use crate::edit::plan::LATEST;
use crate::edit::planner::context::source_id;
use crate::edit::planner::plan;
use crate::edit::request::{EditOutcome, EditRequest, NamedStretch, ShownBefore};
use crate::edit::{CutRule, Plan, Segment, Style};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::time::rounded;

/// Share of its time for which a film shows something else than the first.
const DIFFERENT: f64 = 0.4;
/// How much it counts against a moment that a film before shows it, attempt by attempt. Good moments of one shoot
/// differ by about 0.35, and 4 is as much as a spoiled one is held back by.
const WEIGHTS: [f64; 4] = [0.5, 1.0, 2.0, 4.0];

/// One of several films.
#[derive(Debug, Clone)]
pub struct Variation {
    /// The plan and its decisions.
    pub outcome: EditOutcome,
    /// The share of its time for which it shows what the first film does not show, 0..1.
    pub distance: f64,
}

/// Plans `count` films, the first of them as [`plan`] does.
///
/// Errors: those of [`plan`]; [`Error::Usage`] for a style that keeps what is there and could not differ.
pub fn plan_variations(request: &EditRequest<'_>, count: usize) -> Result<Vec<Variation>> {
    if count > 1 {
        check_style(request)?;
    }
    let first = plan(request)?;
    let of_first = shown_in(request, &first.plan);
    let mut shown = of_first.clone();
    let mut films = vec![Variation {
        outcome: first,
        distance: 0.0,
    }];
    while films.len() < count {
        let film = next_film(request, &of_first, &shown)?;
        shown.extend(shown_in(request, &film.outcome.plan));
        films.push(film);
    }
    Ok(films)
}

/// A film that differs from those that show `shown`, and enough from the first one.
fn next_film(
    request: &EditRequest<'_>,
    of_first: &[NamedStretch],
    shown: &[NamedStretch],
) -> Result<Variation> {
    // If all else fails, it may look like a later one.
    let attempts = WEIGHTS
        .map(|weight| (shown, weight))
        .into_iter()
        .chain(WEIGHTS.last().map(|weight| (of_first, *weight)));
    let mut best: Option<Variation> = None;
    for (stretches, weight) in attempts {
        let outcome = plan(&EditRequest {
            shown: ShownBefore {
                stretches: stretches.to_vec(),
                weight,
            },
            ..request.clone()
        })?;
        let distance = rounded(distance(of_first, &outcome.plan));
        if best.as_ref().is_none_or(|best| distance > best.distance) {
            best = Some(Variation { outcome, distance });
        }
        if distance >= DIFFERENT {
            break;
        }
    }
    let mut best = best.ok_or_else(nothing)?;
    if best.distance < DIFFERENT {
        let share = best.distance * 100.0;
        best.outcome.decisions.push(Decision::remark(
            Setting::Files,
            format!(
                "only {share:.0} % of it differs from the first film: there is no more to show"
            ),
        ));
    }
    Ok(best)
}

fn nothing() -> Error {
    Error::Nothing {
        what: "no other film can be made of this".into(),
        hint: Hint::GiveOtherClips,
    }
}

fn check_style(request: &EditRequest<'_>) -> Result<()> {
    if request.style.cut == CutRule::Montage {
        return Ok(());
    }
    Err(Error::Usage {
        what: format!(
            "the style {} keeps what is there, and has one film of it",
            request.style.id
        ),
        hint: Hint::UseKnownName {
            known: Style::montages()?.map(|style| style.id.clone()).collect(),
        },
    })
}

/// What a film shows of each source of the request. Of a photo that is shown, nothing is left to show.
fn shown_in(request: &EditRequest<'_>, plan: &Plan) -> Vec<NamedStretch> {
    let shown = |segment: &Segment| {
        let mut sources = request.sources.iter().enumerate();
        let (source, file) = sources.find(|(number, _)| source_id(*number) == segment.source)?;
        let end = match file.analysis.file.kind {
            FileKind::Image => LATEST,
            _ => segment.end_exact.seconds(),
        };
        Some(NamedStretch {
            source,
            start: segment.start_exact.seconds(),
            end,
        })
    };
    plan.picture.iter().filter_map(shown).collect()
}

/// The share of a film's time that shows nothing of `stretches`.
fn distance(stretches: &[NamedStretch], plan: &Plan) -> f64 {
    let same = |segment: &Segment| {
        let (start, end) = (segment.start_exact.seconds(), segment.end_exact.seconds());
        let overlap = stretches
            .iter()
            .filter(|other| source_id(other.source) == segment.source)
            .map(|other| (other.end.min(end) - other.start.max(start)).max(0.0));
        overlap.sum::<f64>().min(end - start)
    };
    let same: f64 = plan.picture.iter().map(same).sum();
    (1.0 - same / plan.output.duration.max(1e-9)).clamp(0.0, 1.0)
}
