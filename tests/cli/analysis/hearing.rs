//! Analysis of sound against annotated recordings, with the same scores as the evaluation scripts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tastemaker::analysis::audio::analyze_audio;
use tastemaker::analysis::{AnalysisContext, AudioReport, Language, SoundEventKind, Span};
use tastemaker::media::Limits;
use tastemaker::task::Task;

use crate::support::{self, tastemaker};

fn heard(path: &Path) -> AudioReport {
    let context = AnalysisContext {
        models: support::models(),
        limits: Limits::default(),
        task: Task::default(),
        threads: 0,
        language: Default::default(),
        scope: Default::default(),
        captions: None,
        beats: Default::default(),
    };
    let (report, broken) = analyze_audio(&context, path).expect("it can be heard");
    assert!(broken.is_none(), "{}: {broken:?}", path.display());
    report
}

fn truth(path: PathBuf) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let values = value.as_array().unwrap();
    values.iter().map(|value| value.as_f64().unwrap()).collect()
}

/// Beats within 70 ms, one to one.
fn f_measure(wanted: &[f64], found: &[f64]) -> f64 {
    let (mut i, mut j, mut hits) = (0, 0, 0.0);
    while i < wanted.len() && j < found.len() {
        if (wanted[i] - found[j]).abs() <= 0.07 {
            hits += 1.0;
            i += 1;
            j += 1;
        } else if wanted[i] < found[j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    2.0 * hits / (wanted.len() + found.len()).max(1) as f64
}

#[test]
fn english_is_written_down_and_other_languages_are_not() {
    let report = heard(&support::media("speech/austen.flac"));
    let transcript = report.transcript.expect("somebody speaks");
    assert_eq!(
        (transcript.language.as_str(), report.no_transcript),
        ("en", None)
    );
    let text: Vec<&str> = transcript
        .words
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    assert_eq!(text.join(" "), "He was not an ill-disposed young man.");
    let mut before = 0.0;
    for word in &transcript.words {
        assert!(word.start >= before && word.end >= word.start, "{word:?}");
        assert!(word.end <= report.speech[0].end + 0.01, "{word:?}");
        before = word.end;
    }
    let context = AnalysisContext {
        models: support::models(),
        limits: Limits::default(),
        task: Task::default(),
        threads: 0,
        language: Language("de".into()),
        scope: Default::default(),
        captions: None,
        beats: Default::default(),
    };
    let (report, _) = analyze_audio(&context, &support::media("speech/austen.flac")).unwrap();
    assert!(report.transcript.is_none());
    assert_eq!(report.no_transcript.unwrap().code, "language");

    let Some(corpus) = support::corpus() else {
        return;
    };
    for name in [
        "deepspeech_ru.wav",
        "speechrecognition_french.aiff",
        "fillets_nl/gems_zav-v-restart.ogg",
    ] {
        let report = heard(&corpus.join("speech").join(name));
        assert!(
            report.transcript.is_none(),
            "{name}: {:?}",
            report.transcript
        );
        assert_eq!(
            report.no_transcript.unwrap().code,
            "not_understood",
            "{name}"
        );
    }
    // Music is not speech: no words are invented.
    let report = heard(&corpus.join("speech/mixes/p2_speech_loud_music_bed.ogg"));
    assert!(report.transcript.is_none() && report.no_transcript.is_none());
}

#[test]
fn beats_fit_the_annotated_ones() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = corpus.join("beats");
    let annotated = truth(folder.join("beats.json"));
    let mut figures = BTreeMap::new();
    let mut tempi = BTreeMap::new();
    for track in annotated["tracks"].as_array().unwrap() {
        let file = track["file"].as_str().unwrap();
        let start = if track["duration"].as_f64().unwrap() > 10.0 {
            5.0
        } else {
            0.0
        };
        let late = |times: Vec<f64>| -> Vec<f64> {
            times.into_iter().filter(|time| *time >= start).collect()
        };
        let report = heard(&folder.join(file));
        assert!(report.beats.is_sorted() && report.downbeats.is_sorted());
        assert!(
            report
                .downbeats
                .iter()
                .all(|start| report.beats.contains(start))
        );
        let figure = f_measure(&late(numbers(&track["beats"])), &late(report.beats));
        figures.insert(file.to_owned(), figure);
        if file.starts_with("openmsx_") || file.starts_with("fof_") {
            let wanted = track["tempo_bpm_median"].as_f64().unwrap();
            let told = report.tempo.expect("a steady beat").bpm;
            tempi.insert(file.to_owned(), told / wanted);
        }
    }
    let mean = |start: &str| {
        let of: Vec<f64> = figures
            .iter()
            .filter(|(file, _)| file.starts_with(start))
            .map(|(_, figure)| *figure)
            .collect();
        of.iter().sum::<f64>() / of.len().max(1) as f64
    };
    for (start, least) in [("", 0.88), ("openmsx_", 0.92), ("fof_", 0.95)] {
        assert!(mean(start) >= least, "beats F of {start}*: {figures:#?}");
    }
    let near = tempi.values().filter(|ratio| (*ratio - 1.0).abs() <= 0.04);
    assert!(near.count() >= 12, "tempo by the median: {tempi:#?}");
}

#[test]
fn noise_and_held_notes_have_no_beat() {
    let folder = tempfile::tempdir().unwrap();
    let rate = 44_100;
    let mut state = 1_u32;
    let noise: Vec<f32> = (0..20 * rate)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            0.2 * ((state >> 8) as f32 / 8_388_608.0 - 1.0)
        })
        .collect();
    // A chord that swells and fades over 20 s.
    let pad: Vec<f32> = (0..20 * rate)
        .map(|at| {
            let time = at as f32 / rate as f32;
            let swell = (std::f32::consts::PI * time / 20.0).sin();
            let chord: f32 = [220.0, 277.18, 329.63]
                .map(|hertz| (std::f32::consts::TAU * hertz * time).sin())
                .iter()
                .sum();
            0.15 * swell * chord
        })
        .collect();
    for (name, samples) in [("noise.wav", noise), ("pad.wav", pad)] {
        let path = folder.path().join(name);
        write_wave(&path, rate as u32, &samples);
        let report = heard(&path);
        assert!(report.tempo.is_none(), "{name}: {:?}", report.tempo);
        assert!(report.beats.is_empty() && report.downbeats.is_empty());
    }
}

/// What `analyze` says about a track with these words added.
fn pulse(home: &Path, words: &[&str]) -> (f64, Vec<f64>) {
    let song = support::media("music/theme.ogg");
    let mut line = vec!["analyze", "--json", song.to_str().unwrap()];
    line.extend(words);
    let report = tastemaker(home).args(line).exits(0).document();
    let audio = &report["audio"];
    (
        audio["tempo"]["bpm"].as_f64().unwrap(),
        numbers(&audio["beats"]),
    )
}

#[test]
fn a_person_decides_tempo_and_place_of_the_beats() {
    let home = tempfile::tempdir().unwrap();
    let (bpm, beats) = pulse(home.path(), &[]);
    let wanted = if bpm > 100.0 { bpm / 2.0 } else { bpm * 2.0 };
    let (decided, _) = pulse(home.path(), &["--tempo", &wanted.to_string()]);
    assert!((decided / wanted - 1.0).abs() <= 0.04, "{decided} {wanted}");
    let (_, moved) = pulse(home.path(), &["--nudge", "0.05"]);
    for (moved, beat) in moved.iter().zip(&beats) {
        assert!((moved - beat - 0.05).abs() < 0.002, "{moved} {beat}");
    }
    // Results with and without it are cached separately.
    assert_eq!(pulse(home.path(), &[]), (bpm, beats));
}

fn mask(spans: impl Iterator<Item = (f64, f64)>, frames: usize) -> Vec<bool> {
    let mut mask = vec![false; frames];
    for (start, end) in spans {
        let (start, end) = (
            (start * 100.0).round() as usize,
            (end * 100.0).round() as usize,
        );
        mask[start.min(frames)..end.min(frames)].fill(true);
    }
    mask
}

fn pairs(value: &Value) -> Vec<(f64, f64)> {
    let spans = value.as_array().unwrap().iter();
    spans
        .map(|span| (span[0].as_f64().unwrap(), span[1].as_f64().unwrap()))
        .collect()
}

fn ends(spans: &[Span]) -> impl Iterator<Item = (f64, f64)> {
    spans.iter().map(|span| (span.start, span.end))
}

#[test]
fn speech_is_found_under_music_and_noise() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = corpus.join("speech");
    let (mut hits, mut said, mut wanted) = (0.0, 0.0, 0.0);
    for mix in truth(folder.join("mixes.json"))["mixes"]
        .as_array()
        .unwrap()
    {
        let name = mix["name"].as_str().unwrap();
        let frames = (mix["duration"].as_f64().unwrap() * 100.0).round() as usize;
        let report = heard(&folder.join(format!("mixes/{name}_mix.ogg")));
        let found = mask(ends(&report.speech), frames);
        let placed = mask(pairs(&mix["speech_intervals"]).into_iter(), frames);
        let active = mask(pairs(&mix["active_segments"]).into_iter(), frames);
        for frame in 0..frames {
            let hit = found[frame] && active[frame];
            let wrong = found[frame] && !placed[frame];
            hits += f64::from(u8::from(hit));
            said += f64::from(u8::from(hit || wrong));
            wanted += f64::from(u8::from(active[frame]));
        }
    }
    let figure = 2.0 * hits / (said + wanted);
    assert!(figure >= 0.97, "speech F1 {figure:.4}");
}

#[test]
fn loudness_meets_the_ebu_test_signals() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = corpus.join("music");
    for (file, wanted) in truth(folder.join("loudness.json"))["files"]
        .as_object()
        .unwrap()
    {
        let loudness = heard(&folder.join(file)).loudness;
        let (measured, wanted_value) = match wanted["I"].as_f64() {
            Some(integrated) => (loudness.integrated_lufs, integrated),
            None => (loudness.range_lu, wanted["LRA"].as_f64().unwrap()),
        };
        let difference = (measured.unwrap() - wanted_value).abs();
        assert!(
            difference <= wanted["tol"].as_f64().unwrap(),
            "{file}: {loudness:?}"
        );
    }
}

#[test]
fn battles_have_more_energy_than_what_is_calm() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = corpus.join("music");
    let truth = truth(folder.join("moods.json"));
    let energies = |word: &str| -> Vec<f64> {
        let tracks = truth["tracks"].as_array().unwrap().iter();
        tracks
            .filter(|track| {
                track["mood"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|mood| mood == word)
            })
            .map(|track| {
                let report = heard(&folder.join(track["file"].as_str().unwrap()));
                report.axes.unwrap().energy
            })
            .collect()
    };
    let (battle, calm) = (energies("battle"), energies("calm"));
    let pairs = battle.len() * calm.len();
    let ordered: usize = battle
        .iter()
        .map(|energy| calm.iter().filter(|other| energy > other).count())
        .sum();
    assert!(pairs >= 20, "{pairs} pairs");
    let share = ordered as f64 / pairs as f64;
    assert!(share >= 0.90, "{ordered} of {pairs} pairs");
}

#[test]
fn music_has_tags_a_key_axes_and_a_mood() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let report = heard(&corpus.join("music/excerpts/supertux_chipdisko.ogg"));
    assert!(report.speech.is_empty(), "{:?}", report.speech);
    assert_eq!(report.music.len(), 1);
    let tempo = report.tempo.unwrap();
    assert!((tempo.bpm - 136.4).abs() < 0.3, "{tempo:?}");
    assert!(tempo.confidence > 0.8);
    assert!(report.tags.len() <= 16);
    assert!(
        report
            .tags
            .iter()
            .take(3)
            .any(|tag| tag.label.starts_with("electro")),
        "{:?}",
        report.tags
    );
    assert!(report.tags.is_sorted_by(|a, b| a.score >= b.score));
    assert!(report.key.is_some());
    let (axes, mood) = (report.axes.unwrap(), report.mood.unwrap());
    assert_eq!(axes.energy, mood.arousal);
    assert!(axes.energy > 0.5, "{axes:?}");
    assert_eq!(report.embedding.len(), 96);
    assert!(report.onsets_per_second.unwrap() > 1.0);
    assert_eq!(report.energy_curve.len(), report.duration.ceil() as usize);
    assert!(
        report
            .energy_curve
            .iter()
            .all(|value| (0.0..=1.0).contains(value))
    );
    assert!(!report.sections.is_empty() && !report.phrases.is_empty());
    for pair in report.sections.windows(2) {
        assert_eq!(pair[0].end, pair[1].start);
        assert!(report.downbeats.contains(&pair[1].start));
    }
    assert!(
        report
            .phrases
            .iter()
            .all(|time| report.downbeats.contains(time))
    );
    assert_eq!(report.loudness_curve.len(), report.duration.ceil() as usize);
}

#[test]
fn speech_alone_has_no_beats_tags_or_mood() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let report = heard(&corpus.join("speech/librivox_austen_0920.wav"));
    assert!(!report.speech.is_empty());
    assert!(report.beats.is_empty() && report.tempo.is_none());
    assert!(report.tags.is_empty() && report.key.is_none());
    assert!(report.axes.is_none() && report.mood.is_none());
    assert!(report.sections.is_empty() && report.embedding.is_empty());
    assert!(report.energy_curve.is_empty() && report.onsets_per_second.is_none());
}

#[test]
fn the_same_sound_gives_the_same_report() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let path = corpus.join("speech/mixes/p2_speech_loud_music_mix.ogg");
    let text = |report: &AudioReport| serde_json::to_string(report).unwrap();
    let alone = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    assert_eq!(text(&alone.install(|| heard(&path))), text(&heard(&path)));
}

#[test]
fn cancelled_work_stops() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let cancelled = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let context = AnalysisContext {
        models: support::models(),
        limits: Limits::default(),
        task: Task::new(cancelled),
        threads: 0,
        language: Default::default(),
        scope: Default::default(),
        captions: None,
        beats: Default::default(),
    };
    let stopped = analyze_audio(&context, &corpus.join("music/full/supertux_theme.ogg"));
    assert!(matches!(stopped, Err(tastemaker::Error::Cancelled)));
}

/// A WAV file of one channel.
fn write_wave(path: &Path, rate: u32, samples: &[f32]) {
    let data: Vec<u8> = samples
        .iter()
        .flat_map(|sample| ((sample.clamp(-1.0, 1.0) * 32_767.0) as i16).to_le_bytes())
        .collect();
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate.to_le_bytes());
    file.extend((2 * rate).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    std::fs::write(path, file).unwrap();
}

#[test]
fn silence_and_hits_are_told_and_words_are_no_hits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("knocks.wav");
    let rate = 48_000;
    // Hiss at -46 dBFS; knocks on wood at 2, 3.5 and 5 s: a damped tone with its overtones; nothing from 6 to 8 s.
    let mut state = 1_u32;
    let samples: Vec<f32> = (0..8 * rate)
        .map(|at| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hiss = 0.008 * ((state >> 8) as f32 / 8_388_608.0 - 1.0);
            let time = at as f32 / rate as f32;
            let knock: f32 = [2.0, 3.5, 5.0]
                .into_iter()
                .filter(|start| time >= *start)
                .map(|start| {
                    let gone = time - start;
                    let tone = |hertz: f32| (std::f32::consts::TAU * hertz * gone).sin();
                    0.25 * (-60.0 * gone).exp() * (tone(310.0) + tone(823.0) + tone(1_490.0))
                })
                .sum();
            if time < 6.0 { hiss + knock } else { 0.0 }
        })
        .collect();
    write_wave(&path, rate, &samples);
    let report = heard(&path);
    assert_eq!(
        report.silence,
        [Span {
            start: 6.0,
            end: 8.0
        }]
    );
    let told: Vec<_> = report
        .events
        .iter()
        .map(|event| (event.kind, (event.start * 10.0).round() / 10.0))
        .collect();
    let hit = SoundEventKind::Hit;
    assert_eq!(told, [(hit, 2.0), (hit, 3.5), (hit, 5.0)], "{report:?}");
    assert!(
        report
            .events
            .iter()
            .all(|event| event.end - event.start < 0.3)
    );
    assert!(report.singing.is_empty());

    // A sentence begins suddenly, but it is speech.
    let spoken = heard(&support::media("speech/austen.flac"));
    assert_eq!(spoken.events, []);
    assert!(spoken.singing.is_empty(), "{:?}", spoken.singing);
}
