//! A track as a picture: its outline over its sections, its energy, its beats.

use std::path::Path;

use crate::analysis::{AudioReport, SectionKind};
use crate::error::Result;
use crate::geometry::Size;
use crate::media::Limits;
use crate::picture::{Filter, Rgb8, resize};
use crate::report::bitmap_text::write_line;
use crate::report::waveform::outline;
use crate::task::Task;

/// Pixels of the whole picture; the outline has a piece for each column.
const WIDE: usize = 1200;
const HIGH: usize = 300;
/// Rows: names of sections, outline, beats.
const TOP: usize = 28;
const MIDDLE: usize = 150;
const BOTTOM: usize = 272;

type Color = [u8; 3];
const PAPER: Color = [250, 250, 248];
const PEAKS: Color = [70, 110, 150];
const ENERGY: Color = [210, 90, 40];
const BEAT: Color = [170, 170, 170];
const DOWNBEAT: Color = [60, 60, 60];

/// Waveform, energy (the line), beats (below; downbeats taller) and sections (the bands) of the track at `path`, with its
/// artwork at the left where it has some.
///
/// Fails like [`crate::media::SoundReader`].
pub fn track_picture(
    path: &Path,
    audio: &AudioReport,
    artwork: Option<&Rgb8>,
    limits: &Limits,
    task: &Task,
) -> Result<Rgb8> {
    let track = heard(path, audio, limits, task)?;
    let Some(artwork) = artwork else {
        return Ok(track);
    };
    let size = artwork.size().within(HIGH as u32);
    let artwork = resize(artwork, size, Filter::Lanczos);
    let mut picture = Rgb8::black(Size::new((HIGH + WIDE) as u32, HIGH as u32));
    fill(&mut picture, (0, HIGH), (0, HIGH), PAPER);
    let middle = |side: u32| (HIGH - (side as usize).min(HIGH)) / 2;
    lay(
        &mut picture,
        &artwork,
        (middle(size.width), middle(size.height)),
    );
    lay(&mut picture, &track, (HIGH, 0));
    Ok(picture)
}

/// What was heard, `WIDE` by `HIGH` pixels.
fn heard(path: &Path, audio: &AudioReport, limits: &Limits, task: &Task) -> Result<Rgb8> {
    let peaks = outline(path, audio.duration, limits, task)?;
    let mut picture = Rgb8::black(Size::new(WIDE as u32, HIGH as u32));
    let length = audio.duration.max(1e-3);
    let column = |seconds: f64| ((seconds / length).clamp(0.0, 1.0) * WIDE as f64) as usize;
    fill(&mut picture, (0, WIDE), (0, HIGH), PAPER);
    for section in &audio.sections {
        let (left, right) = (column(section.start), column(section.end));
        fill(&mut picture, (left, right), (0, BOTTOM), band(section.kind));
        fill(&mut picture, (left, left + 1), (0, BOTTOM), BEAT);
        let name = format!("{:?}", section.kind).to_lowercase();
        write_line(
            &mut picture,
            &name,
            (left + 4, 4),
            right.saturating_sub(left + 4),
            false,
        );
    }
    let half = (MIDDLE - TOP) as f64;
    for (at, peak) in peaks.iter().enumerate() {
        let x = at * WIDE / peaks.len().max(1);
        let tall = (f64::from(*peak) * half) as usize;
        fill(
            &mut picture,
            (x, x + 1),
            (MIDDLE - tall, MIDDLE + tall + 1),
            PEAKS,
        );
    }
    let mut before = None;
    for x in 0..WIDE {
        let second = x as f64 / WIDE as f64 * length;
        let Some(energy) = audio.energy_curve.get(second as usize) else {
            break;
        };
        let y = BOTTOM - (energy.clamp(0.0, 1.0) * (BOTTOM - TOP) as f64) as usize;
        let from = before.unwrap_or(y);
        fill(
            &mut picture,
            (x, x + 1),
            (y.min(from), y.max(from) + 2),
            ENERGY,
        );
        before = Some(y);
    }
    for (beats, tall, color) in [(&audio.beats, 10, BEAT), (&audio.downbeats, 22, DOWNBEAT)] {
        for beat in beats {
            let x = column(*beat);
            fill(&mut picture, (x, x + 1), (HIGH - tall, HIGH), color);
        }
    }
    Ok(picture)
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

/// Copies `part` into the picture with its upper left corner at `place`, as far as there is room.
fn lay(picture: &mut Rgb8, part: &Rgb8, (left, top): (usize, usize)) {
    let wide = picture.width();
    let columns = part.width().min(wide.saturating_sub(left)) * 3;
    let rows = part.samples().chunks_exact(part.width().max(1) * 3);
    let into = picture.samples_mut().chunks_exact_mut(wide.max(1) * 3);
    for (into, from) in into.skip(top).zip(rows) {
        let into = into.get_mut(left * 3..left * 3 + columns);
        if let (Some(into), Some(from)) = (into, from.get(..columns)) {
            into.copy_from_slice(from);
        }
    }
}

/// Colors the pixels from the first to before the second of columns and rows, as far as there are such.
fn fill(picture: &mut Rgb8, columns: (usize, usize), rows: (usize, usize), color: Color) {
    let right = columns.1.min(picture.width());
    let bottom = rows.1.min(picture.height());
    let width = picture.width();
    for y in rows.0..bottom {
        let row = (y * width + columns.0) * 3..(y * width + right) * 3;
        let Some(row) = picture.samples_mut().get_mut(row) else {
            return;
        };
        for pixel in row.chunks_exact_mut(3) {
            pixel.copy_from_slice(&color);
        }
    }
}
