//! Cutaways: clips in which nobody speaks, and photos, are laid over what is said in a film of speech.
//!
//! The speech goes on below, and what they sound like themselves is not heard. Each goes to one place:
//!
//! 1. where a word is said that names what it shows: an object, a scene, or a word of its file's name;
//! 2. else at a cut in the speech or the end of a sentence, so that the picture does not jump there: around it, from a
//!    second before, or from it on, or up to it. What is said before the cut goes on under the cutaway (an L cut), and
//!    what follows is heard before it is seen (a J cut). As many places are found as there are, and they are spread.
//!
//! The first sentence and the end show who speaks, and so do [`BETWEEN`] seconds between two cutaways. What finds no
//! place stays whole, where it is among the files; so does what has to be shown.

use crate::analysis::{Analysis, FileKind, PictureFacts};
use crate::choice::Reason;
use crate::edit::Segment;
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::planner::segment::{SegmentRequest, segment};
use crate::edit::shorts::{plain, topic};
use crate::edit::subclips::{Subclip, SubclipRequest};
use crate::effects::Effect;
use crate::time::{Rational, rounded};

/// The code of a cutaway's reason.
const CUTAWAY: &str = "cutaway";

/// Seconds of a cutaway: long enough to see a picture, short enough not to miss who speaks.
const USUAL: f64 = 3.0;
/// Shortest part of a clip, in seconds, that is worth a look.
const SHORTEST: f64 = 1.2;
/// Seconds before a cut in the speech at which a cutaway may begin: around the cut, from it on, or up to it.
const AROUND_CUT: [f64; 3] = [1.0, 0.0, USUAL];
/// Seconds before the word that names what it shows.
const BEFORE_WORD: f64 = 0.2;
/// A cutaway begins or ends at a cut of the picture that is so many seconds away: what is left would only flash. So
/// none is longer than three and a half seconds.
const NEAR_CUT: f64 = 0.5;
/// Least seconds of the film before the first cutaway, however short the first sentence is.
const OPENING: f64 = 3.0;
/// Seconds at the end that show who speaks.
const CLOSING: f64 = 1.5;
/// Seconds between two cutaways.
const BETWEEN: f64 = 2.0;
/// Shortest word that names what is seen, in bytes: "dog", "sky".
const SHORTEST_NAME: usize = 3;
/// Score from which what is seen in a picture counts.
const BELIEVED: f64 = 0.5;

/// What is heard and what is seen of a film of speech, each in segments that tile it.
pub(super) struct SpokenFilm {
    pub heard: Vec<Segment>,
    pub seen: Vec<Segment>,
}

/// A source laid over the speech.
#[derive(Debug, Clone, Copy)]
struct Cutaway {
    source: usize,
    /// Seconds of the film.
    start: f64,
    end: f64,
    /// It was placed by a word.
    named: bool,
}

/// What each source gives to a film of speech.
pub(super) struct SourceSegments {
    /// The index of the source.
    pub source: usize,
    pub segments: Vec<Segment>,
    /// Nobody speaks in it, so it may be laid over others.
    pub may_cover: bool,
}

/// Whether a segment is laid over what is said.
pub(in crate::edit) fn is_cutaway(segment: &Segment) -> bool {
    segment.reasons.iter().any(|reason| reason.code == CUTAWAY)
}

/// Joins what the sources give, with cutaways where somebody speaks.
pub(super) fn with_cutaways(context: &PlanContext<'_>, sources: Vec<SourceSegments>) -> SpokenFilm {
    let (covers, spoken): (Vec<_>, Vec<_>) = sources.into_iter().partition(|it| it.may_cover);
    let speech: Vec<Segment> = spoken.iter().flat_map(|it| it.segments.clone()).collect();
    let candidates: Vec<usize> = covers.iter().map(|it| it.source).collect();
    let placed = SpeechTimes::new(context, &speech).place(context, &candidates);
    let material = material(context, &placed);
    let laid = |source: usize| material.iter().any(|(cutaway, _)| cutaway.source == source);
    // What is not laid over stands by itself, and moves what comes after it.
    let mut all = spoken;
    all.extend(covers.into_iter().filter(|it| !laid(it.source)));
    all.sort_by_key(|it| it.source);
    let mut heard = Vec::new();
    let (mut at, mut spoken_at, mut moves) = (0.0, 0.0, Vec::new());
    for it in all {
        let length = seconds(&it.segments);
        if !it.may_cover {
            moves.push((spoken_at, at - spoken_at));
            spoken_at += length;
        }
        at += length;
        heard.extend(it.segments);
    }
    let later = |start: f64| {
        let moved = moves.iter().rev().find(|(from, _)| *from <= start + 1e-6);
        moved.map_or(0.0, |(_, by)| *by)
    };
    let mut seen = heard.clone();
    for (cutaway, over) in material {
        let start = cutaway.start + later(cutaway.start);
        let first = (Rational::nearest(start, 90_000) * context.rate).round();
        seen = covered(context, seen, first, over);
    }
    SpokenFilm { heard, seen }
}

fn seconds(segments: &[Segment]) -> f64 {
    segments.iter().map(|it| it.length().seconds()).sum()
}

/// When what is said in a film.
struct SpeechTimes {
    length: f64,
    /// Where the picture is cut.
    cuts: Vec<f64>,
    /// Where a cutaway helps: cuts in the speech, and ends of sentences.
    places: Vec<f64>,
    /// Words that may name something, and when they begin.
    words: Vec<(String, f64)>,
    /// Where the first sentence ends.
    opening: f64,
    /// What has to be seen.
    required: Vec<(f64, f64)>,
}

impl SpeechTimes {
    fn new(context: &PlanContext<'_>, speech: &[Segment]) -> Self {
        let mut times = Self {
            length: seconds(speech),
            cuts: Vec::new(),
            places: Vec::new(),
            words: Vec::new(),
            opening: 0.0,
            required: Vec::new(),
        };
        let (mut at, mut before) = (0.0, None::<&Segment>);
        let mut sentence_ends = Vec::new();
        for segment in speech {
            let length = segment.length().seconds();
            if let Some(before) = before {
                times.cuts.push(at);
                if before.source != segment.source {
                    // Another file may stand between two recordings.
                    times.required.push((at, at));
                } else if before.end_exact != segment.start_exact {
                    times.places.push(at);
                }
            }
            if segment.reasons.iter().any(|it| it.code == "required") {
                times.required.push((at, at + length));
            }
            times.add_words(context, segment, at, &mut sentence_ends);
            at += length;
            before = Some(segment);
        }
        let first_place = times.places.first().copied().unwrap_or(times.length);
        let first_end = sentence_ends.first().copied().unwrap_or(first_place);
        times.opening = first_end.max(OPENING);
        times.places.append(&mut sentence_ends);
        times.places.sort_by(f64::total_cmp);
        times
    }

    /// Adds the words of a segment that begins at second `at` of the film.
    fn add_words(
        &mut self,
        context: &PlanContext<'_>,
        segment: &Segment,
        at: f64,
        sentence_ends: &mut Vec<f64>,
    ) {
        let sources = context.request.sources.iter().enumerate();
        let audio = sources
            .filter(|(number, _)| source_id(*number) == segment.source)
            .find_map(|(_, source)| source.analysis.audio.as_ref());
        let transcript = audio.and_then(|audio| audio.transcript.as_ref());
        for word in transcript.map_or(&[][..], |transcript| &transcript.words) {
            let inside = (segment.start..segment.end).contains(&((word.start + word.end) / 2.0));
            if !inside {
                continue;
            }
            self.words
                .push((plain(&word.text), at + word.start - segment.start));
            if word.ends_sentence() {
                sentence_ends.push(at + word.end - segment.start);
            }
        }
    }

    /// A place for each of the sources that finds one.
    fn place(&self, context: &PlanContext<'_>, sources: &[usize]) -> Vec<Cutaway> {
        let mut placed: Vec<Cutaway> = Vec::new();
        for source in sources.iter().copied() {
            let Some(file) = context.request.sources.get(source) else {
                continue;
            };
            let names = names(&file.analysis);
            let said = self.words.iter().filter(|(word, _)| is_named(word, &names));
            let mut windows = said.map(|(_, at)| self.window(at - BEFORE_WORD, source, true));
            placed.extend(windows.find(|window| self.is_free(window, &placed)));
        }
        let left: Vec<usize> = sources
            .iter()
            .copied()
            .filter(|source| placed.iter().all(|other| other.source != *source))
            .collect();
        let places = self.places_beside(&placed);
        let count = left.len().min(places.len());
        // Of more places than are needed, those that lie apart.
        let spread = |number: usize| (2 * number + 1) * places.len() / (2 * count.max(1));
        let over_cuts = left
            .iter()
            .take(count)
            .enumerate()
            .filter_map(|(number, source)| {
                let place = places.get(spread(number))?;
                Some(Cutaway {
                    source: *source,
                    ..*place
                })
            });
        placed.extend(over_cuts);
        placed
    }

    /// As many places as there are at cuts in the speech beside those that are `taken`, in order.
    fn places_beside(&self, taken: &[Cutaway]) -> Vec<Cutaway> {
        let places = self.places.iter();
        let windows =
            places.flat_map(|at| AROUND_CUT.map(|before| self.window(at - before, 0, false)));
        let mut windows: Vec<Cutaway> = windows
            .filter(|window| self.is_free(window, taken))
            .collect();
        windows.sort_by(|a, b| a.end.total_cmp(&b.end).then(b.start.total_cmp(&a.start)));
        let mut free: Vec<Cutaway> = Vec::new();
        for window in windows {
            if free
                .last()
                .is_none_or(|last| window.start >= last.end + BETWEEN)
            {
                free.push(window);
            }
        }
        free
    }

    /// The usual length from about `start` on, with both ends at cuts of the picture that are near.
    fn window(&self, start: f64, source: usize, named: bool) -> Cutaway {
        let start = self.near_cut(start);
        Cutaway {
            source,
            start,
            end: self.near_cut(start + USUAL),
            named,
        }
    }

    fn near_cut(&self, at: f64) -> f64 {
        let apart = |cut: &f64| (cut - at).abs();
        let near = self
            .cuts
            .iter()
            .copied()
            .filter(|cut| apart(cut) <= NEAR_CUT);
        near.min_by(|a, b| apart(a).total_cmp(&apart(b)))
            .unwrap_or(at)
    }

    fn is_free(&self, window: &Cutaway, taken: &[Cutaway]) -> bool {
        let clear = |start: f64, end: f64, room: f64| {
            window.end + room <= start || end + room <= window.start
        };
        window.start >= self.opening
            && window.end <= self.length - CLOSING
            && taken
                .iter()
                .all(|other| clear(other.start, other.end, BETWEEN))
            && self
                .required
                .iter()
                .all(|(start, end)| clear(*start, *end, 0.0))
    }
}

/// What a file shows, in single words: those of labels, and those of its name that are long enough to mean something.
fn names(analysis: &Analysis) -> Vec<String> {
    let mut pictures: Vec<&PictureFacts> = analysis.picture.iter().collect();
    let shots = analysis.video.iter().flat_map(|video| &video.shots);
    pictures.extend(shots.map(|shot| &shot.picture));
    let objects = pictures.iter().flat_map(|picture| &picture.objects);
    let objects = objects
        .filter(|object| object.score >= BELIEVED)
        .map(|object| object.label.as_str());
    let scenes = pictures.iter().flat_map(|picture| &picture.scene);
    let scenes = scenes
        .filter(|scene| scene.score >= BELIEVED)
        .map(|scene| scene.label.as_str());
    let labels = objects.chain(scenes).flat_map(words_of).map(plain);
    let path = std::path::Path::new(&analysis.file.path);
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    labels.chain(words_of(&name).filter_map(topic)).collect()
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.len() >= SHORTEST_NAME)
}

/// Whether a word is one of `names`, in the singular or the plural.
fn is_named(word: &str, names: &[String]) -> bool {
    let singular = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    let word = singular(word);
    names.iter().any(|name| singular(name) == word)
}

/// The segments of the cutaways; none for a clip that has no part worth a look.
fn material(context: &PlanContext<'_>, placed: &[Cutaway]) -> Vec<(Cutaway, Segment)> {
    let subclips = match placed.is_empty() {
        true => Vec::new(),
        false => context.everything(),
    };
    placed
        .iter()
        .filter_map(|cutaway| Some((*cutaway, shown(context, &subclips, cutaway)?)))
        .collect()
}

/// The best part of a cutaway's source.
fn shown(context: &PlanContext<'_>, subclips: &[Subclip], cutaway: &Cutaway) -> Option<Segment> {
    let file = context.request.sources.get(cutaway.source)?;
    let wanted = cutaway.end - cutaway.start;
    let photo;
    let subclip = if file.analysis.file.kind == FileKind::Image {
        let material = SubclipRequest {
            still: wanted,
            ..context.material()
        };
        photo = material.photo(cutaway.source)?;
        &photo
    } else {
        let long = |it: &&Subclip| it.source == cutaway.source && it.length() >= SHORTEST;
        let best = |it: &Subclip| best_moment(it).map_or(it.base * 0.5, |(_, score)| score);
        subclips
            .iter()
            .filter(long)
            .max_by(|a, b| best(a).total_cmp(&best(b)).then(b.start.cmp(&a.start)))?
    };
    let length = if subclip.still {
        wanted
    } else {
        wanted.min(subclip.length())
    };
    let frames = (Rational::nearest(length, 90_000) * context.rate)
        .floor()
        .max(1);
    let length = Rational::whole(frames) * context.frame();
    let middle = best_moment(subclip).map_or(subclip.start.seconds(), |(middle, _)| middle);
    let last = subclip.last_start(length)?;
    let step = subclip.nearest_step(middle - length.seconds() / 2.0);
    let start = subclip.at(step.clamp(0, last));
    let text = match cutaway.named {
        true => "It shows what is said here, which goes on below.",
        false => "It covers a cut in what is said, which goes on below.",
    };
    Some(segment(
        context,
        SegmentRequest {
            subclip,
            start,
            end: start + length,
            beat: None,
            effects: Vec::new(),
            reasons: vec![Reason::new(CUTAWAY, 1.0, text)],
        },
    ))
}

/// The middle of the best moment, in seconds, and its score.
fn best_moment(subclip: &Subclip) -> Option<(f64, f64)> {
    let moments = subclip.moments.iter();
    let best = moments.max_by(|a, b| a.score.total_cmp(&b.score))?;
    Some(((best.start + best.end) / 2.0, best.score))
}

/// The segments with another one over them from frame `first` on.
fn covered(
    context: &PlanContext<'_>,
    segments: Vec<Segment>,
    first: i64,
    over: Segment,
) -> Vec<Segment> {
    let frames = |segment: &Segment| segment.frames(context.rate) as i64;
    let end = first + frames(&over);
    let mut over = Some(over);
    let (mut at, mut seen) = (0, Vec::with_capacity(segments.len() + 2));
    for segment in segments {
        let length = frames(&segment);
        let (before, after) = ((first - at).min(length), (end - at).max(0));
        if before > 0 {
            seen.push(part(context, &segment, 0, before));
        }
        if at + length > first {
            seen.extend(over.take());
        }
        if after < length && before < length {
            seen.push(part(context, &segment, after.max(0), length));
        }
        at += length;
    }
    seen
}

/// The frames `from..to` of a segment.
fn part(context: &PlanContext<'_>, segment: &Segment, from: i64, to: i64) -> Segment {
    let mut part = segment.clone();
    let at = |frame: i64| segment.start_exact + Rational::whole(frame) * context.frame();
    (part.start_exact, part.end_exact) = (at(from), at(to));
    (part.start, part.end) = (
        rounded(part.start_exact.seconds()),
        rounded(part.end_exact.seconds()),
    );
    for effect in &mut part.effects {
        if let Effect::PunchIn(punch) = effect {
            punch.at = punch.at.clamp(part.start, part.end);
        }
    }
    if from > 0 {
        part.reasons = vec![Reason::new("kept", 1.0, "What was said goes on.")];
    }
    part
}
