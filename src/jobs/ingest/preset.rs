//! Presets of `ingest`: what a platform does with each file that arrives. Built in, or a file of one's own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::brand_words::is_category;
use super::screening::{ScreeningPolicy, Verdict};
use crate::analysis::{Effort, FileKind, Part, Scope};
use crate::batch::{FaceTreatment, ResultFormat};
use crate::edit::Platform;
use crate::error::{Error, Result};
use crate::jobs::usage::film_use;
use crate::media::{Limits, MetadataPolicy};
use crate::preset::{self, Preset};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/presets/ingest");
static PRESETS: LazyLock<Result<Vec<IngestPreset>>> = LazyLock::new(|| preset::read_all(&FILES));

/// The schema of a preset.
const SCHEMA: &str = "tastemaker.ingest/1";
/// A preset is a page of text.
const MOST_BYTES: u64 = 1 << 16;
/// Renditions of one file.
const MOST_RENDITIONS: usize = 16;
/// Listed words.
const MOST_WORDS: usize = 10_000;
/// Seconds of an animation.
const MOST_ANIMATION_SECONDS: f64 = 10.0;
/// Seconds of a reel.
const MOST_REEL_SECONDS: f64 = 60.0;
/// Suggestions of a kind.
const MOST_SUGGESTIONS: usize = 20;

/// What is done with each file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IngestPreset {
    /// The file name without extension.
    #[serde(skip)]
    pub id: String,
    /// BLAKE3 of its text: another version has another one.
    #[serde(skip)]
    pub version: String,
    schema: String,
    /// The name for people.
    pub name: String,
    /// One sentence for people.
    pub summary: String,
    /// Kinds of files that are taken; others are refused.
    pub takes: Vec<FileKind>,
    /// Parts of the analysis; empty: all. Those that screening needs are added.
    #[serde(default)]
    analyses: Vec<Part>,
    #[serde(default)]
    limits: IngestLimits,
    /// When a file passes.
    pub screening: ScreeningPolicy,
    /// A policy on trial: it is told where it differs, and nothing depends on it.
    pub shadow: Option<ScreeningPolicy>,
    /// Words of the platform's own by category of brand safety.
    #[serde(default)]
    pub brand_words: BTreeMap<String, BTreeSet<String>>,
    /// What is suggested for each file that is not blocked.
    pub suggestions: Option<SuggestionSpec>,
    /// Address to which a service tells the events of uploads that name none themselves.
    pub webhook: Option<String>,
    /// What is made of each file that is not blocked.
    #[serde(default)]
    pub renditions: Vec<RenditionSpec>,
}

/// Limits beside those of the program; the lower one counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct IngestLimits {
    bytes: Option<u64>,
    pixels: Option<u64>,
    seconds: Option<u64>,
}

/// What is suggested for each file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestionSpec {
    /// Most looks.
    #[serde(default)]
    pub looks: usize,
    /// Most effects.
    #[serde(default)]
    pub effects: usize,
    /// Most tracks of the catalog.
    #[serde(default)]
    pub music: usize,
    /// What the music is for; only tracks that allow it are suggested.
    #[serde(rename = "use")]
    pub usage: Option<String>,
    /// Id of the platform where the file will be posted.
    pub platform: Option<String>,
    /// The catalog of music, from the folder of the preset; absent: that of the caller.
    pub catalog: Option<PathBuf>,
}

/// A picture or clip that is made of each file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenditionSpec {
    /// Its name, and that of its file.
    pub name: String,
    /// Name of a built-in look, or several joined with `+`.
    #[serde(default = "no_look")]
    pub look: String,
    /// Light and color are corrected first.
    #[serde(default)]
    pub correct: bool,
    /// Width and height of the shape that is cut out around the subject.
    pub aspect: Option<[u32; 2]>,
    /// Most pixels of the longer side.
    pub long_side: Option<u32>,
    /// What clips become.
    #[serde(default)]
    pub clips: ClipRendition,
    /// Most seconds of an animation or a reel.
    pub seconds: Option<f64>,
    /// What becomes of faces.
    #[serde(default)]
    pub faces: FaceTreatment,
    /// The format of stills; absent: that of the original where it can be written.
    pub format: Option<StillFormat>,
    /// Quality of JPEG and WebP, 1 to 100.
    pub quality: Option<u8>,
    /// What it keeps of the metadata.
    #[serde(default)]
    pub metadata: KeptMetadata,
}

/// What clips become.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClipRendition {
    /// Clips.
    #[default]
    Film,
    /// Their best frame.
    Still,
    /// Their best moment, without sound.
    Animation,
    /// Their best moments, a short film with their own sound.
    Reel,
}

/// Formats of stills that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum StillFormat {
    Jpeg,
    Png,
    WebP,
}

/// What a rendition keeps of the metadata.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptMetadata {
    /// Only the color profile: what a camera writes tells who took it, with what, and where.
    #[default]
    Nothing,
    /// Everything but where it was taken.
    AllButLocation,
    /// Everything.
    All,
}

fn no_look() -> String {
    "none".into()
}

impl IngestPreset {
    /// Those that are built in, by id.
    pub fn all() -> Result<&'static [Self]> {
        preset::all(&PRESETS)
    }

    /// By id, or by the path of a file that ends in `.toml`.
    ///
    /// Errors: `UnknownName`, `Read`, and `Document` for a file that says something wrong.
    pub fn find(name: &str) -> Result<Self> {
        let path = Path::new(name);
        let is_file = path.extension().is_some_and(|ending| ending == "toml");
        if !is_file {
            return preset::find(Self::all()?, "ingest preset", name).cloned();
        }
        let text = read(path)?;
        let stem = path.file_stem().unwrap_or_default();
        let mut preset = Self::parse(&text, path, &stem.to_string_lossy())?;
        let catalog = preset
            .suggestions
            .as_mut()
            .and_then(|it| it.catalog.as_mut());
        if let Some(catalog) = catalog {
            *catalog = path.with_file_name(&catalog);
        }
        Ok(preset)
    }

    /// The parts of the analysis that are wanted, with those that screening needs.
    pub fn scope(&self) -> Scope {
        let mut parts = match self.analyses.as_slice() {
            [] => Part::ALL.to_vec(),
            some => some.to_vec(),
        };
        if self.takes.contains(&FileKind::Image) || self.takes.contains(&FileKind::Video) {
            parts.push(Part::Safety);
        }
        parts.push(Part::Fingerprint);
        let mut forms = self.renditions.iter().map(|spec| spec.clips);
        if forms.any(|form| form != ClipRendition::Film) {
            parts.push(Part::Shots);
        }
        for policy in self.policies() {
            if policy.faces.is_some() {
                parts.push(Part::Faces);
            }
            if !policy.words.is_empty() {
                parts.extend([Part::Speech, Part::Transcript]);
            }
            if policy.written != Verdict::Pass {
                parts.push(Part::Text);
            }
        }
        if !self.brand_words.is_empty() {
            parts.extend([Part::Speech, Part::Transcript]);
        }
        Scope::new(Some(parts), Effort::Full)
    }

    /// Whether music is suggested.
    pub fn suggests_music(&self) -> bool {
        self.suggestions.as_ref().is_some_and(|it| it.music > 0)
    }

    /// Whether words are listed, in the policy that counts or in the one on trial.
    pub(super) fn lists_words(&self) -> bool {
        self.policies().any(|policy| !policy.words.is_empty())
    }

    /// The policy that counts, and the one on trial.
    fn policies(&self) -> impl Iterator<Item = &ScreeningPolicy> {
        std::iter::once(&self.screening).chain(&self.shadow)
    }

    /// Most bytes of a file, and no more than `most`.
    pub fn most_bytes(&self, most: u64) -> u64 {
        self.limits.bytes.map_or(most, |own| own.min(most))
    }

    /// The lower of `limits` and those of the preset.
    pub fn within(&self, limits: &Limits) -> Limits {
        let lower = |own: Option<u64>, other: u64| own.map_or(other, |own| own.min(other));
        Limits {
            bytes: lower(self.limits.bytes, limits.bytes),
            pixels: lower(self.limits.pixels, limits.pixels),
            seconds: lower(self.limits.seconds, limits.seconds),
            ..*limits
        }
    }
}

/// The text of a preset file.
fn read(path: &Path) -> Result<String> {
    let file = File::open(path).map_err(|problem| Error::read(path, problem))?;
    let mut text = String::new();
    file.take(MOST_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|problem| Error::read(path, problem))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(Error::document(path, &text, 0, "is too long for a preset"));
    }
    Ok(text)
}

impl Preset for IngestPreset {
    const FOLDER: &'static str = "presets/ingest";

    fn id(&self) -> &str {
        &self.id
    }

    fn parse(text: &str, path: &Path, id: &str) -> Result<Self> {
        let mut preset: Self =
            toml::from_str(text).map_err(|error| Error::toml(path, text, &error))?;
        preset.id = id.to_owned();
        preset.version = blake3::hash(text.as_bytes()).to_hex().to_string();
        match preset.fault() {
            None => Ok(preset),
            Some((field, what)) => Err(preset::wrong(path, text, field, what)),
        }
    }
}

impl IngestPreset {
    /// The first field that says something wrong, and what.
    fn fault(&self) -> Option<(&'static str, &'static str)> {
        if self.schema != SCHEMA {
            return Some(("schema", "must be \"tastemaker.ingest/1\""));
        }
        if self.takes.is_empty() {
            return Some(("takes", "must name image, video or audio"));
        }
        if let Some(fault) = self.policies().find_map(policy_fault) {
            return Some(fault);
        }
        if !self.brand_words.keys().all(|name| is_category(name)) {
            return Some(("brand_words", "must name categories of docs/screening.md"));
        }
        if !self.brand_words.values().all(are_words) {
            return Some(("brand_words", "must be at most 10000 single words each"));
        }
        let is_address = |it: &str| it.starts_with("https://") || it.starts_with("http://");
        if self.webhook.as_deref().is_some_and(|it| !is_address(it)) {
            return Some(("webhook", "must be an http or https address"));
        }
        if let Some(fault) = self.suggestions.as_ref().and_then(SuggestionSpec::fault) {
            return Some(fault);
        }
        if self.renditions.len() > MOST_RENDITIONS {
            return Some(("renditions", "must be at most 16"));
        }
        let mut names = BTreeSet::new();
        let twice = |spec: &RenditionSpec| !names.insert(spec.name.clone());
        if self.renditions.iter().any(twice) {
            return Some(("name", "must be another one for each rendition"));
        }
        self.renditions.iter().find_map(RenditionSpec::fault)
    }
}

fn policy_fault(policy: &ScreeningPolicy) -> Option<(&'static str, &'static str)> {
    if !(0.0..=1.0).contains(&policy.review) {
        return Some(("review", "must be 0 to 1"));
    }
    if !(policy.review..=1.0).contains(&policy.block) {
        return Some(("block", "must be at least review, and at most 1"));
    }
    if !are_words(&policy.words) {
        return Some(("words", "must be at most 10000 single words"));
    }
    None
}

impl SuggestionSpec {
    fn fault(&self) -> Option<(&'static str, &'static str)> {
        let most = self.looks.max(self.effects).max(self.music);
        if most > MOST_SUGGESTIONS {
            return Some(("suggestions", "must be at most 20 of each kind"));
        }
        let platform = self.platform.as_deref();
        if platform.is_some_and(|id| Platform::find(id).is_err()) {
            return Some(("platform", "must be the id of a platform"));
        }
        if film_use(self.usage.as_deref(), platform).is_err() {
            return Some(("use", "must be a use of docs/music.md"));
        }
        None
    }
}

impl RenditionSpec {
    fn fault(&self) -> Option<(&'static str, &'static str)> {
        let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let fits = self.name.chars().all(|it| letter(it) || it == '-');
        if !fits || !self.name.starts_with(letter) || self.name.len() > 40 {
            return Some((
                "name",
                "must be of a-z, 0-9 and -, and begin with one of a-z and 0-9",
            ));
        }
        let side = |side: &u32| (1..=100).contains(side);
        if !self.aspect.iter().flatten().all(side) {
            return Some(("aspect", "must be two numbers of 1 to 100"));
        }
        if !self
            .long_side
            .is_none_or(|side| (16..=16_384).contains(&side))
        {
            return Some(("long_side", "must be 16 to 16384"));
        }
        let is_reel = self.clips == ClipRendition::Reel;
        let (seconds, told) = match is_reel {
            true => (2.0..=MOST_REEL_SECONDS, "must be 2 to 60"),
            false => (0.5..=MOST_ANIMATION_SECONDS, "must be 0.5 to 10"),
        };
        if !self.seconds.is_none_or(|it| seconds.contains(&it)) {
            return Some(("seconds", told));
        }
        if is_reel && self.faces == FaceTreatment::Blur {
            return Some(("faces", "are not blurred in a reel"));
        }
        if !self
            .quality
            .is_none_or(|quality| (1..=100).contains(&quality))
        {
            return Some(("quality", "must be 1 to 100"));
        }
        None
    }
}

/// True for a list of single words that is not too long.
fn are_words(words: &BTreeSet<String>) -> bool {
    words.len() <= MOST_WORDS && words.iter().all(|word| is_word(word))
}

/// True for one word without blanks around or in it.
fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(char::is_alphanumeric)
}

impl From<StillFormat> for ResultFormat {
    fn from(format: StillFormat) -> Self {
        match format {
            StillFormat::Jpeg => Self::Jpeg,
            StillFormat::Png => Self::Png,
            StillFormat::WebP => Self::WebP,
        }
    }
}

impl From<KeptMetadata> for MetadataPolicy {
    fn from(kept: KeptMetadata) -> Self {
        match kept {
            KeptMetadata::Nothing => Self::Strip,
            KeptMetadata::AllButLocation => Self::StripLocation,
            KeptMetadata::All => Self::Keep,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LEAST: &str = "schema = \"tastemaker.ingest/1\"\nname = \"x\"\nsummary = \"x\"\n\
                         takes = [\"image\"]\n[screening]\nreview = 0.2\nblock = 0.8\n";

    fn parsed(text: &str) -> Result<IngestPreset> {
        IngestPreset::parse(text, Path::new("x.toml"), "x")
    }

    #[test]
    fn every_preset_of_the_program_can_be_read() {
        let all = IngestPreset::all().unwrap();
        assert!(all.len() >= 4);
        assert!(all.iter().all(|preset| preset.version.len() == 64));
    }

    #[test]
    fn another_text_is_another_version() {
        let plain = parsed(LEAST).unwrap();
        let other = parsed(&LEAST.replace("0.8", "0.9")).unwrap();
        assert_ne!(plain.version, other.version);
        assert!(!plain.scope().only().unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let with = |more: &str| parsed(&format!("{LEAST}{more}"));
        let rendition = |more: &str| with(&format!("[[renditions]]\n{more}"));
        let wrong = [
            parsed(&LEAST.replace("ingest/1", "ingest/2")),
            parsed(&LEAST.replace("[\"image\"]", "[]")),
            parsed(&LEAST.replace("0.2", "1.2")),
            parsed(&LEAST.replace("0.8", "0.1")),
            with("words = [\"two words\"]\n"),
            with("other = 1\n"),
            with("[brand_words]\nkittens = [\"meow\"]\n"),
            with("[brand_words]\nhate = [\"two words\"]\n"),
            with("[shadow]\nreview = 0.9\nblock = 0.1\n"),
            with("[suggestions]\nlooks = 21\n"),
            with("[suggestions]\nmusic = 21\n"),
            with("[suggestions]\nuse = \"whatever\"\n"),
            with("[suggestions]\nplatform = \"whatever\"\n"),
            with("written = \"maybe\"\n"),
            parsed(&LEAST.replace("takes", "webhook = \"ftp://example.com\"\ntakes")),
            rendition("name = \"../x\"\n"),
            rendition("name = \"x\"\naspect = [0, 1]\n"),
            rendition("name = \"x\"\nlong_side = 3\n"),
            rendition("name = \"x\"\nquality = 0\n"),
            rendition("name = \"x\"\nclips = \"gif\"\n"),
            rendition("name = \"x\"\nclips = \"animation\"\nseconds = 60\n"),
            rendition("name = \"x\"\nclips = \"reel\"\nseconds = 61\n"),
            rendition("name = \"x\"\nclips = \"reel\"\nfaces = \"blur\"\n"),
            rendition("name = \"x\"\n[[renditions]]\nname = \"x\"\n"),
        ];
        for (at, answer) in wrong.into_iter().enumerate() {
            assert!(matches!(answer, Err(Error::Document { .. })), "{at}");
        }
    }

    #[test]
    fn limits_only_become_lower() {
        let text = LEAST.replace(
            "[screening]",
            "[limits]\nbytes = 5\nseconds = 1000000\n[screening]",
        );
        let preset = parsed(&text).unwrap();
        let limits = preset.within(&Limits::default());
        assert_eq!(
            (limits.bytes, limits.seconds),
            (5, Limits::default().seconds)
        );
    }
}
