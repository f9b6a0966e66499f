//! A cut that stays as it is: that of a plan, or of one clip that is cut already. Music is chosen to fit it.

use std::path::PathBuf;

use crate::analysis::{Analysis, Span};
use crate::commands::render::read_plan;
use crate::edit::{Plan, SourceKind, spoken};

/// Cuts that are not to be moved.
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
    /// What it is.
    pub plan: Plan,
    /// The folder that its paths count from.
    pub folder: PathBuf,
    /// The pictures and clips that it shows.
    pub files: Vec<PathBuf>,
}

impl Draft {
    /// The plan that `typed` is, if it is one file whose name ends in `.json`. Fails when it is no plan.
    pub fn read(typed: &[PathBuf]) -> anyhow::Result<Option<Self>> {
        let [path] = typed else { return Ok(None) };
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
