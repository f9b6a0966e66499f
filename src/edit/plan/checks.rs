//! Checks of a plan: ranges, whole frames, sums, and sources of the right kind.
//!
//! Times are written twice, as seconds for people and as an exact fraction. A person may delete the fraction; it is
//! then made from the seconds, rounded to a whole output frame.

use std::collections::BTreeMap;

use crate::captions::{Caption, CaptionStyle};
use crate::edit::plan::text::{OutputText, PlanText, SegmentText, SoundText};
use crate::edit::plan::{LATEST, exact_speed};
use crate::edit::{Fit, OutputSpec, Plan, SecondSource, Segment, SoundSegment, Source, SourceKind};
use crate::effects::{SegmentTransition, TimedTransition, TransitionText};
use crate::error::Result;
use crate::music::MOST_STRETCH;
use crate::sound::RATE;
use crate::time::Rational;

/// Seconds by which the two notations of a time may differ: more than rounding, less than a frame.
const AGREES: f64 = 0.001;
/// Speeds of a segment: beyond them motion breaks into stills, or is over before it is seen.
const SPEED: (f64, f64) = (0.25, 4.0);
/// Share of the picture by which a crop may exceed it, so that four decimals are enough.
const OUTSIDE: f64 = 0.0005;
/// Seconds by which sound may outlast the film: inaudible, but more than the rounding of its times.
const AFTER_THE_END: f64 = 0.05;

/// Letters of the longest caption.
const LONGEST_CAPTION: usize = 1000;
/// The least width and height of a caption's place, as a share of the picture.
const SMALLEST_PLACE: f64 = 0.01;

/// A result whose error is the path of the field and what is wrong with it.
pub(super) type Check<T = ()> = Result<T, (String, String)>;

fn refuse<T>(field: String, what: impl Into<String>) -> Check<T> {
    Err((field, what.into()))
}

/// Checks a plan and fills in its exact times.
pub(super) fn checked(text: PlanText) -> Check<Plan> {
    let kinds = check_sources(&text.sources)?;
    let rate = text.output.frame_rate;
    check_output(&text.output)?;
    if text.picture.is_empty() && text.sound.is_empty() {
        return refuse(
            "picture".into(),
            "holds no segment, and there is no sound either",
        );
    }
    let mut picture = Vec::with_capacity(text.picture.len());
    let mut total = Rational::ZERO;
    for (number, segment) in text.picture.into_iter().enumerate() {
        let segment = check_segment(segment, &format!("picture[{number}]"), rate, &kinds)?;
        total = total + segment.length();
        picture.push(segment);
    }
    let total = match picture.as_slice() {
        [] => sound_length(&text.output),
        _ => total,
    };
    let output = check_duration(text.output, total)?;
    let mut sound = Vec::with_capacity(text.sound.len());
    for (number, segment) in text.sound.into_iter().enumerate() {
        let at = format!("sound[{number}]");
        sound.push(check_sound(segment, &at, output.duration, &kinds)?);
    }
    for (number, caption) in text.captions.iter().enumerate() {
        let at = |field: &str| format!("captions[{number}].{field}");
        check_range(at("start"), caption.start, 0.0, output.duration)?;
        check_range(at("end"), caption.end, 0.0, LATEST)?;
        if caption.end <= caption.start {
            return refuse(at("end"), "is not after its start");
        }
        check_caption(caption, at)?;
    }
    for (number, marker) in text.markers.iter().enumerate() {
        let field = format!("markers[{number}].at");
        check_range(field, marker.at, 0.0, output.duration)?;
    }
    let plan = Plan {
        schema: text.schema,
        sources: text.sources,
        output,
        picture,
        sound,
        captions: text.captions,
        markers: text.markers,
        carried: text.carried,
    };
    for number in 0..plan.picture.len() {
        if let Some(what) = plan.transition_problem(number) {
            return refuse(format!("picture[{number}].transition.duration"), what);
        }
    }
    Ok(plan)
}

fn check_sources(sources: &[Source]) -> Check<BTreeMap<String, SourceKind>> {
    let mut kinds = BTreeMap::new();
    for (number, source) in sources.iter().enumerate() {
        let at = |field: &str| format!("sources[{number}].{field}");
        if source.id.is_empty() {
            return refuse(at("id"), "is empty");
        }
        if source.path.is_empty() {
            return refuse(at("path"), "is empty");
        }
        if source.blake3.len() != 64 || !source.blake3.bytes().all(|b| b.is_ascii_hexdigit()) {
            return refuse(at("blake3"), "is not 64 hexadecimal digits");
        }
        if kinds.insert(source.id.clone(), source.kind).is_some() {
            return refuse(at("id"), format!("{:?} names two sources", source.id));
        }
    }
    Ok(kinds)
}

fn check_output(output: &OutputText) -> Check {
    for (field, side) in [("width", output.width), ("height", output.height)] {
        if !(16..=8192).contains(&side) || !side.is_multiple_of(2) {
            let what = format!("is {side}; it must be even and 16 to 8192 pixels");
            return refuse(format!("output.{field}"), what);
        }
    }
    let rate = output.frame_rate;
    if !(1.0..=240.0).contains(&rate.seconds()) || rate.denominator() > 1_000_000 {
        let what = format!("is {rate}; it must be 1 to 240 frames a second");
        return refuse("output.frame_rate".into(), what);
    }
    check_range("output.duration".into(), output.duration, 0.0, LATEST)?;
    check_range(
        "output.loudness_lufs".into(),
        output.loudness_lufs,
        -70.0,
        0.0,
    )?;
    check_range(
        "output.true_peak_dbtp".into(),
        output.true_peak_dbtp,
        -20.0,
        0.0,
    )
}

/// The length of a film without a picture, which nothing else tells: as written, or the nearest whole sample.
fn sound_length(output: &OutputText) -> Rational {
    let nearest = Rational::nearest(output.duration, RATE);
    output.duration_exact.unwrap_or(nearest)
}

fn check_duration(output: OutputText, total: Rational) -> Check<OutputSpec> {
    let sum = total.seconds();
    let field = |name: &str| format!("output.{name}");
    if (output.duration - sum).abs() > AGREES {
        let what = format!(
            "is {}, but the segments last {:.4} seconds together: write that, and delete duration_exact",
            output.duration, sum
        );
        return refuse(field("duration"), what);
    }
    if let Some(exact) = output.duration_exact.filter(|exact| *exact != total) {
        let what = format!("is {exact}, but the segments last {total} together: delete it");
        return refuse(field("duration_exact"), what);
    }
    Ok(OutputSpec {
        width: output.width,
        height: output.height,
        frame_rate: output.frame_rate,
        duration: output.duration,
        duration_exact: total,
        loudness_lufs: output.loudness_lufs,
        true_peak_dbtp: output.true_peak_dbtp,
        platform: output.platform,
        style: output.style,
        seed: output.seed,
        background: output.background,
        captions: output.captions,
    })
}

fn check_segment(
    text: SegmentText,
    at: &str,
    rate: Rational,
    kinds: &BTreeMap<String, SourceKind>,
) -> Check<Segment> {
    if !kinds.contains_key(&text.source) {
        return unknown_source(at, &text.source, kinds);
    }
    check_times(at, text.r#in, text.in_exact, text.out, text.out_exact)?;
    let (slowest, fastest) = SPEED;
    check_range(format!("{at}.speed"), text.speed, slowest, fastest)?;
    let (start_exact, end_exact) = whole_frames(at, &text, rate)?;
    check_crops(at, &text)?;
    let second_source = check_second_source(at, &text, kinds)?;
    if text.look.as_deref() == Some("") {
        return refuse(format!("{at}.look"), "is empty: delete it for no look");
    }
    check_range(format!("{at}.look_strength"), text.look_strength, 0.0, 2.0)?;
    for (number, effect) in text.effects.iter().enumerate() {
        let field = |name: &str| format!("{at}.effects[{number}].{name}");
        for (parameter, value) in effect.parameters() {
            let (least, most) = parameter.limits(text.r#in, text.out);
            check_range(field(parameter.name), value, least, most)?;
        }
    }
    let transition = check_transition(&text.transition, at, rate)?;
    if let Some(beat) = &text.beat {
        check_range(format!("{at}.beat.time"), beat.time, 0.0, LATEST)?;
    }
    Ok(Segment {
        source: text.source,
        start: text.r#in,
        start_exact,
        end: text.out,
        end_exact,
        crop: text.crop,
        fit: text.fit,
        second_crop: text.second_crop,
        second_source,
        speed: text.speed,
        look: text.look,
        look_strength: text.look_strength,
        effects: text.effects,
        transition,
        beat: text.beat,
        locked: text.locked,
        reasons: text.reasons,
        carried: text.carried,
    })
}

/// The transition with its exact duration: as written, or the nearest whole number of frames if the fraction was
/// deleted. [`Plan::transition_problem`] checks whether it fits between its segments.
fn check_transition(text: &TransitionText, at: &str, rate: Rational) -> Check<SegmentTransition> {
    let TransitionText::Timed {
        kind,
        duration,
        duration_exact,
    } = *text
    else {
        return Ok(SegmentTransition::Cut);
    };
    let field = format!("{at}.transition.duration");
    check_range(field.clone(), duration, 0.0, LATEST)?;
    let frame = rate.inverse().unwrap_or(Rational::ONE);
    let nearest = Rational::whole((duration * rate.seconds()).round() as i64) * frame;
    let exact = duration_exact.unwrap_or(nearest);
    if (exact.seconds() - duration).abs() > AGREES {
        let what = match duration_exact {
            Some(exact) => format!(
                "is {duration}, but duration_exact is {exact} ({:.4}): edit both, or delete duration_exact",
                exact.seconds()
            ),
            None => format!(
                "is {duration}, which is no whole number of frames at {rate}; the nearest is {:.4}",
                nearest.seconds()
            ),
        };
        return refuse(field, what);
    }
    Ok(SegmentTransition::Timed(TimedTransition {
        kind,
        duration,
        duration_exact: exact,
    }))
}

/// The exact times of a segment, whose length must be a whole number of frames: as written, or the nearest such times
/// if a fraction was deleted.
fn whole_frames(at: &str, text: &SegmentText, rate: Rational) -> Check<(Rational, Rational)> {
    let frame = rate.inverse().unwrap_or(Rational::ONE);
    let speed = exact_speed(text.speed);
    let slowness = speed.inverse().unwrap_or(Rational::ONE);
    let not_whole = |field: &str, length: f64| {
        let below = (length * rate.seconds()).floor().max(1.0) / rate.seconds();
        let above = below + frame.seconds();
        let what = format!(
            "the segment lasts {length:.4} seconds, which is no whole number of frames at {rate}; \
             the nearest are {below:.4} and {above:.4}"
        );
        refuse(format!("{at}.{field}"), what)
    };
    if let (Some(start), Some(end)) = (text.in_exact, text.out_exact) {
        let frames = (end - start) * slowness * rate;
        return if frames.denominator() == 1 && frames.numerator() >= 1 {
            Ok((start, end))
        } else {
            not_whole("out_exact", ((end - start) * slowness).seconds())
        };
    }
    let length = (text.out - text.r#in) * slowness.seconds();
    let frames = (length * rate.seconds()).round();
    let exact = Rational::whole(frames as i64) * frame;
    if frames < 1.0 || (exact.seconds() - length).abs() > AGREES {
        return not_whole("out", length);
    }
    let exact = exact * speed;
    Ok(match (text.in_exact, text.out_exact) {
        (_, Some(end)) => (end - exact, end),
        (start, None) => {
            let start = start.unwrap_or_else(|| Rational::nearest(text.r#in, 1_000_000));
            (start, start + exact)
        }
    })
}

fn check_sound(
    text: SoundText,
    at: &str,
    duration: f64,
    kinds: &BTreeMap<String, SourceKind>,
) -> Check<SoundSegment> {
    match kinds.get(&text.source) {
        None => return unknown_source(at, &text.source, kinds),
        Some(SourceKind::Image) => {
            let what = format!("{:?} is a picture and has no sound", text.source);
            return refuse(format!("{at}.source"), what);
        }
        Some(_) => {}
    }
    check_times(at, text.r#in, text.in_exact, text.out, text.out_exact)?;
    check_range(format!("{at}.at"), text.at, 0.0, duration)?;
    let (slowest, fastest) = (1.0 - MOST_STRETCH, 1.0 + MOST_STRETCH);
    check_range(format!("{at}.speed"), text.speed, slowest, fastest)?;
    if text.at + (text.out - text.r#in) / text.speed > duration + AFTER_THE_END {
        let what = format!("the sound goes on after the film ends at {duration:.4} seconds");
        return refuse(format!("{at}.out"), what);
    }
    if text.gain.is_empty() {
        return refuse(format!("{at}.gain"), "holds no point");
    }
    let mut before = f64::NEG_INFINITY;
    for (number, [time, decibel]) in text.gain.iter().enumerate() {
        let field = format!("{at}.gain[{number}]");
        check_range(format!("{field}[0]"), *time, 0.0, LATEST)?;
        check_range(format!("{field}[1]"), *decibel, -120.0, 40.0)?;
        if *time < before {
            return refuse(field, "is before the point above it");
        }
        before = *time;
    }
    let exact = |given: Option<Rational>, number| {
        given.unwrap_or_else(|| Rational::nearest(number, 1_000_000))
    };
    Ok(SoundSegment {
        start_exact: exact(text.in_exact, text.r#in),
        end_exact: exact(text.out_exact, text.out),
        source: text.source,
        start: text.r#in,
        end: text.out,
        at: text.at,
        speed: text.speed,
        gain: text.gain,
        clean: text.clean,
        reasons: text.reasons,
    })
}

/// Checks what a caption is drawn from.
fn check_caption(caption: &Caption, at: impl Fn(&str) -> String) -> Check {
    if caption.text.chars().count() > LONGEST_CAPTION {
        let what = format!("has more than {LONGEST_CAPTION} letters: no picture holds them");
        return refuse(at("text"), what);
    }
    if let Some(style) = &caption.style
        && let Err(problem) = CaptionStyle::find(style)
    {
        return refuse(
            at("style"),
            format!(
                "{problem}; {}",
                problem
                    .hint()
                    .map_or_else(String::new, |hint| hint.to_string())
            ),
        );
    }
    let Some(place) = &caption.place else {
        return Ok(());
    };
    for (name, value) in [("x", place.x), ("y", place.y)] {
        check_range(at(&format!("place.{name}")), value, 0.0, 1.0)?;
    }
    for (name, start, length) in [
        ("width", place.x, place.width),
        ("height", place.y, place.height),
    ] {
        check_range(
            at(&format!("place.{name}")),
            length,
            SMALLEST_PLACE,
            1.0 - start + OUTSIDE,
        )?;
    }
    Ok(())
}

fn check_times(
    at: &str,
    start: f64,
    start_exact: Option<Rational>,
    end: f64,
    end_exact: Option<Rational>,
) -> Check {
    check_time(at, "in", start, start_exact)?;
    check_time(at, "out", end, end_exact)?;
    if end <= start {
        let what = format!("is {end}, which is not after in ({start})");
        return refuse(format!("{at}.out"), what);
    }
    Ok(())
}

/// Checks a time and the exact one beside it.
fn check_time(at: &str, name: &str, number: f64, exact: Option<Rational>) -> Check {
    check_range(format!("{at}.{name}"), number, 0.0, LATEST)?;
    match exact.filter(|exact| (exact.seconds() - number).abs() > AGREES) {
        None => Ok(()),
        Some(exact) => {
            let what = format!(
                "is {number}, but {name}_exact is {exact} ({:.4}): edit both, or delete {name}_exact",
                exact.seconds()
            );
            refuse(format!("{at}.{name}"), what)
        }
    }
}

fn check_crops(at: &str, text: &SegmentText) -> Check {
    if text.crop.is_empty() {
        return refuse(format!("{at}.crop"), "holds no point");
    }
    check_crop(&format!("{at}.crop"), &text.crop)?;
    let second = format!("{at}.second_crop");
    if !text.second_crop.is_empty() && text.fit == Fit::Blurred {
        let what = "splits the frame, and fit \"blurred\" fills all of it: delete one of them";
        return refuse(second, what);
    }
    check_crop(&second, &text.second_crop)
}

fn check_second_source(
    at: &str,
    text: &SegmentText,
    kinds: &BTreeMap<String, SourceKind>,
) -> Check<Option<SecondSource>> {
    let Some(second) = &text.second_source else {
        return Ok(None);
    };
    let at = format!("{at}.second_source");
    if text.second_crop.is_empty() {
        let what = "has no panel: write a second_crop, or delete it";
        return refuse(at, what);
    }
    match kinds.get(&second.source) {
        None => return unknown_source(&at, &second.source, kinds),
        Some(SourceKind::Audio) => {
            let what = format!("{:?} is a sound and has no picture", second.source);
            return refuse(format!("{at}.source"), what);
        }
        Some(_) => {}
    }
    check_time(&at, "in", second.r#in, second.in_exact)?;
    let nearest = || Rational::nearest(second.r#in, 1_000_000);
    Ok(Some(SecondSource {
        source: second.source.clone(),
        start: second.r#in,
        start_exact: second.in_exact.unwrap_or_else(nearest),
    }))
}

fn check_crop(at: &str, crop: &[[f64; 5]]) -> Check {
    let mut before = f64::NEG_INFINITY;
    for (number, [time, x, y, width, height]) in crop.iter().enumerate() {
        let field = format!("{at}[{number}]");
        check_range(format!("{field}[0]"), *time, 0.0, LATEST)?;
        if *time <= before {
            return refuse(field, "is not after the point above it");
        }
        before = *time;
        if *width <= 0.0 || *height <= 0.0 {
            return refuse(field, "is empty: width and height must be above 0");
        }
        let inside = *x >= -OUTSIDE
            && *y >= -OUTSIDE
            && x + width <= 1.0 + OUTSIDE
            && y + height <= 1.0 + OUTSIDE;
        if !inside {
            let what = format!(
                "[{x}, {y}, {width}, {height}] reaches outside the picture (0 to 1 each way)"
            );
            return refuse(field, what);
        }
    }
    Ok(())
}

fn check_range(field: String, value: f64, least: f64, most: f64) -> Check {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        refuse(field, format!("is {value}; it must be {least} to {most}"))
    }
}

fn unknown_source<T>(at: &str, id: &str, kinds: &BTreeMap<String, SourceKind>) -> Check<T> {
    let known: Vec<&str> = kinds.keys().map(String::as_str).collect();
    let what = format!(
        "there is no source with the id {id:?}; there are: {}",
        known.join(", ")
    );
    refuse(format!("{at}.source"), what)
}
