//! What the chunks of an animated PNG tell before decoding: FFmpeg tells neither its length nor that it is cut short.
//!
//! Format: PNG specification, third edition, sections 11.3.6 and 12.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::gif_blocks::Animation;

/// FFmpeg's units of a second for APNG.
const UNITS: u64 = 100_000;
/// Frames a second above which FFmpeg is told to take another delay, and which: browsers show delays of up to 10 ms
/// for 100 ms.
pub(super) const FASTEST: &str = "90";
pub(super) const INSTEAD: &str = "10";
const FASTEST_RATE: u16 = 90;
const INSTEAD_UNITS: u64 = UNITS / 10;

/// Reads the chunks of `file`, as far as they go, and leaves it at its start.
pub(super) fn read(file: &mut File) -> io::Result<Animation> {
    let mut chunks = Animation::new(UNITS as i64);
    let mut source = BufReader::new(&mut *file);
    match walk(&mut chunks, &mut source) {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
        _ => {}
    }
    file.rewind()?;
    Ok(chunks)
}

fn walk(chunks: &mut Animation, source: &mut (impl Read + Seek)) -> io::Result<()> {
    source.seek(SeekFrom::Start(8))?;
    // The delay of a frame whose data has not come yet.
    let mut waiting = None;
    loop {
        let mut head = [0; 8];
        source.read_exact(&mut head)?;
        let [l3, l2, l1, l0, kind @ ..] = head;
        let length = u64::from(u32::from_be_bytes([l3, l2, l1, l0]));
        let mut body = [0; 26];
        let taken = if matches!(&kind, b"acTL" | b"fcTL") {
            length.min(26) as usize
        } else {
            0
        };
        source.read_exact(&mut body[..taken])?;
        match &kind {
            b"acTL" if taken >= 8 => {
                chunks.plays = Some(u32::from_be_bytes([body[4], body[5], body[6], body[7]]));
            }
            b"fcTL" if taken == 26 => {
                let above = u16::from_be_bytes([body[20], body[21]]);
                let below = u16::from_be_bytes([body[22], body[23]]);
                waiting = Some(delay(above, below));
            }
            b"IEND" => {
                chunks.complete = true;
                return Ok(());
            }
            _ => {}
        }
        let rest = i64::try_from(length).unwrap_or(0) - taken as i64 + 4;
        // The last byte of the chunk, so that one that breaks off is noticed.
        source.seek(SeekFrom::Current(rest - 1))?;
        source.read_exact(&mut [0])?;
        if matches!(&kind, b"IDAT" | b"fdAT")
            && let Some(delay) = waiting.take()
        {
            chunks.add(delay);
        }
    }
}

/// Units that a frame lasts, as FFmpeg counts them.
fn delay(above: u16, below: u16) -> i64 {
    // Zero stands for hundredths.
    let below = if below == 0 { 100 } else { below };
    let too_fast = below
        .checked_div(above)
        .is_none_or(|rate| rate > FASTEST_RATE);
    let units = if too_fast {
        INSTEAD_UNITS
    } else {
        let (above, below) = (u64::from(above), u64::from(below));
        (UNITS * above + below / 2) / below
    };
    i64::try_from(units).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_what_browsers_make_of_them() {
        for (above, below, units) in [
            (1, 10, 10_000),
            (1, 0, 10_000),
            (3, 100, 3_000),
            (1, 30, 3_333),
            (0, 25, 10_000),
            (1, 100, 10_000),
            (1, 90, 1_111),
            (2, 1, 200_000),
        ] {
            assert_eq!(delay(above, below), units, "{above}/{below}");
        }
    }
}
