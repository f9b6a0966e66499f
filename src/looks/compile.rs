//! A look ready to run: point-wise steps folded into one 3-D table, spatial steps in as few passes as possible.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::looks::correction::{Correction, even_steps};
use crate::looks::depth::Depth;
use crate::looks::grade::Grade;
use crate::looks::look::Look;
use crate::looks::mask::{Layers, MaskSource, Masks};
use crate::looks::steps::{LookStep, MeasuredPass, measured_passes};
use crate::looks::table::Table;
use crate::looks::texture::{BAND, FrameInput, TextureWeights, Textures};
use crate::media::Yuv420;
use crate::picture::{Picture, Pixels, Planar, Rgb, Rgb8};

/// A still is measured on at most this many pixels a side; the correction itself looks at 128.
const MEASURED_SIDE: usize = 768;

/// A compiled look; cheap to clone and meant to be shared between threads.
///
/// The same look, strength, picture, seed and frame number give the same pixels on every machine and with any number
/// of threads.
#[derive(Debug, Clone)]
pub struct CompiledLook {
    /// What is done to the whole picture before any color.
    passes: Vec<Arc<dyn MeasuredPass>>,
    /// `None` where no color changes, and where layers do it.
    table: Option<Arc<Table>>,
    /// Of a look with masks that a table cannot carry.
    layers: Option<Arc<Layers>>,
    /// What those masks are in the picture that comes.
    masks: Masks,
    textures: Textures,
    /// Of a look that evens what has not been measured: the look and its strength.
    unmeasured: Option<Arc<(Look, f64)>>,
}

impl CompiledLook {
    /// Compiles `look` at `strength`: 1 is as written, 0 changes nothing, up to 2 exaggerates.
    ///
    /// A step `even` is measured by [`Self::apply_picture`] on each still; on frames, which would flicker, it does
    /// nothing until [`Self::measured`] says what to do. Fails on a strength outside 0..2 and on steps that no look
    /// file could hold.
    pub fn new(look: &Look, strength: f64) -> Result<Self> {
        check(look, strength)?;
        let mut compiled = Self::of(&[], &look.steps, look, strength);
        if look.evens() && strength > 0.0 {
            compiled.unmeasured = Some(Arc::new((look.clone(), strength)));
        }
        Ok(compiled)
    }

    /// The same for one picture whose `correction` has been measured: a step `even` takes its share of it.
    pub fn measured(look: &Look, strength: f64, correction: &Correction) -> Result<Self> {
        check(look, strength)?;
        Ok(Self::evened(look, strength, correction))
    }

    /// Corrects in full, whatever the strength, and then applies `look`; the `amount` of its step `even`, if there is
    /// one, has nothing left to do, its goal for bright tones has.
    pub fn with_correction(look: &Look, strength: f64, correction: &Correction) -> Result<Self> {
        check(look, strength)?;
        let left = Correction {
            bright: correction.bright_after(),
            ..Correction::none()
        };
        let mut steps = even_steps(&look.steps, &left);
        steps.extend_from_slice(&look.steps);
        // A picture whose haze is taken away gets its contrast from that.
        let first = if measured_passes(&look.steps, strength).is_empty() {
            correction.steps()
        } else {
            correction.light_steps()
        };
        Ok(Self::of(&first, &steps, look, strength))
    }

    fn evened(look: &Look, strength: f64, correction: &Correction) -> Self {
        let mut steps = even_steps(&look.steps, correction);
        steps.extend_from_slice(&look.steps);
        Self::of(&[], &steps, look, strength)
    }

    /// `first` acts in full, `steps` (those of `look` and what goes before them) at `strength`.
    fn of(first: &[LookStep], steps: &[LookStep], look: &Look, strength: f64) -> Self {
        let layers = Layers::new(first, steps, strength);
        let grade = Grade::new(steps, strength).after(first);
        let has_table = layers.is_none() && !grade.is_identity();
        Self {
            passes: measured_passes(&look.steps, strength),
            table: has_table.then(|| Arc::new(Table::new(&grade))),
            layers,
            masks: Masks::default(),
            textures: textures(&look.steps, strength),
            unmeasured: None,
        }
    }

    /// The same look for a picture whose `masks` have been measured, as [`Look::mask_sources`] asks. Without, the steps
    /// that need them do nothing.
    pub fn with_masks(&self, masks: Masks) -> Self {
        Self {
            masks,
            ..self.clone()
        }
    }

    /// What has to be measured for [`Self::with_masks`]; empty for most looks, and where nothing is done.
    pub fn mask_sources(&self) -> BTreeSet<MaskSource> {
        let layers = self.layers.iter().flat_map(|layers| layers.sources());
        let passes = self.passes.iter().map(|pass| pass.source());
        layers.chain(passes).collect()
    }

    /// True when no pixel will change.
    pub fn is_identity(&self) -> bool {
        self.passes.is_empty()
            && self.table.is_none()
            && self.layers.is_none()
            && self.textures.is_identity()
            && self.unmeasured.is_none()
    }

    /// Changes an 8-bit sRGB frame in place. `seed` (of the content) and `frame_number` make grain.
    pub fn apply(&self, frame: &mut Rgb8, seed: u64, frame_number: u64) {
        for pass in &self.passes {
            pass.eight(frame, &self.masks);
        }
        self.apply_samples(frame, seed, frame_number);
    }

    /// True when [`Self::apply_planes`] can do all of it: nothing but color.
    pub fn fits_planes(&self) -> bool {
        self.table.is_some()
            && self.passes.is_empty()
            && self.textures.is_identity()
            && self.unmeasured.is_none()
    }

    /// Writes a film's frame into `to` without making an RGB picture of it; false, and `to` is not to be used, where
    /// [`Self::fits_planes`] says no, the sizes differ or a plane is too short.
    pub fn apply_planes(&self, frame: &Yuv420<'_>, to: &mut Planar) -> bool {
        match &self.table {
            Some(table) if self.fits_planes() => table.planes(frame, to),
            _ => false,
        }
    }

    /// Changes a still in place, at its own depth.
    ///
    /// A look works on the numbers of the picture's own color space, taken as display values, and leaves the profile
    /// as it is: a wide-gamut picture stays wide. Opacity stays too.
    pub fn apply_picture(&self, picture: &mut Picture, seed: u64) {
        if let Some(unmeasured) = &self.unmeasured {
            let (look, strength) = &**unmeasured;
            let small = match &picture.pixels {
                Pixels::Eight(pixels) => thinned(pixels, |value| value),
                Pixels::Sixteen(pixels) => thinned(pixels, |value| (value >> 8) as u8),
            };
            let correction = Correction::measure(&small);
            let mut measured = Self::evened(look, *strength, &correction);
            // What they keep from picture to picture.
            measured.textures = self.textures.clone();
            measured.masks = self.masks.clone();
            measured.apply_picture(picture, seed);
            return;
        }
        match &mut picture.pixels {
            Pixels::Eight(pixels) => self.apply(pixels, seed, 0),
            Pixels::Sixteen(pixels) => {
                for pass in &self.passes {
                    pass.sixteen(pixels, &self.masks);
                }
                self.apply_samples(pixels, seed, 0);
            }
        }
    }

    fn apply_samples<T: Depth>(&self, picture: &mut Rgb<T>, seed: u64, frame_number: u64) {
        let table = self.table.as_deref();
        let weights = match &self.layers {
            Some(layers) => layers.run(picture, &self.masks),
            None => TextureWeights::default(),
        };
        if !self.textures.is_identity() {
            let input = FrameInput {
                table,
                weights: &weights,
                seed,
                number: frame_number,
            };
            self.textures.run(picture, &input);
            return;
        }
        let Some(table) = table else {
            return;
        };
        let row = 3 * picture.width();
        picture
            .samples_mut()
            .par_chunks_mut(BAND * row)
            .for_each(|samples| T::look_up(table, samples));
    }
}

/// The textures among `steps` at a strength.
fn textures(steps: &[LookStep], strength: f64) -> Textures {
    if strength == 0.0 {
        return Textures::default();
    }
    let of = |step: &LookStep| Some((step.order(), step.step().texture(strength)?));
    Textures::new(steps.iter().filter_map(of).collect())
}

fn check(look: &Look, strength: f64) -> Result<()> {
    if !(0.0..=2.0).contains(&strength) {
        return Err(Error::Usage {
            what: format!("the strength of a look is {strength}"),
            hint: Hint::LimitStrength,
        });
    }
    look.check()
}

/// Every so many pixels of a picture, as 8 bits.
fn thinned<T: Depth>(picture: &Rgb<T>, narrow: impl Fn(T) -> u8) -> Rgb8 {
    let stride = picture
        .width()
        .max(picture.height())
        .div_ceil(MEASURED_SIDE);
    let samples = |length: usize| (stride / 2..length).step_by(stride);
    let size = Size::new(
        samples(picture.width()).count().max(1) as u32,
        samples(picture.height()).count().max(1) as u32,
    );
    let mut small = Rgb8::black(size);
    let width = small.width();
    for (number, pixel) in small.samples_mut().chunks_exact_mut(3).enumerate() {
        let (x, y) = (number % width, number / width);
        let color = picture.pixel(stride / 2 + x * stride, stride / 2 + y * stride);
        for (to, from) in pixel.iter_mut().zip(color) {
            *to = narrow(from);
        }
    }
    small
}
