//! Ranks music: the track, the part of it, and its gain.

use crate::analysis::{Analysis, Span};
use crate::music::{Track, WindowRequest, best_window};
use crate::profile::TasteKind;
use crate::suggest::music_terms::{
    beat_term, cuts_term, dynamics_term, energy_term, fresh_term, length_term, license_term,
    mood_term, pace_term, structure_term, vocals_term, words_term,
};
use crate::suggest::music_weights::MusicTerm;
use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::{order_nearly, weigh};
use crate::suggest::suggestions::abstain;
use crate::suggest::taste_shift::TasteContext;
use crate::suggest::track_features::music_features;
use crate::suggest::word_space::WordSpace;
use crate::suggest::{Abstention, MusicSuggestion, NearMiss, SuggestRequest};
use crate::time::rounded;

/// Most tracks that are suggested.
const MOST: usize = 10;
/// Score (0..1) below which a track is not suggested.
const LEAST: f64 = 0.4;
/// Share of music in the clips' sound from which they have music of their own.
const MUSICAL: f64 = 0.5;
/// `cuts_fit` of random cuts.
const CHANCE: f64 = 0.5;
/// Tracks that are named if none fits.
const NEAREST: usize = 3;
/// Greatest gain on a track, up or down, in dB.
const MOST_GAIN: f64 = 30.0;

/// The best tracks, best first. `tracks` are those that may be used as requested.
pub(super) fn rank(
    request: &SuggestRequest<'_>,
    tracks: &[&Track],
    set: &PictureSet,
    space: &WordSpace,
    abstained: &mut Vec<Abstention>,
) -> Vec<MusicSuggestion> {
    if let Some(why) = nothing_to_rank(request, tracks) {
        abstain(abstained, "music", why);
        return Vec::new();
    }
    let mut ranked: Vec<MusicSuggestion> = tracks
        .iter()
        .filter_map(|track| suggestion(request, set, space, track))
        .collect();
    order_nearly(&mut ranked, request.seed, |music| &music.choice);
    if request.film.track_named {
        return ranked;
    }
    if !ranked.iter().any(MusicSuggestion::fits) {
        abstained.push(nothing_fits(&ranked));
        return Vec::new();
    }
    ranked.retain(MusicSuggestion::fits);
    ranked.truncate(MOST);
    ranked
}

/// The reason not to compare any track; `None` if there is none.
fn nothing_to_rank(request: &SuggestRequest<'_>, tracks: &[&Track]) -> Option<String> {
    let left_out: usize = request.left_out.iter().map(|these| these.tracks).sum();
    let offered = request.tracks.len() + left_out;
    if offered == 0 {
        return Some("There is no music to choose from.".to_owned());
    }
    if tracks.is_empty() {
        let what = match request.usage.filter(|usage| !usage.is_empty()) {
            Some(usage) => format!("for {usage}"),
            None => "any more".to_owned(),
        };
        return Some(match offered {
            1 => format!("The only track may not be used {what}."),
            count => format!("None of the {count} tracks may be used {what}."),
        });
    }
    let asked = request.film.over_music || request.film.track_named;
    let share = own_music(request.files).filter(|_| !asked)?;
    Some(format!(
        "The clips have music of their own ({:.0} % of them): none is added unless you ask for it.",
        share * 100.0
    ))
}

/// The share of music in the clips' sound, if it is most of it.
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

impl MusicSuggestion {
    /// Whether the track fits well enough to be suggested: by its score, and where cuts are fixed by meeting them with
    /// more beats than chance would.
    pub fn fits(&self) -> bool {
        let cuts = self.choice.features.get(MusicTerm::CutsFit.name());
        self.choice.score >= LEAST && cuts.is_none_or(|value| *value >= CHANCE)
    }

    /// What is most wrong with the track, in at most two sentences.
    pub fn worst(&self) -> String {
        let worst: Vec<&str> = self
            .choice
            .reasons
            .iter()
            .filter(|reason| reason.weight < 0.0)
            .take(2)
            .map(|reason| reason.text.as_str())
            .collect();
        worst.join(" ")
    }
}

/// The abstention that names the nearest tracks and what is wrong with each.
fn nothing_fits(ranked: &[MusicSuggestion]) -> Abstention {
    let best = ranked.first().map_or(0.0, |music| music.choice.score);
    let nearest = ranked
        .iter()
        .take(NEAREST)
        .map(|music| NearMiss {
            id: music.choice.id.clone(),
            path: music.path.clone(),
            title: music.title.clone(),
            score: music.choice.score,
            wrong: music.worst(),
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
    let length = film.seconds();
    let window = best_window(
        audio,
        &WindowRequest {
            length,
            ending: film.ending,
            arc: film.arc,
            speech: film.speech,
            cuts: film.cuts,
            stretch: film.stretch,
        },
    );
    let features = music_features(audio);
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
    ];
    let gain = audio.loudness.integrated_lufs.map_or(0.0, |loudness| {
        (request.target_lufs - loudness).clamp(-MOST_GAIN, MOST_GAIN)
    });
    let mut choice = weigh(track.id(), terms);
    choice.features.extend(features);
    let choice = TasteContext::new(request.taste, set, request.film.platform)
        .shifted(TasteKind::Music, choice);
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
