//! Compiles a look: color steps become one 3-D table, spatial steps run in as few passes as possible.

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

/// Longer side, in pixels, of the copy on which a still is measured; the correction itself reduces it to 128.
const MEASURED_SIDE: usize = 768;

/// A compiled look; cheap to clone and meant to be shared between threads.
///
/// The same look, strength, picture, seed and frame number give the same pixels on every machine, with any number of
/// threads.
#[derive(Debug, Clone)]
pub struct CompiledLook {
    /// Passes over the whole picture, before any color step.
    passes: Vec<Arc<dyn MeasuredPass>>,
    /// `None` if no color changes, or if layers change them.
    table: Option<Arc<Table>>,
    /// For a look with masks that a table cannot express.
    layers: Option<Arc<Layers>>,
    /// The masks of the next picture.
    masks: Masks,
    textures: Textures,
    /// For a look with an `even` step that is not measured yet: the look and its strength.
    unmeasured: Option<Arc<(Look, f64)>>,
}

impl CompiledLook {
    /// Compiles `look` at `strength`: 1 is as written, 0 changes nothing, values up to 2 exaggerate.
    ///
    /// [`Self::apply_picture`] measures each still for an `even` step. Frames would flicker, so on them the step needs
    /// [`Self::measured`] and otherwise does nothing. Fails on a strength outside 0..2 and on steps that no look file
    /// could hold.
    pub fn new(look: &Look, strength: f64) -> Result<Self> {
        check(look, strength)?;
        let mut compiled = Self::of(&[], &look.steps, look, strength);
        if look.evens() && strength > 0.0 {
            compiled.unmeasured = Some(Arc::new((look.clone(), strength)));
        }
        Ok(compiled)
    }

    /// Like [`Self::new`], for one picture with a measured `correction`, of which an `even` step applies its share.
    pub fn measured(look: &Look, strength: f64, correction: &Correction) -> Result<Self> {
        check(look, strength)?;
        Ok(Self::evened(look, strength, correction))
    }

    /// Applies the full `correction`, regardless of the strength, and then `look`. Of an `even` step only its goals
    /// for bright and dark tones still have an effect.
    pub fn with_correction(look: &Look, strength: f64, correction: &Correction) -> Result<Self> {
        check(look, strength)?;
        let left = Correction {
            bright: correction.bright_after(),
            dark: correction.dark_after(),
            ..Correction::none()
        };
        let mut steps = even_steps(&look.steps, &left);
        steps.extend_from_slice(&look.steps);
        // Removing haze already adds contrast.
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

    /// `first` acts in full; `steps` (those of `look` and those put before them) act at `strength`.
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

    /// The same look with `masks` measured for one picture (see [`Look::mask_sources`]). Without them, steps that need
    /// masks do nothing.
    pub fn with_masks(&self, masks: Masks) -> Self {
        Self {
            masks,
            ..self.clone()
        }
    }

    /// The sources to measure for [`Self::with_masks`]; empty for most looks and for the identity.
    pub fn mask_sources(&self) -> BTreeSet<MaskSource> {
        let layers = self.layers.iter().flat_map(|layers| layers.sources());
        let passes = self.passes.iter().map(|pass| pass.source());
        layers.chain(passes).collect()
    }

    /// Whether no pixel would change.
    pub fn is_identity(&self) -> bool {
        self.passes.is_empty()
            && self.table.is_none()
            && self.layers.is_none()
            && self.textures.is_identity()
            && self.unmeasured.is_none()
    }

    /// Changes an 8-bit sRGB frame in place. Grain depends on `seed`, which identifies the content, and `frame_number`.
    pub fn apply(&self, frame: &mut Rgb8, seed: u64, frame_number: u64) {
        for pass in &self.passes {
            pass.eight(frame, &self.masks);
        }
        self.apply_samples(frame, seed, frame_number);
    }

    /// Whether [`Self::apply_planes`] can apply it: it changes nothing but color.
    pub fn fits_planes(&self) -> bool {
        self.table.is_some()
            && self.passes.is_empty()
            && self.textures.is_identity()
            && self.unmeasured.is_none()
    }

    /// Applies the look to a film's planes and writes `to`, without an RGB picture in between. Returns false, with `to`
    /// unusable, if not [`Self::fits_planes`], if the sizes differ, or if a plane is too short.
    pub fn apply_planes(&self, frame: &Yuv420<'_>, to: &mut Planar) -> bool {
        match &self.table {
            Some(table) if self.fits_planes() => table.planes(frame, to),
            _ => false,
        }
    }

    /// Changes a still in place, at its own depth.
    ///
    /// A look works on the values of the picture's own color space, taken as display values, and keeps the profile, so
    /// a wide gamut stays wide. Opacity stays, too.
    pub fn apply_picture(&self, picture: &mut Picture, seed: u64) {
        if let Some(unmeasured) = &self.unmeasured {
            let (look, strength) = &**unmeasured;
            let small = match &picture.pixels {
                Pixels::Eight(pixels) => thinned(pixels, |value| value),
                Pixels::Sixteen(pixels) => thinned(pixels, |value| (value >> 8) as u8),
            };
            let correction = Correction::measure(&small);
            let mut measured = Self::evened(look, *strength, &correction);
            // Reuse their buffers.
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

/// The texture steps among `steps`, at `strength`.
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

/// A subsampled copy of a picture in 8 bits.
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
