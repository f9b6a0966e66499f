//! The color behind transparent pictures, where something has to stand there.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The color that transparent areas show in results without opacity: black, as in players, unless another is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Background {
    rgb: [u8; 3],
}

/// The basic colors of CSS (CSS Color Module Level 3, section 4.1).
const BASIC_COLORS: [(&str, [u8; 3]); 16] = [
    ("black", [0, 0, 0]),
    ("silver", [192, 192, 192]),
    ("gray", [128, 128, 128]),
    ("white", [255, 255, 255]),
    ("maroon", [128, 0, 0]),
    ("red", [255, 0, 0]),
    ("purple", [128, 0, 128]),
    ("fuchsia", [255, 0, 255]),
    ("green", [0, 128, 0]),
    ("lime", [0, 255, 0]),
    ("olive", [128, 128, 0]),
    ("yellow", [255, 255, 0]),
    ("navy", [0, 0, 128]),
    ("blue", [0, 0, 255]),
    ("teal", [0, 128, 128]),
    ("aqua", [0, 255, 255]),
];

impl Background {
    /// What is shown unless another color is chosen.
    pub const BLACK: Self = Self::new([0; 3]);

    /// A color of sRGB.
    pub const fn new(rgb: [u8; 3]) -> Self {
        Self { rgb }
    }

    /// From `#rrggbb`, `#rgb` (the `#` may be missing) or the name of a basic color of CSS, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let named = BASIC_COLORS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text));
        if let Some((_, rgb)) = named {
            return Some(Self::new(*rgb));
        }
        let digits = text.strip_prefix('#').unwrap_or(text);
        let digits: Vec<u8> = digits
            .chars()
            .map(|digit| {
                digit
                    .to_digit(16)
                    .and_then(|digit| u8::try_from(digit).ok())
            })
            .collect::<Option<_>>()?;
        match *digits {
            [r, g, b] => Some(Self::new([r * 17, g * 17, b * 17])),
            [r, r2, g, g2, b, b2] => Some(Self::new([r * 16 + r2, g * 16 + g2, b * 16 + b2])),
            _ => None,
        }
    }

    /// True for what is shown unless another color is chosen.
    pub fn is_black(&self) -> bool {
        *self == Self::BLACK
    }

    /// Red, green and blue of sRGB.
    pub fn rgb(self) -> [u8; 3] {
        self.rgb
    }
}

impl TryFrom<String> for Background {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let color = Self::parse(&text);
        color.ok_or_else(|| format!("\"{text}\" is not a color such as white or #ff8000"))
    }
}

impl From<Background> for String {
    fn from(background: Background) -> Self {
        background.to_string()
    }
}

impl fmt::Display for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.rgb;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_read_as_people_write_them() {
        for (text, rgb) in [
            ("#ff8000", [255, 128, 0]),
            ("FF8000", [255, 128, 0]),
            ("#f80", [255, 136, 0]),
            ("White", [255; 3]),
            ("gray", [128; 3]),
        ] {
            assert_eq!(
                Background::parse(text),
                Some(Background::new(rgb)),
                "{text}"
            );
        }
        for wrong in [
            "", "#", "#ff", "#ff80001", "#ggg", "whitish", "é", "＃fff", "#-12",
        ] {
            assert_eq!(Background::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_color_is_read_as_it_is_written() {
        for (_, rgb) in BASIC_COLORS {
            let color = Background::new(rgb);
            assert_eq!(Background::parse(&color.to_string()), Some(color));
        }
    }
}
