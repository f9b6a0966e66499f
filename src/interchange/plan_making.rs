//! A plan while it is made from a timeline.

use crate::edit::{OutputSpec, Segment, Source, SourceKind};
use crate::interchange::flatten::Piece;
use crate::interchange::medium::MediumFacts;
use crate::interchange::sequence::Sequence;
use crate::time::Rational;

/// Seconds by which two notations of one time may differ: floats of a million seconds are finer.
const SAME: f64 = 0.000_01;

/// A file that a timeline uses, found on this machine.
#[derive(Debug, Clone)]
pub struct FoundMedium {
    /// Its path as the plan names it.
    pub path: String,
    /// The hash of its content.
    pub blake3: String,
    /// What it is.
    pub kind: SourceKind,
    /// What its headers say.
    pub facts: MediumFacts,
}

/// A plan being made.
pub(super) struct Making<'a> {
    pub sequence: &'a Sequence,
    pub files: &'a [Option<FoundMedium>],
    pub sources: Vec<Source>,
    pub picture: Vec<Segment>,
    /// For each segment of the picture, the one that it was in the plan that the timeline was made from.
    pub origins: Vec<Option<usize>>,
    /// From which second of the timeline on everything moves up, and by how much.
    pub moves: Vec<(Rational, Rational)>,
    pub output: OutputSpec,
}

impl<'a> Making<'a> {
    /// The file of a piece.
    pub fn file(&self, piece: &Piece<'_>) -> Option<&'a FoundMedium> {
        self.files.get(piece.clip.medium?)?.as_ref()
    }

    /// The id of a file in the plan; the file becomes one of its sources.
    pub fn source_id(&mut self, file: &FoundMedium) -> String {
        if let Some(known) = self.sources.iter().find(|source| source.path == file.path) {
            return known.id.clone();
        }
        let planned = self.sequence.plan.as_ref();
        let planned = planned.and_then(|plan| {
            let mut sources = plan.sources.iter();
            sources.find(|source| source.blake3.eq_ignore_ascii_case(&file.blake3))
        });
        let is_free = |id: &str| self.sources.iter().all(|source| source.id != id);
        let id = planned
            .map(|source| source.id.clone())
            .filter(|id| is_free(id));
        let id = id.unwrap_or_else(|| {
            let mut number = self.sources.len() + 1;
            while !is_free(&format!("s{number}")) {
                number += 1;
            }
            format!("s{number}")
        });
        self.sources.push(Source {
            id: id.clone(),
            path: file.path.clone(),
            blake3: file.blake3.clone(),
            kind: file.kind,
            title: planned.and_then(|source| source.title.clone()),
            license: planned.and_then(|source| source.license.clone()),
            attribution: planned.and_then(|source| source.attribution.clone()),
        });
        id
    }

    /// Where second `time` of the timeline lies in the film.
    pub fn moved(&self, time: Rational) -> Rational {
        let at = self.moves.partition_point(|(from, _)| *from <= time);
        let by = |at: usize| self.moves.get(at).map_or(Rational::ZERO, |(_, by)| *by);
        let moved = time - at.checked_sub(1).map_or(Rational::ZERO, by);
        // Within a gap: where its end comes to lie.
        match self.moves.get(at) {
            Some((from, by)) => moved.min(*from - *by),
            None => moved,
        }
    }
}

/// Whether two notations mean one time.
pub(super) fn is_same(a: Rational, b: Rational) -> bool {
    (a - b).seconds().abs() <= SAME
}
