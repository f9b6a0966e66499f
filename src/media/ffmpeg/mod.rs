//! The one place that talks to FFmpeg, through ffmpeg-next and its bindings.
//!
//! All `unsafe` code of `media` is in this folder, and no FFmpeg type leaves it: frames and packets come out as plain
//! data. Some calls of ffmpeg-next are unsound (frame geometry can be set after its buffer was allocated) or panic on a
//! path that is not UTF-8; they are not used here.
//!
//! A hostile file can reach nothing but its own bytes. FFmpeg reads through a [`std::fs::File`] that is already open,
//! no protocol is allowed, and only demuxers of real containers are: playlists, scripts and test pattern generators are
//! refused. The filters in use, bwdif and zscale, have descriptions made of numbers alone and open no file.

#![allow(unsafe_code)]

mod container_head;
mod copied_streams;
mod decoded_frame;
mod deep_frames;
mod deinterlacer;
mod demuxer;
mod encoder_options;
mod field_pairs;
mod field_scan;
mod film;
mod first_packets;
mod frame_clock;
mod frame_facts;
mod frame_to_picture;
mod frame_to_rgb;
mod hevc_opacity;
mod increasing_ticks;
mod library;
mod light_tags;
mod muxer;
mod ogg_sound;
mod opacity_track;
mod passed_frames;
mod picture_decoder;
mod picture_encoder;
mod picture_groups;
mod rare_matrix;
mod scale;
pub(super) mod sound;
mod sound_encoder;
mod streams;
mod subtitle_reader;
mod subtitle_text;
mod watched_file;

pub(super) use copied_streams::CopiedStreams;
pub use copied_streams::LeftOutTrack;
pub(super) use demuxer::Demuxer;
pub(super) use field_scan::FieldFacts;
pub(super) use film::FfmpegFilm;
pub(super) use frame_to_rgb::Converters;
pub(super) use library::{PICTURE_ENCODER, SOUND_ENCODER, has_encoder, version};
pub(super) use muxer::{Muxer, muxer_holds};
pub(super) use picture_encoder::{EncoderFrame, PictureEncoder};
pub use picture_groups::{GroupReader, PictureGroup, PictureGroups};
pub(super) use sound_encoder::SoundEncoder;
pub(super) use streams::{Stream, StreamKind};
pub use subtitle_reader::{SubtitleLine, Subtitles, read_subtitles};
