//! Writes MP4, MOV and Matroska files.

use std::ffi::{CStr, CString};
use std::io;
use std::path::{Path, PathBuf};
use std::ptr;

use ffmpeg::packet::Mut as _;
use ffmpeg::{Dictionary, Packet, ffi};
use ffmpeg_next as ffmpeg;

use super::library::quiet;
use super::light_tags::set_light_of_stream;
use crate::error::{Error, Result};
use crate::media::color_meaning::LightLevels;

/// Track metadata that players show. Other keys name the muxer or the device.
const TRACK_KEYS: [&str; 3] = ["language", "title", "handler_name"];

/// A film being written. The index of MP4 and MOV is moved to the front when it is finished.
pub(in crate::media) struct Muxer {
    raw: *mut ffi::AVFormatContext,
    path: PathBuf,
}

// SAFETY: the context is owned by this value alone, and FFmpeg ties it to no thread.
unsafe impl Send for Muxer {}

/// True if the muxer of this name can hold sound or pictures in `codec`, an FFmpeg name. False for unknown names.
pub(in crate::media) fn muxer_holds(muxer: &str, codec: &str) -> bool {
    let (Ok(muxer), Ok(codec)) = (CString::new(muxer), CString::new(codec)) else {
        return false;
    };
    // SAFETY: both names end in NUL and outlive the calls; descriptors and formats are static.
    unsafe {
        let format = ffi::av_guess_format(muxer.as_ptr(), ptr::null(), ptr::null());
        let codec = ffi::avcodec_descriptor_get_by_name(codec.as_ptr());
        !format.is_null() && !codec.is_null() && format_holds(format, (*codec).id)
    }
}

/// True if `format` can hold `codec`.
///
/// # Safety
/// `format` is one of FFmpeg's static output formats.
unsafe fn format_holds(format: *const ffi::AVOutputFormat, codec: ffi::AVCodecID) -> bool {
    use ffi::AVCodecID::{
        AV_CODEC_ID_FLAC, AV_CODEC_ID_OPUS, AV_CODEC_ID_TRUEHD, AV_CODEC_ID_TTML,
    };
    // SAFETY: the caller vouches for the format.
    unsafe {
        // The list of what MOV holds names the first three, but its muxer refuses the whole file for them; it takes
        // TTML only if that was cut into paragraphs for MP4.
        let unholdable = match CStr::from_ptr((*format).name).to_bytes() {
            b"mov" => &[
                AV_CODEC_ID_FLAC,
                AV_CODEC_ID_OPUS,
                AV_CODEC_ID_TRUEHD,
                AV_CODEC_ID_TTML,
            ][..],
            b"mp4" => &[AV_CODEC_ID_TTML],
            _ => &[],
        };
        // Matroska wraps what RIFF has a number for, which the muxer does and its list leaves out (WMA).
        let riff = [ffi::avformat_get_riff_audio_tags(), ptr::null()];
        let is_wrapped = CStr::from_ptr((*format).name).to_bytes() == b"matroska"
            && ffi::av_codec_get_tag(riff.as_ptr(), codec) != 0;
        let is_listed = ffi::avformat_query_codec(format, codec, 0) == 1;
        (is_listed || is_wrapped) && !unholdable.contains(&codec)
    }
}

impl Drop for Muxer {
    fn drop(&mut self) {
        // SAFETY: the context is owned here; `avio_closep` accepts a null pointer.
        unsafe {
            ffi::avio_closep(&mut (*self.raw).pb);
            ffi::avformat_free_context(self.raw);
        }
    }
}

impl Muxer {
    /// Creates `path`, truncated, with the muxer that FFmpeg calls `container`.
    pub fn create(path: &Path, container: &str) -> Result<Self> {
        quiet();
        // Without the prefix FFmpeg takes a name such as `a:b.mp4` for a protocol.
        let mut name = b"file:".to_vec();
        name.extend_from_slice(path.as_os_str().as_encoded_bytes());
        let invalid = || Error::write(path, io::Error::from(io::ErrorKind::InvalidInput));
        let name = CString::new(name).map_err(|_| invalid())?;
        let container = CString::new(container).map_err(|_| invalid())?;
        let mut raw = ptr::null_mut();
        // SAFETY: all strings are zero-terminated; the context is taken over before anything can fail.
        unsafe {
            let answer = ffi::avformat_alloc_output_context2(
                &mut raw,
                ptr::null(),
                container.as_ptr(),
                name.as_ptr(),
            );
            if answer < 0 || raw.is_null() {
                return Err(failed(path, answer));
            }
            let output = Self {
                raw,
                path: path.into(),
            };
            // No dates and no version strings, so that the same input gives the same bytes.
            (*raw).flags |= ffi::AVFMT_FLAG_BITEXACT;
            // FFmpeg 5.1 still calls FLAC in MP4 an experiment.
            (*raw).strict_std_compliance = ffi::FF_COMPLIANCE_EXPERIMENTAL;
            // However late the packets of a stream are, those of the others wait: their order depends on nothing else.
            (*raw).max_interleave_delta = 0;
            let answer = ffi::avio_open(&mut (*raw).pb, name.as_ptr(), ffi::AVIO_FLAG_WRITE);
            if answer < 0 {
                return Err(failed(path, answer));
            }
            Ok(output)
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a stream for an open encoder and returns its number.
    ///
    /// # Safety
    /// `encoder` is open.
    pub(super) unsafe fn add(&mut self, encoder: *const ffi::AVCodecContext) -> Result<i32> {
        // SAFETY: the caller vouches for the encoder; the new stream belongs to the context.
        unsafe {
            let stream = ffi::avformat_new_stream(self.raw, ptr::null());
            if stream.is_null() {
                return Err(failed(&self.path, ffi::AVERROR(ffi::ENOMEM)));
            }
            let answer = ffi::avcodec_parameters_from_context((*stream).codecpar, encoder);
            if answer < 0 {
                return Err(failed(&self.path, answer));
            }
            (*(*stream).codecpar).codec_tag = match (*encoder).codec_id {
                // FFmpeg writes `hev1` of its own accord, which Apple's players do not open.
                ffi::AVCodecID::AV_CODEC_ID_HEVC => u32::from_le_bytes(*b"hvc1"),
                _ => 0,
            };
            (*stream).time_base = (*encoder).time_base;
            (*stream).avg_frame_rate = (*encoder).framerate;
            Ok((*stream).index)
        }
    }

    /// Adds a stream for packets copied from `from`, with its language, title and default flag. `None` if the container
    /// cannot hold the codec, or if its muxer would refuse the whole file for what the headers say.
    pub(super) fn add_copied(&mut self, from: &ffmpeg::Stream<'_>) -> Result<Option<i32>> {
        // SAFETY: the context is open; the caller borrows the other stream, whose parameters are copied.
        unsafe {
            let from_raw = from.as_ptr();
            let parameters = (*from_raw).codecpar;
            let silent = (*parameters).codec_type == ffi::AVMediaType::AVMEDIA_TYPE_AUDIO
                && ((*parameters).sample_rate <= 0 || (*parameters).channels <= 0);
            if silent || !self.holds((*parameters).codec_id) {
                return Ok(None);
            }
            let stream = ffi::avformat_new_stream(self.raw, ptr::null());
            if stream.is_null() {
                return Err(failed(&self.path, ffi::AVERROR(ffi::ENOMEM)));
            }
            let answer = ffi::avcodec_parameters_copy((*stream).codecpar, parameters);
            if answer < 0 {
                return Err(failed(&self.path, answer));
            }
            // The codec tag of the old container may be invalid in the new one.
            (*(*stream).codecpar).codec_tag = 0;
            (*stream).time_base = (*from_raw).time_base;
            let number = (*stream).index;
            self.describe_as(number, from);
            Ok(Some(number))
        }
    }

    /// Adds a stream for the packets of an open encoder, with the language, title and default flag of `from`.
    ///
    /// # Safety
    /// `encoder` is open.
    pub(super) unsafe fn add_encoded(
        &mut self,
        encoder: *const ffi::AVCodecContext,
        from: &ffmpeg::Stream<'_>,
    ) -> Result<i32> {
        // SAFETY: the caller vouches for the encoder.
        let number = unsafe { self.add(encoder)? };
        self.describe_as(number, from);
        Ok(number)
    }

    /// Adds the cover `from`. `None` if MP4 cannot hold its codec, or if the size of the picture is not known.
    pub(super) fn add_cover(&mut self, from: &ffmpeg::Stream<'_>) -> Result<Option<i32>> {
        use ffi::AVCodecID::{AV_CODEC_ID_BMP, AV_CODEC_ID_MJPEG, AV_CODEC_ID_PNG};
        // SAFETY: the context is open; the caller borrows the other stream, of which plain numbers are read; the new
        // stream belongs to the context.
        unsafe {
            let from_raw = from.as_ptr();
            let parameters = (*from_raw).codecpar;
            let known = [AV_CODEC_ID_MJPEG, AV_CODEC_ID_PNG, AV_CODEC_ID_BMP];
            let held = known.contains(&(*parameters).codec_id)
                && (*parameters).width > 0
                && (*parameters).height > 0
                && (*from_raw).disposition & ffi::AV_DISPOSITION_ATTACHED_PIC != 0;
            if !held {
                return Ok(None);
            }
            let Some(number) = self.add_copied(from)? else {
                return Ok(None);
            };
            if let Ok(at) = usize::try_from(number) {
                // The muxer knows a cover by this flag alone.
                (**(*self.raw).streams.add(at)).disposition = ffi::AV_DISPOSITION_ATTACHED_PIC;
            }
            Ok(Some(number))
        }
    }

    /// True if the container can hold `codec`.
    fn holds(&self, codec: ffi::AVCodecID) -> bool {
        // SAFETY: the context is open; the format is static.
        unsafe { format_holds((*self.raw).oformat, codec) }
    }

    /// Gives a stream that was added here the flags, language and title of `from`.
    fn describe_as(&mut self, stream: i32, from: &ffmpeg::Stream<'_>) {
        // SAFETY: the context is open; the number is checked against that of its streams; the caller borrows the other
        // stream, of which a plain number is read.
        unsafe {
            if let Some(at) = usize::try_from(stream).ok()
                && at < (*self.raw).nb_streams as usize
            {
                (**(*self.raw).streams.add(at)).disposition = (*from.as_ptr()).disposition;
            }
        }
        for key in TRACK_KEYS {
            if let Some(value) = from.metadata().get(key) {
                self.describe_stream(stream, key, value);
            }
        }
    }

    /// Adds an attachment, or a cover, which FFmpeg's demuxers present as a stream of one picture. One without a name,
    /// a type or content is left out, since the muxer would refuse the whole film; then the answer is false.
    pub(super) fn add_attachment(&mut self, from: &ffmpeg::Stream<'_>) -> Result<bool> {
        let metadata = from.metadata();
        let (Some(name), Some(kind)) = (metadata.get("filename"), metadata.get("mimetype")) else {
            return Ok(false);
        };
        // SAFETY: the context is open; the caller borrows the other stream, whose parameters are copied. The content of
        // a cover is copied into memory with the padding that FFmpeg asks for, and the new parameters own that memory.
        unsafe {
            let from_raw = from.as_ptr();
            let cover = &(*from_raw).attached_pic;
            let has_cover = !cover.data.is_null() && cover.size > 0;
            if !has_cover && (*(*from_raw).codecpar).extradata_size <= 0 {
                return Ok(false);
            }
            let stream = ffi::avformat_new_stream(self.raw, ptr::null());
            if stream.is_null() {
                return Err(failed(&self.path, ffi::AVERROR(ffi::ENOMEM)));
            }
            let number = (*stream).index;
            let parameters = (*stream).codecpar;
            if has_cover {
                (*parameters).codec_id = (*(*from_raw).codecpar).codec_id;
                let size = cover.size as usize;
                let content = ffi::av_mallocz(size + ffi::AV_INPUT_BUFFER_PADDING_SIZE as usize);
                if content.is_null() {
                    return Err(failed(&self.path, ffi::AVERROR(ffi::ENOMEM)));
                }
                ptr::copy_nonoverlapping(cover.data, content.cast::<u8>(), size);
                (*parameters).extradata = content.cast();
                (*parameters).extradata_size = cover.size;
            } else {
                let answer = ffi::avcodec_parameters_copy(parameters, (*from_raw).codecpar);
                if answer < 0 {
                    return Err(failed(&self.path, answer));
                }
            }
            (*parameters).codec_type = ffi::AVMediaType::AVMEDIA_TYPE_ATTACHMENT;
            (*parameters).codec_tag = 0;
            self.describe_stream(number, "filename", name);
            self.describe_stream(number, "mimetype", kind);
            if let Some(title) = metadata.get("title") {
                self.describe_stream(number, "title", title);
            }
        }
        Ok(true)
    }

    /// Says how bright the pictures of a stream that was added here are meant to be. False where memory ran out.
    pub(super) fn set_light(&mut self, stream: i32, light: LightLevels) -> bool {
        let Ok(stream) = usize::try_from(stream) else {
            return false;
        };
        // SAFETY: the context is open; the number is checked against that of its streams.
        unsafe {
            stream < (*self.raw).nb_streams as usize
                && set_light_of_stream(*(*self.raw).streams.add(stream), light)
        }
    }

    /// The headers of a stream that was added here; empty where it has none.
    pub(super) fn headers(&self, stream: i32) -> Vec<u8> {
        let Some(parameters) = self.parameters(stream) else {
            return Vec::new();
        };
        // SAFETY: the parameters are alive; the length is FFmpeg's own.
        unsafe {
            match usize::try_from((*parameters).extradata_size) {
                Ok(length @ 1..) if !(*parameters).extradata.is_null() => {
                    std::slice::from_raw_parts((*parameters).extradata, length).to_vec()
                }
                _ => Vec::new(),
            }
        }
    }

    /// Gives a stream that was added here other headers.
    pub(super) fn set_headers(&mut self, stream: i32, headers: &[u8]) -> Result<()> {
        let no_memory = || failed(&self.path, ffi::AVERROR(ffi::ENOMEM));
        let length = i32::try_from(headers.len()).map_err(|_| no_memory())?;
        let parameters = self.parameters(stream).ok_or_else(no_memory)?;
        // SAFETY: the parameters are alive and used here alone; they own the new memory, which has the padding that
        // FFmpeg asks for, and the old is freed.
        unsafe {
            let padding = ffi::AV_INPUT_BUFFER_PADDING_SIZE as usize;
            let copy = ffi::av_mallocz(headers.len() + padding).cast::<u8>();
            if copy.is_null() {
                return Err(no_memory());
            }
            ptr::copy_nonoverlapping(headers.as_ptr(), copy, headers.len());
            ffi::av_freep(ptr::addr_of_mut!((*parameters).extradata).cast());
            (*parameters).extradata = copy;
            (*parameters).extradata_size = length;
        }
        Ok(())
    }

    /// The parameters of a stream that was added here.
    fn parameters(&self, stream: i32) -> Option<*mut ffi::AVCodecParameters> {
        let stream = usize::try_from(stream).ok()?;
        // SAFETY: the context is open; the number is checked against that of its streams.
        unsafe {
            (stream < (*self.raw).nb_streams as usize)
                .then(|| (**(*self.raw).streams.add(stream)).codecpar)
        }
    }

    /// Sets metadata of a stream that was added here.
    pub(super) fn describe_stream(&mut self, stream: i32, key: &str, value: &str) {
        let (Ok(stream), Ok(key), Ok(value)) = (
            usize::try_from(stream),
            CString::new(key),
            CString::new(value),
        ) else {
            return;
        };
        // SAFETY: the context is open; the number is checked against that of its streams; both strings are copied.
        unsafe {
            if stream < (*self.raw).nb_streams as usize {
                let stream = *(*self.raw).streams.add(stream);
                ffi::av_dict_set(&mut (*stream).metadata, key.as_ptr(), value.as_ptr(), 0);
            }
        }
    }

    /// Adds a chapter; the context frees it.
    pub(super) fn add_chapter(&mut self, chapter: &ffmpeg::Chapter<'_>, shift: i64) -> Result<()> {
        let title = chapter
            .metadata()
            .get("title")
            .and_then(|title| CString::new(title).ok());
        // SAFETY: the chapter is zeroed memory of its own size, owned by the context once it is in the list; the key
        // and the title are zero-terminated and copied.
        unsafe {
            let copy = ffi::av_mallocz(size_of::<ffi::AVChapter>()).cast::<ffi::AVChapter>();
            if copy.is_null() {
                return Err(failed(&self.path, ffi::AVERROR(ffi::ENOMEM)));
            }
            let from = chapter.as_ptr();
            (*copy).id = (*from).id;
            (*copy).time_base = (*from).time_base;
            (*copy).start = (*from).start.saturating_sub(shift);
            (*copy).end = (*from).end.saturating_sub(shift);
            if let Some(title) = title {
                ffi::av_dict_set(&mut (*copy).metadata, c"title".as_ptr(), title.as_ptr(), 0);
            }
            let list = ptr::addr_of_mut!((*self.raw).chapters).cast();
            let count = ptr::addr_of_mut!((*self.raw).nb_chapters).cast();
            let answer = ffi::av_dynarray_add_nofree(list, count, copy.cast());
            if answer < 0 {
                ffi::av_dict_free(&mut (*copy).metadata);
                ffi::av_free(copy.cast());
                return Err(failed(&self.path, answer));
            }
        }
        Ok(())
    }

    /// Sets metadata of the whole file.
    pub fn tell(&mut self, key: &str, value: &str) {
        let (Ok(key), Ok(value)) = (CString::new(key), CString::new(value)) else {
            return;
        };
        // SAFETY: the context is open and its dictionary is its own; both strings are copied.
        unsafe {
            ffi::av_dict_set(&mut (*self.raw).metadata, key.as_ptr(), value.as_ptr(), 0);
        }
    }

    /// Writes the header. `timescale` is the number of duration units per second.
    pub fn start(&mut self, timescale: Option<i64>) -> Result<()> {
        let mut options = Dictionary::from_iter([("movflags", "+faststart")]);
        if let Some(timescale) = timescale {
            options.set("movie_timescale", &timescale.to_string());
        }
        // SAFETY: the context is open and has its streams; the dictionary is handed over and taken back.
        unsafe {
            let mut options = options.disown();
            let answer = ffi::avformat_write_header(self.raw, &mut options);
            drop(Dictionary::own(options));
            self.checked(answer)
        }
    }

    /// Writes a packet of `stream` whose times are in units of `base`.
    pub(super) fn write(
        &mut self,
        packet: &mut Packet,
        stream: i32,
        base: ffi::AVRational,
    ) -> Result<()> {
        // SAFETY: the file is open.
        unsafe {
            let answer = self.put(packet, stream, base);
            self.checked(answer)
        }
    }

    /// The same for a packet that was copied: one whose content the muxer cannot take, as in damaged recordings, is
    /// left out.
    pub(super) fn write_copied(
        &mut self,
        packet: &mut Packet,
        stream: i32,
        base: ffi::AVRational,
    ) -> Result<()> {
        // SAFETY: the file is open.
        unsafe {
            let answer = match self.put(packet, stream, base) {
                ffi::AVERROR_INVALIDDATA => 0,
                answer if answer == ffi::AVERROR(ffi::EINVAL) => 0,
                answer => answer,
            };
            self.checked(answer)
        }
    }

    fn put(&mut self, packet: &mut Packet, stream: i32, base: ffi::AVRational) -> i32 {
        // SAFETY: the stream was added here, so its number is valid; the packet is owned by the caller and its data
        // is taken over by reference.
        unsafe {
            let to = (**(*self.raw)
                .streams
                .add(usize::try_from(stream).unwrap_or(0)))
            .time_base;
            let raw = packet.as_mut_ptr();
            ffi::av_packet_rescale_ts(raw, base, to);
            // The muxer of MP4 refuses the film for more.
            (*raw).duration = (*raw).duration.clamp(0, i64::from(i32::MAX));
            (*raw).stream_index = stream;
            ffi::av_interleaved_write_frame(self.raw, raw)
        }
    }

    /// Writes the index, moves it to the front, and closes the file.
    pub fn finish(self) -> Result<()> {
        // SAFETY: the head has been written; closing sets the pointer to null, so that it is not closed again.
        unsafe {
            let answer = ffi::av_write_trailer(self.raw);
            self.checked(answer)?;
            let answer = ffi::avio_closep(&mut (*self.raw).pb);
            if answer < 0 {
                return Err(failed(&self.path, answer));
            }
        }
        Ok(())
    }

    /// # Safety
    /// The file is open.
    unsafe fn checked(&self, answer: i32) -> Result<()> {
        // SAFETY: the caller says that `pb` is there. Some muxers forget an error of the file: it is kept there.
        let file = unsafe { (*(*self.raw).pb).error };
        match (answer, file) {
            (_, file) if file < 0 => Err(failed(&self.path, file)),
            (answer, _) if answer < 0 => Err(failed(&self.path, answer)),
            _ => Ok(()),
        }
    }
}

/// Turns an FFmpeg error code into an error: a write error if the code is from the system, else an encoder error.
pub(super) fn failed(path: &Path, answer: i32) -> Error {
    match ffmpeg::Error::from(answer) {
        ffmpeg::Error::Other { errno } if errno != ffi::EINVAL && errno != ffi::ENOMEM => {
            Error::write(path, io::Error::from_raw_os_error(errno))
        }
        error => Error::encode(path, error),
    }
}

/// True if a packet was received, false if none is ready.
pub(super) fn received(answer: Result<(), ffmpeg::Error>, output: &Muxer) -> Result<bool> {
    match answer {
        Ok(()) => Ok(true),
        Err(ffmpeg::Error::Eof | ffmpeg::Error::Other { errno: ffi::EAGAIN }) => Ok(false),
        Err(error) => Err(failed(output.path(), error.into())),
    }
}
