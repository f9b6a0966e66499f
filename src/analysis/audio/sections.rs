//! The structure of a track: sections that begin on downbeats, with their labels, and the beginnings of phrases.
//!
//! Bars are compared by musicnn's embedding, their notes and their energy. Boundaries are peaks of the novelty along
//! the diagonal of the self-similarity matrix (Foote, "Automatic Audio Segmentation Using a Measure of Audio Novelty",
//! ICME 2000). Similar neighbors are joined into one section, and similar sections share a group (average linkage on
//! the sections' means).

use super::energy_curve::mean_energy;
use crate::analysis::{Section, SectionKind};

/// Most bars on each side of a boundary that are compared.
const KERNEL: usize = 8;
/// Fewest bars of a section.
const SHORTEST: usize = 4;
/// Least novelty of a boundary.
const NOVELTY: f64 = 0.05;
/// Neighboring sections at least this similar are joined …
const JOINED: f64 = 0.94;
/// … and other sections at least this similar share a group.
const GROUPED: f64 = 0.90;
/// Weights of embedding, notes and energy in the similarity of two bars.
const WEIGHTS: [f64; 3] = [0.4, 0.3, 0.3];
/// Difference in energy at which the energies of two bars have similarity 0.
const UNLIKE: f64 = 0.5;
/// Bars of a phrase.
const PHRASE: usize = 4;
/// Differences in energy (0..1) that make a section an intro or outro, a drop or a break, and the rise within a build.
const QUIETER: f64 = 0.08;
const DROPS: f64 = 0.15;
const BREAKS: f64 = 0.12;
const RISES: f64 = 0.12;
/// A drop has at most this much less energy than the section with the most.
const FULLEST: f64 = 0.12;

/// One bar, from its downbeat to the next.
#[derive(Debug, Clone)]
pub(super) struct Bar {
    /// Seconds.
    pub start: f64,
    /// Seconds.
    pub end: f64,
    /// musicnn's embedding; empty where no patch is near.
    pub embedding: Vec<f32>,
    /// Strength of the twelve notes.
    pub notes: [f64; 12],
    /// 0..1, of the energy curve.
    pub energy: f64,
}

/// Sections in order, without gaps, over `bars`; the first begins at `start` where the music does, the last ends at
/// `end`.
pub(super) fn sections(bars: &[Bar], curve: &[f64], start: f64, end: f64) -> Vec<Section> {
    if bars.len() < SHORTEST {
        return Vec::new();
    }
    let mut bounds = boundaries(bars);
    join(bars, &mut bounds);
    let means: Vec<Bar> = bounds.windows(2).map(|ends| mean(bars, ends)).collect();
    let groups = groups(&means);
    let last = bounds.len().saturating_sub(2);
    let mut sections: Vec<Section> = means
        .iter()
        .zip(groups)
        .enumerate()
        .map(|(number, (bar, group))| {
            let start = if number == 0 {
                bar.start.min(start)
            } else {
                bar.start
            };
            let end = if number == last {
                bar.end.max(end)
            } else {
                bar.end
            };
            Section {
                start,
                end,
                kind: SectionKind::Part,
                energy: mean_energy(curve, start, end),
                group,
            }
        })
        .collect();
    let kinds: Vec<SectionKind> = (0..sections.len())
        .map(|number| kind(&sections, number, curve))
        .collect();
    for (section, kind) in sections.iter_mut().zip(kinds) {
        section.kind = kind;
    }
    sections
}

/// Downbeats at which a phrase begins: every fourth bar of a section, unless less than half a phrase is left before the
/// next section; and the last downbeat, where the last phrase ends.
pub(super) fn phrases(bars: &[Bar], sections: &[Section]) -> Vec<f64> {
    let mut phrases = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        let first = bars.iter().position(|bar| bar.start >= section.start);
        let inside: Vec<f64> = bars
            .iter()
            .skip(first.unwrap_or(bars.len()))
            .take_while(|bar| bar.start < section.end)
            .map(|bar| bar.start)
            .collect();
        let count = inside.len();
        phrases.extend(
            inside
                .into_iter()
                .enumerate()
                .filter(|(at, _)| {
                    at.is_multiple_of(PHRASE) && (*at == 0 || count - at >= PHRASE / 2)
                })
                .map(|(_, time)| time),
        );
        if number + 1 == sections.len() {
            phrases.extend(bars.last().map(|bar| bar.end));
        }
    }
    phrases
}

/// Similarity of two bars: 1 the same, 0 unrelated, below 0 opposite.
fn likeness(a: &Bar, b: &Bar) -> f64 {
    let cosine = |pairs: &mut dyn Iterator<Item = (f64, f64)>| {
        let (mut cross, mut left, mut right) = (0.0, 0.0, 0.0);
        for (x, y) in pairs {
            cross += x * y;
            left += x * x;
            right += y * y;
        }
        let scale = f64::sqrt(left * right);
        (scale > 1e-12).then(|| cross / scale)
    };
    let timbre = cosine(
        &mut (a.embedding.iter().zip(&b.embedding)).map(|(x, y)| (f64::from(*x), f64::from(*y))),
    );
    let notes = cosine(&mut a.notes.iter().zip(&b.notes).map(|(x, y)| (*x, *y)));
    let energy = (1.0 - (a.energy - b.energy).abs() / UNLIKE).max(0.0);
    // Leave out what is unknown for either bar.
    let parts = [timbre, notes, Some(energy)];
    let (mut sum, mut weights) = (0.0, 0.0);
    for (part, weight) in parts.iter().zip(WEIGHTS) {
        if let Some(part) = part {
            sum += weight * part;
            weights += weight;
        }
    }
    sum / weights
}

/// Indices of bars: the first, those at which a section begins, and one past the last.
fn boundaries(bars: &[Bar]) -> Vec<usize> {
    let novelty: Vec<f64> = (0..bars.len()).map(|at| novelty(bars, at)).collect();
    let mut bounds = vec![0];
    let mut peaks: Vec<usize> = (SHORTEST..(bars.len() + 1).saturating_sub(SHORTEST))
        .filter(|&at| novelty[at] >= NOVELTY)
        .collect();
    // The highest peaks first; peaks too close to a boundary already found are dropped.
    peaks.sort_by(|&a, &b| novelty[b].total_cmp(&novelty[a]).then(a.cmp(&b)));
    for at in peaks {
        if bounds.iter().all(|&other| at.abs_diff(other) >= SHORTEST) {
            bounds.push(at);
        }
    }
    bounds.push(bars.len());
    bounds.sort_unstable();
    bounds
}

/// How much more similar the bars on either side of `at` are to their own side than to the other; near bars count most.
fn novelty(bars: &[Bar], at: usize) -> f64 {
    let reach = KERNEL.min(at).min(bars.len() - at);
    if reach == 0 {
        return 0.0;
    }
    let weight = |distance: f64| (-2.0 * (distance / KERNEL as f64).powi(2)).exp();
    let (mut within, mut within_weight, mut across, mut across_weight) = (0.0, 0.0, 0.0, 0.0);
    for a in at - reach..at + reach {
        for b in at - reach..a {
            let far = |bar: usize| bar as f64 + 0.5 - at as f64;
            let weight = weight(far(a)) * weight(far(b));
            let alike = weight * likeness(&bars[a], &bars[b]);
            if (a < at) == (b < at) {
                within += alike;
                within_weight += weight;
            } else {
                across += alike;
                across_weight += weight;
            }
        }
    }
    if within_weight == 0.0 || across_weight == 0.0 {
        return 0.0;
    }
    within / within_weight - across / across_weight
}

/// Removes boundaries between similar sections, the most similar first.
fn join(bars: &[Bar], bounds: &mut Vec<usize>) {
    loop {
        let alike = bounds
            .windows(3)
            .enumerate()
            .map(|(at, ends)| {
                let likeness = likeness(&mean(bars, &ends[..2]), &mean(bars, &ends[1..]));
                (at + 1, likeness)
            })
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        match alike {
            Some((at, likeness)) if likeness >= JOINED => {
                bounds.remove(at);
            }
            _ => return,
        }
    }
}

/// The mean of the bars from one boundary to the next.
fn mean(bars: &[Bar], ends: &[usize]) -> Bar {
    let part = match *ends {
        [first, last] => bars.get(first..last).unwrap_or_default(),
        _ => &[],
    };
    let count = part.len().max(1) as f64;
    let heard: Vec<&Bar> = part
        .iter()
        .filter(|bar| !bar.embedding.is_empty())
        .collect();
    let size = heard.first().map_or(0, |bar| bar.embedding.len());
    let number = |at: usize| {
        let sum: f32 = heard.iter().filter_map(|bar| bar.embedding.get(at)).sum();
        sum / heard.len().max(1) as f32
    };
    let note = |at: usize| part.iter().map(|bar| bar.notes[at]).sum::<f64>() / count;
    Bar {
        start: part.first().map_or(0.0, |bar| bar.start),
        end: part.last().map_or(0.0, |bar| bar.end),
        embedding: (0..size).map(number).collect(),
        notes: std::array::from_fn(note),
        energy: part.iter().map(|bar| bar.energy).sum::<f64>() / count,
    }
}

/// The group of each section: groups whose members are similar on average are merged, the most similar first.
fn groups(sections: &[Bar]) -> Vec<u32> {
    let mut groups: Vec<Vec<usize>> = (0..sections.len()).map(|at| vec![at]).collect();
    loop {
        let mut best: Option<(f64, usize, usize)> = None;
        for a in 0..groups.len() {
            for b in a + 1..groups.len() {
                let pairs = groups[a]
                    .iter()
                    .flat_map(|x| groups[b].iter().map(move |y| (x, y)));
                let sum: f64 = pairs
                    .map(|(&x, &y)| likeness(&sections[x], &sections[y]))
                    .sum();
                let alike = sum / (groups[a].len() * groups[b].len()) as f64;
                if alike >= GROUPED && best.is_none_or(|(most, ..)| alike > most) {
                    best = Some((alike, a, b));
                }
            }
        }
        let Some((_, a, b)) = best else {
            break;
        };
        let members = groups.remove(b);
        groups[a].extend(members);
    }
    // Groups are numbered in order of their first member.
    let mut numbers = vec![0; sections.len()];
    for (number, members) in groups.iter().enumerate() {
        for &member in members {
            numbers[member] = number as u32;
        }
    }
    numbers
}

fn kind(sections: &[Section], number: usize, curve: &[f64]) -> SectionKind {
    let Some(this) = sections.get(number) else {
        return SectionKind::Part;
    };
    let before = number.checked_sub(1).and_then(|at| sections.get(at));
    let after = sections.get(number + 1);
    let top = sections
        .iter()
        .map(|section| section.energy)
        .fold(0.0, f64::max);
    let energy = |section: &Section| section.energy;
    let third = (this.end - this.start) / 3.0;
    let rise = mean_energy(curve, this.end - third, this.end)
        - mean_energy(curve, this.start, this.start + third);
    match (before.map(energy), after.map(energy)) {
        (None, None) => SectionKind::Part,
        (None, Some(next)) if next >= this.energy + QUIETER => SectionKind::Intro,
        (Some(last), None) if last >= this.energy + QUIETER => SectionKind::Outro,
        (Some(last), _) if this.energy >= last + DROPS && this.energy >= top - FULLEST => {
            SectionKind::Drop
        }
        (_, Some(next)) if rise >= RISES && next >= this.energy => SectionKind::Build,
        (Some(last), Some(next)) if this.energy <= last.min(next) - BREAKS => SectionKind::Break,
        _ => SectionKind::Part,
    }
}

#[cfg(test)]
#[path = "sections_tests.rs"]
mod tests;
