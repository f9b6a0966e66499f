//! What the blocks of an animated GIF tell before decoding: FFmpeg tells neither its length nor that it is cut short.
//!
//! Format: GIF89a specification.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Hundredths of a second below which FFmpeg, like browsers, takes another delay, and which.
const SHORTEST: u16 = 2;
const INSTEAD: u16 = 10;

/// The sum of all frames of an animation in a still's format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Animation {
    /// Pictures.
    pub frames: u64,
    /// Units of a second that times are counted in.
    pub units: i64,
    /// Units that all frames last together.
    pub duration: i64,
    /// Shortest and longest delay of all but the last picture.
    pub steps: Option<(i64, i64)>,
    /// How often it is played; 0 is without end.
    pub plays: Option<u32>,
    /// The end's mark is there.
    pub complete: bool,
    /// The delay of the latest picture.
    last: Option<i64>,
}

impl Animation {
    /// Nothing yet, counted in so many units of a second.
    pub fn new(units: i64) -> Self {
        Self {
            units,
            ..Self::default()
        }
    }

    /// Counts a picture that is shown for `length` units.
    pub fn add(&mut self, length: i64) {
        self.frames += 1;
        self.duration = self.duration.saturating_add(length);
        if let Some(step) = self.last.replace(length) {
            let (least, most) = self.steps.unwrap_or((step, step));
            self.steps = Some((least.min(step), most.max(step)));
        }
    }

    /// Reads the blocks of a GIF `file`, as far as they go, and leaves it at its start.
    pub fn read_gif(file: &mut File) -> io::Result<Self> {
        let mut blocks = Self {
            plays: Some(1),
            ..Self::new(100)
        };
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
                    } else if label == 0xFF && length == 11 {
                        let name: [u8; 11] = take(source)?;
                        if &name == b"NETSCAPE2.0" {
                            self.plays = Some(take_plays(source)?);
                            continue;
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
                    self.add(i64::from(std::mem::replace(&mut delay, INSTEAD)));
                }
                trailer => {
                    self.complete = trailer == 0x3B;
                    return Ok(());
                }
            }
        }
    }
}

/// How often the animation is played, by the blocks of Netscape's extension: it is repeated so often after the first
/// time, 0 is without end.
fn take_plays(source: &mut (impl Read + Seek)) -> io::Result<u32> {
    let [length] = take(source)?;
    let mut plays = 1;
    if length == 3 {
        let [kind, low, high] = take(source)?;
        if kind & 7 == 1 {
            let repeats = u32::from(u16::from_le_bytes([low, high]));
            plays = if repeats == 0 { 0 } else { repeats + 1 };
        }
    } else {
        source.seek_relative(i64::from(length))?;
    }
    if length > 0 {
        skip_blocks(source)?;
    }
    Ok(plays)
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
