//! What is said of HEIC and AVIF by a build without libheif.

use super::raster::DecodedStill;
use super::still_file::{StillFile, StillHeader};
use crate::error::{Error, Result};

pub(super) fn header(source: &mut StillFile) -> Result<StillHeader> {
    Err(left_out(source))
}

pub(super) fn decode(source: &mut StillFile, _: &StillHeader) -> Result<DecodedStill> {
    Err(left_out(source))
}

fn left_out(source: &StillFile) -> Error {
    let name = source.format.name().to_uppercase();
    let what = format!(
        "it is {name}, which this build leaves out: build with the cargo feature \"heic\" to read it"
    );
    Error::unsupported(source.path, what)
}
