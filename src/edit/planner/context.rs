//! The state of planning: the request, the film's format, and the decisions made so far.

use crate::analysis::{Shot, Span, VideoReport};
use crate::choice::Decision;
use crate::edit::music_bed::MusicBed;
use crate::edit::output_format::{output_rate, output_size};
use crate::edit::subclips::{Strictness, Subclip, SubclipRequest};
use crate::edit::vetoes::Vetoes;
use crate::edit::{CutRule, EditRequest, Segment, SourceFile, Style};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::music::WindowRequest;
use crate::time::Rational;

/// Shortest film, in seconds; less is a typing error.
const SHORTEST_FILM: f64 = 0.5;

/// The data that all parts of planning share.
pub(super) struct PlanContext<'a> {
    pub request: &'a EditRequest<'a>,
    /// Size of the film in pixels.
    pub output: Size,
    /// Output frames a second.
    pub rate: Rational,
    pub vetoes: Vetoes,
    pub decisions: Vec<Decision>,
}

/// The picture of a film and the music that it is cut to.
pub(super) struct RoughCut<'a> {
    pub segments: Vec<Segment>,
    pub music: Option<MusicBed<'a>>,
}

impl<'a> PlanContext<'a> {
    /// Errors: [`Error::Usage`] for a length or aspect that no film can have.
    pub fn new(request: &'a EditRequest<'a>) -> Result<Self> {
        check_length(request)?;
        check_never(request)?;
        Ok(Self {
            request,
            output: output_size(request)?,
            rate: output_rate(request),
            vetoes: Vetoes::new(request.sources, &request.never),
            decisions: Vec::new(),
        })
    }

    pub fn decide(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    /// The duration of an output frame, in seconds.
    pub fn frame(&self) -> Rational {
        self.rate.inverse().unwrap_or(Rational::ONE)
    }

    /// The file of a subclip.
    pub fn source(&self, subclip: &Subclip) -> Option<&'a SourceFile> {
        self.request.sources.get(subclip.source)
    }

    /// The name of that file.
    pub fn file_name(&self, subclip: &Subclip) -> String {
        self.source(subclip)
            .and_then(|source| source.path.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    }

    pub fn video(&self, subclip: &Subclip) -> Option<&'a VideoReport> {
        self.source(subclip)?.analysis.video.as_ref()
    }

    pub fn shot(&self, subclip: &Subclip) -> Option<&'a Shot> {
        self.video(subclip)?.shots.get(subclip.shot)
    }

    /// All subclips that are not black or frozen.
    pub fn everything(&self) -> Vec<Subclip> {
        self.material().subclips(Strictness::Visible)
    }

    /// What subclips are taken from.
    pub fn material(&self) -> SubclipRequest<'_> {
        SubclipRequest {
            sources: self.request.sources,
            vetoes: &self.vetoes,
            still: self.request.style.longest,
            output: self.output,
        }
    }

    /// The speech in the sources, in seconds.
    pub fn speech(&self) -> Vec<Span> {
        self.request
            .sources
            .iter()
            .filter_map(|source| source.analysis.audio.as_ref())
            .flat_map(|audio| audio.speech.iter().copied())
            .collect()
    }

    /// What is to be said of a film of `seconds` that the platform does not take; empty where it does.
    pub fn beyond_platform(&self, seconds: f64) -> String {
        let platform = self.request.platform;
        if seconds <= platform.longest {
            return String::new();
        }
        format!(
            "; {} takes no more than {}",
            platform.name, platform.longest
        )
    }

    /// The part of the track that suits the film best. If the film follows its brief (`briefed`), it is the part that
    /// was chosen with the track. The style decides how the energy moves.
    pub fn music_bed(&self, wanted: &WindowRequest<'_>, briefed: bool) -> Option<MusicBed<'a>> {
        let music = self.request.music.as_ref()?;
        let audio = music.track.audio()?;
        if let Some(arrangement) = music.arrangement.as_ref().filter(|_| briefed) {
            return Some(MusicBed::of_parts(audio, arrangement.clone()));
        }
        let wanted = WindowRequest {
            arc: self.request.style.arc,
            ..*wanted
        };
        Some(MusicBed::new(audio, &wanted))
    }
}

/// Only a montage chooses what it shows.
fn check_never(request: &EditRequest<'_>) -> Result<()> {
    if request.never.is_empty() || request.style.cut == CutRule::Montage {
        return Ok(());
    }
    let montages = Style::all()?
        .iter()
        .filter(|style| style.cut == CutRule::Montage);
    Err(Error::Usage {
        what: format!(
            "the style {} keeps what is there, also what is not to be shown",
            request.style.id
        ),
        hint: Hint::UseKnownName {
            known: montages.map(|style| style.id.clone()).collect(),
        },
    })
}

fn check_length(request: &EditRequest<'_>) -> Result<()> {
    let platform = request.platform;
    let Some(length) = request.length else {
        return Ok(());
    };
    if request.style.cut != CutRule::Montage {
        return Err(Error::Usage {
            what: format!(
                "the style {} keeps what is there, however long it is",
                request.style.id
            ),
            hint: Hint::LeaveLengthOut,
        });
    }
    if !length.is_finite() || length < SHORTEST_FILM {
        return Err(Error::Usage {
            what: format!("a film cannot last {length} seconds"),
            hint: Hint::LengthenFilm,
        });
    }
    if length > platform.longest {
        return Err(Error::Usage {
            what: format!(
                "{length} seconds is longer than the {} that {} takes",
                platform.longest, platform.name
            ),
            hint: Hint::ShortenFilm,
        });
    }
    Ok(())
}

/// The ids of sources in a plan: `s1`, `s2` … in the request's order.
pub(super) fn source_id(number: usize) -> String {
    format!("s{}", number + 1)
}
