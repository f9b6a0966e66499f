//! The tables of steps in `docs/looks.md`, made from the steps' [`StepInfo`].

use crate::looks::steps::{ALL, StepInfo, StepStage};

/// The Markdown rows of all steps' parameters: of the steps before textures, and of textures.
pub fn step_parameters() -> [String; 2] {
    let row = |info: &&StepInfo| {
        let parameters = (info.parameters)();
        let between = if info.summary.is_empty() { "" } else { ". " };
        format!(
            "| `{}` | {parameters}{between}{} |\n",
            info.kind, info.summary
        )
    };
    let texture = |info: &&&StepInfo| info.stage == StepStage::Texture;
    [
        ALL.iter().filter(|info| !texture(info)).map(row).collect(),
        ALL.iter().filter(texture).map(row).collect(),
    ]
}

/// The Markdown rows of all steps' formulas.
pub fn step_formulas() -> String {
    ALL.iter()
        .map(|info| format!("| `{}` | {} | {} |\n", info.kind, info.formula, info.source))
        .collect()
}
