//! Tetrahedral interpolation in a cube of nodes (J. M. Kasson et al., "Performing color space conversions with
//! three-dimensional linear interpolation", 1995).
//!
//! The order of the three fractions divides a cell into six tetrahedra. Gray lies on an edge of all of them, and four
//! nodes are read instead of eight. All lookups share this code: 8 and 16 bits, planes of films, and tables of other
//! programs in floats.

use std::ops::{Add, Sub};

/// Sorts largest first, without a branch.
#[inline(always)]
fn sorted<T: Ord + Copy>([a, b, c]: [T; 3]) -> [T; 3] {
    let (high, low) = (a.max(b), a.min(b));
    [high.max(c), low.max(high.min(c)), low.min(c)]
}

/// The four nodes around a color and their weights, which add up to `whole`.
///
/// `first` is the node below the color along all axes. There is a key for each axis: keys sort by the fraction of the
/// way to the next node, and `split` returns that fraction (0 to `whole`) and the offset of the next node.
#[inline(always)]
pub(super) fn tetrahedron<Key, Node, Weight>(
    first: Node,
    whole: Weight,
    keys: [Key; 3],
    split: impl Fn(Key) -> (Weight, Node),
) -> [(Node, Weight); 4]
where
    Key: Ord + Copy,
    Node: Add<Output = Node> + Copy,
    Weight: Sub<Output = Weight> + Copy,
{
    let [a, b, c] = sorted(keys);
    let ((a, step_a), (b, step_b), (c, step_c)) = (split(a), split(b), split(c));
    let second = first + step_a;
    let third = second + step_b;
    let last = third + step_c;
    [
        (first, whole - a),
        (second, a - b),
        (third, b - c),
        (last, c),
    ]
}

#[cfg(test)]
mod tests {
    use super::tetrahedron;

    #[test]
    fn weights_add_up_and_the_walk_goes_along_the_largest_fraction_first() {
        let keys = [(3, 1), (8, 10), (5, 100)];
        let corners = tetrahedron(7, 16, keys, |(fraction, step)| (fraction, step));
        assert_eq!(corners, [(7, 8), (17, 3), (117, 2), (118, 3)]);
    }
}
