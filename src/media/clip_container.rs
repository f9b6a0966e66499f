//! What a clip is written as.

/// A container that holds the pictures that are encoded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClipContainer {
    /// MPEG-4, what plays everywhere.
    Mp4,
    /// QuickTime.
    Mov,
    /// Matroska, which holds nearly every kind of sound, and subtitles and attachments as they are.
    Matroska,
}

impl ClipContainer {
    /// FFmpeg's name of its muxer.
    pub(super) fn muxer(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Matroska => "matroska",
        }
    }

    /// Its name in a sentence.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Mp4 => "MP4",
            Self::Mov => "MOV",
            Self::Matroska => "Matroska",
        }
    }
}
