//! Looks: the same pixels on every machine, each step does only what it documents, and errors name their position.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use proptest::prelude::*;
use tastemaker::Error;
use tastemaker::geometry::Size;
use tastemaker::looks::{
    Bloom, ChannelMixer, Clarity, CompiledLook, Contrast, Exposure, Fade, Grain, HighlightsShadows,
    Hsl, HueRange, Levels, Look, LookLibrary, LookSource, LookStep, MaskPlane, Masks, Monochrome,
    Saturation, Sharpen, SoftFocus, SplitTone, ToneCurve, Vibrance, Vignette, WhiteBalance,
    step_formulas, step_parameters,
};
use tastemaker::picture::{ColorSpace, Picture, Pixels, Rgb8, Rgb16};

use crate::support;

fn library() -> LookLibrary {
    LookLibrary::open(None).unwrap()
}

/// The result of a look on a picture whose left half is subject, person and sky.
fn on_a_picture(look: &Look) -> CompiledLook {
    let values = (0..64).map(|at| if at % 8 < 4 { 255 } else { 0 });
    let plane = MaskPlane::new(Size::new(8, 8), values.collect()).unwrap();
    let masks = (look.mask_sources().into_iter())
        .fold(Masks::default(), |masks, it| masks.with(it, plane.clone()));
    CompiledLook::new(look, 1.0).unwrap().with_masks(masks)
}

fn compiled(id: &str, strength: f64) -> CompiledLook {
    CompiledLook::new(&library().find(id).unwrap(), strength).unwrap()
}

/// The part of a picture of `models/golden/inputs` at (`x`, `y`).
fn part(name: &str, (x, y): (u32, u32), size: Size) -> Rgb8 {
    let path = support::root().join("models/golden/inputs").join(name);
    let picture = image::open(path).unwrap().to_rgb8();
    let part = image::imageops::crop_imm(&picture, x, y, size.width, size.height).to_image();
    Rgb8::new(size, part.into_raw()).unwrap()
}

/// A face, and a cup on wood.
fn pictures() -> [(&'static str, Rgb8); 2] {
    [
        ("face", part("astronaut.png", (88, 18), Size::new(93, 100))),
        ("cup", part("coffee.png", (70, 40), Size::new(129, 96))),
    ]
}

fn hash(bytes: impl IntoIterator<Item = u8>) -> String {
    let bytes: Vec<u8> = bytes.into_iter().collect();
    blake3::hash(&bytes).to_hex()[..16].to_owned()
}

fn widened(picture: &Rgb8) -> Rgb16 {
    let samples = picture
        .samples()
        .iter()
        .map(|value| u16::from(*value) * 257);
    Rgb16::new(picture.size(), samples.collect()).unwrap()
}

fn still(pixels: Pixels) -> Picture {
    Picture {
        pixels,
        alpha: None,
        color: ColorSpace::Srgb,
    }
}

/// Hashes of the results of all looks on two pictures, at both depths.
fn all_hashes() -> String {
    let mut table = String::new();
    for look in library().looks() {
        let compiled = CompiledLook::new(look, 0.8).unwrap();
        for (name, picture) in pictures() {
            let mut frame = picture.clone();
            compiled.apply(&mut frame, 7, 3);
            let mut deep = still(Pixels::Sixteen(widened(&picture)));
            compiled.apply_picture(&mut deep, 7);
            let Pixels::Sixteen(deep) = &deep.pixels else {
                panic!("the depth changed");
            };
            let eight = hash(frame.samples().iter().copied());
            let sixteen = hash(deep.samples().iter().flat_map(|value| value.to_le_bytes()));
            writeln!(table, "{} {name} {eight} {sixteen}", look.id).unwrap();
        }
    }
    table
}

fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().unwrap().install(work)
}

/// A change here changes what people's posts look like: note it in CHANGELOG.md.
#[test]
fn pixels_are_the_recorded_ones_with_any_number_of_threads() {
    let one = with_threads(1, all_hashes);
    assert_eq!(one, with_threads(4, all_hashes));
    insta::assert_snapshot!("look_pixels", one);
}

#[test]
fn a_second_frame_of_the_same_number_is_the_same_and_another_one_is_not() {
    let look = compiled("noir", 1.0);
    let (_, picture) = &pictures()[0];
    let run = |seed, number| {
        let mut frame = picture.clone();
        look.apply(&mut frame, seed, number);
        frame
    };
    assert_eq!(run(1, 5), run(1, 5));
    assert_ne!(run(1, 5), run(1, 6));
    assert_ne!(run(1, 5), run(2, 5));
    // Reusing buffers of another size has no effect.
    let mut other = part("coffee.png", (0, 0), Size::new(64, 31));
    look.apply(&mut other, 1, 5);
    assert_eq!(run(1, 5), compiled_and_run());
}

fn compiled_and_run() -> Rgb8 {
    let [(_, mut frame), _] = pictures();
    compiled("noir", 1.0).apply(&mut frame, 1, 5);
    frame
}

#[test]
fn nothing_changes_at_strength_0_and_with_none() {
    let (_, picture) = &pictures()[1];
    let ids: Vec<String> = library()
        .looks()
        .iter()
        .map(|look| look.id.clone())
        .collect();
    let all = ids.iter().map(|id| (&**id, 0.0)).chain([("none", 1.0)]);
    for (id, strength) in all {
        let look = compiled(id, strength);
        assert!(look.is_identity(), "{id}");
        let mut frame = picture.clone();
        look.apply(&mut frame, 1, 2);
        assert!(frame == *picture, "{id}");
    }
}

#[test]
fn strength_grows_smoothly_from_nothing() {
    let (_, picture) = &pictures()[0];
    let change = |id: &str, strength: f64| compiled(id, strength).measure(picture).change;
    for id in ["film-warm", "dream-glow", "noir"] {
        let steps = [0.0, 0.25, 0.5, 1.0].map(|strength| change(id, strength));
        assert_eq!(steps[0], 0.0);
        assert!(
            steps.windows(2).all(|pair| pair[0] < pair[1]),
            "{id} {steps:?}"
        );
    }
}

#[test]
fn gray_ramps_never_turn_back() {
    let samples: Vec<u8> = (0..=255).flat_map(|value| [value; 3]).collect();
    let ramp = Rgb8::new(Size::new(256, 1), samples).unwrap();
    for look in library().looks() {
        let mut look = look.clone();
        look.steps.retain(|step| !is_texture(step));
        let mut frame = ramp.clone();
        CompiledLook::new(&look, 1.0)
            .unwrap()
            .apply(&mut frame, 0, 0);
        let lumas: Vec<f64> = frame
            .pixels()
            .map(|[r, g, b]| 0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b))
            .collect();
        let turn = lumas.windows(2).position(|pair| pair[1] < pair[0] - 0.3);
        assert_eq!(turn, None, "{}", look.id);
    }
}

fn is_texture(step: &LookStep) -> bool {
    matches!(
        step.kind(),
        "clarity" | "sharpen" | "soft_focus" | "bloom" | "vignette" | "grain"
    )
}

#[test]
fn rows_do_not_depend_on_each_other_without_textures() {
    let (_, picture) = &pictures()[0];
    let mut look = library().find("cinema-teal").unwrap();
    look.steps.retain(|step| !is_texture(step));
    let look = CompiledLook::new(&look, 1.0).unwrap();
    let flipped = |picture: &Rgb8| {
        let rows = picture.samples().rchunks(3 * picture.width());
        Rgb8::new(picture.size(), rows.flatten().copied().collect()).unwrap()
    };
    let mut upright = picture.clone();
    look.apply(&mut upright, 0, 0);
    let mut turned = flipped(picture);
    look.apply(&mut turned, 0, 0);
    assert!(flipped(&turned) == upright);
}

#[test]
fn stills_keep_their_depth_profile_and_opacity() {
    let (_, picture) = &pictures()[1];
    let profile = ColorSpace::Icc(vec![1, 2, 3].into());
    let alpha = vec![1234; picture.size().pixels() as usize];
    let mut still = Picture {
        pixels: Pixels::Sixteen(widened(picture)),
        alpha: Some(alpha.clone()),
        color: profile.clone(),
    };
    compiled("film-faded", 1.0).apply_picture(&mut still, 9);
    assert_eq!(still.color, profile);
    assert_eq!(still.alpha, Some(alpha));
    let Pixels::Sixteen(deep) = &still.pixels else {
        panic!("the depth changed");
    };
    // Values between the 256 levels of the source are used.
    let values: BTreeSet<u16> = deep.samples().iter().copied().collect();
    assert!(values.len() > 1000, "{}", values.len());
    // Both depths look the same.
    let mut narrow = picture.clone();
    compiled("film-faded", 1.0).apply(&mut narrow, 9, 0);
    for (eight, sixteen) in narrow.samples().iter().zip(deep.samples()) {
        assert!((f64::from(*eight) - f64::from(*sixteen) / 257.0).abs() < 0.75);
    }
}

#[test]
fn presets_are_whole_and_tell_themselves_apart() {
    let library = library();
    let looks = library.looks();
    assert!(looks.len() >= 30);
    let [(_, face), (_, cup)] = pictures();
    let palace = part("china.png", (100, 30), Size::new(160, 120));
    let mut shown: Vec<(&str, Vec<u8>)> = vec![];
    for look in looks {
        let id = &look.id;
        assert!(
            id.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
            "{id}"
        );
        assert_eq!(library.source(id), Some(&LookSource::BuiltIn));
        for text in [&look.summary, &look.suits, &look.avoid] {
            assert!(text.ends_with('.') && text.len() > 20, "{id}: {text}");
        }
        assert!(look.tags.len() >= 4 && look.mood.len() >= 2, "{id}");
        assert!(look.strength.1 >= 0.9 && look.strength.0 < look.strength.1);
        let compiled = on_a_picture(look);
        let mut samples = vec![];
        for picture in [&face, &cup, &palace] {
            let mut frame = picture.clone();
            compiled.apply(&mut frame, 0, 0);
            samples.extend_from_slice(frame.samples());
        }
        for (other, others) in &shown {
            let sum: u64 = samples
                .iter()
                .zip(others)
                .map(|(a, b)| u64::from(a.abs_diff(*b)))
                .sum();
            let mean = sum as f64 / samples.len() as f64;
            assert!(mean > 2.0, "{id} and {other} differ by {mean} levels");
        }
        shown.push((id, samples));
    }
}

/// Photographs of the corpus that show a face of light, brown or deep skin, and where it is, of width and height.
const FACES: [(&str, [f64; 4]); 7] = [
    ("cid22_px6096399", [0.35, 0.28, 0.62, 0.72]),
    ("cid22_px3568544", [0.30, 0.25, 0.65, 0.70]),
    ("cid22_px2846602", [0.40, 0.35, 0.65, 0.65]),
    ("cid22_px1933873", [0.40, 0.35, 0.68, 0.75]),
    ("cid22_px2598024", [0.35, 0.30, 0.75, 0.80]),
    ("cid22_px3155588", [0.30, 0.25, 0.70, 0.75]),
    ("cid22_px3586798", [0.35, 0.30, 0.62, 0.70]),
];

/// The sample face, and those of the corpus.
fn faces() -> Vec<(&'static str, Rgb8)> {
    let [face, _] = pictures();
    let mut faces = vec![face];
    let Some(corpus) = support::corpus() else {
        return faces;
    };
    for (name, [left, top, right, bottom]) in FACES {
        let path = corpus.join(format!("images/photos/{name}.jpg"));
        let whole = image::open(path).unwrap().to_rgb8();
        let (width, height) = (f64::from(whole.width()), f64::from(whole.height()));
        let part = image::imageops::crop_imm(
            &whole,
            (left * width) as u32,
            (top * height) as u32,
            ((right - left) * width) as u32,
            ((bottom - top) * height) as u32,
        );
        let part = image::imageops::thumbnail(&part.to_image(), 96, 96);
        faces.push((name, Rgb8::new(Size::new(96, 96), part.into_raw()).unwrap()));
    }
    faces
}

#[test]
fn presets_leave_skin_of_every_complexion_skin_and_highlights_open() {
    let faces = faces();
    for look in library().looks() {
        let compiled = on_a_picture(look);
        for (name, face) in &faces {
            let effect = compiled.measure(face);
            let told = format!("{} on {name}: {effect:?}", look.id);
            assert!(effect.skin_share > 0.1, "{told}");
            if look.family != "monochrome" {
                assert!(effect.skin_hue_shift_degrees.abs() <= 10.0, "{told}");
                assert!((0.5..1.5).contains(&effect.skin_chroma_ratio), "{told}");
            }
            let burnt = effect.clipping_high - effect.clipping_high_before;
            assert!(burnt < 0.02, "{told}");
            assert!(effect.skin_luma_shift.abs() < 0.12, "{told}");
        }
    }
}

/// The documentation of the looks agrees with their files.
#[test]
fn the_table_of_looks_lists_every_one_as_it_is() {
    let text = std::fs::read_to_string(support::root().join("docs/looks.md")).unwrap();
    let (_, table) = text.split_once("## The looks that come with it").unwrap();
    let rows: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let wanted: Vec<String> = library()
        .looks()
        .iter()
        .map(|look| {
            format!(
                "| `{}` | {} | {} | {} | {} | {}–{} |",
                look.id,
                look.family,
                look.summary,
                look.suits,
                look.avoid,
                look.strength.0,
                look.strength.1
            )
        })
        .collect();
    assert_eq!(rows, wanted);
}

/// The tables of steps in `docs/looks.md` are made from the steps; with `TASTEMAKER_UPDATE_DOCS=1` this test writes
/// them.
#[test]
fn the_tables_of_steps_are_what_the_steps_say() {
    let path = support::root().join("docs/looks.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let parameters = "| kind | parameters |\n|---|---|\n";
    let formulas = "| step | what it computes | source |\n|---|---|---|\n";
    let [first, textures] = step_parameters();
    let (start, rest) = text.split_once(parameters).unwrap();
    let (_, rest) = rest.split_once("\n\n").unwrap();
    let (middle, rest) = rest.split_once(parameters).unwrap();
    let (_, rest) = rest.split_once("\n\n").unwrap();
    let (last, rest) = rest.split_once(formulas).unwrap();
    let (_, end) = rest.split_once("\n\n").unwrap();
    let wanted = [
        &format!("{start}{parameters}{first}\n"),
        &format!("{middle}{parameters}{textures}\n"),
        &format!("{last}{formulas}{}\n{end}", step_formulas()),
    ]
    .map(String::as_str)
    .concat();
    if std::env::var_os("TASTEMAKER_UPDATE_DOCS").is_some() {
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    assert_eq!(text, wanted, "set TASTEMAKER_UPDATE_DOCS=1 to write them");
}

#[test]
fn an_ugly_look_is_measured_as_one() {
    let [(_, face), _] = pictures();
    let text = "schema = \"tastemaker.look/1\"\nsummary = \"Ugly.\"\nfamily = \"test\"\n\
        [[step]]\nkind = \"levels\"\nwhite_point = 0.6\n\
        [[step]]\nkind = \"white_balance\"\ntint = -90\n";
    let look = Look::parse("ugly", Path::new("ugly.toml"), text).unwrap();
    let effect = CompiledLook::new(&look, 1.0).unwrap().measure(&face);
    assert!(effect.skin_hue_shift_degrees > 20.0, "{effect:?}");
    let white = look.features()["brightness"];
    assert!(white > 0.1, "{white}");
    let levels = Look {
        steps: look.steps[..1].to_vec(),
        ..look
    };
    let effect = CompiledLook::new(&levels, 1.0).unwrap().measure(&face);
    assert!(
        effect.clipping_high > effect.clipping_high_before + 0.02,
        "{effect:?}"
    );
}

#[test]
fn features_say_what_a_look_does() {
    let library = library();
    let feature = |id: &str, name: &str| library.find(id).unwrap().features()[name];
    assert!(feature("golden-hour", "warmth") > 0.08);
    assert!(feature("cold-morning", "warmth") < -0.05);
    assert!(feature("cinema-teal", "shadow_warmth") < -0.03);
    assert!(feature("cinema-teal", "highlight_warmth") > 0.03);
    assert!(feature("film-faded", "fade") > 0.08);
    assert!(feature("noir", "contrast") > 0.2);
    assert!(feature("noir", "grain") > 0.5);
    assert!(feature("landscape-vivid", "saturation") > 0.1);
    for look in library.looks() {
        let monochrome = feature(&look.id, "monochrome");
        assert_eq!(
            monochrome == 1.0,
            look.family == "monochrome",
            "{}",
            look.id
        );
    }
    let none = Look::none().features();
    assert!(none.values().all(|value| *value == 0.0), "{none:?}");
    assert_eq!(none.len(), library.find("noir").unwrap().features().len());
}

#[test]
fn bad_looks_are_refused_at_the_place() {
    let folder = Path::new("tests/looks/bad");
    let library = LookLibrary::open(Some(support::root().join(folder))).unwrap();
    let mut names: Vec<String> = std::fs::read_dir(support::root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(library.broken().len(), names.len());
    let mut told = String::new();
    for name in names {
        // Cargo runs tests in the package's folder.
        let error = library
            .find(&format!("tests/looks/bad/{name}"))
            .unwrap_err();
        assert_eq!(error.code(), "document", "{error}");
        writeln!(told, "{error}").unwrap();
    }
    insta::assert_snapshot!("bad_looks", told);
}

#[test]
fn a_person_s_folder_wins_and_a_broken_file_in_it_stops_nobody_else() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(home.path().join(name), text).unwrap();
    let head = "schema = \"tastemaker.look/1\"\nsummary = \"Mine.\"\nfamily = \"mine\"\n";
    write("noir.toml", head);
    write("mine.toml", head);
    write("silver.toml", "schema = 1");
    write("none.toml", head);
    write("notes.txt", "not a look");
    let library = LookLibrary::open(Some(home.path().into())).unwrap();
    assert_eq!(library.find("noir").unwrap().family, "mine");
    let path = home.path().join("noir.toml");
    assert_eq!(
        library.source("noir"),
        Some(&LookSource::File(path.clone()))
    );
    assert_eq!(library.find(path.to_str().unwrap()).unwrap().family, "mine");
    assert_eq!(library.find("film-warm").unwrap().family, "film");
    assert!(library.find("none").unwrap().steps.is_empty());
    assert!(library.looks().iter().all(|look| look.id != "silver"));
    assert!(matches!(
        library.find("silver"),
        Err(Error::Document { .. })
    ));
    assert_eq!(library.broken().len(), 2);
    let ids: Vec<&str> = library.looks().iter().map(|look| &*look.id).collect();
    assert!(ids.is_sorted() && ids.contains(&"mine"));
    match library.find("nior").unwrap_err() {
        Error::UnknownName { known, .. } => assert_eq!(known[0], "none"),
        other => panic!("{other}"),
    }
    assert_eq!(library.find("./x.toml").unwrap_err().code(), "not_found");
    assert!(LookLibrary::open(Some(home.path().join("nowhere"))).is_ok());
}

#[test]
fn a_strength_out_of_range_is_refused() {
    let look = library().find("noir").unwrap();
    for strength in [-0.1, 2.1, f64::NAN] {
        assert!(matches!(
            CompiledLook::new(&look, strength),
            Err(Error::Usage { .. })
        ));
    }
}

/// Standard functions beyond + − × ÷ and roots differ between platforms; a fused multiplication differs from two steps.
#[test]
fn no_function_is_used_whose_result_depends_on_the_platform() {
    let banned = [
        "powf",
        "powi",
        "exp",
        "exp2",
        "exp_m1",
        "ln",
        "ln_1p",
        "log",
        "log2",
        "log10",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "atan2",
        "sin_cos",
        "sinh",
        "cosh",
        "tanh",
        "cbrt",
        "hypot",
        "mul_add",
        "to_degrees",
        "to_radians",
    ];
    let mut found = vec![];
    let mut folders = vec![support::root().join("src/looks")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for name in banned {
                let uses = [
                    format!(".{name}("),
                    format!("f64::{name}"),
                    format!("f32::{name}"),
                ];
                if uses.iter().any(|used| code.contains(used)) {
                    found.push(format!("{}: {name}", path.display()));
                }
            }
        }
    }
    assert!(found.is_empty(), "use libm: {found:?}");
}

fn percent() -> impl Strategy<Value = f64> {
    prop_oneof![Just(-100.0), Just(100.0), -100.0..=100.0_f64]
}

fn share() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0_f64]
}

fn color_step() -> impl Strategy<Value = LookStep> {
    let curve = || {
        prop::collection::vec(share(), 2..6).prop_map(|heights| {
            let last = (heights.len() - 1) as f64;
            let point = |(place, height)| [place as f64 / last, height];
            heights.into_iter().enumerate().map(point).collect()
        })
    };
    let range = (
        0.0..=360.0,
        20.0..=120.0,
        -45.0..=45.0,
        percent(),
        percent(),
    )
        .prop_map(|(center, reach, hue, saturation, lightness)| HueRange {
            center,
            reach,
            hue,
            saturation,
            lightness,
        });
    let row = || [-2.0..=2.0, -2.0..=2.0, -2.0..=2.0];
    prop_oneof![
        (-4.0..=4.0).prop_map(|stops| LookStep::Exposure(Exposure { stops })),
        (percent(), percent()).prop_map(|(temperature, tint)| {
            LookStep::WhiteBalance(WhiteBalance { temperature, tint })
        }),
        (percent(), 0.1..=0.9)
            .prop_map(|(amount, pivot)| LookStep::Contrast(Contrast { amount, pivot })),
        (curve(), curve()).prop_map(|(master, blue)| {
            LookStep::ToneCurve(ToneCurve {
                master,
                blue,
                ..ToneCurve::default()
            })
        }),
        (-0.3..=0.4, 0.6..=1.3).prop_map(|(black_point, white_point)| {
            LookStep::Levels(Levels {
                black_point,
                white_point,
            })
        }),
        (percent(), percent()).prop_map(|(highlights, shadows)| {
            LookStep::HighlightsShadows(HighlightsShadows {
                highlights,
                shadows,
            })
        }),
        percent().prop_map(|amount| LookStep::Saturation(Saturation { amount })),
        percent().prop_map(|amount| LookStep::Vibrance(Vibrance { amount })),
        prop::collection::vec(range, 1..4).prop_map(|ranges| LookStep::Hsl(Hsl { ranges })),
        (
            0.0..=360.0,
            0.0..=100.0,
            0.0..=360.0,
            0.0..=100.0,
            percent()
        )
            .prop_map(
                |(shadow_hue, shadow_amount, highlight_hue, highlight_amount, balance)| {
                    LookStep::SplitTone(SplitTone {
                        shadow_hue,
                        shadow_amount,
                        highlight_hue,
                        highlight_amount,
                        balance,
                        protect_skin: 50.0,
                    })
                }
            ),
        (row(), row(), row()).prop_map(|(red, green, blue)| {
            LookStep::ChannelMixer(ChannelMixer { red, green, blue })
        }),
        (0.1..=2.0, 0.1..=2.0, 0.0..=2.0)
            .prop_map(|(red, green, blue)| LookStep::Monochrome(Monochrome { red, green, blue })),
        (0.0..=100.0).prop_map(|amount| LookStep::Fade(Fade { amount })),
    ]
}

/// Any of the textures, in the order they run in.
fn textures() -> impl Strategy<Value = Vec<LookStep>> {
    let radius = || 0.5..=10.0;
    let all = (
        (percent(), radius())
            .prop_map(|(amount, radius)| LookStep::Clarity(Clarity { amount, radius })),
        (0.0..=100.0).prop_map(|amount| LookStep::Sharpen(Sharpen { amount })),
        (0.0..=100.0, radius())
            .prop_map(|(amount, radius)| LookStep::SoftFocus(SoftFocus { amount, radius })),
        (0.0..=100.0, radius(), 30.0..=98.0, 0.0..=100.0).prop_map(
            |(amount, radius, threshold, warmth)| {
                LookStep::Bloom(Bloom {
                    amount,
                    radius,
                    threshold,
                    warmth,
                })
            },
        ),
        (percent(), 0.0..=90.0)
            .prop_map(|(amount, start)| LookStep::Vignette(Vignette { amount, start })),
        (0.0..=100.0, 0.5..=4.0).prop_map(|(amount, size)| LookStep::Grain(Grain { amount, size })),
    );
    (all, prop::collection::vec(any::<bool>(), 6)).prop_map(|(all, chosen)| {
        let (a, b, c, d, e, f) = all;
        let all = [a, b, c, d, e, f];
        let pairs = all.into_iter().zip(chosen);
        pairs
            .filter_map(|(step, chosen)| chosen.then_some(step))
            .collect()
    })
}

fn small_picture() -> impl Strategy<Value = Rgb8> {
    (1..40_u32, 1..40_u32, any::<u64>()).prop_map(|(width, height, seed)| {
        let size = Size::new(width, height);
        let mut state = seed | 1;
        let samples = (0..size.pixels() * 3).map(|_| {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            // Extremes are as likely as all between them.
            match state >> 60 {
                0..=3 => 0,
                4..=7 => 255,
                _ => (state >> 40) as u8,
            }
        });
        Rgb8::new(size, samples.collect()).unwrap()
    })
}

/// Neutral steps (an amount of 0, an identity curve), which do nothing whatever their other fields.
fn idle_step() -> impl Strategy<Value = LookStep> {
    prop_oneof![
        Just(LookStep::Exposure(Exposure { stops: 0.0 })),
        Just(LookStep::WhiteBalance(WhiteBalance {
            temperature: 0.0,
            tint: 0.0
        })),
        (0.1..=0.9).prop_map(|pivot| LookStep::Contrast(Contrast { amount: 0.0, pivot })),
        Just(LookStep::ToneCurve(ToneCurve {
            master: vec![[0.0, 0.0], [0.4, 0.4], [1.0, 1.0]],
            ..ToneCurve::default()
        })),
        Just(LookStep::Levels(Levels {
            black_point: 0.0,
            white_point: 1.0
        })),
        Just(LookStep::HighlightsShadows(HighlightsShadows {
            highlights: 0.0,
            shadows: 0.0
        })),
        Just(LookStep::Saturation(Saturation { amount: 0.0 })),
        Just(LookStep::Vibrance(Vibrance { amount: 0.0 })),
        (0.0..=360.0, 20.0..=120.0).prop_map(|(center, reach)| LookStep::Hsl(Hsl {
            ranges: vec![HueRange {
                center,
                reach,
                hue: 0.0,
                saturation: 0.0,
                lightness: 0.0
            }],
        })),
        (0.0..=360.0, 0.0..=360.0, percent()).prop_map(|(shadow_hue, highlight_hue, balance)| {
            LookStep::SplitTone(SplitTone {
                shadow_hue,
                shadow_amount: 0.0,
                highlight_hue,
                highlight_amount: 0.0,
                balance,
                protect_skin: 0.0,
            })
        }),
        Just(LookStep::Fade(Fade { amount: 0.0 })),
    ]
}

/// Steps that bend tones, with points that rise.
fn tone_step() -> impl Strategy<Value = LookStep> {
    // Points are at least 0.01 apart, which is 0.1 of at most 6.1.
    let rising = prop::collection::vec((0.1..1.0_f64, 0.0..1.0_f64), 2..8).prop_map(|steps| {
        let (wide, high) = steps
            .iter()
            .fold((0.0, 1e-9), |(x, y), step| (x + step.0, y + step.1));
        let (mut x, mut y) = (0.0, 0.0);
        let mut points = vec![];
        for (right, up) in steps {
            points.push([x, y]);
            x = f64::min(x + right / wide, 1.0);
            y = f64::min(y + up / high, 1.0);
        }
        points
    });
    prop_oneof![
        rising.prop_map(|master| LookStep::ToneCurve(ToneCurve {
            master,
            ..ToneCurve::default()
        })),
        (-4.0..=4.0).prop_map(|stops| LookStep::Exposure(Exposure { stops })),
        (percent(), 0.1..=0.9)
            .prop_map(|(amount, pivot)| LookStep::Contrast(Contrast { amount, pivot })),
        (-0.3..=0.4, 0.6..=1.3).prop_map(|(black_point, white_point)| LookStep::Levels(Levels {
            black_point,
            white_point
        })),
        (percent(), percent()).prop_map(|(highlights, shadows)| {
            LookStep::HighlightsShadows(HighlightsShadows {
                highlights,
                shadows,
            })
        }),
        (0.0..=100.0).prop_map(|amount| LookStep::Fade(Fade { amount })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn steps_that_say_nothing_change_nothing(
        steps in prop::collection::vec(idle_step(), 1..5),
        strength in 0.0..=2.0_f64,
        picture in small_picture(),
    ) {
        let look = Look { steps, ..Look::none() };
        let mut frame = picture.clone();
        CompiledLook::new(&look, strength).unwrap().apply(&mut frame, 1, 2);
        let most = frame.samples().iter().zip(picture.samples()).map(|(a, b)| a.abs_diff(*b)).max();
        prop_assert!(most <= Some(1), "{:?}", most);
    }

    #[test]
    fn any_look_at_strength_0_changes_nothing(
        colors in prop::collection::vec(color_step(), 0..4),
        textures in textures(),
        picture in small_picture(),
    ) {
        let mut steps = colors;
        steps.extend(textures);
        let look = Look { steps, ..Look::none() };
        let mut frame = picture.clone();
        CompiledLook::new(&look, 0.0).unwrap().apply(&mut frame, 1, 2);
        prop_assert!(frame == picture);
    }

    #[test]
    fn tones_that_rise_keep_rising(
        steps in prop::collection::vec(tone_step(), 1..4),
        strength in 0.0..=1.0_f64,
    ) {
        let samples: Vec<u8> = (0..=255).flat_map(|value| [value; 3]).collect();
        let mut ramp = Rgb8::new(Size::new(256, 1), samples).unwrap();
        let look = Look { steps, ..Look::none() };
        CompiledLook::new(&look, strength).unwrap().apply(&mut ramp, 0, 0);
        for pair in ramp.samples().chunks_exact(3).collect::<Vec<_>>().windows(2) {
            // Rounding may reverse the order by one level.
            prop_assert!(pair[1].iter().zip(pair[0]).all(|(next, last)| next.saturating_add(1) >= *last), "{pair:?}");
        }
    }

    #[test]
    fn any_look_in_range_runs_on_any_picture(
        colors in prop::collection::vec(color_step(), 0..5),
        textures in textures(),
        strength in 0.0..=2.0_f64,
        picture in small_picture(),
    ) {
        let mut steps = colors;
        steps.extend(textures);
        let look = Look { steps, ..Look::none() };
        let compiled = CompiledLook::new(&look, strength).unwrap();
        let mut frame = picture.clone();
        compiled.apply(&mut frame, 1, 2);
        let mut deep = still(Pixels::Sixteen(widened(&picture)));
        compiled.apply_picture(&mut deep, 1);
        let effect = compiled.measure(&picture);
        prop_assert!(effect.mean_luma_after >= 0.0 && effect.mean_luma_after <= 1.001);
        prop_assert!(look.features().values().all(|value| value.is_finite()));
        // The same with other threads.
        let mut again = picture.clone();
        with_threads(3, || compiled.apply(&mut again, 1, 2));
        prop_assert!(frame == again);
    }
}
