//! Writes XML with indented elements.

use std::fmt::Write as _;

/// A document while it is written.
#[derive(Debug, Default)]
pub(super) struct XmlWriter {
    text: String,
    open: Vec<String>,
}

/// The attributes of an element.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

impl XmlWriter {
    /// A document with its declaration and, where `doctype` is not empty, its type.
    pub fn new(doctype: &str) -> Self {
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        if !doctype.is_empty() {
            let _ = writeln!(text, "<!DOCTYPE {doctype}>");
        }
        Self {
            text,
            open: Vec::new(),
        }
    }

    fn tag(&mut self, name: &str, attributes: Attributes<'_>) {
        for _ in &self.open {
            self.text.push_str("  ");
        }
        let _ = write!(self.text, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.text, " {key}=\"{}\"", escaped(value));
        }
    }

    /// Opens an element, which [`Self::end`] closes.
    pub fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.text.push_str(">\n");
        self.open.push(name.into());
    }

    /// Closes the element that was opened last.
    pub fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            for _ in &self.open {
                self.text.push_str("  ");
            }
            let _ = writeln!(self.text, "</{name}>");
        }
    }

    /// An element with nothing in it.
    pub fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.text.push_str("/>\n");
    }

    /// An element with text.
    pub fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.tag(name, attributes);
        let _ = writeln!(self.text, ">{}</{name}>", escaped(text));
    }

    /// The document, with everything closed.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.text
    }
}

/// Text without characters that mean something in XML, or that XML cannot hold.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(written, "&#{};", u32::from(letter));
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => written.push('\u{fffd}'),
            other => written.push(other),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::xml_tree::XmlElement;

    #[test]
    fn what_is_written_is_read_again() {
        let text = "a & b < c > d \"e\"\n👋\té";
        let mut writer = XmlWriter::new("x");
        writer.start("x", &[("y", text)]);
        writer.text("z", &[], text);
        writer.empty("w", &[]);
        let root = XmlElement::parse(&writer.finish());
        let root = root.unwrap_or_default();
        assert_eq!(root.attribute("y"), Some(text));
        assert_eq!(root.text_at("z"), Some(text));
        assert_eq!(root.children.len(), 2);
    }
}
