//! XMP packets, edited as text: their RDF can be written in many ways, so a packet that cannot be edited for sure is
//! given up instead of guessed at.

/// A property: the address of its namespace, and what its name is or begins with.
struct Property {
    namespace: &'static str,
    name: &'static str,
    prefix_only: bool,
}

const fn named(namespace: &'static str, name: &'static str) -> Property {
    Property {
        namespace,
        name,
        prefix_only: false,
    }
}

const EXIF: &str = "http://ns.adobe.com/exif/1.0/";
const TIFF: &str = "http://ns.adobe.com/tiff/1.0/";
const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";
const IPTC_CORE: &str = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/";
const IPTC_EXTENSION: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
const NOTE: &str = "http://ns.adobe.com/xmp/note/";

/// Everything that says where a picture was taken.
const PLACE: &[Property] = &[
    Property {
        namespace: EXIF,
        name: "GPS",
        prefix_only: true,
    },
    named(PHOTOSHOP, "City"),
    named(PHOTOSHOP, "State"),
    named(PHOTOSHOP, "Country"),
    named(IPTC_CORE, "Location"),
    named(IPTC_CORE, "CountryCode"),
    named(IPTC_EXTENSION, "LocationShown"),
    named(IPTC_EXTENSION, "LocationCreated"),
];

/// What is no longer true of an upright picture in a file of its own: how it was turned, and that a second packet
/// follows.
const OUTDATED: &[Property] = &[named(TIFF, "Orientation"), named(NOTE, "HasExtendedXMP")];

/// True when the packet names a place, or may do so in a way that cannot be read here.
pub(super) fn has_location(packet: &[u8]) -> bool {
    match readable(packet) {
        Some(text) => PLACE.iter().any(|property| mentions(text, property)),
        None => true,
    }
}

/// The packet without orientation; `None` where it cannot be taken out for sure.
pub(super) fn made_upright(packet: &[u8]) -> Option<Vec<u8>> {
    without(packet, OUTDATED)
}

/// The packet without places; `None` where they cannot be taken out for sure.
pub(super) fn without_location(packet: &[u8]) -> Option<Vec<u8>> {
    without(packet, PLACE)
}

/// UTF-8 without entities of its own or default namespaces, which would hide names.
fn readable(packet: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(packet).ok()?;
    let hides = text.contains("<!ENTITY") || text.contains("<!DOCTYPE") || text.contains('\0');
    let default_namespace = PLACE.iter().chain(OUTDATED).any(|property| {
        ['"', '\'']
            .iter()
            .any(|quote| text.contains(&format!("xmlns={quote}{}{quote}", property.namespace)))
    });
    (!hides && !default_namespace).then_some(text)
}

fn without(packet: &[u8], properties: &[Property]) -> Option<Vec<u8>> {
    let mut text = readable(packet)?.to_string();
    for property in properties {
        for prefix in prefixes(&text, property.namespace) {
            let start = format!("{prefix}:{}", property.name);
            while let Some(at) = find_name(&text, &start, property.prefix_only, 0) {
                let (from, to) = extent(&text, at)?;
                text.replace_range(from..to, "");
            }
        }
        if mentions(&text, property) {
            return None;
        }
    }
    Some(text.into_bytes())
}

fn mentions(text: &str, property: &Property) -> bool {
    prefixes(text, property.namespace).iter().any(|prefix| {
        let start = format!("{prefix}:{}", property.name);
        find_name(text, &start, property.prefix_only, 0).is_some()
    })
}

/// The prefixes that stand for a namespace, wherever in the text they are declared.
fn prefixes(text: &str, namespace: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, _) in text.match_indices(namespace) {
        // Backwards over: quote, space, equals sign, space, the prefix, "xmlns:".
        let before = text[..at].strip_suffix(['"', '\'']).unwrap_or_default();
        let before = before.trim_end().strip_suffix('=').unwrap_or_default();
        let before = before.trim_end();
        let from = before
            .rfind(|character: char| !is_name(character))
            .map_or(0, |at| {
                at + before[at..].chars().next().map_or(1, char::len_utf8)
            });
        let prefix = &before[from..];
        if before[..from].ends_with("xmlns:") && !prefix.is_empty() {
            found.push(prefix.to_string());
        }
    }
    found.sort();
    found.dedup();
    found
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}

/// Where a qualified name stands that is `start`, or begins with it when `prefix_only`.
fn find_name(text: &str, start: &str, prefix_only: bool, from: usize) -> Option<usize> {
    text[from..]
        .match_indices(start)
        .map(|(at, _)| from + at)
        .find(|&at| {
            let before = text[..at].chars().next_back();
            let after = text[at + start.len()..].chars().next();
            let begins = before.is_none_or(|character| !is_name(character) && character != ':');
            begins && (prefix_only || after.is_none_or(|character| !is_name(character)))
        })
}

/// From where to where the attribute or element reaches whose name stands at `at`.
fn extent(text: &str, at: usize) -> Option<(usize, usize)> {
    let name: &str = text[at..]
        .split(|character: char| !is_name(character) && character != ':')
        .next()?;
    let after = &text[at + name.len()..];
    if text[..at].ends_with('<') {
        let tag_end = at + name.len() + tag_length(after)?;
        if text[..tag_end].ends_with("/>") {
            return Some((at - 1, tag_end));
        }
        // Elements of one name do not nest in RDF properties; were they to, the rest would be found and refused.
        let close = format!("</{name}");
        let close_at = tag_end + text[tag_end..].find(&close)?;
        let end = close_at + text[close_at..].find('>')? + 1;
        return Some((at - 1, end));
    }
    if !text[..at].ends_with(char::is_whitespace) {
        return None;
    }
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|&quote| matches!(quote, '"' | '\''))?;
    let length = value[1..].find(quote)? + 2;
    let value_at = text.len() - value.len();
    let from = text[..at].trim_end().len();
    Some((from, value_at + length))
}

/// How long the rest of a start tag is, up to and with `>`, quoted values passed over.
fn tag_length(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, character) in rest.char_indices() {
        match (quote, character) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const PACKET: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:t='http://ns.adobe.com/tiff/1.0/'
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  exif:GPSLatitude="52,31.2N" t:Orientation="6" photoshop:City='Berlin' exif:ISO="100">
 <exif:GPSLongitude>13,24.3E</exif:GPSLongitude><exif:GPSTimeStamp/>
 <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A City walk</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#;

    #[test]
    fn places_go_and_the_rest_stays() {
        assert!(has_location(PACKET.as_bytes()));
        let without = without_location(PACKET.as_bytes()).unwrap();
        let text = String::from_utf8(without).unwrap();
        for gone in ["GPS", "13,24.3E", "52,31.2N", "Berlin"] {
            assert!(!text.contains(gone), "{gone} is still in {text}");
        }
        for kept in [
            "A City walk",
            "exif:ISO=\"100\"",
            "t:Orientation=\"6\"",
            "xpacket end",
        ] {
            assert!(text.contains(kept), "{kept} is gone from {text}");
        }
        assert!(!has_location(text.as_bytes()));
    }

    #[test]
    fn orientation_goes_whatever_the_prefix() {
        let upright = String::from_utf8(made_upright(PACKET.as_bytes()).unwrap()).unwrap();
        assert!(!upright.contains("Orientation"));
        assert!(upright.contains("GPSLatitude"));
    }

    #[test]
    fn what_cannot_be_read_is_given_up() {
        let wide: Vec<u8> = PACKET.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(has_location(&wide));
        assert_eq!(without_location(&wide), None);
        let hidden = PACKET.replace("<x:xmpmeta", "<!DOCTYPE x [<!ENTITY a \"b\">]><x:xmpmeta");
        assert_eq!(without_location(hidden.as_bytes()), None);
        let broken = PACKET.replace("</exif:GPSLongitude>", "");
        assert_eq!(without_location(broken.as_bytes()), None);
    }

    #[test]
    fn cut_packets_do_no_harm() {
        for length in 0..PACKET.len() {
            let cut = &PACKET.as_bytes()[..length];
            has_location(cut);
            made_upright(cut);
            if let Some(without) = without_location(cut) {
                assert!(!String::from_utf8(without).unwrap().contains("13,24.3E"));
            }
        }
    }
}
