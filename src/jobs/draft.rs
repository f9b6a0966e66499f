//! A fixed cut, of a plan or of a single clip that is edited already. Music is chosen to fit it.

use std::path::{Path, PathBuf};

use crate::analysis::{Analysis, Span};
use crate::edit::{Plan, SourceKind, spoken};
use crate::error::{Error, Result};
use crate::media::Limits;

/// Bytes of the largest plan that is read, so that a hostile file does not fill the memory. Real plans have kilobytes.
const MOST_PLAN_BYTES: u64 = 64_000_000;

/// A cut that is not to be changed.
pub struct FixedCut {
    /// Seconds of film.
    pub length: f64,
    /// Seconds at which the picture visibly changes.
    pub cuts: Vec<f64>,
    /// Seconds in which somebody speaks.
    pub speech: Vec<Span>,
}

impl FixedCut {
    /// The cut of the only file, where it is a clip of several shots.
    pub fn of_clip(files: &[Analysis]) -> Option<Self> {
        let [file] = files else { return None };
        let video = file.video.as_ref()?;
        let cuts: Vec<f64> = video.shots.iter().skip(1).map(|shot| shot.start).collect();
        let speech = file
            .audio
            .as_ref()
            .map_or_else(Vec::new, |audio| audio.speech.clone());
        (!cuts.is_empty()).then_some(Self {
            length: video.duration,
            cuts,
            speech,
        })
    }
}

/// A plan in place of files.
pub struct Draft {
    /// The plan.
    pub plan: Plan,
    /// The folder that its paths count from.
    pub folder: PathBuf,
    /// The pictures and clips that it shows.
    pub files: Vec<PathBuf>,
}

impl Draft {
    /// The plan that `files` is, if it is one file whose name ends in `.json`. Fails when that is no plan.
    pub fn read(files: &[PathBuf]) -> Result<Option<Self>> {
        let [path] = files else { return Ok(None) };
        if path.extension().is_none_or(|ending| ending != "json") {
            return Ok(None);
        }
        let (plan, folder) = read_plan(path)?;
        let files = plan
            .sources
            .iter()
            .filter(|source| source.kind != SourceKind::Audio)
            .map(|source| folder.join(&source.path))
            .collect();
        Ok(Some(Self {
            plan,
            folder,
            files,
        }))
    }

    /// Its cut, with what is said in its `sources`.
    pub fn cut(&self, sources: &[Analysis]) -> FixedCut {
        FixedCut {
            length: self.plan.output.duration,
            cuts: self.plan.visible_cuts(),
            speech: spoken(&self.plan, sources),
        }
    }
}

/// A plan and the folder that its relative paths count from.
pub fn read_plan(path: &Path) -> Result<(Plan, PathBuf)> {
    let facts = std::fs::metadata(path).map_err(|problem| Error::read(path, problem))?;
    if !facts.is_file() {
        return Err(Error::unsupported(path, "it is not a regular file"));
    }
    if facts.len() > MOST_PLAN_BYTES {
        return Err(Error::unsupported(path, "it is too large to be a plan"));
    }
    let bytes = std::fs::read(path).map_err(|problem| Error::read(path, problem))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::unsupported(path, "it is not UTF-8 text, so not a plan"))?;
    let plan = Plan::parse(&text, path)?;
    // Only headers are read here. Sources beyond the default limits are skipped: rendering checks them with the real
    // ones.
    plan.check_handles(&text, path, &Limits::default())?;
    Ok((plan, path.parent().unwrap_or(Path::new("")).to_path_buf()))
}

/// The path of the plan that an edit leaves beside its film.
pub fn plan_beside(film: &Path) -> PathBuf {
    let mut name = film.as_os_str().to_owned();
    name.push(".plan.json");
    name.into()
}
