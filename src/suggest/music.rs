//! Which music, from which second, how loud.

use std::collections::BTreeMap;

use crate::analysis::AudioReport;
use crate::music::{Track, best_span};
use crate::profile::Kind;
use crate::suggest::set::PictureSet;
use crate::suggest::taste::taste_term;
use crate::suggest::weigh::{Term, order, ramp, weigh};
use crate::suggest::words::{WordSpace, track_text};
use crate::suggest::{Abstention, MusicSuggestion, SuggestRequest, abstain};
use crate::time::rounded;

/// Tracks that are given at most.
const MOST: usize = 10;
/// A track that scores less is not suggested.
const LEAST: f64 = 0.4;
/// Seconds of a film whose length nobody named.
const USUAL_LENGTH: f64 = 30.0;
/// Distance on the square of valence and arousal at which moods have nothing in common.
const FAR: f64 = 0.6;
/// Tags that mean a voice, and tags that mean none.
const VOCAL: [&str; 18] = [
    "vocal",
    "vocals",
    "singing",
    "voice",
    "female vocal",
    "male vocal",
    "female voice",
    "male voice",
    "female vocalist",
    "female vocalists",
    "male vocalists",
    "choir",
    "choral",
    "opera",
    "woman",
    "man",
    "hip-hop",
    "rnb",
];
const INSTRUMENTAL: [&str; 4] = ["no vocals", "no vocal", "no voice", "instrumental"];

pub(super) fn rank(
    request: &SuggestRequest<'_>,
    set: &PictureSet,
    space: &WordSpace,
    abstained: &mut Vec<Abstention>,
) -> Vec<MusicSuggestion> {
    if request.tracks.is_empty() {
        abstain(abstained, "music", "There is no music to choose from.");
        return Vec::new();
    }
    let mut ranked: Vec<MusicSuggestion> = request
        .tracks
        .iter()
        .filter_map(|track| suggestion(request, set, space, track))
        .collect();
    order(&mut ranked, request.seed, |music| &music.choice);
    let best = ranked.first().map_or(0.0, |music| music.choice.score);
    ranked.retain(|music| music.choice.score >= LEAST);
    ranked.truncate(MOST);
    if ranked.is_empty() {
        let why = format!(
            "No track fits: the best of {} scores {best:.2}.",
            request.tracks.len()
        );
        abstain(abstained, "music", why);
    }
    ranked
}

fn suggestion(
    request: &SuggestRequest<'_>,
    set: &PictureSet,
    space: &WordSpace,
    track: &Track,
) -> Option<MusicSuggestion> {
    let audio = track.audio()?;
    let length = request.length.unwrap_or(USUAL_LENGTH);
    let span = best_span(audio, length);
    let features = features(audio);
    let terms = vec![
        mood_term(set, audio),
        energy_term(set, audio),
        words_term(space, track),
        vocals_term(set, audio),
        length_term(audio, length),
        beat_term(audio),
        license_term(track),
        taste_term(request.taste, Kind::Music, track.id(), &features),
    ];
    let gain = audio.loudness.integrated_lufs.map_or(0.0, |loudness| {
        (request.target_lufs - loudness).clamp(-30.0, 30.0)
    });
    let mut choice = weigh(track.id(), terms);
    choice.features.extend(features);
    Some(MusicSuggestion {
        choice,
        path: track.path.to_string_lossy().into_owned(),
        title: track.title.clone(),
        license: track.license.id.clone(),
        rights: track.license.clone(),
        start: rounded(span.start),
        end: rounded(span.end),
        gain_db: rounded(gain),
    })
}

/// What the music is like, as a person's taste is about it.
fn features(audio: &AudioReport) -> BTreeMap<String, f64> {
    let tempo = audio.tempo.as_ref();
    [
        ("is_energetic", audio.axes.map(|axes| axes.energy)),
        ("is_happy", audio.axes.map(|axes| axes.valence)),
        ("is_danceable", audio.axes.map(|axes| axes.danceability)),
        ("is_acoustic", audio.axes.map(|axes| axes.acousticness)),
        ("is_fast", tempo.map(|tempo| ramp(tempo.bpm, 60.0, 180.0))),
        ("is_sung", vocals(audio)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), rounded(value?))))
    .collect()
}

fn mood_term(set: &PictureSet, audio: &AudioReport) -> Term {
    let mood = audio.mood.as_ref().filter(|_| set.seen);
    let distance = mood.map(|mood| (mood.valence - set.valence).hypot(mood.arousal - set.arousal));
    let value = distance.map(|distance| 1.0 - distance / FAR);
    let named = |words: &[String]| match words.first() {
        Some(word) => format!(" ({word})"),
        None => String::new(),
    };
    let text = match (value, mood) {
        (Some(value), Some(mood)) => format!(
            "Its mood{} is {} that of the pictures{}.",
            named(&mood.words),
            if value >= 0.5 { "close to" } else { "far from" },
            named(&set.mood),
        ),
        _ => String::new(),
    };
    Term::new("mood_fits", value, 3.0, text)
}

fn energy_term(set: &PictureSet, audio: &AudioReport) -> Term {
    let energy = audio.axes.map(|axes| axes.energy).or_else(|| {
        let tempo = audio.tempo.as_ref()?;
        Some(ramp(tempo.bpm, 60.0, 170.0))
    });
    let value = energy
        .zip(set.energy)
        .map(|(music, film)| 1.0 - (music - film).abs() / 0.7);
    let text = match energy.zip(set.energy) {
        Some((music, film)) if music > film + 0.2 => "It is livelier than the clips move.",
        Some((music, film)) if music < film - 0.2 => "It is calmer than the clips move.",
        _ => "It is as lively as the clips move.",
    };
    Term::new("energy_fits", value, 1.5, text)
}

fn words_term(space: &WordSpace, track: &Track) -> Term {
    let value = track_text(track).and_then(|text| space.likeness(&text));
    let tags: Vec<&str> = track
        .audio()
        .map(|audio| {
            audio
                .tags
                .iter()
                .take(2)
                .map(|tag| tag.label.as_str())
                .collect()
        })
        .unwrap_or_default();
    let sound = if tags.is_empty() {
        "it sounds like".to_owned()
    } else {
        tags.join(" and ")
    };
    let text = if value.unwrap_or(0.0) >= 0.5 {
        format!("What is in the pictures goes with {sound}.")
    } else {
        format!("What is in the pictures has little to do with {sound}.")
    };
    Term::new("words_fit", value, 1.5, text)
}

/// 0 instrumental .. 1 sung; `None` when no tag tells.
fn vocals(audio: &AudioReport) -> Option<f64> {
    let best = |names: &[&str]| {
        audio
            .tags
            .iter()
            .filter(|tag| names.contains(&tag.label.to_lowercase().as_str()))
            .map(|tag| tag.score)
            .fold(0.0, f64::max)
    };
    let (sung, without) = (best(&VOCAL), best(&INSTRUMENTAL));
    (!audio.tags.is_empty()).then(|| sung / (sung + without + 0.05))
}

fn vocals_term(set: &PictureSet, audio: &AudioReport) -> Term {
    // Singing is only in the way of somebody who speaks.
    let speech = set.speech.filter(|speech| *speech > 0.1);
    let value = speech
        .zip(vocals(audio))
        .map(|(speech, vocals)| 1.0 - vocals * ramp(speech, 0.0, 0.4));
    let text = if value.unwrap_or(1.0) >= 0.5 {
        "It leaves room for the voices in the clips."
    } else {
        "Its singing gets in the way of the voices in the clips."
    };
    Term::new(
        "vocals_leave_room",
        value,
        if speech.is_some() { 2.0 } else { 0.0 },
        text,
    )
}

fn length_term(audio: &AudioReport, length: f64) -> Term {
    let value = ramp(audio.duration, length * 0.4, length);
    let text = if value >= 1.0 {
        "It is long enough.".to_owned()
    } else {
        format!(
            "It ends after {:.0} of {length:.0} seconds.",
            audio.duration
        )
    };
    Term::new(
        "long_enough",
        Some(0.5 + (value - 0.5).min(0.25)),
        1.0,
        text,
    )
}

fn beat_term(audio: &AudioReport) -> Term {
    let value = match &audio.tempo {
        Some(tempo) if !audio.beats.is_empty() => tempo.confidence,
        _ => 0.0,
    };
    let text = match &audio.tempo {
        Some(tempo) if value >= 0.5 => {
            format!("It has a steady beat to cut on, {:.0} a minute.", tempo.bpm)
        }
        _ => "It has no steady beat to cut on.".to_owned(),
    };
    Term::new("steady_beat", Some(value), 0.8, text)
}

fn license_term(track: &Track) -> Term {
    let known = track.license.is_known();
    let text = if known {
        format!("Its license is known: {}.", track.license.id)
    } else {
        "Nobody says under which license it may be used.".to_owned()
    };
    Term::new(
        "license_known",
        Some(if known { 0.7 } else { 0.2 }),
        0.8,
        text,
    )
}
