//! What an editor changed: how a plan that comes back differs from the one that went out.

use schemars::JsonSchema;
use serde::Serialize;

use crate::edit::{Plan, Segment};
use crate::effects::SegmentTransition;

/// A change to a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlanDifference {
    /// The number of the segment in the plan that went out; absent for one that is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<usize>,
    /// Its number in the plan that came back; absent where it was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<usize>,
    /// The name of its file.
    pub file: String,
    /// What was done: `removed`, `added`, `moved`, `trimmed`, `speed`, `transition`, `look`.
    pub change: &'static str,
    /// In words.
    pub detail: String,
}

/// The differences, in the order of the film. `origins` has, for each segment of `after`, the number of the segment of
/// `before` that it was.
pub fn differences(before: &Plan, after: &Plan, origins: &[Option<usize>]) -> Vec<PlanDifference> {
    let mut found = Vec::new();
    for (number, segment) in after.picture.iter().enumerate() {
        let origin = origins.get(number).copied().flatten();
        let planned = origin.and_then(|at| before.picture.get(at));
        let mut add = |change, detail| {
            found.push(PlanDifference {
                before: origin,
                after: Some(number),
                file: file_of(after, segment),
                change,
                detail,
            });
        };
        let Some(planned) = planned else {
            add("added", range(segment));
            continue;
        };
        compare(planned, segment, &mut add);
    }
    for number in moved(origins) {
        let origin = origins.get(number).copied().flatten();
        let Some(segment) = after.picture.get(number) else {
            continue;
        };
        found.push(PlanDifference {
            before: origin,
            after: Some(number),
            file: file_of(after, segment),
            change: "moved",
            detail: format!("from place {} to {}", origin.unwrap_or(0) + 1, number + 1),
        });
    }
    for (number, segment) in before.picture.iter().enumerate() {
        if !origins.contains(&Some(number)) {
            found.push(PlanDifference {
                before: Some(number),
                after: None,
                file: file_of(before, segment),
                change: "removed",
                detail: range(segment),
            });
        }
    }
    found.sort_by_key(|each| (each.after.or(each.before), each.after.is_none()));
    found
}

fn compare(planned: &Segment, segment: &Segment, add: &mut impl FnMut(&'static str, String)) {
    let (was, is) = (range(planned), range(segment));
    if planned.start_exact != segment.start_exact || planned.end_exact != segment.end_exact {
        add("trimmed", format!("{was} is now {is}"));
    }
    if planned.speed != segment.speed {
        let detail = format!("{} is now {}", planned.speed, segment.speed);
        add("speed", detail);
    }
    if planned.transition != segment.transition {
        let (was, is) = (words(&planned.transition), words(&segment.transition));
        add("transition", format!("{was} is now {is}"));
    }
    if planned.look != segment.look {
        let name = |look: &Option<String>| look.clone().unwrap_or_else(|| "none".into());
        let detail = format!("{} is now {}", name(&planned.look), name(&segment.look));
        add("look", detail);
    }
}

fn range(segment: &Segment) -> String {
    format!("{:.2} to {:.2} s", segment.start, segment.end)
}

fn words(transition: &SegmentTransition) -> String {
    match transition.timed() {
        None => "a cut".into(),
        Some(timed) => {
            let kind = timed.kind.as_layer_transition().facts().kind;
            format!("{kind} of {:.2} s", timed.duration)
        }
    }
}

fn file_of(plan: &Plan, segment: &Segment) -> String {
    let source = plan.sources.iter().find(|each| each.id == segment.source);
    source.map_or_else(String::new, |source| {
        source
            .path
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .into()
    })
}

/// The segments that are out of their order: all but the longest run of those that kept it.
fn moved(origins: &[Option<usize>]) -> Vec<usize> {
    let known: Vec<(usize, usize)> = origins
        .iter()
        .enumerate()
        .filter_map(|(number, origin)| Some((number, (*origin)?)))
        .collect();
    // The longest ascending subsequence by patience: the last of each length, and where each came from.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = vec![None; known.len()];
    let origin = |at: usize| known.get(at).map_or(0, |(_, origin)| *origin);
    for at in 0..known.len() {
        let length = ends.partition_point(|end| origin(*end) <= origin(at));
        if let Some(link) = previous.get_mut(at) {
            *link = length
                .checked_sub(1)
                .and_then(|before| ends.get(before).copied());
        }
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut kept = vec![false; known.len()];
    let mut at = ends.last().copied();
    while let Some(here) = at {
        if let Some(kept) = kept.get_mut(here) {
            *kept = true;
        }
        at = previous.get(here).copied().flatten();
    }
    let pairs = known.iter().zip(kept);
    pairs
        .filter(|(_, kept)| !kept)
        .map(|((number, _), _)| *number)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn only_what_left_its_order_has_moved() {
        assert_eq!(moved(&[Some(0), Some(1), Some(2)]), [0; 0]);
        assert_eq!(moved(&[Some(2), Some(0), Some(1)]), [0]);
        assert_eq!(moved(&[Some(0), None, Some(2), Some(1), Some(3)]), [2]);
        // Two halves of one segment stay where they were.
        assert_eq!(moved(&[Some(0), Some(0), Some(1)]), [0; 0]);
    }
}
