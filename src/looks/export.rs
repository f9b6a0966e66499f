//! Exports a look as a table for other programs.

use crate::looks::grade::Grade;
use crate::looks::look::Look;
use crate::looks::lut::{Lut, MOST_NODES};

impl Lut {
    /// The color steps of `look` at full strength as a cube of `size` (2 to 256) nodes a side.
    pub fn of_look(look: &Look, size: usize) -> Self {
        let size = size.clamp(2, MOST_NODES);
        let grade = Grade::new(&look.steps, 1.0);
        Self::sampled(&look.summary, size, |color| grade.evaluate(color))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_look_survives_the_way_through_a_file() {
        let library = crate::looks::LookLibrary::open(None).unwrap();
        let look = library.find("film-warm").unwrap();
        let lut = Lut::parse_cube("x.cube".as_ref(), &Lut::of_look(&look, 33).to_cube()).unwrap();
        let grade = Grade::new(&look.steps, 1.0);
        for color in [[0.0; 3], [1.0; 3], [0.2, 0.5, 0.7], [0.9, 0.3, 0.1]] {
            let (a, b) = (lut.evaluate(color), grade.evaluate(color));
            assert!(
                a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.006),
                "{a:?} {b:?}"
            );
        }
    }
}
