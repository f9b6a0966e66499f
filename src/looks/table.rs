//! One 3-D table for all color steps, and its lookup in integers.
//!
//! Lookup is tetrahedral (J. M. Kasson et al., "Performing color space conversions with three-dimensional linear
//! interpolation", 1995): a cell is cut into six tetrahedra by the order of the three fractions, so gray stays on one
//! edge of all of them and four nodes are read instead of eight. Sorting three numbers that carry both the fraction and
//! the step to the next node finds the tetrahedron without a branch. A node of the 8-bit table is one `u64` with three
//! lanes of 21 bits: 13 bits of color times 8 bits of weight never overflow a lane, so one multiplication
//! weighs all three channels. Everything is integer, so every CPU gives the same pixels.

use rayon::prelude::*;

use crate::looks::color::Triple;
use crate::looks::grade::Grade;

/// Nodes a side; the larger one where the smaller misses by more than [`TOLERANCE`].
pub(super) const SIZES: [usize; 2] = [33, 65];
/// Of the range of a channel.
const TOLERANCE: f64 = 1.5 / 255.0;

/// Sum of the weights in an 8-bit lookup.
const WEIGHT_8: u64 = 256;
/// The largest value of a lane's 13 bits.
const NODE_8: u64 = 8191;
/// A lane at white.
const LANE_WHITE: u32 = (WEIGHT_8 * NODE_8) as u32;
const LANE_BITS: u32 = 21;
const LANE_MASK: u64 = (1 << LANE_BITS) - 1;

/// A table and its prepared lookups.
#[derive(Debug, Clone)]
pub(super) struct Table {
    size: usize,
    /// For 8 bits: lanes red, green, blue from the low bits up.
    packed: Vec<u64>,
    /// For 16 bits.
    deep: Vec<[u16; 3]>,
    /// For each 8-bit value and channel: the share of the node's place, and the sort key.
    places: Box<[[Place; 256]; 3]>,
}

/// Where an 8-bit value lies in one direction of the table.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// The distance of the lower node from the first one.
    node: u32,
    /// The fraction (0..=256) above the distance to the next node, which fits in 16 bits.
    key: u32,
}

/// Largest first, without a branch.
#[inline(always)]
fn sorted<T: Ord + Copy>([a, b, c]: [T; 3]) -> [T; 3] {
    let (high, low) = (a.max(b), a.min(b));
    [high.max(c), low.max(high.min(c)), low.min(c)]
}

impl Table {
    /// Samples `grade`, at the smallest size that is exact enough.
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
                    grade.evaluate([red, green, blue].map(|place| place as f64 * scale))
                })
            })
            .collect();
        let packed = nodes
            .iter()
            .map(|node| {
                let [red, green, blue] = node.map(|value| (value * NODE_8 as f64).round() as u64);
                red | green << LANE_BITS | blue << (2 * LANE_BITS)
            })
            .collect();
        let deep = nodes
            .iter()
            .map(|node| node.map(|value| (value * 65535.0).round() as u16))
            .collect();
        let mut places = Box::new([[Place::default(); 256]; 3]);
        for (channel, places) in places.iter_mut().enumerate() {
            let step = size.pow(2 - channel as u32);
            for (value, place) in places.iter_mut().enumerate() {
                let scaled = value * (size - 1);
                // White belongs to the last cell, at its far end.
                let cell = (scaled / 255).min(size - 2);
                let rest = scaled - cell * 255;
                let fraction = (rest * WEIGHT_8 as usize + 127) / 255;
                *place = Place {
                    node: (cell * step) as u32,
                    key: (fraction << 16 | step) as u32,
                };
            }
        }
        Self {
            size,
            packed,
            deep,
            places,
        }
    }

    /// The three lanes at an 8-bit color, each 0..=[`LANE_WHITE`].
    #[inline(always)]
    fn lanes(&self, [red, green, blue]: [u8; 3]) -> u64 {
        let red = self.places[0][usize::from(red)];
        let green = self.places[1][usize::from(green)];
        let blue = self.places[2][usize::from(blue)];
        let first = (red.node + green.node + blue.node) as usize;
        let [a, b, c] = sorted([red.key, green.key, blue.key]);
        let second = first + (a & 0xffff) as usize;
        let third = second + (b & 0xffff) as usize;
        let last = third + (c & 0xffff) as usize;
        let (a, b, c) = (u64::from(a >> 16), u64::from(b >> 16), u64::from(c >> 16));
        self.packed[first] * (WEIGHT_8 - a)
            + self.packed[second] * (a - b)
            + self.packed[third] * (b - c)
            + self.packed[last] * c
    }

    /// A pixel of 8 bits.
    #[inline(always)]
    pub(super) fn eight(&self, color: [u8; 3]) -> [u8; 3] {
        let lanes = self.lanes(color);
        [0, LANE_BITS, 2 * LANE_BITS].map(|shift| {
            let lane = (lanes >> shift & LANE_MASK) as u32;
            // White is just below 2^21, and rounds to 255.
            ((lane * 255 + (1 << (LANE_BITS - 1))) >> LANE_BITS) as u8
        })
    }

    /// A pixel of 8 bits, as fractions of white.
    #[inline(always)]
    pub(super) fn eight_exact(&self, color: [u8; 3]) -> [f32; 3] {
        let lanes = self.lanes(color);
        [0, LANE_BITS, 2 * LANE_BITS].map(|shift| {
            let lane = (lanes >> shift & LANE_MASK) as i32;
            lane as f32 * (1.0 / LANE_WHITE as f32)
        })
    }

    /// A pixel of 16 bits.
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
        let [a, b, c] = sorted(keys);
        let step = |key: u64| (key & 0xffff_ffff) as usize;
        let second = first + step(a);
        let third = second + step(b);
        let last = third + step(c);
        let (a, b, c) = (a >> 32, b >> 32, c >> 32);
        [0, 1, 2].map(|channel| {
            let node = |place: usize| u64::from(self.deep[place][channel]);
            let sum = node(first) * (65535 - a)
                + node(second) * (a - b)
                + node(third) * (b - c)
                + node(last) * c;
            ((sum + 32767) / 65535) as u16
        })
    }

    /// The largest difference from `grade` over a lattice of places between the nodes.
    pub(super) fn error(&self, grade: &Grade) -> f64 {
        // 12 places a side fall on ever different fractions of a cell.
        const SIDE: u32 = 12;
        (0..SIDE * SIDE * SIDE)
            .into_par_iter()
            .map(|number| {
                let at = |place: u32| ((2 * place + 1) * 65535 / (2 * SIDE)) as u16;
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
                // Every channel walks through its values in its own stride.
                let color = [7, 31, 101].map(|stride| (number * stride % 256) as u8);
                let narrow = table.eight(color);
                let wide = table.sixteen(color.map(|value| u16::from(value) * 257));
                let exact = table.eight_exact(color);
                for channel in 0..3 {
                    let deep = f64::from(wide[channel]) / 257.0;
                    assert!((f64::from(narrow[channel]) - deep).abs() < 0.6);
                    assert!((f64::from(exact[channel]) * 255.0 - deep).abs() < 0.1);
                }
            }
        }
    }

    #[test]
    fn a_table_of_the_identity_is_the_identity() {
        let nothing = Grade::new(&[], 1.0);
        for size in SIZES {
            let table = Table::with_size(&nothing, size);
            for value in 0..=255_u8 {
                let color = [value, 255 - value, value / 2];
                assert_eq!(table.eight(color), color);
            }
            assert_eq!(table.sixteen([0, 32768, 65535])[2], 65535);
        }
    }
}
