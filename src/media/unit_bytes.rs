//! What the units of H.264 and H.265 have in common: how MP4 and Matroska store them (ISO/IEC 14496-15), and how their
//! bits are read.

/// What stands before a unit in a stream of bytes.
const START: [u8; 4] = [0, 0, 0, 1];

/// The units of a picture, each stored with its length in so many bytes before it. `None` where a length leads out of
/// the picture, or a unit is empty.
pub(super) fn stored_units(mut picture: &[u8], length_bytes: usize) -> Option<Vec<&[u8]>> {
    let mut units = Vec::new();
    while !picture.is_empty() {
        let (length, rest) = picture.split_at_checked(length_bytes)?;
        let length = length
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let (unit, rest) = rest.split_at_checked(length)?;
        if unit.is_empty() {
            return None;
        }
        units.push(unit);
        picture = rest;
    }
    Some(units)
}

/// The units of a stream of bytes.
pub(super) fn units_of_stream(bytes: &[u8]) -> Vec<&[u8]> {
    let starts = bytes.windows(3).enumerate();
    let starts: Vec<usize> = starts
        .filter(|(_, window)| *window == [0, 0, 1])
        .map(|(at, _)| at)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let units = starts.iter().zip(ends).filter_map(|(start, end)| {
        let mut unit = bytes.get(start + 3..end)?;
        // A unit never ends with zeros: they belong to what follows.
        while let [rest @ .., 0] = unit {
            unit = rest;
        }
        (!unit.is_empty()).then_some(unit)
    });
    units.collect()
}

/// These units as a stream of bytes.
pub(super) fn stream_of<'a>(units: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for unit in units {
        bytes.extend_from_slice(&START);
        bytes.extend_from_slice(unit);
    }
    bytes
}

/// The next `count` sets of a record, each with its length in two bytes before it.
pub(super) fn take_sets(record: &mut &[u8], count: u16) -> Option<Vec<Vec<u8>>> {
    let mut sets = Vec::new();
    for _ in 0..count {
        let (length, rest) = record.split_first_chunk::<2>()?;
        let (set, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        sets.push(set.to_vec());
        *record = rest;
    }
    Some(sets)
}

/// The number that bits begin with, `skipped` bits later: Exp-Golomb (H.264 9.1, H.265 9.2), up to 32767.
pub(super) fn number_at(bits: &[u8], skipped: u32) -> Option<u32> {
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(bits) {
        *to = *from;
    }
    let bits = u64::from_be_bytes(bytes).checked_shl(skipped)?;
    let zeros = bits.leading_zeros();
    if zeros > 14 {
        return None;
    }
    u32::try_from((bits << zeros >> (63 - zeros)) - 1).ok()
}

/// The content of a unit without the bytes that guard against false starts (H.265 7.3.1.1).
pub(super) fn unguarded(unit: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(unit.len());
    let mut zeros = 0;
    for byte in unit {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        bytes.push(*byte);
    }
    bytes
}

/// The unit with this content.
pub(super) fn guarded(content: &[u8]) -> Vec<u8> {
    let mut unit = Vec::with_capacity(content.len() + 4);
    let mut zeros = 0;
    for byte in content {
        if zeros >= 2 && *byte <= 3 {
            unit.push(3);
            zeros = 0;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        unit.push(*byte);
    }
    unit
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_at_any_bit() {
        assert_eq!(number_at(&[0x80], 0), Some(0));
        assert_eq!(number_at(&[0b0100_0000], 0), Some(1));
        assert_eq!(number_at(&[0b0010_0000], 0), Some(3));
        assert_eq!(number_at(&[0b0000_0100, 0b0010_0000], 0), Some(32));
        assert_eq!(number_at(&[0b1110_0100], 3), Some(3));
        for unread in [&[0, 0, 1][..], &[]] {
            assert_eq!(number_at(unread, 0), None);
        }
        assert_eq!(number_at(&[0xff; 8], 64), None);
    }

    proptest! {
        #[test]
        fn a_stream_gives_its_units_back(
            contents in prop::collection::vec(prop::collection::vec(0..5_u8, 1..40), 1..5)
        ) {
            // What a unit ends with is never 0.
            let units: Vec<Vec<u8>> = contents
                .iter()
                .map(|content| guarded(&[&content[..], &[0x80]].concat()))
                .collect();
            let stream = stream_of(units.iter().map(Vec::as_slice));
            prop_assert_eq!(units_of_stream(&stream), units.clone());
            for (unit, content) in units.iter().zip(contents) {
                prop_assert_eq!(unguarded(unit), [&content[..], &[0x80]].concat());
            }
        }
    }
}
