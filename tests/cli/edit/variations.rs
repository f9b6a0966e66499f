//! Several films of one shoot, and films that are cut to a track they leave out.

use tastemaker::choice::Setting;
use tastemaker::edit::{
    CutRule, EditRequest, MarkerKind, MusicChoice, NamedStretch, Plan, SourceFile, SourceKind,
    Style, plan, plan_variations,
};

use super::made;
use super::planning::{check, holiday, request};

/// Frames of a film, each as a source and a tenth of its second; a photo is one.
fn frames(plan: &Plan) -> Vec<(String, i64)> {
    let frame = plan.output.frame_rate.inverse().unwrap();
    let mut frames = Vec::new();
    for segment in &plan.picture {
        let source = plan
            .sources
            .iter()
            .find(|source| source.id == segment.source)
            .unwrap();
        for number in 0..segment.frames(plan.output.frame_rate) {
            let at = segment.start_exact + tastemaker::time::Rational::whole(number as i64) * frame;
            let tenth = if source.kind == SourceKind::Image {
                0
            } else {
                (at.seconds() * 10.0) as i64
            };
            frames.push((source.path.clone(), tenth));
        }
    }
    frames
}

fn long_holiday() -> Vec<SourceFile> {
    let mut sources = holiday();
    for name in ["c.jpg", "d.jpg"] {
        sources.push(made::source(made::photo(name, 4000, 3000)));
    }
    sources
}

#[test]
fn variations_show_something_else_for_four_tenths_of_their_time() {
    let sources = long_holiday();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let styles = Style::all().unwrap().iter();
    for style in styles.filter(|style| style.cut == CutRule::Montage) {
        let request = EditRequest {
            style,
            length: Some(20.0),
            ..request(&sources, Some(&track))
        };
        let films = plan_variations(&request, 3).unwrap();
        assert_eq!(films[0].outcome.plan, plan(&request).unwrap().plan);
        assert_eq!(films[0].distance, 0.0);
        let first = frames(&films[0].outcome.plan);
        for (number, film) in films.iter().enumerate().skip(1) {
            let case = format!("{} {number} {}", style.id, film.distance);
            check(&film.outcome.plan, &sources, Some(&track));
            let here = frames(&film.outcome.plan);
            let other = here.iter().filter(|frame| !first.contains(frame)).count();
            let other = other as f64 / here.len() as f64;
            assert!(film.distance >= 0.4, "{case}");
            // Frames are told apart to a tenth of a second only.
            assert!(other > film.distance - 0.1, "{case}: {other}");
            for earlier in &films[..number] {
                assert_ne!(film.outcome.plan, earlier.outcome.plan, "{case}");
            }
        }
    }
}

#[test]
fn films_that_cannot_differ_say_so() {
    let sources = [
        made::source(made::photo("a.jpg", 4000, 3000)),
        made::source(made::photo("b.jpg", 4000, 3000)),
    ];
    let films = plan_variations(&request(&sources, None), 2).unwrap();
    assert_eq!(films[1].distance, 0.0);
    let mut remarks = films[1].outcome.decisions.iter();
    assert!(remarks.any(|remark| remark.reason.contains("only 0 % of it differs")));
    let talk = EditRequest {
        style: Style::find("talk").unwrap(),
        ..request(&sources, None)
    };
    assert_eq!(plan_variations(&talk, 2).unwrap_err().code(), "usage");
    assert!(plan_variations(&talk, 1).is_ok());
}

#[test]
fn a_guide_track_is_cut_to_and_left_out() {
    let mut sources = holiday();
    sources[1].analysis.audio = Some(made::quiet(18.0));
    let track = made::track("song.ogg", 120.0, 117.3, 0.31);
    let laid = plan(&request(&sources, Some(&track))).unwrap();
    let guide = EditRequest {
        music: Some(MusicChoice {
            track: &track,
            guide: true,
            reasons: Vec::new(),
            arrangement: None,
        }),
        ..request(&sources, None)
    };
    let outcome = plan(&guide).unwrap();
    let plan = outcome.plan;
    assert_eq!(plan.picture, laid.plan.picture);
    assert!(
        plan.sources
            .iter()
            .all(|source| source.kind != SourceKind::Audio)
    );
    assert!(plan.sound.iter().all(|sound| sound.source != "music"));
    assert!(!plan.sound.is_empty(), "the clips keep their own sound");
    let start = outcome.guide_start.unwrap();
    assert!((start - laid.plan.sound[0].start).abs() < 1e-3);
    assert_eq!(plan.markers[0].kind, MarkerKind::Note);
    assert!(plan.markers[0].text.starts_with("song.ogg from "));
    let told = outcome
        .decisions
        .iter()
        .find(|decision| decision.setting == Setting::GuideTrack);
    assert!(
        told.unwrap()
            .reason
            .contains(&format!("start it at {start:.3} s"))
    );
    let text = plan.to_json().unwrap();
    assert_eq!(Plan::parse(&text, "made.plan.json".as_ref()).unwrap(), plan);
}

#[test]
fn a_guide_track_that_ends_ends_the_film() {
    let sources = holiday();
    let track = made::track("song.ogg", 10.0, 120.0, 0.5);
    let guide = |must| EditRequest {
        music: Some(MusicChoice {
            track: &track,
            guide: true,
            reasons: Vec::new(),
            arrangement: None,
        }),
        must,
        ..request(&sources, None)
    };
    let film = plan(&guide(Vec::new())).unwrap();
    let played = film.guide_start.unwrap() + film.plan.output.duration;
    assert!(played <= 10.0 + 0.5 / 30.0, "{played}");
    let refused = plan(&guide(vec![NamedStretch {
        source: 0,
        start: 1.0,
        end: 12.0,
    }]));
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("and the track only"), "{refused}");
}
