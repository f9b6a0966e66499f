//! The turn that makes a film upright, from the display matrix of its container.

use crate::geometry::Size;
use crate::picture::{ChromaPlace, DeepPlanar, Rgb8};

/// A turn by a multiple of 90 degrees, mirrored or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Turn {
    /// Rows become columns, before the flips.
    swap: bool,
    /// Left and right of the result are exchanged.
    flip_x: bool,
    /// Top and bottom of the result are exchanged.
    flip_y: bool,
}

impl Turn {
    /// The nearest turn to a 3×3 matrix `[a b u; c d v; x y w]` that takes a coded point to
    /// `(a·x + c·y, b·x + d·y)` (ISO/IEC 14496-12, 6.2.2).
    pub fn from_matrix(matrix: [i32; 9]) -> Self {
        let [a, b, _, c, d, ..] = matrix.map(i64::from);
        if a.abs() + d.abs() >= b.abs() + c.abs() {
            Self {
                swap: false,
                flip_x: a < 0,
                flip_y: d < 0,
            }
        } else {
            Self {
                swap: true,
                flip_x: c < 0,
                flip_y: b < 0,
            }
        }
    }

    /// The clockwise part: 0, 90, 180 or 270. A mirrored film is mirrored left to right after that.
    pub fn clockwise(self) -> u16 {
        match (self.swap, self.flip_x, self.flip_y) {
            (false, _, false) => 0,
            (false, _, true) => 180,
            (true, _, false) => 90,
            (true, _, true) => 270,
        }
    }

    /// The size after the turn; also the size before it, given the one after.
    pub fn size(self, size: Size) -> Size {
        if self.swap {
            Size::new(size.height, size.width)
        } else {
            size
        }
    }

    /// Turns a picture.
    pub fn apply(self, picture: Rgb8) -> Rgb8 {
        if self == Self::default() {
            return picture;
        }
        let from = picture.samples();
        let (width, height) = (picture.width(), picture.height());
        let mut turned = Rgb8::black(self.size(picture.size()));
        let (columns, rows) = (turned.width(), turned.height());
        for (row, line) in turned
            .samples_mut()
            .chunks_exact_mut(columns * 3)
            .enumerate()
        {
            for (column, pixel) in line.chunks_exact_mut(3).enumerate() {
                let (x, y) = self.origin(column, row, (columns, rows));
                debug_assert!(x < width && y < height);
                let at = (y * width + x) * 3;
                pixel.copy_from_slice(&from[at..at + 3]);
            }
        }
        turned
    }

    /// Turns a frame of planes, with the places of its chroma.
    pub fn apply_to_planes(self, frame: DeepPlanar) -> Option<DeepPlanar> {
        if self == Self::default() {
            return Some(frame);
        }
        let size = frame.size();
        let chroma = Size::new(size.width.div_ceil(2), size.height.div_ceil(2));
        let [luma, blue, red] = frame.planes();
        let planes = [
            self.plane(luma, size),
            self.plane(blue, chroma),
            self.plane(red, chroma),
        ];
        DeepPlanar::new(self.size(size), self.chroma_place(frame.place()), planes)
    }

    fn plane(self, samples: &[u16], size: Size) -> Vec<u16> {
        let turned = self.size(size);
        let (columns, rows) = (turned.width as usize, turned.height as usize);
        let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        places
            .map(|(column, row)| {
                let (x, y) = self.origin(column, row, (columns, rows));
                samples.get(y * size.width as usize + x).copied()
            })
            .map(Option::unwrap_or_default)
            .collect()
    }

    /// Where chroma at `place` lies after the turn.
    pub fn chroma_place(self, place: ChromaPlace) -> ChromaPlace {
        let (right, below) = match self.swap {
            true => (place.below, place.right),
            false => (place.right, place.below),
        };
        let flipped = |place: u8, flip: bool| if flip { 2 - place.min(2) } else { place };
        ChromaPlace {
            right: flipped(right, self.flip_x),
            below: flipped(below, self.flip_y),
        }
    }

    /// Where a sample of the result, which has this size, comes from.
    fn origin(self, column: usize, row: usize, (columns, rows): (usize, usize)) -> (usize, usize) {
        let row = if self.flip_y { rows - 1 - row } else { row };
        let column = if self.flip_x {
            columns - 1 - column
        } else {
            column
        };
        if self.swap {
            (row, column)
        } else {
            (column, row)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i32 = 1 << 16;

    fn turned(a: i32, b: i32, c: i32, d: i32) -> (u16, Vec<u8>) {
        // 1 2 3
        // 4 5 6
        let samples = (1..=6).flat_map(|value| [value; 3]).collect();
        let picture = Rgb8::new(Size::new(3, 2), samples).expect("six pixels");
        let turn = Turn::from_matrix([a, b, 0, c, d, 0, 0, 0, 1 << 30]);
        let result = turn.apply(picture);
        (
            turn.clockwise(),
            result.pixels().map(|pixel| pixel[0]).collect(),
        )
    }

    #[test]
    fn planes_turn_like_pictures_and_their_chroma_with_them() {
        let turn = |a: i32, b: i32, c: i32, d: i32| {
            let turn = Turn::from_matrix([a, b, 0, c, d, 0, 0, 0, 1 << 30]);
            let planes = [(1..=6).collect(), vec![7, 8], vec![9, 10]];
            let frame = DeepPlanar::new(Size::new(3, 2), ChromaPlace::LEFT, planes);
            let turned = turn.apply_to_planes(frame.expect("six pixels"));
            turned.expect("six pixels")
        };
        let place = |right, below| ChromaPlace { right, below };
        let quarter = turn(0, ONE, -ONE, 0);
        assert_eq!(quarter.size(), Size::new(2, 3));
        assert_eq!(
            quarter.planes(),
            [&[4, 1, 5, 2, 6, 3][..], &[7, 8], &[9, 10]]
        );
        assert_eq!(quarter.place(), place(1, 0));
        let half = turn(-ONE, 0, 0, -ONE);
        assert_eq!(half.planes(), [&[6, 5, 4, 3, 2, 1][..], &[8, 7], &[10, 9]]);
        assert_eq!(half.place(), place(2, 1));
        assert_eq!(turn(ONE, 0, 0, ONE).place(), ChromaPlace::LEFT);
    }

    #[test]
    fn all_eight_turns() {
        assert_eq!(turned(ONE, 0, 0, ONE), (0, vec![1, 2, 3, 4, 5, 6]));
        assert_eq!(turned(0, ONE, -ONE, 0), (90, vec![4, 1, 5, 2, 6, 3]));
        assert_eq!(turned(-ONE, 0, 0, -ONE), (180, vec![6, 5, 4, 3, 2, 1]));
        assert_eq!(turned(0, -ONE, ONE, 0), (270, vec![3, 6, 2, 5, 1, 4]));
        assert_eq!(turned(-ONE, 0, 0, ONE), (0, vec![3, 2, 1, 6, 5, 4]));
        assert_eq!(turned(ONE, 0, 0, -ONE), (180, vec![4, 5, 6, 1, 2, 3]));
        assert_eq!(turned(0, ONE, ONE, 0), (90, vec![1, 4, 2, 5, 3, 6]));
        assert_eq!(turned(0, -ONE, -ONE, 0), (270, vec![6, 3, 5, 2, 4, 1]));
        assert_eq!(turned(0, 0, 0, 0), (0, vec![1, 2, 3, 4, 5, 6]));
    }
}
