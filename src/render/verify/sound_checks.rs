//! Checks the finished film's sound: present where planned, as loud as planned, and no peak too high.

use std::path::Path;

use crate::edit::Plan;
use crate::error::{Error, Result};
use crate::media::{Channels, SoundReader, SoundRequest};
use crate::render::film_sound::master;
use crate::render::mastering::Meter;
use crate::render::mixer::{Mixer, SoundSources};
use crate::render::verify::VerifyReport;
use crate::sound::{CHANNELS, RATE};
use crate::task::Task;

/// Tolerance of the loudness, in LU.
const LOUDNESS_LU: f64 = 1.0;
/// Tolerance of the true peak, in dB: encoding moves peaks.
const PEAK_DB: f64 = 0.5;
/// Samples (a channel) of a block whose level is measured: a tenth of a second, like the mixer's blocks.
const BLOCK: usize = 4_800;
/// Level (dBFS) below which a block is silent.
const SILENT_DB: f64 = -70.0;
/// Level of the mix (dBFS) above which a block must not be silent in the film.
const AUDIBLE_DB: f64 = -55.0;
/// Missing blocks in a row that fail the check: half a second.
const MISSING_BLOCKS: usize = 5;
/// Seconds by which sound and picture may differ in length: two AAC frames, of 21 ms each.
const LENGTH_SECONDS: f64 = 0.05;

/// What the planned sound is made from, and the task.
#[derive(Clone, Copy)]
pub(super) struct PlannedSound<'a> {
    pub sources: SoundSources<'a>,
    pub task: &'a Task,
}

/// Checks presence, loudness and true peak.
pub(super) fn check_sound(
    plan: &Plan,
    film: &Path,
    planned: &PlannedSound<'_>,
) -> Result<VerifyReport> {
    let mut report = VerifyReport { checks: Vec::new() };
    let scan = listen(film, planned)?;
    if plan.sound.is_empty() {
        // A silent track is no failure.
        let silent = scan
            .as_ref()
            .is_none_or(|scan| scan.levels.iter().all(|level| *level < SILENT_DB));
        let detail = if silent {
            "no sound, as planned"
        } else {
            "there is sound, but none is planned"
        };
        report.add("sound", silent, detail);
        return Ok(report);
    }
    let Some(scan) = scan else {
        report.add("sound", false, "there is no sound track");
        return Ok(report);
    };
    check_presence(plan, &scan, planned, &mut report)?;
    check_loudness(plan, &scan, planned, &mut report)?;
    Ok(report)
}

struct SoundScan {
    /// dBFS of each block.
    levels: Vec<f64>,
    integrated_lufs: Option<f64>,
    true_peak_dbtp: f64,
    seconds: f64,
    broken: Option<String>,
}

fn listen(film: &Path, planned: &PlannedSound<'_>) -> Result<Option<SoundScan>> {
    let request = SoundRequest {
        rate: Some(RATE),
        channels: Channels::Stereo,
    };
    let mut reader = match SoundReader::open(film, planned.sources.limits, request) {
        Ok(reader) => reader,
        Err(Error::Unsupported { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut meter = Meter::new();
    let mut levels = BlockLevels::default();
    let mut count = 0;
    let mut broken = None;
    loop {
        planned.task.check()?;
        match reader.next_block() {
            Ok(Some(block)) => {
                meter.push(&block.samples);
                levels.push(&block.samples);
                count += block.frames();
            }
            Ok(None) => break,
            Err(error @ Error::BreaksOff { .. }) => {
                broken = Some(error.to_string());
                break;
            }
            Err(error) => return Err(error),
        }
    }
    let measured = meter.measured();
    Ok(Some(SoundScan {
        levels: levels.finish(),
        integrated_lufs: measured.integrated_lufs,
        true_peak_dbtp: measured.true_peak_dbtp,
        seconds: count as f64 / f64::from(RATE),
        broken,
    }))
}

/// Measures the level of each block; the input comes in pieces of any length.
#[derive(Default)]
struct BlockLevels {
    sum: f64,
    count: usize,
    levels: Vec<f64>,
}

impl BlockLevels {
    fn push(&mut self, samples: &[f32]) {
        for sample in samples {
            self.sum += f64::from(*sample) * f64::from(*sample);
            self.count += 1;
            if self.count == BLOCK * CHANNELS {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        let mean = self.sum / self.count.max(1) as f64;
        // Minus infinity for digital silence.
        self.levels.push(10.0 * mean.log10());
        (self.sum, self.count) = (0.0, 0);
    }

    fn finish(mut self) -> Vec<f64> {
        if self.count > 0 {
            self.close();
        }
        self.levels
    }
}

fn check_presence(
    plan: &Plan,
    scan: &SoundScan,
    planned: &PlannedSound<'_>,
    report: &mut VerifyReport,
) -> Result<()> {
    let wanted = plan.duration().seconds();
    if let Some(broken) = &scan.broken {
        report.add("sound", false, broken.clone());
        return Ok(());
    }
    if (scan.seconds - wanted).abs() > LENGTH_SECONDS {
        report.add(
            "sound",
            false,
            format!(
                "the sound lasts {:.2} s, {wanted:.2} s are planned",
                scan.seconds
            ),
        );
        return Ok(());
    }
    let mixed = match mixed_levels(plan, planned) {
        Ok(levels) => levels,
        Err(Error::Cancelled) => return Err(Error::Cancelled),
        Err(error) => {
            report.add("sound", false, error.to_string());
            return Ok(());
        }
    };
    let missing = first_missing(&scan.levels, &mixed);
    report.add(
        "sound",
        missing.is_none(),
        match missing {
            Some(block) => format!(
                "silent from {:.1} s on, where sound is planned",
                (block * BLOCK) as f64 / f64::from(RATE)
            ),
            None => "present where it is planned".to_owned(),
        },
    );
    Ok(())
}

fn mixed_levels(plan: &Plan, planned: &PlannedSound<'_>) -> Result<Vec<f64>> {
    let mut mixer = Mixer::new(plan, &planned.sources)?;
    let mut levels = BlockLevels::default();
    while let Some(block) = mixer.next_block()? {
        planned.task.check()?;
        levels.push(&block);
    }
    Ok(levels.finish())
}

/// The first block of a run that is silent in the film but audible in the mix.
fn first_missing(scan: &[f64], mixed: &[f64]) -> Option<usize> {
    let mut run = 0;
    for (number, mixed) in mixed.iter().enumerate() {
        let scan = scan.get(number).copied().unwrap_or(f64::NEG_INFINITY);
        run = if scan < SILENT_DB && *mixed > AUDIBLE_DB {
            run + 1
        } else {
            0
        };
        if run == MISSING_BLOCKS {
            return Some(number + 1 - run);
        }
    }
    None
}

fn check_loudness(
    plan: &Plan,
    scan: &SoundScan,
    planned: &PlannedSound<'_>,
    report: &mut VerifyReport,
) -> Result<()> {
    let target = plan.output.loudness_lufs;
    let near = |lufs: Option<f64>, other: f64| {
        lufs.is_some_and(|lufs| (lufs - other).abs() <= LOUDNESS_LU)
    };
    let found = scan
        .integrated_lufs
        .map_or("no measurable loudness".into(), |lufs| {
            format!("{lufs:.1} LUFS")
        });
    let (passed, detail) = if near(scan.integrated_lufs, target) {
        (true, format!("{found}, planned {target:.1}"))
    } else {
        // Not every mix can reach the target: master again to learn what could be reached.
        match master(plan, &planned.sources, planned.task) {
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            Err(error) => (false, format!("{found}, planned {target:.1} ({error})")),
            Ok(mastering) => {
                let reached = mastering.report.integrated_lufs;
                let same = match reached {
                    Some(reached) => near(scan.integrated_lufs, reached),
                    None => scan.integrated_lufs.is_none(),
                };
                let note = mastering.report.note.filter(|_| same);
                let passed = note.is_some();
                let note = note.map_or(String::new(), |note| format!(": {note}"));
                (passed, format!("{found}, planned {target:.1}{note}"))
            }
        }
    };
    report.add("loudness", passed, detail);

    let (peak, limit) = (scan.true_peak_dbtp, plan.output.true_peak_dbtp);
    report.add(
        "true_peak",
        peak <= limit + PEAK_DB,
        if peak.is_finite() {
            format!("{peak:.1} dBTP, allowed {limit:.1}")
        } else {
            "silence".into()
        },
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_do_not_depend_on_how_samples_come_in() {
        let samples: Vec<f32> = (0..BLOCK * CHANNELS * 3 + 500)
            .map(|at| if at < BLOCK * CHANNELS { 0.0 } else { 0.1 })
            .collect();
        let mut whole = BlockLevels::default();
        whole.push(&samples);
        let mut pieces = BlockLevels::default();
        samples.chunks(999).for_each(|piece| pieces.push(piece));
        let whole = whole.finish();
        assert_eq!(whole, pieces.finish());
        assert_eq!(whole.len(), 4);
        assert_eq!(whole[0], f64::NEG_INFINITY);
        assert!((whole[1] + 20.0).abs() < 1e-4);
    }

    #[test]
    fn silence_counts_only_where_the_mix_is_audible() {
        let mixed = [vec![-90.0; 20], vec![-20.0; 20]].concat();
        assert_eq!(first_missing(&mixed, &mixed), None);
        assert_eq!(first_missing(&[-90.0; 40], &mixed), Some(20));
        let short = [mixed[..36].to_vec(), vec![-90.0; 4]].concat();
        assert_eq!(
            first_missing(&short, &mixed),
            None,
            "less than half a second"
        );
        assert_eq!(first_missing(&mixed[..30], &mixed), Some(30), "cut off");
    }
}
