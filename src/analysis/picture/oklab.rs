//! Luma, and Oklab, a color space in which equal distances look about equally different (Björn Ottosson, "A perceptual
//! color space for image processing", 2020).

use std::sync::LazyLock;

/// Rec. 709 luma of gamma-encoded samples, 0..255.
pub(crate) fn luma8(pixel: [u8; 3]) -> u8 {
    let [red, green, blue] = pixel.map(u32::from);
    // 0.2126, 0.7152, 0.0722 in 1/65536.
    ((red * 13_933 + green * 46_871 + blue * 4_732 + 32_768) >> 16) as u8
}

/// sRGB transfer function for each sample value.
pub(super) static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|sample| {
        let value = sample as f32 / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            libm::powf((value + 0.055) / 1.055, 2.4)
        }
    })
});

/// Lightness 0..1, a (green to red), b (blue to yellow) of an sRGB color.
pub(crate) fn oklab(pixel: [u8; 3]) -> [f32; 3] {
    let [r, g, b] = pixel.map(|sample| LINEAR[usize::from(sample)]);
    let l = libm::cbrtf(0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b);
    let m = libm::cbrtf(0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b);
    let s = libm::cbrtf(0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b);
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

/// The nearest sRGB color.
pub(super) fn from_oklab([light, a, b]: [f32; 3]) -> [u8; 3] {
    let cube = |value: f32| value * value * value;
    let l = cube(light + 0.396_337_78 * a + 0.215_803_76 * b);
    let m = cube(light - 0.105_561_346 * a - 0.063_854_17 * b);
    let s = cube(light - 0.089_484_18 * a - 1.291_485_5 * b);
    [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ]
    .map(|linear| {
        let value = if linear <= 0.003_130_8 {
            linear * 12.92
        } else {
            1.055 * libm::powf(linear, 1.0 / 2.4) - 0.055
        };
        (value * 255.0).round().clamp(0.0, 255.0) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oklab_matches_published_values_and_returns() {
        // From Ottosson's article: white is (1, 0, 0).
        let [l, a, b] = oklab([255, 255, 255]);
        assert!((l - 1.0).abs() < 1e-4 && a.abs() < 1e-4 && b.abs() < 1e-4);
        let [l, a, b] = oklab([255, 0, 0]);
        assert!((l - 0.628).abs() < 1e-3 && (a - 0.2249).abs() < 1e-3 && (b - 0.1258).abs() < 1e-3);
        for color in [[0, 0, 0], [12, 200, 77], [255, 1, 128], [250, 250, 3]] {
            assert_eq!(from_oklab(oklab(color)), color);
        }
    }
}
