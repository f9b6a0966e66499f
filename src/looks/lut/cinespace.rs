//! `.csp` files of Rising Sun Research's cineSpace: a curve for each channel, then curves or a cube, red fastest.
//!
//! cineSpace, "LUT file format", version 1.00: a mark, `1D` or `3D`, notes between `BEGIN METADATA` and `END METADATA`,
//! three curves in front of the table (the number of points, their inputs, their outputs), sizes, and rows.

use std::path::Path;

use super::text::{Parsed, Word, fault, number, numbers, read_lines, shortened};
use super::{Cube, Curves, Domain, Lut};
use crate::error::Result;

/// Most nodes along a side of a cube.
const MOST_NODES: usize = 256;
/// Most points of a curve.
const MOST_POINTS: usize = 65_536;
/// Nodes of the evenly spaced curve that replaces curves of uneven points.
const CURVE_NODES: usize = 4096;

/// What the next line should be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Mark,
    Kind,
    /// Notes, or the number of points of the first curve.
    Start,
    Notes,
    Count,
    Inputs,
    Outputs,
    Size,
    Rows,
}

/// A curve as a list of points.
#[derive(Default)]
struct Points {
    inputs: Vec<f64>,
    outputs: Vec<f64>,
}

struct Reader {
    expected: Expected,
    cube: bool,
    count: usize,
    curves: Vec<Points>,
    size: usize,
    wanted: usize,
    rows: Vec<[f32; 3]>,
}

impl Lut {
    /// Parses the text of a `.csp` file; `path` is named in errors.
    pub fn parse_csp(path: &Path, text: &str) -> Result<Self> {
        let mut reader = Reader {
            expected: Expected::Mark,
            cube: false,
            count: 0,
            curves: Vec::new(),
            size: 0,
            wanted: 0,
            rows: Vec::new(),
        };
        let last = read_lines(path, text, |words| reader.line(words))?;
        reader.finish().map_err(|fault| fault.at(path, last))
    }
}

impl Reader {
    fn line(&mut self, words: &[Word<'_>]) -> Parsed<()> {
        let Some(first) = words.first() else {
            return Ok(());
        };
        let metadata = |mark: &str| {
            first.text == mark && words.get(1).is_some_and(|word| word.text == "METADATA")
        };
        match self.expected {
            Expected::Mark if first.text == "CSPLUTV100" => self.expected = Expected::Kind,
            Expected::Mark => return fault(first.column, "a .csp file begins with CSPLUTV100"),
            Expected::Kind => {
                self.cube = match first.text {
                    "3D" => true,
                    "1D" => false,
                    _ => return fault(first.column, "there must be 1D or 3D"),
                };
                self.expected = Expected::Start;
            }
            Expected::Start if metadata("BEGIN") => self.expected = Expected::Notes,
            Expected::Notes if metadata("END") => self.expected = Expected::Count,
            Expected::Notes => {}
            Expected::Start | Expected::Count => {
                self.count = count(words, MOST_POINTS)?;
                self.expected = Expected::Inputs;
            }
            Expected::Inputs => {
                let inputs = self.points(words)?;
                if inputs.windows(2).any(|pair| pair[0] >= pair[1]) {
                    return fault(first.column, "the inputs of a curve must rise");
                }
                self.curves.push(Points {
                    inputs,
                    outputs: Vec::new(),
                });
                self.expected = Expected::Outputs;
            }
            Expected::Outputs => {
                let outputs = self.points(words)?;
                if let Some(curve) = self.curves.last_mut() {
                    curve.outputs = outputs;
                }
                self.expected = if self.curves.len() < 3 {
                    Expected::Count
                } else {
                    Expected::Size
                };
            }
            Expected::Size => self.read_size(words)?,
            Expected::Rows if self.rows.len() < self.wanted => {
                let row: [f64; 3] = numbers(words, first.column)?;
                self.rows.push(row.map(|value| value as f32));
            }
            Expected::Rows => {
                return fault(
                    first.column,
                    format!("there are more rows than {}", self.wanted),
                );
            }
        }
        Ok(())
    }

    fn points(&self, words: &[Word<'_>]) -> Parsed<Vec<f64>> {
        if words.len() != self.count {
            let column = words.first().map_or(1, |word| word.column);
            return fault(
                column,
                format!("there must be {} points, found {}", self.count, words.len()),
            );
        }
        words.iter().map(number).collect()
    }

    fn read_size(&mut self, words: &[Word<'_>]) -> Parsed<()> {
        if self.cube {
            let sides = words
                .iter()
                .map(|word| count(std::slice::from_ref(word), MOST_NODES))
                .collect::<Parsed<Vec<usize>>>()?;
            match sides[..] {
                [red, green, blue] if red == green && green == blue => self.size = red,
                _ => return fault(1, "the three sides of a cube must have one size"),
            }
            self.wanted = self.size.pow(3);
        } else {
            self.size = count(words, MOST_POINTS)?;
            self.wanted = self.size;
        }
        self.expected = Expected::Rows;
        Ok(())
    }

    fn finish(self) -> Parsed<Lut> {
        if self.expected != Expected::Rows || self.rows.len() != self.wanted {
            return fault(
                1,
                format!(
                    "the table breaks off: {} rows of {}",
                    self.rows.len(),
                    self.wanted
                ),
            );
        }
        let in_front =
            (!self.curves.iter().all(Points::is_identity)).then(|| sampled(&self.curves));
        let (curves, cube) = if self.cube {
            let cube = Cube {
                domain: Domain::UNIT,
                size: self.size,
                nodes: self.rows,
            };
            (in_front, Some(cube))
        } else {
            let table = Curves {
                domain: Domain::UNIT,
                nodes: self.rows,
            };
            (
                Some(in_front.map_or_else(|| table.clone(), |front| front.followed_by(&table))),
                None,
            )
        };
        Ok(Lut {
            title: String::new(),
            curves,
            cube,
            ignored: Vec::new(),
        })
    }
}

impl Curves {
    /// These curves followed by `next`, at the nodes of these.
    fn followed_by(&self, next: &Self) -> Self {
        let nodes = self
            .nodes
            .iter()
            .map(|node| next.at(node.map(f64::from)).map(|value| value as f32));
        Self {
            domain: self.domain,
            nodes: nodes.collect(),
        }
    }
}

/// Parses a number of points or nodes.
fn count(words: &[Word<'_>], most: usize) -> Parsed<usize> {
    match words {
        [word] => match word.text.parse::<usize>() {
            Ok(value) if (2..=most).contains(&value) => Ok(value),
            _ => fault(
                word.column,
                format!(
                    "{:?} is not a number from 2 to {most}",
                    shortened(word.text)
                ),
            ),
        },
        _ => fault(
            words.first().map_or(1, |word| word.column),
            "there must be one number, the size",
        ),
    }
}

impl Points {
    fn is_identity(&self) -> bool {
        self.inputs == [0.0, 1.0] && self.outputs == [0.0, 1.0]
    }

    /// The output for `value`, linear between the points.
    fn at(&self, value: f64) -> f64 {
        let last = self.inputs.len() - 1;
        let above = self
            .inputs
            .iter()
            .position(|&input| input >= value)
            .unwrap_or(last)
            .max(1);
        let (least, most) = (self.inputs[above - 1], self.inputs[above]);
        let way = ((value - least) / (most - least)).clamp(0.0, 1.0);
        self.outputs[above - 1] + (self.outputs[above] - self.outputs[above - 1]) * way
    }
}

/// Resamples three curves of uneven points at even nodes.
fn sampled(points: &[Points]) -> Curves {
    let end = |channel: usize, pick: fn(&[f64]) -> Option<&f64>| {
        points
            .get(channel)
            .and_then(|curve| pick(&curve.inputs))
            .copied()
            .unwrap_or(0.0)
    };
    let domain = Domain {
        least: [0, 1, 2].map(|channel| end(channel, |inputs| inputs.first())),
        most: [0, 1, 2].map(|channel| end(channel, |inputs| inputs.last())),
    };
    let nodes = (0..CURVE_NODES).map(|node| {
        let way = node as f64 / (CURVE_NODES - 1) as f64;
        [0, 1, 2].map(|channel| {
            let value =
                domain.least[channel] + (domain.most[channel] - domain.least[channel]) * way;
            points.get(channel).map_or(0.0, |curve| curve.at(value)) as f32
        })
    });
    Curves {
        domain,
        nodes: nodes.collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(text: &str) -> Result<Lut> {
        Lut::parse_csp("x.csp".as_ref(), text)
    }

    const PLAIN: &str = "2\n0 1\n0 1\n";
    const CORNERS: &str = "2 2 2\n0 0 0\n1 0 0\n0 2 0\n1 2 0\n0 0 3\n1 0 3\n0 2 3\n1 2 3\n";

    #[test]
    fn a_cube_stands_behind_its_curves() {
        let text = format!(
            "CSPLUTV100\n3D\n\nBEGIN METADATA\nany \"words\"\nEND METADATA\n\n{}{CORNERS}",
            PLAIN.repeat(3)
        );
        let lut = parse(&text).unwrap();
        let close = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-3);
        assert!(close(lut.evaluate([0.5, 0.25, 1.0]), [0.5, 0.5, 3.0]));
        // Inputs of 0, 2 and 4 that become 0, 0.5 and 1 in one channel.
        let uneven = format!(
            "CSPLUTV100\n3D\n3\n0 1 4\n0 0.5 1\n{}{CORNERS}",
            PLAIN.repeat(2)
        );
        let lut = parse(&uneven).unwrap();
        assert!(close(lut.evaluate([1.0, 0.25, 1.0]), [0.5, 0.5, 3.0]));
        assert!(close(lut.evaluate([4.0, 0.25, 1.0]), [1.0, 0.5, 3.0]));
    }

    #[test]
    fn curves_alone_are_read() {
        let text = format!(
            "CSPLUTV100\r\n1D\r\n{}3\n0 0 0\n0.2 0.5 0.5\n1 1 1\n",
            PLAIN.repeat(3)
        );
        let lut = parse(&text).unwrap();
        assert!((lut.evaluate([0.5, 0.5, 0.5])[0] - 0.2).abs() < 1e-3);
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        for (text, place) in [
            ("", "x.csp:1:1"),
            ("LUT", "x.csp:1:1"),
            ("CSPLUTV100\n2D", "x.csp:2:1"),
            ("CSPLUTV100\n3D\n2\n1 0\n", "x.csp:4:1"),
            ("CSPLUTV100\n3D\n2\n0 0.5 1\n", "x.csp:4:1"),
            ("CSPLUTV100\n3D\n99999999\n", "x.csp:3:1"),
            ("CSPLUTV100\n3D\n2\n0 1\n0 1\n", "x.csp:5:1"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with(place), "{text:?}: {error}");
        }
    }
}
