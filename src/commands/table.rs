//! Tables that fit the terminal, without lines.

use comfy_table::{ContentArrangement, Table, presets};

/// Columns that a table is fitted to where stdout is no terminal.
const WIDTH_ELSEWHERE: u16 = 120;

/// An empty table with `head`.
pub fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(WIDTH_ELSEWHERE);
    }
    table.set_header(head);
    table
}
