//! Styles, transitions and captions.

use crate::ask::rule::RequestRule;

macro_rules! style {
    ($id:literal, $means:literal, $($pattern:literal),+) => {
        RequestRule {
            patterns: &[$($pattern),+],
            apply: |request, _, _| {
                if let Some(style) = &request.style {
                    return Some(format!(concat!("`", $id, "`, but the style is `{}` already"), style));
                }
                request.style = Some($id.into());
                Some(concat!("the style `", $id, "`: ", $means).into())
            },
        }
    };
}

macro_rules! transition {
    ($id:literal, $means:literal, $($pattern:literal),+) => {
        RequestRule {
            patterns: &[$($pattern),+],
            apply: |request, _, _| {
                request.transition = Some($id.into());
                Some(concat!("between shots: ", $means).into())
            },
        }
    };
}

macro_rules! captions {
    ($id:literal, $means:literal, $($pattern:literal),+) => {
        RequestRule {
            patterns: &[$($pattern),+],
            apply: |request, _, _| {
                if request.captions.is_some() {
                    return Some("captions, in the style that is named".into());
                }
                request.captions = Some($id.into());
                Some($means.into())
            },
        }
    };
}

pub const RULES: &[RequestRule] = &[
    captions!(
        "none",
        "no captions",
        "{no} {caption}",
        "{no} text on the? screen|top?",
        "captions|subtitles off"
    ),
    captions!(
        "karaoke",
        "captions whose words fill with color as they are spoken",
        "with|add|and|in? a? karaoke style? captions|subtitles|lyrics|text",
        "captions|subtitles like|as in? karaoke",
        "captions|subtitles in a? karaoke style?",
        "sing along captions|subtitles"
    ),
    captions!(
        "highlight",
        "captions whose spoken word turns yellow",
        "with|add|and? yellow? highlighted|highlight|highlighting style? word? captions|subtitles",
        "with|add|and? yellow captions|subtitles",
        "captions|subtitles that|which highlight|highlights|highlighting the? each? every? spoken? word|words",
        "captions|subtitles with the? spoken? word highlighted|yellow|marked"
    ),
    captions!(
        "big",
        "one or two large words at a time",
        "with|add|and? big|large|huge|bold style? captions|subtitles|text|words",
        "with|add|and? big|large word by word captions|subtitles",
        "with|add|and? word by word captions|subtitles",
        "captions|subtitles word by word",
        "captions|subtitles one word at a time",
        "with|add|and? one word at a time captions|subtitles"
    ),
    captions!(
        "lower-third",
        "captions on a bar at the lower left",
        "with|add|and? lower thirds|third style? captions|subtitles?",
        "with|add|and? news style captions|subtitles",
        "captions|subtitles like|as in the? on? news"
    ),
    captions!(
        "plain",
        "captions, in the style that is read anywhere",
        "with|add|and|put|burn|include? plain|simple|normal|the|some|english|clean|burned? in? {caption}",
        "with|add|and|put|burn|include? plain|simple|normal|the|some|english|clean|burned? in? captions|\
         subtitles|subs on|in|to top|it|them|this",
        "with|add|and|put|burn|include? plain|simple|normal|the|some|english|clean|burned? in? captions|\
         subtitles|subs on|in|to the video|picture|film",
        "caption|subtitle it|them|this|the|what video|film|talk|interview|is? said?",
        "captioned|subtitled",
        "so people|viewers|you|i can read|follow it|along? without|with? sound|muted?",
        "captions|subtitles on"
    ),
    transition!(
        "none",
        "cuts alone",
        "{no} fancy? transition|transitions|dissolve|dissolves|crossfade|crossfades|fade|fades|fading|wipe|\
         wipes|whip|whips|effects between|at? the? shots|clips|cuts?",
        "only|just|with? hard|straight|clean|plain|simple? cuts only|alone|please",
        "only|just? hard|straight cuts only?",
        "just|only cuts",
        "cuts only"
    ),
    transition!(
        "dissolve",
        "a dissolve",
        "with|and|use|add|soft|slow|gentle|smooth? dissolve|dissolves|crossfade|crossfades|crossfading between|at? \
         the? all? shots|clips|pictures|photos|cuts?",
        "with|and? fading|dissolving|crossfading transition|transitions",
        "cross fade|fades between? the? shots|clips|pictures|photos?",
        "with|soft|slow|gentle|smooth fades|transitions between? the? shots|clips|pictures|photos?",
        "fade|dissolve|dissolving|fading from|between one|the|them|shots|clips|photos|pictures into|to? \
         another|the? next?",
        "clips|photos|pictures|shots that? fade|dissolve into each other|one another"
    ),
    transition!(
        "whip",
        "a whip of the camera",
        "with|and|use|add? whip|whips|swish pans|pan? transition|transitions?",
        "whip pans|pan"
    ),
    transition!(
        "wipe",
        "a wipe",
        "with|and|use|add? star? wars? wipe|wipes transition|transitions? between|at? the? shots|clips?"
    ),
    transition!(
        "glitch",
        "a glitch",
        "with|and|use|add? glitch|glitchy transition|transitions|cuts",
        "glitches between the? shots|clips"
    ),
    transition!(
        "fly-through",
        "a flight through the picture",
        "with|and|use|add? zoom|zooming|fly transition|transitions|through|between shots|transitions?"
    ),
    transition!(
        "light-leak",
        "a light leak",
        "with|and|use|add? light leak|leaks transition|transitions?"
    ),
    transition!(
        "film-burn",
        "a film burn",
        "with|and|use|add? film burn|burns transition|transitions?"
    ),
    transition!(
        "dip-to-black",
        "a dip to black",
        "with|and|use|add? fade|fades|dip|dips|fading to|through black between|at? the? all? shots|clips|cuts?"
    ),
    transition!(
        "dip-to-white",
        "a dip to white",
        "with|and|use|add? fade|fades|dip|dips|flash|flashes|fading to|through|of white between|at? the? all? \
         shots|clips|cuts?"
    ),
    transition!(
        "iris",
        "an iris",
        "with|and|use|add? iris transition|transitions?"
    ),
    transition!(
        "page",
        "a push to the left",
        "with|and|use|add? page|slide|push|sliding|pushing turn? transition|transitions"
    ),
    RequestRule {
        patterns: &[
            "cut|cuts|edited|cutting|synced|sync|timed|edit it? exactly? on|to|with the beat|music|beats|rhythm",
            "on the beat",
            "to the beat|rhythm",
            "beat synced|matched",
        ],
        apply: |_, _, _| Some("cuts fall on beats, as they always do where there is music".into()),
    },
    style!(
        "talk",
        "long pauses and false starts go",
        "cut|take|trim|edit|remove|get|kill|delete|tighten|drop out|rid|up? of? all|every|each? the? any? \
         dead|long|awkward? {gap} and|or? long|awkward? {gap}? out?",
        "{no} dead|long|awkward? {gap}",
        "tighten|tightened up? it|this|the|my? up? {talk}?",
        "clean up it|this|the|my? {talk}?",
        "jump cut|cuts",
        "talking head|heads style?"
    ),
    style!(
        "whole",
        "every frame stays",
        "{no} cut|trim|shorten|edit it|them|anything|out? at? all?",
        "{no} cuts",
        "keep every|all|each the? of? frame|frames|second|it|everything",
        "uncut",
        "in? full length",
        "keep it whole|complete|intact",
        "the? whole thing"
    ),
    style!(
        "punchy",
        "short shots on nearly every beat",
        "a? cut|cuts on|at|with every|each|nearly|almost every? single? beat",
        "super|very|really? fast|quick|rapid|snappy|hectic|punchy|frantic|frenetic|choppy|breathless {pace}?",
        "hard hitting",
        "high energy {pace}",
        "in? a? the? tiktok|mtv style pace|cutting?"
    ),
    style!(
        "calm",
        "long, quiet shots",
        "super|very|really|nice|and? slow|slower|relaxed|unhurried|leisurely|meditative|lingering {pace}?",
        "calm|gentle|quiet|peaceful {pace}",
        "long|longer shots|takes",
        "take your|its time",
        "let it|them|the? shots? breathe"
    ),
    style!(
        "slideshow",
        "one photo after the other",
        "a|as|photo|in|like? a? photo? slideshow|slide show?"
    ),
    style!(
        "trailer",
        "the pace turns with the music",
        "a|as|like|in|movie|film? a? an? epic|movie|film|dramatic? trailer style?",
        "in? a? teaser style"
    ),
    style!(
        "vlog",
        "the day as it went",
        "a|as|like|my|in|daily? a? daily|travel? vlog|vlogs style?",
        "day in the|my life",
        "in chronological order",
        "in the order that|of? they|it|the|i|files? were|happened|gave|shot|taken|given?"
    ),
    style!(
        "travel",
        "from place to place, quicker and quicker",
        "a|as|like|my|our|of|from? a? the|our|my? travel|trip|holiday|vacation|journey|roadtrip|backpacking {film}",
        "road trip {film}",
        "our|my honeymoon|trip|holiday|vacation|roadtrip in|to|through?",
        "of|from our|my|the trip|holiday|vacation|journey|travels|roadtrip|honeymoon to|in|through?"
    ),
    style!(
        "sport",
        "what moves most, cut short",
        "a|as|like|my|our? sport|sports|action|skate|skateboarding|ski|skiing|surf|surfing|football|soccer|\
         basketball|match|game|training|workout|gym|bike|mtb {film}"
    ),
    style!(
        "product",
        "one thing, shown calmly and closely",
        "a|as|like|my|our? product|unboxing|showcase {film}?",
        "show|showing off? the|my|our product"
    ),
    style!(
        "story",
        "speech and faces first",
        "a|as|like|my|our|in? documentary|storytelling|interview|narrative film|video|reel|style|edit|movie",
        "a? documentary|docu style|film?",
        "tell|tells|telling a|the|our|my|their story",
        "focus on the? people|faces|speech|what is said"
    ),
    style!(
        "steady",
        "an even pace",
        "with|at|an|a? steady|even|regular|balanced {pace}"
    ),
];
