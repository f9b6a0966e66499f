//! One clip and no length asked for: see [`trim`].

use crate::choice::{Decision, Reason, Setting};
use crate::edit::cut_points::cut_points;
use crate::edit::music_bed::MusicBed;
use crate::edit::planner::Planner;
use crate::edit::planner::segment::beat_reason;
use crate::edit::subclips::Subclip;
use crate::edit::{Segment, trim};
use crate::music::WindowRequest;
use crate::time::Rational;

impl<'a> Planner<'a> {
    /// The only clip with what is bad cut away; `None` where a choice must be made.
    pub(super) fn trimmed(
        &mut self,
        whole: f64,
        everything: &[Subclip],
    ) -> Option<(Vec<Segment>, Option<MusicBed<'a>>)> {
        let request = self.request;
        // Without a change of speed, pieces are cut to the beats; with one, the beats also come to where the pieces end.
        let cuts = if request.stretch > 0.0 {
            trim::cuts(request.sources, self.output, self.rate)
        } else {
            Vec::new()
        };
        let wanted = WindowRequest {
            length: whole,
            exact: true,
            speech: &self.speech(),
            cuts: &cuts,
            stretch: request.stretch,
            ..WindowRequest::default()
        };
        let track = self.soundtrack(&wanted, cuts.is_empty());
        let room = track.as_ref().map_or(f64::INFINITY, MusicBed::length);
        if room < whole * 0.9 {
            return None;
        }
        let places = track
            .as_ref()
            .map_or_else(Vec::new, |track| cut_points(Some(track), whole, self.rate));
        let pieces = trim::pieces(request.sources, self.output, self.rate, &places);
        if pieces.is_empty() {
            return None;
        }
        let kept: f64 =
            pieces.iter().map(|piece| piece.frames as f64).sum::<f64>() / self.rate.seconds();
        if request.length.is_none() {
            let all = everything
                .first()
                .and_then(|take| self.video(take))
                .map_or(kept, |video| video.duration);
            self.decide(Decision::new(
                Setting::Length,
                format!("{kept:.1}"),
                format!("{kept:.1} of {all:.1} seconds: one clip keeps everything that is good"),
            ));
        }
        let count = pieces.len();
        let segments = pieces
            .into_iter()
            .map(|piece| {
                let length = Rational::whole(piece.frames) * self.frame();
                let mut reasons = vec![Reason::new(
                    "kept",
                    piece.take.base,
                    if count == 1 {
                        "Nothing in this clip had to be cut away.".to_owned()
                    } else {
                        format!(
                            "Shot {}: what is good stays, in its order.",
                            piece.take.shot + 1
                        )
                    },
                )];
                reasons.extend(piece.beat.as_ref().map(beat_reason));
                let start = piece.take.start;
                let end = start + length;
                self.segment(&piece.take, start, end, piece.beat, Vec::new(), reasons)
            })
            .collect();
        Some((segments, track))
    }
}
