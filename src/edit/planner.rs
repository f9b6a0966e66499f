//! From analyses to a plan: how long, which beats, which moments, how they are framed, what is heard, and why.

use crate::analysis::{AudioReport, FileKind};
use crate::edit::material::{self, Strictness};
use crate::edit::mix::{self, Music, Voice};
use crate::edit::request::{EditOutcome, EditRequest};
use crate::edit::shape::{output_rate, output_size};
use crate::edit::{OutputSpec, PLAN_SCHEMA, Plan, Segment, Source, SourceKind, write};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::music::best_span;
use crate::time::Rational;

mod arrange;
mod keep;
mod segment;

/// Seconds a start asked for may be moved to fall on a beat.
const NEAR_BEAT: f64 = 0.25;

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
    choices: Vec<(String, String)>,
}

/// What the film is cut to.
struct Soundtrack<'a> {
    audio: &'a AudioReport,
    start: f64,
}

impl<'a> Planner<'a> {
    fn new(request: &'a EditRequest<'a>) -> Result<Self> {
        let platform = request.platform;
        if let Some(length) = request.length {
            if !length.is_finite() || length < 0.5 {
                return Err(Error::Usage {
                    what: format!("a film cannot last {length} seconds"),
                    hint: "give --length half a second or more".into(),
                });
            }
            if length > platform.longest {
                return Err(Error::Usage {
                    what: format!(
                        "{length} seconds is longer than the {} that {} takes",
                        platform.longest, platform.name
                    ),
                    hint: "give a shorter --length, or another --platform".into(),
                });
            }
        }
        Ok(Self {
            request,
            output: output_size(request)?,
            rate: output_rate(request),
            choices: Vec::new(),
        })
    }

    fn choose(&mut self, flag: impl Into<String>, reason: impl Into<String>) {
        self.choices.push((flag.into(), reason.into()));
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
            self.choose(
                "FILE",
                format!("{left_out} left out: there is only sound in it"),
            );
        }
        self.say_rate();
        let everything = material::takes(
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
        let (segments, start) = match self.trimmed(single, &everything) {
            Some(trimmed) => trimmed,
            None => self.arranged()?,
        };
        self.finish(segments, start)
    }

    fn say_rate(&mut self) {
        let platform = self.request.platform;
        if self.rate != platform.frame_rate {
            let text = format!(
                "{:.3} frames a second, as the material has; {} would repeat frames",
                self.rate.seconds(),
                platform.frame_rate.seconds()
            );
            self.choose(format!("--platform {}", platform.id), text);
        }
    }

    fn soundtrack(&self, length: f64) -> Option<Soundtrack<'a>> {
        let music = self.request.music.as_ref()?;
        let audio = music.track.audio()?;
        let start = match music.start.filter(|start| start.is_finite()) {
            Some(start) => {
                let start = start.clamp(0.0, (audio.duration - 1.0).max(0.0));
                let nearest = audio
                    .beats
                    .iter()
                    .copied()
                    .filter(|beat| *beat >= 0.0 && (beat - start).abs() <= NEAR_BEAT)
                    .min_by(|a, b| (a - start).abs().total_cmp(&(b - start).abs()));
                nearest.unwrap_or(start)
            }
            None => best_span(audio, length).start,
        };
        // As the plan will carry it, so that beats are counted from what is heard.
        let start = Rational::nearest(start, 48_000).seconds();
        Some(Soundtrack { audio, start })
    }

    fn finish(mut self, mut segments: Vec<Segment>, start: f64) -> Result<EditOutcome> {
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
        let voices: Vec<Voice<'_>> = segments
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
                (source.analysis.file.kind == FileKind::Video).then_some(Voice {
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
            self.choose(
                format!("--music {path}"),
                format!("{} From {}.", why.text, write::clock(start)),
            );
        }
        let music = request.music.as_ref().and_then(|music| {
            Some(Music {
                source: MUSIC_ID,
                audio: music.track.audio()?,
                start,
                reasons: music.reasons.clone(),
            })
        });
        let target = request.platform.loudness_lufs;
        let sound = mix::mix(&segments, duration, music, &voices, request.style, target);
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
            choices: self.choices,
        })
    }

    fn put_on_look(&mut self, segments: &mut [Segment]) {
        let Some((name, strength, why)) = self.request.look.pick(self.request.style) else {
            return;
        };
        if let Some(why) = &why {
            self.choose(format!("--look {name}"), why.text.clone());
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
            let track = music.track;
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            sources.push(Source {
                id: MUSIC_ID.into(),
                path: track.path.to_string_lossy().into_owned(),
                blake3: track.id().to_owned(),
                kind: SourceKind::Audio,
                title: some(&track.title),
                license: some(&track.license.id),
                attribution: track.credit(),
            });
        }
        sources
    }
}

const MUSIC_ID: &str = "music";

/// `s1`, `s2` … in the request's order.
fn source_id(number: usize) -> String {
    format!("s{}", number + 1)
}
