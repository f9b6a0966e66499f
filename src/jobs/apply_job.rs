//! The request of `apply`, and its report for each file and for all of them.

use std::path::PathBuf;

use serde::Serialize;

use crate::batch::{
    BatchItem, BatchResult, BatchSettings, ClipForm, ContainerChoice, FaceTreatment, FormatChoice,
    Matching, ResultStatus, RunMode, SizeLimit,
};
use crate::media::{CarriedTracks, ChromaSubsampling, GainMapPolicy, MetadataPolicy};
use crate::picture::{Background, FilmTreatment};

/// Files, a look, and how the results are written.
pub struct ApplyJob {
    /// Name or path of the look, or several joined with `+`; `auto` for the one that suits the files best.
    pub look: String,
    /// Whose taste counts where the look is chosen; absent: nobody's.
    pub profile: Option<String>,
    /// Pictures, clips and folders of them.
    pub files: Vec<PathBuf>,
    /// The folder of the results.
    pub output: PathBuf,
    /// Template of the names of the results.
    pub template: Option<String>,
    /// Strength of the look: 0 changes nothing, 1 is as written, at most 2.
    pub strength: f64,
    /// How files are made to match.
    pub matching: Matching,
    /// The shape that stills are cropped to.
    pub aspect: Option<(u32, u32)>,
    /// The size that results are scaled down to.
    pub fit: Option<SizeLimit>,
    /// What becomes of faces.
    pub faces: FaceTreatment,
    /// The format of stills.
    pub format: FormatChoice,
    /// The container of clips.
    pub container: ContainerChoice,
    /// What clips become.
    pub clips: ClipForm,
    /// Which tracks of a clip come along beside its pictures.
    pub tracks: CarriedTracks,
    /// Quality of JPEG and WebP.
    pub quality: Option<u8>,
    /// Chroma subsampling of JPEG.
    pub subsampling: Option<ChromaSubsampling>,
    /// What transparent areas show where the format of a result has no opacity.
    pub background: Background,
    /// What is kept of the metadata.
    pub metadata: MetadataPolicy,
    /// Whether gain maps come along.
    pub gain_map: GainMapPolicy,
    /// Pictures that break off are written as far as they go.
    pub partial: bool,
    /// What happens to results that are there already.
    pub mode: RunMode,
}

/// What became of one file, `tastemaker.applied/1`.
#[derive(Serialize)]
pub struct ApplyResult<'a> {
    schema: &'static str,
    /// The original.
    pub file: String,
    /// Its result.
    pub output: String,
    look: &'a str,
    strength: f64,
    format: &'static str,
    /// Whether it was written.
    #[serde(flatten)]
    pub state: ApplyState<'a>,
}

impl<'a> ApplyResult<'a> {
    pub(super) fn new(
        item: &BatchItem,
        settings: &'a BatchSettings,
        state: ApplyState<'a>,
    ) -> Self {
        Self {
            schema: "tastemaker.applied/1",
            file: item.source.display().to_string(),
            output: item.target.display().to_string(),
            look: &settings.look.id,
            strength: settings.strength,
            format: item.format.name(),
            state,
        }
    }
}

/// Whether a result is planned or written.
#[derive(Serialize)]
#[serde(untagged)]
pub enum ApplyState<'a> {
    /// Nothing was written.
    Planned {
        /// The word for it.
        status: &'static str,
    },
    /// It was written, in this run or an earlier one.
    Applied(&'a BatchResult),
}

/// What became of all files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ApplyReport {
    /// Results written in this run.
    pub written: usize,
    /// Results that an earlier run had finished.
    pub finished: usize,
    /// Results that hold only a part, because the original breaks off.
    pub partial: usize,
    /// Files that failed.
    pub failed: usize,
    /// Results that say where they were taken.
    pub location: usize,
    /// Results that show black where their originals are transparent.
    pub laid_over_black: usize,
    /// Files in folders that are not media.
    pub bystanders: usize,
}

impl ApplyReport {
    /// True where a file failed or only a part of it was written.
    pub fn has_findings(&self) -> bool {
        self.failed + self.partial > 0
    }

    pub(super) fn count(&mut self, applied: &BatchResult) {
        match applied.status {
            ResultStatus::Written => self.written += 1,
            ResultStatus::Finished => self.finished += 1,
        }
        self.location += usize::from(applied.location);
        let on_black = applied.treatments.contains(&FilmTreatment::LaidOverBlack);
        self.laid_over_black += usize::from(on_black);
        self.partial += usize::from(applied.partial.is_some());
    }
}
