//! The turn that makes a film upright, from the display matrix of its container.

use crate::geometry::Size;
use crate::picture::Rgb8;

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
            let row = if self.flip_y { rows - 1 - row } else { row };
            for (column, pixel) in line.chunks_exact_mut(3).enumerate() {
                let column = if self.flip_x {
                    columns - 1 - column
                } else {
                    column
                };
                let (x, y) = if self.swap {
                    (row, column)
                } else {
                    (column, row)
                };
                debug_assert!(x < width && y < height);
                let at = (y * width + x) * 3;
                pixel.copy_from_slice(&from[at..at + 3]);
            }
        }
        turned
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
