//! XMP packets in sound and films (ISO 16684-1): title, artist, album and rights, by the names of their properties.
//!
//! Not a parser of XML: a property is what stands between its name and the next end tag of that name, or its attribute.

use super::fields::{Field, TagFields};

/// A longer packet holds thumbnails or a history, behind what is looked for.
const MOST_BYTES: usize = 1 << 20;

const PROPERTIES: [(&str, Field); 10] = [
    ("dc:title", Field::Title),
    ("dc:creator", Field::Artist),
    ("xmpDM:artist", Field::Artist),
    ("xmpDM:album", Field::Album),
    ("cc:license", Field::License),
    ("xmpRights:UsageTerms", Field::License),
    ("xmpRights:WebStatement", Field::CopyrightAddress),
    ("xmpDM:copyright", Field::Copyright),
    ("dc:rights", Field::Copyright),
    ("dc:description", Field::Comment),
];

/// What the packet says.
pub(super) fn read(packet: &[u8]) -> TagFields {
    let mut fields = TagFields::default();
    let text = String::from_utf8_lossy(packet.get(..MOST_BYTES).unwrap_or(packet));
    for (name, field) in PROPERTIES {
        for value in values(&text, name) {
            fields.add(field, &value);
        }
    }
    fields
}

/// The values of the first property of that name.
fn values(text: &str, name: &str) -> Vec<String> {
    if let Some((tag, rest)) = element(text, name) {
        if let Some(resource) = attribute(tag, "rdf:resource") {
            return vec![unescaped(resource)];
        }
        if tag.ends_with('/') {
            return Vec::new();
        }
        let content = rest
            .split_once(&format!("</{name}"))
            .map_or("", |(content, _)| content);
        let mut items = Vec::new();
        let mut left = content;
        while let Some((tag, rest)) = element(left, "rdf:li") {
            let resource = attribute(tag, "rdf:resource");
            let inner = rest.split_once("</rdf:li").map_or("", |(inner, _)| inner);
            items.push(unescaped(resource.unwrap_or(inner)));
            left = rest;
        }
        if items.is_empty() && !content.contains('<') {
            items.push(unescaped(content));
        }
        return items;
    }
    attribute(text, name).map(unescaped).into_iter().collect()
}

/// What stands within the start tag of `name`, and what stands behind it.
fn element<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let mut rest = text;
    loop {
        let (_, behind) = rest.split_once(&format!("<{name}"))?;
        rest = behind;
        if behind.starts_with(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/'))
        {
            return behind.split_once('>');
        }
    }
}

/// The value of the attribute `name`.
fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let (before, behind) = rest.split_once(name)?;
        rest = behind;
        let apart = before.is_empty() || before.ends_with(char::is_whitespace);
        let value = behind.trim_start().strip_prefix('=').map(str::trim_start);
        if let (true, Some(value)) = (apart, value) {
            let quote = value
                .chars()
                .next()
                .filter(|letter| matches!(letter, '"' | '\''))?;
            return value[1..].split_once(quote).map(|(value, _)| value);
        }
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}
