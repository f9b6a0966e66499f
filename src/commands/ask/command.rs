//! Spells a request as a command line.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::ask::{AskedRequest, AskedStretch, AskedVerb};
use crate::jobs::ReadRequest;

/// What the command takes from the command line of the request.
pub struct CommandPlaces<'a> {
    /// Where the result goes; absent: a name that is free.
    pub output: Option<&'a PathBuf>,
    /// Where music comes from.
    pub music: Option<&'a PathBuf>,
    /// Whose taste counts.
    pub profile: Option<&'a str>,
    /// Replace what is there.
    pub force: bool,
    /// Print JSON.
    pub json: bool,
}

/// The command, the name of the program first.
pub fn argv(read: &ReadRequest, places: &CommandPlaces<'_>) -> Vec<OsString> {
    let request = &read.reading.request;
    let mut words = Words(vec!["tastemaker".into(), verb(request.verb).into()]);
    if request.verb == AskedVerb::Apply {
        words.0.push(
            request
                .look
                .as_deref()
                .unwrap_or(usual_look(request))
                .into(),
        );
    }
    words
        .0
        .extend(read.files.iter().map(|path| path_word(path)));
    settings(request, places, &mut words);
    if !matches!(
        request.verb,
        AskedVerb::Analyze | AskedVerb::Suggest | AskedVerb::Verify
    ) {
        words.pair("-o", path_word(&output(read, places)));
        words.switch("--force", places.force);
    } else if let (AskedVerb::Suggest, Some(output)) = (request.verb, places.output) {
        words.pair("-o", path_word(output));
        words.switch("--force", places.force);
    }
    words.switch("--json", places.json && request.verb != AskedVerb::Captions);
    words.0
}

/// Photos that are only corrected get no look.
fn usual_look(request: &AskedRequest) -> &'static str {
    let changes = request.matching.is_some()
        || request.longer_side.is_some()
        || request.still_format.is_some()
        || request.strip_location;
    if changes { "none" } else { "auto" }
}

fn verb(verb: AskedVerb) -> &'static str {
    match verb {
        AskedVerb::Edit => "edit",
        AskedVerb::Apply => "apply",
        AskedVerb::Shorts => "shorts",
        AskedVerb::Captions => "captions",
        AskedVerb::Export => "export",
        AskedVerb::Suggest => "suggest",
        AskedVerb::Analyze => "analyze",
        AskedVerb::Render => "render",
        AskedVerb::Verify => "verify",
        AskedVerb::Revise => "revise",
    }
}

/// Words of a command line.
struct Words(Vec<OsString>);

impl Words {
    fn pair(&mut self, flag: &str, value: impl Into<OsString>) {
        let value = value.into();
        if begins_as_flag(&value) {
            let mut word = OsString::from(format!("{flag}="));
            word.push(value);
            self.0.push(word);
        } else {
            self.0.extend([flag.into(), value]);
        }
    }

    fn maybe(&mut self, flag: &str, value: Option<impl Into<OsString>>) {
        if let Some(value) = value {
            self.pair(flag, value);
        }
    }

    fn switch(&mut self, flag: &str, is_on: bool) {
        if is_on {
            self.0.push(flag.into());
        }
    }
}

/// A path that no parser takes for a flag.
fn path_word(path: &Path) -> OsString {
    if begins_as_flag(path.as_os_str()) {
        Path::new(".").join(path).into_os_string()
    } else {
        path.as_os_str().to_owned()
    }
}

fn begins_as_flag(word: &OsStr) -> bool {
    word.as_encoded_bytes().starts_with(b"-")
}

fn settings(request: &AskedRequest, places: &CommandPlaces<'_>, words: &mut Words) {
    let verb = request.verb;
    words.maybe(
        "--length",
        request.length.map(|seconds| format!("{seconds}s")),
    );
    let count = if verb == AskedVerb::Shorts {
        "--count"
    } else {
        "--variations"
    };
    words.maybe(count, request.count.map(|count| count.to_string()));
    words.maybe("--platform", request.platform.as_ref());
    let shape = request
        .aspect
        .map(|[width, height]| format!("{width}:{height}"));
    words.maybe("--aspect", shape);
    words.maybe("--again", numbers(&request.again));
    words.maybe("--drop", numbers(&request.drop));
    let style = if verb == AskedVerb::Captions {
        &request.captions
    } else {
        &request.style
    };
    words.maybe("--style", style.as_ref());
    words.maybe("--transition", request.transition.as_ref());
    let look = request.look.as_ref().filter(|_| verb != AskedVerb::Apply);
    words.maybe(
        "--look",
        look.filter(|look| verb != AskedVerb::Shorts || !["auto", "none"].contains(&look.as_str())),
    );
    words.maybe(
        "--strength",
        request.strength.map(|strength| strength.to_string()),
    );
    if verb != AskedVerb::Captions {
        words.maybe("--captions", request.captions.as_ref());
    }
    for stretch in &request.must {
        words.pair("--must", stretch_word(stretch));
    }
    for stretch in &request.never {
        words.pair("--never", stretch_word(stretch));
    }
    music(request, places, words);
    words.maybe(
        "--use",
        (!request.usage.is_empty()).then(|| request.usage.join(",")),
    );
    words.maybe("--denoise", request.denoise.then_some("rnnoise"));
    encoder(request, words);
    words.switch("--draft", request.draft);
    words.switch("--plan-only", request.plan_only);
    words.maybe("--seed", request.seed.map(|seed| seed.to_string()));
    words.maybe("--match", request.matching.as_ref());
    words.maybe("--resize", request.longer_side.map(|side| side.to_string()));
    words.maybe("--format", request.still_format.as_ref());
    if request.strip_location {
        words.pair("--metadata", "strip-location");
    }
    if verb == AskedVerb::Export {
        words.maybe("--to", request.format.as_ref());
        words.maybe("--for", request.program.as_ref());
    }
    let knows_taste = matches!(
        verb,
        AskedVerb::Edit
            | AskedVerb::Apply
            | AskedVerb::Shorts
            | AskedVerb::Suggest
            | AskedVerb::Revise
    );
    let has_look = verb == AskedVerb::Shorts && request.look.is_some();
    words.maybe(
        "--profile",
        places.profile.filter(|_| knows_taste && !has_look),
    );
}

fn encoder(request: &AskedRequest, words: &mut Words) {
    if request.keep_range {
        words.pair("--encoder", "h265");
        words.pair("--dynamic-range", "keep");
    } else {
        words.maybe("--encoder", request.encoder.as_ref());
    }
}

fn music(request: &AskedRequest, places: &CommandPlaces<'_>, words: &mut Words) {
    let takes = matches!(
        request.verb,
        AskedVerb::Edit | AskedVerb::Suggest | AskedVerb::Revise
    );
    if request.no_music {
        words.pair("--music", "none");
    } else {
        words.maybe(
            "--music",
            places.music.filter(|_| takes).map(|place| path_word(place)),
        );
    }
    words.switch("--over-music", request.over_music);
    words.maybe(
        "--words",
        (!request.words.is_empty()).then(|| request.words.join(", ")),
    );
}

fn numbers(numbers: &[usize]) -> Option<String> {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    (!numbers.is_empty()).then(|| numbers.join(","))
}

fn stretch_word(stretch: &AskedStretch) -> String {
    format!("{}@{}-{}", stretch.file, stretch.start, stretch.end)
}

/// Where the result goes: what was named, or a name that is free.
fn output(read: &ReadRequest, places: &CommandPlaces<'_>) -> PathBuf {
    if let Some(output) = places.output {
        return output.clone();
    }
    let request = &read.reading.request;
    let first = read
        .files
        .first()
        .map(PathBuf::as_path)
        .unwrap_or(Path::new(""));
    let stem = first.file_stem().unwrap_or_default().to_string_lossy();
    let wanted = match request.verb {
        AskedVerb::Apply => "finished".into(),
        AskedVerb::Shorts => "shorts".into(),
        AskedVerb::Captions => format!("{stem}.{}", request.format.as_deref().unwrap_or("srt")),
        AskedVerb::Export => {
            let format = request.format.as_deref().unwrap_or("otio");
            let ending = match format {
                "xmeml" => "xml",
                "chapters" => "txt",
                other => other,
            };
            format!("{}.{ending}", film_stem(&stem))
        }
        AskedVerb::Revise | AskedVerb::Render => format!("{}.mp4", film_stem(&stem)),
        _ if read.files.iter().all(|path| is_sound(path)) => format!("{stem}-tight.flac"),
        _ => "reel.mp4".into(),
    };
    let wanted = if request.plan_only {
        format!("{wanted}.plan.json")
    } else {
        wanted
    };
    free(&wanted)
}

/// `reel` of `reel.mp4.plan`, which is the stem of `reel.mp4.plan.json`.
fn film_stem(stem: &str) -> &str {
    let film = stem.strip_suffix(".plan").unwrap_or(stem);
    film.rsplit_once('.').map_or(film, |(stem, _)| stem)
}

fn is_sound(path: &Path) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| {
        ["wav", "flac", "mp3", "m4a", "ogg", "aac"].contains(&ending.as_str())
    })
}

/// Most names that are tried; beyond, the last is in the way, which the verb says.
const MOST_NAMES: usize = 1000;

/// `reel.mp4`, or `reel-2.mp4` and so on where it is there already.
fn free(name: &str) -> PathBuf {
    let (stem, ending) = name
        .split_once('.')
        .map_or((name, String::new()), |(stem, ending)| {
            (stem, format!(".{ending}"))
        });
    let mut path = PathBuf::from(name);
    for number in 2..MOST_NAMES {
        if !path.exists() {
            break;
        }
        path = format!("{stem}-{number}{ending}").into();
    }
    path
}

/// The command as a shell reads it.
pub fn shell_words(command: &[OsString]) -> String {
    let words: Vec<String> = command.iter().map(|word| quoted(word)).collect();
    words.join(" ")
}

/// What is no text or steers a terminal is written in bytes, so that it is seen and can still be pasted.
fn quoted(word: &OsStr) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:,@=+%".contains(letter);
    match word.to_str() {
        Some(text) if !text.is_empty() && text.chars().all(is_plain) => text.to_owned(),
        Some(text) if !text.contains(char::is_control) => {
            format!("'{}'", text.replace('\'', r"'\''"))
        }
        _ => format!("$'{}'", escaped(word)),
    }
}

/// The word between `$'` and `'`.
fn escaped(word: &OsStr) -> String {
    let mut shown = String::new();
    let bytes =
        |bytes: &[u8]| -> String { bytes.iter().map(|it| format!(r"\x{it:02x}")).collect() };
    for chunk in word.as_encoded_bytes().utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '\'' | '\\' => shown.extend(['\\', letter]),
                _ if letter.is_control() => {
                    shown.push_str(&bytes(letter.encode_utf8(&mut [0; 4]).as_bytes()));
                }
                _ => shown.push(letter),
            }
        }
        shown.push_str(&bytes(chunk.invalid()));
    }
    shown
}
