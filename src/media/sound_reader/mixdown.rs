//! Mixes the file's channels to those requested.

/// The requested channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channels {
    /// As in the file.
    Source,
    /// One: the mean of all.
    Mono,
    /// Two: mono doubled, surround mixed down (ITU-R BS.775).
    Stereo,
}

/// The position of a loudspeaker, as far as it matters for a mixdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    Left,
    Right,
    Center,
    LowFrequency,
    /// Side or back.
    SurroundLeft,
    SurroundRight,
    SurroundCenter,
    /// Unknown.
    Any,
}

/// The usual order of that many channels in WAVE and FFmpeg, for files that give only their number.
pub(super) fn usual_speakers(channels: u16) -> Vec<Speaker> {
    use Speaker::*;
    match channels {
        1 => vec![Center],
        2 => vec![Left, Right],
        3 => vec![Left, Right, Center],
        4 => vec![Left, Right, Center, SurroundCenter],
        5 => vec![Left, Right, Center, SurroundLeft, SurroundRight],
        6 => vec![
            Left,
            Right,
            Center,
            LowFrequency,
            SurroundLeft,
            SurroundRight,
        ],
        7 => vec![
            Left,
            Right,
            Center,
            LowFrequency,
            SurroundCenter,
            SurroundLeft,
            SurroundRight,
        ],
        8 => vec![
            Left,
            Right,
            Center,
            LowFrequency,
            SurroundLeft,
            SurroundRight,
            SurroundLeft,
            SurroundRight,
        ],
        _ => vec![Any; usize::from(channels)],
    }
}

/// How channels are mixed.
pub(super) enum Mixdown {
    /// Not at all.
    AsIs,
    /// To the mean of all.
    Mono,
    /// Mono twice.
    Doubled,
    /// Each channel's share in left and right.
    Stereo(Vec<[f32; 2]>),
}

impl Mixdown {
    /// For a file with loudspeakers at `speakers`, at least one.
    pub(super) fn new(speakers: &[Speaker], wanted: Channels) -> Self {
        match (wanted, speakers.len()) {
            (Channels::Source, _) | (Channels::Mono, 1) | (Channels::Stereo, 2) => Self::AsIs,
            (Channels::Mono, _) => Self::Mono,
            (Channels::Stereo, 1) => Self::Doubled,
            (Channels::Stereo, _) => {
                Self::Stereo(speakers.iter().map(|&place| shares(place)).collect())
            }
        }
    }

    /// Channels that come out of `channels`.
    pub(super) fn channels(&self, channels: u16) -> u16 {
        match self {
            Self::AsIs => channels,
            Self::Mono => 1,
            Self::Doubled | Self::Stereo(_) => 2,
        }
    }

    /// Mixes interleaved samples of `channels` channels.
    pub(super) fn mix(&self, samples: Vec<f32>, channels: u16) -> Vec<f32> {
        let channels = usize::from(channels.max(1));
        match self {
            Self::AsIs => samples,
            Self::Mono => samples
                .chunks_exact(channels)
                .map(|frame| {
                    let sum: f64 = frame.iter().copied().map(f64::from).sum();
                    (sum / channels as f64) as f32
                })
                .collect(),
            Self::Doubled => samples.iter().flat_map(|&sample| [sample; 2]).collect(),
            Self::Stereo(shares) => samples
                .chunks_exact(channels)
                .flat_map(|frame| {
                    let mut mixed = [0.0; 2];
                    for (sample, share) in frame.iter().zip(shares) {
                        mixed[0] += sample * share[0];
                        mixed[1] += sample * share[1];
                    }
                    mixed
                })
                .collect(),
        }
    }
}

/// Gains of a channel in left and right: ITU-R BS.775-3, annex 4, table 2. Low frequency effects are left out.
fn shares(place: Speaker) -> [f32; 2] {
    const HALF_POWER: f32 = std::f32::consts::FRAC_1_SQRT_2;
    match place {
        Speaker::Left => [1.0, 0.0],
        Speaker::Right => [0.0, 1.0],
        Speaker::Center => [HALF_POWER, HALF_POWER],
        Speaker::LowFrequency => [0.0, 0.0],
        Speaker::SurroundLeft => [HALF_POWER, 0.0],
        Speaker::SurroundRight => [0.0, HALF_POWER],
        Speaker::SurroundCenter => [0.5, 0.5],
        Speaker::Any => [HALF_POWER, HALF_POWER],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surround_is_mixed_as_bs_775_says() {
        let mix = Mixdown::new(&usual_speakers(6), Channels::Stereo);
        let out = mix.mix(vec![0.5, 0.25, 0.2, 1.0, 0.1, 0.0], 6);
        let half_power = 0.5f32.sqrt();
        assert!((out[0] - (0.5 + 0.2 * half_power + 0.1 * half_power)).abs() < 1e-6);
        assert!((out[1] - (0.25 + 0.2 * half_power)).abs() < 1e-6);
    }

    #[test]
    fn mono_is_the_mean_and_doubles() {
        let mix = Mixdown::new(&usual_speakers(2), Channels::Mono);
        assert_eq!(mix.mix(vec![0.5, 0.25, 1.0, -1.0], 2), [0.375, 0.0]);
        let mix = Mixdown::new(&usual_speakers(1), Channels::Stereo);
        assert_eq!(mix.mix(vec![0.5, 0.25], 1), [0.5, 0.5, 0.25, 0.25]);
    }
}
