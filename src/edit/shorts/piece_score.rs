//! How good a piece of a recording is by itself. `docs/cutting.md` has the same table.

use crate::analysis::{AudioReport, Shot, Span, TranscriptWord, VideoReport};
use crate::choice::Reason;
use crate::edit::Retention;
use crate::edit::shorts::pieces::Piece;
use crate::edit::shorts::sentences::Sentence;
use crate::edit::shorts::topic_words::{TopicWords, is_among, plain};

/// Words that a sentence begins with when it goes on with what was said before.
const GOES_ON: &str = "\
    also and because but he he's her him however it it's or she she's so that that's them then therefore \
    these they they're this those unless which who yes";
/// Whom a sentence speaks of that has not said who it is.
const SOMEBODY: &str = "he he's her him his she she's their them they they're";
/// Words at the beginning of a sentence in which they are looked for: "Had he married…"
const FIRST_WORDS: usize = 3;
/// Words that speak to the one who watches, or promise something.
const CATCHES: &str = "\
    always best biggest everybody first how imagine mistake most never nobody problem reason secret stop \
    what why worst you your";
/// Words of an opening that is heard at once.
const SHORT_OPENING: usize = 14;
/// Words a second at which somebody speaks with energy.
const LIVELY: f64 = 3.2;
/// Loudness over the recording's, in LU, that is clearly raised.
const RAISED: f64 = 3.0;

/// A term of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceTerm {
    /// It can be understood without what comes before and after.
    SelfContained,
    /// Its first sentence catches.
    Opening,
    /// Its words are about something.
    Topic,
    /// Somebody speaks fast and loud.
    Energy,
    /// Somebody speaks nearly all the time.
    Spoken,
    /// Faces are seen.
    Faces,
    /// It is as long as asked.
    Length,
    /// Those who watched the recording stayed.
    Held,
}

impl PieceTerm {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::SelfContained,
        Self::Opening,
        Self::Topic,
        Self::Energy,
        Self::Spoken,
        Self::Faces,
        Self::Length,
        Self::Held,
    ];

    /// The code of its reason.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SelfContained => "self_contained",
            Self::Opening => "opening",
            Self::Topic => "topic",
            Self::Energy => "energy",
            Self::Spoken => "spoken",
            Self::Faces => "faces",
            Self::Length => "length",
            Self::Held => "held",
        }
    }

    /// The contribution of a value of 1. All weights but that of [`Self::Held`] sum to 1. They were set by hand: there
    /// is no data on what people watch to the end, but for those who have it of the recording itself. Then it counts
    /// this much, and all others share the rest.
    pub const fn weight(self) -> f64 {
        match self {
            // Nobody watches on what they do not understand.
            Self::SelfContained => 0.25,
            // The first seconds decide.
            Self::Opening => 0.2,
            Self::Topic => 0.2,
            Self::Energy => 0.1,
            Self::Spoken => 0.1,
            Self::Faces => 0.1,
            Self::Length => 0.05,
            Self::Held => 0.3,
        }
    }
}

/// What pieces are scored by.
pub(super) struct PieceScoring<'a> {
    pub sentences: &'a [Sentence],
    pub topics: &'a TopicWords,
    pub audio: &'a AudioReport,
    pub video: &'a VideoReport,
    /// Seconds that were asked for.
    pub length: f64,
    /// Who is still watching.
    pub retention: Option<&'a Retention>,
}

/// A score and the reasons for it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PieceScore {
    pub score: f64,
    pub reasons: Vec<Reason>,
}

impl PieceScoring<'_> {
    /// The words of a piece.
    pub fn words(&self, piece: &Piece) -> Vec<TranscriptWord> {
        let sentences = self.sentences.get(piece.first..=piece.last).unwrap_or(&[]);
        sentences
            .iter()
            .flat_map(|sentence| sentence.words.clone())
            .collect()
    }

    pub fn score(&self, piece: &Piece) -> PieceScore {
        let words = self.words(piece);
        let mut reasons: Vec<Reason> = PieceTerm::ALL
            .into_iter()
            .map(|term| {
                let (value, text) = self.value(term, piece, &words);
                Reason::new(term.code(), self.weight(term) * value, text)
            })
            .collect();
        let score = reasons.iter().map(|reason| reason.weight).sum();
        reasons.retain(|reason| reason.weight >= 0.01);
        reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        PieceScore { score, reasons }
    }

    fn weight(&self, term: PieceTerm) -> f64 {
        match (term, self.retention) {
            (PieceTerm::Held, Some(_)) => term.weight(),
            (PieceTerm::Held, None) => 0.0,
            (_, Some(_)) => term.weight() * (1.0 - PieceTerm::Held.weight()),
            (_, None) => term.weight(),
        }
    }

    fn value(&self, term: PieceTerm, piece: &Piece, words: &[TranscriptWord]) -> (f64, String) {
        match term {
            PieceTerm::SelfContained => self.self_contained(piece, words),
            PieceTerm::Opening => self.opening(piece),
            PieceTerm::Topic => {
                let about = self.topics.strongest(words, 3).join(", ");
                (self.topics.density(words), format!("It is about {about}."))
            }
            PieceTerm::Energy => self.energy(piece, words),
            PieceTerm::Spoken => {
                let share = self.spoken(piece);
                let text = format!("Somebody speaks for {:.0} % of it.", share * 100.0);
                (((share - 0.5) / 0.4).clamp(0.0, 1.0), text)
            }
            PieceTerm::Faces => {
                let share = self.faces(piece);
                (
                    share,
                    format!("A face is seen in {:.0} % of it.", share * 100.0),
                )
            }
            PieceTerm::Length => {
                let far = (piece.length() / self.length.max(1e-9) - 1.0).abs();
                let text = format!("It lasts {:.1} seconds.", piece.length());
                ((1.0 - far / 0.5).clamp(0.0, 1.0), text)
            }
            PieceTerm::Held => self.held(piece),
        }
    }

    /// How well the piece held those who watched the recording; as usual where nobody tells.
    fn held(&self, piece: &Piece) -> (f64, String) {
        let (start, end) = (piece.start.seconds(), piece.end.seconds());
        let known = self
            .retention
            .and_then(|watching| Some((watching.hold(start, end)?, watching.loss(start, end))));
        let Some((value, loss)) = known else {
            return (0.5, "How many watched it is not known.".into());
        };
        let share = loss * (end - start) * 100.0;
        let text = match share < -0.5 {
            true => format!("{:.0} % more watch at its end than at its start.", -share),
            false => format!("{:.0} % of those who watch leave in it.", share.max(0.0)),
        };
        (value, text)
    }

    /// Sentences that end, and a first one that does not go on with something.
    fn self_contained(&self, piece: &Piece, words: &[TranscriptWord]) -> (f64, String) {
        if words.is_empty() {
            return (0.3, "It lies between two pauses.".into());
        }
        let goes_on = goes_on(words);
        let asks = words
            .last()
            .is_some_and(|word| word.text.trim_end().ends_with('?'));
        let begins = self.sentences.get(piece.first).is_some_and(|it| {
            it.text()
                .chars()
                .next()
                .is_some_and(|letter| !letter.is_lowercase())
        });
        let value = match (goes_on, asks) {
            (false, false) => 1.0,
            (false, true) => 0.6,
            (true, false) => 0.35,
            (true, true) => 0.1,
        };
        let text = match (goes_on, asks) {
            (false, false) => "It begins and ends with whole sentences that need nothing before.",
            (false, true) => "It begins with a whole sentence and ends with a question.",
            (true, _) => "Its first sentence goes on with what was said before.",
        };
        (if begins { value } else { value * 0.7 }, text.into())
    }

    fn opening(&self, piece: &Piece) -> (f64, String) {
        let Some(sentence) = self.sentences.get(piece.first) else {
            return (0.0, String::new());
        };
        let text = sentence.text();
        let words: Vec<String> = sentence
            .words
            .iter()
            .map(|word| plain(&word.text))
            .collect();
        if words.is_empty() {
            return (0.0, String::new());
        }
        let asks = text.contains('?');
        let number = text.chars().any(|letter| letter.is_ascii_digit());
        let catches = words.iter().any(|word| is_among(CATCHES, word));
        let short = words.len() <= SHORT_OPENING;
        let parts = [(asks, 0.35), (catches, 0.25), (number, 0.15), (short, 0.25)];
        let value = parts
            .iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, worth)| worth)
            .sum();
        let why = match (asks, catches) {
            (true, _) => "It opens with a question",
            (_, true) => "It opens with words that catch",
            _ => "It opens plainly",
        };
        (
            value,
            format!("{why}: \u{201c}{}\u{201d}", shortened(&text)),
        )
    }

    fn energy(&self, piece: &Piece, words: &[TranscriptWord]) -> (f64, String) {
        let spoken = (self.spoken(piece) * piece.length()).max(1.0);
        let pace = words.len() as f64 / spoken;
        let (start, end) = (piece.start.seconds(), piece.end.seconds());
        let louder = match (
            self.loudness(start, end),
            self.loudness(0.0, self.audio.duration),
        ) {
            (Some(here), Some(all)) => here - all,
            _ => 0.0,
        };
        let fast = ((pace / LIVELY) - 0.5).clamp(0.0, 0.5) * 2.0;
        let loud = (0.5 + louder / RAISED / 2.0).clamp(0.0, 1.0);
        let text = format!("{pace:.1} words a second, {louder:+.1} LU beside the rest.");
        let value = if words.is_empty() {
            loud * 0.5
        } else {
            (fast + loud) / 2.0
        };
        (value, text)
    }

    /// Mean loudness of what is loud enough to be speech.
    fn loudness(&self, start: f64, end: f64) -> Option<f64> {
        let curve = &self.audio.loudness_curve;
        let last = (end.max(0.0).ceil() as usize).min(curve.len());
        let part = curve.get((start.max(0.0) as usize).min(last)..last)?;
        let loud: Vec<f64> = part
            .iter()
            .copied()
            .filter(|value| *value > -45.0)
            .collect();
        (!loud.is_empty()).then(|| loud.iter().sum::<f64>() / loud.len() as f64)
    }

    /// The share of a piece in which somebody speaks.
    fn spoken(&self, piece: &Piece) -> f64 {
        share(self.audio.speech.iter().copied(), piece)
    }

    /// The share of a piece in whose shots a face is seen.
    fn faces(&self, piece: &Piece) -> f64 {
        let faced = |shot: &&Shot| !shot.picture.faces.is_empty();
        let shots = self.video.shots.iter().filter(faced).map(|shot| Span {
            start: shot.start,
            end: shot.end,
        });
        share(shots, piece)
    }
}

/// The share of a piece that spans cover.
/// Whether words go on with what was said before.
fn goes_on(words: &[TranscriptWord]) -> bool {
    let begins = |list, count| {
        let mut begin = words.iter().take(count);
        begin.any(|word| is_among(list, &plain(&word.text)))
    };
    begins(GOES_ON, 1) || begins(SOMEBODY, FIRST_WORDS)
}

fn share(spans: impl Iterator<Item = Span>, piece: &Piece) -> f64 {
    let (start, end) = (piece.start.seconds(), piece.end.seconds());
    let covered: f64 = spans
        .map(|span| (span.end.min(end) - span.start.max(start)).max(0.0))
        .sum();
    (covered / (end - start).max(1e-9)).clamp(0.0, 1.0)
}

/// The beginning of a sentence.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(LONGEST).collect();
    if let Some(at) = short.rfind(' ') {
        short.truncate(at);
    }
    short + " …"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_goes_on_by_its_first_word_or_by_whom_it_speaks_of() {
        let said = |text: &str| -> Vec<TranscriptWord> {
            let word = |text: &str| TranscriptWord {
                text: text.into(),
                start: 0.0,
                end: 0.0,
                confidence: 1.0,
            };
            text.split(' ').map(word).collect()
        };
        for text in [
            "And then it rained.",
            "Unless to be cold is to be ill.",
            "Had he married well, he would have stayed.",
            "In their garden grew a tree.",
        ] {
            assert!(goes_on(&said(text)), "{text}");
        }
        for text in [
            "Why do volcanoes erupt?",
            "Most people think that he is right.",
            "",
        ] {
            assert!(!goes_on(&said(text)), "{text}");
        }
    }
}
