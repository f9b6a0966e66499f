//! What is said of HEIC and AVIF by a build without libheif.

use super::Decoded;
use super::source::{Header, Source};
use crate::error::{Error, Result};

pub(super) fn header(source: &mut Source) -> Result<Header> {
    Err(left_out(source))
}

pub(super) fn decode(source: &mut Source, _: &Header) -> Result<Decoded> {
    Err(left_out(source))
}

fn left_out(source: &Source) -> Error {
    let name = source.format.name().to_uppercase();
    let what = format!(
        "it is {name}, which this build leaves out: build with the cargo feature \"heic\" to read it"
    );
    Error::unsupported(source.path, what)
}
