//! A frame in planar YUV, the format that video encoders take.

use fearless_simd::dispatch;

use crate::geometry::Size;
use crate::picture::{Rgb8, vector_level};

/// A frame of 8-bit YUV 4:2:0 by BT.709, black at 16 and white at 235; rows from top to bottom without padding. Chroma
/// sits on the left one of its two columns, and between its two rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planar {
    size: Size,
    planes: [Vec<u8>; 3],
}

impl Planar {
    /// A gray frame; `None` unless both sides are even and not 0.
    pub fn new(size: Size) -> Option<Self> {
        let even = size.width.is_multiple_of(2) && size.height.is_multiple_of(2);
        let length = usize::try_from(size.pixels()).ok()?;
        (even && length > 0).then(|| Self {
            size,
            planes: [length, length / 4, length / 4].map(|length| vec![128; length]),
        })
    }

    /// Size of the luma plane; chroma planes have half of it.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Luma, blue difference, red difference.
    pub fn planes(&self) -> [&[u8]; 3] {
        self.planes.each_ref().map(Vec::as_slice)
    }

    /// The planes, mutable.
    pub fn planes_mut(&mut self) -> [&mut [u8]; 3] {
        self.planes.each_mut().map(Vec::as_mut_slice)
    }

    /// Becomes `picture`; false, and unchanged, if the sizes differ.
    ///
    /// A sample of chroma is a mean of six pixels: the two that it sits between, and half of those beside them.
    pub fn fill(&mut self, picture: &Rgb8) -> bool {
        if picture.size() != self.size {
            return false;
        }
        let width = picture.width();
        let mut sums = PairSums::new(width);
        let [luma, blue, red] = self.planes_mut();
        let rows = picture.samples().chunks_exact(2 * 3 * width);
        let into = luma
            .chunks_exact_mut(2 * width)
            .zip(blue.chunks_exact_mut(width / 2))
            .zip(red.chunks_exact_mut(width / 2));
        for (rows, ((luma, blue), red)) in rows.zip(into) {
            dispatch!(vector_level(), _ => write_luma(rows, luma));
            dispatch!(vector_level(), _ => sums.add(rows));
            dispatch!(vector_level(), _ => sums.write_chroma(BLUE_DIFFERENCE, blue));
            dispatch!(vector_level(), _ => sums.write_chroma(RED_DIFFERENCE, red));
        }
        true
    }
}

/// Factors of red, green and blue, scaled by 65536.
type Factors = [i32; 3];

const LUMA: Factors = factors([0.2126, 0.7152, 0.0722], 219.0 / 255.0);
const BLUE_DIFFERENCE: Factors = factors([-0.2126, -0.7152, 0.9278], 112.0 / 255.0 / 0.9278);
const RED_DIFFERENCE: Factors = factors([0.7874, -0.7152, -0.0722], 112.0 / 255.0 / 0.7874);

/// The `shares` of ITU-R BT.709 in a range. Green takes up what the others are rounded by, so that gray stays gray.
const fn factors([red, green, blue]: [f64; 3], range: f64) -> Factors {
    let (first, last) = (scaled(red * range), scaled(blue * range));
    [
        first,
        scaled((red + green + blue) * range) - first - last,
        last,
    ]
}

const fn scaled(factor: f64) -> i32 {
    (factor * 65536.0).round() as i32
}

#[inline(always)]
fn write_luma(samples: &[u8], luma: &mut [u8]) {
    let [red, green, blue] = LUMA;
    // Black, and a half to round.
    let black = (16 << 16) + (1 << 15);
    for (pixel, luma) in samples.as_chunks::<3>().0.iter().zip(luma) {
        let [r, g, b] = pixel.map(i32::from);
        *luma = ((red * r + green * g + blue * b + black) >> 16) as u8;
    }
}

/// Red, green and blue of two rows added up; the outermost pixels are repeated beyond the edges.
struct PairSums {
    channels: [Vec<i16>; 3],
}

impl PairSums {
    fn new(width: usize) -> Self {
        Self {
            channels: [0; 3].map(|_| vec![0; width + 2]),
        }
    }

    /// Takes in the samples of two rows.
    #[inline(always)]
    fn add(&mut self, rows: &[u8]) {
        let (upper, lower) = rows.split_at(rows.len() / 2);
        let pixels = upper
            .as_chunks::<3>()
            .0
            .iter()
            .zip(lower.as_chunks::<3>().0);
        let [red, green, blue] = &mut self.channels;
        let into = red[1..].iter_mut().zip(&mut green[1..]).zip(&mut blue[1..]);
        for ((upper, lower), ((red, green), blue)) in pixels.zip(into) {
            *red = i16::from(upper[0]) + i16::from(lower[0]);
            *green = i16::from(upper[1]) + i16::from(lower[1]);
            *blue = i16::from(upper[2]) + i16::from(lower[2]);
        }
        for channel in &mut self.channels {
            let width = channel.len() - 2;
            channel[0] = channel[1];
            channel[width + 1] = channel[width];
        }
    }

    #[inline(always)]
    fn write_chroma(&self, factors: Factors, chroma: &mut [u8]) {
        // The middle of the range, and a half to round; eight times, as the sums are.
        let middle = (128 << 19) + (1 << 18);
        let [red, green, blue] = self.channels.each_ref().map(|channel| {
            let pairs = channel.as_chunks::<2>().0;
            pairs.iter().zip(&pairs[1..])
        });
        for (((red, green), blue), chroma) in red.zip(green).zip(blue).zip(chroma) {
            let weighed = |([before, here], [after, _]): (&[i16; 2], &[i16; 2])| {
                i32::from(before + 2 * here + after)
            };
            let sum = factors[0] * weighed(red)
                + factors[1] * weighed(green)
                + factors[2] * weighed(blue);
            *chroma = ((sum + middle) >> 19) as u8;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn planes_of(width: u32, height: u32, color: impl Fn(u32, u32) -> [u8; 3]) -> Planar {
        let size = Size::new(width, height);
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let samples = places.flat_map(|(x, y)| color(x, y)).collect();
        let mut planar = Planar::new(size).unwrap();
        assert!(planar.fill(&Rgb8::new(size, samples).unwrap()));
        planar
    }

    #[test]
    fn flat_colors_are_those_of_the_recommendation() {
        let known = [
            ([0, 0, 0], [16, 128, 128]),
            ([255, 255, 255], [235, 128, 128]),
            ([255, 0, 0], [63, 102, 240]),
            ([0, 255, 0], [173, 42, 26]),
            ([0, 0, 255], [32, 240, 118]),
        ];
        for (color, expected) in known {
            let planar = planes_of(70, 4, |_, _| color);
            for (plane, expected) in planar.planes().into_iter().zip(expected) {
                assert!(plane.iter().all(|level| *level == expected), "{color:?}");
            }
        }
    }

    #[test]
    fn gray_has_no_color() {
        let planar = planes_of(256, 2, |x, _| [x as u8; 3]);
        let [_, blue, red] = planar.planes();
        assert!(blue.iter().chain(red).all(|level| *level == 128));
    }

    #[test]
    fn chroma_sits_on_the_left_column() {
        // Blue from column 4 on: the sample on it has a quarter of black in it, the one before none of blue.
        let planar = planes_of(8, 2, |x, _| [0, 0, if x < 4 { 0 } else { 255 }]);
        assert_eq!(planar.planes()[1], [128, 128, 212, 240]);
        // And it is between its two rows.
        let planar = planes_of(4, 4, |_, y| [0, 0, if y < 1 { 0 } else { 255 }]);
        assert_eq!(planar.planes()[1], [184, 184, 240, 240]);
    }

    #[test]
    fn a_picture_of_another_size_is_refused() {
        let mut planar = Planar::new(Size::new(4, 4)).unwrap();
        assert!(!planar.fill(&Rgb8::black(Size::new(4, 2))));
        assert_eq!(Planar::new(Size::new(3, 2)), None);
    }
}
