//! Styles that keep what is there: `talk`, which cuts pauses and false starts, and `whole`, which cuts nothing.

use tastemaker::analysis::{Analysis, FileKind, PersonTrack, Span, Transcript, TranscriptWord};
use tastemaker::choice::{Reason, Setting};
use tastemaker::edit::{
    CutExpression, Denoiser, EditRequest, LookChoice, MarkerKind, NamedStretch, Plan, Platform,
    ShownBefore, SourceFile, Style, VoiceLevels, VoiceMoment, film_brief, plan,
};
use tastemaker::error::Error;
use tastemaker::time::Rational;

use super::made;

/// Spans of voice, seconds of a recording of 30 s at 25 frames a second.
const VOICE: [(f64, f64); 6] = [
    (1.3, 4.0),
    (4.08, 6.2),
    (6.5, 9.0),
    (11.4, 15.0),
    (15.3, 18.02),
    (24.0, 27.5),
];
const LENGTH: f64 = 30.0;

/// Somebody speaks at `loud` dBFS over a room of `room` dBFS.
pub(super) fn speaker(loud: f32, room: f32) -> SourceFile {
    speaking(&VOICE, loud, room)
}

fn speaking(voice: &[(f64, f64)], loud: f32, room: f32) -> SourceFile {
    let spoken = |time: f64| voice.iter().any(|(from, to)| (*from..*to).contains(&time));
    let levels = (0..(LENGTH * 100.0) as usize).map(|at| {
        // Syllables and the noise of the room vary.
        let wave = ((at * 7919 % 31) as f32 / 31.0 - 0.5) * 2.0;
        if spoken(at as f64 / 100.0 + 0.005) {
            loud - 8.0 + 8.0 * wave
        } else {
            room + 2.0 * wave
        }
    });
    let mut analysis = made::film("talk.mp4", (1920, 1080), Rational::whole(25), &[400, 350]);
    let mut audio = made::quiet(LENGTH);
    // As the analysis says it: padded, and without short pauses.
    audio.speech = [(1.22, 9.08), (11.3, 18.1), (23.92, 27.6)]
        .map(|(start, end)| Span { start, end })
        .to_vec();
    analysis.audio = Some(audio);
    SourceFile {
        levels: Some(VoiceLevels::new(levels.collect())),
        ..made::source(analysis)
    }
}

pub(super) fn request<'a>(sources: &'a [SourceFile], style: &str) -> EditRequest<'a> {
    EditRequest {
        sources,
        music: None,
        style: Style::find(style).unwrap(),
        platform: Platform::find("youtube").unwrap(),
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

pub(super) fn planned(sources: &[SourceFile], style: &str) -> Plan {
    let plan = plan(&request(sources, style)).unwrap().plan;
    let text = plan.to_json().unwrap();
    assert_eq!(Plan::parse(&text, "made.plan.json".as_ref()).unwrap(), plan);
    plan
}

/// Where the sound of a plan begins and ends, in seconds of its source.
fn edges(plan: &Plan) -> Vec<f64> {
    let spans = plan.sound.iter();
    spans.flat_map(|sound| [sound.start, sound.end]).collect()
}

/// Seconds of the source that are heard.
fn kept(plan: &Plan) -> f64 {
    plan.sound.iter().map(|sound| sound.end - sound.start).sum()
}

#[test]
fn long_pauses_go_and_no_cut_is_inside_a_voice() {
    for (loud, room) in [
        (-20.0, -60.0),
        (-14.0, -38.0),
        (-40.0, -70.0),
        (-20.0, -34.0),
    ] {
        let sources = [speaker(loud, room)];
        let plan = planned(&sources, "talk");
        let edges = edges(&plan);
        for (from, to) in VOICE {
            let inside = edges.iter().find(|edge| (from..to).contains(edge));
            assert_eq!(inside, None, "{loud} over {room}: {edges:?}");
            let whole = plan
                .sound
                .iter()
                .any(|sound| sound.start < from && to < sound.end);
            assert!(whole, "{loud} over {room}: {from}..{to} in {edges:?}");
        }
        // 7.7 + 6.62 + 3.5 seconds of voice and short pauses, with margins.
        assert!((17.8..18.7).contains(&kept(&plan)), "{}", kept(&plan));
        assert!(plan.output.duration < 18.7, "{}", plan.summary());
        let cut = plan.picture.iter().flat_map(|segment| &segment.reasons);
        assert_eq!(cut.filter(|reason| reason.code == "pause_cut").count(), 3);
    }
}

#[test]
fn a_shot_of_the_source_goes_on_through_a_cut_of_its_own() {
    let sources = [speaker(-20.0, -60.0)];
    let plan = planned(&sources, "talk");
    // Three stretches, one of them over the source's cut at 16 s.
    assert_eq!(plan.picture.len(), 4, "{}", plan.summary());
    assert_eq!(plan.visible_cuts().len(), 2);
    assert_eq!(plan.sound.len(), 3);
    let mut starts = plan.picture.iter().map(|segment| segment.start);
    assert!(starts.any(|start| (start - 16.0).abs() <= 0.02));
    // Every other sentence is seen closer.
    let closer: Vec<bool> = plan
        .picture
        .iter()
        .map(|segment| !segment.effects.is_empty())
        .collect();
    assert_eq!(closer, [false, true, true, false]);
}

#[test]
fn sound_crossfades_at_cuts_without_a_hole_in_the_room() {
    let sources = [speaker(-20.0, -50.0)];
    let plan = planned(&sources, "talk");
    let level = |gain: &[[f64; 2]], time: f64| {
        let after = gain.partition_point(|point| point[0] <= time);
        let (a, b) = (gain[after.max(1) - 1], gain[after.min(gain.len() - 1)]);
        let share = (time - a[0]) / (b[0] - a[0]).max(1e-9);
        a[1] + (b[1] - a[1]) * share.clamp(0.0, 1.0)
    };
    let full = level(&plan.sound[0].gain, 1.0);
    // The last word is not faded out.
    let last = &plan.sound[2];
    assert_eq!(level(&last.gain, last.at + VOICE[5].1 - last.start), full);
    for cut in plan.visible_cuts() {
        for step in -20..=20 {
            let time = cut + f64::from(step) / 1000.0;
            let power: f64 = plan
                .sound
                .iter()
                .filter(|sound| (sound.at..sound.at + sound.length()).contains(&time))
                .map(|sound| 10_f64.powf((level(&sound.gain, time) - full) / 10.0))
                .sum();
            assert!((0.6..1.5).contains(&power), "{power} at {time}");
        }
    }
}

#[test]
fn fillers_are_cut_where_words_are_known_and_else_marked() {
    // Before the first word, between words, and after the last.
    const FILLERS: [(f64, f64); 4] = [(0.6, 1.0), (9.6, 10.0), (20.0, 20.4), (28.2, 28.6)];
    let mut source = speaking(&[&VOICE[..], &FILLERS[..]].concat(), -20.0, -60.0);
    let moments = (0..(LENGTH * 100.0) as usize).map(|at| {
        let time = at as f64 / 100.0;
        let held = FILLERS
            .iter()
            .any(|(from, to)| (*from..*to).contains(&time));
        VoiceMoment {
            pitch: if held {
                84.0
            } else {
                84.0 + 4.0 * (time as f32 * 9.0).sin()
            },
            periodicity: 0.9,
            change: if held { 0.8 } else { 2.5 },
        }
    });
    source.levels = source
        .levels
        .map(|levels| levels.with_moments(moments.collect()));
    let plan = planned(&[source.clone()], "talk");
    assert_eq!(plan.markers.len(), FILLERS.len(), "{:?}", plan.markers);
    for (marker, (from, to)) in plan.markers.iter().zip(FILLERS) {
        assert_eq!(marker.kind, MarkerKind::Note);
        assert_eq!(marker.text, "um? 0.40 s");
        let mut parts = plan.sound.iter();
        let part = parts
            .find(|sound| sound.start < from && to < sound.end)
            .unwrap();
        let at = part.at + from - part.start;
        assert!((marker.at - at).abs() < 0.03, "{} and {at}", marker.at);
    }
    // Where the words are known and none is there, they are cut out with one of the pauses beside them.
    let said = VOICE.map(|(from, to)| TranscriptWord {
        text: "word".into(),
        start: from,
        end: to.min(from + 0.5),
        confidence: 0.9,
    });
    let mut known = source.clone();
    known.analysis.audio.as_mut().unwrap().transcript = Some(Transcript {
        language: "en".into(),
        words: said.to_vec(),
    });
    let without = planned(&[known], "talk");
    assert_eq!(without.markers, []);
    let heard = |time: f64| {
        let mut parts = without.sound.iter();
        parts.any(|sound| (sound.start..sound.end).contains(&time))
    };
    assert!(
        FILLERS
            .iter()
            .all(|(from, to)| !heard(*from + 0.02) && !heard(*to - 0.02))
    );
    assert!(
        VOICE
            .iter()
            .all(|(from, to)| heard(from + 0.01) && heard(to - 0.01))
    );
    let codes = without.picture.iter().flat_map(|part| &part.reasons);
    assert_eq!(
        codes.filter(|reason| reason.code == "filler_cut").count(),
        FILLERS.len()
    );
    assert_eq!(planned(&[source.clone()], "whole").markers, []);
    let cut = planned_without(&[source], "silence(-45dB, 0.5s)");
    assert_eq!(cut.markers, []);
}

#[test]
fn the_room_goes_on_where_nothing_else_is_heard() {
    // A photo opens the film; a clip without sound and one whose sound breaks off follow what is said.
    let photo = made::source(made::photo("photo.jpg", 1600, 900));
    let mute = made::source(made::film(
        "mute.mp4",
        (1920, 1080),
        Rational::whole(25),
        &[200],
    ));
    let mut broken = speaker(-20.0, -50.0);
    broken.analysis.audio.as_mut().unwrap().duration = 27.0;
    let sources = [photo, speaker(-20.0, -50.0), mute, broken];
    let whole = |source, end| NamedStretch {
        source,
        start: 0.0,
        end,
    };
    let request = EditRequest {
        must: vec![whole(0, 3.0), whole(2, 8.0)],
        ..request(&sources, "talk")
    };
    let plan = plan(&request).unwrap().plan;
    let mut heard: Vec<(f64, f64)> = plan
        .sound
        .iter()
        .map(|sound| (sound.at, sound.at + sound.length()))
        .collect();
    heard.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut reached = 0.0;
    for (from, to) in &heard {
        assert!(*from <= reached + 0.002, "silence from {reached} to {from}");
        reached = f64::max(reached, *to);
    }
    assert!((reached - plan.output.duration).abs() < 0.03, "{reached}");
    // The room is heard where nobody speaks in its recording, and as loud as beside it.
    let is_room = |reasons: &[Reason]| reasons.iter().any(|reason| reason.code == "room_tone");
    let mut rooms = plan
        .sound
        .iter()
        .filter(|sound| is_room(&sound.reasons))
        .peekable();
    assert!(rooms.peek().is_some());
    for room in rooms {
        let spoken = VOICE
            .iter()
            .any(|(from, to)| room.start < *to && *from < room.end);
        assert!(!spoken, "{room:?}");
    }
    let whole = planned(&sources, "whole");
    assert!(!whole.sound.iter().any(|sound| is_room(&sound.reasons)));
}

#[test]
fn noise_is_taken_off_speech_in_a_noisy_room_alone() {
    let cleaned = |sources: &[SourceFile], style: &str, denoise: Option<Denoiser>| {
        let outcome = plan(&EditRequest {
            denoise,
            ..request(sources, style)
        });
        let outcome = outcome.unwrap();
        let clean = outcome.plan.sound.iter();
        let clean: Vec<_> = clean
            .map(|sound| sound.clean.map(|it| it.denoise))
            .collect();
        assert!(clean.windows(2).all(|pair| pair[0] == pair[1]), "{clean:?}");
        let mut told = outcome.decisions.iter();
        let told = told.find(|decision| decision.setting == Setting::Denoise);
        (clean[0], told.and_then(|decision| decision.value.clone()))
    };
    let (quiet, noisy) = ([speaker(-20.0, -62.0)], [speaker(-20.0, -40.0)]);
    assert_eq!(cleaned(&quiet, "talk", None), (None, Some("none".into())));
    let rnnoise = Some(Denoiser::Rnnoise);
    assert_eq!(
        cleaned(&noisy, "talk", None),
        (rnnoise, Some("rnnoise".into()))
    );
    let loud = [speaker(-20.0, -31.0)];
    assert_eq!(cleaned(&loud, "talk", None), (None, Some("none".into())));
    // Other styles leave sound as it is, unless somebody asks for it.
    assert_eq!(cleaned(&noisy, "whole", None), (None, None));
    let gtcrn = Some(Denoiser::Gtcrn);
    assert_eq!(cleaned(&quiet, "whole", gtcrn), (gtcrn, None));
    assert_eq!(cleaned(&noisy, "talk", Some(Denoiser::None)), (None, None));
    // Music is no noise.
    let mut musical = speaker(-20.0, -40.0);
    let audio = musical.analysis.audio.as_mut().unwrap();
    audio.music = vec![Span {
        start: 18.0,
        end: 23.0,
    }];
    assert_eq!(
        cleaned(&[musical], "talk", None),
        (None, Some("none".into()))
    );
}

#[test]
fn what_one_witness_hears_stays() {
    // A word that the transcript is sure of, in a pause that the network calls silent.
    let mut sources = [speaker(-20.0, -60.0)];
    let audio = sources[0].analysis.audio.as_mut().unwrap();
    let word = |text: &str, start: f64, end: f64| TranscriptWord {
        text: text.into(),
        start,
        end,
        confidence: 0.9,
    };
    audio.transcript = Some(Transcript {
        language: "en".into(),
        words: vec![word("so", 10.0, 10.3), word("aaand", 17.9, 19.4)],
    });
    let plan = planned(&sources, "talk");
    let heard = |plan: &Plan, time: f64| {
        let mut spans = plan.sound.iter();
        spans.any(|sound| sound.start < time && time < sound.end)
    };
    assert!(heard(&plan, 10.1));
    // A word of 1.5 s is suspect: nothing is cut in it.
    assert!(heard(&plan, 19.2));
    // Something loud that is no voice, such as a laugh, and something soft, such as a breath.
    for (level, stays) in [(-22.0, true), (-45.0, false)] {
        let mut sources = [speaker(-20.0, -60.0)];
        let mut levels = vec![-60.0; 3000];
        for (from, to) in VOICE {
            levels[(from * 100.0) as usize..(to * 100.0) as usize].fill(-20.0);
        }
        levels[2100..2150].fill(level);
        sources[0].levels = Some(VoiceLevels::new(levels));
        assert_eq!(heard(&planned(&sources, "talk"), 21.2), stays, "{level}");
    }
}

#[test]
fn the_brief_for_the_music_knows_the_cuts() {
    let sources = [speaker(-20.0, -60.0)];
    let plan = planned(&sources, "talk");
    let brief = film_brief(&request(&sources, "talk")).unwrap();
    assert_eq!(brief.cuts.len(), 2);
    assert!((brief.length - plan.output.duration).abs() < 1e-3);
    assert!(
        brief
            .speech
            .iter()
            .all(|span| span.end <= brief.length + 0.01)
    );
}

#[test]
fn every_frame_stays_in_a_whole_film() {
    let shots = [90, 1, 200, 4000];
    for rate in [Rational::whole(25), Rational::new(30_000, 1001).unwrap()] {
        let mut clip = made::film("clip.mp4", (1920, 1080), rate, &shots);
        let length = clip.video.as_ref().unwrap().duration;
        clip.audio = Some(made::quiet(length));
        // Its frames are not on the film's grid.
        let variable = |mut clip: Analysis| {
            clip.video.as_mut().unwrap().variable_frame_rate = true;
            clip
        };
        for clip in [clip.clone(), variable(clip)] {
            let sources = [
                made::source(clip),
                made::source(made::photo("a.jpg", 4000, 3000)),
            ];
            let plan = planned(&sources, "whole");
            let frame = 1.0 / plan.output.frame_rate.seconds();
            assert!(
                (plan.output.duration - length - 3.0).abs() < frame,
                "{}",
                plan.summary()
            );
            assert_eq!(plan.picture[0].start_exact, Rational::ZERO);
            for pair in plan.picture.windows(2).take(plan.picture.len() - 2) {
                assert_eq!(pair[0].end_exact, pair[1].start_exact);
            }
            assert_eq!(plan.visible_cuts().len(), 1);
            // One piece of sound, under all shots.
            assert_eq!(plan.sound.len(), 1);
        }
    }
}

#[test]
fn a_length_is_refused_by_styles_that_keep_what_is_there() {
    let sources = [speaker(-20.0, -60.0)];
    for style in ["talk", "whole"] {
        let wrong = plan(&EditRequest {
            length: Some(10.0),
            ..request(&sources, style)
        });
        assert_eq!(wrong.unwrap_err().code(), "usage");
    }
}

/// The same recording without its picture.
fn recording() -> SourceFile {
    let mut source = speaker(-20.0, -60.0);
    source.analysis.video = None;
    source.analysis.file.kind = FileKind::Audio;
    source
}

#[test]
fn sound_alone_is_tightened_like_a_film_and_has_no_picture() {
    let film = planned(&[speaker(-20.0, -60.0)], "talk");
    let sources = [recording()];
    let plan = planned(&sources, "talk");
    assert!(plan.picture.is_empty() && !plan.sound.is_empty());
    let text = plan.to_json().unwrap();
    assert_eq!(Plan::parse(&text, "made.plan.json".as_ref()).unwrap(), plan);
    // A film's stretches are whole frames, so each may be one longer.
    let frames = film.picture.len() as f64 / film.output.frame_rate.seconds();
    let longer = film.output.duration - plan.output.duration;
    assert!((-1e-3..=frames).contains(&longer), "{longer}");
    let inside = |time: f64| {
        VOICE
            .iter()
            .any(|(from, to)| (from + 1e-6..to - 1e-6).contains(&time))
    };
    for sound in &plan.sound {
        assert!(!inside(sound.start) && !inside(sound.end), "{sound:?}");
        let soft = |point: Option<&[f64; 2]>| point.is_some_and(|point| point[1] < -60.0);
        assert!(
            soft(sound.gain.first()) && soft(sound.gain.last()),
            "{sound:?}"
        );
    }
    let whole = planned(&sources, "whole");
    assert_eq!((whole.sound.len(), whole.output.duration), (1, LENGTH));
}

#[test]
fn a_quiet_speaker_is_raised_beside_a_loud_one() {
    let mut source = recording();
    let audio = source.analysis.audio.as_mut().unwrap();
    audio.speech = vec![
        Span {
            start: 0.5,
            end: 14.0,
        },
        Span {
            start: 16.0,
            end: 29.0,
        },
    ];
    for (second, loudness) in audio.loudness_curve.iter_mut().enumerate() {
        *loudness = if second < 15 { -18.0 } else { -24.0 };
    }
    source.levels = None;
    let plan = planned(&[source], "talk");
    let level = |from: f64, to: f64| {
        let points = plan.sound.iter().flat_map(|sound| {
            sound
                .gain
                .iter()
                .filter(move |point| (from..to).contains(&(sound.start + point[0] - sound.at)))
        });
        let levels: Vec<f64> = points
            .map(|point| point[1])
            .filter(|level| *level > -60.0)
            .collect();
        levels.iter().sum::<f64>() / levels.len() as f64
    };
    let raised = level(22.0, 28.0) - level(2.0, 9.0);
    assert!((3.0..=6.1).contains(&raised), "{raised}");
}

/// The plan of `sources` without what an expression is true of.
fn planned_without(sources: &[SourceFile], expression: &str) -> Plan {
    let cut = CutExpression::parse(expression).unwrap();
    let request = EditRequest {
        cut: Some(&cut),
        ..request(sources, "talk")
    };
    plan(&request).unwrap().plan
}

#[test]
fn what_an_expression_is_true_of_is_cut() {
    let mut source = speaker(-20.0, -60.0);
    let tight = planned_without(
        &[source.clone()],
        "margin(0.1s, silence(-45dB, 0.5s)) and not black",
    );
    let inside = |edge: &f64| VOICE.iter().any(|(from, to)| (*from..*to).contains(edge));
    assert!(!edges(&tight).iter().any(inside), "{:?}", edges(&tight));
    // 1.2 to 9.1, 11.3 to 18.12 and 23.9 to 27.6 seconds, in whole frames and with crossfades.
    assert!((18.4..18.7).contains(&kept(&tight)), "{}", kept(&tight));
    let reasons = tight.picture.iter().flat_map(|segment| &segment.reasons);
    let told: Vec<&str> = reasons.map(|reason| reason.text.as_str()).collect();
    assert!(told[0].contains("margin(0.1s, silence"), "{told:?}");

    // What moves in the pause from 18.02 to 24 s keeps it.
    let video = source.analysis.video.as_mut().unwrap();
    let moves = |second| f64::from(u8::from((18..24).contains(&second)));
    video.motion_curve = (0..30).map(moves).collect();
    let moving = planned_without(&[source.clone()], "silence(-45dB, 1s) and not motion(0.5)");
    assert!(
        (kept(&moving) - kept(&tight) - 5.2).abs() < 0.3,
        "{}",
        kept(&moving)
    );

    // Words are found in whatever case, and what is said elsewhere stays.
    let said = ["Well,", "um", "we", "GO"].into_iter().enumerate();
    let words = said.map(|(at, text)| TranscriptWord {
        text: text.into(),
        start: 2.0 + at as f64 * 0.5,
        end: 2.4 + at as f64 * 0.5,
        confidence: 0.9,
    });
    source.analysis.audio.as_mut().unwrap().transcript = Some(Transcript {
        language: "en".into(),
        words: words.collect(),
    });
    let short = planned_without(&[source.clone()], "word(\"UM\") or word(\"we go\")");
    let gone = LENGTH - short.output.duration;
    assert!((1.2..1.4).contains(&gone), "{gone}");
    assert!((short.picture[0].end - 2.5).abs() < 0.05);
    let all = CutExpression::parse("silence or not silence").unwrap();
    let sources = [source];
    let nothing = plan(&EditRequest {
        cut: Some(&all),
        ..request(&sources, "talk")
    });
    assert!(matches!(nothing, Err(Error::Nothing { .. })));
}

/// The left third of the picture or the right one: a face that speaks in these spans.
fn face(id: u32, left: f64, speaking: &[(f64, f64)]) -> PersonTrack {
    let spans = speaking.iter();
    let spans: Vec<_> = spans
        .map(|(start, end)| serde_json::json!({ "start": start, "end": end }))
        .collect();
    serde_json::from_value(serde_json::json!({
        "id": id,
        "kind": "face",
        "start": 0.0,
        "end": 16.0,
        "score": 0.9,
        "path": [[0.0, left, 0.3, 0.1, 0.2], [16.0, left + 0.01, 0.3, 0.1, 0.2]],
        "speaking": spans,
        "speaking_share": 0.5,
    }))
    .unwrap()
}

#[test]
fn the_crop_switches_to_who_speaks_by_a_cut() {
    let mut source = speaker(-20.0, -60.0);
    let tracks = &mut source.analysis.video.as_mut().unwrap().shots[0].tracks;
    tracks.push(face(1, 0.15, &[(1.3, 4.0), (11.4, 13.0), (13.6, 16.0)]));
    // A short "yes" is no reason to look away.
    tracks.push(face(2, 0.75, &[(4.08, 9.0), (13.0, 13.6)]));
    let sources = [source];
    let upright = EditRequest {
        aspect: Some((9, 16)),
        ..request(&sources, "talk")
    };
    let plan = plan(&upright).unwrap().plan;
    let shown: Vec<(f64, f64, f64)> = plan
        .picture
        .iter()
        .filter(|segment| {
            segment
                .reasons
                .iter()
                .any(|reason| reason.code == "speaker")
        })
        .map(|segment| {
            assert_eq!(segment.crop.len(), 1, "{segment:?}");
            let [_, x, _, width, _] = segment.crop[0];
            (segment.start, segment.end, x + width / 2.0)
        })
        .collect();
    let middles: Vec<f64> = shown.iter().map(|shown| shown.2).collect();
    assert_eq!(shown.len(), 3, "{shown:?}");
    for (middle, wanted) in middles.iter().zip([0.2, 0.8, 0.2]) {
        assert!((middle - wanted).abs() < 0.05, "{middles:?}");
    }
    assert!((shown[0].1 - 4.04).abs() < 0.05, "{shown:?}");
    assert_eq!(shown[0].1, shown[1].0);
    // The sound goes on where the picture switches.
    assert!(
        plan.sound
            .iter()
            .any(|sound| sound.start < 3.9 && sound.end > 4.2)
    );
    // A wide film shows both of them.
    let wide = planned(&sources, "talk");
    let reasons = wide.picture.iter().flat_map(|segment| &segment.reasons);
    assert!(!reasons.clone().any(|reason| reason.code == "speaker"));
}
