//! Where the frames of an AVI film end, as its own chunks say.
//!
//! FFmpeg does not notice that an AVI is truncated. Chunks: Microsoft, *AVI RIFF File Reference*; files over 1 GB
//! continue in `RIFF AVIX` chunks (OpenDML AVI File Format Extensions 1.02).

use std::io::{self, Read, Seek, SeekFrom};

/// No real film has more chunks side by side.
const MOST_CHUNKS: usize = 100_000;

/// True when the chunks that hold the frames end behind the file. Sizes that were never filled in (0 and the largest
/// number there is: recorders that were switched off) say nothing.
pub(super) fn is_cut_short<R: Read + Seek>(source: &mut R) -> io::Result<bool> {
    let end = source.seek(SeekFrom::End(0))?;
    let mut at = 0_u64;
    for _ in 0..MOST_CHUNKS {
        if at + 12 > end {
            // An incomplete chunk header, or the end.
            return Ok(false);
        }
        source.seek(SeekFrom::Start(at))?;
        let mut head = [0; 12];
        source.read_exact(&mut head)?;
        let [name @ .., a, b, c, d, _, _, _, _] = head;
        let kind = [head[8], head[9], head[10], head[11]];
        let size = u32::from_le_bytes([a, b, c, d]);
        if &name == b"RIFF" {
            // Continue with its children.
            at += 12;
            continue;
        }
        if matches!(size, 0 | u32::MAX) && &name == b"LIST" {
            return Ok(false);
        }
        let size = u64::from(size);
        if &name == b"LIST" && &kind == b"movi" && at + 8 + size > end {
            return Ok(true);
        }
        // Chunks begin on even bytes.
        at += 8 + size + size % 2;
    }
    Ok(false)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len()).unwrap();
        let pad = &[0][..content.len() % 2];
        [name, &size.to_le_bytes()[..], content, pad].concat()
    }

    fn list(name: &[u8; 4], kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        chunk(name, &[kind, content].concat())
    }

    #[test]
    fn frames_that_are_missing_are_told_and_an_index_that_is_missing_is_not() {
        let first = list(
            b"RIFF",
            b"AVI ",
            &[
                list(b"LIST", b"hdrl", &[1; 61]),
                chunk(b"JUNK", &[0; 20]),
                list(b"LIST", b"movi", &[2; 400]),
                chunk(b"idx1", &[3; 64]),
            ]
            .concat(),
        );
        let second = list(b"RIFF", b"AVIX", &list(b"LIST", b"movi", &[4; 100]));
        let cut = |bytes: &[u8]| is_cut_short(&mut Cursor::new(bytes)).unwrap();
        assert!(!cut(&first));
        let film = [first.clone(), second].concat();
        assert!(!cut(&film));
        let frames = first.windows(4).position(|word| word == b"movi").unwrap();
        for length in 0..film.len() {
            let missing = (frames + 4..frames + 404).contains(&length)
                || (first.len() + 24..film.len()).contains(&length);
            assert_eq!(cut(&film[..length]), missing, "{length} of {}", film.len());
        }
        // The writer never filled it in.
        let mut open = first[..first.len() - 100].to_vec();
        for byte in &mut open[frames - 4..frames] {
            *byte = 0;
        }
        assert!(!cut(&open));
    }
}
