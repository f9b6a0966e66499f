//! How well a profile foretells its creator, on choices that it was not shown.

use serde::Serialize;

use crate::error::Result;
use crate::jobs::Workshop;
use crate::jobs::profile::own_edits::edit_differences;
use crate::looks::PairDifference;
use crate::profile::{Foretold, Profile, Readiness, Taste, TasteKind, foretold_left_out};
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

/// How well a profile foretells, `tastemaker.profile-score/1`.
#[derive(Serialize)]
pub struct ProfileScoreDocument<'a> {
    schema: &'static str,
    name: &'a str,
    kinds: Vec<KindScoreDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edits: Option<EditScore>,
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
    /// For machines.
    pub fn document(&self) -> ProfileScoreDocument<'_> {
        ProfileScoreDocument {
            schema: "tastemaker.profile-score/1",
            name: &self.name,
            kinds: self.kinds.iter().map(KindScoreDocument::of).collect(),
            edits: self.edits,
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
    })
}

impl EditScore {
    fn of(differences: &[PairDifference]) -> Self {
        let count = differences.len().max(1) as f64;
        let mean =
            |of: &dyn Fn(&PairDifference) -> f64| differences.iter().map(of).sum::<f64>() / count;
        let lowered =
            |pair: &PairDifference| 1.0 - pair.left_out / pair.before.max(LEAST_DIFFERENCE);
        let middle = mean(&lowered);
        let spread = mean(&|pair| (lowered(pair) - middle).powi(2)).sqrt();
        let half = SIGMAS_OF_95 * spread / (count - 1.0).max(1.0).sqrt();
        Self {
            pairs: differences.len(),
            difference_before: rounded(mean(&|pair| pair.before)),
            difference: rounded(mean(&|pair| pair.left_out)),
            lowered: rounded(middle),
            interval: GainRange {
                low: rounded(middle - half),
                high: rounded(middle + half),
            },
        }
    }
}
