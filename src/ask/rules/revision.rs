//! Changes of a plan: "shorter", "less orange", "swap the second clip", "cut on every beat at the end".

use crate::ask::request::AskedRequest;
use crate::ask::rule::{RequestRule, RuleContext};
use crate::ask::words::LONGEST_TIME;

/// Times as long for "shorter" and "longer", and for "a bit" and "a lot" of either.
const SHORTER: [f64; 3] = [0.7, 0.85, 0.5];
const LONGER: [f64; 3] = [1.4, 1.2, 2.0];

/// Times as much of a look for "less", and for "more" of it.
const LESS: f64 = 0.6;
const MORE: f64 = 1.4;

pub const RULES: &[RequestRule] = &[
    RequestRule {
        patterns: &[
            "{t} shorter",
            "shorter by {t}",
            "make it {t} shorter",
            "lose|trim|shave|cut {t} off?",
        ],
        apply: |request, found, context| lengthened(request, context, -found.number(0)),
    },
    RequestRule {
        patterns: &["make? it? {t} longer", "add {t}", "longer by {t}"],
        apply: |request, found, context| lengthened(request, context, found.number(0)),
    },
    RequestRule {
        patterns: &[
            "make? it? a? {little}? shorter",
            "a? {little}? too long",
            "shorten|trim it|this|the film|video? a? bit|little|lot|down?",
            "cut it down",
        ],
        apply: |request, found, context| {
            scaled(request, context, amount(found.words.as_slice(), SHORTER))
        },
    },
    RequestRule {
        patterns: &[
            "make? it? a? {little}? longer",
            "a? {little}? too short",
            "lengthen|extend it|this|the film|video? a? bit|little|lot?",
        ],
        apply: |request, found, context| {
            scaled(request, context, amount(found.words.as_slice(), LONGER))
        },
    },
    RequestRule {
        patterns: &[
            "make? it? half as long",
            "half the|its length",
            "cut it in half",
        ],
        apply: |request, _, context| scaled(request, context, 0.5),
    },
    RequestRule {
        patterns: &["make? it? twice as long", "double the|its length"],
        apply: |request, _, context| scaled(request, context, 2.0),
    },
    RequestRule {
        patterns: &[
            "cut|cuts|cutting? on every|each single? beat at|in|towards|near|for the? very? end|ending|finale|last \
             third?",
            "a? cut|cuts on every|each beat at|in|towards the end",
            "make? the? end|ending|finale|last third? is? faster|quicker|snappier|punchier|more energetic?",
            "faster|quicker|snappier|punchier|speed it? up? at|in|towards the end|ending",
            "pick up the pace at|in|towards the end",
        ],
        apply: |request, _, context| {
            request.again = context.plan()?.last_third();
            request.style = Some("punchy".into());
            Some("the last third is planned anew in the style `punchy`, with a cut on nearly every beat".into())
        },
    },
    RequestRule {
        patterns: &[
            "make? the? {begin} is? {fast}",
            "{fast} at|in the start|beginning|opening",
        ],
        apply: |request, _, context| {
            request.again = context.plan()?.first_third();
            request.style = Some("punchy".into());
            Some("the first third is planned anew in the style `punchy`".into())
        },
    },
    RequestRule {
        patterns: &[
            "a? different|better|stronger|new|another {begin}",
            "i? dont like the {begin}",
        ],
        apply: |request, _, context| {
            context.segment(1.0)?;
            request.again.push(1);
            Some("the first segment shows something else".into())
        },
    },
    RequestRule {
        patterns: &["a? different|better|stronger|new|another ending|end|finish"],
        apply: |request, _, context| {
            let last = context.segment(-1.0)?;
            request.again.push(last);
            Some("the last segment shows something else".into())
        },
    },
    RequestRule {
        patterns: &["{swap} out? the? {o} and the? {o} {clip}"],
        apply: |request, found, context| {
            let (first, second) = (
                context.segment(found.number(0))?,
                context.segment(found.number(1))?,
            );
            request.again.extend([first, second]);
            Some(format!(
                "segments {first} and {second} show something else; all others stay"
            ))
        },
    },
    RequestRule {
        patterns: &["{lose} out? the? {o} and the? {o} {clip}"],
        apply: |request, found, context| {
            let (first, second) = (
                context.segment(found.number(0))?,
                context.segment(found.number(1))?,
            );
            request.drop.extend([first, second]);
            Some(format!(
                "segments {first} and {second} go, and the film is planned anew without what they show"
            ))
        },
    },
    RequestRule {
        patterns: &[
            "{swap} out? the? {o} {clip} out? for|with? something|another|a? else|different|other|one|clip|shot?",
            "{swap} {clip} number? {n} out? for|with? something|another|a? else|different|other|one|clip|shot?",
            "a? different|another|other|better {o} {clip}",
            "something else for|instead of the? {o} {clip}",
            "the? {o} {clip} is|looks|was a? {little}? boring|bad|ugly|dull|blurry|weak|dark|shaky",
            "i? dont like the? {o} {clip}",
        ],
        apply: |request, found, context| {
            let number = context.segment(found.number(0))?;
            request.again.push(number);
            Some(format!(
                "segment {number} shows something else; all others stay"
            ))
        },
    },
    RequestRule {
        patterns: &["{swap} it|that one?"],
        apply: |request, _, context| {
            context.plan()?;
            let number = request.again.last()?;
            Some(format!("segment {number} shows something else"))
        },
    },
    RequestRule {
        patterns: &[
            "{lose} out? the? {o} {clip}",
            "{lose} out? {clip} number? {n}",
            "take|leave out the? {o} {clip}",
            "take the? {o} {clip} out",
            "get rid of the? {o} {clip}",
        ],
        apply: |request, found, context| {
            let number = context.segment(found.number(0))?;
            request.drop.push(number);
            Some(format!(
                "segment {number} goes, and the film is planned anew without what it shows"
            ))
        },
    },
    RequestRule {
        patterns: &[
            "try again|something|another else|different|one|version?",
            "another|different|new version|take|variation|one|cut|film|edit",
            "surprise me",
            "something different|else",
            "start over",
            "do it again",
        ],
        apply: |request, _, context| {
            request.seed = Some(context.plan()?.seed.saturating_add(1));
            Some("another film of the same material".into())
        },
    },
    RequestRule {
        patterns: &[
            "make it? {fast}",
            "{fast} cuts|cutting|pace?",
            "more energy|energetic|cuts|lively",
            "cut faster|quicker",
        ],
        apply: |request, _, context| {
            context.plan()?;
            request.style = Some("punchy".into());
            Some("planned anew in the style `punchy`: short shots on nearly every beat".into())
        },
    },
    RequestRule {
        patterns: &[
            "make it? slower|calmer",
            "slower|calmer cuts|cutting|pace?",
            "less hectic|frantic|cuts|busy|energetic",
            "fewer cuts",
            "cut slower",
            "too fast|hectic",
        ],
        apply: |request, _, context| {
            context.plan()?;
            request.style = Some("calm".into());
            Some("planned anew in the style `calm`: long, quiet shots".into())
        },
    },
    RequestRule {
        patterns: &[
            "make? it? a? {little}? less {color}",
            "tone|dial|turn the look|filter|color|colour|grade|it down|back",
            "the? look|filter|grade|it? is|its? a? {little}? too {color}",
            "a? bit|little? weaker|subtler|softer look|filter|grade",
        ],
        apply: |request, _, context| strengthened(request, context, LESS),
    },
    RequestRule {
        patterns: &[
            "make? it? a? {little}? more of the? that? {color}",
            "a? bit|little? stronger look|filter|grade?",
            "turn|dial the look|filter|grade|it up",
        ],
        apply: |request, _, context| strengthened(request, context, MORE),
    },
    RequestRule {
        patterns: &[
            "make? it? a? {little}? warmer|cozier",
            "make? it? a? {little}? more orange|warm|golden|warmth",
        ],
        apply: |request, _, context| {
            relook(
                request,
                context,
                "golden-hour",
                "warmer: the look `golden-hour`",
            )
        },
    },
    RequestRule {
        patterns: &[
            "make? it? a? {little}? cooler|colder|bluer",
            "make? it? a? {little}? more blue|teal|cold",
        ],
        apply: |request, _, context| {
            relook(
                request,
                context,
                "film-cool",
                "cooler: the look `film-cool`",
            )
        },
    },
    RequestRule {
        patterns: &["make? it? a? {little}? brighter|lighter|airier", "too dark"],
        apply: |request, _, context| {
            relook(
                request,
                context,
                "clean-bright",
                "brighter: the look `clean-bright`",
            )
        },
    },
    RequestRule {
        patterns: &["make? it? a? {little}? darker|moodier"],
        apply: |request, _, context| {
            relook(
                request,
                context,
                "moody-forest",
                "darker: the look `moody-forest`",
            )
        },
    },
    RequestRule {
        patterns: &["make? it? a? {little}? more natural|neutral"],
        apply: |request, _, context| {
            relook(
                request,
                context,
                "clean-natural",
                "more natural: the look `clean-natural`",
            )
        },
    },
];

/// The factor that "a bit", "a lot" or neither stands for.
fn amount(words: &[String], [usual, little, much]: [f64; 3]) -> f64 {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(&["much", "lot", "far"]) {
        much
    } else if has(&["bit", "little", "slightly"]) {
        little
    } else {
        usual
    }
}

fn scaled(request: &mut AskedRequest, context: &RuleContext<'_>, factor: f64) -> Option<String> {
    let seconds = context.plan()?.duration() * factor;
    let means = set_length(request, seconds)?;
    request.length_factor = Some(factor);
    Some(means)
}

fn lengthened(request: &mut AskedRequest, context: &RuleContext<'_>, by: f64) -> Option<String> {
    let seconds = context.plan()?.duration() + by;
    set_length(request, seconds)
}

fn set_length(request: &mut AskedRequest, seconds: f64) -> Option<String> {
    // To a tenth, as a person would say it.
    let seconds = (seconds * 10.0).round() / 10.0;
    if !(0.5..=LONGEST_TIME).contains(&seconds) {
        return None;
    }
    request.length = Some(seconds);
    Some(format!("planned anew, {seconds} seconds long"))
}

fn strengthened(
    request: &mut AskedRequest,
    context: &RuleContext<'_>,
    times: f64,
) -> Option<String> {
    let look = context.plan()?.look.as_ref()?;
    request.strength = Some(times);
    Some(format!(
        "{:.0} % as much of the look `{look}` as now",
        times * 100.0
    ))
}

fn relook(
    request: &mut AskedRequest,
    context: &RuleContext<'_>,
    look: &str,
    means: &str,
) -> Option<String> {
    context.plan()?;
    request.look = Some(look.into());
    Some(means.into())
}
