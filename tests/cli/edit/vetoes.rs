//! What is kept out of a film, and what its places ask of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tastemaker::analysis::{FrameView, SpoiledKind, SpoiledSpan};
use tastemaker::edit::{
    CutRule, EditRequest, NamedStretch, Plan, SourceFile, SourceKind, Style, plan,
};
use tastemaker::geometry::Rect;
use tastemaker::time::Rational;

use super::made;
use super::planning::{check, holiday, number, request};

fn spoil(source: &mut SourceFile, start: f64, end: f64) {
    let video = source.analysis.video.as_mut().unwrap();
    video.spoiled.push(SpoiledSpan {
        start,
        end,
        kind: SpoiledKind::Shake,
    });
}

/// Seconds of a plan that show what is spoiled.
fn spoiled_seconds(plan: &Plan, sources: &[SourceFile]) -> f64 {
    plan.picture
        .iter()
        .filter_map(|segment| {
            let video = sources[number(plan, sources, &segment.source)]
                .analysis
                .video
                .as_ref()?;
            let spoiled = video.spoiled.iter();
            let shown = spoiled
                .map(|span| (span.end.min(segment.end) - span.start.max(segment.start)).max(0.0));
            Some(shown.sum::<f64>())
        })
        .sum()
}

#[test]
fn spoiled_stretches_stay_out_in_every_style_and_with_every_seed() {
    let mut sources = holiday();
    for (at, source) in sources.iter_mut().take(4).enumerate() {
        // In the middle of a good moment, at the start of the other one.
        spoil(source, 2.0 + 0.3 * at as f64, 4.5);
        spoil(source, 8.0, 11.0);
    }
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let styles = Style::all().unwrap().iter();
    for style in styles.filter(|style| style.cut == CutRule::Montage) {
        for seed in 0..3 {
            let request = EditRequest {
                style,
                seed,
                length: Some(20.0),
                ..request(&sources, Some(&track))
            };
            let plan = plan(&request).unwrap().plan;
            check(&plan, &sources, Some(&track));
            assert_eq!(spoiled_seconds(&plan, &sources), 0.0, "{} {seed}", style.id);
            assert!(plan.output.duration > 15.0, "{} {seed}", style.id);
        }
    }
}

#[test]
fn what_is_spoiled_all_through_is_shown_in_spite_of_it_and_says_so() {
    let mut sources = holiday();
    sources.truncate(1);
    spoil(&mut sources[0], 0.0, 30.0);
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let outcome = plan(&EditRequest {
        length: Some(8.0),
        ..request(&sources, Some(&track))
    })
    .unwrap();
    let said = |segment: &tastemaker::edit::Segment| {
        let mut reasons = segment.reasons.iter();
        reasons.any(|reason| reason.code == "spoiled" && reason.text.contains("shaken"))
    };
    assert!(outcome.plan.picture.iter().all(said));
    let remarks = outcome.decisions.iter();
    assert!(
        remarks
            .clone()
            .any(|decision| decision.reason.contains("shaken"))
    );
}

#[test]
fn what_a_person_never_wants_to_see_stays_out_even_of_a_film_that_has_nothing_else() {
    let mut sources = holiday();
    let never: Vec<NamedStretch> = (0..4)
        .map(|source| NamedStretch {
            source,
            start: 1.0,
            end: 15.0,
        })
        .chain([NamedStretch {
            source: 4,
            start: 0.0,
            end: 1.0,
        }])
        .collect();
    spoil(&mut sources[0], 0.0, 30.0);
    for count in [6, 1] {
        let sources = &sources[..count];
        let never: Vec<NamedStretch> = never
            .iter()
            .filter(|named| named.source < count)
            .copied()
            .collect();
        let plan = plan(&EditRequest {
            never: never.clone(),
            ..request(sources, None)
        })
        .unwrap()
        .plan;
        for segment in &plan.picture {
            let source = number(&plan, sources, &segment.source);
            let shows = |named: &NamedStretch| {
                let photo = sources[source].analysis.video.is_none();
                let meets = segment.start < named.end && segment.end > named.start;
                named.source == source && (photo || meets)
            };
            assert!(!never.iter().any(shows), "{segment:?}");
        }
    }
}

/// Views of a scene, several a second, that change as the camera turns.
fn views(seed: u32, seconds: u32) -> Vec<FrameView> {
    (0..seconds * 5 / 2)
        .map(|at| {
            let luma: Vec<u8> = (0..9_u32)
                .flat_map(|y| (0..16_u32).map(move |x| (x, y)))
                .map(|(x, y)| {
                    let cell = u64::from((x + at / 5) / 4 + 16 * (y / 3) + 1000 * seed);
                    let mixed = (cell + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 56) as u8
                })
                .collect();
            FrameView {
                time: f64::from(at) * 0.4,
                luma: STANDARD.encode(luma),
            }
        })
        .collect()
}

#[test]
fn of_two_takes_only_the_better_one_is_shown_and_it_says_so() {
    let mut sources = holiday();
    for (source, seed) in sources.iter_mut().take(4).zip([1, 5, 1, 9]) {
        source.analysis.video.as_mut().unwrap().views = views(seed, 18);
    }
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let outcome = plan(&request(&sources, Some(&track))).unwrap();
    let plan = outcome.plan;
    let shown = |wanted: usize| {
        let mut count = 0;
        for segment in &plan.picture {
            count += usize::from(number(&plan, &sources, &segment.source) == wanted);
        }
        count
    };
    // The moments of the third clip score more than those of the first.
    assert_eq!(shown(0), 0);
    assert!(shown(2) > 0 && shown(1) > 0 && shown(3) > 0);
    let best = plan.picture.iter().flat_map(|segment| &segment.reasons);
    assert!(
        best.clone()
            .any(|reason| reason.code == "best_take" && reason.text.contains("clip0"))
    );
    let mut remarks = outcome.decisions.iter();
    assert!(remarks.any(|decision| decision.reason.contains("clip0.mp4 from 0:00")));
}

#[test]
fn people_who_say_different_things_in_one_place_are_no_twins() {
    let mut sources = holiday();
    for source in sources.iter_mut().take(4) {
        source.analysis.video.as_mut().unwrap().views = views(1, 18);
        let mut audio = made::quiet(18.0);
        audio.speech.push(tastemaker::analysis::Span {
            start: 0.0,
            end: 17.0,
        });
        source.analysis.audio = Some(audio);
    }
    let plan = plan(&request(&sources, None)).unwrap().plan;
    let clips: std::collections::BTreeSet<usize> = plan
        .picture
        .iter()
        .map(|segment| number(&plan, &sources, &segment.source))
        .collect();
    assert!((0..4).all(|clip| clips.contains(&clip)), "{clips:?}");
}

fn is_photo(plan: &Plan, segment: usize) -> bool {
    let source = plan
        .sources
        .iter()
        .find(|source| source.id == plan.picture[segment].source);
    source.unwrap().kind == SourceKind::Image
}

#[test]
fn the_opener_moves_or_shows_a_face_however_good_a_photo_is() {
    let mut sources = holiday();
    for source in sources.iter_mut().take(4) {
        for shot in &mut source.analysis.video.as_mut().unwrap().shots {
            for moment in &mut shot.moments {
                moment.score = 0.35;
            }
        }
    }
    let quality = |source: &mut SourceFile| {
        source.analysis.picture.as_mut().unwrap().quality.score = 1.0;
    };
    sources.iter_mut().skip(4).for_each(quality);
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let opens_with_photo =
        |sources: &[SourceFile]| is_photo(&plan(&request(sources, Some(&track))).unwrap().plan, 0);
    assert!(!opens_with_photo(&sources));
    let face = tastemaker::analysis::Face {
        bounds: Rect::new(0.3, 0.2, 0.4, 0.5),
        score: 0.95,
        ..Default::default()
    };
    sources[4]
        .analysis
        .picture
        .as_mut()
        .unwrap()
        .faces
        .push(face);
    assert!(opens_with_photo(&sources));
}

#[test]
fn every_third_shows_clips_and_photos_and_a_blurred_photo_stays_out() {
    let mut sources = holiday();
    for name in ["c.jpg", "d.jpg", "blurred.jpg"] {
        sources.push(made::source(made::photo(name, 4000, 3000)));
    }
    let quality = &mut sources[8].analysis.picture.as_mut().unwrap().quality;
    quality.subject_sharpness = Some(0.1);
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    for id in ["punchy", "steady"] {
        for seed in 0..3 {
            let outcome = plan(&EditRequest {
                style: Style::find(id).unwrap(),
                seed,
                length: Some(20.0),
                ..request(&sources, Some(&track))
            })
            .unwrap();
            let (plan, decisions) = (outcome.plan, outcome.decisions);
            assert!(
                plan.sources
                    .iter()
                    .all(|source| source.path != "blurred.jpg")
            );
            // What is left out on purpose is named, and is not among those for which there is no room.
            let says = |text: &str| decisions.iter().any(|it| it.reason.contains(text));
            assert!(says("blurred.jpg is left out"), "{id} {seed}");
            let name = |file: &SourceFile| file.path.to_string_lossy().into_owned();
            let is_used = |name: &String| plan.sources.iter().any(|source| source.path == *name);
            let left_out = |name: &String| {
                let begins = format!("{name} is left out");
                decisions.iter().any(|it| it.reason.starts_with(&begins))
            };
            let unused = sources.iter().map(name);
            let unused = unused
                .filter(|name| !is_used(name) && !left_out(name))
                .count();
            let told = format!("{unused} of {} files are not shown", sources.len());
            assert_eq!(says("files are not shown"), unused > 0, "{id} {seed}");
            assert!(unused == 0 || says(&told), "{id} {seed}: {told}");
            let third = plan.output.duration / 3.0;
            let mut kinds = [[0_usize; 2]; 3];
            let mut start = Rational::ZERO;
            for segment in 0..plan.picture.len() {
                let end = start + plan.picture[segment].length();
                for (number, kinds) in kinds.iter_mut().enumerate() {
                    let (from, to) = (number as f64 * third, (number as f64 + 1.0) * third);
                    if end.seconds() > from + 0.07 && start.seconds() < to - 0.07 {
                        kinds[usize::from(is_photo(&plan, segment))] += 1;
                    }
                }
                start = end;
            }
            let both =
                |kinds: &[usize; 2]| kinds[0] + kinds[1] < 3 || (kinds[0] > 0 && kinds[1] > 0);
            assert!(kinds.iter().all(both), "{id} {seed}: {kinds:?}");
        }
    }
}
