//! Paths of fields in JSON text: the offset of a field and the field at an offset, for errors that name both line and
//! field.

/// An open object or array, and the position in it.
enum Container {
    Object {
        key: Option<String>,
        wants_key: bool,
    },
    Array {
        position: usize,
    },
}

/// The byte offset of the value at `path`, such as `picture[2].out`. If it is absent, that of the innermost part of the
/// path that exists.
pub(super) fn offset_of(text: &str, path: &str) -> usize {
    let mut best = (0, 0);
    walk(text, |at, here| {
        let here = here();
        let inside = path
            .strip_prefix(here.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        if inside && here.len() > best.0 {
            best = (here.len(), at);
        }
        here == path
    });
    best.1
}

/// The path of the innermost value at `offset`, and that of its container.
pub(super) fn path_at(text: &str, offset: usize) -> (String, String) {
    let mut last = (String::new(), String::new());
    let head = text.get(..offset).unwrap_or(text);
    let stack = walk(head, |_, _| false);
    last.0 = write_path(&stack);
    let container = stack.len().saturating_sub(1);
    last.1 = write_path(stack.get(..container).unwrap_or_default());
    last
}

/// Walks `text` and calls `visit` with the offset of each value and a function for its path, until `visit` returns
/// true. Returns the containers open at that point. The text may be incomplete or invalid.
fn walk(text: &str, mut visit: impl FnMut(usize, &dyn Fn() -> String) -> bool) -> Vec<Container> {
    let bytes = text.as_bytes();
    let mut stack: Vec<Container> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let is_key = matches!(
            stack.last(),
            Some(Container::Object {
                wants_key: true,
                ..
            })
        );
        match byte {
            b'"' if is_key => {
                let end = end_of_string(bytes, at);
                let name = text.get(at + 1..end.saturating_sub(1)).unwrap_or_default();
                if let Some(Container::Object { key, wants_key }) = stack.last_mut() {
                    *key = Some(name.to_owned());
                    *wants_key = false;
                }
                at = end;
                continue;
            }
            b'}' | b']' => {
                stack.pop();
            }
            b',' => match stack.last_mut() {
                Some(Container::Object { wants_key, .. }) => *wants_key = true,
                Some(Container::Array { position }) => *position += 1,
                None => {}
            },
            b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => {
                if visit(at, &|| write_path(&stack)) {
                    return stack;
                }
                match byte {
                    b'{' => stack.push(Container::Object {
                        key: None,
                        wants_key: true,
                    }),
                    b'[' => stack.push(Container::Array { position: 0 }),
                    b'"' => {
                        at = end_of_string(bytes, at);
                        continue;
                    }
                    _ => {
                        while bytes.get(at + 1).is_some_and(|next| {
                            !matches!(next, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n')
                        }) {
                            at += 1;
                        }
                    }
                }
            }
        }
        at += 1;
    }
    stack
}

/// The offset after the closing quote of the string that begins at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn write_path(stack: &[Container]) -> String {
    let mut path = String::new();
    for container in stack {
        match container {
            Container::Object { key: Some(key), .. } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
            Container::Object { key: None, .. } => {}
            Container::Array { position } => path.push_str(&format!("[{position}]")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{ "a": [1, {"b": "x, ]}", "c": [true, -2.5]}], "d\"": {}, "e": 3 }"#;

    #[test]
    fn finds_values() {
        let at = |path| &TEXT[offset_of(TEXT, path)..];
        assert!(at("a").starts_with("[1, "));
        assert!(at("a[0]").starts_with("1, "));
        assert!(at("a[1].b").starts_with("\"x, ]}\""));
        assert!(at("a[1].c[1]").starts_with("-2.5"));
        assert!(at("e").starts_with("3 }"));
        // An absent field: the object that should contain it.
        assert!(at("a[1].z").starts_with("{\"b\""));
    }

    #[test]
    fn names_the_field_at_an_offset() {
        let name = |part: &str| path_at(TEXT, TEXT.find(part).unwrap() + part.len());
        assert_eq!(name("-2").0, "a[1].c[1]");
        assert_eq!(name("-2").1, "a[1].c");
        assert_eq!(name("\"x, ]").0, "a[1].b");
        assert_eq!(name("\"e\": 3"), ("e".to_owned(), String::new()));
    }

    #[test]
    fn survives_broken_text() {
        for end in 0..TEXT.len() {
            let head = &TEXT[..end];
            offset_of(head, "a[1].c");
            path_at(head, end);
        }
        for text in ["]]}}", "\"", "{\"a\\", ",,,:", "[}{]"] {
            path_at(text, text.len());
            offset_of(text, "a");
        }
    }
}
