//! The units of H.264 as MP4 and Matroska store them (ISO/IEC 14496-15): parameter sets in a record of their own, and
//! pictures as units with their lengths before them.

use super::unit_bytes::{number_at, stored_units, stream_of, take_sets, units_of_stream};

/// Kinds of units (H.264, table 7-1).
const SLICE: u8 = 1;
const SLICE_PARTITIONS: std::ops::RangeInclusive<u8> = 2..=4;
const IDR_SLICE: u8 = 5;
const INFORMATION: u8 = 6;
const SEQUENCE_SET: u8 = 7;
const PICTURE_SET: u8 = 8;
/// Profiles of 8 bits with 4:2:0: Baseline, Main, Extended, High.
const USUAL_PROFILES: [u8; 4] = [66, 77, 88, 100];
/// Ids of sequence sets, and of those picture sets that x264 makes, are below this.
const IDS: u32 = 32;

/// The parameter sets of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::media) struct ParameterSets {
    /// Bytes of each length.
    length_bytes: usize,
    sequences: Vec<Vec<u8>>,
    pictures: Vec<Vec<u8>>,
}

impl ParameterSets {
    /// Reads an `AVCDecoderConfigurationRecord`. `None` where it is none, or its profile is unusual.
    pub fn parse(record: &[u8]) -> Option<Self> {
        let [1, _, _, _, length, rest @ ..] = record else {
            return None;
        };
        let (count, mut rest) = rest.split_first()?;
        let sequences = take_sets(&mut rest, u16::from(count & 0x1f))?;
        let (count, mut rest) = rest.split_first()?;
        let pictures = take_sets(&mut rest, u16::from(*count))?;
        let is_usual = |set: &Vec<u8>| {
            kind(set) == Some(SEQUENCE_SET)
                && set
                    .get(1)
                    .is_some_and(|profile| USUAL_PROFILES.contains(profile))
        };
        let is_picture = |set: &Vec<u8>| kind(set) == Some(PICTURE_SET);
        let is_whole = !sequences.is_empty()
            && !pictures.is_empty()
            && sequences.iter().all(is_usual)
            && pictures.iter().all(is_picture);
        is_whole.then_some(Self {
            length_bytes: usize::from(length & 3) + 1,
            sequences,
            pictures,
        })
    }

    /// An id that no set has, for the sets of other pictures in the same film.
    pub fn free_id(&self) -> Option<u32> {
        let mut taken = Vec::new();
        for set in &self.sequences {
            // Profile, constraints and level stand before the id.
            taken.push(number_at(set.get(4..)?, 0)?);
        }
        for set in &self.pictures {
            taken.push(number_at(set.get(1..)?, 0)?);
        }
        (0..IDS).find(|id| !taken.contains(id))
    }

    /// Profile and level of the most demanding sequence.
    pub fn demand(&self) -> Option<(u8, u8)> {
        demand_of(self.sequences.iter().map(Vec::as_slice))
    }

    /// All sets as a stream of bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let sets = self.sequences.iter().chain(&self.pictures);
        stream_of(sets.map(Vec::as_slice))
    }

    /// The units of a picture. `None` where a length leads out of it, or where it brings sets that are not these.
    pub fn units<'a>(&self, picture: &'a [u8]) -> Option<Vec<&'a [u8]>> {
        let units = stored_units(picture, self.length_bytes)?;
        let is_known = |unit: &&[u8]| match kind(unit) {
            Some(SEQUENCE_SET) => self.sequences.iter().any(|set| set == unit),
            Some(PICTURE_SET) => self.pictures.iter().any(|set| set == unit),
            _ => true,
        };
        units.iter().all(is_known).then_some(units)
    }
}

fn kind(unit: &[u8]) -> Option<u8> {
    unit.first().map(|head| head & 0x1f)
}

/// Profile and level of the most demanding of these sequence sets.
fn demand_of<'a>(sequences: impl Iterator<Item = &'a [u8]>) -> Option<(u8, u8)> {
    sequences
        .filter_map(|set| Some((*set.get(1)?, *set.get(3)?)))
        .max()
}

/// Profile and level of the sequence sets in a stream of bytes.
pub(in crate::media) fn demand_in(bytes: &[u8]) -> Option<(u8, u8)> {
    let units = units_of_stream(bytes).into_iter();
    demand_of(units.filter(|unit| kind(unit) == Some(SEQUENCE_SET)))
}

/// Whether nothing before a picture of these units is needed for it or for what follows.
pub(in crate::media) fn is_fresh_start(units: &[&[u8]]) -> bool {
    let kinds = || units.iter().filter_map(|unit| kind(unit));
    kinds().any(|kind| kind == IDR_SLICE)
        && !kinds().any(|kind| kind == SLICE || SLICE_PARTITIONS.contains(&kind))
}

/// Whether a unit makes the picture, rather than tell of it: some cameras write there who they are.
pub(in crate::media) fn makes_the_picture(unit: &[u8]) -> bool {
    kind(unit) != Some(INFORMATION)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const RECORD: [u8; 23] = [
        1, 100, 0, 31, 0xff, 0xe1, 0, 6, 0x67, 100, 0, 31, 0xac, 0xd9, 1, 0, 4, 0x68, 0xeb, 0xe3,
        0xcb, 9, 9,
    ];

    #[test]
    fn sets_are_read_and_written_as_a_stream() {
        let sets = ParameterSets::parse(&RECORD).unwrap();
        assert_eq!(sets.demand(), Some((100, 31)));
        assert_eq!(sets.free_id(), Some(1));
        let bytes = sets.bytes();
        assert_eq!(bytes[..6], [0, 0, 0, 1, 0x67, 100]);
        assert_eq!(demand_in(&bytes), Some((100, 31)));
        for length in 0..19 {
            assert_eq!(ParameterSets::parse(&RECORD[..length]), None, "{length}");
        }
        // Ten bits are not usual.
        let mut deep = RECORD;
        deep[9] = 110;
        assert_eq!(ParameterSets::parse(&deep), None);
    }

    #[test]
    fn pictures_are_split_into_units_and_never_read_beyond() {
        let sets = ParameterSets::parse(&RECORD).unwrap();
        let picture = [0, 0, 0, 2, 0x65, 7, 0, 0, 0, 1, 0x06];
        let units = sets.units(&picture).unwrap();
        assert_eq!(units, [&[0x65, 7][..], &[0x06]]);
        assert!(is_fresh_start(&units));
        let made: Vec<_> = units
            .into_iter()
            .filter(|unit| makes_the_picture(unit))
            .collect();
        assert_eq!(made, [&[0x65, 7][..]]);
        assert!(!is_fresh_start(&[&[0x41, 1]]));
        for length in 1..picture.len() {
            // A picture may end after a unit.
            assert_eq!(
                sets.units(&picture[..length]).is_some(),
                length == 6,
                "{length}"
            );
        }
        // Other sets on the way would change what follows; empty units are none.
        assert_eq!(sets.units(&[0, 0, 0, 2, 0x67, 1]), None);
        assert_eq!(sets.units(&[0, 0, 0, 0]), None);
        let same = [&[0, 0, 0, 4][..], &RECORD[17..21]].concat();
        assert!(sets.units(&same).is_some());
    }
}
