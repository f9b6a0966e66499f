//! Exact time: a rational number of seconds.
//!
//! Frame times are a stream's own timestamps over its time base, so they are rationals; they are never made from
//! `frame / fps`, nor added up as floats. Numbers for people and JSON are made at the last step.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact number, usually of seconds or of frames a second. Always reduced; the denominator is positive.
///
/// Arithmetic saturates instead of overflowing: a value outside `i64` cannot come from a real file, and must not
/// bring the program down when a hostile one claims it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rational {
    numerator: i64,
    denominator: i64,
}

impl Rational {
    /// Zero.
    pub const ZERO: Self = Self {
        numerator: 0,
        denominator: 1,
    };
    /// One.
    pub const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// `numerator / denominator`, reduced. `None` when the denominator is 0.
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        Self::reduce(i128::from(numerator), i128::from(denominator))
    }

    /// A whole number.
    pub fn whole(value: i64) -> Self {
        Self {
            numerator: value,
            denominator: 1,
        }
    }

    /// The multiple of `1 / denominator` nearest to `value`; zero if `value` is not finite or the denominator is 0.
    pub fn nearest(value: f64, denominator: u32) -> Self {
        let scaled = (value * f64::from(denominator)).round();
        if !scaled.is_finite() {
            return Self::ZERO;
        }
        Self::new(scaled as i64, i64::from(denominator)).unwrap_or(Self::ZERO)
    }

    /// The numerator.
    pub fn numerator(self) -> i64 {
        self.numerator
    }

    /// The denominator; at least 1.
    pub fn denominator(self) -> i64 {
        self.denominator
    }

    /// As a float, for people, JSON and filters.
    pub fn seconds(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// `1 / self`; `None` for zero.
    pub fn inverse(self) -> Option<Self> {
        Self::new(self.denominator, self.numerator)
    }

    /// The largest whole number that is not greater.
    pub fn floor(self) -> i64 {
        self.numerator.div_euclid(self.denominator)
    }

    /// The nearest whole number, halves up.
    pub fn round(self) -> i64 {
        let twice = i128::from(self.numerator) * 2 + i128::from(self.denominator);
        saturate(twice.div_euclid(i128::from(self.denominator) * 2))
    }

    /// True below zero.
    pub fn is_negative(self) -> bool {
        self.numerator < 0
    }

    fn reduce(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let sign = if denominator < 0 { -1 } else { 1 };
        let divisor =
            greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs()).max(1);
        let divisor = i128::try_from(divisor).unwrap_or(i128::MAX) * sign;
        let (mut numerator, mut denominator) = (numerator / divisor, denominator / divisor);
        // Too fine for i64: drop the last bits, which keeps sign and magnitude.
        while denominator > i128::from(i64::MAX) {
            numerator /= 2;
            denominator /= 2;
        }
        Some(Self {
            numerator: saturate(numerator),
            denominator: saturate(denominator).max(1),
        })
    }
}

fn saturate(value: i128) -> i64 {
    value.clamp(i128::from(i64::MIN + 1), i128::from(i64::MAX)) as i64
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl std::ops::Add for Rational {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (a, b) = (i128::from(self.numerator), i128::from(self.denominator));
        let (c, d) = (i128::from(other.numerator), i128::from(other.denominator));
        // |a·d + c·b| < 2^127, so this cannot overflow.
        Self::reduce(a * d + c * b, b * d).unwrap_or(Self::ZERO)
    }
}

impl std::ops::Sub for Rational {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + Self {
            numerator: -other.numerator,
            denominator: other.denominator,
        }
    }
}

impl std::ops::Mul for Rational {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::reduce(
            i128::from(self.numerator) * i128::from(other.numerator),
            i128::from(self.denominator) * i128::from(other.denominator),
        )
        .unwrap_or(Self::ZERO)
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        (i128::from(self.numerator) * i128::from(other.denominator))
            .cmp(&(i128::from(other.numerator) * i128::from(self.denominator)))
    }
}

/// `30000/1001`; a whole number keeps its `/1`, so that the text always names both parts.
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

/// Reads `30000/1001`, `25` and `29.97`.
impl FromStr for Rational {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("\"{text}\" is not a number such as 30000/1001 or 25");
        if let Some((above, below)) = text.split_once('/') {
            let above = above.trim().parse().map_err(|_| wrong())?;
            let below = below.trim().parse().map_err(|_| wrong())?;
            return Self::new(above, below).ok_or_else(wrong);
        }
        if let Ok(whole) = text.trim().parse() {
            return Ok(Self::whole(whole));
        }
        let value: f64 = text.trim().parse().map_err(|_| wrong())?;
        if !value.is_finite() || value.abs() > 1e12 {
            return Err(wrong());
        }
        Ok(Self::nearest(value, 1_000_000))
    }
}

impl Serialize for Rational {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A string such as `1001/30000`.
impl JsonSchema for Rational {
    fn schema_name() -> Cow<'static, str> {
        "Rational".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "an exact number: numerator and denominator, such as `1001/30000`",
            "pattern": "^-?[0-9]+/[1-9][0-9]*$",
        })
    }
}

impl<'de> Deserialize<'de> for Rational {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// `value` with 4 decimals, as JSON carries seconds and scores.
pub fn rounded(value: f64) -> f64 {
    let scaled = (value * 10_000.0).round() / 10_000.0;
    if scaled == 0.0 { 0.0 } else { scaled }
}
