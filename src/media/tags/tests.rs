//! Every kind of tag × every fault, on files that are made here byte by byte.

#![allow(clippy::unwrap_used)]

mod containers;

use std::io::Cursor;

use super::*;

const LICENSE: &str = "https://creativecommons.org/licenses/by/4.0/";

/// How a kind of tag is written.
struct TagKind {
    name: &'static str,
    /// One item: `title`, `artist`, `album` or `license`, with its values.
    item: fn(&str, &[&str]) -> Vec<u8>,
    /// A whole file with these items.
    file: fn(&[Vec<u8>]) -> Vec<u8>,
    /// Items with something wrong in them, by what is wrong.
    odd: fn() -> Vec<(&'static str, Vec<u8>)>,
    /// The last item may say that it is longer than the tag; this makes such an item of a whole one.
    overlong: Option<fn(Vec<u8>) -> Vec<u8>>,
}

fn le(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

fn be(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_be_bytes()
}

fn synchsafe(number: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| (number >> shift & 0x7f) as u8)
}

/// Frames of MPEG 1, layer III, 128 kbit/s at 44.1 kHz, 417 bytes each, silent.
fn mp3_frames() -> Vec<u8> {
    [&[0xff, 0xfb, 0x90, 0x00][..], &[0; 413]]
        .concat()
        .repeat(3)
}

fn id3(version: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    [
        b"ID3",
        &[version, 0, flags][..],
        &synchsafe(body.len()),
        body,
    ]
    .concat()
}

fn frame(version: u8, name: &[u8], flags: [u8; 2], content: &[u8]) -> Vec<u8> {
    match version {
        2 => [name, &be(content.len())[1..], content].concat(),
        3 => [name, &be(content.len())[..], &flags, content].concat(),
        _ => [name, &synchsafe(content.len())[..], &flags, content].concat(),
    }
}

fn id3_item(version: u8, field: &str, values: &[&str]) -> Vec<u8> {
    let name: &[u8] = match (field, version) {
        ("title", 2) => b"TT2",
        ("artist", 2) => b"TP1",
        ("album", 2) => b"TAL",
        ("license", 2) => b"WCP",
        ("title", _) => b"TIT2",
        ("artist", _) => b"TPE1",
        ("album", _) => b"TALB",
        _ => b"WCOP",
    };
    let text = values.join("\0").into_bytes();
    // UTF-8 in 2.4, UTF-16 before.
    let content = match (field, version) {
        ("license", _) => text,
        (_, 4) => [&[3], &text[..]].concat(),
        _ => {
            let units = values.join("\0").encode_utf16().collect::<Vec<_>>();
            let units = units.iter().flat_map(|unit| unit.to_le_bytes());
            [1, 0xff, 0xfe].into_iter().chain(units).collect()
        }
    };
    frame(version, name, [0; 2], &content)
}

fn id3_odd(version: u8) -> Vec<(&'static str, Vec<u8>)> {
    let long = |short: &'static [u8], full: &'static [u8]| if version == 2 { short } else { full };
    let odd =
        |name: &'static str, id: &[u8], content: &[u8]| (name, frame(version, id, [0; 2], content));
    let year = long(b"TYE", b"TYER");
    let mut all = vec![
        odd(
            "a date with slashes",
            long(b"TYE", b"TDRC"),
            b"\x032009/05/01",
        ),
        odd("two dates", year, b"\x002009\x002010"),
        odd("a date in words", year, b"\x00(c)2009"),
        odd("an unknown encoding", long(b"TP3", b"TPE3"), b"\x07Jane"),
        odd(
            "an unknown encoding of a title",
            long(b"TT2", b"TIT2"),
            b"\x07Song",
        ),
        odd("broken UTF-8", long(b"TP3", b"TPE3"), b"\x03\xff\xc3\x28"),
        odd(
            "UTF-16 of an odd length",
            long(b"TP3", b"TPE3"),
            b"\x01\xff\xfeJ\0a",
        ),
        odd("a short comment", long(b"COM", b"COMM"), b"\x00"),
        odd("a short text of its own", long(b"TXX", b"TXXX"), b"\x01"),
        odd("a short picture", long(b"PIC", b"APIC"), b"\x00image"),
        odd("a short rating", long(b"POP", b"POPM"), b"a"),
        odd("an unknown name", long(b"XYZ", b"XYZ1"), b"anything"),
        odd("an empty frame", long(b"TP4", b"TPE4"), b""),
    ];
    if version > 2 {
        let (compressed, encrypted) = if version == 3 {
            (0x80, 0x40)
        } else {
            (0x08, 0x04)
        };
        all.push((
            "a compressed frame",
            frame(version, b"TPE3", [0, compressed], b"\0\0\0\x05x\x9c"),
        ));
        all.push((
            "an encrypted frame",
            frame(version, b"TPE3", [0, encrypted], b"\x01abc"),
        ));
    }
    all
}

fn comment(name: &str, value: &[u8]) -> Vec<u8> {
    let text = [name.as_bytes(), b"=", value].concat();
    [&le(text.len())[..], &text].concat()
}

fn comments_item(field: &str, values: &[&str]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| comment(field, value.as_bytes()))
        .collect()
}

fn comments_odd() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a date with slashes", comment("DATE", b"2009/05/01")),
        ("broken UTF-8", comment("PERFORMER", b"\xff\xc3\x28")),
        ("a comment without a name", [&le(4)[..], b"oops"].concat()),
        ("an empty comment", le(0).to_vec()),
        (
            "a picture that is no Base64",
            comment("METADATA_BLOCK_PICTURE", b"???"),
        ),
        (
            "a short picture",
            comment("METADATA_BLOCK_PICTURE", b"AAAA"),
        ),
        (
            "a track number in words",
            comment("TRACKNUMBER", b"one of nine"),
        ),
    ]
}

/// The comments, which count 64 of themselves: that fewer are there costs nothing.
fn comment_block(items: &[Vec<u8>]) -> Vec<u8> {
    [&le(4)[..], b"test", &le(64), &items.concat()].concat()
}

fn flac(items: &[Vec<u8>]) -> Vec<u8> {
    let block = comment_block(items);
    let info = [&[0, 0, 0, 34][..], &[0; 34]].concat();
    let length = be(block.len());
    [b"fLaC", &info[..], &[0x84], &length[1..], &block].concat()
}

/// Pages of one stream, a packet a page or, where it is long, several.
fn ogg(packets: &[Vec<u8>]) -> Vec<u8> {
    let mut pages = Vec::new();
    for (number, packet) in packets.iter().enumerate() {
        let mut sizes = vec![255; packet.len() / 255];
        sizes.push((packet.len() % 255) as u8);
        let mut rest = packet.as_slice();
        for sizes in sizes.chunks(200) {
            let length = sizes.iter().map(|&size| usize::from(size)).sum();
            let (body, behind) = rest.split_at(length);
            rest = behind;
            pages.extend(
                [
                    b"OggS\0",
                    &[if number == 0 { 2 } else { 0 }][..],
                    &[0; 8],
                    b"\x07\0\0\0",
                    &[0; 8],
                ]
                .concat(),
            );
            pages.push(sizes.len() as u8);
            pages.extend(sizes);
            pages.extend(body);
        }
    }
    pages
}

fn vorbis(items: &[Vec<u8>]) -> Vec<u8> {
    ogg(&[
        b"\x01vorbis".to_vec(),
        [b"\x03vorbis", &comment_block(items)[..]].concat(),
        vec![1; 700],
    ])
}

fn ape_item(name: &str, flags: u8, value: &[u8]) -> Vec<u8> {
    [
        &le(value.len())[..],
        &[flags, 0, 0, 0],
        name.as_bytes(),
        b"\0",
        value,
    ]
    .concat()
}

fn ape_tag(items: &[Vec<u8>]) -> Vec<u8> {
    let body = items.concat();
    let size = le(body.len() + 32);
    [
        &body[..],
        b"APETAGEX\xd0\x07\0\0",
        &size,
        &le(items.len()),
        &[0; 12],
    ]
    .concat()
}

fn mp4_box(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&be(content.len() + 8)[..], name, content].concat()
}

fn mp4_data(kind: u8, content: &[u8]) -> Vec<u8> {
    mp4_box(b"data", &[&[0, 0, 0, kind, 0, 0, 0, 0], content].concat())
}

fn mp4_freeform(name: &str, data: &[u8]) -> Vec<u8> {
    let mean = mp4_box(b"mean", b"\0\0\0\0com.apple.iTunes");
    let name = mp4_box(b"name", &[b"\0\0\0\0", name.as_bytes()].concat());
    mp4_box(b"----", &[&mean, &name, data].concat())
}

fn mp4_item(field: &str, values: &[&str]) -> Vec<u8> {
    let data: Vec<u8> = values
        .iter()
        .flat_map(|value| mp4_data(1, value.as_bytes()))
        .collect();
    match field {
        "title" => mp4_box(b"\xa9nam", &data),
        "artist" => mp4_box(b"\xa9ART", &data),
        "album" => mp4_box(b"\xa9alb", &data),
        _ => mp4_freeform("LICENSE", &data),
    }
}

fn mp4(items: &[Vec<u8>]) -> Vec<u8> {
    let handler = mp4_box(b"hdlr", &[0; 25]);
    let list = mp4_box(b"ilst", &items.concat());
    let meta = mp4_box(b"meta", &[&[0; 4], &handler[..], &list].concat());
    let movie = mp4_box(b"moov", &mp4_box(b"udta", &meta));
    [mp4_box(b"ftyp", b"M4A \0\0\0\0"), movie].concat()
}

fn chunk(name: &[u8; 4], content: &[u8], big: bool) -> Vec<u8> {
    let size = if big {
        be(content.len())
    } else {
        le(content.len())
    };
    [name, &size[..], content, &[0][..content.len() % 2]].concat()
}

fn info_item(field: &str, values: &[&str]) -> Vec<u8> {
    let name = match field {
        "title" => b"INAM",
        "artist" => b"IART",
        "album" => b"IPRD",
        _ => b"ICOP",
    };
    chunk(
        name,
        [values.join("; ").as_bytes(), b"\0"].concat().as_slice(),
        false,
    )
}

fn wav(chunks: &[u8]) -> Vec<u8> {
    let format = chunk(
        b"fmt ",
        &[1, 0, 1, 0, 0x44, 0xac, 0, 0, 0x88, 0x58, 1, 0, 2, 0, 16, 0],
        false,
    );
    let data = chunk(b"data", &[0; 64], false);
    let body = [b"WAVE", &format[..], &data, chunks].concat();
    chunk(b"RIFF", &body, false)
}

fn aiff(chunks: &[u8]) -> Vec<u8> {
    chunk(b"FORM", &[b"AIFF", chunks].concat(), true)
}

fn aiff_item(field: &str, values: &[&str]) -> Vec<u8> {
    let name = match field {
        "title" => b"NAME",
        "artist" => b"AUTH",
        // AIFF has no album; an annotation instead keeps the items apart.
        "album" => b"ANNO",
        _ => b"(c) ",
    };
    chunk(name, values.join("; ").as_bytes(), true)
}

fn more_length(mut item: Vec<u8>, at: usize) -> Vec<u8> {
    item[at] = item[at].saturating_add(60);
    item
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn kinds() -> Vec<TagKind> {
    let of_id3 = |name, item, file, odd, at: usize| TagKind {
        name,
        item,
        file,
        odd,
        overlong: Some(match at {
            5 => |item| more_length(item, 5),
            _ => |item| more_length(item, 7),
        }),
    };
    let plain_odd: fn() -> Vec<(&'static str, Vec<u8>)> = || {
        let odd = |what, name: &[u8; 4], content: &[u8]| (what, chunk(name, content, false));
        vec![
            odd("a date with slashes", b"ICRD", b"2009/05/01\0\0"),
            odd("Latin-1", b"IENG", b"J\xe9r\xf4me\0"),
            odd("an empty item", b"ISFT", b""),
            odd("an unknown name", b"?!?!", b"abc"),
        ]
    };
    let mut kinds = vec![
        of_id3(
            "ID3v2.2",
            |f, v| id3_item(2, f, v),
            |i| [id3(2, 0, &i.concat()), mp3_frames()].concat(),
            || id3_odd(2),
            5,
        ),
        of_id3(
            "ID3v2.3",
            |f, v| id3_item(3, f, v),
            |i| [id3(3, 0, &i.concat()), mp3_frames()].concat(),
            || id3_odd(3),
            7,
        ),
        of_id3(
            "ID3v2.4",
            |f, v| id3_item(4, f, v),
            |i| [id3(4, 0, &i.concat()), mp3_frames()].concat(),
            || id3_odd(4),
            7,
        ),
        of_id3(
            "ID3v2.4 in WAVE",
            |f, v| id3_item(4, f, v),
            |i| wav(&chunk(b"id3 ", &id3(4, 0, &i.concat()), false)),
            || id3_odd(4),
            7,
        ),
        of_id3(
            "ID3v2.3 in AIFF",
            |f, v| id3_item(3, f, v),
            |i| aiff(&chunk(b"ID3 ", &id3(3, 0, &i.concat()), true)),
            || id3_odd(3),
            7,
        ),
        of_id3(
            "ID3v2.4 in DSF",
            |f, v| id3_item(4, f, v),
            |i| {
                let tag = id3(4, 0, &i.concat());
                let size = 28 + tag.len() as u64;
                [
                    b"DSD ",
                    &28_u64.to_le_bytes()[..],
                    &size.to_le_bytes(),
                    &28_u64.to_le_bytes(),
                    &tag,
                ]
                .concat()
            },
            || id3_odd(4),
            7,
        ),
        TagKind {
            name: "APEv2",
            item: |field, values| ape_item(field, 0, values.join("\0").as_bytes()),
            file: |items| [mp3_frames(), ape_tag(items)].concat(),
            odd: || {
                vec![
                    ("a date with slashes", ape_item("Year", 0, b"2009/05/01")),
                    ("broken UTF-8", ape_item("Composer", 0, b"\xff\xc3\x28")),
                    ("an empty item", ape_item("Subtitle", 0, b"")),
                    (
                        "bytes where text is meant",
                        ape_item("Comment", 2, b"\0\0\0"),
                    ),
                    ("a short picture", ape_item("Cover Art (Front)", 2, b"x")),
                ]
            },
            overlong: None,
        },
        TagKind {
            name: "Vorbis comments in FLAC",
            item: comments_item,
            file: flac,
            odd: comments_odd,
            overlong: None,
        },
        TagKind {
            name: "Vorbis comments in Ogg",
            item: comments_item,
            file: vorbis,
            odd: comments_odd,
            overlong: None,
        },
        TagKind {
            name: "Opus",
            item: comments_item,
            file: |items| {
                ogg(&[
                    b"OpusHead\x01".to_vec(),
                    [b"OpusTags", &comment_block(items)[..]].concat(),
                    vec![1; 700],
                ])
            },
            odd: comments_odd,
            overlong: None,
        },
        TagKind {
            name: "FLAC in Ogg",
            item: comments_item,
            file: |items| {
                let block = comment_block(items);
                let length = be(block.len());
                let packet = [&[0x84], &length[1..], &block].concat();
                ogg(&[
                    [b"\x7fFLAC\x01\0\0\x01fLaC", &[0; 38][..]].concat(),
                    packet,
                    vec![1; 700],
                ])
            },
            odd: comments_odd,
            overlong: None,
        },
        TagKind {
            name: "MP4",
            item: mp4_item,
            file: mp4,
            odd: || {
                vec![
                    (
                        "a date with slashes",
                        mp4_box(b"\xa9day", &mp4_data(1, b"2009/05/01")),
                    ),
                    (
                        "broken UTF-8",
                        mp4_box(b"\xa9wrt", &mp4_data(1, b"\xff\xc3\x28")),
                    ),
                    (
                        "a short value",
                        mp4_box(b"\xa9cmt", &mp4_box(b"data", b"\0\0")),
                    ),
                    ("an item without a value", mp4_box(b"\xa9gen", b"")),
                    (
                        "a freeform item without a name",
                        mp4_box(b"----", &mp4_data(1, b"x")),
                    ),
                    (
                        "a short track number",
                        mp4_box(b"trkn", &mp4_data(0, b"\0")),
                    ),
                ]
            },
            overlong: Some(|item| more_length(item, 3)),
        },
        TagKind {
            name: "WAVE INFO",
            item: info_item,
            file: |items| {
                wav(&chunk(
                    b"LIST",
                    &[b"INFO", &items.concat()[..]].concat(),
                    false,
                ))
            },
            odd: plain_odd,
            overlong: Some(|item| more_length(item, 4)),
        },
        TagKind {
            name: "AIFF text",
            item: aiff_item,
            file: |items| aiff(&items.concat()),
            odd: || {
                vec![
                    ("an empty chunk", chunk(b"COMT", b"", true)),
                    ("Latin-1", chunk(b"ANNO", b"caf\xe9", true)),
                ]
            },
            overlong: Some(|item| more_length(item, 7)),
        },
        containers::matroska_kind(),
    ];
    kinds.extend(containers::asf_kinds());
    kinds
}

fn read(bytes: &[u8]) -> SoundTags {
    SoundTags::from_bytes(Cursor::new(bytes))
}

fn license(tags: &SoundTags) -> &str {
    [&tags.license, &tags.copyright_address, &tags.copyright]
        .into_iter()
        .find(|text| !text.is_empty())
        .map_or("", String::as_str)
}

/// What is wrong with an item costs nothing else, wherever it stands.
#[test]
fn an_odd_item_costs_no_other() {
    for kind in kinds() {
        let item = |field: &str, value: &str| (kind.item)(field, &[value]);
        let good = [
            item("title", "Song"),
            item("artist", "Zoë"),
            item("album", "Days"),
            item("license", LICENSE),
        ];
        let expect = |file: Vec<u8>, what: &str| {
            let tags = read(&file);
            assert_eq!(tags.title, "Song", "{}: {what}", kind.name);
            assert_eq!(tags.artist, "Zoë", "{}: {what}", kind.name);
            assert_eq!(license(&tags), LICENSE, "{}: {what}", kind.name);
            if kind.name != "AIFF text" {
                assert_eq!(tags.album, "Days", "{}: {what}", kind.name);
            }
        };
        expect((kind.file)(&good), "nothing odd");
        for (what, odd) in (kind.odd)() {
            for at in 0..=good.len() {
                let mut items = good.to_vec();
                items.insert(at, odd.clone());
                expect((kind.file)(&items), &format!("{what} at {at}"));
            }
        }
        if let Some(overlong) = kind.overlong {
            let mut items = good.to_vec();
            items.push(overlong(item("title", "Song")));
            expect((kind.file)(&items), "an item that reaches past the tag");
        }
    }
}

#[test]
fn all_of_several_artists_are_told() {
    for kind in kinds() {
        let file = (kind.file)(&[(kind.item)("artist", &["Anna", "Bert", "Cleo"])]);
        assert_eq!(read(&file).artist, "Anna; Bert; Cleo", "{}", kind.name);
        // As often as the item stands there.
        if !matches!(kind.name, "WAVE INFO" | "AIFF text") {
            let items = ["Anna", "Bert", "Anna"].map(|name| (kind.item)("artist", &[name]));
            assert_eq!(
                read(&(kind.file)(&items)).artist,
                "Anna; Bert",
                "{}",
                kind.name
            );
        }
    }
}

#[test]
fn a_tag_of_one_short_item_is_read() {
    for kind in kinds() {
        for padding in [0, 1, 40] {
            let mut items = vec![(kind.item)("artist", &["Al"])];
            if kind.name.starts_with("ID3") {
                items.push(vec![0; padding]);
            }
            assert_eq!(
                read(&(kind.file)(&items)).artist,
                "Al",
                "{} {padding}",
                kind.name
            );
        }
    }
}

/// No file that is cut off or bent anywhere does harm.
#[test]
fn broken_tags_break_nothing() {
    for kind in kinds() {
        let items = ["title", "artist", "license"].map(|field| (kind.item)(field, &["Song"]));
        let file = (kind.file)(&items);
        for at in 0..file.len().min(1200) {
            let _ = read(&file[..at]);
            for byte in [0, 0x7f, 0xff] {
                let mut bent = file.clone();
                bent[at] = byte;
                let _ = read(&bent);
            }
        }
    }
}

/// The format's own tag counts, and what it does not say comes from the tag in front or behind.
#[test]
fn a_tag_in_front_hides_nothing() {
    let empty = id3(3, 0, &frame(3, b"TLEN", [0; 2], b"\x001428"));
    let front = id3(
        4,
        0,
        &[
            id3_item(4, "title", &["Front"]),
            id3_item(4, "album", &["Front"]),
        ]
        .concat(),
    );
    let own = [
        comments_item("title", &["Own"]),
        comments_item("artist", &["Jane"]),
    ];
    for (file, album) in [(&empty, ""), (&front, "Front")] {
        for kind in kinds()
            .iter()
            .filter(|kind| kind.name.starts_with("Vorbis") || kind.name == "Opus")
        {
            let tags = read(&[file.clone(), (kind.file)(&own)].concat());
            assert_eq!(
                (
                    tags.title.as_str(),
                    tags.artist.as_str(),
                    tags.album.as_str()
                ),
                ("Own", "Jane", album)
            );
        }
    }
    // Tags in a row, and the two of the end behind an empty one in front.
    let both = [empty.clone(), front.clone(), mp3_frames()].concat();
    assert_eq!(read(&both).title, "Front");
    let mut v1 = [b"TAG".as_slice(), b"End"].concat();
    v1.resize(128, b' ');
    let end = [empty.clone(), mp3_frames(), v1.clone()].concat();
    assert_eq!(read(&end).title, "End");
    let ape = ape_tag(&[ape_item("Title", 0, b"Ape")]);
    let end = [empty, mp3_frames(), ape.clone(), v1].concat();
    assert_eq!(read(&end).title, "Ape");
    // Monkey's Audio says in APE items what it is, whatever stands in front.
    let own = [front, b"MAC \x96\x0f\0\0".to_vec(), vec![0; 200], ape].concat();
    assert_eq!(read(&own).title, "Ape");
}

#[test]
fn stray_bytes_in_an_ogg_cost_nothing() {
    let file = vorbis(&[comments_item("title", &["Song"])]);
    let pages: Vec<usize> = file
        .windows(4)
        .enumerate()
        .filter_map(|(at, word)| (word == b"OggS").then_some(at))
        .collect();
    let (second, third) = (pages[1], pages[2]);
    assert_eq!(read(&[b"stray", &file[..]].concat()).title, "Song");
    let (first, comments, rest) = (&file[..second], &file[second..third], &file[third..]);
    let between = [first, b"stray", comments, b"stray", rest].concat();
    assert_eq!(read(&between).title, "Song");
    // A packet that spans pages.
    let long = vorbis(&[
        comments_item("lyrics", &[&"la ".repeat(40_000)]),
        comments_item("title", &["Song"]),
    ]);
    assert_eq!(read(&long).title, "Song");
}

#[test]
fn id3_is_read_as_writers_write_it() {
    let mp3 = |tag: Vec<u8>| [tag, mp3_frames()].concat();
    // Sizes of 2.4 in plain numbers, as old iTunes wrote them.
    let text = [&[3][..], "a".repeat(200).as_bytes()].concat();
    let plain = [b"TIT2", &be(text.len())[..], &[0; 2], &text].concat();
    let tag = id3(4, 0, &[plain, id3_item(4, "artist", &["Jane"])].concat());
    let tags = read(&mp3(tag));
    assert_eq!((tags.title.len(), tags.artist.as_str()), (200, "Jane"));
    // An extended header, and one that is announced and not there.
    let frames = id3_item(3, "title", &["Song"]);
    let extended = id3(3, 0x40, &[&be(6)[..], &[0; 6], &frames].concat());
    assert_eq!(read(&mp3(extended)).title, "Song");
    assert_eq!(read(&mp3(id3(3, 0x40, &frames))).title, "Song");
    // Names of three letters in 2.3.
    let short = frame(3, b"TT2\0", [0; 2], b"\0Song");
    assert_eq!(read(&mp3(id3(3, 0, &short))).title, "Song");
    // A data length, and a group.
    let length = frame(4, b"TIT2", [0, 0x41], b"\x09\0\0\0\x05\x03Song");
    assert_eq!(read(&mp3(id3(4, 0, &length))).title, "Song");
    // Big-endian UTF-16, each text with a mark of its own, and without any.
    let wide = frame(3, b"TPE1", [0; 2], b"\x01\xfe\xff\0A\0\0\xfe\xff\0B");
    assert_eq!(read(&mp3(id3(3, 0, &wide))).artist, "A; B");
    let bare = frame(4, b"TPE1", [0; 2], b"\x02\0A\0\0\0B");
    assert_eq!(read(&mp3(id3(4, 0, &bare))).artist, "A; B");
    // Appended to the file.
    let mut footer = id3(4, 0x10, &id3_item(4, "title", &["Song"]));
    let mut end = footer[..10].to_vec();
    end[..3].copy_from_slice(b"3DI");
    footer.extend(end);
    assert_eq!(read(&[mp3_frames(), footer].concat()).title, "Song");
}

/// What stands where, and the file.
type NamedFiles = Vec<(&'static str, Vec<u8>)>;

/// An MP3 with one frame of ID3v2.4.
fn mp3_with_frame(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [id3(4, 0, &frame(4, name, [0; 2], content)), mp3_frames()].concat()
}

/// Files with [`LICENSE`] in an XMP packet, in each of the properties that hold a license.
fn files_with_license_in_xmp() -> NamedFiles {
    let xmp = |inner: &str| {
        format!(
            "<x:xmpmeta><rdf:RDF><rdf:Description rdf:about=''{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
        )
    };
    let packets = [
        xmp(&format!("><cc:license rdf:resource=\"{LICENSE}\"/>")),
        xmp(&format!(
            "><xmpRights:WebStatement>{LICENSE}</xmpRights:WebStatement>"
        )),
        xmp(&format!(" xmpRights:WebStatement='{LICENSE}'>")),
        xmp(&format!(
            "><dc:rights><rdf:Alt><rdf:li xml:lang=\"x-default\">{LICENSE}</rdf:li></rdf:Alt></dc:rights>"
        )),
    ];
    let uuid = [
        0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf,
        0xac,
    ];
    let mut files = Vec::new();
    for packet in &packets {
        let bytes = packet.as_bytes();
        files.push(("XMP in WAVE", wav(&chunk(b"_PMX", bytes, false))));
        files.push((
            "XMP in ID3",
            mp3_with_frame(b"PRIV", &[b"XMP\0", bytes].concat()),
        ));
        files.push((
            "XMP in AIFF",
            aiff(&chunk(b"APPL", &[b"XMP ", bytes].concat(), true)),
        ));
        files.push((
            "XMP in MP4",
            [mp4(&[]), mp4_box(b"uuid", &[&uuid, bytes].concat())].concat(),
        ));
        let user_data = mp4_box(b"moov", &mp4_box(b"udta", &mp4_box(b"XMP_", bytes)));
        files.push((
            "XMP in MOV",
            [mp4_box(b"ftyp", b"qt  \0\0\0\0"), user_data].concat(),
        ));
    }
    files
}

/// Files with [`LICENSE`] in a field of their tags, alone or within a notice.
fn files_with_license_in_fields() -> NamedFiles {
    let url = LICENSE.as_bytes();
    let notice = format!("2009 Jane. Licensed to the public under {LICENSE} verify at x");
    let text = |head: &[u8], text: &str| [head, text.as_bytes()].concat();
    vec![
        ("WCOP", mp3_with_frame(b"WCOP", url)),
        ("TCOP", mp3_with_frame(b"TCOP", &text(b"\x03", &notice))),
        (
            "TXXX",
            mp3_with_frame(b"TXXX", &text(b"\x03License\0", LICENSE)),
        ),
        (
            "TXXX in capitals",
            mp3_with_frame(b"TXXX", &text(b"\x03LICENSE\0", LICENSE)),
        ),
        (
            "WXXX by its name",
            mp3_with_frame(b"WXXX", &text(b"\x00license\0", LICENSE)),
        ),
        (
            "WXXX by its address",
            mp3_with_frame(b"WXXX", &text(b"\x00\0", LICENSE)),
        ),
        ("USER", mp3_with_frame(b"USER", &text(b"\x03eng", LICENSE))),
        (
            "COMM",
            mp3_with_frame(b"COMM", &text(b"\x03eng\0", &notice)),
        ),
        (
            "Vorbis COPYRIGHT",
            flac(&[comments_item("COPYRIGHT", &[&notice])]),
        ),
        (
            "Vorbis DESCRIPTION",
            vorbis(&[comments_item("DESCRIPTION", &[&notice])]),
        ),
        (
            "MP4 cprt",
            mp4(&[mp4_box(b"cprt", &mp4_data(1, notice.as_bytes()))]),
        ),
        (
            "MP4 freeform",
            mp4(&[mp4_freeform("License", &mp4_data(1, url))]),
        ),
        (
            "APE",
            [
                mp3_frames(),
                ape_tag(&[ape_item("Copyright", 0, notice.as_bytes())]),
            ]
            .concat(),
        ),
        (
            "APE address",
            [mp3_frames(), ape_tag(&[ape_item("LICENSE", 4, url)])].concat(),
        ),
        (
            "WAVE ICOP",
            wav(&chunk(
                b"LIST",
                &[b"INFO", &info_item("license", &[&notice])[..]].concat(),
                false,
            )),
        ),
        ("AIFF (c)", aiff(&aiff_item("license", &[&notice]))),
        ("AIFF ANNO", aiff(&aiff_item("album", &[&notice]))),
    ]
}

/// QuickTime files with [`LICENSE`]: in a text of its own, and in an item by the number of its key.
fn quicktime_files_with_license() -> NamedFiles {
    let url = LICENSE.as_bytes();
    let own = [&(url.len() as u16).to_be_bytes()[..], b"\x15\xc7", url].concat();
    let text = mp4_box(b"moov", &mp4_box(b"udta", &mp4_box(b"\xa9cpy", &own)));
    let key = [&be(8 + 29)[..], b"mdtacom.apple.quicktime.copyright"].concat();
    let keys = mp4_box(b"keys", &[&[0; 4], &be(1)[..], &key].concat());
    let item = mp4_box(&be(1), &mp4_data(1, url));
    let meta = [mp4_box(b"hdlr", &[0; 24]), keys, mp4_box(b"ilst", &item)].concat();
    let keyed = mp4_box(b"moov", &mp4_box(b"meta", &meta));
    vec![("QuickTime", text), ("QuickTime keys", keyed)]
}

#[test]
fn a_license_is_found_wherever_it_stands() {
    let files = [
        files_with_license_in_fields(),
        files_with_license_in_xmp(),
        quicktime_files_with_license(),
    ];
    for (what, file) in files.into_iter().flatten() {
        let tags = read(&file);
        let found = [&tags.license, &tags.copyright_address, &tags.copyright]
            .iter()
            .any(|text| text.contains(LICENSE));
        assert!(found, "{what}: {tags:?}");
    }
}

/// `bytes` with a 0 after each 0xff that a decoder could take for the start of a frame (ID3v2.4, section 6.1).
fn unsynchronized(bytes: &[u8]) -> Vec<u8> {
    let mut unsynchronized = Vec::new();
    for (at, &byte) in bytes.iter().enumerate() {
        unsynchronized.push(byte);
        let next = bytes.get(at + 1).copied();
        if byte == 0xff && next.is_none_or(|next| next == 0 || next >= 0xe0) {
            unsynchronized.push(0);
        }
    }
    unsynchronized
}

/// Files with `picture` as artwork in ID3, with and without unsynchronization.
fn id3_files_with_artwork(picture: &[u8]) -> NamedFiles {
    let head = [
        0, b'i', b'm', b'a', b'g', b'e', b'/', b'j', b'p', b'e', b'g', 0, 3, 0,
    ];
    let content = [&head[..], picture].concat();
    let packed = unsynchronized(&content);
    // In 2.3 the sizes are those of what is packed.
    let whole = unsynchronized(&frame(3, b"APIC", [0; 2], &content));
    vec![
        (
            "plain",
            [
                id3(4, 0, &frame(4, b"APIC", [0; 2], &content)),
                mp3_frames(),
            ]
            .concat(),
        ),
        (
            "tag says so",
            [
                id3(4, 0x80, &frame(4, b"APIC", [0; 2], &packed)),
                mp3_frames(),
            ]
            .concat(),
        ),
        (
            "frame says so",
            [id3(4, 0, &frame(4, b"APIC", [0, 2], &packed)), mp3_frames()].concat(),
        ),
        (
            "both say so",
            [
                id3(4, 0x80, &frame(4, b"APIC", [0, 2], &packed)),
                mp3_frames(),
            ]
            .concat(),
        ),
        (
            "said and not done",
            [
                id3(4, 0x80, &frame(4, b"APIC", [0, 2], &content)),
                mp3_frames(),
            ]
            .concat(),
        ),
        (
            "2.3, whole tag",
            [id3(3, 0x80, &whole), mp3_frames()].concat(),
        ),
        (
            "2.2",
            [
                id3(
                    2,
                    0,
                    &frame(2, b"PIC", [0; 2], &[&b"\0JPG\x03\0"[..], picture].concat()),
                ),
                mp3_frames(),
            ]
            .concat(),
        ),
    ]
}

/// Files with `picture` as artwork in other tags than ID3.
fn other_files_with_artwork(picture: &[u8]) -> NamedFiles {
    let block = {
        let mut block = [&be(3)[..], &be(10), b"image/jpeg", &be(0), &[0; 16]].concat();
        block.extend(be(picture.len()));
        block.extend(picture);
        block
    };
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(&block);
    let picture_block = {
        let length = be(block.len());
        let info = [&[0, 0, 0, 34][..], &[0; 34]].concat();
        [b"fLaC", &info[..], &[0x86], &length[1..], &block].concat()
    };
    vec![
        ("FLAC", picture_block),
        (
            "Ogg",
            vorbis(&[comments_item("METADATA_BLOCK_PICTURE", &[&encoded])]),
        ),
        (
            "APE",
            [
                mp3_frames(),
                ape_tag(&[ape_item(
                    "Cover Art (Front)",
                    2,
                    &[b"cover.jpg\0", picture].concat(),
                )]),
            ]
            .concat(),
        ),
        ("MP4", mp4(&[mp4_box(b"covr", &mp4_data(13, picture))])),
    ]
}

#[test]
fn artwork_comes_byte_for_byte() {
    // Bytes that unsynchronization touches: 0xff before 0 and before a sync mark.
    let picture: Vec<u8> = [0xff, 0xd8, 0xff, 0x00, 0x00, 0xff, 0xe0, 0x12, 0xff].repeat(40);
    let files = [
        id3_files_with_artwork(&picture),
        other_files_with_artwork(&picture),
    ];
    for (what, file) in files.into_iter().flatten() {
        assert!(
            artwork(&file).as_deref() == Some(picture.as_slice()),
            "{what}"
        );
    }
}

fn artwork(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut content = Cursor::new(bytes);
    let mut source = TagSource::new(&mut content)?;
    front_cover(own_tags(&mut source, true)?)
}

#[test]
fn the_front_cover_is_the_artwork() {
    let picture = |kind: u8, data: &[u8]| {
        frame(
            4,
            b"APIC",
            [0; 2],
            &[b"\0image/png\0".as_slice(), &[kind, 0], data].concat(),
        )
    };
    let both = id3(4, 0, &[picture(4, b"back"), picture(3, b"front")].concat());
    assert_eq!(artwork(&both).as_deref(), Some(&b"front"[..]));
    assert_eq!(
        artwork(&id3(4, 0, &picture(4, b"back"))).as_deref(),
        Some(&b"back"[..])
    );
    assert_eq!(artwork(&id3(4, 0, &id3_item(4, "title", &["Rain"]))), None);
}

#[test]
fn texts_move_no_cursor() {
    let tag = id3(4, 0, &id3_item(4, "title", &["Rain\x1b[2J \u{202e}fall"]));
    assert_eq!(read(&tag).title, "Rain [2J fall");
}
