//! Effects for moments of clips beyond a jump closer: slow motion, a shake, light, and a fast pan as a transition.
//!
//! Each names the second it is for and why. One that would not help is not suggested: slow motion under speech, a
//! shake of a camera that shakes already, light in a picture without any.

use crate::analysis::{Analysis, Moment, PictureFacts, Shot, VideoReport};
use crate::choice::Candidate;
use crate::effects::{Glow, LightLeak, Shake, SpeedRamp, TransitionEffect};
use crate::suggest::EffectSuggestion;
use crate::suggest::scoring::{Term, ramp, weigh};
use crate::time::rounded;

/// Score of a moment (0..1) below which it gets no effect.
const GOOD_MOMENT: f64 = 0.5;
/// Motion of what is filmed (0..1) from which it is worth seeing slowly, and from which it surely is.
const MOVES: (f64, f64) = (0.2, 0.6);
/// Frames a second of a source at which slow motion stutters, and at which it runs smoothly.
const STUTTERS: (f64, f64) = (24.0, 50.0);
/// Motion (0..1) that a shake goes with.
const WILD: f64 = 0.6;
/// Shake of the camera (0..1) beside which another is not seen.
const SHAKEN: f64 = 0.5;
/// Mean luma below which a picture is dark enough for lamps to glow.
const DARK: f64 = 0.35;
/// Share of clipped bright pixels that stands for lamps, and that surely does.
const LAMPS: (f64, f64) = (0.0005, 0.01);
/// Warmth (-1..1) from which light may leak in, and from which it belongs.
const WARM: (f64, f64) = (0.1, 0.4);
/// Speed of a pan in picture widths a second from which it can lead into the next shot, and from which it begs for it.
const SWINGS: (f64, f64) = (0.4, 1.2);
/// Score of a scene word (0..1) from which it counts.
const SEEN: f64 = 0.3;
/// Scenes that warm light belongs to.
const SUNNY: [&str; 5] = ["sunset", "beach", "summer", "sun", "golden hour"];

/// A moment and what it lies in.
#[derive(Clone, Copy)]
struct Seen<'a> {
    video: &'a VideoReport,
    shot: &'a Shot,
    moment: &'a Moment,
    /// Whether somebody speaks in it.
    spoken: bool,
}

/// What suits the moments of a film, in their order.
pub(super) fn suggested(file: &Analysis) -> Vec<EffectSuggestion> {
    let Some(video) = &file.video else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for shot in &video.shots {
        found.extend(swing(shot).map(|(choice, at)| suggestion(file, choice, at)));
        for moment in &shot.moments {
            let seen = Seen {
                video,
                shot,
                moment,
                spoken: is_spoken(file, moment),
            };
            let kinds = [slow_motion(seen), shake(seen), glow(seen), light_leak(seen)];
            let kinds = kinds.into_iter().flatten();
            found.extend(kinds.map(|(choice, at)| suggestion(file, choice, at)));
        }
    }
    found
}

fn suggestion(file: &Analysis, choice: Candidate, at: f64) -> EffectSuggestion {
    EffectSuggestion {
        choice,
        path: file.file.path.clone(),
        at: Some(rounded(at)),
    }
}

fn is_spoken(file: &Analysis, moment: &Moment) -> bool {
    let mut speech = file.audio.iter().flat_map(|audio| &audio.speech);
    speech.any(|span| span.start < moment.end && span.end > moment.start)
}

/// The peak of a moment that is good enough.
fn peak(moment: &Moment) -> Option<f64> {
    let peak = moment.peak.filter(|peak| peak.is_finite());
    peak.filter(|_| moment.score >= GOOD_MOMENT)
}

fn good_moment(moment: &Moment) -> Term {
    Term::new(
        "good_moment",
        Some(moment.score),
        1.0,
        "The moment is worth stressing.",
    )
}

/// Slow motion at a peak: what is filmed has to move, and sound must not be bent.
fn slow_motion(seen: Seen<'_>) -> Option<(Candidate, f64)> {
    let at = peak(seen.moment)?;
    let moves = ramp(seen.shot.motion.subject, MOVES.0, MOVES.1);
    if seen.spoken || moves <= 0.0 {
        return None;
    }
    let rate = seen.video.frame_rate.seconds();
    let smooth = ramp(rate, STUTTERS.0, STUTTERS.1);
    let text = if smooth >= 0.5 {
        format!("Its {rate:.0} frames a second are enough to slow down.")
    } else {
        format!("Slowed down, its {rate:.0} frames a second stutter unless they are blended.")
    };
    let terms = vec![
        good_moment(seen.moment),
        Term::new(
            "subject_moves",
            Some(moves),
            1.5,
            "What is filmed moves fast here, not the camera.",
        ),
        Term::new("frames_suffice", Some(smooth), 1.0, text),
    ];
    Some((weigh(SpeedRamp::FACTS.kind, terms), at))
}

/// A shake on a blow: much moves at once while the camera is calm.
fn shake(seen: Seen<'_>) -> Option<(Candidate, f64)> {
    let at = peak(seen.moment)?;
    let motion = &seen.shot.motion;
    if motion.energy < WILD || motion.shake >= SHAKEN || seen.spoken {
        return None;
    }
    let terms = vec![
        good_moment(seen.moment),
        Term::new(
            "movement_peaks",
            Some(ramp(motion.energy, WILD / 2.0, 1.0)),
            1.5,
            "The movement is wild enough for the picture to feel it.",
        ),
        Term::new(
            "steady",
            Some(1.0 - motion.shake / SHAKEN),
            0.7,
            "The camera itself is calm, so the shake is seen.",
        ),
    ];
    Some((weigh(Shake::FACTS.kind, terms), at))
}

/// Light that spreads from lamps in the dark.
fn glow(seen: Seen<'_>) -> Option<(Candidate, f64)> {
    let picture = &seen.shot.picture;
    let lamps = ramp(picture.clipping.high, LAMPS.0, LAMPS.1);
    if seen.moment.score < GOOD_MOMENT || picture.luma >= DARK || lamps <= 0.0 {
        return None;
    }
    let terms = vec![
        good_moment(seen.moment),
        Term::new(
            "lamps_in_the_dark",
            Some(lamps),
            1.5,
            "Lamps shine in a dark picture.",
        ),
        Term::new(
            "dark",
            Some(ramp(DARK - picture.luma, 0.0, DARK / 2.0)),
            1.0,
            "It is dark enough for light to be seen spreading.",
        ),
    ];
    Some((weigh(Glow::FACTS.kind, terms), seen.moment.start))
}

/// Warm light over a sunny scene.
fn light_leak(seen: Seen<'_>) -> Option<(Candidate, f64)> {
    let picture = &seen.shot.picture;
    let sunny = sunny(picture)?;
    if seen.moment.score < GOOD_MOMENT || picture.luma < DARK {
        return None;
    }
    let terms = vec![
        good_moment(seen.moment),
        Term::new(
            "sunny",
            Some(sunny),
            1.0,
            "The scene is one of sun, where light leaks in by itself.",
        ),
        Term::new(
            "warm",
            Some(ramp(picture.warmth, WARM.0, WARM.1)),
            1.5,
            if picture.warmth >= WARM.0 {
                "Its colors are warm, like the light."
            } else {
                "Its colors are cool, and the light is warm."
            },
        ),
    ];
    Some((weigh(LightLeak::FACTS.kind, terms), seen.moment.start))
}

/// How surely the sun is seen.
fn sunny(picture: &PictureFacts) -> Option<f64> {
    let words = picture.scene.iter();
    let scores = words
        .filter(|word| SUNNY.contains(&word.label.as_str()) && word.score >= SEEN)
        .map(|word| word.score);
    scores.max_by(f64::total_cmp)
}

/// A whip out of a shot whose camera swings anyway.
fn swing(shot: &Shot) -> Option<(Candidate, f64)> {
    let speed = ramp(shot.motion.pan.abs(), SWINGS.0, SWINGS.1);
    if speed <= 0.0 {
        return None;
    }
    let terms = vec![
        Term::new(
            "camera_swings",
            Some(speed),
            1.5,
            "The camera swings across: a whip carries on into the next shot.",
        ),
        Term::new(
            "steady",
            Some(1.0 - shot.motion.shake),
            0.7,
            if shot.motion.shake < 0.5 {
                "The swing is even."
            } else {
                "The swing is shaken."
            },
        ),
    ];
    let facts = TransitionEffect::Whip.as_layer_transition().facts();
    Some((weigh(facts.kind, terms), shot.end))
}
