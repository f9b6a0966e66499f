//! Suggests effects and where to use them: a slow push into photos, a punch-in on the peaks of clips, and what else suits
//! their moments ([`super::effect_moments`]).

use crate::analysis::{Analysis, Moment, Shot};
use crate::choice::Candidate;
use crate::effects::{PunchIn, SlowPush};
use crate::profile::TasteKind;
use crate::suggest::effect_moments::suggested;
use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::{Term, order, ramp, weigh};
use crate::suggest::suggestions::abstain;
use crate::suggest::taste_shift::TasteContext;
use crate::suggest::{Abstention, EffectSuggestion, SuggestRequest};
use crate::time::rounded;

/// Most effects that are suggested.
const MOST: usize = 24;
/// Most punch-ins for one clip; more of them wear out.
const MOST_IN_A_FILM: usize = 3;
/// Most of any other effect for one clip: they stand out more.
const MOST_OF_A_KIND: usize = 1;
/// Score of a moment (0..1) below which it gets no punch-in.
const GOOD_MOMENT: f64 = 0.5;
/// Share of the width from which a face must not be enlarged further.
const FILLS: f64 = 0.45;
/// Score (0..1) below which an effect is not suggested.
const LEAST: f64 = 0.5;
/// Pixels of the shorter side up to which a photo cannot be enlarged.
const FEW_PIXELS: f64 = 500.0;
/// Pixels of the shorter side from which it can be enlarged well.
const MANY_PIXELS: f64 = 1500.0;
/// Value of a push (0..1) into a photo without a target to push towards.
const NO_TARGET: f64 = 0.3;
/// Motion (0..1) that counts as wild.
const WILD: f64 = 0.6;
/// Weight of a photo's stillness: the main reason for a push.
const STILLNESS: f64 = 2.0;
/// Weight of something to push towards.
const TARGET: f64 = 1.0;
/// Weight of having enough pixels.
const PIXELS: f64 = 0.7;
/// Weight of the moment's quality.
const MOMENT: f64 = 1.5;
/// Weight of the motion in the moment.
const MOVEMENT: f64 = 1.5;
/// Weight of a steady camera.
const STEADINESS: f64 = 0.7;

/// The best effects for all files, best first.
pub(super) fn rank(
    request: &SuggestRequest<'_>,
    set: &PictureSet,
    abstained: &mut Vec<Abstention>,
) -> Vec<EffectSuggestion> {
    let taste = TasteContext::new(request.taste, set, request.film.platform);
    let mut effects = Vec::new();
    for file in request.files {
        effects.extend(slow_push(file, taste));
        let mut punches: Vec<EffectSuggestion> = file
            .video
            .iter()
            .flat_map(|video| &video.shots)
            .flat_map(|shot| shot.moments.iter().map(move |moment| (shot, moment)))
            .filter_map(|(shot, moment)| punch_in(file, shot, moment, taste))
            .collect();
        order(&mut punches, request.seed, |effect| &effect.choice);
        punches.truncate(MOST_IN_A_FILM);
        effects.extend(punches);
        effects.extend(rare(file, taste));
    }
    // Many effects share an id, so files and times break ties.
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

/// The best of each other effect for a clip, where it is good enough.
fn rare(file: &Analysis, taste: TasteContext<'_>) -> Vec<EffectSuggestion> {
    let mut found = suggested(file);
    for effect in &mut found {
        let does = format!("does_{}", effect.choice.id);
        effect.choice = tasted(effect.choice.clone(), &does, taste);
    }
    found.retain(|effect| effect.choice.score >= LEAST);
    // In the order of their moments where scores are equal.
    found.sort_by(|a, b| b.choice.score.total_cmp(&a.choice.score));
    let mut chosen: Vec<EffectSuggestion> = Vec::new();
    for effect in found {
        let same = chosen
            .iter()
            .filter(|other| other.choice.id == effect.choice.id);
        if same.count() < MOST_OF_A_KIND {
            chosen.push(effect);
        }
    }
    chosen
}

/// An effect that does one thing, with its score moved by taste.
fn tasted(mut choice: Candidate, does: &str, taste: TasteContext<'_>) -> Candidate {
    choice.features.insert(does.to_owned(), 1.0);
    taste.shifted(TasteKind::Effect, choice)
}

fn slow_push(file: &Analysis, taste: TasteContext<'_>) -> Option<EffectSuggestion> {
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
            STILLNESS,
            "A photo comes alive when it moves slowly.",
        ),
        Term::new(
            "has_target",
            Some(target.unwrap_or(NO_TARGET)),
            TARGET,
            text,
        ),
        Term::new(
            "enough_pixels",
            Some(ramp(pixels, FEW_PIXELS, MANY_PIXELS)),
            PIXELS,
            if pixels >= (FEW_PIXELS + MANY_PIXELS) / 2.0 {
                "It has enough pixels to be enlarged."
            } else {
                "It has too few pixels to be enlarged well."
            },
        ),
    ];
    Some(EffectSuggestion {
        choice: tasted(
            weigh(SlowPush::FACTS.kind, terms),
            "does_push_slowly",
            taste,
        ),
        path: file.file.path.clone(),
        at: None,
    })
}

fn punch_in(
    file: &Analysis,
    shot: &Shot,
    moment: &Moment,
    taste: TasteContext<'_>,
) -> Option<EffectSuggestion> {
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
            MOMENT,
            "The moment is worth stressing.",
        ),
        Term::new(
            "movement_peaks",
            Some(ramp(shot.motion.energy, 0.0, WILD)),
            MOVEMENT,
            if shot.motion.energy >= WILD / 2.0 {
                "Much moves, and most of it here."
            } else {
                "Little moves in it."
            },
        ),
        Term::new(
            "steady",
            Some(calm),
            STEADINESS,
            if calm >= 0.5 {
                "The camera is steady enough to come closer."
            } else {
                "The camera shakes, and closer shows it."
            },
        ),
    ];
    let choice = tasted(weigh(PunchIn::FACTS.kind, terms), "does_jump_closer", taste);
    (choice.score >= LEAST).then(|| EffectSuggestion {
        choice,
        path: file.file.path.clone(),
        at: Some(rounded(peak)),
    })
}
