//! `.3dl` files: a cube of whole numbers, blue fastest, as Autodesk's Lustre and Flame write and Nuke and Resolve read.
//!
//! There is no published specification. A line of rising numbers has the input values of the nodes in 8, 10 or 12 bits,
//! usually evenly spaced; then come the nodes. Their number of bits is in a `Mesh` line or follows from the largest
//! number, as in OpenColorIO's reader.

use std::path::Path;

use super::text::{Parsed, Word, fault, read_lines, shortened};
use super::{Cube, Curves, Domain, Lut};
use crate::error::Result;

/// Most nodes along a side of a cube: no program writes more than 65.
const MOST_NODES: usize = 129;
/// Largest number that is read: 16 bits.
const MOST: u32 = 65_535;
/// Nodes of the evenly spaced curve that replaces an uneven mesh.
const CURVE_NODES: usize = 4096;

#[derive(Default)]
struct Reader {
    mesh: Vec<u32>,
    rows: Vec<[u32; 3]>,
    output_bits: Option<u32>,
}

impl Lut {
    /// Parses the text of a `.3dl` file; `path` is named in errors.
    pub fn parse_3dl(path: &Path, text: &str) -> Result<Self> {
        let mut reader = Reader::default();
        let last = read_lines(path, text, |words| reader.line(words))?;
        reader.finish().map_err(|fault| fault.at(path, last))
    }
}

impl Reader {
    fn line(&mut self, words: &[Word<'_>]) -> Parsed<()> {
        let Some(first) = words.first() else {
            return Ok(());
        };
        if first.text.eq_ignore_ascii_case("mesh") {
            self.output_bits = words.get(2).map(number).transpose()?;
            return Ok(());
        }
        // `3DMESH`, `LUT8`, `gamma 1.0`: marks that do not affect the numbers.
        if first
            .text
            .contains(|letter: char| letter.is_ascii_alphabetic())
        {
            return Ok(());
        }
        let numbers = words.iter().map(number).collect::<Parsed<Vec<u32>>>()?;
        match numbers[..] {
            [red, green, blue]
                if !self.mesh.is_empty() || !self.rows.is_empty() || numbers_fall(&numbers) =>
            {
                self.rows.push([red, green, blue]);
            }
            _ if self.mesh.is_empty() && self.rows.is_empty() => {
                self.mesh = self.checked_mesh(numbers, first.column)?
            }
            _ => {
                return fault(
                    first.column,
                    format!("a node has 3 numbers, found {}", numbers.len()),
                );
            }
        }
        if self.rows.len() > MOST_NODES.pow(3) {
            return fault(
                first.column,
                format!("a cube has at most {MOST_NODES} nodes a side"),
            );
        }
        Ok(())
    }

    fn checked_mesh(&self, numbers: Vec<u32>, column: usize) -> Parsed<Vec<u32>> {
        if !(2..=MOST_NODES).contains(&numbers.len()) || numbers_fall(&numbers) {
            return fault(
                column,
                format!("the mesh must be 2 to {MOST_NODES} rising numbers"),
            );
        }
        Ok(numbers)
    }

    fn finish(self) -> Parsed<Lut> {
        let size = (2..=MOST_NODES).find(|side| side.pow(3) == self.rows.len());
        let Some(size) = size else {
            return fault(1, format!("{} nodes do not form a cube", self.rows.len()));
        };
        if !self.mesh.is_empty() && self.mesh.len() != size {
            return fault(
                1,
                format!(
                    "a mesh of {} for a cube of {size} nodes a side",
                    self.mesh.len()
                ),
            );
        }
        let largest = self.rows.iter().flatten().copied().max().unwrap_or(0);
        let scale = scale_of(self.output_bits, largest);
        let mut nodes = vec![[0.0; 3]; self.rows.len()];
        for (number, row) in self.rows.iter().enumerate() {
            let (red, green, blue) = (number / (size * size), number / size % size, number % size);
            nodes[red + size * (green + size * blue)] =
                row.map(|value| (f64::from(value) / scale) as f32);
        }
        Ok(Lut {
            title: String::new(),
            curves: uneven(&self.mesh),
            cube: Some(Cube {
                domain: Domain::UNIT,
                size,
                nodes,
            }),
            ignored: Vec::new(),
        })
    }
}

/// Whether the numbers do not rise throughout.
fn numbers_fall(numbers: &[u32]) -> bool {
    numbers.windows(2).any(|pair| pair[0] >= pair[1])
}

fn number(word: &Word<'_>) -> Parsed<u32> {
    match word.text.parse::<u32>() {
        Ok(value) if value <= MOST => Ok(value),
        _ => fault(
            word.column,
            format!(
                "{:?} is not a whole number up to {MOST}",
                shortened(word.text)
            ),
        ),
    }
}

/// The number that means 1: from the bits if the file states them, else from the usual bits into which the largest
/// number fits.
fn scale_of(bits: Option<u32>, largest: u32) -> f64 {
    let bits = match bits {
        Some(bits @ 8..=16) => bits,
        // Values may exceed white a little.
        _ => match largest {
            0..=300 => 8,
            301..=1600 => 10,
            1601..=6500 => 12,
            _ => 16,
        },
    };
    f64::from((1_u32 << bits) - 1)
}

/// The curve that maps the input values of an uneven mesh to even nodes; `None` for an even mesh.
fn uneven(mesh: &[u32]) -> Option<Curves> {
    let last = mesh.len().checked_sub(1).filter(|&last| last > 0)?;
    let scale = scale_of(None, *mesh.last()?);
    let places: Vec<f64> = mesh.iter().map(|&value| f64::from(value) / scale).collect();
    // Meshes are rounded to whole numbers.
    let even = |(at, place): (usize, &f64)| (place - at as f64 / last as f64).abs() < 1.5 / scale;
    if places.iter().enumerate().all(even) {
        return None;
    }
    let nodes = (0..CURVE_NODES).map(|node| {
        let value = node as f64 / (CURVE_NODES - 1) as f64;
        let above = places
            .iter()
            .position(|&place| place >= value)
            .unwrap_or(last)
            .max(1);
        let (least, most) = (places[above - 1], places[above]);
        let way = ((value - least) / (most - least)).clamp(0.0, 1.0);
        [((above - 1) as f64 + way) as f32 / last as f32; 3]
    });
    Some(Curves {
        domain: Domain::UNIT,
        nodes: nodes.collect(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(text: &str) -> Result<Lut> {
        Lut::parse_3dl("x.3dl".as_ref(), text)
    }

    /// A cube that exchanges red and blue, in `bits` bits.
    fn exchanged(size: u32, bits: u32, head: &str) -> String {
        let most = (1_u32 << bits) - 1;
        let value = |place: u32| place * most / (size - 1);
        let mut text = head.to_owned();
        for red in 0..size {
            for green in 0..size {
                for blue in 0..size {
                    text += &format!("{} {} {}\n", value(blue), value(green), value(red));
                }
            }
        }
        text
    }

    #[test]
    fn blue_runs_fastest_and_the_bits_follow_from_the_numbers() {
        for (bits, head) in [
            (10, "# a comment\n0 341 682 1023\n"),
            (12, "0 341 682 1023\n"),
            (16, "3DMESH\nMesh 2 16\n0 341 682 1023\n"),
            (12, "0 85 170 255\r\n"),
        ] {
            let lut = parse(&exchanged(4, bits, head)).unwrap();
            let [red, green, blue] = lut.evaluate([0.1, 0.5, 0.9]);
            assert!(
                (red - 0.9).abs() < 2e-3 && (green - 0.5).abs() < 2e-3 && (blue - 0.1).abs() < 2e-3,
                "{head}"
            );
        }
    }

    #[test]
    fn an_uneven_mesh_is_followed() {
        let lut = parse(&exchanged(3, 12, "0 256 1023\n")).unwrap();
        let [_, _, blue] = lut.evaluate([256.0 / 1023.0, 0.0, 0.0]);
        assert!((blue - 0.5).abs() < 2e-3, "{blue}");
    }

    #[test]
    fn what_is_no_cube_is_refused_with_its_place() {
        for (text, place) in [
            ("", "x.3dl:1:1"),
            ("0 1023\n0 0 0\n", "x.3dl:2:1"),
            ("0 1023\n0 0 a\n", "x.3dl:2:5"),
            ("0 1023\n0 0\n", "x.3dl:2:1"),
            ("0 1023\n0 0 70000\n", "x.3dl:2:5"),
            ("5 3 9 1\n", "x.3dl:1:1"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with(place), "{text:?}: {error}");
        }
    }
}
