//! A piece of evidence of a profile, as a row of a table.

use crate::profile::{ChoiceThing, Evidence, EvidenceChoice, EvidenceSource};

/// The columns of [`evidence_row`].
pub const EVIDENCE_COLUMNS: [&str; 4] = ["id", "when", "from", "what"];

/// Id, time, source, and what it says.
pub fn evidence_row(evidence: &Evidence) -> [String; 4] {
    let source = match evidence.source {
        EvidenceSource::Feedback => "feedback",
        EvidenceSource::Post => "post",
    };
    let mut what: Vec<String> = evidence.choices.iter().map(words).collect();
    if evidence.colors.is_some() {
        what.push("64 mean colors before and after".to_owned());
    }
    if evidence.grade.is_some() {
        what.push("palette and tones".to_owned());
    }
    if let Some(shots) = &evidence.shots {
        what.push(format!("how long its {} shots are", shots.shots()));
    }
    if let Some(weight) = evidence.weight {
        what.push(format!("counts {weight} times"));
    }
    [
        evidence.id.clone(),
        evidence.at.map(|at| at.to_string()).unwrap_or_default(),
        source.to_owned(),
        what.join("; "),
    ]
}

fn words(choice: &EvidenceChoice) -> String {
    let name = |thing: &ChoiceThing| match &thing.choice {
        Some(name) => name.clone(),
        None if thing.features.len() == 1 => "1 number".to_owned(),
        None => format!("{} numbers", thing.features.len()),
    };
    let taken = choice
        .taken
        .iter()
        .map(|thing| format!("took {}", name(thing)));
    let passed = choice
        .passed
        .iter()
        .map(|thing| format!("passed over {}", name(thing)));
    let parts: Vec<String> = taken.chain(passed).collect();
    format!("{}: {}", choice.kind.name(), parts.join(", "))
}
