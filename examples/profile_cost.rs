//! What a profile of 10 000 pieces of feedback costs inside the program: reading it, learning it, one more.
//!
//! ```sh
//! cargo run --release --example profile_cost
//! ```
//!
//! Loading is to take less than 50 ms and an update less than 5 ms; it fails where one takes longer. Loading reads and checks
//! the file; an update adds an event to it in memory and to the model. Learning the whole journal anew, which every run of the
//! program does that asks for taste, stands beside them.
//!
//! The events are made up, with eleven features of looks. `scripts/measure-profile-cost` times the whole program.

#![allow(clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tastemaker::choice::Candidate;
use tastemaker::profile::{
    ChoiceContext, ChoiceOffer, OfferedCandidate, Profile, Ranker, Taste, TasteKind, Verdict,
};

/// Pieces of feedback.
const EVENTS: u64 = 10_000;
/// Candidates of a choice.
const OFFERED: u64 = 12;
/// Most milliseconds that loading may take, and an update.
const MOST_LOAD: f64 = 50.0;
const MOST_UPDATE: f64 = 5.0;
/// Turns; the median counts.
const TURNS: usize = 9;
const FEATURES: [&str; 11] = [
    "brightness",
    "contrast",
    "fade",
    "saturation",
    "warmth",
    "tint",
    "grain",
    "bloom",
    "clarity",
    "sharpness",
    "vignette",
];

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut profile = Profile::default();
    for number in 0..EVENTS {
        note(&mut profile, number)?;
    }
    let text = profile.to_json();
    let mut read = Vec::new();
    for _ in 0..TURNS {
        let start = Instant::now();
        profile = Profile::parse(Path::new("profile.json"), &text)?;
        read.push(start.elapsed());
    }
    let (mut added, mut learned) = (Vec::new(), Vec::new());
    for turn in 0..TURNS as u64 {
        let start = Instant::now();
        note(&mut profile, EVENTS + turn)?;
        added.push(start.elapsed());
        let start = Instant::now();
        std::hint::black_box(Taste::learn(&profile));
        learned.push(start.elapsed());
    }
    let mut ranker = Ranker::new();
    let mut updates = Vec::new();
    for number in 0..EVENTS {
        let offer = offer(number);
        let start = Instant::now();
        ranker.learn(&offer, (number % OFFERED) as usize);
        updates.push(start.elapsed());
    }
    let slowest = updates.iter().max().map_or(0.0, Duration::as_secs_f64) * 1e3;
    let (load, added, learned) = (median(read), median(added), median(learned));
    let update = added + median(updates);
    println!(
        "load {EVENTS} events ({} KiB read and checked)\t{load:8.2} ms (at most {MOST_LOAD} ms)",
        text.len() >> 10
    );
    println!("update by one choice of {OFFERED}\t{update:8.2} ms (at most {MOST_UPDATE} ms)");
    println!("  the slowest update of the model\t{slowest:8.2} ms");
    println!("learn all of it anew\t{learned:8.2} ms");
    if load >= MOST_LOAD || update >= MOST_UPDATE {
        return Err("it takes too long".into());
    }
    Ok(())
}

/// A number from -1 to 1 that looks random.
fn number(seed: u64) -> f64 {
    let mixed = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 40) as f64 / f64::from(1 << 23) - 1.0
}

fn features(seed: u64) -> BTreeMap<String, f64> {
    let features = (0..).zip(FEATURES);
    features
        .map(|(place, name)| (format!("does_{name}"), number(seed * 100 + place)))
        .collect()
}

fn note(profile: &mut Profile, at: u64) -> Result<(), Failure> {
    let features = features(at);
    let likes = features
        .get("does_warmth")
        .is_some_and(|warmth| *warmth > 0.0);
    let look = Candidate {
        id: format!("look-{at}"),
        features,
        score: 0.5,
        confidence: 0.5,
        reasons: Vec::new(),
    };
    let verdict = if likes {
        Verdict::Accept
    } else {
        Verdict::Reject
    };
    let time = Timestamp::from_second(i64::try_from(at)? * 600)?;
    profile.note(time, TasteKind::Look, &look, verdict);
    Ok(())
}

fn offer(at: u64) -> ChoiceOffer {
    let candidate = |place: u64| OfferedCandidate {
        id: format!("{at}-{place}"),
        features: features(at * OFFERED + place),
        score: Some(0.5),
    };
    ChoiceOffer {
        kind: "look".into(),
        candidates: (0..OFFERED).map(candidate).collect(),
        chosen: format!("{at}-{}", at % OFFERED),
        context: ChoiceContext::default(),
        at: None,
    }
}

/// In milliseconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times
        .get(times.len() / 2)
        .map_or(0.0, Duration::as_secs_f64)
        * 1e3
}
