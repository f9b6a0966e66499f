//! Hints: what a person can do about an error.
//!
//! A hint says what to do and names no flag. `commands/flags_in_messages.rs` has the flags and verbs that the terminal
//! puts into each message; a server would put its fields there. [`Hint`] displays as a sentence that holds for all of
//! them.

use std::fmt;

/// What to do about an error.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Hint {
    /// Check how a path is spelled.
    CheckSpelling,
    /// Get permission to read a file, or copy it.
    GainReadPermission,
    /// Check the disk, or copy a file elsewhere.
    CheckDisk,
    /// Choose a folder that may be written to.
    ChooseWritableFolder,
    /// Check that a folder exists and has room.
    CheckFolder,
    /// Convert a file to a format that is decoded here.
    ConvertFile,
    /// Export or download a damaged file again.
    ReplaceDamaged,
    /// Fetch an incomplete file again.
    FetchAgain,
    /// Use a newer version of this program.
    UseNewerVersion {
        /// The newest format that this one knows.
        known: u32,
    },
    /// Wait until another process lets go of a file.
    WaitAndRetry,
    /// Correct a line of a document.
    CorrectLine,
    /// Use one of the names that there are.
    UseKnownName {
        /// The names.
        known: Vec<String>,
    },
    /// Report a fault of this program.
    ReportFault,
    /// Build the program from an unchanged checkout.
    RebuildProgram,
    /// Name files, or a folder of them.
    NameFiles,
    /// Name a picture or clip that can be read.
    NameReadableFile,
    /// Caption a plan that has no captions.
    CaptionPlan,
    /// Give captions from a file where nothing can be recognized.
    NameCaptions,
    /// Analyze the file that captions belong to by itself.
    AnalyzeAlone,
    /// Write analyses of files with the same name into different folders.
    AnalyzeApart,
    /// Use a sample rate and a number of channels that can be resampled.
    LimitSound,
    /// Give a quality that the encoder takes.
    LimitQuality {
        /// The largest number.
        most: u8,
    },
    /// Encode a film that keeps its dynamic range as H.265.
    EncodeAsH265,
    /// Leave out what cannot be drawn in the dynamic range of the sources, or make the film in standard range.
    LeaveDynamicRange,
    /// Give a strength of a look within its range.
    LimitStrength,
    /// Correct a step of a look.
    CorrectStep,
    /// Open a look by its path, which says where its table is.
    OpenLookByPath,
    /// Give more pairs of pictures to learn from.
    GiveMorePairs {
        /// The fewest that suffice.
        least: usize,
    },
    /// Give more finished pictures to learn from.
    GiveMorePictures {
        /// The fewest that suffice.
        least: usize,
    },
    /// Give the same picture before and after.
    PairSamePicture,
    /// Give pairs that are neither cropped nor turned.
    PairUncropped,
    /// Use a valid file name for a look.
    NameLookFile,
    /// Use a valid file name for a look; its table is named after it.
    NameLookAndTable,
    /// Use a file extension for a page or a sheet.
    NamePageOrSheet,
    /// Use a file extension for a table or a Hald image.
    NameTable,
    /// Use a file extension for a sound file.
    NameSoundFile {
        /// Those that there are.
        endings: Vec<&'static str>,
    },
    /// Give a bucket or a folder as the place of a tenant's files.
    NameObjectStore,
    /// Name photos that a look can be shown on.
    NamePhotos,
    /// Use a valid template of names.
    WriteNameTemplate,
    /// Apply a look to files with the same name into different folders.
    ApplyApart,
    /// Give clips and photos in place of a plan.
    ReplacePlan,
    /// Give longer clips, or photos.
    GiveLongerClips,
    /// Give at least one photo or film.
    GivePicture,
    /// Give other clips or photos.
    GiveOtherClips,
    /// Ask for a smaller contact sheet.
    ShrinkSheet {
        /// Most frames a side.
        most: u32,
        /// Most pixels across.
        widest: u32,
    },
    /// Name a track that contains music.
    NameMusicalTrack,
    /// Name one of several tracks by its path.
    NameByPath {
        /// The paths.
        paths: Vec<String>,
    },
    /// Use an existing name that is similar to the one given.
    UseSimilarName {
        /// The name.
        name: String,
    },
    /// Describe the use of music in the supported words.
    DescribeUse {
        /// The ids of the platforms.
        platforms: Vec<String>,
    },
    /// Correct the terms of a license.
    CorrectLicense,
    /// Give a tempo within the range that is supported.
    LimitTempo {
        /// Beats a minute.
        slowest: f64,
        /// Beats a minute.
        fastest: f64,
    },
    /// Shift beats by no more than the limit.
    LimitNudge {
        /// Seconds, either way.
        farthest: f64,
    },
    /// Name a choice as either accepted or rejected, not both.
    NameChoiceOnce,
    /// Use a valid name for a profile.
    NameProfile,
    /// Write somewhere else: the disk is full.
    FreeSpace,
    /// Replace the file that is in the way, or choose another name.
    ReplaceOrRename,
    /// Raise a limit.
    RaiseLimit(LimitName),
    /// Restore the folder of networks.
    RestoreModels,
    /// Name the folder of networks.
    NameModels,
    /// Install ONNX Runtime.
    InstallRuntime,
    /// Inspect this installation, and report the failure.
    ReportFailure,
    /// Check which encoders this installation has.
    CheckEncoders,
    /// Restore the file that a plan was made from, or make the plan again.
    RestoreSource,
    /// Correct the plan, or make it again.
    CorrectPlan,
    /// Choose another track.
    ChooseOtherMusic,
    /// Name tracks to choose from.
    NameMusic,
    /// Name a folder of music, or go without.
    NameMusicOrNone,
    /// Add tracks to the catalog, or check those that it has.
    FillCatalog,
    /// Ask for a film of at least half a second.
    LengthenFilm,
    /// Ask for a shorter film, or name a platform that takes longer ones.
    ShortenFilm,
    /// Ask for no length, or choose a style that picks moments.
    LeaveLengthOut,
    /// Unlock segments of a plan, or keep its style, shape and files.
    Unlock,
    /// Name other stretches to be shown, or ask for a longer film.
    ChangeStretches,
    /// Give the shape of the picture as width to height.
    GiveAspect,
    /// Make the profile by teaching it some choices.
    TeachProfile {
        /// Its name.
        name: String,
    },
    /// Name a folder for the results.
    NameOutputFolder,
    /// Choose a folder that contains none of the originals.
    ChooseOtherFolder,
    /// Wait for another run, or write into another folder.
    WaitOrChooseFolder,
    /// Go on where a run stopped, or replace its results.
    ResumeOrReplace,
    /// Work on fewer files at a time.
    FewerAtATime,
    /// Name the accepted and the rejected choices.
    NameChoices,
    /// Give a picture after for each picture before.
    PairPictures,
    /// Name a single track, or leave out what belongs to one.
    NameOneTrack,
    /// Name a catalog.
    NameCatalog,
    /// Add tracks, which makes the catalog.
    AddTracks,
    /// Name a folder that the files of a timeline are in.
    NameMediaFolder,
    /// Use a valid name for a tenant.
    NameTenant,
    /// Make a key before the service is reached from other machines.
    MakeKey,
    /// Let work run where the machine cannot keep it apart.
    LowerSandbox,
}

/// The limits that hold before and during decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum LimitName {
    Bytes,
    Pixels,
    Frames,
    Seconds,
    Streams,
    MemoryBytes,
}

impl fmt::Display for LimitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Pixels => "pixels",
            Self::Frames => "frames",
            Self::Seconds => "seconds",
            Self::Streams => "streams",
            Self::MemoryBytes => "bytes of memory",
        })
    }
}

impl fmt::Display for Hint {
    #[expect(clippy::too_many_lines, reason = "a table of sentences")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CheckSpelling => "check the spelling of the path",
            Self::GainReadPermission => "give yourself permission to read it, or copy it",
            Self::CheckDisk => "check the disk, or copy the file to another place",
            Self::ChooseWritableFolder => "choose a folder that you may write to",
            Self::CheckFolder => "check that the folder exists and has room",
            Self::ConvertFile => "convert it, for example with ffmpeg, to MP4, WAV, JPEG or PNG",
            Self::ReplaceDamaged => "export or download it again",
            Self::FetchAgain => "the download or copy may be incomplete: fetch it again",
            Self::UseNewerVersion { known } => {
                return write!(
                    f,
                    "use a newer tastemaker: this one knows versions up to {known}"
                );
            }
            Self::WaitAndRetry => "wait until it is done, then try again",
            Self::CorrectLine => "correct the line",
            Self::UseKnownName { known } => {
                return write!(f, "known: {}", known.join(", "));
            }
            Self::ReportFault => "report this",
            Self::RebuildProgram => "build it from an unchanged checkout",
            Self::NameFiles => "name files, or a folder that holds some",
            Self::NameObjectStore => {
                "give a bucket as s3://BUCKET/PREFIX or a folder as file:///FOLDER"
            }
            Self::NameReadableFile => "name at least one picture or clip that can be read",
            Self::CaptionPlan => "plan it again with captions",
            Self::NameCaptions => {
                "only English is recognized; give captions of your own from a file"
            }
            Self::AnalyzeAlone => "analyze the file that they belong to alone",
            Self::AnalyzeApart => "analyze them into different folders",
            Self::LimitSound => "rates are 1 to 768000 Hz and channels 1 to 64",
            Self::LimitQuality { most } => {
                return write!(f, "give 0, the best, to {most}");
            }
            Self::EncodeAsH265 => "encode it as H.265, or make it in standard range",
            Self::LeaveDynamicRange => "leave that out, or make the film in standard range",
            Self::LimitStrength => "give a number from 0 to 2; 1 is the look as written",
            Self::CorrectStep => "correct the step",
            Self::OpenLookByPath => {
                "open the look by its path, so that the file beside it is found"
            }
            Self::GiveMorePairs { least } => {
                return write!(
                    f,
                    "give at least {least} pictures before and after; five or more are \
                     better"
                );
            }
            Self::GiveMorePictures { least } => {
                return write!(f, "give at least {least}; twenty are better");
            }
            Self::PairSamePicture => "give the same picture before and after",
            Self::PairUncropped => {
                "give the same picture before and after, neither cropped nor rotated"
            }
            Self::NameLookFile => "give the look a name such as my-look.toml",
            Self::NameLookAndTable => {
                "give the look a name such as my-look.toml; its table is written beside it"
            }
            Self::NamePageOrSheet => "end the name in .html for a page, in .png for a sheet",
            Self::NameTable => "end the name in .cube for a table, in .png for a Hald image",
            Self::NameSoundFile { endings } => {
                let endings = endings.join(", .");
                return write!(f, "end the name in .{endings}, or in .mp4 for a film of it");
            }
            Self::NamePhotos => "name pictures or folders of them; clips are not shown",
            Self::WriteNameTemplate => "write a name such as \"{stem}-{look}.{ext}\"",
            Self::ApplyApart => {
                "apply the look to them one after the other, into different folders"
            }
            Self::ReplacePlan => {
                "give clips and photos in place of the plan, or change the plan in an editor"
            }
            Self::GiveLongerClips => "give longer clips, or photos",
            Self::GivePicture => "give at least one photo or film",
            Self::GiveOtherClips => "give other clips or photos",
            Self::ShrinkSheet { most, widest } => {
                return write!(
                    f,
                    "choose up to {most} by {most} frames and up to {widest} pixels"
                );
            }
            Self::NameMusicalTrack => "name a track with music",
            Self::NameByPath { paths } => {
                return write!(f, "name one by its path: {}", paths.join(", "));
            }
            Self::UseSimilarName { name } => {
                return write!(f, "did you mean {name}?");
            }
            Self::DescribeUse { platforms } => {
                return write!(
                    f,
                    "write commercial, edits, a platform ({}) or a country such as DE, \
                     separated by commas",
                    platforms.join(", ")
                );
            }
            Self::CorrectLicense => "name platforms and countries separated by commas",
            Self::LimitTempo { slowest, fastest } => {
                return write!(f, "give {slowest} to {fastest} beats a minute");
            }
            Self::LimitNudge { farthest } => {
                return write!(f, "give -{farthest} to {farthest} seconds");
            }
            Self::NameChoiceOnce => "name it once",
            Self::NameProfile => "use letters, digits, - and _, or give a path that ends in .json",
            Self::FreeSpace => "free some space, or choose another place",
            Self::ReplaceOrRename => "choose another name, or ask for the file to be replaced",
            Self::RaiseLimit(limit) => {
                return write!(f, "if you trust the file, raise the limit of {limit}");
            }
            Self::RestoreModels => "restore the folder models/ of this version, or name another",
            Self::NameModels => "name the folder of the networks",
            Self::InstallRuntime => "install ONNX Runtime, or name the library",
            Self::ReportFailure => "report this with what the program says of its installation",
            Self::CheckEncoders => "check which encoders there are",
            Self::RestoreSource => {
                "put the file back that the plan was made from, or make the plan again"
            }
            Self::CorrectPlan => "correct the plan, or make it again",
            Self::ChooseOtherMusic => "choose another track",
            Self::NameMusic => "name tracks to choose from",
            Self::NameMusicOrNone => "name a folder with music, or ask for none",
            Self::FillCatalog => "add tracks to the catalog, or check it",
            Self::LengthenFilm => "ask for half a second or more",
            Self::ShortenFilm => "ask for a shorter film, or for another platform",
            Self::LeaveLengthOut => "give no length, or a style that picks moments",
            Self::Unlock => {
                "unlock the segments in the plan, or keep its style, its platform and its files"
            }
            Self::ChangeStretches => {
                "name stretches that the files have and the film has room for, or ask for a longer film"
            }
            Self::GiveAspect => "give the shape as 9:16, 1:1, 4:5, 16:9 or the like",
            Self::TeachProfile { name } => {
                return write!(f, "make {name} by teaching it a look that you like");
            }
            Self::NameTenant => "use letters, digits, - and _",
            Self::MakeKey => "make a key first, or listen on this machine only",
            Self::LowerSandbox => "ask for as much as this machine gives",
            Self::NameOutputFolder => "name a folder for the results",
            Self::ChooseOtherFolder => "originals are never touched: choose another folder",
            Self::WaitOrChooseFolder => "wait until it is done, or choose another folder",
            Self::ResumeOrReplace => {
                "continue where the run stopped, or ask for its results to be replaced"
            }
            Self::FewerAtATime => "work on fewer files at a time",
            Self::NameChoices => "name what was taken and what was turned down",
            Self::PairPictures => {
                "give one picture after for each picture before, in the same order"
            }
            Self::NameOneTrack => "name one file, or leave out title, tempo and nudge",
            Self::NameCatalog => "name a catalog",
            Self::AddTracks => "add tracks to it first",
            Self::NameMediaFolder => "name the folder that its files are in",
        })
    }
}
