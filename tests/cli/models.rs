//! Networks against their reference cases, and errors for missing or wrong files and ONNX Runtime.

use std::path::{Path, PathBuf};

use serde_json::Value;
use symphonia::core::formats::TrackType;
use symphonia::core::formats::probe::Hint;
use symphonia::core::io::MediaSourceStream;
use tastemaker::geometry::{Point, Rect, Size};
use tastemaker::media::{Limits, decode_still, to_srgb};
use tastemaker::models::{
    BeatActivation, BeatStream, Models, ModelsOptions, SHOT_FRAME, SHOT_WINDOW, ShotProbabilities,
};
use tastemaker::picture::Rgb8;

use crate::support;

/// The cases of one network, `NAME.*.json`, with the part of the name behind the dot.
fn cases(network: &str) -> Vec<(String, Value)> {
    let folder = support::root().join("models/golden/cases");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if let Some((_, rest)) = name
            .split_once('.')
            .filter(|(before, _)| *before == network)
        {
            let case = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            found.push((rest.to_string(), case));
        }
    }
    assert!(!found.is_empty(), "{network} has golden cases");
    found
}

/// The 1000 label texts ("tabby, tabby cat").
fn imagenet_labels() -> Vec<String> {
    let file = support::root().join("models/imagenet-1k.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// Activations of a whole sound.
fn beat_activations(samples: &[f32]) -> Vec<BeatActivation> {
    let (mut stream, mut activations) = (BeatStream::default(), Vec::new());
    let models = support::models();
    stream.push(models, samples, &mut activations).unwrap();
    stream.finish(models, &mut activations).unwrap();
    activations
}

/// The network's answer for each frame: of windows that advance by 50 frames, the middle 50.
fn shot_sequence(frames: &[&Rgb8]) -> Vec<ShotProbabilities> {
    let (margin, step) = (SHOT_WINDOW / 4, SHOT_WINDOW / 2);
    let mut answers = Vec::new();
    for start in (0..frames.len()).step_by(step) {
        let window: Vec<&Rgb8> = (start..start + SHOT_WINDOW)
            .map(|at| frames[at.saturating_sub(margin).min(frames.len() - 1)])
            .collect();
        let answer = support::models().shot_window(&window).unwrap();
        answers.extend(answer.into_iter().skip(margin).take(step));
    }
    answers.truncate(frames.len());
    answers
}

fn decoded(path: &Path) -> Rgb8 {
    let decoded = image::open(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .into_rgb8();
    let size = Size::new(decoded.width(), decoded.height());
    Rgb8::new(size, decoded.into_raw()).unwrap()
}

fn input(name: &str) -> PathBuf {
    support::root().join("models/golden/inputs").join(name)
}

fn picture(case: &Value) -> Rgb8 {
    decoded(&input(case["inputs"][0].as_str().unwrap()))
}

fn numbers(value: &Value) -> Vec<f64> {
    let values = value.as_array().unwrap();
    values.iter().map(|value| value.as_f64().unwrap()).collect()
}

#[track_caller]
fn close(what: &str, found: f64, wanted: f64, tolerance: f64) {
    assert!(
        (found - wanted).abs() <= tolerance,
        "{what} is {found}, not {wanted}"
    );
}

#[track_caller]
fn close_box(what: &str, found: Rect, size: Size, wanted: &Value, tolerance: f64) {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let corners = [
        found.x * width,
        found.y * height,
        (found.x + found.width) * width,
        (found.y + found.height) * height,
    ];
    for (found, wanted) in corners.into_iter().zip(numbers(wanted)) {
        close(what, found, wanted, tolerance);
    }
}

/// Checks single values of a summary.
#[track_caller]
fn close_summary(what: &str, found: &[f32], summary: &Value, tolerance: f64) {
    let count: u64 = (summary["shape"].as_array().unwrap().iter())
        .map(|side| side.as_u64().unwrap())
        .product();
    assert_eq!(found.len() as u64, count, "{what}");
    let places = summary["index"].as_array().unwrap();
    for (place, wanted) in places.iter().zip(numbers(&summary["value"])) {
        let place = place.as_u64().unwrap() as usize;
        close(
            &format!("{what} {place}"),
            f64::from(found[place]),
            wanted,
            tolerance,
        );
    }
}

#[test]
fn speech_is_heard_as_the_reference_hears_it() {
    use tastemaker::models::{SPEECH_FRAME, TokenSampler};
    for (name, case) in cases("whisper-tiny-en") {
        let samples = sound(&case);
        let heard = support::models()
            .transcribe(&samples, TokenSampler::Best)
            .unwrap();
        let expected = &case["expected"];
        assert_eq!(
            serde_json::json!(heard.tokens),
            expected["token_ids"],
            "{name}"
        );
        assert!(
            heard.mean_log_probability > -0.6,
            "{}",
            heard.mean_log_probability
        );
        let wanted = expected["words"].as_array().unwrap();
        assert_eq!(heard.words.len(), wanted.len(), "{name}");
        for (word, wanted) in heard.words.iter().zip(wanted) {
            assert_eq!(word.text, wanted[0].as_str().unwrap(), "{name}");
            assert!(word.confidence > 0.0 && word.confidence <= 1.0);
            for (frame, wanted) in [(word.start_frame, &wanted[1]), (word.end_frame, &wanted[2])] {
                let found = frame as f64 * SPEECH_FRAME;
                close(&word.text, found, wanted.as_f64().unwrap(), 0.06);
            }
        }
    }
}

#[test]
fn classify_matches_the_golden_cases() {
    let models = support::models();
    let labels = imagenet_labels();
    for (name, case) in cases("efficientnet-lite0") {
        let picture = picture(&case);
        let found = models.classify(&[&picture]).unwrap().remove(0);
        let sum: f32 = found.probabilities.iter().sum();
        close(&format!("{name}: sum"), f64::from(sum), 1.0, 1e-4);

        let (best, _) = (found.probabilities.iter().enumerate())
            .max_by(|a, b| a.1.total_cmp(b.1))
            .unwrap();
        let top = case["expected"]["top5"].as_array().unwrap();
        assert_eq!(labels[best], top[0][0].as_str().unwrap(), "{name}");
        for row in top {
            let place = row[1].as_u64().unwrap() as usize;
            assert_eq!(labels[place], row[0].as_str().unwrap(), "{name}");
            let wanted = row[2].as_f64().unwrap();
            close(&name, f64::from(found.probabilities[place]), wanted, 0.02);
        }
        let summary = &case["expected"]["embedding"];
        close_summary(&name, &found.embedding, summary, 0.1);
    }
}

#[test]
fn classify_gives_one_answer_a_picture_whatever_its_neighbors() {
    let models = support::models();
    let pictures: Vec<Rgb8> = ["chelsea.png", "coffee.png"]
        .map(|name| decoded(&input(name)))
        .into();
    let both = models.classify(&[&pictures[0], &pictures[1]]).unwrap();
    let second = models.classify(&[&pictures[1]]).unwrap();
    assert_eq!(both.len(), 2);
    assert_eq!(both[1].probabilities, second[0].probabilities);
    assert!(models.classify(&[]).unwrap().is_empty());
}

#[test]
fn objects_match_the_golden_cases() {
    for (name, case) in cases("nanodet-g") {
        let picture = picture(&case);
        let found = support::models().detect_objects(&picture).unwrap();
        let wanted = case["expected"]["objects"].as_array().unwrap();
        assert_eq!(found.len(), wanted.len(), "{name}: {found:?}");
        for (found, wanted) in found.iter().zip(wanted) {
            assert_eq!(found.label, wanted["label"].as_str().unwrap(), "{name}");
            let score = wanted["score"].as_f64().unwrap();
            close(&name, f64::from(found.score), score, 0.03);
            close_box(
                &name,
                found.bounds,
                picture.size(),
                &wanted["box_xyxy"],
                2.0,
            );
        }
    }
}

#[test]
fn faces_and_expressions_match_the_golden_cases() {
    let models = support::models();
    for (name, case) in cases("faces") {
        let picture = picture(&case);
        let found = models.detect_faces(&picture).unwrap();
        let expected = &case["expected"];
        assert_eq!(
            found.len() as u64,
            expected["faces"].as_u64().unwrap(),
            "{name}"
        );
        let Some(face) = found.first() else {
            continue;
        };
        let score = expected["score"].as_f64().unwrap();
        close(&name, f64::from(face.score), score, 0.02);
        close_box(
            &name,
            face.bounds,
            picture.size(),
            &expected["box_xyxy"],
            1.0,
        );
        let keypoints = expected["keypoints_xy"].as_array().unwrap();
        assert_eq!(keypoints.len(), face.keypoints.len());
        for (&Point { x, y }, wanted) in face.keypoints.iter().zip(keypoints) {
            let wanted = numbers(wanted);
            close(&name, x * f64::from(picture.size().width), wanted[0], 1.0);
            close(&name, y * f64::from(picture.size().height), wanted[1], 1.0);
        }
        let probabilities = models.face_expression(&picture, face.bounds).unwrap();
        for (label, probability) in tastemaker::models::EXPRESSIONS.iter().zip(probabilities) {
            let wanted = expected["expression"][label].as_f64().unwrap();
            close(label, f64::from(probability), wanted, 0.05);
        }
    }
}

/// Faces that people have drawn boxes around, in pixels: file, left, top, width, height.
fn drawn_faces(folder: &Path) -> Vec<(PathBuf, Vec<[f64; 4]>)> {
    let mut found: Vec<(PathBuf, Vec<[f64; 4]>)> = Vec::new();
    for list in ["testing.xml", "training.xml"] {
        let text = std::fs::read_to_string(folder.join(list)).unwrap();
        for line in text.lines().map(str::trim) {
            let value = |key: &str| {
                let (_, rest) = line.split_once(&format!("{key}='"))?;
                rest.split('\'').next()
            };
            if line.starts_with("<image ") {
                found.push((folder.join(value("file").unwrap()), Vec::new()));
            } else if line.starts_with("<box ") && value("ignore") != Some("1") {
                let sides = ["left", "top", "width", "height"];
                let sides = sides.map(|side| value(side).unwrap().parse().unwrap());
                found.last_mut().unwrap().1.push(sides);
            }
        }
    }
    found
}

fn hits(found: &[Rect], wanted: &[[f64; 4]], size: Size) -> usize {
    let mut left: Vec<Rect> = found.to_vec();
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let hit = wanted.iter().filter(|&&[x, y, w, h]| {
        let wanted = Rect::new(x / width, y / height, w / width, h / height);
        let best = (0..left.len())
            .max_by(|&a, &b| left[a].overlap(wanted).total_cmp(&left[b].overlap(wanted)));
        best.filter(|&best| left[best].overlap(wanted) >= 0.4)
            .map(|best| left.swap_remove(best))
            .is_some()
    });
    hit.count()
}

/// The limits allow for differences between CPUs.
#[test]
fn the_search_finds_faces_of_any_size_and_no_others() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let models = support::models();
    let images = corpus.join("images");
    let boxes = |picture: &Rgb8| -> Vec<Rect> {
        let faces = models.detect_faces_tiled(picture).unwrap();
        faces.iter().map(|face| face.bounds).collect()
    };

    let (mut hit, mut small_hit, mut said, mut drawn) = (0, 0, 0, 0);
    for (path, wanted) in drawn_faces(&images.join("faces")) {
        let picture = decoded(&path);
        let found = boxes(&picture);
        hit += hits(&found, &wanted, picture.size());
        said += found.len();
        drawn += wanted.len();

        // The same picture as a small part of a large one.
        let mut large = Rgb8::black(Size::new(1400, 1100));
        let (left, top) = (611, 333);
        for y in 0..picture.height() {
            for x in 0..picture.width() {
                let at = ((y + top) * 1400 + x + left) * 3;
                large.samples_mut()[at..at + 3].copy_from_slice(&picture.pixel(x, y));
            }
        }
        let moved: Vec<[f64; 4]> = (wanted.iter())
            .map(|&[x, y, w, h]| [x + left as f64, y + top as f64, w, h])
            .collect();
        small_hit += hits(&boxes(&large), &moved, large.size());
    }
    eprintln!("drawn faces: {hit} of {drawn} ({said} said), small ones {small_hit}");
    assert!(drawn >= 40, "{drawn}");
    assert!(hit * 20 >= drawn * 19, "{hit} of {drawn}");
    assert!(said <= hit + 2, "{said} said, {hit} right");
    assert!(small_hit * 10 >= drawn * 9, "{small_hit} of {drawn}");

    let labels = std::fs::read(images.join("labels.json")).unwrap();
    let labels: Value = serde_json::from_slice(&labels).unwrap();
    // Photos with one of these tags may show people or pictures of people.
    let people = "people portrait crowd sport_people sport street art statue shop interior graphic game screenshot \
                  text_graphic illustration toy";
    let people: Vec<&str> = people.split_whitespace().collect();
    let (mut portraits, mut seen, mut others, mut ghosts) = (0, 0, 0, Vec::new());
    for (name, tags) in labels["images"].as_object().unwrap() {
        let path = images.join(name);
        let tags: Vec<&str> = (tags.as_array().unwrap().iter())
            .map(|tag| tag.as_str().unwrap())
            .collect();
        let portrait = tags.contains(&"portrait");
        let without = !tags.iter().any(|tag| people.contains(tag));
        if !path.is_file() || !(portrait || without) {
            continue;
        }
        let found = !boxes(&decoded(&path)).is_empty();
        if portrait {
            portraits += 1;
            seen += usize::from(found);
        } else {
            others += 1;
            if found {
                ghosts.push(name);
            }
        }
    }
    eprintln!("portraits with a face: {seen} of {portraits}; others: {ghosts:?} of {others}");
    assert!(
        portraits > 0 && seen * 8 >= portraits * 7,
        "{seen} of {portraits}"
    );
    assert!(ghosts.len() * 50 <= others, "{ghosts:?}");
}

#[test]
fn saliency_matches_the_golden_cases() {
    for (name, case) in cases("u2net-p") {
        let picture = picture(&case);
        let mask = support::models().saliency(&picture).unwrap();
        let expected = &case["expected"];
        close_summary(&name, &mask.values, &expected["mask"], 0.05);
        let above = mask.values.iter().filter(|&&value| value > 0.5).count();
        let share = above as f64 / mask.values.len() as f64;
        close(
            &name,
            share,
            expected["area_above_half"].as_f64().unwrap(),
            0.01,
        );
        // Two cells of the mask.
        let cell = f64::from(picture.size().width.max(picture.size().height)) / 160.0;
        let bounds = mask.bounds(0.5).unwrap();
        close_box(&name, bounds, picture.size(), &expected["box_xyxy"], cell);
    }
}

#[test]
fn person_masks_match_the_golden_cases() {
    for (name, case) in cases("selfie-segmenter") {
        let picture = picture(&case);
        let mask = support::models().person_mask(&picture, Rect::FULL).unwrap();
        let expected = &case["expected"];
        close_summary(&name, &mask.values, &expected["mask"], 0.05);
        let above = mask.values.iter().filter(|&&value| value > 0.5).count();
        let share = above as f64 / mask.values.len() as f64;
        let wanted = expected["area_above_half"].as_f64().unwrap();
        close(&name, share, wanted, 0.01);
    }
}

#[test]
fn people_are_looked_for_where_faces_and_objects_say() {
    let read = |name: &str| {
        let path = support::media(&format!("photos/{name}.jpg"));
        to_srgb(&decode_still(&path, &Limits::default()).unwrap().picture)
    };
    let people = support::models().people(&read("astronaut")).unwrap();
    assert!(
        people
            .iter()
            .any(|part| part.x < 0.3 && part.x + part.width > 0.6),
        "{people:?}"
    );
    assert!(
        people.iter().all(|part| part.clipped() == *part),
        "{people:?}"
    );
    assert!(
        support::models()
            .people(&read("coffee"))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn text_regions_match_the_golden_cases() {
    for (name, case) in cases("ppocr-v4-det") {
        let picture = picture(&case);
        let found = support::models().text_regions(&picture).unwrap();
        let wanted = case["expected"]["boxes"].as_array().unwrap();
        assert_eq!(found.len(), wanted.len(), "{name}: {found:?}");
        for (found, wanted) in found.iter().zip(wanted) {
            let score = wanted["score"].as_f64().unwrap();
            close(&name, f64::from(found.score), score, 0.03);
            close_box(
                &name,
                found.bounds,
                picture.size(),
                &wanted["box_xyxy"],
                3.0,
            );
        }
    }
}

/// Golden sound, mono.
fn sound(case: &Value) -> Vec<f32> {
    let file = std::fs::File::open(input(case["inputs"][0].as_str().unwrap())).unwrap();
    let stream = MediaSourceStream::new(Box::new(file), Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, Default::default(), Default::default())
        .unwrap();
    let track = format.default_track(TrackType::Audio).unwrap();
    let codec = track.codec_params.as_ref().unwrap().audio().unwrap();
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(codec, &Default::default())
        .unwrap();
    let mut samples = Vec::new();
    while let Some(packet) = format.next_packet().unwrap() {
        let decoded = decoder.decode(&packet).unwrap();
        let mut block = vec![0.0; decoded.samples_interleaved()];
        decoded.copy_to_slice_interleaved(&mut block);
        samples.extend(block);
    }
    samples
}

#[test]
fn sound_events_match_the_golden_case() {
    for (name, case) in cases("fireredvad-aed") {
        let found = support::models().sound_events(&sound(&case)).unwrap();
        let rows = case["expected"]["every_10th_frame"].as_array().unwrap();
        assert_eq!(found.len().div_ceil(10), rows.len(), "{name}");
        for (frame, row) in found.iter().step_by(10).zip(rows) {
            let wanted = numbers(row);
            close("speech", f64::from(frame.speech), wanted[0], 0.02);
            close("singing", f64::from(frame.singing), wanted[1], 0.02);
            close("music", f64::from(frame.music), wanted[2], 0.02);
        }
    }
    let short = support::models().sound_events(&[0.1; 399]).unwrap();
    assert!(short.is_empty());
}

#[test]
fn beat_activations_match_the_golden_cases() {
    for (name, case) in cases("beatnet") {
        let found = beat_activations(&sound(&case));
        let beats = numbers(&case["expected"]["activation_beat"]);
        let downbeats = numbers(&case["expected"]["activation_downbeat"]);
        assert_eq!(found.len(), beats.len(), "{name}");
        for (found, (beat, downbeat)) in found.iter().zip(beats.into_iter().zip(downbeats)) {
            close(&name, f64::from(found.beat), beat, 0.01);
            close(&name, f64::from(found.downbeat), downbeat, 0.01);
        }
    }
    assert!(beat_activations(&[]).is_empty());
}

/// Means of each number over patches.
fn means(rows: &[Vec<f32>]) -> Vec<f64> {
    let sum = |at: usize| rows.iter().map(|row| f64::from(row[at])).sum::<f64>();
    (0..rows[0].len())
        .map(|at| sum(at) / rows.len() as f64)
        .collect()
}

#[test]
fn music_tags_match_the_golden_cases() {
    let models = support::models();
    let labels = models.music_tag_labels().unwrap();
    for (network, prefix) in ["musicnn-msd", "musicnn-mtt"].into_iter().enumerate() {
        for (name, case) in cases(prefix) {
            let heard = models.music_patches(&sound(&case)).unwrap();
            assert_eq!(heard.len(), 2, "{name}: 6 seconds");
            let rows: Vec<Vec<f32>> = heard
                .iter()
                .map(|patch| patch.tags[network].clone())
                .collect();
            let tags = numbers(&case["expected"]["tags"]);
            assert_eq!(rows[0].len(), tags.len(), "{name}");
            for (found, wanted) in means(&rows).into_iter().zip(tags) {
                close(&name, found, wanted, 0.002);
            }
            for row in case["expected"]["top8"].as_array().unwrap() {
                let place = row[1].as_u64().unwrap() as usize;
                assert_eq!(labels[network][place], row[0].as_str().unwrap());
            }
            let half = |patch: &tastemaker::models::MusicPatch| {
                patch.penultimate[network * 200..(network + 1) * 200].to_vec()
            };
            let rows: Vec<Vec<f32>> = heard.iter().map(half).collect();
            let found: Vec<f32> = means(&rows).into_iter().map(|mean| mean as f32).collect();
            close_summary(&name, &found, &case["expected"]["penultimate_mean"], 0.01);
        }
    }
}

#[test]
fn axes_and_embeddings_of_music_match_the_golden_cases() {
    let models = support::models();
    for (name, case) in cases("mood-head") {
        let heard = models.music_patches(&sound(&case)).unwrap();
        let rows: Vec<Vec<f32>> = heard.into_iter().map(|patch| patch.penultimate).collect();
        let mean = means(&rows);
        let axes = models.mood_axes(&mean).unwrap();
        for (axis, found) in [
            ("valence", axes.valence),
            ("energy", axes.energy),
            ("danceability", axes.danceability),
            ("acousticness", axes.acousticness),
        ] {
            let wanted = case["expected"]["axes"][axis].as_f64().unwrap();
            close(&format!("{name}: {axis}"), found, wanted, 0.01);
        }
        let wanted = numbers(&case["expected"]["embedding"]);
        let found = models.music_embedding(&mean).unwrap();
        assert_eq!(found.len(), wanted.len());
        for (found, wanted) in found.into_iter().zip(wanted) {
            close(&name, f64::from(found), wanted, 1.0);
        }
    }
}

#[test]
fn a_sound_of_wild_numbers_is_survived() {
    let mut samples = vec![0.01; 16_000];
    for (place, wild) in [f32::NAN, f32::INFINITY, -f32::MAX, 1e30, -0.0]
        .into_iter()
        .enumerate()
    {
        samples[1000 + place * 777] = wild;
    }
    let models = support::models();
    for frame in models.sound_events(&samples).unwrap() {
        assert!(frame.speech.is_finite() && frame.music.is_finite());
    }
    for frame in beat_activations(&samples) {
        assert!(frame.beat.is_finite() && frame.downbeat.is_finite());
    }
    for patch in models.music_patches(&samples).unwrap() {
        assert!(patch.tags.iter().flatten().all(|tag| tag.is_finite()));
        assert!(patch.penultimate.iter().all(|number| number.is_finite()));
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    let products = a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b));
    products.sum()
}

#[test]
fn sentences_match_the_golden_case() {
    for (name, case) in cases("minilm-l6-int8") {
        let inputs = case["inputs"].as_array().unwrap();
        let texts: Vec<&str> = inputs.iter().map(|text| text.as_str().unwrap()).collect();
        let found = support::models().embed_sentences(&texts).unwrap();
        let expected = &case["expected"];
        for (index, vector) in found.iter().enumerate() {
            close_summary(&name, vector, &expected["embedding"][index], 0.002);
            let likenesses = numbers(&expected["cosine"][index]);
            for (other, wanted) in found.iter().zip(likenesses) {
                close(&name, dot(vector, other), wanted, 0.005);
            }
            let alone = support::models().embed_sentences(&[texts[index]]).unwrap();
            assert!(dot(&alone[0], vector) > 0.999_999, "{name}: {index}");
        }
    }
}

/// A picture and a prompt meet in the space of the sentences: the likeliest labels, summed by their probability.
#[test]
fn pictures_find_their_prompts_through_their_labels() {
    let models = support::models();
    let labels = imagenet_labels();
    for (name, case) in cases("conse") {
        let expected = &case["expected"];
        let prompts: Vec<&str> = (expected["prompts"].as_array().unwrap().iter())
            .map(|prompt| prompt.as_str().unwrap())
            .collect();
        let prompt_vectors = models.embed_sentences(&prompts).unwrap();
        for (file, best) in expected["best"].as_object().unwrap() {
            let answer = models
                .classify(&[&decoded(&input(file))])
                .unwrap()
                .remove(0);
            let mut order: Vec<usize> = (0..labels.len()).collect();
            order.sort_by(|&a, &b| answer.probabilities[b].total_cmp(&answer.probabilities[a]));
            let mut sum = vec![0.0; tastemaker::models::SENTENCE_SIZE];
            for &label in &order[..10] {
                let word = labels[label].split(',').next().unwrap();
                let text = format!("a photo of a {word}");
                let vector = models.embed_sentences(&[&text]).unwrap().remove(0);
                for (sum, number) in sum.iter_mut().zip(vector) {
                    *sum += answer.probabilities[label] * number;
                }
            }
            let length = dot(&sum, &sum).sqrt();
            for row in best.as_array().unwrap() {
                let place = row[1].as_u64().unwrap() as usize;
                let likeness = dot(&sum, &prompt_vectors[place]) / length;
                let wanted = row[2].as_f64().unwrap();
                close(&format!("{name}: {file}"), likeness, wanted, 0.02);
            }
            let found = (0..prompts.len())
                .max_by(|&a, &b| {
                    dot(&sum, &prompt_vectors[a]).total_cmp(&dot(&sum, &prompt_vectors[b]))
                })
                .unwrap();
            assert_eq!(prompts[found], best[0][0].as_str().unwrap(), "{file}");
        }
    }
}

#[test]
fn any_text_is_embedded() {
    let long = "word ".repeat(10_000);
    let texts = ["", " ", "\u{0}", "日本語 🎵", long.as_str()];
    let vectors = support::models().embed_sentences(&texts).unwrap();
    for (text, vector) in texts.iter().zip(&vectors) {
        assert!((dot(vector, vector) - 1.0).abs() < 1e-4, "{text:.20}");
    }
    assert!(support::models().embed_sentences(&[]).unwrap().is_empty());
}

/// The golden film: 100 frames.
fn film() -> Vec<Rgb8> {
    std::fs::read(input("film_100x27x48x3.rgb"))
        .unwrap()
        .chunks_exact(3 * SHOT_FRAME.pixels() as usize)
        .map(|frame| Rgb8::new(SHOT_FRAME, frame.to_vec()).unwrap())
        .collect()
}

#[test]
fn shots_match_the_golden_case() {
    let film = film();
    let frames: Vec<&Rgb8> = film.iter().collect();
    for (name, case) in cases("transnet-v2") {
        let window = support::models().shot_window(&frames).unwrap();
        let sequence = shot_sequence(&frames);
        let expected = &case["expected"];
        for (key, found) in [("one_window", &window), ("sliding", &sequence)] {
            let last = numbers(&expected[format!("{key}_single")]);
            let inside = numbers(&expected[format!("{key}_many_hot")]);
            assert_eq!(found.len(), last.len(), "{name}: {key}");
            for (found, (last, inside)) in found.iter().zip(last.into_iter().zip(inside)) {
                close(key, f64::from(found.last), last, 0.005);
                close(key, f64::from(found.inside), inside, 0.005);
            }
        }
        for cut in numbers(&expected["cuts_after_frame"]) {
            assert!(sequence[cut as usize].last > 0.5, "{name}: cut after {cut}");
        }
    }
}

#[test]
fn a_shot_window_of_the_wrong_length_or_size_is_refused() {
    let frame = Rgb8::black(SHOT_FRAME);
    let short = support::models().shot_window(&[&frame; 99]).unwrap_err();
    assert_eq!(
        short.to_string(),
        "network transnet-v2 failed: a window has 100 frames, not 99"
    );
    let large = Rgb8::black(Size::new(96, 54));
    let wrong = support::models().shot_window(&[&large; 100]).unwrap_err();
    assert!(wrong.to_string().contains("48×27, not 96×54"), "{wrong}");
}

#[test]
fn several_threads_run_one_network_at_once_with_equal_answers() {
    let models = support::models();
    let picture = decoded(&input("astronaut.png"));
    let first = models.detect_faces(&picture).unwrap();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| models.detect_faces(&picture).unwrap()))
            .collect();
        for thread in threads {
            let answer = thread.join().unwrap();
            assert_eq!(format!("{answer:?}"), format!("{first:?}"));
        }
    });
}

/// A models folder of its own with the manifest and one network, its content as `change` leaves it.
fn folder(change: impl FnOnce(&mut Vec<u8>)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let shipped = support::root().join("models");
    std::fs::copy(
        shipped.join("manifest.toml"),
        folder.path().join("manifest.toml"),
    )
    .unwrap();
    let mut content = std::fs::read(shipped.join("blazeface-full-range.onnx")).unwrap();
    change(&mut content);
    std::fs::write(folder.path().join("blazeface-full-range.onnx"), content).unwrap();
    folder
}

fn open(folder: &Path, runtime: PathBuf) -> Models {
    Models::open(ModelsOptions {
        folder: folder.to_path_buf(),
        runtime: vec![runtime],
    })
    .unwrap()
}

#[test]
fn a_changed_model_file_is_refused() {
    let flipped = folder(|content| content[500_000] ^= 1);
    let models = open(flipped.path(), support::runtime());
    let error = models
        .detect_faces(&Rgb8::black(Size::new(8, 8)))
        .unwrap_err();
    assert_eq!(error.code(), "model_mismatch");
    assert!(error.to_string().contains("its sha256 is "), "{error}");
    assert_eq!(
        models.check("blazeface-full-range").unwrap_err().code(),
        "model_mismatch"
    );

    let cut = folder(|content| content.truncate(100));
    let error = open(cut.path(), support::runtime())
        .check("blazeface-full-range")
        .unwrap_err();
    assert!(
        error.to_string().contains("it has 100 bytes, not 1085595"),
        "{error}"
    );
}

#[test]
fn a_missing_model_file_is_named() {
    let folder = folder(|_| ());
    let models = open(folder.path(), support::runtime());
    let missing = folder.path().join("nanodet-g.onnx");
    let error = models.check("nanodet-g").unwrap_err();
    assert_eq!(error.code(), "model_missing");
    assert_eq!(error.file(), Some(missing.as_path()));
    // The labels are asked for first.
    let error = models
        .detect_objects(&Rgb8::black(Size::new(8, 8)))
        .unwrap_err();
    assert_eq!(error.code(), "model_missing");
    assert_eq!(models.check("dall-e").unwrap_err().code(), "unknown_name");
}

#[test]
fn a_folder_without_a_manifest_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let error = Models::open(ModelsOptions {
        folder: folder.path().to_path_buf(),
        runtime: Vec::new(),
    })
    .unwrap_err();
    assert_eq!(error.code(), "model_missing");
    assert_eq!(
        error.file(),
        Some(folder.path().join("manifest.toml").as_path())
    );
}

#[test]
fn every_shipped_file_is_the_pinned_one() {
    let models = support::models();
    for entry in &models.manifest().models {
        models.check(&entry.name).unwrap();
    }
    for entry in &models.manifest().files {
        models.check(&entry.file).unwrap();
    }
    let fingerprint = models.fingerprint();
    assert_eq!(fingerprint.len(), 64);
    assert_eq!(fingerprint, support::models().fingerprint());
}

#[test]
fn a_missing_or_wrong_runtime_is_a_typed_error_and_can_be_tried_again() {
    let folder = folder(|_| ());
    let picture = Rgb8::black(Size::new(8, 8));

    let nowhere = folder.path().join("nowhere/libonnxruntime.so");
    let error = open(folder.path(), nowhere.clone())
        .detect_faces(&picture)
        .unwrap_err();
    assert_eq!(error.code(), "runtime");
    assert!(
        error.to_string().contains(&nowhere.display().to_string()),
        "{error}"
    );

    let text = folder.path().join("libtext.so");
    std::fs::write(&text, "this is no library").unwrap();
    for wrong in [text, folder.path().to_path_buf()] {
        let error = open(folder.path(), wrong.clone()).runtime().unwrap_err();
        assert_eq!(error.code(), "runtime");
        assert!(
            error.to_string().contains(&wrong.display().to_string()),
            "{error}"
        );
    }

    let models = open(folder.path(), support::runtime());
    assert!(models.detect_faces(&picture).unwrap().is_empty());
    assert!(models.runtime().unwrap().version.starts_with("1."));
}

#[test]
fn the_first_runtime_that_exists_is_used() {
    let models = Models::open(ModelsOptions {
        folder: support::root().join("models"),
        runtime: vec!["/nowhere/a.so".into(), support::runtime()],
    })
    .unwrap();
    let info = models.runtime().unwrap();
    assert_eq!(info.path, support::runtime().canonicalize().unwrap());
}
