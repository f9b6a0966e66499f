//! Content hashes.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::error::{Error, Result};
use crate::task::Task;

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;

/// BLAKE3 of a file, lower-case hex. The file is streamed, never held in memory.
///
/// Fails with `Read`, with `Unsupported` for anything but a regular file (a pipe may never end), or with `Cancelled`.
pub fn hash_file(path: &Path, task: &Task) -> Result<String> {
    let read = |source: io::Error| Error::read(path, source);
    if !std::fs::metadata(path).map_err(read)?.is_file() {
        return Err(Error::unsupported(path, "not a regular file"));
    }
    let mut file = File::open(path).map_err(read)?;
    let mut hasher = blake3::Hasher::new();
    let mut block = vec![0; BLOCK];
    loop {
        task.check()?;
        match file.read(&mut block) {
            Ok(0) => return Ok(hasher.finalize().to_hex().to_string()),
            Ok(count) => {
                hasher.update(&block[..count]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(read(error)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use super::*;

    #[test]
    fn it_is_blake3_over_all_blocks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        // The empty hash is the one that the BLAKE3 paper's test vectors give.
        std::fs::write(&path, b"").unwrap();
        assert_eq!(
            hash_file(&path, &Task::default()).unwrap(),
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        );
        let content: Vec<u8> = (0..BLOCK * 2 + 77).map(|at| (at % 251) as u8).collect();
        std::fs::write(&path, &content).unwrap();
        assert_eq!(
            hash_file(&path, &Task::default()).unwrap(),
            blake3::hash(&content).to_hex().as_str()
        );
    }

    #[test]
    fn it_fails_with_the_right_error() {
        let folder = tempfile::tempdir().unwrap();
        let missing = hash_file(&folder.path().join("none"), &Task::default()).unwrap_err();
        assert_eq!(missing.code(), "not_found");
        let not_a_file = hash_file(folder.path(), &Task::default()).unwrap_err();
        assert_eq!(not_a_file.code(), "unsupported");
        let path = folder.path().join("file");
        std::fs::write(&path, b"x").unwrap();
        let stopped = Task::new(Arc::new(AtomicBool::new(true)));
        assert!(matches!(
            hash_file(&path, &stopped).unwrap_err(),
            Error::Cancelled
        ));
    }
}
