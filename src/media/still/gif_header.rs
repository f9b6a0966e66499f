//! The blocks of a GIF file (GIF89a specification): its size and whether it is animated.

use std::io::{self, BufRead, Seek, SeekFrom};

/// What the blocks say.
#[derive(Debug)]
pub(super) struct GifHeader {
    pub(super) width: u16,
    pub(super) height: u16,
    /// There is more than one picture.
    pub(super) animated: bool,
}

impl GifHeader {
    /// Reads up to the second picture or the end.
    pub(super) fn read(reader: &mut (impl BufRead + Seek)) -> io::Result<Self> {
        reader.seek(SeekFrom::Start(6))?;
        let mut screen = [0; 7];
        reader.read_exact(&mut screen)?;
        let [w0, w1, h0, h1, flags, ..] = screen;
        skip_palette(reader, flags)?;
        let animated = match count_pictures(reader) {
            Ok(pictures) => pictures > 1,
            // The file breaks off within its first picture.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => false,
            Err(error) => return Err(error),
        };
        Ok(Self {
            width: u16::from_le_bytes([w0, w1]),
            height: u16::from_le_bytes([h0, h1]),
            animated,
        })
    }
}

/// Counts pictures up to 2.
fn count_pictures(reader: &mut (impl BufRead + Seek)) -> io::Result<u32> {
    let mut pictures = 0;
    loop {
        match read_byte(reader)? {
            0x2c => {
                pictures += 1;
                if pictures > 1 {
                    return Ok(pictures);
                }
                let mut descriptor = [0; 9];
                reader.read_exact(&mut descriptor)?;
                skip_palette(reader, descriptor[8])?;
                // The code size of the data that follows.
                read_byte(reader)?;
                skip_blocks(reader)?;
            }
            0x21 => {
                read_byte(reader)?;
                skip_blocks(reader)?;
            }
            // The trailer, or a block of no known kind: what follows is not read.
            _ => return Ok(pictures),
        }
    }
}

fn skip_palette(reader: &mut impl Seek, flags: u8) -> io::Result<()> {
    if flags & 0x80 != 0 {
        reader.seek_relative(3 << ((flags & 7) + 1))?;
    }
    Ok(())
}

fn skip_blocks(reader: &mut (impl BufRead + Seek)) -> io::Result<()> {
    loop {
        let length = read_byte(reader)?;
        if length == 0 {
            return Ok(());
        }
        reader.seek_relative(i64::from(length))?;
    }
}

fn read_byte(reader: &mut impl BufRead) -> io::Result<u8> {
    let mut byte = [0];
    reader.read_exact(&mut byte)?;
    Ok(byte[0])
}
