//! Takes: shots of the same scene, such as the answers in an interview or both sides of a jump cut.
//!
//! Two shots are takes of one scene when their key frames, at 48×27, are near-duplicates: their gradients correlate at
//! a small shift ([`ALIKE`]), their colors agree ([`SAME_COLORS`]; histogram intersection, Swain & Ballard 1991), and
//! if both show faces, the largest ones have about the same size and position. On the films of the corpus, frames of
//! one scene that are more than a second apart have a median likeness of 0.67, and none of 210 pairs of frames of
//! different scenes has more than 0.25.

use std::collections::{BTreeMap, VecDeque};

use crate::analysis::picture::luma8;
use crate::analysis::video::change_signal::Signal;
use crate::analysis::{Face, Take};
use crate::geometry::Rect;
use crate::models::SHOT_FRAME;
use crate::picture::{Filter, Rgb8, resize};
use crate::time::rounded;

/// Least likeness of two takes of one scene.
const ALIKE: f32 = 0.45;
/// Least share of colors in common.
const SAME_COLORS: f32 = 0.60;
/// Least correlation of their luma at 12×6, at the best of small shifts. It is measured first, since it costs a
/// hundredth of the likeness; of the pairs that reach [`ALIKE`], 99 in 100 have at least 0.63.
const ALIKE_COARSELY: f32 = 0.55;
/// Largest ratio of the widths of the largest faces of two takes, and largest distance between them (shares of the
/// picture).
const FACE_GROWTH: f64 = 2.0;
const FACE_APART: f64 = 0.30;
/// A shot is compared with this many earlier ones, which bounds the time for long films.
const LOOK_BACK: usize = 64;
/// Bins of a histogram: two bits a channel.
const BINS: usize = 64;
/// Parts of a frame, across and down, that luma is first compared in, and the side of a part in pixels.
const ACROSS: usize = 12;
const DOWN: usize = 6;
const PART: usize = 4;
/// Contrast (squared steps of 255) assumed for a part without any, so that noise does not correlate.
const FLAT: f32 = 1.5;

/// The key frame of one shot.
struct KeyFrameView {
    shot: usize,
    signal: Signal,
    colors: [f32; BINS],
    luma: [f32; ACROSS * DOWN],
    face: Option<Rect>,
}

/// Groups the shots of a film as they arrive.
#[derive(Default)]
pub(crate) struct TakeGrouper {
    views: VecDeque<KeyFrameView>,
    /// For each shot an earlier one of its group, or itself (a disjoint-set forest).
    towards: Vec<usize>,
    /// For each shot the sum and the number of its likenesses to earlier ones.
    links: Vec<(f32, u32)>,
}

impl TakeGrouper {
    /// Takes the next shot's key frame, of any size, and the faces in it.
    pub fn push(&mut self, picture: &Rgb8, faces: &[Face]) {
        let shot = self.towards.len();
        self.towards.push(shot);
        self.links.push((0.0, 0));
        let small = if picture.size() == SHOT_FRAME {
            picture.clone()
        } else {
            resize(picture, SHOT_FRAME, Filter::Box)
        };
        let (colors, luma) = (colors(&small), coarse(&small));
        let Some(signal) = Signal::new(small, None) else {
            return;
        };
        let largest = faces
            .iter()
            .map(|face| face.bounds)
            .max_by(|a, b| a.area().total_cmp(&b.area()));
        let view = KeyFrameView {
            shot,
            signal,
            colors,
            luma,
            face: largest,
        };
        for before in &self.views {
            if let Some(likeness) = likeness(before, &view) {
                let (first, second) = (self.root(before.shot), self.root(shot));
                // The earlier one is the root of the group.
                self.towards[first.max(second)] = first.min(second);
                if let Some((sum, count)) = self.links.last_mut() {
                    *sum += likeness;
                    *count += 1;
                }
            }
        }
        if self.views.len() >= LOOK_BACK {
            self.views.pop_front();
        }
        self.views.push_back(view);
    }

    /// The first shot of the group of `shot`.
    fn root(&self, mut shot: usize) -> usize {
        while let Some(&next) = self.towards.get(shot) {
            if next == shot {
                break;
            }
            shot = next;
        }
        shot
    }

    /// The groups, in order of their first shots; `worth` is the quality of a shot.
    pub fn finish(self, worth: impl Fn(usize) -> f64) -> Vec<Take> {
        let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
        for (shot, &(likeness, count)) in self.links.iter().enumerate() {
            let group = groups.entry(self.root(shot)).or_default();
            group.shots.push(shot);
            group.likeness += f64::from(likeness);
            group.links += count;
        }
        let groups = groups.into_values().filter(|group| group.shots.len() > 1);
        groups
            .map(|group| {
                let mut best = group.shots.first().copied().unwrap_or(0);
                for &shot in &group.shots {
                    if worth(shot) > worth(best) {
                        best = shot;
                    }
                }
                Take {
                    best,
                    likeness: rounded(
                        (group.likeness / f64::from(group.links.max(1))).clamp(0.0, 1.0),
                    ),
                    shots: group.shots,
                }
            })
            .collect()
    }
}

/// Shots of one scene.
#[derive(Default)]
struct Group {
    shots: Vec<usize>,
    /// Sum of the likenesses found, and their number.
    likeness: f64,
    links: u32,
}

/// Likeness of two key frames; `None` where they do not show one scene.
fn likeness(a: &KeyFrameView, b: &KeyFrameView) -> Option<f32> {
    let shared: f32 = a.colors.iter().zip(&b.colors).map(|(p, q)| p.min(*q)).sum();
    if shared < SAME_COLORS || a.signal.is_flat() || b.signal.is_flat() {
        return None;
    }
    if coarse_likeness(&a.luma, &b.luma) < ALIKE_COARSELY {
        return None;
    }
    if let (Some(p), Some(q)) = (a.face, b.face) {
        let growth = p.width.max(q.width) / p.width.min(q.width).max(1e-6);
        let (from, to) = (p.center(), q.center());
        if growth > FACE_GROWTH || (from.x - to.x).hypot(from.y - to.y) > FACE_APART {
            return None;
        }
    }
    let likeness = a.signal.likeness(&b.signal);
    (likeness >= ALIKE).then_some(likeness)
}

/// Mean luma of each part.
fn coarse(small: &Rgb8) -> [f32; ACROSS * DOWN] {
    let mut means = [0.0; ACROSS * DOWN];
    let width = small.width();
    for (at, pixel) in small.pixels().enumerate() {
        let (column, row) = (at % width.max(1) / PART, at / width.max(1) / PART);
        if column < ACROSS && row < DOWN {
            means[row * ACROSS + column] += f32::from(luma8(pixel)) / (PART * PART) as f32;
        }
    }
    means
}

/// Correlation at the best of small shifts, -1..1.
fn coarse_likeness(a: &[f32; ACROSS * DOWN], b: &[f32; ACROSS * DOWN]) -> f32 {
    let mut best = -1.0_f32;
    for down in -1..=1_isize {
        for right in -2..=2_isize {
            let rows = down.max(0)..DOWN as isize + down.min(0);
            let pairs = rows.flat_map(|row| {
                let columns = right.max(0)..ACROSS as isize + right.min(0);
                columns.filter_map(move |column| {
                    let here = row * ACROSS as isize + column;
                    let there = (row - down) * ACROSS as isize + column - right;
                    Some((*a.get(here as usize)?, *b.get(there as usize)?))
                })
            });
            let (mut n, mut p, mut q, mut pp, mut qq, mut pq) = (0.0_f32, 0.0, 0.0, 0.0, 0.0, 0.0);
            for (u, v) in pairs {
                n += 1.0;
                p += u;
                q += v;
                pp += u * u;
                qq += v * v;
                pq += u * v;
            }
            let n = n.max(1.0);
            let (mine, theirs) = (pp - p * p / n + FLAT * n, qq - q * q / n + FLAT * n);
            best = best.max((pq - p * q / n) / (mine * theirs).max(1e-6).sqrt());
        }
    }
    best
}

/// Shares of colors.
fn colors(small: &Rgb8) -> [f32; BINS] {
    let mut shares = [0.0; BINS];
    let one = 1.0 / (small.samples().len() / 3).max(1) as f32;
    for [red, green, blue] in small.pixels() {
        let bits = |sample: u8| usize::from(sample >> 6);
        shares[bits(red) << 4 | bits(green) << 2 | bits(blue)] += one;
    }
    shares
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A scene by its number, with the camera moved by `right` pixels and something on the left when `more` is set.
    fn scene(number: u64, right: usize, more: bool) -> Rgb8 {
        let samples = (0..27_usize)
            .flat_map(|y| (0..48_usize).map(move |x| (x, y)))
            .flat_map(|(x, y)| {
                let cell = ((x + right) / 6) as u64 + 64 * (y / 5) as u64 + 4096 * number;
                let mut mixed = (cell + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let value = (mixed >> 56) as u8;
                if more && x < 8 && y > 14 {
                    [250, 250, 250]
                } else {
                    [value, value / 2, 90]
                }
            });
        Rgb8::new(SHOT_FRAME, samples.collect()).unwrap()
    }

    fn face(x: f64, width: f64) -> Vec<Face> {
        vec![Face {
            bounds: Rect::new(x, 0.3, width, width),
            score: 0.9,
            expression: None,
            points: None,
            pose: None,
            eyes_open: None,
            gaze: None,
        }]
    }

    #[test]
    fn a_scene_that_comes_back_is_grouped_and_the_best_take_named() {
        let mut takes = TakeGrouper::default();
        for (number, right, more) in [
            (1, 0, false),
            (2, 0, false),
            (1, 2, true),
            (3, 0, false),
            (2, 1, false),
            (1, 1, false),
        ] {
            takes.push(&scene(number, right, more), &[]);
        }
        let worth = [0.2, 0.9, 0.8, 0.9, 0.1, 0.5];
        let found = takes.finish(|shot| worth[shot]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!((&found[0].shots[..], found[0].best), (&[0, 2, 5][..], 2));
        assert_eq!((&found[1].shots[..], found[1].best), (&[1, 4][..], 1));
        assert!(found.iter().all(|take| take.likeness >= 0.45));
    }

    #[test]
    fn a_close_up_and_black_frames_are_no_takes_of_a_scene() {
        let mut takes = TakeGrouper::default();
        takes.push(&scene(1, 0, false), &face(0.3, 0.1));
        takes.push(&scene(1, 0, false), &face(0.3, 0.4));
        takes.push(&Rgb8::black(SHOT_FRAME), &[]);
        takes.push(&Rgb8::black(SHOT_FRAME), &[]);
        assert_eq!(takes.finish(|_| 0.0), []);
    }

    #[test]
    fn many_shots_stay_bounded() {
        let mut takes = TakeGrouper::default();
        for number in 0..200 {
            takes.push(&scene(number, 0, false), &[]);
        }
        assert_eq!(takes.views.len(), LOOK_BACK);
    }
}
