//! Invariants of every plan, and properties of a good one.

use proptest::prelude::*;
use tastemaker::analysis::{
    Analysis, FileKind, Span, SpoiledKind, SpoiledSpan, TransitionKind, VideoReport,
};
use tastemaker::choice::{Reason, Setting};
use tastemaker::edit::{
    CutRule, EditRequest, LookChoice, MomentTerm, MusicChoice, Plan, Platform, RescoreRequest,
    Segment, ShownBefore, SourceFile, SourceKind, Style, plan, rescore,
};
use tastemaker::effects::{Effect, PunchIn};
use tastemaker::music::Track;
use tastemaker::time::Rational;

use super::made;

pub(super) fn request<'a>(sources: &'a [SourceFile], track: Option<&'a Track>) -> EditRequest<'a> {
    EditRequest {
        sources,
        music: track.map(|track| MusicChoice {
            track,
            guide: false,
            reasons: Vec::new(),
            arrangement: None,
        }),
        style: Style::find("steady").unwrap(),
        platform: Platform::find("instagram-reels").unwrap(),
        aspect: None,
        length: None,
        stretch: 0.0,
        look: LookChoice::None,
        must: Vec::new(),
        never: Vec::new(),
        locked: None,
        cut: None,
        denoise: None,
        shown: ShownBefore::default(),
        wider: Vec::new(),
        seed: 0,
    }
}

/// The index, in the request, of a source of the plan.
pub(super) fn number(plan: &Plan, sources: &[SourceFile], id: &str) -> usize {
    let source = plan.sources.iter().find(|source| source.id == id).unwrap();
    sources
        .iter()
        .position(|file| file.path.to_str().unwrap() == source.path)
        .unwrap()
}

/// A segment of a film lies inside one shot, away from its transitions and from black, and starts on a frame.
fn check_within_shot(segment: &Segment, video: &VideoReport) {
    let shot = video
        .shots
        .iter()
        .position(|shot| {
            shot.start_exact <= segment.start_exact && segment.end_exact <= shot.end_exact
        })
        .expect("no segment crosses a shot");
    let per_frame = video.frame_rate.inverse().unwrap();
    let time = |frame: u64| Rational::whole(frame as i64) * per_frame;
    if let Some(transition) = &video.shots[shot].transition_in {
        assert!(segment.start_exact >= time(transition.end_frame + 2));
    }
    if let Some(transition) = video
        .shots
        .get(shot + 1)
        .and_then(|shot| shot.transition_in.as_ref())
    {
        assert!(segment.end_exact <= time(transition.start_frame - 2));
    }
    for black in &video.black {
        let apart = segment.end <= black.start + 1e-4 || segment.start >= black.end - 1e-4;
        assert!(apart, "black is not shown");
    }
    assert_eq!((segment.start_exact * video.frame_rate).denominator(), 1);
}

/// A clip's sound begins and ends softly, also where it is cut, and lies inside its file.
fn check_clip_sound(plan: &Plan, sources: &[SourceFile]) {
    for sound in plan.sound.iter().filter(|sound| sound.source != "music") {
        let source = &sources[number(plan, sources, &sound.source)].analysis;
        let heard = source.audio.as_ref().unwrap().duration;
        assert!(sound.start_exact >= Rational::ZERO);
        assert!(
            sound.end
                <= heard.max(source.video.as_ref().map_or(0.0, |video| video.duration)) + 1e-3
        );
        let soft = |point: Option<&[f64; 2]>| point.is_some_and(|point| point[1] <= -60.0);
        assert!(
            soft(sound.gain.first()) && soft(sound.gain.last()),
            "{sound:?}"
        );
    }
}

/// Invariants of every plan.
pub(super) fn check(plan: &Plan, sources: &[SourceFile], track: Option<&Track>) {
    let rate = plan.output.frame_rate;
    let frame = rate.inverse().unwrap().seconds();
    // It survives a round trip, which also checks ranges, whole frames and sums.
    let text = plan.to_json().unwrap();
    let read = Plan::parse(&text, "made.plan.json".as_ref()).unwrap();
    assert_eq!(&read, plan);
    assert_eq!(read.to_json().unwrap(), text);

    let output = f64::from(plan.output.width) / f64::from(plan.output.height);
    let mut place = Rational::ZERO;
    let mut used: Vec<(usize, Rational, Rational)> = Vec::new();
    for segment in &plan.picture {
        let source = number(plan, sources, &segment.source);
        let analysis = &sources[source].analysis;
        assert!(!segment.reasons.is_empty());
        if let Some(video) = &analysis.video {
            check_within_shot(segment, video);
        }
        for &(other, start, end) in &used {
            let apart = other != source || segment.end_exact <= start || segment.start_exact >= end;
            assert!(apart, "no source time is used twice");
        }
        used.push((source, segment.start_exact, segment.end_exact));
        // What is shown in spite of being spoiled says so.
        let spoiled = analysis.video.iter().flat_map(|video| &video.spoiled);
        let shown = |span: &SpoiledSpan| {
            span.end.min(segment.end) - span.start.max(segment.start)
                > 0.02 * (segment.end - segment.start)
        };
        if spoiled.clone().any(shown) {
            let said = segment
                .reasons
                .iter()
                .any(|reason| reason.code == "spoiled");
            assert!(said, "{:?}", segment.reasons);
        }
        // The crop has the film's shape.
        let (width, height) = analysis.video.as_ref().map_or_else(
            || {
                let picture = analysis.picture.as_ref().unwrap();
                (picture.width, picture.height)
            },
            |video| (video.width, video.height),
        );
        for [time, _, _, w, h] in &segment.crop {
            let shape = (w * f64::from(width)) / (h * f64::from(height));
            assert!(
                (shape / output - 1.0).abs() < 0.01,
                "{shape} is not {output}"
            );
            if analysis.file.kind == FileKind::Video && segment.crop.len() > 1 {
                assert!((segment.start - 1e-3..=segment.end + 1e-3).contains(time));
            }
        }
        // Cuts that claim to be on a beat are.
        if let Some(beat) = &segment.beat {
            assert!((place.seconds() - beat.time).abs() <= frame / 2.0 + 1e-4);
            let heard_at = |sound: &&tastemaker::edit::SoundSegment| {
                let end = sound.at + sound.length();
                sound.source == "music" && (sound.at - 1e-3..=end + 1e-3).contains(&beat.time)
            };
            // At a join, the part that begins is the one that plays.
            let music = plan.sound.iter().rfind(heard_at).unwrap();
            let audio = track.unwrap().audio().unwrap();
            let heard = |beats: &[f64]| {
                beats.iter().any(|time| {
                    let after = (time - music.start_exact.seconds()) / music.speed;
                    (after + music.at - beat.time).abs() < 3e-4
                })
            };
            assert!(heard(&audio.beats));
            assert!(!beat.downbeat || heard(&audio.downbeats));
        }
        place = place + segment.length();
    }
    assert_eq!(place, plan.output.duration_exact);
    check_clip_sound(plan, sources);
}

#[derive(Debug, Clone)]
struct Material {
    sources: Vec<SourceFile>,
    track: Option<Track>,
}

prop_compose! {
    fn shots()(lengths in prop::collection::vec(4_u64..200, 1..6)) -> Vec<u64> { lengths }
}

prop_compose! {
    fn a_film(name: usize)(
        lengths in shots(),
        rate in prop::sample::select(vec![(24, 1), (25, 1), (30_000, 1001), (30, 1), (50, 1)]),
        size in prop::sample::select(vec![(1920, 1080), (1080, 1920), (864, 480), (640, 640)]),
        moments in prop::collection::vec((0.0..1.0, 0.05..1.0, 0.0..1.0), 0..8),
        dissolve in 0_u64..12,
        black in prop::option::of((0.0..10.0, 0.05..1.0)),
        spoiled in prop::collection::vec((0.0..12.0, 0.1..3.0), 0..3),
        sound in prop::option::of((0.0..5.0, 0.2..4.0)),
        energy in 0.0..1.0,
    ) -> Analysis {
        let rate = Rational::new(rate.0, rate.1).unwrap();
        let mut analysis = made::film(&format!("film{name}.mp4"), size, rate, &lengths);
        let video = analysis.video.as_mut().unwrap();
        let (duration, frames) = (video.duration, video.frames);
        for (number, shot) in video.shots.iter_mut().enumerate() {
            shot.motion.energy = (energy + 0.3 * number as f64) % 1.0;
            shot.quality = (0.9 - 0.2 * number as f64).max(0.05);
            let length = shot.end - shot.start;
            for (start, share, score) in &moments {
                let from = shot.start + start * length;
                let to = f64::min(from + share * length, shot.end);
                let mut moment = made::moment(from, to, *score);
                moment.peak = Some((moment.start + moment.end) / 2.0);
                shot.moments.push(moment);
            }
            if let Some(transition) = shot.transition_in.as_mut().filter(|_| dissolve > 3) {
                transition.kind = TransitionKind::Dissolve;
                transition.start_frame -= (dissolve / 2).min(transition.start_frame);
                transition.end_frame = (transition.end_frame + dissolve / 2).min(frames);
            }
            shot.subject_path = (0..10)
                .map(|step| {
                    let share = f64::from(step) / 9.0;
                    let x = (start_of(&moments) + share * energy) % 0.8;
                    [shot.start + share * length, x, 0.3, 0.2, 0.4]
                })
                .collect();
        }
        if let Some((start, length)) = black {
            video.black.push(Span { start, end: start + length });
        }
        for (start, length) in spoiled {
            let kind = SpoiledKind::Shake;
            video.spoiled.push(SpoiledSpan { start, end: start + length, kind });
        }
        if let Some((start, length)) = sound {
            let mut audio = made::quiet(duration);
            audio.speech.push(Span { start, end: duration.min(start + length) });
            analysis.audio = Some(audio);
        }
        analysis
    }
}

fn start_of(moments: &[(f64, f64, f64)]) -> f64 {
    moments.first().map_or(0.1, |moment| moment.0)
}

prop_compose! {
    fn material()(
        films in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        photos in 0_usize..5,
        film in prop::collection::vec(a_film(0), 4),
        track in prop::option::of((5.0..90.0, 60.0..180.0, 0.0..2.0)),
    ) -> Material {
        let mut sources = Vec::new();
        for (number, _) in films.iter().enumerate() {
            let mut analysis = film[number].clone();
            let name = format!("film{number}.mp4");
            analysis.file.blake3 = made::hash(&name);
            analysis.file.path = name;
            sources.push(made::source(analysis));
        }
        for number in 0..photos {
            let size = if number % 2 == 0 { (4000, 3000) } else { (3000, 4000) };
            sources.push(made::source(made::photo(&format!("photo{number}.jpg"), size.0, size.1)));
        }
        if sources.is_empty() {
            sources.push(made::source(made::photo("only.jpg", 800, 600)));
        }
        Material {
            sources,
            track: track.map(|(duration, bpm, offset)| made::track("song.ogg", duration, bpm, offset)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn invariants(
        material in material(),
        style in 0_usize..4,
        platform in 0_usize..5,
        aspect in prop::sample::select(vec![None, Some((9, 16)), Some((16, 9)), Some((4, 5)), Some((21, 9))]),
        length in prop::option::of(1.0..50.0),
        stretch in prop::sample::select(vec![0.0, 0.04]),
        seed in 0_u64..3,
    ) {
        let request = EditRequest {
            stretch,
            style: &Style::all().unwrap()[style],
            platform: &Platform::all().unwrap()[platform],
            aspect,
            length,
            seed,
            ..request(&material.sources, material.track.as_ref())
        };
        match plan(&request) {
            Ok(outcome) => {
                check(&outcome.plan, &material.sources, material.track.as_ref());
                // The other one is rounded, up or down.
                let duration = outcome.plan.output.duration_exact.seconds();
                prop_assert!(duration <= request.platform.longest + 1e-6);
                prop_assert!(length.is_none_or(|length| duration <= length + 1e-6));
                prop_assert!(outcome.decisions.iter().all(|decision| !decision.reason.is_empty()));
                prop_assert_eq!(plan(&request).unwrap().plan, outcome.plan);
            }
            // Films may be so short, bad or black that nothing is left; a photo can always be shown.
            Err(error) => {
                prop_assert_eq!(error.code(), "nothing");
                prop_assert!(material.sources.iter().all(|source| source.analysis.file.kind == FileKind::Video));
            }
        }
    }
}

/// Four clips with two moments each, two photos.
pub(super) fn holiday() -> Vec<SourceFile> {
    let mut sources = Vec::new();
    for number in 0..4 {
        let mut analysis = made::film(
            &format!("clip{number}.mp4"),
            (1920, 1080),
            Rational::whole(30),
            &[240, 300],
        );
        let video = analysis.video.as_mut().unwrap();
        for (shot, energy) in video.shots.iter_mut().zip([0.2, 0.8]) {
            shot.motion.energy = energy;
            let mut moment = made::moment(
                shot.start + 0.5,
                shot.end - 0.5,
                0.5 + 0.1 * f64::from(number),
            );
            moment.peak = Some(shot.start + 4.05);
            shot.moments.push(moment);
        }
        sources.push(made::source(analysis));
    }
    sources.push(made::source(made::photo("a.jpg", 4000, 3000)));
    sources.push(made::source(made::photo("b.jpg", 3000, 4000)));
    sources
}

#[test]
fn every_cut_falls_on_a_beat_and_the_end_on_a_downbeat() {
    let sources = holiday();
    let track = made::track("song.ogg", 120.0, 117.3, 0.31);
    let styles = Style::all().unwrap().iter();
    for style in styles.filter(|style| style.cut == CutRule::Montage) {
        let outcome = plan(&EditRequest {
            style,
            ..request(&sources, Some(&track))
        })
        .unwrap();
        let plan = outcome.plan;
        check(&plan, &sources, Some(&track));
        assert!(plan.picture.len() > 3, "{}", style.id);
        assert!(plan.picture.iter().all(|segment| segment.beat.is_some()));
        assert!(plan.picture[0].beat.as_ref().unwrap().downbeat);
        let music = &plan.sound[0];
        let end = music.start_exact.seconds() + plan.output.duration;
        let audio = track.audio().unwrap();
        let half = 0.5 / plan.output.frame_rate.seconds() + 1e-4;
        assert!(
            audio
                .downbeats
                .iter()
                .any(|time| (time - end).abs() <= half),
            "{}",
            style.id
        );
        let short = style.length - plan.output.duration;
        assert!(
            (-1e-3..=style.length / 6.0 + 2.0 * half).contains(&short),
            "{} {short}",
            style.id
        );
    }
}

#[test]
fn a_plan_gets_other_music_whose_beats_come_to_its_cuts() {
    let sources = holiday();
    let analyses: Vec<Analysis> = sources.iter().map(|file| file.analysis.clone()).collect();
    let (cut_to, other) = (
        made::track("song.ogg", 120.0, 121.0, 0.31),
        made::track("other.ogg", 120.0, 118.0, 0.2),
    );
    let draft = plan(&request(&sources, Some(&cut_to))).unwrap().plan;
    let scored = |stretch| {
        let outcome = rescore(&RescoreRequest {
            plan: &draft,
            sources: &analyses,
            music: MusicChoice {
                track: &other,
                guide: false,
                reasons: Vec::new(),
                arrangement: None,
            },
            style: Style::find("steady").unwrap(),
            stretch,
            denoise: None,
        });
        outcome.unwrap().plan
    };
    let on_beat = |plan: &Plan| {
        let marked = plan.picture.iter().filter(|segment| segment.beat.is_some());
        marked.count() as f64 / plan.picture.len() as f64
    };
    let (plain, faster) = (scored(0.0), scored(0.04));
    assert!(plain.sound.iter().all(|sound| sound.speed == 1.0));
    assert!((faster.sound[0].speed - 121.0 / 118.0).abs() < 0.003);
    assert!(on_beat(&faster) > 0.9 && on_beat(&plain) < 0.7);
    for plan in [plain, faster] {
        check(&plan, &sources, Some(&other));
        let music = plan.sources.last().unwrap();
        assert_eq!(
            (music.path.as_str(), music.kind),
            ("other.ogg", SourceKind::Audio)
        );
        assert!(plan.sources.iter().all(|source| source.path != "song.ogg"));
        let end = plan.sound[0].at + plan.sound[0].length();
        assert!((end - plan.output.duration).abs() < 0.001, "{end}");
        let mut picture = plan.picture.clone();
        for (segment, before) in picture.iter_mut().zip(&draft.picture) {
            segment.beat = before.beat.clone();
        }
        assert_eq!(picture, draft.picture);
    }
}

#[test]
fn sources_take_turns_and_all_appear() {
    let sources = holiday();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let plan = plan(&request(&sources, Some(&track))).unwrap().plan;
    assert!(
        plan.picture
            .windows(2)
            .all(|pair| pair[0].source != pair[1].source)
    );
    assert_eq!(plan.sources.len(), sources.len() + 1);
    // In its own order, but for the opener.
    for source in &plan.sources {
        let starts: Vec<f64> = plan.picture[1..]
            .iter()
            .filter(|segment| segment.source == source.id)
            .map(|segment| segment.start)
            .collect();
        assert!(starts.is_sorted(), "{starts:?}");
    }
    // The opener is from the best clip.
    assert_eq!(number(&plan, &sources, &plan.picture[0].source), 3);
    assert!(
        plan.picture[0]
            .reasons
            .iter()
            .any(|reason| reason.code == "opener")
    );
    // Photos move slowly, and each is used once.
    for segment in plan
        .picture
        .iter()
        .filter(|segment| segment.end_exact <= Rational::whole(6))
    {
        let source = plan
            .sources
            .iter()
            .find(|source| source.id == segment.source)
            .unwrap();
        if source.kind == SourceKind::Image {
            assert!(matches!(segment.effects[..], [Effect::SlowPush(_)]));
        }
    }
}

#[test]
fn a_peak_falls_on_a_beat() {
    let sources = holiday();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let outcome = plan(&EditRequest {
        style: Style::find("punchy").unwrap(),
        ..request(&sources, Some(&track))
    })
    .unwrap();
    let mut peaks = 0;
    let mut place = 0.0;
    for segment in &outcome.plan.picture {
        if let [Effect::PunchIn(PunchIn { at, .. })] = segment.effects[..] {
            peaks += 1;
            let film = place + at - segment.start_exact.seconds() + outcome.plan.sound[0].start;
            let beat = track
                .audio()
                .unwrap()
                .beats
                .iter()
                .any(|beat| (beat - film).abs() < 0.02);
            assert!(beat, "{film} is not a beat");
            let video = sources[number(&outcome.plan, &sources, &segment.source)]
                .analysis
                .video
                .as_ref()
                .unwrap();
            let peak = video
                .shots
                .iter()
                .flat_map(|shot| &shot.moments)
                .any(|moment| (moment.peak.unwrap() - at).abs() < 0.025);
            assert!(peak, "{at} is not a peak");
        }
        place += segment.length().seconds();
    }
    assert!(peaks >= 2, "{peaks} peaks");
}

#[test]
fn few_sources_make_a_short_film() {
    let sources = [
        made::source(made::photo("a.jpg", 4000, 3000)),
        made::source(made::photo("b.jpg", 4000, 3000)),
    ];
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let outcome = plan(&request(&sources, Some(&track))).unwrap();
    assert_eq!(outcome.plan.picture.len(), 2);
    assert!(outcome.plan.output.duration < 12.0);
    let decision = outcome
        .decisions
        .iter()
        .find(|decision| decision.setting == Setting::Length)
        .unwrap();
    let why = &decision.reason;
    assert!(why.contains("none is shown twice"), "{why}");
}

#[test]
fn one_clip_keeps_what_is_good_and_its_own_sound() {
    let mut analysis = made::film(
        "clip.mp4",
        (1920, 1080),
        Rational::new(30_000, 1001).unwrap(),
        &[90, 200, 60, 150],
    );
    let video = analysis.video.as_mut().unwrap();
    video.shots[2].quality = 0.05;
    video.black.push(Span {
        start: 15.0,
        end: 30.0,
    });
    analysis.audio = Some(made::quiet(video.duration));
    let sources = [made::source(analysis)];
    let outcome = plan(&EditRequest {
        aspect: Some((9, 16)),
        ..request(&sources, None)
    })
    .unwrap();
    let plan = outcome.plan;
    check(&plan, &sources, None);
    assert_eq!(plan.picture.len(), 3, "{}", plan.summary());
    assert!(plan.picture.is_sorted_by_key(|segment| segment.start_exact));
    assert_eq!(plan.sound.len(), 3);
    assert_eq!(plan.output.frame_rate, Rational::new(30_000, 1001).unwrap());
    assert_eq!((plan.output.width, plan.output.height), (1080, 1920));
}

#[test]
fn music_steps_back_while_somebody_speaks() {
    let mut sources = holiday();
    let mut audio = made::quiet(18.0);
    audio.speech.push(Span {
        start: 0.0,
        end: 18.0,
    });
    sources[1].analysis.audio = Some(audio);
    sources[2].analysis.audio = Some(made::quiet(18.0));
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let style = Style::find("story").unwrap();
    let plan = plan(&EditRequest {
        style,
        ..request(&sources, Some(&track))
    })
    .unwrap()
    .plan;
    let own: Vec<_> = plan
        .sound
        .iter()
        .filter(|sound| sound.source != "music")
        .collect();
    assert!(!own.is_empty());
    assert!(
        own.iter()
            .all(|sound| number(&plan, &sources, &sound.source) == 1),
        "only speech is kept"
    );
    let music = &plan.sound[0];
    let level = |time: f64| {
        let after = music
            .gain
            .partition_point(|point| point[0] <= time)
            .clamp(1, music.gain.len() - 1);
        let (a, b) = (music.gain[after - 1], music.gain[after]);
        a[1] + (b[1] - a[1]) * ((time - a[0]) / (b[0] - a[0]).max(1e-9)).clamp(0.0, 1.0)
    };
    for sound in own {
        let middle = sound.at + (sound.end - sound.start) / 2.0;
        if middle < plan.output.duration - 2.0 {
            assert!(
                (level(middle) - (9.0 + style.sound.duck_db)).abs() < 0.1,
                "{}",
                level(middle)
            );
        }
    }
    assert!(level(plan.output.duration) < -60.0);
}

#[test]
fn lengths_and_shapes_that_cannot_be_meant_are_refused() {
    let sources = holiday();
    for (length, aspect) in [
        (Some(f64::NAN), None),
        (Some(0.0), None),
        (Some(1000.0), None),
        (None, Some((0, 9))),
        (None, Some((1, 100))),
    ] {
        let wrong = plan(&EditRequest {
            length,
            aspect,
            ..request(&sources, None)
        });
        assert_eq!(wrong.unwrap_err().code(), "usage");
    }
    let nothing = plan(&request(&[], None)).unwrap_err();
    assert_eq!(nothing.code(), "nothing");
}

#[test]
fn numbers_no_analysis_should_hold_do_no_harm() {
    let mut sources = holiday();
    let video = sources[0].analysis.video.as_mut().unwrap();
    video.shots[0].subject_path = vec![[f64::NAN; 5], [1.0, -5.0, f64::INFINITY, 0.0, 0.0]];
    video.shots[0]
        .moments
        .push(made::moment(f64::NAN, f64::INFINITY, f64::NAN));
    video.shots[1].end_frame = 0;
    video.black.push(Span {
        start: f64::NEG_INFINITY,
        end: f64::NAN,
    });
    let video = sources[1].analysis.video.as_mut().unwrap();
    video.shots[0].start_exact = Rational::whole(i64::MAX);
    video.shots[1].end_exact = Rational::new(i64::MAX, 3).unwrap();
    sources[4].analysis.picture.as_mut().unwrap().width = 0;
    let mut track = made::track("song.ogg", 60.0, 120.0, 0.0);
    let audio = track.analysis.audio.as_mut().unwrap();
    audio
        .beats
        .extend([f64::NAN, -3.0, f64::INFINITY, 3.0, 3.0, 3.001]);
    audio.loudness_curve[10] = f64::NAN;
    for style in Style::all().unwrap() {
        let outcome = plan(&EditRequest {
            style,
            ..request(&sources, Some(&track))
        })
        .unwrap();
        let text = outcome.plan.to_json().unwrap();
        Plan::parse(&text, "made.plan.json".as_ref()).unwrap();
    }
}

#[test]
fn the_reasons_of_a_plan_are_the_terms_that_chose_its_moments() {
    let sources = holiday();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let plan = plan(&request(&sources, Some(&track))).unwrap().plan;
    let weight = |segment: usize, code: &str| {
        let reasons = &plan.picture[segment].reasons;
        let reason = reasons.iter().find(|reason| reason.code == code);
        reason.map(|reason| reason.weight)
    };
    for segment in 0..plan.picture.len() {
        for reason in &plan.picture[segment].reasons {
            let term = MomentTerm::ALL
                .iter()
                .find(|term| term.code() == reason.code);
            let value = term.map_or(0.5, |term| reason.weight / term.weight());
            assert!((0.0..=1.13).contains(&value), "{reason:?}");
        }
        // Nothing but a first showing is new, and everything but the first photo of two follows something.
        let source = &plan.picture[segment].source;
        let before = &plan.picture[..segment];
        let new = before.iter().all(|earlier| earlier.source != *source);
        assert_eq!(weight(segment, "new_source"), new.then_some(0.3));
        assert_eq!(weight(segment, "opener").is_some(), segment == 0);
        let used = weight(segment, "source_used");
        assert!(used.is_some() != new, "{segment} {used:?}");
    }
    // The opener counts once more, with the peak on its beat.
    let peak = weight(0, "peak_on_beat").unwrap_or(0.0);
    let once_more = 1.5 * (weight(0, "moment").unwrap() + peak);
    assert!((weight(0, "opener").unwrap() - once_more).abs() < 1e-3);
    // The style `steady` has 0.6 for downbeats; a cut off every beat costs 0.5. The beginning is no choice.
    assert_eq!(weight(0, "on_downbeat"), Some(0.0));
    let cuts: Vec<f64> = (1..plan.picture.len())
        .filter_map(|segment| weight(segment, "on_downbeat"))
        .collect();
    assert!(
        cuts.len() > 3 && cuts.iter().all(|weight| *weight == 1.1),
        "{cuts:?}"
    );
}

#[test]
fn the_documents_list_the_terms_that_moments_are_weighed_by() {
    let text = std::fs::read_to_string(crate::support::root().join("docs/styles.md")).unwrap();
    for term in MomentTerm::ALL {
        let row = format!("| `{}` | {} | ", term.code(), term.weight());
        assert!(text.contains(&row), "docs/styles.md has no row {row}");
    }
    let styles = Style::all().unwrap().iter();
    for style in styles.filter(|style| style.cut == CutRule::Montage) {
        let downbeats = format!("`{}` {}", style.id, style.downbeats);
        assert!(
            text.replace('\n', "")
                .replace("   ", " ")
                .contains(&downbeats),
            "{downbeats}"
        );
    }
}

#[test]
fn good_moments_that_no_shot_holds_do_not_end_the_film() {
    // 13 seconds of good moments of 0.65 seconds, shorter than any shot of the style, in two steady clips.
    let sources = ["one.mp4", "two.mp4"].map(|name| {
        let mut clip = made::film(name, (1080, 1920), Rational::whole(25), &[250]);
        let moments = (0..10)
            .map(f64::from)
            .map(|at| made::moment(at, at + 0.65, 0.8));
        clip.video.as_mut().unwrap().shots[0].moments = moments.collect();
        made::source(clip)
    });
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    for style in ["steady", "calm"] {
        let request = EditRequest {
            style: Style::find(style).unwrap(),
            length: Some(9.0),
            ..request(&sources, Some(&track))
        };
        let plan = plan(&request).unwrap().plan;
        check(&plan, &sources, Some(&track));
        assert!(plan.output.duration >= 7.5, "{style}: {}", plan.summary());
    }
}

#[test]
fn reasons_are_true_of_photos_and_of_the_track() {
    let sources = holiday();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let (far, fits) = (
        "Its mood is far from that of the pictures.",
        "It has the right pace.",
    );
    let chosen = |reasons: Vec<Reason>| {
        let mut request = EditRequest {
            style: Style::find("punchy").unwrap(),
            length: Some(20.0),
            ..request(&sources, Some(&track))
        };
        request.music.as_mut().unwrap().reasons = reasons;
        plan(&request).unwrap()
    };
    let against = Reason::new("mood_fits", -0.3, far);
    let told = |reasons: Vec<Reason>| {
        let decisions = chosen(reasons).decisions;
        let music = decisions
            .into_iter()
            .find(|it| it.setting == Setting::Music);
        music.unwrap().reason
    };
    let both = vec![against.clone(), Reason::new("pace_fits", 0.2, fits)];
    let why = told(both);
    assert!(why.starts_with(fits) && !why.contains(far), "{why}");
    let why = told(vec![against]);
    assert!(why.starts_with("In spite of this"), "{why}");

    let plan = chosen(Vec::new()).plan;
    let is_photo = |segment: &&Segment| {
        let file = &sources[number(&plan, &sources, &segment.source)];
        file.analysis.file.kind == FileKind::Image
    };
    let photos: Vec<&Segment> = plan.picture.iter().filter(is_photo).collect();
    assert!(!photos.is_empty(), "{}", plan.summary());
    for reason in photos.iter().flat_map(|photo| &photo.reasons) {
        assert!(!reason.text.contains("moves"), "{}", reason.text);
    }
}
