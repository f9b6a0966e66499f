//! Verbs that are named outright.

use crate::ask::request::AskedVerb;
use crate::ask::rule::RequestRule;

pub const RULES: &[RequestRule] = &[
    RequestRule {
        patterns: &[
            "suggest|recommend|find|propose some? me? music|tracks|songs|looks|filters|a? look|filter|track|song? \
             for|to? this|these|them?",
            "what|which music|song|track|songs|tracks|look|filter|looks|filters would|could|should|do|does|will? \
             fit|fits|suits|suit|goes|go|match|matches|work|works|you? suggest|recommend? with|best? \
             this|these|them|here?",
            "any? ideas|suggestions for? these|this|music|looks|filters?",
        ],
        apply: |request, _, _| {
            request.named_verb = Some(AskedVerb::Suggest);
            Some("music, looks and effects are suggested, and nothing is made".into())
        },
    },
    RequestRule {
        patterns: &[
            "what is|are|s in|on these|this|them|here?",
            "whats in|on these|this|them|here?",
            "analyze|analyse|describe|inspect these|this|them|it|my?",
            "tell me about|what these|this|them|is? in?",
        ],
        apply: |request, _, _| {
            request.named_verb = Some(AskedVerb::Analyze);
            Some("the files are looked at, and nothing is made".into())
        },
    },
    RequestRule {
        patterns: &[
            "cut|make|create|turn|chop|slice|get|pull|give? me? this? it? into? some|a few|several? shorts \
             from|of|out of? this|the|my? a? long? {talk}?",
            "the? best|good|funniest|strongest {best} of|from|out this|the|my a? long? {talk}",
            "highlights of|from this|the|my a? long? {talk}",
            "clip up? this|the {talk} up?",
        ],
        apply: |request, _, context| {
            if context.plan().is_some() {
                return None;
            }
            request.named_verb = Some(AskedVerb::Shorts);
            Some("the best pieces of a long recording, each a film by itself".into())
        },
    },
    RequestRule {
        patterns: &[
            "just? render|make|export the? it? film|video|movie of|from? this? the? plan?",
            "render it|this|the? plan?",
        ],
        apply: |request, found, context| {
            context.plan()?;
            if !found.has("render") {
                return None;
            }
            request.named_verb = Some(AskedVerb::Render);
            Some("the film of the plan is made".into())
        },
    },
    RequestRule {
        patterns: &[
            "check|verify this|the? it|film|video? again?",
            "is the|this? film|video ok|okay|right|fine",
        ],
        apply: |request, _, context| {
            if context.plan().is_some() {
                return None;
            }
            request.named_verb = Some(AskedVerb::Verify);
            Some("the film is compared with its plan".into())
        },
    },
];

/// Words for a film, which are read when looks are: "film" in "a warm film look" is none.
pub const FILM: &[RequestRule] = &[
    RequestRule {
        patterns: &["some|a? few? shorts"],
        apply: |request, _, context| {
            if context.plan().is_some() || request.names_film || context.files.clips == 0 {
                return None;
            }
            request.named_verb.get_or_insert(AskedVerb::Shorts);
            Some("the best pieces of a long recording, each a film by itself".into())
        },
    },
    RequestRule {
        patterns: &[
            "a|an|the|nice|into|my|one? reel|reels|film|movie|montage|recap|aftermovie|compilation|teaser",
            "a|an|the|nice|into|my|one? quick? video|edit|cut|clip",
        ],
        apply: |request, found, context| {
            context.plan().is_none().then_some(())?;
            request.names_film = true;
            let word = found.words.last()?;
            let is_named = !matches!(word.as_str(), "video" | "edit" | "cut" | "clip")
                || found.words.len() > 1;
            is_named.then(|| format!("a film is made (\"{word}\")"))
        },
    },
];
