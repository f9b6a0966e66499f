//! Recognizes text that gives a position on Earth, in any notation.
//!
//! Makers invent property names, so a name alone does not reveal every position; its value usually does. Notations: XMP
//! (part 2, GPSCoordinate), ISO 6709, RFC 5870 (`geo:`), degrees with minutes and seconds, and pairs of decimals.

/// A pair of numbers with at least this many decimals counts as a position: three are about 100 m. Other pairs of
/// numbers often have fewer.
const LEAST_DECIMALS: usize = 3;
/// Longer text is not a position.
const MOST_BYTES: usize = 128;

/// True when the whole of `text` is a position, or one of its two angles with a hemisphere.
pub(super) fn is_coordinate(text: &str) -> bool {
    let text = text.trim();
    if text.len() > MOST_BYTES || !text.chars().any(|letter| letter.is_ascii_digit()) {
        return false;
    }
    text.to_ascii_lowercase().starts_with("geo:")
        || is_iso_6709(text)
        || is_pair(text)
        || has_hemispheres(text)
}

/// True when a text mentions a position as a pair of decimals: `taken at 52.5200, 13.4050`, `maps?q=52.5200,13.4050`.
///
/// Editors store places within a picture as pairs of fractions, so both numbers must be at least 1.
pub(super) fn mentions_coordinate(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+');
    let mut before: Option<f64> = None;
    for word in text.split_inclusive(|letter: char| !is_part(letter)) {
        let number = word.trim_end_matches(|letter: char| !is_part(letter));
        if number.is_empty() {
            // One blank may follow the comma.
            before = before.filter(|_| word == " ");
            continue;
        }
        let degrees = precise_degrees(number);
        if before.is_some() && degrees.is_some() {
            return true;
        }
        let parted = word.ends_with([',', ';', ' ', '/']);
        before = degrees.filter(|_| parted);
    }
    false
}

/// An angle of at least 1 degree with enough decimals to name a place.
fn precise_degrees(number: &str) -> Option<f64> {
    let (_, decimals) = number.split_once('.')?;
    let degrees = number.parse::<f64>().ok()?;
    let precise = decimals.len() > LEAST_DECIMALS && (1.0..=180.0).contains(&degrees.abs());
    precise.then_some(degrees)
}

/// `+52.5200+013.4050/`, `+5231.2+01324.3+034/`.
fn is_iso_6709(text: &str) -> bool {
    let text = text.split("CRS").next().unwrap_or(text);
    let text = text.strip_suffix('/').unwrap_or(text);
    let mut rest = text;
    for whole_digits in [2..=6, 3..=7] {
        let Some((digits, decimals, after)) = signed_number(rest) else {
            return false;
        };
        if !whole_digits.contains(&digits) || decimals == Some(0) {
            return false;
        }
        rest = after;
    }
    rest.is_empty() || signed_number(rest).is_some_and(|(_, _, after)| after.is_empty())
}

/// Digits before and after the point of a number with a sign, and what follows it.
fn signed_number(text: &str) -> Option<(usize, Option<usize>, &str)> {
    let text = text.strip_prefix(['+', '-'])?;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let rest = text.get(whole..)?;
    match rest.strip_prefix('.') {
        Some(rest) => {
            let decimals = digits(rest);
            Some((whole, Some(decimals), rest.get(decimals..)?))
        }
        None => Some((whole, None, rest)),
    }
}

/// `52.5200, 13.4050`, also in brackets, with a height behind it, or parted by a space or a semicolon.
fn is_pair(text: &str) -> bool {
    let text = text.trim_matches(['(', ')', '[', ']']);
    let parts: Vec<&str> = text
        .split([',', ';', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let (first, second) = match parts.as_slice() {
        [first, second] | [first, second, _] => (first, second),
        _ => return false,
    };
    let within = |part: &str, most: f64| {
        let decimals = part
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        decimals >= LEAST_DECIMALS
            && part
                .parse::<f64>()
                .is_ok_and(|degrees| degrees.abs() <= most)
    };
    let all_numbers = parts.iter().all(|part| part.parse::<f64>().is_ok());
    all_numbers && (within(first, 90.0) || within(first, 180.0)) && within(second, 180.0)
}

/// Numbers with N, S, E or W: `52,31.2N`, `N 52.52`, `52°31'12" N, 13°24'18" E`.
fn has_hemispheres(text: &str) -> bool {
    let mut hemispheres = 0;
    let mut numbers = 0;
    let mut in_number = false;
    for letter in text.chars() {
        let digit = letter.is_ascii_digit();
        numbers += usize::from(digit && !in_number);
        in_number = digit || (in_number && letter == '.');
        match letter {
            'N' | 'S' | 'E' | 'W' => hemispheres += 1,
            _ if digit || letter.is_whitespace() => {}
            '.' | ',' | ';' | ':' | '+' | '-' | '\'' | '"' | '°' | 'º' | '′' | '″' | '’' | '”' =>
                {}
            _ => return false,
        }
    }
    // "5 W" is a light bulb. A single angle has minutes or decimals.
    (1..=2).contains(&hemispheres) && numbers >= hemispheres && (numbers > 1 || text.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_recognized_in_every_notation() {
        for text in [
            "52,31.2N",
            "13,24,18E",
            "52.5200, 13.4050",
            "+12.3456789 98.7654321",
            "(52.520008, 13.404954)",
            "52.5200 13.4050 34.0",
            "139.6917, 35.6895",
            "+52.5200+013.4050/",
            "+52.5200+013.4050+034.000/",
            "+35.3606+138.7274+3776CRSWGS_84/",
            "geo:52.5,13.4",
            "52°31'12\" N, 13°24'18\" E",
            "N 52.52001",
            "52.52001N",
        ] {
            assert!(is_coordinate(text), "{text}");
        }
    }

    #[test]
    fn positions_within_text_are_found() {
        for text in [
            "taken at 52.5200, 13.4050",
            "https://example.org/maps?q=-33.85680,151.21530&z=17",
            "https://example.org/@48.2082,16.3738,17z",
            "52.5200 13.4050 and more",
        ] {
            assert!(mentions_coordinate(text), "{text}");
        }
        for text in [
            "",
            "0.1234, 0.5678",
            "1.25, 2.50",
            "d 0.123456 0.654321",
            "version 1.2345 of 2.3456",
            "1.2345.6789, 2.3456.7",
            "12.3456",
            "2024-02-29, 12.3456",
            "é 12.3456,é 13.4567",
        ] {
            assert!(!mentions_coordinate(text), "{text}");
        }
    }

    #[test]
    fn other_values_are_no_positions() {
        for text in [
            "",
            "100",
            "1/250",
            "0, 0",
            "128, 128",
            "0.64, 0.33",
            "2024-02-29T12:30:05",
            "2024:02:29 12:30:05",
            "+2.0",
            "ILCE-7M4",
            "5 W",
            "EF24-70mm f/2.8L II USM",
            "1.000, 2.000, 3.000, 4.000",
            "SN 12345",
            "E",
        ] {
            assert!(!is_coordinate(text), "{text}");
        }
    }
}
