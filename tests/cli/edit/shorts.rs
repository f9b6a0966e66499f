//! Long to short: pieces that stand by themselves, on sentence ends and clear of cuts.

use tastemaker::analysis::{Span, Transcript, TranscriptWord, Transition, TransitionKind};
use tastemaker::edit::{
    EditRequest, PieceTerm, Plan, PlannedShort, Retention, ShortsWish, SourceFile, Style,
    plan_shorts,
};
use tastemaker::time::Rational;

use super::made;
use super::planning::request;

/// A lecture of eight sentences of 4 s with pauses of 0.6 s between, in a film of 40 s at 25 frames a second.
const SENTENCES: [&str; 8] = [
    "So this goes on with something that we saw before in there.",
    "Why do volcanoes erupt with 3000 degrees under your feet?",
    "Magma collects in a chamber, and the magma pushes the volcano up.",
    "The pressure of magma opens the volcano from inside.",
    "And then it was like that for him all of the time.",
    "Glaciers carve valleys slowly, and ice moves whole mountains away.",
    "The ice of glaciers grinds rock into fine powder.",
    "But they said that it would be about the same for them.",
];
const SENTENCE: f64 = 4.0;
const PAUSE: f64 = 0.6;

fn start_of(sentence: usize) -> f64 {
    1.0 + sentence as f64 * (SENTENCE + PAUSE)
}

/// The lecture, with cuts of the picture at these frames.
fn lecture(cuts: &[u64]) -> SourceFile {
    let mut edges = vec![0];
    edges.extend(cuts);
    edges.push(1000);
    let shots: Vec<u64> = edges.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut analysis = made::film("lecture.mp4", (1920, 1080), Rational::whole(25), &shots);
    let mut audio = made::quiet(40.0);
    let mut words = Vec::new();
    for (number, text) in SENTENCES.iter().enumerate() {
        let start = start_of(number);
        audio.speech.push(Span {
            start,
            end: start + SENTENCE,
        });
        let texts: Vec<&str> = text.split(' ').collect();
        let each = SENTENCE / texts.len() as f64;
        for (at, text) in texts.iter().enumerate() {
            words.push(TranscriptWord {
                text: (*text).into(),
                start: start + at as f64 * each,
                end: start + (at + 1) as f64 * each,
                confidence: 0.9,
            });
        }
    }
    audio.transcript = Some(Transcript {
        language: "en".into(),
        words,
    });
    analysis.audio = Some(audio);
    made::source(analysis)
}

fn found(source: SourceFile, count: usize, length: f64) -> Vec<PlannedShort> {
    found_by(
        source,
        ShortsWish {
            count,
            length,
            retention: None,
        },
    )
}

fn found_by(source: SourceFile, wish: ShortsWish<'_>) -> Vec<PlannedShort> {
    let sources = [source];
    let request = EditRequest {
        style: Style::find("whole").unwrap(),
        ..request(&sources, None)
    };
    let shorts = plan_shorts(&request, wish).unwrap();
    for short in &shorts {
        let plan = &short.outcome.plan;
        let text = plan.to_json().unwrap();
        assert_eq!(
            &Plan::parse(&text, "made.plan.json".as_ref()).unwrap(),
            plan
        );
        assert_eq!(plan.picture[0].start_exact, short.short.start);
        assert_eq!(plan.picture.last().unwrap().end_exact, short.short.end);
        assert!(!short.short.reasons.is_empty() && (0.0..=1.0).contains(&short.short.score));
    }
    shorts
}

/// The sentences that a short holds, whole and alone.
fn held(short: &PlannedShort) -> std::ops::Range<usize> {
    let (start, end) = (short.short.start.seconds(), short.short.end.seconds());
    let inside = |number: &usize| {
        let from = start_of(*number);
        let overlap = (from + SENTENCE).min(end) - from.max(start);
        assert!(
            !(0.2..=SENTENCE - 0.1).contains(&overlap),
            "{number}: {start} {end}"
        );
        overlap > 0.2
    };
    let held: Vec<usize> = (0..SENTENCES.len()).filter(inside).collect();
    *held.first().unwrap()..held.last().unwrap() + 1
}

#[test]
fn pieces_hold_whole_sentences_are_ranked_and_titled_in_their_own_words() {
    let shorts = found(lecture(&[]), 3, 14.0);
    let pieces: Vec<_> = shorts.iter().map(held).collect();
    // The question about volcanoes with its answer, then glaciers; none goes on with something if it need not.
    assert_eq!(pieces[0].start, 1, "{pieces:?}");
    assert!(pieces[0].contains(&3), "{pieces:?}");
    assert_eq!(pieces[1].start, 5, "{pieces:?}");
    assert!(shorts.is_sorted_by(|a, b| a.short.score >= b.short.score));
    for (at, piece) in pieces.iter().enumerate() {
        assert!(
            pieces[at + 1..]
                .iter()
                .all(|other| other.end <= piece.start || other.start >= piece.end)
        );
        let length = (shorts[at].short.end - shorts[at].short.start).seconds();
        assert!((7.0..=15.4).contains(&length), "{length}");
        let title = shorts[at].short.title.clone().unwrap();
        let plain = |text: &str| text.to_lowercase().replace([',', '.', '?'], "");
        assert!(
            plain(&shorts[at].short.text).contains(&plain(&title)),
            "{title}"
        );
    }
    let title = shorts[0].short.title.clone().unwrap().to_lowercase();
    assert!(
        title.contains("volcano") || title.contains("magma"),
        "{title}"
    );
}

#[test]
fn pieces_are_nearly_as_long_as_asked_while_there_are_such() {
    let shorts = found(lecture(&[]), 4, 17.0);
    let lengths: Vec<f64> = shorts
        .iter()
        .map(|short| (short.short.end - short.short.start).seconds())
        .collect();
    // Eight sentences hold two pieces of three or four of them, and what is left is shorter.
    assert!(lengths.len() >= 2, "{lengths:?}");
    for length in &lengths[..2] {
        assert!((17.0 * 0.75..=17.0 * 1.1).contains(length), "{lengths:?}");
    }
}

#[test]
fn no_boundary_is_near_a_cut_of_the_picture_unless_it_is_on_it() {
    // In pauses, at their edges, and inside sentences.
    let cuts = [20, 133, 140, 250, 361, 480, 491, 600, 720, 840, 965];
    for first in 0..4 {
        let cuts: Vec<u64> = cuts.iter().skip(first).step_by(2).copied().collect();
        for length in [6.0, 10.0, 15.0] {
            for short in found(lecture(&cuts), 4, length) {
                held(&short);
                for time in [short.short.start, short.short.end] {
                    for cut in &cuts {
                        let far = (time.seconds() - *cut as f64 / 25.0).abs();
                        assert!(
                            !(1e-6..0.5 - 1e-6).contains(&far),
                            "{time} is {far} s from {cut}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_dissolve_is_kept_clear_of_too() {
    let mut source = lecture(&[500]);
    source.analysis.video.as_mut().unwrap().shots[1].transition_in = Some(Transition {
        kind: TransitionKind::Dissolve,
        start_frame: 490,
        end_frame: 510,
        score: 0.9,
    });
    for short in found(source, 4, 10.0) {
        for time in [short.short.start, short.short.end] {
            let at = time.seconds();
            assert!(!(19.1 + 1e-6..20.9 - 1e-6).contains(&at), "{at}");
        }
    }
}

#[test]
fn without_words_pieces_lie_between_pauses_and_are_less_sure() {
    let mut source = lecture(&[]);
    source.analysis.audio.as_mut().unwrap().transcript = None;
    let shorts = found(source, 2, 10.0);
    assert_eq!(shorts.len(), 2);
    for short in &shorts {
        held(short);
        assert_eq!(
            (short.short.title.as_ref(), short.short.confidence),
            (None, 0.3)
        );
    }
}

#[test]
fn what_held_those_who_watched_comes_first() {
    let (volcanoes, glaciers) = (start_of(1), start_of(5));
    for (first, second, best) in [(0.9, 0.2, 1), (0.3, 0.28, 5)] {
        // So many are left when the glaciers begin, and so many in the end.
        let points = vec![
            (0.0, 1.0),
            (volcanoes, 0.95),
            (glaciers, first),
            (40.0, second),
        ];
        let retention = Retention::new(points);
        let wish = ShortsWish {
            count: 2,
            length: 10.0,
            retention: retention.as_ref(),
        };
        let shorts = found_by(lecture(&[]), wish);
        assert_eq!(held(&shorts[0]).start, best);
        let reasons = &shorts[0].short.reasons;
        assert!(
            reasons.iter().any(|reason| reason.code == "held"),
            "{reasons:?}"
        );
    }
}

#[test]
fn where_nobody_speaks_there_is_no_short() {
    let mut source = lecture(&[]);
    let audio = source.analysis.audio.as_mut().unwrap();
    (audio.speech, audio.transcript) = (Vec::new(), None);
    let sources = [source];
    let wish = ShortsWish {
        count: 3,
        length: 10.0,
        retention: None,
    };
    let refused = plan_shorts(&request(&sources, None), wish).unwrap_err();
    assert_eq!(refused.code(), "nothing");
}

#[test]
fn the_documents_list_the_terms_of_a_piece() {
    let text = std::fs::read_to_string(crate::support::root().join("docs/cutting.md")).unwrap();
    let mut sum = 0.0;
    for term in PieceTerm::ALL {
        let row = format!("| `{}` | {} | ", term.code(), term.weight());
        assert!(text.contains(&row), "docs/cutting.md has no row {row}");
        if term != PieceTerm::Held {
            sum += term.weight();
        }
    }
    assert!((sum - 1.0_f64).abs() < 1e-9);
}
