//! Runs textures over a picture, band by band.

use std::sync::{Arc, Mutex, PoisonError};

use fearless_simd::dispatch;
use rayon::prelude::*;

use crate::geometry::Size;
use crate::looks::depth::Depth;
use crate::looks::table::Table;
use crate::looks::texture::blur::{Blur, halve};
use crate::looks::texture::row::Row;
use crate::looks::texture::{BAND, FrameView, Texture, TexturePass, TextureWeights};
use crate::picture::{Rgb, vector_level};

/// The textures of a look at a strength. Cheap to clone; clones share the buffers that are kept between frames.
#[derive(Debug, Clone, Default)]
pub(in crate::looks) struct Textures {
    /// With their order among the steps.
    textures: Vec<(usize, Arc<dyn Texture>)>,
    workspace: Arc<Workspace>,
}

/// The other inputs of a frame.
pub(in crate::looks) struct FrameInput<'a> {
    /// The color steps; `None` if no color changes.
    pub(in crate::looks) table: Option<&'a Table>,
    /// Where textures act.
    pub(in crate::looks) weights: &'a TextureWeights,
    /// Seed of the content.
    pub(in crate::looks) seed: u64,
    /// Number of the frame.
    pub(in crate::looks) number: u64,
}

/// The passes for one size of picture, kept between frames, and scratch for as many frames as are processed at once.
#[derive(Debug, Default)]
struct Workspace {
    passes: Mutex<Option<Arc<Passes>>>,
    scratch: Mutex<Vec<Scratch>>,
}

/// Textures for one size of picture.
#[derive(Debug)]
struct Passes {
    size: Size,
    /// With their order among the steps.
    passes: Vec<(usize, Box<dyn TexturePass>)>,
}

#[derive(Debug, Default)]
struct Scratch {
    /// Red, green and blue of the largest reduced copy, as stacked planes.
    copy: Vec<f32>,
    /// The blurred planes of each pass; empty if it reads none.
    blurred: Vec<Vec<f32>>,
    spare: [Vec<f32>; 2],
    /// Luma of the original picture.
    luma: Vec<u16>,
    /// The rows of each band, which [`Row::new`] splits.
    rows: Vec<f32>,
}

impl Passes {
    /// The blur with the least reduction.
    fn finest(&self) -> Option<&Blur> {
        let blurs = self.passes.iter().filter_map(|(_, pass)| pass.blur());
        blurs.min_by_key(|blur| blur.factor)
    }
}

impl Workspace {
    fn passes(&self, textures: &[(usize, Arc<dyn Texture>)], size: Size) -> Arc<Passes> {
        let mut kept = self.passes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(passes) = kept.as_ref().filter(|passes| passes.size == size) {
            return passes.clone();
        }
        let passes = textures
            .iter()
            .map(|(order, texture)| (*order, texture.fit(size)));
        let passes = Arc::new(Passes {
            size,
            passes: passes.collect(),
        });
        *kept = Some(passes.clone());
        passes
    }

    fn take_scratch(&self) -> Scratch {
        let mut kept = self.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        kept.pop().unwrap_or_default()
    }

    fn give_back(&self, scratch: Scratch) {
        let mut kept = self.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(scratch);
    }
}

impl Textures {
    /// Takes textures with their order among the steps.
    pub(in crate::looks) fn new(mut textures: Vec<(usize, Arc<dyn Texture>)>) -> Self {
        textures.sort_by_key(|(order, _)| *order);
        Self {
            textures,
            workspace: Arc::default(),
        }
    }

    /// Whether nothing changes.
    pub(in crate::looks) fn is_identity(&self) -> bool {
        self.textures.is_empty()
    }

    /// Applies the table and the textures to `picture`, in place.
    pub(in crate::looks) fn run<T: Depth>(&self, picture: &mut Rgb<T>, input: &FrameInput<'_>) {
        let passes = self.workspace.passes(&self.textures, picture.size());
        let mut scratch = self.workspace.take_scratch();
        scratch.fill_copies(picture, input.table, &passes);
        if passes.passes.iter().any(|(_, pass)| pass.reads_luma()) {
            scratch.fill_luma(picture);
        }
        let width = picture.width();
        let narrow = passes.finest().map_or(0, |blur| blur.width);
        let row_length = Row::length(width) + narrow;
        let bands = picture.height().div_ceil(BAND);
        let mut rows = std::mem::take(&mut scratch.rows);
        rows.resize(bands * row_length, 0.0);
        let height = picture.height();
        let view = |blurred| FrameView {
            width,
            height,
            luma: &scratch.luma,
            blurred,
            seed: input.seed,
            number: input.number,
        };
        let work = Work {
            input,
            passes: (passes.passes.iter().zip(&scratch.blurred))
                .map(|((order, pass), blurred)| (*order, &**pass, view(blurred)))
                .collect(),
        };
        picture
            .samples_mut()
            .par_chunks_mut(3 * width * BAND)
            .zip(rows.par_chunks_mut(row_length))
            .enumerate()
            .for_each(|(band, (samples, rows))| {
                for (line, samples) in samples.chunks_exact_mut(3 * width).enumerate() {
                    work.row(samples, &mut Row::new(band * BAND + line, width, rows));
                }
            });
        scratch.rows = rows;
        self.workspace.give_back(scratch);
    }
}

impl Scratch {
    /// Makes the blurred copies that the textures read.
    fn fill_copies<T: Depth>(&mut self, picture: &Rgb<T>, table: Option<&Table>, passes: &Passes) {
        self.blurred.resize_with(passes.passes.len(), Vec::new);
        let Some(finest) = passes.finest() else {
            return;
        };
        let area = finest.area();
        self.copy.resize(3 * area, 0.0);
        reduce(picture, table, finest, &mut self.copy);
        let (red, rest) = self.copy.split_at(area);
        let (green, blue) = rest.split_at(area);
        let [planes, spare] = &mut self.spare;
        for ((_, pass), blurred) in passes.passes.iter().zip(&mut self.blurred) {
            let Some(blur) = pass.blur() else { continue };
            planes.clear();
            pass.fill_copy([red, green, blue], planes);
            let count = planes.len() / area.max(1);
            blur_at(blur, finest, count, planes, spare);
            std::mem::swap(blurred, planes);
        }
    }

    fn fill_luma<T: Depth>(&mut self, picture: &Rgb<T>) {
        self.luma.resize(picture.width() * picture.height(), 0);
        self.luma
            .par_chunks_mut(picture.width())
            .zip(picture.samples().par_chunks(3 * picture.width()))
            .for_each(|(luma, samples)| dispatch!(vector_level(), _ => luma_row(samples, luma)));
    }
}

/// The luma of a row.
#[inline(always)]
fn luma_row<T: Depth>(samples: &[T], luma: &mut [u16]) {
    for (luma, pixel) in luma.iter_mut().zip(samples.as_chunks::<3>().0) {
        // Rec. 709 weights that add up to 65536.
        let sum = 13_933 * u32::from(pixel[0].widen())
            + 46_871 * u32::from(pixel[1].widen())
            + 4_732 * u32::from(pixel[2].widen());
        *luma = (sum >> 16) as u16;
    }
}

/// Halves `planes`, which have the size of `finest`, down to that of `scale`, and blurs them there.
fn blur_at(scale: &Blur, finest: &Blur, count: usize, planes: &mut Vec<f32>, spare: &mut Vec<f32>) {
    let (mut factor, mut size) = (finest.factor, (finest.width, finest.height));
    while factor < scale.factor {
        let smaller = (size.0.div_ceil(2), size.1.div_ceil(2));
        spare.resize(count * smaller.0 * smaller.1, 0.0);
        halve(count, size, planes, spare);
        std::mem::swap(planes, spare);
        (factor, size) = (2 * factor, smaller);
    }
    planes.truncate(count * scale.area());
    spare.resize(count * scale.area(), 0.0);
    scale.blur(planes, spare);
}

/// Reduces the picture by box means, through the table, into three stacked planes.
fn reduce<T: Depth>(picture: &Rgb<T>, table: Option<&Table>, scale: &Blur, planes: &mut [f32]) {
    let (width, height, factor) = (picture.width(), picture.height(), scale.factor);
    let (red, rest) = planes.split_at_mut(scale.area());
    let (green, blue) = rest.split_at_mut(scale.area());
    red.par_chunks_mut(scale.width)
        .zip(green.par_chunks_mut(scale.width))
        .zip(blue.par_chunks_mut(scale.width))
        .enumerate()
        .for_each_init(Vec::new, |sums, (line, ((red, green), blue))| {
            let lines = line * factor..((line + 1) * factor).min(height);
            sums.clear();
            sums.resize(3 * width, 0);
            for row in picture.samples()[3 * width * lines.start..3 * width * lines.end]
                .chunks_exact(3 * width)
            {
                dispatch!(vector_level(), _ => add_row(row, sums));
            }
            for (column, sums) in sums.chunks(3 * factor).enumerate() {
                let count = (lines.len() * sums.len() / 3) as u32;
                let mut all = [0_u32; 3];
                for pixel in sums.as_chunks::<3>().0 {
                    for (all, sum) in all.iter_mut().zip(pixel) {
                        *all += sum;
                    }
                }
                let mean = all.map(|sum| ((sum + count / 2) / count) as u16);
                let color = match table {
                    Some(table) => table.sixteen(mean),
                    None => mean,
                };
                let [r, g, b] = color.map(|value| f32::from(value) * (1.0 / 65535.0));
                (red[column], green[column], blue[column]) = (r, g, b);
            }
        });
}

/// Adds a row of samples to sums. At most [`Blur`]'s greatest factor of rows are added, so no sum overflows.
#[inline(always)]
fn add_row<T: Depth>(row: &[T], sums: &mut [u32]) {
    for (sum, sample) in sums.iter_mut().zip(row) {
        *sum += u32::from(sample.widen());
    }
}

/// All inputs of a row.
struct Work<'a> {
    input: &'a FrameInput<'a>,
    passes: Vec<(usize, &'a dyn TexturePass, FrameView<'a>)>,
}

impl Work<'_> {
    fn row<'b, T: Depth>(&'b self, samples: &mut [T], row: &mut Row<'b>) {
        let table = self.input.table;
        dispatch!(vector_level(), _ => load(table, samples, row.channels()));
        for (order, pass, frame) in &self.passes {
            row.weights = self.input.weights.row(*order, row.line);
            pass.row(frame, row);
        }
        row.settle();
        dispatch!(vector_level(), _ => round(row.channels(), samples));
    }
}

/// Maps samples through the table into fractions of white.
#[inline(always)]
fn load<T: Depth>(table: Option<&Table>, samples: &[T], channels: [&mut [f32]; 3]) {
    if let Some(table) = table {
        T::look_up_exact(table, samples, channels);
        return;
    }
    let [red, green, blue] = channels;
    let channels = red.iter_mut().zip(green).zip(blue);
    for (pixel, ((red, green), blue)) in samples.as_chunks::<3>().0.iter().zip(channels) {
        [*red, *green, *blue] = pixel.map(|value| f32::from(value.widen()) * (1.0 / 65535.0));
    }
}

/// Rounds fractions of white to samples.
#[inline(always)]
fn round<T: Depth>([red, green, blue]: [&mut [f32]; 3], samples: &mut [T]) {
    let channels = red.iter().zip(green).zip(blue);
    let pixels = samples.as_chunks_mut::<3>().0.iter_mut();
    for (pixel, ((red, green), blue)) in pixels.zip(channels) {
        pixel[0] = T::from_fraction(*red);
        pixel[1] = T::from_fraction(*green);
        pixel[2] = T::from_fraction(*blue);
    }
}
