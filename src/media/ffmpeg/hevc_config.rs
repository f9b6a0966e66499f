//! Detects alpha in the HEVC configuration record (ISO/IEC 14496-15, 8.3.3.1).

/// Bytes before the number of arrays.
const HEAD: usize = 22;
/// NAL unit type of prefix SEI, and SEI payload type of alpha channel information (ITU-T H.265, F.14.2.8).
const SUPPLEMENT: u8 = 39;
const ALPHA_CHANNEL: u8 = 165;

/// True if the record announces an alpha layer, as Apple's encoders do. FFmpeg before 7.1 decodes only the base layer.
pub(super) fn has_opacity_layer(record: &[u8]) -> bool {
    units(record).is_some_and(|units| {
        units
            .into_iter()
            .any(|(kind, unit)| kind == SUPPLEMENT && unit.get(2) == Some(&ALPHA_CHANNEL))
    })
}

/// All NAL units with their types. `None` if the record is truncated.
fn units(record: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let (&arrays, mut rest) = record.get(HEAD..)?.split_first()?;
    let mut found = Vec::new();
    for _ in 0..arrays {
        let (head, units) = rest.split_first_chunk::<3>()?;
        rest = units;
        for _ in 0..u16::from_be_bytes([head[1], head[2]]) {
            let (length, unit) = rest.split_first_chunk::<2>()?;
            let (unit, behind) = unit.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            found.push((head[0] & 0x3f, unit));
            rest = behind;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(payload: u8) -> Vec<u8> {
        let mut record = vec![1; HEAD];
        // Two arrays: a parameter set, and supplemental information.
        record.extend([2, 0xa0, 0, 1, 0, 3, 0x40, 1, 165]);
        record.extend([0xa7, 0, 1, 0, 6, 0x4e, 1, payload, 2, 0, 0x80]);
        record
    }

    #[test]
    fn an_opacity_layer_is_announced_by_its_message() {
        assert!(has_opacity_layer(&record(165)));
        assert!(!has_opacity_layer(&record(137)));
        let whole = record(165);
        for length in 0..whole.len() {
            assert!(!has_opacity_layer(&whole[..length]), "{length}");
        }
        assert!(!has_opacity_layer(&[0xff; 64]));
    }
}
