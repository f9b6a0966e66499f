//! Corrections of the beats of one file by a person.

use crate::error::{Error, Result};
use crate::hint::Hint;

/// Range of the tempo that can be set, in beats a minute.
const SLOWEST: f64 = 40.0;
const FASTEST: f64 = 220.0;
/// Most seconds that beats can be moved by, in either direction.
const FARTHEST: f64 = 2.0;

/// Tempo and offset of the beats, set by a person. The default leaves both to the analysis.
///
/// It is part of the cache key, so analyses with and without it are cached separately.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BeatOverride {
    tempo: Option<f64>,
    nudge: Option<f64>,
}

impl BeatOverride {
    /// `tempo` in beats a minute, 40..=220: beats keep within 4 % of it, at the octave given. `nudge` in seconds,
    /// -2..=2: beats and downbeats are moved by it, later where it is above zero. [`Error::Usage`] outside of these.
    pub fn new(tempo: Option<f64>, nudge: Option<f64>) -> Result<Self> {
        if let Some(tempo) = tempo.filter(|tempo| !(SLOWEST..=FASTEST).contains(tempo)) {
            return Err(Error::Usage {
                what: format!("a tempo of {tempo} cannot be followed"),
                hint: Hint::LimitTempo {
                    slowest: SLOWEST,
                    fastest: FASTEST,
                },
            });
        }
        if let Some(nudge) = nudge.filter(|nudge| !(-FARTHEST..=FARTHEST).contains(nudge)) {
            return Err(Error::Usage {
                what: format!("beats cannot be moved by {nudge} s"),
                hint: Hint::LimitNudge { farthest: FARTHEST },
            });
        }
        Ok(Self {
            tempo,
            nudge: nudge.filter(|nudge| *nudge != 0.0),
        })
    }

    /// Beats a minute.
    pub fn tempo(&self) -> Option<f64> {
        self.tempo
    }

    /// Seconds; never zero.
    pub fn nudge(&self) -> Option<f64> {
        self.nudge
    }

    /// True if nothing is set.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_refused() {
        for tempo in [39.9, 220.1, -120.0, f64::NAN, f64::INFINITY] {
            assert!(BeatOverride::new(Some(tempo), None).is_err(), "{tempo}");
        }
        for nudge in [-2.01, 2.01, f64::NAN, f64::NEG_INFINITY] {
            assert!(BeatOverride::new(None, Some(nudge)).is_err(), "{nudge}");
        }
        let most = BeatOverride::new(Some(220.0), Some(-2.0)).unwrap();
        assert_eq!((most.tempo(), most.nudge()), (Some(220.0), Some(-2.0)));
    }

    #[test]
    fn a_nudge_of_nothing_is_none() {
        assert!(BeatOverride::new(None, Some(0.0)).unwrap().is_none());
        assert!(!BeatOverride::new(Some(40.0), None).unwrap().is_none());
    }
}
