//! The packets of sound in Ogg as FFmpeg reads them, at places that can be.

use ffmpeg::packet::Mut as _;
use ffmpeg::packet::side_data::Type;
use ffmpeg::{Packet, ffi};
use ffmpeg_next as ffmpeg;

use super::streams::{Stream, StreamKind};
use crate::media::page_positions::{PagePacket, PagePositions};

/// No packet has more samples: a block of FLAC may have so many. The last packet is as long as its page says.
const MOST_SAMPLES: i64 = 1 << 16;

/// Packets that wait while their place is in doubt, by stream.
#[derive(Default)]
pub(super) struct OggSound {
    streams: Vec<Option<PagePositions<Packet>>>,
}

impl OggSound {
    /// For the sound among `streams`.
    pub fn new(streams: &[Stream]) -> Self {
        let streams = streams.iter().map(|stream| {
            // The positions of pictures are not in their time base.
            let sound = stream.kind == StreamKind::Audio;
            sound.then(PagePositions::default)
        });
        Self {
            streams: streams.collect(),
        }
    }

    /// Takes in the next packet of the file.
    pub fn push(&mut self, mut packet: Packet) -> Option<Packet> {
        match self.streams.get_mut(packet.stream()) {
            Some(Some(positions)) => {
                if !(0..=MOST_SAMPLES).contains(&packet.duration()) {
                    packet.set_duration(0);
                }
                positions.push(packet);
                None
            }
            _ => Some(packet),
        }
    }

    /// The next packet that is in no doubt.
    pub fn pop(&mut self) -> Option<Packet> {
        let mut positions = self.streams.iter_mut().flatten();
        positions.find_map(PagePositions::pop)
    }

    /// The file has ended.
    pub fn end(&mut self) {
        let positions = self.streams.iter_mut().flatten();
        positions.for_each(PagePositions::end);
    }

    /// Drops all packets, after a seek.
    pub fn clear(&mut self) {
        for positions in self.streams.iter_mut().flatten() {
            *positions = PagePositions::default();
        }
    }
}

impl PagePacket for Packet {
    fn position(&self) -> Option<i64> {
        self.pts().or(self.dts())
    }

    fn length(&self) -> i64 {
        self.duration().saturating_add(cut_off(self))
    }

    fn is_trimmed(&self) -> bool {
        cut_off(self) > 0
    }

    fn restore(&mut self, position: i64) {
        self.set_pts(Some(position));
        self.set_dts(Some(position));
        if self.is_trimmed() {
            self.set_duration(self.length());
            keep_end(self);
        }
    }
}

/// Place of the number of samples that the decoder drops from the end, in the side data of a packet.
const END: std::ops::Range<usize> = 4..8;

/// Samples that the decoder drops from the end of `packet`.
fn cut_off(packet: &Packet) -> i64 {
    let side_data = packet.side_data();
    let mut skipped = side_data.filter(|data| data.kind() == Type::SkipSamples);
    let end = skipped.find_map(|data| data.data().get(END)?.first_chunk::<4>().copied());
    i64::from(end.map_or(0, u32::from_le_bytes))
}

/// Has the decoder keep the end of `packet`.
fn keep_end(packet: &mut Packet) {
    let mut bytes = 0;
    // SAFETY: the packet is owned here, and its side data with it; the size is checked before it is written.
    unsafe {
        let data = ffi::av_packet_get_side_data(
            packet.as_mut_ptr(),
            ffi::AVPacketSideDataType::AV_PKT_DATA_SKIP_SAMPLES,
            &mut bytes,
        );
        if !data.is_null() && bytes >= END.end {
            std::slice::from_raw_parts_mut(data.add(END.start), END.len()).fill(0);
        }
    }
}
