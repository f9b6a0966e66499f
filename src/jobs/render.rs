//! The jobs of `render` and `verify`: the film of a plan, and proof that it is that film.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::edit::{CaptionDelivery, Plan};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::interchange::{SubtitleFormat, write_subtitles};
use crate::jobs::Workshop;
use crate::jobs::draft::{plan_beside, read_plan};
use crate::jobs::png_file::write_png;
use crate::media::{DynamicRange, FilmCodec, SoundFileFormat};
use crate::notice::Notice;
use crate::render::{
    RenderReport, RenderRequest, SheetGrid, UnfinishedFilm, VerifyReport, VerifyRequest,
    contact_sheet, render, render_sound, verify,
};
use crate::store::{Output, Overwrite, remove_abandoned, write_atomic};
use crate::task::{Stage, Task};

/// The contact sheet beside a film, as wide as a page of documentation shows it (pixels).
const SHEET: SheetGrid = SheetGrid {
    columns: 6,
    rows: 3,
    width: 1200,
};

/// x264's preset for drafts: the fastest.
const DRAFT_PRESET: &str = "ultrafast";
/// x264's preset, as on the command line.
const USUAL_PRESET: &str = "veryfast";

/// Where a film goes and how it is encoded.
#[derive(Debug, Clone)]
pub struct FilmTarget {
    /// The film.
    pub film: PathBuf,
    /// A picture of the film's frames, where one is wanted.
    pub sheet: Option<PathBuf>,
    /// How its pictures are encoded.
    pub codec: FilmCodec,
    /// Whether it has the dynamic range of its sources.
    pub dynamic_range: DynamicRange,
    /// The encoder's constant rate factor: lower is better and larger.
    pub quality: u8,
    /// Whether groups of pictures that the plan leaves as they are may be copied: not where a quality was asked for.
    pub copies: bool,
    /// x264's preset, which stands for the like of other encoders.
    pub preset: &'static str,
    /// A quarter of the pixels and the fastest settings, to look at the cut.
    pub draft: bool,
    /// Whether a run after a kill goes on where this one was.
    pub resumes: bool,
    /// Whether files that exist may be replaced.
    pub overwrite: Overwrite,
}

impl FilmTarget {
    /// An ordinary film of what strangers sent: all of it is encoded here, and nothing of an upload is passed on.
    pub fn encoded_anew(film: PathBuf, overwrite: Overwrite) -> Self {
        let codec = FilmCodec::default();
        Self {
            film,
            sheet: None,
            codec,
            dynamic_range: DynamicRange::Standard,
            quality: codec.usual_quality(),
            copies: false,
            preset: USUAL_PRESET,
            draft: false,
            resumes: false,
            overwrite,
        }
    }

    /// Fails when something is in the way, and for a quality or a dynamic range that the encoder does not take.
    pub fn refuse_conflicts(&self) -> Result<()> {
        self.check_encoding()?;
        refuse_conflicts([Some(&self.film), self.sheet.as_ref()], self.overwrite)
    }
}

impl FilmTarget {
    /// Fails for a quality or a dynamic range that the encoder does not take.
    pub(super) fn check_encoding(&self) -> Result<()> {
        if self.dynamic_range == DynamicRange::Keep && !self.codec.keeps_dynamic_range() {
            return Err(Error::Usage {
                what: "the dynamic range of the sources is kept in H.265 alone".into(),
                hint: Hint::EncodeAsH265,
            });
        }
        let most = self.codec.worst_quality();
        if self.quality <= most {
            return Ok(());
        }
        Err(Error::Usage {
            what: format!("the encoder takes no quality of {}", self.quality),
            hint: Hint::LimitQuality { most },
        })
    }
}

/// A film that was made.
#[derive(Serialize)]
pub struct FilmReport {
    /// Its path.
    pub film: String,
    /// What rendering found.
    pub render: RenderReport,
    /// What the checks found.
    pub verify: VerifyReport,
}

/// Fails, before any work, when one of `targets` exists and may not be replaced.
pub fn refuse_conflicts<'a>(
    targets: impl IntoIterator<Item = Option<&'a PathBuf>>,
    overwrite: Overwrite,
) -> Result<()> {
    for target in targets.into_iter().flatten() {
        if target.is_dir() || (overwrite == Overwrite::Refuse && target.exists()) {
            return Err(Error::Exists {
                path: target.clone(),
            });
        }
    }
    Ok(())
}

/// Renders and verifies the film of `plan`, whose relative paths count from `folder`. The film gets its name when it is
/// whole; checks that found something are in the report.
pub fn render_film(
    plan: &Plan,
    folder: &Path,
    target: &FilmTarget,
    workshop: &Workshop,
    task: &Task,
) -> Result<FilmReport> {
    let sidecar = sidecar_of(plan, &target.film);
    refuse_conflicts([sidecar.as_ref()], target.overwrite)?;
    let smaller = target.draft.then(|| plan.at_half_size());
    let plan = smaller.as_ref().unwrap_or(plan);
    let preset = if target.draft {
        DRAFT_PRESET
    } else {
        target.preset
    };
    let output = Output::create(&target.film, target.overwrite)?;
    let named = |problem: Error| problem.renamed(output.path(), &target.film);
    // It is dropped, and what it kept removed, once the film has its name.
    let unfinished =
        (target.resumes && !target.draft).then(|| UnfinishedFilm::beside(&target.film));
    let request = RenderRequest {
        // Most looks need no networks; one that does says what is missing.
        models: workshop.models().ok(),
        plan,
        folder,
        looks: workshop.looks()?,
        limits: *workshop.limits(),
        task: task.stage(Stage::Render),
        threads: workshop.threads(),
        codec: target.codec,
        dynamic_range: target.dynamic_range,
        quality: target.quality,
        preset,
        copies: target.copies && !target.draft,
        unfinished: unfinished.as_ref(),
        hashes: workshop.hashes(),
    };
    let rendered = match sound_format(plan, &target.film)? {
        Some(format) => render_sound(&request, format, output.path()),
        None => render(&request, output.path()),
    };
    let rendered = rendered.map_err(named)?;
    drop(request);
    let limits = workshop.limits();
    let verified = {
        let stage = task.stage(Stage::Verify);
        verify(&VerifyRequest {
            plan,
            folder,
            film: output.path(),
            limits,
            models: workshop.models().ok(),
            task: &stage,
        })
        .map_err(named)?
    };
    if let Some(sheet) = &target.sheet {
        let picture = contact_sheet(output.path(), SHEET, limits, task).map_err(named)?;
        write_png(sheet, &picture, target.overwrite)?;
    }
    output.commit()?;
    if let Some(frames) = rendered.resumed_frames {
        task.notice(Notice::FilmResumed { frames });
        // The run that was killed left its unfinished file, too.
        remove_abandoned([target.film.as_path()])?;
    }
    if let Some(sidecar) = &sidecar {
        let size = Size::new(plan.output.width, plan.output.height);
        let text = write_subtitles(&plan.captions, size, SubtitleFormat::Srt)?;
        write_atomic(sidecar, text.as_bytes(), target.overwrite)?;
    }
    for text in &rendered.notes {
        task.notice(Notice::FilmDiffers { text: text.clone() });
    }
    Ok(FilmReport {
        film: target.film.display().to_string(),
        render: rendered,
        verify: verified,
    })
}

/// The file of the film's captions, where the plan wants them beside it.
fn sidecar_of(plan: &Plan, film: &Path) -> Option<PathBuf> {
    let beside = plan.output.captions == Some(CaptionDelivery::Sidecar);
    (beside && !plan.captions.is_empty()).then(|| film.with_extension(SubtitleFormat::Srt.name()))
}

/// The format of a film without a picture; `None` where there is one.
///
/// Errors: [`Error::Usage`] for a name that says no such format.
pub(super) fn sound_format(plan: &Plan, film: &Path) -> Result<Option<SoundFileFormat>> {
    if !plan.picture.is_empty() {
        return Ok(None);
    }
    let format = SoundFileFormat::of(film);
    format.map(Some).ok_or_else(|| Error::Usage {
        what: format!("there is only sound, which {} cannot hold", film.display()),
        hint: Hint::NameSoundFile {
            endings: SoundFileFormat::ALL.map(SoundFileFormat::extension).into(),
        },
    })
}

/// A film that was compared with its plan, `tastemaker.verify/1`.
#[derive(Serialize)]
pub struct Verification {
    schema: &'static str,
    film: String,
    plan: String,
    /// What the checks found.
    #[serde(flatten)]
    pub report: VerifyReport,
}

/// Compares a film with its plan: the named one, or the one beside it.
pub fn verify_film(
    film: &Path,
    plan: Option<&Path>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Verification> {
    let path = plan.map_or_else(|| plan_beside(film), Path::to_path_buf);
    let (plan, folder) = read_plan(&path)?;
    let task = task.stage(Stage::Verify);
    let report = verify(&VerifyRequest {
        plan: &plan,
        folder: &folder,
        film,
        limits: workshop.limits(),
        models: workshop.models().ok(),
        task: &task,
    })?;
    Ok(Verification {
        schema: "tastemaker.verify/1",
        film: film.display().to_string(),
        plan: path.display().to_string(),
        report,
    })
}
