//! A film on a page: motion, quality, cuts and moments over time, then a key frame of each shot.

use std::fmt::Write as _;
use std::path::Path;

use crate::analysis::{Shot, Take, TransitionKind, VideoReport};
use crate::error::{Error, Result};
use crate::media::{FrameSize, Limits, VideoReader};
use crate::report::annotated_picture::marked;
use crate::report::html::{chips, clock, escaped, fact, picture_address};
use crate::report::people_lanes::{lanes, moves};
use crate::task::Task;
use crate::time::Rational;

/// Width of the curves, in their own units.
const WIDE: f64 = 1200.0;
/// Height of the curves.
const HIGH: f64 = 90.0;
/// Longer side of key frames, in pixels.
const SIDE: u32 = 360;
/// Most shots with a picture, the first ones, so that the page stays small enough to open.
const MOST_SHOTS: usize = 200;

/// The storyboard of the film at `path`.
pub(super) fn storyboard(
    page: &mut String,
    path: &Path,
    video: &VideoReport,
    limits: &Limits,
    task: &Task,
) -> Result<()> {
    curves(page, video);
    page.push_str("<dl>");
    fact(page, "size", &format!("{} × {}", video.width, video.height));
    fact(page, "length", &clock(video.duration));
    fact(page, "frames", &video.frames.to_string());
    fact(
        page,
        "frame rate",
        &format!("{:.3}", video.frame_rate.seconds()),
    );
    fact(page, "shots", &video.shots.len().to_string());
    page.push_str("</dl><div class=board>");
    let mut reader = VideoReader::open(path, limits, 0)?;
    for (number, shot) in video.shots.iter().take(MOST_SHOTS).enumerate() {
        task.check()?;
        task.progress(number as f64 / video.shots.len().min(MOST_SHOTS) as f64);
        page.push_str("<section class=shot>");
        if let Some(address) = key_frame(&mut reader, shot, path)? {
            marked(
                page,
                &address,
                &shot.picture,
                &format!("shot {}", number + 1),
            );
        }
        describe(page, number, shot, &video.takes);
        page.push_str("</section>");
    }
    page.push_str("</div>");
    if video.shots.len() > MOST_SHOTS {
        let _ = write!(
            page,
            "<p class=note>{} more shots</p>",
            video.shots.len() - MOST_SHOTS
        );
    }
    Ok(())
}

/// The shot's key frame; `None` if the film breaks off before it.
fn key_frame(reader: &mut VideoReader, shot: &Shot, path: &Path) -> Result<Option<String>> {
    // Times in JSON are rounded. A little later is still the same frame; a little earlier might not be.
    let micros = (shot.key_time * 1e6).round() as i64 + 200;
    let time = Rational::new(micros, 1_000_000).unwrap_or(shot.start_exact);
    reader.seek(time)?;
    match reader.next_frame() {
        Ok(Some(_)) => {}
        Ok(None) | Err(Error::BreaksOff { .. }) => return Ok(None),
        Err(error) => return Err(error),
    }
    picture_address(reader.image(FrameSize::LongSide(SIDE))?, path).map(Some)
}

/// The text below a shot.
fn describe(page: &mut String, number: usize, shot: &Shot, takes: &[Take]) {
    let begins = shot
        .transition_in
        .as_ref()
        .map_or("opens the film", |transition| name(transition.kind));
    let _ = write!(
        page,
        "<h3>{} <small>{} – {}, {begins}</small></h3>",
        number + 1,
        clock(shot.start),
        clock(shot.end)
    );
    let words = shot
        .picture
        .scene
        .iter()
        .take(4)
        .map(|word| (word.label.as_str(), Some(word.score)));
    chips(page, words);
    page.push_str("<dl>");
    fact(page, "camera", &shot.motion.camera);
    fact(page, "motion", &format!("{:.2}", shot.motion.energy));
    fact(page, "shake", &format!("{:.2}", shot.motion.shake));
    fact(page, "quality", &format!("{:.2}", shot.quality));
    moves(page, &shot.motion, &shot.tracks);
    page.push_str("</dl>");
    if let Some(take) = takes.iter().find(|take| take.shots.contains(&number)) {
        let others: Vec<String> = take
            .shots
            .iter()
            .filter(|shot| **shot != number)
            .map(|shot| (shot + 1).to_string())
            .collect();
        let best = if take.best == number {
            "; this is the best take"
        } else {
            ""
        };
        let _ = write!(
            page,
            "<p class=moment>other takes: shots {}{best}</p>",
            others.join(", ")
        );
    }
    if let Some(moment) = shot.moments.first() {
        let _ = write!(
            page,
            "<p class=moment>best moment: {} – {} ({:.2}) {}</p>",
            clock(moment.start),
            clock(moment.end),
            moment.score,
            escaped(&moment.reasons.join(", "))
        );
    }
}

fn name(kind: TransitionKind) -> &'static str {
    match kind {
        TransitionKind::Cut => "cut",
        TransitionKind::Dissolve => "dissolve",
        TransitionKind::FadeBlack => "fade through black",
        TransitionKind::FadeWhite => "fade through white",
        TransitionKind::Wipe => "wipe",
        TransitionKind::JumpCut => "jump cut",
    }
}

/// Motion, quality, cuts and moments over the length of the film.
fn curves(page: &mut String, video: &VideoReport) {
    let length = video.duration.max(1e-3);
    let start = video.shots.first().map_or(0.0, |shot| shot.start);
    let x = |seconds: f64| ((seconds - start) / length * WIDE).clamp(0.0, WIDE);
    let _ = write!(
        page,
        "<svg class=film viewBox=\"0 0 {WIDE} {HIGH}\" preserveAspectRatio=none role=img \
         aria-label=\"motion, quality and cuts\">"
    );
    for (spans, class) in [(&video.black, "black"), (&video.frozen, "frozen")] {
        for span in spans {
            let _ = write!(
                page,
                "<rect class={class} x=\"{:.2}\" y=\"0\" width=\"{:.2}\" height=\"{HIGH}\"/>",
                x(span.start),
                (x(span.end) - x(span.start)).max(0.5)
            );
        }
    }
    for moment in video.shots.iter().filter_map(|shot| shot.moments.first()) {
        let _ = write!(
            page,
            "<rect class=best x=\"{:.2}\" y=\"{}\" width=\"{:.2}\" height=\"6\"/>",
            x(moment.start),
            HIGH - 6.0,
            (x(moment.end) - x(moment.start)).max(0.5)
        );
    }
    page.push_str("<path class=cuts d=\"");
    for shot in video.shots.iter().skip(1) {
        let _ = write!(page, "M{:.2} 0V{HIGH}", x(shot.start));
    }
    page.push_str("\"/><path class=moves d=\"");
    let peaks = video.shots.iter().flat_map(|shot| &shot.motion.peaks);
    for &peak in peaks {
        let _ = write!(page, "M{:.2} 0l-4 0 4 8 4 -8z", x(peak));
    }
    page.push_str("\"/>");
    for (curve, class) in [
        (&video.quality_curve, "quality"),
        (&video.motion_curve, "motion"),
    ] {
        let _ = write!(page, "<polyline class={class} points=\"");
        for (second, value) in curve.iter().enumerate() {
            let y = (HIGH - 8.0) * (1.0 - value.clamp(0.0, 1.0));
            let _ = write!(page, "{:.1},{y:.1} ", x(start + second as f64 + 0.5));
        }
        page.push_str("\"/>");
    }
    page.push_str(
        "</svg><p class=key><b class=motion></b> motion <b class=quality></b> quality <b class=cuts></b> cuts \
         <b class=best></b> best moments <b class=black></b> black <b class=frozen></b> frozen \
         <b class=moves></b> motion peaks</p>",
    );
    lanes(page, video, x);
}
