//! The gain map of an Ultra HDR photo comes along where it stays true, and its claims go where it does not.

use std::path::Path;
use std::process::Command;

use tastemaker::geometry::Size;
use tastemaker::media::{ChromaSubsampling, Metadata, StillFormat, to_srgb};
use tastemaker::picture::{Background, ColorSpace, Picture, Pixels, Rgb8};

use crate::support::{Home, decode, eight_bit_picture, exif_with_location, write_picture};

const JPEG: StillFormat = StillFormat::Jpeg {
    background: Background::BLACK,
    quality: 95,
    subsampling: ChromaSubsampling::Full444,
};

/// Bright at the right edge, so that a turn shows.
fn map_picture(size: Size) -> Picture {
    let samples = (0..size.width * size.height)
        .flat_map(|at| [(at % size.width * 255 / (size.width - 1)) as u8; 3])
        .collect();
    Picture {
        pixels: Pixels::Eight(Rgb8::new(size, samples).unwrap()),
        alpha: None,
        color: ColorSpace::Srgb,
    }
}

fn packet(attributes: &str, elements: &str) -> Vec<u8> {
    format!(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
            xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
            xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
            xmlns:Container="http://ns.google.com/photos/1.0/container/"
            xmlns:Item="http://ns.google.com/photos/1.0/container/item/"
            hdrgm:Version="1.0" {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>"#
    )
    .into_bytes()
}

/// A photo of 80 by 60 pixels with a map of 20 by 15 behind it; gives the map's bytes.
fn ultra_hdr(path: &Path, orientation: u8) -> Vec<u8> {
    let map_path = path.with_extension("map.jpg");
    let metadata = Metadata {
        xmp: Some(packet(
            r#"hdrgm:GainMapMax="2.5" hdrgm:HDRCapacityMax="2.5""#,
            "",
        )),
        ..Metadata::default()
    };
    write_picture(&map_path, &map_picture(Size::new(20, 15)), JPEG, &metadata);
    let map = std::fs::read(&map_path).unwrap();
    std::fs::remove_file(map_path).unwrap();
    let item = |meaning: &str, length: String| {
        format!(
            r#"<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="{meaning}"
            Item:Mime="image/jpeg"{length}/></rdf:li>"#
        )
    };
    let items = item("Primary", String::new())
        + &item("GainMap", format!(r#" Item:Length="{}""#, map.len()));
    let directory =
        format!("<Container:Directory><rdf:Seq>{items}</rdf:Seq></Container:Directory>");
    let metadata = Metadata {
        xmp: Some(packet(r#"dc:source="who made it""#, &directory)),
        exif: Some(exif_with_location(orientation)),
        ..Metadata::default()
    };
    write_picture(path, &eight_bit_picture(Size::new(80, 60)), JPEG, &metadata);
    let mut file = std::fs::read(path).unwrap();
    file.extend(&map);
    std::fs::write(path, file).unwrap();
    map
}

/// Where the index of the Multi-Picture Format says that the second picture is.
fn by_index(file: &[u8]) -> Option<&[u8]> {
    let head = file.windows(8).position(|part| part == b"MPF\0MM\0\x2a")? + 4;
    let word =
        |at: usize| u32::from_be_bytes(file[head + at..head + at + 4].try_into().unwrap()) as usize;
    let directory = word(4);
    let entries = (0..3)
        .map(|number| directory + 2 + number * 12)
        .find(|entry| file[head + entry..head + entry + 2] == [0xb0, 2])
        .map(|entry| word(entry + 8))?;
    let (first, length, offset) = (word(entries + 4), word(entries + 20), word(entries + 24));
    assert_eq!(
        head + offset,
        first,
        "the first picture ends where the second begins"
    );
    file.get(head + offset..head + offset + length)
}

/// Where the directory of items in XMP says that it is: so many bytes before the end.
fn by_directory(file: &[u8]) -> Option<&[u8]> {
    let text = String::from_utf8_lossy(file);
    let (_, rest) = text.split_once("Item:Semantic=\"GainMap\"")?;
    let (_, rest) = rest.split_once("Item:Length=\"")?;
    let length: usize = rest.split_once('"')?.0.parse().ok()?;
    file.get(file.len() - length..)
}

fn has(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|part| part == text.as_bytes())
}

#[test]
fn a_gain_map_comes_along_with_true_places_in_both_lists() {
    let home = Home::new();
    std::fs::create_dir_all(home.path("in")).unwrap();
    let map = ultra_hdr(&home.path("in/photo.jpg"), 1);
    for (out, words) in [
        ("plain", &[][..]),
        ("small", &["--resize", "40"]),
        ("hidden", &["--metadata", "strip-location"]),
        ("kept", &["--gain-map", "keep"]),
    ] {
        let mut all = vec!["silver", "in", "-o", out, "--json"];
        all.extend(words);
        let lines = home.apply(&all).exits(0).stdout();
        assert!(!lines.contains("part_left_out"), "{lines}");
        let path = home.path(&format!("{out}/photo.jpg"));
        let file = std::fs::read(&path).unwrap();
        assert_eq!(by_index(&file), Some(&map[..]), "{out}");
        assert_eq!(by_directory(&file), Some(&map[..]), "{out}");
        assert!(has(
            &file[..file.len() - map.len()],
            "hdrgm:Version=\"1.0\""
        ));
        assert!(has(&file, "who made it"));
        assert_eq!(
            file.windows(19)
                .filter(|part| part == b"Container:Directory")
                .count(),
            2,
            "{out}"
        );
        // Read again, the same map is found, and it comes along once more.
        let again = decode(&path).metadata.gain_map;
        assert_eq!(again, decode(&home.path("in/photo.jpg")).metadata.gain_map);
        assert!(again.is_some());
        by_exiftool(&path, &map);
    }
}

/// Where exiftool is installed, it finds the map, too, and nothing to warn of.
fn by_exiftool(path: &Path, map: &[u8]) {
    let Ok(found) = Command::new("exiftool")
        .args(["-b", "-MPImage2"])
        .arg(path)
        .output()
    else {
        return;
    };
    assert_eq!(found.stdout, map);
    let said = Command::new("exiftool")
        .args(["-warning", "-a"])
        .arg(path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&said.stdout).to_lowercase();
    assert!(!said.contains("mpf") && !said.contains("xmp"), "{said}");
}

#[test]
fn a_gain_map_is_turned_with_its_picture() {
    let home = Home::new();
    std::fs::create_dir_all(home.path("in")).unwrap();
    for orientation in [3, 6, 8] {
        let name = format!("turned-{orientation}");
        ultra_hdr(&home.path(&format!("in/{name}.jpg")), orientation);
        home.apply(&["silver", "in", "-o", &name]).exits(0);
        let file = std::fs::read(home.path(&format!("{name}/{name}.jpg"))).unwrap();
        let map = by_index(&file).expect("a map");
        assert_eq!(Some(map), by_directory(&file));
        assert!(
            has(map, "hdrgm:GainMapMax=\"2.5\""),
            "the map still says what it is"
        );
        let path = home.path("map.jpg");
        std::fs::write(&path, map).unwrap();
        let turned = to_srgb(&decode(&path).picture);
        let size = turned.size();
        // The right edge, which is bright, is seen on the left, at the bottom or at the top.
        let (wanted, bright) = match orientation {
            3 => (Size::new(20, 15), (0, 7)),
            6 => (Size::new(15, 20), (7, 19)),
            _ => (Size::new(15, 20), (7, 0)),
        };
        assert_eq!(size, wanted);
        let at =
            |(x, y): (u32, u32)| turned.pixels().nth((y * size.width + x) as usize).unwrap()[0];
        let dark = (size.width - 1 - bright.0, size.height - 1 - bright.1);
        assert!(
            at(bright) > 245 && at(dark) < 10,
            "{orientation}: {} {}",
            at(bright),
            at(dark)
        );
        std::fs::remove_dir_all(home.path("in")).unwrap();
        std::fs::create_dir_all(home.path("in")).unwrap();
    }
}

#[test]
fn where_it_cannot_stay_a_gain_map_goes_with_its_claims_and_that_is_said() {
    let home = Home::new();
    std::fs::create_dir_all(home.path("in")).unwrap();
    ultra_hdr(&home.path("in/photo.jpg"), 1);
    for (out, name, words, told) in [
        ("square", "photo.jpg", &["--aspect", "1:1"][..], true),
        ("png", "photo.png", &["--format", "png"], true),
        ("bare", "photo.jpg", &["--metadata", "strip"], true),
        ("dropped", "photo.jpg", &["--gain-map", "drop"], false),
    ] {
        for look in ["silver", "none"] {
            let folder = format!("{out}-{look}");
            let mut all = vec![look, "in", "-o", &folder, "--json"];
            all.extend(words);
            let lines = home.apply(&all).exits(0).stdout();
            assert_eq!(
                lines.contains("\"code\":\"part_left_out\""),
                told,
                "{folder}: {lines}"
            );
            assert_eq!(
                lines.contains("\"part\":\"gain_map\""),
                told,
                "{folder}: {lines}"
            );
            let path = home.path(&format!("{folder}/{name}"));
            let file = std::fs::read(&path).unwrap();
            assert!(decode(&path).metadata.gain_map.is_none());
            for gone in ["hdrgm:", "Container:Directory", "MPF\0"] {
                assert!(!has(&file, gone), "{folder}: {gone}");
            }
        }
    }
    // A copy of the original has it.
    home.apply(&["none", "in", "-o", "copied"]).exits(0);
    let copied = std::fs::read(home.path("copied/photo.jpg")).unwrap();
    assert_eq!(copied, std::fs::read(home.path("in/photo.jpg")).unwrap());
}
