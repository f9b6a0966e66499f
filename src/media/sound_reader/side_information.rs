//! Detects layer III frames on which decoders disagree, from their side information.
//!
//! The side information says how the samples of a frame are coded (ISO/IEC 11172-3, section 2.4.1.7). No encoder
//! writes the values that are rejected here. They indicate damage or an attack, and decoders treat them differently:
//! Symphonia outputs silence or full scale. FFmpeg decodes such files, since players agree with it most often.

use super::frame_header::FrameHeader;

/// Bytes of the longest side information, including the checksum in front of it.
pub(super) const MOST_BYTES: usize = 2 + 32;
/// Most pairs of values: a granule has 576 frequencies.
const MOST_PAIRS: u32 = 288;
/// Highest plausible global gain. At 210 a value of 1 is full scale, and each 4 more double it; above 230 the smallest
/// nonzero value would be 30 dB above full scale.
const MOST_GAIN: u32 = 230;
/// Huffman tables that the standard does not define.
const NO_TABLES: [u32; 2] = [4, 14];

/// Whether decoders disagree on a layer III frame. `side` are the bytes behind its header. A truncated frame is not
/// disputed.
pub(super) fn is_disputed(header: FrameHeader, side: &[u8]) -> bool {
    let mut bits = Bits { bytes: side, at: 0 };
    disputed(header, &mut bits).unwrap_or(false)
}

fn disputed(header: FrameHeader, bits: &mut Bits<'_>) -> Option<bool> {
    let first_version = header.is_first_version();
    let channels = u32::from(header.channels);
    bits.skip(if header.has_checksum { 16 } else { 0 });
    let back = bits.take(if first_version { 9 } else { 8 })?;
    // Private bits and, in MPEG 1, flags of shared scale factors.
    bits.skip(match (first_version, channels) {
        (true, 1) => 5 + 4,
        (true, _) => 3 + 8,
        (false, 1) => 1,
        (false, _) => 2,
    });
    let granules = if first_version { 2 } else { 1 };
    let mut coded = 0;
    for _ in 0..granules * channels {
        let (length, odd) = granule(bits, first_version)?;
        coded += length;
        if odd {
            return Some(true);
        }
    }
    let own = header.bytes.saturating_sub(4 + bits.at.div_ceil(8) as u64);
    // The coded data begins `back` bytes before this frame's own data and ends with this frame at the latest.
    Some(u64::from(coded) > (u64::from(back) + own) * 8)
}

/// One granule of one channel: its number of coded bits, and whether it has values that no encoder writes.
fn granule(bits: &mut Bits<'_>, first_version: bool) -> Option<(u32, bool)> {
    let length = bits.take(12)?;
    let pairs = bits.take(9)?;
    let gain = bits.take(8)?;
    bits.skip(if first_version { 4 } else { 9 });
    let switched = bits.take(1)? == 1;
    let mut odd = pairs > MOST_PAIRS || gain > MOST_GAIN || (length == 0 && pairs > 0);
    let tables = if switched {
        let (kind, mixed) = (bits.take(2)?, bits.take(1)?);
        odd |= kind == 0 || mixed == 1;
        2
    } else {
        3
    };
    for _ in 0..tables {
        odd |= NO_TABLES.contains(&bits.take(5)?);
    }
    // Gains of short blocks, or bounds of regions, and then flags.
    bits.skip(if switched { 9 } else { 7 });
    bits.skip(if first_version { 3 } else { 2 });
    Some((length, odd))
}

/// Reads bits, the highest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// The next `count` bits, at most 12.
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for at in self.at..self.at + count {
            let byte = self.bytes.get(at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - at % 8) & 1);
        }
        self.at += count;
        Some(value)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Stereo of MPEG 1 at 44.1 kHz, 128 kbit/s.
    fn header() -> FrameHeader {
        FrameHeader::parse([0xff, 0xfb, 0x90, 0x00]).unwrap()
    }

    /// Side information with these bits set, from one bit to before another.
    fn with(from: usize, to: usize) -> [u8; MOST_BYTES] {
        let mut side = [0; MOST_BYTES];
        for at in from..to {
            side[at / 8] |= 0x80 >> (at % 8);
        }
        side
    }

    #[test]
    fn what_encoders_write_is_undisputed() {
        assert!(!is_disputed(header(), &[0; MOST_BYTES]), "silence");
        assert!(!is_disputed(header(), &[]), "a frame that is cut off");
        // The first granule begins after 20 bits: a length of 63 bits, 252 pairs, and a gain of 0.
        let mut side = with(20 + 6, 20 + 12);
        side[4] |= 0x7e;
        assert!(!is_disputed(header(), &side));
    }

    #[test]
    fn what_no_encoder_writes_is_disputed() {
        let granule = 20;
        let kinds = [
            ("pairs without bits", with(granule + 18, granule + 21)),
            ("too many pairs", with(granule + 11, granule + 21)),
            ("a gain", with(granule + 21, granule + 29)),
            ("switched to nothing", with(granule + 33, granule + 34)),
            ("mixed blocks", with(granule + 33, granule + 37)),
            (
                "a table that there is not",
                with(granule + 36, granule + 37),
            ),
            ("more bits than there are", with(granule, granule + 12)),
        ];
        for (what, side) in kinds {
            assert!(is_disputed(header(), &side), "{what}");
        }
        // The same behind a checksum.
        let checked = FrameHeader::parse([0xff, 0xfa, 0x90, 0x00]).unwrap();
        assert!(is_disputed(checked, &with(16 + granule, 16 + granule + 12)));
    }
}
