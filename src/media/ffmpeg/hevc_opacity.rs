//! Finds the alpha layer of HEVC by the message that announces it (ITU-T H.265, F.14.2.8).
//!
//! Apple's encoders put the message into the configuration record of MP4 and MOV (ISO/IEC 14496-15, 8.3.3.1), others
//! into the stream itself, before each key frame. FFmpeg before 7.1 decodes the base layer alone: the colors. Where the
//! message says that they are multiplied with alpha already, which is how Apple's encoders write them, they are the
//! film over black. Otherwise they may show what was never meant to be seen.

/// Bytes of the configuration record before the number of arrays.
const HEAD: usize = 22;
/// NAL unit type of messages in front of a picture, and the payload type of the alpha message.
const PREFIX_MESSAGES: u8 = 39;
const ALPHA_CHANNEL: usize = 165;
/// Enough of a packet: messages stand in front of the picture.
const MOST_BYTES: usize = 4096;

/// What is known of the colors of a film with an alpha layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) enum LayerColors {
    /// Multiplied with alpha: they are the film over black.
    OverBlack,
    /// As they are without alpha.
    Straight,
}

/// The alpha layer that a configuration record, or parameter sets with start codes, announce.
pub(super) fn opacity_layer(headers: &[u8]) -> Option<LayerColors> {
    if headers.starts_with(&[0, 0, 1]) || headers.starts_with(&[0, 0, 0, 1]) {
        return after_start_codes(headers).find_map(message);
    }
    units(headers)?.into_iter().find_map(message)
}

/// The alpha layer that a packet announces, of a stream with these `headers`.
pub(super) fn opacity_layer_in_packet(headers: &[u8], packet: &[u8]) -> Option<LayerColors> {
    let packet = packet.get(..MOST_BYTES).unwrap_or(packet);
    let has_record = headers.first() == Some(&1) && headers.len() > HEAD;
    if !has_record {
        return after_start_codes(packet).find_map(message);
    }
    let size = usize::from(headers.get(21)? & 3) + 1;
    let mut rest = packet;
    loop {
        let (length, unit) = rest.split_at_checked(size)?;
        let length = length
            .iter()
            .fold(0usize, |sum, &byte| sum << 8 | usize::from(byte));
        let (unit, behind) = unit.split_at_checked(length)?;
        if let Some(found) = message(unit) {
            return Some(found);
        }
        rest = behind;
    }
}

/// NAL units between start codes.
fn after_start_codes(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let starts = bytes
        .windows(3)
        .enumerate()
        .filter(|(_, three)| *three == [0, 0, 1])
        .map(|(at, _)| at + 3);
    starts.filter_map(|at| bytes.get(at..))
}

/// The alpha message in a NAL unit; what stands behind the unit does no harm.
fn message(unit: &[u8]) -> Option<LayerColors> {
    let (head, mut rest) = unit.split_first_chunk::<2>()?;
    if head[0] >> 1 & 0x3f != PREFIX_MESSAGES {
        return None;
    }
    loop {
        let kind = number(&mut rest)?;
        let length = number(&mut rest)?;
        let (content, behind) = rest.split_at_checked(length)?;
        if kind == ALPHA_CHANNEL {
            // One bit that takes the message back, then three of use: 1 is multiplied.
            let first = *content.first()?;
            return (first & 0x80 == 0).then_some(match first >> 4 & 7 {
                1 => LayerColors::OverBlack,
                _ => LayerColors::Straight,
            });
        }
        rest = behind;
    }
}

/// A number of a message's head: as many 255 as there are, and the byte behind them.
fn number(rest: &mut &[u8]) -> Option<usize> {
    let mut sum = 0usize;
    loop {
        let (&byte, behind) = rest.split_first()?;
        *rest = behind;
        sum = sum.checked_add(usize::from(byte))?;
        if byte != u8::MAX {
            return Some(sum);
        }
    }
}

/// All NAL units of a configuration record. `None` if it is truncated.
fn units(record: &[u8]) -> Option<Vec<&[u8]>> {
    let (&arrays, mut rest) = record.get(HEAD..)?.split_first()?;
    let mut found = Vec::new();
    for _ in 0..arrays {
        let (head, units) = rest.split_first_chunk::<3>()?;
        rest = units;
        for _ in 0..u16::from_be_bytes([head[1], head[2]]) {
            let (length, unit) = rest.split_first_chunk::<2>()?;
            let (unit, behind) = unit.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            found.push(unit);
            rest = behind;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit with another message in front, and one of this payload and first byte.
    fn unit(payload: u8, first: u8) -> Vec<u8> {
        vec![0x4e, 1, 137, 1, 9, payload, 2, first, 0x80, 0x80]
    }

    fn record(unit: &[u8]) -> Vec<u8> {
        let mut record = vec![1; HEAD];
        record[21] = 3;
        // Two arrays: a parameter set, and messages.
        record.extend([2, 0xa0, 0, 1, 0, 3, 0x40, 1, 165]);
        record.extend([0xa7, 0, 1, 0, unit.len() as u8]);
        record.extend(unit);
        record
    }

    #[test]
    fn an_opacity_layer_is_announced_by_its_message() {
        for (payload, first, wanted) in [
            (165, 0x10, Some(LayerColors::OverBlack)),
            (165, 0x00, Some(LayerColors::Straight)),
            (165, 0x20, Some(LayerColors::Straight)),
            // Taken back, and another message.
            (165, 0x80, None),
            (144, 0x10, None),
        ] {
            let unit = unit(payload, first);
            let whole = record(&unit);
            assert_eq!(opacity_layer(&whole), wanted);
            for length in 0..whole.len() {
                assert_eq!(opacity_layer(&whole[..length]), None, "{length}");
            }
            let mut coded = vec![0, 0, 0, 1, 0x40, 1, 7, 0, 0, 1];
            coded.extend(&unit);
            coded.extend([0, 0, 1, 0x26, 1, 3]);
            assert_eq!(opacity_layer(&coded), wanted);
            assert_eq!(opacity_layer_in_packet(&[], &coded), wanted);
            let mut packet = vec![0, 0, 0, unit.len() as u8];
            packet.extend(&unit);
            packet.extend([0, 0, 1, 0, 0x26, 1, 3]);
            assert_eq!(opacity_layer_in_packet(&whole, &packet), wanted);
        }
        assert_eq!(opacity_layer(&[0xff; 64]), None);
        assert_eq!(opacity_layer_in_packet(&[0xff; 64], &[0xff; 64]), None);
    }
}
