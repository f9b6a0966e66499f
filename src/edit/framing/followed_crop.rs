//! Which parts of a plan are cropped from films, and their crops once it is measured where the eye goes in them.

use crate::analysis::TimedSubjectMap;
use crate::edit::framing::axis::CropAxis;
use crate::edit::framing::map_tube::tube_of_maps;
use crate::edit::framing::path_through;
use crate::edit::{Plan, Segment, SourceFile};
use crate::geometry::Size;

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
pub fn follow_subject(plan: &mut Plan, part: CroppedPart, maps: &[TimedSubjectMap]) {
    let Some(segment) = plan.picture.get_mut(part.segment) else {
        return;
    };
    let (start, end) = (segment.start_exact.seconds(), segment.end_exact.seconds());
    let tube = tube_of_maps(part.axis, maps, start, end);
    if tube.len() >= 2 {
        segment.crop = path_through(part.axis, &tube);
    }
}
