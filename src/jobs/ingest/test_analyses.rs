//! Analyses for tests, with nothing in them but what a test adds.

#![allow(clippy::unwrap_used)]

use serde_json::json;

use crate::analysis::{
    Analysis, AudioReport, PictureFacts, Shot, Span, Transcript, TranscriptWord, VideoReport,
};

fn analysis(kind: &str) -> Analysis {
    let file = json!({"path": "a", "bytes": 1, "blake3": "", "kind": kind});
    serde_json::from_value(json!({"schema": "tastemaker.analysis/1", "file": file})).unwrap()
}

/// A still.
pub(super) fn still(picture: PictureFacts) -> Analysis {
    let mut still = analysis("image");
    still.picture = Some(picture);
    still
}

/// A sound.
pub(super) fn sound(audio: AudioReport) -> Analysis {
    let mut sound = analysis("audio");
    sound.audio = Some(audio);
    sound
}

/// A film whose shots begin at `starts`, in whole seconds, after cuts, and whose last one ends at `end`.
pub(super) fn film(starts: &[u32], end: u32, audio: Option<AudioReport>) -> Analysis {
    let ends = starts.iter().skip(1).chain([&end]);
    let shots = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| shot(*start, *end));
    let video: VideoReport = serde_json::from_value(json!({
        "width": 64, "height": 36, "frame_rate": "25", "variable_frame_rate": false,
        "frames": end * 25, "duration": f64::from(end), "duration_exact": format!("{end}"),
        "shots": [], "black": [], "frozen": [],
    }))
    .unwrap();
    let mut film = analysis("video");
    film.video = Some(VideoReport {
        shots: shots.collect(),
        ..video
    });
    film.audio = audio;
    film
}

fn shot(start: u32, end: u32) -> Shot {
    let cut = (start > 0).then(
        || json!({"kind": "cut", "start_frame": start * 25, "end_frame": start * 25, "score": 1.0}),
    );
    let picture = serde_json::to_value(PictureFacts::default()).unwrap();
    serde_json::from_value(json!({
        "start_frame": start * 25, "end_frame": end * 25,
        "start": f64::from(start), "end": f64::from(end),
        "start_exact": format!("{start}"), "end_exact": format!("{end}"),
        "transition_in": cut, "motion": {"energy": 0.0, "camera": "static", "shake": 0.0},
        "quality": 0.5, "moments": [], "picture": picture,
        "key_time": f64::from(start + end) / 2.0, "subject_path": [],
    }))
    .unwrap()
}

/// Sound of which nothing is known, `seconds` long.
pub(super) fn silence(seconds: f64) -> AudioReport {
    serde_json::from_value(json!({
        "duration": seconds, "sample_rate": 48000, "channels": 2, "loudness": {},
        "speech": [], "music": [], "beats": [], "downbeats": [], "tags": [], "loudness_curve": [],
    }))
    .unwrap()
}

/// Sound in which these words are said, each with its start and end in seconds.
pub(super) fn speech(seconds: f64, words: &[(&str, f64, f64)]) -> AudioReport {
    let words = words.iter().map(|&(text, start, end)| TranscriptWord {
        text: text.into(),
        start,
        end,
        confidence: 0.9,
    });
    let words: Vec<TranscriptWord> = words.collect();
    AudioReport {
        speech: words
            .iter()
            .map(|word| Span {
                start: word.start,
                end: word.end,
            })
            .collect(),
        transcript: Some(Transcript {
            language: "en".into(),
            words,
        }),
        ..silence(seconds)
    }
}
