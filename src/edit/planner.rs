//! From analyses to a plan: how long, which beats, which moments, how they are framed, what is heard, and why.

use crate::analysis::FileKind;
use crate::choice::{Decision, Setting};
use crate::edit::music_bed::{MUSIC_ID, MusicBed, music_source};
use crate::edit::output_format::{output_rate, output_size};
use crate::edit::request::{EditOutcome, EditRequest};
use crate::edit::soundtrack::{self, ClipSound};
use crate::edit::subclips::{Strictness, subclips};
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
        let everything = subclips(
            request.sources,
            Strictness::Visible,
            request.style.longest,
            self.output,
        );
        if everything.is_empty() {
            return Err(Error::Nothing {
                what: "there is no picture to make a film of".into(),
                hint: "give at least one photo or film".into(),
            });
        }
        let single = count == 1 && everything.iter().all(|take| !take.still);
        let (segments, track) = match self.trimmed(single, &everything) {
            Some(trimmed) => trimmed,
            None => self.arranged()?,
        };
        self.finish(segments, track)
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

    /// The part of the track that suits a film best.
    fn soundtrack(&self, wanted: &WindowRequest<'_>) -> Option<MusicBed<'a>> {
        let audio = self.request.music.as_ref()?.track.audio()?;
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
