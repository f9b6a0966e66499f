//! Hue as in color pickers.

use crate::looks::color::{Triple, turn};

/// A color in the hexcone model (A. R. Smith, "Color gamut transform pairs", 1978).
#[derive(Clone, Copy)]
pub(super) struct Hue {
    least: f64,
    /// The largest channel minus the least.
    pub(super) chroma: f64,
    /// 0 red, 120 green, 240 blue; 0 for gray.
    pub(super) degrees: f64,
}

impl Hue {
    pub(super) fn of([red, green, blue]: Triple) -> Self {
        let most = red.max(green).max(blue);
        let least = red.min(green).min(blue);
        let chroma = most - least;
        let sextants = if chroma <= 0.0 {
            0.0
        } else if most == red {
            (green - blue) / chroma
        } else if most == green {
            2.0 + (blue - red) / chroma
        } else {
            4.0 + (red - green) / chroma
        };
        Self {
            least,
            chroma,
            degrees: 60.0 * sextants,
        }
    }

    /// The color with its hue turned by `degrees` and the same largest and least channel.
    pub(super) fn turned(self, degrees: f64) -> Triple {
        let degrees = self.degrees + degrees;
        [0.0, 120.0, 240.0].map(|peak| {
            let away = turn(peak, degrees).abs() / 60.0;
            self.least + self.chroma * (2.0 - away).clamp(0.0, 1.0)
        })
    }
}
