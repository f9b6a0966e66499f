//! Where the cheap signal is sure, and where the network is asked.

/// Frames of one scene are at least this alike (correlation of gradients), also across a title or a dip of the light.
pub(super) const SAME_SCENE: f32 = 0.5;

/// Between which values the cheap signal does not decide and the network is asked.
///
/// The defaults are in the gap that the corpus leaves (docs/shots.md): likeness is at most 0.28 across cuts and at
/// least 0.6 within a scene.
#[derive(Debug, Clone, Copy)]
pub struct ShotThresholds {
    /// Likeness of two scenes stays below this …
    pub other_scene: f32,
    /// … and likeness within one scene is above this.
    pub same_scene: f32,
    /// Difference across a clear cut over the largest one within the three frames on either side.
    pub clear_cut: f32,
    /// Residues of a blend up to this count as they are …
    pub clear_blend: f32,
    /// … and up to this when the network agrees.
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
    /// The defaults with the doubtful range scaled around its middle: 0 never asks the network, 1 is the default, 3
    /// asks about most steps. For measurements.
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
