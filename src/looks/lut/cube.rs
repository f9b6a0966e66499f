//! `.cube` files: Adobe's specification 1.0 (2013; Iridas before it), and Resolve's extension of curves before a cube.
//!
//! The text may come from anywhere, so every number is counted and checked, and every error has a line and a column.

use std::fmt::Write as _;
use std::path::Path;

use super::text::{Parsed, Word, fault, numbers, shortened, words};
use super::{Cube, Curves, Domain, Lut};
use crate::error::Result;
use crate::looks::color::Triple;

/// Most nodes along a side of a cube, by Adobe's specification.
pub(in crate::looks) const MOST_NODES: usize = 256;
/// Most nodes of a curve, by the same specification.
const MOST_CURVE_NODES: usize = 65_536;

#[derive(Default)]
struct Reader {
    title: String,
    curve_size: Option<usize>,
    cube_size: Option<usize>,
    least: Option<Triple>,
    most: Option<Triple>,
    curve_range: Option<[f64; 2]>,
    cube_range: Option<[f64; 2]>,
    rows: Vec<[f32; 3]>,
    /// Input and output in video range: black at 16 and white at 235 of 255.
    video_in: bool,
    video_out: bool,
    /// Unknown keywords.
    ignored: Vec<String>,
}

impl Lut {
    /// Parses the text of a `.cube` file; `path` is named in errors.
    ///
    /// Line ends may be those of any system; blank lines and `#` comments may be anywhere. Fails with
    /// [`Error::Document`](crate::error::Error::Document) on any text that is not a complete table: words that are not
    /// keywords, numbers that are not finite, sizes outside 2..256 (cube) and 2..65536 (curves), too few or too many
    /// rows.
    pub fn parse_cube(path: &Path, text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let separator = if text.contains('\n') { '\n' } else { '\r' };
        let mut reader = Reader::default();
        let mut last = 1;
        for (number, line) in text.split(separator).enumerate() {
            last = number + 1;
            reader.line(line).map_err(|fault| fault.at(path, last))?;
        }
        reader.finish().map_err(|fault| fault.at(path, last))
    }

    /// The text of a `.cube` file of this table, six digits a number.
    pub fn to_cube(&self) -> String {
        let title: String = self
            .title
            .chars()
            .map(|c| if c == '"' || c.is_control() { ' ' } else { c })
            .collect();
        let mut text = format!("TITLE \"{title}\"\n");
        let mut rows: Vec<&[[f32; 3]]> = vec![];
        // Writing into a string cannot fail.
        if let Some(curves) = &self.curves {
            let _ = writeln!(text, "LUT_1D_SIZE {}", curves.nodes.len());
            rows.push(&curves.nodes);
        }
        if let Some(cube) = &self.cube {
            let _ = writeln!(text, "LUT_3D_SIZE {}", cube.size);
            rows.push(&cube.nodes);
        }
        match (&self.curves, &self.cube) {
            (Some(curves), Some(cube)) => {
                for (name, domain) in [("1D", &curves.domain), ("3D", &cube.domain)] {
                    if *domain != Domain::UNIT {
                        let (least, most) = (domain.least[0], domain.most[0]);
                        let _ = writeln!(text, "LUT_{name}_INPUT_RANGE {least} {most}");
                    }
                }
            }
            (Some(Curves { domain, .. }), None) | (None, Some(Cube { domain, .. }))
                if *domain != Domain::UNIT =>
            {
                for (name, [red, green, blue]) in [("MIN", domain.least), ("MAX", domain.most)] {
                    let _ = writeln!(text, "DOMAIN_{name} {red} {green} {blue}");
                }
            }
            _ => {}
        }
        for [red, green, blue] in rows.into_iter().flatten() {
            let _ = writeln!(text, "{red:.6} {green:.6} {blue:.6}");
        }
        text
    }
}

fn size(words: &[Word<'_>], column: usize, most: usize) -> Parsed<usize> {
    let [word] = words else {
        return fault(column, "there must be one number, the size");
    };
    match word.text.parse::<usize>() {
        Ok(value) if (2..=most).contains(&value) => Ok(value),
        _ => fault(
            word.column,
            format!("a size of {} is not from 2 to {most}", shortened(word.text)),
        ),
    }
}

impl Reader {
    fn line(&mut self, line: &str) -> Parsed<()> {
        let trimmed = line.trim();
        if let Some(rest) = trimmed.strip_prefix("TITLE") {
            let title = rest.trim();
            let title = title.strip_prefix('"').unwrap_or(title);
            self.title = title.strip_suffix('"').unwrap_or(title).into();
            return Ok(());
        }
        let line = line.split('#').next().unwrap_or_default();
        let words = words(line);
        let Some((first, rest)) = words.split_first() else {
            return Ok(());
        };
        if first
            .text
            .starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        {
            return self.row(&words);
        }
        let column = first.column;
        let known = first.text.starts_with("LUT_") || first.text.starts_with("DOMAIN_");
        let whole = self.rows.len() == self.wanted();
        if !self.rows.is_empty() && (known || !whole || !is_keyword(first.text)) {
            return fault(
                column,
                format!("unexpected {:?} among the rows", shortened(first.text)),
            );
        }
        match first.text {
            "LUT_1D_SIZE" => self.curve_size = Some(size(rest, column, MOST_CURVE_NODES)?),
            "LUT_3D_SIZE" => self.cube_size = Some(size(rest, column, MOST_NODES)?),
            "DOMAIN_MIN" => self.least = Some(numbers(rest, column)?),
            "DOMAIN_MAX" => self.most = Some(numbers(rest, column)?),
            "LUT_1D_INPUT_RANGE" => self.curve_range = Some(numbers(rest, column)?),
            "LUT_3D_INPUT_RANGE" => self.cube_range = Some(numbers(rest, column)?),
            "LUT_IN_VIDEO_RANGE" => self.video_in = true,
            "LUT_OUT_VIDEO_RANGE" => self.video_out = true,
            other if is_keyword(other) => {
                if self.ignored.len() < MOST_IGNORED {
                    self.ignored.push(shortened(other));
                }
            }
            other => {
                return fault(column, format!("{:?} is not known", shortened(other)));
            }
        }
        let domain = self.domain();
        let ranges = [self.curve_range, self.cube_range].into_iter().flatten();
        if (self.least.is_some() && self.most.is_some() && !is_rising(&domain))
            || ranges.into_iter().any(|[least, most]| least >= most)
        {
            return fault(column, "a domain must end above where it starts");
        }
        Ok(())
    }

    fn wanted(&self) -> usize {
        let cube = self.cube_size.map_or(0, |size| size * size * size);
        self.curve_size.unwrap_or(0) + cube
    }

    fn row(&mut self, words: &[Word<'_>]) -> Parsed<()> {
        let column = words.first().map_or(1, |word| word.column);
        let wanted = self.wanted();
        if wanted == 0 {
            return fault(
                column,
                "LUT_1D_SIZE or LUT_3D_SIZE must come before the rows",
            );
        }
        if self.rows.len() == wanted {
            return fault(
                column,
                format!("there are more rows than the {wanted} of the table"),
            );
        }
        let values: Triple = numbers(words, column)?;
        self.rows.push(values.map(|value| value as f32));
        Ok(())
    }

    fn domain(&self) -> Domain {
        Domain {
            least: self.least.unwrap_or(Domain::UNIT.least),
            most: self.most.unwrap_or(Domain::UNIT.most),
        }
    }

    fn finish(mut self) -> Parsed<Lut> {
        let wanted = self.wanted();
        if wanted == 0 {
            return fault(1, "there is no LUT_1D_SIZE and no LUT_3D_SIZE");
        }
        if self.rows.len() != wanted {
            let found = self.rows.len();
            return fault(1, format!("the table breaks off: {found} rows of {wanted}"));
        }
        if !is_rising(&self.domain()) {
            return fault(1, "a domain must end above where it starts");
        }
        let ranged = |range: Option<[f64; 2]>, otherwise: Domain| {
            range.map_or(otherwise, |[least, most]| Domain {
                least: [least; 3],
                most: [most; 3],
            })
        };
        let domain = self.domain();
        let cube_rows = self.rows.split_off(self.curve_size.unwrap_or(0));
        let mut curves = self.curve_size.map(|_| Curves {
            domain: ranged(self.curve_range, domain),
            nodes: self.rows,
        });
        // With curves, the file's domain is theirs.
        let own = if curves.is_some() {
            Domain::UNIT
        } else {
            domain
        };
        // Some programs write the range of a cube without curves under the keyword for curves.
        let cube_range = self.cube_range.or(if curves.is_some() {
            None
        } else {
            self.curve_range
        });
        let mut cube = self.cube_size.map(|size| Cube {
            domain: ranged(cube_range, own),
            size,
            nodes: cube_rows,
        });
        // The first table gets the input range, the last one the output range.
        if self.video_in {
            match (&mut curves, &mut cube) {
                (Some(Curves { domain, .. }), _) | (None, Some(Cube { domain, .. })) => {
                    domain.least = domain.least.map(from_video_range);
                    domain.most = domain.most.map(from_video_range);
                }
                (None, None) => {}
            }
        }
        if self.video_out
            && let (_, Some(Cube { nodes, .. })) | (Some(Curves { nodes, .. }), None) =
                (&mut curves, &mut cube)
        {
            for value in nodes.iter_mut().flatten() {
                *value = from_video_range(f64::from(*value)) as f32;
            }
        }
        Ok(Lut {
            title: self.title,
            curves,
            cube,
            ignored: self.ignored,
        })
    }
}

/// Most unknown keywords that are skipped; with more, the file is not a table.
const MOST_IGNORED: usize = 16;

/// Whether a word may be a keyword of a future version, rather than a misspelt number.
fn is_keyword(word: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    word.len() > 3 && word.bytes().all(letter)
}

/// From video range (16..235 of 255, ITU-R BT.709) to full range, both as fractions of white.
fn from_video_range(value: f64) -> f64 {
    (value * 255.0 - 16.0) / 219.0
}

fn is_rising(domain: &Domain) -> bool {
    domain
        .least
        .iter()
        .zip(domain.most)
        .all(|(least, most)| *least < most)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(text: &str) -> Result<Lut> {
        Lut::parse_cube("x.cube".as_ref(), text)
    }

    fn close(a: Triple, b: Triple) -> bool {
        a.into_iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6)
    }

    #[test]
    fn curves_with_a_domain_are_lines_between_their_nodes() {
        let text = "# made by hand\r\nTITLE \"a # b\"\r\n\r\nLUT_1D_SIZE 3\r\n\
                    DOMAIN_MIN -1 0 0\r\nDOMAIN_MAX 1 2 1\r\n0 0 0\r\n0.5 0.1 1 # half\r\n\r\n1 0.2 -1\r\n";
        for text in [
            text.to_owned(),
            text.replace("\r\n", "\r"),
            text.replace("\r\n", "\n"),
        ] {
            let lut = parse(&text).unwrap();
            assert_eq!(lut.title, "a # b");
            assert!(close(lut.evaluate([0.0, 0.5, 0.75]), [0.5, 0.05, 0.0]));
            assert!(close(lut.evaluate([9.0, -9.0, 1.0]), [1.0, 0.0, -1.0]));
        }
    }

    #[test]
    fn cubes_run_red_first_and_stand_behind_curves() {
        let corners = "0 0 0\n1 0 0\n0 2 0\n1 2 0\n0 0 3\n1 0 3\n0 2 3\n1 2 3\n";
        let cube = parse(&format!("LUT_3D_SIZE 2\n{corners}")).unwrap();
        assert!(close(cube.evaluate([0.5, 0.25, 1.0]), [0.5, 0.5, 3.0]));
        let both = format!(
            "LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE 0 2\nLUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0 4\n0 0 0\n4 4 4\n{corners}"
        );
        let both = parse(&both).unwrap();
        assert!(close(both.evaluate([1.0, 0.5, 2.0]), [0.5, 0.5, 3.0]));
        let again = parse(&both.to_cube()).unwrap();
        assert_eq!(again, both);
    }

    /// A table that halves its input, in the range that `head` declares.
    fn halved(head: &str) -> String {
        format!("{head}LUT_1D_SIZE 2\n0 0 0\n0.5 0.5 0.5\n")
    }

    #[test]
    fn video_range_is_scaled_on_the_way_in_and_out() {
        let at = |head: &str, value: f64| parse(&halved(head)).unwrap().evaluate([value; 3])[0];
        let video = |value: f64| (16.0 + 219.0 * value) / 255.0;
        for value in [0.0, 0.3, 1.0] {
            let (full, scaled) = (value / 2.0, video(value) / 2.0);
            let out = |value: f64| (value * 255.0 - 16.0) / 219.0;
            assert!((at("", value) - full).abs() < 1e-6);
            assert!((at("LUT_IN_VIDEO_RANGE\n", value) - scaled).abs() < 1e-6);
            assert!((at("LUT_OUT_VIDEO_RANGE\n", value) - out(full)).abs() < 1e-6);
            let both = at("LUT_IN_VIDEO_RANGE\nLUT_OUT_VIDEO_RANGE\n", value);
            assert!((both - out(scaled)).abs() < 1e-6);
        }
        // With both, the curves get the input and the cube gives the output.
        let corners = "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n";
        let head = "LUT_1D_SIZE 2\nLUT_3D_SIZE 2\nLUT_IN_VIDEO_RANGE\nLUT_OUT_VIDEO_RANGE\n";
        let lut = parse(&format!("{head}0 0 0\n1 1 1\n{corners}")).unwrap();
        assert!(close(lut.evaluate([0.0, 0.5, 1.0]), [0.0, 0.5, 1.0]));
    }

    #[test]
    fn a_keyword_that_nobody_knows_is_told_and_no_refusal() {
        let lut = parse(&halved("LUT_FUTURE_THING 3 4\nVERSION_2\n")).unwrap();
        assert_eq!(lut.evaluate([1.0; 3]), [0.5; 3]);
        let told = lut.described();
        assert!(
            told.contains("LUT_FUTURE_THING") && told.contains("VERSION_2"),
            "{told}"
        );
        let behind = parse(&(halved("") + "CHECKSUM abc\n")).unwrap();
        assert!(behind.described().contains("CHECKSUM"));
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let nan = "LUT_1D_SIZE 2\n0 0 0\n  1 nan 1\n";
        for (text, place, word) in [
            ("", "x.cube:1:1", "no LUT_1D_SIZE"),
            ("0 0 0", "x.cube:1:1", "before the rows"),
            ("LUT_3D_SIZE 257", "x.cube:1:13", "from 2 to 256"),
            ("LUT_3D_SIZE 1", "x.cube:1:13", "from 2 to 256"),
            ("LUT_1D_SIZE 65537", "x.cube:1:13", "from 2 to 65536"),
            ("LUT_3D_SIZE 99999999999999999999", "x.cube:1:13", "from 2"),
            ("\nLUT_3D_SIZE", "x.cube:2:1", "one number"),
            (nan, "x.cube:3:5", "not a number"),
            ("LUT_1D_SIZE 2\n0 0\n", "x.cube:2:1", "3 numbers"),
            ("LUT_1D_SIZE 2\n0 0 0\n", "x.cube:3:1", "1 rows of 2"),
            (
                "LUT_1D_SIZE 2\n0 0 0\n0 0 0\n0 0 0",
                "x.cube:4:1",
                "more rows",
            ),
            (
                "LUT_1D_SIZE 2\n0 0 0\nTYPE x",
                "x.cube:3:1",
                "among the rows",
            ),
            ("WHAT 3", "x.cube:1:1", "no LUT_1D_SIZE"),
            ("what 3", "x.cube:1:1", "not known"),
            (
                "LUT_1D_SIZE 2\nDOMAIN_MIN 0 1 0\nDOMAIN_MAX 1 1 1",
                "x.cube:3:1",
                "end above",
            ),
            (
                "LUT_1D_SIZE 2\nDOMAIN_MIN 2 0 0\n0 0 0\n1 1 1",
                "x.cube:4:1",
                "end above",
            ),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with(place), "{text:?}: {error}");
            assert!(error.contains(word), "{text:?}: {error}");
        }
    }
}
