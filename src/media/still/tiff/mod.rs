//! TIFF and BigTIFF in: the first page, whatever its kind.
//!
//! The `image` crate reads grey and RGB only, and turns inks into RGB itself, without the profile that says what they
//! look like; FFmpeg reads neither inks, L*a*b*, JPEG nor grey with opacity. So the directories and the order of
//! samples are read here, and libraries undo the compressions (flate2, weezl, ruzstd, lzma-rust2, hayro-ccitt,
//! libjpeg-turbo, image-webp).
//!
//! - [`directory`]: pages and the values of their tags.
//! - [`layout`]: what the tags say together; kinds that are not read are refused here by name.
//! - [`chunks`]: strips and tiles into samples, by [`compression`], [`fax`] and [`samples`]; those that are pictures of
//!   their own by [`jpeg_chunk`] and [`webp_chunk`].
//! - [`colors`]: samples into grey, RGB or inks.
//! - [`camera_data`]: what the tags say of the picture's making, as EXIF.

mod camera_data;
mod chunk_picture;
mod chunks;
mod colors;
mod compression;
mod directory;
mod fax;
mod jpeg_chunk;
mod layout;
mod samples;
mod webp_chunk;

use self::directory::TiffFile;
use self::layout::TiffLayout;
use super::raster::{DecodedStill, Raster, picture_bytes};
use super::still_file::{StillFile, StillHeader};
use crate::error::Result;
use crate::media::Metadata;
use crate::notice::{LeftOutPart, MediaPart};

const ORIENTATION: u16 = 274;
const XMP: u16 = 700;
const ICC_PROFILE: u16 = 34_675;

/// What the first page says.
pub(super) fn header(source: &StillFile) -> Result<StillHeader> {
    let mut file = TiffFile::open(source)?;
    let pages = file.pages()?;
    let page = &pages.first;
    let layout = TiffLayout::read(&mut file, page)?;
    let orientation = file.number(page, ORIENTATION)?.unwrap_or(1);
    Ok(StillHeader {
        size: layout.size,
        orientation: u8::try_from(orientation)
            .ok()
            .filter(|turn| (1..=8).contains(turn))
            .unwrap_or(1),
        bit_depth: layout.bit_depth(),
        icc: page.has(ICC_PROFILE),
        animated: false,
        left_out: more_pages(pages.count),
    })
}

/// Pages that are not shown.
fn more_pages(count: usize) -> Vec<LeftOutPart> {
    let count = (count as u64).saturating_sub(1);
    let part = MediaPart::Pages;
    match count {
        0 => Vec::new(),
        count => vec![LeftOutPart { part, count }],
    }
}

/// Decodes the first page of a file whose header was read and found within the limits.
pub(super) fn decode(source: &StillFile, header: &StillHeader) -> Result<DecodedStill> {
    let mut file = TiffFile::open(source)?;
    let page = file.pages()?.first;
    let layout = TiffLayout::read(&mut file, &page)?;
    let further = picture_bytes(header.size, header.bit_depth);
    let icc = file.block(&page, ICC_PROFILE)?;
    let xmp = file.block(&page, XMP)?;
    let exif = camera_data::exif(&mut file, &page);
    let stored = chunks::read(&mut file, &layout, further)?;
    let converted = colors::convert(&layout, stored.samples, icc.as_deref());
    Ok(DecodedStill {
        raster: Raster {
            size: layout.size,
            channels: converted.channels,
            samples: converted.samples,
        },
        metadata: Metadata {
            exif,
            icc: icc.filter(|_| !converted.left_profile),
            xmp,
            ..Metadata::default()
        },
        subsampling: None,
        partial: stored.problem,
    })
}
