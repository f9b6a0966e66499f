//! The perceived difference of two colors: CIEDE2000 (G. Sharma, W. Wu, E. N. Dalal, 2005), all weights 1.

use std::f64::consts::{PI, TAU};

use crate::looks::color::{Matrix3, Triple, decode, multiply};

/// From linear sRGB to CIE XYZ, relative to the white of D65.
const TO_XYZ: Matrix3 = [
    [
        0.412_456_4 / 0.950_47,
        0.357_576_1 / 0.950_47,
        0.180_437_5 / 0.950_47,
    ],
    [0.212_672_9, 0.715_152_2, 0.072_175_0],
    [
        0.019_333_9 / 1.088_83,
        0.119_192_0 / 1.088_83,
        0.950_304_1 / 1.088_83,
    ],
];

/// CIE L*a*b* (D65) of display sRGB.
pub(super) fn cielab(color: Triple) -> Triple {
    let [x, y, z] = multiply(&TO_XYZ, color.map(decode)).map(|t| {
        if t > 216.0 / 24389.0 {
            libm::cbrt(t)
        } else {
            (24389.0 / 27.0 * t + 16.0) / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The difference of two colors in CIE L*a*b*: 1 is just visible side by side.
pub(super) fn ciede2000(one: Triple, other: Triple) -> f64 {
    let power_7 = |value: f64| libm::pow(value, 7.0);
    let twist = |chroma: f64| libm::sqrt(power_7(chroma) / (power_7(chroma) + power_7(25.0)));
    let mean_chroma = (libm::hypot(one[1], one[2]) + libm::hypot(other[1], other[2])) / 2.0;
    let stretch = 1.5 - 0.5 * twist(mean_chroma);
    let polar = |lab: Triple| {
        let a = lab[1] * stretch;
        (
            libm::hypot(a, lab[2]),
            libm::atan2(lab[2], a).rem_euclid(TAU),
        )
    };
    let ((chroma_1, hue_1), (chroma_2, hue_2)) = (polar(one), polar(other));
    let (mut turn, mut hue) = (hue_2 - hue_1, (hue_1 + hue_2) / 2.0);
    if chroma_1 * chroma_2 == 0.0 {
        (turn, hue) = (0.0, hue_1 + hue_2);
    } else if turn.abs() > PI {
        turn -= TAU.copysign(turn);
        hue += if hue < PI { PI } else { -PI };
    }
    let lightness = other[0] - one[0];
    let saturation = chroma_2 - chroma_1;
    let hue_difference = 2.0 * libm::sqrt(chroma_1 * chroma_2) * libm::sin(turn / 2.0);
    let middle = (one[0] + other[0]) / 2.0 - 50.0;
    let (middle, chroma) = (middle * middle, (chroma_1 + chroma_2) / 2.0);
    let degrees = |value: f64| value * PI / 180.0;
    let weight = 1.0 - 0.17 * libm::cos(hue - degrees(30.0))
        + 0.24 * libm::cos(2.0 * hue)
        + 0.32 * libm::cos(3.0 * hue + degrees(6.0))
        - 0.20 * libm::cos(4.0 * hue - degrees(63.0));
    let light = lightness / (1.0 + 0.015 * middle / libm::sqrt(20.0 + middle));
    let colored = saturation / (1.0 + 0.045 * chroma);
    let hued = hue_difference / (1.0 + 0.015 * chroma * weight);
    let away = (hue * 180.0 / PI - 275.0) / 25.0;
    let rotation = -2.0 * twist(chroma) * libm::sin(degrees(60.0) * libm::exp(-away * away));
    libm::sqrt(
        (light * light + colored * colored + hued * hued + rotation * colored * hued).max(0.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_pairs_of_the_paper() {
        for (one, other, known) in [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, -1.0, 2.0], [50.0, 0.0, 0.0], 2.3669),
            ([50.0, 2.5, 0.0], [50.0, 0.0, -2.5], 4.3065),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
            (
                [60.2574, -34.0099, 36.2677],
                [60.4626, -34.1751, 39.4387],
                1.2644,
            ),
            (
                [22.7233, 20.0904, -46.6940],
                [23.0331, 14.9730, -42.5619],
                2.0373,
            ),
            (
                [90.8027, -2.0831, 1.4410],
                [91.1528, -1.6435, 0.0447],
                1.4441,
            ),
            (
                [2.0776, 0.0795, -1.1350],
                [0.9033, -0.0636, -0.5514],
                0.9082,
            ),
        ] {
            let found = ciede2000(one, other);
            assert!((found - known).abs() < 1e-4, "{found} {known}");
        }
    }

    #[test]
    fn white_is_white() {
        let [light, a, b] = cielab([1.0; 3]);
        assert!((light - 100.0).abs() < 0.01 && a.abs() < 0.01 && b.abs() < 0.01);
    }
}
