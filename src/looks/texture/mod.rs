//! Texture steps: what depends on neighbors or on the place in the picture.
//!
//! However many there are, the picture is written once. Wide neighborhoods are read from small blurred copies
//! ([`neighborhood`]) made beforehand; then each row goes through the color table into floats and through the textures,
//! and is rounded a single time at the end. All float arithmetic is plain `+ − × ÷` in a fixed order, which IEEE 754
//! makes the same everywhere.

mod grain;
mod neighborhood;
mod rows;

use crate::looks::LookStep;
use crate::looks::table::Table;

pub use grain::grain_seed;
pub(super) use rows::{BAND, Workspace, run};

/// Texture steps with the strength multiplied in.
#[derive(Debug, Clone, Default)]
pub(super) struct Textures {
    clarity: Option<Wide>,
    sharpen: f32,
    soft_focus: Option<Wide>,
    bloom: Option<Bloom>,
    vignette: Option<Vignette>,
    grain: Option<Grain>,
}

/// A texture that reads a wide neighborhood.
#[derive(Debug, Clone, Copy)]
struct Wide {
    amount: f32,
    /// Standard deviation of the blur, percent of the shorter side.
    radius: f64,
}

#[derive(Debug, Clone, Copy)]
struct Bloom {
    wide: Wide,
    threshold: f32,
    /// What the spread light is multiplied with.
    tint: [f32; 3],
}

#[derive(Debug, Clone, Copy)]
struct Vignette {
    amount: f32,
    /// Squared distance from the middle where it starts; the corners are at 1.
    start: f32,
}

#[derive(Debug, Clone, Copy)]
struct Grain {
    /// One standard deviation in the midtones, of the range.
    amount: f32,
    size: f64,
}

impl Textures {
    /// Of the texture steps among `steps`.
    pub(super) fn new(steps: &[LookStep], strength: f64) -> Self {
        let mut textures = Self::default();
        if strength == 0.0 {
            return textures;
        }
        let share = |percent: f64| (percent / 100.0 * strength) as f32;
        for step in steps {
            match step.unmasked() {
                LookStep::Clarity(step) => {
                    textures.clarity = Wide::new(share(step.amount), step.radius);
                }
                LookStep::Sharpen(step) => textures.sharpen = 1.5 * share(step.amount),
                LookStep::SoftFocus(step) => {
                    textures.soft_focus = Wide::new(0.7 * share(step.amount), step.radius);
                }
                LookStep::Bloom(step) => {
                    let warmth = (step.warmth / 100.0) as f32;
                    textures.bloom = Wide::new(share(step.amount), step.radius).map(|wide| Bloom {
                        wide,
                        threshold: (step.threshold / 100.0) as f32,
                        tint: [1.0, 1.0 - 0.6 * warmth, 1.0 - 0.8 * warmth],
                    });
                }
                LookStep::Vignette(step) if step.amount != 0.0 => {
                    let start = (step.start / 100.0) as f32;
                    textures.vignette = Some(Vignette {
                        amount: 0.5 * share(step.amount),
                        start: start * start,
                    });
                }
                LookStep::Grain(step) if step.amount > 0.0 => {
                    textures.grain = Some(Grain {
                        amount: 0.06 * share(step.amount),
                        size: step.size,
                    });
                }
                _ => {}
            }
        }
        textures
    }

    /// True when nothing changes.
    pub(super) fn is_identity(&self) -> bool {
        self.clarity.is_none()
            && self.sharpen == 0.0
            && self.soft_focus.is_none()
            && self.bloom.is_none()
            && self.vignette.is_none()
            && self.grain.is_none()
    }
}

impl Wide {
    fn new(amount: f32, radius: f64) -> Option<Self> {
        (amount != 0.0).then_some(Self { amount, radius })
    }
}

/// The two depths pictures come in.
pub(super) trait Depth: Copy + Default + Send + Sync + 'static {
    /// As 16 bits.
    fn widen(self) -> u16;
    /// From 16 bits, rounded.
    fn narrow(value: u16) -> Self;
    /// From a fraction of white; what lies outside 0..1 is clipped.
    fn from_fraction(fraction: f32) -> Self;
    /// Pixels through a table, in place.
    fn look_up(table: &Table, samples: &mut [Self]);
    /// A pixel through a table, as fractions of white.
    fn look_up_exact(table: &Table, color: [Self; 3]) -> [f32; 3];
}

/// The low bits are `value` (0..2^22) rounded to the nearest integer: adding 2^23 leaves no room for a fraction. Unlike
/// a cast, which checks for what cannot be here, this is done for many pixels at once.
#[inline(always)]
fn rounded_bits(value: f32) -> u32 {
    (value + 8_388_608.0).to_bits()
}

impl Depth for u8 {
    #[inline(always)]
    fn widen(self) -> u16 {
        u16::from(self) * 257
    }

    #[inline(always)]
    fn narrow(value: u16) -> Self {
        ((u32::from(value) + 128) / 257) as Self
    }

    #[inline(always)]
    fn from_fraction(fraction: f32) -> Self {
        rounded_bits(fraction.clamp(0.0, 1.0) * 255.0) as Self
    }

    fn look_up(table: &Table, samples: &mut [Self]) {
        table.eight(samples);
    }

    #[inline(always)]
    fn look_up_exact(table: &Table, color: [Self; 3]) -> [f32; 3] {
        table.eight_exact(color)
    }
}

impl Depth for u16 {
    #[inline(always)]
    fn widen(self) -> u16 {
        self
    }

    #[inline(always)]
    fn narrow(value: u16) -> Self {
        value
    }

    #[inline(always)]
    fn from_fraction(fraction: f32) -> Self {
        rounded_bits(fraction.clamp(0.0, 1.0) * 65535.0) as Self
    }

    fn look_up(table: &Table, samples: &mut [Self]) {
        let (pixels, _) = samples.as_chunks_mut::<3>();
        for pixel in pixels {
            *pixel = table.sixteen(*pixel);
        }
    }

    #[inline(always)]
    fn look_up_exact(table: &Table, color: [Self; 3]) -> [f32; 3] {
        table
            .sixteen(color)
            .map(|value| f32::from(value) * (1.0 / 65535.0))
    }
}
