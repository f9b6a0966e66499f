//! What the blocks of an animated GIF tell before decoding: FFmpeg tells neither its length nor that it is cut short.
//!
//! Format: GIF89a specification.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Hundredths of a second below which FFmpeg, like browsers, takes another delay, and which.
const SHORTEST: u16 = 2;
const INSTEAD: u16 = 10;

/// The sum of all blocks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct GifBlocks {
    /// Pictures.
    pub frames: u64,
    /// Hundredths of a second.
    pub duration: i64,
    /// Shortest and longest delay of all but the last picture.
    pub steps: Option<(i64, i64)>,
    /// The trailer is there.
    pub complete: bool,
}

impl GifBlocks {
    /// Reads the blocks of `file`, as far as they go, and leaves it at its start.
    pub fn read(file: &mut File) -> io::Result<Self> {
        let mut blocks = Self::default();
        let mut source = BufReader::new(&mut *file);
        match blocks.walk(&mut source) {
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
            _ => {}
        }
        file.rewind()?;
        Ok(blocks)
    }

    fn walk(&mut self, source: &mut BufReader<&mut File>) -> io::Result<()> {
        source.seek(SeekFrom::Start(6))?;
        let screen: [u8; 7] = take(source)?;
        skip_palette(source, screen[4])?;
        let mut delay = INSTEAD;
        let mut before = None;
        loop {
            let [kind] = take(source)?;
            match kind {
                0x21 => {
                    let [label] = take(source)?;
                    let [length] = take(source)?;
                    if label == 0xF9 && length == 4 {
                        let [_, low, high, _] = take(source)?;
                        delay = u16::from_le_bytes([low, high]);
                        if delay < SHORTEST {
                            delay = INSTEAD;
                        }
                    } else {
                        source.seek_relative(i64::from(length))?;
                    }
                    // A block without content ends them.
                    if length > 0 {
                        skip_blocks(source)?;
                    }
                }
                0x2C => {
                    let descriptor: [u8; 9] = take(source)?;
                    skip_palette(source, descriptor[8])?;
                    let [_code_size] = take(source)?;
                    skip_blocks(source)?;
                    self.frames += 1;
                    let length = i64::from(std::mem::replace(&mut delay, INSTEAD));
                    self.duration += length;
                    if let Some(step) = before.replace(length) {
                        let (least, most) = self.steps.unwrap_or((step, step));
                        self.steps = Some((least.min(step), most.max(step)));
                    }
                }
                trailer => {
                    self.complete = trailer == 0x3B;
                    return Ok(());
                }
            }
        }
    }
}

fn take<const COUNT: usize>(source: &mut impl Read) -> io::Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip_palette(source: &mut impl Seek, flags: u8) -> io::Result<()> {
    if flags & 0x80 != 0 {
        source.seek_relative(3 << ((flags & 7) + 1))?;
    }
    Ok(())
}

fn skip_blocks(source: &mut (impl Read + Seek)) -> io::Result<()> {
    loop {
        let [length] = take(source)?;
        if length == 0 {
            return Ok(());
        }
        source.seek_relative(i64::from(length))?;
    }
}
