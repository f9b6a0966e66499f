//! Codecs: probing, decoding and encoding. No other room touches a codec.
//!
//! Time zero of a file is its container's start: picture and sound share it, so what is at 3.2 s in one is at 3.2 s in
//! the other. Nothing here names, creates or replaces files: encoders write into the temporary path they are handed.

mod apng_chunks;
mod avi_chunks;
mod color_meaning;
mod facts;
mod ffmpeg;
mod field_order;
mod gif_blocks;
mod h264_units;
mod h265_units;
mod iso_boxes;
mod limits;
mod page_positions;
mod probe;
mod stream_facts;
mod unit_bytes;

pub use facts::{AudioFacts, MediaKind, Probe, StillFacts, VideoFacts};
pub use field_order::{FieldOrder, FieldPair, FieldVotes, PairVerdict};
pub use limits::Limits;
pub use page_positions::{PagePacket, PagePositions};
pub use probe::probe;

mod still;
pub use still::{Still, decode_small, decode_still, decode_still_inside};

mod metadata;
pub use metadata::{GainMap, GainMapPolicy, Metadata, MetadataPolicy, Original};

mod animation_encode;
pub use animation_encode::{AnimationFrame, animation_bytes};

mod still_encode;
mod subsampling;
pub use still_encode::{StillFormat, encode_still, still_bytes};
pub use subsampling::ChromaSubsampling;

mod tags;
pub use tags::{SoundTags, sound_artwork};

mod sound_reader;
pub use sound_reader::{Channels, SoundReader, SoundRequest};

mod block_mean;
mod resample;
pub use resample::Resampler;

mod rotation;

mod known_fields;
mod video_reader;
mod webp_film;
mod yuv;
pub use color_meaning::{Matrix, VideoSignal, to_srgb, to_srgb_over};
mod frame_info;
pub use frame_info::{FrameInfo, FrameSize};
pub use known_fields::KnownFields;
pub use video_reader::VideoReader;
pub use yuv::{Plane, Yuv420};

mod clip_container;
mod clip_writer;
pub use clip_container::ClipContainer;
pub use clip_writer::{CarriedTracks, ClipSettings, ClipWriter};
pub use ffmpeg::{LeftOutTrack, SubtitleLine, Subtitles, read_subtitles};

mod encoded_picture;
mod film_settings;
mod film_writer;
mod stored_pictures;
pub use encoded_picture::EncodedPicture;
pub use ffmpeg::{GroupReader, PictureGroup, PictureGroups};
pub use film_settings::{
    DynamicRange, EncoderThreads, FilmCodec, FilmSettings, SoundCodec, SoundSettings,
};
pub use film_writer::FilmWriter;

mod sound_writer;
pub use sound_writer::{SoundFileFormat, SoundWriter};

mod encoders;
pub use encoders::{ffmpeg_version, film_encoders};
