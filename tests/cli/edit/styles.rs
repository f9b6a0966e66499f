//! Styles that look alike are refused: of the same material each makes another film.

use tastemaker::analysis::Span;
use tastemaker::edit::{CutRule, EditRequest, Plan, SourceFile, SourceOrder, Style, plan};
use tastemaker::time::Rational;

use super::made;
use super::planning::{check, number, request};

/// Eight clips, of which two are spoken over, and four photos among them.
fn twelve() -> Vec<SourceFile> {
    let mut sources = Vec::new();
    for at in 0..12_u32 {
        if at % 3 == 2 {
            sources.push(made::source(made::photo(&format!("{at}.jpg"), 4000, 3000)));
            continue;
        }
        let name = format!("{at}.mp4");
        let mut analysis = made::film(&name, (1920, 1080), Rational::whole(30), &[240, 300, 360]);
        let video = analysis.video.as_mut().unwrap();
        for (number, shot) in video.shots.iter_mut().enumerate() {
            shot.motion.energy = f64::from((at * 7 + number as u32 * 3) % 10) / 10.0;
            let score = 0.5 + 0.05 * f64::from((at * 5 + number as u32 * 7) % 9);
            let mut moment = made::moment(shot.start + 0.5, shot.end - 0.5, score);
            moment.peak = Some(shot.start + 4.05);
            shot.moments.push(moment);
        }
        if at % 6 == 1 {
            let mut audio = made::quiet(30.0);
            audio.speech.push(Span {
                start: 0.0,
                end: 30.0,
            });
            analysis.audio = Some(audio);
        }
        sources.push(made::source(analysis));
    }
    sources
}

/// Where in the film each source is shown, 0..1, by the middle of what it shows.
fn places(plan: &Plan, sources: &[SourceFile]) -> Vec<Option<f64>> {
    let mut sums = vec![(0.0, 0.0); sources.len()];
    let mut start = 0.0;
    for segment in &plan.picture {
        let length = segment.length().seconds();
        let sum = &mut sums[number(plan, sources, &segment.source)];
        sum.0 += (start + length / 2.0) * length;
        sum.1 += length;
        start += length;
    }
    let place = |(moment, length): (f64, f64)| (length > 0.0).then(|| moment / length / start);
    sums.into_iter().map(place).collect()
}

fn length_of_a_shot(plan: &Plan) -> f64 {
    plan.output.duration / plan.picture.len() as f64
}

/// How far two styles are apart: 1 for 25 % in the length of a shot, for 0.2 in the order of sources, or for 4 dB in
/// the sound.
fn distance(a: &(&Style, Plan), b: &(&Style, Plan), sources: &[SourceFile]) -> f64 {
    let pace = (length_of_a_shot(&a.1) / length_of_a_shot(&b.1)).ln().abs() / 1.25_f64.ln();
    let (first, second) = (places(&a.1, sources), places(&b.1, sources));
    let far: Vec<f64> = first
        .iter()
        .zip(&second)
        .map(|(a, b)| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs(),
            (None, None) => 0.0,
            _ => 0.5,
        })
        .collect();
    let order = far.iter().sum::<f64>() / far.len() as f64 / 0.2;
    let (one, other) = (a.0.sound, b.0.sound);
    let sound = (one.source_db - other.source_db)
        .abs()
        .max((one.duck_db - other.duck_db).abs())
        / 4.0;
    (pace.powi(2) + order.powi(2) + sound.powi(2)).sqrt()
}

#[test]
fn no_two_styles_make_films_that_are_alike() {
    let sources = twelve();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let styles = Style::all().unwrap().iter();
    let films: Vec<(&Style, Plan)> = styles
        .filter(|style| style.cut == CutRule::Montage)
        .map(|style| {
            let plan = plan(&EditRequest {
                style,
                length: Some(30.0),
                ..request(&sources, Some(&track))
            });
            let plan = plan.unwrap().plan;
            check(&plan, &sources, Some(&track));
            (style, plan)
        })
        .collect();
    assert_eq!(films.len(), 10);
    let mut alike = Vec::new();
    for (at, a) in films.iter().enumerate() {
        for b in &films[at + 1..] {
            let distance = distance(a, b, &sources);
            if distance < 1.0 {
                alike.push(format!("{} and {}: {distance:.2}", a.0.id, b.0.id));
            }
        }
    }
    assert!(alike.is_empty(), "{alike:?}");
}

#[test]
fn styles_that_keep_the_order_of_the_files_do() {
    let sources = twelve();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let styles = Style::all().unwrap().iter();
    for style in styles.filter(|style| style.order == SourceOrder::Files) {
        let outcome = plan(&EditRequest {
            style,
            length: Some(40.0),
            ..request(&sources, Some(&track))
        });
        let plan = outcome.unwrap().plan;
        // But for the opener, no segment is from a file that lies far before or behind its place.
        let count = plan.picture.len() as f64;
        for (at, segment) in plan.picture.iter().enumerate().skip(1) {
            let file = number(&plan, &sources, &segment.source) as f64 / 12.0;
            assert!(
                (file - at as f64 / count).abs() < 0.35,
                "{} {at} {file}",
                style.id
            );
        }
    }
}

#[test]
fn sport_shows_what_moves_and_product_what_does_not() {
    let sources = twelve();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let motion = |id: &str| {
        let outcome = plan(&EditRequest {
            style: Style::find(id).unwrap(),
            length: Some(20.0),
            ..request(&sources, Some(&track))
        });
        let plan = outcome.unwrap().plan;
        let energies: Vec<f64> = plan
            .picture
            .iter()
            .filter_map(|segment| {
                let video = sources[number(&plan, &sources, &segment.source)]
                    .analysis
                    .video
                    .as_ref()?;
                let shot = video
                    .shots
                    .iter()
                    .rfind(|shot| shot.start_exact <= segment.start_exact)?;
                Some(shot.motion.energy)
            })
            .collect();
        energies.iter().sum::<f64>() / energies.len() as f64
    };
    let (sport, product) = (motion("sport"), motion("product"));
    assert!(sport > product + 0.15, "{sport} {product}");
}

#[test]
fn a_slideshow_dissolves_where_both_pictures_have_room() {
    let sources = twelve();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let outcome = plan(&EditRequest {
        style: Style::find("slideshow").unwrap(),
        length: Some(40.0),
        ..request(&sources, Some(&track))
    });
    let plan = outcome.unwrap().plan;
    check(&plan, &sources, Some(&track));
    let timed = plan
        .picture
        .iter()
        .filter_map(|segment| segment.transition.timed());
    let durations: Vec<Rational> = timed.map(|timed| timed.duration_exact).collect();
    assert!(
        durations.len() >= plan.picture.len() / 2,
        "{}",
        durations.len()
    );
    assert!(
        durations
            .iter()
            .all(|duration| *duration == Rational::new(3, 5).unwrap())
    );
    // No handle shows another shot.
    let half = Rational::new(3, 10).unwrap();
    for pair in plan.picture.windows(2) {
        if pair[1].transition.timed().is_none() {
            continue;
        }
        let within = |segment: &tastemaker::edit::Segment, start: Rational, end: Rational| {
            let Some(video) = &sources[number(&plan, &sources, &segment.source)]
                .analysis
                .video
            else {
                return true;
            };
            let mut shots = video.shots.iter();
            shots.any(|shot| shot.start_exact <= start && end <= shot.end_exact)
        };
        assert!(within(
            &pair[0],
            pair[0].start_exact,
            pair[0].end_exact + half
        ));
        assert!(within(
            &pair[1],
            pair[1].start_exact - half,
            pair[1].end_exact
        ));
    }
}

#[test]
fn a_slideshow_gives_every_photo_its_turn() {
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    let shown = |count: u32| {
        let photos = (0..count).map(|at| made::photo(&format!("{at:02}.jpg"), 4000, 3000));
        let sources: Vec<SourceFile> = photos.map(made::source).collect();
        let plan = plan(&EditRequest {
            style: Style::find("slideshow").unwrap(),
            length: Some(40.0),
            ..request(&sources, Some(&track))
        });
        let plan = plan.unwrap().plan;
        check(&plan, &sources, Some(&track));
        plan.picture.len()
    };
    // 40 seconds at eight beats of half a second are ten photos; more of them pass faster, to 2.4 seconds each.
    assert_eq!(shown(8), 8);
    assert!(shown(14) >= 13, "{}", shown(14));
    let many = shown(40);
    assert!((13..=17).contains(&many), "{many}");
}

#[test]
fn styles_use_their_transitions_no_more_often_than_they_say() {
    let sources = twelve();
    let track = made::track("song.ogg", 120.0, 120.0, 0.5);
    for (name, kind, every) in [
        ("travel", "whip", 4),
        ("product", "push_left", 3),
        ("trailer", "dip_to_black", 5),
    ] {
        let outcome = plan(&EditRequest {
            style: Style::find(name).unwrap(),
            length: Some(40.0),
            ..request(&sources, Some(&track))
        });
        let plan = outcome.unwrap().plan;
        check(&plan, &sources, Some(&track));
        let at: Vec<usize> = (0..plan.picture.len())
            .filter(|number| plan.picture[*number].transition.timed().is_some())
            .collect();
        assert!(!at.is_empty(), "{name} has no transition");
        assert!(at[0] >= every, "{name}: {at:?}");
        assert!(
            at.windows(2).all(|pair| pair[1] - pair[0] >= every),
            "{name}: {at:?}"
        );
        for number in at {
            let timed = plan.picture[number].transition.timed().unwrap();
            assert_eq!(timed.kind.as_layer_transition().facts().kind, kind);
        }
    }
}
