//! `tastemaker look learn`: looks learned from pairs of real pictures.

use std::fs;

use tastemaker::geometry::Size;
use tastemaker::looks::{CompiledLook, LookLibrary};
use tastemaker::picture::{ColorSpace, Picture, Pixels, Rgb8};

use crate::support::{self, tastemaker};

#[test]
fn pairs_of_photographs_teach_what_an_expert_did_and_make_no_other_photograph_worse() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let images = corpus.join("images");
    let truth: serde_json::Value =
        serde_json::from_slice(&fs::read(images.join("pairs.json")).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut command =
        tastemaker(folder.path()).args(["look", "learn", "--json", "-o", "learned.toml"]);
    for pair in truth["pairs"].as_array().unwrap() {
        for (flag, side) in ["--before", "--after"].iter().zip(0..) {
            command = command
                .arg(flag)
                .arg(images.join(pair[side].as_str().unwrap()));
        }
    }
    let told = command.exits(0).document();
    assert_eq!(told["schema"], "tastemaker.learned-look/1");
    let figure = |name: &str| told[name].as_f64().unwrap();
    assert!(figure("left_out") < 0.5 * figure("before"), "{told}");
    assert!(figure("unexplained") < figure("left_out"), "{told}");
    for picture in told["pairs"].as_array().unwrap() {
        let of = |name: &str| picture[name].as_f64().unwrap();
        assert!(of("left_out") < 1.05 * of("before"), "{picture}");
    }

    let library = LookLibrary::open(None).unwrap();
    let path = folder.path().join("learned.toml");
    let look = library.find(path.to_str().unwrap()).unwrap();
    assert!(look.evens());
    // The same look makes a dark picture lighter by more than a bright one: it measures each.
    let compiled = CompiledLook::new(&look, 1.0).unwrap();
    let lighter = |scale: u32| {
        let samples: Vec<u8> = (0..12_288_u32)
            .map(|at| (at * 37 % 256 * scale / 4) as u8)
            .collect();
        let mean = |samples: &[u8]| samples.iter().map(|v| f64::from(*v)).sum::<f64>() / 12_288.0;
        let before = mean(&samples);
        let mut picture = Picture {
            pixels: Pixels::Eight(Rgb8::new(Size::new(64, 64), samples).unwrap()),
            alpha: None,
            color: ColorSpace::Srgb,
        };
        compiled.apply_picture(&mut picture, 0);
        let Pixels::Eight(pixels) = &picture.pixels else {
            panic!()
        };
        mean(pixels.samples()) / before
    };
    assert!(
        lighter(1) > 1.2 * lighter(4),
        "{} {}",
        lighter(1),
        lighter(4)
    );
}

#[test]
fn what_cannot_be_learned_from_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = support::root().join("models/golden/inputs");
    let run = |words: &[&str]| {
        let told = tastemaker(folder.path())
            .args(["look", "learn", "-o", "x.toml"])
            .args(words)
            .current_dir(&inputs)
            .exits(2);
        told.stderr()
    };
    let few = run(&["--before", "coffee.png", "--after", "coffee.png"]);
    assert!(
        few.contains("from 1 pairs") && few.contains("hint:"),
        "{few}"
    );
    let odd = run(&[
        "--before",
        "coffee.png",
        "--before",
        "china.png",
        "--after",
        "coffee.png",
    ]);
    assert!(odd.contains("2 pictures before and 1 after"), "{odd}");
    let shape = run(&["--before", "coffee.png", "--after", "astronaut.png"]);
    assert!(shape.contains("not the same shape"), "{shape}");
    assert!(!inputs.join("x.toml").exists() && !inputs.join("x.cube").exists());
}

#[test]
fn a_finished_picture_that_fails_stands_among_the_documents() {
    let folder = tempfile::tempdir().unwrap();
    let pictures = folder.path().join("finished");
    fs::create_dir(&pictures).unwrap();
    for name in [
        "astronaut.jpg",
        "brushes.jpg",
        "cat.jpg",
        "coffee.jpg",
        "dogs.jpg",
    ] {
        fs::copy(
            support::media(&format!("photos/{name}")),
            pictures.join(name),
        )
        .unwrap();
    }
    let whole = fs::read(support::media("photos/dogs.jpg")).unwrap();
    fs::write(pictures.join("broken.jpg"), &whole[..100]).unwrap();
    let run = tastemaker(folder.path())
        .args([
            "look",
            "learn",
            "--json",
            "-o",
            "learned.toml",
            "--from",
            "finished",
        ])
        .exits(1);
    let documents = run.documents();
    let schemas: Vec<&str> = documents
        .iter()
        .map(|document| document["schema"].as_str().unwrap())
        .collect();
    assert_eq!(
        schemas,
        ["tastemaker.error/1", "tastemaker.learned-look/1"],
        "{documents:?}"
    );
    let file = documents[0]["file"].as_str().unwrap();
    assert!(file.ends_with("broken.jpg"), "{file}");
}
