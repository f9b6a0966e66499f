//! Which layers make each frame of the film: the source, its time, and what effects and transitions do.
//!
//! All times are exact: a segment has a whole number of output frames, and its frame `k` shows the source at
//! `in + k / frame rate` (times the segment's speed). A frame has one layer. During a transition it has two: each
//! source is then shown beyond the `out` or before the `in` of its segment.

use crate::captions::Caption;
use crate::edit::{Plan, Segment, Source};
use crate::effects::{Effect, LayerState, SegmentMoment};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::picture::Background;
use crate::time::Rational;

/// Highest frame rate of a plan, in frames a second. Beyond it a plan is a mistake.
const HIGHEST_FRAME_RATE: i64 = 240;
/// Longest side of the film in pixels: H.264's levels end here, too.
const LONGEST_SIDE: u32 = 8192;

/// One segment of the plan and its frames in the film.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimelineSegment<'a> {
    pub segment: &'a Segment,
    pub source: &'a Source,
    /// The source of its second panel, where that is another one.
    pub second: Option<&'a Source>,
    /// The film's frame that it begins with.
    pub first: u64,
    /// How many frames it has, at least 1.
    pub frames: u64,
}

/// One picture that a frame of the film is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimelineLayer {
    /// Index of its segment in [`Timeline::segments`].
    pub segment: usize,
    /// The time in the source, in seconds. In a transition it may lie outside the segment.
    pub source_time: Rational,
    /// How effects and transitions change it.
    pub state: LayerState,
    /// Whether it is what the second source of its segment shows.
    pub is_second: bool,
}

/// The picture of a plan, frame by frame.
#[derive(Debug, Clone)]
pub(crate) struct Timeline<'a> {
    pub size: Size,
    pub frame_rate: Rational,
    /// How long a frame is shown: `1 / frame_rate`.
    pub frame_time: Rational,
    pub segments: Vec<TimelineSegment<'a>>,
    pub frames: u64,
    /// What transparent areas show.
    pub background: Background,
    /// What is drawn into the picture.
    pub captions: &'a [Caption],
}

impl<'a> Timeline<'a> {
    /// Lays out `plan`.
    ///
    /// Errors: [`Error::Usage`] naming the field that cannot be rendered, and [`Error::UnknownName`] for a source that
    /// the plan does not list.
    pub fn new(plan: &'a Plan) -> Result<Self> {
        let output = &plan.output;
        for (name, side) in [("width", output.width), ("height", output.height)] {
            if side < 2 || side % 2 != 0 || side > LONGEST_SIDE {
                return Err(unrenderable(format!(
                    "output.{name} is {side}; it must be even, from 2 to {LONGEST_SIDE}"
                )));
            }
        }
        let frame_rate = output.frame_rate;
        let frame_time = frame_rate
            .inverse()
            .filter(|_| {
                frame_rate >= Rational::ONE && frame_rate <= Rational::whole(HIGHEST_FRAME_RATE)
            })
            .ok_or_else(|| {
                unrenderable(format!(
                    "output.frame_rate is {frame_rate}; it must be from 1 to {HIGHEST_FRAME_RATE}"
                ))
            })?;
        if plan.picture.is_empty() {
            return Err(unrenderable("picture has no segment".into()));
        }
        let mut segments = Vec::with_capacity(plan.picture.len());
        let mut first = 0_u64;
        for (number, segment) in plan.picture.iter().enumerate() {
            let frames = segment.length() * frame_rate;
            if frames.denominator() != 1 || frames.numerator() < 1 {
                return Err(unrenderable(format!(
                    "picture[{number}] lasts {frames} frames; it must be a whole number, at least 1"
                )));
            }
            if segment.crop.is_empty() {
                return Err(unrenderable(format!("picture[{number}].crop has no point")));
            }
            if let Some(problem) = plan.transition_problem(number) {
                return Err(unrenderable(format!(
                    "picture[{number}].transition {problem}"
                )));
            }
            let frames = frames.numerator().unsigned_abs();
            segments.push(TimelineSegment {
                segment,
                source: plan.source(&segment.source)?,
                second: segment
                    .second_source
                    .as_ref()
                    .map(|second| plan.source(&second.source))
                    .transpose()?,
                first,
                frames,
            });
            first = first.saturating_add(frames);
        }
        Ok(Self {
            size: Size::new(output.width, output.height),
            frame_rate,
            frame_time,
            segments,
            frames: first,
            background: output.background,
            captions: plan.burned_captions(),
        })
    }

    /// How long the film lasts.
    pub fn duration(&self) -> Rational {
        self.time_of(self.frames)
    }

    /// When frame `number` of the film begins.
    pub fn time_of(&self, number: u64) -> Rational {
        Rational::whole(i64::try_from(number).unwrap_or(i64::MAX)) * self.frame_time
    }

    /// The layers of frame `number`, bottom first: one, or two in a transition.
    pub fn layers(&self, number: u64) -> Vec<TimelineLayer> {
        let at = self.segment_number(number);
        let Some((next, progress)) = self.transition_at(number, at) else {
            return self.layer(number, at).into_iter().collect();
        };
        let pair = next
            .checked_sub(1)
            .and_then(|before| self.layer(number, before).zip(self.layer(number, next)));
        let Some((mut before, mut after)) = pair else {
            return self.layer(number, at).into_iter().collect();
        };
        if let Some(entry) = self.segments.get(next)
            && let Some(timed) = entry.segment.transition.timed()
        {
            let transition = timed.kind.as_layer_transition();
            transition.change(progress, &mut before.state, &mut after.state);
        }
        vec![before, after]
    }

    /// The layer that segment `at` gives for frame `number`. In a transition that frame may lie before the segment's
    /// first frame or after its last.
    pub fn layer(&self, number: u64, at: usize) -> Option<TimelineLayer> {
        let entry = self.segments.get(at)?;
        let segment = entry.segment;
        let film_time = self.time_of(number) - self.time_of(entry.first);
        let source_time = segment.start_exact + film_time * segment.exact_speed();
        let moment = SegmentMoment {
            time: source_time,
            start: segment.start_exact,
            end: segment.end_exact,
            frame_time: self.frame_time,
            step: self.frame_time * segment.exact_speed(),
            film_progress: (number + 1) as f64 / self.frames.max(1) as f64,
        };
        let mut state = LayerState::default();
        let mut shown = moment;
        for effect in &segment.effects {
            effect.change(&mut state, &moment);
            shown.time = effect.source_time(&shown);
        }
        Some(TimelineLayer {
            segment: at,
            source_time: shown.time,
            state,
            is_second: false,
        })
    }

    /// What the second source of a layer's segment shows with it; `None` where there is none.
    pub fn second_layer(&self, layer: &TimelineLayer) -> Option<TimelineLayer> {
        let entry = self.segments.get(layer.segment)?;
        entry.second?;
        Some(TimelineLayer {
            source_time: layer.source_time + entry.segment.second_shift(),
            is_second: true,
            ..*layer
        })
    }

    /// The source that a layer shows.
    pub fn source_of(&self, layer: &TimelineLayer) -> Option<&'a Source> {
        let entry = self.segments.get(layer.segment)?;
        if layer.is_second {
            entry.second
        } else {
            Some(entry.source)
        }
    }

    /// The transition that frame `number` of segment `at` lies in: the index of the segment that it leads into, and its
    /// progress in the middle of the frame, above 0 and below 1.
    fn transition_at(&self, number: u64, at: usize) -> Option<(usize, f64)> {
        let half_frame = self.frame_time * Rational::new(1, 2)?;
        let middle = self.time_of(number) + half_frame;
        [at, at + 1].into_iter().find_map(|next| {
            let entry = self.segments.get(next)?;
            let timed = entry.segment.transition.timed()?;
            let begin = self.time_of(entry.first) - timed.half();
            let progress = (middle - begin).seconds() / timed.duration_exact.seconds();
            (progress > 0.0 && progress < 1.0).then_some((next, progress))
        })
    }

    /// The index of the segment that frame `number` lies in; the last one for numbers beyond the end.
    pub fn segment_number(&self, number: u64) -> usize {
        // There is at least one segment, and the first begins at 0.
        self.segments
            .partition_point(|entry| entry.first <= number)
            .saturating_sub(1)
    }

    /// Whether segment `number` continues exactly where the one before it stops: no cut is visible there.
    pub fn continues(&self, number: usize) -> bool {
        let Some(before) = number.checked_sub(1).and_then(|at| self.segments.get(at)) else {
            return false;
        };
        let Some(entry) = self.segments.get(number) else {
            return false;
        };
        let as_shot = !before.segment.effects.iter().any(Effect::changes_time)
            && !entry.segment.effects.iter().any(Effect::starts_elsewhere);
        before.segment.source == entry.segment.source
            && before.second.is_none()
            && entry.second.is_none()
            && (before.source.kind.is_still()
                || as_shot && before.segment.end_exact == entry.segment.start_exact)
    }
}

/// The error of a plan that cannot be rendered.
pub(crate) fn unrenderable(what: String) -> Error {
    Error::Usage {
        what: format!("the plan cannot be rendered: {what}"),
        hint: Hint::CorrectPlan,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit::{Fit, OutputSpec, PLAN_SCHEMA, SourceKind};
    use crate::effects::{SegmentTransition, TimedTransition, TransitionEffect};

    pub(crate) fn ratio(numerator: i64, denominator: i64) -> Rational {
        Rational::new(numerator, denominator).unwrap()
    }

    pub(crate) fn segment(source: &str, start: Rational, end: Rational) -> Segment {
        Segment {
            source: source.into(),
            start: start.seconds(),
            start_exact: start,
            end: end.seconds(),
            end_exact: end,
            crop: vec![[0.0, 0.0, 0.0, 1.0, 1.0]],
            fit: Fit::Crop,
            second_crop: Vec::new(),
            second_source: None,
            speed: 1.0,
            look: None,
            look_strength: 1.0,
            effects: Vec::new(),
            transition: SegmentTransition::Cut,
            beat: None,
            locked: false,
            reasons: Vec::new(),
            carried: None,
        }
    }

    pub(crate) fn plan(frame_rate: Rational, picture: Vec<Segment>) -> Plan {
        Plan {
            schema: PLAN_SCHEMA.into(),
            sources: ["a", "b"]
                .map(|id| Source {
                    id: id.into(),
                    path: format!("{id}.mp4"),
                    blake3: String::new(),
                    kind: SourceKind::Video,
                    title: None,
                    license: None,
                    attribution: None,
                })
                .into(),
            output: OutputSpec {
                width: 90,
                height: 160,
                frame_rate,
                duration: 0.0,
                duration_exact: Rational::ZERO,
                loudness_lufs: -14.0,
                true_peak_dbtp: -1.0,
                platform: "test".into(),
                style: "test".into(),
                seed: 0,
                background: Background::BLACK,
                captions: None,
            },
            picture,
            sound: Vec::new(),
            captions: Vec::new(),
            markers: Vec::new(),
            carried: None,
        }
    }

    #[test]
    fn every_frame_has_an_exact_source_time() {
        let rate = ratio(30000, 1001);
        // 10 frames from a time off the frame grid, then 5 of another source.
        let start = ratio(7, 3);
        let plan = plan(
            rate,
            vec![
                segment("a", start, start + ratio(10 * 1001, 30000)),
                segment("b", Rational::ZERO, ratio(5 * 1001, 30000)),
            ],
        );
        let timeline = Timeline::new(&plan).unwrap();
        assert_eq!(timeline.frames, 15);
        assert_eq!(timeline.duration(), ratio(15 * 1001, 30000));
        let source_time = |number| {
            let layers = timeline.layers(number);
            assert_eq!(layers.len(), 1);
            layers[0].source_time
        };
        let entry = timeline.segments[timeline.segment_number(9)];
        assert_eq!((entry.first, entry.frames), (0, 10));
        assert_eq!(source_time(9), start + ratio(9 * 1001, 30000));
        let entry = timeline.segments[timeline.segment_number(10)];
        assert_eq!((entry.first, entry.source.id.as_str()), (10, "b"));
        assert_eq!(source_time(12), ratio(2 * 1001, 30000));
        assert_eq!(timeline.segment_number(99), 1);
    }

    #[test]
    fn a_speed_changes_how_fast_the_source_passes() {
        let mut plan = plan(
            ratio(25, 1),
            vec![
                segment("a", Rational::ONE, Rational::whole(2)),
                segment("b", Rational::ONE, Rational::whole(2)),
            ],
        );
        plan.picture[0].speed = 0.5;
        plan.picture[1].speed = 2.0;
        // 25 frames at double speed are 12.5.
        assert!(Timeline::new(&plan).is_err());
        plan.picture[1].end_exact = Rational::whole(3);
        let timeline = Timeline::new(&plan).unwrap();
        let frames: Vec<u64> = timeline.segments.iter().map(|entry| entry.frames).collect();
        assert_eq!(frames, [50, 25]);
        assert_eq!(timeline.layers(0)[0].source_time, Rational::ONE);
        assert_eq!(timeline.layers(25)[0].source_time, ratio(3, 2));
        assert_eq!(timeline.layers(50)[0].source_time, Rational::ONE);
        assert_eq!(timeline.layers(60)[0].source_time, ratio(45, 25));
    }

    #[test]
    fn a_segment_that_goes_on_is_no_cut() {
        let plan = plan(
            ratio(25, 1),
            vec![
                segment("a", Rational::ZERO, Rational::ONE),
                segment("a", Rational::ONE, Rational::whole(2)),
                segment("a", Rational::whole(3), Rational::whole(4)),
                segment("b", Rational::whole(4), Rational::whole(5)),
            ],
        );
        let timeline = Timeline::new(&plan).unwrap();
        let continues: Vec<_> = (0..5).map(|number| timeline.continues(number)).collect();
        assert_eq!(continues, [false, true, false, false, false]);
    }

    /// Begins `segment` with a dissolve of `duration`.
    fn dissolve(segment: &mut Segment, duration: Rational) {
        segment.transition = SegmentTransition::Timed(TimedTransition {
            kind: TransitionEffect::Dissolve,
            duration: duration.seconds(),
            duration_exact: duration,
        });
    }

    #[test]
    fn a_dissolve_shows_both_segments_around_its_cut() {
        let mut plan = plan(
            ratio(10, 1),
            vec![
                segment("a", ratio(0, 1), ratio(1, 1)),
                segment("b", ratio(3, 1), ratio(4, 1)),
            ],
        );
        dissolve(&mut plan.picture[1], ratio(4, 10));
        let timeline = Timeline::new(&plan).unwrap();
        let opacities: Vec<Vec<f64>> = (6..14)
            .map(|number| {
                let layers = timeline.layers(number);
                let at = timeline.segment_number(number);
                assert_eq!(
                    layers.len() == 2,
                    timeline.transition_at(number, at).is_some()
                );
                layers.iter().map(|layer| layer.state.opacity).collect()
            })
            .collect();
        assert_eq!(opacities[..2], [[1.0], [1.0]]);
        assert_eq!(opacities[6..], [[1.0], [1.0]]);
        for (shares, progress) in opacities[2..6].iter().zip([0.125, 0.375, 0.625, 0.875]) {
            assert!((shares[0] - 1.0).abs() < 1e-9, "{shares:?}");
            assert!((shares[1] - progress).abs() < 1e-9, "{shares:?}");
        }
        // Frame 8 lies two frames before the cut, and shows "b" from before its `in`; frame 11 shows "a" after its
        // `out`.
        assert_eq!(timeline.layers(8)[1].source_time, ratio(28, 10));
        assert_eq!(timeline.layers(11)[0].source_time, ratio(11, 10));
    }

    #[test]
    fn transitions_that_cannot_be_are_refused_by_field() {
        let refused = |change: fn(&mut Plan)| {
            let mut plan = plan(
                ratio(10, 1),
                vec![
                    segment("a", ratio(1, 1), ratio(2, 1)),
                    segment("b", ratio(1, 10), ratio(11, 10)),
                ],
            );
            change(&mut plan);
            Timeline::new(&plan).unwrap_err().to_string()
        };
        let message = refused(|plan| dissolve(&mut plan.picture[0], ratio(2, 10)));
        assert!(message.contains("picture[0].transition"), "{message}");
        let message = refused(|plan| dissolve(&mut plan.picture[1], ratio(1, 10)));
        assert!(message.contains("at least 2"), "{message}");
        let message = refused(|plan| dissolve(&mut plan.picture[1], ratio(25, 100)));
        assert!(message.contains("whole number"), "{message}");
        // "b" begins a tenth of a second before its `in`.
        let message = refused(|plan| dissolve(&mut plan.picture[1], ratio(4, 10)));
        assert!(message.contains("before its in"), "{message}");
        let message = refused(|plan| {
            plan.sources[1].kind = SourceKind::Image;
            dissolve(&mut plan.picture[1], ratio(22, 10));
        });
        assert!(message.contains("does not fit"), "{message}");
    }

    proptest! {
        /// For segments and dissolves of any length, the lowest layer is opaque, and outside dissolves there is one
        /// layer.
        #[test]
        fn the_lowest_layer_of_every_frame_is_opaque(
            segments in proptest::collection::vec((4_i64..40, 0_i64..12), 1..12),
            rate in prop_oneof![Just((25, 1)), Just((30000, 1001)), Just((24, 1))],
        ) {
            let rate = ratio(rate.0, rate.1);
            let frame = rate.inverse().unwrap();
            let mut picture = Vec::new();
            let mut in_dissolves = 0;
            let mut before = 0;
            for (number, (frames, dissolved)) in segments.iter().enumerate() {
                let start = Rational::whole(10);
                let mut one = segment("a", start, start + Rational::whole(*frames) * frame);
                // At most half of either segment, so that dissolves never meet.
                let dissolved = (*dissolved).min(*frames).min(before);
                if number > 0 && dissolved >= 2 {
                    dissolve(&mut one, Rational::whole(dissolved) * frame);
                    in_dissolves += dissolved / 2 * 2;
                }
                before = *frames;
                picture.push(one);
            }
            let plan = plan(rate, picture);
            let timeline = Timeline::new(&plan).unwrap();
            let mut blended = 0;
            for number in 0..timeline.frames {
                let layers = timeline.layers(number);
                prop_assert_eq!(layers[0].state.opacity, 1.0);
                prop_assert!(layers.iter().all(|layer| layer.state.opacity > 0.0));
                prop_assert!((1..=2).contains(&layers.len()));
                blended += i64::from(layers.len() == 2);
            }
            prop_assert_eq!(blended, in_dissolves);
        }
    }

    #[test]
    fn plans_that_cannot_be_meant_are_refused_by_field() {
        let good = || {
            plan(
                ratio(25, 1),
                vec![segment("a", Rational::ZERO, Rational::ONE)],
            )
        };
        Timeline::new(&good()).unwrap();
        let message = |change: fn(&mut Plan)| {
            let mut plan = good();
            change(&mut plan);
            Timeline::new(&plan).unwrap_err().to_string()
        };
        assert!(message(|plan| plan.output.width = 91).contains("output.width"));
        assert!(message(|plan| plan.output.height = 0).contains("output.height"));
        assert!(
            message(|plan| plan.output.frame_rate = Rational::ZERO).contains("output.frame_rate")
        );
        assert!(message(|plan| plan.picture[0].end_exact = ratio(101, 100)).contains("picture[0]"));
        assert!(message(|plan| plan.picture[0].end_exact = Rational::ZERO).contains("picture[0]"));
        assert!(message(|plan| plan.picture[0].crop.clear()).contains("crop"));
        assert!(message(|plan| plan.picture.clear()).contains("no segment"));
        assert!(message(|plan| plan.picture[0].source = "c".into()).contains("source named c"));
    }
}
