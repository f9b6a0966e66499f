//! How bright a film of high dynamic range is meant to be, from its tags.

/// The display that a film was graded on (SMPTE ST 2086), in the units of HEVC and MP4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) struct MasteringDisplay {
    /// x and y of red, green, blue and white, in 1/50000.
    pub chromaticities: [[u32; 2]; 4],
    /// Luminance of its white and of its black, in 1/10000 nit.
    pub most: u32,
    pub least: u32,
}

impl MasteringDisplay {
    /// Whether all of it is known.
    pub fn is_whole(&self) -> bool {
        self.most > 0 && self.chromaticities != [[0; 2]; 4]
    }
}

/// The light of the film itself (CTA-861.3), in nits; 0 is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) struct ContentLight {
    /// The brightest pixel (MaxCLL).
    pub most: u32,
    /// The mean of the brightest frame (MaxFALL).
    pub frame_average: u32,
}

/// What a film says of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::media) struct LightLevels {
    pub mastering: Option<MasteringDisplay>,
    pub content: Option<ContentLight>,
}

impl LightLevels {
    /// These levels, with gaps filled from `other`.
    pub fn or(self, other: Self) -> Self {
        Self {
            mastering: self.mastering.or(other.mastering),
            content: self.content.or(other.content),
        }
    }

    /// Those of a film with frames of both: what only one of them says is left out.
    pub fn of_both(self, other: Self) -> Self {
        let content = self.content.zip(other.content);
        Self {
            mastering: self.mastering.filter(|_| self.mastering == other.mastering),
            content: content.map(|(one, other)| ContentLight {
                most: one.most.max(other.most),
                frame_average: one.frame_average.max(other.frame_average),
            }),
        }
    }

    /// The brightest light in nits: that of the film, or else the most that its makers could see.
    pub fn peak(self) -> Option<u32> {
        let content = self.content.map(|content| content.most);
        let display = self.mastering.map(|display| display.most / 10_000);
        let known = |nits: &u32| *nits > 0;
        content.filter(known).or(display.filter(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_light_of_the_film_counts_before_that_of_its_display() {
        let display = MasteringDisplay {
            chromaticities: [[0; 2]; 4],
            most: 40_000_000,
            least: 50,
        };
        let of = |most| LightLevels {
            mastering: Some(display),
            content: Some(ContentLight {
                most,
                frame_average: 0,
            }),
        };
        assert_eq!(of(600).peak(), Some(600));
        assert_eq!(of(0).peak(), Some(4000), "0 is unknown");
        assert_eq!(LightLevels::default().peak(), None);
        let content = LightLevels {
            mastering: None,
            ..of(600)
        };
        assert_eq!(content.or(of(700)), of(600));
        assert_eq!(of(600).of_both(of(700)), of(700));
        assert_eq!(content.of_both(of(700)).mastering, None);
    }
}
