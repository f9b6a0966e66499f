//! What is left for later slots: a film that begins with the ends of its clips has nothing left for its own end, since
//! what was passed over does not come back.

use crate::edit::cut_choice::Slot;
use crate::edit::subclips::Subclip;
use crate::time::Rational;

/// The material of each source, and what the slots need.
pub(super) struct MaterialLeft {
    sources: Vec<Vec<Material>>,
    /// For each slot, what the slots behind it need.
    behind: Vec<Need>,
}

/// A subclip: where it begins and ends, in seconds, and whether it is a photo.
struct Material {
    start: f64,
    end: f64,
    still: bool,
}

/// What some slots need in seconds, and the shortest and the longest of them.
#[derive(Clone, Copy, Default)]
struct Need {
    seconds: f64,
    shortest: f64,
    longest: f64,
}

impl MaterialLeft {
    pub fn new(subclips: &[Subclip], sources: usize, slots: &[Slot], rate: Rational) -> Self {
        let mut own: Vec<Vec<Material>> = (0..sources).map(|_| Vec::new()).collect();
        for subclip in subclips.iter().filter(|subclip| !subclip.required) {
            if let Some(own) = own.get_mut(subclip.source) {
                own.push(Material {
                    start: subclip.start.seconds(),
                    end: subclip.end.seconds(),
                    still: subclip.still,
                });
            }
        }
        let mut need = Need::default();
        let mut behind = Vec::with_capacity(slots.len());
        for slot in slots.iter().rev() {
            behind.push(need);
            if slot.required.is_some() {
                continue;
            }
            let seconds = slot.length(rate).seconds();
            need = Need {
                shortest: if need.seconds > 0.0 {
                    need.shortest.min(seconds)
                } else {
                    seconds
                },
                longest: need.longest.max(seconds),
                seconds: need.seconds + seconds,
            };
        }
        behind.reverse();
        Self {
            sources: own,
            behind,
        }
    }

    /// Seconds that the slots behind slot `number` need.
    pub fn needed(&self, number: usize) -> f64 {
        self.behind.get(number).map_or(0.0, |need| need.seconds)
    }

    /// Seconds of `source` at most that the slots behind slot `number` can show, if its pieces may begin at `from`; a
    /// photo fills one of them, unless it `is_used`.
    pub fn of(&self, source: usize, from: Option<Rational>, is_used: bool, number: usize) -> f64 {
        let need = self.behind.get(number).copied().unwrap_or_default();
        let from = from.map_or(f64::NEG_INFINITY, Rational::seconds);
        let left = |material: &Material| match material.still {
            true if is_used => 0.0,
            true => need.longest,
            false => {
                let seconds = material.end - material.start.max(from);
                if seconds + 1e-6 < need.shortest {
                    0.0
                } else {
                    seconds
                }
            }
        };
        self.sources
            .get(source)
            .map_or(0.0, |own| own.iter().map(left).sum())
    }
}
