//! How near and how still a film is framed, where it could be framed otherwise: what taste in framing chooses from.
//!
//! The crops of a plan say where to look. [`reframed`] makes them narrower about the same middle, or lets them rest, and
//! leaves those alone in which that would lose a face, leave the subject, or enlarge pixels too much.
//! [`framing_features`] says what came of it, in the words in which taste is learned.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analysis::{Face, FileKind, PictureFacts};
use crate::edit::{Fit, Plan, Segment, SourceFile};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::profile::tallness;
use crate::time::rounded;

/// What a side of the crop is narrowed to: a step from a medium shot to a medium close-up.
const CLOSER: f64 = 0.75;
/// Most pixels of the film for one of the source, along a side: what is enlarged further looks soft.
const MOST_ENLARGED: f64 = 1.5;
/// Room around a face that stays in the picture, in heights of the face: hair and chin.
const HEADROOM: f64 = 0.25;
/// Most by which a crop travels that may rest instead (of its own size): the subject stays in its middle third.
const RESTING: f64 = 0.3;
/// Height of a face (of the picture) that counts as near: a close-up.
const NEAR: f64 = 0.5;

/// How near and how still a film is framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FramingChoice {
    /// As the material asks for.
    Usual,
    /// Nearer, where there are pixels for it.
    Close,
    /// Without following what moves little.
    Still,
}

impl FramingChoice {
    /// All of them, the usual one first.
    pub const ALL: [Self; 3] = [Self::Usual, Self::Close, Self::Still];

    /// Its name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Close => "close",
            Self::Still => "still",
        }
    }

    /// The one of this name. Fails with [`Error::UnknownName`].
    pub fn find(id: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|choice| choice.id() == id);
        found.ok_or_else(|| Error::UnknownName {
            kind: "framing",
            name: id.to_owned(),
            known: Self::ALL.map(|choice| choice.id().to_owned()).into(),
        })
    }
}

/// The plan framed like that. Locked segments, panels, and what is shown whole, stay as they are.
pub fn reframed(plan: &Plan, sources: &[SourceFile], choice: FramingChoice) -> Plan {
    let mut framed = plan.clone();
    let output = Size::new(plan.output.width, plan.output.height);
    for segment in &mut framed.picture {
        let is_cropped = segment.fit == Fit::Crop && segment.second_crop.is_empty();
        if segment.locked || !is_cropped {
            continue;
        }
        let crop = match (choice, shown(plan, segment, sources)) {
            (FramingChoice::Close, Some(shown)) => closer(&segment.crop, shown, output),
            (FramingChoice::Still, _) => at_rest(&segment.crop),
            _ => None,
        };
        segment.crop = crop.unwrap_or_else(|| segment.crop.clone());
    }
    framed
}

/// How near, how still and in which shape a plan shows what it shows: `does_come_close`, `does_follow`, `is_near` …
pub fn framing_features(plan: &Plan, sources: &[SourceFile]) -> BTreeMap<String, f64> {
    let count = plan.picture.len().max(1) as f64;
    let crops = plan.picture.iter();
    let area: f64 = crops
        .filter_map(|segment| segment.crop.first())
        .map(|[_, _, _, width, height]| width * height)
        .sum();
    let following = plan.picture.iter().filter(|it| it.crop.len() > 1).count() as f64;
    let mut features = BTreeMap::from([
        ("does_come_close".to_owned(), rounded(1.0 - area / count)),
        ("does_follow".to_owned(), rounded(following / count)),
        (
            "is_tall".to_owned(),
            rounded(tallness(
                f64::from(plan.output.width),
                f64::from(plan.output.height),
            )),
        ),
    ]);
    let faces: Vec<f64> = plan
        .picture
        .iter()
        .filter_map(|segment| {
            let shown = shown(plan, segment, sources)?;
            let crop = segment.crop.get(shown.nearest_point(&segment.crop))?;
            let faces = shown.picture.faces.iter();
            let largest = faces.filter(|face| holds(crop, face, 0.0));
            let height = largest.map(|face| face.bounds.height).reduce(f64::max)?;
            Some(nearness(height / crop[4].max(0.01)))
        })
        .collect();
    if !faces.is_empty() {
        let mean = faces.iter().sum::<f64>() / faces.len() as f64;
        features.insert("is_near".to_owned(), rounded(mean));
    }
    features
}

/// How near a face is shown whose height is that share of the picture, 0..1.
pub fn nearness(height: f64) -> f64 {
    (height / NEAR).clamp(0.0, 1.0)
}

/// What a segment shows.
#[derive(Clone, Copy)]
struct ShownPicture<'a> {
    picture: &'a PictureFacts,
    /// Seconds of the source.
    time: f64,
}

impl ShownPicture<'_> {
    /// The place of the point of a crop that is nearest in time: a face moves with the crop.
    fn nearest_point(self, crop: &[[f64; 5]]) -> usize {
        let away = |point: &[f64; 5]| (point[0] - self.time).abs();
        let points = crop.iter().enumerate();
        let nearest = points.min_by(|a, b| away(a.1).total_cmp(&away(b.1)));
        nearest.map_or(0, |(place, _)| place)
    }
}

/// What a segment shows: the photo, or the key frame of the shot that it lies in.
fn shown<'a>(
    plan: &Plan,
    segment: &Segment,
    sources: &'a [SourceFile],
) -> Option<ShownPicture<'a>> {
    let path = &plan.sources.iter().find(|it| it.id == segment.source)?.path;
    let mut files = sources.iter();
    let file = files.find(|file| file.path.to_string_lossy() == path.as_str())?;
    if file.analysis.file.kind == FileKind::Image {
        let picture = file.analysis.picture.as_ref()?;
        let time = segment.start;
        return Some(ShownPicture { picture, time });
    }
    let middle = 0.5 * (segment.start + segment.end);
    let mut shots = file.analysis.video.as_ref()?.shots.iter();
    let shot = shots.find(|shot| (shot.start..shot.end).contains(&middle))?;
    Some(ShownPicture {
        picture: &shot.picture,
        time: shot.key_time,
    })
}

/// The crop narrowed about its middle; `None` where it is better left alone.
fn closer(crop: &[[f64; 5]], shown: ShownPicture<'_>, output: Size) -> Option<Vec<[f64; 5]>> {
    let picture = shown.picture;
    let pixels = |share: f64, of: u32| share * CLOSER * f64::from(of) * MOST_ENLARGED;
    let is_fine = |[_, _, _, width, height]: &[f64; 5]| {
        pixels(*width, picture.width) >= f64::from(output.width)
            && pixels(*height, picture.height) >= f64::from(output.height)
    };
    if !crop.iter().all(is_fine) {
        return None;
    }
    let narrowed = |[time, x, y, width, height]: [f64; 5]| {
        let (narrow, low) = (width * CLOSER, height * CLOSER);
        [
            time,
            x + 0.5 * (width - narrow),
            y + 0.5 * (height - low),
            narrow,
            low,
        ]
    };
    let narrow: Vec<[f64; 5]> = crop.iter().copied().map(narrowed).collect();
    let place = shown.nearest_point(crop);
    let (wide, near) = (crop.get(place)?, narrow.get(place)?);
    let mut faces = picture.faces.iter();
    let keeps = faces.all(|face| !holds(wide, face, 0.0) || holds(near, face, HEADROOM));
    keeps.then_some(narrow)
}

/// Whether a face lies in a crop with so much room around it, in heights of the face.
fn holds(crop: &[f64; 5], face: &Face, room: f64) -> bool {
    let [_, x, y, width, height] = *crop;
    let face = &face.bounds;
    let room = room * face.height;
    face.x >= x
        && face.x + face.width <= x + width
        && face.y - room >= y
        && face.y + face.height + room <= y + height
}

/// The crop in the middle of its way; `None` where it rests already or its way is long.
fn at_rest(crop: &[[f64; 5]]) -> Option<Vec<[f64; 5]>> {
    let (first, rest) = crop.split_first()?;
    let is_same_size = |point: &[f64; 5]| point[3] == first[3] && point[4] == first[4];
    if rest.is_empty() || !rest.iter().all(is_same_size) {
        return None;
    }
    let middle = |axis: usize| {
        let values = crop.iter().map(|point| point[axis]);
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let most = values.fold(f64::NEG_INFINITY, f64::max);
        (most - least <= RESTING * first[axis + 2]).then(|| rounded(0.5 * (least + most)))
    };
    Some(vec![[first[0], middle(1)?, middle(2)?, first[3], first[4]]])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Rect;

    fn picture(width: u32, height: u32, face: Option<Rect>) -> PictureFacts {
        let face = face.map(|bounds| Face {
            bounds,
            score: 0.9,
            expression: None,
            points: None,
            pose: None,
            eyes_open: None,
            gaze: None,
        });
        PictureFacts {
            width,
            height,
            faces: face.into_iter().collect(),
            ..PictureFacts::default()
        }
    }

    fn close(picture: &PictureFacts) -> Option<Vec<[f64; 5]>> {
        let crop = [[0.0, 0.25, 0.0, 0.5, 1.0]];
        let shown = ShownPicture { picture, time: 1.0 };
        closer(&crop, shown, Size::new(1080, 1920))
    }

    #[test]
    fn a_crop_comes_closer_only_where_there_are_pixels_and_the_face_stays_whole() {
        let near = close(&picture(4000, 3600, None)).unwrap();
        assert_eq!(near, vec![[0.0, 0.3125, 0.125, 0.375, 0.75]]);
        assert_eq!(close(&picture(1280, 720, None)), None);
        let face = |y| Rect {
            x: 0.4,
            y,
            width: 0.1,
            height: 0.2,
        };
        assert!(close(&picture(4000, 3600, Some(face(0.3)))).is_some());
        assert_eq!(close(&picture(4000, 3600, Some(face(0.1)))), None);
    }

    #[test]
    fn a_crop_rests_in_the_middle_of_a_short_way_and_goes_a_long_one() {
        let way = |far: f64| [[0.0, 0.2, 0.0, 0.4, 1.0], [2.0, far, 0.0, 0.4, 1.0]];
        assert_eq!(
            at_rest(&way(0.3)).unwrap(),
            vec![[0.0, 0.25, 0.0, 0.4, 1.0]]
        );
        assert_eq!(at_rest(&way(0.6)), None);
        assert_eq!(at_rest(&way(0.3)[..1]), None);
    }
}
