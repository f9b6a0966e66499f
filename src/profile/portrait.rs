//! What a profile shows of its creator: plain sentences, the lengths of their shots, their colors and their tracks.

use crate::analysis::Swatch;
use crate::profile::evidence::{ChoiceThing, Evidence};
use crate::profile::portrait_sentences::{sentences, tempo};
use crate::profile::{
    ColorPairs, EvidenceSource, PostGrade, Profile, ShotLengthBin, ShotLengths, TasteKind,
};

/// What is known of a creator.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Portrait {
    /// Plain sentences.
    pub sentences: Vec<String>,
    /// What an earlier version did not keep, in plain sentences.
    pub gaps: Vec<String>,
    /// How long the single shots of all films are, from short to long; empty where that is known of no film.
    pub shot_lengths: Vec<ShotLengthBin>,
    /// Films of which it is known.
    pub films: usize,
    /// Each track that was taken: beats a minute, valence and energy (0..1) where they are known.
    pub tracks: Vec<TrackPoint>,
    /// What palette and tones are of.
    pub colors_of: ColorSource,
    /// The creator's colors, largest share first.
    pub palette: Vec<Swatch>,
    /// Luma (0..1) from dark to bright: before and after edits, or of photos that nobody graded and of posts.
    pub tones: Vec<[f64; 2]>,
}

/// What a creator's colors are known from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColorSource {
    /// Their edits: pictures before and after.
    Edits,
    /// So many finished posts.
    Posts(usize),
    /// Neither is known.
    #[default]
    Nothing,
}

/// A track that was taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackPoint {
    /// Beats a minute.
    pub tempo: Option<f64>,
    /// 0..1.
    pub valence: f64,
    /// 0..1.
    pub energy: f64,
}

impl Portrait {
    /// Draws what `profile` knows.
    pub fn of(profile: &Profile) -> Self {
        let taken = |kind: TasteKind| -> Vec<&ChoiceThing> {
            let posts = profile
                .evidence
                .iter()
                .filter(|piece| is_shown(piece, kind));
            let choices = posts.flat_map(|piece| &piece.choices);
            let of_kind = choices.filter(|choice| choice.kind == kind);
            of_kind.filter_map(|choice| choice.taken.as_ref()).collect()
        };
        let evidence = profile.evidence.iter();
        let films: Vec<&ShotLengths> = evidence.filter_map(|it| it.shots.as_ref()).collect();
        let portrait = Self {
            sentences: sentences(profile, taken),
            gaps: gaps(profile),
            shot_lengths: ShotLengths::sum(&films),
            films: films.len(),
            tracks: taken(TasteKind::Music)
                .iter()
                .filter_map(|track| TrackPoint::of(track))
                .collect(),
            ..Self::default()
        };
        portrait.colored(profile)
    }

    /// The same with palette and tones: those of the creator's edits, or else those of their posts.
    fn colored(self, profile: &Profile) -> Self {
        let evidence = profile.evidence.iter();
        let edits: Vec<&ColorPairs> = evidence
            .clone()
            .filter_map(|it| it.colors.as_ref())
            .collect();
        let posts: Vec<(&PostGrade, f64)> = evidence
            .filter_map(|piece| Some((piece.grade.as_ref()?, piece.weight.unwrap_or(1.0))))
            .collect();
        let (colors_of, palette, tones) = match (edits.len(), posts.len()) {
            (0, 0) => return self,
            (0, count) => (
                ColorSource::Posts(count),
                PostGrade::palette(&posts),
                PostGrade::tones(&posts),
            ),
            _ => (
                ColorSource::Edits,
                ColorPairs::palette(&edits),
                ColorPairs::tones(&edits),
            ),
        };
        Self {
            colors_of,
            palette,
            tones,
            ..self
        }
    }

    /// Whether it knows anything that can be drawn.
    pub fn can_be_drawn(&self) -> bool {
        !(self.palette.is_empty() && self.shot_lengths.is_empty() && self.tracks.is_empty())
    }
}

/// What earlier versions did not keep of films and posts.
fn gaps(profile: &Profile) -> Vec<String> {
    let films: Vec<&Evidence> = profile.evidence.iter().filter(|it| is_film(it)).collect();
    let no_shots = films.iter().filter(|film| film.shots.is_none()).count();
    let has_edits = profile.evidence.iter().any(|it| it.colors.is_some());
    let is_colored =
        |piece: &&Evidence| !has_edits && takes(piece, TasteKind::Look) && is_post(piece);
    let posts: Vec<&Evidence> = profile.evidence.iter().filter(is_colored).collect();
    let no_grade = posts.iter().filter(|post| post.grade.is_none()).count();
    let gap = |missing: usize, what: String| {
        let why =
            "since an earlier version learned them. A new profile of the same files has them.";
        (missing > 0).then(|| format!("Of {missing} of {what} are not known, {why}"))
    };
    let gaps = [
        gap(
            no_shots,
            format!("{} films the lengths of single shots", films.len()),
        ),
        gap(no_grade, format!("{} posts colors and tones", posts.len())),
    ];
    gaps.into_iter().flatten().collect()
}

fn is_post(piece: &Evidence) -> bool {
    piece.source == EvidenceSource::Post
}

fn takes(piece: &Evidence, kind: TasteKind) -> bool {
    let mut choices = piece.choices.iter();
    choices.any(|choice| choice.kind == kind && choice.taken.is_some())
}

/// Whether it is a film of several shots. Where people left a post is learned a second time, as a choice among its own
/// shots, and is no film of its own.
fn is_film(piece: &Evidence) -> bool {
    let is_choice = piece.choices.iter().any(|choice| !choice.passed.is_empty());
    takes(piece, TasteKind::Pace) && !(is_post(piece) && is_choice)
}

/// Posts show what their creator does; of music and pace, so does what was taken otherwise.
fn is_shown(piece: &Evidence, kind: TasteKind) -> bool {
    kind != TasteKind::Look || (is_post(piece) && piece.colors.is_none())
}

impl TrackPoint {
    fn of(track: &ChoiceThing) -> Option<Self> {
        let value = |name: &str| track.features.get(name).copied();
        Some(Self {
            tempo: value("is_fast").map(tempo),
            valence: value("is_happy")?,
            energy: value("is_energetic")?,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::analysis::picture::TONES;
    use crate::profile::{EvidenceChoice, GradedPicture};

    /// A film as an earlier version learned it.
    fn film(number: u32) -> Evidence {
        let choice = |kind| EvidenceChoice::new(kind, Some(ChoiceThing::nothing()), Vec::new());
        let choices = [TasteKind::Look, TasteKind::Pace].map(choice);
        Evidence::post(Timestamp::UNIX_EPOCH, &number.to_string(), choices.into())
    }

    fn measured(number: u32) -> Evidence {
        let teal = [Swatch {
            hex: "#103040".into(),
            share: 1.0,
        }];
        let picture = GradedPicture {
            palette: &teal,
            tones: &[0.2; TONES],
            share: 1.0,
        };
        film(number)
            .with_shots(ShotLengths::of([0.5, 0.5, 4.0]))
            .with_grade(PostGrade::of(&[picture]))
    }

    fn portrait(evidence: Vec<Evidence>) -> Portrait {
        let mut profile = Profile::default();
        evidence.into_iter().for_each(|piece| {
            profile.add(piece);
        });
        // As it is read from its file.
        let path = std::path::Path::new("me.json");
        Portrait::of(&Profile::parse(path, &profile.to_json()).unwrap())
    }

    #[test]
    fn single_cuts_and_colors_of_posts_are_shown_and_what_is_missing_is_told() {
        let old = portrait(vec![film(1), film(2)]);
        assert!(!old.can_be_drawn() && old.colors_of == ColorSource::Nothing);
        assert_eq!(old.gaps.len(), 2, "{:?}", old.gaps);
        let both = portrait(vec![film(1), measured(2), measured(3)]);
        assert!(
            both.gaps[0].starts_with("Of 1 of 3 films the lengths"),
            "{:?}",
            both.gaps
        );
        assert!(
            both.gaps[1].starts_with("Of 1 of 3 posts colors"),
            "{:?}",
            both.gaps
        );
        let shots: Vec<u64> = both.shot_lengths.iter().map(|bin| bin.shots).collect();
        assert_eq!((both.films, shots.iter().sum::<u64>(), shots[3]), (2, 6, 4));
        assert_eq!(both.colors_of, ColorSource::Posts(2));
        assert_eq!(
            (both.palette[0].hex.as_str(), both.tones.len()),
            ("#103040", TONES)
        );
        assert!(portrait(vec![measured(1)]).gaps.is_empty());
    }

    #[test]
    fn where_a_film_was_left_is_no_film_of_its_own() {
        let mut left = film(2);
        left.choices.remove(0);
        left.choices[0].passed = vec![ChoiceThing::nothing()];
        assert!(portrait(vec![measured(1), left]).gaps.is_empty());
    }
}
