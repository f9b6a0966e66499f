//! Pictures of H.264 and H.265 as they are stored, and what it takes to lay encoded ones beside them.

use super::{FilmCodec, h264_units, h265_units};
use crate::media::unit_bytes::stream_of;

/// The parameter sets of a film.
#[derive(Debug, Clone)]
pub(in crate::media) enum ParameterSets {
    H264(h264_units::ParameterSets),
    H265(h265_units::ParameterSets),
}

impl ParameterSets {
    /// Reads the record of a stream in FFmpeg's `codec`. `None` where its pictures cannot be copied.
    pub fn parse(codec: &str, record: &[u8]) -> Option<Self> {
        match codec {
            "h264" => h264_units::ParameterSets::parse(record).map(Self::H264),
            "hevc" => h265_units::ParameterSets::parse(record).map(Self::H265),
            _ => None,
        }
    }

    /// What the pictures beside them have to be encoded as.
    pub fn codec(&self) -> FilmCodec {
        match self {
            Self::H264(_) => FilmCodec::H264,
            Self::H265(_) => FilmCodec::H265,
        }
    }

    /// Ids for the sets of encoded pictures in the same film.
    pub fn own_ids(&self) -> Option<OwnIds> {
        match self {
            Self::H264(sets) => sets.free_id().map(OwnIds::Told),
            Self::H265(sets) => sets.leaves_own_ids().then_some(OwnIds::Rewritten),
        }
    }

    /// All sets as a stream of bytes, and the `own` ones of an encoder, which have those ids already. Players go by the
    /// first set: it has to be the more demanding one.
    pub fn beside(&self, own: &[u8]) -> Vec<u8> {
        let (is_more, sets) = match self {
            Self::H264(sets) => (sets.demand() > h264_units::demand_in(own), sets.bytes()),
            Self::H265(sets) => (sets.demand() > h265_units::demand_in(own), sets.bytes()),
        };
        match is_more {
            true => [&sets, own].concat(),
            false => [own, &sets].concat(),
        }
    }

    /// A picture; `None` where it is damaged or brings other sets.
    pub fn picture(&self, stored: &[u8]) -> Option<StoredPicture> {
        let (units, is_fresh_start, makes_it): (_, _, fn(&[u8]) -> bool) = match self {
            Self::H264(sets) => {
                let units = sets.units(stored)?;
                let is_fresh_start = h264_units::is_fresh_start(&units);
                (units, is_fresh_start, h264_units::makes_the_picture)
            }
            Self::H265(sets) => {
                let units = sets.units(stored)?;
                let is_fresh_start = h265_units::is_fresh_start(&units);
                (units, is_fresh_start, h265_units::makes_the_picture)
            }
        };
        Some(StoredPicture {
            bytes: stream_of(units.into_iter().filter(|unit| makes_it(unit))),
            is_fresh_start,
        })
    }
}

/// A picture that may be copied.
pub(in crate::media) struct StoredPicture {
    /// As a stream of bytes.
    pub bytes: Vec<u8>,
    /// Nothing before it is needed for it or for what follows.
    pub is_fresh_start: bool,
}

/// How encoded pictures get parameter sets with other ids than those beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) enum OwnIds {
    /// The encoder is told this one.
    Told(u32),
    /// What the encoder makes is rewritten.
    Rewritten,
}

impl OwnIds {
    /// A stream of bytes of the encoder with these ids; `None` where that cannot be.
    pub fn of(self, stream: Vec<u8>) -> Option<Vec<u8>> {
        match self {
            Self::Told(_) => Some(stream),
            Self::Rewritten => h265_units::with_own_ids(&stream),
        }
    }
}
