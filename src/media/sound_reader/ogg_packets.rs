//! The packets of an Ogg file as Symphonia reads them, at places that can be.

use symphonia::core::errors::Result;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use crate::media::page_positions::{PagePacket, PagePositions};

/// Packets that were read ahead of their turn.
#[derive(Default)]
pub(super) struct OggPackets {
    positions: PagePositions<Packet>,
    /// What came after those packets, which are given first.
    after: Option<Result<Option<Packet>>>,
}

impl OggPackets {
    /// The next packet of `format`, which has one track. Errors are those of `format`.
    pub fn next_packet(&mut self, format: &mut dyn FormatReader) -> Result<Option<Packet>> {
        loop {
            if let Some(packet) = self.positions.pop() {
                return Ok(Some(packet));
            }
            if let Some(after) = self.after.take() {
                return after;
            }
            match format.next_packet() {
                Ok(Some(packet)) => self.positions.push(packet),
                end => {
                    self.positions.end();
                    self.positions.forget();
                    self.after = Some(end);
                }
            }
        }
    }
}

impl PagePacket for Packet {
    fn position(&self) -> Option<i64> {
        Some(self.pts.get())
    }

    fn length(&self) -> i64 {
        let whole = self
            .dur
            .saturating_add(self.trim_start)
            .saturating_add(self.trim_end);
        i64::try_from(whole.get()).unwrap_or(i64::MAX)
    }

    fn is_trimmed(&self) -> bool {
        self.trim_end > Duration::ZERO
    }

    fn restore(&mut self, position: i64) {
        self.pts = Timestamp::new(position);
        self.dur = self.dur.saturating_add(self.trim_end);
        self.trim_end = Duration::ZERO;
    }
}
