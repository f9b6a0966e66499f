//! Which music, from which second, how loud.

use std::collections::BTreeMap;

use crate::analysis::{Analysis, AudioReport, Axes, Span};
use crate::music::{Edge, EnergyArc, Track, Window, WindowRequest, best_window};
use crate::profile::TasteKind;
use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::{Term, order_nearly, ramp, weigh};
use crate::suggest::suggestions::abstain;
use crate::suggest::taste_term::taste_term;
use crate::suggest::track_fit;
use crate::suggest::word_space::{WordSpace, track_text};
use crate::suggest::{Abstention, MusicSuggestion, NearMiss, ShotPace, SuggestRequest};
use crate::time::rounded;

/// Tracks that are given at most.
const MOST: usize = 10;
/// A track that scores less is not suggested.
const LEAST: f64 = 0.4;
/// Seconds of a film whose length nobody named.
pub(super) const USUAL_LENGTH: f64 = 30.0;
/// The share of the clips' sound from which on they have music of their own.
const MUSICAL: f64 = 0.5;
/// What `cuts_fit` is for cuts that fall anywhere.
const CHANCE: f64 = 0.5;
/// Tracks that are named when none fits.
const NEAREST: usize = 3;

/// What each term weighs in a track's score, which is their weighted mean. The table in `docs/music.md` is this one.
/// Taste comes on top, with up to 3.5, by how sure it is; terms that nothing is known about are left out.
pub const MUSIC_WEIGHTS: [(&str, f64); 12] = [
    ("mood_fits", 3.0),
    ("energy_fits", 1.5),
    ("pace_fits", 0.8),
    ("words_fit", 1.5),
    ("structure_fits", 1.0),
    ("cuts_fit", 5.0),
    ("vocals_leave_room", 2.0),
    ("dynamics_fit", 0.6),
    ("long_enough", 1.0),
    ("steady_beat", 0.8),
    ("fresh", 0.8),
    ("license_known", 0.8),
];

pub(super) fn weight(name: &str) -> f64 {
    MUSIC_WEIGHTS
        .iter()
        .find(|(term, _)| *term == name)
        .map_or(0.0, |(_, weight)| *weight)
}

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
    tracks: &[&Track],
    set: &PictureSet,
    space: &WordSpace,
    abstained: &mut Vec<Abstention>,
) -> Vec<MusicSuggestion> {
    let left_out: usize = request.left_out.iter().map(|these| these.tracks).sum();
    let offered = request.tracks.len() + left_out;
    if offered == 0 {
        abstain(abstained, "music", "There is no music to choose from.");
        return Vec::new();
    }
    if tracks.is_empty() {
        let what = match request.usage.filter(|usage| !usage.is_empty()) {
            Some(usage) => format!("for {usage}"),
            None => "any more".to_owned(),
        };
        let why = match offered {
            1 => format!("The only track may not be used {what}."),
            count => format!("None of the {count} tracks may be used {what}."),
        };
        abstain(abstained, "music", why);
        return Vec::new();
    }
    if let Some(share) = own_music(request.files).filter(|_| !request.film.over_music) {
        let why = format!(
            "The clips have music of their own ({:.0} % of them): nothing is laid over it unless you say so.",
            share * 100.0
        );
        abstain(abstained, "music", why);
        return Vec::new();
    }
    let mut ranked: Vec<MusicSuggestion> = tracks
        .iter()
        .filter_map(|track| suggestion(request, set, space, track))
        .collect();
    order_nearly(&mut ranked, request.seed, |music| &music.choice);
    let fits = |music: &MusicSuggestion| music.choice.score >= LEAST && !misses_cuts(music);
    if !ranked.iter().any(fits) {
        abstained.push(nothing_fits(&ranked));
        return Vec::new();
    }
    ranked.retain(fits);
    ranked.truncate(MOST);
    ranked
}

/// The share of the clips' sound that is music, where it is most of it.
fn own_music(files: &[Analysis]) -> Option<f64> {
    let (mut music, mut seconds) = (0.0, 0.0);
    for audio in files
        .iter()
        .filter(|file| file.video.is_some())
        .filter_map(|file| file.audio.as_ref())
    {
        music += length_of(&audio.music);
        seconds += audio.duration.max(0.0);
    }
    let share = if seconds > 0.0 { music / seconds } else { 0.0 };
    (share >= MUSICAL).then_some(share)
}

fn length_of(spans: &[Span]) -> f64 {
    spans
        .iter()
        .map(|span| (span.end - span.start).max(0.0))
        .sum()
}

/// A fixed cut that falls on a track no better than by chance has nothing of it.
fn misses_cuts(music: &MusicSuggestion) -> bool {
    let feature = music.choice.features.get("cuts_fit");
    feature.is_some_and(|value| *value < CHANCE)
}

/// The nearest three, and what is wrong with each.
fn nothing_fits(ranked: &[MusicSuggestion]) -> Abstention {
    let best = ranked.first().map_or(0.0, |music| music.choice.score);
    let nearest = ranked
        .iter()
        .take(NEAREST)
        .map(|music| {
            let worst = music
                .choice
                .reasons
                .iter()
                .filter(|reason| reason.weight < 0.0)
                .take(2)
                .map(|reason| reason.text.clone())
                .collect::<Vec<_>>();
            NearMiss {
                id: music.choice.id.clone(),
                path: music.path.clone(),
                title: music.title.clone(),
                score: music.choice.score,
                wrong: worst.join(" "),
            }
        })
        .collect();
    Abstention {
        what: "music".into(),
        why: format!(
            "No track fits: the best of {} scores {best:.2}.",
            ranked.len()
        ),
        nearest,
    }
}

fn suggestion(
    request: &SuggestRequest<'_>,
    set: &PictureSet,
    space: &WordSpace,
    track: &Track,
) -> Option<MusicSuggestion> {
    let audio = track.audio()?;
    let film = &request.film;
    let length = film.length.unwrap_or(USUAL_LENGTH);
    let window = best_window(
        audio,
        &WindowRequest {
            length,
            exact: film.exact,
            arc: film.arc,
            speech: film.speech,
            cuts: film.cuts,
            stretch: film.stretch,
        },
    );
    let bpm = audio.tempo.as_ref().map(|tempo| tempo.bpm);
    let features = features_of(audio.axes.as_ref(), bpm, vocals(audio));
    let terms = vec![
        mood_term(set, audio),
        energy_term(set, audio),
        pace_term(film.pace.as_ref(), audio),
        words_term(space, track, film.words),
        structure_term(&window, film.arc),
        cuts_term(&window, film.cuts.len()),
        vocals_term(set, audio, &window),
        dynamics_term(set, audio),
        length_term(&window, length),
        beat_term(audio),
        fresh_term(track),
        license_term(track),
        taste_term(request.taste, TasteKind::Music, track.id(), &features),
    ];
    let gain = audio.loudness.integrated_lufs.map_or(0.0, |loudness| {
        (request.target_lufs - loudness).clamp(-30.0, 30.0)
    });
    let mut choice = weigh(track.id(), terms);
    choice.features.extend(features);
    let parts = &window.arrangement.parts;
    Some(MusicSuggestion {
        choice,
        path: track.path.to_string_lossy().into_owned(),
        title: track.title.clone(),
        license: track.license.id.clone(),
        attribution: track.credit().unwrap_or_default(),
        start: rounded(window.arrangement.start()),
        end: rounded(parts.last().map_or(0.0, |part| part.end)),
        parts: if parts.len() > 1 {
            parts
                .iter()
                .map(|part| [rounded(part.start), rounded(part.end)])
                .collect()
        } else {
            Vec::new()
        },
        speed: rounded(window.arrangement.speed),
        rights: track.license.clone(),
        gain_db: rounded(gain),
        arrangement: Some(window.arrangement),
    })
}

/// What the music is like, as a person's taste is about it.
pub(super) fn features_of(
    axes: Option<&Axes>,
    bpm: Option<f64>,
    sung: Option<f64>,
) -> BTreeMap<String, f64> {
    [
        ("is_energetic", axes.map(|axes| axes.energy)),
        ("is_happy", axes.map(|axes| axes.valence)),
        ("is_danceable", axes.map(|axes| axes.danceability)),
        ("is_acoustic", axes.map(|axes| axes.acousticness)),
        ("is_fast", bpm.map(|bpm| ramp(bpm, 60.0, 180.0))),
        ("is_sung", sung),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), rounded(value?))))
    .collect()
}

fn mood_term(set: &PictureSet, audio: &AudioReport) -> Term {
    let mood = audio.mood.as_ref().filter(|_| set.felt());
    let value = mood.and_then(|mood| track_fit::mood(set, mood.valence, mood.arousal));
    let named = |words: &[String]| match words.first() {
        Some(word) => format!(" ({word})"),
        None => String::new(),
    };
    let text = match (value, mood) {
        (Some(value), Some(mood)) => format!(
            "Its mood{} is {} {}{}.",
            named(&mood.words),
            if value >= 0.5 { "close to" } else { "far from" },
            if set.seen {
                "that of the pictures"
            } else {
                "what you asked for"
            },
            named(&set.mood),
        ),
        _ => String::new(),
    };
    Term::new("mood_fits", value, weight("mood_fits"), text)
}

fn energy_term(set: &PictureSet, audio: &AudioReport) -> Term {
    let energy = track_fit::heard_energy(
        audio.axes.map(|axes| axes.energy),
        audio.tempo.as_ref().map(|tempo| tempo.bpm),
    );
    let both = energy.zip(track_fit::wanted_energy(set));
    let value = both.map(|(music, film)| track_fit::energy(music, film));
    let seen = match set.energy {
        Some(_) => "the clips move",
        None => "the pictures feel",
    };
    let text = match both {
        Some((music, film)) if music > film + 0.2 => format!("It is livelier than {seen}."),
        Some((music, film)) if music < film - 0.2 => format!("It is calmer than {seen}."),
        _ => format!("It is as lively as {seen}."),
    };
    Term::new("energy_fits", value, weight("energy_fits"), text)
}

/// Whether the beats that a shot is to last take a time that a shot may last.
fn pace_term(pace: Option<&ShotPace>, audio: &AudioReport) -> Term {
    let both = pace.zip(audio.tempo.as_ref().map(|tempo| tempo.bpm));
    let value = both.map(|(pace, bpm)| track_fit::pace(pace, bpm));
    let text = both.map_or(String::new(), |(pace, bpm)| {
        let seconds = track_fit::shot_length(pace, bpm);
        let judged = if (pace.shortest..=pace.longest).contains(&seconds) {
            "as the style likes it"
        } else if seconds < pace.shortest {
            "which is faster than the style likes"
        } else {
            "which is slower than the style likes"
        };
        format!("At {bpm:.0} beats a minute a shot lasts {seconds:.1} s, {judged}.")
    });
    Term::new("pace_fits", value, weight("pace_fits"), text)
}

/// Whether there is a part of it that begins and ends well and moves as wanted.
fn structure_term(window: &Window, arc: EnergyArc) -> Term {
    let place = |edge: Edge| match edge {
        Edge::Own => "with the track",
        Edge::Phrase => "with a phrase",
        Edge::Downbeat => "with a bar",
        Edge::Beat => "on a beat",
        Edge::Anywhere => "between beats",
    };
    let moves = if window.arc >= 0.6 {
        format!(" and has {}", arc.words())
    } else {
        String::new()
    };
    let repeats = match window.arrangement.parts.len() {
        0 | 1 => String::new(),
        2 => " It is repeated once to last.".to_owned(),
        count => format!(" It is repeated {} times to last.", count - 1),
    };
    let text = format!(
        "The part from {:.1} s begins {} and ends {}{moves}.{repeats}",
        window.arrangement.start(),
        place(window.begins),
        place(window.ends),
    );
    let value = window.fit - if window.joins.is_some() { 0.1 } else { 0.0 };
    Term::new(
        "structure_fits",
        Some(value),
        weight("structure_fits"),
        text,
    )
}

fn cuts_term(window: &Window, count: usize) -> Term {
    // Hardly a cut falls badly anywhere; many that fall well are no chance.
    let weight = weight("cuts_fit") * ramp(count as f64, 0.0, 8.0);
    let (value, text) = match window.cuts {
        Some(fit) => (
            1.0 - fit.misfit * 2.0,
            format!(
                "{:.0} of {count} cuts fall on a beat, {:.2} of a beat off on average.",
                fit.on_beat * count as f64,
                fit.misfit
            ),
        ),
        None => (0.0, "It has no beats for the cuts to fall on.".to_owned()),
    };
    Term::new("cuts_fit", (count > 0).then_some(value), weight, text)
}

fn words_term(space: &WordSpace, track: &Track, words: Option<&str>) -> Term {
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
    let subject = if words.is_some() {
        "What you asked for"
    } else {
        "What is in the pictures"
    };
    let text = if value.unwrap_or(0.0) >= 0.5 {
        format!("{subject} goes with {sound}.")
    } else {
        format!("{subject} has little to do with {sound}.")
    };
    Term::new("words_fit", value, words_weight(words), text)
}

/// What a person says counts for more than what a network sees.
pub(super) fn words_weight(words: Option<&str>) -> f64 {
    let factor = if words.is_some() { 2.0 } else { 1.0 };
    weight("words_fit") * factor
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

fn vocals_term(set: &PictureSet, audio: &AudioReport, window: &Window) -> Term {
    // Singing is only in the way of somebody who speaks.
    let room = vocals(audio).and_then(|vocals| track_fit::room_for_speech(set, vocals));
    let value = room.map(|room| room.min(1.0 - window.sung_over));
    let text = if value.unwrap_or(1.0) >= 0.5 {
        "It leaves room for the voices in the clips."
    } else {
        "Its singing gets in the way of the voices in the clips."
    };
    let weight = if track_fit::spoken(set).is_some() {
        weight("vocals_leave_room")
    } else {
        0.0
    };
    Term::new("vocals_leave_room", value, weight, text)
}

/// Music whose loudness jumps is in the way of speech, however low it is laid.
fn dynamics_term(set: &PictureSet, audio: &AudioReport) -> Term {
    let speech = track_fit::spoken(set);
    let range = audio.loudness.range_lu.filter(|_| speech.is_some());
    let value = range.map(|range| 1.0 - ramp(range, 6.0, 18.0));
    let text = if value.unwrap_or(1.0) >= 0.5 {
        "Its loudness is even, so it can lie under speech."
    } else {
        "Its loudness jumps, which disturbs under speech."
    };
    let weight = if speech.is_some() {
        weight("dynamics_fit")
    } else {
        0.0
    };
    Term::new("dynamics_fit", value, weight, text)
}

fn length_term(window: &Window, length: f64) -> Term {
    let got = window.arrangement.length();
    let text = if window.too_short {
        format!("It ends after {got:.0} of {length:.0} seconds, and has no bars to repeat it by.")
    } else {
        "It is long enough.".to_owned()
    };
    let value = track_fit::length(got, length);
    Term::new("long_enough", Some(value), weight("long_enough"), text)
}

fn fresh_term(track: &Track) -> Term {
    let value = track.days_since_use.map(track_fit::fresh);
    let text = match track.days_since_use {
        Some(days) if days < 1.0 => "You used it within the last day.".to_owned(),
        Some(days) if days < track_fit::STALE_DAYS => format!("You used it {days:.0} days ago."),
        _ => "You have not used it lately.".to_owned(),
    };
    Term::new(
        "fresh",
        value,
        if value.is_some() {
            weight("fresh")
        } else {
            0.0
        },
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
    Term::new("steady_beat", Some(value), weight("steady_beat"), text)
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
        Some(track_fit::license(known)),
        weight("license_known"),
        text,
    )
}
