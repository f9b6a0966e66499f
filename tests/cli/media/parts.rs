//! What a file holds besides its picture or film: told, by kind and number, and never invented.

use std::path::Path;

use tastemaker::geometry::Size;
use tastemaker::media::{ChromaSubsampling, Limits, Metadata, StillFormat, probe};
use tastemaker::notice::{LeftOutPart, MediaPart};
use tastemaker::picture::Background;

use super::tiff_file::{Packing, Storage, Stored};
use crate::support::{Home, eight_bit_picture, ffmpeg, tastemaker, write_picture};

const JPEG: StillFormat = StillFormat::Jpeg {
    background: Background::BLACK,
    quality: 90,
    subsampling: ChromaSubsampling::Full444,
};

fn left_out(path: &Path) -> Vec<(MediaPart, u64)> {
    let parts = probe(path, &Limits::default()).unwrap().left_out;
    parts
        .iter()
        .map(|&LeftOutPart { part, count }| (part, count))
        .collect()
}

fn jpeg(folder: &Path, xmp: Option<String>) -> Vec<u8> {
    let path = folder.join("part.jpg");
    let metadata = Metadata {
        xmp: xmp.map(String::into_bytes),
        ..Metadata::default()
    };
    write_picture(
        &path,
        &eight_bit_picture(Size::new(40, 30)),
        JPEG,
        &metadata,
    );
    std::fs::read(path).unwrap()
}

fn packet(namespaces: &str, attributes: &str, elements: &str) -> String {
    format!(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
            xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
            {namespaces} {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>"#
    )
}

/// The items of a directory behind the picture: what they are, and how long.
fn directory(items: &[(&str, &str, usize)]) -> String {
    let item = |(meaning, mime, length): &(&str, &str, usize)| {
        format!(
            r#"<rdf:li rdf:parseType="Resource"><C:Item Item:Semantic="{meaning}" Item:Mime="{mime}"
            Item:Length="{length}"/></rdf:li>"#
        )
    };
    let items: String = [("Primary", "image/jpeg", 0)]
        .iter()
        .chain(items)
        .map(item)
        .collect();
    packet(
        r#"xmlns:C="http://ns.google.com/photos/1.0/container/"
            xmlns:Item="http://ns.google.com/photos/1.0/container/item/""#,
        "",
        &format!("<C:Directory><rdf:Seq>{items}</rdf:Seq></C:Directory>"),
    )
}

fn film() -> Vec<u8> {
    let mut bytes = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    bytes.extend([7; 500]);
    bytes
}

/// `picture` with an index of the Multi-Picture Format in front, and `others` behind it.
fn multi_picture(picture: &[u8], others: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let count = 1 + others.len();
    let mut index = b"MPF\0II\x2a\0\x08\0\0\0\x01\0".to_vec();
    index.extend(b"\x02\xb0\x07\0");
    index.extend((16 * count as u32).to_le_bytes());
    index.extend(26u32.to_le_bytes());
    index.extend([0; 4]);
    let entries_at = index.len();
    index.extend(vec![0; 16 * count]);
    let mut file = picture[..2].to_vec();
    file.extend(b"\xff\xe2");
    file.extend((index.len() as u16 + 2).to_be_bytes());
    let base = file.len() + 4;
    let entries = file.len() + entries_at;
    file.extend(&index);
    file.extend(&picture[2..]);
    for (number, (kind, other)) in others.iter().enumerate() {
        let entry = entries + 16 * (number + 1);
        let offset = (file.len() - base) as u32;
        file[entry..entry + 4].copy_from_slice(&kind.to_le_bytes());
        file[entry + 4..entry + 8].copy_from_slice(&(other.len() as u32).to_le_bytes());
        file[entry + 8..entry + 12].copy_from_slice(&offset.to_le_bytes());
        file.extend(other);
    }
    file
}

/// The trailer of Samsung's phones with one part.
fn samsung(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let name = b"MotionPhoto_Data";
    let mut part = kind.to_vec();
    part.extend((name.len() as u32).to_le_bytes());
    part.extend(name);
    part.extend(content);
    let mut list = b"SEFH\x6b\0\0\0\x01\0\0\0".to_vec();
    list.extend(kind);
    list.extend((part.len() as u32).to_le_bytes());
    list.extend((part.len() as u32).to_le_bytes());
    let length = list.len() as u32;
    [part, list, length.to_le_bytes().to_vec(), b"SEFT".to_vec()].concat()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of files")]
fn parts_behind_a_jpeg_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let plain = jpeg(folder.path(), None);
    let film = film();
    let gain_map = jpeg(
        folder.path(),
        Some(packet(
            r#"xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/""#,
            r#"hdrgm:Version="1.0""#,
            "",
        )),
    );
    let apple = |kind: &str| {
        let kind = format!(r#"apdi:AuxiliaryImageType="urn:com:apple:photo:2020:aux:{kind}""#);
        let namespace = r#"xmlns:apdi="http://ns.apple.com/pixeldatainfo/1.0/""#;
        jpeg(folder.path(), Some(packet(namespace, &kind, "")))
    };
    let micro = |length: usize| {
        packet(
            r#"xmlns:G="http://ns.google.com/photos/1.0/camera/""#,
            &format!(r#"G:MicroVideo="1" G:MicroVideoOffset="{length}""#),
            "",
        )
    };
    let with_items = |items: &[(&str, &str, usize)], behind: &[&[u8]]| {
        [jpeg(folder.path(), Some(directory(items))), behind.concat()].concat()
    };
    let depth = packet(
        r#"xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/""#,
        r#"GDepth:Format="RangeInverse""#,
        "",
    );
    let (map_length, film_length) = (gain_map.len(), film.len());
    type Case<'a> = (&'a str, Vec<u8>, Vec<(MediaPart, u64)>);
    let cases: Vec<Case<'_>> = vec![
        ("nothing", plain.clone(), vec![]),
        ("stray bytes", [&plain[..], &[9; 700]].concat(), vec![]),
        (
            "a motion photo",
            with_items(&[("MotionPhoto", "video/mp4", film_length)], &[&film]),
            vec![(MediaPart::Film, 1)],
        ),
        (
            "a motion photo of before",
            [jpeg(folder.path(), Some(micro(film_length))), film.clone()].concat(),
            vec![(MediaPart::Film, 1)],
        ),
        (
            "Samsung's film",
            [plain.clone(), samsung(b"\0\0\x30\x0a", &film)].concat(),
            vec![(MediaPart::Film, 1)],
        ),
        (
            "Samsung's other parts",
            [plain.clone(), samsung(b"\0\0\x01\x0a", &film)].concat(),
            vec![],
        ),
        (
            "a gain map and a film",
            with_items(
                &[
                    ("GainMap", "image/jpeg", map_length),
                    ("MotionPhoto", "video/mp4", film_length),
                ],
                &[&gain_map, &film],
            ),
            vec![(MediaPart::GainMap, 1), (MediaPart::Film, 1)],
        ),
        (
            "claims of what is gone",
            with_items(&[("MotionPhoto", "video/mp4", film_length)], &[]),
            vec![],
        ),
        (
            "a film that was claimed and is none",
            [jpeg(folder.path(), Some(micro(40))), vec![9; 40]].concat(),
            vec![],
        ),
        (
            "depth in the metadata",
            jpeg(folder.path(), Some(depth)),
            vec![(MediaPart::DepthMap, 1)],
        ),
        (
            "a stereo camera",
            multi_picture(&plain, &[(0x0002_0002, plain.clone())]),
            vec![(MediaPart::Pictures, 1)],
        ),
        (
            "a smaller copy",
            multi_picture(&plain, &[(0x0001_0002, plain.clone())]),
            vec![],
        ),
        (
            "a phone's parts",
            multi_picture(
                &plain,
                &[
                    (0, apple("hdrgainmap")),
                    (0, apple("disparity")),
                    (0, apple("portraiteffectsmatte")),
                ],
            ),
            vec![
                (MediaPart::GainMap, 1),
                (MediaPart::DepthMap, 1),
                (MediaPart::Masks, 1),
            ],
        ),
    ];
    let path = folder.path().join("case.jpg");
    for (name, file, wanted) in cases {
        std::fs::write(&path, file).unwrap();
        assert_eq!(left_out(&path), wanted, "{name}");
    }
}

#[test]
fn bent_lists_of_parts_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bent.jpg");
    let plain = jpeg(folder.path(), None);
    for whole in [
        multi_picture(&plain, &[(0, plain.clone()), (0, plain.clone())]),
        [plain.clone(), samsung(b"\0\0\x30\x0a", &film())].concat(),
    ] {
        for at in (4..120).chain(whole.len().saturating_sub(60)..whole.len()) {
            for value in [0, 1, 0x7f, 0xff] {
                let mut bent = whole.clone();
                bent[at] = value;
                std::fs::write(&path, bent).unwrap();
                let _ = probe(&path, &Limits::default());
            }
        }
    }
}

/// A TIFF with further directories that show the same strips.
fn pages(count: usize) -> Vec<u8> {
    let stored = Stored {
        width: 8,
        height: 6,
        bits: 8,
        samples: 1,
        values: (0..48).collect(),
        tags: vec![(262, 3, vec![1])],
    };
    let mut file = stored.file(Storage {
        big_endian: false,
        big_tiff: false,
        tiled: false,
        planar: false,
        packing: Packing::None,
    });
    let first = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
    let directory = file[first..].to_vec();
    for _ in 1..count {
        let link = file.len() - 4;
        let next = (file.len() as u32).to_le_bytes();
        file[link..].copy_from_slice(&next);
        file.extend(&directory);
    }
    file
}

#[test]
fn pages_tracks_and_sequences_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pages.tif");
    std::fs::write(&path, pages(1)).unwrap();
    assert_eq!(left_out(&path), []);
    std::fs::write(&path, pages(3)).unwrap();
    assert_eq!(left_out(&path), [(MediaPart::Pages, 2)]);
    // A chain of pages that closes in a circle ends there.
    let mut circle = pages(3);
    let (first, link) = (circle[4..8].to_vec(), circle.len() - 4);
    circle[link..].copy_from_slice(&first);
    std::fs::write(&path, circle).unwrap();
    assert_eq!(left_out(&path), [(MediaPart::Pages, 2)]);

    let film = ffmpeg()
        .source("testsrc=s=64x48:d=0.5:r=10")
        .source("testsrc2=s=32x24:d=0.5:r=10")
        .source("sine=d=0.5")
        .words("-map 0 -map 1 -map 2 -map 2 -map 2 -c:v libx264 -pix_fmt yuv420p -c:a aac")
        .writes(folder.path().join("tracks.mp4"));
    assert_eq!(
        left_out(&film),
        [(MediaPart::VideoTracks, 1), (MediaPart::SoundTracks, 2)]
    );

    if cfg!(feature = "heic") {
        let moving = ffmpeg()
            .source("testsrc=s=64x48:d=0.5:r=10")
            .words("-c:v libaom-av1 -cpu-used 8")
            .writes(folder.path().join("moving.avif"));
        assert_eq!(left_out(&moving), []);
        // The same file, meant to be shown as a still.
        let mut bytes = std::fs::read(&moving).unwrap();
        bytes[8..12].copy_from_slice(b"avif");
        let still = folder.path().join("still.avif");
        std::fs::write(&still, bytes).unwrap();
        assert_eq!(left_out(&still), [(MediaPart::PictureSequence, 1)]);
    }
}

#[test]
fn what_is_left_out_is_said_by_analysis_and_beside_results() {
    let home = Home::new();
    std::fs::write(home.path("pages.tif"), pages(4)).unwrap();
    let wanted = serde_json::json!([{"part": "pages", "count": 3}]);
    let lines = tastemaker(&home)
        .args(["analyze", "pages.tif", "--only", "shots", "--json"])
        .exits(0)
        .stdout();
    let lines: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let analysis = lines
        .iter()
        .find(|line| line["schema"] == "tastemaker.analysis/1")
        .unwrap();
    assert_eq!(analysis["file"]["left_out"], wanted);
    let told = |lines: &[serde_json::Value]| {
        let mut notices = lines.iter().filter(|line| line["code"] == "part_left_out");
        let notice = notices.next().expect("a notice");
        assert_eq!(
            (&notice["part"], &notice["count"]),
            (&"pages".into(), &3.into())
        );
        assert_eq!(notices.count(), 0);
    };
    told(&lines);
    // Told again by a run that finds the result finished.
    for more in [&[][..], &["--resume"]] {
        let mut all = vec!["silver", "pages.tif", "-o", "out", "--json"];
        all.extend(more);
        let lines = home.apply(&all).exits(0).stdout();
        let lines: Vec<serde_json::Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        told(&lines);
        let applied = lines
            .iter()
            .find(|line| line["schema"] == "tastemaker.applied/1")
            .unwrap();
        assert_eq!(applied["parts_left_out"], wanted);
    }
}
