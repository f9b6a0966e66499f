//! Which properties of an XMP packet no longer hold for a result, and which say where a picture was taken.
//!
//! A packet that cannot be parsed is dropped rather than guessed at, and counts as one that contains a location.

use super::coordinates::{is_coordinate, mentions_coordinate};
use super::xmp_tree::{Property, Tree};

/// A property by the address of its namespace and its name. An empty name stands for the whole namespace.
type Name = (&'static str, &'static str);

const EXIF: &str = "http://ns.adobe.com/exif/1.0/";
const TIFF: &str = "http://ns.adobe.com/tiff/1.0/";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";
const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";
const IPTC_CORE: &str = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/";
const IPTC_EXTENSION: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
const NOTE: &str = "http://ns.adobe.com/xmp/note/";
const DYNAMIC_MEDIA: &str = "http://ns.adobe.com/xmp/1.0/DynamicMedia/";
const CAMERA: &str = "http://ns.google.com/photos/1.0/camera/";
const CONTAINER: &str = "http://ns.google.com/photos/1.0/container/";
const CONTAINER_ITEM: &str = "http://ns.google.com/photos/1.0/container/item/";
const PANORAMA: &str = "http://ns.google.com/photos/1.0/panorama/";
const REGIONS: &str = "http://www.metadataworkinggroup.com/schemas/regions/";
const MICROSOFT_REGIONS: &str = "http://ns.microsoft.com/photo/1.2/";
const DARWIN_CORE: &str = "http://rs.tdwg.org/dwc/terms/";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
const W3C_GEO: &str = "http://www.w3.org/2003/01/geo/wgs84_pos#";

/// Names of places. Positions in numbers are known by [`LOCATION_WORDS`] and by their values.
const PLACE_NAMES: &[Name] = &[
    (PHOTOSHOP, "City"),
    (PHOTOSHOP, "State"),
    (PHOTOSHOP, "Country"),
    (IPTC_CORE, "Location"),
    (IPTC_CORE, "CountryCode"),
    (IPTC_EXTENSION, "LocationShown"),
    (IPTC_EXTENSION, "LocationCreated"),
    (IPTC_EXTENSION, "LocationName"),
    (IPTC_EXTENSION, "LocationId"),
    (IPTC_EXTENSION, "City"),
    (IPTC_EXTENSION, "CountryCode"),
    (IPTC_EXTENSION, "CountryName"),
    (IPTC_EXTENSION, "ProvinceState"),
    (IPTC_EXTENSION, "Sublocation"),
    (IPTC_EXTENSION, "WorldRegion"),
    (DYNAMIC_MEDIA, "shotLocation"),
    (DUBLIN_CORE, "coverage"),
    ("http://purl.org/dc/terms/", "spatial"),
    ("http://ns.camerabits.com/photomechanic/1.0/", "CountryCode"),
    ("http://ns.iview-multimedia.com/mediapro/1.0/", "Location"),
    ("http://prismstandard.org/namespaces/basic/2.0/", "location"),
    (DARWIN_CORE, ""),
    (W3C_GEO, ""),
];

/// Beginnings of keywords that photo libraries sort under places (digiKam, Lightroom), in lower case.
const PLACE_KEYWORDS: &[&str] = &["places/", "places|", "locations/", "locations|"];

/// Parts of names under which makers of cameras, drones and phones write a position (`drone-dji:GpsLongtitude`,
/// `Camera:GPSXYAccuracy`, `drone-skydio:AbsoluteAltitude`, `xmp-acdsee:…`), in lower case.
const LOCATION_WORDS: &[&str] = &[
    "gps",
    "latitude",
    "longitude",
    "longtitude",
    "altitude",
    "geotag",
    "geolocation",
    "geohash",
    "coordinates",
    "homepoint",
    "takeofflocation",
    "placename",
];

/// Properties that do not hold for a single picture in a new file: its orientation, the parts that followed it in the
/// file (a film, a gain map, depth, a second packet), and the burst that it belonged to.
const PARTS_OF_THE_FILE: &[Name] = &[
    (TIFF, "Orientation"),
    (NOTE, "HasExtendedXMP"),
    (XMP, "Thumbnails"),
    (CAMERA, "MotionPhoto"),
    (CAMERA, "MotionPhotoVersion"),
    (CAMERA, "MotionPhotoPresentationTimestampUs"),
    (CAMERA, "MotionPhotoPrimaryPresentationTimestampUs"),
    (CAMERA, "MotionPhotoOwner"),
    (CAMERA, "MicroVideo"),
    (CAMERA, "MicroVideoVersion"),
    (CAMERA, "MicroVideoOffset"),
    (CAMERA, "MicroVideoPresentationTimestampUs"),
    (CAMERA, "BurstID"),
    (CAMERA, "BurstPrimary"),
    (CONTAINER, ""),
    (CONTAINER_ITEM, ""),
    ("http://ns.google.com/photos/dd/1.0/container/", ""),
    ("http://ns.google.com/photos/dd/1.0/item/", ""),
    ("http://ns.google.com/photos/dd/1.0/device/", ""),
    ("http://ns.google.com/photos/dd/1.0/profile/", ""),
    ("http://ns.google.com/photos/1.0/depthmap/", ""),
    ("http://ns.google.com/photos/1.0/image/", ""),
    ("http://ns.google.com/photos/1.0/audio/", ""),
    ("http://ns.google.com/photos/1.0/focus/", ""),
    ("http://ns.adobe.com/hdr-gain-map/1.0/", ""),
    ("http://ns.apple.com/HDRGainMap/1.0/", ""),
    ("http://ns.apple.com/pixeldatainfo/1.0/", ""),
    ("http://ns.apple.com/depthData/1.0/", ""),
    ("http://ns.apple.com/ImageIO/1.0/", "hasXMP"),
    // Digests over EXIF and TIFF properties that have changed.
    (EXIF, "NativeDigest"),
    (TIFF, "NativeDigest"),
];

/// Properties that do not hold for a picture of another size or shape.
const GEOMETRY: &[Name] = &[
    (EXIF, "PixelXDimension"),
    (EXIF, "PixelYDimension"),
    (EXIF, "SubjectArea"),
    (EXIF, "SubjectLocation"),
    (TIFF, "ImageWidth"),
    (TIFF, "ImageLength"),
    (PANORAMA, ""),
    (REGIONS, "Regions"),
    (MICROSOFT_REGIONS, "RegionInfo"),
    (IPTC_EXTENSION, "ImageRegion"),
];

/// True if the packet contains a location, or cannot be parsed.
pub(super) fn has_location(packet: &[u8]) -> bool {
    Tree::parse(packet).is_none_or(|tree| tree.has(is_location))
}

/// The packet without properties that do not hold for the picture alone and, if `reshaped`, without those of its old
/// size and shape; `None` if the packet cannot be parsed.
pub(super) fn truthful(packet: &[u8], reshaped: bool) -> Option<Vec<u8>> {
    without(packet, |property| {
        is_in(property, PARTS_OF_THE_FILE) || (reshaped && is_in(property, GEOMETRY))
    })
}

/// The packet without locations; `None` if it cannot be parsed.
pub(super) fn without_location(packet: &[u8]) -> Option<Vec<u8>> {
    without(packet, is_location)
}

/// The packet without the properties that `is` holds for; byte for byte as it was if there are none.
fn without(packet: &[u8], is: impl Fn(Property<'_>) -> bool) -> Option<Vec<u8>> {
    let mut tree = Tree::parse(packet)?;
    if !tree.has(&is) {
        return Some(packet.to_vec());
    }
    tree.remove(is);
    tree.to_bytes()
}

fn is_in(property: Property<'_>, names: &[Name]) -> bool {
    names.iter().any(|(namespace, name)| {
        *namespace == property.namespace && (name.is_empty() || *name == property.name)
    })
}

fn is_location(property: Property<'_>) -> bool {
    let name = property.name.to_ascii_lowercase();
    is_in(property, PLACE_NAMES)
        || LOCATION_WORDS.iter().any(|word| name.contains(word))
        || is_coordinate(property.value)
        || mentions_coordinate(property.value)
        || is_place_keyword(property.value)
}

fn is_place_keyword(value: &str) -> bool {
    PLACE_KEYWORDS.iter().any(|beginning| {
        let same = value.trim_start().get(..beginning.len());
        same.is_some_and(|start| start.eq_ignore_ascii_case(beginning))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const PACKET: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:t='http://ns.adobe.com/tiff/1.0/'
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  exif:GPSLatitude="52,31.2N" t:Orientation="6" photoshop:City='Berlin' exif:ISO="100" dc:source='a "b" &amp; c'>
 <exif:GPSLongitude>13,24.3E</exif:GPSLongitude><exif:GPSTimeStamp/>
 <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A City walk &#38; more</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#;

    fn described(namespaces: &str, attributes: &str, elements: &str) -> String {
        format!(
            r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
                xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
                {namespaces} {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>"#
        )
    }

    #[test]
    fn places_go_and_the_rest_stays() {
        assert!(has_location(PACKET.as_bytes()));
        let without = without_location(PACKET.as_bytes()).unwrap();
        let text = String::from_utf8(without).unwrap();
        for gone in ["GPS", "13,24.3E", "52,31.2N", "Berlin"] {
            assert!(!text.contains(gone), "{gone} is still in {text}");
        }
        for kept in [
            "A City walk &#38; more",
            "exif:ISO=\"100\"",
            "t:Orientation=\"6\"",
            "dc:source=\"a &quot;b&quot; &amp; c\"",
            "xpacket end",
        ] {
            assert!(text.contains(kept), "{kept} is gone from {text}");
        }
        assert!(!has_location(text.as_bytes()));
    }

    #[test]
    fn makers_names_for_positions_go_however_they_are_written() {
        let cases = [
            described(
                r#"xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/""#,
                r#"drone-dji:GpsLatitude="+12.3456789" drone-dji:GpsLongtitude="+98.7654321""#,
                "<drone-dji:AbsoluteAltitude>+10</drone-dji:AbsoluteAltitude>",
            ),
            described(
                r#"xmlns:s="https://www.skydio.com/drone-skydio/1.0/""#,
                "",
                r#"<s:CameraPosition rdf:parseType="Resource"><s:Latitude>12.3456789</s:Latitude></s:CameraPosition>"#,
            ),
            described(
                r#"xmlns:a="urn:somebody""#,
                r#"a:spot="12.3456789, 98.7654321""#,
                "",
            ),
            described(
                r#"xmlns:a="urn:somebody""#,
                "",
                "<a:spot>12.3456&#55;89, 98.7654321</a:spot>",
            ),
            described(
                r#"xmlns="http://ns.adobe.com/photoshop/1.0/""#,
                "",
                "<City>12.3456789</City>",
            ),
            described(
                r#"xmlns:p="http://ns.adobe.com/photoshop&#47;1.0/""#,
                "",
                "<p:City>12.3456789</p:City>",
            ),
        ];
        for packet in cases {
            assert!(has_location(packet.as_bytes()), "{packet}");
            let left = without_location(packet.as_bytes()).unwrap();
            let left = String::from_utf8(left).unwrap();
            assert!(!left.contains("12.3456"), "{left}");
            assert!(!left.contains("98.76"), "{left}");
            assert!(!has_location(left.as_bytes()), "{left}");
        }
    }

    #[test]
    fn places_in_other_words_go_and_words_that_name_none_stay() {
        let packet = described(
            r#"xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/""#,
            r#"dc:coverage="Prater" dc:source="seen at 48.2082, 16.3738 at noon""#,
            r#"<lr:hierarchicalSubject><rdf:Bag><rdf:li>Places|Austria|Prater</rdf:li><rdf:li>Trees|Oak</rdf:li>
               </rdf:Bag></lr:hierarchicalSubject>"#,
        );
        let left = without_location(packet.as_bytes()).unwrap();
        let left = String::from_utf8(left).unwrap();
        assert!(!left.contains("Prater") && !left.contains("48.2"), "{left}");
        assert!(left.contains("Trees|Oak"), "{left}");
    }

    #[test]
    fn a_place_that_is_left_empty_is_none() {
        let packet = |inside: &str| {
            let place = format!("<i:LocationShown><rdf:Bag>{inside}</rdf:Bag></i:LocationShown>");
            described(
                r#"xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/""#,
                "",
                &place,
            )
        };
        for empty in ["", "\n  ", r#"<rdf:li rdf:parseType="Resource"/>"#] {
            let packet = packet(empty);
            assert!(!has_location(packet.as_bytes()), "{packet}");
            let left = without_location(packet.as_bytes()).unwrap();
            assert_eq!(left, packet.into_bytes());
        }
        let city = r#"<rdf:li rdf:parseType="Resource"><i:City>Vienna</i:City></rdf:li>"#;
        assert!(has_location(packet(city).as_bytes()));
        let attribute = r#"<rdf:li i:City="Vienna"/>"#;
        assert!(has_location(packet(attribute).as_bytes()));
    }

    #[test]
    fn claims_about_other_parts_of_the_file_go() {
        let packet = described(
            r#"xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"
               xmlns:C="http://ns.google.com/photos/1.0/container/"
               xmlns:Item="http://ns.google.com/photos/1.0/container/item/" xmlns:dc="http://purl.org/dc/elements/1.1/"
               xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/""#,
            r#"GCamera:MotionPhoto="1" GCamera:MicroVideoOffset="311402" hdrgm:Version="1.0" dc:source="kept""#,
            r#"<C:Directory><rdf:Seq><rdf:li rdf:parseType="Resource"><C:Item Item:Length="311402"/></rdf:li>
               </rdf:Seq></C:Directory>"#,
        );
        let left = String::from_utf8(truthful(packet.as_bytes(), false).unwrap()).unwrap();
        for gone in ["MotionPhoto", "311402", "Directory", "hdrgm:Version"] {
            assert!(!left.contains(gone), "{gone} is still in {left}");
        }
        assert!(left.contains("kept"));
    }

    #[test]
    fn orientation_goes_always_and_sizes_with_the_old_shape() {
        let upright = String::from_utf8(truthful(PACKET.as_bytes(), false).unwrap()).unwrap();
        assert!(!upright.contains("Orientation"));
        assert!(upright.contains("GPSLatitude"));
        let packet = described(
            r#"xmlns:e="http://ns.adobe.com/exif/1.0/"
               xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/""#,
            r#"e:PixelXDimension="400""#,
            "<mwg-rs:Regions/>",
        );
        let same = truthful(packet.as_bytes(), false).unwrap();
        assert_eq!(same, packet.as_bytes());
        let reshaped = String::from_utf8(truthful(packet.as_bytes(), true).unwrap()).unwrap();
        assert!(!reshaped.contains("PixelXDimension") && !reshaped.contains("mwg-rs:Regions"));
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
        let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        assert_eq!(without_location(deep.as_bytes()), None);
    }

    #[test]
    fn cut_packets_do_no_harm() {
        for length in 0..PACKET.len() {
            let cut = &PACKET.as_bytes()[..length];
            has_location(cut);
            truthful(cut, true);
            if let Some(without) = without_location(cut) {
                assert!(!String::from_utf8(without).unwrap().contains("13,24.3E"));
            }
        }
    }
}
