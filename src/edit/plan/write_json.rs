//! Writes a plan as JSON: stable to the byte, short arrays on one line.

use crate::edit::Plan;
use crate::effects::SegmentTransition;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::time::rounded;

impl Plan {
    /// The plan as JSON, with a line break at the end. The same plan gives the same bytes.
    pub fn to_json(&self) -> Result<String> {
        let pretty =
            serde_json::to_string_pretty(&self.rounded()).map_err(|error| Error::Nothing {
                what: format!("the plan cannot be written as JSON: {error}"),
                hint: Hint::ReportFault,
            })?;
        Ok(join_short_arrays(&pretty) + "\n")
    }

    /// The same plan with every number rounded as in JSON.
    pub(in crate::edit) fn rounded(&self) -> Self {
        let mut plan = self.clone();
        plan.output.duration = rounded(plan.output.duration);
        for segment in &mut plan.picture {
            segment.start = rounded(segment.start);
            segment.end = rounded(segment.end);
            segment.speed = rounded(segment.speed);
            segment.look_strength = rounded(segment.look_strength);
            let crops = segment.crop.iter_mut().chain(&mut segment.second_crop);
            for number in crops.flatten() {
                *number = rounded(*number);
            }
            if let Some(second) = &mut segment.second_source {
                second.start = rounded(second.start);
            }
            for effect in &mut segment.effects {
                *effect = effect.clone().rounded();
            }
            if let SegmentTransition::Timed(timed) = &mut segment.transition {
                timed.duration = rounded(timed.duration);
            }
            if let Some(beat) = &mut segment.beat {
                beat.time = rounded(beat.time);
            }
            for reason in &mut segment.reasons {
                reason.weight = rounded(reason.weight);
            }
        }
        for segment in &mut plan.sound {
            segment.start = rounded(segment.start);
            segment.end = rounded(segment.end);
            segment.at = rounded(segment.at);
            segment.speed = rounded(segment.speed);
            for number in segment.gain.iter_mut().flatten() {
                *number = rounded(*number);
            }
        }
        for caption in &mut plan.captions {
            caption.start = rounded(caption.start);
            caption.end = rounded(caption.end);
            for word in &mut caption.words {
                word.start = rounded(word.start);
                word.end = rounded(word.end);
            }
        }
        for marker in &mut plan.markers {
            marker.at = rounded(marker.at);
        }
        plan
    }
}

/// Puts arrays of plain values on one line.
fn join_short_arrays(pretty: &str) -> String {
    let mut text = String::with_capacity(pretty.len());
    let mut rest = pretty;
    let mut in_string = false;
    while let Some(character) = rest.chars().next() {
        if in_string && character == '\\' {
            let escape: usize = rest.chars().take(2).map(char::len_utf8).sum();
            text.push_str(&rest[..escape]);
            rest = &rest[escape..];
            continue;
        }
        if character == '"' {
            in_string = !in_string;
        }
        let plain_end = (!in_string && character == '[')
            .then(|| rest[1..].find(['[', '{', '"', ']']))
            .flatten()
            .filter(|end| rest[1 + end..].starts_with(']'));
        if let Some(end) = plain_end {
            let values: Vec<&str> = rest[1..=end].split(',').map(str::trim).collect();
            text.push_str(&format!("[{}]", values.join(", ")));
            rest = &rest[end + 2..];
        } else {
            text.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_only_arrays_of_plain_values() {
        let pretty = "{\n  \"a\": [\n    1,\n    2.5\n  ],\n\
                      \x20 \"b [1,\\\" 2]\": [],\n  \"c\": [\n    [\n      3\n    ]\n  ]\n}";
        assert_eq!(
            join_short_arrays(pretty),
            "{\n  \"a\": [1, 2.5],\n  \"b [1,\\\" 2]\": [],\n  \"c\": [\n    [3]\n  ]\n}"
        );
    }
}
