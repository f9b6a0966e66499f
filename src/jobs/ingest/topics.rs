//! What a file is about, in words of our own: content for which other content is chosen, never who is in it.
//!
//! 1. A picture is about a topic as surely as the strongest of its scene words and objects says ([`VOCABULARY`]). A
//!    film is about it as surely as the mean over its key frames, each for as long as its shot lasts.
//! 2. The scene word `wildlife` means any animal. It counts for pets where a dog or a cat is seen, and for farm animals
//!    beside a cow, a sheep or a horse.
//! 3. Flat color is taken for sea and snow: what is drawn (the scene word `graphic`) counts nothing for nature.
//! 4. What is said is about a topic where two of its words or more are said, and as surely as they are many and dense.
//! 5. A sound without speech is about music for the share of it that is music.
//!
//! Both ways count together: `1 - (1 - seen) · (1 - said)`. People, faces and moods count nothing: a mood says how a
//! picture feels, not what it shows.
//!
//! [`LEAST`] and the weight of `vehicle` were chosen on the `tune` half of the tagged photos, with scene words of heads
//! that had not seen them (`scripts/measure-topics`); the other weights were set by hand. Nothing with tagged topics
//! was there to choose what concerns words.
//!
//! [`VOCABULARY`]: super::topic_vocabulary::VOCABULARY

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::screening::bare;
use super::topic_vocabulary::{TopicRule, VOCABULARY};
use crate::analysis::{Analysis, AudioReport, LabelScore, PictureFacts, Span};
use crate::time::rounded;

/// Topics with a lower score are left out: a film of which a quarter shows food is about food, too.
const SHOWN: f64 = 0.25;
/// Most topics of a file.
const MOST: usize = 5;
/// What says less, after its weight, says nothing of a picture. With 0.4, 7 of 15 photos of nothing in particular get a
/// topic, instead of 4; with 0.7, 6 of 62 others lose their right first one.
const LEAST: f64 = 0.5;
/// Objects with a lower score count nothing: the detector is right about half of the time at 0.45 …
const LEAST_OBJECT: f64 = 0.5;
/// … and nearly always from here on.
const SURE_OBJECT: f64 = 0.75;
/// Score of `graphic` from which a picture is drawn. Of the 77 photos of `tune` one is, a painted pattern.
const DRAWN: f64 = 0.9;
/// Each further word of a topic that is said leaves this share of the doubt.
const DOUBT: f64 = 0.6;
/// Share of all words from which the words of a topic are dense.
const DENSE: f64 = 0.02;
/// A sound of which a smaller share is speech may be about its music.
const HARDLY_SPEECH: f64 = 0.1;
/// Most reasons of a topic.
const MOST_REASONS: usize = 8;

/// What a file is about.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Topic {
    /// Its word in our vocabulary, such as `food_and_drink`.
    pub id: String,
    /// 0..1: how surely it is seen, times the share of the film in which it is, or heard.
    pub score: f64,
    /// What led to it, strongest first.
    pub reasons: Vec<TopicReason>,
}

/// A word that led to a topic.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TopicReason {
    /// By what it is known.
    pub by: TopicSource,
    /// The scene word, the object, or the word that is said.
    pub word: String,
    /// 0..1: how much it says alone.
    pub score: f64,
    /// Seconds: where it shows best or is said first; absent for stills.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
}

/// By what a topic is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopicSource {
    /// A scene word of a picture.
    Scene,
    /// An object in a picture.
    Object,
    /// A word that is said.
    Speech,
    /// Music.
    Sound,
}

/// The topics of a file, best first; among equals in the order of the alphabet.
pub(super) fn topics(analysis: &Analysis) -> Vec<Topic> {
    let mut found: Vec<Topic> = VOCABULARY
        .iter()
        .map(|rule| topic(rule, analysis))
        .filter(|topic| topic.score >= SHOWN)
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    found.truncate(MOST);
    found
}

fn topic(rule: &TopicRule, analysis: &Analysis) -> Topic {
    let (seen, mut reasons) = seen(rule, analysis);
    let audio = analysis.audio.as_ref();
    let (said, spoken) = audio.map_or((0.0, Vec::new()), |audio| said(rule, audio));
    let played = audio.filter(|_| analysis.video.is_none() && rule.id == "music");
    let (played, music) = played.map_or((0.0, None), played_music);
    reasons.extend(spoken);
    reasons.extend(music);
    reasons.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.word.cmp(&b.word)));
    reasons.truncate(MOST_REASONS);
    Topic {
        id: rule.id.into(),
        score: rounded(1.0 - (1.0 - seen) * (1.0 - said) * (1.0 - played)),
        reasons,
    }
}

/// A word's sum of score times seconds over a film, and where it shows best.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    sum: f64,
    best: f64,
    at: Option<f64>,
}

/// How surely the still or the film shows a topic, and the words that say so.
fn seen(rule: &TopicRule, analysis: &Analysis) -> (f64, Vec<TopicReason>) {
    let shots = analysis.video.iter().flat_map(|video| &video.shots);
    let shots = shots.map(|shot| {
        let seconds = (shot.end - shot.start).max(0.0);
        (&shot.picture, Some(shot.key_time), seconds)
    });
    let still = analysis.picture.iter();
    let still = still.map(|picture| (picture, None, 1.0));
    let mut words: BTreeMap<(TopicSource, &str), Shown> = BTreeMap::new();
    let (mut sum, mut length) = (0.0, 0.0);
    for (picture, at, seconds) in still.chain(shots) {
        let mut strongest: f64 = 0.0;
        for (by, word, score) in evidence(rule, picture) {
            strongest = strongest.max(score);
            let shown = words.entry((by, word)).or_default();
            shown.sum += score * seconds;
            if score > shown.best {
                (shown.best, shown.at) = (score, at);
            }
        }
        sum += strongest * seconds;
        length += seconds;
    }
    let share = |sum: f64| if length > 0.0 { sum / length } else { 0.0 };
    let reasons = words.into_iter().map(|((by, word), shown)| TopicReason {
        by,
        word: word.to_owned(),
        score: rounded(share(shown.sum)),
        at: shown.at,
    });
    (share(sum), reasons.collect())
}

/// What in a picture leads to a topic, each with how much it says.
fn evidence<'a>(rule: &TopicRule, picture: &'a PictureFacts) -> Vec<(TopicSource, &'a str, f64)> {
    let animal = animal_topic(picture);
    let is_drawn = |scene: &LabelScore| scene.label == "graphic" && scene.score >= DRAWN;
    let is_card = rule.id == "nature" && picture.scene.iter().any(is_drawn);
    let seen = picture.scene.iter().filter(|_| !is_card);
    let scenes = seen.filter_map(|scene| {
        let label = scene.label.as_str();
        let weight = match label {
            "wildlife" => f64::from(u8::from(rule.id == animal)),
            _ => weight(rule.scenes, label)?,
        };
        Some((TopicSource::Scene, label, scene.score * weight))
    });
    let objects = picture.objects.iter().filter_map(|object| {
        let label = object.label.as_str();
        let sure = (object.score / SURE_OBJECT).min(1.0);
        let score = sure * weight(rule.objects, label)?;
        (object.score >= LEAST_OBJECT).then_some((TopicSource::Object, label, score))
    });
    let all = scenes.chain(objects);
    all.filter(|(_, _, score)| *score >= LEAST).collect()
}

fn weight(words: &[(&str, f64)], label: &str) -> Option<f64> {
    let found = words.iter().find(|(word, _)| *word == label);
    found.map(|(_, weight)| *weight)
}

/// The topic of an animal that scene words call `wildlife`: the word was learned from photos of any animal, and two
/// dogs in front of a house are 0.9 of it.
fn animal_topic(picture: &PictureFacts) -> &'static str {
    let is_pet = |label: &str| matches!(label, "dog" | "cat");
    let is_farm = |label: &str| matches!(label, "cow" | "sheep" | "horse");
    let mut objects = picture.objects.iter();
    // The detector alone takes a hare for a dog; the scene word weighs it against the classifier.
    if picture.scene.iter().any(|scene| is_pet(&scene.label)) {
        "pets"
    } else if objects.any(|object| object.score >= LEAST_OBJECT && is_farm(&object.label)) {
        "farm_animals"
    } else {
        "wildlife"
    }
}

/// How surely what is said is about a topic, and the words that say so.
fn said(rule: &TopicRule, audio: &AudioReport) -> (f64, Vec<TopicReason>) {
    let words = audio.transcript.iter().flat_map(|words| &words.words);
    let (mut total, mut times) = (0_usize, 0_usize);
    let mut seen = BTreeSet::new();
    let mut reasons = Vec::new();
    for word in words {
        total += 1;
        let plain = bare(&word.text);
        let mut listed = rule.spoken.split_whitespace();
        let Some(listed) = listed.find(|listed| is_form_of(&plain, listed)) else {
            continue;
        };
        times += 1;
        if seen.insert(listed) {
            reasons.push(TopicReason {
                by: TopicSource::Speech,
                word: listed.to_owned(),
                score: rounded(word.confidence * (1.0 - DOUBT)),
                at: Some(word.start),
            });
        }
    }
    // One word alone is said by chance.
    let further = reasons.len().saturating_sub(1);
    let sure = 1.0 - DOUBT.powi(i32::try_from(further).unwrap_or(i32::MAX));
    let dense = times as f64 / (DENSE * total.max(1) as f64);
    if further == 0 {
        return (0.0, Vec::new());
    }
    (sure * dense.min(1.0), reasons)
}

/// Whether a word is a listed one, or its plural.
pub(super) fn is_form_of(word: &str, listed: &str) -> bool {
    let ending = word.strip_prefix(listed);
    ending.is_some_and(|ending| matches!(ending, "" | "s" | "es"))
}

/// The share of a sound that is music or singing, where hardly anybody speaks.
fn played_music(audio: &AudioReport) -> (f64, Option<TopicReason>) {
    let length = |spans: &[Span]| -> f64 { spans.iter().map(|span| span.end - span.start).sum() };
    let share = |seconds: f64| (seconds / audio.duration.max(1e-9)).clamp(0.0, 1.0);
    if share(length(&audio.speech)) > HARDLY_SPEECH {
        return (0.0, None);
    }
    let played = share(length(&audio.music).max(length(&audio.singing)));
    let tag = audio.tags.first();
    let reason = TopicReason {
        by: TopicSource::Sound,
        word: tag.map_or("music", |tag| &tag.label).to_owned(),
        score: rounded(played),
        at: None,
    };
    (played, (played > 0.0).then_some(reason))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::{ObjectFact, Transcript, TranscriptWord};
    use crate::geometry::Rect;
    use crate::jobs::ingest::test_analyses::{silence, sound, still};

    /// The topics of a still with these scene words and objects.
    fn of_still(scenes: &[(&str, f64)], objects: &[(&str, f64)]) -> Vec<String> {
        let scene = scenes.iter().map(|&(label, score)| LabelScore {
            label: label.into(),
            score,
        });
        let objects = objects.iter().map(|&(label, score)| ObjectFact {
            label: label.into(),
            bounds: Rect::default(),
            score,
        });
        let picture = PictureFacts {
            scene: scene.collect(),
            objects: objects.collect(),
            ..PictureFacts::default()
        };
        let analysis = still(picture);
        ids(&analysis)
    }

    fn ids(analysis: &Analysis) -> Vec<String> {
        topics(analysis).into_iter().map(|topic| topic.id).collect()
    }

    #[test]
    fn an_animal_is_wild_only_where_no_tame_one_is_seen() {
        let any = ("wildlife", 0.9);
        assert_eq!(of_still(&[any], &[]), ["wildlife"]);
        assert_eq!(of_still(&[any, ("dog", 0.88)], &[]), ["pets"]);
        assert_eq!(of_still(&[any], &[("cow", 0.6)]), ["farm_animals"]);
        // A hare that the detector takes for a dog, and the classifier does not.
        assert_eq!(of_still(&[any], &[("dog", 0.65)]), ["wildlife"]);
    }

    #[test]
    fn what_is_hardly_seen_is_no_topic() {
        assert_eq!(of_still(&[("food", 0.9)], &[]), ["food_and_drink"]);
        assert!(of_still(&[("vehicle", 0.6)], &[("cake", 0.45)]).is_empty());
        assert!(of_still(&[("people", 1.0), ("portrait", 1.0)], &[("person", 0.9)]).is_empty());
    }

    #[test]
    fn a_card_of_one_color_is_no_sea() {
        let sea = ("sea", 0.55);
        assert_eq!(of_still(&[sea], &[]), ["nature"]);
        assert!(of_still(&[("graphic", 1.0), sea], &[]).is_empty());
        let drawn = [("graphic", 1.0), ("food", 0.9)];
        assert_eq!(of_still(&drawn, &[]), ["food_and_drink"]);
    }

    fn spoken(text: &str) -> Analysis {
        let words = text
            .split(' ')
            .enumerate()
            .map(|(at, word)| TranscriptWord {
                text: word.into(),
                start: at as f64 * 0.4,
                end: at as f64 * 0.4 + 0.3,
                confidence: 0.9,
            });
        let mut audio = silence(60.0);
        audio.transcript = Some(Transcript {
            language: "en".into(),
            words: words.collect(),
        });
        sound(audio)
    }

    #[test]
    fn two_words_of_a_topic_are_needed_and_one_is_chance() {
        let about = spoken("First whisk the butter, then knead the dough and bake it in the oven.");
        let found = topics(&about);
        assert_eq!(found.first().unwrap().id, "food_and_drink");
        let reasons = &found.first().unwrap().reasons;
        assert!(reasons.len() >= 3 && reasons.iter().all(|it| it.at.is_some()));
        assert!(
            ids(&spoken(
                "They had butter with them when they left the town."
            ))
            .is_empty()
        );
    }

    #[test]
    fn a_sound_is_about_music_where_nobody_speaks() {
        let all = vec![Span {
            start: 0.0,
            end: 60.0,
        }];
        let mut sound = spoken("a");
        let audio = sound.audio.as_mut().unwrap();
        audio.music = all.clone();
        assert_eq!(ids(&sound), ["music"]);
        sound.audio.as_mut().unwrap().speech = all;
        assert!(ids(&sound).is_empty());
    }

    #[test]
    fn every_topic_is_in_the_table_of_the_documentation() {
        let text = include_str!("../../../docs/screening.md");
        for rule in &VOCABULARY {
            let row = text
                .lines()
                .find(|line| line.starts_with(&format!("| `{}` |", rule.id)));
            let row = row.unwrap_or_else(|| panic!("{} is not in docs/screening.md", rule.id));
            for (word, _) in rule.scenes {
                assert!(row.contains(&format!("`{word}`")), "{}: {word}", rule.id);
            }
        }
    }
}
