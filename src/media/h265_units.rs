//! The units of H.265 as MP4 and Matroska store them (ISO/IEC 14496-15), and other ids for what an encoder makes.

use super::unit_bytes::{
    guarded, number_at, stored_units, stream_of, take_sets, unguarded, units_of_stream,
};

/// Kinds of units (H.265, table 7-1).
const PICTURES: std::ops::Range<u8> = 0..32;
/// Pictures that decoding may begin with. Their slices have one more bit before the id of their set.
const ENTRIES: std::ops::Range<u8> = 16..24;
const FRESH_STARTS: [u8; 2] = [19, 20];
const VIDEO_SET: u8 = 32;
const SEQUENCE_SET: u8 = 33;
const PICTURE_SET: u8 = 34;
/// The bytes of a unit before its content: its kind, and the layer and sublayer that it belongs to.
const HEAD: usize = 2;

/// Ids of the sets of what is encoded beside copied pictures. The codes of the last two take nine bits where that of 0
/// takes one, so every bit behind them moves by whole bytes, and nothing behind them has to be understood.
const OWN_VIDEO: u8 = 15;
const OWN_SEQUENCE: u32 = 15;
const OWN_PICTURE: u32 = 16;
const OWN_SEQUENCE_CODE: u32 = 0b0_0001_0000;
const OWN_PICTURE_CODE: u32 = 0b0_0001_0001;

/// The parameter sets of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::media) struct ParameterSets {
    /// Bytes of each length.
    length_bytes: usize,
    /// Video sets, then sequence sets, then picture sets.
    sets: Vec<Vec<u8>>,
}

impl ParameterSets {
    /// Reads an `HEVCDecoderConfigurationRecord`. `None` where it is none, or not of Main profile: 8 bits, 4:2:0.
    pub fn parse(record: &[u8]) -> Option<Self> {
        const MAIN: u8 = 1;
        let (head, mut rest) = record.split_first_chunk::<23>()?;
        let [1, profile, .., length, arrays] = *head else {
            return None;
        };
        if profile & 0x1f != MAIN {
            return None;
        }
        let mut sets = Vec::new();
        for _ in 0..arrays {
            let (head, behind) = rest.split_first_chunk::<3>()?;
            let [_, count @ ..] = *head;
            rest = behind;
            sets.extend(take_sets(&mut rest, u16::from_be_bytes(count))?);
        }
        // Messages, which tell of the pictures, may stand among them.
        sets.retain(|set| kind(set).is_some_and(is_set));
        sets.sort_by_key(|set| kind(set));
        let has = |wanted| sets.iter().any(|set| kind(set) == Some(wanted));
        let is_whole = [VIDEO_SET, SEQUENCE_SET, PICTURE_SET].into_iter().all(has);
        is_whole.then_some(Self {
            length_bytes: usize::from(length & 3) + 1,
            sets,
        })
    }

    /// Whether none has the id of a set of [`with_own_ids`].
    pub fn leaves_own_ids(&self) -> bool {
        self.sets.iter().all(|set| {
            let content = unguarded(set.get(HEAD..).unwrap_or_default());
            match kind(set) {
                Some(VIDEO_SET) => content.first().is_some_and(|first| first >> 4 != OWN_VIDEO),
                Some(SEQUENCE_SET) => sequence_id(&content).is_some_and(|id| id != OWN_SEQUENCE),
                _ => number_at(&content, 0).is_some_and(|id| id != OWN_PICTURE),
            }
        })
    }

    /// Tier and level of the most demanding sequence.
    pub fn demand(&self) -> Option<(bool, u8)> {
        demand_of(self.sets.iter().map(Vec::as_slice))
    }

    /// All sets as a stream of bytes.
    pub fn bytes(&self) -> Vec<u8> {
        stream_of(self.sets.iter().map(Vec::as_slice))
    }

    /// The units of a picture. `None` where a length leads out of it, where it brings sets that are not these, or has
    /// more than one layer.
    pub fn units<'a>(&self, picture: &'a [u8]) -> Option<Vec<&'a [u8]>> {
        let units = stored_units(picture, self.length_bytes)?;
        let is_known = |unit: &&[u8]| match (kind(unit), layer(unit)) {
            (Some(kind), Some(0)) => !is_set(kind) || self.sets.iter().any(|set| set == unit),
            _ => false,
        };
        units.iter().all(is_known).then_some(units)
    }
}

fn kind(unit: &[u8]) -> Option<u8> {
    unit.first().map(|head| head >> 1 & 0x3f)
}

fn layer(unit: &[u8]) -> Option<u8> {
    let head = unit.first_chunk::<HEAD>()?;
    Some((head[0] & 1) << 5 | head[1] >> 3)
}

fn is_set(kind: u8) -> bool {
    (VIDEO_SET..=PICTURE_SET).contains(&kind)
}

/// Whether nothing before a picture of these units is needed for it or for what follows.
pub(in crate::media) fn is_fresh_start(units: &[&[u8]]) -> bool {
    let kinds = units.iter().filter_map(|unit| kind(unit));
    let mut pictures = kinds.filter(|kind| PICTURES.contains(kind)).peekable();
    pictures.peek().is_some() && pictures.all(|kind| FRESH_STARTS.contains(&kind))
}

/// Whether a unit makes the picture, rather than tell of it: some cameras write there who they are.
pub(in crate::media) fn makes_the_picture(unit: &[u8]) -> bool {
    kind(unit).is_some_and(|kind| PICTURES.contains(&kind) || is_set(kind))
}

/// Tier and level of the most demanding of the sequence sets.
fn demand_of<'a>(units: impl Iterator<Item = &'a [u8]>) -> Option<(bool, u8)> {
    let sequences = units.filter(|unit| kind(unit) == Some(SEQUENCE_SET));
    sequences
        .filter_map(|set| {
            let content = unguarded(set.get(HEAD..)?);
            Some((content.get(1)? & 0x20 != 0, *content.get(12)?))
        })
        .max()
}

/// Tier and level of the sequence sets in a stream of bytes.
pub(in crate::media) fn demand_in(bytes: &[u8]) -> Option<(bool, u8)> {
    demand_of(units_of_stream(bytes).into_iter())
}

/// The id of a sequence set, behind the profile and level of the whole and of each sublayer (7.3.2.2, 7.3.3).
fn sequence_id(content: &[u8]) -> Option<u32> {
    const WHOLE: usize = 12;
    let sublayers = usize::from(content.first()? >> 1 & 7);
    let mut at = 1 + WHOLE;
    if sublayers > 0 {
        let told = u16::from_be_bytes(*content.get(at..)?.first_chunk()?);
        at += 2;
        for sublayer in 0..sublayers {
            let told = told.checked_shl(u32::try_from(2 * sublayer).ok()?)?;
            at += if told & 0x8000 != 0 { WHOLE - 1 } else { 0 };
            at += usize::from(told & 0x4000 != 0);
        }
    }
    number_at(content.get(at..)?, 0)
}

/// A stream of bytes of an encoder with other ids: it gives all its sets the id 0, and so may those of what is copied
/// beside it. `None` for ids other than 0, and for streams with sublayers.
pub(in crate::media) fn with_own_ids(stream: &[u8]) -> Option<Vec<u8>> {
    let units: Option<Vec<Vec<u8>>> = units_of_stream(stream)
        .into_iter()
        .map(|unit| match kind(unit)? {
            VIDEO_SET => renumbered(unit, video_set),
            SEQUENCE_SET => renumbered(unit, sequence_set),
            PICTURE_SET => renumbered(unit, picture_set),
            kind if PICTURES.contains(&kind) => slice(unit, kind),
            _ => Some(unit.to_vec()),
        })
        .collect();
    Some(stream_of(units?.iter().map(Vec::as_slice)))
}

fn renumbered(unit: &[u8], renumber: fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let (head, content) = unit.split_at_checked(HEAD)?;
    let content = renumber(&unguarded(content))?;
    Some([head, &guarded(&content)].concat())
}

fn video_set(content: &[u8]) -> Option<Vec<u8>> {
    let (first, rest) = content.split_first()?;
    (first >> 4 == 0).then(|| [&[OWN_VIDEO << 4 | first], rest].concat())
}

fn sequence_set(content: &[u8]) -> Option<Vec<u8>> {
    let (head, rest) = content.split_first_chunk::<13>()?;
    let (id, rest) = rest.split_first()?;
    // The id of its video set, and how many sublayers there are beside the first.
    let is_plain = head[0] & 0xfe == 0 && id & 0x80 != 0;
    let mut head = *head;
    head[0] |= OWN_VIDEO << 4;
    let id = OWN_SEQUENCE_CODE << 7 | u32::from(id & 0x7f);
    is_plain.then(|| [&head, &id.to_be_bytes()[2..], rest].concat())
}

fn picture_set(content: &[u8]) -> Option<Vec<u8>> {
    let (ids, rest) = content.split_first()?;
    let own = OWN_PICTURE_CODE << 15 | OWN_SEQUENCE_CODE << 6 | u32::from(ids & 0x3f);
    (ids >> 6 == 3).then(|| [&own.to_be_bytes()[1..], rest].concat())
}

/// Only the first byte of a slice changes, into two that are no zeros, so no guard comes or goes.
fn slice(unit: &[u8], kind: u8) -> Option<Vec<u8>> {
    let (head, content) = unit.split_at_checked(HEAD)?;
    let (first, rest) = content.split_first()?;
    let flags = if ENTRIES.contains(&kind) { 2 } else { 1 };
    let behind = 8 - flags - 1;
    let first = u32::from(*first);
    if first >> behind & 1 != 1 {
        return None;
    }
    let told = first >> (behind + 1) << (behind + 9);
    let own = told | OWN_PICTURE_CODE << behind | first & ((1 << behind) - 1);
    Some([head, &own.to_be_bytes()[2..], rest].concat())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Sets as x265 makes them, cut short: video, sequence (profile, level, id 0), picture.
    const SETS: [&[u8]; 3] = [
        &[0x40, 1, 0x0c, 1, 0xff, 0xff, 1, 0x60],
        &[
            0x42, 1, 1, 1, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 0x78, 0xa0, 3, 0xc0,
        ],
        &[0x44, 1, 0xc1, 0x72, 0xb4, 0x62],
    ];

    fn record(sets: &[&[u8]]) -> Vec<u8> {
        let mut record = vec![0; 21];
        (record[0], record[1]) = (1, 1);
        record.extend([0xff, sets.len() as u8]);
        for set in sets {
            record.extend([0, 0, 1, 0, set.len() as u8]);
            record.extend_from_slice(set);
        }
        record
    }

    #[test]
    fn sets_are_read_and_get_ids_of_their_own() {
        let whole = record(&SETS);
        let sets = ParameterSets::parse(&whole).unwrap();
        assert_eq!(sets.demand(), Some((false, 0x78)));
        assert!(sets.leaves_own_ids());
        let own = with_own_ids(&sets.bytes()).unwrap();
        assert_eq!(demand_in(&own), sets.demand());
        let own = units_of_stream(&own);
        assert_eq!(own[0][2] >> 4, OWN_VIDEO);
        assert_eq!(sequence_id(&unguarded(&own[1][HEAD..])), Some(OWN_SEQUENCE));
        assert_eq!(number_at(&own[2][HEAD..], 0), Some(OWN_PICTURE));
        assert_eq!(number_at(&own[2][HEAD..], 9), Some(OWN_SEQUENCE));
        // What follows the ids is as it was, and ids are given once.
        assert_eq!(own[1][own[1].len() - 2..], [3, 0xc0]);
        assert_eq!(own[2][4..], [0x01, 0x72, 0xb4, 0x62]);
        let taken = ParameterSets::parse(&record(&own)).unwrap();
        assert!(!taken.leaves_own_ids());
        assert_eq!(with_own_ids(&taken.bytes()), None);

        for length in 0..whole.len() {
            assert_eq!(ParameterSets::parse(&whole[..length]), None, "{length}");
        }
        assert_eq!(ParameterSets::parse(&record(&SETS[..2])), None);
        // Main 10 is not copied.
        let mut deep = whole;
        deep[1] = 2;
        assert_eq!(ParameterSets::parse(&deep), None);
    }

    #[test]
    fn slices_point_to_the_own_sets_and_stay_as_they_are_behind_that() {
        let own = with_own_ids(&[0, 0, 1, 0x02, 1, 0xd3, 7, 0, 0, 3, 1]).unwrap();
        let unit = units_of_stream(&own)[0];
        assert_eq!(number_at(&unit[HEAD..], 1), Some(OWN_PICTURE));
        assert_eq!(unit[2..], [0x84, 0x53, 7, 0, 0, 3, 1]);
        // An entry has a bit more before the id.
        let own = with_own_ids(&[0, 0, 1, 0x26, 1, 0xad, 7]).unwrap();
        let unit = units_of_stream(&own)[0];
        assert_eq!(number_at(&unit[HEAD..], 2), Some(OWN_PICTURE));
        assert_eq!(unit[2..], [0x82, 0x2d, 7]);
        assert_eq!(with_own_ids(&[0, 0, 1, 0x02, 1, 0x93]), None);
    }

    #[test]
    fn pictures_have_one_layer_and_no_other_sets() {
        let sets = ParameterSets::parse(&record(&SETS)).unwrap();
        let stored = |unit: &[u8]| [&[0, 0, 0, unit.len() as u8], unit].concat();
        for (unit, is_read, is_fresh) in [
            (&[0x26, 1, 0xad][..], true, true),
            (&[0x2a, 1, 0xad], true, false),
            (&[0x02, 1, 0xd3], true, false),
            (SETS[2], true, false),
            (&[0x44, 1, 0xc2], false, false),
            (&[0x02, 9, 0xd3], false, false),
            (&[0x02], false, false),
        ] {
            let stored = stored(unit);
            let units = sets.units(&stored);
            assert_eq!(units.is_some(), is_read, "{unit:?}");
            assert_eq!(units.is_some_and(|units| is_fresh_start(&units)), is_fresh);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(
            bytes in prop::collection::vec(0..70_u8, 0..80),
            sublayers in 0..16_u8,
        ) {
            if let Some(sets) = ParameterSets::parse(&bytes) {
                sets.leaves_own_ids();
            }
            let mut sequence = SETS[1].to_vec();
            sequence[2] = sublayers;
            sequence.splice(17.., bytes.iter().copied());
            let set = record(&[SETS[0], &sequence, SETS[2]]);
            if let Some(sets) = ParameterSets::parse(&set) {
                sets.leaves_own_ids();
                sets.demand();
                with_own_ids(&sets.bytes());
                sets.units(&bytes);
            }
            with_own_ids(&[&[0, 0, 1, 0x42, 1], &bytes[..]].concat());
        }
    }
}
