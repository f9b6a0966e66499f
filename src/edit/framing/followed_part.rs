//! A part of a film with what stands out in it over time: the crop that follows it, and how much of it a frame holds.

use crate::analysis::{Shot, TimedSubjectMap};
use crate::edit::Segment;
use crate::edit::framing::axis::{AxisRange, CropAxis};
use crate::edit::framing::box_path::box_at;
use crate::edit::framing::crop_path::Ring;
use crate::edit::framing::face_panels::shot_panels;
use crate::edit::framing::map_tube::tube_of_maps;
use crate::edit::framing::path_through;
use crate::edit::framing::subject_window::{Cumulative, cells};
use crate::geometry::{Rect, Size};

/// Share of the weight that a crop has to hold where two people stand too far apart for it: that of photos.
const KEPT_OF_PEOPLE: f64 = 0.75;

/// A part with what stands out in it, over time.
pub(super) struct FollowedPart<'a> {
    /// The number of its segment in the plan.
    pub segment: usize,
    pub axis: CropAxis,
    /// Its first and its last second in the source.
    pub times: [f64; 2],
    maps: &'a [TimedSubjectMap],
}

impl<'a> FollowedPart<'a> {
    /// The part of a plan's segment, the number of which is `number`; `None` where nothing stands out.
    pub fn new(
        number: usize,
        segment: &Segment,
        axis: CropAxis,
        maps: &'a [TimedSubjectMap],
    ) -> Option<Self> {
        let followed = Self {
            segment: number,
            axis,
            times: [segment.start_exact.seconds(), segment.end_exact.seconds()],
            maps,
        };
        (followed.tube(axis).len() >= 2).then_some(followed)
    }

    /// A part as long as its maps.
    #[cfg(test)]
    pub fn of_maps(axis: CropAxis, maps: &'a [TimedSubjectMap]) -> Option<Self> {
        let times = [maps.first()?.time, maps.last()?.time];
        Some(Self {
            segment: 0,
            axis,
            times,
            maps,
        })
    }

    fn tube(&self, axis: CropAxis) -> Vec<Ring> {
        tube_of_maps(axis, self.maps, self.times[0], self.times[1])
    }

    /// The path of a crop of this size that follows.
    pub fn path(&self, axis: CropAxis) -> Vec<[f64; 5]> {
        match axis {
            CropAxis::Whole => vec![axis.point(self.times[0], 0.5)],
            _ => path_through(axis, &self.tube(axis)),
        }
    }

    /// The share of the weight that such a crop holds, on average.
    pub fn kept(&self, axis: CropAxis) -> f64 {
        let path = self.path(axis);
        kept_share(axis, self.maps, |time| {
            vec![axis.stretch(box_at(&path, time).unwrap_or(Rect::FULL))]
        })
    }

    /// The panels for two people whom no crop holds. Two faces in the crowd behind a dancer are not what is seen:
    /// panels have to hold more of that than the crop does.
    pub fn panels(&self, shot: &Shot, source: Size, output: Size) -> Option<[Rect; 2]> {
        let kept = self.kept(self.axis);
        if kept >= KEPT_OF_PEOPLE {
            return None;
        }
        let panels = shot_panels(shot, self.times, source, output)?;
        let held = kept_share(self.axis, self.maps, |_| {
            panels.map(|panel| self.axis.stretch(panel)).into()
        });
        (held > kept).then_some(panels)
    }
}

/// The share of the weight that lies in the stretches of the axis which `shown` gives for each second (one, or two that
/// begin from left to right), on average; 1 without maps.
fn kept_share(
    axis: CropAxis,
    maps: &[TimedSubjectMap],
    shown: impl Fn(f64) -> Vec<AxisRange>,
) -> f64 {
    let kept: Vec<f64> = maps
        .iter()
        .filter_map(|timed| {
            let weights = Cumulative::new(cells(axis, &timed.map).iter().copied())?;
            let mut from = 0.0_f64;
            let mut kept = 0.0;
            for (start, end) in shown(timed.time) {
                kept += weights.within((start.max(from), end));
                from = end;
            }
            Some(kept)
        })
        .collect();
    if kept.is_empty() {
        return 1.0;
    }
    kept.iter().sum::<f64>() / kept.len() as f64
}
