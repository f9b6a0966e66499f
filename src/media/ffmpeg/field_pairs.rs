//! Fields that are coded as pictures of their own (HEVC), woven into frames.
//!
//! FFmpeg 5.1 decodes each field of such a film into a picture of half the height and flags it with its parity. Two
//! fields of different parity in a row are a frame; a field without its other one is left out.

use ffmpeg::{Packet, codec, ffi, frame};
use ffmpeg_next as ffmpeg;

use super::decoded_frame::DecodedFrame;

/// The first field of a frame, while the second is decoded.
#[derive(Default)]
pub(super) struct FieldPairs {
    first: Option<DecodedFrame>,
}

impl FieldPairs {
    /// Adds the next field. Gives a frame if it was the second one.
    pub fn push(&mut self, second: DecodedFrame) -> Option<DecodedFrame> {
        let Some(first) = self.first.take() else {
            self.first = Some(second);
            return None;
        };
        match weave(&first.frame, &second.frame) {
            Some(frame) => Some(DecodedFrame {
                frame,
                time: first.time,
                end: second.end,
                key: first.key,
            }),
            None => {
                self.first = Some(second);
                None
            }
        }
    }
}

/// One frame of two fields. `None` if they do not belong together.
fn weave(first: &frame::Video, second: &frame::Video) -> Option<frame::Video> {
    let top_first = first.is_top_first();
    let fields = first.is_interlaced() && second.is_interlaced();
    if !fields || top_first == second.is_top_first() {
        return None;
    }
    let mut woven = frame::Video::empty();
    // SAFETY: the geometry is set before the buffer is made, and the buffer is checked; both fields come from the
    // decoder, so their planes are as large as format and size say. The size is compared, and it is even, so that each
    // plane of a field has half the lines of the frame's.
    unsafe {
        let (fields, to) = ([first.as_ptr(), second.as_ptr()], woven.as_mut_ptr());
        let kind = |field: *const ffi::AVFrame| ((*field).width, (*field).height, (*field).format);
        let (width, height, format) = kind(fields[0]);
        if to.is_null() || kind(fields[1]) != (width, height, format) || height % 2 != 0 {
            return None;
        }
        (*to).width = width;
        (*to).height = height.checked_mul(2)?;
        (*to).format = format;
        if ffi::av_frame_get_buffer(to, 64) < 0 || ffi::av_frame_copy_props(to, fields[0]) < 0 {
            return None;
        }
        (*to).interlaced_frame = 1;
        (*to).top_field_first = i32::from(top_first);
        let format: ffi::AVPixelFormat = first.format().into();
        let descriptor = ffi::av_pix_fmt_desc_get(format).as_ref()?;
        for plane in 0..usize::try_from(ffi::av_pix_fmt_count_planes(format))
            .ok()?
            .min(4)
        {
            let number = i32::try_from(plane).ok()?;
            let bytes = ffi::av_image_get_linesize(format, width, number);
            let is_chroma = plane == 1 || plane == 2;
            let lines = height
                >> if is_chroma {
                    descriptor.log2_chroma_h
                } else {
                    0
                };
            for (field, is_top) in fields.into_iter().zip([top_first, !top_first]) {
                let stride = (*to).linesize[plane];
                let line = if is_top {
                    0
                } else {
                    isize::try_from(stride).ok()?
                };
                ffi::av_image_copy_plane(
                    (*to).data[plane].offset(line),
                    stride.checked_mul(2)?,
                    (*field).data[plane],
                    (*field).linesize[plane],
                    bytes,
                    lines,
                );
            }
        }
    }
    Some(woven)
}

/// True if the pictures of an HEVC stream are fields, by its first packet.
pub(super) fn codes_fields(parameters: codec::Parameters, packet: &Packet) -> bool {
    let Ok(mut context) = codec::Context::from_parameters(parameters) else {
        return false;
    };
    let Some(data) = packet.data() else {
        return false;
    };
    let Ok(length) = i32::try_from(data.len()) else {
        return false;
    };
    // SAFETY: the parser is made and freed here; the data of a packet that FFmpeg read has padding behind it; what the
    // parser gives out points into that data and is not used. The enum is read as an integer.
    unsafe {
        let parser = ffi::av_parser_init(ffi::AVCodecID::AV_CODEC_ID_HEVC as i32);
        if parser.is_null() {
            return false;
        }
        (*parser).flags |= ffi::PARSER_FLAG_COMPLETE_FRAMES;
        let (mut out, mut size) = (std::ptr::null_mut(), 0);
        ffi::av_parser_parse2(
            parser,
            context.as_mut_ptr(),
            &mut out,
            &mut size,
            data.as_ptr(),
            length,
            0,
            0,
            0,
        );
        let structure = std::ptr::addr_of!((*parser).picture_structure)
            .cast::<u32>()
            .read();
        ffi::av_parser_close(parser);
        [
            ffi::AVPictureStructure::AV_PICTURE_STRUCTURE_TOP_FIELD as u32,
            ffi::AVPictureStructure::AV_PICTURE_STRUCTURE_BOTTOM_FIELD as u32,
        ]
        .contains(&structure)
    }
}
