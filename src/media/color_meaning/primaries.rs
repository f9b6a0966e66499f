//! Primaries, and the way from them to those of BT.709.

use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, MatrixCoefficients, TransferCharacteristics,
};

/// Matrix from linear RGB of some primaries to linear BT.709, by rows.
pub(in crate::media) type ToBt709 = [[f32; 3]; 3];

/// Matrix from primaries given by code point (ITU-T H.273, table 2), with the white point adapted. `None` for BT.709
/// itself and for code points without primaries.
pub(in crate::media) fn to_bt709(primaries: u32) -> Option<ToBt709> {
    let primaries = CicpColorPrimaries::try_from(u8::try_from(primaries).ok()?).ok()?;
    if primaries == CicpColorPrimaries::Bt709 {
        return None;
    }
    let profile = |color_primaries| {
        ColorProfile::new_from_cicp(CicpProfile {
            color_primaries,
            transfer_characteristics: TransferCharacteristics::Srgb,
            matrix_coefficients: MatrixCoefficients::Identity,
            full_range: true,
        })
    };
    let from = profile(primaries);
    // moxcms sets this only if it knows the primaries.
    from.cicp?;
    let to = profile(CicpColorPrimaries::Bt709);
    let matrix = from.transform_matrix(&to).v;
    Some(matrix.map(|row| row.map(|value| value as f32)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_that_of_the_recommendation() {
        // ITU-R BT.2407, the inverse of BT.2087.
        let wanted = [
            [1.6605, -0.5876, -0.0728],
            [-0.1246, 1.1329, -0.0083],
            [-0.0182, -0.1006, 1.1187],
        ];
        let found = to_bt709(9).expect("BT.2020 has primaries");
        for (found, wanted) in found.iter().flatten().zip(wanted.iter().flatten()) {
            assert!((found - wanted).abs() < 5e-4, "{found} {wanted}");
        }
        for code in [0, 1, 2, 3, 13, 200, 70_000] {
            assert_eq!(to_bt709(code), None, "{code}");
        }
    }
}
