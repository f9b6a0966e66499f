//! Packets whose ends were trimmed although the sound goes on.
//!
//! Symphonia lets the packets of an Ogg page end where the page says, because that is how the last page of a stream
//! states the stream's length. Some writers of Vorbis state the position of a page amid the stream wrongly, by less
//! than a block: its last packets lost their ends, which is heard as a click. A trim is real only if no further packet
//! of its stream follows.

use std::collections::VecDeque;

use symphonia::core::errors::Result;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;
use symphonia::core::units::Duration;

/// Trimmed packets that wait for one that is not; more are taken to be real. Two end a stream in practice.
const MOST_WAITING: usize = 16;

/// Packets that were read ahead of their turn.
#[derive(Default)]
pub(super) struct PageTrims {
    waiting: VecDeque<Packet>,
    /// What came after the waiting packets, which are given first; `None` while they wait.
    after: Option<Result<Option<Packet>>>,
}

impl PageTrims {
    /// The next packet of `format`, with its end where packets follow. Errors are those of `format`.
    pub fn next_packet(&mut self, format: &mut dyn FormatReader) -> Result<Option<Packet>> {
        loop {
            if self.after.is_some()
                && let Some(packet) = self.waiting.pop_front()
            {
                return Ok(Some(packet));
            }
            if let Some(after) = self.after.take() {
                return after;
            }
            match format.next_packet() {
                Ok(Some(packet)) if is_trimmed(&packet) && self.waiting.len() < MOST_WAITING => {
                    self.waiting.push_back(packet);
                }
                Ok(Some(packet)) => {
                    if !is_trimmed(&packet) {
                        self.waiting.iter_mut().for_each(untrim);
                    }
                    self.after = Some(Ok(Some(packet)));
                }
                end => self.after = Some(end),
            }
        }
    }
}

fn is_trimmed(packet: &Packet) -> bool {
    packet.trim_end > Duration::ZERO
}

fn untrim(packet: &mut Packet) {
    packet.dur = packet.dur.saturating_add(packet.trim_end);
    packet.trim_end = Duration::ZERO;
}
