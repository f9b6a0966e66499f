//! Whether there is music. What it is like is read from phrases.

use crate::ask::rule::RequestRule;

pub const RULES: &[RequestRule] = &[
    RequestRule {
        patterns: &[
            "put|lay|add|play? music over|on the? clips own? music|sound",
            "music even over clips with music",
            "replace|drown the? their? original|own? sound|music|audio with|by? the? music?",
            "music over everything",
        ],
        apply: |request, _, _| {
            request.over_music = true;
            Some("music is laid even over clips that have some".into())
        },
    },
    RequestRule {
        patterns: &[
            "{no} {music} at? all|please|under|over|behind? it|them?",
            "keep|leave|use|with|just|only? the? only? their|its|my? original|own|natural|live|real \
             sound|audio|sounds only|alone?",
            "keep|leave the sound|audio as? it? is|alone?",
            "music free",
        ],
        apply: |request, _, _| {
            request.no_music = true;
            Some("no music: the clips keep their own sound".into())
        },
    },
    RequestRule {
        patterns: &[
            "{no} vocals|singing|lyrics|voice|singer|singers in|on|over? the? music|song|track?",
            "instrumental only|music|track|song?",
        ],
        apply: |request, _, _| {
            request.words.push("instrumental".into());
            Some("music like \"instrumental\" comes first".into())
        },
    },
    RequestRule {
        patterns: &[
            "with|add|put|use|some|to|and? some|a|the? nice|good|fitting|suitable|matching|some? background? {music}",
            "with|add|put|use|some|to|and? some|a|the? nice|good|fitting|suitable|matching|some? background? \
             {music} to|under|behind|for|on|underneath it|them|this",
            "some|a|with|add? {music} that|which fits|suits|matches it|them|this?",
        ],
        apply: |_, found, _| {
            let words = ["music", "soundtrack", "song", "track"];
            let named = found
                .words
                .iter()
                .find(|word| words.contains(&word.as_str()))?;
            let alone = found.words.len() == 1;
            (!alone).then(|| format!("{named} that fits, where tracks are named"))
        },
    },
];
