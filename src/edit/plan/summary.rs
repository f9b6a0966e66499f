//! A plan as a table for the terminal.

use crate::edit::Plan;
use crate::effects::Effect;
use crate::time::Rational;

/// The column headings of sound alone.
const SOUND_HEAD: [&str; 4] = ["time", "source", "in – out", "why"];
/// The column headings.
const HEAD: [&str; 6] = ["time", "source", "in – out", "beat", "effect", "why"];

impl Plan {
    /// A table of the segments for the terminal, one a line; every line ends with a line break.
    pub fn summary(&self) -> String {
        if self.picture.is_empty() {
            return self.sound_summary();
        }
        let mut rows = vec![HEAD.map(String::from)];
        let mut time = Rational::ZERO;
        for segment in &self.picture {
            let shown = segment.shown_sources().map(|id| self.file_name(id));
            let names: Vec<&str> = shown.collect();
            let beat = match &segment.beat {
                Some(beat) if beat.downbeat => "downbeat",
                Some(_) => "beat",
                None => "",
            };
            let mut effects: Vec<String> = segment.effects.iter().map(Effect::words).collect();
            if segment.speed != 1.0 {
                effects.insert(0, format!("speed {}", segment.speed));
            }
            rows.push([
                clock(time.seconds()),
                names.join(" + "),
                format!("{} – {}", clock(segment.start), clock(segment.end)),
                beat.to_owned(),
                effects.join(", "),
                segment
                    .reasons
                    .first()
                    .map(|reason| reason.text.clone())
                    .unwrap_or_default(),
            ]);
            time = time + segment.length();
        }
        let markers: String = self
            .markers
            .iter()
            .map(|marker| format!("{} {}\n", clock(marker.at), marker.words()))
            .collect();
        let output = &self.output;
        format!(
            "{}{markers}{} × {}, {:.2} frames a second, {} ({} segments, style {}, for {})\n",
            table(&rows),
            output.width,
            output.height,
            output.frame_rate.seconds(),
            clock(output.duration),
            self.picture.len(),
            output.style,
            output.platform,
        )
    }
}

impl Plan {
    /// The same for a film without a picture.
    fn sound_summary(&self) -> String {
        let mut rows = vec![SOUND_HEAD.map(String::from)];
        for segment in &self.sound {
            let why = segment.reasons.first();
            rows.push([
                clock(segment.at),
                self.file_name(&segment.source).to_owned(),
                format!("{} – {}", clock(segment.start), clock(segment.end)),
                why.map(|reason| reason.text.clone()).unwrap_or_default(),
            ]);
        }
        format!(
            "{}{} of sound ({} segments, style {}, {} LUFS)\n",
            table(&rows),
            clock(self.output.duration),
            self.sound.len(),
            self.output.style,
            self.output.loudness_lufs,
        )
    }

    /// The name of a source's file, without folders.
    fn file_name<'a>(&'a self, id: &'a str) -> &'a str {
        let source = self.sources.iter().find(|source| source.id == id);
        source.map_or(id, |source| {
            source.path.rsplit(['/', '\\']).next().unwrap_or_default()
        })
    }
}

/// `1:02.35`
pub(in crate::edit) fn clock(seconds: f64) -> String {
    let hundredths = (seconds.max(0.0) * 100.0).round() as u64;
    format!(
        "{}:{:02}.{:02}",
        hundredths / 6000,
        hundredths / 100 % 60,
        hundredths % 100
    )
}

/// Rows with aligned columns, two spaces apart.
fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let mut widths = [0; COLUMNS];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            let pad = width - cell.chars().count();
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', pad + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_clock_times() {
        assert_eq!(clock(62.349), "1:02.35");
        assert_eq!(clock(59.999), "1:00.00");
        assert_eq!(clock(-1.0), "0:00.00");
    }
}
