//! XML as a tree, within limits and without entities of its own: names, attributes, children and text.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::interchange::text_limits::MOST_LEVELS;

/// Elements and attributes of the largest document that is read: a clip has about thirty.
const MOST_NODES: usize = 2_000_000;

/// Attributes of one element.
const MOST_ATTRIBUTES: usize = 100;

/// An element.
#[derive(Debug, Default)]
pub(super) struct XmlElement {
    /// Its name, without a prefix taken off.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// The elements in it.
    pub children: Vec<XmlElement>,
    /// The text directly in it.
    pub text: String,
}

impl XmlElement {
    /// The root of the document `text`.
    ///
    /// Errors: it is not well-formed, declares entities, or passes a limit.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Self> = Vec::new();
        let mut nodes = 0_usize;
        loop {
            let event = reader.read_event().map_err(|problem| problem.to_string())?;
            let closed = match event {
                Event::Start(start) => {
                    let element = Self::new(&start)?;
                    nodes += 1 + element.attributes.len();
                    open.push(element);
                    None
                }
                Event::Empty(start) => {
                    let element = Self::new(&start)?;
                    nodes += 1 + element.attributes.len();
                    Some(element)
                }
                Event::End(_) => open.pop(),
                Event::DocType(declared) => {
                    // Declared entities could be enormous, or be files of this machine. Timelines need none.
                    if declared.contains('[') {
                        return Err("it declares entities".into());
                    }
                    None
                }
                Event::Eof => return Err("it breaks off".into()),
                other => {
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&text_of(&other)?);
                    }
                    None
                }
            };
            if open.len() > MOST_LEVELS {
                return Err(format!("it nests deeper than {MOST_LEVELS} levels"));
            }
            if nodes > MOST_NODES {
                return Err(format!("it has more than {MOST_NODES} elements"));
            }
            if let Some(closed) = closed {
                match open.last_mut() {
                    Some(parent) => parent.children.push(closed),
                    None => return Ok(closed),
                }
            }
        }
    }

    fn new(start: &BytesStart<'_>) -> Result<Self, String> {
        let mut attributes = Vec::new();
        // The reader's own check compares each attribute with all others of its element.
        for attribute in start.attributes().with_checks(false) {
            if attributes.len() >= MOST_ATTRIBUTES {
                return Err(format!(
                    "an element has more than {MOST_ATTRIBUTES} attributes"
                ));
            }
            let attribute = attribute.map_err(|problem| problem.to_string())?;
            let value = quick_xml::escape::unescape(&attribute.value);
            let value = value.map_err(|problem| problem.to_string())?.into_owned();
            attributes.push((attribute.key.as_ref().to_owned(), value));
        }
        Ok(Self {
            name: start.name().as_ref().to_owned(),
            attributes,
            ..Self::default()
        })
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child of a child … of these names.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |element, name| element.child(name))
    }

    /// The trimmed text of the first child of this name.
    pub fn text_at(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim())
    }
}

/// The text of an event: only the five entities that XML has, and characters by number.
fn text_of(event: &Event<'_>) -> Result<String, String> {
    Ok(match event {
        Event::Text(text) => text.xml10_content().into_owned(),
        Event::CData(text) => text.xml10_content().into_owned(),
        Event::GeneralRef(reference) => {
            let name = format!("&{};", &**reference);
            let text = quick_xml::escape::unescape(&name);
            text.map_err(|problem| problem.to_string())?.into_owned()
        }
        _ => String::new(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_free_of_entities() {
        let text = "<?xml version=\"1.0\"?><!DOCTYPE a><a b='1 &lt; 2'>x &amp; <c/>&#233;<![CDATA[<]]></a>";
        let root = XmlElement::parse(text).unwrap();
        assert_eq!(root.attribute("b"), Some("1 < 2"));
        assert_eq!(root.text, "x & é<");
        assert_eq!(root.children.len(), 1);
    }

    #[test]
    fn entities_depth_and_broken_documents_are_refused() {
        let refused = |text: &str| XmlElement::parse(text).unwrap_err();
        let bomb = "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>";
        assert!(refused(bomb).contains("entities"));
        refused("<a>&e;</a>");
        refused("<a b='&e;'/>");
        refused("<a><b></a>");
        refused("<a>");
        refused("");
        assert!(refused(&"<a>".repeat(1000)).contains("levels"));
    }
}
