//! Metadata that is kept is true of the result.

use std::fs;

use tastemaker::geometry::Size;
use tastemaker::media::{ChromaSubsampling, Metadata, StillFormat};
use tastemaker::picture::Background;

use crate::support::{Home, decode, eight_bit_picture, results, write_picture};

const FORMATS: [(&str, StillFormat); 3] = [
    (
        "jpg",
        StillFormat::Jpeg {
            background: Background::BLACK,
            quality: 90,
            subsampling: ChromaSubsampling::Full444,
        },
    ),
    ("png", StillFormat::Png),
    ("webp", StillFormat::WebP { quality: 90 }),
];

fn packet(namespaces: &str, attributes: &str, elements: &str) -> Vec<u8> {
    format!(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
        xmlns:dc="http://purl.org/dc/elements/1.1/" {namespaces} {attributes}
        dc:source="who made it">{elements}</rdf:Description></rdf:RDF></x:xmpmeta>"#
    )
    .into_bytes()
}

/// Orientation 6, and the size 400 × 300 in the first directory and in EXIF's own.
fn sized_exif() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, value: u32| {
        let mut bytes = [tag.to_be_bytes(), kind.to_be_bytes()].concat();
        bytes.extend(1u32.to_be_bytes());
        // A SHORT stands in front of its four bytes.
        bytes.extend(if kind == 3 { value << 16 } else { value }.to_be_bytes());
        bytes
    };
    let mut block = b"MM\x00\x2a\x00\x00\x00\x08\x00\x04".to_vec();
    block.extend(entry(0x0100, 3, 400));
    block.extend(entry(0x0101, 3, 300));
    block.extend(entry(0x0112, 3, 6));
    block.extend(entry(0x8769, 4, 62));
    block.extend([0; 4]);
    block.extend([0, 2]);
    block.extend(entry(0xa002, 4, 400));
    block.extend(entry(0xa003, 4, 300));
    block.extend([0; 4]);
    block
}

/// The values of an entry anywhere in a big-endian block.
fn values(exif: &[u8], tag: u16) -> Vec<u32> {
    let head = tag.to_be_bytes();
    exif.windows(12)
        .filter(|entry| entry[..2] == head && entry[2] == 0 && entry[4..8] == [0, 0, 0, 1])
        .map(|entry| match entry[3] {
            3 => u32::from(u16::from_be_bytes([entry[8], entry[9]])),
            _ => u32::from_be_bytes([entry[8], entry[9], entry[10], entry[11]]),
        })
        .collect()
}

#[test]
fn no_location_is_left_under_a_makers_name() {
    let home = Home::new();
    let dji = packet(
        r#"xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/""#,
        r#"drone-dji:GpsLatitude="+12.3456789" drone-dji:GpsLongtitude="+98.7654321"
            drone-dji:AbsoluteAltitude="+33.30""#,
        "",
    );
    let unknown = packet(
        r#"xmlns:cam="urn:nobody-knows-this-maker""#,
        "",
        "<cam:Seen><rdf:Bag><rdf:li>12.3456789, 98.7654321</rdf:li></rdf:Bag></cam:Seen>",
    );
    for (maker, xmp) in [("dji", dji), ("unknown", unknown)] {
        for (ending, format) in FORMATS {
            let metadata = Metadata {
                xmp: Some(xmp.clone()),
                ..Metadata::default()
            };
            let name = format!("in/{maker}-{ending}.{ending}");
            write_picture(
                &home.path(&name),
                &eight_bit_picture(Size::new(40, 30)),
                format,
                &metadata,
            );
        }
    }
    let lines = home
        .apply(&[
            "none",
            "in",
            "-o",
            "out",
            "--metadata",
            "strip-location",
            "--json",
        ])
        .exits(0)
        .stdout();
    assert_eq!(lines.matches("\"location\":false").count(), 6, "{lines}");
    for (name, bytes) in results(&home.path("out")) {
        for gone in ["12.345", "98.765", "33.30"] {
            let found = bytes
                .windows(gone.len())
                .any(|part| part == gone.as_bytes());
            assert!(!found, "{gone} is in {name}");
        }
        let kept = decode(&home.path(&format!("out/{name}")))
            .metadata
            .xmp
            .unwrap();
        assert!(String::from_utf8(kept).unwrap().contains("who made it"));
    }
}

#[test]
fn claims_about_parts_that_are_not_copied_go() {
    let home = Home::new();
    let motion = packet(
        r#"xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"
            xmlns:Container="http://ns.google.com/photos/1.0/container/"
            xmlns:Item="http://ns.google.com/photos/1.0/container/item/""#,
        r#"GCamera:MotionPhoto="1" GCamera:MicroVideo="1" GCamera:MicroVideoOffset="311402""#,
        r#"<Container:Directory><rdf:Seq><rdf:li
            rdf:parseType="Resource"><Container:Item Item:Mime="video/mp4"
            Item:Length="311402"/></rdf:li></rdf:Seq></Container:Directory>"#,
    );
    let gain_map = packet(
        r#"xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/""#,
        r#"hdrgm:Version="1.0" hdrgm:GainMapMax="2.5""#,
        "",
    );
    for (kind, xmp) in [("motion", motion), ("gain", gain_map)] {
        let metadata = Metadata {
            xmp: Some(xmp),
            ..Metadata::default()
        };
        let path = home.path(&format!("in/{kind}.jpg"));
        write_picture(
            &path,
            &eight_bit_picture(Size::new(40, 30)),
            FORMATS[0].1,
            &metadata,
        );
    }
    // The film behind the picture, which no look can keep.
    let mut bytes = fs::read(home.path("in/motion.jpg")).unwrap();
    bytes.extend(vec![7; 311_402]);
    fs::write(home.path("in/motion.jpg"), bytes).unwrap();
    home.apply(&["noir", "in", "-o", "out"]).exits(0);
    for kind in ["motion", "gain"] {
        let kept = decode(&home.path(&format!("out/{kind}.jpg"))).metadata.xmp;
        let kept = String::from_utf8(kept.unwrap()).unwrap();
        for gone in [
            "MotionPhoto",
            "MicroVideo",
            "Directory",
            "311402",
            "GainMapMax",
        ] {
            assert!(!kept.contains(gone), "{gone} is in {kept}");
        }
        assert!(kept.contains("who made it"));
    }
}

#[test]
fn sizes_in_exif_are_those_of_the_result() {
    let home = Home::new();
    for (ending, format) in FORMATS {
        let metadata = Metadata {
            exif: Some(sized_exif()),
            ..Metadata::default()
        };
        let path = home.path(&format!("in/{ending}.{ending}"));
        write_picture(
            &path,
            &eight_bit_picture(Size::new(400, 271)),
            format,
            &metadata,
        );
    }
    for (out, words, size) in [
        ("small", &["--resize", "200"][..], Size::new(136, 200)),
        ("square", &["--aspect", "1:1"], Size::new(271, 271)),
        ("turned", &[], Size::new(271, 400)),
    ] {
        let mut all = vec!["film-warm", "in", "-o", out];
        all.extend(words);
        home.apply(&all).exits(0);
        for (ending, _) in FORMATS {
            let still = decode(&home.path(&format!("{out}/{ending}.{ending}")));
            assert_eq!(still.picture.size(), size, "{out} {ending}");
            let exif = still.metadata.exif.unwrap();
            for (width, height) in [(0x0100, 0x0101), (0xa002, 0xa003)] {
                assert_eq!(values(&exif, width), [size.width], "{out} {ending}");
                assert_eq!(values(&exif, height), [size.height], "{out} {ending}");
            }
        }
    }
}
