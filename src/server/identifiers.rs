//! Names that nobody can guess, and names that callers may choose.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, Result};

/// Most letters of a name that a caller chooses.
const LONGEST_NAME: usize = 64;

/// `N` random bytes of the system.
pub fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|problem| Error::read("the system's random numbers", io::Error::other(problem)))?;
    Ok(bytes)
}

/// 128 random bits in hex: the id of a job, a key or a message.
pub fn random_id() -> Result<String> {
    let bytes = random_bytes::<16>()?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// 256 random bits for a key.
pub fn random_secret() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?))
}

/// True for the name of a tenant or a creator: letters, digits, `-` and `_`.
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}

/// True for what [`random_id`] gives.
pub fn is_id(text: &str) -> bool {
    text.len() == 32 && text.chars().all(|letter| letter.is_ascii_hexdigit())
}

/// The name under which an uploaded file is worked on: that of the caller with nothing in it that leads elsewhere.
pub fn safe_file_name(name: &str) -> String {
    const LONGEST: usize = 80;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let allowed =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let plain: String = last
        .chars()
        .map(|letter| if allowed(letter) { letter } else { '_' })
        .collect();
    let plain = plain.trim_start_matches(['.', '-']);
    // The end has the ending.
    let begin = plain.len().saturating_sub(LONGEST);
    match plain.get(begin..).unwrap_or_default() {
        "" => "upload".into(),
        name => name.trim_start_matches(['.', '-']).to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_leads_nowhere() {
        let cases = [
            ("photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\x\\..\\a b.png", "a_b.png"),
            ("..", "upload"),
            ("", "upload"),
            ("-rf.jpg", "rf.jpg"),
            (".htaccess", "htaccess"),
            ("é\0.jpg", "__.jpg"),
        ];
        for (name, safe) in cases {
            assert_eq!(safe_file_name(name), safe, "{name:?}");
        }
        let long = safe_file_name(&format!("{}.jpg", "x".repeat(4000)));
        assert!(long.len() <= 80 && long.ends_with("x.jpg"));
    }

    #[test]
    fn ids_are_of_one_form_and_differ() {
        let (one, other) = (random_id().unwrap(), random_id().unwrap());
        assert!(is_id(&one) && is_id(&other) && one != other);
        assert!(!is_id("../x") && !is_id(&"é".repeat(16)) && !is_name("a/b") && is_name("a-B_1"));
    }
}
