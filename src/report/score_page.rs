//! The page that shows how well choices are foretold: for each kind its course over the choices and its share on held-out
//! ones, beside what is foretold without taste.

use std::fmt::Write as _;

use crate::profile::{LearningCurve, Portrait};
use crate::report::drawing::{DRAWING_STYLE, EDGE, SIDE, close_drawing, line, open_drawing, place};
use crate::report::html::{PAGE_STYLE, escaped, open_page};
use crate::report::portrait_page::portrait_drawings;

/// Units of a drawing between two bars.
const GAP: f64 = 3.0;

/// A kind of choice, and how well it is foretold.
pub struct ForetoldKind<'a> {
    /// Its name.
    pub name: &'a str,
    /// Choices of it.
    pub choices: usize,
    /// What counts as foretold, such as "stood first".
    pub what: &'a str,
    /// Its course; empty where there is nothing to foretell.
    pub curve: &'a LearningCurve,
    /// Share (0..1) that is foretold, with what was learned and without.
    pub shares: [f64; 2],
    /// Where their difference lies, with 95 %.
    pub interval: [f64; 2],
    /// Whether that is better than without taste, beyond chance.
    pub is_better: bool,
}

/// One HTML document. `facts` are sentences under its heading; `portrait` is what else is known of a creator.
pub fn score_page(
    title: &str,
    kinds: &[ForetoldKind<'_>],
    facts: &[String],
    portrait: Option<&Portrait>,
) -> String {
    let style = format!("{PAGE_STYLE}{DRAWING_STYLE}");
    let mut page = open_page(title, title, &style);
    for fact in facts {
        let _ = write!(page, "<p>{}</p>", escaped(fact));
    }
    page.push_str(
        "<p>Each choice is foretold by what was learned from those before it. The solid line is the profile, the dashed one \
         what is foretold without it; both are means over neighboring choices.</p><div class=drawings>",
    );
    let told: Vec<&ForetoldKind<'_>> = kinds
        .iter()
        .filter(|kind| !kind.curve.smoothed().is_empty())
        .collect();
    if !told.is_empty() {
        shares(&mut page, &told);
    }
    told.iter().for_each(|kind| course(&mut page, kind));
    page.push_str("</div>");
    if let Some(portrait) = portrait.filter(|portrait| portrait.can_be_drawn()) {
        page.push_str("<h2>What is known</h2>");
        portrait_drawings(&mut page, portrait);
    }
    page.push_str("</body></html>\n");
    page
}

/// Each kind as two bars: foretold with what was learned, and without; a line where the difference lies.
fn shares(page: &mut String, kinds: &[&ForetoldKind<'_>]) {
    open_drawing(page, "share that is foretold, 0 to 100 %", "all choices");
    let height = SIDE / kinds.len() as f64;
    let bar = ((height - 14.0 - 2.0 * GAP) / 2.0).clamp(2.0, 16.0);
    for (number, kind) in kinds.iter().enumerate() {
        let top = EDGE + height * number as f64 + 12.0;
        let [learned, prior] = kind.shares;
        let _ = write!(
            page,
            "<text x={:.1} y={top:.1}>{}</text>",
            EDGE + 4.0,
            escaped(kind.name)
        );
        let rows = [("bar", learned), ("beside", prior)];
        for (row, (class, share)) in rows.into_iter().enumerate() {
            let y = top + GAP + (bar + 1.0) * row as f64;
            let _ = write!(
                page,
                "<rect class={class} x={EDGE} y={y:.1} width={:.1} height={bar:.1} />",
                SIDE * share.clamp(0.0, 1.0)
            );
        }
        let [low, high] = kind
            .interval
            .map(|difference| place(prior + difference, 0.0).0);
        let middle = top + GAP + bar / 2.0;
        let _ = write!(
            page,
            "<path class=ink stroke-width=1.5 d=\"M{low:.1} {middle:.1}L{high:.1} {middle:.1}\" />"
        );
    }
    let caption = "With the profile (colored) and without. The line is where it lies with 95 %, measured from the share without.";
    close_drawing(page, caption);
}

/// The learning curve of a kind.
fn course(page: &mut String, kind: &ForetoldKind<'_>) {
    let points = kind.curve.smoothed();
    let across = format!("choices, 1 to {}", kind.choices);
    open_drawing(page, &across, "share foretold, 0 to 100 %");
    let all = kind.choices.max(1) as f64;
    line(
        page,
        "dashed",
        points
            .iter()
            .map(|point| (point.choices / all, point.prior)),
    );
    line(
        page,
        "learned",
        points
            .iter()
            .map(|point| (point.choices / all, point.learned)),
    );
    let verdict = match kind.is_better {
        true => "better than the prior",
        false => "not better than the prior",
    };
    close_drawing(
        page,
        &format!(
            "{}: {} in {:.0} % (prior {:.0} %), {verdict}",
            kind.name,
            kind.what,
            100.0 * kind.shares[0],
            100.0 * kind.shares[1]
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_write_into_the_page_and_a_kind_without_choices_has_no_curve() {
        let empty = LearningCurve::default();
        let kind = ForetoldKind {
            name: "<script>",
            choices: 0,
            what: "stood first",
            curve: &empty,
            shares: [0.0; 2],
            interval: [0.0; 2],
            is_better: false,
        };
        let page = score_page("<b>me", &[kind], &["a & b".into()], None);
        assert!(!page.contains("<script>") && !page.contains("<b>me"));
        assert!(page.contains("a &amp; b") && !page.contains("<svg"));
    }
}
