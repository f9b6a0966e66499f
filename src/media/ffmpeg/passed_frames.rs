//! Frames that a seek decodes on its way to the one that is wanted: those that no other frame is made from are left out.

use ffmpeg::Packet;
use ffmpeg_next as ffmpeg;

use super::decoded_frame::DecodedFrame;
use super::demuxer::Demuxer;
use crate::media::VideoFacts;
use crate::time::Rational;

/// Codecs whose packets say which frames no other one is made from, and containers with a time for each packet.
const CODECS: [&str; 2] = ["h264", "hevc"];
const CONTAINERS: [&str; 3] = ["mp4", "mov", "matroska"];
/// Frames before the wanted one that are always decoded.
const KEPT: i64 = 2;

/// What a seek has passed so far.
pub(super) struct PassedFrames {
    /// Only frames that are shown before this may be left out, in units of the stream.
    before: i64,
    /// The time of the last frame that may have been left out.
    last: Option<i64>,
}

impl PassedFrames {
    /// For a seek to `time`. `None` where everything has to be decoded.
    pub fn on_the_way_to(time: Rational, facts: &VideoFacts, input: &Demuxer) -> Option<Self> {
        if !CODECS.contains(&facts.codec.as_str()) || !CONTAINERS.contains(&input.container()) {
            return None;
        }
        let kept = Rational::whole(KEPT) * facts.frame_rate.inverse()?;
        let before = (time + input.zero() - kept) * facts.time_base.inverse()?;
        Some(Self {
            before: before.floor(),
            last: None,
        })
    }

    /// Whether the picture of `packet` may be left out.
    pub fn leaves_out(&mut self, packet: &Packet) -> bool {
        let shown = packet.pts().filter(|shown| *shown < self.before);
        self.last = self.last.max(shown);
        shown.is_some()
    }

    /// Whether the frame that is shown at the wanted time may have been left out: it lasts longer than others do, and
    /// `found` comes before it.
    pub fn hide(&self, found: Option<&DecodedFrame>) -> bool {
        let found = found.and_then(|found| found.frame.timestamp().or(found.frame.pts()));
        self.last.is_some() && found < self.last
    }
}
