//! Running textures over a picture, band by band.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::geometry::Size;
use crate::looks::mask::TextureWeights;
use crate::looks::table::Table;
use crate::looks::texture::grain::{BLOCK, DEVIATION, Tile, place};
use crate::looks::texture::neighborhood::{Scale, halve};
use crate::looks::texture::{Bloom, Depth, Grain, Textures, Vignette};
use crate::picture::Rgb;

/// Rows that share one piece of scratch.
pub(in crate::looks) const BAND: usize = 16;

/// What depends on the size of the pictures, kept from frame to frame, and scratch for as many frames as are worked on
/// at once.
#[derive(Debug, Default)]
pub(in crate::looks) struct Workspace {
    fitted: Mutex<Option<Arc<Fitted>>>,
    scratch: Mutex<Vec<Scratch>>,
}

/// Textures fitted to a size of picture.
#[derive(Debug)]
struct Fitted {
    size: Size,
    clarity: Option<Scale>,
    soft_focus: Option<Scale>,
    bloom: Option<Scale>,
    tile: Option<Tile>,
}

#[derive(Debug, Default)]
struct Scratch {
    /// Red, green and blue of the largest reduced copy, one plane below the other.
    copy: Vec<f32>,
    clarity: Vec<f32>,
    soft_focus: Vec<f32>,
    bloom: Vec<f32>,
    spare: [Vec<f32>; 2],
    /// Luma of the picture as it came, for sharpening.
    luma: Vec<u16>,
    /// For each band: red, green, blue, two general rows, and a row of a reduced copy.
    rows: Vec<f32>,
}

impl Fitted {
    fn new(textures: &Textures, size: Size) -> Self {
        let scale = |radius| Scale::new(size, radius);
        Self {
            size,
            clarity: textures.clarity.map(|wide| scale(wide.radius)),
            soft_focus: textures.soft_focus.map(|wide| scale(wide.radius)),
            bloom: textures.bloom.map(|bloom| scale(bloom.wide.radius)),
            tile: textures.grain.map(|grain| Tile::new(size, grain.size)),
        }
    }

    /// The finest scale that is read.
    fn finest(&self) -> Option<&Scale> {
        [&self.clarity, &self.soft_focus, &self.bloom]
            .into_iter()
            .flatten()
            .min_by_key(|scale| scale.factor)
    }
}

impl Workspace {
    fn fitted(&self, textures: &Textures, size: Size) -> Arc<Fitted> {
        let mut kept = self.fitted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fitted) = kept.as_ref().filter(|fitted| fitted.size == size) {
            return fitted.clone();
        }
        let fitted = Arc::new(Fitted::new(textures, size));
        *kept = Some(fitted.clone());
        fitted
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

/// Changes `picture` by `table` and `textures` in place, each of which acts where `weights` let it.
pub(in crate::looks) fn run<T: Depth>(
    picture: &mut Rgb<T>,
    table: Option<&Table>,
    textures: &Textures,
    weights: &TextureWeights,
    workspace: &Workspace,
    seed: u64,
    frame: u64,
) {
    let fitted = workspace.fitted(textures, picture.size());
    let mut scratch = workspace.take_scratch();
    scratch.fill_copies(picture, table, textures, &fitted);
    if textures.sharpen != 0.0 {
        scratch.fill_luma(picture);
    }
    let width = picture.width();
    let narrow = fitted.finest().map_or(0, |scale| scale.width);
    let row_length = 5 * width + narrow;
    let bands = picture.height().div_ceil(BAND);
    let mut rows = std::mem::take(&mut scratch.rows);
    rows.resize(bands * row_length, 0.0);
    let job = Job {
        table,
        textures,
        weights,
        fitted: &fitted,
        scratch: &scratch,
        width,
        height: picture.height(),
        seed,
        frame,
    };
    picture
        .samples_mut()
        .par_chunks_mut(3 * width * BAND)
        .zip(rows.par_chunks_mut(row_length))
        .enumerate()
        .for_each(|(band, (samples, rows))| {
            for (line, samples) in samples.chunks_exact_mut(3 * width).enumerate() {
                job.row(band * BAND + line, samples, rows);
            }
        });
    scratch.rows = rows;
    workspace.give_back(scratch);
}

impl Scratch {
    /// Makes the blurred copies that the textures read.
    fn fill_copies<T: Depth>(
        &mut self,
        picture: &Rgb<T>,
        table: Option<&Table>,
        textures: &Textures,
        fitted: &Fitted,
    ) {
        let Some(finest) = fitted.finest() else {
            return;
        };
        self.copy.resize(3 * finest.area(), 0.0);
        reduce(picture, table, finest, &mut self.copy);
        let area = finest.area();
        let (red, rest) = self.copy.split_at(area);
        let (green, blue) = rest.split_at(area);
        if let Some(scale) = &fitted.clarity {
            let [planes, spare] = &mut self.spare;
            planes.resize(area, 0.0);
            for (value, ((r, g), b)) in planes.iter_mut().zip(red.iter().zip(green).zip(blue)) {
                *value = luma(*r, *g, *b);
            }
            blur_at(scale, finest, 1, planes, spare);
            std::mem::swap(&mut self.clarity, planes);
        }
        if let Some(scale) = &fitted.soft_focus {
            let [planes, spare] = &mut self.spare;
            planes.clear();
            planes.extend_from_slice(&self.copy);
            blur_at(scale, finest, 3, planes, spare);
            std::mem::swap(&mut self.soft_focus, planes);
        }
        if let (Some(scale), Some(bloom)) = (&fitted.bloom, &textures.bloom) {
            let [planes, spare] = &mut self.spare;
            planes.resize(3 * area, 0.0);
            for (channel, plane) in planes.chunks_exact_mut(area).enumerate() {
                let own = [red, green, blue][channel.min(2)];
                for (place, value) in plane.iter_mut().enumerate() {
                    let above = luma(red[place], green[place], blue[place]) - bloom.threshold;
                    let light = (above / (1.0 - bloom.threshold)).max(0.0);
                    *value = own[place] * light * light * bloom.tint[channel.min(2)];
                }
            }
            blur_at(scale, finest, 3, planes, spare);
            std::mem::swap(&mut self.bloom, planes);
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

/// Halves `planes`, which are as large as `finest`, down to `scale` and blurs them there.
fn blur_at(
    scale: &Scale,
    finest: &Scale,
    count: usize,
    planes: &mut Vec<f32>,
    spare: &mut Vec<f32>,
) {
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

/// Box means of the picture, through the table, into three stacked planes.
fn reduce<T: Depth>(picture: &Rgb<T>, table: Option<&Table>, scale: &Scale, planes: &mut [f32]) {
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

/// Rec. 709.
#[inline(always)]
fn luma(red: f32, green: f32, blue: f32) -> f32 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Everything a row needs.
struct Job<'a> {
    table: Option<&'a Table>,
    textures: &'a Textures,
    weights: &'a TextureWeights,
    fitted: &'a Fitted,
    scratch: &'a Scratch,
    width: usize,
    height: usize,
    seed: u64,
    frame: u64,
}

/// Places of the textures in the order they run in, as [`crate::looks::LookStep`] counts them.
const CLARITY: u8 = 1;
const SHARPEN: u8 = 2;
const SOFT_FOCUS: u8 = 3;
const BLOOM: u8 = 4;
const VIGNETTE: u8 = 5;

/// Multiplies with weights of 8 bits.
fn weigh(values: &mut [f32], weights: &[u8]) {
    for (value, weight) in values.iter_mut().zip(weights) {
        *value *= f32::from(*weight) * (1.0 / 255.0);
    }
}

/// Takes `values` back to `before` where the weights are small.
fn mix(values: &mut [f32], before: &[f32], weights: &[u8]) {
    for ((value, before), weight) in values.iter_mut().zip(before).zip(weights) {
        *value = before + (*value - before) * (f32::from(*weight) * (1.0 / 255.0));
    }
}

impl Job<'_> {
    fn row<T: Depth>(&self, line: usize, samples: &mut [T], rows: &mut [f32]) {
        let (red, rest) = rows.split_at_mut(self.width);
        let (green, rest) = rest.split_at_mut(self.width);
        let (blue, rest) = rest.split_at_mut(self.width);
        let (gray, rest) = rest.split_at_mut(self.width);
        let (wide, narrow) = rest.split_at_mut(self.width);
        self.load(samples, [&mut *red, &mut *green, &mut *blue]);
        if self.textures.clarity.is_some() || self.textures.sharpen != 0.0 {
            gray.fill(0.0);
            self.clarity(line, [red, green, blue], gray, wide, narrow);
            if let Some(weights) = self.weights.row(CLARITY, line) {
                weigh(gray, weights);
            }
            match self.weights.row(SHARPEN, line) {
                None => self.sharpen(line, gray),
                Some(weights) => {
                    wide.fill(0.0);
                    self.sharpen(line, wide);
                    weigh(wide, weights);
                    for (lift, own) in gray.iter_mut().zip(&*wide) {
                        *lift += own;
                    }
                }
            }
            for channel in [&mut *red, &mut *green, &mut *blue] {
                for (value, lift) in channel.iter_mut().zip(&*gray) {
                    *value += lift;
                }
            }
        }
        for (number, channel) in [&mut *red, &mut *green, &mut *blue].into_iter().enumerate() {
            match self.weights.row(SOFT_FOCUS, line) {
                None => self.soft_focus(line, number, channel, wide, narrow),
                Some(weights) => {
                    gray.copy_from_slice(channel);
                    self.soft_focus(line, number, channel, wide, narrow);
                    mix(channel, gray, weights);
                }
            }
            match self.weights.row(BLOOM, line) {
                None => self.bloom(line, number, channel, wide, narrow),
                Some(weights) => {
                    gray.copy_from_slice(channel);
                    self.bloom(line, number, channel, wide, narrow);
                    mix(channel, gray, weights);
                }
            }
        }
        if let Some(vignette) = &self.textures.vignette {
            self.vignette(vignette, line, gray);
            if let Some(weights) = self.weights.row(VIGNETTE, line) {
                wide.fill(1.0);
                mix(gray, wide, weights);
            }
            for channel in [&mut *red, &mut *green, &mut *blue] {
                for (value, gain) in channel.iter_mut().zip(&*gray) {
                    *value *= gain;
                }
            }
        }
        if let (Some(grain), Some(tile)) = (&self.textures.grain, &self.fitted.tile) {
            self.grain(grain, tile, line, [red, green, blue]);
        }
        for (pixel, ((r, g), b)) in samples
            .chunks_exact_mut(3)
            .zip(red.iter().zip(&*green).zip(&*blue))
        {
            pixel[0] = T::from_fraction(*r);
            pixel[1] = T::from_fraction(*g);
            pixel[2] = T::from_fraction(*b);
        }
    }

    /// Samples through the table into fractions of white, a row a channel.
    fn load<T: Depth>(&self, samples: &[T], [red, green, blue]: [&mut [f32]; 3]) {
        let places = red.iter_mut().zip(green).zip(blue);
        for (pixel, ((red, green), blue)) in samples.chunks_exact(3).zip(places) {
            let pixel = [pixel[0], pixel[1], pixel[2]];
            let color = match self.table {
                Some(table) => T::look_up_exact(table, pixel),
                None => pixel.map(|value| f32::from(value.widen()) * (1.0 / 65535.0)),
            };
            [*red, *green, *blue] = color;
        }
    }

    /// Adds to `lift` what local contrast gives to luma.
    fn clarity(
        &self,
        line: usize,
        [red, green, blue]: [&[f32]; 3],
        lift: &mut [f32],
        wide: &mut [f32],
        narrow: &mut [f32],
    ) {
        let (Some(clarity), Some(scale)) = (&self.textures.clarity, &self.fitted.clarity) else {
            return;
        };
        scale.read(&self.scratch.clarity, line, narrow, wide);
        let colors = red.iter().zip(green).zip(blue);
        for ((lift, around), ((r, g), b)) in lift.iter_mut().zip(&*wide).zip(colors) {
            let luma = luma(*r, *g, *b);
            let difference = luma - around;
            // Large differences are edges; raising them would draw halos.
            let detail = difference / (1.0 + 6.0 * difference.abs());
            *lift += clarity.amount * detail * (4.0 * luma * (1.0 - luma)).max(0.0);
        }
    }

    /// Adds to `lift` what sharpening gives to luma.
    fn sharpen(&self, line: usize, lift: &mut [f32]) {
        if self.textures.sharpen == 0.0 {
            return;
        }
        let row = |line: usize| &self.scratch.luma[line * self.width..(line + 1) * self.width];
        let above = row(line.saturating_sub(1));
        let here = row(line);
        let below = row((line + 1).min(self.height - 1));
        let column = |place: usize| {
            u32::from(above[place]) + 2 * u32::from(here[place]) + u32::from(below[place])
        };
        // 16 times the luma less the binomial mean of its neighborhood.
        let scale = self.textures.sharpen / (16.0 * 65535.0);
        let mut left = column(0);
        let mut middle = left;
        for (place, lift) in lift.iter_mut().enumerate() {
            let right = column((place + 1).min(self.width - 1));
            let around = left + 2 * middle + right;
            let detail = 16 * i32::from(here[place]) - around as i32;
            *lift += scale * detail as f32;
            (left, middle) = (middle, right);
        }
    }

    fn soft_focus(
        &self,
        line: usize,
        number: usize,
        channel: &mut [f32],
        wide: &mut [f32],
        narrow: &mut [f32],
    ) {
        let (Some(soft), Some(scale)) = (&self.textures.soft_focus, &self.fitted.soft_focus) else {
            return;
        };
        let plane = &self.scratch.soft_focus[number * scale.area()..(number + 1) * scale.area()];
        scale.read(plane, line, narrow, wide);
        for (value, around) in channel.iter_mut().zip(&*wide) {
            let difference = around - *value;
            // Brighter surroundings weigh 1, darker ones 0.4.
            *value += soft.amount * (0.7 * difference + 0.3 * difference.abs());
        }
    }

    fn bloom(
        &self,
        line: usize,
        number: usize,
        channel: &mut [f32],
        wide: &mut [f32],
        narrow: &mut [f32],
    ) {
        let (Some(Bloom { wide: bloom, .. }), Some(scale)) =
            (&self.textures.bloom, &self.fitted.bloom)
        else {
            return;
        };
        let plane = &self.scratch.bloom[number * scale.area()..(number + 1) * scale.area()];
        scale.read(plane, line, narrow, wide);
        for (value, light) in channel.iter_mut().zip(&*wide) {
            // Light onto light, without passing white.
            *value += bloom.amount * light * (1.0 - *value).max(0.0);
        }
    }

    /// Writes the row's gains.
    fn vignette(&self, vignette: &Vignette, line: usize, gains: &mut [f32]) {
        let offset = |place: usize, length: usize| {
            let offset = (2 * place + 1) as f32 / length as f32 - 1.0;
            offset * offset
        };
        let down = offset(line, self.height);
        let scale = 1.0 / self.width as f32;
        let stretch = 1.0 / (1.0 - vignette.start);
        for (place, gain) in gains.iter_mut().enumerate() {
            let across = (2 * place as i32 + 1) as f32 * scale - 1.0;
            let distance = 0.5 * (across * across + down);
            let t = ((distance - vignette.start) * stretch).clamp(0.0, 1.0);
            *gain = 1.0 - vignette.amount * (t * t * (3.0 - 2.0 * t));
        }
    }

    fn grain(&self, grain: &Grain, tile: &Tile, line: usize, [red, green, blue]: [&mut [f32]; 3]) {
        // Making a picture smaller averages grain away; where it was made small before, grain is weaker to match.
        let lines = self.width.min(self.height) as f32;
        let amount = grain.amount * (lines / 1080.0).clamp(0.35, 1.0) / DEVIATION;
        let blocks = red
            .chunks_mut(BLOCK)
            .zip(green.chunks_mut(BLOCK))
            .zip(blue.chunks_mut(BLOCK));
        for (number, ((red, green), blue)) in blocks.enumerate() {
            let place = place(self.seed, self.frame, number, line / BLOCK);
            let noise = tile.row(place, line % BLOCK);
            let pixels = red.iter_mut().zip(green).zip(blue).zip(noise);
            for (((r, g), b), noise) in pixels {
                let luma = luma(*r, *g, *b).clamp(0.0, 1.0);
                let weight = 0.15 + 3.4 * luma * (1.0 - luma);
                let lift = amount * f32::from(*noise) * weight;
                *r += lift;
                *g += lift;
                *b += lift;
            }
        }
    }
}
