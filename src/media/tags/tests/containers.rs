//! Matroska and ASF, made byte by byte.

use super::{LICENSE, TagKind, artwork, be, le, read};

/// An element with a name of any length and a size of four bytes.
fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    let mut size = be(content.len());
    size[0] |= 0x10;
    [id, &size[..], content].concat()
}

fn simple_tag(name: &str, text: &str) -> Vec<u8> {
    let name = element(b"\x45\xa3", name.as_bytes());
    element(
        b"\x67\xc8",
        &[name, element(b"\x44\x87", text.as_bytes())].concat(),
    )
}

fn matroska_tag(targets: &[u8], items: &[Vec<u8>]) -> Vec<u8> {
    let targets = element(b"\x63\xc0", targets);
    element(b"\x73\x73", &[targets, items.concat()].concat())
}

fn tags(tags: &[Vec<u8>]) -> Vec<u8> {
    element(b"\x12\x54\xc3\x67", &tags.concat())
}

/// A segment of these elements; its cluster and its own size are open, as a writer to a pipe leaves them.
fn matroska(before_cluster: &[u8], after_cluster: &[u8]) -> Vec<u8> {
    let head = element(b"\x1a\x45\xdf\xa3", b"\x42\x82\x88matroska");
    let open = b"\x01\xff\xff\xff\xff\xff\xff\xff";
    let segment = [b"\x18\x53\x80\x67", &open[..]].concat();
    let cluster = element(b"\x1f\x43\xb6\x75", &[0xe7; 300]);
    [
        head,
        segment,
        before_cluster.to_vec(),
        cluster,
        after_cluster.to_vec(),
    ]
    .concat()
}

pub(super) fn matroska_kind() -> TagKind {
    TagKind {
        name: "Matroska",
        item: |field, values| {
            let tags = values
                .iter()
                .map(|value| simple_tag(&field.to_uppercase(), value));
            tags.collect::<Vec<_>>().concat()
        },
        file: |items| matroska(&[], &tags(&[matroska_tag(&[], items)])),
        odd: || {
            let name = element(b"\x45\xa3", b"ENCODER");
            vec![
                (
                    "a date with slashes",
                    simple_tag("DATE_RELEASED", "2009/05/01"),
                ),
                (
                    "an item without a name",
                    element(b"\x67\xc8", &element(b"\x44\x87", b"x")),
                ),
                ("an item without a text", element(b"\x67\xc8", &name)),
                ("an empty item", element(b"\x67\xc8", b"")),
                (
                    "broken UTF-8",
                    element(
                        b"\x67\xc8",
                        &[name, element(b"\x44\x87", b"\xff\xc3")].concat(),
                    ),
                ),
                ("an unknown element", element(b"\x42\x42", b"abc")),
            ]
        },
        overlong: Some(|mut item| {
            item[5] += 60;
            item
        }),
    }
}

#[test]
fn a_title_of_the_track_counts_before_one_of_its_album() {
    let album = [&b"\x68\xca\x81\x32"[..], &element(b"\x63\xca", b"ALBUM")].concat();
    let track = [&b"\x68\xca\x81\x1e"[..], &element(b"\x63\xca", b"TRACK")].concat();
    let named = |name: &[u8]| element(b"\x63\xca", name);
    for (album, track) in [
        (album.clone(), track.clone()),
        (album[..4].to_vec(), track[..4].to_vec()),
        (named(b"ALBUM"), named(b"TRACK")),
    ] {
        let album = matroska_tag(
            &album,
            &[simple_tag("TITLE", "Days"), simple_tag("ARTIST", "Band")],
        );
        let items = [
            simple_tag("TITLE", "Song"),
            simple_tag("ARTIST", "Anna"),
            simple_tag("ARTIST", "Bert"),
            simple_tag("LICENSE", LICENSE),
        ];
        let track = matroska_tag(&track, &items);
        for order in [[&album, &track], [&track, &album]] {
            let file = matroska(&tags(&order.map(Clone::clone)), &[]);
            let found = read(&file);
            assert_eq!(found.title, "Song");
            assert_eq!(found.artist, "Anna; Bert");
            assert_eq!(found.album, "Days");
            assert_eq!(found.license, LICENSE);
        }
        // Alone, what is said of the album is all there is.
        let found = read(&matroska(&[], &tags(&[album])));
        assert_eq!(
            (found.title.as_str(), found.artist.as_str()),
            ("Days", "Band")
        );
    }
    // What is said of a chapter or an attachment is not said of the file; what is said of a stream counts last.
    let chapter = matroska_tag(b"\x63\xc4\x81\x07", &[simple_tag("TITLE", "Chapter")]);
    let stream = matroska_tag(b"\x63\xc5\x81\x07", &[simple_tag("TITLE", "Stereo")]);
    let info = element(b"\x15\x49\xa9\x66", &element(b"\x7b\xa9", b"Song"));
    assert_eq!(
        read(&matroska(&tags(std::slice::from_ref(&chapter)), &[])).title,
        ""
    );
    let both = tags(&[chapter, stream]);
    assert_eq!(read(&matroska(&both, &[])).title, "Stereo");
    assert_eq!(read(&matroska(&[both, info].concat(), &[])).title, "Song");
}

#[test]
fn tags_behind_clusters_of_open_length_are_found_by_the_index() {
    let cluster = [
        &b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff"[..],
        &[0; 90],
    ]
    .concat();
    let tags = tags(&[matroska_tag(&[], &[simple_tag("TITLE", "Song")])]);
    let seek_head = |position: u8| {
        let id = element(b"\x53\xab", b"\x12\x54\xc3\x67");
        let entry = [id, element(b"\x53\xac", &[position])].concat();
        element(b"\x11\x4d\x9b\x74", &element(b"\x4d\xbb", &entry))
    };
    let position = (seek_head(0).len() + cluster.len()) as u8;
    let index = seek_head(position);
    let file = matroska(&[index, cluster.clone(), tags.clone()].concat(), &[]);
    assert_eq!(read(&file).title, "Song");
    // An index that leads nowhere costs nothing else.
    let file = matroska(&[tags, seek_head(255), cluster].concat(), &[]);
    assert_eq!(read(&file).title, "Song");
}

#[test]
fn covers_of_matroska_and_asf_come_byte_for_byte() {
    let picture: Vec<u8> = [0xff, 0xd8, 0xff, 0x00, 0x00, 0xff, 0xe0, 0x12, 0xff].repeat(40);
    let attached = |name: &str, kind: &str, data: &[u8]| {
        let fields = [
            element(b"\x46\x6e", name.as_bytes()),
            element(b"\x46\x60", kind.as_bytes()),
            element(b"\x46\x5c", data),
        ];
        element(b"\x61\xa7", &fields.concat())
    };
    let files = [
        attached("letters.ttf", "font/ttf", b"font"),
        attached("small_cover.jpg", "image/jpeg", b"small"),
        attached("cover.jpg", "image/jpeg", &picture),
    ];
    let file = matroska(&element(b"\x19\x41\xa4\x69", &files.concat()), &[]);
    assert!(artwork(&file).as_deref() == Some(&picture[..]));

    let back = asf_item("WM/Picture", 1, &asf_picture(4, b"back"));
    let front = asf_item("WM/Picture", 1, &asf_picture(3, &picture));
    for file in [
        asf(&[back.clone(), front.clone()]),
        asf_library(&[back, front]),
    ] {
        assert!(artwork(&file).as_deref() == Some(&picture[..]));
    }
}

fn wide(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().chain([0]);
    units.flat_map(u16::to_le_bytes).collect()
}

fn asf_picture(kind: u8, data: &[u8]) -> Vec<u8> {
    let size = le(data.len());
    [&[kind][..], &size, &wide("image/jpeg"), &wide(""), data].concat()
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_le_bytes()
}

fn object(mark: &[u8; 16], content: &[u8]) -> Vec<u8> {
    let size = (24 + content.len() as u64).to_le_bytes();
    [&mark[..], &size, content].concat()
}

/// An item as the extended description has it.
fn asf_item(name: &str, kind: u16, value: &[u8]) -> Vec<u8> {
    let name = wide(name);
    [
        &short(name.len())[..],
        &name,
        &kind.to_le_bytes(),
        &short(value.len()),
        value,
    ]
    .concat()
}

fn asf_file(objects: &[Vec<u8>]) -> Vec<u8> {
    let content = objects.concat();
    let count = le(objects.len());
    object(
        &super::asf::HEADER,
        &[&count[..], &[1, 2], &content].concat(),
    )
}

/// A header with the items in an extended description, behind a description without texts.
fn asf(items: &[Vec<u8>]) -> Vec<u8> {
    let description = object(
        b"\x33\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c",
        &[0; 10],
    );
    let items = [&short(items.len())[..], &items.concat()].concat();
    let extended = object(
        b"\x40\xa4\xd0\xd2\x07\xe3\xd2\x11\x97\xf0\x00\xa0\xc9\x5e\xa8\x50",
        &items,
    );
    asf_file(&[description, extended])
}

/// The same items in a metadata library within the header extension.
fn asf_library(items: &[Vec<u8>]) -> Vec<u8> {
    let items = items.iter().map(|item| {
        let name = usize::from(u16::from_le_bytes([item[0], item[1]]));
        let (name, rest) = item[2..].split_at(name);
        let (kind, value) = (&rest[..2], &rest[4..]);
        let lengths = [&short(name.len())[..], kind, &le(value.len())].concat();
        [&[0; 4][..], &lengths, name, value].concat()
    });
    let items = items.collect::<Vec<_>>();
    let library = object(
        b"\x94\x1c\x23\x44\x98\x94\xd1\x49\xa1\x41\x1d\x13\x4e\x45\x70\x54",
        &[&short(items.len())[..], &items.concat()].concat(),
    );
    let reserved = [&[7; 16][..], &[6, 0], &le(library.len()), &library].concat();
    let extension = object(
        b"\xb5\x03\xbf\x5f\x2e\xa9\xcf\x11\x8e\xe3\x00\xc0\x0c\x20\x53\x65",
        &reserved,
    );
    asf_file(&[extension])
}

fn asf_field(field: &str, values: &[&str]) -> Vec<u8> {
    let name = match field {
        "title" => "Title",
        "artist" => "Author",
        "album" => "WM/AlbumTitle",
        _ => "LICENSE",
    };
    let items = values.iter().map(|value| asf_item(name, 0, &wide(value)));
    items.collect::<Vec<_>>().concat()
}

fn asf_odd() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (
            "a date with slashes",
            asf_item("WM/Year", 0, &wide("2009/05/01")),
        ),
        ("a number", asf_item("WM/TrackNumber", 3, &[1, 0, 0, 0])),
        (
            "UTF-16 of an odd length",
            asf_item("WM/Composer", 0, b"J\0a"),
        ),
        ("an unknown type", asf_item("WM/Composer", 77, b"Jane")),
        ("an empty item", asf_item("", 0, b"")),
        ("a short picture", asf_item("WM/Picture", 1, b"\x03")),
    ]
}

/// Items of the table may be several in a row: the object counts them one by one.
fn single_items(items: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut singles = Vec::new();
    for item in items {
        let mut rest = &item[..];
        while !rest.is_empty() {
            let name = usize::from(u16::from_le_bytes([rest[0], rest[1]]));
            let value = usize::from(u16::from_le_bytes([rest[name + 4], rest[name + 5]]));
            let (single, after) = rest.split_at((name + 6 + value).min(rest.len()));
            singles.push(single.to_vec());
            rest = after;
        }
    }
    singles
}

pub(super) fn asf_kinds() -> [TagKind; 2] {
    let kind = |name, file| TagKind {
        name,
        item: asf_field,
        file,
        odd: asf_odd,
        overlong: None,
    };
    [
        kind("ASF", |items| asf(&single_items(items))),
        kind("ASF library", |items| asf_library(&single_items(items))),
    ]
}
