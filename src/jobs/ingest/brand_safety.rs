//! How risky a file is beside a brand's name, by category.
//!
//! Each category ([`CATEGORIES`]) has a risk for what was found, and says by which senses it was looked for and by
//! which it could not be. Found is found; where nothing is, the risk is `none_found` only if every sense that the file
//! needs was there, and `unknown` otherwise. Nothing is ever called safe: no network here sees weapons, violence or
//! hate.
//!
//! - Pictures: Open NSFW for nudity, and wine glasses for alcohol, which do not say that there is no other drink.
//! - Speech: listed words ([`brand_words`](super::brand_words)) and those of the preset, in English only.
//! - Writing in a picture is found, but not read.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::brand_words::{CATEGORIES, CategoryRule};
use super::screening::{bare, looked_at};
use super::topics::is_form_of;
use crate::analysis::{Analysis, AudioReport, Part, PictureFacts};

/// Nudity scores from which the risk is mild, strong and severe. Open NSFW's authors call less than 0.2 safe and more
/// than 0.8 not; the middle parts what is between.
const NUDITY: [(f64, RiskLevel); 3] = [
    (0.8, RiskLevel::Severe),
    (0.5, RiskLevel::Strong),
    (0.2, RiskLevel::Mild),
];
/// Objects with a lower score count nothing: the detector is right about half of the time at 0.45.
const LEAST_OBJECT: f64 = 0.5;
/// So many mild words are as bad as a strong one.
const MANY_WORDS: usize = 3;
/// Most evidence that is told of a category; all of it counts.
const MOST_EVIDENCE: usize = 20;

/// How risky a file is in one category.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BrandRisk {
    /// Its word in our vocabulary, such as `nudity`.
    pub category: String,
    /// The risk.
    pub risk: RiskLevel,
    /// By what it was looked for, as far as the file has it: `pictures`, `writing`, `speech`.
    pub looked_at: Vec<Sense>,
    /// What the file has, and where nothing could be looked for or not all of it.
    pub not_looked_at: Vec<Sense>,
    /// What was found, in order of time; at most 20.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<RiskEvidence>,
}

/// How risky it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskLevel {
    /// Nothing was found, and not everything could be looked at.
    Unknown,
    /// Nothing was found in all that could be asked. That is not the same as safe.
    NoneFound,
    /// A few mild words, or something in a picture that may be it.
    Mild,
    /// Strong words, many mild ones, or something in a picture that likely is it.
    Strong,
    /// A picture that almost surely shows it.
    Severe,
}

/// By what something is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sense {
    /// What pictures show.
    Pictures,
    /// What is written in them.
    Writing,
    /// What is said or sung.
    Speech,
}

/// One thing that makes a file risky.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RiskEvidence {
    /// By what it was found.
    pub by: Sense,
    /// What it alone would lead to.
    pub risk: RiskLevel,
    /// The word, the object, or `nudity`.
    pub word: String,
    /// 0..1: how surely it was seen or understood.
    pub score: f64,
    /// Seconds; absent for stills.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
}

/// The risk in each category, in the order of the list.
pub(super) fn brand_safety(
    analysis: &Analysis,
    own_words: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<BrandRisk> {
    let none = BTreeSet::new();
    let risks = CATEGORIES.iter().map(|rule| {
        let own = own_words.get(rule.category).unwrap_or(&none);
        brand_risk(rule, own, analysis)
    });
    risks.collect()
}

fn brand_risk(rule: &CategoryRule, own: &BTreeSet<String>, analysis: &Analysis) -> BrandRisk {
    let mut evidence = seen(rule, analysis);
    evidence.extend(said(rule, own, analysis.audio.as_ref()));
    let words = evidence.iter().filter(|it| it.by == Sense::Speech).count();
    let many = (words >= MANY_WORDS).then_some(RiskLevel::Strong);
    let found = evidence.iter().map(|it| it.risk).chain(many).max();
    let (looked_at, not_looked_at): (Vec<Sense>, Vec<Sense>) = senses(analysis)
        .into_iter()
        .partition(|sense| was_looked_at(*sense, rule, own, analysis));
    let whole = not_looked_at.is_empty() && analysis.file.partial.is_none();
    let nothing = match whole {
        true => RiskLevel::NoneFound,
        false => RiskLevel::Unknown,
    };
    evidence.sort_by(|a, b| a.at.unwrap_or(0.0).total_cmp(&b.at.unwrap_or(0.0)));
    evidence.truncate(MOST_EVIDENCE);
    BrandRisk {
        category: rule.category.into(),
        risk: found.unwrap_or(nothing),
        looked_at,
        not_looked_at,
        evidence,
    }
}

/// By what a file has to be looked at.
fn senses(analysis: &Analysis) -> Vec<Sense> {
    let mut senses = Vec::new();
    if analysis.picture.is_some() || analysis.video.is_some() {
        senses.extend([Sense::Pictures, Sense::Writing]);
    }
    if analysis.audio.is_some() {
        senses.push(Sense::Speech);
    }
    senses
}

fn was_looked_at(
    sense: Sense,
    rule: &CategoryRule,
    own: &BTreeSet<String>,
    analysis: &Analysis,
) -> bool {
    let asked = |part: Part| {
        let only = analysis.file.only.as_deref();
        only.is_none_or(|parts| parts.contains(&part)) && !analysis.file.fast
    };
    let pictures = looked_at(analysis);
    match sense {
        Sense::Pictures => {
            let checked = pictures.iter().all(|(_, it)| it.safety.is_some());
            rule.category == "nudity" && checked && !pictures.is_empty()
        }
        // Where nothing is written, nothing bad is. Lettering that fills a picture is no `text`.
        Sense::Writing => {
            let nothing = |it: &PictureFacts| it.possible_text == Some(false);
            !pictures.is_empty() && pictures.iter().all(|(_, it)| nothing(it))
        }
        Sense::Speech => {
            let has_words = !(rule.mild.is_empty() && rule.strong.is_empty() && own.is_empty());
            let understood = analysis.audio.as_ref().is_some_and(|audio| {
                let silent = audio.speech.is_empty() && audio.transcript.is_none();
                let quiet = silent && asked(Part::Speech);
                let known = audio.transcript.is_some() && audio.no_transcript.is_none();
                // Words that are sung are not understood.
                (known || quiet) && audio.singing.is_empty()
            });
            has_words && rule.words_tell && understood
        }
    }
}

/// What pictures show of a category.
fn seen(rule: &CategoryRule, analysis: &Analysis) -> Vec<RiskEvidence> {
    let mut found = Vec::new();
    for (at, picture) in looked_at(analysis) {
        let evidence = |risk, word: &str, score| RiskEvidence {
            by: Sense::Pictures,
            risk,
            word: word.into(),
            score,
            at,
        };
        let nudity = picture.safety.filter(|_| rule.category == "nudity");
        if let Some(score) = nudity.map(|safety| safety.score) {
            let level = NUDITY.iter().find(|(least, _)| score >= *least);
            found.extend(level.map(|(_, risk)| evidence(*risk, "nudity", score)));
        }
        let objects = picture.objects.iter().filter(|object| {
            object.score >= LEAST_OBJECT && rule.objects.contains(&object.label.as_str())
        });
        found.extend(objects.map(|it| evidence(RiskLevel::Mild, &it.label, it.score)));
    }
    found
}

/// Listed words that are said. Those of the preset are strong.
fn said(
    rule: &CategoryRule,
    own: &BTreeSet<String>,
    audio: Option<&AudioReport>,
) -> Vec<RiskEvidence> {
    let own: BTreeSet<String> = own.iter().map(|word| bare(word)).collect();
    let transcript = audio.and_then(|audio| audio.transcript.as_ref());
    let words = transcript.iter().flat_map(|words| &words.words);
    let found = words.filter_map(|word| {
        let plain = bare(&word.text);
        let is_listed = |list: &str| {
            let mut list = list.split_whitespace();
            list.any(|listed| is_form_of(&plain, listed))
        };
        let risk = if is_listed(rule.strong) || own.contains(&plain) {
            RiskLevel::Strong
        } else if is_listed(rule.mild) {
            RiskLevel::Mild
        } else {
            return None;
        };
        Some(RiskEvidence {
            by: Sense::Speech,
            risk,
            word: plain,
            score: word.confidence,
            at: Some(word.start),
        })
    });
    found.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::{ObjectFact, Safety, Span};
    use crate::geometry::Rect;
    use crate::jobs::ingest::test_analyses::{film, silence, sound, speech, still};

    fn risk(analysis: &Analysis, category: &str) -> BrandRisk {
        let risks = brand_safety(analysis, &BTreeMap::new());
        risks
            .into_iter()
            .find(|it| it.category == category)
            .unwrap()
    }

    fn nude(score: f64) -> PictureFacts {
        PictureFacts {
            safety: Some(Safety { score }),
            possible_text: Some(false),
            ..PictureFacts::default()
        }
    }

    #[test]
    fn nudity_has_three_levels_and_none_found_only_where_nothing_is_written() {
        let levels = [0.1, 0.3, 0.6, 0.9].map(|score| risk(&still(nude(score)), "nudity").risk);
        let [none, mild, strong, severe] = levels;
        assert_eq!(none, RiskLevel::NoneFound);
        assert_eq!(
            [mild, strong, severe],
            [RiskLevel::Mild, RiskLevel::Strong, RiskLevel::Severe]
        );
        let mut poster = nude(0.1);
        poster.possible_text = Some(true);
        let poster = risk(&still(poster), "nudity");
        assert_eq!(poster.risk, RiskLevel::Unknown);
        assert_eq!(poster.not_looked_at, [Sense::Writing]);
        assert_eq!(
            risk(&still(PictureFacts::default()), "nudity").risk,
            RiskLevel::Unknown
        );
    }

    #[test]
    fn what_nothing_here_can_see_is_unknown_and_never_none_found() {
        let harmless = still(nude(0.01));
        for risk in brand_safety(&harmless, &BTreeMap::new()) {
            let seen = risk.category == "nudity";
            assert_eq!(risk.risk == RiskLevel::NoneFound, seen, "{}", risk.category);
        }
        let words = sound(speech(9.0, &[("Good", 0.0, 0.5), ("morning.", 0.6, 1.0)]));
        assert_eq!(risk(&words, "profanity").risk, RiskLevel::NoneFound);
        for category in [
            "hate",
            "terrorism",
            "piracy",
            "spam",
            "social_issues",
            "misinformation",
            "weapons",
        ] {
            assert_eq!(
                risk(&words, category).risk,
                RiskLevel::Unknown,
                "{category}"
            );
        }
    }

    #[test]
    fn speech_that_was_not_understood_is_unknown() {
        let mut sung = speech(9.0, &[("La", 0.0, 0.5)]);
        sung.singing.push(Span {
            start: 0.0,
            end: 9.0,
        });
        assert_eq!(risk(&sound(sung), "profanity").risk, RiskLevel::Unknown);
        let mut foreign = speech(9.0, &[("Ja", 0.0, 0.5)]);
        foreign.transcript = None;
        assert_eq!(risk(&sound(foreign), "profanity").risk, RiskLevel::Unknown);
        assert_eq!(
            risk(&sound(silence(9.0)), "profanity").risk,
            RiskLevel::NoneFound
        );
        let film = film(&[0], 9, Some(speech(9.0, &[("Good", 0.0, 0.5)])));
        let looked_at = risk(&film, "nudity").not_looked_at;
        assert_eq!(looked_at, [Sense::Pictures, Sense::Writing]);
    }

    #[test]
    fn listed_words_make_a_risk_and_many_mild_ones_a_strong_one() {
        let mild = [("Beers", 1.0, 1.5), ("and", 1.5, 1.7), ("wine.", 2.0, 2.4)];
        let found = risk(&sound(speech(9.0, &mild)), "drugs_and_alcohol");
        assert_eq!(found.risk, RiskLevel::Mild);
        assert_eq!(found.evidence.len(), 2);
        assert_eq!(
            (found.evidence[1].word.as_str(), found.evidence[1].at),
            ("wine", Some(2.0))
        );
        let more = [mild.as_slice(), &[("Whiskey.", 3.0, 3.5)]].concat();
        let more = risk(&sound(speech(9.0, &more)), "drugs_and_alcohol");
        assert_eq!(more.risk, RiskLevel::Strong);
        let strong = risk(
            &sound(speech(9.0, &[("Cocaine.", 1.0, 1.5)])),
            "drugs_and_alcohol",
        );
        assert_eq!(strong.risk, RiskLevel::Strong);
    }

    #[test]
    fn a_preset_adds_words_of_its_own() {
        let own = BTreeMap::from([("hate".to_owned(), BTreeSet::from(["Vermin".to_owned()]))]);
        let said = sound(speech(9.0, &[("vermin,", 1.0, 1.5)]));
        let risks = brand_safety(&said, &own);
        let hate = risks.iter().find(|it| it.category == "hate").unwrap();
        assert_eq!(hate.risk, RiskLevel::Strong);
        let harmless = brand_safety(&sound(speech(9.0, &[("Hello.", 1.0, 1.5)])), &own);
        let hate = harmless.iter().find(|it| it.category == "hate").unwrap();
        assert_eq!(hate.risk, RiskLevel::Unknown);
    }

    #[test]
    fn a_wine_glass_is_alcohol_and_its_absence_says_nothing() {
        let mut table = nude(0.0);
        assert_eq!(
            risk(&still(table.clone()), "drugs_and_alcohol").risk,
            RiskLevel::Unknown
        );
        table.objects.push(ObjectFact {
            label: "wine glass".into(),
            bounds: Rect::default(),
            score: 0.7,
        });
        assert_eq!(
            risk(&still(table), "drugs_and_alcohol").risk,
            RiskLevel::Mild
        );
    }

    #[test]
    fn every_category_is_in_the_table_of_the_documentation() {
        let text = include_str!("../../../docs/screening.md");
        for rule in &CATEGORIES {
            let row = format!("| `{}` |", rule.category);
            assert!(text.contains(&row), "{}", rule.category);
        }
    }
}
