//! The sources as text: code without comments, strings and tests, and the strings separately.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::root;

/// One file of `src/` that is part of the program.
pub struct Source {
    /// From the checkout, with `/` between names.
    pub file: String,
    /// `["media", "ffmpeg", "muxer"]`; empty for `lib.rs`.
    pub module: Vec<String>,
    pub text: String,
    /// The text with blanks for comments, for what stands in quotes and for tests; as long as the text in lines and
    /// columns.
    pub code: String,
    /// The same with tests.
    pub code_and_tests: String,
    /// String literals outside tests, with their lines.
    pub strings: Vec<(usize, String)>,
}

impl Source {
    /// The room: the first name of the module.
    pub fn room(&self) -> &str {
        self.module.first().map_or("", String::as_str)
    }

    /// `file:line` of a byte of the code.
    pub fn at(&self, byte: usize) -> String {
        format!("{}:{}", self.file, line_of(&self.code, byte))
    }

    fn read(path: &Path) -> Self {
        Self::new(from_root(path), fs::read_to_string(path).unwrap())
    }

    /// A file with this name and text.
    pub fn new(file: String, text: String) -> Self {
        let (mut code, strings) = blank(&text);
        let code_and_tests = code.clone();
        let tests = test_spans(&code);
        for span in &tests {
            code.replace_range(span.clone(), &blanks(&code[span.clone()]));
        }
        let strings = strings
            .into_iter()
            .filter(|(at, _)| !tests.iter().any(|span| span.contains(at)))
            .map(|(at, string)| (line_of(&text, at), string))
            .collect();
        Self {
            module: module_of(&file),
            file,
            text,
            code,
            code_and_tests,
            strings,
        }
    }
}

/// All files of the program but `main.rs`, by name.
pub fn sources() -> Vec<Source> {
    let folder = root().join("src");
    let mut files = files_below(&folder);
    files.retain(|path| from_root(path).ends_with(".rs") && *path != folder.join("main.rs"));
    let tests: Vec<PathBuf> = files.iter().flat_map(|path| test_files(path)).collect();
    files
        .iter()
        .filter(|path| !tests.iter().any(|test| path.starts_with(test)))
        .map(|path| Source::read(path))
        .collect()
}

/// All files below a folder, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A path from the checkout.
pub fn from_root(path: &Path) -> String {
    let inside = path.strip_prefix(root()).unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}

fn module_of(file: &str) -> Vec<String> {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut names: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if names
        .last()
        .is_some_and(|name| name == "mod" || name == "lib")
    {
        names.pop();
    }
    names
}

/// Files and folders of modules that `path` declares for tests only.
fn test_files(path: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(path).unwrap();
    let (code, _) = blank(&text);
    let folder = path.parent().unwrap();
    let name = path.file_name().unwrap();
    let inside = if name == "mod.rs" || name == "lib.rs" {
        folder.to_owned()
    } else {
        path.with_extension("")
    };
    let mut files = Vec::new();
    for span in test_spans(&code) {
        let item = &text[span];
        if let Some(at) = item.find("#[path = \"") {
            let file = item[at + 10..].split('"').next().unwrap();
            files.push(folder.join(file));
        } else if item.trim_end().ends_with(';')
            && let Some(at) = item.find("mod ")
        {
            let module = item[at + 4..].trim_end_matches(';');
            files.push(inside.join(module));
            files.push(inside.join(format!("{module}.rs")));
        }
    }
    files
}

/// Items under `#[cfg(test)]`, with their attributes.
fn test_spans(code: &str) -> Vec<std::ops::Range<usize>> {
    let mut spans: Vec<std::ops::Range<usize>> = Vec::new();
    for word in ["#[cfg(test)]", "#[cfg(all(test"] {
        for (start, _) in code.match_indices(word) {
            let mut at = start;
            // The attributes, then the item up to its end.
            while code[at..].trim_start().starts_with("#[") {
                at += code[at..].find("#[").unwrap() + 1;
                at = closing(code, at);
            }
            let open = code[at..].find('{').map_or(code.len(), |found| at + found);
            let end = code[at..].find(';').map_or(code.len(), |found| at + found);
            let end = if end < open {
                end + 1
            } else {
                closing(code, open)
            };
            spans.push(start..end);
        }
    }
    spans
}

/// The byte after the bracket that closes the one at `open`.
fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, letter) in code[open..].char_indices() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                if depth == 0 {
                    return open + at + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// As many bytes of blanks, with the line ends where they are.
fn blanks(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect()
}

fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes()[..byte]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

/// The code with blanks for comments and for what stands in quotes, and the strings with their first bytes.
fn blank(text: &str) -> (String, Vec<(usize, String)>) {
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            code.push_str(&blanks(&rest[..length]));
            length
        } else if rest.starts_with("/*") {
            let length = rest.find("*/").map_or(rest.len(), |end| end + 2);
            code.push_str(&blanks(&rest[..length]));
            length
        } else if let Some((head, body, tail)) = string(text, at) {
            let inside = &rest[head..head + body];
            strings.push((at, inside.to_owned()));
            code.push_str(&rest[..head]);
            code.push_str(&blanks(inside));
            code.push_str(&rest[head + body..head + body + tail]);
            head + body + tail
        } else if let Some(length) = character(rest) {
            code.push_str(&blanks(&rest[..length]));
            length
        } else {
            let letter = rest.chars().next().unwrap();
            if letter.is_ascii() {
                code.push(letter);
            } else {
                code.push_str(&" ".repeat(letter.len_utf8()));
            }
            letter.len_utf8()
        };
        at += length;
    }
    (code, strings)
}

/// Lengths of the opening quote, the content and the closing quote of a string that begins at `at`.
fn string(text: &str, at: usize) -> Option<(usize, usize, usize)> {
    let rest = &text[at..];
    if !rest.starts_with(['"', 'b', 'c', 'r']) {
        return None;
    }
    let in_name = text[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    let prefix = ["br", "cr", "r", "b", "c", ""]
        .into_iter()
        .find(|prefix| {
            rest.starts_with(prefix)
                && rest[prefix.len()..]
                    .trim_start_matches('#')
                    .starts_with('"')
        })
        .filter(|prefix| prefix.is_empty() || !in_name)?;
    let hashes = rest[prefix.len()..].len() - rest[prefix.len()..].trim_start_matches('#').len();
    let head = prefix.len() + hashes + 1;
    if prefix.contains('r') {
        let tail = format!("\"{}", "#".repeat(hashes));
        return Some((head, rest[head..].find(&tail)?, tail.len()));
    }
    if hashes > 0 {
        return None;
    }
    let mut escaped = false;
    for (length, letter) in rest[head..].char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((head, length, 1)),
            _ => {}
        }
    }
    None
}

/// The length of a character literal; `None` for a lifetime and anything else.
fn character(rest: &str) -> Option<usize> {
    let mut letters = rest.char_indices();
    if letters.next()?.1 != '\'' {
        return None;
    }
    match letters.next()?.1 {
        '\\' => Some(
            rest[2..]
                .char_indices()
                .skip(1)
                .find(|(_, letter)| *letter == '\'')?
                .0
                + 3,
        ),
        _ => letters
            .next()
            .filter(|(_, letter)| *letter == '\'')
            .map(|(at, _)| at + 1),
    }
}
