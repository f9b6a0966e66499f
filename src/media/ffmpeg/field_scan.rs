//! Decides whether a film is interlaced: by measurement if enough moves, else by its flags.
//!
//! The scan looks at the start of the film. Films flagged as interlaced are also scanned in two more places, because
//! television mixes both kinds: one interlaced stretch is enough. Unflagged films are scanned in the middle as well if
//! nothing moves at the start.
//!
//! The cost: 7 frames are decoded if something moves at once, and they are used again when the film is read, so nothing
//! is decoded twice; else it is 25 per place. Unflagged films of sizes that no interlaced standard has are not scanned.

use std::ops::RangeInclusive;

use ffmpeg::frame;
use ffmpeg_next as ffmpeg;

use super::decoded_frame::DecodedFrame;
use super::deinterlacer::Fields;
use super::frame_to_rgb::{Converters, RgbFormat};
use super::picture_decoder::PictureDecoder;
use crate::error::Result;
use crate::geometry::Size;
use crate::media::VideoFacts;
use crate::media::color_meaning::FilmColor;
use crate::media::field_order::{FieldOrder, FieldPair, FieldVotes};
use crate::time::Rational;

/// Pairs of frames to compare in one place.
const PAIRS: usize = 24;
/// Interlaced television has at most 1080 lines (coded as 1088) and 30000/1001 frames a second.
const MOST_RATE: i64 = 31;
const FLAGGED_LINES: RangeInclusive<u32> = 32..=1088;
/// Standards of interlaced television have 480 to 608 lines, with some cut off, or 1080. Scaling to other sizes
/// destroys the fields. Pictures of other sizes are scanned only if they are flagged as interlaced: fine patterns in
/// small ones can look like combs.
const UNFLAGGED_LINES: [RangeInclusive<u32>; 2] = [400..=608, 1064..=1088];
/// Frames that are kept to be read once more: as many as settle that a film is progressive.
const KEPT: usize = 8;
/// Shorter films, in seconds, are scanned at the start only.
const SHORT: i64 = 4;

/// How a film is scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) struct FieldFacts {
    pub(super) fields: Fields,
    /// 24 frames a second spread over the fields of 30 (3:2 pulldown).
    pub(super) telecine: bool,
}

/// Findings from one place of the film.
#[derive(Default)]
struct Stretch {
    votes: FieldVotes,
    frames: u32,
    flagged_top: u32,
    flagged_bottom: u32,
}

/// Scans the film. The next frame is the first.
pub(super) fn find_fields(decode: &mut PictureDecoder) -> Result<FieldFacts> {
    let facts = decode.facts().clone();
    let headers = &decode.input().streams()[facts.stream];
    // Which field of a pair is first, the frames say.
    let pairs = headers.codes_fields.then_some(true);
    let container = headers.fields_top_first.or(pairs);
    if !may_be_interlaced(&facts, container) {
        return Ok(FieldFacts {
            fields: Fields::Progressive,
            telecine: false,
        });
    }
    let mut kept = decode.has_room_for(KEPT as u64).then(Vec::new);
    let first = look(decode, &facts, &mut kept);
    let flagged = first.flagged().is_some() || container.is_some();
    let places: &[(i64, i64)] = match first.votes.order() {
        Some(FieldOrder::TopFirst | FieldOrder::BottomFirst) => &[],
        Some(FieldOrder::Progressive) if !flagged => &[],
        _ if flagged => &[(1, 3), (2, 3)],
        None => &[(1, 2)],
        Some(FieldOrder::Progressive) => &[],
    };
    let mut stretches = vec![first];
    let length = facts
        .duration
        .filter(|length| *length >= Rational::whole(SHORT));
    for (above, below) in places {
        let share = Rational::new(*above, *below);
        let Some(time) = length.zip(share).map(|(length, share)| length * share) else {
            break;
        };
        if decode.go_near(facts.start + time) {
            stretches.push(look(decode, &facts, &mut None));
            kept = None;
        }
    }
    match kept {
        Some(frames) => decode.replay(frames),
        None => decode.restart()?,
    }
    Ok(FieldFacts {
        fields: decide(&stretches, container),
        telecine: stretches.iter().any(|stretch| stretch.votes.is_telecine()),
    })
}

fn may_be_interlaced(facts: &VideoFacts, container: Option<bool>) -> bool {
    let animation = matches!(facts.codec.as_str(), "gif" | "apng" | "png" | "webp");
    let lines = facts.coded.height;
    let fits = match container {
        Some(_) => FLAGGED_LINES.contains(&lines),
        None => UNFLAGGED_LINES.iter().any(|range| range.contains(&lines)),
    };
    let slow = facts.frame_rate <= Rational::whole(MOST_RATE) || container.is_some();
    !animation && slow && fits
}

/// Scans the next frames. A decoding error ends the stretch; the real pass will report it. `kept` gets all frames, or
/// becomes `None` if they are too many or not all.
fn look(
    decode: &mut PictureDecoder,
    facts: &VideoFacts,
    kept: &mut Option<Vec<DecodedFrame>>,
) -> Stretch {
    let mut stretch = Stretch::default();
    let mut converters = Converters::default();
    let mut before: Option<Vec<u8>> = None;
    for _ in 0..=PAIRS {
        let Ok(Some(decoded)) = decode.next() else {
            *kept = None;
            break;
        };
        let frame = &decoded.frame;
        stretch.frames += 1;
        if frame.is_interlaced() {
            match frame.is_top_first() {
                true => stretch.flagged_top += 1,
                false => stretch.flagged_bottom += 1,
            }
        }
        let now = luma(&mut converters, frame, facts.coded);
        if let (Some(before), Some(now)) = (&before, &now)
            && let Some(pair) = FieldPair::measure(before, now, facts.coded)
        {
            stretch.votes.add(&pair);
        }
        before = now;
        match kept {
            Some(frames) if frames.len() < KEPT => frames.push(decoded),
            _ => *kept = None,
        }
        if stretch.votes.is_plainly_progressive() {
            break;
        }
    }
    stretch
}

/// The luma of a frame, 8 bits. `None` for frames of another size, which cannot be compared.
fn luma(converters: &mut Converters, frame: &frame::Video, size: Size) -> Option<Vec<u8>> {
    if Size::new(frame.width(), frame.height()) != size {
        return None;
    }
    converters.next_frame();
    converters.convert(frame, FilmColor::FULL_RANGE_BT709, size, RgbFormat::Grey)
}

impl Stretch {
    /// The field order by the flags of its frames, if at least half are flagged as interlaced.
    fn flagged(&self) -> Option<FieldOrder> {
        let flagged = self.flagged_top + self.flagged_bottom;
        (flagged > 0 && flagged * 2 >= self.frames).then_some(
            match self.flagged_top >= self.flagged_bottom {
                true => FieldOrder::TopFirst,
                false => FieldOrder::BottomFirst,
            },
        )
    }
}

fn decide(stretches: &[Stretch], container: Option<bool>) -> Fields {
    let orders: Vec<FieldOrder> = stretches
        .iter()
        .filter_map(|stretch| stretch.votes.order())
        .collect();
    let flagged = stretches.iter().find_map(Stretch::flagged);
    let measured = orders
        .iter()
        .find(|order| **order != FieldOrder::Progressive);
    match (measured, flagged, container) {
        (Some(measured), Some(flagged), _) if *measured == flagged => Fields::AsFlagged,
        (Some(measured), ..) => Fields::Interlaced {
            top_first: *measured == FieldOrder::TopFirst,
        },
        (None, ..) if !orders.is_empty() => Fields::Progressive,
        (None, Some(_), _) => Fields::AsFlagged,
        (None, None, Some(top_first)) => Fields::Interlaced { top_first },
        (None, None, None) => Fields::Progressive,
    }
}
