//! Timelines that are broken or malicious are refused in words, soon, and never bring the program down.

use std::path::Path;
use std::time::{Duration, Instant};

use tastemaker::interchange::{LossBook, read_sequence};

const TIME: &str = r#"{"OTIO_SCHEMA": "RationalTime.1", "rate": RATE, "value": VALUE}"#;

/// A timeline of one clip whose length is `value` over `rate`.
fn otio(rate: &str, value: &str) -> String {
    let time = TIME.replace("RATE", rate).replace("VALUE", value);
    format!(
        r#"{{"OTIO_SCHEMA": "Timeline.1", "tracks": {{"OTIO_SCHEMA": "Stack.1", "children": [
        {{"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": [{{"OTIO_SCHEMA": "Clip.1",
        "source_range": {{"OTIO_SCHEMA": "TimeRange.1", "start_time": {time}, "duration": {time}}}}}]}}]}}}}"#
    )
}

fn fcpxml(doctype: &str, inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><!DOCTYPE fcpxml {doctype}><fcpxml version=\"1.10\">{inside}</fcpxml>"
    )
}

fn project(duration: &str) -> String {
    format!(
        "<project><sequence><spine><gap offset=\"0s\" duration=\"{duration}\"/></spine></sequence></project>"
    )
}

fn xmeml(rate: &str, clip: &str) -> String {
    format!(
        "<xmeml version=\"4\"><sequence><rate><timebase>{rate}</timebase></rate><media><video><track>{clip}\
         </track></video></media></sequence></xmeml>"
    )
}

#[test]
fn each_is_refused_with_its_problem() {
    let clip = |start: &str| {
        format!(
            "<clipitem><start>{start}</start><end>5</end><in>0</in><out>5</out><file/></clipitem>"
        )
    };
    let event = "001  AX  V  C  00:00:00:00 00:00:01:00";
    let clips = r#"{"OTIO_SCHEMA": "Gap.1"},"#.repeat(250_000);
    let compound = "<resources><media id=\"m\"><sequence><spine><ref-clip ref=\"m\" duration=\"1s\"/></spine></sequence>\
                    </media></resources>";
    let cases: Vec<(&str, String, &str)> = vec![
        ("empty.otio", String::new(), "empty"),
        ("broken.otio", otio("24", "48").replace("}]}}", ""), "line"),
        ("deep.otio", "[".repeat(200_000), "levels"),
        ("zero.otio", otio("0", "48"), "0 units"),
        ("below.otio", otio("-24", "48"), "-24 units"),
        ("nan.otio", otio("NaN", "48"), "rate"),
        ("huge.otio", otio("24", "1e308"), "out of range"),
        ("many.otio", format!("{{\"OTIO_SCHEMA\": \"Track.1\", \"children\": [{clips}{{}}]}}"), "200000"),
        ("other.json", "{\"a\": 1}".into(), "OpenTimelineIO"),
        ("bomb.fcpxml", fcpxml("[<!ENTITY a \"haha\"><!ENTITY b \"&a;&a;\">]", "&b;"), "entities"),
        ("file.fcpxml", fcpxml("[<!ENTITY e SYSTEM \"file:///etc/hosts\">]", "&e;"), "entities"),
        ("unknown.fcpxml", fcpxml("", "<project name=\"&e;\"/>"), "e"),
        ("nothing.fcpxml", fcpxml("", ""), "project"),
        ("zero.fcpxml", fcpxml("", &project("5/0s")), "no time"),
        ("words.fcpxml", fcpxml("", &project("soon")), "no time"),
        ("below.fcpxml", fcpxml("", &project("-5s")), "nothing"),
        ("late.fcpxml", fcpxml("", &project("99999999999s")), "no time"),
        ("loop.fcpxml", fcpxml("", &format!("{compound}<project><sequence><spine><ref-clip ref=\"m\" duration=\"1s\"/></spine></sequence></project>")), "nest"),
        ("deep.fcpxml", "<fcpxml>".repeat(100_000), "levels"),
        ("attributes.fcpxml", format!("<fcpxml {}/>", (0..5000).map(|at| format!("a{at}='' ")).collect::<String>()), "attributes"),
        ("other.xml", "<html><body/></html>".into(), "html"),
        ("plain.mlt", "<mlt/>".into(), "written here"),
        ("zero.xml", xmeml("0", &clip("0")), "time base"),
        ("nowhere.xml", xmeml("25", &clip("-1")), "nowhere"),
        ("backwards.xml", xmeml("25", &clip("9")), "before it begins"),
        ("words.xml", xmeml("25", &clip("x")), "start"),
        ("loop.xml", "<xmeml><sequence id=\"s\"><rate><timebase>25</timebase></rate><media><video><track><clipitem><start>0</start>\
          <end>5</end><in>0</in><sequence id=\"s\"/></clipitem></track></video></media></sequence></xmeml>".into(), "nest"),
        ("noise.edl", "#$%&/()=? 17 a b c".into(), "event"),
        ("times.edl", format!("TITLE: x\n{event} 00:00:00:00 -1:00:00:00\n"), "timecode"),
        ("lengths.edl", format!("{event} 00:00:00:00 00:00:02:00\n"), "frames of source"),
        ("overlap.edl", format!("{event} 00:00:00:00 00:00:01:00\n002{}\n", &format!("{event} 00:00:00:00 00:00:01:00")[3..]), "before the one above"),
        ("fields.edl", "001 AX V C 1 2 3\n".into(), "fields"),
        ("many.edl", format!("{event} 00:00:00:00 00:00:01:00\n").repeat(3), "third line"),
    ];
    for (name, text, problem) in cases {
        let began = Instant::now();
        let refused = read_sequence(&text, Path::new(name), &mut LossBook::default());
        let error = match refused {
            Err(error) => error.to_string(),
            Ok(_) => panic!("{name} was read"),
        };
        assert!(
            error.contains(name) && error.contains(problem),
            "{name}: {error}"
        );
        assert!(began.elapsed() < Duration::from_secs(20), "{name}");
    }
}
