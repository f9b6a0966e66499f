//! Who is on screen when: a bar for each tracked face and person, green where a face speaks; and a shot's motion in
//! words.

use std::fmt::Write as _;

use crate::analysis::{Motion, PersonTrack, TrackKind, VideoReport};
use crate::report::html::fact;

/// Width of the drawing, in its own units.
const WIDE: f64 = 1200.0;
/// Height of a lane.
const LANE: f64 = 7.0;
/// Most lanes; bars that need more are left out.
const MOST_LANES: usize = 12;

/// Bars over the length of the film, packed into as few lanes as possible. Nothing if nobody was tracked.
pub(super) fn lanes(page: &mut String, video: &VideoReport, x: impl Fn(f64) -> f64) {
    // When the last bar of each lane ends.
    let mut ends: Vec<f64> = Vec::new();
    let mut bars = String::new();
    let tracks = video.shots.iter().flat_map(|shot| {
        let tracks = shot.tracks.iter();
        tracks.map(move |track| (track, shot.end))
    });
    for (track, shot_end) in tracks {
        let (from, to) = (
            x(track.start),
            x(track.end.min(shot_end)).max(x(track.start) + 2.0),
        );
        let free = ends.iter().position(|end| *end + 1.0 <= from);
        let lane = free.unwrap_or(ends.len());
        if lane >= MOST_LANES {
            continue;
        }
        match ends.get_mut(lane) {
            Some(end) => *end = to,
            None => ends.push(to),
        }
        let bar = LaneBar {
            from,
            to,
            top: lane as f64 * LANE,
        };
        bar.draw(&mut bars, track, &x);
    }
    if ends.is_empty() {
        return;
    }
    let high = ends.len() as f64 * LANE;
    let _ = write!(
        page,
        "<svg class=people viewBox=\"0 0 {WIDE} {high}\" height=\"{high}\" preserveAspectRatio=none role=img \
         aria-label=\"faces and people\">\
         {bars}</svg><p class=key><b class=face></b> face (green while speaking) <b class=person></b> person</p>"
    );
}

/// The position of a track's bar, in units of the drawing.
struct LaneBar {
    from: f64,
    to: f64,
    top: f64,
}

impl LaneBar {
    fn draw(&self, bars: &mut String, track: &PersonTrack, x: impl Fn(f64) -> f64) {
        let class = match track.kind {
            TrackKind::Face => "face",
            TrackKind::Person => "person",
        };
        let _ = write!(
            bars,
            "<rect class={class} x=\"{:.2}\" y=\"{:.1}\" width=\"{:.2}\" height=\"{:.1}\">\
             <title>{class} {} ({:.2})</title></rect>",
            self.from,
            self.top + 1.0,
            self.to - self.from,
            LANE - 2.0,
            track.id,
            track.score
        );
        for span in &track.speaking {
            let _ = write!(
                bars,
                "<rect class=speaks x=\"{:.2}\" y=\"{:.1}\" width=\"{:.2}\" height=\"{:.1}\"/>",
                x(span.start),
                self.top + 1.0,
                (x(span.end) - x(span.start)).max(1.0),
                LANE - 2.0
            );
        }
    }
}

/// The motion of a shot and the people in it, for its list of facts.
pub(super) fn moves(page: &mut String, motion: &Motion, tracks: &[PersonTrack]) {
    for (name, value, least, unit) in [
        ("pan", motion.pan, 0.01, "/s"),
        ("tilt", motion.tilt, 0.01, "/s"),
        ("zoom", motion.zoom, 0.01, "/s"),
        ("roll", motion.roll, 0.5, "°/s"),
    ] {
        if value.abs() >= least {
            fact(page, name, &format!("{value:+.2} {unit}"));
        }
    }
    for (name, kind) in [("faces", TrackKind::Face), ("people", TrackKind::Person)] {
        let count = tracks.iter().filter(|track| track.kind == kind).count();
        if count > 0 {
            fact(page, name, &count.to_string());
        }
    }
}
