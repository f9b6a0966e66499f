//! The terms by which a track is judged for a film.

use crate::analysis::AudioReport;
use crate::music::{Edge, EnergyArc, Track, Window};
use crate::suggest::music_weights::{MusicTerm, words_share};
use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::{Term, ramp};
use crate::suggest::track_features::vocals;
use crate::suggest::word_space::{WordSpace, track_text};
use crate::suggest::{ShotPace, track_fit};

/// Fit of moods (0..1) from which they are called close, …
const CLOSE: f64 = 0.7;
/// … and below which they are called far from each other.
const FAR: f64 = 0.5;
/// Difference of energies (0..1) up to which they are called equally lively.
const AS_LIVELY: f64 = 0.2;
/// Fit (0..1) from which a part is said to follow the style's arc.
const FOLLOWS: f64 = 0.6;
/// Penalty for each repetition, which may be audible.
const JOINED: f64 = 0.1;
/// Number of fixed cuts from which `cuts_fit` has its full weight.
const MANY_CUTS: f64 = 8.0;
/// Random cuts are a quarter of a beat off on average, for which `cuts_fit` is 0.5; at this misfit it is 0.
const CHANCE_MISFIT: f64 = 0.5;
/// Loudness range, in LU, up to which music lies evenly under speech.
const EVEN: f64 = 6.0;
/// Loudness range, in LU, from which it does not.
const UNEVEN: f64 = 18.0;

/// How near its mood is to that of the pictures or of the request.
pub(super) fn mood_term(set: &PictureSet, audio: &AudioReport) -> Term {
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
            if value >= CLOSE {
                "close to"
            } else if value >= FAR {
                "not far from"
            } else {
                "far from"
            },
            if set.seen {
                "that of the pictures"
            } else {
                "what you asked for"
            },
            named(&set.mood),
        ),
        _ => String::new(),
    };
    MusicTerm::MoodFits.judged(value, text)
}

/// How near its energy is to the motion of the clips.
pub(super) fn energy_term(set: &PictureSet, audio: &AudioReport) -> Term {
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
        Some((music, film)) if music > film + AS_LIVELY => format!("It is livelier than {seen}."),
        Some((music, film)) if music < film - AS_LIVELY => format!("It is calmer than {seen}."),
        _ => format!("It is as lively as {seen}."),
    };
    MusicTerm::EnergyFits.judged(value, text)
}

/// Whether, at its tempo, a shot of the style's beats has a length that the style allows.
pub(super) fn pace_term(pace: Option<&ShotPace>, audio: &AudioReport) -> Term {
    let both = pace.zip(audio.tempo.as_ref().map(|tempo| tempo.bpm));
    let value = both.map(|(pace, bpm)| track_fit::pace(pace, bpm));
    let text = both.map_or(String::new(), |(pace, bpm)| {
        let seconds = track_fit::shot_length(pace, bpm);
        let judged = if (pace.shortest..=pace.longest).contains(&seconds) {
            "as the style wants"
        } else if seconds < pace.shortest {
            "which is faster than the style wants"
        } else {
            "which is slower than the style wants"
        };
        format!("At {bpm:.0} beats a minute a shot lasts {seconds:.1} s, {judged}.")
    });
    MusicTerm::PaceFits.judged(value, text)
}

/// Whether a part of it begins and ends well and its energy follows the style's arc.
pub(super) fn structure_term(window: &Window, arc: EnergyArc) -> Term {
    let edge_words = |edge: Edge| match edge {
        Edge::Own => "with the track",
        Edge::Phrase => "with a phrase",
        Edge::Downbeat => "with a bar",
        Edge::Beat => "on a beat",
        Edge::Anywhere => "between beats",
    };
    let moves = if window.arc >= FOLLOWS {
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
        edge_words(window.begins),
        edge_words(window.ends),
    );
    let value = window.fit - if window.joins.is_some() { JOINED } else { 0.0 };
    MusicTerm::StructureFits.judged(Some(value), text)
}

/// How near fixed cuts are to its beats.
pub(super) fn cuts_term(window: &Window, count: usize) -> Term {
    // A few cuts may fall on beats by chance.
    let share = ramp(count as f64, 0.0, MANY_CUTS);
    let (value, text) = match window.cuts {
        Some(fit) => (
            1.0 - fit.misfit / CHANCE_MISFIT,
            format!(
                "{:.0} of {count} cuts fall on a beat, {:.2} of a beat off on average.",
                fit.on_beat * count as f64,
                fit.misfit
            ),
        ),
        None => (0.0, "It has no beats for the cuts to fall on.".to_owned()),
    };
    MusicTerm::CutsFit.judged_by_share(share, (count > 0).then_some(value), text)
}

/// How near its tags and mood words are to the content of the pictures or to the request.
pub(super) fn words_term(space: &WordSpace, track: &Track, words: Option<&str>) -> Term {
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
    MusicTerm::WordsFit.judged_by_share(words_share(words), value, text)
}

/// Singing competes with speech.
pub(super) fn vocals_term(set: &PictureSet, audio: &AudioReport, window: &Window) -> Term {
    let room = vocals(audio).and_then(|vocals| track_fit::room_for_speech(set, vocals));
    let value = room.map(|room| room.min(1.0 - window.sung_over));
    let text = if value.unwrap_or(1.0) >= 0.5 {
        "It leaves room for the voices in the clips."
    } else {
        "Its singing gets in the way of the voices in the clips."
    };
    let applies = track_fit::spoken(set).is_some();
    MusicTerm::VocalsLeaveRoom.judged_where(applies, value, text)
}

/// Music whose loudness jumps disturbs speech, however far it is ducked.
pub(super) fn dynamics_term(set: &PictureSet, audio: &AudioReport) -> Term {
    let speech = track_fit::spoken(set);
    let range = audio.loudness.range_lu.filter(|_| speech.is_some());
    let value = range.map(|range| 1.0 - ramp(range, EVEN, UNEVEN));
    let text = if value.unwrap_or(1.0) >= 0.5 {
        "Its loudness is even, so it can lie under speech."
    } else {
        "Its loudness jumps, which disturbs speech."
    };
    MusicTerm::DynamicsFit.judged_where(speech.is_some(), value, text)
}

/// Whether it lasts as long as the film.
pub(super) fn length_term(window: &Window, length: f64) -> Term {
    let got = window.arrangement.length();
    let text = if window.too_short {
        format!("It ends after {got:.0} of {length:.0} seconds, and has no bars to repeat it by.")
    } else {
        "It is long enough.".to_owned()
    };
    let value = track_fit::length(got, length);
    MusicTerm::LongEnough.judged(Some(value), text)
}

/// How long it was not used.
pub(super) fn fresh_term(track: &Track) -> Term {
    let value = track.days_since_use.map(track_fit::fresh);
    let text = match track.days_since_use {
        Some(days) if days < 1.0 => "You used it within the last day.".to_owned(),
        Some(days) if days < track_fit::STALE_DAYS => format!("You used it {days:.0} days ago."),
        _ => "You have not used it lately.".to_owned(),
    };
    MusicTerm::Fresh.judged_where(value.is_some(), value, text)
}

/// Whether it has a beat to cut on.
pub(super) fn beat_term(audio: &AudioReport) -> Term {
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
    MusicTerm::SteadyBeat.judged(Some(value), text)
}

/// Whether its license is known.
pub(super) fn license_term(track: &Track) -> Term {
    let known = track.license.is_known();
    let text = if known {
        format!("Its license is known: {}.", track.license.id)
    } else {
        "Nobody says under which license it may be used.".to_owned()
    };
    MusicTerm::LicenseKnown.judged(Some(track_fit::license(known)), text)
}
