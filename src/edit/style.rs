//! Styles: recipes for edits, as TOML presets compiled into the program.

use std::path::Path;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::edit::Denoiser;
use crate::effects::EffectPreset;
use crate::error::{Error, Result};
use crate::music::EnergyArc;
use crate::preset::{self, Preset};
use crate::suggest::ShotPace;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/presets/styles");
static STYLES: LazyLock<Result<Vec<Style>>> = LazyLock::new(|| preset::read_all(&FILES));

/// A recipe for edits: pace, motion, strength of the look, and sound.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// The file name without extension.
    #[serde(skip)]
    pub id: String,
    /// One sentence for people.
    pub summary: String,
    /// What is cut.
    #[serde(default)]
    pub cut: CutRule,
    /// The default length of a film, in seconds.
    pub length: f64,
    /// Shortest shot in seconds.
    pub shortest: f64,
    /// Longest shot in seconds.
    pub longest: f64,
    /// Preferred duration of a photo in seconds.
    pub still: f64,
    /// Preference for cuts on the first beat of a bar, 0..1.
    pub downbeats: f64,
    /// Enlargement of a photo while it is shown, 0..0.5.
    pub push: f64,
    /// Enlargement of a clip's punch-in on its peak, 0..0.5; 0 for none.
    pub punch: f64,
    /// In which order sources are shown.
    #[serde(default)]
    pub order: SourceOrder,
    /// How much it counts for a moment that much moves in it, -1..1.
    #[serde(default)]
    pub motion: f64,
    /// The transition between segments; absent: cuts alone.
    pub transition: Option<StyleTransition>,
    /// The effect where the music rises most; absent: none.
    pub accent: Option<StyleAccent>,
    /// The course of the music's energy over the film.
    pub arc: EnergyArc,
    /// Position in a look's safe range of strength, 0..1.
    pub look_strength: f64,
    /// Pace.
    pub beats: BeatsPerShot,
    /// The clips' own sound.
    pub sound: SourceSound,
}

/// How often a style uses a transition.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StyleTransition {
    /// The name of an effect that is a transition.
    pub effect: String,
    /// At every so many cuts, at least 1.
    pub every: u32,
}

/// How often a style stresses a rise of the music.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StyleAccent {
    /// The name of an effect that is no transition.
    pub effect: String,
    /// Most times in a film.
    pub most: usize,
}

/// What a style cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CutRule {
    /// The best moments, on beats.
    #[default]
    Montage,
    /// Nothing: every frame stays.
    Whole,
    /// Pauses and false starts of somebody who speaks.
    Talk,
}

/// In which order a film shows its sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceOrder {
    /// All of them over the whole film.
    #[default]
    Spread,
    /// One after the other, as the files were given.
    Files,
}

/// Length of a shot in beats, by the energy of the music.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct BeatsPerShot {
    pub quiet: f64,
    pub middling: f64,
    pub loud: f64,
}

impl BeatsPerShot {
    /// Beats at `energy` (0 quiet .. 1 loud), linear between the three values.
    pub fn at(self, energy: f64) -> f64 {
        let energy = energy.clamp(0.0, 1.0);
        if energy < 0.5 {
            self.quiet + (self.middling - self.quiet) * energy * 2.0
        } else {
            self.middling + (self.loud - self.middling) * (energy - 0.5) * 2.0
        }
    }
}

/// The mix of the clips' own sound.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSound {
    /// Its level relative to the film's loudness, in dB.
    pub source_db: f64,
    /// Change of the music's level under speech, in dB; at most 0.
    pub duck_db: f64,
    /// What takes noise off speech where the room is noisy.
    #[serde(default)]
    pub denoise: Denoiser,
}

impl Style {
    /// The pace of its shots, for choosing music.
    pub fn pace(&self) -> ShotPace {
        ShotPace {
            beats: self.beats.middling,
            shortest: self.shortest,
            longest: self.longest,
        }
    }

    /// All of them, by id.
    pub fn all() -> Result<&'static [Self]> {
        preset::all(&STYLES)
    }

    /// Those that choose moments.
    pub fn montages() -> Result<impl Iterator<Item = &'static Self>> {
        let all = Self::all()?.iter();
        Ok(all.filter(|style| style.cut == CutRule::Montage))
    }

    /// The name of its transition; `None` for cuts alone.
    pub fn transition_name(&self) -> Option<&str> {
        self.transition.as_ref().map(|wish| wish.effect.as_str())
    }

    /// The same with the transition called `effect` at every so many cuts.
    ///
    /// Errors: [`Error::UnknownName`] for what is no transition.
    pub fn with_transition_every(&self, effect: &str, every: u32) -> Result<Self> {
        let mut style = self.with_transition(Some(effect))?;
        if let Some(transition) = &mut style.transition {
            transition.every = every.max(1);
        }
        Ok(style)
    }

    /// The same with the transition called `effect`, or with cuts alone. Where the style has one, it stays as frequent;
    /// else it comes at every cut that has room.
    ///
    /// Errors: [`Error::UnknownName`] for what is no transition.
    pub fn with_transition(&self, effect: Option<&str>) -> Result<Self> {
        let transition = match effect {
            None => None,
            Some(name) => {
                let all = EffectPreset::all()?.iter();
                let known = all.filter(|effect| effect.transition.is_some());
                if !known.clone().any(|effect| effect.id == name) {
                    return Err(Error::UnknownName {
                        kind: "transition",
                        name: name.into(),
                        known: known.map(|effect| effect.id.clone()).collect(),
                    });
                }
                Some(StyleTransition {
                    effect: name.into(),
                    every: self.transition.as_ref().map_or(1, |usual| usual.every),
                })
            }
        };
        Ok(Self {
            transition,
            ..self.clone()
        })
    }

    /// By id, such as `steady`. Fails with [`Error::UnknownName`].
    pub fn find(id: &str) -> Result<&'static Self> {
        preset::find(Self::all()?, "style", id)
    }
}

impl Preset for Style {
    const FOLDER: &'static str = "presets/styles";

    fn id(&self) -> &str {
        &self.id
    }

    fn parse(text: &str, path: &Path, id: &str) -> Result<Self> {
        let mut style: Self =
            toml::from_str(text).map_err(|error| Error::toml(path, text, &error))?;
        style.id = id.to_owned();
        let ranges = [
            ("length", style.length, 1.0, 3600.0),
            ("shortest", style.shortest, 0.1, 60.0),
            (
                "longest",
                style.longest,
                style.shortest.max(0.1) * 2.0,
                600.0,
            ),
            ("still", style.still, 0.1, 60.0),
            ("downbeats", style.downbeats, 0.0, 1.0),
            ("motion", style.motion, -1.0, 1.0),
            ("push", style.push, 0.0, 0.5),
            ("punch", style.punch, 0.0, 0.5),
            ("look_strength", style.look_strength, 0.0, 1.0),
            ("quiet", style.beats.quiet, 1.0, 64.0),
            ("middling", style.beats.middling, 1.0, 64.0),
            ("loud", style.beats.loud, 1.0, 64.0),
            ("source_db", style.sound.source_db, -40.0, 12.0),
            ("duck_db", style.sound.duck_db, -60.0, 0.0),
        ];
        for (field, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                let what = format!("must be {least} to {most}");
                return Err(preset::wrong(path, text, field, &what));
            }
        }
        let is_transition =
            |name: &str| -> Result<bool> { Ok(EffectPreset::find(name)?.transition.is_some()) };
        if let Some(transition) = &style.transition
            && !is_transition(&transition.effect)?
        {
            return Err(preset::wrong(path, text, "effect", "must be a transition"));
        }
        if let Some(accent) = &style.accent
            && is_transition(&accent.effect)?
        {
            return Err(preset::wrong(path, text, "effect", "must be no transition"));
        }
        Ok(style)
    }
}
