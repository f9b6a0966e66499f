//! Converts text subtitles, packet by packet, to the text that another container holds.

use std::ptr;

use ffmpeg::codec::{Context, decoder, subtitle::Subtitle};
use ffmpeg::{Packet, encoder, ffi};
use ffmpeg_next as ffmpeg;

/// Most bytes of one subtitle, as in FFmpeg's own program.
const MOST_BYTES: usize = 1 << 20;

/// Converts the subtitles of one stream.
pub(super) struct SubtitleText {
    decoder: decoder::Subtitle,
    encoder: encoder::subtitle::Encoder,
    text: Vec<u8>,
}

impl SubtitleText {
    /// A conversion of `from` with the encoder that FFmpeg calls `encoder`. `None` if `from` holds no text (pictures of
    /// a disc, teletext), or closed captions, whose text does not belong to single packets.
    pub fn open(from: &ffmpeg::Stream<'_>, encoder: &str) -> Option<Self> {
        if !is_text(from) {
            return None;
        }
        let mut decoder = Context::from_parameters(from.parameters()).ok()?.decoder();
        decoder.set_packet_time_base(from.time_base());
        let decoder = decoder.subtitle().ok()?;
        let codec = encoder::find_by_name(encoder)?;
        let mut encoder = Context::new_with_codec(codec).encoder().subtitle().ok()?;
        encoder.set_time_base(from.time_base());
        // SAFETY: both contexts are open and owned here; the header is copied into zeroed memory that the encoder owns,
        // with the zero behind it that FFmpeg expects.
        unsafe {
            let (from, to) = (decoder.as_ptr(), encoder.as_mut_ptr());
            let length = usize::try_from((*from).subtitle_header_size).ok()?;
            if length > 0 && !(*from).subtitle_header.is_null() {
                let header = ffi::av_mallocz(length + 1).cast::<u8>();
                if header.is_null() {
                    return None;
                }
                ptr::copy_nonoverlapping((*from).subtitle_header, header, length);
                (*to).subtitle_header = header;
                (*to).subtitle_header_size = (*from).subtitle_header_size;
            }
        }
        let encoder = encoder.open_as(codec).ok()?;
        Some(Self {
            decoder,
            encoder,
            text: vec![0; MOST_BYTES],
        })
    }

    /// The open encoder, for a stream of the output.
    pub fn encoder(&self) -> *const ffi::AVCodecContext {
        // SAFETY: the encoder is open and owned here.
        unsafe { self.encoder.as_ptr() }
    }

    /// The packet of the new text, with the times of `packet`. `None` for a packet without text that can be read.
    pub fn convert(&mut self, packet: &Packet) -> Option<Packet> {
        let mut subtitle = Subtitle::new();
        let found = self.decoder.decode(packet, &mut subtitle);
        let size = match found {
            Ok(true) => self.encode(&mut subtitle),
            _ => None,
        };
        // SAFETY: the subtitle was filled by the decoder, or is zeroed; it is freed once.
        unsafe { ffi::avsubtitle_free(subtitle.as_mut_ptr()) };
        let mut made = Packet::copy(self.text.get(..size?)?);
        made.set_stream(packet.stream());
        made.set_pts(packet.pts());
        made.set_dts(packet.dts());
        made.set_duration(packet.duration());
        made.set_flags(packet.flags());
        Some(made)
    }

    /// Writes the text of `subtitle` and gives its length.
    fn encode(&mut self, subtitle: &mut Subtitle) -> Option<usize> {
        let room = i32::try_from(self.text.len()).ok()?;
        // The packet says when it is shown.
        subtitle.set_start(0);
        // SAFETY: the encoder is open, the buffer is as long as said, and the subtitle comes from a decoder.
        let length = unsafe {
            ffi::avcodec_encode_subtitle(
                self.encoder.as_mut_ptr(),
                self.text.as_mut_ptr(),
                room,
                subtitle.as_ptr(),
            )
        };
        usize::try_from(length).ok().filter(|&length| length > 0)
    }
}

/// True for a codec whose packets hold one text each.
fn is_text(from: &ffmpeg::Stream<'_>) -> bool {
    // SAFETY: the stream is borrowed from an open file; the descriptor is static.
    unsafe {
        let codec = (*(*from.as_ptr()).codecpar).codec_id;
        let descriptor = ffi::avcodec_descriptor_get(codec);
        !descriptor.is_null()
            && (*descriptor).props & ffi::AV_CODEC_PROP_TEXT_SUB != 0
            && codec != ffi::AVCodecID::AV_CODEC_ID_EIA_608
    }
}
