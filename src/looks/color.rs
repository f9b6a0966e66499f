//! Color spaces, computed so that every CPU gives the same bits: f64, `libm`, no fused operations.
//!
//! sRGB's transfer function is IEC 61966-2-1. Oklab is Björn Ottosson's (2020), which is perceptually uniform enough to
//! measure how much a look changes.

/// Three numbers: R, G, B or L, a, b.
pub(super) type Triple = [f64; 3];
/// Rows of three.
pub(super) type Matrix3 = [Triple; 3];

/// Rec. 709 luma weights.
pub(super) const LUMA: Triple = [0.2126, 0.7152, 0.0722];

pub(super) fn luma(color: Triple) -> f64 {
    LUMA[0] * color[0] + LUMA[1] * color[1] + LUMA[2] * color[2]
}

/// From a display value to linear light.
pub(super) fn decode(value: f64) -> f64 {
    if value <= 0.040_45 {
        value / 12.92
    } else {
        libm::pow((value + 0.055) / 1.055, 2.4)
    }
}

/// From linear light to a display value.
pub(super) fn encode(light: f64) -> f64 {
    if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * libm::pow(light, 1.0 / 2.4) - 0.055
    }
}

pub(super) fn multiply(matrix: &Matrix3, color: Triple) -> Triple {
    matrix.map(|row| row[0] * color[0] + row[1] * color[1] + row[2] * color[2])
}

/// From linear sRGB to Oklab's cone responses.
const LIGHT_TO_CONES: Matrix3 = [
    [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
    [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
    [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
];
/// From the cube roots of cone responses to Oklab.
const CONES_TO_LAB: Matrix3 = [
    [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
    [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
    [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
];

/// Oklab of display RGB.
pub(super) fn lab(color: Triple) -> Triple {
    let cones = multiply(&LIGHT_TO_CONES, color.map(decode));
    multiply(&CONES_TO_LAB, cones.map(libm::cbrt))
}

pub(super) fn chroma(lab: Triple) -> f64 {
    (lab[1] * lab[1] + lab[2] * lab[2]).sqrt()
}

/// The hue in Oklab, degrees.
pub(super) fn hue(lab: Triple) -> f64 {
    libm::atan2(lab[2], lab[1]) * (180.0 / std::f64::consts::PI)
}

/// The turn from `from` to `to` the short way round, −180..180 degrees.
pub(super) fn turn(from: f64, to: f64) -> f64 {
    let difference = to - from;
    difference - 360.0 * (difference / 360.0).round()
}

/// The saturated color at `degrees` of the color wheel (0 red, 120 green, 240 blue), as display RGB.
pub(super) fn wheel(degrees: f64) -> Triple {
    [0.0, 8.0, 4.0].map(|offset| {
        // The distance to the channel's peak on a wheel of 12 steps.
        let away = (offset + degrees / 30.0).rem_euclid(12.0);
        let ramp = (away - 3.0).min(9.0 - away).clamp(-1.0, 1.0);
        (1.0 - ramp) / 2.0
    })
}

/// The distance of two colors in Oklab.
pub(super) fn distance(a: Triple, b: Triple) -> f64 {
    let [l, m, s] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    (l * l + m * m + s * s).sqrt()
}

/// A smooth rise from 0 at `low` to 1 at `high`.
pub(super) fn smooth_step(low: f64, high: f64, value: f64) -> f64 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lab_agrees_with_known_values() {
        // From Ottosson's article: sRGB red is L 0.628, a 0.225, b 0.126.
        let red = lab([1.0, 0.0, 0.0]);
        for (found, known) in red.into_iter().zip([0.628, 0.225, 0.126]) {
            assert!((found - known).abs() < 1e-3, "{red:?}");
        }
        assert!(chroma(lab([0.5; 3])) < 1e-6);
    }

    #[test]
    fn the_wheel_has_its_six_corners() {
        assert_eq!(wheel(0.0), [1.0, 0.0, 0.0]);
        assert_eq!(wheel(60.0), [1.0, 1.0, 0.0]);
        assert_eq!(wheel(120.0), [0.0, 1.0, 0.0]);
        assert_eq!(wheel(240.0), [0.0, 0.0, 1.0]);
        assert_eq!(wheel(300.0), [1.0, 0.0, 1.0]);
    }
}
