//! Times as caption files write them.

/// Latest time, in hours.
const MOST_HOURS: u64 = 9_999;

/// Start and end of a cue in milliseconds. Cue settings after them concern layout and are ignored.
pub(super) fn span(line: &str) -> Result<(u64, u64), String> {
    let (start, rest) = line.split_once("-->").unwrap_or((line, ""));
    let end = rest.split_whitespace().next().unwrap_or("");
    Ok((time(start.trim())?, time(end)?))
}

/// Parses `[hours:]minutes:seconds[.,]thousandths` into milliseconds.
pub(super) fn time(text: &str) -> Result<u64, String> {
    let wrong = || format!("\"{}\" is no time such as 00:00:01,000", shortened(text));
    let number = |digits: &str, most: u64| {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let value = if plain { digits.parse().ok() } else { None };
        value.filter(|value: &u64| *value <= most).ok_or_else(wrong)
    };
    let (whole, fraction) = text.split_once([',', '.']).ok_or_else(wrong)?;
    if fraction.len() > 3 {
        return Err(wrong());
    }
    let thousandths = number(fraction, 999)? * 10_u64.pow(3 - fraction.len().min(3) as u32);
    let parts: Vec<&str> = whole.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes, seconds] => (number(hours, MOST_HOURS)?, minutes, seconds),
        [minutes, seconds] => (0, minutes, seconds),
        _ => return Err(wrong()),
    };
    Ok(((hours * 60 + number(minutes, 59)?) * 60 + number(seconds, 59)?) * 1000 + thousandths)
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
