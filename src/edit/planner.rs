//! From analyses to a plan: how long, which beats, which moments, how they are framed, what is heard, and why.

use crate::analysis::{FileKind, Span};
use crate::choice::{Decision, Setting};
use crate::edit::music_bed::{MUSIC_ID, MusicBed, music_source};
use crate::edit::output_format::{output_rate, output_size};
use crate::edit::request::{EditOutcome, EditRequest};
use crate::edit::soundtrack::{self, ClipSound};
use crate::edit::subclips::{Strictness, Subclip, subclips};
use crate::edit::{OutputSpec, PLAN_SCHEMA, Plan, Segment, Source, SourceKind};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::music::WindowRequest;
use crate::time::Rational;

mod montage;
mod segment;
mod single_clip;

/// Makes a plan.
///
/// Errors: [`Error::Usage`] for a length or shape that cannot be meant, [`Error::Nothing`] when no source has a picture
/// that can be used.
pub fn plan(request: &EditRequest<'_>) -> Result<EditOutcome> {
    Planner::new(request)?.run()
}

/// What is known of a film before its music is chosen.
#[derive(Debug, Clone)]
pub struct FilmBrief {
    /// Seconds that it is to last.
    pub length: f64,
    /// It lasts exactly so long; else it ends where the music ends well.
    pub exact: bool,
    /// Seconds in which somebody speaks, where the cut is known.
    pub speech: Vec<Span>,
    /// Seconds at which the picture changes, where the cut is fixed.
    pub cuts: Vec<f64>,
    /// How much faster or slower its music may be played.
    pub stretch: f64,
}

/// The brief of the film that [`plan`] makes from the same request, so that tracks are judged by the part that is
/// played.
///
/// Errors: [`Error::Usage`] for a length or shape that cannot be meant.
pub fn film_brief(request: &EditRequest<'_>) -> Result<FilmBrief> {
    let planner = Planner::new(request)?;
    Ok(match planner.whole_clip(&planner.everything()) {
        // Where a clip is cut, and so where beats should fall, depends on the track.
        Some(whole) => FilmBrief {
            length: whole,
            exact: true,
            speech: planner.speech(),
            cuts: Vec::new(),
            stretch: request.stretch,
        },
        None => FilmBrief {
            length: planner.montage_material().length,
            exact: false,
            speech: Vec::new(),
            cuts: Vec::new(),
            stretch: 0.0,
        },
    })
}

struct Planner<'a> {
    request: &'a EditRequest<'a>,
    output: Size,
    rate: Rational,
    decisions: Vec<Decision>,
}

impl<'a> Planner<'a> {
    fn new(request: &'a EditRequest<'a>) -> Result<Self> {
        let platform = request.platform;
        if let Some(length) = request.length {
            if !length.is_finite() || length < 0.5 {
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
        }
        Ok(Self {
            request,
            output: output_size(request)?,
            rate: output_rate(request),
            decisions: Vec::new(),
        })
    }

    fn decide(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    fn run(mut self) -> Result<EditOutcome> {
        let request = self.request;
        let pictures = request
            .sources
            .iter()
            .filter(|source| source.analysis.file.kind != FileKind::Audio);
        let count = pictures.count();
        if count < request.sources.len() {
            let left_out = request.sources.len() - count;
            self.decide(Decision::remark(
                Setting::Files,
                format!("{left_out} left out: there is only sound in it"),
            ));
        }
        self.say_rate();
        let everything = self.everything();
        if everything.is_empty() {
            return Err(Error::Nothing {
                what: "there is no picture to make a film of".into(),
                hint: "give at least one photo or film".into(),
            });
        }
        let whole = self.whole_clip(&everything);
        let (segments, track) = match whole.and_then(|whole| self.trimmed(whole, &everything)) {
            Some(trimmed) => trimmed,
            None => self.arranged(whole.is_none())?,
        };
        self.finish(segments, track)
    }

    /// Everything that can be seen.
    fn everything(&self) -> Vec<Subclip> {
        let request = self.request;
        let longest = request.style.longest;
        subclips(request.sources, Strictness::Visible, longest, self.output)
    }

    /// Seconds of the only clip, where it is short enough to be kept whole.
    fn whole_clip(&self, everything: &[Subclip]) -> Option<f64> {
        let request = self.request;
        let pictures = request
            .sources
            .iter()
            .filter(|source| source.analysis.file.kind != FileKind::Audio);
        let single = pictures.count() == 1
            && !everything.is_empty()
            && everything.iter().all(|subclip| !subclip.still);
        let whole: f64 = everything.iter().map(Subclip::length).sum();
        let longest = request.length.unwrap_or(request.platform.longest);
        (single && whole <= longest + 0.05).then_some(whole)
    }

    /// Seconds in which somebody speaks in the sources.
    fn speech(&self) -> Vec<Span> {
        self.request
            .sources
            .iter()
            .filter_map(|source| source.analysis.audio.as_ref())
            .flat_map(|audio| audio.speech.iter().copied())
            .collect()
    }

    fn say_rate(&mut self) {
        let platform = self.request.platform;
        if self.rate != platform.frame_rate {
            let text = format!(
                "{:.3} frames a second, as the material has; {} would repeat frames",
                self.rate.seconds(),
                platform.frame_rate.seconds()
            );
            self.decide(Decision::new(Setting::Platform, &platform.id, text));
        }
    }

    /// The part of the track that suits a film best: the one that was chosen with the track where the film is as its
    /// brief says (`briefed`).
    fn soundtrack(&self, wanted: &WindowRequest<'_>, briefed: bool) -> Option<MusicBed<'a>> {
        let music = self.request.music.as_ref()?;
        let audio = music.track.audio()?;
        if let Some(arrangement) = music.arrangement.as_ref().filter(|_| briefed) {
            return Some(MusicBed::arranged(audio, arrangement.clone()));
        }
        let wanted = WindowRequest {
            arc: self.request.style.arc,
            ..*wanted
        };
        Some(MusicBed::new(audio, &wanted))
    }

    fn finish(
        mut self,
        mut segments: Vec<Segment>,
        track: Option<MusicBed<'a>>,
    ) -> Result<EditOutcome> {
        let request = self.request;
        let duration = segments
            .iter()
            .fold(Rational::ZERO, |sum, segment| sum + segment.length());
        if segments.is_empty() || duration <= Rational::ZERO {
            return Err(Error::Nothing {
                what: "nothing of the sources is good enough to be shown".into(),
                hint: "give other clips or photos".into(),
            });
        }
        self.put_on_look(&mut segments);
        let voices: Vec<ClipSound<'_>> = segments
            .iter()
            .enumerate()
            .filter_map(|(number, segment)| {
                let source = request
                    .sources
                    .iter()
                    .enumerate()
                    .find(|(number, _)| source_id(*number) == segment.source)?
                    .1;
                let audio = source.analysis.audio.as_ref()?;
                (source.analysis.file.kind == FileKind::Video).then_some(ClipSound {
                    segment: number,
                    audio,
                })
            })
            .collect();
        if let Some((music, why)) = request
            .music
            .as_ref()
            .and_then(|music| Some((music, music.reasons.first()?)))
        {
            let path = music.track.path.display();
            let played = track.as_ref().map_or_else(String::new, MusicBed::words);
            let reason = format!("{} {played}", why.text);
            self.decide(Decision::new(Setting::Music, path.to_string(), reason));
        }
        let music = request
            .music
            .as_ref()
            .zip(track)
            .map(|(music, track)| track.music(MUSIC_ID, music.reasons.clone()));
        let target = request.platform.loudness_lufs;
        let sound =
            soundtrack::soundtrack(&segments, duration, music, &voices, request.style, target);
        let plan = Plan {
            schema: PLAN_SCHEMA.into(),
            sources: self.sources(&segments),
            output: OutputSpec {
                width: self.output.width,
                height: self.output.height,
                frame_rate: self.rate,
                duration: duration.seconds(),
                duration_exact: duration,
                loudness_lufs: target,
                true_peak_dbtp: request.platform.true_peak_dbtp,
                platform: request.platform.id.clone(),
                style: request.style.id.clone(),
                seed: request.seed,
            },
            picture: segments,
            sound,
            captions: Vec::new(),
        };
        Ok(EditOutcome {
            plan: plan.rounded(),
            decisions: self.decisions,
        })
    }

    fn put_on_look(&mut self, segments: &mut [Segment]) {
        let Some((name, strength, why)) = self.request.look.pick(self.request.style) else {
            return;
        };
        if let Some(why) = &why {
            self.decide(Decision::new(Setting::Look, &name, &why.text));
        }
        for segment in segments {
            segment.look = Some(name.clone());
            segment.look_strength = strength;
            segment.reasons.extend(why.clone());
        }
    }

    /// The files that the plan uses, in the request's order, the music last.
    fn sources(&self, segments: &[Segment]) -> Vec<Source> {
        let mut sources: Vec<Source> = self
            .request
            .sources
            .iter()
            .enumerate()
            .filter(|(number, _)| {
                segments
                    .iter()
                    .any(|segment| segment.source == source_id(*number))
            })
            .map(|(number, source)| Source {
                id: source_id(number),
                path: source.path.to_string_lossy().into_owned(),
                blake3: source.analysis.file.blake3.clone(),
                kind: match source.analysis.file.kind {
                    FileKind::Image => SourceKind::Image,
                    FileKind::Video => SourceKind::Video,
                    FileKind::Audio => SourceKind::Audio,
                },
                title: None,
                license: None,
                attribution: None,
            })
            .collect();
        if let Some(music) = &self.request.music {
            sources.push(music_source(music.track, MUSIC_ID));
        }
        sources
    }
}

/// `s1`, `s2` … in the request's order.
fn source_id(number: usize) -> String {
    format!("s{}", number + 1)
}
