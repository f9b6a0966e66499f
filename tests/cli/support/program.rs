//! Runs the program in a home of its own, and captures what it prints and its exit code.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::UNIX_EPOCH;

use serde_json::Value;
use tempfile::TempDir;

use super::{media, runtime};

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_tastemaker");

/// A folder of its own for one test.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Copies of sample photos under new names, which may have folders.
    pub fn photos(&self, folder: &str, names: &[(&str, &str)]) -> PathBuf {
        let folder = self.path(folder);
        for (name, photo) in names {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::copy(media(&format!("photos/{photo}.jpg")), path).expect("a copy");
        }
        folder
    }

    /// `tastemaker apply` with `arguments`.
    pub fn apply(&self, arguments: &[&str]) -> Tastemaker {
        tastemaker(self).arg("apply").args(arguments)
    }
}

impl AsRef<Path> for Home {
    fn as_ref(&self) -> &Path {
        self.folder.path()
    }
}

/// The program, to be started in `home` with a configuration and data of its own there. All tests share one cache of
/// analyses, so that each sample file is analyzed once; a test of what analysis refuses, or of the cache, asks for
/// [`Tastemaker::own_cache`].
pub fn tastemaker(home: impl AsRef<Path>) -> Tastemaker {
    Tastemaker(in_home(Command::new(PROGRAM), home.as_ref()))
}

fn in_home(mut command: Command, home: &Path) -> Command {
    command
        .current_dir(home)
        .env("HOME", home)
        .env("XDG_CACHE_HOME", shared_cache())
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("NO_COLOR", "1")
        .env("ORT_DYLIB_PATH", runtime())
        .env_remove("TASTEMAKER_MODELS")
        .stdin(Stdio::null());
    command
}

/// A folder that belongs to this build of the program: another build may give other answers.
fn shared_cache() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let built = fs::metadata(PROGRAM).and_then(|program| program.modified());
        let built = built
            .expect("the program is built")
            .duration_since(UNIX_EPOCH);
        let name = format!("cache-{}", built.expect("a time after 1970").as_nanos());
        let folders = Path::new(env!("CARGO_TARGET_TMPDIR"));
        for entry in fs::read_dir(folders)
            .expect("cargo made the folder")
            .flatten()
        {
            let other = entry.file_name().to_string_lossy().into_owned();
            if other.starts_with("cache-") && other != name {
                // Another test of this run may be removing it, too.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        folders.join(name)
    })
}

/// A command that is not started yet.
pub struct Tastemaker(Command);

impl Tastemaker {
    /// The program under limits of the shell, such as `ulimit -v 4000000`, with a cache of its own.
    pub fn limited(home: impl AsRef<Path>, limits: &str) -> Self {
        let mut command = Command::new("bash");
        command
            .args(["-c", &format!("{limits}; exec \"$0\" \"$@\"")])
            .arg(PROGRAM);
        Self(in_home(command, home.as_ref())).own_cache(home)
    }

    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.0.arg(argument);
        self
    }

    pub fn args<I: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
        self.0.args(arguments);
        self
    }

    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    pub fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.0.current_dir(folder);
        self
    }

    /// Uses a cache in `home` instead of the one that tests share.
    pub fn own_cache(mut self, home: impl AsRef<Path>) -> Self {
        self.0.env("XDG_CACHE_HOME", home.as_ref().join("cache"));
        self
    }

    /// Runs it to its end, whatever that is.
    pub fn run(mut self) -> Run {
        let output = self.0.output().expect("the program starts");
        Run {
            command: format!("{:?}", self.0),
            output,
        }
    }

    /// Runs it; fails the test unless it ends with `code`.
    #[track_caller]
    pub fn exits(self, code: i32) -> Run {
        self.run().exited(code)
    }

    /// Starts it and leaves it running; its stderr is to be read.
    pub fn spawn_talking(mut self) -> Child {
        self.0
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    /// Starts it and leaves it running, silent.
    pub fn spawn(mut self) -> Child {
        self.0
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts")
    }
}

/// The outcome of a run.
pub struct Run {
    command: String,
    output: Output,
}

impl Run {
    pub fn code(&self) -> i32 {
        self.output.status.code().expect("no signal ended it")
    }

    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// The JSON documents it printed, one a line.
    #[track_caller]
    pub fn documents(&self) -> Vec<Value> {
        self.stdout()
            .lines()
            .map(|line| serde_json::from_str(line).expect("a JSON document a line"))
            .collect()
    }

    /// The last JSON document that it printed: notices and errors of files come before it.
    #[track_caller]
    pub fn last_document(&self) -> Value {
        self.documents().pop().expect("a JSON document")
    }

    /// The JSON documents it printed but for notices: an answer or an error for each file.
    #[track_caller]
    pub fn answers(&self) -> Vec<Value> {
        let mut documents = self.documents();
        documents.retain(|document| document["schema"] != "tastemaker.notice/1");
        documents
    }

    /// The JSON document that is all it printed.
    #[track_caller]
    pub fn document(&self) -> Value {
        serde_json::from_slice(&self.output.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    /// Whether a table on either stream has a row with this count and these words.
    pub fn counts(&self, row: &str) -> bool {
        format!("{}{}", self.stdout(), self.stderr())
            .lines()
            .any(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                words.join(" ").starts_with(row)
            })
    }

    /// Fails the test unless the run ended with `code`.
    #[track_caller]
    pub fn exited(self, code: i32) -> Self {
        assert_eq!(self.output.status.code(), Some(code), "{self}");
        self
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (stdout, stderr) = (self.stdout(), self.stderr());
        write!(
            out,
            "{}\n{}\nstdout:\n{stdout}\nstderr:\n{stderr}",
            self.command, self.output.status
        )
    }
}

/// All files below a folder, hidden ones too, by name from there.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy();
                // A run that is still going may have renamed it meanwhile.
                match fs::read(&path) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    bytes => {
                        found.insert(name.into_owned(), bytes.unwrap());
                    }
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// What `apply` made below a folder: all files but its journal.
pub fn results(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = contents(folder);
    found.remove(".tastemaker.journal");
    found
}
