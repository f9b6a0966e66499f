//! How much there is of each source, and when its turn comes.

use crate::edit::cut_choice::Slot;
use crate::edit::subclips::Subclip;

/// The extent of all subclips of one source.
#[derive(Clone, Copy)]
pub(super) struct SourceExtent {
    /// Their seconds in total.
    pub capacity: f64,
    /// Second at which the first begins.
    pub first: f64,
    /// Second at which the last ends.
    pub last: f64,
}

/// The extents of so many `sources`.
pub(super) fn source_extents(subclips: &[Subclip], sources: usize) -> Vec<SourceExtent> {
    let mut extents = vec![
        SourceExtent {
            capacity: 0.0,
            first: f64::INFINITY,
            last: 0.0,
        };
        sources
    ];
    for subclip in subclips {
        let extent = &mut extents[subclip.source];
        extent.capacity += subclip.length();
        extent.first = extent.first.min(subclip.start.seconds());
        extent.last = extent.last.max(subclip.end.seconds());
    }
    extents
}

/// How often the film has room for each source that can be shown, beyond once, 0..1.
pub(super) fn comes_again(extents: &[SourceExtent], slots: &[Slot]) -> f64 {
    let shown = extents.iter().filter(|it| it.capacity > 0.0).count();
    (slots.len() as f64 / shown.max(1) as f64 - 1.0).clamp(0.0, 1.0)
}

/// The place of each source among those that can be shown, in the order of the files, 0..1.
pub(super) fn file_turns(extents: &[SourceExtent]) -> Vec<f64> {
    let shown = |extent: &SourceExtent| extent.capacity > 0.0;
    let count = extents.iter().filter(|extent| shown(extent)).count().max(1) as f64;
    let mut rank = 0.0;
    let turns = extents.iter().map(|extent| {
        let turn = (rank + 0.5) / count;
        rank += f64::from(u8::from(shown(extent)));
        turn.min(1.0)
    });
    turns.collect()
}

/// The turn of each source's photo, 0 the first .. 1 the last, so that photos spread over the film wherever they stand
/// among the files.
pub(super) fn photo_turns(subclips: &[Subclip], sources: usize) -> Vec<f64> {
    let stills: Vec<usize> = subclips
        .iter()
        .filter(|subclip| subclip.still)
        .map(|subclip| subclip.source)
        .collect();
    let mut turns = vec![0.5; sources];
    for (rank, source) in stills.iter().enumerate() {
        if let Some(turn) = turns.get_mut(*source) {
            *turn = (rank as f64 + 0.5) / stills.len() as f64;
        }
    }
    turns
}
