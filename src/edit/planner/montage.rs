//! Moments of all sources on the beats: how long, which slots, which moments.

use crate::analysis::FileKind;
use crate::choice::{Decision, Setting};
use crate::edit::Segment;
use crate::edit::cut_choice::{self, Slot};
use crate::edit::cut_points::cut_points;
use crate::edit::moments::search::{MomentSearch, Pick};
use crate::edit::music_bed::MusicBed;
use crate::edit::planner::Planner;
use crate::edit::subclips::{Strictness, Subclip, subclips};
use crate::error::{Error, Result};
use crate::music::WindowRequest;

/// How much slower than the style wants slots may become, before the film becomes shorter, when sources are few.
const SLOWER: [f64; 5] = [1.0, 1.5, 2.0, 3.0, 4.0];
/// Times a film is split or shortened before giving up; each makes it one slot shorter.
const ATTEMPTS: usize = 400;

/// What a montage is made from.
pub(super) struct MontageMaterial {
    takes: Vec<Subclip>,
    /// Seconds that were asked for, or that the style likes.
    wanted: f64,
    /// Seconds that the material is enough for.
    pub(super) length: f64,
}

impl<'a> Planner<'a> {
    /// Moments of all sources on the beats.
    pub(super) fn arranged(
        &mut self,
        briefed: bool,
    ) -> Result<(Vec<Segment>, Option<MusicBed<'a>>)> {
        let MontageMaterial {
            takes,
            wanted,
            mut length,
        } = self.montage_material();
        let asked = WindowRequest {
            length,
            ..WindowRequest::default()
        };
        let track = self.soundtrack(&asked, briefed);
        let mut track_ended = false;
        if let Some(track) = &track {
            track_ended = track.length() + 0.05 < length * 5.0 / 6.0;
            // To the frame nearest to the beat that it ends on.
            length = length.min(track.length() + 0.5 / self.rate.seconds());
        }
        let (slots, picks) = self.fill(&takes, track.as_ref(), length)?;
        let film: f64 =
            slots.iter().map(|slot| slot.frames as f64).sum::<f64>() / self.rate.seconds();
        self.say_length(film, wanted, track_ended, track.is_some());
        self.say_unused(&takes, &picks);
        let count = slots.len();
        let mut stills = 0;
        let segments = slots
            .iter()
            .zip(&picks)
            .enumerate()
            .map(|(number, (slot, pick))| {
                let take = &takes[pick.take];
                stills += usize::from(take.still);
                let effects = self.effects(take, pick, slot, stills);
                let beat = (slot.start.heard).then_some(slot.start);
                let reasons = self.reasons(number, count, slot, pick, take);
                self.segment(take, pick.start, pick.end, beat, effects, reasons)
            })
            .collect();
        Ok((segments, track))
    }

    /// What the film can be made from, and how long it is to be.
    pub(super) fn montage_material(&self) -> MontageMaterial {
        let request = self.request;
        let style = request.style;
        let wanted = request
            .length
            .unwrap_or(style.length.min(request.platform.longest));
        let mut takes = Vec::new();
        let mut capacity = 0.0;
        for strictness in [Strictness::Moments, Strictness::NotBad, Strictness::Visible] {
            takes = subclips(request.sources, strictness, style.longest, self.output);
            capacity = self.capacity(&takes);
            // Some room to choose from, or else whatever is not bad.
            if capacity >= wanted * 1.1 || (strictness == Strictness::NotBad && capacity > 1.0) {
                break;
            }
        }
        MontageMaterial {
            takes,
            wanted,
            length: wanted.min(capacity.max(2.0 / self.rate.seconds())),
        }
    }

    /// Seconds of film that `takes` can give: photos as long as the style keeps one at most.
    pub(super) fn capacity(&self, takes: &[Subclip]) -> f64 {
        let longest = self.request.style.longest;
        takes
            .iter()
            .map(|take| {
                if take.still {
                    longest.min(self.request.style.still * 1.5)
                } else {
                    take.length()
                }
            })
            .sum()
    }

    pub(super) fn fill(
        &self,
        takes: &[Subclip],
        track: Option<&MusicBed<'_>>,
        length: f64,
    ) -> Result<(Vec<Slot>, Vec<Pick>)> {
        let style = self.request.style;
        let sources = self.request.sources.len();
        let stills = takes.iter().filter(|take| take.still).count();
        let moving: f64 = takes
            .iter()
            .filter(|take| !take.still)
            .map(Subclip::length)
            .sum();
        let mut length = length;
        let mut slots = Vec::new();
        for _ in 0..ATTEMPTS {
            if slots.is_empty() {
                let places = cut_points(track, length, self.rate);
                let end = cut_choice::end_of(&places);
                for slower in SLOWER {
                    slots = cut_choice::slots(&places, end, style, slower, self.rate);
                    // Each photo fills one slot; a clip as many as fit into it.
                    let usual = length / slots.len().max(1) as f64;
                    let holds = stills as f64 + moving / usual.max(0.01);
                    if slots.len() as f64 <= holds.max(1.0) {
                        break;
                    }
                }
            }
            let failed =
                match MomentSearch::new(takes, sources, &slots, self.rate, self.request.seed).run()
                {
                    Ok(picks) => return Ok((slots, picks)),
                    Err(failed) => failed,
                };
            // A slot that nothing fits becomes two; one that cannot be split ends the film before it.
            let split = slots
                .get(failed)
                .filter(|slot| slot.frames as f64 > 2.0 * style.shortest * self.rate.seconds())
                .and_then(Slot::split);
            if let Some((first, second)) = split {
                slots.splice(failed..=failed, [first, second]);
                continue;
            }
            let at = slots.get(failed).map_or(0, |slot| slot.start.frame);
            let frames = if at > 0 {
                at
            } else {
                slots.first().map_or(0, |slot| slot.frames * 2 / 3)
            };
            if frames < 2 {
                break;
            }
            length = frames as f64 / self.rate.seconds();
            slots.clear();
        }
        Err(Error::Nothing {
            what: "no moment of the sources is long enough to be shown".into(),
            hint: "give longer clips, or photos".into(),
        })
    }

    fn say_length(&mut self, film: f64, wanted: f64, track_ended: bool, music: bool) {
        let style = &self.request.style.id;
        let asked = self.request.length.is_some();
        let short = film + 0.05 < wanted * 5.0 / 6.0;
        let reason = if short && track_ended {
            format!("{film:.1} seconds instead of {wanted:.0}: the track ends there")
        } else if short {
            format!(
                "{film:.1} seconds instead of {wanted:.0}: there are not enough good moments for more, and none is shown twice"
            )
        } else if music && (film - wanted).abs() > 0.05 {
            format!("{film:.1} seconds: ends with a bar of the music")
        } else if !asked {
            format!("{film:.1} seconds: as style {style} likes it")
        } else {
            return;
        };
        self.decide(Decision::new(Setting::Length, format!("{film:.1}"), reason));
    }

    fn say_unused(&mut self, takes: &[Subclip], picks: &[Pick]) {
        let mut used = vec![false; self.request.sources.len()];
        for pick in picks {
            used[takes[pick.take].source] = true;
        }
        let unused = self
            .request
            .sources
            .iter()
            .zip(used)
            .filter(|(source, used)| !used && source.analysis.file.kind != FileKind::Audio)
            .count();
        if unused > 0 {
            let all = self.request.sources.len();
            self.decide(Decision::remark(
                Setting::Length,
                format!("{unused} of {all} files are not shown: a longer film has room for more"),
            ));
        }
    }
}
