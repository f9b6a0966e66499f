//! Tables, read and written: real files against the specifications of their formats, and the verbs that use them.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tastemaker::geometry::Size;
use tastemaker::looks::{
    CompiledLook, Correction, Even, Look, LookLibrary, LookStep, Lut, read_cube,
};
use tastemaker::picture::Rgb8;

use crate::support::{self, tastemaker};

fn close(a: [f64; 3], b: [f64; 3]) -> bool {
    a.into_iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5)
}

#[test]
fn files_of_other_programs_say_what_their_specifications_say() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let luts = corpus.join("images/luts");
    let read = |name: &str| {
        read_cube(&luts.join("colour_science").join(name))
            .unwrap()
            .0
    };

    // Three nodes a channel over 0..1, 0..2, 0..3; the comment stands among the rows.
    let demo = read("iridas_cube__Demo.cube");
    assert!(close(demo.evaluate([0.25, 1.0, 2.25]), [0.25, 1.0, 1.25]));
    // Resolve's has one range for all channels: 0..3.
    let demo = read("resolve_cube__Demo.cube");
    assert!(close(demo.evaluate([0.75, 1.5, 3.5]), [0.75, 1.5, 3.0]));
    // 4 nodes a side, each its own place.
    for name in ["iridas_cube__Unit.cube", "resolve_cube__Unit.cube"] {
        let unit = read(name);
        assert!(
            close(unit.evaluate([0.1, 0.5, 0.9]), [0.1, 0.5, 0.9]),
            "{name}"
        );
    }
    let thirds = read("iridas_cube__RGB_1_0.5_0.25.cube");
    assert!(close(thirds.evaluate([0.3, 0.6, 0.8]), [0.3, 0.3, 0.2]));
    // Curves of 10 nodes over -0.1..3 in front of a cube over the same: the first row of the curves lies below the
    // cube's domain, so it is the cube's first node; the last curve value, 1.6476816, is 0.5638 of the way.
    let both = read("resolve_cube__Three_Dimensional_Table_With_Shaper.cube");
    assert!(close(
        both.evaluate([-0.1; 3]),
        [0.927_777_8, 0.906_301_4, 0.902_006_2]
    ));
    assert_eq!(
        both.described(),
        "curves of 10 nodes and a cube of 3 nodes a side"
    );
    // Whatever else is there is read, or refused with its place.
    let mut count = 0;
    for entry in fs::read_dir(luts.join("colour_science")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "cube") {
            let lut = read_cube(&path).unwrap().0;
            let again = Lut::parse_cube("again.cube".as_ref(), &lut.to_cube()).unwrap();
            let color = [0.2, 0.45, 0.7];
            let (a, b) = (lut.evaluate(color), again.evaluate(color));
            assert!(
                a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4),
                "{path:?}"
            );
            count += 1;
        }
    }
    assert!(count >= 10, "{count}");
    let folder = tempfile::tempdir().unwrap();
    let told = tastemaker(folder.path())
        .args(["look", "import", "-o", "x.toml"])
        .arg(luts.join("nilut_identity_hald.png"))
        .current_dir(folder.path())
        .exits(2);
    let told = told.stderr();
    assert!(told.contains("1024×2048"), "{told}");
}

/// A minimal implementation of the formats' specifications for a file with one table: the nodes of a curve are
/// spaced evenly over its range, those of a cube too, red fastest; each is exactly its row. Adobe's "Cube LUT
/// Specification 1.0" for `DOMAIN_…`, DaVinci Resolve's manual for `…_INPUT_RANGE`; without either the range is 0..1.
fn specified(text: &str) -> Vec<([f64; 3], [f64; 3])> {
    let (mut low, mut high) = ([0.0; 3], [1.0; 3]);
    let (mut size, mut cubic) = (0, false);
    let mut rows: Vec<[f64; 3]> = vec![];
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |place: usize| words[place].parse::<f64>().unwrap();
        match words.first().copied() {
            Some("LUT_1D_SIZE") => size = number(1) as usize,
            Some("LUT_3D_SIZE") => (size, cubic) = (number(1) as usize, true),
            Some("DOMAIN_MIN") => low = [1, 2, 3].map(number),
            Some("DOMAIN_MAX") => high = [1, 2, 3].map(number),
            Some("LUT_1D_INPUT_RANGE" | "LUT_3D_INPUT_RANGE") => {
                (low, high) = ([number(1); 3], [number(2); 3]);
            }
            Some(word) if word.parse::<f64>().is_ok() => rows.push([0, 1, 2].map(number)),
            _ => {}
        }
    }
    let at = |place: [usize; 3]| {
        [0, 1, 2].map(|channel| {
            low[channel]
                + (high[channel] - low[channel]) * place[channel] as f64 / (size - 1) as f64
        })
    };
    let place = |number: usize| {
        if cubic {
            [number % size, number / size % size, number / size / size]
        } else {
            [number; 3]
        }
    };
    assert_eq!(rows.len(), if cubic { size * size * size } else { size });
    let numbered = rows.into_iter().enumerate();
    numbered
        .map(|(number, row)| (at(place(number)), row))
        .collect()
}

#[test]
fn a_table_as_csp_is_the_same_table_as_cube() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = corpus.join("images/luts/colour_science");
    for name in [
        "Colour_Correct",
        "Three_Dimensional_Table",
        "Unit",
        "ACES_Proxy_10_to_ACES",
    ] {
        let home = tempfile::tempdir().unwrap();
        tastemaker(home.path())
            .args(["look", "import", "-o", "x.toml"])
            .arg(folder.join(format!("cinespace__{name}.csp")))
            .exits(0);
        let read = |path: &Path| {
            let text = fs::read_to_string(path).unwrap();
            Lut::parse_cube(path, &text).unwrap()
        };
        let imported = read(&home.path().join("x.cube"));
        let twin = read(&folder.join(format!("iridas_cube__{name}.cube")));
        for step in 0..=20 {
            let level = f64::from(step) / 20.0;
            for input in [[level; 3], [level, 0.5, 0.2], [0.9, level, 1.0 - level]] {
                let (found, wanted) = (imported.evaluate(input), twin.evaluate(input));
                let near = found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 5e-5);
                assert!(near, "{name} at {input:?}: {found:?}, not {wanted:?}");
            }
        }
    }
    // A cube with sides of different sizes is refused with the line.
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path())
        .args(["look", "import", "-o", "x.toml"])
        .arg(folder.join("cinespace__Explicit_Domain.csp"))
        .exits(2);
    assert!(run.stderr().contains(":19:1:"), "{run}");
}

#[test]
fn every_table_of_the_corpus_is_its_rows_at_its_nodes_with_any_line_ends() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let luts = corpus.join("images/luts");
    let mut files = vec![luts.join("nilut_LUT01_Contrast.cube")];
    for entry in fs::read_dir(luts.join("colour_science")).unwrap() {
        files.push(entry.unwrap().path());
    }
    let (mut plain, mut shaped, mut other) = (0, 0, 0);
    for path in files {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("cube") => {}
            Some("csp") => continue,
            _ => {
                // Unsupported formats are refused, not guessed.
                let folder = tempfile::tempdir().unwrap();
                let told = tastemaker(folder.path())
                    .args(["look", "import", "-o", "x.toml"])
                    .arg(&path)
                    .exits(2);
                assert!(told.stderr().contains("error:"), "{told}");
                other += 1;
                continue;
            }
        }
        let text = fs::read_to_string(&path).unwrap();
        for ends in ["\n", "\r\n", "\r"] {
            let text = text.replace("\r\n", "\n").replace('\n', ends);
            let lut = Lut::parse_cube(&path, &text).unwrap();
            let text = text.replace(ends, "\n");
            if text.contains("LUT_1D_SIZE") && text.contains("LUT_3D_SIZE") {
                shaped += 1;
                continue;
            }
            plain += 1;
            for (input, output) in specified(&text) {
                let found = lut.evaluate(input);
                let near = found.iter().zip(output).all(|(a, b)| (a - b).abs() < 2e-5);
                assert!(near, "{path:?} at {input:?}: {found:?}, not {output:?}");
            }
        }
    }
    assert_eq!((plain, shaped, other), (3 * 15, 3 * 2, 8));
    // Curves before a cube, with their own line from node to node: 16 over 0..1, and 4 nodes a side over the same.
    let both = luts.join("colour_science/resolve_cube__LogC_Video.cube");
    let text = fs::read_to_string(&both).unwrap();
    let rows: Vec<[f64; 3]> = text
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_digit() || first == '-'))
        .map(|line| {
            let numbers: Vec<f64> = line
                .split_whitespace()
                .map(|n| n.parse().unwrap())
                .collect();
            [numbers[0], numbers[1], numbers[2]]
        })
        .collect();
    let (curve, cube) = rows.split_at(16);
    let lut = read_cube(&both).unwrap().0;
    for (number, value) in curve.iter().enumerate() {
        // Grays lie on the diagonal of the cube, where all ways of interpolation agree.
        let place = (value[0] * 3.0).clamp(0.0, 3.0);
        let left = (place as usize).min(2);
        let node = |at: usize| cube[at * 21];
        let wanted = [0, 1, 2].map(|channel: usize| {
            node(left)[channel]
                + (node(left + 1)[channel] - node(left)[channel]) * (place - left as f64)
        });
        let found = lut.evaluate([number as f64 / 15.0; 3]);
        assert!(
            found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-4),
            "{number}: {found:?} {wanted:?}"
        );
    }
}

/// A cube that swaps red and blue, with 2 nodes a side.
const SWAP: &str =
    "TITLE \"swap\"\nLUT_3D_SIZE 2\n0 0 0\n0 0 1\n0 1 0\n0 1 1\n1 0 0\n1 0 1\n1 1 0\n1 1 1\n";

/// The tables of other programs become looks, and what is ignored in one is named.
#[test]
fn tables_of_other_programs_are_imported() {
    let folder = tempfile::tempdir().unwrap();
    let rows = SWAP.split_once('\n').unwrap().1.split_once('\n').unwrap().1;
    // With blue fastest, the rows of the swap are those of no change.
    let reversed = rows
        .lines()
        .map(|row| row.chars().rev().collect::<String>() + "\n");
    let twelve_bits = reversed.collect::<String>().replace('1', "4095");
    let twelve_bits = format!("0 1023\n{twelve_bits}");
    let curves = "2\n0 1\n0 1\n".repeat(3);
    let files = [
        ("swap.3dl", twelve_bits, ""),
        (
            "swap.csp",
            format!("CSPLUTV100\n3D\n{curves}2 2 2\n{rows}"),
            "",
        ),
        (
            "next.cube",
            format!("LUT_NEXT_THING 3\n{SWAP}"),
            "LUT_NEXT_THING",
        ),
        (
            "video.cube",
            format!("LUT_3D_SIZE 2\nLUT_IN_VIDEO_RANGE\nLUT_OUT_VIDEO_RANGE\n{rows}"),
            "",
        ),
    ];
    for (name, text, named) in files {
        fs::write(folder.path().join(name), text).unwrap();
        let told = tastemaker(folder.path())
            .args(["look", "import", name, "-o", "look.toml", "--force"])
            .exits(0)
            .stderr();
        assert!(told.contains(named), "{name}: {told}");
        let library = LookLibrary::open(None).unwrap();
        let look = folder.path().join("look.toml");
        let look = library.find(look.to_str().unwrap()).unwrap();
        let mut picture = Rgb8::new(Size::new(2, 1), vec![10, 20, 200, 255, 128, 0]).unwrap();
        CompiledLook::new(&look, 1.0)
            .unwrap()
            .apply(&mut picture, 0, 0);
        assert_eq!(picture.samples(), [200, 20, 10, 0, 128, 255], "{name}");
    }
}

#[test]
fn an_imported_table_is_a_look_that_works_from_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("swap.cube"), SWAP).unwrap();
    let plan = tastemaker(folder.path())
        .args([
            "look",
            "import",
            "swap.cube",
            "-o",
            "new/a.toml",
            "--dry-run",
        ])
        .exits(0)
        .stdout();
    assert!(plan.contains("a.toml") && plan.contains("a.cube"), "{plan}");
    assert!(!at("new").exists());
    tastemaker(folder.path())
        .args(["look", "import", "swap.cube", "-o", "new/a.toml"])
        .exits(0);
    assert_eq!(fs::read(at("new/a.cube")).unwrap(), SWAP.as_bytes());

    let library = LookLibrary::open(None).unwrap();
    let look = library.find(at("new/a.toml").to_str().unwrap()).unwrap();
    let mut picture = Rgb8::new(Size::new(2, 1), vec![10, 20, 200, 255, 128, 0]).unwrap();
    CompiledLook::new(&look, 1.0)
        .unwrap()
        .apply(&mut picture, 0, 0);
    assert_eq!(picture.samples(), [200, 20, 10, 0, 128, 255]);

    // An existing file is an error before anything is written, and replaced on request.
    let told = tastemaker(folder.path())
        .args(["look", "import", "swap.cube", "-o", "new/a.toml"])
        .exits(2)
        .stderr();
    assert!(told.contains("exists already"), "{told}");
    tastemaker(folder.path())
        .args(["look", "import", "swap.cube", "-o", "new/a.toml", "--force"])
        .exits(0);
    // Beside its own table only the look is written.
    tastemaker(folder.path())
        .args(["look", "import", "swap.cube", "-o", "swap.toml"])
        .exits(0);
    assert_eq!(fs::read(at("swap.cube")).unwrap(), SWAP.as_bytes());

    // A different table of that name is not used instead.
    fs::write(
        at("new/a.cube"),
        SWAP.replace("0 0 1\n0 1 0", "0 0 0\n0 1 0"),
    )
    .unwrap();
    let told = tastemaker(folder.path())
        .args(["look", "show", "new/a.toml"])
        .exits(2)
        .stderr();
    assert!(
        told.contains("a.toml:13:11:") && told.contains("blake3 is not that of a.cube"),
        "{told}"
    );
    fs::remove_file(at("new/a.cube")).unwrap();
    let told = tastemaker(folder.path())
        .args(["look", "show", "new/a.toml"])
        .exits(2)
        .stderr();
    assert!(
        told.contains("a.cube") && told.contains("cannot read"),
        "{told}"
    );
}

#[test]
fn names_that_lead_out_of_the_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "../a.cube",
        "/etc/passwd",
        "sub/a.cube",
        "..",
        "c:a.cube",
        "",
    ] {
        let text = format!(
            "schema = \"tastemaker.look/1\"\nsummary = \"x\"\nfamily = \"x\"\n\
             [[step]]\nkind = \"lut\"\nfile = \"{name}\"\n"
        );
        fs::write(folder.path().join("x.toml"), text).unwrap();
        let told = tastemaker(folder.path())
            .args(["look", "show", "x.toml"])
            .exits(2)
            .stderr();
        assert!(told.contains("x.toml:6:8: file must be"), "{name}: {told}");
    }
}

#[test]
fn a_look_goes_out_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    for (name, ending) in [("table", "cube"), ("image", "png")] {
        let file = format!("{name}.{ending}");
        let told = tastemaker(folder.path())
            .args(["look", "export", "film-warm", "-o", &file, "--size", "65"])
            .exits(0)
            .stderr();
        assert!(told.contains("cannot carry grain"), "{told}");
        let look = format!("{name}-back.toml");
        if ending == "png" {
            let narrow = [
                "look",
                "import",
                &file,
                "-o",
                "no.toml",
                "--max-pixels",
                "100",
            ];
            let told = tastemaker(folder.path()).args(narrow).exits(2).stderr();
            assert!(told.contains("--max-pixels"), "{told}");
        }
        tastemaker(folder.path())
            .args(["look", "import", &file, "-o", &look])
            .exits(0);
        let library = LookLibrary::open(None).unwrap();
        let back = library
            .find(folder.path().join(&look).to_str().unwrap())
            .unwrap();
        let mut first = library.find("film-warm").unwrap();
        first.steps.retain(LookStep::fits_a_table);
        let samples: Vec<u8> = (0..3000_u32).map(|at| (at * 97 % 256) as u8).collect();
        let mut pictures = [first, back].map(|look| {
            let mut picture = Rgb8::new(Size::new(100, 10), samples.clone()).unwrap();
            CompiledLook::new(&look, 1.0)
                .unwrap()
                .apply(&mut picture, 0, 0);
            picture.into_samples()
        });
        let [a, b] = &mut pictures;
        let worst = a
            .iter()
            .zip(b.iter())
            .map(|(a, b)| a.abs_diff(*b))
            .max()
            .unwrap();
        assert!(worst <= 2, "{file}: {worst}");
    }
    let told = tastemaker(folder.path())
        .args(["look", "export", "noir", "-o", "x.tiff"])
        .exits(2)
        .stderr();
    assert!(told.contains("neither .cube nor .png"), "{told}");
}

#[test]
fn looks_are_listed_and_shown_as_they_can_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let lines = tastemaker(folder.path())
        .args(["look", "list", "--json"])
        .exits(0)
        .stdout();
    let names: Vec<String> = lines
        .lines()
        .map(|line| {
            let look: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(look["schema"], "tastemaker.look/1");
            look["name"].as_str().unwrap().to_owned()
        })
        .collect();
    let library = LookLibrary::open(None).unwrap();
    assert_eq!(names.len(), library.looks().len());
    for name in names {
        let text = tastemaker(folder.path())
            .args(["look", "show", &name])
            .exits(0)
            .stdout();
        let again = Look::parse(&name, "x.toml".as_ref(), &text).unwrap();
        assert_eq!(again, library.find(&name).unwrap());
    }
}

/// A piece of a `.cube` file, more or less.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("LUT_3D_SIZE 2\n".to_owned()),
        Just("LUT_1D_SIZE 2\n".to_owned()),
        Just("LUT_1D_SIZE 65536\n".to_owned()),
        Just("DOMAIN_MIN -1 0 1e30\r\n".to_owned()),
        Just("DOMAIN_MAX 2 3 3.4e38\n".to_owned()),
        Just("LUT_1D_INPUT_RANGE 0 1e-40\r".to_owned()),
        Just("TITLE \"é\n".to_owned()),
        Just("# \u{2028}\n".to_owned()),
        (any::<f32>(), any::<f32>(), any::<f32>()).prop_map(|(a, b, c)| format!("{a} {b} {c}\n")),
        (0.0..1.0_f32).prop_map(|a| format!("{a}\t{a} {a}\n")),
        ".{0,12}\n",
    ]
}

proptest! {
    #[test]
    fn whatever_stands_in_a_table_is_read_or_refused(pieces in prop::collection::vec(piece(), 0..14)) {
        match Lut::parse_cube("x.cube".as_ref(), &pieces.concat()) {
            Ok(lut) => {
                for color in [[0.0; 3], [0.3, 0.6, 1.0], [1.0; 3]] {
                    prop_assert!(lut.evaluate(color).iter().all(|value| !value.is_nan()), "{lut:?}");
                }
            }
            Err(problem) => prop_assert_eq!(problem.code(), "document"),
        }
    }

    #[test]
    fn every_picture_gets_a_correction_that_can_be_run(
        samples in prop::collection::vec(any::<u8>(), 3 * 12 * 9),
        dim in 1..=255_u32,
        bright in 0.1..=1.0_f64,
    ) {
        let samples = samples.iter().map(|value| (u32::from(*value) * dim / 255) as u8).collect();
        let picture = Rgb8::new(Size::new(12, 9), samples).unwrap();
        let correction = Correction::measure(&picture);
        prop_assert!(!correction.reasons.is_empty());
        let mut look = Look::none();
        look.steps = vec![LookStep::Even(Even { amount: 100.0, bright: Some(bright), bright_amount: 100.0, dark: None, dark_amount: 100.0 })];
        for compiled in [
            CompiledLook::measured(&look, 1.0, &correction),
            CompiledLook::with_correction(&look, 0.5, &correction),
        ] {
            compiled.unwrap().apply(&mut picture.clone(), 0, 0);
        }
        let nothing = CompiledLook::measured(&look, 0.0, &correction).unwrap();
        prop_assert!(nothing.is_identity());
    }
}
