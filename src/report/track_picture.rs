//! A track as a picture: waveform over sections, energy, beats, and the artwork beside them.

use std::path::Path;

use crate::analysis::{AudioReport, SectionKind};
use crate::error::Result;
use crate::geometry::Size;
use crate::media::Limits;
use crate::picture::{Filter, Rgb8, resize};
use crate::report::bitmap_text::TextLine;
use crate::report::paste::{fill, paste};
use crate::report::waveform::outline;
use crate::task::Task;

/// Width of the picture in pixels; the outline has a piece for each column.
const WIDE: usize = 1200;
/// Height of the picture in pixels.
const HIGH: usize = 300;
/// Row of pixels below the names of sections.
const TOP: usize = 28;
/// Row of the outline's middle.
const MIDDLE: usize = 150;
/// Row above the beats.
const BOTTOM: usize = 272;
/// Height of the mark of a beat, in pixels.
const BEAT_TALL: usize = 10;
/// Height of the mark of a downbeat, in pixels.
const DOWNBEAT_TALL: usize = 22;
/// Pixels around the name of a section.
const NAME_MARGIN: usize = 4;

type Color = [u8; 3];
/// The background.
const PAPER: Color = [250, 250, 248];
/// The waveform.
const PEAKS: Color = [70, 110, 150];
/// The line of energy.
const ENERGY: Color = [210, 90, 40];
/// The marks of beats.
const BEAT: Color = [170, 170, 170];
/// The marks of downbeats.
const DOWNBEAT: Color = [60, 60, 60];

/// Waveform, energy (line), beats (below; downbeats taller) and sections (bands) of the track at `path`, with its
/// artwork on the left if it has any.
///
/// Errors: those of [`crate::media::SoundReader`].
pub fn track_picture(
    path: &Path,
    audio: &AudioReport,
    artwork: Option<&Rgb8>,
    limits: &Limits,
    task: &Task,
) -> Result<Rgb8> {
    let track = chart(path, audio, limits, task)?;
    let Some(artwork) = artwork else {
        return Ok(track);
    };
    let size = artwork.size().within(HIGH as u32);
    let artwork = resize(artwork, size, Filter::Lanczos);
    let mut picture = Rgb8::black(Size::new((HIGH + WIDE) as u32, HIGH as u32));
    fill(&mut picture, 0..HIGH, 0..HIGH, PAPER);
    let middle = |side: u32| (HIGH - (side as usize).min(HIGH)) / 2;
    paste(
        &mut picture,
        &artwork,
        middle(size.width),
        middle(size.height),
    );
    paste(&mut picture, &track, HIGH, 0);
    Ok(picture)
}

/// The chart of the sound, `WIDE` by `HIGH` pixels.
fn chart(path: &Path, audio: &AudioReport, limits: &Limits, task: &Task) -> Result<Rgb8> {
    let peaks = outline(path, audio.duration, limits, task)?;
    let mut picture = Rgb8::black(Size::new(WIDE as u32, HIGH as u32));
    fill(&mut picture, 0..WIDE, 0..HIGH, PAPER);
    draw_sections(&mut picture, audio);
    draw_peaks(&mut picture, &peaks);
    draw_energy(&mut picture, audio);
    for (beats, tall, color) in [
        (&audio.beats, BEAT_TALL, BEAT),
        (&audio.downbeats, DOWNBEAT_TALL, DOWNBEAT),
    ] {
        for beat in beats {
            let x = column(*beat, audio);
            fill(&mut picture, x..x + 1, HIGH - tall..HIGH, color);
        }
    }
    Ok(picture)
}

/// The column of pixels at a second.
fn column(seconds: f64, audio: &AudioReport) -> usize {
    let length = audio.duration.max(1e-3);
    ((seconds / length).clamp(0.0, 1.0) * WIDE as f64) as usize
}

fn draw_sections(picture: &mut Rgb8, audio: &AudioReport) {
    for section in &audio.sections {
        let (left, right) = (column(section.start, audio), column(section.end, audio));
        fill(picture, left..right, 0..BOTTOM, band(section.kind));
        fill(picture, left..left + 1, 0..BOTTOM, BEAT);
        let name = format!("{:?}", section.kind).to_lowercase();
        let line = TextLine {
            left: left + NAME_MARGIN,
            top: NAME_MARGIN,
            wide: right.saturating_sub(left + NAME_MARGIN),
            bold: false,
        };
        line.write(picture, &name);
    }
}

fn draw_peaks(picture: &mut Rgb8, peaks: &[f32]) {
    let half = (MIDDLE - TOP) as f64;
    for (at, peak) in peaks.iter().enumerate() {
        let x = at * WIDE / peaks.len().max(1);
        let tall = (f64::from(*peak) * half) as usize;
        fill(picture, x..x + 1, MIDDLE - tall..MIDDLE + tall + 1, PEAKS);
    }
}

fn draw_energy(picture: &mut Rgb8, audio: &AudioReport) {
    let length = audio.duration.max(1e-3);
    let mut before = None;
    for x in 0..WIDE {
        let second = x as f64 / WIDE as f64 * length;
        let Some(energy) = audio.energy_curve.get(second as usize) else {
            break;
        };
        let y = BOTTOM - (energy.clamp(0.0, 1.0) * (BOTTOM - TOP) as f64) as usize;
        let from = before.unwrap_or(y);
        fill(picture, x..x + 1, y.min(from)..y.max(from) + 2, ENERGY);
        before = Some(y);
    }
}

fn band(kind: SectionKind) -> Color {
    match kind {
        SectionKind::Intro => [226, 236, 246],
        SectionKind::Build => [250, 240, 214],
        SectionKind::Drop => [248, 220, 210],
        SectionKind::Break => [226, 242, 226],
        SectionKind::Outro => [234, 228, 244],
        SectionKind::Part => [240, 240, 236],
    }
}
