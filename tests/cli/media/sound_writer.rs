//! Sound files out: each format holds what was written.

use tastemaker::media::{
    Channels, Limits, SoundFileFormat, SoundReader, SoundRequest, SoundWriter,
};
use tastemaker::sound::SoundFormat;

const RATE: u32 = 48_000;

/// A second and a bit of two tones, so that the last block is not full.
fn tones() -> Vec<f32> {
    let samples = 0..RATE + 1234;
    samples
        .flat_map(|at| {
            let turn = at as f32 / RATE as f32 * std::f32::consts::TAU;
            [0.4 * (440.0 * turn).sin(), 0.2 * (660.0 * turn).sin()]
        })
        .collect()
}

#[test]
fn every_format_holds_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let written = tones();
    for format in SoundFileFormat::ALL {
        let name = format!("tones.{}", format.extension());
        let path = folder.path().join(&name);
        assert_eq!(SoundFileFormat::of(&path), Some(format));
        let stereo = SoundFormat {
            rate: RATE,
            channels: 2,
        };
        let mut writer = SoundWriter::create(&path, format, stereo, "a credit").unwrap();
        for piece in written.chunks(7_777 * 2) {
            writer.write(piece).unwrap();
        }
        writer.finish().unwrap();
        let request = SoundRequest {
            rate: Some(RATE),
            channels: Channels::Stereo,
        };
        let mut reader = SoundReader::open(&path, &Limits::default(), request).unwrap();
        let mut read = Vec::new();
        while let Some(block) = reader.next_block().unwrap() {
            read.extend(block.samples);
        }
        // Half a frame of MP3 or Opus may be added at the end.
        let longer = read.len() as i64 - written.len() as i64;
        assert!((0..2 * 2_400).contains(&longer), "{name}: {longer}");
        let lossless = matches!(format, SoundFileFormat::Flac | SoundFileFormat::Wav);
        let most = if lossless { 2e-7 } else { 0.05 };
        // The first and last blocks of a lossy codec ring.
        let edge = if lossless { 0 } else { 4_800 };
        let inner = edge..written.len() - edge;
        let farthest = inner
            .map(|at| (read[at] - written[at]).abs())
            .fold(0.0, f32::max);
        assert!(farthest < most, "{name}: {farthest}");
    }
    assert_eq!(SoundFileFormat::of("film.mp4".as_ref()), None);
}
