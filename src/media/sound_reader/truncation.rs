//! Detects truncated files that their decoder cannot detect: Ogg has no duration, only a mark on the last page, and
//! FFmpeg accepts any end of an MP4.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Whether the last page of an Ogg file is truncated or not marked as the last (RFC 3533, section 6), or the last box
/// of an MP4 is truncated (ISO/IEC 14496-12, 4.2).
pub(super) fn is_cut_short(path: &Path) -> bool {
    let read = || -> io::Result<bool> {
        let mut file = File::open(path)?;
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        let length = file.metadata()?.len();
        match &head {
            [b'O', b'g', b'g', b'S', ..] => ogg_is_cut(&mut file, length),
            [_, _, _, _, b'f', b't', b'y', b'p'] => boxes_are_cut(&mut file, length),
            _ => Ok(false),
        }
    };
    read().unwrap_or(false)
}

/// Whether a box of the outermost level claims more than the file has.
fn boxes_are_cut(file: &mut File, length: u64) -> io::Result<bool> {
    /// No real file has more.
    const MOST_BOXES: usize = 100_000;
    let mut at = 0u64;
    for _ in 0..MOST_BOXES {
        if at.saturating_add(8) > length {
            return Ok(at > length);
        }
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        let [s3, s2, s1, s0, kind @ ..] = head;
        if !kind.is_ascii() {
            return Ok(false);
        }
        let size = match u64::from(u32::from_be_bytes([s3, s2, s1, s0])) {
            0 => return Ok(false),
            1 => {
                let mut large = [0; 8];
                file.read_exact(&mut large)?;
                u64::from_be_bytes(large)
            }
            size => size,
        };
        if size < 8 {
            return Ok(false);
        }
        at = at.saturating_add(size);
    }
    Ok(false)
}

const PAGE: &[u8] = b"OggS";
const HEADER_BYTES: usize = 27;
const LONGEST_PAGE: u64 = 27 + 255 + 255 * 255;

/// Whether the last page is truncated or not marked as the last. If something else follows the pages, such as a tag,
/// the sound before it may be whole.
fn ogg_is_cut(file: &mut File, length: u64) -> io::Result<bool> {
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST_PAGE)))?;
    let mut tail = Vec::new();
    file.take(LONGEST_PAGE).read_to_end(&mut tail)?;
    let last = tail
        .windows(PAGE.len())
        .rposition(|window| window == PAGE)
        .and_then(|at| tail.get(at..));
    Ok(last.is_some_and(|page| !is_last(page)))
}

fn is_last(page: &[u8]) -> bool {
    let (Some(flags), Some(&segments)) = (page.get(5), page.get(HEADER_BYTES - 1)) else {
        return false;
    };
    let body_at = HEADER_BYTES + usize::from(segments);
    let Some(sizes) = page.get(HEADER_BYTES..body_at) else {
        return false;
    };
    let body: usize = sizes.iter().map(|&size| usize::from(size)).sum();
    flags & 4 != 0 && page.len() >= body_at + body
}
