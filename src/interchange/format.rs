//! Which format a file is, and its reader or writer.

use std::path::Path;

use crate::error::{Error, Result};
use crate::interchange::loss::LossBook;
use crate::interchange::sequence::Sequence;
use crate::interchange::timeline_format::TimelineFormat;
use crate::interchange::write_request::WriteRequest;
use crate::interchange::xml_tree::XmlElement;
use crate::interchange::{edl, fcpxml, mlt, otio, xmeml};

/// Reads the timeline that `text` is, and says in which format. `path` is named in errors; its ending decides between
/// formats that have no mark of their own.
///
/// Errors: `Damaged` where it cannot be read, `Unsupported` where it is something else.
pub fn read_sequence(
    text: &str,
    path: &Path,
    losses: &mut LossBook,
) -> Result<(TimelineFormat, Sequence)> {
    let damaged = |what: String| Error::damaged(path, what);
    let begins = text.trim_start().chars().next();
    let ends = |ending: &str| {
        path.extension()
            .is_some_and(|own| own.eq_ignore_ascii_case(ending))
    };
    if begins.is_none() {
        return Err(Error::damaged(path, "it is empty"));
    }
    if ends("edl") || !matches!(begins, Some('{' | '[' | '<')) {
        let sequence = edl::read(text, losses).map_err(damaged)?;
        return Ok((TimelineFormat::Edl, sequence));
    }
    if begins != Some('<') {
        let sequence = otio::read(text, losses).map_err(damaged)?;
        return Ok((TimelineFormat::Otio, sequence));
    }
    let root = XmlElement::parse(text).map_err(damaged)?;
    match root.name.as_str() {
        "fcpxml" => {
            let sequence = fcpxml::read(&root, losses).map_err(damaged)?;
            Ok((TimelineFormat::Fcpxml, sequence))
        }
        "xmeml" => {
            let sequence = xmeml::read(&root, losses).map_err(damaged)?;
            Ok((TimelineFormat::Xmeml, sequence))
        }
        "mlt" => Err(Error::unsupported(
            path,
            "MLT projects are written here, not read; export OTIO or an EDL from the program",
        )),
        other => Err(Error::unsupported(
            path,
            format!("it is XML with <{other}>, not a timeline in FCPXML or XMEML"),
        )),
    }
}

/// The text of a timeline in `format`.
pub fn write_sequence(
    format: TimelineFormat,
    request: &WriteRequest<'_>,
    losses: &mut LossBook,
) -> Result<String> {
    Ok(match format {
        TimelineFormat::Otio => otio::write(request, losses)?,
        TimelineFormat::Fcpxml => fcpxml::write(request, losses)?,
        TimelineFormat::Xmeml => xmeml::write(request, losses),
        TimelineFormat::Edl => edl::write(request, losses),
        TimelineFormat::Mlt => mlt::write(request, losses),
    })
}
