//! Masks of looks: where steps act, that their pixels are the same on every machine, and that they are steady in clips.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tastemaker::geometry::Size;
use tastemaker::looks::{
    CompiledLook, Look, LookStep, Lut, MaskPlane, MaskSource, MaskTracker, Masks,
};
use tastemaker::media::{FrameSize, Limits, VideoReader, decode_still, to_srgb};
use tastemaker::picture::{ColorSpace, Filter, Picture, Pixels, Rgb8, Rgb16, resize};

use crate::support;
use crate::support::Home;

/// A look of these steps.
fn look(steps: &str) -> Look {
    let text = format!(
        "schema = \"tastemaker.look/1\"\nsummary = \"A test.\"\nfamily = \"test\"\n{steps}"
    );
    Look::parse("test", Path::new("test.toml"), &text).unwrap()
}

/// One step with a mask, as TOML.
fn step(step: &str, mask: &str) -> String {
    format!("[[step]]\n{step}\nmask = {mask}\n")
}

fn photo(name: &str) -> Rgb8 {
    let path = support::media(&format!("photos/{name}.jpg"));
    to_srgb(&decode_still(&path, &Limits::default()).unwrap().picture)
}

fn small(name: &str) -> Rgb8 {
    let photo = photo(name);
    resize(&photo, photo.size().within(400), Filter::Box)
}

fn only(source: MaskSource) -> BTreeSet<MaskSource> {
    BTreeSet::from([source])
}

/// A stored mask: a soft-edged disk, slightly off center.
fn stored() -> Masks {
    let size = Size::new(64, 48);
    let values = (0..64 * 48_i32).map(|at| {
        let (x, y) = (at % 64 - 26, at / 64 - 22);
        (400 - (x * x + y * y) * 3 / 4).clamp(0, 255) as u8
    });
    let plane = MaskPlane::new(size, values.collect()).unwrap();
    [MaskSource::Subject, MaskSource::Person, MaskSource::Sky]
        .into_iter()
        .fold(Masks::default(), |masks, source| {
            masks.with(source, plane.clone())
        })
}

fn flat(weight: u8) -> Masks {
    let plane = MaskPlane::new(Size::new(4, 4), vec![weight; 16]).unwrap();
    Masks::default().with(MaskSource::Subject, plane)
}

fn applied(look: &Look, masks: Masks, picture: &Rgb8) -> Rgb8 {
    let mut frame = picture.clone();
    let compiled = CompiledLook::new(look, 1.0).unwrap();
    compiled.with_masks(masks).apply(&mut frame, 1, 0);
    frame
}

fn widest(a: &Rgb8, b: &Rgb8) -> u8 {
    let both = a.samples().iter().zip(b.samples());
    both.map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

/// Looks that use every kind of mask, on colors and on textures.
fn cases() -> Vec<(&'static str, Look)> {
    let warm = "kind = \"white_balance\"\ntemperature = 40";
    let dark = "kind = \"exposure\"\nstops = -1.2";
    vec![
        (
            "subject",
            look(&step(
                dark,
                "{ kind = \"subject\", invert = true, amount = 80 }",
            )),
        ),
        (
            "feathered",
            look(&step(dark, "{ kind = \"person\", feather = 4 }")),
        ),
        (
            "several",
            look(&step(
                warm,
                "[{ kind = \"sky\" }, { kind = \"luma\", range = [0.3, 1.0] }, { kind = \"linear\", angle = 30 }]",
            )),
        ),
        (
            "hue",
            look(&step(dark, "{ kind = \"hue\", center = 20, reach = 60 }")),
        ),
        (
            "radial",
            look(&step(
                warm,
                "{ kind = \"radial\", center = [30, 60], radius = 40 }",
            )),
        ),
        (
            "in order",
            look(&format!(
                "[[step]]\nkind = \"contrast\"\namount = 30\n{}[[step]]\nkind = \"saturation\"\namount = -40\n",
                step(dark, "{ kind = \"subject\" }")
            )),
        ),
        (
            "textures",
            look(&format!(
                "{}{}{}{}{}",
                step("kind = \"clarity\"\namount = 60", "{ kind = \"subject\" }"),
                step(
                    "kind = \"sharpen\"\namount = 80",
                    "{ kind = \"subject\", invert = true }"
                ),
                step(
                    "kind = \"soft_focus\"\namount = 70",
                    "{ kind = \"linear\" }"
                ),
                step(
                    "kind = \"bloom\"\namount = 70\nthreshold = 40",
                    "{ kind = \"radial\" }"
                ),
                step(
                    "kind = \"vignette\"\namount = 70",
                    "{ kind = \"person\", invert = true }"
                ),
            )),
        ),
    ]
}

fn hash(bytes: impl IntoIterator<Item = u8>) -> String {
    let bytes: Vec<u8> = bytes.into_iter().collect();
    blake3::hash(&bytes).to_hex()[..16].to_owned()
}

fn all_hashes() -> String {
    let picture = small("astronaut");
    let wide = picture
        .samples()
        .iter()
        .map(|value| u16::from(*value) * 257);
    let wide = Rgb16::new(picture.size(), wide.collect()).unwrap();
    let mut table = String::new();
    for (name, look) in cases() {
        let narrow = applied(&look, stored(), &picture);
        let mut deep = Picture {
            pixels: Pixels::Sixteen(wide.clone()),
            alpha: None,
            color: ColorSpace::Srgb,
        };
        let compiled = CompiledLook::new(&look, 1.0).unwrap();
        compiled.with_masks(stored()).apply_picture(&mut deep, 1);
        let Pixels::Sixteen(deep) = &deep.pixels else {
            panic!("the depth changed");
        };
        let eight = hash(narrow.samples().iter().copied());
        let sixteen = hash(deep.samples().iter().flat_map(|value| value.to_le_bytes()));
        writeln!(table, "{name} {eight} {sixteen}").unwrap();
        let apart = narrow.samples().iter().zip(deep.samples());
        let apart = apart.map(|(a, b)| (f64::from(*a) - f64::from(*b) / 257.0).abs());
        assert!(apart.fold(0.0, f64::max) < 2.5, "{name}: the depths differ");
    }
    table
}

/// For the same masks, a change here changes what people's posts look like.
#[test]
fn pixels_are_the_recorded_ones_with_any_number_of_threads() {
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(all_hashes)
    };
    let one = with(1);
    assert_eq!(one, with(4));
    insta::assert_snapshot!("mask_pixels", one);
}

#[test]
fn a_look_with_masks_is_read_back_as_it_was_written() {
    for (name, look) in cases() {
        let text = look.to_toml().unwrap();
        let again = Look::parse("test", Path::new("test.toml"), &text).unwrap();
        assert_eq!(again, look, "{name}\n{text}");
        let json = serde_json::to_value(&look).unwrap();
        assert!(json["step"][0]["kind"].is_string(), "{json}");
    }
    let json = serde_json::to_value(&cases()[0].1).unwrap();
    assert_eq!(json["step"][0]["kind"], "exposure");
    assert_eq!(json["step"][0]["mask"]["kind"], "subject");
    assert_eq!(json["step"][0]["mask"]["invert"], true);
}

#[test]
fn a_weight_of_nothing_leaves_all_and_a_whole_one_is_the_step_itself() {
    let picture = small("coffee");
    for inner in [
        "kind = \"exposure\"\nstops = 0.7",
        "kind = \"hsl\"\nranges = [{ center = 20, hue = 30, saturation = 40 }]",
        "kind = \"clarity\"\namount = 70",
        "kind = \"sharpen\"\namount = 70",
        "kind = \"soft_focus\"\namount = 70",
        "kind = \"bloom\"\namount = 80\nthreshold = 40",
        "kind = \"vignette\"\namount = 80",
    ] {
        let masked = look(&step(inner, "{ kind = \"subject\" }"));
        let everywhere = look(&format!("[[step]]\n{inner}\n"));
        let all = applied(&everywhere, Masks::default(), &picture);
        assert!(widest(&all, &picture) > 8, "{inner}");
        assert_eq!(
            widest(&applied(&masked, flat(0), &picture), &picture),
            0,
            "{inner}"
        );
        let whole = applied(&masked, flat(255), &picture);
        assert!(
            widest(&whole, &all) <= 1,
            "{inner}: {}",
            widest(&whole, &all)
        );
        // And half of it lies half-way.
        let half = look(&step(inner, "{ kind = \"subject\", amount = 50 }"));
        let half = applied(&half, flat(255), &picture);
        let ways = picture
            .samples()
            .iter()
            .zip(all.samples())
            .zip(half.samples());
        for ((old, new), half) in ways {
            let middle = (f64::from(*old) + f64::from(*new)) / 2.0;
            // What is clipped hides how far it went.
            let open = (1..255).contains(new);
            assert!(!open || (f64::from(*half) - middle).abs() <= 1.5, "{inner}");
        }
    }
}

#[test]
fn without_its_masks_a_step_does_nothing_and_says_what_it_needs() {
    let (_, subject) = cases().swap_remove(0);
    let picture = small("coffee");
    assert_eq!(applied(&subject, Masks::default(), &picture), picture);
    assert_eq!(subject.mask_sources(), only(MaskSource::Subject));
    let compiled = CompiledLook::new(&subject, 1.0).unwrap();
    assert_eq!(compiled.mask_sources(), only(MaskSource::Subject));
    assert!(!compiled.is_identity());
    assert!(CompiledLook::new(&subject, 0.0).unwrap().is_identity());
    let error = Masks::measure(&subject.mask_sources(), &picture, None).unwrap_err();
    assert!(error.to_string().contains("subject"), "{error}");
    let sky = look(&step("kind = \"fade\"\namount = 20", "{ kind = \"sky\" }"));
    sky.check_networks(None).unwrap();
    assert!(subject.check_networks(None).is_err());
}

#[test]
fn masks_by_color_fold_into_the_table() {
    let shadows = look(&step(
        "kind = \"exposure\"\nstops = 1",
        "{ kind = \"luma\", range = [0, 0.4] }",
    ));
    assert!(shadows.steps.iter().all(LookStep::fits_a_table));
    assert!(shadows.mask_sources().is_empty());
    let table = Lut::of_look(&shadows, 33);
    assert!(table.evaluate([0.2; 3])[1] > 0.27);
    assert!((table.evaluate([0.8; 3])[1] - 0.8).abs() < 1e-3);
    // What depends on the position is left out of a table.
    let disk = look(&step(
        "kind = \"exposure\"\nstops = 1",
        "{ kind = \"radial\" }",
    ));
    assert!(!disk.steps.iter().any(LookStep::fits_a_table));
    assert_eq!(Lut::of_look(&disk, 33).evaluate([0.2; 3]), [0.2; 3]);
    assert!(disk.features()["brightness"] > 0.03);
}

/// The mean weight over the part of a plane from (`left`, `top`) to (`right`, `bottom`), percent.
fn mean(plane: &MaskPlane, [left, top, right, bottom]: [u32; 4]) -> f64 {
    let Size { width, height } = plane.size();
    let (mut sum, mut count) = (0.0, 0.0);
    for y in top * height / 100..bottom * height / 100 {
        for x in left * width / 100..right * width / 100 {
            sum += f64::from(plane.values()[(y * width + x) as usize]) / 255.0;
            count += 1.0;
        }
    }
    sum / count
}

#[test]
fn a_person_and_a_subject_are_found_where_they_are() {
    let picture = photo("astronaut");
    for source in [MaskSource::Person, MaskSource::Subject] {
        let masks = Masks::measure(&only(source), &picture, Some(support::models())).unwrap();
        let plane = masks.get(source).unwrap();
        assert!(mean(plane, [38, 10, 50, 30]) > 0.9, "{source:?}: the face");
        assert!(mean(plane, [85, 0, 100, 15]) < 0.1, "{source:?}: a corner");
    }
    let masks = Masks::measure(
        &only(MaskSource::Person),
        &photo("cat"),
        Some(support::models()),
    );
    assert_eq!(
        masks.unwrap().get(MaskSource::Person).unwrap().coverage(),
        0.0
    );
}

#[test]
fn the_sky_is_found_where_there_is_one() {
    let sky = |name: &str| {
        let masks = Masks::measure(&only(MaskSource::Sky), &photo(name), None).unwrap();
        masks.get(MaskSource::Sky).unwrap().clone()
    };
    for name in ["mountains", "sunset", "dune"] {
        let plane = sky(name);
        assert!(mean(&plane, [60, 0, 95, 10]) > 0.8, "{name}");
        assert!(mean(&plane, [0, 75, 100, 100]) < 0.05, "{name}");
    }
    for name in ["coffee", "cat", "brushes", "wine", "stream"] {
        assert!(sky(name).coverage() < 0.02, "{name}");
    }
}

/// Skies of the corpus by its labels, which are of scenes, not of pixels.
#[test]
fn rooms_have_no_sky_and_landscapes_do() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let labels = fs::read_to_string(corpus.join("images/labels.json")).unwrap();
    let labels: serde_json::Value = serde_json::from_str(&labels).unwrap();
    let mut seen = [[0, 0]; 2];
    for (file, tags) in labels["images"].as_object().unwrap() {
        let has = |tag: &str| tags.as_array().unwrap().iter().any(|it| it == tag);
        let indoors = has("interior") || has("food") || has("drink");
        let outdoors = has("day") && (has("landscape") || has("mountain") || has("building"));
        if !file.starts_with("photos/") || indoors == outdoors {
            continue;
        }
        let path = corpus.join("images").join(file);
        let picture = decode_still(&path, &Limits::default()).unwrap().picture;
        let masks = Masks::measure(&only(MaskSource::Sky), &to_srgb(&picture), None).unwrap();
        let found = masks.get(MaskSource::Sky).unwrap().coverage() > 0.05;
        seen[usize::from(outdoors)][usize::from(found)] += 1;
    }
    let [[none, ghosts], [missed, found]] = seen;
    eprintln!(
        "sky indoors: {ghosts} of {}; by day outdoors: {found} of {}",
        none + ghosts,
        missed + found
    );
    assert!(
        none + ghosts >= 10 && ghosts * 8 <= none + ghosts,
        "{seen:?}"
    );
    assert!(
        missed + found >= 5 && found * 3 >= (missed + found) * 2,
        "{seen:?}"
    );
}

/// Mean change of a mask from frame to frame, refined at the edges of each frame: tracked, and measured again on every
/// frame.
fn flicker(path: &Path, source: MaskSource, frames: usize) -> [f64; 2] {
    let paint = look(&format!(
        "{}{}",
        "[[step]]\nkind = \"channel_mixer\"\nred = [0, 0, 0]\ngreen = [0, 0, 0]\nblue = [0, 0, 0]\n",
        step(
            "kind = \"levels\"\nblack_point = -0.3\nwhite_point = 0.6",
            &format!("{{ kind = \"{}\" }}", source.name())
        ),
    ));
    let compiled = CompiledLook::new(&paint, 1.0).unwrap();
    let models = Some(support::models());
    let mut tracker = MaskTracker::new(only(source), models);
    let mut reader = VideoReader::open(path, &Limits::default(), 1).unwrap();
    let mut last: Option<[Rgb8; 2]> = None;
    let mut sums = [0.0; 2];
    let mut count = 0.0;
    for _ in 0..frames {
        let Some(info) = reader.next_frame().unwrap() else {
            break;
        };
        let frame = reader.image(FrameSize::LongSide(320)).unwrap();
        let tracked = tracker.next(&frame, info.time.seconds()).unwrap();
        let anew = Masks::measure(&only(source), &frame, models).unwrap();
        let now = [tracked, anew].map(|masks| {
            let mut painted = frame.clone();
            compiled.with_masks(masks).apply(&mut painted, 0, 0);
            painted
        });
        if let Some(last) = &last {
            for ((sum, before), now) in sums.iter_mut().zip(last).zip(&now) {
                let both = before.samples().iter().zip(now.samples());
                let change: u64 = both.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
                *sum += change as f64 / now.samples().len() as f64;
            }
            count += 1.0;
        }
        last = Some(now);
    }
    assert!(count >= 5.0, "{}", path.display());
    sums.map(|sum| sum / count)
}

#[test]
fn masks_do_not_flicker_in_a_clip() {
    let clip = support::media("clips/carphone.mp4");
    for (source, frames) in [(MaskSource::Person, 60), (MaskSource::Subject, 24)] {
        let [tracked, anew] = flicker(&clip, source, frames);
        eprintln!("{source:?}: {tracked:.3} of 255 a frame tracked, {anew:.3} measured anew");
        assert!(tracked < 0.7 * anew, "{source:?} {tracked} {anew}");
    }
}

const DARKER: &str = "schema = \"tastemaker.look/1\"\nsummary = \"Hold back.\"\nfamily = \"test\"\n\
    [[step]]\nkind = \"exposure\"\nstops = -2\nmask = { kind = \"subject\", invert = true }\n";

#[test]
fn apply_uses_masks_on_stills_and_says_what_is_missing() {
    let home = Home::new();
    let photos = home.photos(
        "in",
        &[("a.jpg", "astronaut"), ("b.jpg", "dogs"), ("c.jpg", "cat")],
    );
    fs::write(home.path("darker.toml"), DARKER).unwrap();
    let photos = photos.to_str().unwrap();
    for (out, jobs) in [("one", "1"), ("three", "3")] {
        let run = home
            .apply(&["./darker.toml", photos, "-o", out, "--jobs", jobs])
            .run();
        assert_eq!(run.code(), 0, "{}", run.stderr());
    }
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        let read = |out: &str| fs::read(home.path(out).join(name)).unwrap();
        assert!(read("one") == read("three"), "{name}");
    }
    let pixels = |path: &Path| to_srgb(&decode_still(path, &Limits::default()).unwrap().picture);
    let (before, after) = (photo("astronaut"), pixels(&home.path("one/a.jpg")));
    let luma = |picture: &Rgb8, x: usize, y: usize| {
        let (x, y) = (x * picture.width() / 100, y * picture.height() / 100);
        picture
            .pixel(x, y)
            .iter()
            .map(|value| f64::from(*value))
            .sum::<f64>()
    };
    // The face stays, the corner is two stops darker.
    assert!((luma(&before, 44, 22) - luma(&after, 44, 22)).abs() < 25.0);
    assert!(luma(&after, 96, 4) < 0.7 * luma(&before, 96, 4));

    let run = home
        .apply(&["./darker.toml", photos, "-o", "none", "--models", "nowhere"])
        .run();
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("--models"), "{}", run.stderr());
    assert!(!home.path("none").exists());
    // Masks that need no network work without the folder of networks.
    fs::write(home.path("sky.toml"), DARKER.replace("subject", "sky")).unwrap();
    let run = home
        .apply(&["./sky.toml", photos, "-o", "sky", "--models", "nowhere"])
        .run();
    assert_eq!(run.code(), 0, "{}", run.stderr());
    // Matched, the look is judged with its masks.
    let run = home
        .apply(&["./darker.toml", photos, "-o", "each", "--match", "each"])
        .run();
    assert_eq!(run.code(), 0, "{}", run.stderr());
}

#[test]
fn apply_uses_masks_in_clips_with_any_number_of_threads() {
    let home = Home::new();
    fs::create_dir_all(home.path("in")).unwrap();
    fs::copy(support::media("clips/carphone.mp4"), home.path("in/a.mp4")).unwrap();
    fs::write(
        home.path("darker.toml"),
        DARKER.replace("subject", "person"),
    )
    .unwrap();
    for (out, jobs) in [("one", "1"), ("two", "2")] {
        let run = home
            .apply(&["./darker.toml", "in", "-o", out, "--jobs", jobs])
            .run();
        assert_eq!(run.code(), 0, "{}", run.stderr());
    }
    let read = |out: &str| fs::read(home.path(out).join("a.mp4")).unwrap();
    assert!(read("one") == read("two"));
    let middle = |path: &Path| {
        let mut reader = VideoReader::open(path, &Limits::default(), 1).unwrap();
        for _ in 0..20 {
            reader.next_frame().unwrap().unwrap();
        }
        reader.image(FrameSize::Full).unwrap()
    };
    let (before, after) = (
        middle(&home.path("in/a.mp4")),
        middle(&home.path("one/a.mp4")),
    );
    let share = before
        .samples()
        .iter()
        .zip(after.samples())
        .filter(|(a, b)| i16::from(**b) + 20 < i16::from(**a));
    let share = share.count() as f64 / before.samples().len() as f64;
    assert!(
        (0.1..0.8).contains(&share),
        "{share} of the frame is darker"
    );
}

/// Any mask in range, as TOML.
fn any_mask() -> impl Strategy<Value = String> {
    let area = (prop_oneof!["subject", "person", "sky"], 0.0..=20.0_f64)
        .prop_map(|(kind, feather)| format!("kind = \"{kind}\", feather = {feather:.3}"));
    let luma = (0.0..0.5_f64, 0.5..=1.0_f64, 2.0..=50.0_f64).prop_map(|(low, high, soft)| {
        let high = high.max(low + 0.01);
        format!("kind = \"luma\", range = [{low:.3}, {high:.3}], softness = {soft:.3}")
    });
    let hue =
        (0.0..=360.0_f64, 20.0..=180.0_f64, 5.0..=50.0_f64).prop_map(|(at, reach, chroma)| {
            format!("kind = \"hue\", center = {at:.3}, reach = {reach:.3}, chroma = {chroma:.3}")
        });
    let linear = (0.0..=360.0_f64, 0.0..=100.0_f64, 1.0..=100.0_f64).prop_map(
        |(angle, position, width)| {
            format!("kind = \"linear\", angle = {angle:.3}, position = {position:.3}, width = {width:.3}")
        },
    );
    let radial = (0.0..=100.0_f64, 1.0..=200.0_f64, 1.0..=100.0_f64).prop_map(
        |(x, radius, feather)| {
            format!("kind = \"radial\", center = [{x:.3}, 50.0], radius = {radius:.3}, feather = {feather:.3}")
        },
    );
    let shape = prop_oneof![area, luma, hue, linear, radial];
    (shape, any::<bool>(), 0.0..=100.0_f64).prop_map(|(shape, invert, amount)| {
        format!("{{ {shape}, invert = {invert}, amount = {amount:.3} }}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_masks_in_range_run_on_any_picture(
        masks in prop::collection::vec(prop::collection::vec(any_mask(), 1..3), 1..4),
        strength in 0.0..=2.0_f64,
        (width, height) in (1_u32..60, 1_u32..60),
        seed in any::<u64>(),
    ) {
        let inner = [
            "kind = \"exposure\"\nstops = -1",
            "kind = \"saturation\"\namount = 60",
            "kind = \"fade\"\namount = 40",
        ];
        let steps = masks.iter().zip(inner).map(|(masks, inner)| step(inner, &format!("[{}]", masks.join(", "))));
        let look = look(&steps.collect::<String>());
        let samples = (0..3 * width * height).map(|at| (u64::from(at).wrapping_mul(seed | 1) >> 7) as u8);
        let picture = Rgb8::new(Size::new(width, height), samples.collect()).unwrap();
        let compiled = CompiledLook::new(&look, strength).unwrap().with_masks(stored());
        let mut frame = picture.clone();
        compiled.apply(&mut frame, 1, 2);
        prop_assert!(look.features().values().all(|value| value.is_finite()));
        prop_assert!(strength > 0.0 || frame == picture);
        let text = look.to_toml().unwrap();
        prop_assert!(Look::parse("test", Path::new("test.toml"), &text).unwrap() == look);
    }
}
