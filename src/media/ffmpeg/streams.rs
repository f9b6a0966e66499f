//! Stream headers as plain data.

use std::ffi::CStr;
use std::ptr;

use ffmpeg::ffi;
use ffmpeg_next as ffmpeg;

use super::hevc_opacity::{LayerColors, opacity_layer};
use super::library::rational;
use super::light_tags::light_of_stream;
use crate::geometry::Size;
use crate::media::color_meaning::{ColorTags, LightLevels};
use crate::time::Rational;

/// Kind of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) enum StreamKind {
    /// Moving pictures.
    Video,
    /// Sound.
    Audio,
    /// Cover art, subtitles, data.
    Other,
}

/// An alpha channel stored outside the pictures of the codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) enum HiddenOpacity {
    /// VP8 or VP9: a second picture in the BlockAdditions of Matroska.
    BlockAdditions,
    /// HEVC: an auxiliary layer.
    Layer(LayerColors),
    /// AVIF: the stream of this number, in gray.
    Stream(usize),
}

/// Headers of one stream, with FFmpeg's numbers unchecked.
#[derive(Debug, Clone)]
pub(in crate::media) struct Stream {
    pub kind: StreamKind,
    /// Flagged as the default stream.
    pub default: bool,
    /// `h264`, `aac` …
    pub codec: String,
    /// FFmpeg has a decoder for it.
    pub decodable: bool,
    pub time_base: Rational,
    /// First timestamp, in units of the time base.
    pub start: Option<i64>,
    /// In units of the time base.
    pub duration: Option<i64>,
    pub frames: Option<u64>,
    pub average_rate: Option<Rational>,
    pub base_rate: Option<Rational>,
    pub coded: Size,
    pub sample_aspect: Option<Rational>,
    /// The 3×3 display matrix, 16.16 fixed point.
    pub matrix: Option<[i32; 9]>,
    /// Bits per sample; 0 when unknown.
    pub bit_depth: u8,
    /// Bits per pixel over all components; 0 when unknown.
    pub bits_per_pixel: u32,
    /// Code points of ITU-T H.273.
    pub primaries: u32,
    pub transfer: u32,
    pub color_matrix: u32,
    pub full_range: bool,
    /// How bright it is meant to be.
    pub light: LightLevels,
    /// Set if the headers say that frames are interlaced; true if the top field comes first.
    pub fields_top_first: Option<bool>,
    /// Each coded picture is one field of a frame.
    pub codes_fields: bool,
    /// An alpha channel outside the codec's own pictures.
    pub opacity: Option<HiddenOpacity>,
    /// AV1 without color.
    pub is_gray: bool,
    /// The stream is the alpha channel of another one.
    pub is_opacity: bool,
    pub sample_rate: u32,
    pub channels: u16,
    /// Encoder delay in samples, dropped at the start.
    pub initial_padding: u32,
    /// Summary of the sample table, for containers that have a complete one (MP4).
    pub index: Option<Index>,
}

/// Summary of a sample table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) struct Index {
    /// Visible samples: without those that an edit list cuts.
    pub shown: u64,
    /// All samples.
    pub all: u64,
    /// Shortest and longest step between decode times.
    pub steps: (i64, i64),
    /// Decode time of the last visible sample.
    pub last: i64,
    /// End of the last sample in the file, in bytes.
    pub end: u64,
}

impl Stream {
    /// Color tags of the container or the first frames.
    pub fn color_tags(&self) -> ColorTags {
        ColorTags {
            primaries: self.primaries,
            transfer: self.transfer,
            matrix: self.color_matrix,
            full_range: self.full_range,
            light: self.light,
        }
    }
}

fn positive(value: i64) -> Option<i64> {
    (value > 0).then_some(value)
}

/// Reads the headers of `stream`. `indexed` says that its sample table is complete.
///
/// # Safety
/// `stream` points to a stream of an open input that nothing else uses meanwhile.
pub(super) unsafe fn describe(stream: *mut ffi::AVStream, indexed: bool) -> Stream {
    // SAFETY: the caller vouches for `stream`; FFmpeg keeps `codecpar` valid for the life of the stream. Enums that
    // come from the file are read as integers, for a hostile file may hold values that the binding does not list.
    unsafe {
        let parameters = (*stream).codecpar;
        let kind = match (*parameters).codec_type {
            ffi::AVMediaType::AVMEDIA_TYPE_VIDEO => {
                let still = ffi::AV_DISPOSITION_ATTACHED_PIC
                    | ffi::AV_DISPOSITION_TIMED_THUMBNAILS
                    | ffi::AV_DISPOSITION_STILL_IMAGE;
                if (*stream).disposition & still == 0 {
                    StreamKind::Video
                } else {
                    StreamKind::Other
                }
            }
            ffi::AVMediaType::AVMEDIA_TYPE_AUDIO => StreamKind::Audio,
            _ => StreamKind::Other,
        };
        let codec = (*parameters).codec_id;
        let name = ffi::avcodec_get_name(codec);
        let (depth, bits) = pixel_depth((*parameters).format, kind);
        let side = |value: i32| u32::try_from(value).unwrap_or(0);
        Stream {
            kind,
            default: (*stream).disposition & ffi::AV_DISPOSITION_DEFAULT != 0,
            codec: if name.is_null() {
                "unknown".into()
            } else {
                CStr::from_ptr(name).to_string_lossy().into_owned()
            },
            decodable: !ffi::avcodec_find_decoder(codec).is_null(),
            time_base: rational((*stream).time_base)
                .filter(|base| *base > Rational::ZERO)
                .unwrap_or(Rational::ONE),
            start: Some((*stream).start_time).filter(|start| *start != ffi::AV_NOPTS_VALUE),
            duration: positive((*stream).duration),
            frames: positive((*stream).nb_frames).and_then(|frames| u64::try_from(frames).ok()),
            average_rate: rational((*stream).avg_frame_rate),
            base_rate: rational((*stream).r_frame_rate),
            coded: Size::new(side((*parameters).width), side((*parameters).height)),
            sample_aspect: rational((*stream).sample_aspect_ratio)
                .filter(|aspect| *aspect > Rational::ZERO)
                .or_else(|| rational((*parameters).sample_aspect_ratio)),
            matrix: display_matrix(stream),
            bit_depth: match (*parameters).bits_per_raw_sample {
                raw @ 1..=32 => raw as u8,
                _ => depth,
            },
            bits_per_pixel: bits,
            primaries: ptr::addr_of!((*parameters).color_primaries)
                .cast::<u32>()
                .read(),
            transfer: ptr::addr_of!((*parameters).color_trc).cast::<u32>().read(),
            color_matrix: ptr::addr_of!((*parameters).color_space)
                .cast::<u32>()
                .read(),
            full_range: ptr::addr_of!((*parameters).color_range)
                .cast::<u32>()
                .read()
                == ffi::AVColorRange::AVCOL_RANGE_JPEG as u32,
            light: light_of_stream(stream),
            fields_top_first: top_first(
                ptr::addr_of!((*parameters).field_order)
                    .cast::<u32>()
                    .read(),
            ),
            // Known from the first packet alone.
            codes_fields: false,
            opacity: hidden_opacity(stream),
            is_gray: is_gray_av1(stream),
            is_opacity: false,
            sample_rate: side((*parameters).sample_rate),
            channels: u16::try_from((*parameters).channels).unwrap_or(0),
            initial_padding: side((*parameters).initial_padding),
            index: indexed.then(|| index(stream)).flatten().filter(|index| {
                // A fragmented film has only indexed its first fragments yet.
                u64::try_from((*stream).nb_frames).is_ok_and(|frames| index.all <= frames)
            }),
        }
    }
}

/// Finds the alpha channels of AVIF sequences: AV1 in gray with as many frames of the same size as one in color. FFmpeg
/// does not tell the handler (`auxv`) that says so.
pub(super) fn find_opacity_streams(streams: &mut [Stream]) {
    let is_film = |stream: &Stream| {
        let many = stream.frames.is_some_and(|frames| frames > 1);
        stream.kind == StreamKind::Video && stream.codec == "av1" && many
    };
    let films: Vec<usize> = (0..streams.len())
        .filter(|number| streams.get(*number).is_some_and(is_film))
        .collect();
    let [first, second] = *films.as_slice() else {
        return;
    };
    let Ok([color, gray]) = streams.get_disjoint_mut([first, second]) else {
        return;
    };
    let alike = (color.coded, color.frames) == (gray.coded, gray.frames);
    if alike && !color.is_gray && gray.is_gray {
        color.opacity = Some(HiddenOpacity::Stream(second));
        gray.is_opacity = true;
    }
}

/// # Safety
/// As [`describe`].
unsafe fn hidden_opacity(stream: *mut ffi::AVStream) -> Option<HiddenOpacity> {
    // SAFETY: metadata and extradata belong to the stream; the length is FFmpeg's own.
    unsafe {
        let entry = ffi::av_dict_get((*stream).metadata, c"alpha_mode".as_ptr(), ptr::null(), 0);
        if !entry.is_null() && CStr::from_ptr((*entry).value) == c"1" {
            return Some(HiddenOpacity::BlockAdditions);
        }
        let parameters = (*stream).codecpar;
        let length = usize::try_from((*parameters).extradata_size).unwrap_or(0);
        let is_hevc = (*parameters).codec_id == ffi::AVCodecID::AV_CODEC_ID_HEVC;
        if !is_hevc || length == 0 || (*parameters).extradata.is_null() {
            return None;
        }
        let bytes = std::slice::from_raw_parts((*parameters).extradata, length);
        opacity_layer(bytes).map(HiddenOpacity::Layer)
    }
}

/// True if the configuration record of AV1 says that there is no color (AV1 in ISO media, section 2.3.3).
///
/// # Safety
/// As [`describe`].
unsafe fn is_gray_av1(stream: *mut ffi::AVStream) -> bool {
    // SAFETY: extradata belongs to the stream; the length is FFmpeg's own.
    unsafe {
        let parameters = (*stream).codecpar;
        let length = usize::try_from((*parameters).extradata_size).unwrap_or(0);
        let is_av1 = (*parameters).codec_id == ffi::AVCodecID::AV_CODEC_ID_AV1;
        if !is_av1 || length == 0 || (*parameters).extradata.is_null() {
            return false;
        }
        let bytes = std::slice::from_raw_parts((*parameters).extradata, length);
        matches!(bytes, [0x81, _, flags, ..] if flags & 0x10 != 0)
    }
}

/// Which field is shown first, by an `AVFieldOrder`.
fn top_first(order: u32) -> Option<bool> {
    use ffi::AVFieldOrder::{AV_FIELD_BB, AV_FIELD_BT, AV_FIELD_TB, AV_FIELD_TT};
    // The second letter is the field that is shown first.
    if [AV_FIELD_TT as u32, AV_FIELD_BT as u32].contains(&order) {
        return Some(true);
    }
    [AV_FIELD_BB as u32, AV_FIELD_TB as u32]
        .contains(&order)
        .then_some(false)
}

/// Bits per sample and per pixel of a pixel format; zeros if there is none.
///
/// # Safety
/// None beyond FFmpeg's: the number is looked up, and unknown numbers give a null pointer.
unsafe fn pixel_depth(format: i32, kind: StreamKind) -> (u8, u32) {
    if kind == StreamKind::Audio || format < 0 || format >= ffi::AVPixelFormat::AV_PIX_FMT_NB as i32
    {
        return (0, 0);
    }
    // SAFETY: `format` is in the range of the enum, which has no gaps; the descriptor is static.
    unsafe {
        let format = std::mem::transmute::<i32, ffi::AVPixelFormat>(format);
        let descriptor = ffi::av_pix_fmt_desc_get(format);
        if descriptor.is_null() {
            return (0, 0);
        }
        let bits = ffi::av_get_padded_bits_per_pixel(descriptor);
        (
            u8::try_from((*descriptor).comp[0].depth).unwrap_or(0),
            u32::try_from(bits).unwrap_or(0),
        )
    }
}

/// # Safety
/// As [`describe`].
unsafe fn display_matrix(stream: *mut ffi::AVStream) -> Option<[i32; 9]> {
    // SAFETY: the side data belongs to the stream; its size is checked before it is read.
    unsafe {
        let mut bytes = 0;
        let data = ffi::av_stream_get_side_data(
            stream,
            ffi::AVPacketSideDataType::AV_PKT_DATA_DISPLAYMATRIX,
            &mut bytes,
        );
        (!data.is_null() && bytes >= size_of::<[i32; 9]>())
            .then(|| data.cast::<[i32; 9]>().read_unaligned())
    }
}

/// # Safety
/// As [`describe`].
unsafe fn index(stream: *mut ffi::AVStream) -> Option<Index> {
    // SAFETY: entries are read one by one before anything else touches the stream.
    unsafe {
        let count = ffi::avformat_index_get_entries_count(stream);
        let mut sum = Index {
            shown: 0,
            all: 0,
            steps: (i64::MAX, 0),
            last: 0,
            end: 0,
        };
        let mut before: Option<i64> = None;
        for number in 0..count {
            let entry = ffi::avformat_index_get_entry(stream, number);
            if entry.is_null() {
                break;
            }
            sum.all += 1;
            let end = (*entry).pos.saturating_add(i64::from((*entry).size()));
            sum.end = sum.end.max(u64::try_from(end).unwrap_or(0));
            if (*entry).flags() & ffi::AVINDEX_DISCARD_FRAME != 0 {
                continue;
            }
            sum.shown += 1;
            let time = (*entry).timestamp;
            if let Some(before) = before {
                let step = time.saturating_sub(before);
                sum.steps = (sum.steps.0.min(step), sum.steps.1.max(step));
            }
            sum.last = time;
            before = Some(time);
        }
        (sum.all > 0).then_some(sum)
    }
}
