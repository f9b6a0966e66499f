//! The request of `edit` with its names looked up: style, platform, taste and use.

use std::path::Path;

use crate::analysis::Analysis;
use crate::captions::CaptionStyle;
use crate::choice::{Candidate, Decision, Setting};
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
use crate::jobs::usage::film_use;
use crate::music::Usage;
use crate::profile::Taste;
use crate::suggest::{Film, SuggestRequest, paced};
use crate::task::Task;
use crate::time::Rational;

/// The style of sound alone where none is named.
const SOUND_STYLE: &str = "talk";

/// What was asked, looked up: everything that can be wrong before a file is analyzed.
pub(super) struct Recipe {
    /// The plan that is given instead of files.
    pub draft: Option<Draft>,
    style: &'static Style,
    /// The style with the transition that was asked for.
    altered: Option<Style>,
    /// Why taste chose the style.
    style_reason: Option<String>,
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
        let taste = learned_taste(job.profile.as_deref(), &kinds, workshop, task)?;
        let (style, style_reason) = match style {
            None if job.cut.is_none() => style_by_taste(job.style_of(None)?, taste.as_ref())?,
            wanted => (job.style_of(wanted)?, None),
        };
        let altered = match &job.transition {
            TransitionWish::Unsaid => None,
            TransitionWish::None => Some(style.with_transition(None)?),
            TransitionWish::Named(name) => Some(style.with_transition(Some(name))?),
        };
        Ok(Self {
            altered,
            platform: Platform::find(platform.unwrap_or(DEFAULT_PLATFORM))?,
            usage: film_use(job.usage.as_deref(), platform)?,
            style,
            style_reason,
            taste,
            seed: job.seed.or(planned.map(|output| output.seed)).unwrap_or(0),
            earlier: job.plan_with_locks().filter(|_| draft.is_none()),
            locked: None,
            draft,
        })
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
                source.levels = Some(VoiceLevels::read(path, workshop.limits(), task)?);
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
            exact: true,
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
            shown: ShownBefore::default(),
            aspect: job.aspect,
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
                exact: brief.exact,
                arc: self.style.arc,
                // A fixed cut keeps its own pace.
                pace: self.draft.is_none().then(|| self.style.pace()),
                cuts: &brief.cuts,
                speech: &brief.speech,
                stretch: brief.stretch,
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
        decisions.extend(outcome.decisions.iter().cloned());
        decisions
    }
}

/// The usual style, unless taste in pace is known and prefers another one.
fn style_by_taste(
    usual: &'static Style,
    taste: Option<&Taste>,
) -> Result<(&'static Style, Option<String>)> {
    let mut best: Option<(&'static Style, Candidate)> = None;
    for style in Style::montages()? {
        let Some(candidate) = paced(&style.id, style.pace_features(), taste) else {
            return Ok((usual, None));
        };
        let better = match &best {
            None => true,
            Some((known, other)) if candidate.score == other.score => {
                known.id != usual.id && style.id == usual.id
            }
            Some((_, other)) => candidate.score > other.score,
        };
        if better {
            best = Some((style, candidate));
        }
    }
    Ok(match best {
        Some((style, candidate)) => {
            let reason = candidate.reasons.into_iter().next();
            (style, reason.map(|reason| reason.text))
        }
        None => (usual, None),
    })
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
        let mut planned = plan.sources.iter();
        let planned = planned.find(|source| source.id == segment.source);
        let hash = planned.map_or("", |source| source.blake3.as_str());
        let mut files = sources.iter();
        let found = files.position(|file| file.analysis.file.blake3.eq_ignore_ascii_case(hash));
        let source = found.ok_or_else(|| Error::Usage {
            what: format!(
                "the plan locks a part of {}, which is not among the files",
                planned.map_or(&segment.source, |source| &source.path)
            ),
            hint: Hint::Unlock,
        })?;
        segments.push(LockedSegment {
            source,
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
