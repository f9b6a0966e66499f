//! Analyses built by hand.

use std::path::PathBuf;

use tastemaker::analysis::{
    ANALYSIS_SCHEMA, Analysis, AudioReport, Axes, Clipping, FileFacts, FileKind, Loudness, Moment,
    Mood, Motion, PictureFacts, Quality, Shot, Tempo, Transition, TransitionKind, VideoReport,
};
use tastemaker::edit::SourceFile;
use tastemaker::music::{Track, TrackFacts};
use tastemaker::time::Rational;

pub fn hash(name: &str) -> String {
    blake3::hash(name.as_bytes()).to_hex().to_string()
}

fn facts(name: &str, kind: FileKind) -> FileFacts {
    FileFacts {
        path: name.into(),
        bytes: 1000,
        blake3: hash(name),
        kind,
        partial: None,
        only: None,
        fast: false,
        left_out: Vec::new(),
    }
}

pub fn picture(width: u32, height: u32) -> PictureFacts {
    PictureFacts {
        width,
        height,
        palette: Vec::new(),
        luma: 0.45,
        contrast: 0.2,
        saturation: 0.35,
        warmth: 0.1,
        clipping: Clipping::default(),
        quality: Quality {
            sharpness: 0.7,
            noise: 0.1,
            exposure: 0.8,
            score: 0.7,
            ..Quality::default()
        },
        faces: Vec::new(),
        objects: Vec::new(),
        scene: Vec::new(),
        subject: None,
        mood: Mood {
            valence: 0.6,
            arousal: 0.5,
            words: vec!["bright".into()],
        },
        ..PictureFacts::default()
    }
}

pub fn photo(name: &str, width: u32, height: u32) -> Analysis {
    Analysis {
        schema: ANALYSIS_SCHEMA.into(),
        file: facts(name, FileKind::Image),
        picture: Some(picture(width, height)),
        video: None,
        audio: None,
    }
}

/// A film of `size` at `rate` whose shots have these lengths in frames.
pub fn film(name: &str, size: (u32, u32), rate: Rational, shots: &[u64]) -> Analysis {
    let frame = rate.inverse().unwrap();
    let time = |at: u64| Rational::whole(at as i64) * frame;
    let mut all = Vec::new();
    let mut start = 0;
    for &frames in shots {
        let end = start + frames;
        all.push(Shot {
            start_frame: start,
            end_frame: end,
            start: time(start).seconds(),
            end: time(end).seconds(),
            start_exact: time(start),
            end_exact: time(end),
            transition_in: (start > 0).then_some(Transition {
                kind: TransitionKind::Cut,
                start_frame: start,
                end_frame: start,
                score: 0.9,
            }),
            motion: Motion {
                energy: 0.4,
                camera: "handheld".into(),
                shake: 0.2,
                ..Motion::default()
            },
            quality: 0.7,
            moments: Vec::new(),
            picture: picture(size.0, size.1),
            key_time: time((start + end) / 2).seconds(),
            subject_path: Vec::new(),
            tracks: Vec::new(),
        });
        start = end;
    }
    Analysis {
        schema: ANALYSIS_SCHEMA.into(),
        file: facts(name, FileKind::Video),
        picture: None,
        video: Some(VideoReport {
            width: size.0,
            height: size.1,
            frame_rate: rate,
            variable_frame_rate: false,
            treatments: Vec::new(),
            frames: start,
            duration: time(start).seconds(),
            duration_exact: time(start),
            plays: None,
            shots: all,
            black: Vec::new(),
            frozen: Vec::new(),
            spoiled: Vec::new(),
            views: Vec::new(),
            motion_curve: Vec::new(),
            quality_curve: Vec::new(),
            takes: Vec::new(),
        }),
        audio: None,
    }
}

pub fn moment(start: f64, end: f64, score: f64) -> Moment {
    Moment {
        start,
        end,
        score,
        reasons: vec!["sharp".into(), "steady".into()],
        peak: None,
    }
}

/// Sound of `duration` seconds without speech or music.
pub fn quiet(duration: f64) -> AudioReport {
    AudioReport {
        duration,
        sample_rate: 48_000,
        channels: 2,
        loudness: Loudness {
            integrated_lufs: Some(-23.0),
            range_lu: Some(4.0),
            true_peak_dbtp: Some(-3.0),
        },
        speech: Vec::new(),
        music: Vec::new(),
        singing: Vec::new(),
        silence: Vec::new(),
        events: Vec::new(),
        tempo: None,
        beats: Vec::new(),
        downbeats: Vec::new(),
        key: None,
        tags: Vec::new(),
        axes: None,
        mood: None,
        sections: Vec::new(),
        phrases: Vec::new(),
        energy_curve: Vec::new(),
        onsets_per_second: None,
        embedding: Vec::new(),
        chromaprint: None,
        loudness_curve: vec![-23.0; duration.ceil() as usize],
        transcript: None,
        no_transcript: None,
    }
}

/// A track of four beats a bar whose first downbeat is at `offset`.
pub fn track(name: &str, duration: f64, bpm: f64, offset: f64) -> Track {
    let mut audio = quiet(duration);
    let beat = 60.0 / bpm;
    let count = ((duration - offset) / beat).floor() as usize;
    audio.beats = (0..count)
        .map(|number| offset + number as f64 * beat)
        .collect();
    audio.downbeats = audio.beats.iter().copied().step_by(4).collect();
    audio.tempo = Some(Tempo {
        bpm,
        confidence: 0.9,
        meter: Some(4),
        alternatives: Vec::new(),
    });
    audio.axes = Some(Axes {
        energy: 0.5,
        valence: 0.6,
        danceability: 0.6,
        acousticness: 0.3,
        density: 0.4,
        brightness: 0.5,
    });
    audio.mood = Some(Mood {
        valence: 0.6,
        arousal: 0.5,
        words: vec!["warm".into()],
    });
    // A quiet intro of eight seconds, then louder and louder in waves.
    audio.loudness_curve = (0..duration.ceil() as usize)
        .map(|second| {
            if second < 8 {
                -40.0
            } else {
                -18.0 + 6.0 * (second as f64 / 9.0).sin()
            }
        })
        .collect();
    let analysis = Analysis {
        schema: ANALYSIS_SCHEMA.into(),
        file: facts(name, FileKind::Audio),
        picture: None,
        video: None,
        audio: Some(audio),
    };
    let facts = TrackFacts {
        title: name.trim_end_matches(".ogg").to_owned(),
        ..TrackFacts::default()
    };
    Track::new(PathBuf::from(name), analysis, facts).unwrap()
}

pub fn source(analysis: Analysis) -> SourceFile {
    SourceFile {
        path: PathBuf::from(&analysis.file.path),
        analysis,
        levels: None,
    }
}
