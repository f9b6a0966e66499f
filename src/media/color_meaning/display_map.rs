//! Converts frames of films to BT.709.
//!
//! PQ and HLG are [tone mapped](ToneMap). In standard range the steps are: sample values become light, light goes from
//! the primaries of the film to those of BT.709, channels out of range are clipped, and light is encoded again with the
//! curve it came from. That curve is the display's, not the camera's: a gamma of 2.4 (ITU-R BT.1886), as in zimg,
//! libplacebo and the display-referred conversion of ITU-R BT.2087, or sRGB if that is tagged.

use rayon::prelude::*;

use super::code_points::Transfer;
use super::film_color::FilmColor;
use super::primaries::{ToBt709, to_bt709};
use super::tone_map::{ToneMap, srgb};
use crate::geometry::Size;
use crate::picture::Rgb8;

/// Table entries: one for each 16-bit value.
const ENTRIES: usize = 1 << 16;
/// Pixels per unit of parallel work.
const BLOCK: usize = 1 << 14;
/// Gamma of reference displays (ITU-R BT.1886).
const DISPLAY_GAMMA: f32 = 2.4;

/// Conversion of frames with one color meaning to BT.709.
pub(in crate::media) struct DisplayMap {
    color: FilmColor,
    kind: Kind,
}

enum Kind {
    /// High dynamic range.
    Tone(ToneMap),
    /// Standard range.
    Gamut(GamutMap),
}

impl DisplayMap {
    /// The conversion from `color`; `None` if there is nothing to convert.
    pub fn new(color: FilmColor) -> Option<Self> {
        if color.is_bt709() {
            return None;
        }
        let to_bt709 = to_bt709(color.primaries);
        let kind = match color.transfer {
            Transfer::Pq | Transfer::Hlg => {
                Kind::Tone(ToneMap::new(color.transfer, to_bt709, color.peak))
            }
            _ => Kind::Gamut(GamutMap::new(color.transfer, to_bt709)),
        };
        Some(Self { color, kind })
    }

    /// True if this converts from `color`.
    pub fn is_for(&self, color: FilmColor) -> bool {
        self.color == color
    }

    /// Converts RGB samples of 16 bits, little-endian. Films of 8 bits need them too: a rounding error of one level in
    /// BT.2020 becomes up to five in BT.709.
    pub fn apply(&self, size: Size, samples: &[u8]) -> Option<Rgb8> {
        match &self.kind {
            Kind::Tone(map) => map.apply(size, samples),
            Kind::Gamut(map) => {
                let wide = |low: u8, high: u8| u16::from_le_bytes([low, high]);
                let mut mapped = vec![0; samples.len() / 2];
                mapped
                    .par_chunks_mut(BLOCK * 3)
                    .zip(samples.par_chunks(BLOCK * 6))
                    .for_each(|(to, from)| {
                        for (to, from) in to.chunks_exact_mut(3).zip(from.chunks_exact(6)) {
                            let codes = [0, 2, 4].map(|at| wide(from[at], from[at + 1]));
                            to.copy_from_slice(&map.shown(codes));
                        }
                    });
                Rgb8::new(size, mapped)
            }
        }
    }
}

/// Gamut conversion in standard range.
struct GamutMap {
    /// Light of each code value, 0..1.
    light: Vec<f32>,
    to_bt709: Option<ToBt709>,
    /// Output code by the square root of light, which gives dark tones enough entries.
    encoded: Vec<u8>,
}

impl GamutMap {
    fn new(transfer: Transfer, to_bt709: Option<ToBt709>) -> Self {
        let decode: fn(f32) -> f32 = match transfer {
            Transfer::Srgb => srgb_light,
            Transfer::Linear => |value| value,
            Transfer::Cinema => cinema_light,
            _ => |value| libm::powf(value, DISPLAY_GAMMA),
        };
        let encode: fn(f32) -> f32 = match transfer {
            Transfer::Srgb => srgb,
            _ => |light| libm::powf(light, 1.0 / DISPLAY_GAMMA),
        };
        let shares = || (0..ENTRIES).map(|code| code as f32 / (ENTRIES - 1) as f32);
        Self {
            light: shares().map(decode).collect(),
            to_bt709,
            encoded: shares()
                .map(|root| (encode(root * root) * 255.0 + 0.5) as u8)
                .collect(),
        }
    }

    fn shown(&self, codes: [u16; 3]) -> [u8; 3] {
        let mut light = codes.map(|code| self.light[usize::from(code)]);
        if let Some(rows) = &self.to_bt709 {
            light = rows.map(|row| row[0] * light[0] + row[1] * light[1] + row[2] * light[2]);
        }
        light.map(|light| {
            let root = light.clamp(0.0, 1.0).sqrt();
            self.encoded[((root * (ENTRIES - 1) as f32 + 0.5) as usize).min(ENTRIES - 1)]
        })
    }
}

/// IEC 61966-2-1.
fn srgb_light(value: f32) -> f32 {
    if value <= 0.04045 {
        value / 12.92
    } else {
        libm::powf((value + 0.055) / 1.055, 2.4)
    }
}

/// SMPTE ST 428-1: white at 48 of 52.37 cd/m².
fn cinema_light(value: f32) -> f32 {
    libm::powf(value, 2.6) * 52.37 / 48.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::color_meaning::code_points::Matrix;

    fn map(primaries: u32, transfer: Transfer) -> Option<DisplayMap> {
        DisplayMap::new(FilmColor {
            primaries,
            transfer,
            matrix: Matrix::Bt709,
            full_range: false,
            peak: None,
        })
    }

    fn shown(map: &DisplayMap, pixel: [u8; 3]) -> [u8; 3] {
        let wide: Vec<u8> = pixel.iter().flat_map(|&value| [value, value]).collect();
        map.apply(Size::new(1, 1), &wide)
            .expect("one pixel")
            .pixel(0, 0)
    }

    #[test]
    fn grey_stays_grey_in_all_primaries() {
        for primaries in [4, 5, 6, 7, 8, 9, 11, 12, 22] {
            for transfer in [Transfer::Standard, Transfer::Srgb] {
                let map = map(primaries, transfer).expect("something to do");
                for level in [0, 1, 2, 8, 64, 128, 200, 255] {
                    for sample in shown(&map, [level; 3]) {
                        let off = sample.abs_diff(level);
                        assert!(off <= 1, "{primaries} {transfer:?} {level}: {sample}");
                    }
                }
            }
        }
    }

    #[test]
    fn colors_come_out_as_zimg_makes_them() {
        // From `zscale=p=709:t=709` of FFmpeg 5.1 with zimg 3.0. The input is rounded to 8 bits: up to five levels.
        let wide = map(9, Transfer::Standard).expect("something to do");
        for (from, wanted) in [
            ([159, 82, 48], [192, 64, 34]),
            ([102, 152, 79], [32, 160, 64]),
        ] {
            for (found, wanted) in shown(&wide, from).into_iter().zip(wanted) {
                assert!(found.abs_diff(wanted) <= 6, "{from:?}: {found} {wanted}");
            }
        }
        assert_eq!(shown(&wide, [0, 255, 0]), [0, 255, 0]);
        assert!(map(1, Transfer::Standard).is_none());
        assert!(map(1, Transfer::Srgb).is_none());
    }

    #[test]
    fn linear_light_gets_a_curve() {
        let map = map(1, Transfer::Linear).expect("something to do");
        // 0.2158 of the light is the middle of a display's range.
        let grey = shown(&map, [48; 3]);
        assert!(
            grey.iter().all(|sample| sample.abs_diff(127) <= 1),
            "{grey:?}"
        );
    }
}
