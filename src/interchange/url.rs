//! Addresses of media: percent-encoded, relative to the timeline where that is possible.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// The bytes of `text` with all but letters, digits and `-._~/` percent-encoded (RFC 3986).
pub(super) fn encoded(text: &str) -> String {
    let mut url = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// The path that an address names: without its scheme and host, percent signs resolved.
pub fn decoded(url: &str) -> String {
    let bare = match url.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("file:") => {
            let rest = url.get(5..).unwrap_or_default();
            match rest.strip_prefix("//") {
                Some(with_host) => with_host.find('/').map_or("", |at| &with_host[at..]),
                None => rest,
            }
        }
        _ => url,
    };
    let bytes = bare.as_bytes();
    let mut path = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3);
        let value = pair
            .filter(|pair| *byte == b'%' && pair.iter().all(u8::is_ascii_hexdigit))
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match value {
            Some(value) => {
                path.push(value);
                at += 3;
            }
            None => {
                path.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&path).into_owned()
}

/// The path of `file` from `folder`, both absolute: with `..` where it lies outside.
pub(super) fn relative(file: &Path, folder: &Path) -> PathBuf {
    let (file, folder): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (file.components().collect(), folder.components().collect());
    let shared = file
        .iter()
        .zip(&folder)
        .take_while(|(ours, theirs)| ours == theirs)
        .count();
    let up = folder.iter().skip(shared).map(|_| OsString::from(".."));
    let down = file
        .iter()
        .skip(shared)
        .map(|part| part.as_os_str().to_owned());
    up.chain(down).collect()
}

/// The address of a relative or absolute path.
pub(super) fn of_path(path: &Path) -> String {
    encoded(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_survives_its_address() {
        for name in [
            "dog & cat #2, 100 % é.mp4",
            "a:b?c.mov",
            "100%25.mp4",
            "👋.mp4",
        ] {
            let url = encoded(name);
            assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{url}");
            assert_eq!(decoded(&url), name);
        }
        assert_eq!(decoded("file://localhost/a%20b/c.mov"), "/a b/c.mov");
        assert_eq!(decoded("file:///a/b.mov"), "/a/b.mov");
        assert_eq!(decoded("100 % real.mov"), "100 % real.mov");
    }

    #[test]
    fn paths_outside_the_folder_go_up() {
        let relative = |file: &str, folder: &str| {
            let path = relative(Path::new(file), Path::new(folder));
            path.to_string_lossy().into_owned()
        };
        assert_eq!(relative("/a/media/x.mp4", "/a/out"), "../media/x.mp4");
        assert_eq!(relative("/a/x.mp4", "/a"), "x.mp4");
        assert_eq!(relative("/x.mp4", "/a/b"), "../../x.mp4");
    }
}
