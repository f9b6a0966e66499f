//! The code points of ITU-T H.273 that films carry, and their names.

/// The matrix between RGB and luma with chroma.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Matrix {
    Bt601,
    Bt709,
    Bt2020,
    Smpte240,
    Fcc,
}

impl Matrix {
    /// Weights of red, green and blue in luma, which sum to 1 (ITU-T H.273, table 4).
    pub fn luma(self) -> [f64; 3] {
        let (red, blue) = match self {
            Self::Bt709 => (0.2126, 0.0722),
            Self::Bt601 => (0.299, 0.114),
            Self::Bt2020 => (0.2627, 0.0593),
            Self::Smpte240 => (0.212, 0.087),
            Self::Fcc => (0.3, 0.11),
        };
        [red, 1.0 - red - blue, blue]
    }

    /// Its code point (ITU-T H.273, table 4).
    pub(in crate::media) fn code_point(self) -> u32 {
        match self {
            Self::Bt709 => 1,
            Self::Fcc => 4,
            Self::Bt601 => 6,
            Self::Smpte240 => 7,
            Self::Bt2020 => 9,
        }
    }
}

/// The transfer function: from sample values to light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) enum Transfer {
    /// Standard dynamic range, shown on displays without conversion (BT.601, BT.709, BT.2020 and older curves).
    Standard,
    /// sRGB (IEC 61966-2-1), also shown without conversion.
    Srgb,
    /// Linear light.
    Linear,
    /// Digital cinema (SMPTE ST 428-1).
    Cinema,
    /// Perceptual quantizer (SMPTE ST 2084).
    Pq,
    /// Hybrid log-gamma (ARIB STD-B67).
    Hlg,
}

/// The matrix of a code point (ITU-T H.273, table 4). `None` for code points without a matrix that we decode.
pub(in crate::media) fn tagged_matrix(code: u32) -> Option<Matrix> {
    match code {
        1 => Some(Matrix::Bt709),
        4 => Some(Matrix::Fcc),
        5 | 6 => Some(Matrix::Bt601),
        7 => Some(Matrix::Smpte240),
        9 => Some(Matrix::Bt2020),
        _ => None,
    }
}

/// The transfer of a code point (ITU-T H.273, table 3). Unspecified means standard.
pub(in crate::media) fn transfer(code: u32) -> Transfer {
    match code {
        8 => Transfer::Linear,
        13 => Transfer::Srgb,
        16 => Transfer::Pq,
        17 => Transfer::Cinema,
        18 => Transfer::Hlg,
        _ => Transfer::Standard,
    }
}

/// `bt709`, `bt2020` … or `unknown`.
pub(in crate::media) fn primaries_name(code: u32) -> &'static str {
    match code {
        1 => "bt709",
        4 => "bt470m",
        5 => "bt470bg",
        6 => "smpte170m",
        7 => "smpte240m",
        8 => "film",
        9 => "bt2020",
        10 => "smpte428",
        11 => "smpte431",
        12 => "smpte432",
        22 => "ebu3213",
        _ => "unknown",
    }
}

/// `bt709`, `smpte2084` … or `unknown`.
pub(in crate::media) fn transfer_name(code: u32) -> &'static str {
    match code {
        1 => "bt709",
        4 => "bt470m",
        5 => "bt470bg",
        6 => "smpte170m",
        7 => "smpte240m",
        8 => "linear",
        9 => "log100",
        10 => "log316",
        11 => "iec61966-2-4",
        12 => "bt1361e",
        13 => "iec61966-2-1",
        14 => "bt2020-10",
        15 => "bt2020-12",
        16 => "smpte2084",
        17 => "smpte428",
        18 => "arib-std-b67",
        _ => "unknown",
    }
}

/// `bt709`, `bt470bg` … or `unknown`.
pub(in crate::media) fn matrix_name(code: u32) -> &'static str {
    match code {
        0 => "gbr",
        1 => "bt709",
        4 => "fcc",
        5 => "bt470bg",
        6 => "smpte170m",
        7 => "smpte240m",
        8 => "ycgco",
        9 => "bt2020nc",
        10 => "bt2020c",
        11 => "smpte2085",
        12 => "chroma-derived-nc",
        13 => "chroma-derived-c",
        14 => "ictcp",
        _ => "unknown",
    }
}
