//! Which effects, where: only such as rendering knows.

use crate::analysis::{Analysis, Moment, Shot};
use crate::suggest::scoring::{Term, order, ramp, weigh};
use crate::suggest::suggestions::abstain;
use crate::suggest::{Abstention, EffectSuggestion, SuggestRequest};
use crate::time::rounded;

/// Effects that are given at most, and for one film.
const MOST: usize = 24;
const MOST_IN_A_FILM: usize = 3;
/// A moment that scores less is not stressed.
const GOOD_MOMENT: f64 = 0.5;
/// A face that fills this much of the width must not be enlarged further.
const FILLS: f64 = 0.45;

pub(super) fn rank(
    request: &SuggestRequest<'_>,
    abstained: &mut Vec<Abstention>,
) -> Vec<EffectSuggestion> {
    let mut effects = Vec::new();
    for file in request.files {
        effects.extend(slow_push(file));
        let mut punches: Vec<EffectSuggestion> = file
            .video
            .iter()
            .flat_map(|video| &video.shots)
            .flat_map(|shot| shot.moments.iter().map(move |moment| (shot, moment)))
            .filter_map(|(shot, moment)| punch_in(file, shot, moment))
            .collect();
        order(&mut punches, request.seed, |effect| &effect.choice);
        punches.truncate(MOST_IN_A_FILM);
        effects.extend(punches);
    }
    // One id names many places here, so files and times break ties.
    effects.sort_by(|a, b| {
        b.choice
            .score
            .total_cmp(&a.choice.score)
            .then_with(|| a.path.cmp(&b.path))
            .then_with(|| a.at.unwrap_or(0.0).total_cmp(&b.at.unwrap_or(0.0)))
    });
    effects.truncate(MOST);
    if effects.is_empty() {
        abstain(
            abstained,
            "effects",
            "There is no photo to push into, and no movement that stands out.",
        );
    }
    effects
}

fn slow_push(file: &Analysis) -> Option<EffectSuggestion> {
    let picture = file.picture.as_ref().filter(|_| file.video.is_none())?;
    let pixels = f64::from(picture.width.min(picture.height));
    let faces = picture.faces.len();
    let subject = picture.subject.as_ref().map(|subject| subject.score);
    let target = if faces > 0 { Some(1.0) } else { subject };
    let text = match (faces, subject) {
        (1.., _) => "A slow push leads the eye to the people.",
        (0, Some(_)) => "A slow push leads the eye to the subject.",
        (0, None) => "There is nothing in it to push towards.",
    };
    let terms = vec![
        Term::new(
            "stands_still",
            Some(0.85),
            2.0,
            "A photo comes alive when it moves slowly.",
        ),
        Term::new("has_target", Some(target.unwrap_or(0.3)), 1.0, text),
        Term::new(
            "enough_pixels",
            Some(ramp(pixels, 500.0, 1500.0)),
            0.7,
            if pixels >= 1000.0 {
                "It has pixels enough to be enlarged."
            } else {
                "It has few pixels to be enlarged."
            },
        ),
    ];
    Some(EffectSuggestion {
        choice: weigh("slow_push", terms),
        path: file.file.path.clone(),
        at: None,
    })
}

fn punch_in(file: &Analysis, shot: &Shot, moment: &Moment) -> Option<EffectSuggestion> {
    let peak = moment.peak.filter(|peak| peak.is_finite())?;
    if moment.score < GOOD_MOMENT {
        return None;
    }
    let face = shot
        .picture
        .faces
        .iter()
        .map(|face| face.bounds.width)
        .fold(0.0, f64::max);
    if face >= FILLS {
        return None;
    }
    let calm = 1.0 - shot.motion.shake;
    let terms = vec![
        Term::new(
            "good_moment",
            Some(moment.score),
            1.5,
            "The moment is worth stressing.",
        ),
        Term::new(
            "movement_peaks",
            Some(ramp(shot.motion.energy, 0.0, 0.6)),
            1.5,
            if shot.motion.energy >= 0.3 {
                "Much moves, and most of it here."
            } else {
                "Little moves in it."
            },
        ),
        Term::new(
            "steady",
            Some(calm),
            0.7,
            if calm >= 0.5 {
                "The camera is steady enough to come closer."
            } else {
                "The camera shakes, and closer shows it."
            },
        ),
    ];
    let choice = weigh("punch_in", terms);
    (choice.score >= 0.5).then(|| EffectSuggestion {
        choice,
        path: file.file.path.clone(),
        at: Some(rounded(peak)),
    })
}
