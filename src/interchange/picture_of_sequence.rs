//! The pictures of a timeline as segments of a plan.

use crate::edit::{Fit, Segment, SourceKind, exact_speed};
use crate::effects::{SegmentTransition, TimedTransition, TransitionEffect};
use crate::interchange::flatten::Piece;
use crate::interchange::loss::{LossBook, LostPart};
use crate::interchange::plan_making::{FoundMedium, Making, is_same};
use crate::time::{Rational, rounded};

/// Speeds that a plan can carry.
const SPEED: (f64, f64) = (0.25, 4.0);
/// Relative difference of speeds that nobody sees: plans write four decimals.
const SAME_SPEED: f64 = 0.001;

/// Where a piece lies, in frames.
struct FramePlace {
    /// How many it has.
    frames: i64,
    /// The frame of the film that it begins with.
    film: i64,
}

impl Making<'_> {
    /// Fills in the pictures and the length of the film.
    pub fn add_pictures(&mut self, pieces: &[Piece<'_>], losses: &mut LossBook) {
        let rate = self.output.frame_rate;
        let frame = rate.inverse().unwrap_or(Rational::ONE);
        // Frames of the timeline up to which it is shown, and of the film so far.
        let (mut shown, mut length) = (0_i64, 0_i64);
        for piece in pieces {
            let place = format!("{} at {:.2} s", piece.clip.name, piece.at.seconds());
            let Some(file) = self.file(piece) else {
                let instead = "what follows moves up";
                losses.note(LostPart::Clip, "clip without a file", place, instead);
                continue;
            };
            if file.kind == SourceKind::Audio {
                let instead = "what follows moves up";
                losses.note(LostPart::Clip, "sound among pictures", place, instead);
                continue;
            }
            let first = (piece.at * rate).round().max(shown);
            let end = (piece.end * rate).round();
            if end <= first {
                let instead = "what is there before goes on";
                losses.note(LostPart::Clip, "clip of less than a frame", place, instead);
                continue;
            }
            if first > shown {
                let gap = Rational::whole(first - shown) * frame;
                let place = format!("{:.2} s", (Rational::whole(shown) * frame).seconds());
                let what = format!("gap of {:.2} s", gap.seconds());
                losses.note(LostPart::Gap, what, place.as_str(), "what follows moves up");
                let before = self.moves.last().map_or(Rational::ZERO, |(_, by)| *by);
                self.moves
                    .push((Rational::whole(first) * frame, before + gap));
            }
            let follows = first == shown;
            let at = FramePlace {
                frames: end - first,
                film: length,
            };
            let segment = self.segment(piece, file, &at, losses);
            self.picture.push(segment);
            let origin = self.known(piece, file).and(piece.clip.segment);
            self.origins.push(origin);
            if !follows && let Some(segment) = self.picture.last_mut() {
                segment.transition = SegmentTransition::Cut;
            }
            shown = end;
            length += end - first;
        }
        self.output.duration_exact = Rational::whole(length) * frame;
        self.output.duration = rounded(self.output.duration_exact.seconds());
    }

    /// The segment of a piece.
    fn segment(
        &mut self,
        piece: &Piece<'_>,
        file: &FoundMedium,
        at: &FramePlace,
        losses: &mut LossBook,
    ) -> Segment {
        let place = &format!("{} at {:.2} s", piece.clip.name, piece.at.seconds());
        let frame = self.output.frame_rate.inverse().unwrap_or(Rational::ONE);
        let known = self.known(piece, file);
        let speed = speed(piece.clip.speed, place, losses);
        let start = known
            .map(|(_, segment)| segment.start_exact)
            .filter(|start| is_same(*start, piece.start))
            .unwrap_or(piece.start)
            .max(Rational::ZERO);
        let end = start + Rational::whole(at.frames) * frame * exact_speed(speed);
        let transition = self.transition(piece, place, losses);
        let crop = known.map(|(_, segment)| segment.crop.clone());
        let film_time = Rational::whole(at.film) * frame;
        let effects = known.map_or_else(Vec::new, |(_, segment)| {
            let effects = segment.effects.iter();
            let (fit, unfit): (Vec<_>, Vec<_>) = effects.cloned().partition(|effect| {
                effect.parameters().all(|(parameter, value)| {
                    let (least, most) = parameter.limits(start.seconds(), end.seconds());
                    (least..=most).contains(&value)
                })
            });
            for effect in unfit {
                let what = format!("effect {}", effect.facts().kind);
                losses.note(LostPart::Effect, what, place, "its moment was cut off");
            }
            fit
        });
        let kept = known.map(|(_, segment)| segment.clone());
        if kept
            .as_ref()
            .is_some_and(|kept| kept.second_source.is_some())
        {
            let instead = "one picture: a second source is not found again";
            losses.note(LostPart::Other, "split screen", place, instead);
        }
        let beat = known
            .filter(|(planned, _)| *planned == film_time)
            .and_then(|(_, segment)| segment.beat.clone());
        Segment {
            source: self.source_id(file),
            start: rounded(start.seconds()),
            start_exact: start,
            end: rounded(end.seconds()),
            end_exact: end,
            crop: crop.unwrap_or_else(|| self.middle_crop(file, start)),
            fit: kept.as_ref().map_or(Fit::Crop, |kept| kept.fit),
            second_crop: kept
                .as_ref()
                .filter(|kept| kept.second_source.is_none())
                .map_or_else(Vec::new, |kept| kept.second_crop.clone()),
            second_source: None,
            speed,
            look: kept.as_ref().and_then(|kept| kept.look.clone()),
            look_strength: kept.as_ref().map_or(1.0, |kept| kept.look_strength),
            effects,
            transition,
            beat,
            locked: kept.as_ref().is_some_and(|kept| kept.locked),
            reasons: kept.map_or_else(Vec::new, |kept| kept.reasons),
            carried: piece.clip.carried.clone(),
        }
    }

    /// The segment that a piece was in the plan that the timeline was made from, if it still shows the same file, and
    /// its second in that film.
    fn known(&self, piece: &Piece<'_>, file: &FoundMedium) -> Option<(Rational, &Segment)> {
        let plan = self.sequence.plan.as_ref()?;
        let number = piece.clip.segment?;
        let segment = plan.picture.get(number)?;
        let source = plan.sources.iter().find(|each| each.id == segment.source)?;
        if !source.blake3.eq_ignore_ascii_case(&file.blake3) {
            return None;
        }
        let before = plan.picture.iter().take(number);
        let at = before.fold(Rational::ZERO, |sum, segment| sum + segment.length());
        Some((at, segment))
    }

    /// The largest middle part of the picture in the shape of the film.
    fn middle_crop(&self, file: &FoundMedium, start: Rational) -> Vec<[f64; 5]> {
        let film = f64::from(self.output.width) / f64::from(self.output.height);
        let shape = file.facts.size.map_or(film, |size| {
            f64::from(size.width) / f64::from(size.height.max(1))
        });
        let (width, height) = ((film / shape).min(1.0), (shape / film).min(1.0));
        let (x, y) = ((1.0 - width) / 2.0, (1.0 - height) / 2.0);
        vec![[start.seconds(), x, y, width, height].map(rounded)]
    }

    fn transition(
        &self,
        piece: &Piece<'_>,
        place: &str,
        losses: &mut LossBook,
    ) -> SegmentTransition {
        let Some((name, seconds)) = piece.transition else {
            return SegmentTransition::Cut;
        };
        let rate = self.output.frame_rate;
        let frames = (seconds * rate).round();
        if frames < 2 {
            let what = format!("transition {name}");
            losses.note(LostPart::Transition, what, place, "a cut");
            return SegmentTransition::Cut;
        }
        let known = serde_json::from_value::<TransitionEffect>(name.into()).ok();
        if known.is_none() {
            let what = format!("transition {name}");
            losses.note(LostPart::Transition, what, place, "a dissolve");
        }
        let exact = Rational::whole(frames) * rate.inverse().unwrap_or(Rational::ONE);
        SegmentTransition::Timed(TimedTransition {
            kind: known.unwrap_or(TransitionEffect::Dissolve),
            duration: rounded(exact.seconds()),
            duration_exact: exact,
        })
    }
}

/// A speed that a plan can carry.
fn speed(speed: Rational, place: &str, losses: &mut LossBook) -> f64 {
    let asked = speed.seconds();
    let (slowest, fastest) = SPEED;
    let kept = rounded(asked.abs().clamp(slowest, fastest));
    if (kept - asked).abs() > asked.abs() * SAME_SPEED {
        let what = match asked {
            0.0 => "freeze frame (speed 0)".into(),
            below if below < 0.0 => format!("reverse speed {asked}"),
            _ => format!("speed {asked}"),
        };
        losses.note(LostPart::Speed, what, place, format!("speed {kept}"));
    }
    kept
}
