//! A frame of 10 bits in planar YUV, the format of high dynamic range.

use crate::geometry::{Rect, Size};
use crate::picture::plane_resize::{PlanePart, resized_plane};

/// Largest sample.
pub const DEEP_WHITE: u16 = 1023;
/// Black in luma and grey in chroma where the range is limited; grey is the same in full range.
const BLACK: u16 = 64;
const GREY: u16 = 512;

/// Where a sample of chroma lies: right of and below the first of the four pixels that it belongs to, in halves of a
/// pixel (ITU-T H.273, 8.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChromaPlace {
    /// 0 on the left column, 1 between both, 2 on the right one.
    pub right: u8,
    /// 0 on the upper row, 1 between both, 2 on the lower one.
    pub below: u8,
}

impl ChromaPlace {
    /// On the left column between the rows, as in MPEG-2 and all that came after it.
    pub const LEFT: Self = Self { right: 0, below: 1 };
}

/// A frame of 10-bit YUV 4:2:0; rows from top to bottom without padding. Who made it knows its primaries, transfer,
/// matrix and range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeepPlanar {
    size: Size,
    place: ChromaPlace,
    planes: [Vec<u16>; 3],
}

impl DeepPlanar {
    /// A frame of luma, blue difference and red difference. `None` unless each has as many samples as its size asks
    /// for; chroma has half the size, rounded up.
    pub fn new(size: Size, place: ChromaPlace, planes: [Vec<u16>; 3]) -> Option<Self> {
        let count = |size: Size| usize::try_from(size.pixels()).ok();
        let (luma, chroma) = (count(size)?, count(half(size))?);
        let fits = luma > 0
            && planes
                .iter()
                .zip([luma, chroma, chroma])
                .all(|(plane, count)| plane.len() == count);
        fits.then_some(Self {
            size,
            place,
            planes,
        })
    }

    /// Size of the luma plane.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Where its chroma lies.
    pub fn place(&self) -> ChromaPlace {
        self.place
    }

    /// Luma, blue difference, red difference.
    pub fn planes(&self) -> [&[u16]; 3] {
        self.planes.each_ref().map(Vec::as_slice)
    }

    /// The part `crop` (fractions of the frame, sub-pixel exact) at `size`, its chroma at `place`: Lanczos with 3 lobes
    /// on coded values. The same part at the same size is a copy.
    pub fn crop_resized(&self, crop: Rect, size: Size, place: ChromaPlace) -> Option<Self> {
        if crop == Rect::FULL && size == self.size && place == self.place {
            return Some(self.clone());
        }
        let across = Span::new(self.size.width, crop.x, crop.width, size.width);
        let down = Span::new(self.size.height, crop.y, crop.height, size.height);
        let [luma, blue, red] = self.planes();
        let part = |size, across, down| PlanePart { size, across, down };
        let whole = part(self.size, across.of_luma(), down.of_luma());
        let chroma = part(
            half(self.size),
            across.of_chroma(self.place.right, place.right),
            down.of_chroma(self.place.below, place.below),
        );
        let resized =
            |samples, part: &PlanePart, size| resized_plane(samples, part, size, DEEP_WHITE);
        Self::new(
            size,
            place,
            [
                resized(luma, &whole, size),
                resized(blue, &chroma, half(size)),
                resized(red, &chroma, half(size)),
            ],
        )
    }

    /// Lays `share` (0..1) of `other` over this frame, on coded values. False, and unchanged, if they do not fit.
    pub fn mix(&mut self, other: &Self, share: f64) -> bool {
        if (self.size, self.place) != (other.size, other.place) {
            return false;
        }
        for (plane, over) in self.planes.iter_mut().zip(&other.planes) {
            let shares = Shares::new(share);
            for (sample, over) in plane.iter_mut().zip(over) {
                *sample = shares.mixed(*sample, *over);
            }
        }
        true
    }

    /// Darkens the frame by `share` (0..1), at 1 to black.
    pub fn darken(&mut self, share: f64, full_range: bool) {
        let black = if full_range { 0 } else { BLACK };
        let shares = Shares::new(share);
        for (plane, aim) in self.planes.iter_mut().zip([black, GREY, GREY]) {
            for sample in plane {
                *sample = shares.mixed(*sample, aim);
            }
        }
    }
}

/// Shares of two samples, in parts of 65536.
struct Shares(u32);

impl Shares {
    const ONE: u32 = 1 << 16;

    fn new(share: f64) -> Self {
        Self((share.clamp(0.0, 1.0) * f64::from(Self::ONE)).round() as u32)
    }

    fn mixed(&self, below: u16, over: u16) -> u16 {
        let sum = u32::from(below) * (Self::ONE - self.0) + u32::from(over) * self.0;
        ((sum + Self::ONE / 2) / Self::ONE) as u16
    }
}

/// The part of one side of a frame that is shown, in pixels, and how many of them a pixel of the result takes.
#[derive(Clone, Copy)]
struct Span {
    start: f64,
    step: f64,
}

impl Span {
    fn new(pixels: u32, start: f64, length: f64, to: u32) -> Self {
        let pixels = f64::from(pixels);
        Self {
            start: start * pixels,
            step: length * pixels / f64::from(to.max(1)),
        }
    }

    fn of_luma(self) -> (f64, f64) {
        (self.start, self.step)
    }

    /// Start and step in samples of chroma, which lie `from` halves of a pixel further in the source, and `to` in the
    /// result. With both in the middle of their pixels (1) it is half of the luma's.
    fn of_chroma(self, from: u8, to: u8) -> (f64, f64) {
        let off_middle = |place: u8| (1.0 - f64::from(place)) / 2.0;
        let start = self.start + off_middle(from) - off_middle(to) * self.step;
        (start / 2.0, self.step)
    }
}

fn half(size: Size) -> Size {
    Size::new(size.width.div_ceil(2), size.height.div_ceil(2))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Luma, and chroma at its true places, rise by `step` a pixel from left to right.
    fn ramp(width: u32, height: u32, place: ChromaPlace, step: f64) -> DeepPlanar {
        let size = Size::new(width, height);
        let plane = |size: Size, at: &dyn Fn(u32) -> f64| {
            (0..size.height)
                .flat_map(|_| (0..size.width).map(|x| (100.0 + at(x) * step).round() as u16))
                .collect()
        };
        let luma = plane(size, &f64::from);
        let chroma: Vec<u16> = plane(half(size), &|x| {
            2.0 * f64::from(x) + f64::from(place.right) / 2.0
        });
        DeepPlanar::new(size, place, [luma, chroma.clone(), chroma]).unwrap()
    }

    #[test]
    fn the_same_part_is_a_copy_and_a_part_on_whole_pixels_too() {
        let frame = ramp(32, 16, ChromaPlace::LEFT, 20.0);
        let same = frame.crop_resized(Rect::FULL, frame.size(), ChromaPlace::LEFT);
        assert_eq!(same.unwrap(), frame);
        let crop = Rect::new(0.25, 0.25, 0.5, 0.5);
        let part = frame.crop_resized(crop, Size::new(16, 8), ChromaPlace::LEFT);
        let part = part.unwrap();
        assert_eq!(part.planes()[0][..16], frame.planes()[0][8..24]);
        assert_eq!(part.planes()[1][..8], frame.planes()[1][4..12]);
    }

    #[test]
    fn chroma_stays_with_its_luma_wherever_it_lies() {
        let places = [(0, 1), (1, 1), (0, 0), (2, 1)];
        let places = places.map(|(right, below)| ChromaPlace { right, below });
        for from in places {
            for to in places {
                for (width, crop) in [(60, 1.0), (24, 1.0), (60, 0.5)] {
                    let frame = ramp(60, 8, from, 10.0);
                    let crop = Rect::new(0.25 * (1.0 - crop), 0.0, crop, 1.0);
                    let found = frame.crop_resized(crop, Size::new(width, 8), to).unwrap();
                    let [luma, blue, _] = found.planes();
                    // Away from the edges chroma is what luma is between its pixels.
                    for x in (width as usize / 8)..(width as usize * 3 / 8) {
                        let (left, right) = (f64::from(luma[2 * x]), f64::from(luma[2 * x + 1]));
                        let wanted = left + (right - left) * f64::from(to.right) / 2.0;
                        let off = (f64::from(blue[x]) - wanted).abs();
                        assert!(off <= 1.5, "{from:?} {to:?} {width} {x}: {off}");
                    }
                }
            }
        }
    }

    #[test]
    fn frames_are_mixed_and_darkened_with_all_of_their_levels() {
        let flat = |luma, chroma| {
            let planes = [vec![luma; 16], vec![chroma; 4], vec![chroma; 4]];
            DeepPlanar::new(Size::new(4, 4), ChromaPlace::LEFT, planes).unwrap()
        };
        let mut frame = flat(501, 600);
        assert!(frame.mix(&flat(504, 512), 1.0 / 3.0));
        assert_eq!(frame, flat(502, 571));
        let mut whole = flat(501, 600);
        assert!(whole.mix(&flat(504, 512), 1.0) && whole == flat(504, 512));
        frame.darken(1.0, false);
        assert_eq!(frame, flat(64, 512));
        frame.darken(1.0, true);
        assert_eq!(frame, flat(0, 512));
        assert!(!frame.mix(&ramp(2, 2, ChromaPlace::LEFT, 0.0), 0.5));
        let planes = [vec![0; 16], vec![0; 4], vec![0; 3]];
        assert_eq!(
            DeepPlanar::new(Size::new(4, 4), ChromaPlace::LEFT, planes),
            None
        );
    }
}
