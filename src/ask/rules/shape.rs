//! Shapes of the picture, and platforms.

use crate::ask::request::AskedRequest;
use crate::ask::rule::RequestRule;

macro_rules! platform {
    ($id:literal, $name:literal, $($pattern:literal),+) => {
        RequestRule {
            patterns: &[$($pattern),+],
            apply: |request, _, _| {
                request.platform = Some($id.into());
                Some(concat!("made for ", $name).into())
            },
        }
    };
}

macro_rules! shape {
    ($width:literal, $height:literal, $($pattern:literal),+) => {
        RequestRule {
            patterns: &[$($pattern),+],
            apply: |request, _, _| shaped(request, [$width, $height]),
        }
    };
}

pub const RULES: &[RequestRule] = &[
    platform!(
        "square-feed",
        "a square feed",
        "for|on my? the? instagram|insta|ig|facebook? feed|post|posts",
        "for|on a? my? facebook|linkedin post?",
        "square feed|post"
    ),
    platform!(
        "youtube-shorts",
        "YouTube Shorts",
        "for|on|as? a? an? youtube|yt short|shorts",
        "for|on shorts",
        "for yt|youtube shorts"
    ),
    platform!(
        "youtube",
        "YouTube",
        "for|on my? the? youtube|yt channel?",
        "youtube|yt video|film|cut|edit"
    ),
    platform!(
        "tiktok",
        "TikTok",
        "for|on my? tiktok|tik tok?",
        "as? a? tiktok video|reel|clip|cut|edit?",
        "tiktok|tiktoks",
        "tik tok"
    ),
    platform!(
        "instagram-reels",
        "Instagram Reels",
        "for|on my? an? instagram|insta|ig reel|reels|story|stories?",
        "an? instagram|insta|ig reel|reels|story|stories",
        "for|on reels|instagram|insta|ig|stories"
    ),
    shape!(
        9,
        16,
        "in? a? vertical|upright|vertically format|orientation|mode?",
        "in? portrait format|orientation|mode",
        "in|as|to|into portrait|tall $",
        "^ portrait|tall $",
        "^ make|keep|turn|crop|go it|this|them|everything? portrait|tall|upright $",
        "portrait|tall >{film}",
        "9:16|9x16",
        "9 by 16",
        "for? a? my? phone screen|screens|format",
        "full screen on? a? phones|phone?"
    ),
    shape!(1, 1, "in? a? square|squared format|shape|crop?", "1:1|1x1"),
    shape!(4, 5, "4:5|4x5", "4 by 5", "four by five"),
    shape!(
        16,
        9,
        "in? a? horizontal|horizontally|widescreen format|orientation|mode|screen?",
        "in? landscape|wide format|orientation|mode|screen",
        "in|as|to|into landscape|wide $",
        "^ landscape|wide $",
        "^ make|keep|turn|crop|go it|this|them|everything? landscape|wide $",
        "landscape >{film}",
        "16:9|16x9",
        "16 by 9",
        "sixteen by nine",
        "for tv|television|desktop"
    ),
    shape!(4, 3, "4:3|4x3", "4 by 3"),
    shape!(3, 4, "3:4|3x4", "3 by 4"),
    shape!(3, 2, "3:2|3x2"),
    shape!(2, 3, "2:3|2x3"),
    shape!(
        21,
        9,
        "21:9|21x9",
        "ultrawide|cinemascope|anamorphic format|screen?",
        "ultra wide"
    ),
];

fn shaped(request: &mut AskedRequest, [width, height]: [u32; 2]) -> Option<String> {
    request.aspect = Some([width, height]);
    Some(format!("a picture of {width}:{height}"))
}
