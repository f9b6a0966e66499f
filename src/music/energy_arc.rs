//! The shape of the energy of music over a film: steady, rising, falling, or an arch.

use serde::Deserialize;

/// The shape of an energy curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnergyArc {
    /// The same from beginning to end.
    #[default]
    Steady,
    /// From less to more.
    Rise,
    /// From more to less.
    Fall,
    /// More in the middle.
    Arch,
}

/// Standard deviation of energy at which music is not steady at all. A uniform ramp from 0 to 1 has 0.3.
const RESTLESS: f64 = 0.35;
/// Standard deviation of energy from which a change is clearly audible; smaller ones count proportionally less.
const CLEAR: f64 = 0.12;

impl EnergyArc {
    /// How well `energies`, in order over the film and each 0..1, follow the shape: 0..1, 0.5 for neither.
    ///
    /// For all but `Steady`, Pearson's correlation with the shape, which counts fully if the energy changes audibly.
    pub fn fit(self, energies: &[f64]) -> f64 {
        let count = energies.len();
        if count < 2 {
            return 0.5;
        }
        let mean = energies.iter().sum::<f64>() / count as f64;
        let spread = |values: &[f64], mean: f64| {
            (values
                .iter()
                .map(|value| (value - mean).powi(2))
                .sum::<f64>()
                / count as f64)
                .sqrt()
        };
        let moved = spread(energies, mean);
        if self == Self::Steady {
            return 1.0 - (moved / RESTLESS).min(1.0);
        }
        let shape: Vec<f64> = (0..count)
            .map(|step| {
                let place = step as f64 / (count - 1) as f64;
                match self {
                    Self::Fall => -place,
                    Self::Arch => -(place - 0.6).abs(),
                    Self::Rise | Self::Steady => place,
                }
            })
            .collect();
        let shape_mean = shape.iter().sum::<f64>() / count as f64;
        let both: f64 = shape
            .iter()
            .zip(energies)
            .map(|(shape, energy)| (shape - shape_mean) * (energy - mean))
            .sum::<f64>()
            / count as f64;
        let size = spread(&shape, shape_mean) * moved;
        let likeness = if size > 1e-9 { both / size } else { 0.0 };
        (0.5 + 0.5 * likeness * (moved / CLEAR).min(1.0)).clamp(0.0, 1.0)
    }

    /// In words, such as `an even energy`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Steady => "an even energy",
            Self::Rise => "a rising energy",
            Self::Fall => "a falling energy",
            Self::Arch => "energy that swells and sinks",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shape_likes_itself_best() {
        let rise: Vec<f64> = (0..20).map(|step| f64::from(step) / 19.0).collect();
        let fall: Vec<f64> = rise.iter().rev().copied().collect();
        let arch: Vec<f64> = (0..20)
            .map(|step| 1.0 - (f64::from(step) / 19.0 - 0.6).abs())
            .collect();
        let flat = vec![0.7; 20];
        for (shape, own) in [
            (EnergyArc::Rise, &rise),
            (EnergyArc::Fall, &fall),
            (EnergyArc::Arch, &arch),
            (EnergyArc::Steady, &flat),
        ] {
            assert!(shape.fit(own) > 0.95, "{shape:?}");
            for other in [&rise, &fall, &arch, &flat] {
                assert!(shape.fit(other) <= shape.fit(own), "{shape:?}");
                assert!((0.0..=1.0).contains(&shape.fit(other)));
            }
        }
        assert!(EnergyArc::Rise.fit(&fall) < 0.05);
        assert!((EnergyArc::Rise.fit(&flat) - 0.5).abs() < 1e-9);
        assert_eq!(EnergyArc::Rise.fit(&[]), 0.5);
    }
}
