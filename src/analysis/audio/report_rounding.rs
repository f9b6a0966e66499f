//! Rounds the numbers of a report to four decimals.

use crate::analysis::{AudioReport, Axes, Key, LabelScore, Loudness, Mood, Tempo};
use crate::time::rounded;

/// Every number of the report with four decimals.
pub(super) fn with_four_decimals(mut report: AudioReport) -> AudioReport {
    report.duration = rounded(report.duration);
    report.loudness = Loudness {
        integrated_lufs: report.loudness.integrated_lufs.map(rounded),
        range_lu: report.loudness.range_lu.map(rounded),
        true_peak_dbtp: report.loudness.true_peak_dbtp.map(rounded),
    };
    report.tempo = report.tempo.map(|mut tempo: Tempo| {
        tempo.bpm = rounded(tempo.bpm);
        tempo.confidence = rounded(tempo.confidence);
        for other in &mut tempo.alternatives {
            other.bpm = rounded(other.bpm);
            other.confidence = rounded(other.confidence);
        }
        tempo
    });
    report.key = report.key.map(|key: Key| Key {
        confidence: rounded(key.confidence),
        tuning_cents: rounded(key.tuning_cents),
        ..key
    });
    report.axes = report.axes.map(|axes| Axes {
        energy: rounded(axes.energy),
        valence: rounded(axes.valence),
        danceability: rounded(axes.danceability),
        acousticness: rounded(axes.acousticness),
        density: rounded(axes.density),
        brightness: rounded(axes.brightness),
    });
    report.mood = report.mood.map(|mood| Mood {
        valence: rounded(mood.valence),
        arousal: rounded(mood.arousal),
        ..mood
    });
    for section in &mut report.sections {
        section.start = rounded(section.start);
        section.end = rounded(section.end);
        section.energy = rounded(section.energy);
    }
    report.onsets_per_second = report.onsets_per_second.map(rounded);
    for tag in &mut report.tags {
        let LabelScore { score, .. } = tag;
        *score = rounded(*score);
    }
    for time in [
        &mut report.beats,
        &mut report.downbeats,
        &mut report.phrases,
        &mut report.energy_curve,
        &mut report.loudness_curve,
    ] {
        for value in time.iter_mut() {
            *value = rounded(*value);
        }
    }
    report
}
