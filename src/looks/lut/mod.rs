//! Look-up tables that other programs made, as one color step: curves, a cube, or curves in front of a cube.
//!
//! Cubes are read between their nodes as this program's own table is, tetrahedrally; what lies outside a table's domain
//! gets the value at its edge.

mod cube;
mod hald;

use std::path::Path;

use crate::looks::Look;
use crate::looks::color::Triple;
use crate::looks::grade::Grade;

/// A table of colors.
#[derive(Debug, Clone, PartialEq)]
pub struct Lut {
    /// What the file calls itself; may be empty.
    pub title: String,
    curves: Option<Curves>,
    cube: Option<Cube>,
}

/// Input values that the first and the last node of a table stand for, a channel.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Domain {
    least: Triple,
    most: Triple,
}

impl Domain {
    const UNIT: Self = Self {
        least: [0.0; 3],
        most: [1.0; 3],
    };

    /// The place of `value` among `size` nodes: the node below, and the way to the next one, 0..1.
    fn place(&self, channel: usize, value: f64, size: usize) -> (usize, f64) {
        let (least, most) = (self.least[channel], self.most[channel]);
        let last = (size - 1) as f64;
        let place = ((value - least) / (most - least)).clamp(0.0, 1.0) * last;
        let node = (place as usize).min(size - 2);
        (node, place - node as f64)
    }
}

/// 2 to 65536 nodes a channel.
#[derive(Debug, Clone, PartialEq)]
struct Curves {
    domain: Domain,
    nodes: Vec<[f32; 3]>,
}

impl Curves {
    fn at(&self, color: Triple) -> Triple {
        [0, 1, 2].map(|channel| {
            let (node, way) = self.domain.place(channel, color[channel], self.nodes.len());
            let [a, b] = [node, node + 1].map(|node| f64::from(self.nodes[node][channel]));
            a + (b - a) * way
        })
    }
}

/// 2 to 256 nodes a side, red fastest.
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
        let mut ways = [(0.0, 0); 3];
        for channel in 0..3 {
            let (node, way) = self.domain.place(channel, color[channel], self.size);
            first += node * steps[channel];
            ways[channel] = (way, steps[channel]);
        }
        ways.sort_by(|a, b| b.0.total_cmp(&a.0));
        let [(a, step_a), (b, step_b), (c, step_c)] = ways;
        let (second, third) = (first + step_a, first + step_a + step_b);
        let nodes = [
            (first, 1.0 - a),
            (second, a - b),
            (third, b - c),
            (third + step_c, c),
        ];
        [0, 1, 2].map(|channel| {
            let weighed = nodes.map(|(node, weight)| f64::from(self.nodes[node][channel]) * weight);
            weighed[0] + weighed[1] + weighed[2] + weighed[3]
        })
    }
}

impl Lut {
    /// What becomes of `color` (display values); the answer is as the table has it, which may lie outside 0..1.
    pub fn evaluate(&self, color: Triple) -> Triple {
        let color = self
            .curves
            .as_ref()
            .map_or(color, |curves| curves.at(color));
        self.cube.as_ref().map_or(color, |cube| cube.at(color))
    }

    /// The color steps of `look` at full strength as a cube of `size` (2..256) nodes a side.
    pub fn of_look(look: &Look, size: usize) -> Self {
        let size = size.clamp(2, cube::MOST_NODES);
        let grade = Grade::new(&look.steps, 1.0);
        Self::sampled(&look.summary, size, |color| grade.evaluate(color))
    }

    /// A cube of `size` (2..256) nodes a side over 0..1.
    pub(crate) fn sampled(title: &str, size: usize, of: impl Fn(Triple) -> Triple) -> Self {
        let scale = 1.0 / (size - 1) as f64;
        let mut nodes = Vec::with_capacity(size * size * size);
        for blue in 0..size {
            for green in 0..size {
                for red in 0..size {
                    let color = of([red, green, blue].map(|place| place as f64 * scale));
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
        }
    }

    /// What there is in a sentence: `a cube of 33 nodes a side`.
    pub fn described(&self) -> String {
        let mut parts = vec![];
        if let Some(curves) = &self.curves {
            parts.push(format!("curves of {} nodes", curves.nodes.len()));
        }
        if let Some(cube) = &self.cube {
            parts.push(format!("a cube of {} nodes a side", cube.size));
        }
        parts.join(" and ")
    }
}

/// True for a name that can stand in a look: a file beside it, and no way out of its folder.
pub(super) fn is_plain_name(name: &str) -> bool {
    let path = Path::new(name);
    let mut parts = path.components();
    matches!(parts.next(), Some(std::path::Component::Normal(_)))
        && parts.next().is_none()
        && !name.contains(['/', '\\', ':'])
}
