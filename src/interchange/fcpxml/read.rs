//! Reads FCPXML: its first project, or the clips that stand in for one.

use std::path::Path;

use crate::edit::Plan;
use crate::interchange::fcpxml::keys::{PLAN, metadata};
use crate::interchange::fcpxml::media_index::Resources;
use crate::interchange::fcpxml::spine_reader::SpineReader;
use crate::interchange::loss::{LossBook, LostPart};
use crate::interchange::sequence::Sequence;
use crate::interchange::xml_tree::XmlElement;

/// Clips that may stand outside a project.
const CLIPS: [&str; 5] = ["asset-clip", "clip", "ref-clip", "sync-clip", "mc-clip"];

/// Reads the document.
pub(in crate::interchange) fn read(
    root: &XmlElement,
    losses: &mut LossBook,
) -> Result<Sequence, String> {
    let mut projects = Vec::new();
    let mut clips = Vec::new();
    collect(root, &mut projects, &mut clips);
    if projects.len() > 1 {
        let what = format!("{} more projects", projects.len() - 1);
        losses.note(LostPart::Other, what, "the event", "the first alone");
    }
    let mut reader = SpineReader::new(Resources::read(root), losses);
    let Some(project) = projects.first() else {
        if clips.is_empty() {
            return Err("it has neither a project nor a clip".into());
        }
        let tracks = reader.loose(&clips)?;
        return Ok(Sequence {
            tracks,
            ..reader.sequence
        });
    };
    let sequence = project
        .child("sequence")
        .ok_or("a project without a sequence")?;
    let name = project.attribute("name").unwrap_or_default();
    let (rate, size) = reader.resources.format(sequence.attribute("format"))?;
    let tracks = reader.tracks(sequence)?;
    let plan = metadata(sequence, PLAN).and_then(|plan| Plan::parse(plan, Path::new(PLAN)).ok());
    Ok(Sequence {
        name: name.into(),
        frame_rate: rate,
        size,
        tracks,
        plan: plan.map(Box::new),
        ..reader.sequence
    })
}

/// The projects and loose clips of a document, its library and its events.
fn collect<'a>(
    element: &'a XmlElement,
    projects: &mut Vec<&'a XmlElement>,
    clips: &mut Vec<&'a XmlElement>,
) {
    for child in &element.children {
        match child.name.as_str() {
            "project" => projects.push(child),
            "library" | "event" => collect(child, projects, clips),
            name if CLIPS.contains(&name) => clips.push(child),
            _ => {}
        }
    }
}
