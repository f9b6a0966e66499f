//! The page of `analyze --html`: one self-contained file, and no markup injected by names.

use std::fs;

use serde_json::Value;

use crate::support::{media, tastemaker};

#[test]
fn a_page_shows_every_shot_and_carries_its_pictures() {
    let home = tempfile::tempdir().unwrap();
    let page = home.path().join("page.html");
    // A name that would end the page's own markup.
    let odd = home.path().join("<b>&\"x'.jpg");
    fs::copy(media("photos/astronaut.jpg"), &odd).unwrap();
    let run = tastemaker(home.path())
        .args(["analyze", "--json", "--html"])
        .arg(&page)
        .args([media("clips/bikes.mp4"), odd, media("speech/austen.flac")])
        .exits(0);
    let documents: Vec<Value> = run.documents();
    let text = fs::read_to_string(&page).unwrap();
    let shots = documents[0]["video"]["shots"].as_array().unwrap().len();
    assert!(shots >= 4);
    assert_eq!(text.matches("<section class=shot>").count(), shots);
    assert_eq!(text.matches("<article").count(), 3);
    // Each picture is a JPEG that can be decoded.
    let mut pictures = 0;
    for part in text.split("data:image/jpeg;base64,").skip(1) {
        let coded = part.split('"').next().unwrap();
        use base64::Engine as _;
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(coded)
            .unwrap();
        let picture = image::load_from_memory(&bytes).unwrap();
        assert!(picture.width() >= 100, "{}", picture.width());
        pictures += 1;
    }
    assert_eq!(pictures, shots + 1);
    assert!(text.contains("ill-disposed"), "the words are there");
    assert!(text.contains("class=face"));
    // The astronaut looks at us: five points, a line for the head, one for each eye.
    assert!(text.matches("<circle class=point").count() >= 5);
    assert!(text.contains("<path class=pose") && text.matches("<path class=gaze").count() >= 2);
    assert!(text.contains("largest face") && text.contains("dynamic range"));
    assert!(text.contains("&lt;b&gt;&amp;&quot;x&#39;.jpg") && !text.contains("<b>&"));
    let markup: String = text
        .split("data:image/jpeg;base64,")
        .enumerate()
        .map(|(number, part)| match number {
            0 => part,
            _ => part.split_once('"').map_or("", |(_, rest)| rest),
        })
        .collect();
    for foreign in ["http:", "https:", "<script", "NaN", "inf\""] {
        assert!(!markup.contains(foreign), "{foreign}");
    }
    // Tracks of people, and camera motion.
    assert!(text.contains("<svg class=people") && text.contains("<rect class=person x="));
    assert!(text.contains("class=moves"));
    // Curves: one point a second.
    let seconds = documents[0]["video"]["duration"].as_f64().unwrap().ceil() as usize;
    for curve in ["motion_curve", "quality_curve"] {
        let curve = documents[0]["video"][curve].as_array().unwrap();
        assert_eq!(curve.len(), seconds);
        assert!(
            curve
                .iter()
                .all(|value| (0.0..=1.0).contains(&value.as_f64().unwrap()))
        );
    }

    tastemaker(home.path())
        .args(["analyze", "--html"])
        .arg(&page)
        .arg(media("photos/dogs.jpg"))
        .exits(2);
    assert_eq!(
        fs::read_to_string(&page).unwrap(),
        text,
        "nothing is replaced without --force"
    );
}
