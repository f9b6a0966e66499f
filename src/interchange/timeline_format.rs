//! The formats of timelines.

/// A format of timelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimelineFormat {
    /// OpenTimelineIO's JSON.
    Otio,
    /// Final Cut Pro X.
    Fcpxml,
    /// Final Cut Pro 7, which Premiere and Resolve exchange.
    Xmeml,
    /// An edit decision list, CMX 3600.
    Edl,
    /// The XML of MLT, which Shotcut and Kdenlive build on. It is only written.
    Mlt,
}

impl TimelineFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Otio, Self::Fcpxml, Self::Xmeml, Self::Edl, Self::Mlt];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Otio => "otio",
            Self::Fcpxml => "fcpxml",
            Self::Xmeml => "xmeml",
            Self::Edl => "edl",
            Self::Mlt => "mlt",
        }
    }
}
