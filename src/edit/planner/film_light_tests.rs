use super::*;
use crate::edit::timeline_tests::{plan, ratio, segment};
use crate::edit::{Plan, SecondSource, Segment};

/// Source `a` is dark and `b` bright.
pub(in crate::edit::planner) fn dark_and_bright() -> FilmLight {
    let even = |even: f64| SourceLight {
        views: Vec::new(),
        even,
    };
    let sources = [("a", even(0.1)), ("b", even(0.8))];
    FilmLight {
        sources: sources.map(|(id, light)| (id.to_owned(), light)).into(),
    }
}

/// A film of 2 seconds at 20 frames a second that goes from `a` to `b` and back every so many frames.
pub(in crate::edit::planner) fn alternating(every: usize) -> Vec<Segment> {
    let sources = ["a", "b"].into_iter().cycle();
    let frames = every as i64;
    sources
        .take(40 / every)
        .map(|id| segment(id, ratio(20, 20), ratio(20 + frames, 20)))
        .collect()
}

pub(in crate::edit::planner) fn film(segments: Vec<Segment>) -> Plan {
    plan(ratio(20, 1), segments)
}

fn flashes_at(segments: Vec<Segment>) -> Option<f64> {
    let plan = film(segments);
    dark_and_bright().flashes_at(&Timeline::new(&plan).unwrap())
}

#[test]
fn dark_and_bright_shots_flash_where_they_follow_too_fast() {
    // Ten changes a second are five flashes, five are two and a half.
    assert_eq!(flashes_at(alternating(2)), Some(0.7));
    assert_eq!(flashes_at(alternating(4)), None);
    let same = alternating(2).into_iter().map(|segment| Segment {
        source: "a".into(),
        ..segment
    });
    assert_eq!(flashes_at(same.collect()), None);
}

#[test]
fn a_panel_is_as_bright_as_its_own_source() {
    let mut segments = alternating(2);
    for segment in &mut segments {
        let second = std::mem::replace(&mut segment.source, "a".into());
        segment.second_crop = segment.crop.clone();
        segment.second_source = Some(SecondSource {
            source: second,
            start: 0.0,
            start_exact: ratio(0, 1),
        });
    }
    assert_eq!(flashes_at(segments.clone()), Some(0.7));
    for segment in &mut segments {
        segment.second_source = None;
    }
    assert_eq!(flashes_at(segments), None);
}

#[test]
fn effects_of_light_count() {
    let mut dark: Vec<Segment> = alternating(4);
    for segment in &mut dark {
        segment.source = "a".into();
    }
    assert_eq!(flashes_at(dark.clone()), None);
    for segment in &mut dark {
        segment.effects =
            serde_json::from_str(r#"[{"kind":"flash","at":1.0,"amount":1.0}]"#).unwrap();
    }
    assert!(flashes_at(dark).is_some());
}
