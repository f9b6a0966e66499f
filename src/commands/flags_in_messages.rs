//! The flags and verbs that hints, limits and decisions name on the terminal.
//!
//! The library says what a person can do as a [`Hint`] and what it chose as a [`Decision`], and names no flag. Only
//! here does each get the flag to give; another outside, such as a server, has a table of its own.

use crate::choice::{Decision, Setting};
use crate::error::LimitName;
use crate::hint::Hint;

/// The sentence of a hint, with flags and verbs.
pub fn hint(hint: &Hint) -> String {
    match hint {
        Hint::FreeSpace => "free some space, or choose another place with -o".into(),
        Hint::ReplaceOrRename => "choose another name, or give --force to replace it".into(),
        Hint::RaiseLimit(limit) => format!(
            "if you trust the file, raise the limit with {}",
            limit_flag(*limit)
        ),
        Hint::RestoreModels => {
            "restore the folder models/ of this version, or name another with --models".into()
        }
        Hint::NameModels => "name their folder with --models".into(),
        Hint::InstallRuntime => {
            "run ./scripts/demo, which puts it in place, or name the library with --onnxruntime"
                .into()
        }
        Hint::ReportFailure => "run tastemaker doctor, and report this with its answer".into(),
        Hint::CheckEncoders => "run tastemaker doctor to see which encoders there are".into(),
        Hint::RestoreSource => "put the file back that the plan was made from, or make the plan \
                                again with tastemaker edit"
            .into(),
        Hint::CorrectPlan => "correct the plan, or make it again with tastemaker edit".into(),
        Hint::ChooseOtherMusic => "give another --music".into(),
        Hint::NameMusic => {
            "name tracks with --music; `tastemaker suggest` says what is wrong with each".into()
        }
        Hint::NameMusicOrNone => {
            "name a folder with music, or leave out --music to keep the clips' own sound".into()
        }
        Hint::FillCatalog => {
            "add some with tastemaker music add, or run tastemaker music check".into()
        }
        Hint::EncodeAsH265 => "give --encoder h265, or leave out --dynamic-range".into(),
        Hint::LeaveDynamicRange => "leave that out, or make the film without --dynamic-range".into(),
        Hint::LengthenFilm => "give --length half a second or more".into(),
        Hint::ShortenFilm => "give a shorter --length, or another --platform".into(),
        Hint::LeaveLengthOut => "leave out --length, or give another --style".into(),
        Hint::ChangeStretches => {
            "give --must stretches that the files have and the film has room for, or a longer --length"
                .into()
        }
        Hint::GiveAspect => "give --aspect as 9:16, 1:1, 4:5, 16:9 or the like".into(),
        Hint::TeachProfile { name } => {
            format!("make it: tastemaker profile learn {name} --accept LOOK --reject LOOK")
        }
        Hint::MakeKey => {
            "make one with tastemaker serve keys add TENANT, or listen on 127.0.0.1".into()
        }
        Hint::LowerSandbox => "give --sandbox best-effort".into(),
        Hint::NameOutputFolder => "name a folder for the results with -o".into(),
        Hint::ChooseOtherFolder => {
            "originals are never touched: choose another folder with -o".into()
        }
        Hint::WaitOrChooseFolder => {
            "wait until it is done, or choose another folder with -o".into()
        }
        Hint::ResumeOrReplace => {
            "go on where the run stopped with --resume, or replace them with --force".into()
        }
        Hint::FewerAtATime => "work on fewer files at a time with --jobs".into(),
        Hint::NameChoices => {
            "name what you took with --accept and what you turned down with --reject".into()
        }
        Hint::PairPictures => "give one --after for each --before, in the same order".into(),
        Hint::NameOneTrack => "name one file, or leave out --title, --tempo and --nudge".into(),
        Hint::NameCatalog => "name a catalog with --catalog".into(),
        Hint::NameMediaFolder => "name the folder that its files are in with --media".into(),
        Hint::AddTracks => "add tracks with tastemaker music add FOLDER".into(),
        Hint::CaptionPlan => {
            "make them with tastemaker captions PLAN, or plan again with --captions".into()
        }
        Hint::NameCaptions => {
            "only English is recognized; give captions of your own with --from".into()
        }
        Hint::AnalyzeAlone => "analyze the file that --captions belong to alone".into(),
        Hint::CorrectLicense => "see tastemaker music add --help".into(),
        other => other.to_string(),
    }
}

/// The flag that raises a limit.
fn limit_flag(limit: LimitName) -> &'static str {
    match limit {
        LimitName::Bytes => "--max-bytes",
        LimitName::Pixels => "--max-pixels",
        LimitName::Frames => "--max-frames",
        LimitName::Seconds => "--max-seconds",
        LimitName::Streams => "--max-streams",
        LimitName::MemoryBytes => "--max-memory",
    }
}

/// The flag that would change a decision, with the value that was decided.
pub fn decision_flag(decision: &Decision) -> String {
    let flag = setting_flag(decision.setting);
    match &decision.value {
        Some(value) => format!("{flag} {value}"),
        None => flag.into(),
    }
}

/// The flag of a setting. Files have none.
pub fn setting_flag(setting: Setting) -> &'static str {
    match setting {
        Setting::Files => "FILE",
        Setting::Length => "--length",
        Setting::Look => "--look",
        Setting::Music => "--music",
        Setting::Platform => "--platform",
        Setting::Style => "--style",
        Setting::Aspect => "--aspect",
        Setting::Seed => "--seed",
        Setting::GuideTrack => "--guide-track",
        Setting::Transition => "--transition",
        Setting::Captions => "--captions",
        Setting::Framing => "--framing",
        Setting::Denoise => "--denoise",
    }
}
