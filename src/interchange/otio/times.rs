//! Times of OpenTimelineIO: a value over a rate.

use serde_json::{Value, json};

use crate::interchange::fraction;
use crate::time::Rational;

/// The seconds of a `RationalTime`; `None` for null.
pub(super) fn time(value: Option<&Value>) -> Result<Option<Rational>, String> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let number = |key: &str| {
        let number = value.get(key).and_then(Value::as_f64);
        number.ok_or_else(|| format!("a time without a {key} that is a number"))
    };
    let (rate, count) = (number("rate")?, number("value")?);
    if count == 0.0 {
        return Ok(Some(Rational::ZERO));
    }
    let rate = fraction::frame_rate(rate)
        .or_else(|| sample_rate(rate))
        .ok_or_else(|| format!("a time at {rate} units a second"))?;
    let seconds = fraction::seconds(count, rate);
    seconds
        .map(Some)
        .ok_or_else(|| format!("a time of {count} units at {rate} a second is out of range"))
}

/// Times of sound may count samples.
fn sample_rate(rate: f64) -> Option<Rational> {
    let is_one = rate.fract() == 0.0 && (1000.0..=1_000_000.0).contains(&rate);
    is_one.then(|| Rational::whole(rate as i64))
}

/// The start and length of a `TimeRange`; `None` for null.
pub(super) fn range(value: Option<&Value>) -> Result<Option<(Rational, Rational)>, String> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let start = time(value.get("start_time"))?.unwrap_or(Rational::ZERO);
    let length = time(value.get("duration"))?.unwrap_or(Rational::ZERO);
    if length.is_negative() {
        return Err("a length below 0".into());
    }
    Ok(Some((start, length)))
}

/// The rate of a time as it is written, if it is one of frames.
pub(super) fn rate_of(value: Option<&Value>) -> Option<Rational> {
    fraction::frame_rate(value?.get("rate")?.as_f64()?)
}

/// `seconds` as a `RationalTime` in frames.
pub(super) fn time_json(seconds: Rational, rate: Rational) -> Value {
    let frames = seconds * rate;
    json!({
        "OTIO_SCHEMA": "RationalTime.1",
        "rate": rate.seconds(),
        "value": frames.seconds(),
    })
}

/// A `TimeRange` in frames.
pub(super) fn range_json(start: Rational, length: Rational, rate: Rational) -> Value {
    json!({
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": time_json(start, rate),
        "duration": time_json(length, rate),
    })
}
