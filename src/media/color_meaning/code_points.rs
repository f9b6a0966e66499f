//! The numbers of ITU-T H.273 (coding-independent code points) that films carry, and their names.

/// How RGB is told from luma and chroma.
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
    /// The shares of red, green and blue in luma, which add up to 1 (ITU-T H.273, table 4).
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
}

/// How light is told from a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) enum Transfer {
    /// For displays as they were always: shown as it is.
    Standard,
    /// SMPTE ST 2084.
    Pq,
    /// ARIB STD-B67, hybrid log-gamma.
    Hlg,
}

/// The matrix to decode with. Untagged films follow the custom of players: BT.601 below 720 lines, BT.709 from there.
pub(in crate::media) fn matrix(code: u32, lines: u32) -> Matrix {
    match code {
        1 => Matrix::Bt709,
        4 => Matrix::Fcc,
        5 | 6 => Matrix::Bt601,
        7 => Matrix::Smpte240,
        9 | 10 => Matrix::Bt2020,
        _ if lines < 720 => Matrix::Bt601,
        _ => Matrix::Bt709,
    }
}

/// The transfer that needs care.
pub(in crate::media) fn transfer(code: u32) -> Transfer {
    match code {
        16 => Transfer::Pq,
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
