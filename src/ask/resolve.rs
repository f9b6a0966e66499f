//! Chooses the verb, and gives back what it cannot do.

use crate::ask::reader::{Reading, Refused};
use crate::ask::request::{AskedFiles, AskedRequest, AskedVerb};

/// The reading with its verb. What the verb cannot do moves to what cannot be done.
pub(super) fn resolve(mut reading: Reading, files: &AskedFiles) -> Reading {
    let verb = verb(&reading.request, files);
    reading.request.verb = verb;
    let fits = fits(verb);
    for (what, is_asked, clear) in SETTINGS {
        if is_asked(&reading.request) && !fits.contains(what) {
            clear(&mut reading.request);
            reading.cannot.push(Refused {
                text: (*what).to_owned(),
                why: format!("{} has no setting for it", words_for(verb)),
            });
        }
    }
    let wants_music = verb == AskedVerb::Edit && !reading.request.words.is_empty();
    if wants_music && !files.music && !reading.request.no_music {
        reading.cannot.push(Refused {
            text: reading.request.words.join(", "),
            why: "no tracks are named to choose from: they only help to choose the look".into(),
        });
    }
    reading
}

fn verb(request: &AskedRequest, files: &AskedFiles) -> AskedVerb {
    let changes = recuts(request) || request.look.is_some() || request.captions.is_some();
    match request.named_verb {
        // "render it with another look" is more than rendering.
        Some(AskedVerb::Render) if changes => return AskedVerb::Revise,
        Some(named) => return named,
        None => {}
    }
    if files.plan.is_some() {
        let music_alone = !request.words.is_empty() && !recuts(request) && request.look.is_none();
        return if music_alone {
            AskedVerb::Edit
        } else {
            AskedVerb::Revise
        };
    }
    let photos_alone = files.stills > 0 && files.clips == 0 && files.sounds == 0;
    let about_pictures = request.look.is_some()
        || request.matching.is_some()
        || request.still_format.is_some()
        || request.longer_side.is_some()
        || request.strip_location
        || request.strength.is_some();
    let about_films = request.names_film
        || request.length.is_some()
        || request.style.is_some()
        || request.transition.is_some()
        || request.captions.is_some()
        || request.count.is_some()
        || request.no_music
        || !request.words.is_empty()
        || request.denoise
        || request.keep_range
        || request.encoder.is_some()
        || request.platform.is_some();
    if photos_alone && about_pictures && !about_films
        || (about_pictures && request.matching.is_some())
    {
        AskedVerb::Apply
    } else if files.clips > 0 && about_pictures && !about_films && request.aspect.is_none() {
        // "make these warmer": a look on each file, and no film of them.
        AskedVerb::Apply
    } else {
        AskedVerb::Edit
    }
}

fn recuts(request: &AskedRequest) -> bool {
    request.length.is_some()
        || request.style.is_some()
        || request.aspect.is_some()
        || request.platform.is_some()
        || request.transition.is_some()
        || !request.again.is_empty()
        || !request.drop.is_empty()
        || request.seed.is_some()
}

fn words_for(verb: AskedVerb) -> &'static str {
    match verb {
        AskedVerb::Edit => "making a film",
        AskedVerb::Apply => "applying a look",
        AskedVerb::Shorts => "cutting pieces out of a recording",
        AskedVerb::Captions => "writing captions",
        AskedVerb::Export => "exporting a timeline",
        AskedVerb::Suggest => "suggesting",
        AskedVerb::Analyze => "looking at files",
        AskedVerb::Render => "rendering a plan",
        AskedVerb::Verify => "checking a film",
        AskedVerb::Revise => "changing a plan",
    }
}

/// The settings that a verb has, by the names of [`SETTINGS`].
fn fits(verb: AskedVerb) -> &'static [&'static str] {
    match verb {
        AskedVerb::Edit => &[
            "length",
            "count",
            "shape",
            "platform",
            "style",
            "look",
            "captions",
            "transition",
            "no music",
            "music over music",
            "words",
            "stretches",
            "files left out",
            "noise",
            "range",
            "encoder",
            "draft",
            "plan alone",
            "use",
        ],
        AskedVerb::Apply => &[
            "look",
            "strength",
            "shape",
            "matching",
            "size",
            "format of photos",
            "location",
            "files left out",
        ],
        AskedVerb::Shorts => &[
            "length",
            "count",
            "shape",
            "platform",
            "look",
            "noise",
            "range",
            "encoder",
            "draft",
            "plan alone",
        ],
        AskedVerb::Captions => &["captions", "format"],
        AskedVerb::Export => &["format", "program"],
        AskedVerb::Suggest => &[
            "length",
            "platform",
            "words",
            "use",
            "music over music",
            "files left out",
        ],
        AskedVerb::Analyze => &["files left out"],
        AskedVerb::Render => &["range", "encoder", "draft"],
        AskedVerb::Verify => &[],
        AskedVerb::Revise => &[
            "length",
            "shape",
            "platform",
            "style",
            "look",
            "strength",
            "captions",
            "transition",
            "no music",
            "words",
            "segments",
            "another",
            "range",
            "encoder",
            "draft",
            "plan alone",
        ],
    }
}

type Setting = (
    &'static str,
    fn(&AskedRequest) -> bool,
    fn(&mut AskedRequest),
);

const SETTINGS: &[Setting] = &[
    ("length", |it| it.length.is_some(), |it| it.length = None),
    ("count", |it| it.count.is_some(), |it| it.count = None),
    ("shape", |it| it.aspect.is_some(), |it| it.aspect = None),
    (
        "platform",
        |it| it.platform.is_some(),
        |it| it.platform = None,
    ),
    ("style", |it| it.style.is_some(), |it| it.style = None),
    ("look", |it| it.look.is_some(), |it| it.look = None),
    (
        "strength",
        |it| it.strength.is_some(),
        |it| it.strength = None,
    ),
    (
        "captions",
        |it| it.captions.is_some(),
        |it| it.captions = None,
    ),
    (
        "transition",
        |it| it.transition.is_some(),
        |it| it.transition = None,
    ),
    ("no music", |it| it.no_music, |it| it.no_music = false),
    (
        "music over music",
        |it| it.over_music,
        |it| it.over_music = false,
    ),
    ("words", |it| !it.words.is_empty(), |it| it.words.clear()),
    (
        "stretches",
        |it| !it.must.is_empty() || !it.never.is_empty(),
        |it| {
            it.must.clear();
            it.never.clear();
        },
    ),
    (
        "files left out",
        |it| !it.left_out.is_empty(),
        |it| it.left_out.clear(),
    ),
    ("noise", |it| it.denoise, |it| it.denoise = false),
    ("range", |it| it.keep_range, |it| it.keep_range = false),
    ("encoder", |it| it.encoder.is_some(), |it| it.encoder = None),
    ("draft", |it| it.draft, |it| it.draft = false),
    ("plan alone", |it| it.plan_only, |it| it.plan_only = false),
    ("use", |it| !it.usage.is_empty(), |it| it.usage.clear()),
    ("another", |it| it.seed.is_some(), |it| it.seed = None),
    (
        "matching",
        |it| it.matching.is_some(),
        |it| it.matching = None,
    ),
    (
        "size",
        |it| it.longer_side.is_some(),
        |it| it.longer_side = None,
    ),
    (
        "format of photos",
        |it| it.still_format.is_some(),
        |it| it.still_format = None,
    ),
    (
        "location",
        |it| it.strip_location,
        |it| it.strip_location = false,
    ),
    (
        "segments",
        |it| !it.again.is_empty() || !it.drop.is_empty(),
        |it| {
            it.again.clear();
            it.drop.clear();
        },
    ),
    ("format", |it| it.format.is_some(), |it| it.format = None),
    ("program", |it| it.program.is_some(), |it| it.program = None),
];
