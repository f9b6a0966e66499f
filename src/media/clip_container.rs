//! Containers that clips are written in.

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

    /// The name for messages.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Mp4 => "MP4",
            Self::Mov => "MOV",
            Self::Matroska => "Matroska",
        }
    }
}
