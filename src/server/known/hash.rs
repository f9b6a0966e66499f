//! The hashes that files, pictures and sounds are recognized by.

use rusqlite::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::same_sound::has_detail;
use crate::analysis::Chromaprint;
use crate::error::{Error, Result};
use crate::jobs::Fingerprints;

/// Below this quality the hash of a picture says nothing: flat pictures have nearly the same (the PDQ paper).
const LEAST_QUALITY: u8 = 50;
/// Pictures of one file whose hashes are kept: those of a film of hours. Of more, some from everywhere in it.
const MOST_KEPT: usize = 500;

/// Bytes of an item of a fingerprint of sound.
const ITEM: usize = 4;

/// How a hash is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HashKind {
    /// Of the bytes of a file.
    Blake3,
    /// PDQ, of a picture.
    Pdq,
    /// The DCT hash of the analysis, of a picture.
    Dct,
    /// Chromaprint, of a sound.
    Sound,
}

impl HashKind {
    /// Its word in JSON and in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blake3 => "blake3",
            Self::Pdq => "pdq",
            Self::Dct => "dct",
            Self::Sound => "sound",
        }
    }

    fn of(name: &str) -> Option<Self> {
        let all = [Self::Blake3, Self::Pdq, Self::Dct, Self::Sound];
        all.into_iter().find(|kind| kind.name() == name)
    }

    /// True where a hash of this kind may have so many bytes.
    fn takes(self, bytes: usize) -> bool {
        match self {
            Self::Blake3 | Self::Pdq => bytes == 32,
            Self::Dct => bytes == 8,
            Self::Sound => bytes > 0 && bytes.is_multiple_of(ITEM),
        }
    }
}

/// A hash, and how it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHash {
    /// How it is made.
    pub kind: HashKind,
    /// As many as its kind has; of a sound its items, the lowest byte of each first.
    pub bytes: Vec<u8>,
}

impl KnownHash {
    /// Of hex digits, or of what `fpcalc` prints; `None` where they are no hash of that kind.
    pub fn parse(kind: HashKind, text: &str) -> Option<Self> {
        if kind == HashKind::Sound {
            let print = Chromaprint::parse(text)?;
            let bytes = print.items().iter().flat_map(|item| item.to_le_bytes());
            return Some(Self {
                kind,
                bytes: bytes.collect(),
            });
        }
        let digits: Option<Vec<u8>> = text
            .chars()
            .map(|digit| {
                digit
                    .to_digit(16)
                    .and_then(|digit| u8::try_from(digit).ok())
            })
            .collect();
        let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
        kind.takes(digits.len() / 2).then_some(())?;
        let byte = |pair: &[u8]| pair.iter().fold(0_u8, |byte, digit| byte << 4 | digit);
        let bytes = digits.chunks(2).map(byte).collect();
        Some(Self { kind, bytes })
    }

    /// The columns `kind`, `hash` and `sound` of a row, from `at` on.
    pub(super) fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Self>> {
        let Some(kind) = HashKind::of(&row.get::<_, String>(at)?) else {
            return Ok(None);
        };
        let bytes = match kind {
            HashKind::Sound => row.get::<_, Option<Vec<u8>>>(at + 2)?.unwrap_or_default(),
            _ => row.get(at + 1)?,
        };
        Ok(kind.takes(bytes.len()).then_some(Self { kind, bytes }))
    }

    /// For the column `hash`, by which it is found again: a sound is too long for that, so its BLAKE3 stands there …
    pub(super) fn key(&self) -> Vec<u8> {
        match self.kind {
            HashKind::Sound => blake3::hash(&self.bytes).as_bytes().to_vec(),
            _ => self.bytes.clone(),
        }
    }

    /// … and the sound in the column `sound`.
    pub(super) fn sound(&self) -> Option<&[u8]> {
        (self.kind == HashKind::Sound).then_some(self.bytes.as_slice())
    }

    /// The items of a sound.
    pub(super) fn items(&self) -> Vec<u32> {
        let items = self.sound().unwrap_or_default().as_chunks::<ITEM>().0;
        items.iter().map(|item| u32::from_le_bytes(*item)).collect()
    }

    /// False for what any other may be taken for: a sound that is short, silent or one tone.
    pub fn has_detail(&self) -> bool {
        self.kind != HashKind::Sound || has_detail(&self.items())
    }

    /// As hex digits; of a sound what `fpcalc` prints.
    pub fn text(&self) -> String {
        if self.kind == HashKind::Sound {
            let print = Chromaprint::new(self.items());
            return print.map_or_else(String::new, |print| print.text());
        }
        self.bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// As words of 64 bits; `None` where it has another number of them.
    pub(super) fn words<const N: usize>(&self) -> Option<[u64; N]> {
        let word = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0, |word, byte| word << 8 | u64::from(*byte))
        };
        let words: Vec<u64> = self.bytes.chunks(8).map(word).collect();
        words.try_into().ok()
    }
}

/// A hash of a file, and the second that its picture is at.
#[derive(Debug, Clone, PartialEq)]
pub struct TimedHash {
    pub hash: KnownHash,
    pub at: Option<f64>,
}

/// The hashes of a file that are kept: of its bytes, its sound, and at most [`MOST_KEPT`] of its pictures.
///
/// Errors: like [`hashes_of`].
pub fn kept_hashes_of(prints: &Fingerprints) -> Result<Vec<TimedHash>> {
    let step = prints.pictures.len().div_ceil(MOST_KEPT).max(1);
    let pictures = prints.pictures.iter().step_by(step);
    hashes_of(&Fingerprints {
        blake3: prints.blake3.clone(),
        pictures: pictures.cloned().collect(),
        sound: prints.sound.clone(),
    })
}

/// True where the hashes of all `pictures` of a file are kept.
pub fn are_all_kept(pictures: usize) -> bool {
    pictures <= MOST_KEPT
}

/// The hashes of a file that say something, all of them: a film is not recognized by some of its pictures alone.
///
/// Errors: `Damaged` for what is no hash. They come from a process that may be in the hands of the file.
pub fn hashes_of(prints: &Fingerprints) -> Result<Vec<TimedHash>> {
    let parsed = |kind, text: &str, at| {
        let wrong = || Error::damaged("fingerprints", "one is no hash");
        let hash = KnownHash::parse(kind, text).ok_or_else(wrong)?;
        Ok(TimedHash { hash, at })
    };
    let mut hashes = vec![parsed(HashKind::Blake3, &prints.blake3, None)?];
    let pictures = prints.pictures.iter();
    for picture in pictures.filter(|picture| picture.pdq.quality >= LEAST_QUALITY) {
        hashes.push(parsed(HashKind::Pdq, &picture.pdq.hash, picture.at)?);
        hashes.push(parsed(HashKind::Dct, &picture.dct, picture.at)?);
    }
    if let Some(sound) = &prints.sound {
        let sound = parsed(HashKind::Sound, sound, None)?;
        hashes.extend(sound.hash.has_detail().then_some(sound));
    }
    Ok(hashes)
}
