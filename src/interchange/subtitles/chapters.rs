//! The chapters of a film as the list that video platforms read in a description: a time and a title on each line.

use crate::edit::{Marker, MarkerKind, Plan};
use crate::error::{Error, Result};
use crate::hint::Hint;

/// The title of what is before the first chapter: lists begin with the first second.
const OPENING: &str = "Start";

/// The list, and the numbers of the markers in it.
///
/// Errors: `Nothing` where the plan marks no chapters.
pub fn chapters(plan: &Plan) -> Result<(String, Vec<usize>)> {
    let mut marked: Vec<(usize, &Marker)> = plan
        .markers
        .iter()
        .enumerate()
        .filter(|(_, marker)| marker.kind == MarkerKind::Chapter)
        .collect();
    marked.sort_by(|(_, a), (_, b)| a.at.total_cmp(&b.at));
    let Some((_, first)) = marked.first() else {
        return Err(Error::Nothing {
            what: "the plan marks no chapters".into(),
            hint: Hint::CorrectPlan,
        });
    };
    let mut text = String::new();
    let long = plan.output.duration >= 3600.0;
    if first.at >= 1.0 {
        text.push_str(&line(0.0, OPENING, long));
    }
    for (number, (_, marker)) in marked.iter().enumerate() {
        let title: Vec<&str> = marker.text.split_whitespace().collect();
        let numbered = format!("Chapter {}", number + 1);
        let title = if title.is_empty() {
            numbered
        } else {
            title.join(" ")
        };
        let at = if marker.at < 1.0 { 0.0 } else { marker.at };
        text.push_str(&line(at, &title, long));
    }
    Ok((text, marked.into_iter().map(|(number, _)| number).collect()))
}

fn line(seconds: f64, title: &str, long: bool) -> String {
    let whole = seconds.max(0.0) as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if long {
        format!("{hours}:{minutes:02}:{seconds:02} {title}\n")
    } else {
        format!("{minutes:02}:{seconds:02} {title}\n")
    }
}
