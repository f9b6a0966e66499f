//! One segment: what is shown of a source, how it is framed and moved, and why.

use crate::analysis::{Shot, VideoReport};
use crate::choice::Reason;
use crate::edit::cut_choice::Slot;
use crate::edit::cut_points::CutPoint;
use crate::edit::moments::search::Pick;
use crate::edit::planner::{Planner, source_id};
use crate::edit::subclips::Subclip;
use crate::edit::{BeatMark, Effect, Segment, SegmentTransition, framing};
use crate::geometry::Size;
use crate::time::{Rational, rounded};

impl<'a> Planner<'a> {
    pub(super) fn frame(&self) -> Rational {
        self.rate.inverse().unwrap_or(Rational::ONE)
    }

    pub(super) fn video(&self, take: &Subclip) -> Option<&'a VideoReport> {
        let source = self.request.sources.get(take.source)?;
        source.analysis.video.as_ref()
    }

    pub(super) fn shot(&self, take: &Subclip) -> Option<&'a Shot> {
        self.video(take)?.shots.get(take.shot)
    }

    pub(super) fn effects(
        &self,
        take: &Subclip,
        pick: &Pick,
        slot: &Slot,
        stills: usize,
    ) -> Vec<Effect> {
        let style = self.request.style;
        if take.still {
            let faces = self
                .request
                .sources
                .get(take.source)
                .and_then(|source| source.analysis.picture.as_ref())
                .is_some_and(|picture| !picture.faces.is_empty());
            // Closer to people; views by turns closer and wider.
            let sign = if faces || stills % 2 == 1 { 1.0 } else { -1.0 };
            let amount = rounded(style.push * sign);
            return if amount == 0.0 {
                Vec::new()
            } else {
                vec![Effect::SlowPush { amount }]
            };
        }
        let peak = pick.peak_on.and_then(|number| slot.inner.get(number));
        match peak {
            Some(beat) if style.punch > 0.0 => {
                let at = pick.start.seconds() + beat.time - slot.start.time;
                vec![Effect::PunchIn {
                    at: rounded(at.min(pick.end.seconds())),
                    amount: rounded(style.punch),
                }]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn reasons(
        &self,
        number: usize,
        count: usize,
        slot: &Slot,
        pick: &Pick,
        take: &Subclip,
    ) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if number == 0 && count > 1 {
            reasons.push(Reason::new(
                "opener",
                1.5 * pick.worth,
                "Opens the film: the strongest picture there is.",
            ));
        } else if number + 1 == count && count > 1 && take.energy < 0.4 {
            reasons.push(Reason::new("calm_end", 0.4, "A calm picture to end on."));
        }
        let name = self.name(take.source);
        reasons.push(
            match take.moment_in(pick.start.seconds(), pick.end.seconds()) {
                Some(moment) if !moment.reasons.is_empty() => Reason::new(
                    "moment",
                    pick.worth,
                    format!("A good moment of {name}: {}.", words(&moment.reasons)),
                ),
                Some(_) => Reason::new("moment", pick.worth, format!("A good moment of {name}.")),
                None if take.still => Reason::new("photo", pick.worth, self.photo_words(take)),
                None => Reason::new(
                    "usable",
                    pick.worth,
                    format!("{name} has its turn; no moment of it stands out."),
                ),
            },
        );
        if pick.peak_on.is_some() {
            reasons.push(Reason::new(
                "peak_on_beat",
                0.12,
                "Its movement peaks on a beat.",
            ));
        }
        if slot.start.heard {
            reasons.push(beat_reason(&slot.start));
        }
        if pick.energy_fit > 0.7 && self.request.music.is_some() && !take.still {
            reasons.push(Reason::new(
                "energy_fits",
                0.25 * pick.energy_fit,
                "It moves as much as the music does here.",
            ));
        }
        reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        reasons
    }

    /// What is on a photo, in words.
    fn photo_words(&self, take: &Subclip) -> String {
        let name = self.name(take.source);
        let scene = self
            .request
            .sources
            .get(take.source)
            .and_then(|source| source.analysis.picture.as_ref())
            .map_or(&[][..], |picture| picture.scene.as_slice());
        let seen: Vec<String> = scene
            .iter()
            .take(2)
            .map(|label| label.label.clone())
            .collect();
        if seen.is_empty() {
            format!("{name} has its turn.")
        } else {
            format!("{name} has its turn: a photo with {}.", words(&seen))
        }
    }

    pub(super) fn name(&self, source: usize) -> String {
        self.request
            .sources
            .get(source)
            .and_then(|source| source.path.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    }

    pub(super) fn segment(
        &self,
        take: &Subclip,
        start: Rational,
        end: Rational,
        beat: Option<CutPoint>,
        effects: Vec<Effect>,
        reasons: Vec<Reason>,
    ) -> Segment {
        let source = self.request.sources.get(take.source);
        let picture = source.and_then(|source| source.analysis.picture.as_ref());
        let crop = match (self.shot(take), self.video(take), picture) {
            (Some(shot), Some(video), _) if !take.still => {
                let size = Size::new(video.width, video.height);
                framing::of_shot(shot, size, self.output, start.seconds(), end.seconds())
            }
            (_, _, Some(picture)) => framing::of_photo(picture, self.output),
            _ => vec![[0.0, 0.0, 0.0, 1.0, 1.0]],
        };
        Segment {
            source: source_id(take.source),
            start: rounded(start.seconds()),
            start_exact: start,
            end: rounded(end.seconds()),
            end_exact: end,
            crop,
            look: None,
            look_strength: 1.0,
            effects,
            transition: SegmentTransition::Cut,
            beat: beat.map(|place| BeatMark {
                time: rounded(place.time),
                downbeat: place.downbeat,
            }),
            reasons,
        }
    }
}

pub(super) fn beat_reason(place: &CutPoint) -> Reason {
    if place.downbeat {
        Reason::new(
            "on_downbeat",
            0.3,
            "The cut falls on the first beat of a bar.",
        )
    } else {
        Reason::new("on_beat", 0.2, "The cut falls on a beat.")
    }
}

/// `sharp, steady and with faces`
fn words(all: &[String]) -> String {
    let plain: Vec<String> = all
        .iter()
        .map(|word| match word.as_str() {
            "face" => "with faces".to_owned(),
            "subject" => "with a clear subject".to_owned(),
            "action" => "lively".to_owned(),
            "peak" => "with a peak".to_owned(),
            other => other.replace('_', " "),
        })
        .collect();
    match plain.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => plain.concat(),
    }
}
