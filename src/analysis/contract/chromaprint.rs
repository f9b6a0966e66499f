//! Fingerprints of sound in the form in which lists of them are exchanged.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The number of the second algorithm in the first byte.
const ALGORITHM: u8 = 1;
/// Bytes before the items: the algorithm, and how many items there are.
const HEADER: usize = 4;
/// Bits of a step from one bit that is set to the next …
const STEP: usize = 3;
/// … where it is short; to this value the longer ones add so many bits, which stand after all short ones.
const LONG: u8 = 7;
const REST: usize = 5;

/// A fingerprint of sound: 32 bits for each 0.12 s. As text it is what `fpcalc` prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chromaprint {
    items: Vec<u32>,
}

impl Chromaprint {
    /// Samples a second of the sound that it is made from.
    pub const RATE: u32 = 11_025;
    /// Samples from one item to the next.
    pub const HOP: usize = 1365;
    /// Seconds of sound that an item is made from, beside those up to the next one.
    pub const REACH: f64 = 2.72;
    /// Most items: two hours.
    pub const MOST_ITEMS: usize = 2 * 3600 * Self::RATE as usize / Self::HOP;

    /// Of items; `None` where there are none or too many.
    pub fn new(items: Vec<u32>) -> Option<Self> {
        (1..=Self::MOST_ITEMS)
            .contains(&items.len())
            .then_some(Self { items })
    }

    /// Its items.
    pub fn items(&self) -> &[u32] {
        &self.items
    }

    /// Seconds from one item to the next.
    pub fn item_seconds() -> f64 {
        Self::HOP as f64 / f64::from(Self::RATE)
    }

    /// Each item is written as the bits that differ from the one before: the steps from one to the next, and a zero.
    pub fn text(&self) -> String {
        let (mut steps, mut rests) = (Vec::new(), Vec::new());
        let mut before = 0;
        for item in &self.items {
            let (mut differ, mut last) = (item ^ before, 0);
            before = *item;
            while differ != 0 {
                let bit = differ.trailing_zeros() as u8 + 1;
                differ &= differ - 1;
                let step = bit - last;
                last = bit;
                steps.push(step.min(LONG));
                if step >= LONG {
                    rests.push(step - LONG);
                }
            }
            steps.push(0);
        }
        let [_, high, middle, low] = (self.items.len() as u32).to_be_bytes();
        let mut bytes = vec![ALGORITHM, high, middle, low];
        pack(&steps, STEP, &mut bytes);
        pack(&rests, REST, &mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// `None` for what is no fingerprint of the second algorithm, or too long.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
        let (header, packed) = bytes.split_at_checked(HEADER)?;
        let [ALGORITHM, high, middle, low] = *header else {
            return None;
        };
        let count = u32::from_be_bytes([0, high, middle, low]) as usize;
        // Each item takes three bits or more.
        if !(1..=Self::MOST_ITEMS).contains(&count) || packed.len() * 8 < count * STEP {
            return None;
        }
        let mut steps = Vec::new();
        let mut ended = 0;
        let mut at = 0;
        while ended < count {
            let step = unpack(packed, at, STEP)?;
            at += STEP;
            ended += usize::from(step == 0);
            steps.push(step);
        }
        let mut at = at.div_ceil(8) * 8;
        let mut items = Vec::with_capacity(count);
        let (mut item, mut last) = (0_u32, 0_u32);
        for step in steps {
            if step == 0 {
                items.push(item);
                last = 0;
                continue;
            }
            last += u32::from(step);
            if step == LONG {
                last += u32::from(unpack(packed, at, REST)?);
                at += REST;
            }
            item ^= 1_u32.checked_shl(last - 1)?;
        }
        Self::new(items)
    }
}

/// Appends the lowest `width` bits of each value, the first value in the lowest bits.
fn pack(values: &[u8], width: usize, bytes: &mut Vec<u8>) {
    let (mut waiting, mut bits) = (0_u32, 0);
    for value in values {
        waiting |= u32::from(*value) << bits;
        bits += width;
        while bits >= 8 {
            bytes.push(waiting as u8);
            waiting >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        bytes.push(waiting as u8);
    }
}

/// The `width` bits from bit `at` on.
fn unpack(bytes: &[u8], at: usize, width: usize) -> Option<u8> {
    let (place, shift) = (at / 8, at % 8);
    let low = u16::from(*bytes.get(place)?);
    let high = match bytes.get(place + 1) {
        Some(high) => u16::from(*high),
        None if shift + width > 8 => return None,
        None => 0,
    };
    Some(((high << 8 | low) >> shift) as u8 & ((1 << width) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_fpcalc_prints_and_can_be_read_again() {
        // `fpcalc` 1.5.1 on the first five seconds of tests/media/music/theme.ogg.
        let items = [
            688075105, 692261153, 700645665, 998704400, 981931280, 981931776, 445068804, 444872196,
            176438852, 193211981, 197931005, 189591551, 189644255, 172996042, 172921226, 168722894,
            168264158, 189116910, 138715622,
        ];
        let text =
            "AQAAE2nELJ_wHz_C9Nzwo8Xc48F7ZD8a5YOew5yESPdxbhh99EPzsALPBwAAYUgwJSmgRCEmAABGASIA";
        let print = Chromaprint::new(items.to_vec());
        assert_eq!(print.as_ref().map(Chromaprint::text).as_deref(), Some(text));
        assert_eq!(Chromaprint::parse(text), print);
        let strange = vec![0, u32::MAX, 0x8000_0000, 0x8000_0000, 1, 0x0101_0101];
        let print = Chromaprint::new(strange);
        let text = print.as_ref().map(Chromaprint::text).unwrap_or_default();
        assert_eq!(Chromaprint::parse(&text), print);
    }

    #[test]
    fn what_is_no_fingerprint_is_none() {
        let none = [
            "",
            "A",
            "AQ",
            "AQAAAA",
            "AQAAAQ",
            "AgAAAQA",
            "AQAAAf8",
            "AQ//////",
            "no print!",
            "ÄÖ",
        ];
        for text in none {
            assert_eq!(Chromaprint::parse(text), None, "{text}");
        }
        assert_eq!(Chromaprint::new(Vec::new()), None);
        assert_eq!(Chromaprint::new(vec![0; Chromaprint::MOST_ITEMS + 1]), None);
    }
}
