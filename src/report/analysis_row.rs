//! An analysis in a few words, as a row of a table.

use crate::analysis::{Analysis, AudioReport, FileKind, PictureFacts, VideoReport};

/// Words for the scene of a picture.
const PICTURE_WORDS: usize = 4;
/// Words for the scenes of a film, each from another shot.
const FILM_WORDS: usize = 3;
/// Words for the mood of a sound.
const MOOD_WORDS: usize = 2;

/// The columns of [`analysis_row`].
pub const ANALYSIS_COLUMNS: [&str; 5] = ["file", "kind", "size", "length", "what is in it"];

/// File, kind, size, length and what is in it.
pub fn analysis_row(analysis: &Analysis) -> [String; 5] {
    let file = &analysis.file;
    let kind = match file.kind {
        FileKind::Image => "image",
        FileKind::Video => "video",
        FileKind::Audio => "audio",
    };
    let (picture, video, audio) = (&analysis.picture, &analysis.video, &analysis.audio);
    let size = match (video, picture) {
        (Some(video), _) => format!("{}x{}", video.width, video.height),
        (None, Some(picture)) => format!("{}x{}", picture.width, picture.height),
        (None, None) => String::new(),
    };
    let video_length = video.as_ref().map(|video| video.duration);
    let length = video_length.or(audio.as_ref().map(|audio| audio.duration));
    let mut words = Vec::new();
    words.extend(picture.iter().flat_map(picture_words));
    words.extend(video.iter().flat_map(video_words));
    words.extend(audio.iter().flat_map(audio_words));
    [
        file.path.clone(),
        kind.into(),
        size,
        length.map_or(String::new(), |seconds| format!("{seconds:.1} s")),
        words.join(", "),
    ]
}

fn picture_words(picture: &PictureFacts) -> Vec<String> {
    let scene = picture.scene.iter().take(PICTURE_WORDS);
    let mut words: Vec<String> = scene.map(|word| word.label.clone()).collect();
    if !picture.faces.is_empty() {
        words.push(counted(picture.faces.len(), "face"));
    }
    words
}

fn video_words(video: &VideoReport) -> Vec<String> {
    let mut words = vec![counted(video.shots.len(), "shot")];
    let scenes = video
        .shots
        .iter()
        .filter_map(|shot| shot.picture.scene.first());
    for word in scenes {
        if words.len() <= FILM_WORDS && !words.contains(&word.label) {
            words.push(word.label.clone());
        }
    }
    words
}

fn audio_words(audio: &AudioReport) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(loudness) = audio.loudness.integrated_lufs {
        words.push(format!("{loudness:.1} LUFS"));
    }
    if let Some(tempo) = &audio.tempo {
        words.push(format!("{:.0} bpm", tempo.bpm));
    }
    if let Some(key) = &audio.key {
        words.push(format!("{} {}", key.tonic, key.mode));
    }
    if !audio.speech.is_empty() {
        words.push("speech".into());
    }
    let moods = audio.mood.iter();
    words.extend(moods.flat_map(|mood| mood.words.iter().take(MOOD_WORDS).cloned()));
    words
}

/// `1 face`, `2 faces`.
fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}
