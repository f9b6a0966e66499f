//! Positions of Ogg pages that cannot be.
//!
//! A page of Ogg says where the last packet that ends in it ends (RFC 3533, section 6). Readers place the packets of
//! the next page after that, and cut off the ends of packets that reach further, because that is how the last page of a
//! stream states the stream's length. Some writers state the position of a page amid the stream wrongly, by less than a
//! block: its last packets lose their ends, which is heard as a click. A damaged page may say anything: sound would
//! begin hours later, or be dropped.
//!
//! So packets wait while their place is in doubt, and what comes then decides:
//!
//! - A packet that stands where the waiting ones end proves that they follow the others without a gap, and whole.
//! - More packets than two pages can hold prove a real gap (pages are missing).
//! - At the end, cut packets are the end of the stream. A gap in front of them is real if it is no longer than the
//!   sound before it, and if it leaves something of them.

use std::collections::VecDeque;

/// By how much a position may be wrong although nothing is missing, in samples: writers of Vorbis are off by up to a
/// block (8192 in theory, 2048 in practice). A missing page moves what follows by more.
pub(super) const PAGE_SLACK: i64 = 4096;

/// Packets that wait at most: two pages of 255.
const MOST_WAITING: usize = 510;

/// A packet with its place.
pub trait PagePacket {
    /// Where it begins, in samples, where that is known.
    fn position(&self) -> Option<i64>;
    /// Samples, with those that its page cuts off.
    fn length(&self) -> i64;
    /// Whether its page cuts off its end.
    fn is_trimmed(&self) -> bool;
    /// Puts it at `position`, whole.
    fn restore(&mut self, position: i64);
}

/// Passes the packets of one stream on in their order, at places that can be.
pub struct PagePositions<P> {
    /// With the place where each follows the one before it.
    waiting: VecDeque<(P, i64)>,
    ready: VecDeque<P>,
    /// Where the next packet follows the last one.
    next: Option<i64>,
    /// Samples so far.
    heard: i64,
}

impl<P> Default for PagePositions<P> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            ready: VecDeque::new(),
            next: None,
            heard: 0,
        }
    }
}

impl<P: PagePacket> PagePositions<P> {
    /// The next packet that is in no doubt.
    pub fn pop(&mut self) -> Option<P> {
        self.ready.pop_front()
    }

    /// Adds the next packet of the stream.
    pub fn push(&mut self, packet: P) {
        let length = packet.length().max(0);
        let position = packet.position();
        let follows = self.next.or(position).unwrap_or(0);
        let misplaced = is_off(position, follows);
        self.next = Some(match position {
            Some(position) if !misplaced => position.saturating_add(length),
            _ => follows.saturating_add(length),
        });
        self.heard = self.heard.saturating_add(length);
        if !misplaced && !packet.is_trimmed() {
            self.close_gaps();
            self.ready.push_back(packet);
        } else {
            self.waiting.push_back((packet, follows));
            if self.waiting.len() > MOST_WAITING {
                self.keep_gaps();
            }
        }
    }

    /// Ends the stream.
    pub fn end(&mut self) {
        let Some((first, follows)) = self
            .waiting
            .iter()
            .find(|(packet, follows)| is_off(packet.position(), *follows))
        else {
            // Cut off at the end of the stream.
            let last = self.waiting.drain(..).map(|(packet, _)| packet);
            self.ready.extend(last);
            return;
        };
        let gap = first.position().unwrap_or(0).saturating_sub(*follows);
        if !first.is_trimmed() && (0..=self.heard).contains(&gap) {
            let last = self.waiting.drain(..).map(|(packet, _)| packet);
            self.ready.extend(last);
        } else {
            self.close_gaps();
        }
    }

    /// Forgets where packets were: another stream follows.
    pub fn forget(&mut self) {
        self.next = None;
        self.heard = 0;
    }

    /// The waiting packets follow each other.
    fn close_gaps(&mut self) {
        for (mut packet, follows) in self.waiting.drain(..) {
            let position = packet
                .position()
                .filter(|_| !is_off(packet.position(), follows));
            packet.restore(position.unwrap_or(follows));
            self.ready.push_back(packet);
        }
    }

    /// The waiting packets are where they say.
    fn keep_gaps(&mut self) {
        for (mut packet, follows) in self.waiting.drain(..) {
            let position = packet.position().unwrap_or(follows).max(follows);
            self.next = Some(position.saturating_add(packet.length().max(0)));
            packet.restore(position);
            self.ready.push_back(packet);
        }
    }
}

/// Whether a packet that says `position` does not stand at `follows`.
fn is_off(position: Option<i64>, follows: i64) -> bool {
    position.is_some_and(|position| position.saturating_sub(follows).saturating_abs() >= PAGE_SLACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Position, length, and what is cut off.
    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Test(i64, i64, i64);

    impl PagePacket for Test {
        fn position(&self) -> Option<i64> {
            Some(self.0)
        }

        fn length(&self) -> i64 {
            self.1 + self.2
        }

        fn is_trimmed(&self) -> bool {
            self.2 > 0
        }

        fn restore(&mut self, position: i64) {
            *self = Self(position, self.1 + self.2, 0);
        }
    }

    fn passed(packets: impl IntoIterator<Item = Test>) -> Vec<Test> {
        let mut positions = PagePositions::default();
        packets
            .into_iter()
            .for_each(|packet| positions.push(packet));
        positions.end();
        std::iter::from_fn(|| positions.pop()).collect()
    }

    /// Packets of 1000 samples from `start` on.
    fn run(start: i64, count: i64) -> Vec<Test> {
        (0..count)
            .map(|number| Test(start + 1000 * number, 1000, 0))
            .collect()
    }

    #[test]
    fn what_later_packets_contradict_is_no_gap() {
        for absurd in [1 << 40, 500_000, -900_000] {
            let mut packets = run(0, 30);
            for packet in &mut packets[10..20] {
                // Placed after the page before, and cut off where their own page ends.
                *packet = Test(packet.0 + absurd, 0, 1000);
            }
            assert_eq!(passed(packets), run(0, 30), "{absurd}");
        }
    }

    #[test]
    fn the_last_page_says_where_the_sound_ends() {
        let mut packets = run(0, 10);
        packets[8] = Test(8000, 300, 700);
        packets[9] = Test(9000, 0, 1000);
        assert_eq!(passed(packets.clone()), packets);
        // The page before it says that it begins hours later.
        for packet in &mut packets[6..] {
            *packet = Test(packet.0 + (1 << 40), 0, 1000);
        }
        assert_eq!(passed(packets), run(0, 10));
    }

    #[test]
    fn missing_pages_leave_their_gap() {
        let mut packets = run(0, 10);
        packets.extend(run(60_000, 700));
        assert_eq!(passed(packets.clone()), packets);
        // Near the end there are fewer packets to prove it.
        let mut packets = run(0, 100);
        packets.extend(run(160_000, 5));
        assert_eq!(passed(packets.clone()), packets);
        let mut packets = run(0, 100);
        packets.extend(run(1 << 40, 5));
        assert_eq!(passed(packets), run(0, 105));
    }

    #[test]
    fn no_numbers_overflow_and_no_packet_is_lost() {
        let extremes = [i64::MIN, -1, 0, 1, i64::MAX];
        let packets = extremes.into_iter().flat_map(|position| {
            extremes.map(|length| Test(position, length.clamp(0, i64::MAX / 2), length & 1))
        });
        assert_eq!(passed(packets).len(), 25);
    }
}
