//! A plan with everything in it.

use std::path::Path;

use tastemaker::captions::{Caption, CaptionAlign};
use tastemaker::edit::{
    Fit, Marker, MarkerKind, OutputSpec, PLAN_SCHEMA, Plan, Segment, SoundSegment, Source,
    SourceKind,
};
use tastemaker::effects::{
    PunchIn, SegmentTransition, SlowPush, TimedTransition, TransitionEffect,
};
use tastemaker::picture::Background;
use tastemaker::time::Rational;

use crate::support::media;

pub fn ratio(above: i64, below: i64) -> Rational {
    Rational::new(above, below).unwrap()
}

fn source(id: &str, path: &Path, kind: SourceKind) -> Source {
    Source {
        id: id.into(),
        path: path.to_str().unwrap().into(),
        // Files are told apart by it; here their ids do.
        blake3: format!("{id:0<64}").replace(|letter: char| !letter.is_ascii_hexdigit(), "a"),
        kind,
        title: None,
        license: None,
        attribution: None,
    }
}

fn segment(source: &str, start: Rational, end: Rational) -> Segment {
    Segment {
        source: source.into(),
        start: start.seconds(),
        start_exact: start,
        end: end.seconds(),
        end_exact: end,
        crop: vec![[start.seconds(), 0.0, 0.0, 1.0, 1.0]],
        fit: Fit::Crop,
        second_crop: Vec::new(),
        second_source: None,
        speed: 1.0,
        look: None,
        look_strength: 1.0,
        effects: Vec::new(),
        transition: SegmentTransition::Cut,
        beat: None,
        locked: false,
        reasons: Vec::new(),
        carried: None,
    }
}

fn dissolve(duration: Rational) -> SegmentTransition {
    SegmentTransition::Timed(TimedTransition {
        kind: TransitionEffect::Dissolve,
        duration: duration.seconds(),
        duration_exact: duration,
    })
}

/// A plan with everything in it: two films, a photo, music; crops that move, looks, effects, speeds, dissolves,
/// captions and markers.
pub fn rich_plan(rate: Rational) -> Plan {
    let frame = rate.inverse().unwrap();
    let frames = |count: i64| Rational::whole(count) * frame;
    // At half speed this is one more frame of the film, so that no length is even.
    let half_frame = frame * ratio(1, 2);
    let mut picture = vec![
        segment("a1", frames(12), frames(60)),
        segment("b2", frames(20), frames(80) + half_frame),
        segment("c3", Rational::ZERO, frames(40)),
        segment("a1", frames(70), frames(130)),
        segment("b2", ratio(1, 7), ratio(1, 7) + frames(30)),
    ];
    picture[0].crop = vec![
        [frames(12).seconds(), 0.1, 0.0, 0.3, 0.9],
        [frames(60).seconds(), 0.2, 0.1, 0.3, 0.9],
    ];
    picture[0].look = Some("film-warm".into());
    picture[0].look_strength = 0.6;
    picture[1].speed = 0.5;
    picture[1].transition = dissolve(frames(11));
    picture[2].effects = vec![SlowPush { amount: 0.1 }.into()];
    picture[3].speed = 2.0;
    picture[3].effects = vec![
        PunchIn {
            at: frames(100).seconds(),
            amount: 0.2,
        }
        .into(),
    ];
    picture[4].transition = dissolve(frames(4));
    film(rate, picture)
}

/// The plan of such pictures, with sound, a caption and markers.
fn film(rate: Rational, picture: Vec<Segment>) -> Plan {
    let frame = rate.inverse().unwrap();
    let length = picture
        .iter()
        .fold(Rational::ZERO, |sum, segment| sum + segment.length());
    let sound = |start: Rational, end: Rational, at: f64| SoundSegment {
        source: "d4".into(),
        start: start.seconds(),
        start_exact: start,
        end: end.seconds(),
        end_exact: end,
        at,
        speed: 1.0,
        gain: vec![[at, -6.0], [at + 1.0, -12.0]],
        clean: None,
        reasons: Vec::new(),
    };
    Plan {
        schema: PLAN_SCHEMA.into(),
        sources: vec![
            source("a1", &media("clips/bikes.mp4"), SourceKind::Video),
            source("b2", &media("clips/plaza.mp4"), SourceKind::Video),
            source("c3", &media("photos/cat.jpg"), SourceKind::Image),
            source("d4", &media("music/rock.ogg"), SourceKind::Audio),
        ],
        output: OutputSpec {
            width: 1080,
            height: 1920,
            frame_rate: rate,
            duration: length.seconds(),
            duration_exact: length,
            loudness_lufs: -14.0,
            true_peak_dbtp: -1.0,
            platform: "tiktok".into(),
            style: "steady".into(),
            seed: 3,
            background: Background::BLACK,
            captions: None,
        },
        picture,
        sound: vec![
            sound(ratio(1, 2), ratio(7, 2), 0.0),
            sound(ratio(5, 1), ratio(8, 1), 2.5),
        ],
        captions: vec![Caption {
            text: "Tom & \"Jerry\"\n1 < 2".into(),
            start: 0.5,
            end: 1.5,
            style: Some("plain".into()),
            words: Vec::new(),
            place: None,
            align: Some(CaptionAlign::Center),
        }],
        markers: vec![
            Marker {
                at: 0.0,
                kind: MarkerKind::Chapter,
                text: "One & two".into(),
            },
            Marker {
                at: (Rational::whole(75) * frame).seconds(),
                kind: MarkerKind::Downbeat,
                text: String::new(),
            },
        ],
        carried: None,
    }
}
