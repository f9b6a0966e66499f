//! What is left for later slots: a film that begins with the ends of its clips has nothing left for its own end, since
//! what was passed over does not come back.

use crate::edit::cut_choice::Slot;
use crate::edit::subclips::Subclip;
use crate::time::Rational;

/// Seconds by which sums of lengths may be off.
const ROUNDING: f64 = 1e-6;

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

/// What some slots need, and the shortest and the longest of them in seconds.
#[derive(Clone, Copy, Default)]
struct Need {
    room: Room,
    shortest: f64,
    longest: f64,
}

/// What a film shows of a source so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shown {
    /// Before this nothing of it can be shown any more.
    pub from: Option<Rational>,
    /// Where the film's opener begins and ends in it.
    pub opener: Option<[Rational; 2]>,
    /// Anything is shown of it.
    pub any: bool,
}

/// Seconds of film, and pieces that they can be shown in.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Room {
    pub seconds: f64,
    pub pieces: f64,
}

impl Room {
    /// Seconds that it lacks for `need`, whose shortest piece lasts so many; 0 where it suffices.
    fn lacks(self, need: Self, shortest: f64) -> f64 {
        let seconds = need.seconds - self.seconds;
        let pieces = (need.pieces - self.pieces) * shortest;
        let lacking = seconds.max(pieces);
        if lacking > ROUNDING { lacking } else { 0.0 }
    }
}

impl std::ops::Add for Room {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            seconds: self.seconds + other.seconds,
            pieces: self.pieces + other.pieces,
        }
    }
}

impl std::ops::Sub for Room {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            seconds: self.seconds - other.seconds,
            pieces: self.pieces - other.pieces,
        }
    }
}

impl std::iter::Sum for Room {
    fn sum<I: Iterator<Item = Self>>(rooms: I) -> Self {
        rooms.fold(Self::default(), std::ops::Add::add)
    }
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
            let is_first = need.room.pieces == 0.0;
            need = Need {
                shortest: if is_first {
                    seconds
                } else {
                    need.shortest.min(seconds)
                },
                longest: need.longest.max(seconds),
                room: need.room
                    + Room {
                        seconds,
                        pieces: 1.0,
                    },
            };
        }
        behind.reverse();
        Self {
            sources: own,
            behind,
        }
    }

    /// Seconds that the slots behind slot `number` lack if there is so much `room` for them.
    pub fn lacking(&self, room: Room, number: usize) -> f64 {
        let need = self.behind.get(number);
        need.map_or(0.0, |need| room.lacks(need.room, need.shortest))
    }

    /// The room of `source` at most for the slots behind slot `number`, after what was `shown` of it.
    pub fn of(&self, source: usize, shown: &Shown, number: usize) -> Room {
        let need = self.behind.get(number).copied().unwrap_or_default();
        let from = shown.from.map_or(f64::NEG_INFINITY, Rational::seconds);
        let run = |start: f64, end: f64| {
            let seconds = end - start;
            let pieces = ((seconds + ROUNDING) / need.shortest.max(ROUNDING)).floor();
            match pieces >= 1.0 {
                true => Room { seconds, pieces },
                false => Room::default(),
            }
        };
        let left = |material: &Material| {
            let (start, end) = (material.start.max(from), material.end);
            match (material.still, shown.opener) {
                (true, _) if shown.any => Room::default(),
                (true, _) => Room {
                    seconds: need.longest,
                    pieces: 1.0,
                },
                (false, Some([first, last])) => {
                    let (first, last) = (first.seconds(), last.seconds());
                    run(start, end.min(first)) + run(start.max(last), end)
                }
                (false, None) => run(start, end),
            }
        };
        self.sources
            .get(source)
            .map_or_else(Room::default, |own| own.iter().map(left).sum())
    }
}
