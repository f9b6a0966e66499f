//! The one place that talks to FFmpeg, through ffmpeg-next and its bindings.
//!
//! Everything unsafe of the room is in this folder, and nothing of FFmpeg leaves it: frames and packets come out as
//! plain data. Some calls of ffmpeg-next are unsound (frame geometry can be set after the buffer was made) or panic on
//! a path that is not UTF-8; they are not used here.
//!
//! A hostile file reaches nothing but its own bytes: containers are read through a [`std::fs::File`] that was opened
//! before, no protocol is allowed, and only demuxers of real containers are, so that a playlist, a script or a test
//! pattern generator is refused.

#![allow(unsafe_code)]

mod container_head;
mod copied_streams;
mod demuxer;
mod film;
mod first_packets;
mod frame_to_rgb;
mod library;
mod muxer;
mod picture_decoder;
mod picture_encoder;
mod scale;
pub(super) mod sound;
mod sound_encoder;
mod streams;
mod watched_file;

pub(super) use copied_streams::CopiedStreams;
pub use copied_streams::LeftOutTrack;
pub(super) use demuxer::Demuxer;
pub(super) use film::FfmpegFilm;
pub(super) use frame_to_rgb::{Converters, over_black};
pub(super) use library::{PICTURE_ENCODER, SOUND_ENCODER, has_encoder, version};
pub(super) use muxer::Muxer;
pub(super) use picture_encoder::{EncoderFrame, PictureEncoder};
pub(super) use sound_encoder::SoundEncoder;
pub(super) use streams::{Stream, StreamKind};
