//! An XMP packet as a tree: parsed with its namespaces, thinned out, and written again with everything else as it was.

use quick_xml::events::attributes::Attribute as RawAttribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, Writer};

/// RDF nests a handful of levels. A packet deeper than this is not edited but left out.
const MOST_LEVELS: usize = 64;
/// Elements and attributes of the largest packet that is edited; extended packets of panoramas have some thousands.
const MOST_NODES: usize = 200_000;

/// An element or attribute: the address of its namespace (empty where it has none), its name there, and its own text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Property<'a> {
    pub namespace: &'a str,
    pub name: &'a str,
    /// The value of an attribute, or the text directly inside an element, without entities.
    pub value: &'a str,
}

/// A packet that could be read.
pub(super) struct Tree {
    nodes: Vec<Node>,
}

enum Node {
    Element(Element),
    /// Text, comments, processing instructions.
    Other(Event<'static>),
}

struct Element {
    namespace: String,
    name: String,
    value: String,
    /// As it was written, with its attributes.
    start: BytesStart<'static>,
    attributes: Vec<Attribute>,
    /// Written as `<name/>`.
    is_empty: bool,
    children: Vec<Node>,
}

struct Attribute {
    namespace: String,
    name: String,
    value: String,
}

impl Tree {
    /// Reads a packet. `None` where it is not well-formed UTF-8 XML, or declares entities, which could hide values.
    pub fn parse(packet: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(packet).ok()?;
        // Cameras pad packets with zeros.
        let text = text.trim_end_matches('\0');
        let mut reader = NsReader::from_str(text);
        let mut open: Vec<Element> = Vec::new();
        let mut nodes = Vec::new();
        let mut count = 0usize;
        loop {
            let event = reader.read_event().ok()?;
            let done = match event {
                Event::Eof => break,
                Event::DocType(_) => return None,
                Event::Start(start) => {
                    let element = Element::new(&reader, start, false)?;
                    count += 1 + element.attributes.len();
                    open.push(element);
                    None
                }
                Event::Empty(start) => {
                    let element = Element::new(&reader, start, true)?;
                    count += 1 + element.attributes.len();
                    Some(Node::Element(element))
                }
                Event::End(_) => Some(Node::Element(open.pop()?)),
                other => {
                    if let Some(parent) = open.last_mut() {
                        parent.value.push_str(&text_of(&other)?);
                    }
                    Some(Node::Other(other.into_owned()))
                }
            };
            if open.len() > MOST_LEVELS || count > MOST_NODES {
                return None;
            }
            let Some(node) = done else { continue };
            match open.last_mut() {
                Some(parent) => parent.children.push(node),
                None => nodes.push(node),
            }
        }
        open.is_empty().then_some(Self { nodes })
    }

    /// True when some property is one of those that `is` holds for.
    pub fn has(&self, is: impl Fn(Property<'_>) -> bool) -> bool {
        any(&self.nodes, &is)
    }

    /// Takes out the properties that `is` holds for, with everything inside them.
    pub fn remove(&mut self, is: impl Fn(Property<'_>) -> bool) {
        thin(&mut self.nodes, &is);
    }

    /// The packet again; `None` where it cannot be written.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let mut writer = Writer::new(Vec::new());
        write(&self.nodes, &mut writer)?;
        Some(writer.into_inner())
    }
}

impl Element {
    fn new(reader: &NsReader<&[u8]>, start: BytesStart<'_>, is_empty: bool) -> Option<Self> {
        let (namespace, name) = reader.resolver().resolve_element(start.name());
        let (namespace, name) = (address(namespace), name.as_ref().to_owned());
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            if declares_namespace(attribute.key.as_ref()) {
                continue;
            }
            let (namespace, name) = reader.resolver().resolve_attribute(attribute.key);
            attributes.push(Attribute {
                namespace: address(namespace),
                name: name.as_ref().to_owned(),
                value: quick_xml::escape::unescape(&attribute.value)
                    .ok()?
                    .into_owned(),
            });
        }
        Some(Self {
            namespace,
            name,
            value: String::new(),
            start: start.into_owned(),
            attributes,
            is_empty,
            children: Vec::new(),
        })
    }

    fn property(&self) -> Property<'_> {
        Property {
            namespace: &self.namespace,
            name: &self.name,
            value: &self.value,
        }
    }
}

impl Attribute {
    fn property(&self) -> Property<'_> {
        Property {
            namespace: &self.namespace,
            name: &self.name,
            value: &self.value,
        }
    }
}

fn declares_namespace(key: &str) -> bool {
    key == "xmlns" || key.starts_with("xmlns:")
}

/// The address of a namespace without character references, which could hide it.
fn address(namespace: ResolveResult<'_>) -> String {
    match namespace {
        ResolveResult::Bound(namespace) => quick_xml::escape::unescape(namespace.as_ref())
            .map_or_else(|_| namespace.as_ref().to_owned(), |text| text.into_owned()),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => String::new(),
    }
}

/// What an event adds to the text of its element. `None` for an entity that nobody declared.
fn text_of(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Text(text) => Some(AsRef::<str>::as_ref(text).to_owned()),
        Event::CData(text) => Some(AsRef::<str>::as_ref(text).to_owned()),
        Event::GeneralRef(entity) => {
            let reference = format!("&{};", AsRef::<str>::as_ref(entity));
            quick_xml::escape::unescape(&reference)
                .ok()
                .map(|text| text.into_owned())
        }
        _ => Some(String::new()),
    }
}

fn any(nodes: &[Node], is: &impl Fn(Property<'_>) -> bool) -> bool {
    nodes.iter().any(|node| match node {
        Node::Other(_) => false,
        Node::Element(element) => {
            is(element.property())
                || element
                    .attributes
                    .iter()
                    .any(|attribute| is(attribute.property()))
                || any(&element.children, is)
        }
    })
}

fn thin(nodes: &mut Vec<Node>, is: &impl Fn(Property<'_>) -> bool) {
    nodes.retain(|node| match node {
        Node::Element(element) => !is(element.property()),
        Node::Other(_) => true,
    });
    for node in nodes {
        if let Node::Element(element) = node {
            if element
                .attributes
                .iter()
                .any(|attribute| is(attribute.property()))
            {
                element.start = without_attributes(element, is);
                element
                    .attributes
                    .retain(|attribute| !is(attribute.property()));
            }
            thin(&mut element.children, is);
        }
    }
}

/// The start tag of `element` without the attributes that `is` holds for.
fn without_attributes(
    element: &Element,
    is: &impl Fn(Property<'_>) -> bool,
) -> BytesStart<'static> {
    let name = element.start.name();
    let mut start = BytesStart::new(AsRef::<str>::as_ref(&name).to_owned());
    let mut properties = element.attributes.iter();
    for raw in element.start.attributes().flatten() {
        let kept = declares_namespace(raw.key.as_ref())
            || properties
                .next()
                .is_some_and(|attribute| !is(attribute.property()));
        if kept {
            // Values are written in double quotes, whatever they stood in.
            let value = raw.value.replace('"', "&quot;");
            start.push_attribute(RawAttribute {
                key: raw.key,
                value: value.into(),
            });
        }
    }
    start
}

fn write(nodes: &[Node], writer: &mut Writer<Vec<u8>>) -> Option<()> {
    for node in nodes {
        match node {
            Node::Other(event) => writer.write_event(event.borrow()).ok()?,
            Node::Element(element) if element.is_empty => {
                writer
                    .write_event(Event::Empty(element.start.borrow()))
                    .ok()?;
            }
            Node::Element(element) => {
                writer
                    .write_event(Event::Start(element.start.borrow()))
                    .ok()?;
                write(&element.children, writer)?;
                writer
                    .write_event(Event::End(element.start.to_end()))
                    .ok()?;
            }
        }
    }
    Some(())
}
