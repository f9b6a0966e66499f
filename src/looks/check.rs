//! Which parameters and orders of steps are allowed.

use crate::looks::LookStep;
use crate::looks::lut::is_plain_name;
use crate::looks::mask::Mask;
use crate::looks::steps::{HueRange, ToneCurve};

/// A parameter that is not allowed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    /// Keys and places in lists from the step down to the value; empty for the step itself.
    pub(crate) place: Vec<Key>,
    /// What is wrong.
    pub(crate) what: String,
}

/// One level of the way to a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Key {
    Name(&'static str),
    Number(usize),
}

pub(super) type Checked = Result<(), Problem>;

pub(super) fn problem(place: Vec<Key>, what: impl Into<String>) -> Problem {
    Problem {
        place,
        what: what.into(),
    }
}

fn within(name: &'static str, value: f64, least: f64, most: f64) -> Checked {
    within_at(vec![Key::Name(name)], name, value, least, most)
}

/// NaN is in no range.
pub(super) fn within_at(place: Vec<Key>, name: &str, value: f64, least: f64, most: f64) -> Checked {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(problem(
            place,
            format!("{name} is {value}, but must be from {least} to {most}"),
        ))
    }
}

impl LookStep {
    /// All kinds: color steps, then texture steps in the order they run.
    pub const KINDS: [&'static str; 21] = [
        "even",
        "exposure",
        "white_balance",
        "contrast",
        "tone_curve",
        "levels",
        "highlights_shadows",
        "saturation",
        "vibrance",
        "hsl",
        "split_tone",
        "channel_mixer",
        "monochrome",
        "lut",
        "fade",
        "clarity",
        "sharpen",
        "soft_focus",
        "bloom",
        "vignette",
        "grain",
    ];

    /// The word in the file.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Even(_) => "even",
            Self::Exposure(_) => "exposure",
            Self::WhiteBalance(_) => "white_balance",
            Self::Contrast(_) => "contrast",
            Self::ToneCurve(_) => "tone_curve",
            Self::Levels(_) => "levels",
            Self::HighlightsShadows(_) => "highlights_shadows",
            Self::Saturation(_) => "saturation",
            Self::Vibrance(_) => "vibrance",
            Self::Hsl(_) => "hsl",
            Self::SplitTone(_) => "split_tone",
            Self::ChannelMixer(_) => "channel_mixer",
            Self::Monochrome(_) => "monochrome",
            Self::Lut(_) => "lut",
            Self::Fade(_) => "fade",
            Self::Clarity(_) => "clarity",
            Self::Sharpen(_) => "sharpen",
            Self::SoftFocus(_) => "soft_focus",
            Self::Bloom(_) => "bloom",
            Self::Vignette(_) => "vignette",
            Self::Grain(_) => "grain",
            Self::Masked(masked) => masked.step.kind(),
        }
    }

    /// Where a step stands that can be there once: 0 for `even`, then textures by the order they run in; `None` for color
    /// steps.
    pub(super) fn place(&self) -> Option<u8> {
        match self {
            Self::Even(_) => Some(0),
            _ => self.texture_order(),
        }
    }

    /// True for steps that act on a color alone, the same way in every picture and everywhere in it.
    pub fn fits_a_table(&self) -> bool {
        self.place().is_none() && self.masks().iter().all(Mask::fits_a_table)
    }

    /// Texture steps by the order they run in; `None` for color steps.
    pub(super) fn texture_order(&self) -> Option<u8> {
        match self {
            Self::Clarity(_) => Some(1),
            Self::Sharpen(_) => Some(2),
            Self::SoftFocus(_) => Some(3),
            Self::Bloom(_) => Some(4),
            Self::Vignette(_) => Some(5),
            Self::Grain(_) => Some(6),
            Self::Masked(masked) => masked.step.texture_order(),
            _ => None,
        }
    }

    /// Checks that the step may stand after `before`: a file lists steps in the order they run.
    pub(crate) fn check_order(&self, before: Option<&LookStep>) -> Checked {
        if let (Self::Even(_), Some(before)) = (self, before) {
            return Err(problem(
                vec![],
                match before {
                    Self::Even(_) => "there is an even already".into(),
                    other => format!(
                        "even measures the picture as it was: move it above {}",
                        other.kind()
                    ),
                },
            ));
        }
        let Some((before, order_before)) =
            before.and_then(|step| step.texture_order().map(|order| (step, order)))
        else {
            return Ok(());
        };
        let (kind, kind_before) = (self.kind(), before.kind());
        match self.texture_order() {
            None => Err(problem(
                vec![],
                format!("color comes before texture: move {kind} above {kind_before}"),
            )),
            Some(order) if order == order_before => {
                Err(problem(vec![], format!("there is a {kind} already")))
            }
            Some(order) if order < order_before => Err(problem(
                vec![],
                format!("{kind} runs before {kind_before}: move it above"),
            )),
            Some(_) => Ok(()),
        }
    }

    /// Checks every parameter against its range.
    pub(crate) fn check(&self) -> Checked {
        match self {
            Self::Even(step) => {
                within("amount", step.amount, 0.0, 100.0)?;
                if let Some(bright) = step.bright {
                    within("bright", bright, 0.1, 1.0)?;
                }
                within("bright_amount", step.bright_amount, 0.0, 100.0)
            }
            Self::Exposure(step) => within("stops", step.stops, -4.0, 4.0),
            Self::WhiteBalance(step) => {
                within("temperature", step.temperature, -100.0, 100.0)?;
                within("tint", step.tint, -100.0, 100.0)
            }
            Self::Contrast(step) => {
                within("amount", step.amount, -100.0, 100.0)?;
                within("pivot", step.pivot, 0.1, 0.9)
            }
            Self::ToneCurve(step) => check_curves(step),
            Self::Levels(step) => {
                within("black_point", step.black_point, -0.3, 0.4)?;
                within("white_point", step.white_point, 0.6, 1.3)
            }
            Self::HighlightsShadows(step) => {
                within("highlights", step.highlights, -100.0, 100.0)?;
                within("shadows", step.shadows, -100.0, 100.0)
            }
            Self::Saturation(step) => within("amount", step.amount, -100.0, 100.0),
            Self::Vibrance(step) => within("amount", step.amount, -100.0, 100.0),
            Self::Hsl(step) => {
                if !(1..=12).contains(&step.ranges.len()) {
                    return Err(problem(
                        vec![Key::Name("ranges")],
                        format!(
                            "there are {} ranges, allowed are 1 to 12",
                            step.ranges.len()
                        ),
                    ));
                }
                step.ranges
                    .iter()
                    .enumerate()
                    .try_for_each(|(number, range)| check_range(number, range))
            }
            Self::SplitTone(step) => {
                within("shadow_hue", step.shadow_hue, 0.0, 360.0)?;
                within("shadow_amount", step.shadow_amount, 0.0, 100.0)?;
                within("highlight_hue", step.highlight_hue, 0.0, 360.0)?;
                within("highlight_amount", step.highlight_amount, 0.0, 100.0)?;
                within("balance", step.balance, -100.0, 100.0)?;
                within("protect_skin", step.protect_skin, 0.0, 100.0)
            }
            Self::ChannelMixer(step) => {
                for (name, row) in [
                    ("red", step.red),
                    ("green", step.green),
                    ("blue", step.blue),
                ] {
                    for (number, value) in row.into_iter().enumerate() {
                        let place = vec![Key::Name(name), Key::Number(number)];
                        within_at(place, name, value, -2.0, 2.0)?;
                    }
                }
                Ok(())
            }
            Self::Monochrome(step) => {
                within("red", step.red, -2.0, 2.0)?;
                within("green", step.green, -2.0, 2.0)?;
                within("blue", step.blue, -2.0, 2.0)?;
                if step.red + step.green + step.blue < 0.2 {
                    return Err(problem(
                        vec![],
                        "red, green and blue must add up to at least 0.2",
                    ));
                }
                Ok(())
            }
            Self::Lut(step) => {
                if !is_plain_name(&step.file) {
                    return Err(problem(
                        vec![Key::Name("file")],
                        "file must be the name of a .cube file beside the look, without a folder",
                    ));
                }
                let is_hash = |hash: &String| {
                    hash.len() == 64 && hash.chars().all(|digit| digit.is_ascii_hexdigit())
                };
                if !step.blake3.as_ref().is_none_or(is_hash) {
                    return Err(problem(
                        vec![Key::Name("blake3")],
                        "blake3 must have 64 hexadecimal digits",
                    ));
                }
                Ok(())
            }
            Self::Fade(step) => within("amount", step.amount, 0.0, 100.0),
            Self::Clarity(step) => {
                within("amount", step.amount, -100.0, 100.0)?;
                within("radius", step.radius, 0.5, 10.0)
            }
            Self::Sharpen(step) => within("amount", step.amount, 0.0, 100.0),
            Self::SoftFocus(step) => {
                within("amount", step.amount, 0.0, 100.0)?;
                within("radius", step.radius, 0.5, 10.0)
            }
            Self::Bloom(step) => {
                within("amount", step.amount, 0.0, 100.0)?;
                within("radius", step.radius, 0.5, 10.0)?;
                within("threshold", step.threshold, 30.0, 98.0)?;
                within("warmth", step.warmth, 0.0, 100.0)
            }
            Self::Vignette(step) => {
                within("amount", step.amount, -100.0, 100.0)?;
                within("start", step.start, 0.0, 90.0)
            }
            Self::Grain(step) => {
                within("amount", step.amount, 0.0, 100.0)?;
                within("size", step.size, 0.5, 4.0)
            }
            Self::Masked(masked) => {
                masked.check_masks()?;
                masked.step.check()
            }
        }
    }
}

fn check_range(number: usize, range: &HueRange) -> Checked {
    let within = |name: &'static str, value, least, most| {
        let place = vec![Key::Name("ranges"), Key::Number(number), Key::Name(name)];
        within_at(place, name, value, least, most)
    };
    within("center", range.center, 0.0, 360.0)?;
    within("reach", range.reach, 20.0, 120.0)?;
    within("hue", range.hue, -45.0, 45.0)?;
    within("saturation", range.saturation, -100.0, 100.0)?;
    within("lightness", range.lightness, -100.0, 100.0)
}

fn check_curves(step: &ToneCurve) -> Checked {
    let curves = [
        ("master", &step.master),
        ("red", &step.red),
        ("green", &step.green),
        ("blue", &step.blue),
    ];
    if curves.iter().all(|(_, points)| points.is_empty()) {
        return Err(problem(
            vec![],
            "a tone_curve needs points in master, red, green or blue",
        ));
    }
    for (name, points) in curves {
        if points.is_empty() {
            continue;
        }
        if !(2..=16).contains(&points.len()) {
            return Err(problem(
                vec![Key::Name(name)],
                format!("{name} has {} points, allowed are 2 to 16", points.len()),
            ));
        }
        for (number, point) in points.iter().enumerate() {
            for (side, value) in point.iter().enumerate() {
                let place = vec![Key::Name(name), Key::Number(number), Key::Number(side)];
                within_at(place, name, *value, 0.0, 1.0)?;
            }
            // Closer points would make a step that no table can carry.
            if number > 0 && point[0] - points[number - 1][0] < 0.01 {
                return Err(problem(
                    vec![Key::Name(name), Key::Number(number)],
                    format!(
                        "points of {name} must go from left to right, at least 0.01 apart: {} comes after {}",
                        point[0],
                        points[number - 1][0]
                    ),
                ));
            }
        }
    }
    Ok(())
}
