//! The content of one tag of any kind: texts by field, and pictures.

/// The fields that are read from tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Artist,
    Album,
    License,
    CopyrightAddress,
    Copyright,
    /// Used only to find the address of a Creative Commons license.
    Comment,
}

/// Most values of one field: no track has more artists.
const MOST_VALUES: usize = 64;
/// Most bytes of one text. Whole license texts are pasted into tags; their first lines identify them.
const LONGEST_TEXT: usize = 16 << 10;
/// Most pictures of one tag.
const MOST_PICTURES: usize = 64;

/// A picture in a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TagPicture {
    /// Whether it is the front cover (picture type 3 of ID3v2.4, section 4.14, which FLAC and others share).
    pub front: bool,
    pub data: Vec<u8>,
}

/// The number of the front cover among ID3's picture types.
pub(super) const FRONT_COVER: u32 = 3;

/// One tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TagFields {
    values: Vec<(Field, String)>,
    pictures: Vec<TagPicture>,
}

impl TagFields {
    /// Adds one value; an empty one, and one that is there already, adds nothing.
    pub fn add(&mut self, field: Field, text: &str) {
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0');
        let text = text
            .get(..text.floor_char_boundary(LONGEST_TEXT))
            .unwrap_or_default();
        let known = self.all(field).any(|other| other == text);
        if !text.is_empty() && !known && self.all(field).count() < MOST_VALUES {
            self.values.push((field, text.to_owned()));
        }
    }

    /// Adds a value by the name that the tag gives it; an unknown name adds nothing.
    pub fn add_named(&mut self, name: &str, text: &str) {
        if let Some(field) = field_named(name) {
            self.add(field, text);
        }
    }

    /// Adds a picture, unless it is empty.
    pub fn add_picture(&mut self, front: bool, data: &[u8]) {
        if !data.is_empty() && self.pictures.len() < MOST_PICTURES {
            let data = data.to_vec();
            self.pictures.push(TagPicture { front, data });
        }
    }

    /// Adds everything from `other`.
    pub fn extend(&mut self, other: Self) {
        for (field, text) in other.values {
            self.add(field, &text);
        }
        let room = MOST_PICTURES.saturating_sub(self.pictures.len());
        self.pictures.extend(other.pictures.into_iter().take(room));
    }

    /// All values of one field.
    pub fn all(&self, field: Field) -> impl Iterator<Item = &str> {
        let values = self.values.iter().filter(move |(other, _)| *other == field);
        values.map(|(_, text)| text.as_str())
    }

    /// All pictures.
    pub fn pictures(&self) -> &[TagPicture] {
        &self.pictures
    }
}

/// The field that people mean by `name`: in Vorbis comments, APE items, freeform items of MP4 and ID3, and in
/// Matroska and ASF. Case, spaces and punctuation do not matter.
pub(super) fn field_named(name: &str) -> Option<Field> {
    let plain: String = name
        .chars()
        .take(64)
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    Some(match plain.as_str() {
        "title" => Field::Title,
        "artist" | "author" => Field::Artist,
        "album" | "wmalbumtitle" => Field::Album,
        "license" | "licence" | "licenseurl" | "licenceurl" | "licenseuri" | "termsofuse"
        | "usageterms" | "cclicense" | "wmlicense" | "wmlicenseurl" => Field::License,
        "copyrighturl" | "copyrightaddress" | "webstatement" | "wmcopyrighturl" => {
            Field::CopyrightAddress
        }
        "copyright" | "rights" | "wmcopyright" => Field::Copyright,
        "comment" | "comments" | "description" => Field::Comment,
        _ => return None,
    })
}

/// Decodes UTF-8 if it is valid, else Latin-1: in practice, formats without a declared encoding hold one of the two.
pub(super) fn utf8_or_latin1(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => latin1(bytes),
    }
}

/// Text in Latin-1, where each byte is a letter of its own.
pub(super) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// Decodes UTF-16. A trailing odd byte is dropped; invalid units become replacement characters.
pub(super) fn utf16(bytes: &[u8], big_endian: bool) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|&pair| {
        if big_endian {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }
    });
    char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
