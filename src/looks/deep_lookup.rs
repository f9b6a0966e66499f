//! Looks up 16-bit colors in a table, a block of pixels at a time, as `block_lookup` does with those of 8 bits.
//!
//! The arithmetic is that of [`Table::sixteen`](super::table::Table::sixteen), to the last bit. The weights of four
//! nodes add up to 65535, so a weighted sum of 16-bit values fits 32 bits.

use crate::looks::block_lookup::{BLOCK, each, pairs};

/// White, and the whole of a cell.
const WHOLE: u32 = 65535;

/// A number of each pixel.
type Numbers = [u32; BLOCK];

/// The position of each pixel along one axis of the table.
struct Axis {
    /// The node below it.
    cells: Numbers,
    /// The fraction of the way to the next node (0 to [`WHOLE`]), and in the two low bits the number of the axis.
    keys: Numbers,
}

/// Maps `colors` through a table of `size` nodes a side, 2 to 65. A node is red, green, blue and nothing.
#[inline(always)]
pub(super) fn look_up_deep(nodes: &[[u16; 4]], size: usize, colors: &mut [[u16; 3]; BLOCK]) {
    let size = size as u32;
    let [red, green, blue] = [0, 1, 2].map(|number| axis(colors, number, size));
    let larger = pairs(&red.keys, &green.keys, u32::max);
    let smaller = pairs(&red.keys, &green.keys, u32::min);
    let most = pairs(&larger, &blue.keys, u32::max);
    let middle = pairs(&smaller, &pairs(&larger, &blue.keys, u32::min), u32::max);
    let least = pairs(&smaller, &blue.keys, u32::min);

    // Masks in place of conditions, which compilers make a jump of.
    let step = |key: u32| {
        let axis = key & 3;
        let (is_red, is_green) = (u32::from(axis == 0), axis & 1);
        is_red * size * size + is_green * size + (axis >> 1)
    };
    let (to_second, from_third) = (each(&most, step), each(&least, step));
    let fraction = |key: u32| key >> 2;
    let (most, middle) = (each(&most, fraction), each(&middle, fraction));
    let least = each(&least, fraction);
    let below = pairs(&red.cells, &green.cells, |red, green| red * size + green);
    let first = pairs(&below, &blue.cells, |below, blue| below * size + blue);
    let all = size * size + size + 1;

    for (at, color) in colors.iter_mut().enumerate() {
        let (first, last) = (first[at], first[at] + all);
        let corners = [
            (first, WHOLE - most[at]),
            (first + to_second[at], most[at] - middle[at]),
            (last - from_third[at], middle[at] - least[at]),
            (last, least[at]),
        ];
        let mut sums = [WHOLE / 2; 4];
        for (number, weight) in corners {
            let node = nodes.get(number as usize).unwrap_or(&[0; 4]);
            for (sum, value) in sums.iter_mut().zip(node) {
                *sum += u32::from(*value) * weight;
            }
        }
        for (channel, sum) in color.iter_mut().zip(sums) {
            *channel = whole_parts(sum) as u16;
        }
    }
}

/// The positions of channel `number` along its axis.
#[inline(always)]
fn axis(colors: &[[u16; 3]; BLOCK], number: usize, size: u32) -> Axis {
    let mut scaled = [0; BLOCK];
    for (scaled, color) in scaled.iter_mut().zip(colors) {
        *scaled = u32::from(color[number]) * (size - 1);
    }
    // White lies at the far end of the last cell.
    let cells = each(&scaled, |scaled| whole_parts(scaled).min(size - 2));
    let keys = pairs(&scaled, &cells, |scaled, cell| {
        (scaled - cell * WHOLE) << 2 | number as u32
    });
    Axis { cells, keys }
}

/// A division by [`WHOLE`], rounded down, that is exact for everything up to its square and half of it more.
#[inline(always)]
fn whole_parts(value: u32) -> u32 {
    (value + 1 + (value >> 16)) >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_division_is_exact() {
        let largest = WHOLE * WHOLE + WHOLE / 2;
        let edges = (0..=WHOLE).flat_map(|whole| [0, 1, WHOLE - 1].map(|rest| (whole, rest)));
        for (whole, rest) in edges {
            let value = u64::from(whole) * u64::from(WHOLE) + u64::from(rest);
            if value <= u64::from(largest) {
                assert_eq!(whole_parts(value as u32), whole, "{value}");
            }
        }
    }
}
