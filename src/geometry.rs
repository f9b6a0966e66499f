//! Sizes, points and boxes. Boxes are fractions of the upright picture unless a name says pixels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Size {
    /// Makes a size.
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// Width times height.
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Width over height; 1 for an empty size.
    pub fn aspect(self) -> f64 {
        if self.width == 0 || self.height == 0 {
            1.0
        } else {
            f64::from(self.width) / f64::from(self.height)
        }
    }

    /// The size with the same aspect whose longer side is at most `long`, at least 1 pixel each way.
    pub fn within(self, long: u32) -> Self {
        let longest = self.width.max(self.height).max(1);
        if longest <= long {
            return self;
        }
        let scale = |side: u32| {
            let scaled = (u64::from(side) * u64::from(long) * 2 + u64::from(longest))
                / (u64::from(longest) * 2);
            u32::try_from(scaled).unwrap_or(long).max(1)
        };
        Self {
            width: scale(self.width),
            height: scale(self.height),
        }
    }
}

/// A point, in fractions of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A box, in fractions of the picture; JSON `[x, y, width, height]`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(from = "[f64; 4]", into = "[f64; 4]")]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// The whole picture.
    pub const FULL: Self = Self {
        x: 0.0,
        y: 0.0,
        width: 1.0,
        height: 1.0,
    };

    /// Makes a box.
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// The middle.
    pub fn center(self) -> Point {
        Point {
            x: self.x + self.width / 2.0,
            y: self.y + self.height / 2.0,
        }
    }

    /// Width times height.
    pub fn area(self) -> f64 {
        self.width.max(0.0) * self.height.max(0.0)
    }

    /// The part that both boxes cover.
    pub fn intersection(self, other: Self) -> Self {
        let left = self.x.max(other.x);
        let top = self.y.max(other.y);
        let width = (self.x + self.width).min(other.x + other.width) - left;
        let height = (self.y + self.height).min(other.y + other.height) - top;
        Self {
            x: left,
            y: top,
            width: width.max(0.0),
            height: height.max(0.0),
        }
    }

    /// The smallest box around both.
    pub fn union(self, other: Self) -> Self {
        let left = self.x.min(other.x);
        let top = self.y.min(other.y);
        Self {
            x: left,
            y: top,
            width: (self.x + self.width).max(other.x + other.width) - left,
            height: (self.y + self.height).max(other.y + other.height) - top,
        }
    }

    /// A box of a part of a picture, which is `part` of it, as a box of the picture.
    pub fn out_of(self, part: Self) -> Self {
        Self {
            x: part.x + self.x * part.width,
            y: part.y + self.y * part.height,
            width: self.width * part.width,
            height: self.height * part.height,
        }
    }

    /// A box of a picture as a box of `part` of it: the inverse of [`Self::out_of`]. It may reach beyond 0..1.
    pub fn inside_of(self, part: Self) -> Self {
        let (width, height) = (part.width.max(1e-6), part.height.max(1e-6));
        Self {
            x: (self.x - part.x) / width,
            y: (self.y - part.y) / height,
            width: self.width / width,
            height: self.height / height,
        }
    }

    /// Intersection over union, 0..1.
    pub fn overlap(self, other: Self) -> f64 {
        let both = self.intersection(other).area();
        let all = self.area() + other.area() - both;
        if all > 0.0 { both / all } else { 0.0 }
    }

    /// The part inside the picture.
    pub fn clipped(self) -> Self {
        self.intersection(Self::FULL)
    }

    /// With 4 decimals, as JSON carries it.
    pub fn rounded(self) -> Self {
        use crate::time::rounded;
        Self {
            x: rounded(self.x),
            y: rounded(self.y),
            width: rounded(self.width),
            height: rounded(self.height),
        }
    }
}

impl From<[f64; 4]> for Rect {
    fn from([x, y, width, height]: [f64; 4]) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }
}

impl From<Rect> for [f64; 4] {
    fn from(rect: Rect) -> Self {
        [rect.x, rect.y, rect.width, rect.height]
    }
}
