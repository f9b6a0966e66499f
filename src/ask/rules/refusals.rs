//! What people ask for that this program does not do, and what can be done instead.

use crate::ask::rule::Refusal;

pub const REFUSALS: &[Refusal] = &[
    Refusal {
        patterns: &["with? a? different|another|other|new {music}"],
        why: "which track comes next is not known: give one as a file, or say what it is to sound like",
    },
    Refusal {
        patterns: &[
            "sharpen|denoise|deblur|unblur and? sharpen|denoise? them|it|these|the? photos|pictures?",
        ],
        why: "nothing is sharpened or denoised on request: a look of your own can have steps for it",
    },
    Refusal {
        patterns: &[
            "post|upload|publish|send|share it|them|this? to|on|with? instagram|tiktok|youtube|facebook|twitter|\
             everyone|whatsapp|friends",
            "post|upload|publish|email it|them|this",
            "send|share it|them|this? to my? everyone|mom|mum|dad|family|boss|friend|friends",
        ],
        why: "nothing leaves this machine: post the finished file yourself",
    },
    Refusal {
        patterns: &[
            "add|with|put? a? voice over",
            "add|with|put? a? voiceover|narration|narrator",
            "read it|this|the out? aloud|loud",
        ],
        why: "no voice is made here: record one and give it as a file",
    },
    Refusal {
        patterns: &[
            "remove|erase|delete|blur|hide the? watermark|watermarks|logo|logos|background|person|people|\
             stranger|face|faces|plates",
            "take the? logo|watermark out",
            "replace|change the? background|sky|face",
            "green screen|greenscreen",
            "swap the? faces",
        ],
        why: "nothing is painted out of pictures or into them",
    },
    Refusal {
        patterns: &[
            "generate|imagine|invent a|an|some? image|picture|video|photo|clip|music|song|track|scene|footage",
            "compose|write me? a? song|music|track|melody|poem",
            "with? ai generated footage|music|images",
        ],
        why: "nothing is generated: films are made of your files and tracks",
    },
    Refusal {
        patterns: &[
            "translate the? captions? subtitles? it? into|to|in? {language}",
            "captions|subtitles in {language}",
            "{language} captions|subtitles",
        ],
        why: "speech is recognized in English, and nothing is translated: give captions of your own from a file",
    },
    Refusal {
        patterns: &[
            "slow motion|mo",
            "in? slowmo|slomo|slowmotion",
            "speed it? up? ramp|ramps",
            "play|run it? backwards",
            "in? reverse the? clips?",
            "speed it|them|everything up",
            "slow it|them|everything down",
            "time lapse",
            "in? timelapse|hyperlapse",
            "freeze frame|frames",
        ],
        why: "how fast clips run is decided by the style; write it into the plan, as `speed` of a segment",
    },
    Refusal {
        patterns: &[
            "add|with|put a? the? my? our? title|titles|headline|intro|outro|text|watermark|logo|sticker|\
             stickers|emoji|emojis|name|date saying|that? says?",
            "add|with|put a? the? opening|closing|end|start title|titles|card|credits|text|screen",
            "title cards?",
            "end credits",
            "add|with stickers|emojis|emoji|memes",
        ],
        why: "titles and stickers are not made from a request: write a caption into the plan",
    },
    Refusal {
        patterns: &[
            "mute|silence everything|it|all|them|the sound|audio|film?",
            "{no} sound|audio at? all?",
            "in? complete|total silence",
            "silent film|video|movie",
        ],
        why: "a film keeps the sound of its clips, or has music: ask for no music, or take the sound out afterward",
    },
    Refusal {
        patterns: &[
            "move|put the? {o} {clip} to|at|before|after the? end|start|beginning|front|middle|{o}? clip|shot?",
            "reorder|rearrange|shuffle the? clips|shots|segments|scenes|them|it",
            "swap the? {o} with the? {o} clip|shot?",
        ],
        why: "the order of segments is not changed by a request: move them in the plan",
    },
    Refusal {
        patterns: &[
            "i? want? it|this|the|film|video|reel? film|video|reel? to? {opens} it|this|the|film|video|reel? \
             film|video|reel? with|on|from|at|by? {f}",
            "{opens} it|this|the|film|video|reel? film|video|reel? with|on the? {o} {clip}",
            "put|move|place|show|play|have|use? {f} should|must|has? to? come|comes|go|goes|is|be? first|last",
            "put|move|place|show|play|have|use? {f} should|must|has? to? come|comes|go|goes|is|be? at|to|in the? \
             very? start|beginning|front|top|end|finish",
            "make|use {f} as? the? {o} {clip}",
            "make|use {f} as? the? opener|closer|opening|ending|start|end|finale",
            "the? {o} {clip} is|has|should|must to? be? {f}",
        ],
        why: "which file opens or closes a film is not settled by a request: move its segment in the plan",
    },
    Refusal {
        patterns: &[
            "split screen",
            "picture in picture",
            "side by side",
            "collage of?",
            "in? a? grid",
        ],
        why: "two pictures at a time are not made from a request: give a segment of the plan a `second_source`",
    },
    Refusal {
        patterns: &[
            "stabilize|stabilise|deshake it|them|the? clips|footage|video?",
            "stabilize|stabilise",
            "make it less shaky",
        ],
        why: "shaky moments are avoided where it can be; in a plan the effect `steady` holds a segment still",
    },
    Refusal {
        patterns: &["remove|reduce|clean|cancel the? wind|echo|reverb up?"],
        why: "wind and echo are not taken out of sound",
    },
    Refusal {
        patterns: &[
            "at|in|with? 4k|8k",
            "in? uhd",
            "upscale it|them|to? 4k?",
            "at|in? {n} fps",
            "in? 3d",
            "120fps|60fps|24fps|30fps|25fps",
        ],
        why: "size and frame rate are those of the platform",
    },
    Refusal {
        patterns: &[
            "retouch|slim|smooth the? my? face|faces|skin|body|wrinkles",
            "make me|her|him|us look? younger|slimmer|thinner|taller",
        ],
        why: "nobody's body or face is changed",
    },
];
