//! What a writer of a timeline is asked for.

use std::path::Path;

use crate::edit::{Plan, Segment, SoundSegment};
use crate::interchange::medium::Medium;
use crate::interchange::sequence::{Sequence, SequenceClip};
use crate::interchange::timeline_format::TimelineFormat;
use crate::interchange::url;
use crate::time::Rational;

/// A program that is to read the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum EditingProgram {
    FinalCut,
    Resolve,
    Premiere,
    Kdenlive,
    Shotcut,
}

impl EditingProgram {
    /// The formats that it opens.
    pub fn formats(self) -> &'static [TimelineFormat] {
        use TimelineFormat::{Edl, Fcpxml, Mlt, Otio, Xmeml};
        match self {
            Self::FinalCut => &[Fcpxml],
            Self::Resolve => &[Otio, Fcpxml, Xmeml, Edl],
            Self::Premiere => &[Otio, Xmeml, Edl],
            Self::Kdenlive => &[Otio, Mlt],
            Self::Shotcut => &[Mlt],
        }
    }
}

/// A timeline to write.
#[derive(Debug, Clone, Copy)]
pub struct WriteRequest<'a> {
    /// The timeline, made from `plan`.
    pub sequence: &'a Sequence,
    /// The plan.
    pub plan: &'a Plan,
    /// The absolute folder of the file that is written.
    pub folder: &'a Path,
    /// Who is to read it, where programs read the format differently.
    pub program: Option<EditingProgram>,
}

impl<'a> WriteRequest<'a> {
    /// Frames a second of the film.
    pub(super) fn rate(&self) -> Rational {
        self.plan.output.frame_rate
    }

    /// Seconds of a frame.
    pub(super) fn frame(&self) -> Rational {
        self.rate().inverse().unwrap_or(Rational::ONE)
    }

    /// The file of a clip.
    pub(super) fn medium(&self, clip: &SequenceClip) -> Option<&'a Medium> {
        self.sequence.media.get(clip.medium?)
    }

    /// The segment of the plan that a clip of a picture track comes from.
    pub(super) fn segment(&self, clip: &SequenceClip) -> Option<&'a Segment> {
        self.plan.picture.get(clip.segment?)
    }

    /// The segment of the plan that a clip of a sound track comes from.
    pub(super) fn sound(&self, clip: &SequenceClip) -> Option<&'a SoundSegment> {
        self.plan.sound.get(clip.segment?)
    }

    /// The path of a file from the folder of the timeline.
    pub(super) fn relative_path(&self, medium: &Medium) -> String {
        let path = url::relative(&medium.path, self.folder);
        path.to_string_lossy().into_owned()
    }

    /// The same as an address.
    pub(super) fn relative_url(&self, medium: &Medium) -> String {
        url::encoded(&self.relative_path(medium))
    }
}
