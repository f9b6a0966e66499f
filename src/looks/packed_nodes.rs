//! Nodes of a table, packed so that one multiplication weights all three channels.
//!
//! A node is one `u64` of three lanes of 21 bits: 13 bits of color times 8 bits of weight never overflow a lane. The
//! nodes fill an array whose length is a power of two, so that masking an index is all the check that it needs.

use crate::looks::color::Triple;
use crate::looks::tetrahedron::tetrahedron;

/// Sum of the weights of a lookup: 8 bits, as fine as the input.
pub(super) const WEIGHT: u64 = 256;
/// White in a node: 32 times 255, so that shifting a lane right rounds it to 8 bits.
const NODE_WHITE: f64 = 8160.0;
/// Bits of a lane: three of them fit 64 bits.
const LANE_BITS: u32 = 21;
/// The bits of the lowest lane.
const LANE_MASK: u64 = (1 << LANE_BITS) - 1;
/// log2 of a lane's units per level of 8 bits.
pub(super) const LEVEL_BITS: u32 = 13;
/// The value of a lane at white.
pub(super) const LANE_WHITE: u32 = WEIGHT as u32 * NODE_WHITE as u32;

/// Nodes in one of two sizes of array.
#[derive(Debug, Clone)]
pub(super) enum PackedNodes {
    /// Up to 40 nodes a side.
    Small(Box<[u64; 1 << 16]>),
    /// Up to 80 nodes a side.
    Large(Box<[u64; 1 << 19]>),
}

impl PackedNodes {
    /// Packs `nodes`, whose channels are 0..=1, in order.
    pub(super) fn new(nodes: impl ExactSizeIterator<Item = Triple>) -> Self {
        if nodes.len() <= 1 << 16 {
            Self::Small(filled(nodes))
        } else {
            Self::Large(filled(nodes))
        }
    }
}

fn filled<const LENGTH: usize>(nodes: impl Iterator<Item = Triple>) -> Box<[u64; LENGTH]> {
    // A vector of LENGTH always converts to an array of LENGTH, so the fallback is never reached.
    let mut packed: Box<[u64; LENGTH]> = vec![0; LENGTH]
        .into_boxed_slice()
        .try_into()
        .unwrap_or_else(|_| Box::new([0; LENGTH]));
    for (packed, node) in packed.iter_mut().zip(nodes) {
        let [first, second, third] =
            node.map(|value| (value.clamp(0.0, 1.0) * NODE_WHITE).round() as u64);
        *packed = first | second << LANE_BITS | third << (2 * LANE_BITS);
    }
    packed
}

/// The sort key of one direction: a fraction (0..=256) above the distance to the next node (at most 16 bits).
#[inline(always)]
pub(super) fn key(fraction: u32, step: u32) -> u32 {
    fraction << 16 | step
}

/// Tetrahedral interpolation from the node `first` along the directions of `keys`.
#[inline(always)]
pub(super) fn weighed<const LENGTH: usize>(
    nodes: &[u64; LENGTH],
    first: u32,
    keys: [u32; 3],
) -> Lanes {
    const { assert!(LENGTH.is_power_of_two()) };
    let node = |number: u32| nodes[number as usize & (LENGTH - 1)];
    let [first, second, third, last] = tetrahedron(first, WEIGHT, keys, |key| {
        (u64::from(key >> 16), key & 0xffff)
    });
    Lanes(
        node(first.0) * first.1
            + node(second.0) * second.1
            + node(third.0) * third.1
            + node(last.0) * last.1,
    )
}

/// The result of a lookup: three channels of 0..=[`LANE_WHITE`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lanes(u64);

impl Lanes {
    /// Takes three channels in one number, the first in the low bits.
    #[inline(always)]
    pub(super) fn new(packed: u64) -> Self {
        Self(packed)
    }

    /// One channel.
    #[inline(always)]
    pub(super) fn channel<const CHANNEL: u32>(self) -> u32 {
        (self.0 >> (CHANNEL * LANE_BITS) & LANE_MASK) as u32
    }

    /// The color in 8 bits, rounded.
    #[inline(always)]
    pub(super) fn eight(self) -> [u8; 3] {
        /// Half a level of 8 bits.
        const HALF: u64 = 1 << (LEVEL_BITS - 1);
        // White is far enough below the top of a lane that half a level more does not overflow.
        let rounded = self.0 + (HALF | HALF << LANE_BITS | HALF << (2 * LANE_BITS));
        [0, LANE_BITS, 2 * LANE_BITS].map(|shift| (rounded >> (shift + LEVEL_BITS)) as u8)
    }
}
