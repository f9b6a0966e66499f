//! A compiled look with masks: one table for each run of steps that act in the same region.
//!
//! A run computes in + w · (run(in) − in) in integers, with w from 0 to 2^14 and colors of 16 bits. All runs process a
//! row before the next row.

use std::collections::BTreeMap;
use std::sync::Arc;

use fearless_simd::dispatch;
use rayon::prelude::*;

use crate::looks::block_lookup::BLOCK;
use crate::looks::depth::Depth;
use crate::looks::grade::Grade;
use crate::looks::mask::gradient::Gradient;
use crate::looks::mask::guide::Guide;
use crate::looks::mask::guided::{GuidedMask, GuidedRows};
use crate::looks::mask::{Mask, MaskShape, MaskSource, Masks};
use crate::looks::steps::{LookStep, MaskedStep, StepStage};
use crate::looks::table::Table;
use crate::looks::texture::{BAND, TextureWeights};
use crate::picture::{Rgb, vector_level};

/// Weight 1: 14 bits, so that its product with a difference of 16-bit colors fits 32 bits.
const WHOLE: i32 = 1 << 14;

/// The color steps of a look whose masks no single table can express, and the regions of its textures.
#[derive(Debug)]
pub(in crate::looks) struct Layers {
    layers: Vec<MaskLayer>,
    /// For each texture with masks: its order among the steps, and the index of its region.
    textures: Vec<(usize, usize)>,
    /// The distinct regions. The weight of a region is the product of its masks.
    regions: Vec<Vec<Mask>>,
    /// The measured masks that regions need, each once: a source and its feather.
    measured: Vec<(MaskSource, f64)>,
}

/// One run of color steps.
#[derive(Debug)]
struct MaskLayer {
    table: Table,
    /// Index of the region where it acts; `None` is everywhere.
    region: Option<usize>,
}

impl MaskLayer {
    /// Changes `colors` by `weights`, as many.
    #[inline(always)]
    fn mix(&self, colors: &mut [[u16; 3]], weights: &[i32]) {
        let mut new = [[0; 3]; BLOCK];
        for (colors, weights) in colors.chunks_mut(BLOCK).zip(weights.chunks(BLOCK)) {
            if weights.iter().all(|weight| *weight == 0) {
                continue;
            }
            let Some(new) = new.get_mut(..colors.len()) else {
                continue;
            };
            new.copy_from_slice(colors);
            self.table.map_sixteens(new);
            for ((color, new), weight) in colors.iter_mut().zip(new).zip(weights) {
                for (value, new) in color.iter_mut().zip(new) {
                    *value = mixed(*value, *new, *weight);
                }
            }
        }
    }
}

/// The masks of one picture, for evaluation by rows.
struct MaskRows {
    /// Parallel to `Layers::measured`; `None` if not measured.
    guided: Vec<Option<GuidedRows>>,
    /// Parallel to `Layers::regions` and their masks; `None` for measured masks.
    gradients: Vec<Vec<Option<Gradient>>>,
}

impl Layers {
    /// Compiles `steps` at `strength`, applied to each run, after `first`, which acts in full. `None` if a single table
    /// suffices.
    pub(in crate::looks) fn new(
        first: &[LookStep],
        steps: &[LookStep],
        strength: f64,
    ) -> Option<Arc<Self>> {
        if strength == 0.0 || steps.iter().all(|step| spatial(step).is_empty()) {
            return None;
        }
        let mut all = Self {
            layers: vec![],
            textures: vec![],
            regions: vec![],
            measured: vec![],
        };
        if !first.is_empty() {
            all.add(&Grade::new(&[], strength).after(first), None);
        }
        let (textures, colors): (Vec<&LookStep>, Vec<&LookStep>) = steps
            .iter()
            .partition(|step| step.stage() == StepStage::Texture);
        for run in colors.chunk_by(|a, b| spatial(a) == spatial(b)) {
            let region = run.first().and_then(|step| all.region(spatial(step)));
            let steps: Vec<LookStep> = run.iter().map(|step| everywhere(step)).collect();
            all.add(&Grade::new(&steps, strength), region);
        }
        for step in textures {
            if let Some(region) = all.region(spatial(step)) {
                all.textures.push((step.order(), region));
            }
        }
        Some(Arc::new(all))
    }

    /// The sources to measure on a picture.
    pub(in crate::looks) fn sources(&self) -> impl Iterator<Item = MaskSource> + '_ {
        self.measured.iter().map(|(source, _)| *source)
    }

    fn add(&mut self, grade: &Grade, region: Option<usize>) {
        if !grade.is_identity() {
            let table = Table::new(grade);
            self.layers.push(MaskLayer { table, region });
        }
    }

    /// The index of the region with these masks, which is added if new.
    fn region(&mut self, masks: Vec<&Mask>) -> Option<usize> {
        if masks.is_empty() {
            return None;
        }
        for mask in &masks {
            if let Some(measured) = mask.measured()
                && !self.measured.contains(&measured)
            {
                self.measured.push(measured);
            }
        }
        let same = |region: &Vec<Mask>| region.iter().eq(masks.iter().copied());
        let known = self.regions.iter().position(same);
        Some(known.unwrap_or_else(|| {
            self.regions.push(masks.into_iter().cloned().collect());
            self.regions.len() - 1
        }))
    }

    /// Changes the colors of `picture` in the regions of `masks`, and returns the regions of its textures. Regions
    /// without measured masks stay unchanged.
    pub(in crate::looks) fn run<T: Depth>(
        &self,
        picture: &mut Rgb<T>,
        masks: &Masks,
    ) -> TextureWeights {
        let masks = self.rows_of(picture, masks);
        let width = picture.width();
        // The regions of textures, each once.
        let mut wanted: Vec<usize> = self.textures.iter().map(|(_, region)| *region).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let bands = picture
            .samples_mut()
            .par_chunks_mut(3 * width * BAND)
            .enumerate()
            .map(|(band, samples)| {
                let rows = samples.len() / (3 * width).max(1);
                let mut kept = vec![0; wanted.len() * rows * width];
                let mut scratch = Scratch::new(self, width);
                for (number, samples) in samples.chunks_exact_mut(3 * width).enumerate() {
                    self.fill_weights(&masks, band * BAND + number, samples, &mut scratch);
                    for (plane, region) in wanted.iter().enumerate() {
                        let start = (plane * rows + number) * width;
                        let kept = kept.get_mut(start..start + width).unwrap_or_default();
                        let weights = scratch.regions.get(*region).map_or(&[][..], |it| it);
                        for (to, from) in kept.iter_mut().zip(weights) {
                            *to = ((from * 255 + WHOLE / 2) / WHOLE) as u8;
                        }
                    }
                    dispatch!(vector_level(), _ => self.grade(samples, &mut scratch));
                }
                kept
            })
            .collect();
        let plane = |(order, region): &(usize, usize)| {
            let plane = wanted.iter().position(|other| other == region)?;
            Some((*order, plane))
        };
        TextureWeights {
            planes: self.textures.iter().filter_map(plane).collect(),
            width,
            bands,
        }
    }

    /// Refines the measured masks at the edges of `picture`.
    fn rows_of<T: Depth>(&self, picture: &Rgb<T>, masks: &Masks) -> MaskRows {
        let size = picture.size();
        let known = self
            .measured
            .iter()
            .any(|(source, _)| masks.get(*source).is_some());
        let guide = known.then(|| Guide::new(picture));
        // The edges of a source are found once, however it is feathered.
        let mut sharp: BTreeMap<MaskSource, Arc<GuidedMask>> = BTreeMap::new();
        let guided = self.measured.iter().map(|(source, feather)| {
            let (plane, guide) = (masks.get(*source)?, guide.as_ref()?);
            let sharp = sharp
                .entry(*source)
                .or_insert_with(|| Arc::new(GuidedMask::new(guide, &plane.at_size(guide.size))));
            let mask = if *feather > 0.0 {
                Arc::new(sharp.feathered(guide, *feather))
            } else {
                Arc::clone(sharp)
            };
            Some(GuidedRows::new(mask, size))
        });
        let gradient = |mask: &Mask| match &mask.shape {
            MaskShape::Linear(gradient) => Some(Gradient::linear(gradient, size)),
            MaskShape::Radial(gradient) => Some(Gradient::radial(gradient, size)),
            _ => None,
        };
        MaskRows {
            guided: guided.collect(),
            gradients: (self.regions.iter())
                .map(|masks| masks.iter().map(gradient).collect())
                .collect(),
        }
    }

    /// Writes the weights of each region for row `line`, whose pixels are `samples`.
    fn fill_weights<T: Depth>(
        &self,
        masks: &MaskRows,
        line: usize,
        samples: &[T],
        scratch: &mut Scratch,
    ) {
        let Scratch {
            measured,
            regions,
            narrow,
            product,
            row,
            ..
        } = scratch;
        for (weights, guided) in measured.iter_mut().zip(&masks.guided) {
            if let Some(rows) = guided {
                rows.row(line, samples, narrow, weights);
            }
        }
        for (number, weights) in regions.iter_mut().enumerate() {
            product.fill(1.0);
            let own = self.regions.get(number).into_iter().flatten();
            let gradients = masks.gradients.get(number).into_iter().flatten();
            for (mask, gradient) in own.zip(gradients) {
                let inside: &[f32] = if let Some(gradient) = gradient {
                    gradient.row(line, row);
                    row
                } else if let Some(weights) =
                    self.number_of(mask, masks).and_then(|at| measured.get(at))
                {
                    weights
                } else {
                    product.fill(0.0);
                    break;
                };
                let amount = (mask.amount / 100.0) as f32;
                for (product, inside) in product.iter_mut().zip(inside) {
                    let inside = if mask.invert { 1.0 - inside } else { *inside };
                    *product *= amount * inside;
                }
            }
            for (weight, product) in weights.iter_mut().zip(&*product) {
                *weight = (product * WHOLE as f32 + 0.5) as i32;
            }
        }
    }

    /// The index in `measured` of the source of `mask`, if it was measured.
    fn number_of(&self, mask: &Mask, masks: &MaskRows) -> Option<usize> {
        let wanted = mask.measured()?;
        let number = self.measured.iter().position(|other| *other == wanted)?;
        masks.guided.get(number)?.as_ref().map(|_| number)
    }

    /// Runs the row `samples` through the tables.
    #[inline(always)]
    fn grade<T: Depth>(&self, samples: &mut [T], scratch: &mut Scratch) {
        if self.layers.is_empty() {
            return;
        }
        let Scratch {
            regions, colors, ..
        } = scratch;
        for (color, pixel) in colors.iter_mut().zip(samples.chunks_exact(3)) {
            *color = [pixel[0].widen(), pixel[1].widen(), pixel[2].widen()];
        }
        for layer in &self.layers {
            match layer.region {
                None => layer.table.map_sixteens(colors),
                Some(region) => {
                    let weights = regions.get(region).map_or(&[][..], |it| it);
                    layer.mix(colors, weights);
                }
            }
        }
        for (pixel, color) in samples.chunks_exact_mut(3).zip(&*colors) {
            for (sample, value) in pixel.iter_mut().zip(color) {
                *sample = T::narrow(*value);
            }
        }
    }
}

/// Interpolates from `old` to `new`: a weight of 14 bits times a difference of 17 bits fits an i32.
#[inline(always)]
fn mixed(old: u16, new: u16, weight: i32) -> u16 {
    let step = (i32::from(new) - i32::from(old)) * weight + WHOLE / 2;
    (i32::from(old) + (step >> 14)) as u16
}

/// Scratch rows for one band.
struct Scratch {
    /// Parallel to `Layers::measured`.
    measured: Vec<Vec<f32>>,
    /// Parallel to `Layers::regions`.
    regions: Vec<Vec<i32>>,
    narrow: Vec<[f32; 4]>,
    product: Vec<f32>,
    row: Vec<f32>,
    colors: Vec<[u16; 3]>,
}

impl Scratch {
    fn new(layers: &Layers, width: usize) -> Self {
        Self {
            measured: vec![vec![0.0; width]; layers.measured.len()],
            regions: vec![vec![0; width]; layers.regions.len()],
            narrow: vec![],
            product: vec![0.0; width],
            row: vec![0.0; width],
            colors: vec![[0; 3]; width],
        }
    }
}

/// The masks of a step that a table cannot express.
fn spatial(step: &LookStep) -> Vec<&Mask> {
    step.masks()
        .iter()
        .filter(|mask| !mask.fits_a_table())
        .collect()
}

/// The step with only the masks that a table can express.
fn everywhere(step: &LookStep) -> LookStep {
    let masks: Vec<Mask> = (step.masks().iter())
        .filter(|mask| mask.fits_a_table())
        .cloned()
        .collect();
    let step = step.unmasked().clone();
    if masks.is_empty() {
        step
    } else {
        LookStep::Masked(Box::new(MaskedStep { step, masks }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mix_ends_where_its_sides_are() {
        for (old, new) in [(0, 65535), (65535, 0), (1000, 1001), (7, 7)] {
            assert_eq!(mixed(old, new, 0), old);
            assert_eq!(mixed(old, new, WHOLE), new);
            let middle = i32::from(mixed(old, new, WHOLE / 2));
            assert!((middle - (i32::from(old) + i32::from(new)) / 2).abs() <= 1);
        }
    }
}
