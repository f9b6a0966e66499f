//! Files that are written: codecs, drafts, formats of photos, timelines for other programs.

use crate::ask::request::AskedVerb;
use crate::ask::rule::RequestRule;

macro_rules! encoder {
    ($id:literal, $means:literal, $($pattern:literal),+) => {
        RequestRule {
            patterns: &[$($pattern),+],
            apply: |request, _, _| {
                request.encoder = Some($id.into());
                Some($means.into())
            },
        }
    };
}

macro_rules! timeline {
    ($format:literal, $program:expr, $means:literal, $($pattern:literal),+) => {
        RequestRule {
            patterns: &[$($pattern),+],
            apply: |request, _, context| {
                context.plan()?;
                let program: Option<&str> = $program;
                request.named_verb = Some(AskedVerb::Export);
                request.format = Some($format.into());
                request.program = program.map(Into::into);
                Some($means.into())
            },
        }
    };
}

macro_rules! caption_file {
    ($format:literal, $($pattern:literal),+) => {
        RequestRule {
            patterns: &[$($pattern),+],
            apply: |request, _, _| {
                request.named_verb = Some(AskedVerb::Captions);
                request.format = Some($format.into());
                Some(concat!("what is said, as a caption file: ", $format).into())
            },
        }
    };
}

/// Read before what cannot be done: "remove the background" is that, and "remove the background noise" is not.
pub const NOISE: &[RequestRule] = &[RequestRule {
    patterns: &[
        "remove|reduce|cancel|clean the? background? noise|hiss|hum up?",
        "{no} background? noise|hiss|hum",
        "denoise the? sound|audio|voice|speech",
    ],
    apply: |request, _, _| {
        request.denoise = true;
        Some("noise is taken off speech".into())
    },
}];

pub const RULES: &[RequestRule] = &[
    encoder!(
        "h265",
        "encoded as H.265",
        "in|as|with|using? h265|hevc|x265 codec?",
        "h 265"
    ),
    encoder!("av1", "encoded as AV1", "in|as|with|using? av1 codec?"),
    encoder!("vp9", "encoded as VP9", "in|as|with|using? vp9 codec?"),
    encoder!(
        "h264",
        "encoded as H.264",
        "in|as|with|using? h264|x264 codec?"
    ),
    encoder!(
        "h265",
        "encoded as H.265, which makes smaller files",
        "small|smaller|tiny|little file|files size?",
        "keep the? file small"
    ),
    RequestRule {
        patterns: &["keep|in|as|with the? hdr output?", "hdr output|film|video?"],
        apply: |request, _, _| {
            request.keep_range = true;
            Some("the dynamic range of the clips, in H.265".into())
        },
    },
    RequestRule {
        patterns: &[
            "just|only? a? quick|rough|fast draft|preview first?",
            "just|only? as? a? draft|preview first|only|quality|version|please?",
        ],
        apply: |request, _, _| {
            request.draft = true;
            Some("a small, fast draft".into())
        },
    },
    RequestRule {
        patterns: &[
            "just|only the? a? plan first?",
            "just|only give|write|make|show me? the? a? plan first?",
            "plan only|first",
            "{no} render it|anything|yet?",
            "only|just plan it?",
        ],
        apply: |request, _, _| {
            request.plan_only = true;
            Some("the plan is written, and no film made".into())
        },
    },
    timeline!(
        "fcpxml",
        Some("fcp"),
        "a timeline for Final Cut Pro",
        "{export}? it? this? the? timeline? to|for|in|into|over? final cut pro? x?",
        "to|for|in|into? final cut pro? x?",
        "fcpxml|fcp"
    ),
    timeline!(
        "xmeml",
        Some("premiere"),
        "a timeline for Premiere",
        "{export}? it? this? the? timeline? to|for|in|into|over? adobe? premiere pro?",
        "xmeml"
    ),
    timeline!(
        "fcpxml",
        Some("resolve"),
        "a timeline for DaVinci Resolve",
        "{export}? it? this? the? timeline? to|for|in|into|over? davinci resolve",
        "{export}? it? this? the? timeline? to|for|in|into resolve|davinci"
    ),
    timeline!(
        "mlt",
        Some("kdenlive"),
        "a timeline for Kdenlive",
        "{export}? it? this? the? timeline? to|for|in|into|over? kdenlive"
    ),
    timeline!(
        "mlt",
        Some("shotcut"),
        "a timeline for Shotcut",
        "{export}? it? this? the? timeline? to|for|in|into|over? shotcut"
    ),
    timeline!(
        "otio",
        None,
        "an OpenTimelineIO timeline",
        "export|save|convert? it? this? to|as|an? otio|opentimelineio file|timeline?"
    ),
    timeline!(
        "edl",
        None,
        "an edit decision list",
        "export|save|convert? it? this? to|as? an? edl file?",
        "export? as? an? edit decision list"
    ),
    timeline!(
        "chapters",
        None,
        "a list of chapters",
        "export|write|give|list? me? the? a? list? of? chapters|chapter markers|marks|list?"
    ),
    caption_file!(
        "vtt",
        "export|write|save|make|give|transcribe? it? me? the? captions|subtitles? as|to|in|into? a? vtt|webvtt \
         file|captions|subtitles|format?",
        "as|in a? vtt|webvtt file|format?"
    ),
    caption_file!(
        "ass",
        "{export}? me? the? captions|subtitles? as|to|in|into? an? ass|ssa file|captions|subtitles|format?"
    ),
    caption_file!(
        "srt",
        "export|write|save|make|give|transcribe? it? me? the? captions|subtitles? as|to|in|into? an? srt \
         file|captions|subtitles|format?",
        "as|in an? srt file|format?",
        "transcribe it|this|the? talk|podcast|interview|video|clip|recording?",
        "write|save down? what is|was|they|she|he say|said|says?",
        "write|save|export the? captions|subtitles",
        "caption|subtitle file",
        "a? transcript of?"
    ),
    RequestRule {
        patterns: &[
            "as|to|in|into png|jpg|jpeg|webp files|images|photos?",
            "png|jpg|jpeg|webp files|format",
        ],
        apply: |request, found, _| {
            let word = found
                .words
                .iter()
                .find(|word| ["png", "jpg", "jpeg", "webp"].contains(&word.as_str()))?;
            let format = if word == "jpg" { "jpeg" } else { word };
            request.still_format = Some(format.into());
            Some(format!("photos are written as {format}"))
        },
    },
    RequestRule {
        patterns: &[
            "resize|shrink|scale|resized|scaled? them|it|all? down? to? {n} px|pixels|pixel wide|across|tall|long?",
            "resize|shrink|scale|resized|scaled them|it|all? down? to {n}",
            "{n} px|pixels wide|across|tall|long?",
        ],
        apply: |request, found, _| {
            let side = found.number(0);
            if side < 16.0 || side.fract() != 0.0 {
                return None;
            }
            request.longer_side = Some(side as u32);
            Some(format!("no longer side above {side} pixels"))
        },
    },
    RequestRule {
        patterns: &[
            "strip|remove|drop|without|no|delete|hide the? any? gps|location|locations|geotags data|info|\
             information|tags?",
            "{no} where it|they was|were taken|shot",
        ],
        apply: |request, _, _| {
            request.strip_location = true;
            Some("where pictures were taken is left out".into())
        },
    },
    RequestRule {
        patterns: &[
            "for|in? an? commercial|commercials|ad|advert|advertisement use|client|purposes?",
            "for? paid|commercial use|work|client",
            "for a client|customer|brand",
            "commercially",
        ],
        apply: |request, _, _| {
            if request.usage.is_empty() {
                request.usage.push("commercial".into());
            }
            Some("only music that may be used commercially".into())
        },
    },
];
