//! Reading sound: length, position and samples against the ffmpeg program; seeking; damage; resampling.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tastemaker::Error;
use tastemaker::media::{Channels, Limits, SoundReader, SoundRequest};
use tastemaker::time::Rational;

use crate::support::{self, ffmpeg};

const AS_IS: SoundRequest = SoundRequest {
    rate: None,
    channels: Channels::Source,
};

/// Three and a bit seconds of a sweep with clicks, in stereo: no stretch of it is like another.
fn original() -> &'static Path {
    static FOLDER: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("original.wav");
        let source = "aevalsrc=0.4*sin(2*PI*(200+300*t)*t)+0.3*gt(mod(t*7\\,1)\\,0.97)|\
                      0.3*sin(2*PI*(900-150*t)*t)+0.2*gt(mod(t*5\\,1)\\,0.98):s=44100:d=3.217";
        ffmpeg()
            .source(source)
            .args(["-c:a", "pcm_f32le"])
            .writes(&path);
        (folder, path)
    });
    path
}

/// The original, encoded by the ffmpeg program.
fn make(folder: &Path, name: &str, arguments: &[&str]) -> PathBuf {
    ffmpeg()
        .input(original())
        .args(arguments)
        .writes(folder.join(name))
}

/// What the ffmpeg program decodes.
fn by_ffmpeg(path: &Path) -> Vec<f32> {
    ffmpeg().input(path).arg("-vn").samples()
}

/// All samples, with the error that ended them; blocks are checked to follow each other.
fn drain(reader: &mut SoundReader) -> (Option<u64>, Vec<f32>, Option<Error>) {
    let channels = usize::from(reader.format().channels);
    let mut samples: Vec<f32> = Vec::new();
    let mut first = None;
    loop {
        match reader.next_block() {
            Ok(Some(block)) => {
                let first = *first.get_or_insert(block.start);
                assert_eq!(block.start, first + (samples.len() / channels) as u64);
                assert!(block.frames() > 0);
                assert!(block.frames() <= block.format.rate as usize);
                assert!(block.samples.iter().all(|sample| sample.is_finite()));
                samples.extend(block.samples);
            }
            Ok(None) => return (first, samples, None),
            Err(error) => {
                assert!(matches!(reader.next_block(), Ok(None)), "errors come once");
                return (first, samples, Some(error));
            }
        }
    }
}

fn read(path: &Path, request: SoundRequest) -> Vec<f32> {
    let mut reader = SoundReader::open(path, &Limits::default(), request)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (first, samples, error) = drain(&mut reader);
    assert!(error.is_none(), "{}: {error:?}", path.display());
    assert_eq!(first, Some(0));
    samples
}

/// The shift of `b` against `a`, in frames, at which they are most alike.
fn lag(a: &[f32], b: &[f32]) -> i64 {
    let (a, b): (Vec<f32>, Vec<f32>) = (
        a.iter().step_by(2).copied().collect(),
        b.iter().step_by(2).copied().collect(),
    );
    let window = 30_000..42_000;
    let alike = |shift: i64| -> f64 {
        window
            .clone()
            .map(|at| f64::from(a[at]) * f64::from(b[(at as i64 + shift) as usize]))
            .sum()
    };
    (-1500..=1500)
        .max_by(|&x, &y| alike(x).total_cmp(&alike(y)))
        .unwrap()
}

/// Name, encoder, the largest difference from ffmpeg's samples, and how many frames ffmpeg may give more of the
/// encoder's padding.
const FORMATS: &[(&str, &[&str], f32, usize)] = &[
    ("a.wav", &["-c:a", "pcm_s16le"], 1e-6, 0),
    ("24.wav", &["-c:a", "pcm_s24le"], 1e-6, 0),
    ("f.wav", &["-c:a", "pcm_f32le"], 1e-6, 0),
    ("u8.wav", &["-c:a", "pcm_u8"], 1e-6, 0),
    ("ima.wav", &["-c:a", "adpcm_ima_wav"], 1e-6, 0),
    ("ms.wav", &["-c:a", "adpcm_ms"], 1e-6, 0),
    ("a.aiff", &["-c:a", "pcm_s16be"], 1e-6, 0),
    ("a.caf", &["-c:a", "pcm_s16le"], 1e-6, 0),
    ("a.flac", &["-c:a", "flac"], 1e-6, 0),
    ("24.flac", &["-c:a", "flac", "-sample_fmt", "s32"], 1e-6, 0),
    ("a.mp3", &["-c:a", "libmp3lame", "-b:a", "192k"], 1e-4, 0),
    ("v.mp3", &["-c:a", "libmp3lame", "-q:a", "4"], 1e-4, 0),
    (
        "plain.mp3",
        &["-c:a", "libmp3lame", "-write_xing", "0"],
        1e-4,
        0,
    ),
    ("a.ogg", &["-c:a", "libvorbis"], 1e-4, 0),
    ("flac.ogg", &["-c:a", "flac"], 1e-6, 0),
    ("a.opus", &["-c:a", "libopus"], 1e-4, 0),
    ("a.webm", &["-c:a", "libopus"], 1e-4, 0),
    ("v.mka", &["-c:a", "libvorbis"], 1e-4, 0),
    ("f.mka", &["-c:a", "flac"], 1e-6, 0),
    ("a.m4a", &["-c:a", "aac"], 1e-4, 1024),
    ("a.mov", &["-c:a", "aac"], 1e-4, 1024),
    ("alac.m4a", &["-c:a", "alac"], 1e-6, 0),
    ("a.aac", &["-c:a", "aac"], 1e-4, 0),
    ("a.ac3", &["-c:a", "ac3"], 1e-4, 0),
    ("a.wma", &["-c:a", "wmav2"], 1e-4, 0),
    ("a.mp2", &["-c:a", "mp2"], 1e-4, 0),
];

#[test]
fn samples_are_those_of_ffmpeg_at_the_same_places() {
    let folder = tempfile::tempdir().unwrap();
    for &(name, encoder, tolerance, padding) in FORMATS {
        let path = make(folder.path(), name, encoder);
        let mut ours = read(&path, AS_IS);
        // Samples that the encoder put in front and that are not heard have their time all the same where a container
        // cannot say less than zero; ffmpeg leaves that silence out.
        let lead = match name {
            "v.mka" => 132,
            "a.wma" => 4096,
            _ => 0,
        };
        ours.drain(..lead * 2);
        let theirs = by_ffmpeg(&path);
        let more = theirs.len() as i64 / 2 - ours.len() as i64 / 2;
        assert!(
            (0..=padding as i64).contains(&more),
            "{name}: {} frames, ffmpeg {}",
            ours.len() / 2,
            theirs.len() / 2
        );
        let worst = theirs
            .iter()
            .zip(&ours)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(worst <= tolerance, "{name}: {worst}");
    }
}

/// Encoders and settings beyond the everyday ones of [`FORMATS`], for the formats that Symphonia decodes.
const SETTINGS: &[&str] = &[
    "0.mp3 -c:a libmp3lame -b:a 8k -ar 8000",
    "1.mp3 -c:a libmp3lame -b:a 320k -ar 48000",
    "2.mp3 -c:a libmp3lame -abr 1 -b:a 96k -ar 32000",
    "3.mp3 -c:a libmp3lame -q:a 9 -ac 1 -ar 16000",
    "4.mp3 -c:a libmp3lame -b:a 64k -joint_stereo 0 -reservoir 0 -ar 22050",
    "5.mp3 -c:a libmp3lame -q:a 0 -ac 1 -ar 11025",
    "6.mp3 -c:a libshine -b:a 128k",
    "0.mp2 -c:a mp2 -b:a 384k",
    "1.mp2 -c:a mp2 -b:a 64k -ac 1 -ar 22050",
    "2.mp2 -c:a libtwolame -b:a 192k -ar 48000",
    "0.ogg -c:a libvorbis -q:a -1 -ar 8000",
    "1.ogg -c:a libvorbis -q:a 10 -ar 96000",
    "2.ogg -c:a libvorbis -ac 1 -ar 11025",
    // FFmpeg's own encoder, whose files Symphonia decodes wrong.
    "3.ogg -c:a vorbis -strict -2",
    "4.ogg -c:a vorbis -strict -2 -ar 22050 -b:a 96k",
    "0.flac -c:a flac -compression_level 12 -frame_size 4608",
    "1.flac -c:a flac -compression_level 0 -sample_fmt s32 -ar 96000 -ac 1",
    "0.wav -c:a pcm_s32le -ac 1",
    "1.wav -c:a pcm_f64le",
    "2.wav -c:a pcm_alaw -ar 8000",
    "3.wav -c:a pcm_mulaw -ar 8000 -ac 1",
    "0.aiff -c:a pcm_s24be",
    "1.aiff -c:a pcm_f32be -f aiff",
    "0.caf -c:a pcm_s24be -ac 1",
];

#[test]
fn every_encoder_and_setting_sounds_as_in_ffmpeg() {
    let folder = tempfile::tempdir().unwrap();
    let made = SETTINGS.iter().map(|setting| {
        let (name, arguments) = setting.split_once(' ').unwrap();
        let arguments: Vec<&str> = arguments.split(' ').collect();
        make(folder.path(), name, &arguments)
    });
    let paths: Vec<PathBuf> = made.collect();
    let mut unlike = Vec::new();
    for path in paths {
        let ours = read(&path, AS_IS);
        let theirs = by_ffmpeg(&path);
        let off: Vec<usize> = theirs
            .iter()
            .zip(&ours)
            .enumerate()
            .filter_map(|(at, (a, b))| ((a - b).abs() > 2e-4).then_some(at))
            .collect();
        if !off.is_empty() || ours.len().abs_diff(theirs.len()) > 2 * 1152 {
            let places = (off.first().copied(), off.last().copied());
            let lengths = (ours.len(), theirs.len());
            unlike.push(format!(
                "{}: {lengths:?} samples, {} unlike, in {places:?}",
                path.display(),
                off.len()
            ));
        }
    }
    assert!(unlike.is_empty(), "{unlike:#?}");
}

/// Real Vorbis files state positions that are off by part of a block. Where the first page says that the beginning is to
/// be left out, or that the sound begins later, we follow it and the bare samples of FFmpeg do not.
#[test]
fn real_excerpts_sound_as_in_ffmpeg_throughout() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = std::fs::read_dir(corpus.join("music/excerpts")).unwrap();
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut unlike = Vec::new();
    for path in paths.iter().step_by(3) {
        let (ours, theirs) = (read(path, AS_IS), by_ffmpeg(path));
        let unlike_after = |(theirs_skipped, ours_skipped): (usize, usize), count: usize| {
            let ours = ours.iter().skip(ours_skipped).take(count);
            let pairs = theirs.iter().skip(theirs_skipped).zip(ours);
            pairs.filter(|(a, b)| (*a - *b).abs() > 2e-4).count()
        };
        let start = (0..4 * 4096)
            .flat_map(|skipped| [(skipped, 0), (0, skipped)])
            .find(|&skipped| unlike_after(skipped, 20_000) == 0);
        let off = start.map_or(ours.len(), |start| unlike_after(start, ours.len()));
        if off > 0 {
            unlike.push(format!(
                "{}: {off} of {} samples",
                path.display(),
                ours.len()
            ));
        }
    }
    assert!(unlike.is_empty(), "{unlike:#?}");
}

/// An Ogg file whose pages can be told other positions.
struct OggFile {
    bytes: Vec<u8>,
    pages: Vec<usize>,
}

impl OggFile {
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let pages: Vec<usize> = bytes
            .windows(4)
            .enumerate()
            .filter_map(|(at, word)| (word == b"OggS").then_some(at))
            .collect();
        assert!(pages.len() > 8, "{} pages", pages.len());
        Self { bytes, pages }
    }

    /// The file with a page that is off.
    fn bent(&self, page: usize, off: i64) -> Vec<u8> {
        let mut bent = self.bytes.clone();
        let end = self.pages.get(page + 1).copied().unwrap_or(bent.len());
        let page = &mut bent[self.pages[page]..end];
        let position = i64::from_le_bytes(page[6..14].try_into().unwrap());
        let position = position.saturating_add(off).max(0);
        page[6..14].copy_from_slice(&position.to_le_bytes());
        page[22..26].fill(0);
        let sum = ogg_checksum(page);
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        bent
    }
}

/// Writers of Vorbis state the position of a page wrongly, by up to a block; nothing is missing there.
#[test]
fn a_rounded_page_position_moves_no_sound() {
    let folder = tempfile::tempdir().unwrap();
    let path = make(
        folder.path(),
        "a.ogg",
        &["-c:a", "libvorbis", "-page_duration", "300000"],
    );
    let whole = read(&path, AS_IS);
    let ogg = OggFile::read(&path);
    for off in [-700, -1, 284, 860] {
        let path = folder.path().join("bent.ogg");
        std::fs::write(&path, ogg.bent(5, off)).unwrap();
        assert!(read(&path, AS_IS) == whole, "{off}");
    }
}

/// A position that no sound can have, amid the file, on its last page but one and on its last.
#[test]
fn an_absurd_page_position_costs_no_sound() {
    let folder = tempfile::tempdir().unwrap();
    for (name, encoder, block) in [
        ("a.ogg", "libvorbis", 2048),
        ("a.opus", "libopus", 960),
        ("flac.ogg", "flac", 4608),
    ] {
        let encoder = ["-c:a", encoder, "-page_duration", "300000"];
        let path = make(folder.path(), name, &encoder);
        let whole = read(&path, AS_IS);
        let ogg = OggFile::read(&path);
        let last = ogg.pages.len() - 1;
        for (page, off) in [
            (5, 1 << 40),
            (5, 3_000_000),
            (5, -1 << 40),
            (last - 1, 1 << 40),
            (last, 1 << 40),
            (last, 90_000_000_000),
        ] {
            // FFmpeg itself cuts off the whole last page of Opus then.
            if name == "a.opus" && page + 1 == last {
                continue;
            }
            let path = folder.path().join(format!("bent-{name}"));
            std::fs::write(&path, ogg.bent(page, off)).unwrap();
            let found = read(&path, AS_IS);
            // The last page states what of its last block is padding.
            let more = found.len() as i64 - whole.len() as i64;
            let most = if page == last { 2 * block } else { 0 };
            let most = if page + 1 == last { 2 * block } else { most };
            assert!((0..=most).contains(&more), "{name} {page} {off}: {more}");
            let differ = whole.iter().zip(&found).filter(|(a, b)| a != b).count();
            assert_eq!(differ, 0, "{name} {page} {off}");
        }
    }
}

/// CRC-32 as Ogg has it (RFC 3533, section 6).
fn ogg_checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte) << 24, |sum, _| {
            (sum << 1) ^ (0x04c1_1db7 & 0_u32.wrapping_sub(sum >> 31))
        })
    })
}

#[test]
fn encoder_delay_and_padding_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let original = read(&make(folder.path(), "o.wav", &["-c:a", "pcm_s16le"]), AS_IS);
    for (name, encoder) in [
        ("a.mp3", &["-c:a", "libmp3lame"][..]),
        ("a.ogg", &["-c:a", "libvorbis"]),
        ("a.flac", &["-c:a", "flac"]),
        ("a.m4a", &["-c:a", "aac"]),
        ("alac.m4a", &["-c:a", "alac"]),
    ] {
        let ours = read(&make(folder.path(), name, encoder), AS_IS);
        let difference = ours.len().abs_diff(original.len()) / 2;
        // An MP4's length is told in milliseconds.
        assert!(difference <= 45, "{name}: {difference} frames");
        assert_eq!(lag(&original, &ours), 0, "{name}");
    }
}

#[test]
fn seeking_gives_the_same_samples_as_reading_on() {
    let folder = tempfile::tempdir().unwrap();
    let requests = [
        AS_IS,
        SoundRequest {
            rate: Some(16_000),
            channels: Channels::Mono,
        },
    ];
    for (name, encoder) in [
        ("a.wav", &["-c:a", "pcm_s16le"][..]),
        ("ima.wav", &["-c:a", "adpcm_ima_wav"]),
        ("a.flac", &["-c:a", "flac"]),
        ("a.mp3", &["-c:a", "libmp3lame", "-b:a", "128k"]),
        (
            "v.mp3",
            &["-c:a", "libmp3lame", "-q:a", "4", "-write_xing", "0"],
        ),
        ("a.ogg", &["-c:a", "libvorbis"]),
        ("a.aiff", &["-c:a", "pcm_s16be"]),
        ("a.m4a", &["-c:a", "aac", "-aac_pns", "0"]),
    ] {
        let path = make(folder.path(), name, encoder);
        for request in requests {
            let mut reader = SoundReader::open(&path, &Limits::default(), request).unwrap();
            let format = reader.format();
            let channels = usize::from(format.channels);
            let (_, all, _) = drain(&mut reader);
            for time in ["1/3", "29/10", "0", "1", "123457/44100", "5/2", "-1"] {
                let time: Rational = time.parse().unwrap();
                reader.seek(time).unwrap();
                let from = (time * Rational::whole(i64::from(format.rate)))
                    .round()
                    .max(0) as u64;
                let (first, rest, error) = drain(&mut reader);
                assert!(error.is_none(), "{name} at {time}: {error:?}");
                assert_eq!(first, Some(from), "{name} at {time}");
                assert!(
                    rest == all[from as usize * channels..],
                    "{name} {request:?} from {time}: {} samples against {}",
                    rest.len(),
                    all.len() - from as usize * channels
                );
            }
            reader.seek(Rational::whole(1000)).unwrap();
            assert!(reader.next_block().unwrap().is_none(), "{name}");
            reader.seek(Rational::ZERO).unwrap();
            assert!(drain(&mut reader).1 == all, "{name}");
        }
    }
}

#[test]
fn other_rates_and_channels_fit_ffmpegs() {
    let folder = tempfile::tempdir().unwrap();
    let path = make(folder.path(), "a.wav", &["-c:a", "pcm_f32le"]);
    let request = SoundRequest {
        rate: Some(22_050),
        channels: Channels::Mono,
    };
    let ours = read(&path, request);
    let theirs = ffmpeg()
        .input(&path)
        .args([
            "-af",
            "pan=mono|c0=0.5*c0+0.5*c1,aresample=22050:filter_size=64:cutoff=0.97",
        ])
        .samples();
    assert!(ours.len().abs_diff(theirs.len()) <= 1);
    let (mut power, mut noise) = (0.0, 0.0);
    for (a, b) in theirs.iter().zip(&ours).skip(200).take(60_000) {
        power += f64::from(*a).powi(2);
        noise += f64::from(a - b).powi(2);
    }
    let ratio = 10.0 * (power / noise).log10();
    // The clicks reach up to the Nyquist frequency, where the filters differ.
    assert!(ratio > 40.0, "{ratio} dB");
}

#[test]
fn surround_goes_to_the_right_side() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("surround.wav");
    ffmpeg()
        .source("aevalsrc=0|0|0|0.9|0|0.5*sin(2*PI*440*t):c=5.1:s=48000:d=0.5")
        .writes(&path);
    let request = SoundRequest {
        rate: None,
        channels: Channels::Stereo,
    };
    let samples = read(&path, request);
    let loudest = |channel: usize| {
        samples
            .iter()
            .skip(channel)
            .step_by(2)
            .fold(0.0f32, |most, sample| most.max(sample.abs()))
    };
    assert!(loudest(0) < 1e-6);
    assert!((loudest(1) - 0.5 * 0.5f32.sqrt()).abs() < 1e-3);
}

#[test]
fn sound_beside_pictures_starts_where_it_should() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["late.mp4", "late.mkv"] {
        let path = folder.path().join(name);
        ffmpeg()
            .source("testsrc=s=64x64:r=25:d=2")
            .args(["-itsoffset", "0.5"])
            .source("sine=f=440:d=1:r=48000")
            .words("-map 0 -map 1 -c:v libx264 -c:a aac")
            .writes(&path);
        let mut reader = SoundReader::open(&path, &Limits::default(), AS_IS).unwrap();
        let (first, samples, _) = drain(&mut reader);
        assert_eq!(first, Some(0), "{name}");
        let onset = samples
            .iter()
            .position(|sample| sample.abs() > 0.02)
            .unwrap();
        assert!(onset.abs_diff(24_000) < 200, "{name} begins at {onset}");
    }
}

#[test]
fn limits_hold_before_and_during_decode() {
    let folder = tempfile::tempdir().unwrap();
    let path = make(folder.path(), "a.wav", &["-c:a", "pcm_s16le"]);
    let few = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        limits
    };
    let too_long = SoundReader::open(&path, &few(|limits| limits.seconds = 1), AS_IS);
    assert!(matches!(too_long.err(), Some(Error::Limit { .. })));
    let too_large = SoundReader::open(&path, &few(|limits| limits.bytes = 1000), AS_IS);
    assert!(matches!(too_large.err(), Some(Error::Limit { .. })));
    // This one's headers do not tell its length.
    let path = make(
        folder.path(),
        "a.ts",
        &["-c:a", "mp2", "-f", "mpegts", "-muxdelay", "0"],
    );
    if let Ok(mut reader) = SoundReader::open(&path, &few(|limits| limits.seconds = 1), AS_IS) {
        let (_, _, error) = drain(&mut reader);
        assert!(matches!(error, Some(Error::Limit { .. })), "{error:?}");
    }
}

#[test]
fn pictures_have_no_sound() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("silent.mp4");
    ffmpeg().source("testsrc=s=64x64:d=1").writes(&path);
    let refused = SoundReader::open(&path, &Limits::default(), AS_IS).err();
    assert!(matches!(refused, Some(Error::Unsupported { .. })));
}

/// Reads whatever there is; the time is bounded, and errors are of the kinds that files can be at fault for.
fn survive(path: &Path) -> Option<(usize, bool)> {
    let started = Instant::now();
    let outcome = match SoundReader::open(path, &Limits::default(), AS_IS) {
        Ok(mut reader) => {
            let channels = usize::from(reader.format().channels);
            let (_, samples, error) = drain(&mut reader);
            if let Some(error) = &error {
                let known = matches!(error, Error::BreaksOff { .. } | Error::Limit { .. });
                assert!(known, "{}: {error:?}", path.display());
            }
            Some((samples.len() / channels, error.is_none()))
        }
        Err(error) => {
            let known = matches!(
                error,
                Error::Unsupported { .. }
                    | Error::Damaged { .. }
                    | Error::BreaksOff { .. }
                    | Error::Limit { .. }
                    | Error::Read { .. }
            );
            assert!(known, "{}: {error:?}", path.display());
            None
        }
    };
    let took = started.elapsed();
    assert!(
        took < Duration::from_secs(20),
        "{}: {took:?}",
        path.display()
    );
    outcome
}

#[test]
fn truncated_sound_gives_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    for (name, encoder) in [
        ("a.wav", &["-c:a", "pcm_s16le"][..]),
        ("a.flac", &["-c:a", "flac"]),
        ("a.mp3", &["-c:a", "libmp3lame"]),
        ("a.ogg", &["-c:a", "libvorbis"]),
        ("a.opus", &["-c:a", "libopus"]),
        ("a.m4a", &["-c:a", "aac", "-movflags", "+faststart"]),
    ] {
        let path = make(folder.path(), name, encoder);
        let bytes = std::fs::read(&path).unwrap();
        let whole = survive(&path).unwrap();
        assert!(whole.1, "{name} is whole");
        let cut_path = folder.path().join(format!("cut-{name}"));
        let mut most = 0;
        for place in 0..64 {
            let length = bytes.len() * place / 64;
            std::fs::write(&cut_path, &bytes[..length]).unwrap();
            if let Some((frames, complete)) = survive(&cut_path) {
                assert!(
                    !complete,
                    "{name} cut at {place}/64 says that it is whole, with {frames} frames"
                );
                assert!(frames <= whole.0, "{name} cut at {place}/64 grows");
                // Never less than what a shorter piece gave.
                assert!(
                    frames >= most,
                    "{name} cut at {place}/64: {frames} after {most}"
                );
                most = frames;
            }
        }
        assert!(most * 10 > whole.0 * 9, "{name}: {most} of {}", whole.0);
    }
}

#[test]
fn a_hole_in_the_middle_is_silence_and_the_rest_stays_in_place() {
    let folder = tempfile::tempdir().unwrap();
    for (name, encoder) in [
        ("a.flac", &["-c:a", "flac"][..]),
        // Noise that AAC's decoder makes up depends on all that it made before.
        (
            "a.m4a",
            &["-c:a", "aac", "-aac_pns", "0", "-movflags", "+faststart"],
        ),
    ] {
        let path = make(folder.path(), name, encoder);
        let whole = read(&path, AS_IS);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 4;
        for byte in &mut bytes[middle..middle + 1500] {
            *byte ^= 0x5a;
        }
        let bent = folder.path().join(format!("bent-{name}"));
        std::fs::write(&bent, &bytes).unwrap();
        let mut reader = SoundReader::open(&bent, &Limits::default(), AS_IS).unwrap();
        let (_, samples, _) = drain(&mut reader);
        let late = whole.len() * 3 / 4..whole.len() - 5000;
        assert!(
            samples.len() >= late.end,
            "{name}: {} of {}",
            samples.len(),
            whole.len()
        );
        let worst = late
            .map(|at| (whole[at] - samples[at]).abs())
            .fold(0.0, f32::max);
        assert!(worst < 1e-3, "{name}: {worst}");
    }
}

#[test]
fn bad_files_do_no_harm() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(corpus.join("bad"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        survive(&file);
    }
}
