//! The resources of an FCPXML document, by their ids.

use std::collections::HashMap;

use crate::geometry::Size;
use crate::interchange::fcpxml::keys::time_of;
use crate::interchange::xml_tree::XmlElement;
use crate::time::Rational;

/// The resources.
#[derive(Debug, Default)]
pub(super) struct Resources<'a> {
    formats: HashMap<&'a str, &'a XmlElement>,
    assets: HashMap<&'a str, &'a XmlElement>,
    compounds: HashMap<&'a str, &'a XmlElement>,
}

/// A file that clips refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asset<'a> {
    pub url: &'a str,
    pub name: &'a str,
    /// Its own second at its beginning.
    pub start: Rational,
    /// How long it is; absent for stills.
    pub duration: Option<Rational>,
    pub has_video: bool,
    pub has_audio: bool,
}

impl<'a> Resources<'a> {
    pub fn read(root: &'a XmlElement) -> Self {
        let mut resources = Self::default();
        for resource in root
            .child("resources")
            .map_or(&[][..], |each| &each.children[..])
        {
            let Some(id) = resource.attribute("id") else {
                continue;
            };
            match resource.name.as_str() {
                "format" => resources.formats.insert(id, resource),
                "asset" => resources.assets.insert(id, resource),
                "media" => resources.compounds.insert(id, resource),
                _ => None,
            };
        }
        resources
    }

    /// The frame rate and size of a format.
    pub fn format(&self, id: Option<&str>) -> Result<(Option<Rational>, Option<Size>), String> {
        let Some(format) = id.and_then(|id| self.formats.get(id)) else {
            return Ok((None, None));
        };
        let rate = time_of(format, "frameDuration")?.and_then(Rational::inverse);
        let rate = rate.filter(|rate| (1.0..=1000.0).contains(&rate.seconds()));
        let side = |name| format.attribute(name).and_then(|side| side.parse().ok());
        let size = side("width").zip(side("height"));
        Ok((rate, size.map(|(width, height)| Size::new(width, height))))
    }

    /// The file that a clip refers to.
    pub fn asset(&self, id: Option<&str>) -> Result<Option<Asset<'a>>, String> {
        let Some(asset) = id.and_then(|id| self.assets.get(id)) else {
            return Ok(None);
        };
        let own = asset.attribute("src");
        let within = asset
            .child("media-rep")
            .and_then(|each| each.attribute("src"));
        let has = |name| asset.attribute(name).is_some_and(|has| has != "0");
        Ok(Some(Asset {
            url: own.or(within).unwrap_or_default(),
            name: asset.attribute("name").unwrap_or_default(),
            start: time_of(asset, "start")?.unwrap_or(Rational::ZERO),
            duration: time_of(asset, "duration")?.filter(|each| *each > Rational::ZERO),
            has_video: has("hasVideo"),
            has_audio: has("hasAudio"),
        }))
    }

    /// The sequence of a compound clip.
    pub fn compound(&self, id: Option<&str>) -> Option<&'a XmlElement> {
        self.compounds.get(id?)?.child("sequence")
    }
}
