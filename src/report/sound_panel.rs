//! The sound of a file: its outline with loudness, beats, speech and music, its facts and its words.

use std::fmt::Write as _;

use crate::analysis::{AudioReport, Span};
use crate::report::html::{chips, clock, escaped, fact};

/// Width of the drawing, in its own units.
const WIDE: f64 = 1200.0;
const HIGH: f64 = 160.0;
/// Loudness at the bottom and at the top of the drawing, LUFS.
const QUIET: f64 = -50.0;
const LOUD: f64 = -5.0;
/// Beats closer than this many units are not drawn one by one.
const CLOSE: f64 = 3.0;
/// Words that are written into a page.
const MOST_WORDS: usize = 2_000;

pub(super) fn sound_panel(page: &mut String, audio: &AudioReport, outline: &[f32]) {
    let length = audio.duration.max(1e-3);
    let x = |seconds: f64| (seconds / length * WIDE).clamp(0.0, WIDE);
    let _ = write!(
        page,
        "<svg class=wave viewBox=\"0 0 {WIDE} {HIGH}\" preserveAspectRatio=none role=img aria-label=\"waveform\">"
    );
    let mut spans = |spans: &[Span], class: &str, y: f64| {
        for span in spans {
            let _ = write!(
                page,
                "<rect class={class} x=\"{:.2}\" y=\"{y}\" width=\"{:.2}\" height=\"8\"/>",
                x(span.start),
                (x(span.end) - x(span.start)).max(0.5)
            );
        }
    };
    spans(&audio.speech, "speech", 0.0);
    spans(&audio.music, "music", 10.0);
    page.push_str("<path class=peaks d=\"");
    let step = WIDE / outline.len().max(1) as f64;
    for (at, peak) in outline.iter().enumerate() {
        let half = f64::from(*peak) * 60.0;
        let _ = write!(
            page,
            "M{:.1} {:.1}V{:.1}",
            (at as f64 + 0.5) * step,
            92.0 - half,
            92.0 + half
        );
    }
    page.push_str("\"/>");
    let beats = if audio.beats.len() as f64 * CLOSE <= WIDE {
        &audio.beats
    } else {
        &audio.downbeats
    };
    page.push_str("<path class=beats d=\"");
    for beat in beats.iter().take((WIDE / CLOSE) as usize) {
        let tall = if audio.downbeats.contains(beat) {
            18.0
        } else {
            9.0
        };
        let _ = write!(page, "M{:.2} {HIGH}v-{tall}", x(*beat));
    }
    page.push_str("\"/><polyline class=loudness points=\"");
    for (second, loudness) in audio.loudness_curve.iter().enumerate() {
        let share = ((loudness - QUIET) / (LOUD - QUIET)).clamp(0.0, 1.0);
        let _ = write!(
            page,
            "{:.1},{:.1} ",
            x(second as f64 + 0.5),
            HIGH - share * (HIGH - 20.0)
        );
    }
    page.push_str("\"/></svg>");
    page.push_str("<p class=key><b class=speech></b> speech <b class=music></b> music <b class=loudness></b> loudness (short-term) \
        <b class=beats></b> beats, downbeats taller</p><dl>");
    fact(page, "length", &clock(audio.duration));
    if let Some(loudness) = audio.loudness.integrated_lufs {
        fact(page, "loudness", &format!("{loudness:.1} LUFS"));
    }
    if let Some(peak) = audio.loudness.true_peak_dbtp {
        fact(page, "true peak", &format!("{peak:.1} dBTP"));
    }
    if let Some(tempo) = &audio.tempo {
        fact(page, "tempo", &format!("{:.1} bpm", tempo.bpm));
    }
    if let Some(key) = &audio.key {
        fact(page, "key", &format!("{} {}", key.tonic, key.mode));
    }
    if let Some(axes) = &audio.axes {
        for (name, value) in [
            ("energy", axes.energy),
            ("valence", axes.valence),
            ("danceability", axes.danceability),
            ("acousticness", axes.acousticness),
        ] {
            fact(page, name, &format!("{value:.2}"));
        }
    }
    page.push_str("</dl>");
    let mood = audio
        .mood
        .iter()
        .flat_map(|mood| &mood.words)
        .map(|word| (word.as_str(), None));
    let tags = audio
        .tags
        .iter()
        .take(6)
        .map(|tag| (tag.label.as_str(), Some(tag.score)));
    chips(page, mood.chain(tags));
    words(page, audio);
}

fn words(page: &mut String, audio: &AudioReport) {
    if let Some(transcript) = &audio.transcript {
        page.push_str("<p class=words>");
        for word in transcript.words.iter().take(MOST_WORDS) {
            let class = if word.confidence < 0.5 {
                " class=doubt"
            } else {
                ""
            };
            let _ = write!(
                page,
                "<span{class} title=\"{}\">{}</span> ",
                clock(word.start),
                escaped(&word.text)
            );
        }
        if transcript.words.len() > MOST_WORDS {
            page.push('…');
        }
        page.push_str("</p>");
    }
    if let Some(why) = &audio.no_transcript {
        let _ = write!(
            page,
            "<p class=note>No transcript: {}</p>",
            escaped(&why.text)
        );
    }
}
