//! Containers that clips are written in.

use super::ffmpeg::muxer_holds;

/// A container for the pictures that are encoded here (H.264).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClipContainer {
    /// MPEG-4, which plays everywhere.
    Mp4,
    /// QuickTime.
    Mov,
    /// Matroska, which holds nearly every kind of sound, subtitles and attachments without conversion.
    Matroska,
}

impl ClipContainer {
    /// The name of FFmpeg's muxer.
    pub(super) fn muxer(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Matroska => "matroska",
        }
    }

    /// This container if it can hold sound in `codec` (FFmpeg's name), else the next in this order that can: MOV, which
    /// most players read, then Matroska.
    pub fn for_sound(self, codec: &str) -> Self {
        let others = [self, Self::Mov, Self::Matroska].into_iter();
        let mut able = others.filter(|container| muxer_holds(container.muxer(), codec));
        able.next().unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_that_mp4_cannot_hold_goes_to_a_container_that_can() {
        let of = |codec| ClipContainer::Mp4.for_sound(codec);
        assert_eq!(of("aac"), ClipContainer::Mp4);
        assert_eq!(of("opus"), ClipContainer::Mp4);
        assert_eq!(of("pcm_s16le"), ClipContainer::Mov);
        assert_eq!(of("wmav2"), ClipContainer::Matroska);
        assert_eq!(of("no such codec"), ClipContainer::Mp4);
        assert_eq!(
            ClipContainer::Mov.for_sound("opus"),
            ClipContainer::Matroska
        );
    }
}
