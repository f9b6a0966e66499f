//! HEIC and AVIF in, by libheif: HEVC and AV1 pictures in ISO base media files (ISO/IEC 23008-12).
//!
//! libheif rotates, mirrors and crops the picture as the file's boxes say, so it comes out upright. The orientation in
//! the EXIF block repeats that and is ignored.

use std::io::{Cursor, Read, Seek, SeekFrom};

use libheif_rs::{
    AuxiliaryImagesFilter, Chroma, ColorPrimaries, ColorSpace, DecodingOptions, HeifContext,
    HeifError, HeifErrorCode, HeifErrorSubCode, Image, ImageHandle, LibHeif, RgbChroma,
    SecurityLimits, TransferCharacteristics,
};
use moxcms::{CicpProfile, ColorProfile};

use super::raster::{DecodedStill, PixelLayout, Raster, Samples, picture_bytes};
use super::still_file::{StillFile, StillHeader};
use super::tone_mapped::tone_mapped;
use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::color_meaning::{ToneMap, Transfer, divide_by_alpha, profile_bytes, to_bt709};
use crate::media::iso_boxes::longest_track;
use crate::media::{ChromaSubsampling, Limits, Metadata};
use crate::notice::{LeftOutPart, MediaPart};

/// What the boxes of a file say of its picture.
pub(super) fn header(source: &mut StillFile) -> Result<StillHeader> {
    let bytes = contents(source)?;
    let file = open(source, &bytes)?;
    if is_film(&bytes) && file.has_sequence() {
        return sequence_header(source, &file);
    }
    let picture = primary(source, &file)?;
    Ok(StillHeader {
        size: Size::new(picture.width(), picture.height()),
        orientation: 1,
        bit_depth: depth(&picture),
        icc: picture.color_profile_raw().is_some(),
        animated: false,
        left_out: left_out(&file, &picture, &bytes),
    })
}

/// Brands of files that are meant to be shown as a sequence of pictures (ISO/IEC 23008-12, clause 10; AV1 Image File
/// Format, section 6.3). In files of other brands a sequence stands beside the picture.
const SEQUENCE_BRANDS: [&[u8]; 6] = [b"avis", b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"];

/// The file is meant to be shown as a film, and has more than one frame.
fn is_film(bytes: &[u8]) -> bool {
    let major = bytes.get(8..12).unwrap_or_default();
    SEQUENCE_BRANDS.contains(&major) && longest_track(&mut Cursor::new(bytes)) > 1
}

fn sequence_header(source: &StillFile, file: &HeifContext) -> Result<StillHeader> {
    let nothing = || Error::damaged(source.path, "its sequence has no pictures");
    let size = file
        .track(0)
        .ok_or_else(nothing)?
        .image_resolution()
        .map_err(|problem| told(source, &problem))?;
    Ok(StillHeader {
        size: Size::new(size.width.into(), size.height.into()),
        orientation: 1,
        bit_depth: 8,
        icc: false,
        animated: true,
        left_out: Vec::new(),
    })
}

/// What the file holds besides its picture.
fn left_out(file: &HeifContext, picture: &ImageHandle, bytes: &[u8]) -> Vec<LeftOutPart> {
    let auxiliary = AuxiliaryImagesFilter::new().omit_alpha().omit_depth();
    let kinds: Vec<String> = picture
        .auxiliary_images(auxiliary)
        .iter()
        .filter_map(|image| image.auxiliary_type().ok())
        .collect();
    let of = |words: &[&str]| {
        let is = |kind: &&String| words.iter().any(|word| kind.contains(word));
        kinds.iter().filter(is).count() as u64
    };
    // An HDR picture that is derived from the picture and a gain map (ISO 21496-1).
    let tone_maps = u64::from(has_item(bytes, b"tmap"));
    let pictures = file.image_ids().len() as u64;
    let depth = u64::try_from(picture.number_of_depth_images()).unwrap_or(0);
    let counts = [
        (MediaPart::Pictures, pictures.saturating_sub(1 + tone_maps)),
        (MediaPart::PictureSequence, u64::from(file.has_sequence())),
        (MediaPart::GainMap, tone_maps.max(of(&["gainmap"]))),
        (
            MediaPart::DepthMap,
            depth.max(of(&["aux:depth", "aux:disparity"])),
        ),
        (MediaPart::Masks, of(&["matte"])),
        (MediaPart::Film, u64::from(has_box(bytes, b"mpvd"))),
    ];
    let parts = counts.map(|(part, count)| LeftOutPart { part, count });
    parts.into_iter().filter(|part| part.count > 0).collect()
}

/// Bytes at the start that hold the list of items.
const ITEM_LIST_BYTES: usize = 64 << 10;

/// True when the list of items names one of this type (ISO/IEC 14496-12, `infe`).
fn has_item(bytes: &[u8], kind: &[u8; 4]) -> bool {
    let head = bytes.get(..ITEM_LIST_BYTES).unwrap_or(bytes);
    let entries = head.windows(18).filter(|entry| entry.starts_with(b"infe"));
    // Version and flags, then the item's number of two or four bytes and its protection, then its type.
    entries
        .filter_map(|entry| match entry.get(4)? {
            2 => entry.get(12..16),
            3 => entry.get(14..18),
            _ => None,
        })
        .any(|found| found == kind)
}

/// True when a box of this name stands at the top level.
fn has_box(bytes: &[u8], name: &[u8; 4]) -> bool {
    let mut at = 0usize;
    while let Some([a, b, c, d, found @ ..]) = bytes.get(at..at.saturating_add(8)) {
        if found == name {
            return true;
        }
        let long = || {
            let size: [u8; 8] = bytes.get(at + 8..at + 16)?.try_into().ok()?;
            usize::try_from(u64::from_be_bytes(size)).ok()
        };
        let size = match u32::from_be_bytes([*a, *b, *c, *d]) {
            0 => return false,
            1 => long().unwrap_or(0),
            size => size as usize,
        };
        at = at.saturating_add(size.max(8));
    }
    false
}

/// Decodes a file whose header was read and found within the limits.
pub(super) fn decode(source: &mut StillFile, header: &StillHeader) -> Result<DecodedStill> {
    let path = source.path;
    // Planes as coded, their interleaved form, and the samples taken out of it.
    let sample_bytes = if header.bit_depth > 8 { 2 } else { 1 };
    let coded = header.size.pixels().saturating_mul(12 * sample_bytes);
    source.limits.check(
        path,
        LimitName::MemoryBytes,
        coded
            .saturating_add(picture_bytes(header.size, header.bit_depth))
            .saturating_add(source.bytes),
    )?;
    let bytes = contents(source)?;
    let file = open(source, &bytes)?;
    let picture = primary(source, &file)?;
    let (decoded, partial) = match pixels(&picture, true) {
        Ok(decoded) => (decoded, None),
        Err(problem) => match pixels(&picture, false) {
            Ok(decoded) => (decoded, Some(Error::breaks_off(path, one_line(&problem)))),
            Err(_) => return Err(told(source, &problem)),
        },
    };
    let mut metadata = metadata(&picture);
    let raster = raster(&picture, &decoded, &mut metadata)
        .ok_or_else(|| Error::damaged(path, "the picture does not have the size it says"))?;
    Ok(DecodedStill {
        raster,
        metadata,
        subsampling: subsampling(&picture),
        partial,
    })
}

/// The whole file: only libheif knows where its parts are.
fn contents(source: &mut StillFile) -> Result<Vec<u8>> {
    let (path, most) = (source.path, source.bytes);
    source
        .limits
        .check(path, LimitName::MemoryBytes, source.bytes)?;
    let mut bytes = Vec::new();
    source
        .reader
        .seek(SeekFrom::Start(0))
        .and_then(|_| source.reader.by_ref().take(most).read_to_end(&mut bytes))
        .map_err(|error| Error::read(path, error))?;
    Ok(bytes)
}

fn open<'a>(source: &StillFile, bytes: &'a [u8]) -> Result<HeifContext<'a>> {
    let opened = HeifContext::new().and_then(|mut file| {
        file.set_security_limits(&security(source.limits, &file.security_limits()))?;
        // One thread per file, because several files are decoded at a time.
        file.set_max_decoding_threads(0);
        file.read_bytes(bytes)?;
        Ok(file)
    });
    opened.map_err(|problem| told(source, &problem))
}

/// Our limits as libheif takes them. Its own limits stay where they are tighter.
fn security(limits: &Limits, own: &SecurityLimits) -> SecurityLimits {
    let mut these = *own;
    these.set_max_image_size_pixels(limits.pixels);
    these.set_max_memory_block_size(limits.memory);
    these.set_max_total_memory(limits.memory);
    these
}

fn primary(source: &StillFile, file: &HeifContext) -> Result<ImageHandle> {
    if file.image_ids().is_empty() && file.has_sequence() {
        let what = "it is a sequence of pictures without a still one";
        return Err(Error::unsupported(source.path, what));
    }
    file.primary_image_handle()
        .map_err(|problem| told(source, &problem))
}

fn depth(picture: &ImageHandle) -> u8 {
    picture.luma_bits_per_pixel().clamp(8, 16)
}

/// Interleaved samples. With `whole`, a picture that can be decoded only in part is an error.
fn pixels(picture: &ImageHandle, whole: bool) -> std::result::Result<Image, HeifError> {
    let layout = match (depth(picture) > 8, picture.has_alpha_channel()) {
        (false, false) => RgbChroma::Rgb,
        (false, true) => RgbChroma::Rgba,
        (true, false) => RgbChroma::HdrRgbLe,
        (true, true) => RgbChroma::HdrRgbaLe,
    };
    let mut options = DecodingOptions::new().ok_or_else(|| HeifError {
        code: HeifErrorCode::MemoryAllocationError,
        sub_code: HeifErrorSubCode::Unspecified,
        message: "there is no memory for its options".into(),
    })?;
    options.set_strict_decoding(whole);
    options.set_num_library_threads(1);
    options.set_num_codec_threads(1);
    // The numbers stay in the file's own primaries and transfer.
    options.set_output_image_nclx_profile_passthrough(true);
    LibHeif::new().decode(picture, ColorSpace::Rgb(layout), Some(options))
}

/// The samples of a decoded picture. Stores their profile in `metadata`.
fn raster(picture: &ImageHandle, decoded: &Image, metadata: &mut Metadata) -> Option<Raster> {
    let plane = decoded.planes().interleaved?;
    let size = Size::new(plane.width, plane.height);
    let alpha = picture.has_alpha_channel();
    let count = if alpha { 4 } else { 3 };
    let deep = depth(picture) > 8;
    let row = usize::try_from(plane.width)
        .ok()?
        .checked_mul(count * if deep { 2 } else { 1 })?;
    let rows = || {
        let rows = plane.data.chunks(plane.stride.max(1));
        rows.take(plane.height as usize)
            .map(move |line| line.get(..row).unwrap_or_default())
    };
    let mut samples = if deep {
        let most = (1u32 << plane.bits_per_pixel.clamp(8, 16)) - 1;
        let widened = |pair: &[u8]| match *pair {
            [low, high] => {
                let code = u32::from(u16::from_le_bytes([low, high])).min(most);
                ((code * 65_535 + most / 2) / most) as u16
            }
            _ => 0,
        };
        Samples::Sixteen(
            rows()
                .flat_map(|line| line.chunks_exact(2).map(widened))
                .collect(),
        )
    } else {
        Samples::Eight(rows().flatten().copied().collect())
    };
    if alpha && picture.is_premultiplied_alpha() {
        match &mut samples {
            Samples::Eight(samples) => divide_by_alpha(samples, u8::MAX),
            Samples::Sixteen(samples) => divide_by_alpha(samples, u16::MAX),
        }
    }
    if metadata.icc.is_none() {
        (samples, metadata.icc) = tagged(picture, size, samples, alpha)?;
    }
    let grey = metadata.icc.as_deref().and_then(|icc| icc.get(16..20)) == Some(b"GRAY");
    if grey {
        samples = match samples {
            Samples::Eight(samples) => Samples::Eight(greys(&samples, count)),
            Samples::Sixteen(samples) => Samples::Sixteen(greys(&samples, count)),
        };
    }
    let channels = match (grey, alpha) {
        (true, false) => PixelLayout::Grey,
        (true, true) => PixelLayout::GreyAlpha,
        (false, false) => PixelLayout::Rgb,
        (false, true) => PixelLayout::Rgba,
    };
    Some(Raster {
        size,
        channels,
        samples,
    })
}

/// One of three equal samples, and the opacity where there is one.
fn greys<T: Copy>(samples: &[T], count: usize) -> Vec<T> {
    let pixels = samples.chunks_exact(count.max(3));
    pixels
        .flat_map(|pixel| pixel.first().into_iter().chain(pixel.get(3)))
        .copied()
        .collect()
}

/// Applies the code points (ITU-T H.273) of a picture without a profile: high dynamic range becomes sRGB, and a color
/// space other than sRGB gets a profile.
fn tagged(
    picture: &ImageHandle,
    size: Size,
    samples: Samples,
    alpha: bool,
) -> Option<(Samples, Option<Vec<u8>>)> {
    let Some(tags) = picture.color_profile_nclx() else {
        return Some((samples, None));
    };
    let (primaries, transfer) = (tags.color_primaries(), tags.transfer_characteristics());
    let range = match transfer {
        TransferCharacteristics::ITU_R_BT_2100_0_PQ => Transfer::Pq,
        TransferCharacteristics::ITU_R_BT_2100_0_HLG => Transfer::Hlg,
        _ => return Some((samples, profile(primaries, transfer))),
    };
    let map = ToneMap::new(range, to_bt709(primaries as u32), None);
    let channels = if alpha {
        PixelLayout::Rgba
    } else {
        PixelLayout::Rgb
    };
    Some((tone_mapped(size, channels, &samples, &map)?, None))
}

/// A profile for these code points; `None` if they mean sRGB or nearly that, or are unknown.
fn profile(primaries: ColorPrimaries, transfer: TransferCharacteristics) -> Option<Vec<u8>> {
    use moxcms::{CicpColorPrimaries, MatrixCoefficients, TransferCharacteristics as Curve};
    let color_primaries = match primaries {
        ColorPrimaries::SMPTE_EG_432_1 => CicpColorPrimaries::Smpte432,
        ColorPrimaries::ITU_R_BT_2020_2_and_2100_0 => CicpColorPrimaries::Bt2020,
        ColorPrimaries::SMPTE_RP_431_2 => CicpColorPrimaries::Smpte431,
        _ => return None,
    };
    // Cameras that tag a video transfer curve mean a picture for displays (IEC 61966-2-1). Only linear is meant
    // literally.
    let transfer_characteristics = match transfer {
        TransferCharacteristics::Linear => Curve::Linear,
        _ if color_primaries == CicpColorPrimaries::Smpte432 => {
            return profile_bytes(&ColorProfile::new_display_p3());
        }
        _ => Curve::Srgb,
    };
    profile_bytes(&ColorProfile::new_from_cicp(CicpProfile {
        color_primaries,
        transfer_characteristics,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    }))
}

fn metadata(picture: &ImageHandle) -> Metadata {
    let mut found = Metadata {
        icc: picture.color_profile_raw().map(|profile| profile.data),
        ..Metadata::default()
    };
    for block in picture.all_metadata() {
        if block.item_type == b"Exif".into() {
            found.exif = found.exif.or_else(|| exif(&block.raw_data));
        } else if block.content_type == "application/rdf+xml" {
            found.xmp.get_or_insert(block.raw_data);
        }
    }
    found
}

/// The TIFF structure within an item, whose first four bytes are its offset.
fn exif(item: &[u8]) -> Option<Vec<u8>> {
    let (offset, rest) = item.split_first_chunk::<4>()?;
    let block = rest.get(usize::try_from(u32::from_be_bytes(*offset)).ok()?..)?;
    (!block.is_empty()).then(|| block.to_vec())
}

fn subsampling(picture: &ImageHandle) -> Option<ChromaSubsampling> {
    match picture.preferred_decoding_colorspace().ok()? {
        ColorSpace::YCbCr(Chroma::C420) => Some(ChromaSubsampling::Quarter420),
        ColorSpace::YCbCr(Chroma::C422) => Some(ChromaSubsampling::Half422),
        ColorSpace::YCbCr(Chroma::C444) => Some(ChromaSubsampling::Full444),
        _ => None,
    }
}

/// Turns libheif's error into one that the owner of the file understands.
fn told(source: &StillFile, problem: &HeifError) -> Error {
    let text = one_line(problem);
    match (problem.code, problem.sub_code) {
        (_, HeifErrorSubCode::SecurityLimitExceeded) => Error::unsupported(
            source.path,
            format!("it goes beyond a limit of libheif: {text}"),
        ),
        (HeifErrorCode::UnsupportedFeature | HeifErrorCode::UnsupportedFileType, _) => {
            Error::unsupported(source.path, text)
        }
        (HeifErrorCode::MemoryAllocationError, _) => Error::Limit {
            path: source.path.into(),
            limit: LimitName::MemoryBytes,
            found: source.limits.memory.saturating_add(1),
            allowed: source.limits.memory,
        },
        _ => Error::damaged(source.path, text),
    }
}

fn one_line(problem: &HeifError) -> String {
    let text = problem.message.split_whitespace().collect::<Vec<_>>();
    if text.is_empty() {
        return "libheif cannot read it".into();
    }
    text.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_and_boxes_are_found_by_name() {
        let item = |version: u8, id: &[u8]| -> Vec<u8> {
            let parts: [&[u8]; 4] = [
                b"\0\0\0\x1cinfe",
                &[version, 0, 0, 0],
                id,
                b"\0\0tmap\0\0\0\0",
            ];
            parts.concat()
        };
        for file in [item(2, &[0, 1]), item(3, &[0, 0, 0, 1])] {
            assert!(has_item(&file, b"tmap"));
            assert!(!has_item(&file, b"hvc1"));
            assert!(!has_item(&file[..file.len() - 8], b"tmap"));
        }
        let parts: [&[u8]; 4] = [
            b"\0\0\0\x0cftypheic",
            b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x14",
            &[7; 4],
            b"\0\0\0\x09mpvd1",
        ];
        let file = parts.concat();
        assert!(has_box(&file, b"mpvd") && has_box(&file, b"mdat"));
        assert!(!has_box(&file, b"moov"));
        for length in 0..file.len() {
            has_box(&file[..length], b"none");
        }
        assert!(!has_box(&[0; 4096], b"none"));
    }

    #[test]
    fn exif_is_found_behind_its_offset() {
        assert_eq!(exif(b"\0\0\0\x06Exif\0\0II*"), Some(b"II*".to_vec()));
        assert_eq!(exif(b"\0\0\0\0MM"), Some(b"MM".to_vec()));
        for broken in [&b""[..], b"\0\0\0", b"\0\0\0\0", b"\xff\xff\xff\xffMM"] {
            assert_eq!(exif(broken), None);
        }
        assert_eq!(greys(&[1, 1, 1, 7, 2, 2, 2, 8], 4), [1, 7, 2, 8]);
    }

    #[test]
    fn wide_primaries_get_a_profile_and_the_usual_ones_none() {
        let srgb = TransferCharacteristics::IEC_61966_2_1;
        assert!(profile(ColorPrimaries::ITU_R_BT_709_5, srgb).is_none());
        let wide = profile(ColorPrimaries::SMPTE_EG_432_1, srgb);
        let wide = wide.map(|icc| crate::media::color_meaning::rgb_color_space(Some(&icc)));
        assert!(matches!(wide, Some(crate::picture::ColorSpace::Icc(_))));
    }
}
