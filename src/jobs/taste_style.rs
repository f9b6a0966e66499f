//! What taste chooses of an edit beside look and music: style, transition, captions and framing; and what a creator's
//! habits say where there is nothing to rank: the length and the shape of the film.
//!
//! Nothing but taste speaks for one or the other here, so each is chosen only where enough is known of its kind, and all
//! but the style only where it is clearly liked better than what is done for everybody.

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::captions::CaptionStyle;
use crate::choice::{Candidate, Decision, Setting};
use crate::edit::{FramingChoice, Plan, Platform, SourceFile, Style, framing_features, reframed};
use crate::effects::EffectPreset;
use crate::error::Result;
use crate::jobs::caption_plan::USUAL_CAPTIONS;
use crate::jobs::edit_job::FramingWish;
use crate::profile::{ChoiceThing, Habits, Taste, TasteKind, runs_long};
use crate::suggest::opinion_alone;
use crate::time::rounded;

/// Lead in score (0..1) from which taste changes what is done for everybody: a little less than what is worth a sentence
/// beside other reasons, as nothing else speaks here.
const CLEARLY: f64 = 0.04;
/// Words that are shown at a time by a style of captions that sets no limit: two lines of about four.
const USUAL_WORDS: f64 = 8.0;
/// Words of a caption that count as many, as in the features of plans.
const MANY_WORDS: f64 = 10.0;
/// Cuts to one transition, at most: what comes more seldom is an exception, not a habit.
const MOST_CUTS: f64 = 12.0;

/// Whose taste counts in an edit, and where the film will be posted.
#[derive(Clone, Copy)]
pub(super) struct EditTaste<'a> {
    pub taste: &'a Taste,
    pub platform: &'a Platform,
}

impl EditTaste<'_> {
    /// A thing that nothing but taste speaks for; `None` while too little is known of its kind.
    fn opinion(
        &self,
        kind: TasteKind,
        id: &str,
        features: BTreeMap<String, f64>,
    ) -> Option<Candidate> {
        opinion_alone(self.taste, kind, id, features, &self.platform.id)
    }

    fn habits(&self) -> &Habits {
        self.taste.habits()
    }

    /// The usual style, unless taste in pace is known and prefers another one, with why. `length` is what was asked for, in
    /// seconds. Length and transitions are chosen by themselves where they are known, so that styles are then compared by
    /// the rest.
    pub fn style(
        &self,
        usual: &'static Style,
        length: Option<f64>,
    ) -> Result<(&'static Style, Option<String>)> {
        let habits = self.habits();
        let long = length.or(habits.length).map(runs_long);
        let known = [
            ("does_run_long", long),
            ("does_dissolve", habits.soft_share),
        ];
        let mut best: Option<(&'static Style, Candidate)> = None;
        for style in Style::montages()? {
            let mut features = style.pace_features();
            let decided = known
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?)));
            features.extend(decided);
            let Some(candidate) = self.opinion(TasteKind::Pace, &style.id, features) else {
                return Ok((usual, None));
            };
            let better = match &best {
                None => true,
                Some((known, other)) if candidate.score == other.score => {
                    known.id != usual.id && style.id == usual.id
                }
                Some((_, other)) => candidate.score > other.score,
            };
            if better {
                best = Some((style, candidate));
            }
        }
        Ok(match best {
            Some((style, candidate)) => {
                // The strongest feature may be one that is decided by itself, and no reason for a style.
                let is_liked = !candidate.reasons.is_empty();
                let why = "of all styles its pace is most to your taste";
                (style, is_liked.then(|| why.to_owned()))
            }
            None => (usual, None),
        })
    }

    /// The style with the transition that taste prefers, as often as is usual for the creator, and why; `None` where its
    /// own is liked as well. Only transitions that the creator has used are chosen.
    pub fn transition(&self, style: &Style) -> Result<Option<(Style, Decision)>> {
        let opinion = |style: &Style| -> Result<Option<Candidate>> {
            let id = style.transition_name().unwrap_or("none");
            Ok(self.opinion(TasteKind::Transition, id, style.transition_features()?))
        };
        let Some(own) = opinion(style)? else {
            return Ok(None);
        };
        let mut best: Option<(Style, Candidate)> = None;
        for changed in self.transitions(style)? {
            let Some(candidate) = opinion(&changed)? else {
                continue;
            };
            let leads = best
                .as_ref()
                .is_none_or(|(_, other)| candidate.score > other.score);
            if leads && candidate.score >= own.score + CLEARLY {
                best = Some((changed, candidate));
            }
        }
        Ok(best.map(|(changed, candidate)| {
            let name = changed.transition_name().unwrap_or("none").to_owned();
            (
                changed,
                Decision::new(Setting::Transition, name, why(&candidate)),
            )
        }))
    }

    /// The style with each transition that the creator has used, and with cuts alone.
    fn transitions(&self, style: &Style) -> Result<Vec<Style>> {
        let habits = self.habits();
        let often = habits.soft_share.filter(|share| *share > 0.0);
        let every = often.map_or(1.0, |share| (1.0 / share).round().clamp(1.0, MOST_CUTS));
        let mut styles = vec![style.with_transition(None)?];
        for effect in EffectPreset::all()? {
            if effect.transition.is_none() {
                continue;
            }
            let changed = style.with_transition_every(&effect.id, every as u32)?;
            let mut features = changed.transition_features()?.into_keys();
            if features.any(|name| name != "does_cut" && habits.transitions.contains(&name)) {
                styles.push(changed);
            }
        }
        Ok(styles)
    }

    /// The style of captions that taste prefers to none, among those that the creator has used, and why. Finished films
    /// do not show which one it was: then it is the usual one.
    pub fn captions(&self) -> Result<Option<CaptionChoice>> {
        let nothing = ChoiceThing::nothing();
        let name = nothing.choice.unwrap_or_default();
        let Some(without) = self.opinion(TasteKind::Captions, &name, BTreeMap::new()) else {
            return Ok(None);
        };
        let mut best: Option<(&'static str, Candidate)> = None;
        let used = &self.habits().caption_styles;
        for style in CaptionStyle::all()? {
            let is_known =
                used.contains(&style.id) || (used.is_empty() && style.id == USUAL_CAPTIONS);
            if !is_known {
                continue;
            }
            let words = (style.most_words as f64).min(USUAL_WORDS);
            let features = [
                ("does_caption", 1.0),
                ("does_say_much_at_once", words / MANY_WORDS),
            ];
            let features = features.map(|(name, value)| (name.to_owned(), value));
            let opinion = self.opinion(TasteKind::Captions, &style.id, features.into());
            let Some(candidate) = opinion else { continue };
            let leads = best
                .as_ref()
                .is_none_or(|(_, other)| candidate.score > other.score);
            if leads && candidate.score >= without.score + CLEARLY {
                best = Some((&style.id, candidate));
            }
        }
        Ok(best.map(|(style, candidate)| CaptionChoice {
            style,
            why: why(&candidate),
        }))
    }

    /// The framing that taste prefers to the usual one, the plan in it, and why.
    fn framing(
        &self,
        plan: &Plan,
        sources: &[SourceFile],
    ) -> Option<(Plan, FramingChoice, String)> {
        let opinion = |plan: &Plan, choice: FramingChoice| {
            let features = framing_features(plan, sources);
            self.opinion(TasteKind::Framing, choice.id(), features)
        };
        let usual = opinion(plan, FramingChoice::Usual)?;
        let mut best: Option<(Plan, FramingChoice, Candidate)> = None;
        for choice in FramingChoice::ALL {
            let framed = reframed(plan, sources, choice);
            if framed == *plan {
                continue;
            }
            let candidate = opinion(&framed, choice)?;
            let leads = best
                .as_ref()
                .is_none_or(|(_, _, other)| candidate.score > other.score);
            if leads && candidate.score >= usual.score + CLEARLY {
                best = Some((framed, choice, candidate));
            }
        }
        best.map(|(framed, choice, candidate)| (framed, choice, why(&candidate)))
    }

    /// How long films of this creator usually are, where the platform takes them, and why.
    pub fn length(&self) -> Option<(f64, String)> {
        let habits = self.habits();
        let length = habits.length?.min(self.platform.longest);
        let why = format!("that is about how long your {} films are", habits.films);
        Some((rounded(length.max(1.0)), why))
    }

    /// The usual shape of this creator's films, where it is not the platform's, and why.
    pub fn aspect(&self) -> Option<((u32, u32), Decision)> {
        let (width, height) = self.habits().aspect?;
        let platform = (
            u64::from(self.platform.width),
            u64::from(self.platform.height),
        );
        if platform.0 * u64::from(height) == platform.1 * u64::from(width) {
            return None;
        }
        let why = "that is the shape of most of your films";
        let decision = Decision::new(Setting::Aspect, format!("{width}:{height}"), why);
        Some(((width, height), decision))
    }
}

/// A style of captions, and why it was chosen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CaptionChoice {
    pub style: &'static str,
    pub why: String,
}

impl CaptionChoice {
    /// What was decided.
    pub fn decision(&self) -> Decision {
        Decision::new(Setting::Captions, self.style, &self.why)
    }
}

/// Frames a plan as it was asked for, or as taste prefers it; what taste decided is returned.
pub(super) fn frame(
    plan: &mut Plan,
    sources: &[SourceFile],
    wish: FramingWish,
    taste: Option<EditTaste<'_>>,
) -> Option<Decision> {
    if let FramingWish::Named(choice) = wish {
        *plan = reframed(plan, sources, choice);
        return None;
    }
    let (framed, choice, why) = taste?.framing(plan, sources)?;
    *plan = framed;
    Some(Decision::new(Setting::Framing, choice.id(), why))
}

/// Whether somebody speaks in one of the files.
pub(super) fn somebody_speaks(files: &[Analysis]) -> bool {
    files.iter().any(|file| {
        let audio = file.audio.as_ref();
        audio.is_some_and(|audio| !audio.speech.is_empty())
    })
}

fn why(candidate: &Candidate) -> String {
    let reason = candidate.reasons.first();
    reason.map_or_else(
        || "It is to your taste.".into(),
        |reason| reason.text.clone(),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::profile::{Evidence, EvidenceChoice, Profile};

    fn thing(id: Option<&str>, features: &[(&str, f64)]) -> ChoiceThing {
        let features = features
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value));
        ChoiceThing::new(id.map(Into::into), features.collect())
    }

    /// Somebody who took the first in place of the second so many times.
    fn taste(kind: TasteKind, [taken, passed]: [&ChoiceThing; 2], times: i64) -> Taste {
        let mut profile = Profile::default();
        for number in 0..times {
            let choice = EvidenceChoice::new(kind, Some(taken.clone()), vec![passed.clone()]);
            let at = Timestamp::from_second(number * 60).unwrap();
            profile.add(Evidence::feedback(at, vec![choice]));
        }
        Taste::learn(&profile)
    }

    fn of(taste: &Taste) -> EditTaste<'_> {
        let platform = Platform::find("tiktok").unwrap();
        EditTaste { taste, platform }
    }

    #[test]
    fn transitions_follow_what_was_taken_and_need_enough_of_it() {
        let soft = thing(None, &[("does_dissolve", 0.5), ("does_cut", 0.5)]);
        let hard = thing(None, &[("does_cut", 1.0)]);
        let steady = Style::find("steady").unwrap();
        let chosen = |taste: &Taste, style: &Style| of(taste).transition(style).unwrap();
        let dissolves = taste(TasteKind::Transition, [&soft, &hard], 8);
        let (style, decision) = chosen(&dissolves, steady).unwrap();
        assert_eq!(decision.value.as_deref(), Some("dissolve"));
        // As often as the creator softens cuts.
        assert_eq!(style.transition.unwrap().every, 2);
        let cuts = taste(TasteKind::Transition, [&hard, &soft], 8);
        assert_eq!(chosen(&cuts, steady), None);
        let slideshow = Style::find("slideshow").unwrap();
        let (style, decision) = chosen(&cuts, slideshow).unwrap();
        assert_eq!(style.transition, None);
        assert_eq!(decision.value.as_deref(), Some("none"));
        let few = taste(TasteKind::Transition, [&soft, &hard], 3);
        assert_eq!(chosen(&few, steady), None);
    }

    #[test]
    fn captions_are_chosen_where_they_were_taken() {
        let big = [("does_caption", 1.0), ("does_say_much_at_once", 0.2)];
        let (big, none) = (thing(Some("big"), &big), ChoiceThing::nothing());
        let with = taste(TasteKind::Captions, [&big, &none], 8);
        assert_eq!(of(&with).captions().unwrap().unwrap().style, "big");
        let without = taste(TasteKind::Captions, [&none, &big], 8);
        assert_eq!(of(&without).captions().unwrap(), None);
        assert_eq!(of(&Taste::default()).captions().unwrap(), None);
    }
}
