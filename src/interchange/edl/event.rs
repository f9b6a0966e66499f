//! The events of an edit decision list, as text: lines of fields, and the comments after them.

use crate::interchange::text_limits::MOST_ITEMS;

/// An event: a clip, and how it begins.
#[derive(Debug, Default)]
pub(super) struct Event<'a> {
    /// Its line, or the second of two for a transition.
    pub line: Fields<'a>,
    /// Whether its number stood on two lines, the first of which ends the clip before.
    pub is_transition: bool,
    /// The lines after it.
    pub comments: Vec<&'a str>,
}

/// The fields of an event's line.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) struct Fields<'a> {
    pub number: &'a str,
    pub reel: &'a str,
    pub channel: &'a str,
    /// `C`, `D` or `W001`.
    pub edit: &'a str,
    /// Frames of a transition.
    pub frames: Option<&'a str>,
    pub source_in: &'a str,
    pub source_out: &'a str,
    pub record_in: &'a str,
    pub record_out: &'a str,
}

/// The title and the events of a list.
pub(super) fn events(text: &str) -> Result<(String, Vec<Event<'_>>), String> {
    let mut title = String::new();
    let mut events: Vec<Event<'_>> = Vec::new();
    // The comments of an event with two clips belong to both.
    let mut split = false;
    let lines = text.lines().map(str::trim).enumerate();
    for (at, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let wrong = |what: &str| format!("line {}: {what}", at + 1);
        if line.starts_with(|first: char| first.is_ascii_digit()) {
            let fields = fields(line).map_err(|what| wrong(&what))?;
            let count = events.len();
            match events.last_mut() {
                Some(last) if !split && same_number(last.line.number, fields.number) => {
                    if last.is_transition {
                        return Err(wrong("a third line of one event"));
                    }
                    last.is_transition = true;
                    last.line = fields;
                }
                _ if count >= MOST_ITEMS => {
                    return Err(format!("it has more than {MOST_ITEMS} events"));
                }
                _ => events.push(Event {
                    line: fields,
                    ..Event::default()
                }),
            }
            continue;
        }
        split = line.starts_with("SPLIT");
        match events.last_mut() {
            Some(event) => event.comments.push(line),
            None if line.starts_with("TITLE:") => {
                title = line.trim_start_matches("TITLE:").trim().into();
            }
            None if line.starts_with("FCM") || split => {}
            None => return Err(wrong("neither a title nor an event")),
        }
    }
    if events.is_empty() {
        return Err("it has no event of an edit decision list".into());
    }
    Ok((title, events))
}

fn same_number(a: &str, b: &str) -> bool {
    a.parse::<u32>().is_ok_and(|a| b.parse() == Ok(a))
}

fn fields(line: &str) -> Result<Fields<'_>, String> {
    let mut words = [""; 9];
    let mut count = 0;
    for word in line.split_whitespace() {
        let Some(place) = words.get_mut(count) else {
            return Err("an event has 8 or 9 fields".into());
        };
        *place = word;
        count += 1;
    }
    let [number, reel, channel, edit, rest @ ..] = words;
    let (frames, times) = match (count, rest) {
        (8, [a, b, c, d, _]) => (None, [a, b, c, d]),
        (9, [frames, a, b, c, d]) => (Some(frames), [a, b, c, d]),
        _ => return Err(format!("an event has 8 or 9 fields, not {count}")),
    };
    let is_wipe = edit.len() == 4
        && edit.starts_with('W')
        && edit.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    let fits = match frames {
        None => edit == "C",
        Some(_) => edit == "D" || is_wipe,
    };
    if !fits {
        return Err(format!("an edit of the kind {edit:?}"));
    }
    let [source_in, source_out, record_in, record_out] = times;
    Ok(Fields {
        number,
        reel,
        channel,
        edit,
        frames,
        source_in,
        source_out,
        record_in,
        record_out,
    })
}
