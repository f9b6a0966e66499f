//! Chooses the look of a film and its strength.

use crate::choice::{Candidate, Reason};
use crate::edit::Style;
use crate::looks::{Look, LookLibrary};
use crate::time::rounded;

/// Score (0..1) below which a suggested look is not used: more speaks against it than for it.
const GOOD_ENOUGH: f64 = 0.5;

/// A candidate look and its range of strength.
#[derive(Debug, Clone)]
pub struct RankedLook {
    /// Its id.
    pub name: String,
    /// The safe range of its strength.
    pub strength: (f64, f64),
    /// Score and reasons.
    pub choice: Candidate,
}

/// The choice of look. A film has one look, so that its shots match.
#[derive(Debug, Clone, Default)]
pub enum LookChoice {
    /// The first of these, best first, if it is good enough.
    Auto(Vec<RankedLook>),
    /// This look, by name or path.
    Named(String),
    /// No look.
    #[default]
    None,
}

impl LookChoice {
    /// The suggested looks with their safe strengths from the library.
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

    /// Name, strength and reason of the film's look. The style places the strength in the look's safe range.
    pub(super) fn pick(&self, style: &Style) -> Option<(String, f64, Option<Reason>)> {
        match self {
            Self::None => None,
            Self::Named(name) => Some((name.clone(), 1.0, None)),
            Self::Auto(ranked) => {
                let best = ranked
                    .first()
                    .filter(|look| look.choice.score >= GOOD_ENOUGH)?;
                let (least, most) = best.strength;
                let strength = rounded(least + (most - least) * style.look_strength);
                // Only an argument for the look is a reason to choose it.
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
