//! The thirds of a film: where there are clips and photos, each third of three segments or more shows both.

use crate::edit::cut_choice::Slot;

/// Fewest segments of a third that has to show both.
const ENOUGH: usize = 3;
/// Frames of a third that a segment has to fill to count among its segments …
const COUNTED: f64 = 1.0;
/// … and to be seen in it.
const SEEN: f64 = 3.0;

/// Which kinds of material were seen in each third.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct KindsSeen([KindSet; 3]);

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct KindSet {
    photo: bool,
    clip: bool,
}

/// The thirds of a film with these slots.
#[derive(Debug)]
pub(super) struct FilmThirds {
    /// For each slot, the thirds that it is seen in …
    inside: Vec<[bool; 3]>,
    /// … and those that end with it and have to show both.
    ends: Vec<[bool; 3]>,
}

impl FilmThirds {
    /// Both kinds are asked for only if there are `photos` and `clips`.
    pub fn new(slots: &[Slot], photos: bool, clips: bool) -> Self {
        let length: i64 = slots.iter().map(|slot| slot.frames).sum();
        let third = length as f64 / 3.0;
        let with = |least: f64| -> Vec<[bool; 3]> {
            let mut start = 0;
            let thirds = slots.iter().map(|slot| {
                let (from, to) = (start as f64, (start + slot.frames) as f64);
                start += slot.frames;
                std::array::from_fn(|number| {
                    let (begins, ends) = (number as f64 * third, (number as f64 + 1.0) * third);
                    to > begins + least && from < ends - least
                })
            });
            thirds.collect()
        };
        let (counted, inside) = (with(COUNTED), with(SEEN));
        let mut ends = vec![[false; 3]; slots.len()];
        for number in 0..3 {
            let count = counted.iter().filter(|third| third[number]).count();
            let last = inside.iter().rposition(|third| third[number]);
            if let Some(slot) = last.and_then(|last| ends.get_mut(last)) {
                slot[number] = photos && clips && count >= ENOUGH;
            }
        }
        Self { inside, ends }
    }

    /// What was seen once slot `number` shows a photo or a clip.
    pub fn after(&self, mut seen: KindsSeen, number: usize, still: bool) -> KindsSeen {
        let inside = self.inside.get(number).copied().unwrap_or_default();
        for (third, kinds) in inside.into_iter().zip(&mut seen.0) {
            kinds.photo |= third && still;
            kinds.clip |= third && !still;
        }
        seen
    }

    /// How many thirds that end with slot `from` or later still lack a photo.
    pub fn waiting(&self, seen: KindsSeen, from: usize) -> usize {
        let later = self.ends.get(from..).unwrap_or(&[]);
        let waits = |third: &usize| {
            let photo = seen.0.get(*third).is_some_and(|kinds| kinds.photo);
            !photo && later.iter().any(|ends| ends.get(*third) == Some(&true))
        };
        (0..3).filter(waits).count()
    }

    /// How many thirds end with slot `number` without having shown both, if it shows a photo or a clip.
    pub fn lacking(&self, seen: KindsSeen, number: usize, still: bool) -> usize {
        let seen = self.after(seen, number, still);
        let ends = self.ends.get(number).copied().unwrap_or_default();
        let lacks = |(ends, kinds): &(bool, KindSet)| *ends && !(kinds.photo && kinds.clip);
        ends.into_iter().zip(seen.0).filter(lacks).count()
    }
}
