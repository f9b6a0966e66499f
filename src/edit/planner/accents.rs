//! Accents: the style's effect on the few moments at which the music rises most.

use crate::choice::Reason;
use crate::edit::Segment;
use crate::edit::cut_choice::Slot;
use crate::edit::planner::context::PlanContext;
use crate::effects::EffectPreset;
use crate::error::Result;
use crate::time::rounded;

/// Energy (0..1) by which the music has to rise over the slot before.
const RISES: f64 = 0.12;
/// Seconds between two accents: nearer ones wear out, and flashes must not follow each other.
const APART: f64 = 4.0;

/// The numbers of the slots that get an accent, at most `most`: those that begin with a phrase that is surely heard
/// and rises most.
pub(super) fn accented(slots: &[Slot], most: usize) -> Vec<usize> {
    let mut rises: Vec<(f64, usize)> = slots
        .windows(2)
        .enumerate()
        .filter_map(|(number, pair)| {
            let [before, slot] = pair else { return None };
            let rise = slot.energy - before.energy;
            let is_drop = slot.start.heard && slot.start.phrase && rise >= RISES;
            (is_drop && slot.required.is_none()).then_some((rise, number + 1))
        })
        .collect();
    rises.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<usize> = Vec::new();
    for (_, number) in rises {
        let time = |number: usize| slots.get(number).map_or(0.0, |slot| slot.start.time);
        let is_apart = |other: &usize| (time(*other) - time(number)).abs() >= APART;
        if chosen.len() < most && chosen.iter().all(is_apart) {
            chosen.push(number);
        }
    }
    chosen
}

/// Puts the accent of the style on the start of `segment`, in place of its other effects.
pub(super) fn accent(context: &PlanContext<'_>, segment: &mut Segment) -> Result<()> {
    let Some(accent) = &context.request.style.accent else {
        return Ok(());
    };
    let preset = EffectPreset::find(&accent.effect)?;
    segment.effects = preset.effects_at(rounded(segment.start))?;
    let text = format!("The music rises here: {}.", preset.id.replace('-', " "));
    segment.reasons.push(Reason::new("accent", 0.0, text));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::cut_points::CutPoint;

    /// Slots of two seconds with these energies; all begin with a phrase that is heard, but for `but`.
    fn slots(energies: &[f64], but: usize) -> Vec<Slot> {
        let slot = |(number, energy): (usize, &f64)| Slot {
            start: CutPoint {
                frame: number as i64 * 60,
                time: number as f64 * 2.0,
                downbeat: true,
                phrase: number != but,
                heard: true,
                energy: *energy,
            },
            frames: 60,
            inner: Vec::new(),
            energy: *energy,
            required: None,
        };
        energies.iter().enumerate().map(slot).collect()
    }

    #[test]
    fn the_greatest_rises_are_accented_apart_from_each_other() {
        let energies = [0.2, 0.5, 0.7, 0.7, 0.4, 0.9, 0.95];
        // The rise to 0.9 is the greatest; that to 0.7 is too near to that to 0.5, and that to 0.95 too small.
        assert_eq!(accented(&slots(&energies, 99), 3), [5, 1]);
        assert_eq!(accented(&slots(&energies, 99), 1), [5]);
        // No phrase begins there.
        assert_eq!(accented(&slots(&energies, 5), 3), [1]);
        assert!(accented(&slots(&[0.5; 4], 99), 3).is_empty());
        assert!(accented(&[], 3).is_empty());
    }
}
