//! The part of the source that a layer shows: the plan's crop at that time, enlarged by the effects.

use crate::edit::{Timeline, TimelineLayer};
use crate::effects::LayerState;
use crate::geometry::{Rect, Size};
use crate::picture::Panels;

/// Smallest side of a crop, in fractions of the source; zero would divide by zero.
const SMALLEST_SIDE: f64 = 1e-4;

/// The part of a source of `source_size` that `layer` shows, in fractions of the source.
///
/// A crop whose aspect is not the film's (by hand or by rounding) is narrowed about its middle, so no picture is
/// stretched. The result lies inside the source.
pub(crate) fn crop_of_layer(
    timeline: &Timeline<'_>,
    layer: &TimelineLayer,
    source_size: Size,
) -> Rect {
    let points = timeline
        .segments
        .get(layer.segment)
        .map_or(&[][..], |entry| entry.segment.crop.as_slice());
    let base = fitted(
        crop_at(points, layer.source_time.seconds()),
        source_size,
        timeline.size,
    );
    enlarged(base, layer.state.zoom.max(1.0), layer.state.pan)
}

/// The parts of the sources of these layers, with their sizes, that fill the two panels of a segment; `None` unless it
/// splits the frame. Each is narrowed to the shape of its panel and enlarged by itself. A segment of one source has the
/// same layer twice.
pub(crate) fn crops_of_panels(
    timeline: &Timeline<'_>,
    [first, second]: [(&TimelineLayer, Size); 2],
) -> Option<[Rect; 2]> {
    let segment = timeline.segments.get(first.0.segment)?.segment;
    if segment.second_crop.is_empty() {
        return None;
    }
    let [upper, lower] = Panels::of(timeline.size).sizes;
    let filling = |points: &[[f64; 5]], (layer, size): (&TimelineLayer, Size), panel: Size| {
        let base = fitted(crop_at(points, layer.source_time.seconds()), size, panel);
        enlarged(base, layer.state.zoom.max(1.0), layer.state.pan)
    };
    Some([
        filling(&segment.crop, first, upper),
        filling(&segment.second_crop, second, lower),
    ])
}

/// The width of the tightest crop of a source of `source_size` that fills the width of the film with `layer`, as a share
/// of the source.
pub(crate) fn narrowest_width(
    timeline: &Timeline<'_>,
    layer: &TimelineLayer,
    source_size: Size,
) -> f64 {
    match crops_of_panels(timeline, [(layer, source_size); 2]) {
        Some([_, second]) if layer.is_second => second.width,
        Some([first, _]) if timeline.second_layer(layer).is_some() => first.width,
        Some([first, second]) => first.width.min(second.width),
        None => crop_of_layer(timeline, layer, source_size).width,
    }
}

/// The part of its source that `layer` shows whole, in fractions of the source: the plan's crop, not narrowed.
pub(crate) fn part_shown_whole(timeline: &Timeline<'_>, layer: &TimelineLayer) -> Rect {
    let points = timeline
        .segments
        .get(layer.segment)
        .map_or(&[][..], |entry| entry.segment.crop.as_slice());
    let part = crop_at(points, layer.source_time.seconds()).clipped();
    if part.width < SMALLEST_SIDE || part.height < SMALLEST_SIDE {
        return Rect::FULL;
    }
    part
}

/// The part of a finished frame to which effects enlarge it.
pub(crate) fn enlarged_frame(state: &LayerState) -> Rect {
    enlarged(Rect::FULL, state.zoom.max(1.0), state.pan)
}

/// The crop at `time`: linear between the points, constant before the first and after the last.
fn crop_at(points: &[[f64; 5]], time: f64) -> Rect {
    let mut before: Option<&[f64; 5]> = None;
    let mut after: Option<&[f64; 5]> = None;
    for point in points {
        if point[0] <= time {
            // Of two points at the same time the later one counts from then on: a jump.
            if before.is_none_or(|other| other[0] <= point[0]) {
                before = Some(point);
            }
        } else if after.is_none_or(|other| point[0] < other[0]) {
            after = Some(point);
        }
    }
    let rect = |point: &[f64; 5]| Rect::new(point[1], point[2], point[3], point[4]);
    match (before, after) {
        (Some(before), Some(after)) => {
            let share = (time - before[0]) / (after[0] - before[0]);
            let (from, to) = (rect(before), rect(after));
            let between = |from: f64, to: f64| from + (to - from) * share;
            Rect::new(
                between(from.x, to.x),
                between(from.y, to.y),
                between(from.width, to.width),
                between(from.height, to.height),
            )
        }
        (Some(point), None) | (None, Some(point)) => rect(point),
        (None, None) => Rect::FULL,
    }
}

/// `crop` narrowed to the aspect of `output` and moved inside the picture.
fn fitted(crop: Rect, source: Size, output: Size) -> Rect {
    let width = crop.width.clamp(SMALLEST_SIDE, 1.0);
    let height = crop.height.clamp(SMALLEST_SIDE, 1.0);
    // Width over height in fractions of the source.
    let wanted = output.aspect() / source.aspect();
    let (width, height) = if width > height * wanted {
        (height * wanted, height)
    } else {
        (width, width / wanted)
    };
    let center = crop.center();
    Rect::new(
        (center.x - width / 2.0).clamp(0.0, 1.0 - width),
        (center.y - height / 2.0).clamp(0.0, 1.0 - height),
        width,
        height,
    )
}

/// `crop` enlarged `zoom` times (at least 1). It stays inside: `pan` (-1..1, right and down) says where; 0 is the middle.
fn enlarged(crop: Rect, zoom: f64, pan: [f64; 2]) -> Rect {
    let (width, height) = (crop.width / zoom, crop.height / zoom);
    let place = |pan: f64| (1.0 + pan.clamp(-1.0, 1.0)) / 2.0;
    Rect::new(
        crop.x + (crop.width - width) * place(pan[0]),
        crop.y + (crop.height - height) * place(pan[1]),
        width,
        height,
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::edit::timeline_tests::{plan, ratio, segment};
    use crate::effects::{PunchIn, SlowPush};

    fn near(a: Rect, b: Rect) -> bool {
        [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height]
            .iter()
            .all(|difference| difference.abs() < 1e-9)
    }

    #[test]
    fn crops_move_on_straight_lines_and_stay_at_the_ends() {
        let points = [
            [2.0, 0.4, 0.2, 0.5, 0.5],
            [1.0, 0.0, 0.0, 0.5, 0.5],
            [2.0, 0.0, 0.0, 1.0, 1.0],
        ];
        let at = |time| crop_at(&points, time);
        assert!(near(at(0.0), Rect::new(0.0, 0.0, 0.5, 0.5)));
        assert!(near(at(1.25), Rect::new(0.1, 0.05, 0.5, 0.5)));
        assert!(near(at(2.0), Rect::FULL), "a jump: the later point counts");
        assert!(near(at(9.0), Rect::FULL));
    }

    #[test]
    fn a_crop_of_another_shape_is_narrowed_never_stretched() {
        // A 16:9 source into a 9:16 film.
        let crop = fitted(Rect::FULL, Size::new(1920, 1080), Size::new(1080, 1920));
        let width = 1080.0 * 9.0 / 16.0 / 1920.0;
        assert!(near(crop, Rect::new((1.0 - width) / 2.0, 0.0, width, 1.0)));
        // Partly outside: moved in.
        let crop = fitted(
            Rect::new(0.8, -0.5, 0.5, 0.5),
            Size::new(100, 100),
            Size::new(50, 50),
        );
        assert!(near(crop, Rect::new(0.5, 0.0, 0.5, 0.5)));
        // Nonsense stays inside too.
        for bad in [
            Rect::new(0.0, 0.0, 0.0, 0.0),
            Rect::new(-9.0, 4.0, -3.0, 100.0),
            Rect::new(0.5, 0.5, 1e300, 1.0),
        ] {
            let crop = fitted(bad, Size::new(1920, 1080), Size::new(1080, 1920));
            assert!(crop.width > 0.0 && crop.height > 0.0);
            assert!(crop.x >= 0.0 && crop.x + crop.width <= 1.0 + 1e-9);
            assert!(crop.y >= 0.0 && crop.y + crop.height <= 1.0 + 1e-9);
        }
    }

    #[test]
    fn effects_enlarge_about_the_middle() {
        let mut plan = plan(ratio(10, 1), vec![segment("a", ratio(5, 1), ratio(7, 1))]);
        plan.picture[0].crop = vec![[5.0, 0.2, 0.2, 0.5, 0.5]];
        plan.picture[0].effects = vec![SlowPush { amount: 0.5 }.into()];
        let size = Size::new(90, 160);
        let crop = |plan: &crate::edit::Plan, number| {
            let timeline = Timeline::new(plan).unwrap();
            crop_of_layer(&timeline, &timeline.layers(number)[0], size)
        };
        assert!(near(crop(&plan, 0), Rect::new(0.2, 0.2, 0.5, 0.5)));
        let middle = crop(&plan, 10);
        assert!((middle.width - 0.4).abs() < 1e-9 && (middle.center().x - 0.45).abs() < 1e-9);

        plan.picture[0].effects = vec![SlowPush { amount: -0.25 }.into()];
        assert!((crop(&plan, 0).width - 0.4).abs() < 1e-9);
        assert!(crop(&plan, 19).width > 0.49);

        // 5.7001 is nearest to frame 7, whose moment is 5.7.
        plan.picture[0].effects = vec![
            PunchIn {
                at: 5.7001,
                amount: 0.25,
            }
            .into(),
        ];
        assert!((crop(&plan, 6).width - 0.5).abs() < 1e-9);
        assert!((crop(&plan, 7).width - 0.4).abs() < 1e-9);
    }
}
