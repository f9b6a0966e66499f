//! Crops that follow the subject, against the boxes of the corpus.

use serde_json::Value;
use tastemaker::edit::{EditRequest, LookChoice, Platform, ShownBefore, Style, plan};
use tastemaker::time::Rational;

use super::made;
use crate::support;

/// Linear between the points, held at the ends.
fn crop_at(path: &[[f64; 5]], time: f64) -> [f64; 4] {
    let after = path.partition_point(|point| point[0] <= time);
    if after == 0 || after == path.len() {
        let [_, x, y, width, height] = path[after.min(path.len() - 1)];
        return [x, y, width, height];
    }
    let (a, b) = (path[after - 1], path[after]);
    let share = (time - a[0]) / (b[0] - a[0]);
    std::array::from_fn(|k| a[k + 1] + (b[k + 1] - a[k + 1]) * share)
}

#[derive(serde::Deserialize)]
struct Truth {
    clips: Vec<Clip>,
}

#[derive(serde::Deserialize)]
struct Clip {
    file: String,
    fps: i64,
    width: u32,
    height: u32,
    boxes: Vec<[f64; 6]>,
    #[serde(default)]
    others: Vec<Vec<[f64; 4]>>,
}

/// A number from -1 to 1.
fn noise(seed: usize) -> f64 {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> 33) % 2001) as f64 / 1000.0 - 1.0
}

/// The subject as a detector would see it: five times a second, off by up to 2 % of the picture.
fn detected_path(clip: &Clip) -> Vec<[f64; 5]> {
    let (wide, high) = (f64::from(clip.width), f64::from(clip.height));
    (0..clip.boxes.len())
        .step_by(5)
        .map(|frame| {
            let [x0, y0, x1, y1, ..] = clip.boxes[frame];
            let off = 0.02 * noise(frame);
            [
                frame as f64 / clip.fps as f64,
                x0 / wide + off,
                y0 / high,
                (x1 - x0) / wide,
                (y1 - y0) / high,
            ]
        })
        .collect()
}

#[test]
fn upright_crops_keep_the_subject_and_do_not_shake() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let truth = std::fs::read_to_string(corpus.join("video/subject.json")).unwrap();
    let truth: Truth = serde_json::from_str(&truth).unwrap();
    let (mut inside_all, mut bends_all) = (0.0, 0.0);
    for clip in &truth.clips {
        let count = clip.boxes.len();
        let (wide, high) = (f64::from(clip.width), f64::from(clip.height));
        let rate = Rational::whole(clip.fps);
        let mut analysis = made::film(&clip.file, (clip.width, clip.height), rate, &[count as u64]);
        let fps = clip.fps as f64;
        analysis.video.as_mut().unwrap().shots[0].subject_path = detected_path(clip);
        let sources = [made::source(analysis)];
        let outcome = plan(&EditRequest {
            sources: &sources,
            music: None,
            style: Style::find("steady").unwrap(),
            platform: Platform::find("youtube").unwrap(),
            aspect: Some((9, 16)),
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
        })
        .unwrap();
        let (mut inside, mut kept, mut bends) = (0, 0, Vec::new());
        for segment in &outcome.plan.picture {
            let mut centers = Vec::new();
            for frame in 0..count {
                let time = frame as f64 / fps;
                if time < segment.start - 1e-6 || time >= segment.end - 1e-6 {
                    continue;
                }
                kept += 1;
                let [x, y, width, height] = crop_at(&segment.crop, time);
                assert!(((width * wide) / (height * high) / (9.0 / 16.0) - 1.0).abs() < 0.002);
                assert!(x >= 0.0 && y >= 0.0 && x + width <= 1.0 && y + height <= 1.0);
                centers.push((x + width / 2.0, y + height / 2.0));
                let holds = |cx: f64, cy: f64| {
                    (x..=x + width).contains(&(cx / wide))
                        && (y..=y + height).contains(&(cy / high))
                };
                let [.., cx, cy] = clip.boxes[frame];
                let others = clip.others.get(frame).map_or(&[][..], Vec::as_slice);
                let any_other = others
                    .iter()
                    .any(|[x0, y0, x1, y1]| holds((x0 + x1) / 2.0, (y0 + y1) / 2.0));
                inside += usize::from(holds(cx, cy) || any_other);
            }
            bends.extend(centers.windows(3).map(|three| {
                (three[0].0 - 2.0 * three[1].0 + three[2].0).abs()
                    + (three[0].1 - 2.0 * three[1].1 + three[2].1).abs()
            }));
        }
        let inside = inside as f64 / kept.max(1) as f64;
        let bends = bends.iter().sum::<f64>() / bends.len().max(1) as f64;
        eprintln!(
            "{}: inside {inside:.3}, jitter {bends:.5}, kept {kept}/{count}, points {}",
            clip.file,
            outcome.plan.picture[0].crop.len()
        );
        assert!(kept * 10 >= count * 9, "one clip keeps nearly everything");
        inside_all += inside / truth.clips.len() as f64;
        bends_all += bends / truth.clips.len() as f64;
    }
    assert!(
        inside_all >= 0.97,
        "the subject's middle is inside in {inside_all:.3}"
    );
    assert!(bends_all <= 0.0015, "jitter is {bends_all:.5}");
}

/// Photos in which a detector is wrong or sees nothing (a trunk is a "giraffe"), with the box of their subject.
const SUBJECTS: [(&str, [f64; 4]); 3] = [
    ("nuthatch.jpg", [0.40, 0.36, 0.135, 0.30]),
    ("dandelion.jpg", [0.14, 0.10, 0.31, 0.46]),
    ("fig.jpg", [0.41, 0.36, 0.29, 0.40]),
];

#[test]
fn upright_crops_of_photos_keep_the_subject_whatever_the_detector_calls_it() {
    let home = support::Home::new();
    for (photo, [x, y, width, height]) in SUBJECTS {
        let plan = home.path("plan.json");
        support::tastemaker(&home)
            .arg("edit")
            .arg(support::media(&format!("photos/{photo}")))
            .args(["--plan-only", "--force", "--aspect", "9:16", "-o"])
            .arg(&plan)
            .exits(0);
        let plan: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
        let segment = &plan["picture"][0];
        let number = |value: &Value| value.as_f64().unwrap();
        let crop: Vec<f64> = segment["crop"][0]
            .as_array()
            .unwrap()
            .iter()
            .map(number)
            .collect();
        let push = segment["effects"][0]["amount"]
            .as_f64()
            .unwrap_or(0.0)
            .abs();
        // A push shows 1 / (1 + push) of the crop, about its middle.
        let seen = |start: f64, length: f64| {
            let lost = length * (1.0 - 1.0 / (1.0 + push)) / 2.0;
            (start + lost, start + length - lost)
        };
        let kept = |(from, to): (f64, f64), start: f64, length: f64| {
            (to.min(start + length) - from.max(start)).max(0.0) / length
        };
        let share =
            kept(seen(crop[1], crop[3]), x, width) * kept(seen(crop[2], crop[4]), y, height);
        assert!(
            share >= 0.9,
            "{photo}: {share:.2} of the subject is shown by {segment}"
        );
    }
}

/// A camera that pans over the photo of a bird on a trunk, which the detector calls a giraffe, so that the bird crosses
/// the picture from right to left.
#[test]
fn upright_crops_of_films_follow_the_subject_across_the_picture() {
    const SECONDS: f64 = 4.0;
    /// Share of the photo that the camera shows; where that begins, and how far it moves.
    const SHOWN: f64 = 0.6;
    const FROM: f64 = 0.1;
    const PAN: f64 = 0.3;
    let home = support::Home::new();
    let film = support::ffmpeg()
        .words("-loop 1 -framerate 15 -t 4 -i")
        .arg(support::media("photos/nuthatch.jpg"))
        .args([
            "-vf",
            "crop=iw*0.6:ih*0.6:iw*(0.1+0.3*t/4):ih*0.2,scale=640:-2,format=yuv420p",
        ])
        .writes(home.path("bird.mp4"));
    let plan = home.path("plan.json");
    support::tastemaker(&home)
        .arg("edit")
        .arg(&film)
        .args(["--plan-only", "--aspect", "9:16", "-o"])
        .arg(&plan)
        .exits(0);
    let plan: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
    let (_, [x, _, width, _]) = SUBJECTS[0];
    let segment = &plan["picture"][0];
    let crop: Vec<[f64; 5]> = serde_json::from_value(segment["crop"].clone()).unwrap();
    let (start, end) = (segment["in"].as_f64(), segment["out"].as_f64());
    let (start, end) = (start.unwrap(), end.unwrap());
    assert!(end - start > 2.0, "{segment}");
    let inside = (0..20).filter(|step| {
        let time = start + (end - start) * f64::from(*step) / 20.0;
        let middle = (x + width / 2.0 - FROM - PAN * time / SECONDS) / SHOWN;
        let [from, _, size, _] = crop_at(&crop, time);
        (from..=from + size).contains(&middle)
    });
    let inside = inside.count();
    assert!(inside >= 17, "the bird is in {inside} of 20: {crop:?}");
}

/// A van fills the left of the picture and a cyclist stands at its right: no upright crop holds both.
#[test]
fn a_part_of_a_clip_that_no_crop_holds_is_shown_wider_beside_other_files() {
    let home = support::Home::new();
    let photo = support::media("photos/fig.jpg");
    let stretch = "0:05.9-0:06.6";
    let beside = upright_bikes(&home, stretch, &[photo.to_str().unwrap()]);
    let is_there = |segment: &&Value| (segment["in"].as_f64().unwrap() - 5.9).abs() < 0.05;
    let cars = beside.iter().find(is_there).unwrap();
    assert!(is_wider(cars), "{cars}");
    let crop: Vec<[f64; 5]> = serde_json::from_value(cars["crop"].clone()).unwrap();
    // The film's shape is 0.24 of the picture's width.
    assert!(crop.iter().all(|point| point[3] > 0.4), "{crop:?}");
    let reasons = cars["reasons"].as_array().unwrap();
    let says =
        |reason: &Value| ["shown_whole", "shown_wider"].contains(&reason["code"].as_str().unwrap());
    assert!(reasons.iter().any(says), "{cars}");
    // Alone, the clip is what somebody wants in this shape.
    let alone = upright_bikes(&home, stretch, &[]);
    assert!(!alone.iter().any(is_wider), "{alone:?}");
}

/// A cyclist stands beside a van that catches the eye as much: the film is about the one who was followed.
#[test]
fn a_crop_that_holds_everybody_who_was_followed_is_not_shown_wider() {
    let home = support::Home::new();
    let photo = support::media("photos/fig.jpg");
    let beside = upright_bikes(&home, "0:04.4-0:05.1", &[photo.to_str().unwrap()]);
    let cyclist = beside.iter().find(|segment| segment["in"] == 4.4).unwrap();
    assert!(!is_wider(cyclist), "{cyclist}");
    let crop: Vec<[f64; 5]> = serde_json::from_value(cyclist["crop"].clone()).unwrap();
    // His helmet is at 0.62 to 0.66 and his bicycle at 0.54 to 0.75 of the picture's width.
    for time in [4.4, 4.7, 5.0] {
        let [x, _, width, _] = crop_at(&crop, time);
        assert!(x <= 0.57 && x + width >= 0.72, "{crop:?}");
    }
}

/// The segments of an upright film that has to show a stretch of `bikes.mp4`, beside other files.
fn upright_bikes(home: &support::Home, stretch: &str, more: &[&str]) -> Vec<Value> {
    let plan = home.path("plan.json");
    support::tastemaker(home)
        .arg("edit")
        .arg(support::media("clips/bikes.mp4"))
        .args(more)
        .args(["--must", &format!("bikes.mp4@{stretch}"), "--length", "4s"])
        .args(["--style", "punchy", "--music", "none", "--aspect", "9:16"])
        .args(["--plan-only", "--force", "-o"])
        .arg(&plan)
        .exits(0);
    let plan: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
    plan["picture"].as_array().unwrap().clone()
}

fn is_wider(segment: &Value) -> bool {
    segment["fit"] == "blurred"
}

/// Animals and a car that are longer than an upright crop is wide, each beside a photo: all of their body is seen, and
/// a shot has one shape wherever the film shows it.
#[test]
fn a_subject_longer_than_the_crop_is_shown_wider_and_a_shot_in_one_shape() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let truth = std::fs::read_to_string(corpus.join("video/subject_more.json")).unwrap();
    let truth: Truth = serde_json::from_str(&truth).unwrap();
    let home = support::Home::new();
    for name in ["camel", "car-roundabout", "libby"] {
        let clip = truth.clips.iter().find(|clip| clip.file.contains(name));
        let clip = clip.unwrap();
        let plan = home.path("plan.json");
        support::tastemaker(&home)
            .arg("edit")
            .arg(corpus.join("video").join(&clip.file))
            .arg(support::media("photos/fig.jpg"))
            .args(["--style", "travel", "--length", "8s", "--music", "none"])
            .args(["--aspect", "9:16", "--plan-only", "--force", "-o"])
            .arg(&plan)
            .exits(0);
        let plan: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
        let segments = plan["picture"].as_array().unwrap();
        let is_photo = |segment: &&Value| segment["effects"][0]["kind"] == "slow_push";
        let of_clip: Vec<&Value> = segments.iter().filter(|it| !is_photo(it)).collect();
        assert!(!of_clip.is_empty(), "{name}: {segments:?}");
        let mut shares = Vec::new();
        for segment in &of_clip {
            assert_eq!(segment["fit"], "blurred", "{name}: {segment}");
            let crop: Vec<[f64; 5]> = serde_json::from_value(segment["crop"].clone()).unwrap();
            let (start, end) = (segment["in"].as_f64(), segment["out"].as_f64());
            for (frame, [x0, _, x1, ..]) in clip.boxes.iter().enumerate() {
                let time = frame as f64 / clip.fps as f64;
                if !(start.unwrap()..end.unwrap()).contains(&time) {
                    continue;
                }
                let (from, to) = (x0 / f64::from(clip.width), x1 / f64::from(clip.width));
                let [x, _, width, _] = crop_at(&crop, time);
                shares.push((to.min(x + width) - from.max(x)).max(0.0) / (to - from));
            }
        }
        let shown = shares.iter().sum::<f64>() / shares.len() as f64;
        // Crops of the film's shape show .6 to .75 of them.
        assert!(shown >= 0.85, "{name}: {shown:.2}");
    }
}

/// One face stands at the left of the photo and one at its right: no upright crop holds both, and a panel holds each.
#[test]
fn two_people_far_apart_have_a_panel_each() {
    let home = support::Home::new();
    let portrait = support::media("photos/astronaut.jpg");
    let pair = support::ffmpeg()
        .input(&portrait)
        .args([
            "-vf",
            "scale=700:700,split[a][b];[a]pad=1920:1080:0:200:gray[c];[b]hflip[d];[c][d]overlay=1220:200",
        ])
        .writes(home.path("pair.png"));
    let plan = home.path("plan.json");
    support::tastemaker(&home)
        .arg("edit")
        .arg(&pair)
        .arg(support::media("photos/fig.jpg"))
        .args([
            "--style",
            "slideshow",
            "--music",
            "none",
            "--aspect",
            "9:16",
        ])
        .args(["--plan-only", "-o"])
        .arg(&plan)
        .exits(0);
    let plan: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
    let split = |segment: &&Value| segment["second_crop"].is_array();
    let segments = plan["picture"].as_array().unwrap();
    let panels = segments.iter().find(split).expect("a photo in two panels");
    let crop =
        |key: &str| -> Vec<[f64; 5]> { serde_json::from_value(panels[key].clone()).unwrap() };
    // The faces are in the middle of the portrait, of which each panel shows one alone.
    for (key, face) in [("crop", 0.157), ("second_crop", 0.843)] {
        let [_, x, y, width, height] = crop(key)[0];
        assert!((x..x + width).contains(&face), "{key}: {x} {width}");
        assert!((y..y + height).contains(&0.34), "{key}: {y} {height}");
        assert!(width < 0.5, "{key}: {width}");
    }
    assert!(panels["fit"].is_null(), "{panels}");
    let reasons = panels["reasons"].as_array().unwrap();
    assert!(
        reasons.iter().any(|reason| reason["code"] == "two_panels"),
        "{panels}"
    );
}
