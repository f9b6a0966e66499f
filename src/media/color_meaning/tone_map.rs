//! Tone mapping of PQ and HLG to sRGB displays.
//!
//! Phones record HLG, cameras and downloads bring PQ; shown without conversion, both look flat and grey. The steps:
//!
//! 1. Sample values become light in units of reference white, 203 nits (ITU-R BT.2408): PQ by SMPTE ST 2084, HLG as a
//!    display of 1000 nits with its system gamma of 1.2 shows it (ITU-R BT.2100).
//! 2. Primaries go to BT.709. Colors outside of it, and the outermost tenth inside, move towards the grey of their
//!    luminance. This keeps their hue and what differs between them; clipping would turn green to yellow.
//! 3. Reference white becomes white, and highlights up to the [peak](ToneMap::new) are compressed by a Möbius curve
//!    that leaves dark and middle tones alone. All channels get the factor of the brightest one, which keeps the hue.
//!
//! The curve of ITU-R BT.2390 was tried in its place. It begins at nearly the same knee, but it ends level, so more
//! highlights fall together at the top. Over eight photos with lights up to 1000 nits, by the figures of
//! `scripts/measure-tone-mapping`: of 64 steps above white 26 come out as levels of their own, 29 with Möbius; of what
//! is brighter than white 31 % has lost all gradation, 14 % with Möbius; and light tones are no nearer to the photo
//! (CIEDE2000 0.48 and 0.38). On luminance in place of the brightest channel it clips 72 %, and hues turn by up to 6°
//! in place of 1°.

use rayon::prelude::*;

use super::code_points::Transfer;
use super::primaries::ToBt709;
use crate::geometry::Size;
use crate::picture::Rgb8;

/// Reference white, the peak where nothing tells another one, and the brightest that PQ can say, in nits.
const WHITE: f32 = 203.0;
const USUAL_PEAK: f32 = 1000.0;
const HIGHEST_PEAK: f32 = 10_000.0;

/// Light below this fraction of white is not compressed.
const KNEE: f32 = 0.5;

/// How far from grey colors stay as they are, as a share of the way to the edge of BT.709. At 0.8 photos in standard
/// range change visibly; at 0.95 a third of what differs between colors outside is lost.
const INNER_GAMUT: f32 = 0.9;
/// How far out the colors lie that come to the edge: most of BT.2020. Further ones are clipped.
const OUTER_GAMUT: f32 = 1.6;

/// Luminance weights of BT.2020 and of BT.709.
const LUMINANCE: [f32; 3] = [0.2627, 0.6780, 0.0593];
const LUMINANCE_OF_BT709: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// A picture is as bright as all but one in this many of its pixels: a spark does not darken everything else.
const BRIGHTEST_SHARE: usize = 1000;
/// Pixels of a picture that are looked at for that.
const PIXELS_LOOKED_AT: usize = 1 << 20;

/// Table entries: one for each 16-bit value.
const ENTRIES: usize = 1 << 16;
/// Pixels per unit of parallel work.
const BLOCK: usize = 1 << 14;

/// Converts pictures of one transfer to sRGB.
#[derive(Clone)]
pub(in crate::media) struct ToneMap {
    /// Linear light of each code value: for PQ in units of white, for HLG scene light in 0..1.
    light: Vec<f32>,
    /// HLG only: gain from scene light to display light in units of white, by scene luminance.
    system: Option<Vec<f32>>,
    /// sRGB code of linear light.
    encoded: Vec<u8>,
    to_bt709: Option<ToBt709>,
    /// The brightest light that is not clipped, in units of white.
    peak: f32,
}

impl ToneMap {
    /// Builds the tables. `to_bt709` converts from the picture's primaries; `None` if they are those of BT.709. `peak`
    /// is the brightest light in nits, where it is known.
    pub fn new(transfer: Transfer, to_bt709: Option<ToBt709>, peak: Option<u32>) -> Self {
        let table = |value: fn(f32) -> f32| (0..ENTRIES).map(move |code| value(share(code)));
        let hlg = transfer == Transfer::Hlg;
        let peak = peak.map_or(USUAL_PEAK, |nits| nits as f32);
        Self {
            light: match transfer {
                Transfer::Pq => table(pq_light).collect(),
                Transfer::Hlg => table(hlg_scene).collect(),
                _ => table(|value| value).collect(),
            },
            system: hlg.then(|| table(|y| libm::powf(y, 0.2) * USUAL_PEAK / WHITE).collect()),
            encoded: table(|light| srgb(light) * 255.0 + 0.5)
                .map(|code| code as u8)
                .collect(),
            to_bt709,
            peak: peak.clamp(WHITE, HIGHEST_PEAK) / WHITE,
        }
    }

    /// This map for one picture alone, of RGB samples as [`Self::apply`] takes them: its own light is the peak, so a
    /// picture with few highlights is hardly compressed.
    pub fn fitted_to(&self, samples: &[u8]) -> Self {
        let pixels = samples.len() / 6;
        let mut lights: Vec<f32> = samples
            .chunks_exact(6)
            .step_by(pixels.div_ceil(PIXELS_LOOKED_AT).max(1))
            .map(|pixel| brightest(self.display_light(pixel)))
            .collect();
        let place = lights
            .len()
            .saturating_sub(1 + lights.len() / BRIGHTEST_SHARE);
        if lights.is_empty() {
            return self.clone();
        }
        let (_, peak, _) = lights.select_nth_unstable_by(place, f32::total_cmp);
        Self {
            peak: peak.clamp(1.0, HIGHEST_PEAK / WHITE),
            ..self.clone()
        }
    }

    /// Converts RGB samples of 16 bits, little-endian.
    pub fn apply(&self, size: Size, samples: &[u8]) -> Option<Rgb8> {
        let mut mapped = vec![0; samples.len() / 2];
        mapped
            .par_chunks_mut(BLOCK * 3)
            .zip(samples.par_chunks(BLOCK * 6))
            .for_each(|(to, from)| {
                for (to, from) in to.chunks_exact_mut(3).zip(from.chunks_exact(6)) {
                    let shown = self.shown(self.display_light(from));
                    to.copy_from_slice(&shown.map(|value| self.encoded[place(value)]));
                }
            });
        Rgb8::new(size, mapped)
    }

    /// The light of a pixel in BT.709, in units of white.
    fn display_light(&self, pixel: &[u8]) -> [f32; 3] {
        let code = |at: usize| usize::from(u16::from_le_bytes([pixel[at], pixel[at + 1]]));
        let mut light = [0, 2, 4].map(|at| self.light[code(at)]);
        if let Some(system) = &self.system {
            let luminance = dot(LUMINANCE, light);
            let gain = system[place(luminance)];
            light = light.map(|value| value * gain);
        }
        match &self.to_bt709 {
            Some(rows) => inside_bt709(rows.map(|row| dot(row, light))),
            None => light,
        }
    }

    /// Display light in 0..1.
    fn shown(&self, light: [f32; 3]) -> [f32; 3] {
        let brightest = brightest(light);
        if brightest <= KNEE {
            return light;
        }
        let gain = bent(brightest, self.peak) / brightest;
        light.map(|value| value * gain)
    }
}

/// The highlight curve: slope 1 at the knee, white at the peak.
fn bent(light: f32, peak: f32) -> f32 {
    let above = light.min(peak) - KNEE;
    let bend = 1.0 / (1.0 - KNEE) - 1.0 / (peak - KNEE);
    KNEE + above / (1.0 + bend * above)
}

/// A color outside of BT.709, or near its edge, moved towards the grey of its luminance.
fn inside_bt709(light: [f32; 3]) -> [f32; 3] {
    let luminance = dot(LUMINANCE_OF_BT709, light);
    let least = light[0].min(light[1]).min(light[2]);
    // Of the way from grey to the edge, where one channel is 0.
    let way = (luminance - least) / luminance;
    if luminance <= 0.0 || way <= INNER_GAMUT {
        return light.map(|value| value.max(0.0));
    }
    let above = way - INNER_GAMUT;
    let bend = 1.0 / (1.0 - INNER_GAMUT) - 1.0 / (OUTER_GAMUT - INNER_GAMUT);
    let shorter = (INNER_GAMUT + above / (1.0 + bend * above)).min(1.0) / way;
    light.map(|value| (luminance + (value - luminance) * shorter).max(0.0))
}

fn brightest(light: [f32; 3]) -> f32 {
    light[0].max(light[1]).max(light[2])
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

    fn shown(map: &ToneMap, codes: [f32; 3]) -> [u8; 3] {
        let bytes = codes.map(|code| ((code * 65535.0) as u16).to_le_bytes());
        let picture = map.apply(Size::new(1, 1), &bytes.concat());
        picture.expect("one pixel").pixel(0, 0)
    }

    fn grey(map: &ToneMap, code: f32) -> u8 {
        shown(map, [code; 3])[0]
    }

    /// The PQ code of `nits`.
    fn pq(nits: f32) -> f32 {
        let codes = (0..ENTRIES).map(share);
        let mut above = codes.skip_while(|code| pq_light(*code) * WHITE < nits);
        above.next().unwrap_or(1.0)
    }

    #[test]
    fn grey_levels_of_the_recommendation_come_out_where_they_belong() {
        // BT.2408: 18 % grey is 38 % in PQ and HLG, reference white 58 % and 75 %.
        for (transfer, middle, white) in [(Transfer::Pq, 0.38, 0.58), (Transfer::Hlg, 0.38, 0.75)] {
            let map = ToneMap::new(transfer, to_bt709(9), None);
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
        for peak in [1.0, 1.5, 1000.0 / 203.0, 20.0] {
            assert!((bent(KNEE, peak) - KNEE).abs() < 1e-6);
            assert!((bent(KNEE + 0.001, peak) - KNEE - 0.001).abs() < 1e-5);
            assert!((bent(peak, peak) - 1.0).abs() < 1e-5);
            assert!((bent(40.0, peak) - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn the_peak_decides_how_much_highlights_give_way() {
        let of = |peak| ToneMap::new(Transfer::Pq, to_bt709(9), Some(peak));
        let white = |peak| grey(&of(peak), pq(WHITE));
        assert_eq!(white(203), 255, "nothing is brighter than white");
        assert!(white(300) > white(1000) + 5);
        // What is between 1000 and 4000 nits stays apart.
        let levels = |peak| [1000.0, 1500.0, 2500.0, 4000.0].map(|nits| grey(&of(peak), pq(nits)));
        assert_eq!(levels(1000), [255; 4]);
        let [first, second, third, last] = levels(4000);
        assert!(first < second && second < third && third < last && last == 255);
        // Nonsense in the tags does no harm.
        assert_eq!((white(0), grey(&of(u32::MAX), 1.0)), (255, 255));
    }

    #[test]
    fn a_picture_without_highlights_comes_back_as_it_was() {
        let map = ToneMap::new(Transfer::Pq, to_bt709(9), None);
        let pixels = |nits: f32| [((pq(nits) * 65535.0) as u16).to_le_bytes(); 3].concat();
        let plain = [pixels(WHITE).repeat(3000), pixels(800.0)].concat();
        assert_eq!(grey(&map.fitted_to(&plain), pq(WHITE)), 255, "one spark");
        let bright = [pixels(WHITE).repeat(300), pixels(800.0).repeat(3)].concat();
        let fitted = map.fitted_to(&bright);
        assert!((220..240).contains(&grey(&fitted, pq(WHITE))));
        assert_eq!(grey(&fitted, pq(800.0)), 255);
        assert_eq!(grey(&map.fitted_to(&[]), pq(1000.0)), 255);
    }

    #[test]
    fn colors_outside_keep_their_hue_and_what_differs_between_them() {
        let map = ToneMap::new(Transfer::Pq, to_bt709(9), None);
        let green = |other: f32| shown(&map, [pq(other), pq(100.0), pq(other)]);
        // Green from beyond BT.709 to its edge: none is as strong as the one before.
        let found = [10.0, 20.0, 30.0, 40.0].map(green);
        for pair in found.windows(2) {
            let spread = |[red, green, _]: [u8; 3]| green - red;
            assert!(spread(pair[0]) > spread(pair[1]), "{found:?}");
        }
        // Clipped, pure green of BT.2020 would have no blue either.
        let [red, _, blue] = green(0.0);
        assert!(red <= 8 && blue > red + 40, "{red} {blue}");
        // Inside nothing moves.
        let inside = [0.3, 0.5, 0.1];
        assert_eq!(inside_bt709(inside), inside);
    }
}
