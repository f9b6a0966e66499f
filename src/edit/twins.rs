//! Twins: stretches of different files that show the same scene, such as two takes, or a photo of an instant that a
//! clip shows too.
//!
//! The tiny views of two files are compared ([`LumaView`]). Views of a clip that are alike to some of the other file,
//! and follow each other, form a stretch, which reaches to the next view that is not alike, or to the cut. Of a pair of
//! twins only the better one may be shown. Two stretches in which people speak are never twins, since what they say
//! differs.

use std::collections::BTreeMap;

use crate::analysis::picture::{ComparedView, LumaView};
use crate::analysis::{Analysis, FileKind, Span, VideoReport};
use crate::edit::SourceFile;
use crate::edit::photo_worth::PhotoParts;
use crate::geometry::Size;

/// Least likeness of views of two clips. Aligned views of one scene have 0.82 and more, those of two scenes at most
/// 0.6.
const ALIKE_CLIPS: f32 = 0.76;
/// Least likeness of two photos, or of a photo and a frame: people often take different things the same way.
const ALIKE_PHOTOS: f32 = 0.90;
/// Most views that are compared in all; with more, each film gives evenly spread ones. Bounds the time to a second.
const MOST_VIEWS: usize = 2400;
/// Views in a row that may miss the other file without ending a stretch: something moves through the picture.
const MISSED: usize = 1;
/// Least length of a stretch in seconds: two views.
const SHORTEST: f64 = 0.3;
/// Share of both stretches with speech from which they are no twins.
const SPOKEN: f64 = 0.3;
/// Seconds of a stretch beyond which more of it makes it no better.
const LONG_ENOUGH: f64 = 4.0;
/// What a spoiled second of a stretch takes from its worth, as a share.
const SPOILED: f64 = 1.0;
/// The worth of a second outside any moment, as a share of its shot's quality.
const OUTSIDE_MOMENTS: f64 = 0.5;

/// Two stretches of one scene.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Twin {
    /// The source whose stretch is better …
    pub kept: usize,
    /// … and where that is, in its seconds; a photo's is empty.
    pub kept_span: Span,
    /// The source whose stretches are left out …
    pub left_out: usize,
    /// … and where they are; empty for a photo, all of which is.
    pub left_out_spans: Vec<Span>,
    /// What makes the other one better.
    pub because: TwinReason,
}

/// Why one of two twins is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TwinReason {
    /// The other one is partly spoiled.
    LessSpoiled,
    /// The other one has fewer pixels.
    Larger,
    /// The other one's moments score less.
    BetterMoment,
    /// The other one is less sharp and well exposed.
    BetterPhoto,
    /// Eyes are closed in the other one.
    OpenEyes,
    /// Nobody smiles in the other one.
    Smiles,
    /// More lies about in the other one.
    Tidier,
    /// The other one is a photo of an instant that this one shows.
    Moves,
}

impl TwinReason {
    /// What is wrong with the twin that is left out.
    pub fn words(self) -> &'static str {
        match self {
            Self::LessSpoiled => "but part of it is spoiled",
            Self::Larger => "but has fewer pixels",
            Self::BetterMoment => "but not as well",
            Self::BetterPhoto => "but less sharp or not as well exposed",
            Self::OpenEyes => "but eyes are closed",
            Self::Smiles => "but with fewer smiles",
            Self::Tidier => "but with more that lies about",
            Self::Moves => "but does not move",
        }
    }
}

/// The views of one file.
struct SourceViews<'a> {
    source: usize,
    analysis: &'a Analysis,
    /// Times and views; a photo has one.
    views: Vec<(f64, LumaView)>,
    shape: f64,
}

impl SourceViews<'_> {
    fn is_photo(&self) -> bool {
        self.analysis.file.kind == FileKind::Image
    }
}

/// All twins among `sources`.
pub(super) fn twins(sources: &[SourceFile]) -> Vec<Twin> {
    let views = source_views(sources);
    let mut prepared = Prepared::default();
    let mut found = Vec::new();
    for (number, first) in views.iter().enumerate() {
        for second in views.iter().skip(number + 1) {
            let matches = prepared.matches(first, second);
            found.extend(twins_of(first, second, &matches));
        }
    }
    found
}

fn source_views(sources: &[SourceFile]) -> Vec<SourceViews<'_>> {
    let count = |file: &SourceFile| {
        file.analysis
            .video
            .as_ref()
            .map_or(0, |video| video.views.len())
    };
    let all: usize = sources.iter().map(count).sum();
    let stride = all.div_ceil(MOST_VIEWS).max(1);
    sources
        .iter()
        .enumerate()
        .filter_map(|(source, file)| {
            let views = match (&file.analysis.video, &file.analysis.picture) {
                (Some(video), _) => film_views(video, stride),
                (None, Some(picture)) => {
                    let size = Size::new(picture.width, picture.height);
                    let view = LumaView::parse(picture.view.as_ref()?, size)?;
                    vec![(0.0, view)]
                }
                (None, None) => Vec::new(),
            };
            let shape = views.first()?.1.shape();
            Some(SourceViews {
                source,
                analysis: &file.analysis,
                views,
                shape,
            })
        })
        .collect()
}

/// Every `stride`th view of a film.
fn film_views(video: &VideoReport, stride: usize) -> Vec<(f64, LumaView)> {
    let size = Size::new(video.width, video.height);
    video
        .views
        .iter()
        .step_by(stride)
        .filter(|view| view.time.is_finite())
        .filter_map(|view| Some((view.time, LumaView::parse(&view.luma, size)?)))
        .collect()
}

/// Views prepared for comparisons, by source and the place of the other's shape.
#[derive(Default)]
struct Prepared(BTreeMap<(usize, u64), Vec<ComparedView>>);

impl Prepared {
    /// Pairs of alike views of two files, as places in their lists.
    fn matches(
        &mut self,
        first: &SourceViews<'_>,
        second: &SourceViews<'_>,
    ) -> Vec<(usize, usize)> {
        for (file, other) in [(first, second), (second, first)] {
            self.0
                .entry((file.source, other.shape.to_bits()))
                .or_insert_with(|| {
                    let views = file.views.iter();
                    views
                        .map(|(_, view)| view.compared_with(other.shape))
                        .collect()
                });
        }
        let of = |file: &SourceViews<'_>, other: &SourceViews<'_>| {
            self.0
                .get(&(file.source, other.shape.to_bits()))
                .map_or(&[][..], Vec::as_slice)
        };
        let alike = if first.is_photo() || second.is_photo() {
            ALIKE_PHOTOS
        } else {
            ALIKE_CLIPS
        };
        let (mine, theirs) = (of(first, second), of(second, first));
        let mut found = Vec::new();
        for (at, view) in mine.iter().enumerate() {
            let pairs = theirs.iter().enumerate();
            let near = pairs.filter(|(_, other)| view.likeness(other) >= alike);
            found.extend(near.map(|(other, _)| (at, other)));
        }
        found
    }
}

/// The twins that two files have, from the pairs of their alike views.
fn twins_of(
    first: &SourceViews<'_>,
    second: &SourceViews<'_>,
    matches: &[(usize, usize)],
) -> Vec<Twin> {
    if matches.is_empty() {
        return Vec::new();
    }
    match (first.is_photo(), second.is_photo()) {
        (true, true) => vec![twin_photos(first, second)],
        (true, false) => {
            let seen = matches.iter().map(|pair| pair.1);
            photo_of_instant(first, second, seen).into_iter().collect()
        }
        (false, true) => {
            let seen = matches.iter().map(|pair| pair.0);
            photo_of_instant(second, first, seen).into_iter().collect()
        }
        (false, false) => twin_stretches(first, second, matches),
    }
}

fn twin_photos(first: &SourceViews<'_>, second: &SourceViews<'_>) -> Twin {
    let parts = |file: &SourceViews<'_>| file.analysis.picture.as_ref().map(PhotoParts::of);
    let worth = |file: &SourceViews<'_>| parts(file).map_or(0.0, PhotoParts::worth);
    let (kept, left_out) = if worth(second) > worth(first) {
        (second, first)
    } else {
        (first, second)
    };
    let because = parts(kept)
        .zip(parts(left_out))
        .map_or(TwinReason::BetterPhoto, |(kept, left_out)| {
            better_by(kept, left_out)
        });
    Twin {
        kept: kept.source,
        kept_span: Span {
            start: 0.0,
            end: 0.0,
        },
        left_out: left_out.source,
        left_out_spans: Vec::new(),
        because,
    }
}

/// What speaks most for the better one of two photos.
fn better_by(better: PhotoParts, worse: PhotoParts) -> TwinReason {
    let parts = [
        (TwinReason::BetterPhoto, better.quality - worse.quality),
        (TwinReason::OpenEyes, better.eyes - worse.eyes),
        (TwinReason::Smiles, better.smiles - worse.smiles),
        (TwinReason::Tidier, better.clutter - worse.clutter),
    ];
    let most = parts
        .into_iter()
        .reduce(|a, b| if b.1 > a.1 { b } else { a });
    most.map_or(TwinReason::BetterPhoto, |(reason, _)| reason)
}

/// The photo is left out if the clip shows it where it is not spoiled.
fn photo_of_instant(
    photo: &SourceViews<'_>,
    clip: &SourceViews<'_>,
    seen: impl Iterator<Item = usize>,
) -> Option<Twin> {
    let video = clip.analysis.video.as_ref()?;
    let clean = |time: f64| {
        let mut spoiled = video.spoiled.iter();
        !spoiled.any(|span| (span.start..span.end).contains(&time))
    };
    let times = seen.filter_map(|at| clip.views.get(at)).map(|view| view.0);
    let time = times.into_iter().find(|time| clean(*time))?;
    Some(Twin {
        kept: clip.source,
        kept_span: Span {
            start: time,
            end: time,
        },
        left_out: photo.source,
        left_out_spans: Vec::new(),
        because: TwinReason::Moves,
    })
}

/// A run of views, by first and last place.
type ViewRun = (usize, usize);

fn twin_stretches(
    first: &SourceViews<'_>,
    second: &SourceViews<'_>,
    matches: &[(usize, usize)],
) -> Vec<Twin> {
    let (mine, theirs) = (
        runs(matches.iter().map(|pair| pair.0)),
        runs(matches.iter().map(|pair| pair.1)),
    );
    let mut found = Vec::new();
    for (mine, theirs) in connected(&mine, &theirs, matches) {
        let spans = |file: &SourceViews<'_>, runs: &[ViewRun]| -> Vec<Span> {
            let runs = runs.iter().map(|run| stretch(file, *run));
            runs.filter(|span| span.end - span.start >= SHORTEST)
                .collect()
        };
        let (mine, theirs) = (spans(first, &mine), spans(second, &theirs));
        if mine.is_empty() || theirs.is_empty() {
            continue;
        }
        if spoken(first.analysis, &mine) >= SPOKEN && spoken(second.analysis, &theirs) >= SPOKEN {
            continue;
        }
        found.extend(better(first, mine, second, theirs));
    }
    found
}

/// Keeps the better one of two twins.
fn better(
    first: &SourceViews<'_>,
    mine: Vec<Span>,
    second: &SourceViews<'_>,
    theirs: Vec<Span>,
) -> Option<Twin> {
    let (a, b) = (
        Stretches::of(first.analysis, &mine),
        Stretches::of(second.analysis, &theirs),
    );
    let (kept, kept_spans, left_out, left_out_spans, winner, loser) = if b.worth() > a.worth() {
        (second, theirs, first, mine, b, a)
    } else {
        (first, mine, second, theirs, a, b)
    };
    let because = if loser.spoiled > winner.spoiled + 0.1 {
        TwinReason::LessSpoiled
    } else if loser.pixels < winner.pixels {
        TwinReason::Larger
    } else {
        TwinReason::BetterMoment
    };
    let (start, end) = (kept_spans.first()?.start, kept_spans.last()?.end);
    Some(Twin {
        kept: kept.source,
        kept_span: Span { start, end },
        left_out: left_out.source,
        left_out_spans,
        because,
    })
}

/// What counts when twins are compared.
struct Stretches {
    /// Mean score of their moments, 0..1.
    score: f64,
    /// Share that is spoiled.
    spoiled: f64,
    /// Seconds.
    length: f64,
    pixels: u64,
}

impl Stretches {
    fn of(analysis: &Analysis, spans: &[Span]) -> Self {
        let length: f64 = spans.iter().map(|span| span.end - span.start).sum();
        let mut stretches = Self {
            score: 0.0,
            spoiled: 0.0,
            length,
            pixels: 0,
        };
        let Some(video) = &analysis.video else {
            return stretches;
        };
        stretches.pixels = u64::from(video.width) * u64::from(video.height);
        for span in spans {
            for spoiled in &video.spoiled {
                stretches.spoiled += overlap(span, spoiled.start, spoiled.end);
            }
            for shot in &video.shots {
                let inside = overlap(span, shot.start, shot.end);
                let mut covered = 0.0;
                for moment in shot
                    .moments
                    .iter()
                    .filter(|moment| moment.score.is_finite())
                {
                    let share = overlap(span, moment.start, moment.end).min(inside - covered);
                    covered += share;
                    stretches.score += share * moment.score;
                }
                stretches.score += (inside - covered) * shot.quality * OUTSIDE_MOMENTS;
            }
        }
        stretches.score /= length.max(1e-9);
        stretches.spoiled = (stretches.spoiled / length.max(1e-9)).min(1.0);
        stretches
    }

    fn worth(&self) -> f64 {
        let clean = 1.0 - SPOILED * self.spoiled;
        // Twice the side counts as a tenth better.
        let detail = 1.0 + 0.05 * libm::log2(self.pixels.max(1) as f64);
        self.score * clean * detail * self.length.clamp(0.0, LONG_ENOUGH)
    }
}

fn overlap(span: &Span, start: f64, end: f64) -> f64 {
    (span.end.min(end) - span.start.max(start)).max(0.0)
}

/// Share of the spans in which somebody speaks.
fn spoken(analysis: &Analysis, spans: &[Span]) -> f64 {
    let Some(audio) = &analysis.audio else {
        return 0.0;
    };
    let length: f64 = spans.iter().map(|span| span.end - span.start).sum();
    let speech: f64 = spans
        .iter()
        .flat_map(|span| {
            audio
                .speech
                .iter()
                .map(|speech| overlap(span, speech.start, speech.end))
        })
        .sum();
    speech / length.max(1e-9)
}

/// Runs of places, in order; up to [`MISSED`] places in between may be absent.
fn runs(places: impl Iterator<Item = usize>) -> Vec<ViewRun> {
    let mut places: Vec<usize> = places.collect();
    places.sort_unstable();
    let mut found: Vec<ViewRun> = Vec::new();
    for place in places {
        match found.last_mut() {
            Some(run) if place <= run.1 + 1 + MISSED => run.1 = place,
            _ => found.push((place, place)),
        }
    }
    found
}

/// Groups of runs of two files that match each other, directly or through others.
fn connected(
    mine: &[ViewRun],
    theirs: &[ViewRun],
    matches: &[(usize, usize)],
) -> Vec<(Vec<ViewRun>, Vec<ViewRun>)> {
    let place =
        |runs: &[ViewRun], at: usize| runs.iter().position(|run| (run.0..=run.1).contains(&at));
    // Each run of the first file names its group; a run of the second joins the groups that it matches.
    let mut group: Vec<usize> = (0..mine.len()).collect();
    let mut group_of: Vec<Option<usize>> = vec![None; theirs.len()];
    for &(a, b) in matches {
        let (Some(a), Some(b)) = (place(mine, a), place(theirs, b)) else {
            continue;
        };
        match group_of[b] {
            None => group_of[b] = Some(group[a]),
            Some(known) if known != group[a] => {
                let joined = group[a];
                for other in &mut group {
                    if *other == joined {
                        *other = known;
                    }
                }
                for other in group_of.iter_mut().flatten() {
                    if *other == joined {
                        *other = known;
                    }
                }
            }
            Some(_) => {}
        }
    }
    let of = |wanted: usize| {
        let mine = mine
            .iter()
            .zip(&group)
            .filter(|(_, group)| **group == wanted);
        let theirs = theirs
            .iter()
            .zip(&group_of)
            .filter(|(_, group)| **group == Some(wanted));
        (
            mine.map(|(run, _)| *run).collect(),
            theirs.map(|(run, _)| *run).collect(),
        )
    };
    (0..mine.len())
        .filter(|wanted| group.contains(wanted))
        .map(of)
        .collect()
}

/// From the view before a run, which is not alike, to the one after, but not across a cut.
fn stretch(file: &SourceViews<'_>, (first, last): ViewRun) -> Span {
    let time = |at: usize| file.views.get(at).map(|view| view.0);
    let from = time(first).unwrap_or(0.0);
    let to = time(last).unwrap_or(from);
    let before = first.checked_sub(1).and_then(time);
    let after = time(last + 1);
    let shots = file
        .analysis
        .video
        .as_ref()
        .map_or(&[][..], |video| video.shots.as_slice());
    let shot = |time: f64| {
        shots
            .iter()
            .find(|shot| (shot.start..shot.end).contains(&time))
    };
    let begins = shot(from).map_or(0.0, |shot| shot.start);
    let ends = shot(to).or(shots.last()).map_or(to, |shot| shot.end);
    Span {
        start: before.map_or(begins, |before| before.max(begins)),
        end: after.map_or(ends, |after| after.min(ends)),
    }
}
