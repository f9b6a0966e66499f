//! What the first packets of a stream reveal: its start time, frame spacing and encoder delay.

use ffmpeg::{Packet, ffi};
use ffmpeg_next as ffmpeg;

/// Findings from the first packets of one stream.
#[derive(Debug, Clone, Default)]
pub(super) struct FirstPackets {
    /// Presentation times of the visible packets, in file order.
    pub times: Vec<i64>,
    pub last_decode_time: Option<i64>,
    /// Samples the decoder drops from the first packet.
    pub skip: u32,
    /// Duration of the first packet, in the time base of the stream.
    pub first_length: i64,
}

impl FirstPackets {
    /// Records the next packet. `sound` tells whether the stream is sound.
    pub fn note(&mut self, packet: &Packet, sound: bool) {
        let hidden = {
            use ffmpeg::packet::Ref as _;
            // SAFETY: the pointer is to the packet at hand; only a plain number is read.
            unsafe { (*packet.as_ptr()).flags & ffi::AV_PKT_FLAG_DISCARD != 0 }
        };
        if self.times.is_empty() {
            self.skip = skipped_samples(packet);
            self.first_length = packet.duration().max(0);
        }
        // An edit list hides whole video frames, but single samples of sound, counted from the first packet.
        if (sound || !hidden)
            && let Some(time) = packet.pts().or(packet.dts())
        {
            self.times.push(time);
        }
        self.last_decode_time = packet.dts().or(self.last_decode_time);
    }

    /// Shortest and longest step between the presentation times.
    pub fn steps(&self) -> Option<(i64, i64)> {
        // Frames are reordered, so the list is complete only up to the last decode time.
        let mut times: Vec<i64> = self
            .times
            .iter()
            .copied()
            .filter(|time| self.last_decode_time.is_none_or(|last| *time <= last))
            .collect();
        times.sort_unstable();
        times
            .windows(2)
            .map(|pair| pair[1].saturating_sub(pair[0]))
            .fold(None, |steps, step| {
                let (least, most) = steps.unwrap_or((step, step));
                Some((least.min(step), most.max(step)))
            })
    }
}

/// Samples the decoder must drop from the start of `packet`.
fn skipped_samples(packet: &Packet) -> u32 {
    packet
        .side_data()
        .filter(|data| data.kind() == ffmpeg::packet::side_data::Type::SkipSamples)
        .find_map(|data| data.data().first_chunk::<4>().copied())
        .map_or(0, u32::from_le_bytes)
}
