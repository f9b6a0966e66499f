//! A timeline as a plan.
//!
//! A plan has one row of pictures without gaps. So tracks are laid flat, gaps are closed, and what follows them, sound
//! included, moves up. Lengths become whole frames. What a clip's segment had in the plan that the timeline was made
//! from (crop, look, effects, reasons) comes back with it.

use crate::captions::Caption;
use crate::edit::{Marker, MarkerKind, OutputSpec, PLAN_SCHEMA, Plan};
use crate::effects::SegmentTransition;
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::interchange::flatten::pictures;
use crate::interchange::loss::{LossBook, LostPart};
use crate::interchange::plan_making::{FoundMedium, Making};
use crate::interchange::sequence::{Sequence, SequenceItem, SequenceMarker};
use crate::interchange::sound_of_sequence::add_sound;
use crate::picture::Background;
use crate::time::{Rational, rounded};

/// Frames a second where neither the timeline nor its files say any.
const USUAL_RATE: i64 = 30;
/// Size of the film where neither the timeline nor its files say any.
const USUAL_SIZE: Size = Size {
    width: 1920,
    height: 1080,
};
/// Loudness and highest true peak of a film whose plan is not known: what most platforms play at.
const LOUDNESS: (f64, f64) = (-14.0, -1.0);
/// Platform and style of a film whose plan is not known.
const IMPORTED: &str = "imported";

/// A plan that was made of a timeline.
#[derive(Debug, Clone)]
pub struct ImportedPlan {
    /// The plan.
    pub plan: Plan,
    /// For each segment of its picture, the number of the segment that it was in the plan that the timeline was made
    /// from, where that is known.
    pub origins: Vec<Option<usize>>,
}

/// The plan of a timeline. `files` has a file for each of its media, where it was found; clips without one are left
/// out.
///
/// Errors: `Nothing` where no picture is left.
pub fn plan_of(
    sequence: &Sequence,
    files: &[Option<FoundMedium>],
    losses: &mut LossBook,
) -> Result<ImportedPlan> {
    let output = output(sequence, files);
    let mut making = Making {
        sequence,
        files,
        sources: Vec::new(),
        picture: Vec::new(),
        origins: Vec::new(),
        moves: Vec::new(),
        output,
    };
    let rate = making.output.frame_rate;
    let pieces = pictures(&sequence.tracks, rate);
    making.add_pictures(&pieces, losses);
    if making.picture.is_empty() {
        return Err(Error::Nothing {
            what: "the timeline shows no film or photo that could be found".into(),
            hint: Hint::NameMediaFolder,
        });
    }
    let sound = add_sound(&mut making, &pieces, losses);
    let markers = markers(&making, losses);
    let captions = captions(&making, losses);
    let origins = making.origins;
    let mut plan = Plan {
        schema: PLAN_SCHEMA.into(),
        sources: making.sources,
        output: making.output,
        picture: making.picture,
        sound,
        captions,
        markers,
        carried: sequence.carried.clone(),
    };
    drop_impossible_transitions(&mut plan, losses);
    Ok(ImportedPlan { plan, origins })
}

fn output(sequence: &Sequence, files: &[Option<FoundMedium>]) -> OutputSpec {
    let facts = || files.iter().flatten().map(|file| &file.facts);
    let is_rate = |rate: &Rational| {
        (1.0..=240.0).contains(&rate.seconds()) && rate.denominator() <= 1_000_000
    };
    let frame_rate = sequence
        .frame_rate
        .or_else(|| facts().find_map(|facts| facts.frame_rate))
        .filter(is_rate)
        .unwrap_or(Rational::whole(USUAL_RATE));
    let size = sequence
        .size
        .or_else(|| {
            sequence
                .plan
                .as_ref()
                .map(|plan| Size::new(plan.output.width, plan.output.height))
        })
        .or_else(|| facts().find_map(|facts| facts.size))
        .unwrap_or(USUAL_SIZE);
    let side = |pixels: u32| (pixels.clamp(16, 8192) / 2) * 2;
    let known = sequence.plan.as_ref().map(|plan| plan.output.clone());
    let known = known.unwrap_or_else(|| OutputSpec {
        width: 0,
        height: 0,
        frame_rate,
        duration: 0.0,
        duration_exact: Rational::ZERO,
        loudness_lufs: LOUDNESS.0,
        true_peak_dbtp: LOUDNESS.1,
        platform: IMPORTED.into(),
        style: IMPORTED.into(),
        seed: 0,
        background: Background::BLACK,
        captions: None,
    });
    OutputSpec {
        width: side(size.width),
        height: side(size.height),
        frame_rate,
        duration: 0.0,
        duration_exact: Rational::ZERO,
        ..known
    }
}

fn markers(making: &Making<'_>, losses: &mut LossBook) -> Vec<Marker> {
    let mut all: Vec<(Rational, MarkerKind, String)> = Vec::new();
    let mut add = |at: Rational, marker: &SequenceMarker| {
        let kind = marker.kind.unwrap_or(MarkerKind::Note);
        all.push((making.moved(at), kind, marker.text.clone()));
    };
    for marker in &making.sequence.markers {
        add(marker.at, marker);
    }
    for track in &making.sequence.tracks {
        let mut time = Rational::ZERO;
        for item in &track.items {
            if let SequenceItem::Clip(clip) = item {
                for marker in &clip.markers {
                    add(time + marker.at, marker);
                }
            }
            time = time + item.duration();
        }
    }
    let frame = making.output.frame_rate.inverse().unwrap_or(Rational::ONE);
    let planned = making.sequence.plan.as_ref();
    let planned = planned.map_or(&[][..], |plan| &plan.markers[..]);
    let mut markers = Vec::with_capacity(all.len());
    for (at, kind, text) in all {
        if at.is_negative() || at > making.output.duration_exact {
            let place = format!("{:.2} s", at.seconds());
            let what = format!("marker {text}");
            losses.note(LostPart::Marker, what, place, "it lies outside the film");
            continue;
        }
        let same = planned.iter().find(|marker| {
            let near = (marker.at - at.seconds()).abs() <= frame.seconds() / 2.0;
            near && marker.kind == kind && marker.text == text
        });
        markers.push(Marker {
            at: same.map_or(rounded(at.seconds()), |marker| marker.at),
            kind,
            text,
        });
    }
    markers.sort_by(|a, b| a.at.total_cmp(&b.at));
    markers.dedup();
    markers
}

/// The captions of the plan that the timeline was made from, as far as the film still reaches.
fn captions(making: &Making<'_>, losses: &mut LossBook) -> Vec<Caption> {
    let Some(plan) = &making.sequence.plan else {
        return Vec::new();
    };
    let (kept, beyond): (Vec<_>, Vec<_>) = plan
        .captions
        .iter()
        .cloned()
        .partition(|caption| caption.start < making.output.duration);
    for caption in beyond {
        let place = format!("{:.2} s", caption.start);
        losses.note(
            LostPart::Caption,
            "caption",
            place,
            "the film ends before it",
        );
    }
    if !kept.is_empty() && plan.output.duration_exact != making.output.duration_exact {
        let instead = "the times that they had before the edit";
        losses.note(LostPart::Other, "times of captions", "captions", instead);
    }
    kept
}

/// Makes cuts of the transitions that do not fit or lack a handle.
fn drop_impossible_transitions(plan: &mut Plan, losses: &mut LossBook) {
    for number in 0..plan.picture.len() {
        let Some(problem) = plan.transition_problem(number) else {
            continue;
        };
        if let Some(segment) = plan.picture.get_mut(number) {
            let what = format!("transition that {problem}");
            let place = format!("picture[{number}]");
            losses.note(LostPart::Transition, what, place, "a cut");
            segment.transition = SegmentTransition::Cut;
        }
    }
}
