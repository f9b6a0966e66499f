//! Tiny copies of sampled frames, by which a film is compared with other files.

use crate::analysis::FrameView;
use crate::analysis::picture::LumaView;
use crate::geometry::Size;
use crate::picture::Rgb8;
use crate::time::rounded;

/// Most views of a film: 200 KB. A film with more samples keeps every second one, every fourth one and so on.
const MOST: usize = 1024;

/// Collects the views of a film.
pub(super) struct FrameViews {
    size: Size,
    kept: Vec<FrameView>,
    /// Samples for each view that is kept.
    every: u64,
    seen: u64,
}

impl FrameViews {
    /// For a film whose pictures are of `size`.
    pub fn new(size: Size) -> Self {
        Self {
            size,
            kept: Vec::new(),
            every: 1,
            seen: 0,
        }
    }

    /// Takes the next sample, shown at `time` seconds.
    pub fn push(&mut self, time: f64, picture: &Rgb8) {
        if self.seen.is_multiple_of(self.every) {
            self.kept.push(FrameView {
                time: rounded(time),
                luma: LumaView::of(picture, self.size).to_text(),
            });
            if self.kept.len() > MOST {
                let mut number = 0_usize;
                self.kept.retain(|_| {
                    number += 1;
                    number % 2 == 1
                });
                self.every = self.every.saturating_mul(2);
            }
        }
        self.seen = self.seen.saturating_add(1);
    }

    pub fn finish(self) -> Vec<FrameView> {
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_film_keeps_evenly_spread_views() {
        let size = Size::new(32, 18);
        let mut views = FrameViews::new(size);
        for n in 0..5000 {
            views.push(f64::from(n), &Rgb8::black(size));
        }
        let kept = views.finish();
        assert_eq!(kept.len(), 625);
        assert!(
            kept.windows(2)
                .all(|pair| pair[1].time - pair[0].time == 8.0)
        );
    }
}
