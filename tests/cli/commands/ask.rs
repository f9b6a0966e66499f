//! Requests in words: shown, run with `--yes`, and changes of a plan.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{media, tastemaker};

/// The plan at `path`.
fn plan(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_request_is_shown_and_runs_only_when_it_is_to() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("plan.json");
    let ask = |yes: &[&str]| {
        tastemaker(home.path())
            .args([
                "ask",
                "only the plan, 6 seconds, square, noir look, no wipes, quux",
            ])
            .args(
                ["dogs.jpg", "meadow.jpg", "sunset.jpg", "stream.jpg"]
                    .map(|name| media("photos").join(name)),
            )
            .arg(media("clips/bikes.mp4"))
            .args([
                "--music",
                media("music/calmrace.ogg").to_str().unwrap(),
                "-o",
            ])
            .arg(&target)
            .args(yes)
            .exits(0)
    };
    let shown = ask(&[]);
    assert!(!target.exists());
    assert!(
        shown.stderr().contains("not understood: \"quux\""),
        "{}",
        shown.stderr()
    );
    assert!(shown.stderr().contains("--yes"), "{}", shown.stderr());
    let command = shown.stdout();
    assert!(
        command.contains("--length 6s --aspect 1:1 --transition none --look noir"),
        "{command}"
    );
    ask(&["--yes"]);
    let made = plan(&target);
    assert_eq!(made["output"]["width"], made["output"]["height"]);
    assert_eq!(made["picture"][0]["look"], "noir");

    // Follow-ups change the plan: one segment shows something else, all others stay.
    let changed = home.path().join("changed.json");
    tastemaker(home.path())
        .args([
            "ask",
            "swap the second clip, only plan it, and dial the look back",
        ])
        .arg(&target)
        .args(["--yes", "-o"])
        .arg(&changed)
        .exits(0);
    let again = plan(&changed);
    let (before, after) = (
        made["picture"].as_array().unwrap(),
        again["picture"].as_array().unwrap(),
    );
    assert_eq!(before[0]["in_exact"], after[0]["in_exact"]);
    assert_ne!(
        (&before[1]["source"], &before[1]["in_exact"]),
        (&after[1]["source"], &after[1]["in_exact"])
    );
    assert_eq!(after[0]["look_strength"], 0.6);
    assert!(after.iter().all(|segment| segment.get("locked").is_none()));

    // A segment that is not there is refused, and what means nothing is not run.
    let revise = |again: &str| {
        tastemaker(home.path())
            .args([
                "revise",
                target.to_str().unwrap(),
                "--again",
                again,
                "--plan-only",
                "-o",
                "x.json",
            ])
            .exits(2)
    };
    assert!(revise("99").stderr().contains("no segment 99"));
    let nothing = tastemaker(home.path())
        .args(["ask", "frobnicate", "--yes", target.to_str().unwrap()])
        .exits(2);
    assert!(nothing.stderr().contains("nothing of this was understood"));
}
