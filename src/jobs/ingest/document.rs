//! What `ingest` found and made of one file, as `tastemaker.ingested/1`.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ad_breaks::{AdBreak, ad_breaks};
use super::brand_safety::{BrandRisk, brand_safety};
use super::preset::IngestPreset;
use super::screening::{BesideAnalysis, Screening, ShadowScreening};
use super::topics::{Topic, topics};
use crate::analysis::{ANALYSIS_REVISION, Analysis, Part};
use crate::edit::{Hook, hook_of_clip};
use crate::models::Models;
use crate::suggest::Suggestions;

/// The schema of [`Ingested`].
pub const INGESTED_SCHEMA: &str = "tastemaker.ingested/1";

/// One file that arrived.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ingested {
    /// `tastemaker.ingested/1`.
    pub schema: String,
    /// The file.
    pub file: String,
    /// BLAKE3 of its content.
    pub blake3: String,
    /// What was done.
    pub preset: PresetVersion,
    /// Whether it may be shown.
    pub screening: Screening,
    /// What the preset's policy on trial says; nothing depends on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shadow: Option<ShadowScreening>,
    /// What is in it.
    pub analysis: Analysis,
    /// What it is about, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Topic>,
    /// Where a film may be interrupted, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ad_breaks: Vec<AdBreak>,
    /// How risky it is beside a brand's name, by category.
    pub brand_safety: Vec<BrandRisk>,
    /// What in the first three seconds of a clip holds people; absent where shots, faces or text were not looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook: Option<Hook>,
    /// What would suit it, where the preset asks for that and it is not blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestions: Option<Suggestions>,
    /// What was made of it; nothing where it is blocked.
    pub renditions: Vec<Rendition>,
    /// By what it was found and made.
    pub provenance: Provenance,
    /// How far the work was kept apart from the rest of the machine.
    pub sandbox: SandboxReport,
    /// Where the time went.
    pub seconds: StepSeconds,
}

/// Seconds that each step took, by the clock on the wall, with three decimals. The only part of the document that is
/// another one each time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
pub struct StepSeconds {
    /// Reading the file and looking at it; next to nothing where the analysis is in the cache.
    pub analysis: f64,
    /// Screening, with the search of lists and earlier uploads.
    pub screening: f64,
    /// Choosing what would suit it, where the preset asks for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestions: Option<f64>,
    /// Making all renditions, where there are any to make.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renditions: Option<f64>,
}

impl StepSeconds {
    /// What is known with the verdict.
    pub(super) fn screened(analysis: Duration, screening: Duration) -> Self {
        Self {
            analysis: seconds(analysis),
            screening: seconds(screening),
            ..Self::default()
        }
    }
}

/// Seconds with three decimals.
pub(super) fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

/// A preset, and which version of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PresetVersion {
    /// Its id.
    pub name: String,
    /// BLAKE3 of its text.
    pub version: String,
}

/// A picture or clip that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rendition {
    /// Its name in the preset.
    pub name: String,
    /// From the folder of this document.
    pub path: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Size of the file.
    pub bytes: u64,
    /// BLAKE3 of the file.
    pub blake3: String,
    /// The second of the clip that a still shows, or from which on an animation shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
    /// How many faces were blurred in it, where the preset asks for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faces_blurred: Option<usize>,
}

/// What the results depend on beside the file and the preset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Provenance {
    /// Version of this program.
    pub program: String,
    /// Revision of the analysis.
    pub analysis_revision: u32,
    /// Fingerprint of the networks.
    pub networks: String,
    /// BLAKE3 of the profile whose taste counted in what is suggested, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// How far the work was kept apart from the rest of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SandboxReport {
    /// `none`: it ran in the process of the program itself; `process`: in a process of its own; `partial`: there, with
    /// some of the means below; `full`: there, with all of them.
    pub posture: String,
    /// Which means the machine refused: `rlimits`, `landlock`, `seccomp`.
    pub refused: Vec<String>,
}

impl SandboxReport {
    /// In the process of the program itself.
    pub fn none() -> Self {
        Self {
            posture: "none".into(),
            refused: Vec::new(),
        }
    }
}

impl Ingested {
    /// What is known before anything is made of the file.
    pub(super) fn screened(
        preset: &IngestPreset,
        analysis: Analysis,
        models: &Models,
        sandbox: &SandboxReport,
        beside: BesideAnalysis<'_>,
    ) -> Self {
        let screening = Screening::of(&analysis, &preset.screening, beside);
        let shadow = preset.shadow.as_ref();
        Self {
            schema: INGESTED_SCHEMA.into(),
            file: analysis.file.path.clone(),
            blake3: analysis.file.blake3.clone(),
            preset: PresetVersion {
                name: preset.id.clone(),
                version: preset.version.clone(),
            },
            shadow: shadow
                .map(|policy| ShadowScreening::of(&analysis, policy, beside, screening.verdict)),
            screening,
            topics: topics(&analysis),
            ad_breaks: ad_breaks(&analysis),
            brand_safety: brand_safety(&analysis, &preset.brand_words),
            hook: hook(&analysis),
            analysis,
            suggestions: None,
            renditions: Vec::new(),
            provenance: Provenance {
                program: env!("CARGO_PKG_VERSION").into(),
                analysis_revision: ANALYSIS_REVISION,
                networks: models.fingerprint(),
                profile: None,
            },
            sandbox: sandbox.clone(),
            seconds: StepSeconds::default(),
        }
    }
}

/// The hook of a clip, where all that it is made of was looked for.
fn hook(analysis: &Analysis) -> Option<Hook> {
    let only = analysis.file.only.as_deref();
    let asked = |part: &Part| only.is_none_or(|parts| parts.contains(part));
    let whole = [Part::Shots, Part::Faces, Part::Text].iter().all(asked);
    whole.then(|| hook_of_clip(analysis)).flatten()
}
