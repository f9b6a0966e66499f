//! What a person wants to see is in the film, whole.

use tastemaker::edit::{
    CutRule, EditRequest, LockedSegment, LockedSegments, NamedStretch, Plan, SourceFile, Style,
    plan,
};
use tastemaker::error::Error;
use tastemaker::geometry::Size;
use tastemaker::time::Rational;

use super::made;
use super::planning::{holiday, number, request};

fn stretch(source: usize, start: f64, end: f64) -> NamedStretch {
    NamedStretch { source, start, end }
}

/// Seconds of a source that segments in a row show; the film shows no second of it twice.
fn shown(plan: &Plan, sources: &[SourceFile], source: usize) -> Vec<(f64, f64)> {
    let mut runs: Vec<(f64, f64)> = Vec::new();
    let mut before: Option<(usize, Rational)> = None;
    for segment in &plan.picture {
        let here = number(plan, sources, &segment.source);
        let (start, end) = (segment.start_exact.seconds(), segment.end_exact.seconds());
        if here == source {
            match runs.last_mut() {
                Some(run) if before == Some((here, segment.start_exact)) => run.1 = end,
                _ => runs.push((start, end)),
            }
        }
        before = Some((here, segment.end_exact));
    }
    for (at, run) in runs.iter().enumerate() {
        let apart = |other: &(f64, f64)| other.1 <= run.0 + 1e-6 || other.0 >= run.1 - 1e-6;
        assert!(runs[at + 1..].iter().all(apart), "shown twice: {runs:?}");
    }
    runs
}

fn assert_whole(plan: &Plan, sources: &[SourceFile], must: &[NamedStretch], case: &str) {
    for stretch in must {
        let runs = shown(plan, sources, stretch.source);
        let covers =
            |run: &(f64, f64)| run.0 <= stretch.start + 0.001 && run.1 >= stretch.end - 0.001;
        assert!(runs.iter().any(covers), "{case}: {stretch:?} in {runs:?}");
    }
    let text = plan.to_json().unwrap();
    assert_eq!(
        &Plan::parse(&text, "made.plan.json".as_ref()).unwrap(),
        plan
    );
}

#[test]
fn what_has_to_be_shown_is_shown_whole_in_every_style_and_with_every_seed() {
    let sources = holiday();
    let track = made::track("song.ogg", 120.0, 117.3, 0.31);
    // Across a cut of its own, at the ends of files, in two pieces of one file, a photo.
    let wishes = [
        vec![stretch(0, 6.52, 9.0)],
        vec![
            stretch(1, 0.0, 2.0),
            stretch(2, 15.0, 18.0),
            stretch(4, 0.0, 2.5),
        ],
        vec![
            stretch(3, 12.0, 13.5),
            stretch(3, 2.0, 4.25),
            stretch(3, 4.0, 5.0),
        ],
    ];
    let styles = Style::all().unwrap().iter();
    for style in styles.filter(|style| style.cut == CutRule::Montage) {
        for (at, must) in wishes.iter().enumerate() {
            for (seed, music) in [(0, Some(&track)), (1, Some(&track)), (0, None)] {
                let case = format!("{} {at} {seed}", style.id);
                let outcome = plan(&EditRequest {
                    style,
                    seed,
                    must: must.clone(),
                    length: Some(20.0),
                    ..request(&sources, music)
                })
                .unwrap();
                assert_whole(&outcome.plan, &sources, must, &case);
                let length = outcome.plan.output.duration;
                assert!((16.0..20.1).contains(&length), "{case}: {length}");
                let reasons = outcome
                    .plan
                    .picture
                    .iter()
                    .flat_map(|segment| &segment.reasons);
                assert!(
                    reasons.clone().any(|reason| reason.code == "required"),
                    "{case}"
                );
            }
        }
    }
}

#[test]
fn a_cut_after_what_has_to_be_shown_falls_on_a_beat_where_there_is_room() {
    let sources = holiday();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let must = vec![stretch(2, 3.0, 5.3)];
    let plan = plan(&EditRequest {
        must: must.clone(),
        ..request(&sources, Some(&track))
    })
    .unwrap()
    .plan;
    assert_whole(&plan, &sources, &must, "room");
    assert!(plan.picture.iter().all(|segment| segment.beat.is_some()));
}

#[test]
fn a_film_of_nothing_else_and_one_clip_show_it() {
    let sources = holiday();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let must = vec![stretch(0, 1.0, 7.0), stretch(1, 9.0, 15.0)];
    let request = EditRequest {
        length: Some(12.0),
        must: must.clone(),
        ..request(&sources, Some(&track))
    };
    let all = plan(&request).unwrap().plan;
    assert_whole(&all, &sources, &must, "nothing else");
    assert_eq!(all.output.duration, 12.0);
    let one = &sources[..1];
    let must = vec![stretch(0, 4.0, 9.0)];
    let alone = plan(&EditRequest {
        must: must.clone(),
        ..super::planning::request(one, None)
    });
    assert_whole(&alone.unwrap().plan, one, &must, "one clip");
}

#[test]
fn a_pause_that_has_to_be_shown_stays_in_the_style_talk() {
    let mut sources = holiday();
    sources.truncate(1);
    let mut audio = made::quiet(18.0);
    let speech = [(1.0, 4.0), (9.0, 12.0), (16.0, 17.0)];
    audio.speech = speech
        .map(|(start, end)| tastemaker::analysis::Span { start, end })
        .into();
    sources[0].analysis.audio = Some(audio);
    let length = |must: Vec<NamedStretch>| {
        let plan = plan(&EditRequest {
            style: Style::find("talk").unwrap(),
            must: must.clone(),
            ..request(&sources, None)
        })
        .unwrap()
        .plan;
        assert_whole(&plan, &sources, &must, "talk");
        plan.output.duration
    };
    let (without, with) = (length(Vec::new()), length(vec![stretch(0, 5.0, 8.0)]));
    assert!((with - without - 3.0).abs() < 0.1, "{without} {with}");
}

#[test]
fn what_cannot_be_shown_is_refused_with_the_reason() {
    let sources = holiday();
    let track = made::track("song.ogg", 60.0, 120.0, 0.5);
    let cases = [
        (
            vec![stretch(0, 1.0, 12.0)],
            vec![],
            Some(10.0),
            "last 11.00 seconds, and the film only 10.00",
        ),
        (
            vec![stretch(0, 17.0, 19.0)],
            vec![],
            None,
            "the file ends at 18.00 seconds",
        ),
        (
            vec![stretch(0, 3.0, 5.0)],
            vec![stretch(0, 4.0, 4.5)],
            None,
            "both to be shown and not",
        ),
        (
            vec![stretch(4, 0.0, 2.0)],
            vec![stretch(4, 0.0, 1.0)],
            None,
            "both to be shown and not",
        ),
    ];
    for (must, never, length, expected) in cases {
        let refused = plan(&EditRequest {
            must,
            never,
            length,
            ..request(&sources, Some(&track))
        })
        .unwrap_err();
        assert_eq!(refused.code(), "usage");
        assert!(refused.to_string().contains(expected), "{refused}");
    }
}

/// What `plan` locks.
fn locked(plan: &Plan) -> LockedSegments {
    let mut at = Rational::ZERO;
    let mut segments = Vec::new();
    for segment in &plan.picture {
        if segment.locked {
            let number: usize = segment.source[1..].parse().unwrap();
            segments.push(LockedSegment {
                source: number - 1,
                second: None,
                at,
                segment: segment.clone(),
            });
        }
        at = at + segment.length();
    }
    LockedSegments {
        size: Size::new(plan.output.width, plan.output.height),
        rate: plan.output.frame_rate,
        segments,
    }
}

#[test]
fn locked_segments_stay_as_and_where_they_are_when_a_film_is_planned_again() {
    let sources = holiday();
    let track = made::track("song.ogg", 60.0, 120.0, 0.5);
    for music in [None, Some(&track)] {
        let mut edited = plan(&request(&sources, music)).unwrap().plan;
        let last = edited.picture.len() - 1;
        for number in [1, last] {
            let segment = &mut edited.picture[number];
            segment.locked = true;
            segment.look = Some("mine.toml".into());
        }
        let text = edited.to_json().unwrap();
        let edited = Plan::parse(&text, "edited.plan.json".as_ref()).unwrap();
        let kept = locked(&edited);
        for seed in 0..4 {
            let request = EditRequest {
                seed,
                locked: Some(&kept),
                ..request(&sources, music)
            };
            let again = plan(&request).unwrap().plan;
            let text = again.to_json().unwrap();
            assert!(Plan::parse(&text, "again.plan.json".as_ref()).is_ok());
            assert_eq!(
                locked(&again).segments,
                kept.segments,
                "{}",
                again.summary()
            );
            for free in again.picture.iter().filter(|segment| !segment.locked) {
                assert_eq!(free.look, None);
                let twice = kept.segments.iter().any(|LockedSegment { segment, .. }| {
                    let film = sources[free.source[1..].parse::<usize>().unwrap() - 1]
                        .analysis
                        .video
                        .is_some();
                    let apart = free.end <= segment.start || free.start >= segment.end;
                    film && free.source == segment.source && !apart
                });
                assert!(!twice, "{}", again.summary());
            }
        }
        let talk = plan(&EditRequest {
            style: Style::find("talk").unwrap(),
            locked: Some(&kept),
            ..request(&sources, music)
        });
        assert!(matches!(talk, Err(Error::Usage { .. })));
    }
}
