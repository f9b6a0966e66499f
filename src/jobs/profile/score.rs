//! How well a profile foretells its creator, on choices that it was not shown.

use std::path::Path;

use serde::Serialize;

use crate::error::Result;
use crate::jobs::Workshop;
use crate::jobs::profile::own_edits::edit_differences;
use crate::looks::PairDifference;
use crate::profile::{
    Foretold, PaceError, Portrait, Profile, Readiness, Taste, TasteKind, foretold_left_out,
    pace_errors,
};
use crate::report::{ForetoldKind, score_page};
use crate::store::{Overwrite, write_atomic};
use crate::time::rounded;

/// Two-sided 95 % of a Gaussian, in standard deviations.
const SIGMAS_OF_95: f64 = 1.96;
/// CIEDE2000 that nobody sees: pictures that differ less were not edited.
const LEAST_DIFFERENCE: f64 = 1.0;

/// How well a profile foretells.
pub struct ProfileScore {
    /// The profile's name.
    pub name: String,
    /// For each kind of choice.
    pub kinds: Vec<KindScore>,
    /// How near its look comes to the creator's own edits; absent where there are too few.
    pub edits: Option<EditScore>,
    /// How far off it is in how often films are cut; absent where there are too few.
    pub pace: Option<PaceScore>,
    /// What is known of the creator.
    pub portrait: Portrait,
}

/// How far off seconds a shot are foretold: means over films, each in turn left out. An error of 0.5 is half as long again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PaceScore {
    /// Films.
    pub films: usize,
    /// Error without the profile.
    pub error_before: f64,
    /// Error by the other films.
    pub error: f64,
    /// 95 % of by how much it is lower.
    pub interval: GainRange,
}

/// How far pictures are from what their creator made of them: means over pairs, each in turn left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EditScore {
    /// Pairs.
    pub pairs: usize,
    /// CIEDE2000 of the pictures as they were.
    pub difference_before: f64,
    /// In the look that is learned from the other pairs.
    pub difference: f64,
    /// By what share it is lower, on average over pairs.
    pub lowered: f64,
    /// 95 % of that.
    pub interval: GainRange,
}

/// How well a profile foretells one kind of choice.
pub struct KindScore {
    /// The kind.
    pub kind: TasteKind,
    /// Choices of it.
    pub choices: usize,
    /// Each foretold by those before it.
    pub ahead: Foretold,
    /// Each foretold by all others, the newest hundred.
    pub left_out: Foretold,
}

/// A page with the course of each kind of choice, and what is known of the creator. Fails where a file is in the way.
pub fn write_score_page(score: &ProfileScore, page: &Path, overwrite: Overwrite) -> Result<()> {
    let kinds: Vec<ForetoldKind<'_>> = score
        .kinds
        .iter()
        .filter(|kind| kind.ahead.tells())
        .map(|kind| {
            let (ahead, interval) = (&kind.ahead, kind.ahead.interval());
            ForetoldKind {
                name: kind.kind.name(),
                choices: ahead.choices,
                what: "stood first",
                curve: &ahead.curve,
                shares: [ahead.share(ahead.top1), ahead.share(ahead.prior_top1)],
                interval: [interval.low, interval.high],
                is_better: ahead.better_than_prior(),
            }
        })
        .collect();
    let title = format!("How well {} is foretold", score.name);
    let text = score_page(&title, &kinds, &score.sentences(), Some(&score.portrait));
    write_atomic(page, text.as_bytes(), overwrite)
}

/// How well a profile foretells, `tastemaker.profile-score/1`.
#[derive(Serialize)]
pub struct ProfileScoreDocument<'a> {
    schema: &'static str,
    name: &'a str,
    kinds: Vec<KindScoreDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edits: Option<EditScore>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pace: Option<PaceScore>,
}

#[derive(Serialize)]
struct KindScoreDocument {
    kind: TasteKind,
    choices: usize,
    readiness: Readiness,
    /// Absent where there is nothing to foretell.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    ahead: Option<HeldOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<HeldOut>,
}

#[derive(Serialize)]
struct HeldOut {
    top1: f64,
    top3: f64,
    prior_top1: f64,
    prior_top3: f64,
    /// 95 %, of `top1` minus `prior_top1`.
    interval: GainRange,
    better_than_prior: bool,
}

/// Where a difference lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GainRange {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl ProfileScore {
    /// How near it comes to own edits and to the pace of own films, as sentences.
    pub fn sentences(&self) -> Vec<String> {
        let edits = self.edits.map(|edits| {
            format!(
                "Own edits: the mean difference (CIEDE2000) to {} of them falls from {:.1} to {:.1} in the look learned \
                 from the others, by {:.0} % ({:.0} to {:.0}).",
                edits.pairs,
                edits.difference_before,
                edits.difference,
                100.0 * edits.lowered,
                100.0 * edits.interval.low,
                100.0 * edits.interval.high
            )
        });
        let pace = self.pace.map(|pace| {
            format!(
                "Pace: the seconds a shot of {} films are foretold by the others with a mean error of {:.0} %; without the \
                 profile it is {:.0} % ({:.0} to {:.0} points more).",
                pace.films,
                100.0 * pace.error,
                100.0 * pace.error_before,
                100.0 * pace.interval.low,
                100.0 * pace.interval.high
            )
        });
        edits.into_iter().chain(pace).collect()
    }

    /// For machines.
    pub fn document(&self) -> ProfileScoreDocument<'_> {
        ProfileScoreDocument {
            schema: "tastemaker.profile-score/1",
            name: &self.name,
            kinds: self.kinds.iter().map(KindScoreDocument::of).collect(),
            edits: self.edits,
            pace: self.pace,
        }
    }
}

impl KindScoreDocument {
    fn of(score: &KindScore) -> Self {
        Self {
            kind: score.kind,
            choices: score.choices,
            readiness: Readiness::of(score.choices),
            ahead: HeldOut::of(&score.ahead),
            left_out: HeldOut::of(&score.left_out),
        }
    }
}

impl HeldOut {
    fn of(foretold: &Foretold) -> Option<Self> {
        let share = |sum| rounded(foretold.share(sum));
        let interval = foretold.interval();
        foretold.tells().then(|| Self {
            top1: share(foretold.top1),
            top3: share(foretold.top3),
            prior_top1: share(foretold.prior_top1),
            prior_top3: share(foretold.prior_top3),
            interval: GainRange {
                low: rounded(interval.low),
                high: rounded(interval.high),
            },
            better_than_prior: foretold.better_than_prior(),
        })
    }
}

/// How well the profile `name` foretells. Fails where there is none of that name.
pub fn score_profile(name: &str, workshop: &Workshop) -> Result<ProfileScore> {
    let profile: Profile = workshop.profiles().find(name)?;
    let mut left_out = foretold_left_out(&profile);
    let likings = Taste::learn(&profile).likings().into_iter();
    let kinds = likings.map(|liking| KindScore {
        kind: liking.kind,
        choices: liking.judgments,
        ahead: liking.foretold,
        left_out: left_out.remove(&liking.kind).unwrap_or_default(),
    });
    Ok(ProfileScore {
        name: name.to_owned(),
        kinds: kinds.collect(),
        edits: edit_differences(&profile)?.map(|differences| EditScore::of(&differences)),
        pace: pace_errors(&profile).map(|errors| PaceScore::of(&errors)),
        portrait: Portrait::of(&profile),
    })
}

impl PaceScore {
    fn of(errors: &[PaceError]) -> Self {
        let gains: Vec<f64> = errors
            .iter()
            .map(|film| film.usual - film.left_out)
            .collect();
        let (_, interval) = mean_and_interval(&gains);
        let mean = |of: fn(&PaceError) -> f64| {
            errors.iter().map(of).sum::<f64>() / errors.len().max(1) as f64
        };
        Self {
            films: errors.len(),
            error_before: rounded(mean(|film| film.usual)),
            error: rounded(mean(|film| film.left_out)),
            interval,
        }
    }
}

/// The mean, and where it lies with 95 %.
fn mean_and_interval(values: &[f64]) -> (f64, GainRange) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|value| (value - mean).powi(2));
    let spread = (squares.sum::<f64>() / count).sqrt();
    let half = SIGMAS_OF_95 * spread / (count - 1.0).max(1.0).sqrt();
    let interval = GainRange {
        low: rounded(mean - half),
        high: rounded(mean + half),
    };
    (mean, interval)
}

impl EditScore {
    fn of(differences: &[PairDifference]) -> Self {
        let count = differences.len().max(1) as f64;
        let mean =
            |of: &dyn Fn(&PairDifference) -> f64| differences.iter().map(of).sum::<f64>() / count;
        let lowered =
            |pair: &PairDifference| 1.0 - pair.left_out / pair.before.max(LEAST_DIFFERENCE);
        let lowered: Vec<f64> = differences.iter().map(lowered).collect();
        let (middle, interval) = mean_and_interval(&lowered);
        Self {
            pairs: differences.len(),
            difference_before: rounded(mean(&|pair| pair.before)),
            difference: rounded(mean(&|pair| pair.left_out)),
            lowered: rounded(middle),
            interval,
        }
    }
}
