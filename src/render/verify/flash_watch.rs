//! Watches a film for flashes that can cause seizures.
//!
//! The rule is success criterion 2.3.1 of the W3C's WCAG 2.2: no more than three general flashes and no more than three
//! red flashes in any second. A general flash is a pair of opposing changes of relative luminance by a tenth or more of
//! the greatest, where the darker side is below 0.80. A red flash is a pair of opposing changes between a saturated red
//! and something else. Either counts where it covers more than a quarter of the picture at once (ITU-R BT.1702; WCAG's
//! own area is a part of a screen whose size and distance nobody knows here).
//!
//! It is a check of the finished film, because cuts between dark and bright shots flash like anything else. Each pixel
//! of a reduced frame remembers its last extreme; a change is counted where enough pixels change the same way within
//! two frames, and the rule is broken where the same pixels count seven changes within a second.
//!
//! Light that moves counts as well: where a fast clip fills the frame with branches against the sky, each place turns
//! dark and bright as often as a lamp would. The criterion leaves out balanced patterns finer than 0.1 degree alone, and
//! the reduced frame averages those.

use std::collections::VecDeque;
use std::sync::LazyLock;

use crate::geometry::Size;
use crate::picture::Rgb8;

/// Longer side of the frames that are looked at, in pixels.
const SIDE: u32 = 160;
/// Share of the picture that has to change at once.
const AREA: f64 = 0.25;
/// The least change of relative luminance, 0..1.
const STEP: f32 = 0.10;
/// Relative luminance that the darker side of a change is below.
const DARK: f32 = 0.80;
/// Changes within a second that are more than three flashes, which are six.
const LIMIT: u16 = 7;
/// Seconds within which changes of different pixels count as one. The frame before counts in any case.
const TOGETHER: f64 = 0.05;
/// A red is saturated where R / (R + G + B) is at least this share, of linear light.
const RED_SHARE: f32 = 0.8;
/// Linear light of red below which it counts as black.
const RED_LEAST: f32 = 0.02;
/// A change to or from red counts from this distance on, in CIE 1976 u'v'.
const RED_STEP: f32 = 0.2;
/// The color of white, which black is taken for: nothing has no color.
const WHITE: [f32; 2] = [0.1978, 0.4683];
/// Relative luminance below which there is no color.
const BLACK: f32 = 0.005;

/// Linear light of each value of sRGB.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|value| {
        let value = value as f32 / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    })
});

/// The size at which a film of `size` is looked at.
pub(super) fn flash_size(size: Size) -> Size {
    size.within(SIDE)
}

/// Watches a film for flashes, frame by frame.
pub(super) struct FlashWatch {
    pixels: Vec<WatchedPixel>,
    general: Tally,
    red: Tally,
}

/// What a pixel was last.
#[derive(Clone, Copy)]
struct WatchedPixel {
    /// The extremes of luminance since the last change in either direction.
    low: f32,
    high: f32,
    /// The direction of the last change; none before the first.
    way: Option<Way>,
    is_red: bool,
    /// Its last color on this side of red.
    color: [f32; 2],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl FlashWatch {
    /// Before the first frame.
    pub fn new() -> Self {
        Self {
            pixels: Vec::new(),
            general: Tally::default(),
            red: Tally::default(),
        }
    }

    /// Looks at the frame that is shown from `time` on (seconds).
    pub fn push(&mut self, time: f64, frame: &Rgb8) {
        let colors = || {
            frame
                .samples()
                .chunks_exact(3)
                .map(|rgb| [rgb[0], rgb[1], rgb[2]])
        };
        if self.pixels.is_empty() {
            self.pixels = colors().map(WatchedPixel::new).collect();
        }
        let (mut general, mut red) = (Changes::default(), Changes::default());
        for (number, (pixel, color)) in self.pixels.iter_mut().zip(colors()).enumerate() {
            let light = color.map(|value| LINEAR[usize::from(value)]);
            if let Some(way) = pixel.brightens(luminance(light)) {
                general.add(way, number as u32);
            }
            if let Some(way) = pixel.reddens(light) {
                red.add(way, number as u32);
            }
        }
        let pixels = self.pixels.len();
        self.general.add(time, general, pixels);
        self.red.add(time, red, pixels);
    }

    /// The second at which either rule is first broken, and the kind of flash.
    pub fn broken(&self) -> Option<(f64, &'static str)> {
        let kinds = [(self.general.broken, "general"), (self.red.broken, "red")];
        let found = kinds.into_iter().filter_map(|(at, kind)| Some((at?, kind)));
        found.min_by(|(a, _), (b, _)| a.total_cmp(b))
    }
}

fn luminance([red, green, blue]: [f32; 3]) -> f32 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// u' and v' of CIE 1976.
fn chromaticity([red, green, blue]: [f32; 3]) -> [f32; 2] {
    let x = 0.4124 * red + 0.3576 * green + 0.1805 * blue;
    let y = luminance([red, green, blue]);
    let z = 0.0193 * red + 0.1192 * green + 0.9505 * blue;
    if y <= BLACK {
        return WHITE;
    }
    let sum = x + 15.0 * y + 3.0 * z;
    [4.0 * x / sum, 9.0 * y / sum]
}

fn is_saturated_red(light: [f32; 3]) -> bool {
    let sum: f32 = light.iter().sum();
    light[0] > RED_LEAST && light[0] >= RED_SHARE * sum
}

impl WatchedPixel {
    fn new(color: [u8; 3]) -> Self {
        let light = color.map(|value| LINEAR[usize::from(value)]);
        let luminance = luminance(light);
        Self {
            low: luminance,
            high: luminance,
            way: None,
            is_red: is_saturated_red(light),
            color: chromaticity(light),
        }
    }

    /// Takes in a luminance, and gives the change that it completes.
    fn brightens(&mut self, now: f32) -> Option<Way> {
        self.low = self.low.min(now);
        self.high = self.high.max(now);
        let falls = self.way != Some(Way::Down) && now <= self.high - STEP && now < DARK;
        let rises = self.way != Some(Way::Up) && now >= self.low + STEP && self.low < DARK;
        let way = match (falls, rises) {
            (true, _) => Way::Down,
            (_, true) => Way::Up,
            _ => return None,
        };
        (self.way, self.low, self.high) = (Some(way), now, now);
        Some(way)
    }

    /// Takes in a color, and gives the change to or from red that it completes.
    fn reddens(&mut self, light: [f32; 3]) -> Option<Way> {
        let is_red = is_saturated_red(light);
        // Most pixels never are, and their color is not needed until one is.
        let color = chromaticity(light);
        if is_red == self.is_red {
            self.color = color;
            return None;
        }
        let [u, v] = [color[0] - self.color[0], color[1] - self.color[1]];
        if (u * u + v * v).sqrt() <= RED_STEP {
            return None;
        }
        (self.is_red, self.color) = (is_red, color);
        Some(if is_red { Way::Up } else { Way::Down })
    }
}

/// The pixels that change in a frame.
#[derive(Default)]
struct Changes {
    up: Vec<u32>,
    down: Vec<u32>,
}

impl Changes {
    fn add(&mut self, way: Way, pixel: u32) {
        match way {
            Way::Up => self.up.push(pixel),
            Way::Down => self.down.push(pixel),
        }
    }
}

/// Counts the changes of each pixel in the last second, of those that many pixels make together.
#[derive(Default)]
struct Tally {
    counts: Vec<u16>,
    /// Pixels that count [`LIMIT`] changes and more.
    over: usize,
    up: Waiting,
    down: Waiting,
    /// The changes of the last second.
    events: VecDeque<(f64, Vec<u32>)>,
    broken: Option<f64>,
}

/// Changes of one way that have not been counted yet: others may join them.
#[derive(Default)]
struct Waiting {
    frames: VecDeque<(f64, Vec<u32>)>,
}

impl Waiting {
    /// Adds a frame; gives all that wait where together they are more than `least` pixels.
    fn join(&mut self, time: f64, pixels: Vec<u32>, least: f64) -> Option<Vec<u32>> {
        while self.frames.len() > 1
            && self
                .frames
                .front()
                .is_some_and(|(at, _)| time - at > TOGETHER)
        {
            self.frames.pop_front();
        }
        self.frames.push_back((time, pixels));
        let all: usize = self.frames.iter().map(|(_, pixels)| pixels.len()).sum();
        (all as f64 > least).then(|| {
            self.frames
                .drain(..)
                .flat_map(|(_, pixels)| pixels)
                .collect()
        })
    }
}

impl Tally {
    fn add(&mut self, time: f64, changes: Changes, pixels: usize) {
        self.counts.resize(pixels, 0);
        let least = AREA * pixels as f64;
        let joined = [
            self.up.join(time, changes.up, least),
            self.down.join(time, changes.down, least),
        ];
        for event in joined.into_iter().flatten() {
            for pixel in &event {
                if let Some(count) = self.counts.get_mut(*pixel as usize) {
                    *count += 1;
                    self.over += usize::from(*count == LIMIT);
                }
            }
            self.events.push_back((time, event));
        }
        let gone = self
            .events
            .partition_point(|(at, _)| *at <= time - 1.0 + 1e-6);
        for (_, event) in self.events.drain(..gone) {
            for pixel in event {
                if let Some(count) = self.counts.get_mut(pixel as usize) {
                    self.over -= usize::from(*count == LIMIT);
                    *count -= 1;
                }
            }
        }
        if self.broken.is_none() && self.over as f64 > least {
            self.broken = Some(time);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SIZE: Size = Size {
        width: 16,
        height: 8,
    };
    const WHITE_RGB: [u8; 3] = [255; 3];
    const BLACK_RGB: [u8; 3] = [0; 3];

    /// The second at which a film breaks the rule that turns `share` of its picture between two colors.
    fn broken(hertz: f64, colors: [[u8; 3]; 2], share: f64) -> Option<(f64, &'static str)> {
        let mut watch = FlashWatch::new();
        let turned = (f64::from(SIZE.width * SIZE.height) * share) as u32;
        for frame in 0..90 {
            let time = f64::from(frame) / 30.0;
            let color = colors[((2.0 * hertz * time + 1e-6) as usize) % 2];
            let pixels = (0..SIZE.width * SIZE.height)
                .flat_map(|at| if at < turned { color } else { [90; 3] });
            watch.push(time, &Rgb8::new(SIZE, pixels.collect()).unwrap());
        }
        watch.broken()
    }

    #[test]
    fn more_than_three_flashes_in_a_second_break_the_rule() {
        let turns = [BLACK_RGB, WHITE_RGB];
        assert_eq!(broken(3.0, turns, 1.0), None);
        let (at, kind) = broken(5.0, turns, 1.0).unwrap();
        assert!(
            (0.6..0.9).contains(&at) && kind == "general",
            "{kind} at {at}"
        );
    }

    /// The second at which stripes of four pixels that move by so many pixels a frame break the rule.
    fn broken_by_stripes(speed: f64) -> Option<(f64, &'static str)> {
        let mut watch = FlashWatch::new();
        for frame in 0..90 {
            let moved = (f64::from(frame) * speed) as u32;
            let pixels = (0..SIZE.width * SIZE.height).flat_map(|at| {
                let is_dark = ((at % SIZE.width + moved) / 4).is_multiple_of(2);
                if is_dark { BLACK_RGB } else { WHITE_RGB }
            });
            let picture = Rgb8::new(SIZE, pixels.collect()).unwrap();
            watch.push(f64::from(frame) / 30.0, &picture);
        }
        watch.broken()
    }

    #[test]
    fn what_moves_fast_flashes_at_each_place_and_what_moves_slowly_does_not() {
        let (_, kind) = broken_by_stripes(2.0).unwrap();
        assert_eq!(kind, "general");
        assert_eq!(broken_by_stripes(0.5), None);
    }

    #[test]
    fn small_bright_and_faint_flashes_are_harmless() {
        assert_eq!(broken(5.0, [BLACK_RGB, WHITE_RGB], 0.2), None);
        assert_eq!(broken(5.0, [[240; 3], WHITE_RGB], 1.0), None);
        assert_eq!(broken(5.0, [[120; 3], [138; 3]], 1.0), None);
    }

    #[test]
    fn red_flashes_break_the_rule_without_a_change_of_light() {
        // Red of this luminance is as bright as the gray.
        let (_, kind) = broken(4.0, [[255, 0, 0], [127; 3]], 1.0).unwrap();
        assert_eq!(kind, "red");
        assert_eq!(broken(1.5, [[255, 0, 0], [127; 3]], 1.0), None);
    }
}
