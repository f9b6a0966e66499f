//! Thresholds between what the cheap signal decides and what the network is asked about.

/// Least likeness of frames of one scene (correlation of gradients), also across a title or a dip of the light.
pub(super) const SAME_SCENE: f32 = 0.5;

/// The ranges in which the cheap signal does not decide and the network is asked.
///
/// The defaults lie in the gap found on the corpus (docs/shots.md): likeness is at most 0.28 across cuts and at least
/// 0.6 within a scene.
#[derive(Debug, Clone, Copy)]
pub struct ShotThresholds {
    /// Likeness of different scenes is below this …
    pub other_scene: f32,
    /// … and likeness within one scene is above this.
    pub same_scene: f32,
    /// Least ratio of the difference across a clear cut to the largest one within three frames on either side.
    pub clear_cut: f32,
    /// A blend with a residue up to this counts by itself …
    pub clear_blend: f32,
    /// … and up to this if the network agrees.
    pub doubtful_blend: f32,
}

impl Default for ShotThresholds {
    fn default() -> Self {
        Self {
            other_scene: 0.33,
            same_scene: SAME_SCENE,
            clear_cut: 1.15,
            clear_blend: 0.12,
            doubtful_blend: 0.30,
        }
    }
}

impl ShotThresholds {
    /// The defaults with the doubtful range scaled around its middle, for measurements: 0 never asks the network, 1 is
    /// the default, 3 asks about most steps.
    pub fn of_width(width: f32) -> Self {
        let rule = Self::default();
        let spread = |low: f32, high: f32| {
            let (middle, half) = ((low + high) / 2.0, (high - low) / 2.0 * width);
            (middle - half, middle + half)
        };
        let (other_scene, same_scene) = spread(rule.other_scene, rule.same_scene);
        let (clear_blend, doubtful_blend) = spread(rule.clear_blend, rule.doubtful_blend);
        Self {
            other_scene,
            same_scene,
            clear_cut: rule.clear_cut * width,
            clear_blend,
            doubtful_blend,
        }
    }
}
