//! The sound of a file on a page: waveform with loudness, beats, speech and music, facts and transcript.

use std::fmt::Write as _;

use crate::analysis::AudioReport;
use crate::report::html::{chips, clock, escaped, fact};

/// Width of the drawing, in its own units.
const WIDE: f64 = 1200.0;
/// Height of the drawing.
const HIGH: f64 = 160.0;
/// Loudness at the bottom of the drawing, LUFS.
const QUIET: f64 = -50.0;
/// Loudness at its top, LUFS.
const LOUD: f64 = -5.0;
/// Spacing in units below which beats are not drawn; downbeats always are.
const CLOSE: f64 = 3.0;
/// Most words of a transcript on a page, so that it stays readable.
const MOST_WORDS: usize = 2_000;
/// Confidence (0..1) below which words are marked.
const SURE: f64 = 0.5;

/// Height of a bar of speech or music.
const BAR: f64 = 8.0;
/// Height of the waveform's middle.
const MIDDLE: f64 = 92.0;
/// Extent of the waveform above and below its middle.
const HALF: f64 = 60.0;
/// Height of the mark of a beat.
const BEAT_TALL: f64 = 9.0;
/// Height of the mark of a downbeat.
const DOWNBEAT_TALL: f64 = 18.0;
/// Most tags on a page.
const MOST_TAGS: usize = 6;

/// The sound of a file; `outline` is its waveform.
pub(super) fn sound_panel(page: &mut String, audio: &AudioReport, outline: &[f32]) {
    drawing(page, audio, outline);
    facts(page, audio);
    let mood = audio
        .mood
        .iter()
        .flat_map(|mood| &mood.words)
        .map(|word| (word.as_str(), None));
    let tags = audio
        .tags
        .iter()
        .take(MOST_TAGS)
        .map(|tag| (tag.label.as_str(), Some(tag.score)));
    chips(page, mood.chain(tags));
    words(page, audio);
}

fn drawing(page: &mut String, audio: &AudioReport, outline: &[f32]) {
    let length = audio.duration.max(1e-3);
    let x = |seconds: f64| (seconds / length * WIDE).clamp(0.0, WIDE);
    let _ = write!(
        page,
        "<svg class=wave viewBox=\"0 0 {WIDE} {HIGH}\" preserveAspectRatio=none role=img aria-label=\"waveform\">"
    );
    for (spans, class, y) in [
        (&audio.speech, "speech", 0.0),
        (&audio.music, "music", 10.0),
    ] {
        for span in spans {
            let _ = write!(
                page,
                "<rect class={class} x=\"{:.2}\" y=\"{y}\" width=\"{:.2}\" height=\"{BAR}\"/>",
                x(span.start),
                (x(span.end) - x(span.start)).max(0.5)
            );
        }
    }
    peaks(page, outline);
    page.push_str("<path class=beats d=\"");
    let beats = if audio.beats.len() as f64 * CLOSE <= WIDE {
        &audio.beats
    } else {
        &audio.downbeats
    };
    for beat in beats.iter().take((WIDE / CLOSE) as usize) {
        let tall = if audio.downbeats.contains(beat) {
            DOWNBEAT_TALL
        } else {
            BEAT_TALL
        };
        let _ = write!(page, "M{:.2} {HIGH}v-{tall}", x(*beat));
    }
    page.push_str("\"/><polyline class=loudness points=\"");
    for (second, loudness) in audio.loudness_curve.iter().enumerate() {
        let share = ((loudness - QUIET) / (LOUD - QUIET)).clamp(0.0, 1.0);
        let y = HIGH - share * (HIGH - 20.0);
        let _ = write!(page, "{:.1},{y:.1} ", x(second as f64 + 0.5));
    }
    page.push_str(
        "\"/></svg><p class=key><b class=speech></b> speech <b class=music></b> music \
         <b class=loudness></b> loudness (short-term) <b class=beats></b> beats, downbeats taller</p>",
    );
}

fn peaks(page: &mut String, outline: &[f32]) {
    page.push_str("<path class=peaks d=\"");
    let step = WIDE / outline.len().max(1) as f64;
    for (at, peak) in outline.iter().enumerate() {
        let half = f64::from(*peak) * HALF;
        let _ = write!(
            page,
            "M{:.1} {:.1}V{:.1}",
            (at as f64 + 0.5) * step,
            MIDDLE - half,
            MIDDLE + half
        );
    }
    page.push_str("\"/>");
}

fn facts(page: &mut String, audio: &AudioReport) {
    page.push_str("<dl>");
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
}

/// The transcript with unsure words marked, or the reason why there is none.
fn words(page: &mut String, audio: &AudioReport) {
    if let Some(transcript) = &audio.transcript {
        page.push_str("<p class=words>");
        for word in transcript.words.iter().take(MOST_WORDS) {
            let class = if word.confidence < SURE {
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
