//! Headers of MPEG audio frames (MP1, MP2, MP3): ISO/IEC 11172-3, section 2.4.2.3; ISO/IEC 13818-3; MPEG 2.5 halves the
//! rates once more.

/// What one frame header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub rate: u32,
    pub channels: u16,
    /// Bytes of the frame with its header.
    pub bytes: u64,
    /// Two bytes of checksum follow the header.
    pub has_checksum: bool,
    pub layer: u8,
    /// How often the rates of MPEG 1 are halved: MPEG 1, 2, 2.5.
    halved: u8,
}

impl FrameHeader {
    /// `None` if the four bytes are not a frame header. Free format, whose header gives no frame length, is not
    /// supported.
    pub fn parse(head: [u8; 4]) -> Option<Self> {
        const RATES: [u32; 3] = [44_100, 48_000, 32_000];
        /// Kilobits a second of MPEG 1 by layer, and of MPEG 2 and 2.5 for layer I and for the others.
        const BIT_RATES: [[u32; 14]; 5] = [
            [
                32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448,
            ],
            [
                32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
            ],
            [
                32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
            ],
            [
                32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256,
            ],
            [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
        ];
        let [first, second, third, fourth] = head;
        if first != 0xff || second & 0xe0 != 0xe0 {
            return None;
        }
        let layer = match second >> 1 & 3 {
            3 => 1,
            2 => 2,
            1 => 3,
            _ => return None,
        };
        let halved = match second >> 3 & 3 {
            3 => 0,
            2 => 1,
            0 => 2,
            _ => return None,
        };
        let rate = RATES.get(usize::from(third >> 2 & 3))? >> halved;
        let table = match (halved, layer) {
            (0, layer) => layer - 1,
            (_, 1) => 3,
            _ => 4,
        };
        let bit_rate = usize::from(third >> 4).checked_sub(1)?;
        let bits = BIT_RATES[table].get(bit_rate)? * 1000;
        let padding = u32::from(third >> 1 & 1);
        let bytes = match (layer, halved) {
            (1, _) => (12 * bits / rate + padding) * 4,
            (3, 1..) => 72 * bits / rate + padding,
            _ => 144 * bits / rate + padding,
        };
        Some(Self {
            rate,
            channels: if fourth >> 6 == 3 { 1 } else { 2 },
            bytes: u64::from(bytes),
            has_checksum: second & 1 == 0,
            layer: layer as u8,
            halved,
        })
    }

    /// MPEG 1, whose frames of layer III have two granules.
    pub fn is_first_version(self) -> bool {
        self.halved == 0
    }

    /// Whether a decoder can go on from one to the other: rate, channels and layer are the same.
    pub fn is_like(self, other: Self) -> bool {
        (self.rate, self.channels, self.layer) == (other.rate, other.channels, other.layer)
    }
}
