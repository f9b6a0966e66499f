//! How bright a planned film will be, cell by cell, and where it would flash.
//!
//! Foretells what the check `flashes` measures on the finished film: no more than three flashes, pairs of opposing
//! changes of luminance, in any second over more than a quarter of the picture (WCAG 2.2, 2.3.1). The pictures come from
//! the tiny views of the analysis, so nothing is decoded; transitions and effects change them as in the film. Views are
//! a few a second: what flickers within a source between them is not foreseen.

use std::collections::{BTreeMap, VecDeque};

use crate::analysis::Analysis;
use crate::analysis::picture::LumaView;
use crate::edit::{Timeline, TimelineLayer};
use crate::effects::{FrameFinish, LayerArea, LayerState};
use crate::geometry::{Rect, Size};
use crate::picture::Panels;

/// Cells across and down the frame.
const SIDE: usize = 8;
/// Cells that must flash: more than a quarter of the picture.
const AREA: usize = SIDE * SIDE / 4;
/// The least change of relative luminance: a little less than the rule's tenth, since a look may add contrast.
const STEP: f64 = 0.08;
/// Relative luminance that the darker side of a change is below.
const DARK: f64 = 0.80;
/// Changes within a second that are more than three flashes.
const LIMIT: usize = 7;
/// Exponent from gamma-coded values to light, near enough to sRGB's curve.
const GAMMA: f64 = 2.2;

/// What is known of the brightness of sources.
pub(super) struct FilmLight {
    sources: BTreeMap<String, SourceLight>,
}

/// The brightness of one source.
struct SourceLight {
    /// By second of the source.
    views: Vec<(f64, LumaView)>,
    /// The mean luma of a source without views, 0..1.
    even: f64,
}

impl FilmLight {
    /// That of `sources`, each with its id in the plan.
    pub fn new<'a>(sources: impl Iterator<Item = (String, &'a Analysis)>) -> Self {
        let sources = sources.map(|(id, analysis)| (id, SourceLight::new(analysis)));
        Self {
            sources: sources.collect(),
        }
    }

    /// The first second of the film at which it has flashed too often.
    pub fn flashes_at(&self, timeline: &Timeline<'_>) -> Option<f64> {
        let mut cells = vec![WatchedCell::default(); SIDE * SIDE];
        for number in 0..timeline.frames {
            let time = timeline.time_of(number).seconds();
            let layers = timeline.layers(number);
            for (at, cell) in cells.iter_mut().enumerate() {
                let place = [at % SIDE, at / SIDE].map(|at| (at as f64 + 0.5) / SIDE as f64);
                cell.push(time, self.luma(timeline, &layers, place).powf(GAMMA));
            }
            let over = cells.iter().filter(|cell| cell.changes.len() >= LIMIT);
            if over.count() > AREA {
                return Some(time);
            }
        }
        None
    }

    /// Luma (0..1) of the frame at a place in it.
    fn luma(&self, timeline: &Timeline<'_>, layers: &[TimelineLayer], place: [f64; 2]) -> f64 {
        let mut luma = 0.0;
        let mut finish = FrameFinish::default();
        for layer in layers {
            let [x, y] = [0, 1].map(|axis| place[axis] - layer.state.shift[axis]);
            let share = share_of_layer(&layer.state, [x, y]);
            let own = self.luma_of_layer(timeline, layer, [x, y]);
            luma += (own - luma) * share;
            finish = finish.or_stronger(layer.state.finish);
        }
        finished(luma, &finish, place)
    }

    /// Luma (0..1) of a layer at a place in it: of its picture, or of the panel that is there.
    fn luma_of_layer(
        &self,
        timeline: &Timeline<'_>,
        layer: &TimelineLayer,
        [x, y]: [f64; 2],
    ) -> f64 {
        let Some(entry) = timeline.segments.get(layer.segment) else {
            return 0.5;
        };
        let segment = entry.segment;
        let [upper, lower] = Panels::places(timeline.size);
        let (points, place, shown) = match segment.second_crop.as_slice() {
            [] => (&segment.crop[..], Rect::FULL, *layer),
            _ if x < lower.x || y < lower.y => (&segment.crop[..], upper, *layer),
            second => (
                second,
                lower,
                timeline.second_layer(layer).unwrap_or(*layer),
            ),
        };
        let crop = points.first().map_or(Rect::FULL, |point| {
            Rect::new(point[1], point[2], point[3], point[4])
        });
        let source = timeline.source_of(&shown);
        let light = source.and_then(|source| self.sources.get(&source.id));
        light.map_or(0.5, |light| {
            let across = (x - place.x) / place.width.max(1e-6);
            let down = (y - place.y) / place.height.max(1e-6);
            let (x, y) = (crop.x + across * crop.width, crop.y + down * crop.height);
            light.luma(shown.source_time.seconds(), x, y)
        })
    }
}

impl SourceLight {
    fn new(analysis: &Analysis) -> Self {
        let picture = analysis.picture.as_ref();
        let parse = |text: &str, width: u32, height: u32| {
            LumaView::parse(text, Size::new(width.max(1), height.max(1)))
        };
        let mut views: Vec<(f64, LumaView)> = match &analysis.video {
            Some(video) => {
                let views = video.views.iter();
                views
                    .filter_map(|view| {
                        Some((view.time, parse(&view.luma, video.width, video.height)?))
                    })
                    .collect()
            }
            None => picture
                .and_then(|picture| parse(picture.view.as_deref()?, picture.width, picture.height))
                .map(|view| (0.0, view))
                .into_iter()
                .collect(),
        };
        views.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self {
            views,
            even: picture.map_or(0.5, |picture| picture.luma),
        }
    }

    /// Luma at a second of the source and a place in its picture: that of the last view before it.
    fn luma(&self, time: f64, x: f64, y: f64) -> f64 {
        let next = self.views.partition_point(|view| view.0 <= time);
        let view = self.views.get(next.saturating_sub(1));
        view.map_or(self.even, |(_, view)| f64::from(view.luma_at(x, y)) / 255.0)
    }
}

/// How much of the place a layer hides; edges are hard here.
fn share_of_layer(state: &LayerState, [x, y]: [f64; 2]) -> f64 {
    let inside = |value: f64| (0.0..=1.0).contains(&value);
    let covered = match state.area {
        LayerArea::Whole => true,
        LayerArea::FromLeft(share) => x <= share,
        LayerArea::FromTop(share) => y <= share,
        // Corners are half the diagonal away from the middle.
        LayerArea::Circle(share) => (x - 0.5).hypot(y - 0.5) <= share * 0.5_f64.sqrt(),
    };
    if covered && inside(x) && inside(y) {
        state.opacity.clamp(0.0, 1.0)
    } else {
        0.0
    }
}

/// The luma once the whole frame is finished.
fn finished(luma: f64, finish: &FrameFinish, [x, y]: [f64; 2]) -> f64 {
    let leak = &finish.leak;
    let near = (1.0 - (x - leak.x).powi(2) - (y - leak.y).powi(2)).max(0.0);
    let luma = luma + (1.0 - luma) * (leak.strength * near * near).clamp(0.0, 1.0);
    let aim = if finish.light > 0.0 { 1.0 } else { 0.0 };
    let luma = luma + (aim - luma) * finish.light.abs().min(1.0);
    let barred = y < finish.bars || y > 1.0 - finish.bars;
    if barred { 0.0 } else { luma }
}

/// A cell of the frame and its changes in the last second.
#[derive(Debug, Clone, Default)]
struct WatchedCell {
    /// The least and greatest luminance since the last change.
    range: Option<(f64, f64)>,
    /// The way of the last change.
    rose: Option<bool>,
    changes: VecDeque<f64>,
}

impl WatchedCell {
    fn push(&mut self, time: f64, light: f64) {
        while self
            .changes
            .front()
            .is_some_and(|at| *at <= time - 1.0 + 1e-6)
        {
            self.changes.pop_front();
        }
        let (low, high) = self.range.unwrap_or((light, light));
        let (low, high) = (low.min(light), high.max(light));
        let falls = self.rose != Some(false) && light <= high - STEP && light < DARK;
        let rises = self.rose != Some(true) && light >= low + STEP && low < DARK;
        if falls || rises {
            self.rose = Some(!falls);
            self.range = Some((light, light));
            self.changes.push_back(time);
        } else {
            self.range = Some((low, high));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "film_light_tests.rs"]
pub(super) mod tests;
