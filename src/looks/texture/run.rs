//! Runs textures over a picture, band by band.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::geometry::Size;
use crate::looks::depth::Depth;
use crate::looks::table::Table;
use crate::looks::texture::blur::{Blur, halve};
use crate::looks::texture::row::Row;
use crate::looks::texture::{BAND, FrameView, Texture, TexturePass, TextureWeights};
use crate::picture::Rgb;

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
        let row_length = 5 * width + narrow;
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
            .for_each(|(luma, samples)| {
                for (luma, pixel) in luma.iter_mut().zip(samples.chunks_exact(3)) {
                    // Rec. 709 weights that add up to 65536.
                    let sum = 13_933 * u32::from(pixel[0].widen())
                        + 46_871 * u32::from(pixel[1].widen())
                        + 4_732 * u32::from(pixel[2].widen());
                    *luma = (sum >> 16) as u16;
                }
            });
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
    let samples = picture.samples();
    let (red, rest) = planes.split_at_mut(scale.area());
    let (green, blue) = rest.split_at_mut(scale.area());
    red.par_chunks_mut(scale.width)
        .zip(green.par_chunks_mut(scale.width))
        .zip(blue.par_chunks_mut(scale.width))
        .enumerate()
        .for_each(|(line, ((red, green), blue))| {
            let lines = line * factor..((line + 1) * factor).min(height);
            for column in 0..scale.width {
                let columns = column * factor..((column + 1) * factor).min(width);
                let count = (lines.len() * columns.len()) as u32;
                let mut sums = [0_u32; 3];
                for line in lines.clone() {
                    let row = 3 * line * width;
                    for pixel in
                        samples[row + 3 * columns.start..row + 3 * columns.end].chunks_exact(3)
                    {
                        for (sum, sample) in sums.iter_mut().zip(pixel) {
                            *sum += u32::from(sample.widen());
                        }
                    }
                }
                let mean = sums.map(|sum| ((sum + count / 2) / count) as u16);
                let color = match table {
                    Some(table) => table.sixteen(mean),
                    None => mean,
                };
                let [r, g, b] = color.map(|value| f32::from(value) * (1.0 / 65535.0));
                (red[column], green[column], blue[column]) = (r, g, b);
            }
        });
}

/// All inputs of a row.
struct Work<'a> {
    input: &'a FrameInput<'a>,
    passes: Vec<(usize, &'a dyn TexturePass, FrameView<'a>)>,
}

impl Work<'_> {
    fn row<'b, T: Depth>(&'b self, samples: &mut [T], row: &mut Row<'b>) {
        load(self.input.table, samples, row);
        for (order, pass, frame) in &self.passes {
            row.weights = self.input.weights.row(*order, row.line);
            pass.row(frame, row);
        }
        row.settle();
        let channels = row.red.iter().zip(&*row.green).zip(&*row.blue);
        for (pixel, ((r, g), b)) in samples.chunks_exact_mut(3).zip(channels) {
            pixel[0] = T::from_fraction(*r);
            pixel[1] = T::from_fraction(*g);
            pixel[2] = T::from_fraction(*b);
        }
    }
}

/// Maps samples through the table into fractions of white.
fn load<T: Depth>(table: Option<&Table>, samples: &[T], row: &mut Row<'_>) {
    let channels = row.red.iter_mut().zip(&mut *row.green).zip(&mut *row.blue);
    for (pixel, ((red, green), blue)) in samples.chunks_exact(3).zip(channels) {
        let pixel = [pixel[0], pixel[1], pixel[2]];
        let color = match table {
            Some(table) => T::look_up_exact(table, pixel),
            None => pixel.map(|value| f32::from(value.widen()) * (1.0 / 65535.0)),
        };
        [*red, *green, *blue] = color;
    }
}
