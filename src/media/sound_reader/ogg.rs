//! Whether an Ogg file is whole: its pages do not say how long the sound is, only which of them is the last.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

const PAGE: &[u8] = b"OggS";
const HEADER_BYTES: usize = 27;
const LONGEST_PAGE: u64 = 27 + 255 + 255 * 255;

/// True for an Ogg file whose last page is cut or not marked as the last (RFC 3533, section 6).
pub(super) fn breaks_off(path: &Path) -> bool {
    matches!(last_page(path), Ok(Some(false)))
}

/// Whether the last page is whole and marked as the last; `None` for what is no Ogg file, and where something else
/// follows the pages, such as a tag: the sound before it may well be whole.
fn last_page(path: &Path) -> io::Result<Option<bool>> {
    let mut file = File::open(path)?;
    let mut magic = [0; 4];
    file.read_exact(&mut magic)?;
    if magic != PAGE {
        return Ok(None);
    }
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST_PAGE)))?;
    let mut tail = Vec::new();
    file.take(LONGEST_PAGE).read_to_end(&mut tail)?;
    Ok(tail
        .windows(PAGE.len())
        .rposition(|window| window == PAGE)
        .and_then(|at| tail.get(at..))
        .map(is_complete))
}

fn is_complete(page: &[u8]) -> bool {
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
