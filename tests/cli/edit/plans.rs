//! Plans edited by a person: valid ones parse, invalid ones are refused with line and field.

use std::collections::BTreeMap;
use std::path::Path;

use tastemaker::Error;
use tastemaker::edit::Plan;
use tastemaker::time::Rational;

use crate::support;

fn good() -> String {
    std::fs::read_to_string(support::root().join("tests/edit/good.plan.json")).unwrap()
}

#[test]
fn exact_times_may_be_left_out() {
    let plan = Plan::parse(&good(), Path::new("good.plan.json")).unwrap();
    assert_eq!(plan.picture[0].end_exact, Rational::new(5, 2).unwrap());
    assert_eq!(plan.picture[0].look_strength, 1.0);
    assert_eq!(plan.output.duration_exact, Rational::whole(4));
    assert_eq!(plan.sound[0].end_exact, Rational::whole(14));
    // Four decimals are not a whole number of frames, but name one.
    let third = good()
        .replacen(
            "\"out\": 2.5,\n      \"crop\"",
            "\"out\": 2.5333,\n      \"crop\"",
            1,
        )
        .replacen("\"duration\": 4.0", "\"duration\": 4.0333", 1);
    let plan = Plan::parse(&third, Path::new("good.plan.json")).unwrap();
    assert_eq!(plan.picture[0].end_exact, Rational::new(76, 30).unwrap());
}

/// Every file of `tests/edit/bad` with its error; `expected.txt` beside them holds the same. To update it after a
/// change of messages: `TASTEMAKER_WRITE_EXPECTED=1 cargo nextest run -E 'test(bad_plans)'`, and read the
/// difference.
#[test]
fn bad_plans_are_refused_with_line_and_field() {
    let folder = support::root().join("tests/edit/bad");
    let mut said = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let error = Plan::parse(&text, Path::new(&name)).unwrap_err();
        assert!(matches!(error, Error::Document { .. }), "{name}: {error:?}");
        said.insert(name, error.to_string());
    }
    let said: String = said.values().map(|line| format!("{line}\n")).collect();
    let expected = folder.join("expected.txt");
    if std::env::var_os("TASTEMAKER_WRITE_EXPECTED").is_some() {
        std::fs::write(&expected, &said).unwrap();
    }
    assert_eq!(said, std::fs::read_to_string(&expected).unwrap_or_default());
}

/// Cutting a plan short or changing one byte gives an error or a plan, never a panic.
#[test]
fn damaged_plans_do_no_harm() {
    let good = good();
    for end in 0..good.len() {
        let _ = Plan::parse(&good[..end], Path::new("cut.json"));
        for byte in ['-', '9', '"', '}', '\\', 'é'] {
            let mut changed = good.clone();
            changed.replace_range(end..=end, byte.encode_utf8(&mut [0; 4]));
            let _ = Plan::parse(&changed, Path::new("changed.json"));
        }
    }
}
