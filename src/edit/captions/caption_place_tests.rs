use super::*;
use crate::edit::timeline_tests::{plan, ratio, segment};

/// A film of 10 seconds with a cut in its middle.
fn film() -> Plan {
    let (start, cut, end) = (ratio(0, 1), ratio(5, 1), ratio(10, 1));
    let parts = vec![segment("a", start, cut), segment("b", cut, end)];
    plan(ratio(25, 1), parts)
}

fn caption(start: f64, text: &str) -> Caption {
    Caption {
        text: text.into(),
        start,
        end: start + 1.0,
        style: None,
        words: Vec::new(),
        place: None,
        align: None,
    }
}

/// The heights that suit a caption beside `face`.
fn suitable(stage: &Stage<'_>, face: Rect) -> [bool; HEIGHTS] {
    stage.suitable(&caption(0.0, "some words"), &[face])
}

#[test]
fn captions_of_a_shot_share_a_height_that_suits_all() {
    let film = film();
    let stage = Stage::new(&film, CaptionStyle::find("plain").unwrap());
    let below = Rect::new(0.0, 0.6, 1.0, 0.4);
    let above = Rect::new(0.0, 0.0, 1.0, 0.4);
    let nothing = suitable(&stage, Rect::new(0.0, 0.0, 0.0, 0.0));
    assert_eq!(nothing, [true; HEIGHTS]);
    let mut run = StillRun {
        shot: 0,
        suits: nothing,
        captions: 1,
    };
    assert_eq!(run.height(), 0);
    // The face moves down: the captions before it had the height of the style, and move out of its way with the rest.
    assert!(run.shares(suitable(&stage, below)));
    run.join(suitable(&stage, below));
    assert_eq!(run.height(), 3);
    // Then up: only the middle suits both.
    assert!(run.shares(suitable(&stage, above)));
    run.join(suitable(&stage, above));
    assert_eq!((run.height(), run.captions), (4, 3));
    // A face over the middle leaves no place for all four.
    let middle = Rect::new(0.0, 0.3, 1.0, 0.4);
    assert!(!run.shares(suitable(&stage, middle)));
}

#[test]
fn a_second_line_does_not_move_the_first_edge_that_counts() {
    let film = film();
    let stage = Stage::new(&film, CaptionStyle::find("plain").unwrap());
    let mut captions = vec![
        caption(0.0, "one line"),
        caption(2.0, "two\nlines"),
        caption(6.0, "after the cut"),
    ];
    place_captions(&film, &mut captions, stage.style, &[]);
    let lower: Vec<f64> = captions
        .iter()
        .filter_map(|caption| caption.place)
        .map(|place| place.y + place.height)
        .collect();
    assert_eq!(lower.len(), 3);
    assert!(
        lower.iter().all(|edge| (edge - lower[0]).abs() < 1e-3),
        "{lower:?}"
    );
}
