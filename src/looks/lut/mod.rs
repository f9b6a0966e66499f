//! Look-up tables of other programs as a color step: curves, a cube, or curves in front of a cube.
//!
//! Cubes are interpolated tetrahedrally, as the program's own table is. Colors outside a table's domain get the value
//! at its edge.

mod cinespace;
mod cube;
mod hald;
mod text;
mod three_dl;

pub(super) use cube::MOST_NODES;

use crate::looks::color::Triple;
use crate::looks::tetrahedron::tetrahedron;

/// A table of colors.
#[derive(Debug, Clone, PartialEq)]
pub struct Lut {
    /// The title in the file; may be empty.
    pub title: String,
    curves: Option<Curves>,
    cube: Option<Cube>,
    /// Unknown keywords of the file.
    ignored: Vec<String>,
}

/// The input values of the first and the last node of a table, for each channel.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Domain {
    least: Triple,
    most: Triple,
}

impl Domain {
    /// 0..1 in each channel.
    const UNIT: Self = Self {
        least: [0.0; 3],
        most: [1.0; 3],
    };

    /// The position of `value` among `size` nodes: the node below, and the fraction to the next one.
    fn locate(&self, channel: usize, value: f64, size: usize) -> (usize, f64) {
        let (least, most) = (self.least[channel], self.most[channel]);
        let last = (size - 1) as f64;
        let position = ((value - least) / (most - least)).clamp(0.0, 1.0) * last;
        let node = (position as usize).min(size - 2);
        (node, position - node as f64)
    }
}

/// A curve for each channel, of 2 to 65536 nodes.
#[derive(Debug, Clone, PartialEq)]
struct Curves {
    domain: Domain,
    nodes: Vec<[f32; 3]>,
}

impl Curves {
    fn at(&self, color: Triple) -> Triple {
        [0, 1, 2].map(|channel| {
            let (node, way) = self
                .domain
                .locate(channel, color[channel], self.nodes.len());
            let [a, b] = [node, node + 1].map(|node| f64::from(self.nodes[node][channel]));
            a + (b - a) * way
        })
    }
}

/// A cube of 2 to 256 nodes a side, red fastest.
#[derive(Debug, Clone, PartialEq)]
struct Cube {
    domain: Domain,
    size: usize,
    nodes: Vec<[f32; 3]>,
}

impl Cube {
    fn at(&self, color: Triple) -> Triple {
        let steps = [1, self.size, self.size * self.size];
        let mut first = 0;
        let mut keys = [(0, 0); 3];
        for channel in 0..3 {
            let (node, way) = self.domain.locate(channel, color[channel], self.size);
            first += node * steps[channel];
            // Nonnegative floats sort by their bits.
            keys[channel] = (way.to_bits(), steps[channel]);
        }
        let corners = tetrahedron(first, 1.0, keys, |(way, step)| (f64::from_bits(way), step));
        [0, 1, 2].map(|channel| {
            let weighed =
                corners.map(|(node, weight)| f64::from(self.nodes[node][channel]) * weight);
            weighed[0] + weighed[1] + weighed[2] + weighed[3]
        })
    }
}

impl Lut {
    /// The output for `color` (display values). It may lie outside 0..1, as the table's values may.
    pub fn evaluate(&self, color: Triple) -> Triple {
        let color = self
            .curves
            .as_ref()
            .map_or(color, |curves| curves.at(color));
        self.cube.as_ref().map_or(color, |cube| cube.at(color))
    }

    /// A cube of `size` (2 to 256) nodes a side over 0..1.
    pub(crate) fn sampled(title: &str, size: usize, of: impl Fn(Triple) -> Triple) -> Self {
        let scale = 1.0 / (size - 1) as f64;
        let mut nodes = Vec::with_capacity(size * size * size);
        for blue in 0..size {
            for green in 0..size {
                for red in 0..size {
                    let color = of([red, green, blue].map(|node| node as f64 * scale));
                    nodes.push(color.map(|value| value as f32));
                }
            }
        }
        Self {
            title: title.into(),
            curves: None,
            cube: Some(Cube {
                domain: Domain::UNIT,
                size,
                nodes,
            }),
            ignored: Vec::new(),
        }
    }

    /// Words for a sentence: `a cube of 33 nodes a side`.
    pub fn described(&self) -> String {
        let mut parts = vec![];
        if let Some(curves) = &self.curves {
            parts.push(format!("curves of {} nodes", curves.nodes.len()));
        }
        if let Some(cube) = &self.cube {
            parts.push(format!("a cube of {} nodes a side", cube.size));
        }
        let mut told = parts.join(" and ");
        if !self.ignored.is_empty() {
            told += &format!("; passed over as unknown: {}", self.ignored.join(", "));
        }
        told
    }
}
