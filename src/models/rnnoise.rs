//! RNNoise, whose weights the crate `nnnoiseless` holds.

use nnnoiseless::DenoiseState;

/// Samples of a frame at 48 kHz: 10 ms.
const FRAME: usize = DenoiseState::FRAME_SIZE;
/// What the network counts full scale as: that of 16 bits.
const FULL_SCALE: f32 = 32_768.0;

/// One channel at 48 kHz, cleaned as it comes.
#[derive(Clone)]
pub(super) struct RnnoiseStream {
    state: Box<DenoiseState<'static>>,
    pending: Vec<f32>,
    /// The first frame that comes out lies before the first that went in.
    begun: bool,
}

impl RnnoiseStream {
    pub(super) fn new() -> Self {
        Self {
            state: DenoiseState::new(),
            pending: Vec::with_capacity(FRAME),
            begun: false,
        }
    }

    /// Takes finite samples and appends what is cleaned of them.
    pub(super) fn push(&mut self, samples: &[f32], cleaned: &mut Vec<f32>) {
        let mut out = [0.0; FRAME];
        for sample in samples {
            self.pending.push(sample * FULL_SCALE);
            if self.pending.len() < FRAME {
                continue;
            }
            self.state.process_frame(&mut out, &self.pending);
            self.pending.clear();
            if self.begun {
                cleaned.extend(out.iter().map(|sample| sample / FULL_SCALE));
            }
            self.begun = true;
        }
    }
}
