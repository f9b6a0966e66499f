//! Which music, from which second, how loud.

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
use crate::suggest::taste_term::taste_term;
use crate::suggest::track_features::{features_of, vocals};
use crate::suggest::word_space::WordSpace;
use crate::suggest::{Abstention, MusicSuggestion, NearMiss, SuggestRequest};
use crate::time::rounded;

/// Tracks that are suggested at most.
const MOST: usize = 10;
/// A track that scores less (0..1) is not suggested.
const LEAST: f64 = 0.4;
/// The share of the clips' sound from which on they have music of their own.
const MUSICAL: f64 = 0.5;
/// What `cuts_fit` is for cuts that fall anywhere.
const CHANCE: f64 = 0.5;
/// Tracks that are named when none fits.
const NEAREST: usize = 3;
/// Decibels that a track is turned up or down at most.
const MOST_GAIN: f64 = 30.0;

/// The best tracks, best first. `tracks` are those that may be used as asked.
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
    let fits = |music: &MusicSuggestion| music.choice.score >= LEAST && !misses_cuts(music);
    if !ranked.iter().any(fits) {
        abstained.push(nothing_fits(&ranked));
        return Vec::new();
    }
    ranked.retain(fits);
    ranked.truncate(MOST);
    ranked
}

/// Why no track is even compared; `None` when tracks may be.
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
    let share = own_music(request.files).filter(|_| !request.film.over_music)?;
    Some(format!(
        "The clips have music of their own ({:.0} % of them): nothing is laid over it unless you say so.",
        share * 100.0
    ))
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

/// A track whose beats meet a fixed cut no better than by chance is of no use to it.
fn misses_cuts(music: &MusicSuggestion) -> bool {
    let feature = music.choice.features.get(MusicTerm::CutsFit.name());
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
    let length = film.seconds();
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
        (request.target_lufs - loudness).clamp(-MOST_GAIN, MOST_GAIN)
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
