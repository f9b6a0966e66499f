//! The segments of a JPEG file in front of its picture (ITU-T T.81, annex B).

use std::io::{self, BufRead, Seek, SeekFrom};

use crate::media::ChromaSubsampling;

/// What the segments up to the first scan say.
#[derive(Debug, Default)]
pub(super) struct JpegHeader {
    pub(super) width: u16,
    pub(super) height: u16,
    /// Bits a sample.
    pub(super) precision: u8,
    /// Horizontal and vertical sampling factor of each component.
    pub(super) sampling: Vec<(u8, u8)>,
    /// The picture comes in several scans.
    pub(super) progressive: bool,
    /// Adobe's marker is there: four-component pictures are stored inverted.
    pub(super) adobe: bool,
    pub(super) exif: Option<Vec<u8>>,
    pub(super) icc: Option<Vec<u8>>,
    pub(super) xmp: Option<Vec<u8>>,
    /// The index of the Multi-Picture Format, and its position in the file, from which its offsets count.
    pub(super) pictures_index: Option<(Vec<u8>, u64)>,
    /// The segments up to the first scan that decoding needs. Metadata is left out, because libjpeg-turbo refuses a
    /// picture with a broken profile.
    pub(super) essence: Vec<u8>,
    /// Where the first scan begins.
    pub(super) scan_at: u64,
}

const EXIF: &[u8] = b"Exif\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";
const ADOBE: &[u8] = b"Adobe";
const PICTURES_INDEX: &[u8] = b"MPF\0";

impl JpegHeader {
    /// Reads up to the first scan. `None` if there is no frame header before it.
    pub(super) fn read(reader: &mut (impl BufRead + Seek)) -> io::Result<Option<Self>> {
        let mut header = Self {
            essence: b"\xff\xd8".to_vec(),
            ..Self::default()
        };
        let mut profile: Vec<(u8, u8, Vec<u8>)> = Vec::new();
        reader.seek(SeekFrom::Start(2))?;
        let outcome = loop {
            match read_segment(reader, &mut header, &mut profile) {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        outcome?;
        header.icc = join_profile(profile);
        Ok((!header.sampling.is_empty()).then_some(header))
    }

    /// Chroma subsampling; `None` for gray, inks and uncommon factors.
    pub(super) fn subsampling(&self) -> Option<ChromaSubsampling> {
        match *self.sampling {
            [luma, (1, 1), (1, 1)] => match luma {
                (1, 1) => Some(ChromaSubsampling::Full444),
                (2, 1) => Some(ChromaSubsampling::Half422),
                (1, 2) => Some(ChromaSubsampling::Half440),
                (2, 2) => Some(ChromaSubsampling::Quarter420),
                (4, 1) => Some(ChromaSubsampling::Quarter411),
                _ => None,
            },
            _ => None,
        }
    }

    /// Number of stored samples, with chroma subsampled.
    pub(super) fn stored_samples(&self) -> u64 {
        let pixels = u64::from(self.width) * u64::from(self.height);
        let area = |&(across, down): &(u8, u8)| u64::from(across) * u64::from(down);
        let across = self.sampling.iter().map(|&(across, _)| across).max();
        let down = self.sampling.iter().map(|&(_, down)| down).max();
        let most = u64::from(across.unwrap_or(1)) * u64::from(down.unwrap_or(1));
        pixels * self.sampling.iter().map(area).sum::<u64>() / most.max(1)
    }
}

/// Reads one segment; false at the first scan.
fn read_segment(
    reader: &mut (impl BufRead + Seek),
    header: &mut JpegHeader,
    profile: &mut Vec<(u8, u8, Vec<u8>)>,
) -> io::Result<bool> {
    let marker = next_marker(reader)?;
    match marker {
        // Start of scan, end of image.
        0xda | 0xd9 => {
            header.scan_at = reader.stream_position()?.saturating_sub(2);
            return Ok(false);
        }
        // Markers without a length.
        0x01 | 0xd0..=0xd8 => return Ok(true),
        _ => {}
    }
    let mut length = [0; 2];
    reader.read_exact(&mut length)?;
    let body_length = usize::from(u16::from_be_bytes(length)).saturating_sub(2);
    let metadata = matches!(marker, 0xe1..=0xed | 0xef | 0xfe);
    if metadata && !matches!(marker, 0xe1 | 0xe2) {
        reader.seek_relative(body_length as i64)?;
        return Ok(true);
    }
    let body_at = reader.stream_position()?;
    let mut body = vec![0; body_length];
    reader.read_exact(&mut body)?;
    if !metadata {
        header.essence.extend([0xff, marker]);
        header.essence.extend(length);
        header.essence.extend(&body);
    }
    match marker {
        // "Exif", a zero and a pad byte that is not always zero.
        0xe1 if body.starts_with(EXIF) && body.len() > EXIF.len() + 1 => {
            header.exif.get_or_insert(body.split_off(EXIF.len() + 1));
        }
        0xe1 if body.starts_with(XMP) => {
            header.xmp.get_or_insert(body.split_off(XMP.len()));
        }
        0xe2 if body.starts_with(ICC) && body.len() > ICC.len() + 2 => {
            let (number, count) = (body[ICC.len()], body[ICC.len() + 1]);
            profile.push((number, count, body.split_off(ICC.len() + 2)));
        }
        0xe2 if body.starts_with(PICTURES_INDEX) => {
            let at = body_at + PICTURES_INDEX.len() as u64;
            let index = body.split_off(PICTURES_INDEX.len());
            header.pictures_index.get_or_insert((index, at));
        }
        0xee if body.starts_with(ADOBE) => header.adobe = true,
        0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf if header.sampling.is_empty() => {
            read_frame_header(header, marker, &body)
        }
        _ => {}
    }
    Ok(true)
}

/// The second byte of the next marker. Skips fill bytes and stray bytes.
fn next_marker(reader: &mut impl BufRead) -> io::Result<u8> {
    let mut byte = [0];
    loop {
        while byte[0] != 0xff {
            reader.read_exact(&mut byte)?;
        }
        while byte[0] == 0xff {
            reader.read_exact(&mut byte)?;
        }
        if byte[0] != 0 {
            return Ok(byte[0]);
        }
    }
}

fn read_frame_header(header: &mut JpegHeader, marker: u8, body: &[u8]) {
    let [precision, h1, h0, w1, w0, count, components @ ..] = body else {
        return;
    };
    header.precision = *precision;
    header.height = u16::from_be_bytes([*h1, *h0]);
    header.width = u16::from_be_bytes([*w1, *w0]);
    header.progressive = matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce);
    header.sampling = components
        .chunks_exact(3)
        .take(usize::from(*count))
        .map(|component| (component[1] >> 4, component[1] & 15))
        .collect();
}

/// Joins the parts of a profile; `None` if one is missing.
fn join_profile(mut parts: Vec<(u8, u8, Vec<u8>)>) -> Option<Vec<u8>> {
    parts.sort_by_key(|&(number, _, _)| number);
    parts.dedup_by_key(|&mut (number, _, _)| number);
    let count = parts.first()?.1;
    let complete = parts.len() == usize::from(count)
        && parts
            .iter()
            .zip(1..=count)
            .all(|((number, _, _), wanted)| *number == wanted);
    complete.then(|| parts.into_iter().flat_map(|(_, _, part)| part).collect())
}
