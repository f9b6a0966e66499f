//! Files and stretches of files that have to be shown, or must not be.

use crate::ask::request::AskedStretch;
use crate::ask::rule::RequestRule;

pub const RULES: &[RequestRule] = &[
    RequestRule {
        patterns: &[
            "{no} {f} from|between|at? {t} to|until|and|till {t}",
            "{no} {t} to|until|till {t} of|in|from {f}",
            "cut out? {f} from|between {t} to|until|and|till {t}",
        ],
        apply: |request, found, _| {
            let stretch = stretch(found.files.first()?, found.number(0), found.number(1))?;
            let means = format!(
                "{} from {} s to {} s is not shown",
                stretch.file, stretch.start, stretch.end
            );
            request.never.push(stretch);
            Some(means)
        },
    },
    RequestRule {
        patterns: &[
            "always? must? have? to? show|include|keep|use|contain|with? {f} from|between|at? {t} to|until|and|\
             till {t}",
            "always? must? show|include|keep|use|contain {t} to|until|till {t} of|in|from {f}",
            "{f} from|between {t} to|until|and|till {t}",
        ],
        apply: |request, found, _| {
            let stretch = stretch(found.files.first()?, found.number(0), found.number(1))?;
            let means = format!(
                "{} from {} s to {} s is shown whole",
                stretch.file, stretch.start, stretch.end
            );
            request.must.push(stretch);
            Some(means)
        },
    },
    RequestRule {
        patterns: &[
            "{no} {f}",
            "leave|take|keep {f} out",
            "everything|all but|except {f}",
            "except|excluding|ignore|exclude {f}",
        ],
        apply: |request, found, _| {
            let file = found.files.first()?;
            request.left_out.push(file.clone());
            Some(format!("{file} is left out"))
        },
    },
];

fn stretch(file: &str, start: f64, end: f64) -> Option<AskedStretch> {
    (start < end).then(|| AskedStretch {
        file: file.into(),
        start,
        end,
    })
}
