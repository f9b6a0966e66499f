//! Positions of Ogg pages: whatever packets say of their places, each comes out once and in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tastemaker::media::{PagePacket, PagePositions};

struct Packet {
    number: usize,
    position: Option<i64>,
    length: i64,
    trimmed: bool,
}

impl PagePacket for Packet {
    fn position(&self) -> Option<i64> {
        self.position
    }

    fn length(&self) -> i64 {
        self.length
    }

    fn is_trimmed(&self) -> bool {
        self.trimmed
    }

    fn restore(&mut self, position: i64) {
        self.position = Some(position);
        self.trimmed = false;
    }
}

fuzz_target!(|packets: Vec<(Option<i64>, i64, bool)>| {
    let mut positions = PagePositions::default();
    let mut numbers = Vec::new();
    let count = packets.len();
    for (number, (position, length, trimmed)) in packets.into_iter().enumerate() {
        positions.push(Packet {
            number,
            position,
            length,
            trimmed,
        });
        numbers.extend(std::iter::from_fn(|| positions.pop()).map(|packet| packet.number));
    }
    positions.end();
    numbers.extend(std::iter::from_fn(|| positions.pop()).map(|packet| packet.number));
    assert!(numbers.into_iter().eq(0..count));
});
