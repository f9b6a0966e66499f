//! Where the clips and transitions of XMEML lie.

use crate::interchange::fraction::in_range;
use crate::interchange::sequence::SequenceTransition;
use crate::interchange::xmeml::rate::rate_in;
use crate::interchange::xml_tree::XmlElement;
use crate::time::Rational;

/// Where a clip lies, in seconds of the film.
pub(super) struct Place {
    pub start: Rational,
    pub end: Rational,
    /// Seconds by which its in lies before it, under a transition.
    pub head: Rational,
}

/// A transition and where its cut lies.
pub(super) struct PlacedTransition {
    pub item: SequenceTransition,
    start: Rational,
    cut: Rational,
}

impl PlacedTransition {
    pub fn read(element: &XmlElement, rate: Rational) -> Result<Self, String> {
        let rate = rate_in(element)?.unwrap_or(rate);
        let frame = |name: &str| {
            let text = element.text_at(name).unwrap_or_default();
            let wrong = || format!("a transition whose {name} is {text:?}");
            text.parse::<i64>().map_err(|_| wrong())
        };
        let (start, end) = (frame("start")?, frame("end")?);
        if end < start {
            return Err("a transition that ends before it begins".into());
        }
        let cut = match element.text_at("alignment").unwrap_or_default() {
            "end" | "end-black" => end,
            "start" | "start-black" => start,
            _ => start + (end - start) / 2,
        };
        let seconds = |frames: i64| {
            let frame = rate.inverse().unwrap_or(Rational::ONE);
            in_range(Rational::whole(frames) * frame).ok_or("a time out of range")
        };
        let name = element.at(&["effect", "name"]);
        let name = name.map_or("Cross Dissolve", |name| name.text.trim());
        let kind = if name == "Cross Dissolve" {
            "dissolve"
        } else {
            name
        };
        Ok(Self {
            item: SequenceTransition {
                kind: kind.into(),
                before: seconds(cut - start)?,
                after: seconds(end - cut)?,
            },
            start: seconds(start)?,
            cut: seconds(cut)?,
        })
    }
}

/// Where a clip lies. -1 stands for the cut of the transition beside it.
pub(super) fn place(
    item: &XmlElement,
    into: Option<&XmlElement>,
    out: Option<&XmlElement>,
    rate: Rational,
) -> Result<Place, String> {
    let stated = |name: &str| {
        let text = item.text_at(name).unwrap_or_default();
        let frame: i64 = text
            .parse()
            .map_err(|_| format!("a clip whose {name} is {text:?}"))?;
        let seconds = Rational::whole(frame) * rate.inverse().unwrap_or(Rational::ONE);
        let seconds = in_range(seconds).ok_or("a time out of range")?;
        Ok::<_, String>((frame != -1).then_some(seconds))
    };
    let missing = || "a clip that begins or ends nowhere".to_owned();
    let (start, head) = match stated("start")? {
        Some(start) => (start, Rational::ZERO),
        None => {
            let transition = PlacedTransition::read(into.ok_or_else(missing)?, rate)?;
            (transition.cut, transition.cut - transition.start)
        }
    };
    let end = match stated("end")? {
        Some(end) => end,
        None => PlacedTransition::read(out.ok_or_else(missing)?, rate)?.cut,
    };
    if end < start {
        return Err("a clip that ends before it begins".into());
    }
    Ok(Place { start, end, head })
}
