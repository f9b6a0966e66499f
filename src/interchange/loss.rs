//! What did not survive the way between a plan and another program's timeline, `tastemaker.loss/1`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::edit::{Fit, Plan, Segment, SourceKind};
use crate::effects::{Effect, TransitionEffect};

/// The schema of [`LossReport`].
pub const LOSS_SCHEMA: &str = "tastemaker.loss/1";

/// Losses that a report lists one by one; beyond them, it says how many more there are. A hostile file must not make a
/// report of millions.
const MOST_LISTED: usize = 1000;

/// What was kept and what was lost on the way.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LossReport {
    schema: String,
    /// `plan`, or the format that was read.
    pub from: String,
    /// `plan`, or the format that was written.
    pub to: String,
    /// How many of each were kept.
    pub kept: Kept,
    /// What was not, and what was done instead.
    pub lost: Vec<Loss>,
}

/// How many of each were kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Kept {
    /// In picture and sound.
    pub clips: usize,
    pub gaps: usize,
    pub transitions: usize,
    pub captions: usize,
    pub markers: usize,
    pub looks: usize,
    pub effects: usize,
    pub crops: usize,
    /// Segments at another speed than their source.
    pub speeds: usize,
}

/// Something that was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Loss {
    /// Such as `look film-warm`.
    pub what: String,
    /// Where it was, such as `picture[2]`.
    #[serde(rename = "where")]
    pub place: String,
    /// What was done instead.
    pub instead: String,
}

/// The parts of an edit that can be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LostPart {
    Clip,
    Gap,
    Transition,
    Caption,
    Marker,
    Look,
    Effect,
    Crop,
    Speed,
    /// What is not counted, such as a gain.
    Other,
}

/// Collects losses while a timeline is read or written.
#[derive(Debug, Default)]
pub struct LossBook {
    lost: Vec<(LostPart, Loss)>,
    /// Lost beyond those that are listed.
    unlisted: usize,
}

impl LossBook {
    /// Notes a loss. `what` names the part that was lost, `place` where it was.
    pub fn note(
        &mut self,
        part: LostPart,
        what: impl Into<String>,
        place: impl Into<String>,
        instead: impl Into<String>,
    ) {
        if self.lost.len() >= MOST_LISTED {
            self.unlisted += 1;
            return;
        }
        let loss = Loss {
            what: what.into(),
            place: place.into(),
            instead: instead.into(),
        };
        self.lost.push((part, loss));
    }

    /// Notes that the transition at the start of `segment` becomes a dissolve, where it is another.
    pub(super) fn note_unlike_dissolve(&mut self, segment: &Segment, place: &str) {
        if let Some(timed) = segment.transition.timed()
            && timed.kind != TransitionEffect::Dissolve
        {
            let what = format!(
                "transition {}",
                timed.kind.as_layer_transition().facts().kind
            );
            self.note(LostPart::Transition, what, place, "a dissolve");
        }
    }

    /// Takes over what another book noted.
    pub(super) fn append(&mut self, other: Self) {
        self.unlisted += other.unlisted;
        for (part, loss) in other.lost {
            self.note(part, loss.what, loss.place, loss.instead);
        }
    }

    fn count(&self, part: LostPart) -> usize {
        self.lost.iter().filter(|(lost, _)| *lost == part).count()
    }

    /// The report of an export of `plan` to the format `to`.
    pub fn exported(mut self, plan: &Plan, gaps: usize, to: &str) -> LossReport {
        for (number, segment) in plan.picture.iter().enumerate() {
            let place = format!("picture[{number}]");
            let mut sources = plan.sources.iter();
            if sources.any(|it| it.id == segment.source && it.kind == SourceKind::Audio) {
                self.note(LostPart::Clip, "artwork of a sound", &place, "a gap");
                let effects = segment.effects.iter().map(Effect::words);
                effects.for_each(|what| self.note(LostPart::Effect, what, &place, "no effect"));
                continue;
            }
            if segment.fit == Fit::Blurred {
                let instead = "the whole picture, with nothing behind it";
                self.note(LostPart::Other, "blurred fill", place, instead);
            } else if !segment.second_crop.is_empty() {
                let instead = match &segment.second_source {
                    None => "one picture: what fills the second panel is left out".into(),
                    Some(second) => format!("one picture: that of {:?} is left out", second.source),
                };
                self.note(LostPart::Other, "split screen", place, instead);
            }
        }
        let held = held(plan);
        let kept = Kept {
            clips: held.clips.saturating_sub(self.count(LostPart::Clip)),
            gaps: gaps.saturating_sub(self.count(LostPart::Gap)),
            transitions: held
                .transitions
                .saturating_sub(self.count(LostPart::Transition)),
            captions: held.captions.saturating_sub(self.count(LostPart::Caption)),
            markers: held.markers.saturating_sub(self.count(LostPart::Marker)),
            looks: held.looks.saturating_sub(self.count(LostPart::Look)),
            effects: held.effects.saturating_sub(self.count(LostPart::Effect)),
            crops: held.crops.saturating_sub(self.count(LostPart::Crop)),
            speeds: held.speeds.saturating_sub(self.count(LostPart::Speed)),
        };
        self.report("plan", to, kept)
    }

    /// The report of an import from the format `from` into `plan`; without a plan, nothing was kept yet.
    pub fn imported(self, plan: Option<&Plan>, from: &str) -> LossReport {
        let kept = plan.map(held).unwrap_or_default();
        self.report(from, "plan", kept)
    }

    fn report(self, from: &str, to: &str, kept: Kept) -> LossReport {
        let mut lost: Vec<Loss> = self.lost.into_iter().map(|(_, loss)| loss).collect();
        if self.unlisted > 0 {
            lost.push(Loss {
                what: format!("{} more", self.unlisted),
                place: "throughout".into(),
                instead: "not listed".into(),
            });
        }
        LossReport {
            schema: LOSS_SCHEMA.into(),
            from: from.into(),
            to: to.into(),
            kept,
            lost,
        }
    }
}

/// What a plan holds of each.
fn held(plan: &Plan) -> Kept {
    let picture = || plan.picture.iter();
    Kept {
        clips: plan.picture.len() + plan.sound.len(),
        gaps: 0,
        transitions: picture()
            .filter(|segment| segment.transition.timed().is_some())
            .count(),
        captions: plan.captions.len(),
        markers: plan.markers.len(),
        looks: picture().filter(|segment| segment.look.is_some()).count(),
        effects: picture().map(|segment| segment.effects.len()).sum(),
        crops: picture()
            .filter(|segment| is_cropped(&segment.crop))
            .count(),
        speeds: picture().filter(|segment| segment.speed != 1.0).count(),
    }
}

/// Whether a crop leaves out any of the picture.
pub(super) fn is_cropped(crop: &[[f64; 5]]) -> bool {
    crop.iter()
        .any(|[_, rect @ ..]| *rect != [0.0, 0.0, 1.0, 1.0])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::edit::timeline_tests::{plan, ratio, segment};

    #[test]
    fn a_picture_that_another_program_cannot_split_or_fill_is_named() {
        let segments = ["a", "b", "a"].map(|source| segment(source, ratio(0, 1), ratio(1, 1)));
        let mut plan = plan(ratio(25, 1), segments.into());
        plan.picture[0].second_crop = vec![[0.0, 0.5, 0.0, 0.5, 1.0]];
        plan.picture[1].fit = Fit::Blurred;
        let report = LossBook::default().exported(&plan, 0, "otio");
        let lost: Vec<(&str, &str)> = report
            .lost
            .iter()
            .map(|loss| (loss.what.as_str(), loss.place.as_str()))
            .collect();
        assert_eq!(
            lost,
            [
                ("split screen", "picture[0]"),
                ("blurred fill", "picture[1]")
            ]
        );
    }
}
