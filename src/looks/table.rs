//! One 3-D table for all color steps, and its lookup in integers.
//!
//! Interpolation is tetrahedral (`tetrahedron`). Sorting three numbers that combine the fraction and the step to the
//! next node finds the tetrahedron without a branch. Everything is integer, so every CPU gives the same pixels. Pictures
//! of 8 bits are looked up in blocks (`block_lookup`).

use std::sync::OnceLock;

use fearless_simd::dispatch;
use rayon::prelude::*;

use crate::looks::block_lookup::{BLOCK, look_up_block};
use crate::looks::color::Triple;
use crate::looks::deep_lookup::look_up_deep;
use crate::looks::grade::Grade;
use crate::looks::packed_nodes::{LANE_WHITE, Lanes, PackedNodes};
use crate::looks::planes::{self, encoded};
use crate::looks::tetrahedron::tetrahedron;
use crate::media::Yuv420;
use crate::picture::{Planar, vector_level};

/// Nodes a side; the larger size is used if the smaller one errs by more than [`TOLERANCE`].
pub(super) const SIZES: [usize; 2] = [33, 65];
/// Largest invisible error, as a fraction of a channel's range: one and a half of 255 levels.
const TOLERANCE: f64 = 1.5 / 255.0;

/// A table and its prepared lookups.
#[derive(Debug, Clone)]
pub(super) struct Table {
    size: usize,
    /// Nodes for 8 bits: red, green, blue.
    packed: PackedNodes,
    /// Nodes for planes: luma and chroma in video range. Made on first use.
    planar: OnceLock<PackedNodes>,
    /// Nodes for 16 bits: red, green, blue and nothing.
    deep: Vec<[u16; 4]>,
}

impl Table {
    /// Samples `grade` at the smallest size that is accurate enough.
    pub(super) fn new(grade: &Grade) -> Self {
        let table = Self::with_size(grade, SIZES[0]);
        if table.error(grade) <= TOLERANCE {
            table
        } else {
            Self::with_size(grade, SIZES[1])
        }
    }

    /// Samples `grade` at `size` nodes a side (2..=65).
    pub(super) fn with_size(grade: &Grade, size: usize) -> Self {
        let scale = 1.0 / (size - 1) as f64;
        let nodes: Vec<Triple> = (0..size * size)
            .into_par_iter()
            .flat_map_iter(|line| {
                let (red, green) = (line / size, line % size);
                (0..size).map(move |blue| {
                    grade.evaluate([red, green, blue].map(|node| node as f64 * scale))
                })
            })
            .collect();
        let deep = nodes
            .iter()
            .map(|node| {
                let [red, green, blue] = node.map(|value| (value * 65535.0).round() as u16);
                [red, green, blue, 0]
            })
            .collect();
        Self {
            size,
            packed: PackedNodes::new(nodes.iter().copied()),
            planar: OnceLock::new(),
            deep,
        }
    }

    /// Maps pixels of 8 bits, in place.
    pub(super) fn eight(&self, samples: &mut [u8]) {
        let pixels = samples.as_chunks_mut().0;
        dispatch!(vector_level(), _ => self.map_in_place(pixels));
    }

    #[inline(always)]
    fn map_in_place(&self, pixels: &mut [[u8; 3]]) {
        for pixels in pixels.chunks_mut(BLOCK) {
            let lanes = self.block(pixels);
            for (pixel, lanes) in pixels.iter_mut().zip(lanes) {
                *pixel = lanes.eight();
            }
        }
    }

    /// Maps pixels of 8 bits to rows of red, green and blue in fractions of white. Inlined, so that it is compiled for the
    /// instructions of its caller.
    #[inline(always)]
    pub(super) fn eight_exact(&self, samples: &[u8], [red, green, blue]: [&mut [f32]; 3]) {
        // Convert through i32, for which there are SIMD instructions.
        let fraction = |lane: u32| lane as i32 as f32 * (1.0 / LANE_WHITE as f32);
        let channels = red
            .chunks_mut(BLOCK)
            .zip(green.chunks_mut(BLOCK))
            .zip(blue.chunks_mut(BLOCK));
        let pixels = samples.as_chunks().0;
        for (colors, ((red, green), blue)) in pixels.chunks(BLOCK).zip(channels) {
            let lanes = self.block(colors);
            let channels = red.iter_mut().zip(green).zip(blue);
            for (lanes, ((red, green), blue)) in lanes.iter().zip(channels) {
                *red = fraction(lanes.channel::<0>());
                *green = fraction(lanes.channel::<1>());
                *blue = fraction(lanes.channel::<2>());
            }
        }
    }

    /// The lanes of at most a block of pixels; those of missing pixels have no meaning.
    #[inline(always)]
    fn block(&self, colors: &[[u8; 3]]) -> [Lanes; BLOCK] {
        match colors.try_into() {
            Ok(block) => self.whole_block(block),
            Err(_) => {
                let mut block = [[0; 3]; BLOCK];
                block
                    .iter_mut()
                    .zip(colors)
                    .for_each(|(to, from)| *to = *from);
                self.whole_block(&block)
            }
        }
    }

    #[inline(always)]
    fn whole_block(&self, colors: &[[u8; 3]; BLOCK]) -> [Lanes; BLOCK] {
        match &self.packed {
            PackedNodes::Small(nodes) => look_up_block(nodes, self.size, colors),
            PackedNodes::Large(nodes) => look_up_block(nodes, self.size, colors),
        }
    }

    /// Maps the planes of a frame into those of another; false if their sizes do not fit.
    pub(super) fn planes(&self, frame: &Yuv420<'_>, to: &mut Planar) -> bool {
        let nodes = self.planar.get_or_init(|| {
            let nodes = self.deep.iter().copied();
            PackedNodes::new(nodes.map(|[red, green, blue, _]| {
                encoded([red, green, blue].map(|value| f64::from(value) / 65535.0))
            }))
        });
        planes::apply(nodes, self.size, frame, to)
    }

    /// Maps pixels of 16 bits, in place.
    pub(super) fn sixteens(&self, pixels: &mut [[u16; 3]]) {
        dispatch!(vector_level(), _ => self.map_sixteens(pixels));
    }

    /// The same, inlined, so that it is compiled for the instructions of its caller.
    #[inline(always)]
    pub(super) fn map_sixteens(&self, pixels: &mut [[u16; 3]]) {
        let (blocks, rest) = pixels.as_chunks_mut::<BLOCK>();
        for block in blocks {
            look_up_deep(&self.deep, self.size, block);
        }
        if rest.is_empty() {
            return;
        }
        let mut block = [[0; 3]; BLOCK];
        block
            .iter_mut()
            .zip(&*rest)
            .for_each(|(to, from)| *to = *from);
        look_up_deep(&self.deep, self.size, &mut block);
        rest.iter_mut().zip(block).for_each(|(to, from)| *to = from);
    }

    /// Maps a pixel of 16 bits.
    pub(super) fn sixteen(&self, color: [u16; 3]) -> [u16; 3] {
        let steps = [self.size * self.size, self.size, 1];
        let mut first = 0;
        let mut keys = [0_u64; 3];
        for (channel, value) in color.into_iter().enumerate() {
            let scaled = usize::from(value) * (self.size - 1);
            let cell = (scaled / 65535).min(self.size - 2);
            first += cell * steps[channel];
            keys[channel] = ((scaled - cell * 65535) as u64) << 32 | steps[channel] as u64;
        }
        let corners = tetrahedron(first, 65535, keys, |key| {
            (key >> 32, (key & 0xffff_ffff) as usize)
        });
        [0, 1, 2].map(|channel| {
            let weighed =
                corners.map(|(node, weight)| u64::from(self.deep[node][channel]) * weight);
            let sum = weighed[0] + weighed[1] + weighed[2] + weighed[3];
            ((sum + 32767) / 65535) as u16
        })
    }

    /// The largest error against `grade` over a lattice of colors between the nodes.
    pub(super) fn error(&self, grade: &Grade) -> f64 {
        // With 12 colors a side, the fractions of a cell keep changing.
        const SIDE: u32 = 12;
        (0..SIDE * SIDE * SIDE)
            .into_par_iter()
            .map(|number| {
                let at = |number: u32| ((2 * number + 1) * 65535 / (2 * SIDE)) as u16;
                let color = [
                    at(number / (SIDE * SIDE)),
                    at(number / SIDE % SIDE),
                    at(number % SIDE),
                ];
                let exact = grade.evaluate(color.map(|value| f64::from(value) / 65535.0));
                let found = self.sixteen(color).map(|value| f64::from(value) / 65535.0);
                (0..3)
                    .map(|channel| (exact[channel] - found[channel]).abs())
                    .fold(0.0, f64::max)
            })
            .reduce(|| 0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::looks::{Look, LookLibrary};

    fn presets() -> Vec<Look> {
        LookLibrary::open(None).unwrap().looks().to_vec()
    }

    #[test]
    fn tables_of_all_presets_are_exact_to_one_and_a_half_levels() {
        for look in presets() {
            let grade = Grade::new(&look.steps, 1.0);
            let table = Table::new(&grade);
            let error = table.error(&grade) * 255.0;
            assert!(error < 1.5, "{}: {error} at {} nodes", look.id, table.size);
        }
    }

    #[test]
    fn eight_bits_round_what_sixteen_bits_say() {
        for look in presets().iter().take(4) {
            let table = Table::with_size(&Grade::new(&look.steps, 1.0), 33);
            for number in 0..4096_u32 {
                // Each channel steps through its values with its own stride.
                let color = [7, 31, 101].map(|stride| (number * stride % 256) as u8);
                let mut narrow = color;
                table.eight(&mut narrow);
                let wide = table.sixteen(color.map(|value| u16::from(value) * 257));
                let mut exact = [[0.0_f32]; 3];
                table.eight_exact(&color, exact.each_mut().map(|channel| &mut channel[..]));
                for channel in 0..3 {
                    let deep = f64::from(wide[channel]) / 257.0;
                    assert!((f64::from(narrow[channel]) - deep).abs() < 0.6);
                    assert!((f64::from(exact[channel][0]) * 255.0 - deep).abs() < 0.1);
                }
            }
        }
    }

    #[test]
    fn blocks_of_sixteen_bits_are_what_pixels_are() {
        let look = presets().swap_remove(0);
        for size in [2, 33, 65] {
            let table = Table::with_size(&Grade::new(&look.steps, 1.0), size);
            let at = |number: u32, stride: u32| (number.wrapping_mul(stride) >> 8) as u16;
            let mut colors: Vec<[u16; 3]> = (0..5000)
                .map(|number| [40_503, 90_001, 13_007].map(|stride| at(number, stride)))
                .collect();
            // Grays lie on an edge of all tetrahedra; black and white at the ends of the table.
            colors.extend((0..=65535).step_by(255).map(|gray| [gray; 3]));
            colors.extend([[65535, 0, 65535], [0, 65535, 65535]]);
            let pixels: Vec<[u16; 3]> = colors.iter().map(|color| table.sixteen(*color)).collect();
            table.sixteens(&mut colors);
            assert_eq!(colors, pixels, "{size} nodes");
        }
    }

    #[test]
    fn a_table_of_the_identity_is_the_identity() {
        let nothing = Grade::new(&[], 1.0);
        for size in SIZES {
            let table = Table::with_size(&nothing, size);
            for value in 0..=255_u8 {
                let color = [value, 255 - value, value / 2];
                let mut same = color;
                table.eight(&mut same);
                assert_eq!(same, color);
            }
            assert_eq!(table.sixteen([0, 32768, 65535])[2], 65535);
        }
    }
}
