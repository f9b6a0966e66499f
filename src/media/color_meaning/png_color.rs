//! The color chunks of a PNG file, as an ICC profile.
//!
//! Order of precedence (PNG specification, third edition, section 4.3): cICP, iCCP, sRGB, then gAMA and cHRM. The
//! caller holds the iCCP profile; this module holds the others. As a profile, their meaning survives a look and any
//! output format.

use super::code_points::{Transfer, transfer as transfer_of};
use super::icc::profile_bytes;
use super::primaries::to_bt709;
use super::tone_map::ToneMap;
use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile,
    MatrixCoefficients, ToneReprCurve, TransferCharacteristics,
};

/// Chunks store numbers in units of 1/100000.
const UNIT: f32 = 100_000.0;
/// Encoders without an sRGB chunk write sRGB as a gAMA of 0.45455. A relative difference below the tolerance is not
/// visible (libpng uses the same).
const GAMMA_TOLERANCE: f32 = 0.05;
const GAMMA_OF_SRGB: f32 = 0.45455;
/// Exponents outside this range mean that the chunk is damaged.
const GAMMAS: std::ops::RangeInclusive<f32> = 0.1..=10.0;

/// x and y of white, red, green and blue of sRGB (IEC 61966-2-1), in the unit of cHRM. The tolerance allows for
/// encoders that round to three decimals.
const CHROMATICITIES_OF_SRGB: [u32; 8] = [
    31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
];
const CHROMATICITY_TOLERANCE: u32 = 100;

/// The color chunks of a PNG file, without iCCP.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::media) struct PngColor {
    /// cICP: primaries, transfer, matrix and range by ITU-T H.273.
    pub code_points: Option<[u8; 4]>,
    /// There is an sRGB chunk.
    pub srgb: bool,
    /// gAMA: the encoding exponent.
    pub gamma: Option<u32>,
    /// cHRM: x and y of white, red, green and blue.
    pub chromaticities: Option<[u32; 8]>,
}

impl PngColor {
    /// The tone map for a picture that cICP tags as PQ or HLG. It takes precedence over any profile.
    pub fn tone_map(&self) -> Option<ToneMap> {
        let [primaries, transfer, 0, 1] = self.code_points? else {
            return None;
        };
        let transfer = transfer_of(u32::from(transfer));
        matches!(transfer, Transfer::Pq | Transfer::Hlg)
            .then(|| ToneMap::new(transfer, to_bt709(u32::from(primaries)), None))
    }

    /// The profile of cICP, which takes precedence over iCCP. `None` if there is no cICP chunk or it has values that
    /// are not followed here (limited range, or a matrix, which RGB does not have).
    pub fn leading_profile(&self, grey: bool) -> Option<Vec<u8>> {
        let [primaries, transfer, 0, 1] = self.code_points? else {
            return None;
        };
        let color_primaries = CicpColorPrimaries::try_from(primaries).ok()?;
        let transfer_characteristics = TransferCharacteristics::try_from(transfer).ok()?;
        let profile = ColorProfile::new_from_cicp(CicpProfile {
            color_primaries,
            transfer_characteristics,
            matrix_coefficients: MatrixCoefficients::Identity,
            full_range: true,
        });
        if grey {
            let mut curve = ColorProfile::new_gray_with_gamma(1.0);
            curve.gray_trc = Some(profile.red_trc?);
            return profile_bytes(&curve);
        }
        // Displays show the curves of BT.709 and its kin like sRGB.
        let film = matches!(
            transfer_characteristics,
            TransferCharacteristics::Bt709
                | TransferCharacteristics::Bt601
                | TransferCharacteristics::Bt202010bit
                | TransferCharacteristics::Bt202012bit
        );
        let mut profile = profile;
        if film {
            let curve = srgb_curve();
            profile.red_trc = Some(curve.clone());
            profile.green_trc = Some(curve.clone());
            profile.blue_trc = Some(curve);
            profile.cicp = None;
        }
        profile_bytes(&profile)
    }

    /// True if the primaries are those of sRGB, so that conversion to sRGB loses nothing.
    pub fn has_primaries_of_srgb(&self) -> bool {
        let near = |values: [u32; 8]| {
            let mut pairs = values.iter().zip(CHROMATICITIES_OF_SRGB);
            pairs.all(|(value, wanted)| value.abs_diff(wanted) <= CHROMATICITY_TOLERANCE)
        };
        self.code_points.is_none() && self.chromaticities.is_none_or(near)
    }

    /// The profile to use without an iCCP chunk; `None` for sRGB.
    pub fn fallback_profile(&self, grey: bool) -> Option<Vec<u8>> {
        if self.srgb {
            return None;
        }
        let gamma = self
            .gamma
            .map(|gamma| gamma as f32 / UNIT)
            .filter(|gamma| GAMMAS.contains(gamma));
        let curve = match gamma {
            Some(gamma) if (gamma / GAMMA_OF_SRGB - 1.0).abs() > GAMMA_TOLERANCE => {
                ToneReprCurve::Parametric(vec![1.0 / gamma])
            }
            _ => srgb_curve(),
        };
        let primaries = self.chromaticities.and_then(primaries);
        if grey {
            gamma?;
            let mut profile = ColorProfile::new_gray_with_gamma(1.0);
            profile.gray_trc = Some(curve);
            return profile_bytes(&profile);
        }
        if gamma.is_none() && primaries.is_none() {
            return None;
        }
        let mut profile = ColorProfile::new_srgb();
        if let Some((white, primaries)) = primaries {
            profile.update_rgb_colorimetry(white.to_xyyb(), primaries);
        }
        profile.red_trc = Some(curve.clone());
        profile.green_trc = Some(curve.clone());
        profile.blue_trc = Some(curve);
        profile.cicp = None;
        profile_bytes(&profile)
    }
}

/// The curve of sRGB (IEC 61966-2-1) as an ICC parametric curve of type 3.
fn srgb_curve() -> ToneReprCurve {
    ToneReprCurve::Parametric(vec![2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045])
}

/// White point and primaries; `None` if they do not span a triangle.
fn primaries(values: [u32; 8]) -> Option<(Chromaticity, ColorPrimaries)> {
    let [white, red, green, blue] = [0, 2, 4, 6].map(|at| Chromaticity {
        x: values[at] as f32 / UNIT,
        y: values[at + 1] as f32 / UNIT,
    });
    let usable = |point: &Chromaticity| point.y > 0.001 && point.x + point.y <= 1.01;
    let area = (green.x - red.x) * (blue.y - red.y) - (blue.x - red.x) * (green.y - red.y);
    let all = [white, red, green, blue].iter().all(usable);
    // For comparison, this value is 0.22 for sRGB.
    (all && area.abs() > 0.01).then_some((white, ColorPrimaries { red, green, blue }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::media::color_meaning::rgb_color_space;
    use crate::picture::ColorSpace;

    #[test]
    fn what_means_srgb_gets_no_profile_that_counts() {
        for color in [
            PngColor::default(),
            PngColor {
                srgb: true,
                gamma: Some(100_000),
                ..PngColor::default()
            },
            PngColor {
                gamma: Some(45_455),
                chromaticities: Some(CHROMATICITIES_OF_SRGB),
                ..PngColor::default()
            },
            PngColor {
                gamma: Some(0),
                chromaticities: Some([0; 8]),
                ..PngColor::default()
            },
        ] {
            let profile = color.fallback_profile(false);
            assert_eq!(
                rgb_color_space(profile.as_deref()),
                ColorSpace::Srgb,
                "{color:?}"
            );
        }
    }

    #[test]
    fn hostile_numbers_do_no_harm() {
        for number in [0, 1, 9_999, 100_000, 1_000_000, u32::MAX] {
            let color = PngColor {
                gamma: Some(number),
                chromaticities: Some([number, 1, number, 2, 3, number, number, number]),
                ..PngColor::default()
            };
            for grey in [false, true] {
                rgb_color_space(color.fallback_profile(grey).as_deref());
            }
        }
        for code in 0..=255 {
            let color = PngColor {
                code_points: Some([code, code, 0, 1]),
                ..PngColor::default()
            };
            for grey in [false, true] {
                rgb_color_space(color.leading_profile(grey).as_deref());
            }
        }
    }
}
