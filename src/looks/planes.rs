//! Applies color to the planes of a film's frame, without an RGB picture in between.
//!
//! The four pixels of a block share their chroma. The decoding matrix maps each pixel directly to its position in the
//! table, with more than 8 bits of precision. The table's nodes are already luma and chroma: interpolation and the
//! encoding matrix are both linear, so their order does not matter. The chroma of the block is the mean of the four.
//! Frames of 10 bits are rounded once, with the thresholds of an ordered dither (B. E. Bayer, "An optimum method for
//! two-level rendition of continuous-tone pictures", 1973), since plain rounding would show steps in gradients.

use rayon::prelude::*;

use crate::looks::color::Triple;
use crate::looks::packed_nodes::{LEVEL_BITS, Lanes, PackedNodes, key, weighed};
use crate::media::{Matrix, Yuv420};
use crate::picture::Planar;

/// Fractional bits of the decoding matrix: as many as 32 bits have room for.
const FRACTION_BITS: u32 = 14;

/// A display color as luma and chroma in BT.709's video range, in fractions of 255.
pub(super) fn encoded([red, green, blue]: Triple) -> Triple {
    let [red_share, green_share, blue_share] = Matrix::Bt709.luma();
    let luma = red_share * red + green_share * green + blue_share * blue;
    let difference = |value: f64, share: f64| 128.0 + 112.0 * (value - luma) / (1.0 - share);
    [
        16.0 + 219.0 * luma,
        difference(blue, blue_share),
        difference(red, red_share),
    ]
    .map(|level| level / 255.0)
}

/// Writes `frame`, mapped through a table of `size` nodes a side that are [`encoded`], into `to`; false if their sizes
/// differ or a plane is too short.
pub(super) fn apply(nodes: &PackedNodes, size: usize, frame: &Yuv420<'_>, to: &mut Planar) -> bool {
    match (nodes, frame.bits) {
        (PackedNodes::Small(nodes), 8) => run::<Eight, _>(nodes, size, frame, to),
        (PackedNodes::Small(nodes), 10) => run::<Ten, _>(nodes, size, frame, to),
        (PackedNodes::Large(nodes), 8) => run::<Eight, _>(nodes, size, frame, to),
        (PackedNodes::Large(nodes), 10) => run::<Ten, _>(nodes, size, frame, to),
        _ => false,
    }
}

/// The bit depth of frames: 8 or 10.
trait PlaneDepth {
    /// Bytes of a sample.
    const BYTES: usize;
    fn read(bytes: &[u8]) -> i32;
    /// Added to a lane before it is truncated to a level.
    fn threshold(column: usize, row: usize) -> u32;
}

struct Eight;

impl PlaneDepth for Eight {
    const BYTES: usize = 1;

    #[inline(always)]
    fn read(bytes: &[u8]) -> i32 {
        i32::from(bytes[0])
    }

    #[inline(always)]
    fn threshold(_: usize, _: usize) -> u32 {
        1 << (LEVEL_BITS - 1)
    }
}

struct Ten;

impl PlaneDepth for Ten {
    const BYTES: usize = 2;

    #[inline(always)]
    fn read(bytes: &[u8]) -> i32 {
        // A hostile stream may have bits above ten.
        i32::from(u16::from_le_bytes([bytes[0], bytes[1]])).min(1023)
    }

    #[inline(always)]
    fn threshold(column: usize, row: usize) -> u32 {
        /// Bayer's thresholds for 4 × 4 pixels, in 16ths of a level.
        const ORDER: [[u32; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
        (2 * ORDER[row % 4][column % 4] + 1) << (LEVEL_BITS - 5)
    }
}

fn run<D: PlaneDepth, const LENGTH: usize>(
    nodes: &[u64; LENGTH],
    size: usize,
    frame: &Yuv420<'_>,
    to: &mut Planar,
) -> bool {
    if to.size() != frame.size {
        return false;
    }
    let work = FrameWork {
        nodes,
        walk: Walk::new(frame, size),
        frame,
    };
    let width = frame.size.width as usize;
    let [luma, blue, red] = to.planes_mut();
    luma.par_chunks_exact_mut(2 * width)
        .zip(blue.par_chunks_exact_mut(width / 2))
        .zip(red.par_chunks_exact_mut(width / 2))
        .with_min_len(8)
        .enumerate()
        .all(|(row, ((luma, blue), red))| work.rows::<D>(row, luma, blue, red).is_some())
}

struct FrameWork<'a, const LENGTH: usize> {
    nodes: &'a [u64; LENGTH],
    walk: Walk,
    frame: &'a Yuv420<'a>,
}

impl<const LENGTH: usize> FrameWork<'_, LENGTH> {
    /// Processes two rows of luma and their row of chroma.
    fn rows<D: PlaneDepth>(
        &self,
        row: usize,
        luma: &mut [u8],
        blue: &mut [u8],
        red: &mut [u8],
    ) -> Option<()> {
        let [luma_plane, blue_plane, red_plane] = &self.frame.planes;
        let (width, columns) = (luma.len() / 2, blue.len());
        let from_upper = luma_plane.row(2 * row, width * D::BYTES)?;
        let from_lower = luma_plane.row(2 * row + 1, width * D::BYTES)?;
        let from_blue = blue_plane.row(row, columns * D::BYTES)?;
        let from_red = red_plane.row(row, columns * D::BYTES)?;
        let (upper, lower) = luma.split_at_mut(width);
        let from = from_upper
            .chunks_exact(2 * D::BYTES)
            .zip(from_lower.chunks_exact(2 * D::BYTES))
            .zip(from_blue.chunks_exact(D::BYTES))
            .zip(from_red.chunks_exact(D::BYTES));
        let into = upper
            .chunks_exact_mut(2)
            .zip(lower.chunks_exact_mut(2))
            .zip(blue)
            .zip(red);
        let blocks = from.zip(into).enumerate();
        for (column, ((((above, below), from_blue), from_red), (((upper, lower), blue), red))) in
            blocks
        {
            let chroma = self.walk.chroma(D::read(from_blue), D::read(from_red));
            let mut sums = [0; 2];
            let mut pixel = |from: &[u8], x: usize, y: usize| {
                let lanes = self.walk.lanes(self.nodes, D::read(from), chroma);
                sums[0] += lanes.channel::<1>();
                sums[1] += lanes.channel::<2>();
                ((lanes.channel::<0>() + D::threshold(2 * column + x, 2 * row + y)) >> LEVEL_BITS)
                    as u8
            };
            upper[0] = pixel(&above[..D::BYTES], 0, 0);
            upper[1] = pixel(&above[D::BYTES..], 1, 0);
            lower[0] = pixel(&below[..D::BYTES], 0, 1);
            lower[1] = pixel(&below[D::BYTES..], 1, 1);
            let threshold = D::threshold(column, row);
            [*blue, *red] = sums.map(|sum| ((sum / 4 + threshold) >> LEVEL_BITS) as u8);
        }
        Some(())
    }
}

/// Maps samples to positions in the table, in 256ths of a cell.
struct Walk {
    black: i32,
    middle: i32,
    luma: i32,
    red: i32,
    blue: i32,
    green_red: i32,
    green_blue: i32,
    /// The far end of the table.
    end: i32,
    steps: [u32; 3],
}

impl Walk {
    /// The inverse of ITU-T H.273, equations 38 to 43, scaled to 256ths of a cell.
    fn new(frame: &Yuv420<'_>, size: usize) -> Self {
        let [red, green, blue] = frame.matrix.luma();
        let level = f64::from(1 << (frame.bits - 8));
        let (black, luma_range, chroma_range) = if frame.full_range {
            (0, 256.0 * level - 1.0, 256.0 * level - 1.0)
        } else {
            (16 << (frame.bits - 8), 219.0 * level, 224.0 * level)
        };
        let end = 256 * (size as i32 - 1);
        let scaled = |factor: f64, range: f64| {
            (factor * f64::from(end) / range * f64::from(1 << FRACTION_BITS)).round() as i32
        };
        Self {
            black,
            middle: 1 << (frame.bits - 1),
            luma: scaled(1.0, luma_range),
            red: scaled(2.0 * (1.0 - red), chroma_range),
            blue: scaled(2.0 * (1.0 - blue), chroma_range),
            green_red: scaled(2.0 * (1.0 - red) * red / green, chroma_range),
            green_blue: scaled(2.0 * (1.0 - blue) * blue / green, chroma_range),
            end,
            steps: [(size * size) as u32, size as u32, 1],
        }
    }

    /// The contribution of chroma to red, green and blue.
    #[inline(always)]
    fn chroma(&self, blue: i32, red: i32) -> [i32; 3] {
        let (blue, red) = (blue - self.middle, red - self.middle);
        [
            self.red * red,
            -self.green_red * red - self.green_blue * blue,
            self.blue * blue,
        ]
    }

    #[inline(always)]
    fn lanes<const LENGTH: usize>(
        &self,
        nodes: &[u64; LENGTH],
        luma: i32,
        chroma: [i32; 3],
    ) -> Lanes {
        let base = self.luma * (luma - self.black) + (1 << (FRACTION_BITS - 1));
        let mut first = 0;
        let mut keys = [0; 3];
        for ((chroma, step), into) in chroma.iter().zip(self.steps).zip(&mut keys) {
            let position = ((base + chroma) >> FRACTION_BITS).clamp(0, self.end) as u32;
            // At the far end the next node has weight 0.
            first += (position >> 8) * step;
            *into = key(position & 0xff, step);
        }
        weighed(nodes, first, keys)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::geometry::Size;
    use crate::looks::grade::Grade;
    use crate::looks::table::Table;
    use crate::looks::{CompiledLook, LookLibrary};
    use crate::media::{Matrix, Plane, Yuv420};
    use crate::picture::Planar;

    use super::encoded;

    /// Blocks of one color each: all combinations of some levels of luma and chroma within RGB.
    struct Colors {
        size: Size,
        planes: [Vec<u8>; 3],
        bits: u32,
    }

    impl Colors {
        fn new(bits: u32) -> Self {
            let scale = 1 << (bits - 8);
            let mut planes = [vec![], vec![], vec![]];
            let mut count = 0;
            for luma in (16..=235).step_by(7) {
                for blue in (16..=240).step_by(8) {
                    for red in (16..=240).step_by(8) {
                        let color = decoded([luma, blue, red].map(f64::from));
                        if color.iter().all(|value| (0.0..=1.0).contains(value)) {
                            for (plane, (level, times)) in
                                planes.iter_mut().zip([(luma, 4), (blue, 1), (red, 1)])
                            {
                                for _ in 0..times {
                                    let bytes = u16::to_le_bytes(level * scale);
                                    plane.extend_from_slice(&bytes[..bits as usize / 5]);
                                }
                            }
                            count += 1;
                        }
                    }
                }
            }
            // Blocks side by side; a block has the same luma at all four pixels.
            let bytes = bits as usize / 5;
            let row = 2 * count * bytes;
            let half: Vec<u8> = planes[0]
                .chunks(4 * bytes)
                .flat_map(|four| four[..2 * bytes].to_vec())
                .collect();
            assert_eq!(half.len(), row);
            planes[0] = [half.clone(), half].concat();
            Self {
                size: Size::new(2 * count as u32, 2),
                planes,
                bits,
            }
        }

        fn frame(&self) -> Yuv420<'_> {
            let bytes = self.bits as usize / 5;
            let width = self.size.width as usize;
            let plane = |number: usize, samples: usize| Plane {
                samples: &self.planes[number],
                stride: samples * bytes,
            };
            Yuv420 {
                size: self.size,
                planes: [plane(0, width), plane(1, width / 2), plane(2, width / 2)],
                bits: self.bits,
                matrix: Matrix::Bt709,
                full_range: false,
                centered: false,
            }
        }

        /// The display color of each block.
        fn colors(&self) -> Vec<[f64; 3]> {
            let bytes = self.bits as usize / 5;
            let level = |plane: &[u8], at: usize| {
                let of = &plane[at * bytes..][..bytes];
                let value = of
                    .iter()
                    .rev()
                    .fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
                f64::from(value) / f64::from(1 << (self.bits - 8))
            };
            let [luma, blue, red] = &self.planes;
            (0..self.size.width as usize / 2)
                .map(|at| decoded([level(luma, 2 * at), level(blue, at), level(red, at)]))
                .collect()
        }
    }

    /// From BT.709 in video range (8-bit levels) to display values.
    fn decoded([luma, blue, red]: [f64; 3]) -> [f64; 3] {
        let [red_share, green_share, blue_share] = Matrix::Bt709.luma();
        let luma = (luma - 16.0) / 219.0;
        let red = luma + (red - 128.0) / 112.0 * (1.0 - red_share);
        let blue = luma + (blue - 128.0) / 112.0 * (1.0 - blue_share);
        [
            red,
            (luma - red_share * red - blue_share * blue) / green_share,
            blue,
        ]
    }

    #[test]
    fn levels_are_those_of_a_float_reference_for_every_preset() {
        for bits in [8, 10] {
            let colors = Colors::new(bits);
            let exact = colors.colors();
            for look in LookLibrary::open(None).unwrap().looks() {
                let grade = Grade::new(&look.steps, 1.0);
                let table = Table::new(&grade);
                let mut to = Planar::new(colors.size).unwrap();
                assert!(table.planes(&colors.frame(), &mut to));
                let mut worst: f64 = 0.0;
                for (at, color) in exact.iter().enumerate() {
                    let wanted = encoded(grade.evaluate(*color)).map(|level| level * 255.0);
                    let [luma, blue, red] = to.planes();
                    let found = [luma[2 * at], blue[at], red[at]].map(f64::from);
                    for (wanted, found) in wanted.iter().zip(found) {
                        worst = worst.max((wanted - found).abs());
                    }
                }
                // Half a level from rounding (nearly one from dither), the rest from the table.
                let most = if bits == 8 { 0.5 } else { 0.97 } + 1.5;
                assert!(worst < most, "{} at {bits} bits: {worst}", look.id);
            }
        }
    }

    #[test]
    fn a_table_that_changes_nothing_keeps_every_level() {
        let colors = Colors::new(8);
        let mut to = Planar::new(colors.size).unwrap();
        let table = Table::with_size(&Grade::new(&[], 1.0), 33);
        assert!(table.planes(&colors.frame(), &mut to));
        for (found, wanted) in to.planes().into_iter().zip(&colors.planes) {
            assert_eq!(found, wanted);
        }
    }

    #[test]
    fn dither_keeps_the_mean_of_ten_bits() {
        let luma: Vec<u8> = [509_u16; 64 * 64]
            .iter()
            .flat_map(|level| level.to_le_bytes())
            .collect();
        let chroma: Vec<u8> = [512_u16; 32 * 32]
            .iter()
            .flat_map(|level| level.to_le_bytes())
            .collect();
        let size = Size::new(64, 64);
        let plane = |samples, stride| Plane { samples, stride };
        let frame = Yuv420 {
            size,
            planes: [
                plane(&luma[..], 128),
                plane(&chroma[..], 64),
                plane(&chroma[..], 64),
            ],
            bits: 10,
            matrix: Matrix::Bt709,
            full_range: false,
            centered: false,
        };
        let mut to = Planar::new(size).unwrap();
        assert!(Table::with_size(&Grade::new(&[], 1.0), 33).planes(&frame, &mut to));
        let sum: u32 = to.planes()[0].iter().map(|level| u32::from(*level)).sum();
        // 127.25.
        assert!((f64::from(sum) / 4096.0 - 127.25).abs() < 0.04, "{sum}");
        assert!(to.planes()[1].iter().all(|level| *level == 128));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let colors = Colors::new(8);
        let look = LookLibrary::open(None)
            .unwrap()
            .find("clean-natural")
            .unwrap();
        let compiled = CompiledLook::new(&look, 1.0).unwrap();
        let mut small = Planar::new(Size::new(2, 2)).unwrap();
        assert!(!compiled.apply_planes(&colors.frame(), &mut small));
        let mut short = colors.frame();
        short.planes[1].samples = &short.planes[1].samples[1..];
        let mut to = Planar::new(colors.size).unwrap();
        assert!(!compiled.apply_planes(&short, &mut to));
        assert!(Planar::new(Size::new(3, 2)).is_none());
    }
}
