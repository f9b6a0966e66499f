//! FFmpeg's own programs, which make media for tests and inspect files.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A run of `ffmpeg` that reports errors only and replaces what is there.
pub struct Ffmpeg(Command);

pub fn ffmpeg() -> Ffmpeg {
    Ffmpeg(Command::new("ffmpeg")).words("-hide_banner -nostdin -v error -y")
}

/// What `ffmpeg` reports about its work on `input`, without writing anything.
pub fn ffmpeg_report(input: &Path, filter: &[&str]) -> String {
    let mut run = Ffmpeg(Command::new("ffmpeg"))
        .words("-hide_banner -nostdin")
        .input(input)
        .args(filter)
        .words("-f null -");
    let output = run.0.output().expect("ffmpeg is installed");
    run.check(&output);
    String::from_utf8_lossy(&output.stderr).into_owned()
}

impl Ffmpeg {
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.0.arg(argument);
        self
    }

    pub fn args<I: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
        self.0.args(arguments);
        self
    }

    /// Arguments separated by blanks.
    pub fn words(self, arguments: &str) -> Self {
        self.args(arguments.split_whitespace())
    }

    /// A source that FFmpeg generates, such as `testsrc=s=64x64:d=1`.
    pub fn source(self, description: &str) -> Self {
        self.args(["-f", "lavfi", "-i", description])
    }

    pub fn input(self, path: impl AsRef<Path>) -> Self {
        self.arg("-i").arg(path.as_ref())
    }

    pub fn current_dir(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    /// Writes `path`, which it gives back.
    pub fn writes(self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        self.arg(path).run();
        path.to_owned()
    }

    /// Whether it ended well.
    pub fn succeeds(mut self) -> bool {
        self.0
            .output()
            .expect("ffmpeg is installed")
            .status
            .success()
    }

    pub fn run(mut self) {
        let output = self.0.output().expect("ffmpeg is installed");
        self.check(&output);
    }

    /// Runs it with `input` on its standard input.
    pub fn reads(mut self, input: &[u8]) {
        let mut child = self
            .0
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("ffmpeg is installed");
        let mut pipe = child.stdin.take().expect("a pipe");
        pipe.write_all(input).expect("ffmpeg reads");
        drop(pipe);
        let output = child.wait_with_output().expect("ffmpeg ends");
        self.check(&output);
    }

    /// What it writes to its standard output.
    pub fn bytes(mut self) -> Vec<u8> {
        let output = self.0.output().expect("ffmpeg is installed");
        self.check(&output);
        output.stdout
    }

    /// All sound it decodes, as `f32`.
    pub fn samples(self) -> Vec<f32> {
        self.args(["-f", "f32le", "-"])
            .bytes()
            .chunks_exact(4)
            .map(|bytes| f32::from_le_bytes(bytes.try_into().expect("4 bytes")))
            .collect()
    }

    fn check(&self, output: &Output) {
        assert!(
            output.status.success(),
            "{:?}\n{}",
            self.0,
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// What `ffprobe` prints about `path`, without section names.
pub fn ffprobe<I: AsRef<OsStr>>(path: &Path, arguments: impl IntoIterator<Item = I>) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-of", "csv=p=0"])
        .args(arguments)
        .arg(path)
        .output()
        .expect("ffprobe is installed");
    String::from_utf8(output.stdout).expect("text")
}
