//! Puts a picture into a larger one.

use crate::picture::Rgb8;

impl Rgb8 {
    /// Copies `picture` into this one with its upper left pixel at `left`, `top`, as far as it lies inside.
    pub fn paste(&mut self, picture: &Self, left: usize, top: usize) {
        let across = self.width() * 3;
        let wide = picture.width() * 3;
        let rows = self.samples_mut().chunks_exact_mut(across).skip(top);
        for (row, source) in rows.zip(picture.samples().chunks_exact(wide)) {
            let room = row.get_mut(left.saturating_mul(3)..).unwrap_or_default();
            let kept = room.len().min(wide);
            room[..kept].copy_from_slice(&source[..kept]);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn what_lies_outside_is_cut_off() {
        let white = Rgb8::new(Size::new(3, 2), vec![255; 18]).unwrap();
        let mut frame = Rgb8::black(Size::new(4, 3));
        frame.paste(&white, 2, 2);
        frame.paste(&white, 9, 0);
        frame.paste(&white, 0, 9);
        let lit = |x, y| frame.pixel(x, y) == [255; 3];
        let found: Vec<(usize, usize)> = (0..3)
            .flat_map(|y| (0..4).map(move |x| (x, y)))
            .filter(|&(x, y)| lit(x, y))
            .collect();
        assert_eq!(found, [(2, 2), (3, 2)]);
    }
}
