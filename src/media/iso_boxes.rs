//! Checks the sample tables of ISO media (MP4, MOV) before FFmpeg allocates memory for them.
//!
//! A few bytes can claim four thousand million samples, and FFmpeg allocates an index entry for each when it opens the
//! file. FFmpeg also reads a truncated fragmented film as a shorter one. Boxes: ISO/IEC 14496-12.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::{LimitName, Result};
use crate::media::Limits;

/// Bytes that FFmpeg holds per sample: an index entry (two while it applies an edit list) and an offset.
const BYTES_A_SAMPLE: u64 = 64;

/// No real film has more boxes.
const MOST_BOXES: usize = 2_000_000;

/// Boxes whose children are read.
const HOLDERS: [&[u8; 4]; 7] = [
    b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf",
];

/// Fails with `Limit` when the samples that `file` claims to have would pass the memory that is allowed. Where the file
/// ends amid a fragment, gives the end of the part that can be read. Leaves the file at its start.
pub(super) fn check(path: &Path, file: &mut File, limits: &Limits) -> Result<Option<u64>> {
    let mut claims = Claims::default();
    // An unreadable rest does not change what was counted so far.
    let _ = claims.read(&mut BufReader::new(&mut *file));
    let back = file.rewind();
    back.map_err(|error| crate::Error::read(path, error))?;
    let bytes = claims.samples().saturating_mul(BYTES_A_SAMPLE);
    limits.check(path, LimitName::MemoryBytes, bytes)?;
    Ok(claims.breaks_off)
}

/// Samples of the longest track that `file` claims to have.
#[cfg_attr(
    not(feature = "heic"),
    expect(dead_code, reason = "only HEIC and AVIF have sequences")
)]
pub(super) fn longest_track<R: Read + Seek>(file: &mut R) -> u64 {
    let mut claims = Claims::default();
    let _ = claims.read(file);
    claims.longest.max(claims.track.sizes)
}

/// What all boxes together say.
#[derive(Default)]
struct Claims {
    samples: u64,
    /// Samples of the longest track before the one that is being read.
    longest: u64,
    /// The track that is being read.
    track: TrackClaims,
    /// The film comes in fragments.
    fragments: bool,
    /// A fragment ends behind the file. Of one whose samples are missing what is there can be read; one whose own
    /// description is incomplete cannot be, and this is where it begins.
    breaks_off: Option<u64>,
}

impl Claims {
    /// The sum over all tracks and fragments.
    fn samples(&self) -> u64 {
        self.samples.saturating_add(self.track.samples())
    }

    fn read<R: Read + Seek>(&mut self, source: &mut R) -> io::Result<()> {
        let end = source.seek(SeekFrom::End(0))?;
        let mut at = 0;
        for _ in 0..MOST_BOXES {
            if at + 8 > end {
                if self.fragments && at < end {
                    self.breaks_off = Some(at);
                }
                break;
            }
            source.seek(SeekFrom::Start(at))?;
            let mut head = [0; 8];
            source.read_exact(&mut head)?;
            let [a, b, c, d, name @ ..] = head;
            let mut size = u64::from(u32::from_be_bytes([a, b, c, d]));
            let mut content = at + 8;
            if size == 1 {
                let mut long = [0; 8];
                source.read_exact(&mut long)?;
                size = u64::from_be_bytes(long);
                content += 8;
            } else if size == 0 {
                size = end - at;
            }
            // Without fragments the sample table gives the exact end of each sample.
            self.fragments |= &name == b"moof";
            let is_cut = at.checked_add(size).is_none_or(|stop| stop > end);
            if self.fragments && is_cut && matches!(&name, b"mdat" | b"moof") {
                self.breaks_off = Some(if &name == b"moof" { at } else { end });
                break;
            }
            if HOLDERS.contains(&&name) {
                if &name == b"trak" {
                    self.samples = self.samples();
                    self.longest = self.longest.max(self.track.sizes);
                    self.track = TrackClaims::default();
                }
                // Continue with their children.
                at = content;
                continue;
            }
            let mut word = |number: u64| -> io::Result<u32> {
                let mut bytes = [0; 4];
                source.seek(SeekFrom::Start(content + number * 4))?;
                source.read_exact(&mut bytes)?;
                Ok(u32::from_be_bytes(bytes))
            };
            match &name {
                b"hdlr" => {
                    self.track.sound |= word(2).is_ok_and(|kind| kind.to_be_bytes() == *b"soun")
                }
                b"stsz" | b"stz2" => self.track.sizes = word(2).map_or(0, u64::from),
                b"stts" => self.track.of_one = matches!((word(1), word(3)), (Ok(1), Ok(1))),
                b"trun" => self.samples = self.samples.saturating_add(word(1).map_or(0, u64::from)),
                _ => {}
            }
            let Some(next) = at.checked_add(size.max(8)) else {
                break;
            };
            at = next;
        }
        Ok(())
    }
}

/// What one track says.
#[derive(Default)]
struct TrackClaims {
    sound: bool,
    sizes: u64,
    /// All samples last one unit.
    of_one: bool,
}

impl TrackClaims {
    /// Samples that become entries: plain sound, of which every single value is a sample, is kept by its chunks.
    fn samples(&self) -> u64 {
        if self.sound && self.of_one {
            0
        } else {
            self.sizes
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).unwrap_or(0);
        [&size.to_be_bytes(), &name[..], content].concat()
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    fn track(kind: &[u8; 4], samples: u32, length: u32) -> Vec<u8> {
        let handler = [&words(&[0, 0])[..], kind, &[0; 13]].concat();
        let sizes = boxed(b"stsz", &words(&[0, 1, samples]));
        let times = boxed(b"stts", &words(&[0, 1, samples, length]));
        let table = boxed(b"minf", &boxed(b"stbl", &[times, sizes].concat()));
        boxed(
            b"trak",
            &boxed(b"mdia", &[boxed(b"hdlr", &handler), table].concat()),
        )
    }

    #[test]
    fn samples_of_all_tracks_and_fragments_are_counted() {
        let film = [
            boxed(b"ftyp", b"isom0000"),
            boxed(
                b"moov",
                &[
                    boxed(b"mvhd", &[0; 100]),
                    track(b"vide", 4_000_000_000, 512),
                    track(b"soun", 1000, 1024),
                    track(b"soun", 480_000_000, 1),
                ]
                .concat(),
            ),
            boxed(b"moof", &boxed(b"traf", &boxed(b"trun", &words(&[0, 77])))),
            boxed(b"mdat", &[9; 40]),
        ]
        .concat();
        let read = |bytes: &[u8]| {
            let mut claims = Claims::default();
            let _ = claims.read(&mut Cursor::new(bytes));
            claims
        };
        assert_eq!(read(&film).samples(), 4_000_001_077);
        assert_eq!(read(&film).breaks_off, None);
        let (fragment, samples) = (film.len() - 48 - 32, film.len() - 48);
        for length in 0..film.len() {
            let wanted = match length {
                _ if length >= samples + 8 => Some(length),
                _ if length > samples => Some(samples),
                _ if length >= fragment + 8 && length < samples => Some(fragment),
                _ => None,
            };
            let told = read(&film[..length]).breaks_off;
            assert_eq!(told, wanted.map(|at| at as u64), "{length}");
        }
    }
}
