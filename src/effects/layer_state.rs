//! What effects and transitions change in a layer, and the moment they see.

use crate::time::Rational;

/// A layer of one frame before it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerState {
    /// Enlargement of the crop about its middle, at least 1.
    pub zoom: f64,
    /// Where the enlarged crop lies in the crop, right and down: -1 at one edge, 0 in the middle, 1 at the other.
    pub pan: [f64; 2],
    /// How much of the layers below it hides, 0..1.
    pub opacity: f64,
    /// How far the layer stands from its place, right and down, in sizes of the frame.
    pub shift: [f64; 2],
    /// The part of the frame that it covers.
    pub area: LayerArea,
    /// Share of the time between two frames of the source in which they are mixed, 0..1; 0 shows the nearest.
    pub frame_blend: f64,
    /// How far its crop may move against the shake of the camera, in sizes of the frame.
    pub steady_room: f64,
    /// How far what is behind people is blurred, 0..1.
    pub backdrop_blur: f64,
    /// What stands behind people in place of what is there; `None` leaves it.
    pub backdrop_color: Option<BackdropColor>,
    /// What is done to the whole frame once its layers are drawn.
    pub finish: FrameFinish,
}

/// The part of the frame that a layer covers; its edge is soft.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LayerArea {
    /// All of it.
    Whole,
    /// From the left edge up to this share of the width, 0..1.
    FromLeft(f64),
    /// From the upper edge up to this share of the height, 0..1.
    FromTop(f64),
    /// A circle about the middle; at 1 it holds the corners too.
    Circle(f64),
}

/// A color that stands behind people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BackdropColor {
    /// Degrees on the circle of colors, 0 for red.
    pub hue: f64,
    /// 0..1.
    pub saturation: f64,
    /// At the upper edge, 0..1.
    pub brightness: f64,
    /// How much of the brightness is gone at the lower edge, 0..1.
    pub shade: f64,
}

/// What is done to a whole frame, in the order of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FrameFinish {
    /// Length of the streaks that a fast move across leaves, in widths of the frame.
    pub streak: f64,
    /// How far strips of the picture are torn aside, 0..1.
    pub tear: f64,
    /// Warm light that falls into the picture.
    pub leak: Leak,
    /// How much light spreads from what is bright, 0..1.
    pub glow: f64,
    /// Towards white up to 1, towards black down to -1.
    pub light: f64,
    /// Height of the black bars above and below, each in sizes of the frame.
    pub bars: f64,
    /// How much of the film has passed.
    pub progress: FilmBar,
    /// How loud the film is.
    pub waveform: WaveStrip,
}

/// A bar across the frame; none where its height is 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FilmBar {
    /// In heights of the frame.
    pub height: f64,
    /// 0 at the upper edge, 1 at the lower one.
    pub place: f64,
    /// The share of its width that is filled, 0..1.
    pub filled: f64,
}

/// Where the bars of a waveform stand; none where their height is 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WaveStrip {
    /// Of the highest bar, in heights of the frame.
    pub height: f64,
    /// Of their middle: 0 is the upper edge, 1 the lower one.
    pub place: f64,
}

/// A spot of warm light.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Leak {
    /// 0 is none; from 1 its middle is white.
    pub strength: f64,
    /// Its middle from the left, in widths of the frame.
    pub x: f64,
    /// Its middle from the top, in heights.
    pub y: f64,
}

impl Default for LayerState {
    /// An unchanged layer: its whole crop fills the whole frame.
    fn default() -> Self {
        Self {
            zoom: 1.0,
            pan: [0.0; 2],
            opacity: 1.0,
            shift: [0.0; 2],
            area: LayerArea::Whole,
            frame_blend: 0.0,
            steady_room: 0.0,
            backdrop_blur: 0.0,
            backdrop_color: None,
            finish: FrameFinish::default(),
        }
    }
}

impl LayerState {
    /// Whether it hides everything below it.
    pub fn fills_frame(&self) -> bool {
        self.opacity >= 1.0 && self.shift == [0.0; 2] && self.area == LayerArea::Whole
    }

    /// Leaves what is behind people as it is.
    pub fn keep_background(&mut self) {
        self.backdrop_blur = 0.0;
        self.backdrop_color = None;
    }

    /// Whether people have to be told from what is behind them.
    pub fn looks_for_people(&self) -> bool {
        self.backdrop_blur > 0.0 || self.backdrop_color.is_some()
    }
}

impl FrameFinish {
    /// Of each change the stronger one.
    pub fn or_stronger(self, other: Self) -> Self {
        let stronger = |a: f64, b: f64| if b.abs() > a.abs() { b } else { a };
        Self {
            streak: stronger(self.streak, other.streak),
            tear: stronger(self.tear, other.tear),
            leak: if other.leak.strength > self.leak.strength {
                other.leak
            } else {
                self.leak
            },
            glow: stronger(self.glow, other.glow),
            light: stronger(self.light, other.light),
            bars: stronger(self.bars, other.bars),
            progress: if other.progress.height > self.progress.height {
                other.progress
            } else {
                self.progress
            },
            waveform: if other.waveform.height > self.waveform.height {
                other.waveform
            } else {
                self.waveform
            },
        }
    }
}

/// One frame's time within a segment.
#[derive(Debug, Clone, Copy)]
pub struct SegmentMoment {
    /// The time in the source at the segment's even speed, in seconds.
    pub time: Rational,
    /// Where the segment begins in the source, in seconds.
    pub start: Rational,
    /// Where the segment ends in the source, in seconds.
    pub end: Rational,
    /// How long a frame of the film is shown, in seconds.
    pub frame_time: Rational,
    /// Seconds of the source from one frame of the film to the next, at the segment's even speed.
    pub step: Rational,
    /// The share of the whole film that has passed when the frame's time is over, 0..1.
    pub film_progress: f64,
}

impl SegmentMoment {
    /// The share of the segment that has passed, 0..1. In the handles of a transition it stays at 0 or 1.
    pub fn progress(&self) -> f64 {
        let length = (self.end - self.start).seconds();
        ((self.time - self.start).seconds() / length).clamp(0.0, 1.0)
    }

    /// Seconds since second `at` of the source, counted from the frame nearest to it; `None` before that frame. (`at`
    /// has four decimals in JSON: rounding must not delay it by a frame.)
    pub fn since(&self, at: f64) -> Option<f64> {
        let half_frame = self.frame_time.seconds() / 2.0;
        let since = self.time.seconds() - at;
        (since + half_frame > 0.0).then_some(since.max(0.0))
    }
}

/// Smoothly from 0 to 1 as `progress` goes from 0 to 1: it starts and ends at rest.
pub(super) fn eased(progress: f64) -> f64 {
    let progress = progress.clamp(0.0, 1.0);
    progress * progress * (3.0 - 2.0 * progress)
}
