//! The state of planning: the request, the film's format, and the decisions made so far.

use crate::analysis::{PictureFacts, Shot, Span, VideoReport};
use crate::choice::Decision;
use crate::edit::framing::photo_panels;
use crate::edit::music_bed::MusicBed;
use crate::edit::output_format::{output_rate, output_size};
use crate::edit::required_parts::{
    RequiredPart, RequiredPartsRequest, frames_of, required_parts, with_locked,
};
use crate::edit::subclips::{Strictness, Subclip, SubclipRequest};
use crate::edit::vetoes::Vetoes;
use crate::edit::{CutRule, EditRequest, LockedSegments, Segment, SourceFile, Style};
use crate::error::{Error, Result};
use crate::geometry::{Rect, Size};
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
    /// What has to be shown, in the order in which it is.
    pub required: Vec<RequiredPart>,
    pub decisions: Vec<Decision>,
}

/// The picture of a film and the music that it is cut to.
pub(super) struct RoughCut<'a> {
    pub segments: Vec<Segment>,
    /// Whose sound is heard, where it is not that of the segments.
    pub heard: Option<Vec<Segment>>,
    pub music: Option<MusicBed<'a>>,
}

impl<'a> PlanContext<'a> {
    /// The crops of two panels for a photo of two people apart, in a film of several files. A film of one is a reframing
    /// that somebody asked for.
    pub fn panels_of_photo(&self, picture: &PictureFacts) -> Option<[Rect; 2]> {
        let several = self.request.sources.len() > 1;
        several
            .then(|| photo_panels(picture, self.output))
            .flatten()
    }

    /// Errors: [`Error::Usage`] for a length or aspect that no film can have, and for a stretch that has to be shown and
    /// cannot be.
    pub fn new(request: &'a EditRequest<'a>) -> Result<Self> {
        check_length(request)?;
        check_never(request)?;
        let rate = output_rate(request);
        let required = required_parts(&RequiredPartsRequest {
            sources: request.sources,
            must: &request.must,
            never: &request.never,
            rate,
        })?;
        let output = output_size(request)?;
        let required = match request.locked {
            None => required,
            Some(locked) => {
                check_locked(request, locked, output, rate)?;
                let usual = request.style.length.min(request.platform.longest);
                with_locked(required, locked, request.length.unwrap_or(usual))
            }
        };
        let context = Self {
            request,
            output,
            rate,
            vetoes: Vetoes::new(request.sources, &request.never, &request.must),
            required,
            decisions: Vec::new(),
        };
        if request.style.cut == CutRule::Montage {
            let longest = request.length.unwrap_or(request.platform.longest);
            context.check_required(longest, "the film")?;
        }
        Ok(context)
    }

    pub fn decide(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    /// Fails if what has to be shown lasts longer than the `seconds` of `what`.
    pub fn check_required(&self, seconds: f64, what: &str) -> Result<()> {
        let needed = self.required_seconds();
        if needed <= seconds + 0.5 / self.rate.seconds() {
            return Ok(());
        }
        Err(Error::Usage {
            what: format!(
                "the stretches that have to be shown last {needed:.2} seconds, and {what} only {seconds:.2}"
            ),
            hint: Hint::ChangeStretches,
        })
    }

    /// Seconds of what has to be shown.
    pub fn required_seconds(&self) -> f64 {
        frames_of(&self.required) as f64 / self.rate.seconds()
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
        self.video_of(subclip.source)
    }

    /// What is known of the picture of a source, by its index.
    pub fn video_of(&self, source: usize) -> Option<&'a VideoReport> {
        self.request.sources.get(source)?.analysis.video.as_ref()
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
            shown: &self.request.shown,
            wider: &self.request.wider,
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
        let briefed = music.arrangement.as_ref().filter(|_| briefed);
        let bed = match briefed {
            Some(arrangement) => MusicBed::of_parts(audio, arrangement.clone()),
            None => {
                let wanted = WindowRequest {
                    arc: self.request.style.arc,
                    ..*wanted
                };
                MusicBed::new(audio, &wanted)
            }
        };
        Some(if music.guide {
            bed.without_jumps()
        } else {
            bed
        })
    }
}

/// Only a montage chooses what it shows.
fn check_never(request: &EditRequest<'_>) -> Result<()> {
    if request.never.is_empty() || request.style.cut == CutRule::Montage {
        return Ok(());
    }
    Err(Error::Usage {
        what: format!(
            "the style {} keeps what is there, also what is not to be shown",
            request.style.id
        ),
        hint: Hint::UseKnownName {
            known: Style::montages()?.map(|style| style.id.clone()).collect(),
        },
    })
}

/// Only a montage has places that stay, and only in a film of the same shape and rate.
fn check_locked(
    request: &EditRequest<'_>,
    locked: &LockedSegments,
    output: Size,
    rate: Rational,
) -> Result<()> {
    let what = if request.style.cut != CutRule::Montage {
        format!(
            "the style {} has no places for locked segments",
            request.style.id
        )
    } else if (locked.size, locked.rate) != (output, rate) {
        format!(
            "segments are locked in a film of {} by {} at {}, and this one is of {} by {} at {rate}",
            locked.size.width, locked.size.height, locked.rate, output.width, output.height
        )
    } else {
        return Ok(());
    };
    Err(Error::Usage {
        what,
        hint: Hint::Unlock,
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
