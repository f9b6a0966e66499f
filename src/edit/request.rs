//! What a plan is made from.

use std::path::PathBuf;

use crate::analysis::Analysis;
use crate::choice::{Candidate, Decision, Reason};
use crate::edit::{Plan, Platform, Style};
use crate::looks::{Look, LookLibrary};
use crate::music::{Arrangement, Track};
use crate::time::rounded;

/// A file that may be used. Sound-only files are left out, and said so.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// As it is to stand in the plan: relative paths count from the plan's folder.
    pub path: PathBuf,
    /// What is in it.
    pub analysis: Analysis,
}

/// The music under the film.
#[derive(Debug, Clone)]
pub struct MusicChoice<'a> {
    /// The track; its path is written as it stands.
    pub track: &'a Track,
    /// Why this track, for the plan.
    pub reasons: Vec<Reason>,
    /// The parts of it that were chosen for the film of [`film_brief`](crate::edit::film_brief) or for the plan that is
    /// scored again; absent: they are searched.
    pub arrangement: Option<Arrangement>,
}

/// A look that may be taken, and how strong it may be.
#[derive(Debug, Clone)]
pub struct RankedLook {
    /// Its id.
    pub name: String,
    /// The safe range of its strength.
    pub strength: (f64, f64),
    /// Score and reasons.
    pub choice: Candidate,
}

/// Which look the film gets. One film has one look, so that its shots belong together.
#[derive(Debug, Clone, Default)]
pub enum LookChoice {
    /// The best of these, where it is good enough; best first.
    Auto(Vec<RankedLook>),
    /// This one, as written.
    Named(String),
    /// None.
    #[default]
    None,
}

impl LookChoice {
    /// The suggested looks with what the library says of their strength.
    pub fn auto(suggested: &[Candidate], library: &LookLibrary) -> Self {
        let looks = library.looks();
        let strength = |id: &str| {
            let look: Option<&Look> = looks.iter().find(|look| look.id == id);
            look.map_or((1.0, 1.0), |look| look.strength)
        };
        Self::Auto(
            suggested
                .iter()
                .map(|choice| RankedLook {
                    name: choice.id.clone(),
                    strength: strength(&choice.id),
                    choice: choice.clone(),
                })
                .collect(),
        )
    }

    /// Name, strength and reason of the look that is taken.
    pub(super) fn pick(&self, style: &Style) -> Option<(String, f64, Option<Reason>)> {
        match self {
            Self::None => None,
            Self::Named(name) => Some((name.clone(), 1.0, None)),
            Self::Auto(ranked) => {
                let best = ranked.first().filter(|look| look.choice.score >= 0.5)?;
                let (least, most) = best.strength;
                let strength = rounded(least + (most - least) * style.look_strength);
                // What speaks for it says why; what speaks against it does not.
                let reasons = &best.choice.reasons;
                let why = reasons.iter().find(|reason| reason.weight > 0.0);
                let why = why.or(reasons.first()).map(|reason| Reason {
                    code: "look".into(),
                    ..reason.clone()
                });
                Some((best.name.clone(), strength, why))
            }
        }
    }
}

/// Everything an edit is made from.
#[derive(Debug, Clone)]
pub struct EditRequest<'a> {
    /// In the person's order.
    pub sources: &'a [SourceFile],
    /// Absent: the clips' own sound.
    pub music: Option<MusicChoice<'a>>,
    /// The recipe.
    pub style: &'a Style,
    /// Where it will be posted.
    pub platform: &'a Platform,
    /// Width to height, where it is not to be the platform's.
    pub aspect: Option<(u32, u32)>,
    /// Seconds; absent: what style, platform and material make of it.
    pub length: Option<f64>,
    /// How much faster or slower the music may be played where cuts do not move, 0..0.04.
    pub stretch: f64,
    /// The filter.
    pub look: LookChoice,
    /// Breaks ties.
    pub seed: u64,
}

/// A plan, and what was decided without being asked.
#[derive(Debug, Clone)]
pub struct EditOutcome {
    /// The edit.
    pub plan: Plan,
    /// What was decided, in the order of deciding.
    pub decisions: Vec<Decision>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_speaks_against_a_look_is_no_reason_to_take_it() {
        let reasons = vec![
            Reason::new("scene_fits", -0.2, "Nothing in the pictures asks for it."),
            Reason::new("gentle", 0.1, "It changes little, which is safe."),
        ];
        let choice = LookChoice::Auto(vec![RankedLook {
            name: "clean-bright".into(),
            strength: (0.5, 1.0),
            choice: Candidate {
                id: "clean-bright".into(),
                features: Default::default(),
                score: 0.6,
                confidence: 0.5,
                reasons,
            },
        }]);
        let (name, strength, why) = choice.pick(Style::find("steady").unwrap()).unwrap();
        assert_eq!(name, "clean-bright");
        assert!((0.5..=1.0).contains(&strength));
        assert_eq!(why.unwrap().text, "It changes little, which is safe.");
    }
}
