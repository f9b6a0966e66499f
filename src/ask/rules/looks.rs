//! Light and color that are asked for without the name of a look.

use crate::ask::request::AskedVerb;
use crate::ask::rule::RequestRule;

/// Share of a look for "a subtle look", and for "a strong" one.
const SUBTLE: f64 = 0.5;
const STRONG: f64 = 1.4;

macro_rules! look {
    ($id:literal, $means:literal, $($pattern:literal),+) => {
        RequestRule {
            patterns: &[$($pattern),+],
            apply: |request, _, context| {
                // Of a plan, "warmer" changes the look that it has.
                if request.look.is_some() || (context.plan().is_some() && $id == "golden-hour") {
                    return None;
                }
                request.look = Some($id.into());
                Some($means.into())
            },
        }
    };
}

pub const RULES: &[RequestRule] = &[
    RequestRule {
        patterns: &[
            "{no} filter|filters|look|looks|grading|grade|color|colour|presets|preset grading|grade|correction|\
             changes|filter?",
            "leave|keep the? colors|colours|color|colour alone|untouched|natural|as? they|it? are|is|were?",
            "natural|original|true|real colors|colours",
            "{no} touch|change|grade the? colors|colours|color|colour|it",
            "ungraded|unfiltered",
        ],
        apply: |request, _, _| {
            request.look = Some("none".into());
            Some("no look: colors stay as they are".into())
        },
    },
    RequestRule {
        patterns: &[
            "a? whatever|whichever|any look|filter suits|fits|works|you like|best?",
            "pick|choose|find a|the|some best? fitting? look|filter for? me|them|it?",
            "the? look|filter that|which suits|fits|works best? them|it?",
            "best|fitting|suitable|matching look|filter",
        ],
        apply: |request, _, _| {
            request.look = Some("auto".into());
            Some("the look that suits the files best".into())
        },
    },
    RequestRule {
        patterns: &[
            "make|let? {them}? match each? other|up?",
            "make|keep|get? {them}? look? consistent|uniform",
            "even out the? light|colors|exposure?",
            "match|even the? colors|light|exposure|photos|pictures|them|shots to? each? other? over? all?",
            "look? all? the same look?",
        ],
        apply: |request, _, context| {
            if context.files.stills == 0 || request.names_film {
                return None;
            }
            request.matching = Some("set".into());
            Some("light and color are evened over the photos of one scene".into())
        },
    },
    RequestRule {
        patterns: &[
            "auto|automatically? fix|correct|improve|enhance the? exposure|light|white|colors|colours|them|\
             these|my|it|lighting balance|photos|pictures? automatically?",
            "auto correct|enhance|fix|correction them|these|it?",
            "autocorrect|autoenhance them|these|it?",
            "fix|correct the? exposure|light|lighting and? white? balance? automatically?",
            "fix|correct the? white balance automatically?",
            "correct exposure and? white? balance?",
        ],
        apply: |request, _, context| {
            if context.files.stills == 0 || request.names_film {
                return None;
            }
            request.matching = Some("each".into());
            request.named_verb = Some(AskedVerb::Apply);
            Some("light and color of each photo are corrected".into())
        },
    },
    look!(
        "noir",
        "the look `noir`: hard black and white",
        "black and|n|& white with? lots|high|strong|hard|much|more of? contrast",
        "high|hard|strong contrast black and|n|& white"
    ),
    look!(
        "silver",
        "the look `silver`: black and white",
        "make|turn|in|into|as? {them}? in|into? black and|n|& white|w {look}?",
        "in? bw|b&w|monochrome|grayscale|greyscale {look}?"
    ),
    RequestRule {
        patterns: &[
            "subtle|subtly|slight|slightly|faint|lightly|understated",
            "just? a hint|touch of a?",
        ],
        apply: |request, _, context| {
            if context.plan().is_some() || request.strength.is_some() || request.names_film {
                return None;
            }
            request.strength = Some(SUBTLE);
            Some(format!("{} % of the look", SUBTLE * 100.0))
        },
    },
    RequestRule {
        patterns: &["strong|strongly|heavily", "full|maximum strength"],
        apply: |request, _, context| {
            if context.plan().is_some() || request.strength.is_some() || request.names_film {
                return None;
            }
            request.strength = Some(STRONG);
            Some(format!("{} % of the look", STRONG * 100.0))
        },
    },
    RequestRule {
        patterns: &["only|just? at|with? half the? strength|intensity"],
        apply: |request, _, _| {
            request.strength = Some(0.5);
            Some("50 % of the look".into())
        },
    },
    RequestRule {
        patterns: &[
            "at {n} percent of? the? strength?",
            "{n} percent strength?",
            "{n} percent of the? look|filter",
        ],
        apply: |request, found, _| {
            let percent = found.number(0);
            if !(0.0..=200.0).contains(&percent) {
                return None;
            }
            request.strength = Some(percent / 100.0);
            Some(format!("{percent} % of the look"))
        },
    },
];
