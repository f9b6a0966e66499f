//! Sound files from the wild: unknown lengths, tags before and after, changing rates, wrong claims.

use std::path::{Path, PathBuf};

use tastemaker::Error;
use tastemaker::media::{
    Channels, Limits, MediaKind, SoundReader, SoundRequest, SoundTags, probe, sound_artwork,
};

use crate::support::ffmpeg;

/// Samples a second of all sounds here, but where one changes.
const RATE: u32 = 44_100;

/// The content read from a file.
struct Sound {
    rate: u32,
    channels: u16,
    samples: Vec<f32>,
    error: Option<Error>,
}

impl Sound {
    fn read(path: &Path) -> Self {
        let request = SoundRequest {
            rate: None,
            channels: Channels::Source,
        };
        let mut reader = SoundReader::open(path, &Limits::default(), request)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let format = reader.format();
        let mut sound = Self {
            rate: format.rate,
            channels: format.channels,
            samples: Vec::new(),
            error: None,
        };
        loop {
            match reader.next_block() {
                Ok(Some(block)) => sound.samples.extend(block.samples),
                Ok(None) => return sound,
                Err(error) => sound.error = Some(error),
            }
        }
    }

    fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.channels) / f64::from(self.rate)
    }

    /// Hertz between two times, by the crossings of zero of the first channel.
    fn pitch(&self, from: f64, to: f64) -> f64 {
        let at = |time: f64| (time * f64::from(self.rate)) as usize;
        let channel: Vec<f32> = self
            .samples
            .iter()
            .step_by(usize::from(self.channels))
            .copied()
            .collect();
        let part = &channel[at(from)..at(to)];
        let crossings = part
            .windows(2)
            .filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0)
            .count();
        crossings as f64 / (to - from)
    }
}

/// Runs ffmpeg on a tone; gives what it writes to its standard output, which it cannot go back in.
fn piped(seconds: f64, rate: u32, channels: u16, arguments: &[&str]) -> Vec<u8> {
    ffmpeg()
        .source(&format!("sine=440:r={rate}:d={seconds}"))
        .args(["-ac", &channels.to_string()])
        .args(arguments)
        .arg("-")
        .bytes()
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_writer_to_a_pipe_leaves_the_length_open_and_the_sound_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let formats: [(&str, &[&str]); 11] = [
        ("wav", &["-f", "wav"]),
        ("float.wav", &["-c:a", "pcm_f32le", "-f", "wav"]),
        ("adpcm.wav", &["-c:a", "adpcm_ms", "-f", "wav"]),
        ("rf64.wav", &["-rf64", "always", "-f", "wav"]),
        ("caf", &["-f", "caf"]),
        ("au", &["-f", "au"]),
        ("flac", &["-f", "flac"]),
        ("mp3", &["-f", "mp3"]),
        ("aac", &["-f", "adts"]),
        ("mka", &["-c:a", "flac", "-f", "matroska"]),
        (
            "mp4",
            &["-movflags", "frag_keyframe+empty_moov", "-f", "mp4"],
        ),
    ];
    for (name, arguments) in formats {
        let path = written(folder.path(), name, &piped(1.0, RATE, 2, arguments));
        let sound = Sound::read(&path);
        assert!(sound.error.is_none(), "{name}: {:?}", sound.error);
        assert!(
            (sound.seconds() - 1.0).abs() < 0.08,
            "{name}: {} s",
            sound.seconds()
        );
        assert!((sound.pitch(0.2, 0.8) - 440.0).abs() < 8.0, "{name}");
    }
}

/// Whatever a WAVE file says of its length, its sound goes to the end of the file at most.
#[test]
fn sizes_that_were_never_filled_in_mean_to_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let whole = piped(1.0, RATE, 1, &["-bitexact", "-f", "wav"]);
    let data = whole.windows(4).position(|word| word == b"data").unwrap();
    for size in [
        u32::MAX,
        0,
        0x7fff_ffff,
        0x7fff_f000,
        0xffff_fff0,
        0x8000_0000,
    ] {
        let mut bytes = whole.clone();
        bytes[4..8].copy_from_slice(&size.to_le_bytes());
        bytes[data + 4..data + 8].copy_from_slice(&size.to_le_bytes());
        let sound = Sound::read(&written(folder.path(), "open.wav", &bytes));
        assert!(sound.error.is_none(), "{size:#x}: {:?}", sound.error);
        assert_eq!(sound.samples.len(), RATE as usize, "{size:#x}");
    }
    // A size that was filled in, and whose sound is missing, is a promise.
    let mut bytes = whole;
    let size = (2 * RATE).to_le_bytes();
    bytes[data + 4..data + 8].copy_from_slice(&size);
    bytes.truncate(data + 8 + RATE as usize);
    let sound = Sound::read(&written(folder.path(), "cut.wav", &bytes));
    assert!(matches!(sound.error, Some(Error::BreaksOff { .. })));
}

#[test]
fn what_stands_behind_an_id3_tag_is_what_the_file_is() {
    let folder = tempfile::tempdir().unwrap();
    let tag = [
        b"ID3\x04\0\0\0\0\0\x15TIT2\0\0\0\x0b\0\0\x03".as_slice(),
        b"Front song",
    ]
    .concat();
    let mut padded = tag.clone();
    padded[9] += 64;
    padded.extend([0; 64]);
    let formats: [(&str, &[&str]); 6] = [
        ("flac", &["-f", "flac"]),
        ("mp3", &["-f", "mp3"]),
        ("wavpack", &["-f", "wv"]),
        ("tta", &["-f", "tta"]),
        ("aac", &["-f", "adts"]),
        ("mp2", &["-f", "mp2"]),
    ];
    for (name, arguments) in formats {
        let plain = piped(1.3, RATE, 2, arguments);
        let wanted = Sound::read(&written(folder.path(), "plain", &plain));
        for front in [&tag, &padded, &[tag.clone(), tag.clone()].concat()] {
            let path = written(folder.path(), name, &[&front[..], &plain].concat());
            let sound = Sound::read(&path);
            assert!(sound.error.is_none(), "{name}: {:?}", sound.error);
            assert_eq!(
                probe(&path, &Limits::default()).unwrap().kind,
                MediaKind::Audio
            );
            let off = (sound.seconds() - wanted.seconds()).abs();
            assert!(
                off < 0.06,
                "{name}: {} s instead of {}",
                sound.seconds(),
                wanted.seconds()
            );
            assert!((sound.pitch(0.2, 1.0) - 440.0).abs() < 8.0, "{name}");
            assert_eq!(SoundTags::read(&path).title, "Front song", "{name}");
        }
    }
}

/// Monkey's Audio, which FFmpeg does not encode: three frames that say that they are silent.
#[test]
fn monkeys_audio_behind_an_id3_tag_is_no_mp3() {
    let folder = tempfile::tempdir().unwrap();
    let (blocks, last): (u32, u32) = (73_728, 1000);
    // A checksum whose highest bit says that flags follow, and the flags: both channels are silent.
    let frame = [0x8000_0000_u32, 3, 0, 0].map(u32::to_le_bytes).concat();
    let starts = [0, 1, 2].map(|number| (52 + 24 + 12 + number * 16_u32).to_le_bytes());
    let words =
        |words: &[u32]| -> Vec<u8> { words.iter().copied().flat_map(u32::to_le_bytes).collect() };
    let shorts =
        |shorts: &[u16]| -> Vec<u8> { shorts.iter().copied().flat_map(u16::to_le_bytes).collect() };
    let file = [
        b"MAC ".to_vec(),
        shorts(&[3990, 0]),
        words(&[52, 24, 12, 0, 48, 0, 0]),
        vec![0; 16],
        // Fast compression of 16 bits in stereo.
        shorts(&[1000, 0x20]),
        words(&[blocks, last, 3]),
        shorts(&[16, 2]),
        words(&[RATE]),
        starts.concat(),
        frame.repeat(3),
    ]
    .concat();
    let tag = b"ID3\x04\0\0\0\0\0\x15TIT2\0\0\0\x0b\0\0\x03Front song";
    for front in [&b""[..], tag] {
        let path = written(folder.path(), "silent.ape", &[front, &file].concat());
        let sound = Sound::read(&path);
        assert!(sound.error.is_none(), "{:?}", sound.error);
        assert_eq!(sound.samples.len() as u32 / 2, 2 * blocks + last);
        assert!(sound.samples.iter().all(|&sample| sample == 0.0));
    }
}

#[test]
fn the_tags_of_a_format_count_behind_one_in_front() {
    let folder = tempfile::tempdir().unwrap();
    let tag = |frames: &[u8]| [b"ID3\x03\0\0\0\0\0", &[frames.len() as u8][..], frames].concat();
    let length = tag(b"TLEN\0\0\0\x05\0\0\x001428");
    let album = tag(b"TALB\0\0\0\x06\0\0\x00Front");
    for format in ["flac", "ogg", "wv"] {
        let metadata = [
            "-metadata",
            "title=Own",
            "-metadata",
            "artist=Jane",
            "-f",
            format,
        ];
        let file = piped(0.5, RATE, 1, &metadata);
        for (front, told) in [(&length, ""), (&album, "Front")] {
            let path = written(folder.path(), "tagged", &[&front[..], &file].concat());
            let tags = SoundTags::read(&path);
            assert_eq!((&*tags.title, &*tags.artist), ("Own", "Jane"), "{format}");
            assert_eq!(tags.album, told, "{format}");
        }
    }
}

#[test]
fn what_stands_behind_the_last_frame_is_no_sound_and_no_break() {
    let folder = tempfile::tempdir().unwrap();
    let mut lyrics = b"LYRICSBEGIN".to_vec();
    lyrics.extend(b"la ".repeat(2000));
    lyrics.extend(b"006011LYRICS200");
    let picture = [
        &b"\xff\xd8\xff\xe0\0\x10JFIF\0"[..],
        &[0xff, 0xfb, 0x12, 0x34].repeat(3000),
    ]
    .concat();
    let mut v1 = b"TAGSong".to_vec();
    v1.resize(128, 0);
    let behind: [(&str, &[u8]); 5] = [
        ("zeros", &[0; 50_000]),
        ("lyrics", &lyrics),
        ("a picture", &picture),
        ("ID3v1", &v1),
        ("text", &b"<html>not found</html>".repeat(100)),
    ];
    for arguments in [
        &["-f", "mp3"][..],
        &["-write_xing", "0", "-f", "mp3"],
        &["-f", "mp2"],
    ] {
        let whole = piped(1.0, RATE, 2, arguments);
        let wanted = Sound::read(&written(folder.path(), "whole.mp3", &whole));
        assert!(wanted.error.is_none(), "{arguments:?}: {:?}", wanted.error);
        for (what, bytes) in behind {
            let path = written(folder.path(), "behind.mp3", &[&whole[..], bytes].concat());
            let sound = Sound::read(&path);
            assert!(
                sound.error.is_none(),
                "{arguments:?}, {what}: {:?}",
                sound.error
            );
            assert_eq!(
                sound.samples.len(),
                wanted.samples.len(),
                "{arguments:?}, {what}"
            );
        }
    }
}

#[test]
fn a_rate_that_changes_midway_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let part = |rate: u32, channels: u16, codec: &str| {
        let bare: &[&str] = match codec {
            "mp3" => &["-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"],
            codec => &["-f", codec],
        };
        piped(3.0, rate, channels, bare)
    };
    let cases = [
        ("mp3", (44_100, 2), (48_000, 2)),
        ("mp3", (48_000, 1), (32_000, 1)),
        ("mp3", (44_100, 1), (44_100, 2)),
        ("mp3", (44_100, 2), (22_050, 1)),
        ("mp2", (44_100, 2), (48_000, 2)),
        ("adts", (44_100, 2), (48_000, 2)),
    ];
    for (codec, first, second) in cases {
        let joined = [
            part(first.0, first.1, codec),
            part(second.0, second.1, codec),
        ]
        .concat();
        let sound = Sound::read(&written(folder.path(), "joined", &joined));
        let what = format!("{codec} {first:?} {second:?}");
        assert!(sound.error.is_none(), "{what}: {:?}", sound.error);
        assert_eq!((sound.rate, sound.channels), first, "{what}");
        assert!(
            (sound.seconds() - 6.05).abs() < 0.12,
            "{what}: {} s",
            sound.seconds()
        );
        for (from, to) in [(0.5, 2.5), (3.5, 5.5)] {
            let pitch = sound.pitch(from, to);
            assert!(
                (pitch - 440.0).abs() < 3.0,
                "{what}: {pitch} Hz from {from} s"
            );
        }
    }
}

/// Broadcasts change their sound between programs; beside pictures it is followed too.
#[test]
fn sound_of_films_that_changes_midway_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let part = |codec: &str, rate: u32, channels: u32| {
        ffmpeg()
            .source("testsrc=s=64x48:r=25:d=3")
            .source("sine=f=440:d=3")
            .words(&format!(
                "-c:v mpeg2video -c:a {codec} -ar {rate} -ac {channels}"
            ))
            .words("-f mpegts -")
            .bytes()
    };
    for (codec, first, second) in [
        ("aac", (48_000, 2), (32_000, 1)),
        ("aac", (44_100, 1), (48_000, 2)),
        ("mp2", (48_000, 2), (44_100, 2)),
        ("ac3", (48_000, 2), (44_100, 1)),
    ] {
        let joined = [
            part(codec, first.0, first.1),
            part(codec, second.0, second.1),
        ]
        .concat();
        let sound = Sound::read(&written(folder.path(), "joined.ts", &joined));
        let what = format!("{codec} {first:?} {second:?}");
        assert!(sound.error.is_none(), "{what}: {:?}", sound.error);
        assert_eq!((sound.rate, u32::from(sound.channels)), first, "{what}");
        assert!(
            (sound.seconds() - 6.0).abs() < 0.2,
            "{what}: {} s",
            sound.seconds()
        );
        for (from, to) in [(0.5, 2.5), (3.5, 5.5)] {
            let pitch = sound.pitch(from, to);
            assert!(
                (pitch - 440.0).abs() < 3.0,
                "{what}: {pitch} Hz from {from} s"
            );
        }
    }
}

/// Ogg streams one behind the other, of which only the first says what the file is.
#[test]
fn chained_streams_of_other_rates_and_channels_are_followed() {
    let folder = tempfile::tempdir().unwrap();
    let vorbis = |rate, channels| piped(3.0, rate, channels, &["-c:a", "libvorbis", "-f", "ogg"]);
    let flac = |rate, channels| piped(3.0, rate, channels, &["-c:a", "flac", "-f", "ogg"]);
    let chains = [
        ("another rate", vec![vorbis(44_100, 2), vorbis(48_000, 2)]),
        ("fewer channels", vec![vorbis(44_100, 2), vorbis(44_100, 1)]),
        ("more channels", vec![vorbis(48_000, 1), vorbis(22_050, 2)]),
        ("another codec", vec![flac(44_100, 2), vorbis(32_000, 1)]),
        (
            "there and back",
            vec![vorbis(44_100, 2), vorbis(48_000, 1), vorbis(44_100, 2)],
        ),
    ];
    for (what, parts) in chains {
        let path = written(folder.path(), "chained.ogg", &parts.concat());
        let sound = Sound::read(&path);
        assert!(sound.error.is_none(), "{what}: {:?}", sound.error);
        let wanted = 3.0 * parts.len() as f64;
        let seconds = sound.seconds();
        assert!((seconds - wanted).abs() < 0.05, "{what}: {seconds} s");
        for part in 0..parts.len() {
            let from = 3.0 * part as f64 + 0.5;
            let pitch = sound.pitch(from, from + 2.0);
            assert!(
                (pitch - 440.0).abs() < 3.0,
                "{what}: {pitch} Hz in part {part}"
            );
        }
    }
    // What cannot be decoded is told, and what came before is good.
    let opus = piped(3.0, 48_000, 2, &["-c:a", "libopus", "-f", "ogg"]);
    let path = written(
        folder.path(),
        "chained.ogg",
        &[vorbis(44_100, 2), opus].concat(),
    );
    let sound = Sound::read(&path);
    assert!(matches!(sound.error, Some(Error::BreaksOff { .. })));
    assert!(
        (sound.seconds() - 3.0).abs() < 0.05,
        "{} s",
        sound.seconds()
    );
}

/// Side information that no encoder writes: decoders make different things of it, and FFmpeg's is what is taken.
#[test]
fn frames_that_decoders_disagree_on_sound_as_in_ffmpeg() {
    let folder = tempfile::tempdir().unwrap();
    let bare = [
        "-b:a",
        "128k",
        "-write_xing",
        "0",
        "-id3v2_version",
        "0",
        "-f",
        "mp3",
    ];
    let whole = piped(2.0, RATE, 2, &bare);
    // Bits of the first granule of the first channel begin 20 behind the header: length 12, pairs 9, gain 8.
    let fields = [
        ("no bits for pairs", 20, 12, 0),
        ("more bits than there are", 20, 12, 4095),
        ("more pairs than frequencies", 32, 9, 511),
        ("a gain far above full scale", 41, 8, 250),
        ("a block of no kind", 53, 3, 0b100),
    ];
    for (what, at, length, value) in fields {
        let mut bytes = whole.clone();
        let (mut frame, mut number) = (0, 0);
        while frame + 417 <= bytes.len() {
            let padding = usize::from(bytes[frame + 2] >> 1 & 1);
            if number % 7 == 6 {
                for bit in 0..length {
                    let place = (frame + 4) * 8 + at + bit;
                    let mask = 0x80 >> (place % 8);
                    bytes[place / 8] &= !mask;
                    if value >> (length - 1 - bit) & 1 == 1 {
                        bytes[place / 8] |= mask;
                    }
                }
            }
            frame += 417 + padding;
            number += 1;
        }
        assert!(number > 70, "{number} frames");
        let path = written(folder.path(), "disputed.mp3", &bytes);
        let ours = Sound::read(&path);
        // The program says which frames it cannot decode.
        let theirs = ffmpeg().words("-v fatal").input(&path).samples();
        assert!(ours.error.is_none(), "{what}: {:?}", ours.error);
        let more = ours.samples.len().saturating_sub(theirs.len()) / 2;
        if more > 1152 {
            // The program leaves out frames that it cannot decode; here they are silence, so that the rest stays in place.
            assert_eq!(more / 1152, number / 7, "{what}");
            assert!(
                (ours.seconds() - 2.03).abs() < 0.05,
                "{what}: {} s",
                ours.seconds()
            );
            continue;
        }
        let differing = ours
            .samples
            .iter()
            .zip(&theirs)
            .filter(|(a, b)| (*a - *b).abs() > 1e-4);
        let share = differing.count() as f64 / theirs.len() as f64;
        assert!(share < 0.001, "{what}: {share}");
    }
}

/// The largest number there is for a length is what a writer of fragments leaves that never knew it.
#[test]
fn a_length_that_the_file_has_no_bytes_for_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let fragments = ["-movflags", "frag_keyframe+empty_moov", "-f", "mp4"];
    let sound = piped(1.0, RATE, 1, &fragments);
    let film = ffmpeg()
        .source("testsrc=s=64x48:r=25:d=1")
        .args(fragments)
        .arg("-")
        .bytes();
    for (name, mut bytes) in [("sound.mp4", sound), ("film.mp4", film)] {
        // The duration in mvhd stands 16 bytes into it, in tkhd 20, in mdhd 16 (version 0).
        for (kind, place) in [(b"mvhd", 16), (b"tkhd", 20), (b"mdhd", 16)] {
            let at = bytes.windows(4).position(|word| word == kind).unwrap() + 4 + place;
            bytes[at..at + 4].copy_from_slice(&[0xff; 4]);
        }
        let path = written(folder.path(), name, &bytes);
        let facts = probe(&path, &Limits::default()).unwrap();
        let length = match (&facts.video, &facts.audio) {
            (Some(video), _) => video.duration,
            (None, Some(audio)) => audio.duration,
            (None, None) => None,
        };
        let seconds = length.unwrap().seconds();
        assert!((seconds - 1.0).abs() < 0.1, "{name}: {seconds} s");
        if facts.video.is_none() {
            let sound = Sound::read(&path);
            assert!(sound.error.is_none(), "{:?}", sound.error);
        }
    }
}

/// Tags that only FFmpeg's demuxers know, and all others as other writers make them.
#[test]
fn tags_and_licenses_of_containers_by_ffmpeg() {
    let folder = tempfile::tempdir().unwrap();
    let address = "https://creativecommons.org/licenses/by-sa/3.0/";
    let texts = [
        "title=A song".to_owned(),
        "artist=Jane".to_owned(),
        "album=Days".to_owned(),
        format!("copyright=2009 Jane, {address}"),
        "date=2009/05/01".to_owned(),
    ];
    let formats: [(&str, &[&str]); 12] = [
        ("song.mka", &["-c:a", "flac"]),
        ("song.wma", &["-c:a", "wmav2"]),
        ("song.mp3", &[]),
        ("v23.mp3", &["-id3v2_version", "3"]),
        ("song.flac", &[]),
        ("song.ogg", &["-c:a", "libvorbis"]),
        ("song.opus", &["-c:a", "libopus"]),
        ("song.m4a", &["-c:a", "aac"]),
        ("song.wav", &[]),
        ("song.aiff", &["-write_id3v2", "1"]),
        ("song.wv", &[]),
        ("song.caf", &[]),
    ];
    let cover = ffmpeg()
        .source("color=red:s=32x32")
        .words("-frames:v 1")
        .writes(folder.path().join("cover.jpg"));
    for (name, arguments) in formats {
        let metadata = texts.iter().flat_map(|text| ["-metadata", text]);
        let path = ffmpeg()
            .source("sine=440:r=48000:d=1")
            .args(metadata)
            .args(arguments)
            .writes(folder.path().join(name));
        let tags = SoundTags::read(&path);
        assert_eq!(tags.title, "A song", "{name}");
        assert_eq!(tags.artist, "Jane", "{name}");
        assert_eq!(tags.album, "Days", "{name}");
        assert!(tags.copyright.contains(address), "{name}: {tags:?}");
        assert_eq!(sound_artwork(&path), None, "{name}");
    }
    let path = ffmpeg()
        .source("sine=440:r=48000:d=1")
        .arg("-attach")
        .arg(&cover)
        .words("-metadata:s:t mimetype=image/jpeg")
        .writes(folder.path().join("cover.mka"));
    assert_eq!(sound_artwork(&path), Some(std::fs::read(cover).unwrap()));
}
