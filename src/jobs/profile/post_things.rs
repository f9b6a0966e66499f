//! What a finished post shows of its creator's taste: one thing of each kind that can be told from the file.
//!
//! A look, a pace and music can be told of any post that has them. Transitions are those that shot detection tells apart:
//! cuts, dissolves, fades through black and white, wipes. Shot sizes come from faces, so only shots of people have one.
//! Captions are text in the lower part of the picture while somebody speaks: signs and titles that stand there just as
//! long are taken for some, and how they are set is not seen.

use std::collections::BTreeMap;

use crate::analysis::{
    Analysis, AudioReport, Part, PictureFacts, Shot, Span, TransitionKind, VideoReport,
};
use crate::edit::{nearness, transition_features};
use crate::jobs::profile::pace::Pace;
use crate::profile::{
    ChoiceThing, EvidenceChoice, GradedPicture, PostGrade, ShotLengths, TasteKind, tallness,
};
use crate::suggest::music_features;

/// What of a post is analyzed.
pub(super) const POST_PARTS: [Part; 6] = [
    Part::Shots,
    Part::Scene,
    Part::Faces,
    Part::Text,
    Part::Music,
    Part::Speech,
];

/// Score of a scene word (0..1) from which it names the scene.
const SURE_SCENE: f64 = 0.3;
/// Seconds between a cut and a beat that is met.
const ON_BEAT: f64 = 0.07;
/// Share of a post's sound from which its music is a choice.
const MOSTLY_MUSIC: f64 = 0.5;
/// Saturation below which a picture is black and white.
const MONOCHROME: f64 = 0.02;
/// Means over 151 photos of the corpus that nobody graded (`analyze --only shots`): luma, contrast, saturation, warmth.
/// A finished picture is measured against them.
const USUAL: [f64; 4] = [0.473, 0.204, 0.38, 0.132];
/// Seconds in which somebody speaks, and the share of a film, from which captions are a choice.
const SPOKEN: (f64, f64) = (3.0, 0.2);
/// Share of the shots in which somebody speaks that have text where captions stand.
const CAPTIONED: f64 = 0.5;
/// Seconds of speech in a shot from which it counts.
const SPOKEN_SHOT: f64 = 0.5;
/// Where captions stand, in fractions of the picture: below this, in the middle between these.
const CAPTION_PLACE: (f64, [f64; 2]) = (0.45, [0.3, 0.7]);
/// Fewest beats from which their distance is known.
const FEWEST_BEATS: usize = 5;

/// What a track says about taste.
pub(super) fn track_choices(track: &Analysis) -> Vec<EvidenceChoice> {
    let features = track.audio.as_ref().map(music_features).unwrap_or_default();
    let choice = (!features.is_empty()).then(|| taken(TasteKind::Music, features));
    choice.into_iter().collect()
}

/// What a post says about taste.
pub(super) fn post_choices(post: &Analysis) -> Vec<EvidenceChoice> {
    let mut choices = Vec::new();
    let pictures = pictures(post);
    if let Some(look) = look_of(&pictures) {
        let mut choice = taken(TasteKind::Look, look);
        choice.scene = scene(&pictures);
        choices.push(choice);
    }
    if let Some(video) = &post.video {
        choices.extend(cut_choices(video, post.audio.as_ref()));
        let speech = post.audio.as_ref().map_or(&[][..], |it| &it.speech);
        choices.extend(captions(&video.shots, speech, video.duration));
    }
    let size = post.video.as_ref().map(|video| (video.width, video.height));
    let framing = framing_of(&pictures, size);
    choices.extend(framing.map(|framing| taken(TasteKind::Framing, framing)));
    if let Some(audio) = post.audio.as_ref().filter(|audio| is_musical(audio)) {
        let features = music_features(audio);
        if !features.is_empty() {
            choices.push(taken(TasteKind::Music, features));
        }
    }
    choices
}

/// How long the shots of a film are; `None` for pictures and films of one shot.
pub(super) fn post_shots(post: &Analysis) -> Option<ShotLengths> {
    let shots = post.video.as_ref()?.shots.iter();
    ShotLengths::of(shots.map(|shot| shot.end - shot.start))
}

/// The finished colors of a post.
pub(super) fn post_grade(post: &Analysis) -> Option<PostGrade> {
    let pictures = pictures(post).into_iter();
    let pictures: Vec<GradedPicture<'_>> = pictures
        .map(|(picture, share)| GradedPicture {
            palette: &picture.palette,
            tones: &picture.tones,
            share,
        })
        .collect();
    PostGrade::of(&pictures)
}

/// Pace and transitions; nothing for a film of one shot.
fn cut_choices(video: &VideoReport, audio: Option<&AudioReport>) -> Vec<EvidenceChoice> {
    if video.shots.len() < 2 {
        return Vec::new();
    }
    let beats = audio.map_or(&[][..], |audio| &audio.beats);
    let shots: Vec<&Shot> = video.shots.iter().collect();
    let pace = pace_of(&shots, video.duration, beats);
    vec![
        taken(TasteKind::Pace, pace),
        taken(TasteKind::Transition, transitions(&video.shots)),
    ]
}

/// The share of the cuts that each kind of transition has.
fn transitions(shots: &[Shot]) -> BTreeMap<String, f64> {
    let cuts = shots.get(1..).unwrap_or_default();
    let share = 1.0 / cuts.len().max(1) as f64;
    transition_features(cuts.iter().map(|shot| {
        let kind = shot
            .transition_in
            .as_ref()
            .map(|transition| transition.kind);
        let name = match kind {
            None | Some(TransitionKind::Cut | TransitionKind::JumpCut) => "cut",
            Some(TransitionKind::Dissolve) => "dissolve",
            Some(TransitionKind::FadeBlack) => "dip_to_black",
            Some(TransitionKind::FadeWhite) => "dip_to_white",
            Some(TransitionKind::Wipe) => "wipe",
        };
        (name, share)
    }))
}

/// How near people are shown, how often, and in which shape.
fn framing_of(
    pictures: &[(&PictureFacts, f64)],
    size: Option<(u32, u32)>,
) -> Option<BTreeMap<String, f64>> {
    let all: f64 = pictures.iter().map(|(_, share)| share).sum();
    let faces = pictures.iter().filter_map(|(picture, share)| {
        let heights = picture.faces.iter().map(|face| face.bounds.height);
        Some((nearness(heights.reduce(f64::max)?), *share))
    });
    let peopled: f64 = faces.clone().map(|(_, share)| share).sum();
    let near: f64 = faces.map(|(near, share)| near * share).sum();
    if all <= 0.0 {
        return None;
    }
    let mut features = vec![("is_peopled", peopled / all)];
    if peopled > 0.0 {
        features.push(("is_near", near / peopled));
    }
    if let Some((width, height)) = size {
        let tall = tallness(f64::from(width), f64::from(height));
        features.push(("is_tall", tall));
    }
    Some(named(&features))
}

/// Whether what is said is captioned; `None` where hardly anything is said.
fn captions(shots: &[Shot], speech: &[Span], duration: f64) -> Option<EvidenceChoice> {
    let spoken = |from: f64, to: f64| -> f64 {
        let spans = speech.iter();
        spans
            .map(|span| (span.end.min(to) - span.start.max(from)).max(0.0))
            .sum()
    };
    let said = spoken(0.0, duration);
    if said < SPOKEN.0 || said < SPOKEN.1 * duration {
        return None;
    }
    let shots: Vec<&Shot> = shots
        .iter()
        .filter(|shot| spoken(shot.start, shot.end) >= SPOKEN_SHOT)
        .collect();
    let captioned = shots
        .iter()
        .filter(|shot| has_caption(&shot.picture))
        .count();
    let is_captioned = captioned as f64 >= CAPTIONED * shots.len().max(1) as f64;
    let features = named(&[("does_caption", f64::from(u8::from(is_captioned)))]);
    Some(taken(TasteKind::Captions, features))
}

fn has_caption(picture: &PictureFacts) -> bool {
    let (below, [left, right]) = CAPTION_PLACE;
    picture.text.iter().any(|text| {
        let (x, y) = (
            text.bounds.x + 0.5 * text.bounds.width,
            text.bounds.y + 0.5 * text.bounds.height,
        );
        y >= below && (left..=right).contains(&x)
    })
}

fn taken(kind: TasteKind, features: BTreeMap<String, f64>) -> EvidenceChoice {
    EvidenceChoice::new(kind, Some(ChoiceThing::new(None, features)), Vec::new())
}

/// The pictures of a post, each with the share of the post that it stands for.
fn pictures(post: &Analysis) -> Vec<(&PictureFacts, f64)> {
    match (&post.video, &post.picture) {
        (Some(video), _) => video
            .shots
            .iter()
            .map(|shot| (&shot.picture, (shot.end - shot.start).max(0.0)))
            .collect(),
        (None, Some(picture)) => vec![(picture, 1.0)],
        (None, None) => Vec::new(),
    }
}

/// How the pictures differ from usual ones, in the words in which looks are described.
fn look_of(pictures: &[(&PictureFacts, f64)]) -> Option<BTreeMap<String, f64>> {
    let all: f64 = pictures.iter().map(|(_, share)| share).sum();
    if all <= 0.0 {
        return None;
    }
    let mean = |value: fn(&PictureFacts) -> f64| {
        pictures
            .iter()
            .map(|(picture, share)| value(picture) * share)
            .sum::<f64>()
            / all
    };
    let saturation = mean(|picture| picture.saturation);
    let features = [
        ("does_brightness", mean(|picture| picture.luma) - USUAL[0]),
        ("does_contrast", mean(|picture| picture.contrast) - USUAL[1]),
        ("does_saturation", saturation - USUAL[2]),
        ("does_warmth", mean(|picture| picture.warmth) - USUAL[3]),
        ("does_monochrome", f64::from(saturation < MONOCHROME)),
    ];
    Some(named(&features))
}

/// The scene word that the pictures are surest of.
fn scene(pictures: &[(&PictureFacts, f64)]) -> Option<String> {
    pictures
        .iter()
        .filter_map(|(picture, _)| picture.scene.first())
        .filter(|word| word.score >= SURE_SCENE)
        .max_by(|a, b| a.score.total_cmp(&b.score))
        .map(|word| word.label.clone())
}

/// How a film is cut.
pub(super) fn pace_of(shots: &[&Shot], duration: f64, beats: &[f64]) -> BTreeMap<String, f64> {
    let cuts = shots.get(1..).unwrap_or_default();
    let share = |holds: &dyn Fn(&Shot) -> bool| {
        cuts.iter().filter(|shot| holds(shot)).count() as f64 / cuts.len().max(1) as f64
    };
    let kind = |shot: &Shot| shot.transition_in.as_ref().map(|cut| cut.kind);
    let is_soft = |shot: &Shot| {
        let kind = kind(shot);
        !matches!(
            kind,
            None | Some(TransitionKind::Cut | TransitionKind::JumpCut)
        )
    };
    let is_on_beat = |shot: &Shot| {
        beats
            .iter()
            .any(|beat| (beat - shot.start).abs() <= ON_BEAT)
    };
    let pace = Pace {
        lengths: shots.iter().map(|shot| shot.end - shot.start).collect(),
        duration,
        dissolves: share(&is_soft),
        jump_cuts: share(&|shot| kind(shot) == Some(TransitionKind::JumpCut)),
        on_beat: (!beats.is_empty()).then(|| share(&is_on_beat)),
        beat: beat_seconds(beats),
    };
    pace.features()
}

fn is_musical(audio: &AudioReport) -> bool {
    let music: f64 = audio.music.iter().map(|span| span.end - span.start).sum();
    audio.duration > 0.0 && music >= MOSTLY_MUSIC * audio.duration
}

fn named(features: &[(&str, f64)]) -> BTreeMap<String, f64> {
    let features = features.iter().filter(|(_, value)| value.is_finite());
    features
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect()
}

/// Seconds from one beat to the next: the median.
fn beat_seconds(beats: &[f64]) -> Option<f64> {
    if beats.len() < FEWEST_BEATS {
        return None;
    }
    let mut steps: Vec<f64> = beats.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::{Face, Motion, TextFact, Transition};
    use crate::geometry::Rect;
    use crate::time::Rational;

    fn shot(start: f64, end: f64, kind: Option<TransitionKind>) -> Shot {
        let second = |time: f64| Rational::whole(time as i64);
        Shot {
            start_frame: 25 * start as u64,
            end_frame: 25 * end as u64,
            start,
            end,
            start_exact: second(start),
            end_exact: second(end),
            transition_in: kind.map(|kind| Transition {
                kind,
                start_frame: 0,
                end_frame: 1,
                score: 0.9,
            }),
            motion: Motion::default(),
            quality: 0.8,
            moments: Vec::new(),
            picture: PictureFacts::default(),
            key_time: start,
            subject_path: Vec::new(),
            tracks: Vec::new(),
        }
    }

    fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn transitions_are_shares_of_the_cuts() {
        let kinds = [
            TransitionKind::Cut,
            TransitionKind::Dissolve,
            TransitionKind::JumpCut,
            TransitionKind::FadeBlack,
        ];
        let mut shots = vec![shot(0.0, 2.0, None)];
        shots.extend(kinds.map(|kind| shot(2.0, 4.0, Some(kind))));
        let found = transitions(&shots);
        assert_eq!(found["does_cut"], 0.5);
        assert_eq!(found["does_dissolve"], 0.25);
        assert_eq!(found["does_dip_to_black"], 0.25);
    }

    #[test]
    fn captions_are_text_below_the_middle_while_somebody_speaks() {
        let said = [Span {
            start: 0.0,
            end: 6.0,
        }];
        let with = |place: Option<Rect>| {
            let shots = [0.0, 2.0, 4.0].map(|start| {
                let mut shot = shot(start, start + 2.0, None);
                let text = place.map(|bounds| TextFact { bounds, score: 0.9 });
                shot.picture.text = text.into_iter().collect();
                shot
            });
            let choice = captions(&shots, &said, 6.0)?;
            Some(choice.taken.unwrap().features["does_caption"] > 0.5)
        };
        assert_eq!(with(Some(rect(0.2, 0.8, 0.6, 0.08))), Some(true));
        // A channel's name in a corner, a title above.
        assert_eq!(with(Some(rect(0.85, 0.9, 0.1, 0.05))), Some(false));
        assert_eq!(with(Some(rect(0.3, 0.05, 0.4, 0.1))), Some(false));
        assert_eq!(with(None), Some(false));
        // Where nobody speaks, nothing could be captioned.
        assert_eq!(captions(&[shot(0.0, 6.0, None)], &[], 6.0), None);
    }

    #[test]
    fn shot_sizes_are_told_where_people_are_seen() {
        let mut near = PictureFacts::default();
        near.faces.push(Face {
            bounds: rect(0.3, 0.2, 0.3, 0.4),
            score: 0.9,
            expression: None,
            points: None,
            pose: None,
            eyes_open: None,
            gaze: None,
        });
        let empty = PictureFacts::default();
        let found = framing_of(&[(&near, 1.0), (&empty, 3.0)], Some((1080, 1920))).unwrap();
        assert!((found["is_near"] - 0.8).abs() < 1e-9);
        assert!((found["is_peopled"] - 0.25).abs() < 1e-9);
        assert!((found["is_tall"] - 1.0).abs() < 1e-9);
        let found = framing_of(&[(&empty, 1.0)], None).unwrap();
        assert!(!found.contains_key("is_near") && !found.contains_key("is_tall"));
    }
}
