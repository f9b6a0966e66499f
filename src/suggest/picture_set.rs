//! Pictures, films and recordings taken together: mood, content, motion and speech.

use std::collections::BTreeMap;

use crate::analysis::{Analysis, PictureFacts};

/// Most scene words that are used.
const WORDS: usize = 12;
/// The scene word for sports, which feel livelier than their measured motion.
const SPORT: &str = "sport";
/// Share of the picture's width from which a face is close.
const CLOSE_FACE: f64 = 0.12;

/// The facts about all files together. Means are weighted by how long each picture is seen.
#[derive(Debug, Clone, Default)]
pub(super) struct PictureSet {
    /// Whether any file has a picture; if not, the measurements mean nothing.
    pub seen: bool,
    /// Whether a mood was requested.
    pub asked: bool,
    pub valence: f64,
    pub arousal: f64,
    /// Mood words, most frequent first.
    pub mood: Vec<String>,
    /// Scene words with the share of the set that shows them, 0..1.
    pub scene: BTreeMap<String, f64>,
    pub luma: f64,
    pub contrast: f64,
    pub saturation: f64,
    pub warmth: f64,
    pub noise: f64,
    pub sharpness: f64,
    /// Share of pixels that are burnt out.
    pub burnt: f64,
    /// Share of pixels that are black.
    pub black: f64,
    /// Share of pictures with a face.
    pub faces: f64,
    /// Share of pictures with a face that fills much of them.
    pub close_faces: f64,
    /// From 0, still, to 1, wild: motion and cuts of the films, and the liveliness of sports; `None` without films.
    pub energy: Option<f64>,
    /// Share of speech in the sound; `None` without sound.
    pub speech: Option<f64>,
}

/// Seconds for which a photo counts: about as long as it would be shown.
const PHOTO_SECONDS: f64 = 3.0;
/// Least and most seconds for which a shot counts, against implausible times.
const SHOT_SECONDS: (f64, f64) = (0.1, 3600.0);
/// Mood words that are kept.
const MOOD_WORDS: usize = 5;
/// Share of the set below which a scene word is left out.
const LEAST_SHARE: f64 = 0.15;
/// The amount that one cut a second adds to the motion of films, 0..1.
const CUTTING: f64 = 0.5;

impl PictureSet {
    /// Sums up the analyses of `files`.
    pub fn new(files: &[Analysis]) -> Self {
        let mut set = Self::default();
        let pictures = pictures(files);
        let total: f64 = pictures.iter().map(|(_, weight)| weight).sum();
        let mut mood: BTreeMap<&str, f64> = BTreeMap::new();
        for (picture, weight) in &pictures {
            let share = weight / total.max(1e-9);
            set.seen = true;
            let face = picture
                .faces
                .iter()
                .map(|face| face.bounds.width)
                .fold(0.0, f64::max);
            for (sum, value) in [
                (&mut set.valence, picture.mood.valence),
                (&mut set.arousal, picture.mood.arousal),
                (&mut set.luma, picture.luma),
                (&mut set.contrast, picture.contrast),
                (&mut set.saturation, picture.saturation),
                (&mut set.warmth, picture.warmth),
                (&mut set.noise, picture.quality.noise),
                (&mut set.sharpness, picture.quality.sharpness),
                (&mut set.burnt, picture.clipping.high),
                (&mut set.black, picture.clipping.low),
                (
                    &mut set.faces,
                    f64::from(u8::from(!picture.faces.is_empty())),
                ),
                (
                    &mut set.close_faces,
                    f64::from(u8::from(face >= CLOSE_FACE)),
                ),
            ] {
                *sum += share * if value.is_finite() { value } else { 0.0 };
            }
            for label in &picture.scene {
                *set.scene.entry(label.label.clone()).or_default() += share * label.score;
            }
            for (rank, word) in picture.mood.words.iter().enumerate() {
                *mood.entry(word).or_default() += share / (1.0 + rank as f64);
            }
        }
        let mut mood: Vec<(&str, f64)> = mood.into_iter().collect();
        mood.sort_by(|a, b| b.1.total_cmp(&a.1));
        set.mood = mood
            .into_iter()
            .take(MOOD_WORDS)
            .map(|(word, _)| word.to_owned())
            .collect();
        // Players small in the frame move few pixels, so the energy of sports is at least their arousal.
        let sport = set.has(SPORT).clamp(0.0, 1.0);
        set.energy = energy(files).map(|moved| moved + sport * (set.arousal - moved).max(0.0));
        set.speech = speech(files);
        set
    }

    /// Whether its mood is known.
    pub fn felt(&self) -> bool {
        self.seen || self.asked
    }

    /// Mixes in a requested mood, `[valence, arousal]`, which counts for as much as the pictures.
    pub fn ask(&mut self, [valence, arousal]: [f64; 2]) {
        let own = if self.seen { 0.5 } else { 0.0 };
        self.valence = own * self.valence + (1.0 - own) * valence;
        self.arousal = own * self.arousal + (1.0 - own) * arousal;
        self.asked = true;
    }

    /// The share of the set that shows a scene word, 0..1.
    pub fn has(&self, word: &str) -> f64 {
        self.scene.get(word).copied().unwrap_or(0.0)
    }

    /// Scene words, most frequent first.
    pub fn scene_words(&self) -> Vec<(&str, f64)> {
        let mut words: Vec<(&str, f64)> = self
            .scene
            .iter()
            .map(|(word, share)| (word.as_str(), *share))
            .collect();
        words.sort_by(|a, b| b.1.total_cmp(&a.1));
        words.retain(|(_, share)| *share >= LEAST_SHARE);
        words.truncate(WORDS);
        words
    }

    /// The set as one line of words, for the sentence network; `None` if nothing is known.
    pub fn text(&self) -> Option<String> {
        let scene = self.scene_words().into_iter().map(|(word, _)| word);
        let words: Vec<&str> = self.mood.iter().map(String::as_str).chain(scene).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

fn pictures(files: &[Analysis]) -> Vec<(&PictureFacts, f64)> {
    let mut pictures = Vec::new();
    for file in files {
        if let Some(video) = &file.video {
            for shot in &video.shots {
                let seconds = (shot.end - shot.start).clamp(SHOT_SECONDS.0, SHOT_SECONDS.1);
                pictures.push((
                    &shot.picture,
                    if seconds.is_finite() {
                        seconds
                    } else {
                        SHOT_SECONDS.0
                    },
                ));
            }
        } else if let Some(picture) = &file.picture {
            pictures.push((picture, PHOTO_SECONDS));
        }
    }
    pictures
}

/// Motion, raised by quick cuts.
fn energy(files: &[Analysis]) -> Option<f64> {
    let (mut moved, mut seconds, mut cuts) = (0.0, 0.0, 0.0);
    for video in files.iter().filter_map(|file| file.video.as_ref()) {
        for shot in &video.shots {
            let length = (shot.end - shot.start).max(0.0);
            if length.is_finite() && shot.motion.energy.is_finite() {
                moved += shot.motion.energy * length;
                seconds += length;
            }
        }
        cuts += video.shots.len().saturating_sub(1) as f64;
    }
    (seconds > 0.0).then(|| (moved / seconds + CUTTING * (cuts / seconds).min(1.0)).clamp(0.0, 1.0))
}

fn speech(files: &[Analysis]) -> Option<f64> {
    let (mut spoken, mut seconds) = (0.0, 0.0);
    for audio in files.iter().filter_map(|file| file.audio.as_ref()) {
        spoken += audio
            .speech
            .iter()
            .map(|span| (span.end - span.start).max(0.0))
            .sum::<f64>();
        seconds += audio.duration.max(0.0);
    }
    (seconds > 0.0).then(|| (spoken / seconds).clamp(0.0, 1.0))
}
