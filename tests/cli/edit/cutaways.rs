//! Clips in which nobody speaks, and photos, over what is said in style `talk`.

use tastemaker::analysis::{Transcript, TranscriptWord};
use tastemaker::edit::{
    EditRequest, MusicChoice, NamedStretch, Plan, RescoreRequest, Segment, SourceFile, Style, plan,
    rescore,
};
use tastemaker::time::Rational;

use super::made;
use super::speech_cuts::{planned, request, speaker};

/// Somebody who says "dogs" at 12 s, in a second sentence that begins at 11.4 s.
fn storyteller() -> SourceFile {
    let said = [
        ("Hello", 1.4),
        ("there.", 8.2),
        ("My", 11.5),
        ("dogs", 12.0),
        ("bark.", 24.5),
    ];
    let words = said.map(|(text, start)| TranscriptWord {
        text: text.into(),
        start,
        end: start + 0.4,
        confidence: 0.9,
    });
    let mut source = speaker(-20.0, -60.0);
    source.analysis.audio.as_mut().unwrap().transcript = Some(Transcript {
        language: "en".into(),
        words: words.to_vec(),
    });
    source
}

fn silent(name: &str, frames: u64) -> SourceFile {
    made::source(made::film(
        name,
        (1920, 1080),
        Rational::whole(25),
        &[frames],
    ))
}

/// The cutaways of a plan, and the seconds of the film at which they begin and end.
fn cutaways(plan: &Plan) -> Vec<(&Segment, f64, f64)> {
    let mut at = 0.0;
    let mut found = Vec::new();
    for segment in &plan.picture {
        let end = at + segment.length().seconds();
        if segment
            .reasons
            .iter()
            .any(|reason| reason.code == "cutaway")
        {
            found.push((segment, at, end));
        }
        at = end;
    }
    found
}

#[test]
fn they_are_laid_over_speech_that_goes_on() {
    let alone = planned(&[storyteller()], "talk");
    let dog = made::source(made::photo("dogs.jpg", 1600, 900));
    let plan = planned(&[storyteller(), silent("waves.mp4", 200), dog], "talk");
    // What is heard is the same to the sample.
    assert_eq!(plan.sound, alone.sound);
    assert_eq!(plan.output.duration_exact, alone.output.duration_exact);
    let text = plan.to_json().unwrap();
    assert_eq!(Plan::parse(&text, "made.plan.json".as_ref()).unwrap(), plan);

    let laid = cutaways(&plan);
    assert_eq!(laid.len(), 2, "{laid:?}");
    let opening = plan.picture.first().unwrap();
    assert_eq!(
        (opening.source.as_str(), opening.length().seconds() >= 3.0),
        ("s1", true)
    );
    for (segment, start, end) in &laid {
        assert!((1.2..=3.5).contains(&(end - start)), "{segment:?}");
        // The first sentence ends at 8.6 s of the source, 7.4 s of the film.
        assert!(
            *start >= 7.0 && *end <= plan.output.duration - 1.5,
            "{segment:?}"
        );
    }
    assert!(laid[1].1 - laid[0].2 >= 1.9, "{laid:?}");
    // The dog is seen when it is named.
    let (_, start, end) = laid
        .iter()
        .find(|(segment, _, _)| segment.source == "s3")
        .unwrap();
    let part = plan
        .sound
        .iter()
        .find(|sound| (sound.start..sound.end).contains(&12.0))
        .unwrap();
    let said = part.at + 12.0 - part.start;
    assert!(
        *start <= said && said < *end,
        "{start} to {end}, said at {said}"
    );
}

#[test]
fn what_finds_no_place_or_has_to_be_shown_stands_by_itself() {
    let alone = planned(&[storyteller()], "talk").output.duration;
    let photo = || made::source(made::photo("photo.jpg", 1600, 900));
    // Two cuts and the ends of three sentences carry no eight pictures.
    let sources: Vec<SourceFile> = std::iter::once(storyteller())
        .chain((0..8).map(|number| silent(&format!("{number}.mp4"), 100)))
        .collect();
    let plan_of_many = planned(&sources, "talk");
    let laid = cutaways(&plan_of_many).len();
    assert!((1..8).contains(&laid), "{laid}");
    let longer = plan_of_many.output.duration - alone;
    assert!(
        (longer - (8 - laid) as f64 * 4.0).abs() < 0.1,
        "{longer} with {laid} laid"
    );

    let sources = [photo(), storyteller()];
    let must = vec![NamedStretch {
        source: 0,
        start: 0.0,
        end: 5.0,
    }];
    let asked = EditRequest {
        must,
        ..request(&sources, "talk")
    };
    let shown = plan(&asked).unwrap().plan;
    assert_eq!(cutaways(&shown), []);
    assert_eq!(shown.picture[0].source, "s1");
    assert!((shown.output.duration - alone - 5.0).abs() < 0.05);
}

#[test]
fn music_that_is_laid_later_leaves_the_speech_under_them() {
    let sources = [
        storyteller(),
        silent("waves.mp4", 200),
        silent("trees.mp4", 200),
    ];
    let before = planned(&sources, "talk");
    assert!(!cutaways(&before).is_empty());
    let track = made::track("track.ogg", 120.0, 120.0, 0.0);
    let analyses: Vec<_> = sources.into_iter().map(|source| source.analysis).collect();
    let after = rescore(&RescoreRequest {
        plan: &before,
        sources: &analyses,
        music: MusicChoice {
            track: &track,
            guide: false,
            reasons: Vec::new(),
            arrangement: None,
        },
        style: Style::find("talk").unwrap(),
        stretch: 0.0,
        denoise: None,
    })
    .unwrap()
    .plan;
    // At each moment of the film the same second of the same recording is heard.
    let heard = |plan: &Plan, time: f64| {
        let mut parts = plan.sound.iter().filter(|sound| sound.source == "s1");
        let part = parts.find(|sound| (sound.at..sound.at + sound.length()).contains(&time));
        part.map(|part| part.start + time - part.at)
    };
    for tenth in 1..(before.output.duration * 10.0) as usize {
        let time = tenth as f64 / 10.0 + 0.03;
        let (was, is) = (heard(&before, time), heard(&after, time));
        let (Some(was), Some(is)) = (was, is) else {
            panic!("{time}: {was:?} and {is:?}");
        };
        assert!((was - is).abs() < 0.02, "{time}: {was} and {is}");
    }
}
