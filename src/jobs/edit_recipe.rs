//! The request of `edit` with its names looked up: style, platform, taste and use.

use std::path::{Path, PathBuf};

use crate::analysis::Analysis;
use crate::captions::CaptionStyle;
use crate::choice::{Decision, Setting};
use crate::edit::{
    CutRule, EditOutcome, EditRequest, FilmBrief, LockedSegment, LockedSegments, LookChoice,
    MusicChoice, NamedStretch, Plan, Platform, RescoreRequest, ShownBefore, SourceFile, SourceKind,
    Style, VoiceLevels, film_brief, rescore,
};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::draft::Draft;
use crate::jobs::edit_job::{CaptionWish, EditJob, FileStretch, LookWish, TransitionWish};
use crate::jobs::plan_paths::path_in_plan;
use crate::jobs::profile::learned_taste;
use crate::jobs::suggest::{DEFAULT_PLATFORM, suggested_kinds};
use crate::jobs::taste_style::{CaptionChoice, EditTaste, somebody_speaks};
use crate::jobs::usage::film_use;
use crate::music::{Ending, Usage};
use crate::picture::Background;
use crate::profile::Taste;
use crate::suggest::{Film, SuggestRequest};
use crate::task::Task;
use crate::time::Rational;

/// Seconds by which a film may differ from the usual length and is still as long: it ends with a bar of its music.
const AS_LONG: f64 = 1.0;

/// The style of sound alone where none is named.
pub(super) const SOUND_STYLE: &str = "talk";

/// What was asked, looked up: everything that can be wrong before a file is analyzed.
pub(super) struct Recipe {
    /// The plan that is given instead of files.
    pub draft: Option<Draft>,
    style: &'static Style,
    /// The style with the transition that was asked for, or with what the creator usually does.
    altered: Option<Style>,
    /// Why taste chose the style.
    style_reason: Option<String>,
    /// Width to height, where it is not the platform's.
    aspect: Option<(u32, u32)>,
    /// The captions that taste prefers where somebody speaks.
    captions: Option<CaptionChoice>,
    /// Seconds of the creator's films, and how that is known, where it decides how long this one is.
    usual_length: Option<(f64, String)>,
    /// What else taste decided.
    by_taste: Vec<Decision>,
    platform: &'static Platform,
    usage: Option<Usage>,
    taste: Option<Taste>,
    seed: u64,
    /// The plan that this one takes the place of, where segments are locked in it.
    earlier: Option<Plan>,
    /// What is locked in it, once its files are known.
    locked: Option<LockedSegments>,
}

impl Recipe {
    /// Looks everything up.
    ///
    /// Errors: those of a plan, a look, a style, a platform or a profile that is wrong or unknown.
    pub fn new(job: &EditJob, workshop: &Workshop, task: &Task) -> Result<Self> {
        let draft = Draft::read(&job.files)?;
        if let Some(draft) = &draft {
            job.refuse_changes(&draft.plan)?;
        }
        let looks = workshop.looks()?;
        if let LookWish::Named(name) = &job.look {
            looks.find(name)?;
        }
        if let CaptionWish::Style(name) = &job.captions {
            CaptionStyle::find(name)?;
        }
        let planned = draft.as_ref().map(|draft| &draft.plan.output);
        let platform = job
            .platform
            .or_planned(planned.map(|output| output.platform.as_str()));
        let style = job
            .style
            .or_planned(planned.map(|output| output.style.as_str()));
        let kinds = suggested_kinds(job.tracks().is_some());
        let mut taste = learned_taste(job.profile.as_deref(), &kinds, workshop, task)?;
        let seed = job.seed.or(planned.map(|output| output.seed)).unwrap_or(0);
        if job.curious {
            taste = taste.map(|taste| taste.curious(seed));
        }
        let usage = film_use(job.usage.as_deref(), platform)?;
        let is_place_known = platform.is_some();
        let place = Platform::find(platform.unwrap_or(DEFAULT_PLATFORM))?;
        let by_taste = taste.as_ref().map(|taste| EditTaste {
            taste,
            platform: place,
        });
        let (style, style_reason) = match (style, by_taste) {
            (None, Some(by_taste)) if job.cut.is_none() => {
                by_taste.style(job.style_of(None)?, job.length)?
            }
            (wanted, _) => (job.style_of(wanted)?, None),
        };
        let mut recipe = Self {
            altered: match &job.transition {
                TransitionWish::Unsaid => None,
                TransitionWish::None => Some(style.with_transition(None)?),
                TransitionWish::Named(name) => Some(style.with_transition(Some(name))?),
            },
            style,
            style_reason,
            aspect: job.aspect,
            captions: None,
            usual_length: None,
            by_taste: Vec::new(),
            platform: place,
            usage,
            taste: None,
            seed,
            earlier: job.plan_with_locks().filter(|_| draft.is_none()),
            locked: None,
            draft,
        };
        if let Some(by_taste) = by_taste {
            recipe.follow(by_taste, job, is_place_known)?;
        }
        recipe.taste = taste;
        Ok(recipe)
    }

    /// Takes from a profile what was not asked for, beside style, look and music. A plan keeps what it has.
    fn follow(&mut self, taste: EditTaste<'_>, job: &EditJob, is_place_known: bool) -> Result<()> {
        if self.draft.is_some() {
            return Ok(());
        }
        if job.captions == CaptionWish::Unsaid {
            self.captions = taste.captions()?;
        }
        if job.aspect.is_none()
            && !is_place_known
            && self.earlier.is_none()
            && let Some((aspect, decision)) = taste.aspect()
        {
            self.aspect = Some(aspect);
            self.by_taste.push(decision);
        }
        if self.style.cut != CutRule::Montage {
            return Ok(());
        }
        if job.transition == TransitionWish::Unsaid
            && let Some((altered, decision)) = taste.transition(self.style)?
        {
            self.altered = Some(altered);
            self.by_taste.push(decision);
        }
        if job.length.is_none()
            && let Some((length, why)) = taste.length()
        {
            let mut altered = self.altered.take().unwrap_or_else(|| self.style.clone());
            altered.length = length;
            self.altered = Some(altered);
            self.usual_length = Some((length, why));
        }
        Ok(())
    }

    /// Whose taste counts in the framing of a film; a plan keeps its own.
    pub fn edit_taste(&self) -> Option<EditTaste<'_>> {
        let taste = self.taste.as_ref().filter(|_| self.draft.is_none())?;
        Some(EditTaste {
            taste,
            platform: self.platform,
        })
    }

    /// The captions that were asked for, or that taste prefers where somebody speaks.
    pub fn captions(&mut self, job: &EditJob, sources: &[Analysis]) -> CaptionWish {
        match self.captions.take() {
            Some(chosen) if somebody_speaks(sources) => {
                self.by_taste.push(chosen.decision());
                CaptionWish::Style(chosen.style.into())
            }
            _ => job.captions.clone(),
        }
    }

    /// The files that are looked at: those of a plan, where one is given.
    pub fn files<'a>(&'a self, job: &'a EditJob) -> &'a [PathBuf] {
        let draft = self.draft.as_ref();
        draft.map_or(&job.files, |draft| &draft.files)
    }

    /// What transparent areas show.
    pub fn background(&self, job: &EditJob) -> Background {
        let planned = self.draft.as_ref().map(|it| it.plan.output.background);
        job.background.or(planned).unwrap_or_default()
    }

    /// Finds the files of what the earlier plan locks. Fails for one that is not given.
    pub fn find_locked(&mut self, sources: &[SourceFile]) -> Result<()> {
        let earlier = self.earlier.as_ref();
        self.locked = earlier
            .map(|plan| locked_segments(plan, sources))
            .transpose()?;
        Ok(())
    }

    /// Sound alone is tightened where no style is asked for. Fails for one that chooses pictures.
    pub fn for_sound(&mut self, job: &EditJob) -> Result<()> {
        if job.style.asked.is_none() {
            self.style = Style::find(SOUND_STYLE)?;
            self.style_reason = None;
            self.altered = None;
            self.by_taste.clear();
        }
        if self.style.cut == CutRule::Montage {
            let styles = Style::all()?.iter();
            let known = styles.filter(|style| style.cut != CutRule::Montage);
            return Err(Error::Usage {
                what: format!(
                    "the style {} is for pictures, and there is only sound",
                    self.style.id
                ),
                hint: Hint::UseKnownName {
                    known: known.map(|style| style.id.clone()).collect(),
                },
            });
        }
        if job.guide_track.is_some() {
            return Err(Error::Usage {
                what: "there is only sound, which is not cut to a track".into(),
                hint: Hint::GivePicture,
            });
        }
        Ok(())
    }

    /// Measures how loud the sources are over time, where the style cuts speech.
    pub fn measure_voices(
        &self,
        sources: &mut [SourceFile],
        workshop: &Workshop,
        task: &Task,
    ) -> Result<()> {
        if self.style.cut != CutRule::Talk {
            return Ok(());
        }
        for source in sources {
            if source.analysis.audio.is_some() {
                let path = Path::new(&source.analysis.file.path);
                let levels = VoiceLevels::read(path, workshop.limits(), task)?;
                source.levels = Some(levels.listen(path, workshop.limits(), task)?);
            }
        }
        Ok(())
    }

    /// What is known of the film before its music is chosen.
    pub fn brief(
        &self,
        job: &EditJob,
        sources: &[Analysis],
        source_files: &[SourceFile],
    ) -> Result<FilmBrief> {
        let Some(draft) = &self.draft else {
            return film_brief(&self.edit_request(job, source_files)?);
        };
        let cut = draft.cut(sources);
        Ok(FilmBrief {
            length: cut.length,
            ending: Ending::Exact,
            speech: cut.speech,
            cuts: cut.cuts,
            stretch: job.stretch,
        })
    }

    /// Without music and look, which are chosen last.
    ///
    /// Errors: [`Error::Usage`] for a stretch of a file that is not there.
    pub fn edit_request<'a>(
        &'a self,
        job: &'a EditJob,
        sources: &'a [SourceFile],
    ) -> Result<EditRequest<'a>> {
        Ok(EditRequest {
            sources,
            music: None,
            style: self.altered.as_ref().unwrap_or(self.style),
            platform: self.platform,
            locked: self.locked.as_ref(),
            cut: job.cut.as_ref(),
            denoise: job.denoise,
            shown: ShownBefore::default(),
            wider: Vec::new(),
            aspect: self.aspect,
            length: job.length,
            stretch: job.stretch,
            look: LookChoice::None,
            must: named_stretches(&job.must, sources)?,
            never: named_stretches(&job.never, sources)?,
            seed: self.seed,
        })
    }

    /// Without tracks, which are read for it.
    pub fn suggest_request<'a>(
        &'a self,
        job: &'a EditJob,
        brief: &'a FilmBrief,
        files: &'a [Analysis],
        workshop: &'a Workshop,
    ) -> Result<SuggestRequest<'a>> {
        Ok(SuggestRequest {
            files,
            tracks: &[],
            left_out: &[],
            looks: workshop.looks()?,
            taste: self.taste.as_ref(),
            models: workshop.models()?,
            target_lufs: self.platform.loudness_lufs,
            film: Film {
                length: Some(brief.length),
                ending: brief.ending,
                arc: self.style.arc,
                // A fixed cut keeps its own pace.
                pace: self.draft.is_none().then(|| self.style.pace()),
                cuts: &brief.cuts,
                speech: &brief.speech,
                stretch: brief.stretch,
                platform: Some(&self.platform.id),
                words: job.words.as_deref(),
                // What is left out disturbs no other music.
                over_music: job.over_music || job.guide_track.is_some(),
                track_named: job.names_track(),
            },
            usage: self.usage.as_ref().filter(|_| job.guide_track.is_none()),
            today: workshop.today(),
            seed: self.seed,
        })
    }

    /// The draft with music under it.
    pub fn rescored(
        &self,
        job: &EditJob,
        draft: &Draft,
        sources: &[Analysis],
        music: Option<MusicChoice<'_>>,
    ) -> Result<EditOutcome> {
        let music = music.ok_or_else(|| Error::Nothing {
            what: "there is no music to lay under this plan".into(),
            hint: Hint::NameMusic,
        })?;
        let mut plan = draft.plan.clone();
        plan.output.seed = self.seed;
        for source in &mut plan.sources {
            if source.kind != SourceKind::Audio {
                let path = path_in_plan(&draft.folder.join(&source.path), job.plan_folder())?;
                source.path = path.to_string_lossy().into_owned();
            }
        }
        rescore(&RescoreRequest {
            plan: &plan,
            sources,
            music,
            style: self.style,
            stretch: job.stretch,
            denoise: job.denoise,
        })
    }

    /// Everything that was decided without being asked.
    pub fn decisions(&self, job: &EditJob, outcome: &EditOutcome) -> Vec<Decision> {
        let mut decisions = Vec::new();
        if self.draft.is_none() && job.platform.asked.is_none() {
            let why = "your default, or the most common one";
            decisions.push(Decision::new(Setting::Platform, &self.platform.id, why));
        }
        if self.draft.is_none() && job.style.asked.is_none() {
            let style = self.style;
            let why = self.style_reason.as_ref().unwrap_or(&style.summary);
            decisions.push(Decision::new(Setting::Style, &style.id, why));
        }
        decisions.extend(self.by_taste.iter().cloned());
        let usual = self.usual_length.as_ref().filter(|(length, _)| {
            let planned = outcome.plan.output.duration;
            (planned - length).abs() <= AS_LONG
        });
        decisions.extend(outcome.decisions.iter().map(|decision| match usual {
            Some((_, why)) if decision.setting == Setting::Length && decision.value.is_some() => {
                Decision {
                    reason: why.clone(),
                    ..decision.clone()
                }
            }
            _ => decision.clone(),
        }));
        decisions
    }
}

/// What is locked in a plan, with the places of its files among `sources`.
fn locked_segments(plan: &Plan, sources: &[SourceFile]) -> Result<LockedSegments> {
    let (mut segments, mut at) = (Vec::new(), Rational::ZERO);
    for segment in &plan.picture {
        let begins = at;
        at = at + segment.length();
        if !segment.locked {
            continue;
        }
        let second = segment.second_source.as_ref();
        segments.push(LockedSegment {
            source: place_of_source(plan, &segment.source, sources)?,
            second: second
                .map(|second| place_of_source(plan, &second.source, sources))
                .transpose()?,
            at: begins,
            segment: segment.clone(),
        });
    }
    Ok(LockedSegments {
        size: Size::new(plan.output.width, plan.output.height),
        rate: plan.output.frame_rate,
        segments,
    })
}

/// The place among `sources` of the file that a plan calls `id`.
fn place_of_source(plan: &Plan, id: &str, sources: &[SourceFile]) -> Result<usize> {
    let planned = plan.sources.iter().find(|source| source.id == id);
    let hash = planned.map_or("", |source| source.blake3.as_str());
    let mut files = sources.iter();
    let found = files.position(|file| file.analysis.file.blake3.eq_ignore_ascii_case(hash));
    found.ok_or_else(|| Error::Usage {
        what: format!(
            "the plan locks a part of {}, which is not among the files",
            planned.map_or(id, |source| source.path.as_str())
        ),
        hint: Hint::Unlock,
    })
}

/// The stretches with the places of their files among `sources`.
fn named_stretches(stretches: &[FileStretch], sources: &[SourceFile]) -> Result<Vec<NamedStretch>> {
    let place = |stretch: &FileStretch| {
        let mut files = sources.iter();
        let found =
            files.position(|file| Path::new(&file.analysis.file.path).ends_with(&stretch.file));
        found
            .map(|source| NamedStretch {
                source,
                start: stretch.start,
                end: stretch.end,
            })
            .ok_or_else(|| Error::Usage {
                what: format!("none of the files is {}", stretch.file.display()),
                hint: Hint::CheckSpelling,
            })
    };
    stretches.iter().map(place).collect()
}
