//! Groups of pictures of a film in H.264 or H.265 that can be copied into another one as they are.
//!
//! A group begins with a picture that needs no other (IDR), and ends before the next such picture. It can be copied
//! where its pictures follow each other evenly and none of them is shown before it begins: then it looks the same
//! wherever it stands.

use std::path::{Path, PathBuf};

use ffmpeg::{Packet, ffi};
use ffmpeg_next as ffmpeg;

use super::demuxer::{Demuxer, NextPacket};
use super::streams::StreamKind;
use crate::error::{Error, Result};
use crate::media::stored_pictures::{ParameterSets, StoredPicture};
use crate::media::{FilmCodec, Limits};
use crate::time::Rational;

/// Longer groups are not copied: players could hardly seek.
const LONGEST: usize = 1000;

/// A group of pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PictureGroup {
    /// When its first picture is shown, in seconds from the file's time zero.
    pub start: Rational,
    /// How many it has.
    pub pictures: u64,
    /// The presentation time of its first picture, in units of the stream.
    key: i64,
}

/// The groups of a film that can be copied, in order.
#[derive(Debug)]
pub struct PictureGroups {
    path: PathBuf,
    limits: Limits,
    stream: usize,
    /// Pictures a second.
    rate: Rational,
    sets: ParameterSets,
    groups: Vec<PictureGroup>,
    /// How many pictures at most stand before one that is shown before them.
    delay: i64,
}

impl PictureGroups {
    /// Finds those of the film at `path` whose pictures are in `codec` and shown `rate` times a second. `None` where there
    /// are none: they are of another codec, `codec` is neither H.264 nor H.265 of 8 bits, or they are stored in another way.
    ///
    /// Reads the whole file once, and decodes nothing. Errors: those of opening it.
    pub fn find(
        path: &Path,
        codec: FilmCodec,
        rate: Rational,
        limits: &Limits,
    ) -> Result<Option<Self>> {
        let mut input = Demuxer::open(path, limits)?;
        let Some((stream, sets)) = copied_stream(&input).filter(|(_, sets)| sets.codec() == codec)
        else {
            return Ok(None);
        };
        let mut found = Self {
            path: path.into(),
            limits: *limits,
            stream,
            rate,
            sets,
            groups: Vec::new(),
            delay: 0,
        };
        let unit = input.streams().get(stream).map(|stream| stream.time_base);
        let unit = unit.unwrap_or(Rational::ONE);
        let mut times = Vec::new();
        while let NextPacket::Packet(packet) = input.read() {
            if packet.stream() != stream {
                continue;
            }
            let Some((time, picture)) = found.told_by(&packet) else {
                return Ok(None);
            };
            if picture.is_fresh_start {
                found.close(&mut times, unit, input.zero());
            } else if times.is_empty() && found.groups.is_empty() {
                // A film that begins in the middle of a group.
                continue;
            }
            times.push(time);
        }
        found.close(&mut times, unit, input.zero());
        Ok((!found.groups.is_empty()).then_some(found))
    }

    /// The groups, in order.
    pub fn groups(&self) -> &[PictureGroup] {
        &self.groups
    }

    pub(super) fn sets(&self) -> &ParameterSets {
        &self.sets
    }

    pub(super) fn delay(&self) -> i64 {
        self.delay
    }

    /// The presentation time of a packet, and its picture, which begins a group only where the container says that it is
    /// a key frame, too. `None` where the stream cannot be copied.
    fn told_by(&self, packet: &Packet) -> Option<(i64, StoredPicture)> {
        // SAFETY: the packet is alive; a plain number is read.
        let flags = unsafe { (*ffmpeg::packet::Ref::as_ptr(packet)).flags };
        if flags & (ffi::AV_PKT_FLAG_CORRUPT | ffi::AV_PKT_FLAG_DISCARD) != 0 {
            return None;
        }
        let mut picture = self.sets.picture(packet.data()?)?;
        picture.is_fresh_start &= packet.is_key();
        Some((packet.pts()?, picture))
    }

    /// Notes the group of pictures with these times, in the order in which they are stored, if it can be copied.
    fn close(&mut self, times: &mut Vec<i64>, unit: Rational, zero: Rational) {
        let stored = std::mem::take(times);
        let Some(key) = stored.first().copied() else {
            return;
        };
        let places: Option<Vec<i64>> = stored
            .iter()
            .map(|time| place_of(*time, key, unit, self.rate))
            .collect();
        let Some(places) = places.filter(|places| is_whole(places)) else {
            return;
        };
        let delay = (0..).zip(&places).map(|(at, place): (i64, _)| at - place);
        self.delay = self.delay.max(delay.max().unwrap_or(0));
        self.groups.push(PictureGroup {
            start: Rational::whole(key) * unit - zero,
            pictures: places.len() as u64,
            key,
        });
    }
}

/// The stream of pictures and its parameter sets, where it is one that can be copied.
fn copied_stream(input: &Demuxer) -> Option<(usize, ParameterSets)> {
    let stream = input.best(StreamKind::Video)?;
    let codec = &input.streams().get(stream)?.codec;
    let parameters = input.parameters(stream)?;
    // SAFETY: the parameters are owned here; the length is FFmpeg's own.
    let record = unsafe {
        let raw = parameters.as_ptr();
        match usize::try_from((*raw).extradata_size) {
            Ok(length @ 1..) if !(*raw).extradata.is_null() => {
                std::slice::from_raw_parts((*raw).extradata, length)
            }
            _ => return None,
        }
    };
    let sets = ParameterSets::parse(codec, record)?;
    // Encoded pictures could not stand beside them.
    sets.own_ids()?;
    Some((stream, sets))
}

/// The place of a picture in its group, if it is shown where an even film shows one.
fn place_of(time: i64, key: i64, unit: Rational, rate: Rational) -> Option<i64> {
    /// Containers round times, some to whole milliseconds.
    const TOLERANCE: f64 = 0.05;
    let place = (Rational::whole(time.checked_sub(key)?) * unit * rate).seconds();
    ((place - place.round()).abs() <= TOLERANCE).then_some(place.round() as i64)
}

/// Whether these are all places from the first on, each once.
fn is_whole(places: &[i64]) -> bool {
    let mut sorted = places.to_vec();
    sorted.sort_unstable();
    places.len() <= LONGEST && (0..).zip(&sorted).all(|(place, is): (i64, _)| place == *is)
}

/// A picture on its way into another film.
pub(super) struct CopiedPicture {
    /// As a stream of bytes.
    pub bytes: Vec<u8>,
    /// Its place among the pictures of its group, as they are shown.
    pub place: i64,
    /// The group begins with it.
    pub is_first: bool,
}

/// Reads groups from the file again, in any order, fastest in their own.
pub struct GroupReader<'a> {
    of: &'a PictureGroups,
    input: Demuxer,
    /// The first packet of the next group, where it was read already.
    next: Option<Packet>,
}

impl<'a> GroupReader<'a> {
    /// Opens the file.
    pub fn open(of: &'a PictureGroups) -> Result<Self> {
        Ok(Self {
            of,
            input: Demuxer::open(&of.path, &of.limits)?,
            next: None,
        })
    }

    /// Hands the pictures of `group` to `take`, as they are stored.
    pub(super) fn each(
        &mut self,
        group: &PictureGroup,
        mut take: impl FnMut(CopiedPicture) -> Result<()>,
    ) -> Result<()> {
        let unit = self.input.streams().get(self.of.stream);
        let unit = unit.map_or(Rational::ONE, |stream| stream.time_base);
        let at_hand = self.next.as_ref().and_then(Packet::pts) == Some(group.key);
        if !at_hand {
            self.next = None;
            if !self.input.seek(self.of.stream, group.start) {
                return Err(self.changed());
            }
        }
        let mut left = group.pictures;
        let mut has_begun = false;
        while left > 0 {
            let packet = self.read()?;
            let (time, picture) = self.of.told_by(&packet).ok_or_else(|| self.changed())?;
            let is_first = picture.is_fresh_start && time == group.key;
            if !has_begun && !is_first {
                continue;
            }
            has_begun = true;
            let place = place_of(time, group.key, unit, self.of.rate)
                .filter(|place| u64::try_from(*place).is_ok_and(|place| place < group.pictures));
            let place = place.ok_or_else(|| self.changed())?;
            take(CopiedPicture {
                bytes: picture.bytes,
                place,
                is_first,
            })?;
            left -= 1;
        }
        self.next = self.read().ok();
        Ok(())
    }

    /// The next packet of the pictures.
    fn read(&mut self) -> Result<Packet> {
        if let Some(packet) = self.next.take() {
            return Ok(packet);
        }
        loop {
            match self.input.read() {
                NextPacket::Packet(packet) if packet.stream() == self.of.stream => {
                    return Ok(packet);
                }
                NextPacket::Packet(_) => {}
                NextPacket::End | NextPacket::Broken(_) => return Err(self.changed()),
            }
        }
    }

    /// The file is not the one whose groups were found.
    fn changed(&self) -> Error {
        Error::Changed {
            path: self.of.path.clone(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_whole_where_each_place_is_taken_once() {
        assert!(is_whole(&[0, 2, 1, 4, 3]));
        for places in [&[0, 1, 3][..], &[0, 1, 1], &[0, -1, 1], &[1, 2]] {
            assert!(!is_whole(places), "{places:?}");
        }
    }

    #[test]
    fn places_allow_for_what_containers_round() {
        let (milli, rate) = (
            Rational::new(1, 1000).unwrap(),
            Rational::new(30000, 1001).unwrap(),
        );
        assert_eq!(place_of(1033, 1000, milli, rate), Some(1));
        assert_eq!(place_of(1067, 1000, milli, rate), Some(2));
        assert_eq!(place_of(1050, 1000, milli, rate), None);
        assert_eq!(place_of(i64::MIN, 1, milli, rate), None);
    }
}
