//! Names of results, and the conflicts that are refused before any work begins.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use crate::batch::settings::{ClipForm, ContainerChoice, FormatChoice, ResultFormat};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::media::{Limits, MediaKind, Probe, probe};

/// File endings of formats, which the result's ending replaces. Any other ending belongs to the name.
const ENDINGS: &[&str] = &[
    "3gp", "avi", "avif", "bmp", "dib", "flv", "gif", "heic", "heif", "jfif", "jpe", "jpeg", "jpg",
    "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "ogv", "png", "qt", "tif", "tiff",
    "ts", "webm", "webp", "wmv",
];

/// An input file, given by name or found in a folder.
#[derive(Debug, Clone)]
pub struct BatchInput {
    /// The file.
    pub path: PathBuf,
    /// The folder in which the file was found; `None` if it was given by name.
    pub folder: Option<PathBuf>,
}

/// A file and its result.
#[derive(Debug, Clone)]
pub struct BatchItem {
    /// The original.
    pub source: PathBuf,
    /// The path of the result.
    pub target: PathBuf,
    /// The target's path relative to the folder of the results, for the record.
    pub(super) name: String,
    /// Facts from the original's headers.
    pub(super) facts: Probe,
    /// The result's format.
    pub format: ResultFormat,
}

impl BatchItem {
    /// True if the original is a still.
    pub fn is_still(&self) -> bool {
        self.facts.kind == MediaKind::Image
    }
}

/// A pattern for names, such as `{stem}-{look}.{ext}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameTemplate {
    parts: Vec<NamePart>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum NamePart {
    Text(String),
    Stem,
    Look,
    Ending,
}

impl NameTemplate {
    /// Parses a pattern: text with `{stem}`, `{look}` and, at its end, `.{ext}`. Errors: [`Error::Usage`].
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |what: &str| Error::Usage {
            what: format!("the name \"{text}\" {what}"),
            hint: Hint::WriteNameTemplate,
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            if before.contains('}') {
                return Err(wrong("has a brace that does not open"));
            }
            parts.push(NamePart::Text(before.into()));
            let (key, behind) = after
                .split_once('}')
                .ok_or_else(|| wrong("has a brace that does not close"))?;
            parts.push(match key {
                "stem" => NamePart::Stem,
                "look" => NamePart::Look,
                "ext" => NamePart::Ending,
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
        parts.retain(|part| *part != NamePart::Text(String::new()));
        Ok(Self { parts })
    }

    /// Whether results are named after their originals.
    fn has_stem(&self) -> bool {
        self.parts.contains(&NamePart::Stem)
    }

    fn fill(&self, stem: &OsStr, look: &str, ending: &OsStr) -> OsString {
        let mut name = OsString::new();
        for part in &self.parts {
            match part {
                NamePart::Text(text) => name.push(text),
                NamePart::Stem => name.push(stem),
                NamePart::Look => name.push(look),
                NamePart::Ending => name.push(ending),
            }
        }
        name
    }
}

/// How results are named.
#[derive(Debug, Clone)]
pub struct NamingRules<'a> {
    /// The folder of the results.
    pub out: &'a Path,
    /// The pattern of the names; `None` keeps the originals' names.
    pub template: Option<&'a NameTemplate>,
    /// What replaces `{look}`.
    pub look: &'a str,
    /// The format of stills.
    pub format: FormatChoice,
    /// The container of clips.
    pub container: ContainerChoice,
    /// What clips become.
    pub clips: ClipForm,
    /// Limits on each file.
    pub limits: &'a Limits,
}

/// Assigns each input its target, according to the file's content. Unusable inputs keep their position and carry their
/// error.
///
/// Errors: [`Error::Usage`] if two results would have the same name, or if a result would replace an original, directly
/// or through links. Inputs in the folder of the results are left out, since they are results.
pub fn assign_targets(
    inputs: &[BatchInput],
    rules: &NamingRules<'_>,
) -> Result<Vec<(BatchInput, Result<BatchItem>)>> {
    let out = resolved(rules.out);
    let mut planned = Vec::new();
    for input in inputs {
        let is_result = input.folder.as_deref().is_some_and(|folder| {
            let folder = resolved(folder);
            out != folder && out.starts_with(&folder) && resolved(&input.path).starts_with(&out)
        });
        if !is_result {
            planned.push((input.clone(), item(input, rules)));
        }
    }
    refuse_collisions(&planned)?;
    refuse_originals(&planned)?;
    Ok(planned)
}

fn item(input: &BatchInput, rules: &NamingRules<'_>) -> Result<BatchItem> {
    let path = &input.path;
    let facts = probe(path, rules.limits)?;
    let format = match facts.kind {
        MediaKind::Image => rules.format.of(&facts.container),
        MediaKind::Video => match rules.clips {
            ClipForm::Film => rules.container.of(&facts),
            ClipForm::Still { .. } => rules.format.of_frame(),
            ClipForm::Animation(_) => ResultFormat::WebP,
        },
        MediaKind::Audio => {
            return Err(Error::unsupported(
                path,
                "it is sound, and a look needs a picture",
            ));
        }
    };
    let name = file_name(path, format, rules);
    // Only paths below the input folder, so that no result leaves the folder of the results.
    let below = input
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
    Ok(BatchItem {
        source: path.clone(),
        target: rules.out.join(&relative),
        name: relative.to_string_lossy().into_owned(),
        facts,
        format,
    })
}

fn file_name(path: &Path, format: ResultFormat, rules: &NamingRules<'_>) -> OsString {
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
    // A name that owes the original nothing does not end like it, either: `preview.jpg` of `IMG_1.JPG`.
    let is_own = rules.template.is_none_or(NameTemplate::has_stem);
    let ending = own
        .filter(|own| is_own && format.endings().contains(&lower(own).as_str()))
        .unwrap_or(OsStr::new(usual));
    if let Some(template) = rules.template {
        return template.fill(stem, rules.look, ending);
    }
    let mut name = stem.to_owned();
    name.push(".");
    name.push(ending);
    name
}

fn refuse_collisions(planned: &[(BatchInput, Result<BatchItem>)]) -> Result<()> {
    let mut taken: BTreeMap<&Path, &Path> = BTreeMap::new();
    for (_, item) in planned {
        let Ok(item) = item else { continue };
        if let Some(other) = taken.insert(&item.target, &item.source) {
            return Err(Error::Usage {
                what: format!(
                    "{} and {} would both be written to {}",
                    other.display(),
                    item.source.display(),
                    item.target.display()
                ),
                hint: Hint::ApplyApart,
            });
        }
    }
    Ok(())
}

fn refuse_originals(planned: &[(BatchInput, Result<BatchItem>)]) -> Result<()> {
    // An original is known by its own path and by the file to which it links.
    let originals: BTreeSet<PathBuf> = planned
        .iter()
        .flat_map(|(input, _)| [with_own_name(&input.path), resolved(&input.path)])
        .collect();
    for (_, item) in planned {
        let Ok(item) = item else { continue };
        let replaced = [with_own_name(&item.target), resolved(&item.target)];
        if replaced.iter().any(|path| originals.contains(path)) {
            return Err(Error::Usage {
                what: format!(
                    "the result of {} would replace an original, {}",
                    item.source.display(),
                    item.target.display()
                ),
                hint: Hint::ChooseOtherFolder,
            });
        }
    }
    Ok(())
}

/// The path with links resolved in its folders, but not in its last component.
fn with_own_name(path: &Path) -> PathBuf {
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => resolved(folder).join(name),
        _ => resolved(path),
    }
}

/// The path with links resolved as far as it exists.
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

    fn named(path: &str, format: ResultFormat, template: Option<&str>) -> String {
        let template = template.map(|text| NameTemplate::parse(text).unwrap());
        let rules = NamingRules {
            out: Path::new("out"),
            template: template.as_ref(),
            look: "noir",
            format: FormatChoice::Keep,
            container: ContainerChoice::Playable,
            clips: ClipForm::Film,
            limits: &Limits::default(),
        };
        let name = file_name(Path::new(path), format, &rules);
        name.into_string().unwrap()
    }

    #[test]
    fn an_ending_stays_where_it_names_the_format() {
        assert_eq!(named("a/B.JPG", ResultFormat::Jpeg, None), "B.JPG");
        assert_eq!(named("b.jpeg", ResultFormat::Jpeg, None), "b.jpeg");
        assert_eq!(named("b.tar.png", ResultFormat::Jpeg, None), "b.tar.jpg");
        assert_eq!(named("b.tif", ResultFormat::Png, None), "b.png");
        assert_eq!(named("v1.2", ResultFormat::Png, None), "v1.2.png");
        assert_eq!(named("b", ResultFormat::WebP, None), "b.webp");
        assert_eq!(named("b.M4V", ResultFormat::Mp4, None), "b.M4V");
        assert_eq!(named("b.webm", ResultFormat::Mp4, None), "b.mp4");
        assert_eq!(named("b.webm", ResultFormat::Matroska, None), "b.mkv");
        let template = Some("{look} {stem}.{ext}");
        assert_eq!(named("B.JPG", ResultFormat::Jpeg, template), "noir B.JPG");
        assert_eq!(named("v1.2", ResultFormat::Jpeg, template), "noir v1.2.jpg");
        let template = Some("preview.{ext}");
        assert_eq!(named("B.JPG", ResultFormat::Jpeg, template), "preview.jpg");
        assert_eq!(named("b.M4V", ResultFormat::Mp4, template), "preview.mp4");
    }

    #[test]
    fn bad_templates_say_what_is_wrong() {
        for (text, expected) in [
            ("{stem}", "end in .{ext}"),
            ("{stem}.jpg", "end in .{ext}"),
            ("{steam}.{ext}", "{steam}"),
            ("{stem.{ext}", "{stem.{ext}"),
            ("stem}.{ext}", "does not open"),
            ("../{stem}.{ext}", "another folder"),
            ("{stem.ext", "does not close"),
        ] {
            let error = NameTemplate::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
