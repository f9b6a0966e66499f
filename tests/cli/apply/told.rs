//! What is printed.

use tastemaker::geometry::Size;
use tastemaker::media::{Metadata, StillFormat};
use tastemaker::picture::Picture;

use crate::support::{Home, eight_bit_picture, write_picture};

#[test]
fn machines_get_one_document_a_file() {
    let home = Home::new();
    home.photos("in", &[("a.jpg", "cat"), ("b.jpg", "coffee")]);
    let run = home
        .apply(&["noir", "in", "-o", "out", "--json", "--strength", "0.5"])
        .exits(0);
    let lines = run.documents();
    assert_eq!(lines.len(), 2);
    let keys: Vec<&String> = lines[0].as_object().unwrap().keys().collect();
    let documented = std::fs::read_to_string(crate::support::root().join("docs/json.md")).unwrap();
    let section = documented
        .split("## `tastemaker.applied/1`")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    for key in keys.iter().filter(|key| key.as_str() != "schema") {
        assert!(
            section.contains(&format!("`{key}`")),
            "{key} is not documented"
        );
    }
    let first = &lines[0];
    assert_eq!(first["schema"], "tastemaker.applied/1");
    assert_eq!(first["file"], "in/a.jpg");
    assert_eq!(first["output"], "out/a.jpg");
    assert_eq!(first["status"], "written");
    assert_eq!(first["look"], "noir");
    assert_eq!(first["strength"], 0.5);
    assert_eq!(first["format"], "jpeg");
    assert_eq!(
        (&first["width"], &first["height"]),
        (&451.into(), &300.into())
    );
    let bytes = std::fs::read(home.path("out/a.jpg")).unwrap();
    assert_eq!(first["bytes"], bytes.len());
    assert_eq!(first["blake3"], blake3::hash(&bytes).to_hex().as_str());
    assert!(run.counts("2 written"), "{}", run.stderr());
}

#[test]
fn people_get_a_table() {
    let home = Home::new();
    home.photos("in", &[("a.jpg", "cat"), ("b.jpg", "coffee")]);
    std::fs::write(home.path("in/c.jpg"), b"").unwrap();
    let run = home.apply(&["noir", "in", "-o", "out"]).exits(1);
    assert!(run.counts("2 written") && run.counts("1 failed"));
    assert!(run.stderr().contains("c.jpg is damaged") && run.stderr().contains("hint: "));
}

#[test]
fn what_holds_for_many_files_is_said_once_and_counted() {
    let home = Home::new();
    let clear = Picture {
        alpha: Some(vec![0; 16 * 16]),
        ..eight_bit_picture(Size::new(16, 16))
    };
    for name in ["in/a.png", "in/b.png", "in/c.png"] {
        write_picture(
            &home.path(name),
            &clear,
            StillFormat::Png,
            &Metadata::default(),
        );
    }
    let run = home
        .apply(&["noir", "in", "-o", "out", "--format", "jpeg", "--json"])
        .exits(0);
    let lines = run.stderr();
    let notes: Vec<&str> = lines
        .lines()
        .filter(|line| line.contains("which show black"))
        .collect();
    assert_eq!(notes.len(), 2, "{lines}");
    assert!(notes[0].contains("a.png: it is transparent"), "{lines}");
    assert!(
        notes[1].contains("2 more files: it is transparent"),
        "{lines}"
    );
    assert!(run.counts("3 of these show black"), "{lines}");
    let told = run.documents().into_iter();
    let told = told.filter(|document| document["code"] == "picture_treated");
    assert_eq!(told.count(), 3);
}
