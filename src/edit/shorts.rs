//! Long to short: the best pieces of a long recording that can stand by themselves.
//!
//! 1. Sentences, by the transcript and the quiet around them ([`sentences`]); without a transcript, what lies between
//!    long pauses.
//! 2. Pieces: sentences in a row, about as long as asked, that begin and end in quiet and not near a cut of the picture
//!    ([`pieces`]).
//! 3. Each is scored by itself ([`piece_score`]); the best one is taken, then the best one that shares no time with
//!    it, and so on. Those much shorter than asked are taken last.
//! 4. Each gets a title from its own words ([`title`]).

mod piece_score;
mod pieces;
mod sentences;
mod title;
mod topic_words;

use crate::analysis::{TranscriptWord, VideoReport};
use crate::choice::Reason;
use crate::edit::shorts::piece_score::PieceScoring;
use crate::edit::shorts::pieces::{FrameGrid, PictureCut, Piece, pieces};
use crate::edit::shorts::sentences::sentences;
use crate::edit::shorts::title::title;
use crate::edit::shorts::topic_words::TopicWords;
use crate::edit::{Retention, SourceFile};
use crate::time::{Rational, rounded};

pub use piece_score::PieceTerm;
pub(super) use topic_words::{plain, topic};

/// Confidence of a piece whose words are not known.
const WITHOUT_WORDS: f64 = 0.3;
/// Pieces of less than this share of the length that was asked for come after all others, however good they are.
const LONG_ENOUGH: f64 = 0.75;
/// Pieces that share so many seconds are taken to be the same.
const SHARED: f64 = 0.05;

/// A piece of a long recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Short {
    /// Exact seconds of the recording.
    pub start: Rational,
    /// Exclusive.
    pub end: Rational,
    /// Its title, from its own words; absent where they are not known.
    pub title: Option<String>,
    /// What is said in it.
    pub text: String,
    /// How good it is by itself, 0..1.
    pub score: f64,
    /// How sure that is, 0..1: of words that are not known, not very.
    pub confidence: f64,
    /// The terms of its score, by weight.
    pub reasons: Vec<Reason>,
}

/// What shorts are wanted.
#[derive(Debug, Clone, Copy)]
pub struct ShortsWish<'a> {
    /// Most shorts.
    pub count: usize,
    /// About how many seconds each lasts.
    pub length: f64,
    /// Who is still watching the recording, where that is known.
    pub retention: Option<&'a Retention>,
}

/// A request for shorts.
#[derive(Debug, Clone, Copy)]
pub struct ShortsRequest<'a> {
    /// The recording.
    pub source: &'a SourceFile,
    /// What is wanted.
    pub wish: ShortsWish<'a>,
    /// Output frames a second.
    pub rate: Rational,
}

/// The best pieces, the best first; fewer where there are not so many.
pub fn shorts(request: &ShortsRequest<'_>) -> Vec<Short> {
    let analysis = &request.source.analysis;
    let (Some(audio), Some(video)) = (&analysis.audio, &analysis.video) else {
        return Vec::new();
    };
    let ShortsWish {
        count,
        length,
        retention,
    } = request.wish;
    let sentences = sentences(request.source.levels.as_ref(), audio);
    let topics = TopicWords::new(sentences.iter().flat_map(|sentence| &sentence.words));
    let scoring = PieceScoring {
        sentences: &sentences,
        topics: &topics,
        audio,
        video,
        length,
        retention,
    };
    let grid = FrameGrid {
        rate: request.rate,
        end: video
            .shots
            .last()
            .map_or(Rational::ZERO, |shot| shot.end_exact),
    };
    let pieces = pieces(&sentences, &picture_cuts(video), length, grid);
    let mut ranked: Vec<(f64, Piece)> = pieces
        .into_iter()
        .map(|piece| (scoring.score(&piece).score, piece))
        .collect();
    let is_short = |piece: &Piece| piece.length() < length * LONG_ENOUGH;
    ranked.sort_by(|(a_score, a), (b_score, b)| {
        let by_length = is_short(a).cmp(&is_short(b));
        by_length
            .then(b_score.total_cmp(a_score))
            .then(a.start.cmp(&b.start))
    });
    let mut taken: Vec<Piece> = Vec::new();
    for (_, piece) in ranked {
        if taken.len() == count {
            break;
        }
        let shares = |other: &Piece| {
            piece.end.min(other.end)
                > piece.start.max(other.start) + Rational::nearest(SHARED, 1000)
        };
        if !taken.iter().any(shares) {
            taken.push(piece);
        }
    }
    taken.iter().map(|piece| short(&scoring, piece)).collect()
}

fn short(scoring: &PieceScoring<'_>, piece: &Piece) -> Short {
    let words = scoring.words(piece);
    let score = scoring.score(piece);
    let text: Vec<&str> = words.iter().map(|word| word.text.trim()).collect();
    Short {
        start: piece.start,
        end: piece.end,
        title: title(&words, scoring.topics),
        text: text.join(" "),
        score: rounded(score.score),
        confidence: rounded(confidence(&words)),
        reasons: score.reasons,
    }
}

/// The mean confidence of the words.
fn confidence(words: &[TranscriptWord]) -> f64 {
    if words.is_empty() {
        return WITHOUT_WORDS;
    }
    let sum: f64 = words.iter().map(|word| word.confidence).sum();
    (sum / words.len() as f64).clamp(0.0, 1.0)
}

/// The cuts and transitions of a film.
fn picture_cuts(video: &VideoReport) -> Vec<PictureCut> {
    let per_frame = video.frame_rate.inverse().unwrap_or(Rational::ONE);
    let cut = |shot: &crate::analysis::Shot| {
        let transition = shot.transition_in.as_ref()?;
        // Gradual transitions lie around the start of the shot that they lead into.
        let frames = |from: u64, to: u64| {
            let count = i64::try_from(to.saturating_sub(from)).unwrap_or(0);
            Rational::whole(count) * per_frame
        };
        Some(PictureCut {
            start: shot.start_exact - frames(transition.start_frame, shot.start_frame),
            end: shot.start_exact + frames(shot.start_frame, transition.end_frame),
        })
    };
    video.shots.iter().filter_map(cut).collect()
}
