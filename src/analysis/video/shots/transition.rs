//! Makes transitions for the report.

use crate::analysis::{Transition, TransitionKind};
use crate::time::rounded;

/// True for kinds that last more than one frame: dissolves, fades and wipes.
pub(crate) fn is_gradual(kind: TransitionKind) -> bool {
    !matches!(kind, TransitionKind::Cut | TransitionKind::JumpCut)
}

/// A cut or jump cut: frame `t` is the first of the new shot.
pub(super) fn cut(kind: TransitionKind, t: u64, score: f32) -> Transition {
    gradual(kind, t, t + 1, score)
}

/// A transition from frame `start` to frame `end` (exclusive).
pub(super) fn gradual(kind: TransitionKind, start: u64, end: u64, score: f32) -> Transition {
    Transition {
        kind,
        start_frame: start,
        end_frame: end.max(start + 1),
        score: rounded(f64::from(score.clamp(0.0, 1.0))),
    }
}
