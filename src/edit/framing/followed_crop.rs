//! Which parts of a plan are cropped from films, and their crops once it is measured where the eye goes in them.

use std::collections::BTreeMap;

use crate::analysis::TimedSubjectMap;
use crate::choice::Reason;
use crate::edit::framing::axis::CropAxis;
use crate::edit::framing::doubtful_crop::frame_of_shot;
use crate::edit::framing::face_panels::TWO_PANELS;
use crate::edit::framing::followed_part::FollowedPart;
use crate::edit::framing::people_in_window::holds_people;
use crate::edit::framing::speakers::SPEAKER;
use crate::edit::{Fit, Plan, Segment, SourceFile, WiderShot};
use crate::effects::Effect;
use crate::geometry::{Rect, Size};
use crate::time::rounded;

/// A segment that shows a part of a film in another shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CroppedPart {
    /// Its place in the plan.
    pub segment: usize,
    /// The place of its source among the request's.
    pub source: usize,
    /// The place of its shot in the source.
    shot: usize,
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
        let middle = (segment.start_exact.seconds() + segment.end_exact.seconds()) / 2.0;
        let shot = video.shots.partition_point(|shot| shot.end <= middle);
        follows.then_some(CroppedPart {
            segment: number,
            source,
            shot,
            axis,
        })
    };
    plan.picture.iter().enumerate().filter_map(part).collect()
}

/// Sets the crops of these parts, each with its maps, so that they follow what the eye goes to. A part without a map
/// stays as it is.
///
/// Where a crop would be in doubt, the one that the plan has stays if it holds everybody who was followed. In a film of
/// several files, two people whom no crop holds get a panel each, and a shot that no crop holds is shown
/// wider, all its parts alike: a shot that changes its shape looks like a mistake. A film of one file is a reframing
/// that somebody asked for: a strip is what any player makes of it.
pub fn follow_subjects(
    plan: &mut Plan,
    sources: &[SourceFile],
    parts: &[(CroppedPart, Vec<TimedSubjectMap>)],
) {
    let may_change_shape = shows_several_files(plan);
    let output = Size::new(plan.output.width, plan.output.height);
    let mut shots: BTreeMap<(usize, usize), Vec<FollowedPart>> = BTreeMap::new();
    for (part, maps) in parts {
        if let Some(segment) = plan.picture.get(part.segment) {
            let followed = FollowedPart::new(part.segment, segment, part.axis, maps);
            let shot = shots.entry((part.source, part.shot)).or_default();
            shot.extend(followed);
        }
    }
    for ((source, shot), parts) in shots {
        let video = sources
            .get(source)
            .and_then(|it| it.analysis.video.as_ref());
        let shot = video.and_then(|video| Some((video, video.shots.get(shot)?)));
        let shot = shot.filter(|_| may_change_shape);
        let panels = |part: &FollowedPart| {
            let (video, shot) = shot?;
            part.panels(shot, Size::new(video.width, video.height), output)
        };
        let panels: Option<Vec<[Rect; 2]>> = parts.iter().map(panels).collect();
        let wider = shot.and_then(|(_, shot)| frame_of_shot(&parts, &shot.picture));
        let holds_people = |part: &FollowedPart| {
            let segment = plan.picture.get(part.segment);
            let holds = |(_, shot)| Some(holds_people(shot, &segment?.crop, part.times));
            shot.and_then(holds) == Some(true)
        };
        // Somebody who was followed is what a part is about, whatever else catches the eye.
        if wider.is_some() && parts.iter().all(holds_people) {
            continue;
        }
        for (number, part) in parts.iter().enumerate() {
            let Some(segment) = plan.picture.get_mut(part.segment) else {
                continue;
            };
            match (panels.as_ref().and_then(|all| all.get(number)), wider) {
                (Some(panels), _) => show_in_panels(segment, *panels),
                (None, Some(axis)) => show_wider(segment, part.path(axis)),
                (None, None) => segment.crop = part.path(part.axis),
            }
        }
    }
}

/// The shots among these parts that [`follow_subjects`] shows wider than the film's shape.
pub fn wider_shots(plan: &Plan, parts: &[CroppedPart]) -> Vec<WiderShot> {
    let mut wider: Vec<WiderShot> = Vec::new();
    for part in parts {
        let segment = plan.picture.get(part.segment);
        let Some(segment) = segment.filter(|segment| segment.fit == Fit::Blurred) else {
            continue;
        };
        let is_known = |shot: &WiderShot| (shot.source, shot.shot) == (part.source, part.shot);
        if let Some([_, x, y, width, height]) = segment.crop.first()
            && !wider.iter().any(is_known)
        {
            let (from, to) = part.axis.stretch(Rect::new(*x, *y, *width, *height));
            wider.push(WiderShot {
                source: part.source,
                shot: part.shot,
                filled: (part.axis.size() / (to - from).max(1e-6)).clamp(0.0, 1.0),
            });
        }
    }
    wider
}

fn show_in_panels(segment: &mut Segment, panels: [Rect; 2]) {
    let start = rounded(segment.start_exact.seconds());
    let still = |crop: Rect| vec![[start, crop.x, crop.y, crop.width, crop.height]];
    (segment.crop, segment.second_crop) = panels.map(still).into();
    segment
        .reasons
        .push(Reason::new("two_panels", 0.0, TWO_PANELS));
}

fn show_wider(segment: &mut Segment, path: Vec<[f64; 5]>) {
    let is_whole = path.iter().all(|point| point[3] >= 1.0 && point[4] >= 1.0);
    let (code, why) = match is_whole {
        true => ("shown_whole", SHOWN_WHOLE),
        false => ("shown_wider", SHOWN_WIDER),
    };
    segment.crop = path;
    segment.fit = Fit::Blurred;
    // The strip would jump, not the subject come closer.
    segment
        .effects
        .retain(|effect| !matches!(effect, Effect::PunchIn(_)));
    segment.reasons.push(Reason::new(code, 0.0, why));
}

/// Why a part is not cropped to the film's shape. A rule decided that, so its weight is 0.
const SHOWN_WHOLE: &str =
    "It is shown whole: what stands out lies too far apart for a crop of this shape.";
const SHOWN_WIDER: &str =
    "It is shown wider, over a blurred enlargement: a crop of this shape cuts what stands out.";

fn shows_several_files(plan: &Plan) -> bool {
    let mut sources = plan.picture.iter().map(|segment| &segment.source);
    let first = sources.next();
    sources.any(|source| Some(source) != first)
}
