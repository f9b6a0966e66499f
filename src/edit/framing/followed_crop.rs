//! Which parts of a plan are cropped from films, and their crops once it is measured where the eye goes in them.

use crate::analysis::TimedSubjectMap;
use crate::choice::Reason;
use crate::edit::framing::axis::CropAxis;
use crate::edit::framing::box_path::box_at;
use crate::edit::framing::doubtful_crop::{is_doubtful, kept_share};
use crate::edit::framing::face_panels::{TWO_PANELS, shot_panels};
use crate::edit::framing::map_tube::tube_of_maps;
use crate::edit::framing::path_through;
use crate::edit::framing::speakers::SPEAKER;
use crate::edit::{Fit, Plan, Segment, SourceFile};
use crate::effects::Effect;
use crate::geometry::{Rect, Size};
use crate::time::rounded;

/// Share of the weight that a crop has to hold where two people stand too far apart for it: that of photos.
const KEPT_OF_PEOPLE: f64 = 0.75;

/// A segment that shows a part of a film in another shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CroppedPart {
    /// Its place in the plan.
    pub segment: usize,
    /// The place of its source among the request's.
    pub source: usize,
    axis: CropAxis,
}

/// The segments of films that are cropped, in order.
pub fn cropped_parts(plan: &Plan, sources: &[SourceFile]) -> Vec<CroppedPart> {
    let output = Size::new(plan.output.width, plan.output.height);
    let part = |(number, segment): (usize, &Segment)| {
        let path = &plan.sources.iter().find(|s| s.id == segment.source)?.path;
        let source = sources
            .iter()
            .position(|source| source.path.to_string_lossy() == path.as_str())?;
        let video = sources.get(source)?.analysis.video.as_ref()?;
        let axis = CropAxis::new(Size::new(video.width, video.height), output);
        let shows_speaker = segment.reasons.iter().any(|reason| reason.code == SPEAKER);
        let follows = axis != CropAxis::Whole && !segment.locked && !shows_speaker;
        follows.then_some(CroppedPart {
            segment: number,
            source,
            axis,
        })
    };
    plan.picture.iter().enumerate().filter_map(part).collect()
}

/// Sets the crop of a segment so that it follows what the eye goes to. Without a map it stays as it is.
///
/// In a film of several files, two people whom no crop holds get a panel each, and another part that none holds is shown
/// whole. A film of one file is a reframing that somebody asked for: a strip is what any player makes of it.
pub fn follow_subject(
    plan: &mut Plan,
    part: CroppedPart,
    source: &SourceFile,
    maps: &[TimedSubjectMap],
) {
    let may_change_shape = shows_several_files(plan);
    let output = Size::new(plan.output.width, plan.output.height);
    let Some(segment) = plan.picture.get_mut(part.segment) else {
        return;
    };
    let (start, end) = (segment.start_exact.seconds(), segment.end_exact.seconds());
    let tube = tube_of_maps(part.axis, maps, start, end);
    if tube.len() < 2 {
        return;
    }
    let path = path_through(part.axis, &tube);
    let middle_at = |time| {
        let (from, to) = part.axis.stretch(box_at(&path, time).unwrap_or(Rect::FULL));
        (from + to) / 2.0
    };
    let kept = match may_change_shape {
        true => kept_share(part.axis, maps, middle_at),
        false => 1.0,
    };
    let panels = (kept < KEPT_OF_PEOPLE)
        .then(|| panels_of_part(source, [start, end], output))
        .flatten();
    if let Some(panels) = panels {
        let still = |crop: Rect| vec![[rounded(start), crop.x, crop.y, crop.width, crop.height]];
        (segment.crop, segment.second_crop) = panels.map(still).into();
        segment
            .reasons
            .push(Reason::new("two_panels", 0.0, TWO_PANELS));
    } else if is_doubtful(kept) {
        segment.crop = vec![CropAxis::Whole.point(start, 0.5)];
        segment.fit = Fit::Blurred;
        // The strip would jump, not the subject come closer.
        segment
            .effects
            .retain(|effect| !matches!(effect, Effect::PunchIn(_)));
        segment.reasons.push(Reason::new("shown_whole", 0.0, DOUBT));
    } else {
        segment.crop = path;
    }
}

/// The crops of two panels for the part of a film between two seconds, where two people stay in it far apart.
fn panels_of_part(source: &SourceFile, part: [f64; 2], output: Size) -> Option<[Rect; 2]> {
    let video = source.analysis.video.as_ref()?;
    let middle = (part[0] + part[1]) / 2.0;
    let mut shots = video.shots.iter();
    let shot = shots.find(|shot| (shot.start..shot.end).contains(&middle))?;
    shot_panels(shot, part, Size::new(video.width, video.height), output)
}

/// Why a part is not cropped. A rule decided that, so its weight is 0.
const DOUBT: &str =
    "It is shown whole: what stands out lies too far apart for a crop of this shape.";

fn shows_several_files(plan: &Plan) -> bool {
    let mut sources = plan.picture.iter().map(|segment| &segment.source);
    let first = sources.next();
    sources.any(|source| Some(source) != first)
}
