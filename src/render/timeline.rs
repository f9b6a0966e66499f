//! Which source, and which moment of it, every frame of the film shows.
//!
//! All of it is exact: a segment has a whole number of output frames, and frame `k` of it shows the source at
//! `in + k / frame rate`.

use std::path::{Path, PathBuf};

use crate::edit::{Plan, Segment, Source, SourceKind};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::time::Rational;

/// Frames a second beyond which a plan is a mistake.
const HIGHEST_FRAME_RATE: i64 = 240;
/// Pixels along a side beyond which a plan is a mistake; H.264 ends here too.
const LONGEST_SIDE: u32 = 8192;

/// One segment and its place in the film.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span<'a> {
    pub segment: &'a Segment,
    pub source: &'a Source,
    /// Number of its first frame in the film.
    pub first: u64,
    /// How many frames it has, at least 1.
    pub frames: u64,
}

/// The picture of a plan, frame by frame.
#[derive(Debug, Clone)]
pub(crate) struct Timeline<'a> {
    pub size: Size,
    pub frame_rate: Rational,
    /// How long a frame is shown: `1 / frame_rate`.
    pub frame_time: Rational,
    pub spans: Vec<Span<'a>>,
    pub frames: u64,
}

impl<'a> Timeline<'a> {
    /// Lays out `plan`. Fails with `Usage` naming the field where the plan cannot be meant, and with `UnknownName` for
    /// a source that it does not list.
    pub fn new(plan: &'a Plan) -> Result<Self> {
        let output = &plan.output;
        for (name, side) in [("width", output.width), ("height", output.height)] {
            if side < 2 || side % 2 != 0 || side > LONGEST_SIDE {
                return Err(wrong(format!(
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
                wrong(format!(
                    "output.frame_rate is {frame_rate}; it must be from 1 to {HIGHEST_FRAME_RATE}"
                ))
            })?;
        if plan.picture.is_empty() {
            return Err(wrong("picture has no segment".into()));
        }
        let mut spans = Vec::with_capacity(plan.picture.len());
        let mut first = 0_u64;
        for (number, segment) in plan.picture.iter().enumerate() {
            let frames = (segment.end_exact - segment.start_exact) * frame_rate;
            if frames.denominator() != 1 || frames.numerator() < 1 {
                return Err(wrong(format!(
                    "picture[{number}] lasts {frames} frames; it must be a whole number, at least 1"
                )));
            }
            if segment.crop.is_empty() {
                return Err(wrong(format!("picture[{number}].crop has no point")));
            }
            let frames = frames.numerator().unsigned_abs();
            spans.push(Span {
                segment,
                source: source_named(plan, &segment.source)?,
                first,
                frames,
            });
            first = first.saturating_add(frames);
        }
        Ok(Self {
            size: Size::new(output.width, output.height),
            frame_rate,
            frame_time,
            spans,
            frames: first,
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

    /// The moment of the source that frame `number` (of the film) shows.
    pub fn source_time(&self, span: &Span<'_>, number: u64) -> Rational {
        span.segment.start_exact + self.time_of(number.saturating_sub(span.first))
    }

    /// Which span frame `number` lies in; the last one for numbers beyond the end.
    pub fn span_number(&self, number: u64) -> usize {
        // There is at least one span, and the first begins at 0.
        self.spans
            .partition_point(|span| span.first <= number)
            .saturating_sub(1)
    }

    /// True when `span` goes on where the one before it in the film stops: nothing is cut there.
    pub fn continues(&self, number: usize) -> bool {
        let Some(before) = number.checked_sub(1).and_then(|at| self.spans.get(at)) else {
            return false;
        };
        let Some(span) = self.spans.get(number) else {
            return false;
        };
        before.segment.source == span.segment.source
            && (before.source.kind == SourceKind::Image
                || before.segment.end_exact == span.segment.start_exact)
    }
}

/// The source with the id `name`.
pub(crate) fn source_named<'a>(plan: &'a Plan, name: &str) -> Result<&'a Source> {
    plan.sources
        .iter()
        .find(|source| source.id == name)
        .ok_or_else(|| Error::UnknownName {
            kind: "source",
            name: name.into(),
            known: plan
                .sources
                .iter()
                .map(|source| source.id.clone())
                .collect(),
        })
}

/// Where `source` is, seen from the plan's folder.
pub(crate) fn path_of(folder: &Path, source: &Source) -> PathBuf {
    folder.join(&source.path)
}

/// The error of a plan that cannot be meant.
pub(crate) fn wrong(what: String) -> Error {
    Error::Usage {
        what: format!("the plan cannot be rendered: {what}"),
        hint: Hint::CorrectPlan,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use super::*;
    use crate::edit::{OutputSpec, PLAN_SCHEMA};

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
            look: None,
            look_strength: 1.0,
            effects: Vec::new(),
            transition: crate::edit::SegmentTransition::Cut,
            beat: None,
            reasons: Vec::new(),
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
            },
            picture,
            sound: Vec::new(),
            captions: Vec::new(),
        }
    }

    #[test]
    fn every_frame_has_an_exact_source_time() {
        let rate = ratio(30000, 1001);
        // 10 frames from a moment that is on no frame grid, then 5 of another source.
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
        let span = timeline.spans[timeline.span_number(9)];
        assert_eq!((span.first, span.frames), (0, 10));
        assert_eq!(
            timeline.source_time(&span, 9),
            start + ratio(9 * 1001, 30000)
        );
        let span = timeline.spans[timeline.span_number(10)];
        assert_eq!((span.first, span.source.id.as_str()), (10, "b"));
        assert_eq!(timeline.source_time(&span, 12), ratio(2 * 1001, 30000));
        assert_eq!(timeline.span_number(99), 1);
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
