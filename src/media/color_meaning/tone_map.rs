//! Tone mapping of PQ and HLG to sRGB displays.
//!
//! Phones record HLG, cameras and downloads bring PQ; shown without conversion, both look flat and grey. The steps:
//!
//! 1. Sample values become light on a display of 1000 nits (PQ: SMPTE ST 2084; HLG with its system gamma of 1.2: ITU-R
//!    BT.2100).
//! 2. Primaries go to BT.709.
//! 3. Reference white at 203 nits (ITU-R BT.2408) becomes white, and highlights are compressed by a Möbius curve that
//!    leaves dark and middle tones alone.

use super::code_points::Transfer;
use super::primaries::ToBt709;
use crate::geometry::Size;
use crate::picture::Rgb8;

/// Peak luminance (brighter light is clipped) and reference white, in nits.
const PEAK: f32 = 1000.0;
const WHITE: f32 = 203.0;

/// Light below this fraction of white is not compressed.
const KNEE: f32 = 0.5;

/// Luminance weights of BT.2020.
const LUMINANCE: [f32; 3] = [0.2627, 0.6780, 0.0593];

/// Table entries: one for each 16-bit value.
const ENTRIES: usize = 1 << 16;

/// Converts pictures of one transfer to sRGB.
pub(in crate::media) struct ToneMap {
    /// Linear light of each code value: for PQ in units of white, for HLG scene light in 0..1.
    light: Vec<f32>,
    /// HLG only: gain from scene light to display light in units of white, by scene luminance.
    system: Option<Vec<f32>>,
    /// sRGB code of linear light.
    encoded: Vec<u8>,
    to_bt709: Option<ToBt709>,
}

impl ToneMap {
    /// Builds the tables. `to_bt709` converts from the picture's primaries; `None` if they are those of BT.709.
    pub fn new(transfer: Transfer, to_bt709: Option<ToBt709>) -> Self {
        let table = |value: fn(f32) -> f32| (0..ENTRIES).map(move |code| value(share(code)));
        let hlg = transfer == Transfer::Hlg;
        Self {
            light: match transfer {
                Transfer::Pq => table(pq_light).collect(),
                Transfer::Hlg => table(hlg_scene).collect(),
                _ => table(|value| value).collect(),
            },
            system: hlg.then(|| table(|y| libm::powf(y, 0.2) * PEAK / WHITE).collect()),
            encoded: table(|light| srgb(light) * 255.0 + 0.5)
                .map(|code| code as u8)
                .collect(),
            to_bt709,
        }
    }

    /// Converts RGB samples of 16 bits, little-endian.
    pub fn apply(&self, size: Size, samples: &[u8]) -> Option<Rgb8> {
        let mut mapped = Vec::with_capacity(samples.len() / 2);
        for pixel in samples.chunks_exact(6) {
            let code =
                |place: usize| usize::from(u16::from_le_bytes([pixel[place], pixel[place + 1]]));
            let light = [0, 2, 4].map(|place| self.light[code(place)]);
            mapped.extend(self.shown(light).map(|value| self.encoded[place(value)]));
        }
        Rgb8::new(size, mapped)
    }

    /// Display light in 0..1.
    fn shown(&self, mut light: [f32; 3]) -> [f32; 3] {
        if let Some(system) = &self.system {
            let luminance = dot(LUMINANCE, light);
            let gain = system[place(luminance)];
            light = light.map(|value| value * gain);
        }
        if let Some(rows) = &self.to_bt709 {
            light = rows.map(|row| dot(row, light).max(0.0));
        }
        let brightest = light[0].max(light[1]).max(light[2]);
        if brightest <= KNEE {
            return light;
        }
        let gain = bent(brightest) / brightest;
        light.map(|value| value * gain)
    }
}

/// The highlight curve: slope 1 at the knee, white at the peak.
fn bent(light: f32) -> f32 {
    let above = (light - KNEE).min(PEAK / WHITE - KNEE);
    let bend = 1.0 / (1.0 - KNEE) - 1.0 / (PEAK / WHITE - KNEE);
    KNEE + above / (1.0 + bend * above)
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn share(code: usize) -> f32 {
    code as f32 / (ENTRIES - 1) as f32
}

fn place(value: f32) -> usize {
    ((value * (ENTRIES - 1) as f32 + 0.5) as usize).min(ENTRIES - 1)
}

/// SMPTE ST 2084, in units of white.
fn pq_light(value: f32) -> f32 {
    const M1: f32 = 2610.0 / 16384.0;
    const M2: f32 = 2523.0 / 4096.0 * 128.0;
    const C1: f32 = 3424.0 / 4096.0;
    const C2: f32 = 2413.0 / 4096.0 * 32.0;
    const C3: f32 = 2392.0 / 4096.0 * 32.0;
    let root = libm::powf(value, 1.0 / M2);
    let share = libm::powf((root - C1).max(0.0) / (C2 - C3 * root), 1.0 / M1);
    share * 10_000.0 / WHITE
}

/// Inverse of ARIB STD-B67: scene light, 0..1.
fn hlg_scene(value: f32) -> f32 {
    const A: f32 = 0.178_832_77;
    const B: f32 = 1.0 - 4.0 * A;
    const C: f32 = 0.559_910_7;
    if value <= 0.5 {
        value * value / 3.0
    } else {
        (libm::expf((value - C) / A) + B) / 12.0
    }
}

/// IEC 61966-2-1.
pub(super) fn srgb(light: f32) -> f32 {
    if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * libm::powf(light, 1.0 / 2.4) - 0.055
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::color_meaning::to_bt709;

    fn grey(map: &ToneMap, code: f32) -> u8 {
        let bytes = ((code * 65535.0) as u16).to_le_bytes();
        let picture = map.apply(Size::new(1, 1), &[bytes; 3].concat());
        picture.expect("one pixel").pixel(0, 0)[0]
    }

    #[test]
    fn grey_levels_of_the_recommendation_come_out_where_they_belong() {
        // BT.2408: 18 % grey is 38 % in PQ and HLG, reference white 58 % and 75 %.
        for (transfer, middle, white) in [(Transfer::Pq, 0.38, 0.58), (Transfer::Hlg, 0.38, 0.75)] {
            let map = ToneMap::new(transfer, to_bt709(9));
            assert_eq!(grey(&map, 0.0), 0);
            let middle = grey(&map, middle);
            assert!((90..=130).contains(&middle), "{transfer:?} {middle}");
            let white = grey(&map, white);
            assert!((205..=240).contains(&white), "{transfer:?} {white}");
            let mut last = 0;
            for step in 0..=100 {
                let level = grey(&map, step as f32 / 100.0);
                assert!(level >= last, "{transfer:?} {step}");
                last = level;
            }
            assert_eq!(last, 255, "{transfer:?}");
        }
    }

    #[test]
    fn the_curve_is_smooth_and_ends_at_white() {
        assert!((bent(KNEE) - KNEE).abs() < 1e-6);
        assert!((bent(KNEE + 0.001) - KNEE - 0.001).abs() < 1e-5);
        assert!((bent(PEAK / WHITE) - 1.0).abs() < 1e-5);
        assert!((bent(40.0) - 1.0).abs() < 1e-5);
    }
}
