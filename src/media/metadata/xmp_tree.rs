//! An XMP packet as a tree (ISO 16684-1): its properties by the address of their namespace, whatever their prefix.
//!
//! A tree can be thinned out and written again, with everything else byte for byte as it was. Pictures, films and sound
//! share this one parser.

use quick_xml::events::attributes::Attribute as RawAttribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, Writer};

/// The namespace of lists and of values that are addresses.
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// RDF nests a handful of levels. A packet deeper than this is not edited but left out.
const MOST_LEVELS: usize = 64;
/// Elements and attributes of the largest packet that is edited; extended packets of panoramas have some thousands.
const MOST_NODES: usize = 200_000;

/// An element or attribute: the address of its namespace (empty where it has none), its name there, and its own text.
#[derive(Debug, Clone, Copy)]
pub(in crate::media) struct Property<'a> {
    pub namespace: &'a str,
    pub name: &'a str,
    /// The value of an attribute, or the text directly inside an element, without entities.
    pub value: &'a str,
}

/// A packet that could be read.
pub(in crate::media) struct Tree {
    nodes: Vec<Node>,
}

enum Node {
    Element(Element),
    /// Text, comments, processing instructions.
    Other(Event<'static>),
}

/// An element with its attributes and what stands in it.
pub(in crate::media) struct Element {
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
        let mut reading = Reading::default();
        reading.read(text)?;
        reading.open.is_empty().then_some(Self {
            nodes: reading.nodes,
        })
    }

    /// Reads a packet up to where it breaks off or stops being XML. What stands open there ends there.
    pub fn parse_what_is_there(packet: &[u8]) -> Self {
        let text = String::from_utf8_lossy(packet);
        let mut reading = Reading::default();
        let _ = reading.read(&text);
        while let Some(element) = reading.open.pop() {
            reading.close(Node::Element(element));
        }
        Self {
            nodes: reading.nodes,
        }
    }

    /// The values of the first property of that name: its items where it is a list, in order.
    pub fn values(&self, namespace: &str, name: &str) -> Vec<String> {
        match find(&self.nodes, namespace, name) {
            Some(Found::Attribute(value)) => vec![value.to_owned()],
            Some(Found::Element(element)) => element.values(),
            None => Vec::new(),
        }
    }

    /// The elements of that name, wherever they stand.
    pub fn elements(&self, namespace: &str, name: &str) -> Vec<&Element> {
        let mut found = Vec::new();
        collect(&self.nodes, namespace, name, &mut found);
        found
    }

    /// Puts what `description` holds behind the other descriptions of the packet; false where there is no place.
    pub fn add_description(&mut self, description: &str) -> bool {
        let Some(added) = Self::parse(description.as_bytes()) else {
            return false;
        };
        let Some(root) = find_mut(&mut self.nodes, RDF, "RDF") else {
            return false;
        };
        root.is_empty = false;
        root.children.extend(added.nodes);
        true
    }

    /// True when some property that says something is one of those that `is` holds for.
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

/// What was read so far.
#[derive(Default)]
struct Reading {
    nodes: Vec<Node>,
    open: Vec<Element>,
    count: usize,
}

impl Reading {
    /// Reads on to the end of `text`; `None` where it is not well-formed.
    fn read(&mut self, text: &str) -> Option<()> {
        // Cameras pad packets with zeros.
        let mut reader = NsReader::from_str(text.trim_end_matches('\0'));
        loop {
            let node = match reader.read_event().ok()? {
                Event::Eof => return Some(()),
                Event::DocType(_) => return None,
                Event::Start(start) => {
                    let element = Element::new(&reader, start, false)?;
                    self.count += 1 + element.attributes.len();
                    self.open.push(element);
                    None
                }
                Event::Empty(start) => {
                    let element = Element::new(&reader, start, true)?;
                    self.count += 1 + element.attributes.len();
                    Some(Node::Element(element))
                }
                Event::End(_) => Some(Node::Element(self.open.pop()?)),
                other => {
                    if let Some(parent) = self.open.last_mut() {
                        parent.value.push_str(&text_of(&other)?);
                    }
                    Some(Node::Other(other.into_owned()))
                }
            };
            if self.open.len() > MOST_LEVELS || self.count > MOST_NODES {
                return None;
            }
            if let Some(node) = node {
                self.close(node);
            }
        }
    }

    /// Puts a finished node into the element that is open.
    fn close(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.nodes.push(node),
        }
    }
}

/// A property where it was found.
enum Found<'a> {
    Attribute(&'a str),
    Element(&'a Element),
}

fn find<'a>(nodes: &'a [Node], namespace: &str, name: &str) -> Option<Found<'a>> {
    nodes.iter().find_map(|node| {
        let Node::Element(element) = node else {
            return None;
        };
        if element.is(namespace, name) {
            return Some(Found::Element(element));
        }
        let attribute = element.attribute(namespace, name).map(Found::Attribute);
        attribute.or_else(|| find(&element.children, namespace, name))
    })
}

fn find_mut<'a>(nodes: &'a mut [Node], namespace: &str, name: &str) -> Option<&'a mut Element> {
    nodes.iter_mut().find_map(|node| {
        let Node::Element(element) = node else {
            return None;
        };
        if element.is(namespace, name) {
            return Some(element);
        }
        find_mut(&mut element.children, namespace, name)
    })
}

fn collect<'a>(nodes: &'a [Node], namespace: &str, name: &str, found: &mut Vec<&'a Element>) {
    for node in nodes {
        if let Node::Element(element) = node {
            if element.is(namespace, name) {
                found.push(element);
            }
            collect(&element.children, namespace, name, found);
        }
    }
}

impl Element {
    fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// The value of the attribute or child element of that name: the two ways that XMP writes a field of a structure.
    pub fn field(&self, namespace: &str, name: &str) -> Option<&str> {
        let child = || {
            self.children.iter().find_map(|node| match node {
                Node::Element(child) if child.is(namespace, name) => Some(child.value.trim()),
                _ => None,
            })
        };
        self.attribute(namespace, name).or_else(child)
    }

    fn attribute(&self, namespace: &str, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|attribute| attribute.namespace == namespace && attribute.name == name)
            .map(|attribute| attribute.value.as_str())
    }

    /// An address that stands for the value, the items of a list, or the text.
    fn values(&self) -> Vec<String> {
        if let Some(resource) = self.attribute(RDF, "resource") {
            return vec![resource.to_owned()];
        }
        let mut items = Vec::new();
        collect(&self.children, RDF, "li", &mut items);
        if items.is_empty() {
            collect(&self.children, RDF, "value", &mut items);
        }
        if !items.is_empty() {
            let item = |item: &&Element| match item.attribute(RDF, "resource") {
                Some(resource) => resource.to_owned(),
                None => item.value.clone(),
            };
            return items.iter().map(item).collect();
        }
        let is_plain = |node: &Node| matches!(node, Node::Other(_));
        if self.is_empty || !self.children.iter().all(is_plain) {
            return Vec::new();
        }
        vec![self.value.clone()]
    }

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

/// The address that a prefix usually stands for: some writers declare none.
fn usual_address(prefix: &str) -> &'static str {
    match prefix {
        "rdf" => RDF,
        "dc" => "http://purl.org/dc/elements/1.1/",
        "cc" => "http://creativecommons.org/ns#",
        "xmpDM" => "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
        "xmpRights" => "http://ns.adobe.com/xap/1.0/rights/",
        _ => "",
    }
}

/// The address of a namespace without character references, which could hide it.
fn address(namespace: ResolveResult<'_>) -> String {
    match namespace {
        ResolveResult::Bound(namespace) => quick_xml::escape::unescape(namespace.as_ref())
            .map_or_else(|_| namespace.as_ref().to_owned(), |text| text.into_owned()),
        ResolveResult::Unknown(prefix) => usual_address(&prefix).into(),
        ResolveResult::Unbound => String::new(),
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

impl Element {
    /// False for a value, list or structure in which nothing stands, such as the empty lists that GIMP writes.
    fn says_something(&self) -> bool {
        let names_form = |attribute: &Attribute| {
            (attribute.namespace == RDF && attribute.name == "parseType")
                || (attribute.namespace == XML && attribute.name == "lang")
        };
        let mut attributes = self.attributes.iter();
        !self.value.trim().is_empty()
            || attributes.any(|it| !it.value.trim().is_empty() && !names_form(it))
            || self.children.iter().any(|child| match child {
                Node::Element(element) => element.says_something(),
                Node::Other(_) => false,
            })
    }
}

fn any(nodes: &[Node], is: &impl Fn(Property<'_>) -> bool) -> bool {
    nodes.iter().any(|node| match node {
        Node::Other(_) => false,
        Node::Element(element) => {
            (is(element.property()) && element.says_something())
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
