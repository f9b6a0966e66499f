//! The fonts that captions are set in: those of the program, then the Noto fonts of the system for other scripts.
//!
//! The same text looks the same on every machine as long as the fonts of the program have its letters: Latin, Greek
//! and Cyrillic. For other scripts, fonts are looked for where Debian and its kin install Noto.

use std::path::Path;

use include_dir::{Dir, include_dir};
use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::{FontContext, FontFamily, FontFamilyName};

use crate::captions::CaptionFont;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/presets/fonts");

/// The family for text.
const TEXT: &str = "Inter";
/// The family for a few large words.
const DISPLAY: &str = "Bebas Neue";
/// Where Noto fonts are installed.
const FOLDERS: [&str; 3] = [
    "/usr/share/fonts/truetype/noto",
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto",
];
/// The largest font that is read, in bytes; Noto's East Asian collections have 20 MB.
const MOST_BYTES: u64 = 64_000_000;

/// The font of emoji; it has one weight.
const EMOJI: &str = "NotoColorEmoji";

/// Letters that the fonts of the program lack, and the files of Noto that have them, the best first.
const SCRIPTS: &[(std::ops::RangeInclusive<char>, &[&str])] = &[
    ('\u{0530}'..='\u{058f}', &["NotoSansArmenian"]),
    ('\u{0590}'..='\u{05ff}', &["NotoSansHebrew"]),
    (
        '\u{0600}'..='\u{06ff}',
        &["NotoSansArabic", "NotoNaskhArabic"],
    ),
    ('\u{0900}'..='\u{097f}', &["NotoSansDevanagari"]),
    ('\u{0980}'..='\u{09ff}', &["NotoSansBengali"]),
    ('\u{0a00}'..='\u{0a7f}', &["NotoSansGurmukhi"]),
    ('\u{0a80}'..='\u{0aff}', &["NotoSansGujarati"]),
    ('\u{0b80}'..='\u{0bff}', &["NotoSansTamil"]),
    ('\u{0c00}'..='\u{0c7f}', &["NotoSansTelugu"]),
    ('\u{0c80}'..='\u{0cff}', &["NotoSansKannada"]),
    ('\u{0d00}'..='\u{0d7f}', &["NotoSansMalayalam"]),
    ('\u{0e00}'..='\u{0e7f}', &["NotoSansThai"]),
    ('\u{10a0}'..='\u{10ff}', &["NotoSansGeorgian"]),
    ('\u{1100}'..='\u{11ff}', &["NotoSansCJK"]),
    ('\u{1780}'..='\u{17ff}', &["NotoSansKhmer"]),
    ('\u{2e80}'..='\u{9fff}', &["NotoSansCJK"]),
    ('\u{ac00}'..='\u{d7af}', &["NotoSansCJK"]),
    ('\u{ff00}'..='\u{ffef}', &["NotoSansCJK"]),
    ('\u{20000}'..='\u{2fa1f}', &["NotoSansCJK"]),
    ('\u{2600}'..='\u{27bf}', &[EMOJI]),
    ('\u{1f000}'..='\u{1faff}', &[EMOJI]),
];

/// The fonts, with those of the system that were needed so far.
pub(super) struct CaptionFonts {
    context: FontContext,
    /// Families of the system, in the order in which they were needed.
    families: Vec<String>,
    /// Files that were looked for.
    sought: Vec<&'static str>,
}

impl CaptionFonts {
    /// The fonts of the program.
    pub fn new() -> Self {
        let mut collection = Collection::new(CollectionOptions {
            shared: false,
            system_fonts: false,
        });
        for file in FILES.files() {
            if file
                .path()
                .extension()
                .is_some_and(|ending| ending == "otf")
            {
                collection.register_fonts(Blob::from(file.contents().to_vec()), None);
            }
        }
        let context = FontContext {
            collection,
            source_cache: SourceCache::default(),
        };
        Self {
            context,
            families: Vec::new(),
            sought: Vec::new(),
        }
    }

    /// What parley shapes with.
    pub fn context(&mut self) -> &mut FontContext {
        &mut self.context
    }

    /// The families for `text`, in the order in which a letter is looked for. Fonts of the system that it needs are
    /// loaded.
    pub fn families(&mut self, font: CaptionFont, text: &str) -> FontFamily<'static> {
        for (letters, files) in SCRIPTS {
            if text.chars().any(|letter| letters.contains(&letter)) {
                for file in *files {
                    self.load(file);
                }
            }
        }
        let first = match font {
            CaptionFont::Text => [TEXT, DISPLAY],
            CaptionFont::Display => [DISPLAY, TEXT],
        };
        let own = first.map(str::to_owned);
        let all = own.iter().chain(&self.families);
        let names: Vec<FontFamilyName<'static>> = all
            .map(|name| FontFamilyName::Named(name.clone().into()))
            .collect();
        FontFamily::List(names.into())
    }

    /// Loads the bold or regular style of a font of the system, where it is installed.
    fn load(&mut self, file: &'static str) {
        if self.sought.contains(&file) {
            return;
        }
        self.sought.push(file);
        let endings = [
            "-Bold.ttf",
            "-Bold.otf",
            "-Bold.ttc",
            "-Regular.ttf",
            "-Regular.otf",
            "-Regular.ttc",
            ".ttf",
        ];
        let paths = FOLDERS.iter().flat_map(|folder| {
            endings.map(|ending| Path::new(folder).join(format!("{file}{ending}")))
        });
        for path in paths {
            if !std::fs::metadata(&path)
                .is_ok_and(|facts| facts.is_file() && facts.len() <= MOST_BYTES)
            {
                continue;
            }
            let Ok(bytes) = std::fs::read(&path) else {
                continue;
            };
            let collection = &mut self.context.collection;
            for (family, _) in collection.register_fonts(Blob::from(bytes), None) {
                if let Some(name) = collection.family_name(family) {
                    self.families.push(name.to_owned());
                }
            }
            return;
        }
    }
}
