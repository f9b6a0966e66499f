//! What the first bytes of a container say before FFmpeg opens it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

/// Reads the bytes from `start` into `head` and rewinds the file. Returns the number of bytes read.
pub(super) fn read_head(file: &mut File, start: u64, head: &mut [u8]) -> io::Result<usize> {
    file.seek(SeekFrom::Start(start))?;
    let mut read = 0;
    while read < head.len() {
        match file.read(&mut head[read..]) {
            Ok(0) => break,
            Ok(bytes) => read += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    file.rewind()?;
    Ok(read)
}

/// True for the first bytes of a container we read. If FFmpeg then fails to open it, the file is damaged rather than of
/// an unknown kind.
pub(super) fn known_magic(head: &[u8]) -> bool {
    let at = |place: usize, magic: &[u8]| head.get(place..place + magic.len()) == Some(magic);
    is_iso(head)
        || at(0, &[0x1A, 0x45, 0xDF, 0xA3])
        || at(0, b"RIFF")
        || at(0, b"OggS")
        || at(0, b"FLV")
        || at(0, b"fLaC")
        || at(0, b"ID3")
        || at(0, b"GIF8")
}

/// The file size that the outermost RIFF chunk or Matroska segment claims; 0 if it claims none.
pub(super) fn claimed_bytes(head: &[u8]) -> u64 {
    if let Some([b'R', b'I', b'F', b'F', size @ ..]) = head.first_chunk::<8>() {
        // A writer to a pipe cannot go back to fill in the size, so it leaves the largest number.
        return match u32::from_le_bytes(*size) {
            u32::MAX => 0,
            size => u64::from(size) + 8,
        };
    }
    // EBML (RFC 8794): an element is its id, its size as a variable-length integer, and its content.
    let ebml_size = |at: usize| -> Option<(u64, usize)> {
        let first = *head.get(at)?;
        let length = first.leading_zeros() as usize + 1;
        let bytes = head.get(at..at + length)?;
        let value = bytes[1..].iter().fold(
            u64::from(first) & ((1 << (8 - length)) - 1),
            |value, byte| value << 8 | u64::from(*byte),
        );
        let unknown = value == (1 << (7 * length)) - 1;
        (!unknown).then_some((value, at + length))
    };
    let segment = || {
        (head.first_chunk() == Some(&[0x1A, 0x45, 0xDF, 0xA3])).then_some(())?;
        let (size, content) = ebml_size(4)?;
        let at = content.checked_add(usize::try_from(size).ok()?)?;
        (head.get(at..at + 4)? == [0x18, 0x53, 0x80, 0x67]).then_some(())?;
        let (size, content) = ebml_size(at + 4)?;
        size.checked_add(content as u64)
    };
    segment().unwrap_or(0)
}

/// An RF64 whose writer could not go back to fill in its lengths (EBU Tech 3306: `ds64` holds the sizes of the file and
/// of the sound, and the number of samples).
pub(super) fn is_open_rf64(head: &[u8]) -> bool {
    let ds64 = head.starts_with(b"RF64") && head.get(12..16) == Some(b"ds64");
    ds64 && head.get(28..36) == Some(&[0; 8])
}

/// The file begins with a box of ISO media.
pub(super) fn is_iso(head: &[u8]) -> bool {
    const FIRST: [&[u8]; 9] = [
        b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"pnot",
    ];
    head.get(4..8).is_some_and(|name| FIRST.contains(&name))
}

/// One short name for FFmpeg's list of aliases.
pub(super) fn container_name(names: &str, head: &[u8]) -> String {
    let has = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    match names.split(',').next().unwrap_or(names) {
        "mov" if head.get(8..12) == Some(b"qt  ") => "mov".into(),
        "mov" if head.get(8..12) == Some(b"avis") => "avif".into(),
        "mov" if matches!(head.get(8..11), Some(b"hev" | b"msf")) => "heic".into(),
        "mov" => "mp4".into(),
        "matroska" if has(b"webm") => "webm".into(),
        "matroska" => "mkv".into(),
        "mpegts" => "mpeg-ts".into(),
        name => name.into(),
    }
}
