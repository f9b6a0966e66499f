//! Color spaces, computed so that every CPU gives the same bits: f64, `libm`, no fused operations.
//!
//! sRGB's transfer function is IEC 61966-2-1. Oklab is Björn Ottosson's (2020); its axes follow what people see closely
//! enough that scaling chroma keeps hue and lightness. White balance is a Bradford adaptation between points of the
//! CIE daylight locus. Numbers outside 0..1 are carried through; the transfer function is odd about 0.

/// Three numbers: R, G, B or L, a, b.
pub(super) type Triple = [f64; 3];
/// Rows of three.
pub(super) type Matrix = [Triple; 3];

/// Rec. 709 luma weights.
pub(super) const LUMA: Triple = [0.2126, 0.7152, 0.0722];

pub(super) fn luma(color: Triple) -> f64 {
    LUMA[0] * color[0] + LUMA[1] * color[1] + LUMA[2] * color[2]
}

/// From display to light.
pub(super) fn decode(value: f64) -> f64 {
    let size = value.abs();
    let light = if size <= 0.040_45 {
        size / 12.92
    } else {
        libm::pow((size + 0.055) / 1.055, 2.4)
    };
    light.copysign(value)
}

/// From light to display.
pub(super) fn encode(light: f64) -> f64 {
    let size = light.abs();
    let value = if size <= 0.003_130_8 {
        size * 12.92
    } else {
        1.055 * libm::pow(size, 1.0 / 2.4) - 0.055
    };
    value.copysign(light)
}

pub(super) fn multiply(matrix: &Matrix, color: Triple) -> Triple {
    matrix.map(|row| row[0] * color[0] + row[1] * color[1] + row[2] * color[2])
}

fn multiply_matrices(left: &Matrix, right: &Matrix) -> Matrix {
    let column = |number: usize| right.map(|row| row[number]);
    let columns = [0, 1, 2].map(|number| multiply(left, column(number)));
    [0, 1, 2].map(|row| columns.map(|column| column[row]))
}

const LIGHT_TO_CONES: Matrix = [
    [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
    [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
    [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
];
const CONES_TO_LAB: Matrix = [
    [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
    [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
    [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
];
const LAB_TO_CONES: Matrix = [
    [1.0, 0.396_337_777_4, 0.215_803_757_3],
    [1.0, -0.105_561_345_8, -0.063_854_172_8],
    [1.0, -0.089_484_177_5, -1.291_485_548_0],
];
const CONES_TO_LIGHT: Matrix = [
    [4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2],
    [-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5],
    [-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701_0],
];

pub(super) fn light_to_lab(light: Triple) -> Triple {
    multiply(
        &CONES_TO_LAB,
        multiply(&LIGHT_TO_CONES, light).map(libm::cbrt),
    )
}

pub(super) fn lab_to_light(lab: Triple) -> Triple {
    let cones = multiply(&LAB_TO_CONES, lab);
    multiply(&CONES_TO_LIGHT, cones.map(|cone| cone * cone * cone))
}

/// From display RGB.
pub(super) fn lab(color: Triple) -> Triple {
    light_to_lab(color.map(decode))
}

pub(super) fn chroma(lab: Triple) -> f64 {
    (lab[1] * lab[1] + lab[2] * lab[2]).sqrt()
}

/// Degrees, 0..360.
pub(super) fn hue(lab: Triple) -> f64 {
    let degrees = libm::atan2(lab[2], lab[1]) * (180.0 / std::f64::consts::PI);
    if degrees < 0.0 {
        degrees + 360.0
    } else {
        degrees
    }
}

/// From `from` to `to` the short way round, −180..180 degrees.
pub(super) fn turn(from: f64, to: f64) -> f64 {
    let difference = to - from;
    difference - 360.0 * (difference / 360.0).round()
}

/// Sine and cosine of degrees.
pub(super) fn sine_cosine(degrees: f64) -> (f64, f64) {
    libm::sincos(degrees * (std::f64::consts::PI / 180.0))
}

/// The full color at `degrees` of the common wheel (0 red, 120 green, 240 blue), as display RGB.
pub(super) fn wheel(degrees: f64) -> Triple {
    [0.0, 8.0, 4.0].map(|offset| {
        // The distance of the channel's peak on a wheel of 12 steps.
        let place = (offset + degrees / 30.0).rem_euclid(12.0);
        let ramp = (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0);
        (1.0 - ramp) / 2.0
    })
}

/// The Oklab hue of `degrees` of the common wheel.
pub(super) fn lab_hue_of_wheel(degrees: f64) -> f64 {
    hue(lab(wheel(degrees)))
}

const RGB_TO_XYZ: Matrix = [
    [0.412_390_799, 0.357_584_339, 0.180_480_788],
    [0.212_639_006, 0.715_168_679, 0.072_192_315],
    [0.019_330_819, 0.119_194_780, 0.950_532_152],
];
const XYZ_TO_RGB: Matrix = [
    [3.240_969_942, -1.537_383_178, -0.498_610_760],
    [-0.969_243_636, 1.875_967_502, 0.041_555_057],
    [0.055_630_080, -0.203_976_959, 1.056_971_514],
];
const BRADFORD: Matrix = [
    [0.8951, 0.2664, -0.1614],
    [-0.7502, 1.7135, 0.0367],
    [0.0389, -0.0685, 1.0296],
];
const BRADFORD_BACK: Matrix = [
    [0.986_992_9, -0.147_054_3, 0.159_962_7],
    [0.432_305_3, 0.518_360_3, 0.049_291_2],
    [-0.008_528_7, 0.040_042_8, 0.968_486_7],
];

/// The daylight of `mired` (1e6 over kelvin; 40..250), as CIE 1960 u, v.
fn daylight(mired: f64) -> (f64, f64) {
    let m = mired.clamp(40.0, 250.0) / 1000.0;
    let x = if m > 1.0 / 7.0 {
        -4.6070 * m * m * m + 2.9678 * m * m + 0.099_11 * m + 0.244_063
    } else {
        -2.0064 * m * m * m + 1.9018 * m * m + 0.247_48 * m + 0.237_040
    };
    let y = -3.0 * x * x + 2.870 * x - 0.275;
    let scale = -2.0 * x + 12.0 * y + 3.0;
    (4.0 * x / scale, 6.0 * y / scale)
}

/// Cone responses to the white at CIE 1960 `u`, `v`, at luminance 1.
fn white_cones((u, v): (f64, f64)) -> Triple {
    let scale = 2.0 * u - 8.0 * v + 4.0;
    let (x, y) = (3.0 * u / scale, 2.0 * v / scale);
    multiply(&BRADFORD, [x / y, 1.0, (1.0 - x - y) / y])
}

/// The matrix on linear RGB that moves the white by `mired` along the daylight locus and by `across` off it (toward
/// magenta, in CIE 1960 uv).
pub(super) fn adaptation(mired: f64, across: f64) -> Matrix {
    const NEUTRAL: f64 = 153.8;
    let from = daylight(NEUTRAL);
    let place = daylight(NEUTRAL + mired);
    let (ahead, behind) = (
        daylight(NEUTRAL + mired + 1.0),
        daylight(NEUTRAL + mired - 1.0),
    );
    let along = (ahead.0 - behind.0, ahead.1 - behind.1);
    let length = (along.0 * along.0 + along.1 * along.1).sqrt();
    // The locus runs toward red; magenta lies on its right.
    let to = (
        place.0 + across * along.1 / length,
        place.1 - across * along.0 / length,
    );
    let (from, to) = (white_cones(from), white_cones(to));
    let mut scaled = BRADFORD;
    for (row, (to, from)) in scaled.iter_mut().zip(to.into_iter().zip(from)) {
        *row = row.map(|value| value * to / from);
    }
    let adapted = multiply_matrices(&BRADFORD_BACK, &scaled);
    multiply_matrices(&XYZ_TO_RGB, &multiply_matrices(&adapted, &RGB_TO_XYZ))
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
    fn lab_round_trips_and_gray_has_no_chroma() {
        for color in [[0.2, 0.5, 0.9], [1.0, 0.0, 0.0], [0.01, 0.02, 0.0]] {
            let back = lab_to_light(lab(color)).map(encode);
            for (a, b) in color.into_iter().zip(back) {
                assert!((a - b).abs() < 1e-5, "{color:?} {back:?}");
            }
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

    #[test]
    fn adaptation_moves_white_the_way_it_says() {
        let white = |mired, across| multiply(&adaptation(mired, across), [1.0; 3]);
        for value in white(0.0, 0.0) {
            assert!((value - 1.0).abs() < 1e-4, "{value}");
        }
        let warm = white(30.0, 0.0);
        assert!(warm[0] > 1.05 && warm[2] < 0.85, "{warm:?}");
        let magenta = white(0.0, 0.01);
        assert!(magenta[1] < 0.99 && magenta[0] > 1.0, "{magenta:?}");
    }
}
