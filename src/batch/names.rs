//! Which file becomes which: names, and what is refused before work begins.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use crate::batch::settings::{Format, FormatChoice};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::media::{Limits, MediaKind, Probe, probe};

/// Endings that tell a format, and so give way to that of the result. Any other is a part of the name.
const ENDINGS: &[&str] = &[
    "3gp", "avi", "avif", "bmp", "dib", "flv", "gif", "heic", "heif", "jfif", "jpe", "jpeg", "jpg",
    "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "ogv", "png", "qt", "tif", "tiff",
    "ts", "webm", "webp", "wmv",
];

/// A file to work on, as it was typed or found.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The file.
    pub path: PathBuf,
    /// The folder that was typed, if the file was found in one.
    pub folder: Option<PathBuf>,
}

/// A file and what becomes of it.
#[derive(Debug, Clone)]
pub struct Job {
    /// The original.
    pub source: PathBuf,
    /// Where the result goes.
    pub target: PathBuf,
    /// The target from the folder of the results, for the record.
    pub(super) name: String,
    /// What the original's headers say.
    pub(super) facts: Probe,
    /// The result's format.
    pub format: Format,
}

/// A pattern for names, such as `{stem}-{look}.{ext}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameTemplate {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Stem,
    Look,
    Ending,
}

impl NameTemplate {
    /// Reads a pattern: text with `{stem}`, `{look}` and, at its end, `.{ext}`. Fails with `Usage`.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |what: &str| Error::Usage {
            what: format!("the name \"{text}\" {what}"),
            hint: "write a name such as \"{stem}-{look}.{ext}\"".into(),
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            if before.contains('}') {
                return Err(wrong("has a brace that does not open"));
            }
            parts.push(Part::Text(before.into()));
            let (key, behind) = after
                .split_once('}')
                .ok_or_else(|| wrong("has a brace that does not close"))?;
            parts.push(match key {
                "stem" => Part::Stem,
                "look" => Part::Look,
                "ext" => Part::Ending,
                other => return Err(wrong(&format!("has {{{other}}}, which is not known"))),
            });
            rest = behind;
        }
        if rest.contains('}') {
            return Err(wrong("has a brace that does not open"));
        }
        if text.contains(['/', '\\']) {
            return Err(wrong("leads to another folder"));
        }
        if !text.ends_with(".{ext}") {
            return Err(wrong("does not end in .{ext}"));
        }
        parts.retain(|part| *part != Part::Text(String::new()));
        Ok(Self { parts })
    }

    fn fill(&self, stem: &OsStr, look: &str, ending: &OsStr) -> OsString {
        let mut name = OsString::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => name.push(text),
                Part::Stem => name.push(stem),
                Part::Look => name.push(look),
                Part::Ending => name.push(ending),
            }
        }
        name
    }
}

/// Where results go.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    /// The folder of the results.
    pub out: &'a Path,
    /// How they are named; `None` keeps the names.
    pub template: Option<&'a NameTemplate>,
    /// What stands for `{look}`.
    pub look: &'a str,
    /// The format of stills.
    pub format: FormatChoice,
    /// What one file may cost.
    pub limits: &'a Limits,
}

/// Gives each origin its target, by what it holds; an error stands in the place of one that cannot be used.
///
/// Fails with `Usage` when two results would have one name, or when a result would take the place of an original,
/// also by way of links. Origins that lie in the folder of the results are left out: they are results.
pub fn plan(origins: &[Origin], places: &Places<'_>) -> Result<Vec<(Origin, Result<Job>)>> {
    let out = resolved(places.out);
    let mut planned = Vec::new();
    for origin in origins {
        let is_result = origin.folder.as_deref().is_some_and(|folder| {
            let folder = resolved(folder);
            out != folder && out.starts_with(&folder) && resolved(&origin.path).starts_with(&out)
        });
        if !is_result {
            planned.push((origin.clone(), job(origin, places)));
        }
    }
    refuse_collisions(&planned)?;
    refuse_originals(&planned)?;
    Ok(planned)
}

fn job(origin: &Origin, places: &Places<'_>) -> Result<Job> {
    let path = &origin.path;
    let facts = probe(path, places.limits)?;
    let format = match (facts.kind, facts.container.as_str()) {
        (MediaKind::Image, container) => places.format.of(container),
        (MediaKind::Video, "mov") => Format::Mov,
        (MediaKind::Video, _) => Format::Mp4,
        (MediaKind::Audio, _) => {
            return Err(Error::unsupported(path, "it is sound, which has no look"));
        }
    };
    let name = file_name(path, format, places);
    // Only names below the typed folder: never up and out of the folder of the results.
    let below = origin
        .folder
        .as_deref()
        .and_then(|folder| path.strip_prefix(folder).ok())
        .and_then(Path::parent)
        .filter(|below| {
            below
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
        })
        .unwrap_or(Path::new(""));
    let relative = below.join(name);
    Ok(Job {
        source: path.clone(),
        target: places.out.join(&relative),
        name: relative.to_string_lossy().into_owned(),
        facts,
        format,
    })
}

fn file_name(path: &Path, format: Format, places: &Places<'_>) -> OsString {
    let whole = path.file_name().unwrap_or_default();
    let lower = |ending: &OsStr| ending.to_string_lossy().to_ascii_lowercase();
    let own = path
        .extension()
        .filter(|ending| ENDINGS.contains(&lower(ending).as_str()));
    let stem = match own {
        Some(_) => path.file_stem().unwrap_or_default(),
        None => whole,
    };
    let usual = format.endings().first().copied().unwrap_or_default();
    let ending = own
        .filter(|own| format.endings().contains(&lower(own).as_str()))
        .unwrap_or(OsStr::new(usual));
    if let Some(template) = places.template {
        return template.fill(stem, places.look, ending);
    }
    let mut name = stem.to_owned();
    name.push(".");
    name.push(ending);
    name
}

fn refuse_collisions(planned: &[(Origin, Result<Job>)]) -> Result<()> {
    let mut taken: BTreeMap<&Path, &Path> = BTreeMap::new();
    for (_, job) in planned {
        let Ok(job) = job else { continue };
        if let Some(other) = taken.insert(&job.target, &job.source) {
            return Err(Error::Usage {
                what: format!(
                    "{} and {} would both be written to {}",
                    other.display(),
                    job.source.display(),
                    job.target.display()
                ),
                hint: "apply the look to them one after the other, into different folders".into(),
            });
        }
    }
    Ok(())
}

fn refuse_originals(planned: &[(Origin, Result<Job>)]) -> Result<()> {
    // An original by its name and by the file that the name leads to.
    let originals: BTreeSet<PathBuf> = planned
        .iter()
        .flat_map(|(origin, _)| [entry(&origin.path), resolved(&origin.path)])
        .collect();
    for (_, job) in planned {
        let Ok(job) = job else { continue };
        let replaced = [entry(&job.target), resolved(&job.target)];
        if replaced.iter().any(|place| originals.contains(place)) {
            return Err(Error::Usage {
                what: format!(
                    "the result of {} would take the place of an original, {}",
                    job.source.display(),
                    job.target.display()
                ),
                hint: Hint::ChooseOtherFolder,
            });
        }
    }
    Ok(())
}

/// The path with all links followed but the last name's own.
fn entry(path: &Path) -> PathBuf {
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => resolved(folder).join(name),
        _ => resolved(path),
    }
}

/// The path with all links followed, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let here = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    if let Ok(whole) = here.canonicalize() {
        return whole;
    }
    match (here.parent(), here.file_name()) {
        (Some(folder), Some(name)) => resolved(folder).join(name),
        _ => here.to_path_buf(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn named(path: &str, format: Format, template: Option<&str>) -> String {
        let template = template.map(|text| NameTemplate::parse(text).unwrap());
        let places = Places {
            out: Path::new("out"),
            template: template.as_ref(),
            look: "noir",
            format: FormatChoice::Keep,
            limits: &Limits::default(),
        };
        let name = file_name(Path::new(path), format, &places);
        name.into_string().unwrap()
    }

    #[test]
    fn names_stay_where_they_tell_the_truth() {
        assert_eq!(named("a/B.JPG", Format::Jpeg, None), "B.JPG");
        assert_eq!(named("b.jpeg", Format::Jpeg, None), "b.jpeg");
        assert_eq!(named("b.tar.png", Format::Jpeg, None), "b.tar.jpg");
        assert_eq!(named("b.tif", Format::Png, None), "b.png");
        assert_eq!(named("v1.2", Format::Png, None), "v1.2.png");
        assert_eq!(named("b", Format::WebP, None), "b.webp");
        assert_eq!(named("b.M4V", Format::Mp4, None), "b.M4V");
        assert_eq!(named("b.webm", Format::Mp4, None), "b.mp4");
        let template = Some("{look} {stem}.{ext}");
        assert_eq!(named("B.JPG", Format::Jpeg, template), "noir B.JPG");
        assert_eq!(named("v1.2", Format::Jpeg, template), "noir v1.2.jpg");
    }

    #[test]
    fn bad_templates_say_what_is_wrong() {
        for (text, told) in [
            ("{stem}", "end in .{ext}"),
            ("{stem}.jpg", "end in .{ext}"),
            ("{steam}.{ext}", "{steam}"),
            ("{stem.{ext}", "{stem.{ext}"),
            ("stem}.{ext}", "does not open"),
            ("../{stem}.{ext}", "another folder"),
            ("{stem.ext", "does not close"),
        ] {
            let error = NameTemplate::parse(text).unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
