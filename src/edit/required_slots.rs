//! The slots of a film that has to show certain parts ([`RequiredPart`]).
//!
//! 1. Each part gets a place, in order: the cut point that is nearest to its place in its source and suits the music
//!    best, by dynamic programming over parts and points. Between two parts there is nothing, or a slot of the style's
//!    shortest length at least.
//! 2. A part is held up to the next cut point where there is room for that, so that the cut after it falls on a beat.
//! 3. The gaps between the parts are cut as any other film is ([`CutChoice`]).
//!
//! Where the film is too short for that, the parts follow one another from its beginning. A part that an earlier plan
//! locks has its place, and the gaps beside it may be shorter.

use crate::edit::cut_choice::{CutChoice, Slot, position_cost};
use crate::edit::cut_points::CutPoint;
use crate::edit::required_parts::{RequiredPart, RequiredShot, frames_of};
use crate::time::Rational;

/// Cost of a place that is a whole film away from where its part lies in its source. A cut off the beat costs 0.5.
const FAR: f64 = 4.0;
/// Cost of opening the film with a part: the best opener is chosen freely.
const OPENS: f64 = 0.5;

/// The slots that fill the film up to the point number `end` of `points`; `None` if the parts last longer.
pub(super) fn slots_with_parts(
    choice: &CutChoice<'_>,
    points: &[CutPoint],
    end: usize,
    parts: &[RequiredPart],
) -> Option<Vec<Slot>> {
    let end = points.get(end)?;
    if frames_of(parts) > end.frame {
        return None;
    }
    let points = with_locked_places(choice, points, parts);
    let layout = Layout {
        choice,
        points: &points,
        end,
        parts,
    };
    let placed = layout.best().or_else(|| layout.one_after_another())?;
    Some(layout.slots(&placed))
}

/// The cut points with those at which locked parts begin and end.
fn with_locked_places(
    choice: &CutChoice<'_>,
    points: &[CutPoint],
    parts: &[RequiredPart],
) -> Vec<CutPoint> {
    let mut all = points.to_vec();
    for part in parts {
        let Some(place) = part.locked else { continue };
        for frame in [place.frame, place.frame + part.frames] {
            let at = all.partition_point(|point| point.frame < frame);
            if all.get(at).is_none_or(|point| point.frame != frame) {
                let point = point_at(choice, points, frame);
                all.insert(at, point);
            }
        }
    }
    all
}

/// The cut point at a frame; one off the beat where the music has none.
fn point_at(choice: &CutChoice<'_>, points: &[CutPoint], frame: i64) -> CutPoint {
    let next = points.partition_point(|point| point.frame < frame);
    match points.get(next) {
        Some(point) if point.frame == frame => *point,
        near => {
            let before = next.checked_sub(1).and_then(|it| points.get(it));
            let energy = before.or(near).map_or(0.5, |point| point.energy);
            CutPoint {
                frame,
                time: frame as f64 / choice.rate.seconds(),
                downbeat: false,
                phrase: false,
                heard: false,
                energy,
            }
        }
    }
}

/// A part in the film.
#[derive(Debug, Clone, Copy)]
struct PlacedPart {
    /// The cut at its start.
    start: CutPoint,
    /// The cut at its end.
    end: CutPoint,
}

struct Layout<'a> {
    choice: &'a CutChoice<'a>,
    points: &'a [CutPoint],
    /// The end of the film.
    end: &'a CutPoint,
    parts: &'a [RequiredPart],
}

impl Layout<'_> {
    /// The cheapest places.
    fn best(&self) -> Option<Vec<PlacedPart>> {
        // For each part and each point that it may begin at: the cost up to there, and the point of the part before.
        let mut table: Vec<Vec<Option<(f64, usize)>>> = Vec::with_capacity(self.parts.len());
        for (number, part) in self.parts.iter().enumerate() {
            let before = table.last();
            let earlier = number.checked_sub(1).and_then(|it| self.parts.get(it));
            let row = self.points.iter().map(|start| {
                let place = self.place(part, start)?;
                let last = number + 1 == self.parts.len();
                if last && !self.may_follow([Some(part), None], place.end.frame, self.end.frame) {
                    return None;
                }
                let cost = self.cost(part, start);
                match (before, earlier) {
                    (Some(before), Some(earlier)) => self
                        .cheapest_before(before, [earlier, part], start)
                        .map(|(total, from)| (total + cost, from)),
                    _ => {
                        let opens = self.may_follow([None, Some(part)], 0, start.frame);
                        opens.then_some((cost, 0))
                    }
                }
            });
            table.push(row.collect());
        }
        self.walk_back(&table)
    }

    /// The cheapest place of the part before that leaves `start` free.
    fn cheapest_before(
        &self,
        before: &[Option<(f64, usize)>],
        [part, next]: [&RequiredPart; 2],
        start: &CutPoint,
    ) -> Option<(f64, usize)> {
        let mut best: Option<(f64, usize)> = None;
        for (number, point) in self.points.iter().enumerate() {
            if point.frame >= start.frame {
                break;
            }
            let Some(&Some((cost, _))) = before.get(number) else {
                continue;
            };
            let free = self.place(part, point).is_some_and(|place| {
                let between = [Some(part), Some(next)];
                self.may_follow(between, place.end.frame, start.frame)
            });
            if free && best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, number));
            }
        }
        best
    }

    fn walk_back(&self, table: &[Vec<Option<(f64, usize)>>]) -> Option<Vec<PlacedPart>> {
        let last = table.last()?.iter().enumerate();
        let (mut at, _) = last
            .filter_map(|(number, cell)| cell.map(|(cost, _)| (number, cost)))
            .min_by(|a, b| a.1.total_cmp(&b.1))?;
        let mut placed = Vec::with_capacity(self.parts.len());
        for (row, part) in table.iter().zip(self.parts).rev() {
            placed.push(self.place(part, self.points.get(at)?)?);
            at = row.get(at).copied().flatten()?.1;
        }
        placed.reverse();
        Some(placed)
    }

    /// From the beginning of the film on, without anything between.
    fn one_after_another(&self) -> Option<Vec<PlacedPart>> {
        // What is locked has its place.
        if self.parts.iter().any(|part| part.locked.is_some()) {
            return None;
        }
        let mut start = *self.points.first()?;
        let mut placed = Vec::with_capacity(self.parts.len());
        for part in self.parts {
            let end = self.point_at(start.frame + part.frames);
            placed.push(PlacedPart { start, end });
            start = end;
        }
        Some(placed)
    }

    /// A part that begins at `start`; `None` if the film ends within it.
    fn place(&self, part: &RequiredPart, start: &CutPoint) -> Option<PlacedPart> {
        if part.locked.is_some_and(|place| place.frame != start.frame) {
            return None;
        }
        let least = start.frame + part.frames;
        if least > self.end.frame {
            return None;
        }
        let most = least + part.before + part.after;
        let next = self.points.partition_point(|point| point.frame < least);
        let on_point = self.points.get(next).filter(|point| point.frame <= most);
        Some(PlacedPart {
            start: *start,
            end: on_point
                .filter(|point| point.frame <= self.end.frame)
                .copied()
                .unwrap_or_else(|| self.point_at(least)),
        })
    }

    /// Whether a film whose picture is chosen up to the frame `from` can go on with the frame `to`, between two parts.
    fn may_follow(&self, parts: [Option<&RequiredPart>; 2], from: i64, to: i64) -> bool {
        let mut beside = parts.into_iter().flatten();
        if beside.any(|part| part.locked.is_some()) {
            return from <= to;
        }
        let shortest = (self.choice.style.shortest * self.choice.rate.seconds()).ceil() as i64;
        from == to || to - from >= shortest
    }

    fn cost(&self, part: &RequiredPart, start: &CutPoint) -> f64 {
        let room = (self.end.frame - frames_of(self.parts)).max(1) as f64;
        let others: i64 = self
            .parts
            .iter()
            .filter(|other| other.progress < part.progress)
            .map(|other| other.frames)
            .sum();
        let wanted = part.progress.clamp(0.0, 1.0) * room + others as f64;
        let far = (start.frame as f64 - wanted).abs() / self.end.frame.max(1) as f64;
        let opens = if start.frame == 0 { OPENS } else { 0.0 };
        FAR * far + opens + position_cost(start, self.choice.style)
    }

    fn point_at(&self, frame: i64) -> CutPoint {
        point_at(self.choice, self.points, frame)
    }

    fn slots(&self, placed: &[PlacedPart]) -> Vec<Slot> {
        let mut slots = Vec::new();
        let mut from = self.point_at(0);
        for (number, (place, part)) in placed.iter().zip(self.parts).enumerate() {
            slots.extend(self.gap(&from, &place.start, false));
            slots.extend(self.part_slot(place, part, number));
            from = place.end;
        }
        slots.extend(self.gap(&from, self.end, true));
        slots
    }

    /// The slots between two cuts.
    fn gap(&self, from: &CutPoint, to: &CutPoint, closes: bool) -> Vec<Slot> {
        if to.frame <= from.frame {
            return Vec::new();
        }
        let inside = |point: &&CutPoint| point.frame > from.frame && point.frame < to.frame;
        let mut points = vec![*from];
        points.extend(self.points.iter().filter(inside));
        points.push(*to);
        let choice = CutChoice {
            closes,
            ..*self.choice
        };
        choice.slots(&points, points.len() - 1)
    }

    /// The slot of a part, which begins earlier and ends later as evenly as there is room.
    fn part_slot(&self, place: &PlacedPart, part: &RequiredPart, number: usize) -> Option<Slot> {
        let inside =
            |point: &&CutPoint| point.frame > place.start.frame && point.frame < place.end.frame;
        let frames = place.end.frame - place.start.frame;
        let more = (frames - part.frames).max(0);
        // Rather later than earlier: what was asked for comes at once.
        let earlier = (more - part.after).clamp(0, part.before);
        let frame = self.choice.rate.inverse()?;
        let energy = place.start.energy;
        Some(Slot {
            start: place.start,
            frames,
            inner: self.points.iter().filter(inside).copied().collect(),
            energy,
            required: Some(RequiredShot {
                part: number,
                start: part.start - Rational::whole(earlier) * frame,
            }),
        })
    }
}
