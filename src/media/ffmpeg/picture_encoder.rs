//! Encodes pictures as H.264, H.265, AV1 or VP9.

use std::collections::BTreeMap;
use std::path::Path;
use std::ptr;

use ffmpeg::codec::threading;
use ffmpeg::encoder;
use ffmpeg::format::Pixel;
use ffmpeg::{Dictionary, Packet, ffi, frame, packet};
use ffmpeg_next as ffmpeg;

use super::deep_frames::chroma_location;
use super::encoder_options::{encoder_name, encoder_options};
use super::muxer::{Muxer, failed, received};
use super::picture_groups::{GroupReader, PictureGroup, PictureGroups};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::media::encoded_picture::{EncodedPicture, PictureWatch};
use crate::media::stored_pictures::OwnIds;
use crate::media::{EncoderThreads, FilmCodec, FilmSettings, VideoSignal};
use crate::picture::{DeepPlanar, Planar, Rgb8};
use crate::time::Rational;

/// A picture in a form that the encoder accepts.
#[derive(Clone, Copy)]
pub(in crate::media) enum EncoderFrame<'a> {
    Rgb(&'a Rgb8),
    Planar(&'a Planar),
    /// Where the settings have a signal, and only there.
    Deep(&'a DeepPlanar),
}

impl EncoderFrame<'_> {
    fn size(self) -> Size {
        match self {
            Self::Rgb(picture) => picture.size(),
            Self::Planar(picture) => picture.size(),
            Self::Deep(picture) => picture.size(),
        }
    }
}

/// Encodes pictures into one stream of a [`Muxer`].
pub(in crate::media) struct PictureEncoder {
    encoder: encoder::video::Encoder,
    stream: i32,
    base: ffi::AVRational,
    frame: frame::Video,
    /// The picture being encoded, where it came as RGB.
    planes: Planar,
    size: Size,
    /// Frames have 10 bits.
    deep: bool,
    frames: i64,
    /// Frame durations by frame time; a frame that is not listed lasts one unit.
    durations: BTreeMap<i64, i64>,
    /// Where pictures of another film are copied in between.
    mixed: Option<MixedTrack>,
    watch: Option<PictureWatch>,
}

/// What encoded and copied pictures of one track have in common: each is decoded one unit after the one before.
struct MixedTrack {
    settings: FilmSettings,
    /// Pictures so far, in the order in which they are decoded.
    decoded: i64,
    /// How many pictures at most stand before one that is shown before them.
    delay: i64,
    /// Of the sets of what is encoded; those of what is copied have others.
    ids: OwnIds,
    /// The encoder has been flushed.
    is_flushed: bool,
}

impl PictureEncoder {
    /// Number of its stream.
    pub fn stream(&self) -> i32 {
        self.stream
    }

    /// Opens the encoder and adds its stream. Times are in units of `unit` seconds, or in frames if `None`.
    pub fn open(
        output: &mut Muxer,
        settings: &FilmSettings,
        unit: Option<Rational>,
    ) -> Result<Self> {
        Self::open_track(output, settings, unit, None)
    }

    /// Opens the encoder of a film with a constant frame rate that has pictures of `copied` in between.
    pub fn open_mixed(
        output: &mut Muxer,
        settings: &FilmSettings,
        copied: &PictureGroups,
    ) -> Result<Self> {
        let wrong = |what: &str| Error::encode(output.path(), what);
        if copied.sets().codec() != settings.codec {
            return Err(wrong("what is copied into it is of another codec"));
        }
        let ids = copied.sets().own_ids();
        let ids = ids.ok_or_else(|| wrong("too many parameter sets"))?;
        let mut track = Self::open_track(output, settings, None, Some(ids))?;
        let own = with_ids(ids, output.headers(track.stream), output)?;
        output.set_headers(track.stream, &copied.sets().beside(&own))?;
        // SAFETY: the encoder is open; a plain number is read.
        let told = unsafe { (*track.encoder.as_ptr()).has_b_frames };
        let delay = i64::from(told).max(untold_delay(settings.codec));
        track.mixed = Some(MixedTrack {
            settings: settings.clone(),
            decoded: 0,
            delay: copied.delay().max(delay),
            ids,
            is_flushed: false,
        });
        Ok(track)
    }

    fn open_track(
        output: &mut Muxer,
        settings: &FilmSettings,
        unit: Option<Rational>,
        ids: Option<OwnIds>,
    ) -> Result<Self> {
        let path = output.path().to_path_buf();
        let wrong = |what: &str| Error::encode(&path, what);
        check(settings).map_err(|what| wrong(&what))?;
        let base = time_base(settings, unit).map_err(wrong)?;
        let kind = EncoderKind {
            base,
            steady: unit.is_none(),
            ids,
        };
        let encoder = open_encoder(&path, settings, kind)?;
        // SAFETY: the encoder has just been opened.
        let stream = unsafe { output.add(encoder.as_ptr())? };
        let planes = Planar::new(settings.size).ok_or_else(|| wrong("its size is odd"))?;
        let frame = picture_frame(settings).ok_or_else(|| wrong("out of memory"))?;
        if let Some(signal) = &settings.signal
            && !output.set_light(stream, signal.light)
        {
            return Err(wrong("out of memory"));
        }
        Ok(Self {
            encoder,
            stream,
            base,
            frame,
            planes,
            size: settings.size,
            deep: settings.signal.is_some(),
            frames: 0,
            durations: BTreeMap::new(),
            mixed: None,
            watch: None,
        })
    }

    /// Number of frames encoded so far.
    pub fn frames(&self) -> i64 {
        self.frames
    }

    /// Encodes the next picture of a film with a constant frame rate.
    pub fn encode(&mut self, output: &mut Muxer, picture: EncoderFrame<'_>) -> Result<()> {
        self.send(output, picture, self.frames)
    }

    /// Encodes the next picture, shown from `time` for `duration`, in units.
    pub fn encode_at(
        &mut self,
        output: &mut Muxer,
        picture: EncoderFrame<'_>,
        time: i64,
        duration: i64,
    ) -> Result<()> {
        self.durations.insert(time, duration);
        self.send(output, picture, time)
    }

    fn send(&mut self, output: &mut Muxer, picture: EncoderFrame<'_>, time: i64) -> Result<()> {
        if picture.size() != self.size {
            let (is, wanted) = (picture.size(), self.size);
            let what = format!(
                "a frame of {} by {} pixels in a film of {} by {}",
                is.width, is.height, wanted.width, wanted.height
            );
            return Err(Error::encode(output.path(), what));
        }
        if matches!(picture, EncoderFrame::Deep(_)) != self.deep {
            let what = "a frame of another depth than the film";
            return Err(Error::encode(output.path(), what));
        }
        let taken = match picture {
            EncoderFrame::Rgb(picture) => {
                self.planes.fill(picture) && copy(&self.planes, &mut self.frame)
            }
            EncoderFrame::Planar(picture) => copy(picture, &mut self.frame),
            EncoderFrame::Deep(picture) => copy_deep(picture, &mut self.frame),
        };
        if !taken {
            return Err(Error::encode(output.path(), "out of memory"));
        }
        self.begin_again(output)?;
        self.frame.set_pts(Some(time));
        self.frames += 1;
        self.encoder
            .send_frame(&self.frame)
            .map_err(|error| failed(output.path(), error.into()))?;
        self.drain(output)
    }

    /// Tells `watch` all further pictures of a film with a constant frame rate.
    pub fn watch(&mut self, watch: PictureWatch) {
        self.watch = Some(watch);
    }

    /// Writes a picture that the same encoder made before. Those of whole groups come first, before any that is encoded
    /// here, and in their order.
    pub fn write_encoded(&mut self, output: &mut Muxer, picture: EncodedPicture<'_>) -> Result<()> {
        let mut packet = Packet::copy(picture.bytes);
        packet.set_pts(Some(picture.shown));
        packet.set_dts(Some(picture.decoded));
        packet.set_duration(1);
        if picture.is_key {
            packet.set_flags(packet::Flags::KEY);
        }
        self.frames += 1;
        output.write(&mut packet, self.stream, self.base)
    }

    /// Flushes the encoder.
    pub fn finish(&mut self, output: &mut Muxer) -> Result<()> {
        if self.mixed.as_ref().is_some_and(|mixed| mixed.is_flushed) {
            return Ok(());
        }
        self.encoder
            .send_eof()
            .map_err(|error| failed(output.path(), error.into()))?;
        self.drain(output)
    }

    /// Writes a group of pictures as it is. Only where the encoder was opened for what is copied.
    pub fn copy(
        &mut self,
        output: &mut Muxer,
        reader: &mut GroupReader<'_>,
        group: &PictureGroup,
    ) -> Result<()> {
        self.finish(output)?;
        let (stream, base, first) = (self.stream, self.base, self.frames);
        let Some(mixed) = &mut self.mixed else {
            return Err(Error::encode(
                output.path(),
                "nothing can be copied into it",
            ));
        };
        mixed.is_flushed = true;
        reader.each(group, |picture| {
            let mut packet = Packet::copy(&picture.bytes);
            packet.set_pts(Some(first + picture.place));
            packet.set_dts(Some(mixed.decoded - mixed.delay));
            packet.set_duration(1);
            if picture.is_first {
                packet.set_flags(packet::Flags::KEY);
            }
            mixed.decoded += 1;
            output.write(&mut packet, stream, base)
        })?;
        self.frames += i64::try_from(group.pictures).unwrap_or(0);
        Ok(())
    }

    /// After what was copied, encoding begins with a picture that needs no other.
    fn begin_again(&mut self, output: &Muxer) -> Result<()> {
        let Some(mixed) = &mut self.mixed else {
            return Ok(());
        };
        if mixed.is_flushed {
            let kind = EncoderKind {
                base: self.base,
                steady: true,
                ids: Some(mixed.ids),
            };
            self.encoder = open_encoder(output.path(), &mixed.settings, kind)?;
            mixed.is_flushed = false;
        }
        Ok(())
    }

    fn drain(&mut self, output: &mut Muxer) -> Result<()> {
        let mut packet = Packet::empty();
        while received(self.encoder.receive_packet(&mut packet), output)? {
            // x264 reports no durations, and without one the last frame would last no time.
            let known = packet.pts().and_then(|time| self.durations.remove(&time));
            packet.set_duration(known.unwrap_or(1));
            if let Some(mixed) = &mut self.mixed {
                packet = packet_with_ids(mixed.ids, packet, output)?;
                packet.set_dts(Some(mixed.decoded - mixed.delay));
                mixed.decoded += 1;
            }
            if let Some(watch) = &mut self.watch
                && let (Some(shown), Some(decoded)) = (packet.pts(), packet.dts())
            {
                watch(EncodedPicture {
                    shown,
                    decoded,
                    is_key: packet.is_key(),
                    bytes: packet.data().unwrap_or_default(),
                });
            }
            output.write(&mut packet, self.stream, self.base)?;
        }
        Ok(())
    }
}

/// How many pictures an encoder stores before one that is shown before them, where FFmpeg does not tell: x265 makes
/// pyramids of B pictures.
fn untold_delay(codec: FilmCodec) -> i64 {
    match codec {
        FilmCodec::H265 => 2,
        FilmCodec::H264 | FilmCodec::Av1 | FilmCodec::Vp9 => 0,
    }
}

/// What an encoder made, as a stream of bytes with `ids`.
fn with_ids(ids: OwnIds, stream: Vec<u8>, output: &Muxer) -> Result<Vec<u8>> {
    let renumbered = ids.of(stream);
    renumbered.ok_or_else(|| Error::encode(output.path(), "its parameter sets are unusual"))
}

fn packet_with_ids(ids: OwnIds, packet: Packet, output: &Muxer) -> Result<Packet> {
    if ids != OwnIds::Rewritten {
        return Ok(packet);
    }
    let content = packet.data().unwrap_or_default().to_vec();
    let mut renumbered = Packet::copy(&with_ids(ids, content, output)?);
    renumbered.set_pts(packet.pts());
    renumbered.set_flags(packet.flags());
    renumbered.set_duration(packet.duration());
    Ok(renumbered)
}

/// Copies `picture` into `frame`, which has its size, after making sure that nobody else uses the frame's buffer.
fn copy(picture: &Planar, frame: &mut frame::Video) -> bool {
    copy_planes(picture.planes(), picture.size(), frame, |from, to| {
        to.copy_from_slice(from);
    })
}

/// The same for 10 bits, the lower byte first.
fn copy_deep(picture: &DeepPlanar, frame: &mut frame::Video) -> bool {
    copy_planes(picture.planes(), picture.size(), frame, |from, to| {
        for (pair, sample) in to.as_chunks_mut::<2>().0.iter_mut().zip(from) {
            *pair = sample.to_le_bytes();
        }
    })
}

/// Copies the `planes` of a picture of `size` into `frame`, row by row.
fn copy_planes<T>(
    planes: [&[T]; 3],
    size: Size,
    frame: &mut frame::Video,
    copy_row: impl Fn(&[T], &mut [u8]),
) -> bool {
    let Some((to, strides)) = writable(frame) else {
        return false;
    };
    let (width, height) = (size.width as usize, size.height as usize);
    let sizes = [
        (width, height),
        (width / 2, height / 2),
        (width / 2, height / 2),
    ];
    for (((from, (width, height)), to), stride) in
        planes.into_iter().zip(sizes).zip(to).zip(strides)
    {
        let bytes = width * size_of::<T>();
        let Ok(stride) = usize::try_from(stride) else {
            return false;
        };
        if to.is_null() || stride < bytes {
            return false;
        }
        // SAFETY: the frame's planes have so many rows, this far apart, and nobody else writes to them.
        let plane = unsafe { std::slice::from_raw_parts_mut(to, stride * (height - 1) + bytes) };
        for (to, from) in plane.chunks_mut(stride).zip(from.chunks_exact(width)) {
            copy_row(from, &mut to[..bytes]);
        }
    }
    true
}

/// Planes and strides of `frame`.
fn writable(frame: &mut frame::Video) -> Option<([*mut u8; 4], [i32; 4])> {
    let (mut to, mut strides) = ([ptr::null_mut(); 4], [0; 4]);
    // SAFETY: the frame is borrowed here alone and made writable, for the encoder may still hold its buffer; numbers
    // and pointers are copied out.
    unsafe {
        let raw = frame.as_mut_ptr();
        if ffi::av_frame_make_writable(raw) < 0 {
            return None;
        }
        let planes = to
            .iter_mut()
            .zip(&mut strides)
            .zip((*raw).data.iter().zip(&(*raw).linesize));
        for ((to, stride), (&data, &line)) in planes.take(3) {
            (*to, *stride) = (data, line);
        }
    }
    Some((to, strides))
}

/// Checks `settings`; the error says what is wrong.
fn check(settings: &FilmSettings) -> Result<(), String> {
    let Size { width, height } = settings.size;
    // 4:2:0 stores one chroma sample for every 2x2 pixels.
    if width == 0 || height == 0 || width % 2 == 1 || height % 2 == 1 {
        return Err("width and height must be even".into());
    }
    Ok(())
}

/// `unit` as an FFmpeg rational, or the duration of one frame if `None`.
fn time_base(
    settings: &FilmSettings,
    unit: Option<Rational>,
) -> Result<ffi::AVRational, &'static str> {
    let (above, below) = frame_rate(settings)?;
    let Some(unit) = unit else {
        return Ok(ffi::AVRational {
            num: below,
            den: above,
        });
    };
    match (
        i32::try_from(unit.numerator()),
        i32::try_from(unit.denominator()),
    ) {
        (Ok(num @ 1..), Ok(den)) => Ok(ffi::AVRational { num, den }),
        _ => Err("the unit of its times is out of range"),
    }
}

/// The frame rate as numerator and denominator for FFmpeg.
fn frame_rate(settings: &FilmSettings) -> Result<(i32, i32), &'static str> {
    let rate = settings.frame_rate;
    match (
        i32::try_from(rate.numerator()),
        i32::try_from(rate.denominator()),
    ) {
        (Ok(above @ 1..), Ok(below)) => Ok((above, below)),
        _ => Err("the frame rate is out of range"),
    }
}

/// How the encoder of a track is opened.
struct EncoderKind {
    /// Unit of its times.
    base: ffi::AVRational,
    /// All frames last one unit.
    steady: bool,
    /// Ids of its parameter sets, where other sets stand beside them.
    ids: Option<OwnIds>,
}

/// Opens the encoder for 4:2:0.
fn open_encoder(
    path: &Path,
    settings: &FilmSettings,
    kind: EncoderKind,
) -> Result<encoder::video::Encoder> {
    let base = kind.base;
    let fail = |error: ffmpeg::Error| failed(path, error.into());
    let (above, below) = frame_rate(settings).map_err(|what| Error::encode(path, what))?;
    let options = encoder_options(settings, kind.steady, kind.ids)
        .map_err(|what| Error::encode(path, what))?;
    let name = encoder_name(settings.codec);
    let codec = encoder::find_by_name(name)
        .ok_or_else(|| Error::encode(path, format!("FFmpeg has no encoder {name}")))?;
    let mut context = ffmpeg::codec::Context::new_with_codec(codec);
    let (kind_of_threads, count) = match settings.threads {
        EncoderThreads::Slices(count) if settings.codec == FilmCodec::H264 => {
            (threading::Type::Slice, count)
        }
        EncoderThreads::Slices(count) | EncoderThreads::Frames(count) => {
            (threading::Type::Frame, count)
        }
    };
    context.set_threading(threading::Config {
        count: count.clamp(1, 64),
        ..threading::Config::kind(kind_of_threads)
    });
    let mut video = context.encoder().video().map_err(fail)?;
    video.set_width(settings.size.width);
    video.set_height(settings.size.height);
    video.set_format(match settings.signal {
        Some(_) => Pixel::YUV420P10LE,
        None => Pixel::YUV420P,
    });
    video.set_time_base(ffmpeg::Rational(base.num, base.den));
    video.set_frame_rate(Some(ffmpeg::Rational(above, below)));
    video.set_aspect_ratio(ffmpeg::Rational(1, 1));
    // At least one key frame every two seconds, so that players can seek.
    let two_seconds = (settings.frame_rate + settings.frame_rate).round();
    video.set_gop(u32::try_from(two_seconds.clamp(1, 1000)).unwrap_or(50));
    // SAFETY: the context is not open yet; plain numbers are written.
    unsafe {
        let raw = video.as_mut_ptr();
        tag(raw, settings.signal);
        (*raw).flags |= (ffi::AV_CODEC_FLAG_GLOBAL_HEADER | ffi::AV_CODEC_FLAG_BITEXACT) as i32;
    }
    let pairs = options.iter().map(|(name, value)| (*name, value.as_str()));
    let options = Dictionary::from_iter(pairs);
    video.open_with(options).map_err(fail)
}

/// Tags an encoder with `signal`, or BT.709.
///
/// # Safety
/// `encoder` is a context that is not open yet.
unsafe fn tag(encoder: *mut ffi::AVCodecContext, signal: Option<VideoSignal>) {
    let bt709 = ffi::AVColorPrimaries::AVCOL_PRI_BT709 as u32;
    let left = ffi::AVChromaLocation::AVCHROMA_LOC_LEFT as u32;
    let (primaries, transfer, matrix, place) = signal.map_or((bt709, bt709, bt709, left), |it| {
        let place = chroma_location(it.place).unwrap_or(left);
        (it.primaries, it.transfer, it.matrix, place)
    });
    // SAFETY: the caller vouches for the context. The enums are numbers to FFmpeg, and are not read as enums here.
    unsafe {
        let write = |field: *mut u32, code: u32| field.write(code);
        write(
            ptr::addr_of_mut!((*encoder).color_primaries).cast(),
            primaries,
        );
        write(ptr::addr_of_mut!((*encoder).color_trc).cast(), transfer);
        write(ptr::addr_of_mut!((*encoder).colorspace).cast(), matrix);
        write(
            ptr::addr_of_mut!((*encoder).chroma_sample_location).cast(),
            place,
        );
        (*encoder).color_range = range(signal);
    }
}

fn range(signal: Option<VideoSignal>) -> ffi::AVColorRange {
    match signal {
        Some(signal) if signal.full_range => ffi::AVColorRange::AVCOL_RANGE_JPEG,
        _ => ffi::AVColorRange::AVCOL_RANGE_MPEG,
    }
}

/// Allocates a frame of YUV 4:2:0 in the depth of the film.
fn picture_frame(settings: &FilmSettings) -> Option<frame::Video> {
    let mut frame = frame::Video::empty();
    let bt709 = ffi::AVColorSpace::AVCOL_SPC_BT709 as u32;
    // SAFETY: the geometry is set before the buffer is made, and the buffer is checked. The matrix is a number to
    // FFmpeg, and is not read as an enum here.
    unsafe {
        let raw = frame.as_mut_ptr();
        if raw.is_null() {
            return None;
        }
        let format = match settings.signal {
            Some(_) => ffi::AVPixelFormat::AV_PIX_FMT_YUV420P10LE,
            None => ffi::AVPixelFormat::AV_PIX_FMT_YUV420P,
        };
        (*raw).format = format as i32;
        (*raw).width = i32::try_from(settings.size.width).ok()?;
        (*raw).height = i32::try_from(settings.size.height).ok()?;
        let matrix: *mut u32 = ptr::addr_of_mut!((*raw).colorspace).cast();
        matrix.write(settings.signal.map_or(bt709, |signal| signal.matrix));
        (*raw).color_range = range(settings.signal);
        (ffi::av_frame_get_buffer(raw, 64) >= 0).then_some(frame)
    }
}
