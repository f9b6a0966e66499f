//! `lut`: a table of another program (`lut/cube.rs` reads the file).

use std::path::{Component, Path};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::looks::check::{ParameterKey, Problem, problem};
use crate::looks::lut::Lut;
use crate::looks::operations::Operations;
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Maps colors through the table of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LutFile {
    /// The name of a `.cube` file in the look's folder; not a path.
    pub file: String,
    /// BLAKE3 of the file in hex; if given, a file with other content is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blake3: Option<String>,
    /// The table, after the file was read.
    #[serde(skip)]
    pub table: Option<Arc<Lut>>,
}


pub(super) const INFO: StepInfo = StepInfo {
    kind: "lut",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || {
        "`file`: the name of a `.cube` file beside the look, no path; `blake3`: its hash, when another file of that \
         name is to be refused"
            .into()
    },
    summary: "",
    formula: "curves are straight lines, cubes tetrahedral between the nodes; outside its domain the edge counts",
    source: "Kasson et al. 1995; Adobe Cube LUT 1.0; Resolve's `LUT_1D_INPUT_RANGE`, `LUT_3D_INPUT_RANGE`",
};

impl Step for LutFile {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        if !is_plain_name(&self.file) {
            return Err(problem(
                vec![ParameterKey::Name("file")],
                "file must be the name of a .cube file beside the look, without a folder",
            ));
        }
        let is_hash = |hash: &String| {
            hash.len() == 64 && hash.chars().all(|digit| digit.is_ascii_hexdigit())
        };
        if !self.blake3.as_ref().is_none_or(is_hash) {
            return Err(problem(
                vec![ParameterKey::Name("blake3")],
                "blake3 must have 64 hexadecimal digits",
            ));
        }
        Ok(())
    }

    fn color(&self, operations: &mut Operations) {
        if let Some(table) = self.table.clone() {
            operations.colors(move |color| {
                table.evaluate(color).map(|value| value.clamp(0.0, 1.0))
            });
        }
    }
}

/// Whether a name is allowed: a file beside the look, without a path out of its folder.
fn is_plain_name(name: &str) -> bool {
    let path = Path::new(name);
    let mut parts = path.components();
    matches!(parts.next(), Some(Component::Normal(_)))
        && parts.next().is_none()
        && !name.contains(['/', '\\', ':'])
}
