//! Looks up 8-bit colors in a table, a block of pixels at a time.
//!
//! A step of the tetrahedral interpolation runs over the whole block before the next one begins, on arrays of 16-bit
//! integers. Compilers turn such loops into vector code, which they cannot do with one pixel's steps in a row. All
//! arithmetic is in integers, so the result does not depend on the instructions that are used.

use crate::looks::packed_nodes::{Lanes, WEIGHT};

/// Pixels of a block. Its arrays stay in the first cache.
pub(super) const BLOCK: usize = 64;

/// A number of each pixel.
type Numbers = [i16; BLOCK];

/// The position of each pixel along one axis of the table.
struct Axis {
    /// The node below it.
    cells: Numbers,
    /// The fraction of the way to the next node (0 to [`WEIGHT`]), and in the two low bits the number of the axis. So the
    /// largest of three keys says along which axis the tetrahedron is left first.
    keys: Numbers,
}

/// The interpolated lanes of `colors` in a table of `size` nodes a side, 2 to 65.
#[inline(always)]
pub(super) fn look_up_block<const LENGTH: usize>(
    nodes: &[u64; LENGTH],
    size: usize,
    colors: &[[u8; 3]; BLOCK],
) -> [Lanes; BLOCK] {
    const { assert!(LENGTH.is_power_of_two()) };
    let red = axis(colors, 0, size as i16);
    let green = axis(colors, 1, size as i16);
    let blue = axis(colors, 2, size as i16);
    let (larger, smaller) = (
        pairs(&red.keys, &green.keys, i16::max),
        pairs(&red.keys, &green.keys, i16::min),
    );
    let most = pairs(&larger, &blue.keys, i16::max);
    let middle = pairs(&smaller, &pairs(&larger, &blue.keys, i16::min), i16::max);
    let least = pairs(&smaller, &blue.keys, i16::min);

    let steps = Steps::new(size as i16);
    let (to_second, from_third) = (
        each(&most, |key| steps.along(key)),
        each(&least, |key| steps.along(key)),
    );
    let fraction = |key: i16| key >> 2;
    let (most, middle) = (each(&most, fraction), each(&middle, fraction));
    let least = each(&least, fraction);
    let weight_first = each(&most, |fraction| WEIGHT as i16 - fraction);
    let weight_second = pairs(&most, &middle, |more, less| more - less);
    let weight_third = pairs(&middle, &least, |more, less| more - less);
    let first = first_nodes([&red.cells, &green.cells, &blue.cells], size as u32);
    let all = (size * size + size + 1) as u32;

    let mut lanes = [Lanes::default(); BLOCK];
    for (at, lanes) in lanes.iter_mut().enumerate() {
        let (first, last) = (first[at], first[at] + all);
        let second = first + u32::from(to_second[at] as u16);
        let third = last - u32::from(from_third[at] as u16);
        let weighed = |number: u32, weight: &Numbers| {
            nodes[number as usize & (LENGTH - 1)] * u64::from(weight[at] as u16)
        };
        *lanes = Lanes::new(
            weighed(first, &weight_first)
                + weighed(second, &weight_second)
                + weighed(third, &weight_third)
                + weighed(last, &least),
        );
    }
    lanes
}

/// The positions of channel `number` along its axis.
#[inline(always)]
fn axis(colors: &[[u8; 3]; BLOCK], number: usize, size: i16) -> Axis {
    let mut scaled = [0; BLOCK];
    for (scaled, color) in scaled.iter_mut().zip(colors) {
        *scaled = i16::from(color[number]) * (size - 1);
    }
    // A division by 255 that is exact here. White lies at the far end of the last cell.
    let cells = each(&scaled, |scaled| {
        ((scaled + 1 + (scaled >> 8)) >> 8).min(size - 2)
    });
    let keys = pairs(&scaled, &cells, |scaled, cell| {
        let rest = scaled - cell * 255;
        // `rest` of 255 parts as one of 256, rounded.
        let fraction = rest + (rest >> 7);
        fraction << 2 | number as i16
    });
    Axis { cells, keys }
}

/// The number of the node below each pixel along all axes.
#[inline(always)]
fn first_nodes([red, green, blue]: [&Numbers; 3], size: u32) -> [u32; BLOCK] {
    let mut first = [0; BLOCK];
    let cells = red.iter().zip(green).zip(blue);
    for (first, ((red, green), blue)) in first.iter_mut().zip(cells) {
        let [red, green, blue] = [red, green, blue].map(|cell| u32::from(*cell as u16));
        *first = (red * size + green) * size + blue;
    }
    first
}

/// From a node to the next one along each axis.
struct Steps {
    red: i16,
    green: i16,
}

impl Steps {
    fn new(size: i16) -> Self {
        Self {
            red: size * size,
            green: size,
        }
    }

    /// The step along the axis of a key. Masks in place of conditions, which compilers make a jump of.
    #[inline(always)]
    fn along(&self, key: i16) -> i16 {
        let axis = key & 3;
        let (is_red, is_green) = ((axis - 1) >> 15, -(axis & 1));
        is_red & self.red | is_green & self.green | axis >> 1
    }
}

/// Changes each number.
#[inline(always)]
pub(super) fn each<T: Copy + Default>(numbers: &[T; BLOCK], change: impl Fn(T) -> T) -> [T; BLOCK] {
    let mut changed = [T::default(); BLOCK];
    for (changed, number) in changed.iter_mut().zip(numbers) {
        *changed = change(*number);
    }
    changed
}

/// Joins two numbers of each pixel.
#[inline(always)]
pub(super) fn pairs<T: Copy + Default>(
    first: &[T; BLOCK],
    second: &[T; BLOCK],
    join: impl Fn(T, T) -> T,
) -> [T; BLOCK] {
    let mut joined = [T::default(); BLOCK];
    for (joined, (first, second)) in joined.iter_mut().zip(first.iter().zip(second)) {
        *joined = join(*first, *second);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_the_exact_ones_for_every_level_and_size() {
        for size in 2..=65_i16 {
            for start in (0..=255_u8).step_by(BLOCK) {
                let colors = std::array::from_fn(|at| [start + at as u8; 3]);
                let axis = axis(&colors, 2, size);
                for (at, color) in colors.iter().enumerate() {
                    let scaled = i32::from(color[2]) * i32::from(size - 1);
                    let cell = (scaled / 255).min(i32::from(size) - 2);
                    let fraction = ((scaled - cell * 255) * 256 + 127) / 255;
                    assert_eq!(i32::from(axis.cells[at]), cell);
                    assert_eq!(i32::from(axis.keys[at]), fraction * 4 + 2);
                }
            }
        }
    }

    #[test]
    fn the_result_is_the_weighted_sum_of_four_nodes() {
        const SIZE: usize = 5;
        // Each node is its own number, in the first lane alone.
        let nodes: [u64; 128] = std::array::from_fn(|number| number as u64);
        let colors = std::array::from_fn(|at| [7, 31, 101].map(|stride| (at * stride % 256) as u8));
        for (color, lanes) in colors.iter().zip(look_up_block(&nodes, SIZE, &colors)) {
            // Interpolation of a linear function is that function.
            let places = color.map(|level| {
                let scaled = usize::from(level) * (SIZE - 1);
                let cell = (scaled / 255).min(SIZE - 2);
                256 * cell + ((scaled - cell * 255) * 256 + 127) / 255
            });
            let expected = (places[0] * SIZE + places[1]) * SIZE + places[2];
            assert_eq!(lanes.channel::<0>() as usize, expected, "{color:?}");
        }
    }
}
