//! Keeps a planned film from flashing in a way that the check of the finished film would refuse.
//!
//! Where more than three flashes would fall into one second, accents of light go first, then transitions that go through
//! white or black, and at last a shot between two others: the one before it, or after it, is shown for longer. What
//! was asked for and what is locked stays.

use crate::choice::{Decision, Reason, Setting};
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::planner::film_light::FilmLight;
use crate::edit::planner::output_and_sources::{output_spec, plan_sources};
use crate::edit::planner::transitions::{check_locked_transitions, has_room};
use crate::edit::{PLAN_SCHEMA, Plan, Segment, Timeline};
use crate::effects::{Effect, SegmentTransition};
use crate::error::Result;
use crate::time::{Rational, rounded};

/// Most changes to one film, a guard against endless work.
const MOST: usize = 60;
/// The code of the reason.
const REASON: &str = "flash_avoided";

/// Whether a segment's source can also be shown between two seconds of it.
type Room<'a> = &'a dyn Fn(&Segment, Rational, Rational) -> bool;
/// The first second at which a film of segments has flashed too often; an error where none can be rendered of them.
type FlashesAt<'a> = &'a dyn Fn(&[Segment]) -> Result<Option<f64>>;

/// Changes `segments` until nothing flashes too often, and says what was left out.
pub(super) fn avoid_flashes(context: &mut PlanContext<'_>, segments: &mut Vec<Segment>) {
    let sources = context.request.sources.iter().enumerate();
    let light =
        FilmLight::new(sources.map(|(number, source)| (source_id(number), &source.analysis)));
    let flashes_at = |segments: &[Segment]| {
        // As below: what lost its room to a change is a cut in the film.
        let mut segments = segments.to_vec();
        check_locked_transitions(context, &mut segments);
        let plan = film(context, &segments);
        Ok(light.flashes_at(&Timeline::new(&plan)?))
    };
    let room: Room<'_> = &|segment, start, end| has_room(context, segment, start, end);
    let (changes, calm) = calmed(segments, &flashes_at, room);
    if changes > 0 {
        check_locked_transitions(context, segments);
    }
    let what = match (changes, calm) {
        (0, true) => return,
        (_, true) => {
            "dark and bright pictures would follow each other too fast: some accents, transitions or shots are left out"
        }
        (_, false) => {
            "dark and bright pictures follow each other so fast that the film may flash: check it"
        }
    };
    context.decide(Decision::remark(Setting::Style, what));
}

/// The film of these segments, without sound.
fn film(context: &PlanContext<'_>, segments: &[Segment]) -> Plan {
    let lengths = segments.iter().map(Segment::length);
    let duration = lengths.fold(Rational::ZERO, |sum, length| sum + length);
    let used: Vec<&str> = segments.iter().flat_map(Segment::shown_sources).collect();
    Plan {
        schema: PLAN_SCHEMA.into(),
        sources: plan_sources(context.request, &used),
        output: output_spec(context, duration),
        picture: segments.to_vec(),
        sound: Vec::new(),
        captions: Vec::new(),
        markers: Vec::new(),
        carried: None,
    }
}

/// Changes one thing after the other; gives how many, and whether nothing flashes any more. What cannot be rendered is
/// not known to be calm.
fn calmed(segments: &mut Vec<Segment>, flashes_at: FlashesAt<'_>, room: Room<'_>) -> (usize, bool) {
    for changes in 0..MOST {
        let at = match flashes_at(segments) {
            Ok(Some(at)) => at,
            Ok(None) => return (changes, true),
            Err(_) => return (changes, false),
        };
        let near = within(segments, at - 1.0, at);
        let changed = near.iter().any(|number| without_accent(segments, *number))
            || near.iter().any(|number| without_light(segments, *number))
            || merged_one(segments, &near, room);
        if !changed {
            return (changes, false);
        }
    }
    (MOST, matches!(flashes_at(segments), Ok(None)))
}

/// The numbers of the segments that are seen between two seconds of the film.
fn within(segments: &[Segment], from: f64, until: f64) -> Vec<usize> {
    let mut time = Rational::ZERO;
    let mut found = Vec::new();
    for (number, segment) in segments.iter().enumerate() {
        let start = time.seconds();
        time = time + segment.length();
        if start <= until && time.seconds() >= from {
            found.push(number);
        }
    }
    found
}

/// Leaves out the accent of a segment if it is one of light.
fn without_accent(segments: &mut [Segment], number: usize) -> bool {
    let Some(segment) = segments.get_mut(number).filter(|segment| !segment.locked) else {
        return false;
    };
    if !segment.effects.iter().any(Effect::changes_light) {
        return false;
    }
    segment.effects.retain(|effect| !effect.changes_light());
    segment.reasons.retain(|reason| reason.code != "accent");
    explain(
        segment,
        "Its light is left out: with the cuts around it, the film would flash too often.",
    );
    true
}

/// Makes a cut of a transition that goes through white or black.
fn without_light(segments: &mut [Segment], number: usize) -> bool {
    let Some(segment) = segments.get_mut(number).filter(|segment| !segment.locked) else {
        return false;
    };
    let timed = segment.transition.timed();
    if !timed.is_some_and(|timed| timed.kind.as_layer_transition().changes_light()) {
        return false;
    }
    segment.transition = SegmentTransition::Cut;
    explain(
        segment,
        "A plain cut: with those around it, the transition would flash too often.",
    );
    true
}

/// Leaves out the shortest segment in whose place one of its neighbors can be shown.
fn merged_one(segments: &mut Vec<Segment>, near: &[usize], room: Room<'_>) -> bool {
    let mut inner: Vec<usize> = near.iter().copied().skip(1).collect();
    inner.sort_by_key(|number| segments.get(*number).map(Segment::length));
    inner
        .into_iter()
        .any(|number| merged(segments, number, room))
}

/// Shows the segment before `number`, or the one after it, in its place.
fn merged(segments: &mut Vec<Segment>, number: usize, room: Room<'_>) -> bool {
    const WHY: &str =
        "It stays for longer: another cut between dark and bright would flash too often.";
    let is_fixed = |segment: &Segment| {
        segment.locked
            || segment
                .reasons
                .iter()
                .any(|reason| reason.code == "required")
    };
    let Some(gone) = segments.get(number).filter(|gone| !is_fixed(gone)).cloned() else {
        return false;
    };
    let before = number.checked_sub(1).and_then(|at| segments.get_mut(at));
    if let Some(before) = before.filter(|before| !before.locked) {
        let end = before.end_exact + gone.length() * before.exact_speed();
        if room(before, before.end_exact, end) {
            (before.end, before.end_exact) = (rounded(end.seconds()), end);
            explain(before, WHY);
            segments.remove(number);
            return true;
        }
    }
    if let Some(after) = segments
        .get_mut(number + 1)
        .filter(|after| !is_fixed(after))
    {
        let start = after.start_exact - gone.length() * after.exact_speed();
        if start >= Rational::ZERO && room(after, start, after.start_exact) {
            (after.start, after.start_exact) = (rounded(start.seconds()), start);
            (after.beat, after.transition) = (gone.beat, gone.transition);
            explain(after, WHY);
            segments.remove(number);
            return true;
        }
    }
    false
}

fn explain(segment: &mut Segment, why: &str) {
    if segment.reasons.iter().all(|reason| reason.code != REASON) {
        segment.reasons.push(Reason::new(REASON, 0.0, why));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::edit::planner::film_light::tests::{alternating, dark_and_bright, film};

    fn flashes_at(segments: &[Segment]) -> Result<Option<f64>> {
        let plan = film(segments.to_vec());
        Ok(dark_and_bright().flashes_at(&Timeline::new(&plan)?))
    }

    fn length(segments: &[Segment]) -> Rational {
        let lengths = segments.iter().map(Segment::length);
        lengths.fold(Rational::ZERO, |sum, length| sum + length)
    }

    #[test]
    fn shots_are_merged_until_nothing_flashes_and_the_film_keeps_its_length() {
        let mut segments = alternating(2);
        let before = length(&segments);
        let (changes, calm) = calmed(&mut segments, &flashes_at, &|_, _, _| true);
        assert!(calm && changes > 0, "{changes}");
        assert_eq!(flashes_at(&segments).unwrap(), None);
        assert_eq!(length(&segments), before);
        assert!(
            segments.len() > 4,
            "no more than needed: {}",
            segments.len()
        );
        let told = segments.iter().flat_map(|segment| &segment.reasons);
        assert!(told.into_iter().any(|reason| reason.code == REASON));
    }

    #[test]
    fn accents_of_light_go_before_any_shot() {
        let mut segments = alternating(4);
        for segment in &mut segments {
            let flash = r#"[{"kind":"flash","at":1.0,"amount":1.0},{"kind":"punch_in","at":1.0,"amount":0.2}]"#;
            segment.source = "a".into();
            segment.effects = serde_json::from_str(flash).unwrap();
        }
        let shots = segments.len();
        let (changes, calm) = calmed(&mut segments, &flashes_at, &|_, _, _| true);
        assert!(calm && (1..shots).contains(&changes), "{changes}");
        assert_eq!(segments.len(), shots);
        assert!(segments.iter().all(|segment| !segment.effects.is_empty()));
    }

    #[test]
    fn a_film_that_cannot_be_rendered_is_not_calm() {
        let mut segments = alternating(4);
        assert_eq!(
            calmed(&mut segments, &flashes_at, &|_, _, _| true),
            (0, true)
        );
        let dip = r#"{"kind":"dip_to_white","duration":2.0}"#;
        segments[3].transition = serde_json::from_str(dip).unwrap();
        assert_eq!(
            calmed(&mut segments, &flashes_at, &|_, _, _| true),
            (0, false)
        );
    }

    #[test]
    fn what_is_locked_or_has_no_room_stays_and_is_told() {
        let mut segments = alternating(2);
        let shots = segments.len();
        assert_eq!(
            calmed(&mut segments, &flashes_at, &|_, _, _| false),
            (0, false)
        );
        for segment in &mut segments {
            segment.locked = true;
        }
        assert_eq!(
            calmed(&mut segments, &flashes_at, &|_, _, _| true),
            (0, false)
        );
        assert_eq!(segments.len(), shots);
    }
}
