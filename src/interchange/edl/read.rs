//! Reads an edit decision list.

use std::collections::BTreeMap;

use crate::geometry::Size;
use crate::interchange::edl::event::{Event, Fields, events};
use crate::interchange::edl::notes;
use crate::interchange::fraction::in_range;
use crate::interchange::loss::{LossBook, LostPart};
use crate::interchange::sequence::{
    Sequence, SequenceClip, SequenceItem, SequenceMarker, SequenceTrack, SequenceTransition,
    TrackContent,
};
use crate::interchange::timecode::Counting;
use crate::time::Rational;

/// Rates that are tried, the most usual for lists first.
const RATES: [i64; 5] = [24, 25, 30, 50, 60];
/// Decimals of a speed that is finer than what lengths in frames say.
const FINE_DECIMALS: usize = 3;
/// Reels that stand for no file.
const NO_FILE: [&str; 3] = ["BL", "BLACK", "BARS"];

/// The frame rate of a list and how its frames are counted.
#[derive(Clone, Copy)]
struct Clock {
    rate: Rational,
    counting: Counting,
}

/// Reads a list at the rate that it names, or else the first at which it is right.
pub(in crate::interchange) fn read(text: &str, losses: &mut LossBook) -> Result<Sequence, String> {
    let (title, events) = events(text)?;
    let comments = || events.iter().flat_map(|event| &event.comments);
    let noted = comments().find_map(|comment| notes::value(comment, notes::FRAME_RATE));
    let rate = noted.and_then(|note| note.split_whitespace().next()?.parse::<Rational>().ok());
    let size = noted.and_then(|note| size(note.split_once(notes::SIZE)?.1));
    let drops = events
        .iter()
        .any(|event| event.line.record_in.contains(';'));
    let clocks: Vec<Clock> = match rate.filter(|rate| (1.0..=1000.0).contains(&rate.seconds())) {
        Some(rate) => vec![Clock {
            rate,
            counting: Counting::of_rate(rate),
        }],
        None if drops => vec![Clock {
            rate: Rational::new(30000, 1001).unwrap_or(Rational::ONE),
            counting: Counting {
                frames: 30,
                drop: true,
            },
        }],
        None => RATES.map(Rational::whole).map(plain).into(),
    };
    let mut first_problem = None;
    for clock in clocks {
        let mut found = LossBook::default();
        match at_rate(&events, clock, &mut found) {
            Ok(mut sequence) => {
                sequence.name = title;
                sequence.size = size;
                losses.append(found);
                return Ok(sequence);
            }
            Err(problem) => first_problem = first_problem.or(Some(problem)),
        }
    }
    Err(first_problem.unwrap_or_else(|| "it fits no frame rate".into()))
}

fn plain(rate: Rational) -> Clock {
    Clock {
        rate,
        counting: Counting::of_rate(rate),
    }
}

fn size(text: &str) -> Option<Size> {
    let (width, height) = text.trim().split_once('x')?;
    Some(Size::new(width.parse().ok()?, height.parse().ok()?))
}

fn at_rate(events: &[Event<'_>], clock: Clock, losses: &mut LossBook) -> Result<Sequence, String> {
    let mut sequence = Sequence {
        frame_rate: Some(clock.rate),
        ..Sequence::default()
    };
    let mut tracks: BTreeMap<String, (SequenceTrack, i64)> = BTreeMap::new();
    for event in events {
        let wrong = |what: String| format!("event {}: {what}", event.line.number);
        let times = times(&event.line, clock).map_err(wrong)?;
        let clip = clip(event, &times, clock, &mut sequence).map_err(wrong)?;
        note_others(event, losses);
        for name in channels(event.line.channel) {
            let content = if name.starts_with('A') {
                TrackContent::Sound
            } else {
                TrackContent::Picture
            };
            let (track, end) = tracks
                .entry(name.to_owned())
                .or_insert_with(|| (SequenceTrack::new(content), times.record.0));
            if times.record.0 < *end {
                return Err(wrong("begins before the one above it ends".into()));
            }
            let seconds = |frames| clock.seconds(frames);
            if times.record.0 > *end {
                let gap = seconds(times.record.0 - *end);
                track.items.push(SequenceItem::Gap(gap.map_err(wrong)?));
            }
            if event.is_transition {
                if track.items.is_empty() {
                    return Err(wrong("a transition from nothing".into()));
                }
                let transition = transition(&event.line, clock).map_err(wrong)?;
                track.items.push(SequenceItem::Transition(transition));
            }
            track.items.push(SequenceItem::Clip(Box::new(clip.clone())));
            *end = times.record.1;
        }
    }
    // Pictures first, then sounds, each in the order of their names.
    let (pictures, sounds): (Vec<_>, Vec<_>) = tracks
        .into_values()
        .map(|(track, _)| track)
        .partition(|track| track.content == TrackContent::Picture);
    sequence.tracks = pictures.into_iter().chain(sounds).collect();
    Ok(sequence)
}

/// The tracks that a channel stands for.
fn channels(channel: &str) -> Vec<&str> {
    match channel {
        "A" => vec!["A1"],
        "AA" => vec!["A1", "A2"],
        "B" => vec!["V", "A1"],
        "A2/V" => vec!["V", "A2"],
        "AA/V" => vec!["V", "A1", "A2"],
        other => vec![other],
    }
}

/// The frames of an event's line.
struct Times {
    source: (i64, i64),
    record: (i64, i64),
}

fn times(line: &Fields<'_>, clock: Clock) -> Result<Times, String> {
    let frame = |text: &str| {
        let frame = clock.counting.frame(text);
        frame.ok_or_else(|| format!("{text:?} is no timecode at {} frames a second", clock.rate))
    };
    let times = Times {
        source: (frame(line.source_in)?, frame(line.source_out)?),
        record: (frame(line.record_in)?, frame(line.record_out)?),
    };
    if times.source.1 < times.source.0 || times.record.1 < times.record.0 {
        return Err("ends before it begins".into());
    }
    Ok(times)
}

impl Clock {
    fn seconds(self, frames: i64) -> Result<Rational, String> {
        let frame = self.rate.inverse().unwrap_or(Rational::ONE);
        in_range(Rational::whole(frames) * frame).ok_or_else(|| "a time out of range".into())
    }
}

fn clip(
    event: &Event<'_>,
    times: &Times,
    clock: Clock,
    sequence: &mut Sequence,
) -> Result<SequenceClip, String> {
    let found = |key: &str| {
        let mut comments = event.comments.iter();
        comments.find_map(|comment| notes::loose_value(comment, key))
    };
    let (source, record) = (
        times.source.1 - times.source.0,
        times.record.1 - times.record.0,
    );
    let is_frozen = found("FREEZE FRAME").is_some();
    let motion = found("M2");
    let speed = match (source == record, is_frozen, motion) {
        (true, _, _) => Rational::ONE,
        (false, true, _) => Rational::ZERO,
        (false, false, Some(motion)) => speed(motion, (source, record), clock)?,
        (false, false, None) => {
            return Err(format!(
                "{source} frames of source for {record} of the film"
            ));
        }
    };
    let file = notes_value(event, notes::SOURCE_FILE).or_else(|| found("FROM FILE"));
    let name = if event.is_transition {
        found("TO CLIP NAME")
    } else {
        found("FROM CLIP NAME")
    };
    let name = name
        .or_else(|| found("FROM CLIP NAME"))
        .unwrap_or(event.line.reel);
    let is_file = !NO_FILE.contains(&event.line.reel);
    let medium = is_file.then(|| sequence.medium(file.unwrap_or(name), file.map_or(name, |_| "")));
    let start = clock.seconds(times.source.0)?;
    let exact = notes_value(event, notes::SOURCE_IN).and_then(|note| note.parse().ok());
    let frame = clock.seconds(1)?;
    let is_near = |exact: &Rational| (*exact - start).seconds().abs() <= frame.seconds();
    Ok(SequenceClip {
        name: name.into(),
        medium,
        start: exact.filter(is_near).unwrap_or(start),
        duration: clock.seconds(record)?,
        speed,
        enabled: true,
        with_sound: false,
        segment: None,
        markers: markers(event, times, clock),
        carried: None,
    })
}

fn notes_value<'a>(event: &Event<'a>, key: &str) -> Option<&'a str> {
    let mut comments = event.comments.iter();
    comments.find_map(|comment| notes::value(comment, key))
}

/// The speed of `M2   REEL   047.6   01:00:06:00`: frames of the source a second. The lengths are finer, where they say
/// the same.
fn speed(motion: &str, lengths: (i64, i64), clock: Clock) -> Result<Rational, String> {
    let words: Vec<&str> = motion.split_whitespace().collect();
    let text = words.iter().rev().nth(1).copied().unwrap_or_default();
    let wrong = || format!("{motion:?} says no speed");
    let frames: f64 = text.parse().map_err(|_| wrong())?;
    let said = frames / clock.rate.seconds();
    if !said.is_finite() {
        return Err(wrong());
    }
    // Ours have four decimals, from which every speed of a plan comes out.
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    if decimals >= FINE_DECIMALS {
        return Ok(Rational::nearest(said, 10_000));
    }
    let counted = Rational::new(lengths.0, lengths.1).unwrap_or(Rational::ZERO);
    let frames = lengths.1.max(1) as f64;
    // The source's length is rounded to a frame, the rate to a tenth of one a second.
    if (counted.seconds() - said).abs() <= 1.0 / frames + 0.1 / clock.rate.seconds() {
        return Ok(counted);
    }
    crate::interchange::fraction::fraction(said, 10_000).ok_or_else(wrong)
}

fn transition(line: &Fields<'_>, clock: Clock) -> Result<SequenceTransition, String> {
    let frames = line.frames.unwrap_or_default();
    let frames: i64 = frames
        .parse()
        .map_err(|_| format!("{frames:?} is no number of frames"))?;
    let kind = if line.edit == "D" {
        "dissolve".into()
    } else {
        format!("wipe {}", line.edit)
    };
    Ok(SequenceTransition {
        kind,
        before: Rational::ZERO,
        after: clock.seconds(frames)?,
    })
}

/// `* LOC: 01:00:01:14 RED     TEXT`, at timecodes of the film.
fn markers(event: &Event<'_>, times: &Times, clock: Clock) -> Vec<SequenceMarker> {
    let locators = event.comments.iter();
    let locators = locators.filter_map(|comment| notes::loose_value(comment, "LOC"));
    let markers = locators.filter_map(|locator| {
        let (time, rest) = locator.split_once(char::is_whitespace)?;
        let rest = rest.trim_start();
        let text = rest
            .split_once(char::is_whitespace)
            .map_or("", |(_, text)| text);
        let frame = clock.counting.frame(time)?.checked_sub(times.record.0)?;
        Some(SequenceMarker {
            at: clock.seconds(frame).ok()?,
            kind: None,
            text: text.trim().into(),
        })
    });
    markers.collect()
}

/// Notes color corrections, which plans cannot carry.
fn note_others(event: &Event<'_>, losses: &mut LossBook) {
    for comment in &event.comments {
        if notes::loose_value(comment, "ASC_SOP").is_some() {
            let place = format!("event {}", event.line.number);
            losses.note(LostPart::Look, "color correction (CDL)", place, "no look");
        }
    }
}
