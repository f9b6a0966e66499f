//! A plan that goes out and comes back is the same, as far as the format carries it.

use std::path::{Path, PathBuf};

use super::plans::{ratio, rich_plan};
use tastemaker::edit::{Plan, Segment};
use tastemaker::interchange::{
    FoundMedium, ImportedPlan, LossBook, LossReport, Medium, MediumFacts, TimelineFormat,
    WriteRequest, differences, plan_of, read_sequence, sequence_of, write_sequence,
};
use tastemaker::media::Limits;

/// The text of `plan` in `format`, and what was lost.
pub fn exported(plan: &Plan, format: TimelineFormat) -> (String, LossReport) {
    let media: Vec<Medium> = plan
        .sources
        .iter()
        .map(|source| Medium::of_source(source, Path::new("/"), &Limits::default()))
        .collect();
    let sequence = sequence_of(plan, "film", media);
    let request = WriteRequest {
        sequence: &sequence,
        plan,
        folder: Path::new("/folder"),
        program: None,
    };
    let mut losses = LossBook::default();
    let text = write_sequence(format, &request, &mut losses).unwrap();
    (text, losses.exported(plan, 0, format.name()))
}

/// The plan of a timeline whose files are the sources of `plan`, found by their names.
pub fn imported(text: &str, file: &str, plan: &Plan) -> (ImportedPlan, LossReport) {
    let mut losses = LossBook::default();
    let (format, sequence) = read_sequence(text, Path::new(file), &mut losses).unwrap();
    let files: Vec<Option<FoundMedium>> = sequence
        .media
        .iter()
        .map(|medium| {
            let source = plan
                .sources
                .iter()
                .find(|source| source.path.ends_with(&medium.name))?;
            let path = PathBuf::from(&source.path);
            let (kind, facts) = MediumFacts::probe(&path, &Limits::default()).unwrap();
            Some(FoundMedium {
                path: source.path.clone(),
                blake3: source.blake3.clone(),
                kind,
                facts,
            })
        })
        .collect();
    let made = plan_of(&sequence, &files, &mut losses).unwrap();
    // What is written is a plan.
    Plan::parse(&made.plan.to_json().unwrap(), Path::new("plan.json")).unwrap();
    let report = losses.imported(Some(&made.plan), format.name());
    (made, report)
}

fn file_of(format: TimelineFormat) -> String {
    let ending = match format {
        TimelineFormat::Xmeml => "xml",
        other => other.name(),
    };
    format!("film.{ending}")
}

const RATES: [(i64, i64); 3] = [(30000, 1001), (25, 1), (24000, 1001)];

#[test]
fn formats_that_carry_the_plan_give_it_back_whole() {
    for format in [TimelineFormat::Otio, TimelineFormat::Fcpxml] {
        for (above, below) in RATES {
            let plan = rich_plan(ratio(above, below));
            let (text, _) = exported(&plan, format);
            let (back, _) = imported(&text, &file_of(format), &plan);
            let whole = Plan::parse(&plan.to_json().unwrap(), Path::new("x")).unwrap();
            let back = Plan::parse(&back.plan.to_json().unwrap(), Path::new("x")).unwrap();
            assert_eq!(back.picture, whole.picture, "{} at {above}", format.name());
            assert_eq!(back.sound, whole.sound);
            assert_eq!(back.markers, whole.markers);
            assert_eq!(back.captions, whole.captions);
            assert_eq!(back.output, whole.output);
            assert_eq!(back.sources.len(), whole.sources.len());
        }
    }
}

#[test]
fn lists_and_xmeml_give_back_every_time_speed_and_transition() {
    for format in [TimelineFormat::Edl, TimelineFormat::Xmeml] {
        for (above, below) in RATES {
            let plan = rich_plan(ratio(above, below));
            let (text, _) = exported(&plan, format);
            let (back, _) = imported(&text, &file_of(format), &plan);
            assert_eq!(back.plan.picture.len(), plan.picture.len());
            for (number, (ours, theirs)) in plan.picture.iter().zip(&back.plan.picture).enumerate()
            {
                let place = format!("{} {number} at {above}:\n{text}", format.name());
                assert_eq!(theirs.start_exact, ours.start_exact, "{place}");
                assert_eq!(theirs.end_exact, ours.end_exact, "{place}");
                assert_eq!(theirs.speed, ours.speed, "{place}");
                let timed = |segment: &Segment| {
                    segment.transition.timed().map(|timed| timed.duration_exact)
                };
                assert_eq!(timed(theirs), timed(ours), "{place}");
            }
            assert_eq!(back.plan.output.frame_rate, plan.output.frame_rate);
            assert_eq!(back.plan.output.width, plan.output.width);
        }
    }
}

#[test]
fn what_a_format_does_not_carry_is_in_the_report() {
    let plan = rich_plan(ratio(25, 1));
    for format in TimelineFormat::ALL {
        let (_, report) = exported(&plan, format);
        let named = |part: &str| report.lost.iter().any(|loss| loss.what.contains(part));
        for (part, held, kept) in [
            ("crop", 1, report.kept.crops),
            ("look", 1, report.kept.looks),
            ("effect", 2, report.kept.effects),
            ("caption", 1, report.kept.captions),
            ("marker", 2, report.kept.markers),
            ("transition", 2, report.kept.transitions),
            ("speed", 2, report.kept.speeds),
        ] {
            let is_told = kept == held || (kept < held && named(part));
            assert!(is_told, "{} keeps {kept} of {held} {part}", format.name());
        }
    }
}

#[test]
fn what_an_editor_changed_is_named() {
    let plan = rich_plan(ratio(25, 1));
    let (text, _) = exported(&plan, TimelineFormat::Otio);
    let mut timeline: serde_json::Value = serde_json::from_str(&text).unwrap();
    let clips = timeline["tracks"]["children"][0]["children"]
        .as_array_mut()
        .unwrap();
    // Cuts alone, so that a clip can go anywhere: 0 trimmed at its end, 3 before 1, 2 removed.
    clips.retain(|item| item["OTIO_SCHEMA"] == "Clip.2");
    clips[0]["source_range"]["duration"]["value"] = 30.0.into();
    let moved = clips.remove(3);
    clips.insert(1, moved);
    clips.remove(3);
    let (back, _) = imported(&timeline.to_string(), "film.otio", &plan);
    assert_eq!(back.origins, [Some(0), Some(3), Some(1), Some(4)]);
    let changes: Vec<(Option<usize>, &str)> = differences(&plan, &back.plan, &back.origins)
        .into_iter()
        .map(|difference| (difference.before, difference.change))
        .collect();
    for change in [
        (Some(0), "trimmed"),
        (Some(3), "moved"),
        (Some(2), "removed"),
        (Some(1), "transition"),
        (Some(4), "transition"),
    ] {
        assert!(changes.contains(&change), "{change:?} of {changes:?}");
    }
    assert_eq!(changes.len(), 5, "{changes:?}");
    assert_eq!(back.plan.picture[0].end_exact, ratio(42, 25));
    // A look stays with its clip.
    assert_eq!(back.plan.picture[0].look.as_deref(), Some("film-warm"));
}

#[test]
fn what_a_plan_has_no_place_for_is_kept_aside_and_written_back() {
    let plan = rich_plan(ratio(25, 1));
    let (text, _) = exported(&plan, TimelineFormat::Otio);
    let mut timeline: serde_json::Value = serde_json::from_str(&text).unwrap();
    timeline["metadata"]["studio"] = serde_json::json!({ "reel": 7 });
    let clip = &mut timeline["tracks"]["children"][0]["children"][0];
    clip["metadata"]["studio"] = serde_json::json!({ "circled": true });
    let blur = serde_json::json!({
        "OTIO_SCHEMA": "Effect.1", "effect_name": "Blur", "metadata": { "amount": 3 },
    });
    clip["effects"].as_array_mut().unwrap().push(blur.clone());
    let (back, report) = imported(&timeline.to_string(), "film.otio", &plan);
    assert!(report.lost.iter().any(|loss| loss.what == "effect Blur"));
    let (again, _) = exported(&back.plan, TimelineFormat::Otio);
    let again: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["metadata"]["studio"]["reel"], 7);
    let clip = &again["tracks"]["children"][0]["children"][0];
    assert_eq!(clip["metadata"]["studio"]["circled"], true);
    assert_eq!(clip["effects"][0], blur);
}
