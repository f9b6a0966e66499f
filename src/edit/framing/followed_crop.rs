//! Which parts of a plan are cropped from films, and their crops once it is measured where the eye goes in them.

use crate::analysis::TimedSubjectMap;
use crate::choice::Reason;
use crate::edit::framing::axis::CropAxis;
use crate::edit::framing::box_path::box_at;
use crate::edit::framing::doubtful_crop::is_doubtful;
use crate::edit::framing::map_tube::tube_of_maps;
use crate::edit::framing::path_through;
use crate::edit::{Fit, Plan, Segment, SourceFile};
use crate::effects::Effect;
use crate::geometry::{Rect, Size};

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
        (axis != CropAxis::Whole && !segment.locked).then_some(CroppedPart {
            segment: number,
            source,
            axis,
        })
    };
    plan.picture.iter().enumerate().filter_map(part).collect()
}

/// Sets the crop of a segment so that it follows what the eye goes to. Without a map it stays as it is.
///
/// In a film of several files, a part that no crop holds is shown whole. A film of one file is a reframing that somebody
/// asked for: a strip is what any player makes of it.
pub fn follow_subject(plan: &mut Plan, part: CroppedPart, maps: &[TimedSubjectMap]) {
    let may_be_whole = shows_several_files(plan);
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
    if may_be_whole && is_doubtful(part.axis, maps, middle_at) {
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

/// Why a part is not cropped. A rule decided that, so its weight is 0.
const DOUBT: &str =
    "It is shown whole: what stands out lies too far apart for a crop of this shape.";

fn shows_several_files(plan: &Plan) -> bool {
    let mut sources = plan.picture.iter().map(|segment| &segment.source);
    let first = sources.next();
    sources.any(|source| Some(source) != first)
}
