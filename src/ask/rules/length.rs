//! Lengths and counts.

use crate::ask::request::AskedVerb;
use crate::ask::rule::RequestRule;

/// Seconds that "a short video" is taken for: what the style `punchy` makes, too.
const SHORT: f64 = 15.0;

pub const RULES: &[RequestRule] = &[
    RequestRule {
        patterns: &[
            "under|below|within|at|no|not|nothing most|longer|more? than? {t} long|each|max?",
            "up to {t} long|each?",
            "max|maximum of? {t} long|each?",
            "about|around|roughly|exactly|approximately|of|to|in|for|last|lasting {t} long|in? length|each|apiece?",
            "{t} long|max|maximum|each|apiece|total",
            "{t} in length",
            "{t}",
            "length|duration of|is? {t}",
        ],
        apply: |request, found, _| {
            let seconds = found.number(0);
            if seconds < 0.5 {
                return None;
            }
            let before = request.length.replace(seconds);
            let place = before.map_or_else(String::new, |before| format!(", in place of {before}"));
            Some(format!("{seconds} seconds long{place}"))
        },
    },
    RequestRule {
        patterns: &[
            "{n} different|alternative|other? versions|variations|variants|alternatives|options|cuts|edits|\
             films|reels|takes",
        ],
        apply: |request, found, _| {
            let count = whole(found.number(0), 20)?;
            request.names_film = true;
            request.count = Some(count);
            Some(format!("{count} films that really differ"))
        },
    },
    RequestRule {
        patterns: &[
            "top? best? {n} short|best|separate|individual? {best} from|of|out of? this|the|my|a? long? whole? \
             {talk}?",
            "the? {n} best|strongest|funniest? {best}",
            "{n} shorts|highlights|snippets",
            "best|top {n} {best}",
        ],
        apply: |request, found, context| {
            if context.plan().is_some() {
                return None;
            }
            let count = whole(found.number(0), 50)?;
            request.named_verb = Some(AskedVerb::Shorts);
            request.count = Some(count);
            Some(format!("the best {count} pieces, each a film by itself"))
        },
    },
    RequestRule {
        patterns: &[
            "a? very? short|quick {film}",
            "keep it short",
            "short and sweet",
        ],
        apply: |request, _, context| {
            if context.plan().is_some() || request.length.is_some() {
                return None;
            }
            request.names_film = true;
            request.length = Some(SHORT);
            Some(format!("{SHORT} seconds long, since no length is named"))
        },
    },
];

fn whole(number: f64, most: u32) -> Option<u32> {
    let is_whole = number.fract() == 0.0 && number >= 1.0 && number <= f64::from(most);
    is_whole.then_some(number as u32)
}
