//! Stacks several looks into one.

use crate::looks::look::Look;
use crate::looks::steps::{LookStep, StepStage};

impl Look {
    /// `looks` in sequence as a single look, named `A+B`: the color steps of the first, of the second …, then the
    /// textures in their order. A look removes steps of the kinds that it replaces from those before it. A texture (or
    /// `even`) that several looks have is taken where it is strongest, because each runs only once.
    ///
    /// The safe range of strength is what all of them allow. No looks give [`Look::none`], a single one gives itself.
    pub fn stacked(looks: &[Self]) -> Self {
        let Some((first, rest)) = looks.split_first() else {
            return Self::none();
        };
        if rest.is_empty() {
            return first.clone();
        }
        let joined = |part: fn(&Self) -> &str, between: &str| {
            let parts: Vec<&str> = looks
                .iter()
                .map(part)
                .filter(|text| !text.is_empty())
                .collect();
            parts.join(between)
        };
        let united = |part: fn(&Self) -> &[String]| {
            let mut words: Vec<String> = vec![];
            for word in looks.iter().flat_map(part) {
                if !words.contains(word) {
                    words.push(word.clone());
                }
            }
            words
        };
        let most = looks.iter().map(|look| look.strength.1).fold(2.0, f64::min);
        let least = looks.iter().map(|look| look.strength.0).fold(0.0, f64::max);
        Self {
            id: joined(|look| &look.id, "+"),
            summary: joined(|look| &look.summary, " "),
            family: first.family.clone(),
            tags: united(|look| &look.tags),
            mood: united(|look| &look.mood),
            suits: joined(|look| &look.suits, " "),
            avoid: joined(|look| &look.avoid, " "),
            strength: (least.min(most), most),
            replace: vec![],
            steps: stacked_steps(looks),
        }
    }
}

fn stacked_steps(looks: &[Look]) -> Vec<LookStep> {
    let mut color = vec![];
    let mut single: Vec<&LookStep> = vec![];
    let amount = |step: &LookStep| step.step().amount().abs();
    for step in appended(looks) {
        if step.stage() == StepStage::Color {
            color.push(step.clone());
            continue;
        }
        match single.iter_mut().find(|kept| kept.kind() == step.kind()) {
            Some(kept) if amount(step) > amount(kept) => *kept = step,
            Some(_) => {}
            None => single.push(step),
        }
    }
    single.sort_by_key(|step| step.order());
    let (measured, textures): (Vec<LookStep>, Vec<LookStep>) = single
        .into_iter()
        .cloned()
        .partition(|step| step.stage() == StepStage::Measured);
    [measured, color, textures].concat()
}

/// The steps of all looks, without those that a later look replaces.
fn appended(looks: &[Look]) -> impl Iterator<Item = &LookStep> {
    looks.iter().enumerate().flat_map(|(number, look)| {
        let later = looks.get(number + 1..).unwrap_or_default();
        let replaced = move |step: &LookStep| {
            let mut kinds = later.iter().flat_map(|look| &look.replace);
            kinds.any(|kind| kind == step.kind())
        };
        look.steps.iter().filter(move |step| !replaced(step))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::looks::LookLibrary;

    #[test]
    fn every_pair_of_looks_is_a_valid_look_with_the_colors_of_both() {
        let library = LookLibrary::open(None).unwrap();
        for first in library.looks() {
            for second in library.looks() {
                let both = Look::stacked(&[first.clone(), second.clone()]);
                both.check().unwrap();
                let colors = |look: &Look| {
                    let steps = look.steps.iter();
                    steps
                        .filter(|step| step.stage() == StepStage::Color)
                        .count()
                };
                assert_eq!(colors(&both), colors(first) + colors(second));
                assert!(both.strength.0 <= both.strength.1);
            }
        }
    }

    #[test]
    fn the_stronger_texture_stays_and_names_are_joined() {
        let read = |id: &str, grain: u32| {
            let text = format!(
                "schema = \"tastemaker.look/1\"\nsummary = \"x\"\nfamily = \"film\"\n\
                 [[step]]\nkind = \"fade\"\namount = 5\n[[step]]\nkind = \"grain\"\namount = {grain}\n"
            );
            Look::parse(id, "x.toml".as_ref(), &text).unwrap()
        };
        let both = Look::stacked(&[read("a", 10), read("b", 40)]);
        assert_eq!(both.id, "a+b");
        assert_eq!(both.steps.len(), 3);
        assert!(matches!(&both.steps[2], LookStep::Grain(grain) if grain.amount == 40.0));
        assert_eq!(Look::stacked(&[]), Look::none());
    }

    #[test]
    fn a_look_replaces_the_kinds_it_names_and_appends_the_rest() {
        let read = |id: &str, text: &str| {
            let head = "schema = \"tastemaker.look/1\"\nsummary = \"x\"\nfamily = \"film\"\n";
            Look::parse(id, "x.toml".as_ref(), &format!("{head}{text}")).unwrap()
        };
        let fade = |amount: u32| format!("[[step]]\nkind = \"fade\"\namount = {amount}\n");
        let grain = "[[step]]\nkind = \"grain\"\namount = 40\n";
        let first = read("a", &[fade(30), grain.to_owned()].concat());
        let second = read(
            "b",
            &format!("replace = [\"fade\", \"grain\"]\n{}", fade(5)),
        );
        assert_eq!(
            Look::parse("b", "x.toml".as_ref(), &second.to_toml().unwrap()).unwrap(),
            second
        );
        let both = Look::stacked(&[first.clone(), second.clone()]);
        assert_eq!(both.steps, second.steps);
        // Only steps before are replaced.
        let other = Look::stacked(&[second, first.clone()]);
        assert_eq!(other.steps.len(), 1 + first.steps.len());
    }
}
