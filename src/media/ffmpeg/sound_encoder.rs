//! Encodes sound with FFmpeg's encoders.

use ffmpeg::encoder;
use ffmpeg::format::sample;
use ffmpeg::{ChannelLayout, Dictionary, Packet, ffi, frame};
use ffmpeg_next as ffmpeg;

use super::library::SOUND_ENCODER;
use super::muxer::{Muxer, failed, received};
use crate::error::{Error, Result};
use crate::media::{SoundCodec, SoundSettings};

/// Encodes sound into one stream of a [`Muxer`].
pub(in crate::media) struct SoundEncoder {
    encoder: encoder::audio::Encoder,
    stream: i32,
    rate: i32,
    channels: usize,
    block: usize,
    samples: i64,
    layout: SampleLayout,
}

/// How an encoder takes its samples.
#[derive(Clone, Copy, PartialEq)]
enum SampleLayout {
    /// Floats, a plane for each channel.
    Planes,
    /// Floats, interleaved.
    Interleaved,
    /// Integers of 32 bits, of which the upper 24 count, interleaved.
    Integers,
}

impl SoundCodec {
    /// FFmpeg's name of the encoder, and how it takes samples.
    const fn encoder(self) -> (&'static str, SampleLayout) {
        match self {
            Self::Aac => (SOUND_ENCODER, SampleLayout::Planes),
            Self::Flac => ("flac", SampleLayout::Integers),
            Self::Pcm24 => ("pcm_s24le", SampleLayout::Integers),
            Self::Mp3 => ("libmp3lame", SampleLayout::Planes),
            Self::Opus => ("libopus", SampleLayout::Interleaved),
        }
    }
}

impl SampleLayout {
    const fn format(self) -> ffmpeg::format::Sample {
        use ffmpeg::format::Sample;
        match self {
            Self::Planes => Sample::F32(sample::Type::Planar),
            Self::Interleaved => Sample::F32(sample::Type::Packed),
            Self::Integers => Sample::I32(sample::Type::Packed),
        }
    }
}

impl SoundEncoder {
    /// Opens the encoder and adds its stream.
    pub fn open(output: &mut Muxer, settings: &SoundSettings) -> Result<Self> {
        let path = output.path().to_path_buf();
        let wrong = |what: &str| Error::encode(&path, what);
        let fail = |error: ffmpeg::Error| failed(&path, error.into());
        let (Ok(rate @ 1..), channels @ 1..=8) = (
            i32::try_from(settings.format.rate),
            i32::from(settings.format.channels),
        ) else {
            return Err(wrong(
                "its sound has a rate or channels that cannot be encoded",
            ));
        };
        let (name, layout) = settings.codec.encoder();
        let codec = encoder::find_by_name(name)
            .ok_or_else(|| wrong(&format!("FFmpeg has no encoder {name}")))?;
        let context = ffmpeg::codec::Context::new_with_codec(codec);
        let mut audio = context.encoder().audio().map_err(fail)?;
        audio.set_rate(rate);
        audio.set_channel_layout(ChannelLayout::default(channels));
        audio.set_channels(channels);
        audio.set_format(layout.format());
        audio.set_bit_rate(settings.bit_rate as usize);
        audio.set_time_base(ffmpeg::Rational(1, rate));
        // SAFETY: the context is not open yet; plain numbers are written.
        unsafe {
            let raw = audio.as_mut_ptr();
            if layout == SampleLayout::Integers {
                (*raw).bits_per_raw_sample = 24;
            }
            (*raw).flags |= (ffi::AV_CODEC_FLAG_GLOBAL_HEADER | ffi::AV_CODEC_FLAG_BITEXACT) as i32;
        }
        let encoder = audio.open_with(Dictionary::new()).map_err(fail)?;
        // SAFETY: the encoder has just been opened.
        let stream = unsafe { output.add(encoder.as_ptr())? };
        let block = encoder.frame_size() as usize;
        Ok(Self {
            encoder,
            stream,
            rate,
            channels: usize::try_from(channels).unwrap_or(1),
            block: if block == 0 { 1024 } else { block },
            samples: 0,
            layout,
        })
    }

    /// Samples per channel in one block.
    pub fn block(&self) -> usize {
        self.block
    }

    /// Samples per channel encoded so far.
    pub fn samples(&self) -> i64 {
        self.samples
    }

    /// Encodes a block of interleaved samples. Only the last block may be shorter.
    pub fn encode(&mut self, output: &mut Muxer, samples: &[f32]) -> Result<()> {
        let count = samples.len() / self.channels;
        let out_of_memory = || Error::encode(output.path(), "out of memory");
        let mut frame = self.sound_frame(count).ok_or_else(out_of_memory)?;
        // SAFETY: the frame has a plane of `count` floats for each channel, or one of all interleaved.
        unsafe {
            let planes = (*frame.as_mut_ptr()).extended_data;
            let all = count * self.channels;
            match self.layout {
                SampleLayout::Integers => {
                    let places = std::slice::from_raw_parts_mut((*planes).cast::<i32>(), all);
                    for (place, sample) in places.iter_mut().zip(samples) {
                        *place = integer(*sample);
                    }
                }
                SampleLayout::Interleaved => {
                    let places = std::slice::from_raw_parts_mut((*planes).cast::<f32>(), all);
                    for (place, sample) in places.iter_mut().zip(samples) {
                        *place = finite(*sample);
                    }
                }
                SampleLayout::Planes => {}
            }
            let planar = self.layout == SampleLayout::Planes;
            for channel in (0..self.channels).filter(|_| planar) {
                let plane = (*planes.add(channel)).cast::<f32>();
                let plane = std::slice::from_raw_parts_mut(plane, count);
                let source = samples.iter().skip(channel).step_by(self.channels);
                for (place, sample) in plane.iter_mut().zip(source) {
                    *place = finite(*sample);
                }
            }
        }
        frame.set_pts(Some(self.samples));
        self.samples += i64::try_from(count).unwrap_or(0);
        self.encoder
            .send_frame(&frame)
            .map_err(|error| failed(output.path(), error.into()))?;
        self.drain(output)
    }

    /// Flushes the encoder.
    pub fn finish(&mut self, output: &mut Muxer) -> Result<()> {
        self.encoder
            .send_eof()
            .map_err(|error| failed(output.path(), error.into()))?;
        self.drain(output)
    }

    fn drain(&mut self, output: &mut Muxer) -> Result<()> {
        let mut packet = Packet::empty();
        let base = ffi::AVRational {
            num: 1,
            den: self.rate,
        };
        while received(self.encoder.receive_packet(&mut packet), output)? {
            output.write(&mut packet, self.stream, base)?;
        }
        Ok(())
    }

    /// Allocates a frame with one plane of `count` floats per channel.
    fn sound_frame(&self, count: usize) -> Option<frame::Audio> {
        let mut frame = frame::Audio::empty();
        // SAFETY: the geometry is set before the buffer is made, and the buffer is checked.
        unsafe {
            let raw = frame.as_mut_ptr();
            if raw.is_null() {
                return None;
            }
            let encoder = self.encoder.as_ptr();
            (*raw).format = (*encoder).sample_fmt as i32;
            (*raw).nb_samples = i32::try_from(count).ok()?;
            (*raw).sample_rate = self.rate;
            (*raw).channel_layout = (*encoder).channel_layout;
            (*raw).channels = (*encoder).channels;
            if ffi::av_channel_layout_copy(&mut (*raw).ch_layout, &(*encoder).ch_layout) < 0
                || ffi::av_frame_get_buffer(raw, 0) < 0
            {
                return None;
            }
        }
        Some(frame)
    }
}

/// Silence where a sample is no number.
fn finite(sample: f32) -> f32 {
    if sample.is_finite() { sample } else { 0.0 }
}

/// A sample of 24 bits in the upper bits of 32.
fn integer(sample: f32) -> i32 {
    const HIGHEST: f64 = 8_388_607.0;
    let scaled = (f64::from(finite(sample)) * (HIGHEST + 1.0)).round();
    (scaled.clamp(-HIGHEST - 1.0, HIGHEST) as i32) << 8
}
