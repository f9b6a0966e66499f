//! XMP packets in sound and films: title, artist, album and rights.

use super::fields::{Field, TagFields};
use crate::media::metadata::xmp_tree::Tree;

/// A longer packet holds thumbnails or a history, behind what is looked for.
const MOST_BYTES: usize = 1 << 20;

const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
const DYNAMIC_MEDIA: &str = "http://ns.adobe.com/xmp/1.0/DynamicMedia/";
const RIGHTS: &str = "http://ns.adobe.com/xap/1.0/rights/";
/// Creative Commons, and the address that it had before 2008.
const CREATIVE_COMMONS: [&str; 2] = [
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
];

const PROPERTIES: [(&str, &str, Field); 11] = [
    (DUBLIN_CORE, "title", Field::Title),
    (DUBLIN_CORE, "creator", Field::Artist),
    (DYNAMIC_MEDIA, "artist", Field::Artist),
    (DYNAMIC_MEDIA, "album", Field::Album),
    (CREATIVE_COMMONS[0], "license", Field::License),
    (CREATIVE_COMMONS[1], "license", Field::License),
    (RIGHTS, "UsageTerms", Field::License),
    (RIGHTS, "WebStatement", Field::CopyrightAddress),
    (DYNAMIC_MEDIA, "copyright", Field::Copyright),
    (DUBLIN_CORE, "rights", Field::Copyright),
    (DUBLIN_CORE, "description", Field::Comment),
];

/// What the packet says, as far as it can be read.
pub(super) fn read(packet: &[u8]) -> TagFields {
    let mut fields = TagFields::default();
    let tree = Tree::parse_what_is_there(packet.get(..MOST_BYTES).unwrap_or(packet));
    for (namespace, name, field) in PROPERTIES {
        for value in tree.values(namespace, name) {
            fields.add(field, &value);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_do_not_matter_and_a_packet_that_breaks_off_is_read_as_far_as_it_goes() {
        let packet = r#"<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description
            xmlns:one="http://purl.org/dc/elements/1.1/" xmlns:two="http://creativecommons.org/ns#">
            <one:creator><r:Seq><r:li>Anna &amp; Bert</r:li><r:li>Cleo</r:li></r:Seq></one:creator>
            <two:license r:resource="https://creativecommons.org/licenses/by/4.0/"/>
            <one:title><r:Alt><r:li>Song</r:li></r:Alt></one:title><one:rights>mine</on"#;
        let values = |name| {
            let tree = Tree::parse_what_is_there(packet.as_bytes());
            tree.values(DUBLIN_CORE, name)
        };
        assert_eq!(values("creator"), ["Anna & Bert", "Cleo"]);
        assert_eq!(values("title"), ["Song"]);
        let license =
            Tree::parse_what_is_there(packet.as_bytes()).values(CREATIVE_COMMONS[0], "license");
        assert_eq!(license, ["https://creativecommons.org/licenses/by/4.0/"]);
        for length in 0..packet.len() {
            read(&packet.as_bytes()[..length]);
        }
    }
}
