//! `export` and `import` on the command line.

use std::fs;

use serde_json::{Value, json};

use tastemaker::store::hash_file;
use tastemaker::task::Task;

use crate::support::{Home, media, tastemaker};

/// A plan of one clip with a look, in `home`, whose media lie in its folder `media`.
fn plan(home: &Home) {
    fs::create_dir_all(home.path("media")).unwrap();
    let clip = home.path("media/dog & cat #2, 100 % é.mp4");
    fs::copy(media("clips/bikes.mp4"), &clip).unwrap();
    let blake3 = hash_file(&clip, &Task::default()).unwrap();
    let segment = |first: f64, end: f64| {
        json!({
            "source": "s1", "in": first, "out": end, "crop": [[first, 0.0, 0.0, 1.0, 1.0]],
            "look": "film-warm", "effects": [], "transition": "cut", "reasons": [],
        })
    };
    let plan = json!({
        "schema": "tastemaker.plan/1",
        "sources": [{
            "id": "s1", "path": "media/dog & cat #2, 100 % é.mp4", "blake3": blake3, "kind": "video",
        }],
        "output": {
            "width": 640, "height": 360, "frame_rate": "25/1", "duration": 2.0, "loudness_lufs": -14.0,
            "true_peak_dbtp": -1.0, "platform": "youtube", "style": "steady", "seed": 0,
        },
        "picture": [segment(1.0, 2.0), segment(4.0, 5.0)],
        "sound": [],
        "captions": [],
        "markers": [{ "at": 1.0, "kind": "chapter", "text": "Second" }],
    });
    fs::write(home.path("plan.json"), plan.to_string()).unwrap();
}

#[test]
fn a_plan_goes_out_to_every_format_and_comes_back() {
    let home = Home::new();
    plan(&home);
    for (format, file) in [
        ("otio", "film.otio"),
        ("fcpxml", "film.fcpxml"),
        ("xmeml", "film.xml"),
        ("edl", "film.edl"),
        ("mlt", "film.mlt"),
    ] {
        let target = format!("{format}/{file}");
        let run = tastemaker(&home)
            .args([
                "export",
                "plan.json",
                "--to",
                format,
                "-o",
                &target,
                "--json",
            ])
            .exits(0);
        let report: Value = serde_json::from_str(&run.stdout()).unwrap();
        assert_eq!(report["schema"], "tastemaker.loss/1");
        assert_eq!(
            (&report["from"], &report["to"]),
            (&json!("plan"), &json!(format))
        );
        assert_eq!(report["kept"]["clips"], 2);
        assert_eq!(report["kept"]["markers"], 1);
        let table = home.path(&format!("{format}/film.film-warm.cube"));
        assert!(table.is_file(), "{format} lacks the table of its look");
        if format == "mlt" {
            tastemaker(&home)
                .args(["import", &target, "-o", "back.json"])
                .exits(2);
            continue;
        }
        let back = format!("back/{format}.json");
        let run = tastemaker(&home)
            .args(["import", &target, "-o", &back, "--json"])
            .exits(0);
        let report: Value = serde_json::from_str(&run.stdout()).unwrap();
        assert_eq!(report["timeline"]["clips"], 2, "{report}");
        assert_eq!(report["timeline"]["rate"], "25/1");
        let knows_the_plan = matches!(format, "otio" | "fcpxml");
        let changes = report.get("changes");
        assert_eq!(changes.is_some(), knows_the_plan, "{format}");
        assert!(
            changes.is_none_or(|changes| *changes == json!([])),
            "{report}"
        );
        let plan: Value = serde_json::from_slice(&fs::read(home.path(&back)).unwrap()).unwrap();
        assert_eq!(plan["picture"][1]["in_exact"], "4/1");
        assert_eq!(plan["picture"][1]["out_exact"], "5/1");
        let look = plan["picture"][0].get("look");
        assert_eq!(
            look,
            knows_the_plan.then_some(&json!("film-warm")),
            "{format}"
        );
        assert_eq!(
            plan["markers"][0]["text"]
                .as_str()
                .map(str::to_lowercase)
                .as_deref(),
            Some("second"),
            "{format}"
        );
    }
}

#[test]
fn files_that_moved_are_found_by_name_or_content() {
    let home = Home::new();
    plan(&home);
    tastemaker(&home)
        .args(["export", "plan.json", "--to", "otio", "-o", "film.otio"])
        .exits(0);
    fs::create_dir_all(home.path("elsewhere/deep")).unwrap();
    let old = home.path("media/dog & cat #2, 100 % é.mp4");
    fs::rename(old, home.path("elsewhere/deep/renamed.mp4")).unwrap();
    let run = tastemaker(&home)
        .args(["import", "film.otio", "-o", "back.json"])
        .exits(2);
    let told = run.stderr();
    assert!(
        told.contains("film.otio") && told.contains("dog & cat"),
        "{told}"
    );
    assert!(told.contains("--media"), "{told}");
    // Without writing, the timeline is looked at all the same.
    let run = tastemaker(&home)
        .args([
            "import",
            "film.otio",
            "-o",
            "back.json",
            "--dry-run",
            "--json",
        ])
        .exits(0);
    let report: Value = serde_json::from_str(&run.stdout()).unwrap();
    assert_eq!(report["timeline"]["clips"], 2);
    assert!(!home.path("back.json").exists());
    tastemaker(&home)
        .args([
            "import",
            "film.otio",
            "-o",
            "back.json",
            "--media",
            "elsewhere",
        ])
        .exits(0);
    let plan: Value = serde_json::from_slice(&fs::read(home.path("back.json")).unwrap()).unwrap();
    assert_eq!(plan["sources"][0]["path"], "elsewhere/deep/renamed.mp4");
}

#[test]
fn what_stands_in_the_way_is_not_replaced() {
    let home = Home::new();
    plan(&home);
    let export = ["export", "plan.json", "--to", "edl", "-o", "film.edl"];
    tastemaker(&home).args(export).exits(0);
    tastemaker(&home).args(export).exits(2);
    tastemaker(&home).args(export).arg("--force").exits(0);
    let import = ["import", "film.edl", "-o", "plan.json"];
    tastemaker(&home).args(import).exits(2);
}
