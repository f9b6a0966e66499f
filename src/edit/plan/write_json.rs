//! A plan as text: stable to the byte, short arrays on one line, and a table for the terminal.

use crate::edit::{Effect, Plan, Segment, SoundSegment};
use crate::error::{Error, Result};
use crate::time::{Rational, rounded};

impl Segment {
    /// How long it lasts, in seconds.
    pub fn length(&self) -> Rational {
        self.end_exact - self.start_exact
    }

    /// How many frames it lasts at `rate` frames a second.
    pub fn frames(&self, rate: Rational) -> u64 {
        u64::try_from((self.length() * rate).round()).unwrap_or(0)
    }
}

impl SoundSegment {
    /// How long it lasts in the film, in seconds.
    pub fn length(&self) -> f64 {
        (self.end_exact - self.start_exact).seconds() / self.speed
    }
}

impl Plan {
    /// The plan as JSON, with a line break at the end. The same plan gives the same bytes.
    pub fn to_json(&self) -> Result<String> {
        let pretty =
            serde_json::to_string_pretty(&self.rounded()).map_err(|error| Error::Nothing {
                what: format!("the plan cannot be written as JSON: {error}"),
                hint: "report this".into(),
            })?;
        Ok(join_short_arrays(&pretty) + "\n")
    }

    /// The same plan with every number as JSON carries it.
    pub(in crate::edit) fn rounded(&self) -> Self {
        let mut plan = self.clone();
        plan.output.duration = rounded(plan.output.duration);
        for segment in &mut plan.picture {
            segment.start = rounded(segment.start);
            segment.end = rounded(segment.end);
            segment.look_strength = rounded(segment.look_strength);
            for number in segment.crop.iter_mut().flatten() {
                *number = rounded(*number);
            }
            for effect in &mut segment.effects {
                match effect {
                    Effect::SlowPush { amount } => *amount = rounded(*amount),
                    Effect::PunchIn { at, amount } => {
                        *at = rounded(*at);
                        *amount = rounded(*amount);
                    }
                }
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
        plan
    }

    /// Seconds of the film at which the picture visibly changes: not where a segment goes on exactly where the one before
    /// it stopped.
    pub fn visible_cuts(&self) -> Vec<f64> {
        let mut cuts = Vec::new();
        let mut place = Rational::ZERO;
        for pair in self.picture.windows(2) {
            let [before, next] = pair else { continue };
            place = place + before.length();
            let goes_on = before.source == next.source && before.end_exact == next.start_exact;
            if !goes_on {
                cuts.push(place.seconds());
            }
        }
        cuts
    }

    /// A table of the segments for the terminal, a line each; every line ends with a line break.
    pub fn summary(&self) -> String {
        let mut rows =
            vec![["time", "source", "in – out", "beat", "effect", "why"].map(String::from)];
        let mut place = Rational::ZERO;
        for segment in &self.picture {
            let name = self
                .sources
                .iter()
                .find(|source| source.id == segment.source)
                .map_or(segment.source.as_str(), |source| {
                    source.path.rsplit(['/', '\\']).next().unwrap_or_default()
                });
            let beat = match &segment.beat {
                Some(beat) if beat.downbeat => "downbeat",
                Some(_) => "beat",
                None => "",
            };
            let effects: Vec<String> = segment.effects.iter().map(effect_words).collect();
            rows.push([
                clock(place.seconds()),
                name.to_owned(),
                format!("{} – {}", clock(segment.start), clock(segment.end)),
                beat.to_owned(),
                effects.join(", "),
                segment
                    .reasons
                    .first()
                    .map(|reason| reason.text.clone())
                    .unwrap_or_default(),
            ]);
            place = place + segment.length();
        }
        let output = &self.output;
        format!(
            "{}{} × {}, {:.2} frames a second, {} ({} segments, style {}, for {})\n",
            table(&rows),
            output.width,
            output.height,
            output.frame_rate.seconds(),
            clock(output.duration),
            self.picture.len(),
            output.style,
            output.platform,
        )
    }
}

fn effect_words(effect: &Effect) -> String {
    match effect {
        Effect::SlowPush { amount } if *amount < 0.0 => {
            format!("pull out {:.0} %", -amount * 100.0)
        }
        Effect::SlowPush { amount } => format!("push in {:.0} %", amount * 100.0),
        Effect::PunchIn { amount, .. } => format!("punch in {:.0} %", amount * 100.0),
    }
}

/// `1:02.35`
pub(in crate::edit) fn clock(seconds: f64) -> String {
    let hundredths = (seconds.max(0.0) * 100.0).round() as u64;
    format!(
        "{}:{:02}.{:02}",
        hundredths / 6000,
        hundredths / 100 % 60,
        hundredths % 100
    )
}

/// Rows with their columns lined up, two spaces between.
fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let mut widths = [0; COLUMNS];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            let pad = width - cell.chars().count();
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', pad + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Puts arrays that hold nothing but plain values on one line.
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
        let pretty = "{\n  \"a\": [\n    1,\n    2.5\n  ],\n  \"b [1,\\\" 2]\": [],\n  \"c\": [\n    [\n      3\n    ]\n  ]\n}";
        assert_eq!(
            join_short_arrays(pretty),
            "{\n  \"a\": [1, 2.5],\n  \"b [1,\\\" 2]\": [],\n  \"c\": [\n    [3]\n  ]\n}"
        );
    }

    #[test]
    fn writes_clock_times() {
        assert_eq!(clock(62.349), "1:02.35");
        assert_eq!(clock(59.999), "1:00.00");
        assert_eq!(clock(-1.0), "0:00.00");
    }
}
