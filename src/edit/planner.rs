//! From analyses to a plan: how long, which beats, which moments, how they are framed, what is heard, and why.

use crate::analysis::{AudioReport, FileKind, Shot, VideoReport};
use crate::choice::Reason;
use crate::edit::beats::{self, Place};
use crate::edit::fill::{Pick, Search};
use crate::edit::material::{self, Strictness, Take};
use crate::edit::mix::{self, Music, Voice};
use crate::edit::request::{EditOutcome, EditRequest};
use crate::edit::slots::{self, Slot};
use crate::edit::{
    BeatMark, Effect, OutputSpec, PLAN_SCHEMA, Plan, Segment, SegmentTransition, Source,
    SourceKind, framing, trim,
};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::music::best_span;
use crate::time::{Rational, rounded};

/// Seconds a start asked for may be moved to fall on a beat.
const NEAR_BEAT: f64 = 0.25;
/// How much slower than the style wants slots may become, before the film becomes shorter, when sources are few.
const SLOWER: [f64; 5] = [1.0, 1.5, 2.0, 3.0, 4.0];
/// Times a film is split or shortened before giving up; each makes it one slot shorter.
const ATTEMPTS: usize = 400;
/// Frames a second below which material is jerky and the platform's rate is no worse.
const SLOWEST_RATE: f64 = 23.0;

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
        let everything =
            material::takes(request.sources, Strictness::Visible, request.style.longest);
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

    /// The only clip with what is bad cut away; `None` where a choice must be made.
    fn trimmed(&mut self, single: bool, everything: &[Take]) -> Option<(Vec<Segment>, f64)> {
        let request = self.request;
        let whole: f64 = everything.iter().map(Take::length).sum();
        let longest = request.length.unwrap_or(request.platform.longest);
        if !single || whole > longest + 0.05 {
            return None;
        }
        let track = self.soundtrack(whole);
        let room = track
            .as_ref()
            .map_or(f64::INFINITY, |track| track.audio.duration - track.start);
        if room < whole * 0.9 {
            return None;
        }
        let places = track.as_ref().map_or_else(Vec::new, |track| {
            beats::places(Some(track.audio), track.start, whole, self.rate)
        });
        let pieces = trim::pieces(request.sources, self.rate, &places);
        if pieces.is_empty() {
            return None;
        }
        let kept: f64 =
            pieces.iter().map(|piece| piece.frames as f64).sum::<f64>() / self.rate.seconds();
        if request.length.is_none() {
            let all = everything
                .first()
                .and_then(|take| self.video(take))
                .map_or(kept, |video| video.duration);
            self.choose(
                format!("--length {kept:.1}"),
                format!("{kept:.1} of {all:.1} seconds: one clip keeps everything that is good"),
            );
        }
        let count = pieces.len();
        let segments = pieces
            .into_iter()
            .map(|piece| {
                let length = Rational::whole(piece.frames) * self.frame();
                let mut reasons = vec![Reason::new(
                    "kept",
                    piece.take.base,
                    if count == 1 {
                        "Nothing in this clip had to be cut away.".to_owned()
                    } else {
                        format!(
                            "Shot {}: what is good stays, in its order.",
                            piece.take.shot + 1
                        )
                    },
                )];
                reasons.extend(piece.beat.as_ref().map(beat_reason));
                let start = piece.take.start;
                let end = start + length;
                self.segment(&piece.take, start, end, piece.beat, Vec::new(), reasons)
            })
            .collect();
        Some((segments, track.map_or(0.0, |track| track.start)))
    }

    /// Moments of all sources on the beats.
    fn arranged(&mut self) -> Result<(Vec<Segment>, f64)> {
        let request = self.request;
        let style = request.style;
        let wanted = request
            .length
            .unwrap_or(style.length.min(request.platform.longest));
        let mut takes = Vec::new();
        let mut capacity = 0.0;
        for strictness in [Strictness::Moments, Strictness::NotBad, Strictness::Visible] {
            takes = material::takes(request.sources, strictness, style.longest);
            capacity = self.capacity(&takes);
            // Some room to choose from, or else whatever is not bad.
            if capacity >= wanted * 1.1 || (strictness == Strictness::NotBad && capacity > 1.0) {
                break;
            }
        }
        let mut length = wanted.min(capacity.max(2.0 / self.rate.seconds()));
        let track = self.soundtrack(length);
        if let Some(track) = &track {
            length = length.min(track.audio.duration - track.start);
        }
        let track_ended = length + 0.05 < wanted.min(capacity);
        let (slots, picks) = self.fill(&takes, track.as_ref(), length)?;
        let film: f64 =
            slots.iter().map(|slot| slot.frames as f64).sum::<f64>() / self.rate.seconds();
        self.say_length(film, wanted, track_ended, track.is_some());
        self.say_unused(&takes, &picks);
        let count = slots.len();
        let mut stills = 0;
        let segments = slots
            .iter()
            .zip(&picks)
            .enumerate()
            .map(|(number, (slot, pick))| {
                let take = &takes[pick.take];
                stills += usize::from(take.still);
                let effects = self.effects(take, pick, slot, stills);
                let beat = (slot.start.heard).then_some(slot.start);
                let reasons = self.reasons(number, count, slot, pick, take);
                self.segment(take, pick.start, pick.end, beat, effects, reasons)
            })
            .collect();
        Ok((segments, track.map_or(0.0, |track| track.start)))
    }

    /// Seconds of film that `takes` can give: photos as long as the style keeps one at most.
    fn capacity(&self, takes: &[Take]) -> f64 {
        let longest = self.request.style.longest;
        takes
            .iter()
            .map(|take| {
                if take.still {
                    longest.min(self.request.style.still * 1.5)
                } else {
                    take.length()
                }
            })
            .sum()
    }

    fn fill(
        &self,
        takes: &[Take],
        track: Option<&Soundtrack<'_>>,
        length: f64,
    ) -> Result<(Vec<Slot>, Vec<Pick>)> {
        let style = self.request.style;
        let sources = self.request.sources.len();
        let audio = track.map(|track| track.audio);
        let start = track.map_or(0.0, |track| track.start);
        let stills = takes.iter().filter(|take| take.still).count();
        let moving: f64 = takes
            .iter()
            .filter(|take| !take.still)
            .map(Take::length)
            .sum();
        let mut length = length;
        let mut slots = Vec::new();
        for _ in 0..ATTEMPTS {
            if slots.is_empty() {
                let places = beats::places(audio, start, length, self.rate);
                let end = slots::end_of(&places);
                for slower in SLOWER {
                    slots = slots::slots(&places, end, style, slower, self.rate);
                    // Each photo fills one slot; a clip as many as fit into it.
                    let usual = length / slots.len().max(1) as f64;
                    let holds = stills as f64 + moving / usual.max(0.01);
                    if slots.len() as f64 <= holds.max(1.0) {
                        break;
                    }
                }
            }
            let failed =
                match Search::new(takes, sources, &slots, self.rate, self.request.seed).run() {
                    Ok(picks) => return Ok((slots, picks)),
                    Err(failed) => failed,
                };
            // A slot that nothing fits becomes two; one that cannot be split ends the film before it.
            let split = slots
                .get(failed)
                .filter(|slot| slot.frames as f64 > 2.0 * style.shortest * self.rate.seconds())
                .and_then(Slot::split);
            if let Some((first, second)) = split {
                slots.splice(failed..=failed, [first, second]);
                continue;
            }
            let at = slots.get(failed).map_or(0, |slot| slot.start.frame);
            let frames = if at > 0 {
                at
            } else {
                slots.first().map_or(0, |slot| slot.frames * 2 / 3)
            };
            if frames < 2 {
                break;
            }
            length = frames as f64 / self.rate.seconds();
            slots.clear();
        }
        Err(Error::Nothing {
            what: "no moment of the sources is long enough to be shown".into(),
            hint: "give longer clips, or photos".into(),
        })
    }

    fn say_length(&mut self, film: f64, wanted: f64, track_ended: bool, music: bool) {
        let style = &self.request.style.id;
        let asked = self.request.length.is_some();
        let short = film + 0.05 < wanted * 5.0 / 6.0;
        let reason = if short && track_ended {
            format!("{film:.1} seconds instead of {wanted:.0}: the track ends there")
        } else if short {
            format!(
                "{film:.1} seconds instead of {wanted:.0}: there are not enough good moments for more, and none is shown twice"
            )
        } else if music && (film - wanted).abs() > 0.05 {
            format!("{film:.1} seconds: ends with a bar of the music")
        } else if !asked {
            format!("{film:.1} seconds: as style {style} likes it")
        } else {
            return;
        };
        self.choose(format!("--length {film:.1}"), reason);
    }

    fn say_unused(&mut self, takes: &[Take], picks: &[Pick]) {
        let mut used = vec![false; self.request.sources.len()];
        for pick in picks {
            used[takes[pick.take].source] = true;
        }
        let unused = self
            .request
            .sources
            .iter()
            .zip(used)
            .filter(|(source, used)| !used && source.analysis.file.kind != FileKind::Audio)
            .count();
        if unused > 0 {
            let all = self.request.sources.len();
            self.choose(
                "--length",
                format!("{unused} of {all} files are not shown: a longer film has room for more"),
            );
        }
    }

    fn frame(&self) -> Rational {
        self.rate.inverse().unwrap_or(Rational::ONE)
    }

    fn video(&self, take: &Take) -> Option<&'a VideoReport> {
        let source = self.request.sources.get(take.source)?;
        source.analysis.video.as_ref()
    }

    fn shot(&self, take: &Take) -> Option<&'a Shot> {
        self.video(take)?.shots.get(take.shot)
    }

    fn effects(&self, take: &Take, pick: &Pick, slot: &Slot, stills: usize) -> Vec<Effect> {
        let style = self.request.style;
        if take.still {
            let faces = self
                .request
                .sources
                .get(take.source)
                .and_then(|source| source.analysis.picture.as_ref())
                .is_some_and(|picture| !picture.faces.is_empty());
            // Closer to people; views by turns closer and wider.
            let sign = if faces || stills % 2 == 1 { 1.0 } else { -1.0 };
            let amount = rounded(style.push * sign);
            return if amount == 0.0 {
                Vec::new()
            } else {
                vec![Effect::SlowPush { amount }]
            };
        }
        let peak = pick.peak_on.and_then(|number| slot.inner.get(number));
        match peak {
            Some(beat) if style.punch > 0.0 => {
                let at = pick.start.seconds() + beat.time - slot.start.time;
                vec![Effect::PunchIn {
                    at: rounded(at.min(pick.end.seconds())),
                    amount: rounded(style.punch),
                }]
            }
            _ => Vec::new(),
        }
    }

    fn reasons(
        &self,
        number: usize,
        count: usize,
        slot: &Slot,
        pick: &Pick,
        take: &Take,
    ) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if number == 0 && count > 1 {
            reasons.push(Reason::new(
                "opener",
                1.5 * pick.worth,
                "Opens the film: the strongest picture there is.",
            ));
        } else if number + 1 == count && count > 1 && take.energy < 0.4 {
            reasons.push(Reason::new("calm_end", 0.4, "A calm picture to end on."));
        }
        let name = self.name(take.source);
        reasons.push(
            match take.moment_in(pick.start.seconds(), pick.end.seconds()) {
                Some(moment) if !moment.reasons.is_empty() => Reason::new(
                    "moment",
                    pick.worth,
                    format!("A good moment of {name}: {}.", words(&moment.reasons)),
                ),
                Some(_) => Reason::new("moment", pick.worth, format!("A good moment of {name}.")),
                None if take.still => {
                    Reason::new("photo", pick.worth, format!("{name} has its turn."))
                }
                None => Reason::new(
                    "usable",
                    pick.worth,
                    format!("{name} has its turn; no moment of it stands out."),
                ),
            },
        );
        if pick.peak_on.is_some() {
            reasons.push(Reason::new(
                "peak_on_beat",
                0.12,
                "Its movement peaks on a beat.",
            ));
        }
        if slot.start.heard {
            reasons.push(beat_reason(&slot.start));
        }
        if pick.energy_fit > 0.7 && self.request.music.is_some() && !take.still {
            reasons.push(Reason::new(
                "energy_fits",
                0.25 * pick.energy_fit,
                "It moves as much as the music does here.",
            ));
        }
        reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        reasons
    }

    fn name(&self, source: usize) -> String {
        self.request
            .sources
            .get(source)
            .and_then(|source| source.path.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    }

    fn segment(
        &self,
        take: &Take,
        start: Rational,
        end: Rational,
        beat: Option<Place>,
        effects: Vec<Effect>,
        reasons: Vec<Reason>,
    ) -> Segment {
        let source = self.request.sources.get(take.source);
        let picture = source.and_then(|source| source.analysis.picture.as_ref());
        let crop = match (self.shot(take), self.video(take), picture) {
            (Some(shot), Some(video), _) if !take.still => {
                let size = Size::new(video.width, video.height);
                framing::of_shot(shot, size, self.output, start.seconds(), end.seconds())
            }
            (_, _, Some(picture)) => framing::of_photo(picture, self.output),
            _ => vec![[0.0, 0.0, 0.0, 1.0, 1.0]],
        };
        Segment {
            source: source_id(take.source),
            start: rounded(start.seconds()),
            start_exact: start,
            end: rounded(end.seconds()),
            end_exact: end,
            crop,
            look: None,
            look_strength: 1.0,
            effects,
            transition: SegmentTransition::Cut,
            beat: beat.map(|place| BeatMark {
                time: rounded(place.time),
                downbeat: place.downbeat,
            }),
            reasons,
        }
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
                license: some(&track.license),
                attribution: some(&track.attribution),
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

fn beat_reason(place: &Place) -> Reason {
    if place.downbeat {
        Reason::new(
            "on_downbeat",
            0.3,
            "The cut falls on the first beat of a bar.",
        )
    } else {
        Reason::new("on_beat", 0.2, "The cut falls on a beat.")
    }
}

/// `sharp, steady and faces`
fn words(all: &[String]) -> String {
    let plain: Vec<String> = all.iter().map(|word| word.replace('_', " ")).collect();
    match plain.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => plain.concat(),
    }
}

fn output_size(request: &EditRequest<'_>) -> Result<Size> {
    let platform = Size::new(request.platform.width, request.platform.height);
    let Some((width, height)) = request.aspect else {
        return Ok(platform);
    };
    let aspect = Size::new(width, height).aspect();
    if width == 0 || height == 0 || !(0.1..=10.0).contains(&aspect) {
        return Err(Error::Usage {
            what: format!("{width}:{height} is no shape for a film"),
            hint: "give --aspect as 9:16, 1:1, 4:5, 16:9 or the like".into(),
        });
    }
    if (aspect / platform.aspect() - 1.0).abs() < 1e-6 {
        return Ok(platform);
    }
    // The shorter side keeps its pixels, as long as the longer one stays ordinary.
    let short = f64::from(platform.width.min(platform.height));
    let longest = 1.0_f64.max(aspect).max(1.0 / aspect);
    let short = short.min(3840.0 / longest);
    let even = |side: f64| (((side / 2.0).round() as u32) * 2).clamp(16, 8192);
    Ok(if aspect < 1.0 {
        Size::new(even(short), even(short / aspect))
    } else {
        Size::new(even(short * aspect), even(short))
    })
}

/// The material's own rate where all films have the same and the platform takes it, so that no frame is shown twice;
/// else the platform's.
fn output_rate(request: &EditRequest<'_>) -> Rational {
    let platform = request.platform.frame_rate;
    let mut rates = request
        .sources
        .iter()
        .filter_map(|source| source.analysis.video.as_ref())
        .map(|video| (video.frame_rate, video.variable_frame_rate));
    let Some((first, _)) = rates.clone().next() else {
        return platform;
    };
    let usual = rates.all(|(rate, variable)| rate == first && !variable);
    let seconds = first.seconds();
    if usual && seconds >= SLOWEST_RATE && first <= platform && first.denominator() <= 1001 {
        first
    } else {
        platform
    }
}
