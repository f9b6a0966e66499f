//! The networks of one folder: reads and verifies pinned files, creates sessions when first needed, and runs them.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use ort::ep::CPU;
use ort::logging::LogLevel;
use ort::session::{Session, SessionInputValue};
use ort::value::TensorRef;
use sha2::{Digest, Sha256};
use tokenizers::Tokenizer;

use crate::error::{Error, Result};
use crate::models::manifest::{Manifest, Pin};
use crate::models::music_heads::{MoodHead, MusicProjection};
use crate::models::onnx_runtime::{self, RuntimeInfo};
use crate::models::scene_head::SceneHead;
use crate::models::session_pool::SessionPool;

/// Networks whose working memory is freed after each run: they need hundreds of megabytes and run seldom.
const ROOMY: [&str; 2] = ["u2net-p", "whisper-tiny-en-encoder"];

/// Paths of the models and of ONNX Runtime.
#[derive(Debug, Clone, Default)]
pub struct ModelsOptions {
    /// The folder with `manifest.toml`.
    pub folder: PathBuf,
    /// Candidate paths of the ONNX Runtime library, best first; the first that exists is used.
    pub runtime: Vec<PathBuf>,
}

/// All networks. Share it by reference between threads.
pub struct Models {
    options: ModelsOptions,
    manifest: Manifest,
    /// Tells the time since any moment; absent: runs are not timed.
    stopwatch: Option<fn() -> Duration>,
    /// By the network's name.
    pools: BTreeMap<String, SessionPool>,
    /// By file name.
    labels: BTreeMap<String, OnceLock<Vec<String>>>,
    pub(super) sentence_tokenizer: OnceLock<Tokenizer>,
    pub(super) speech_tokenizer: OnceLock<Tokenizer>,
    pub(super) scene_head: OnceLock<SceneHead>,
    pub(super) mood_head: OnceLock<MoodHead>,
    pub(super) music_projection: OnceLock<MusicProjection>,
}

impl std::fmt::Debug for Models {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Models")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// One input tensor of a network.
pub(super) struct NetworkInput<'a> {
    pub(super) name: &'static str,
    pub(super) shape: &'a [usize],
    pub(super) values: TensorValues<'a>,
}

/// Values of a tensor in C order.
pub(super) enum TensorValues<'a> {
    Float(&'a [f32]),
    Byte(&'a [u8]),
    Integer(&'a [i64]),
}

impl<'a> NetworkInput<'a> {
    pub(super) fn floats(name: &'static str, shape: &'a [usize], values: &'a [f32]) -> Self {
        let values = TensorValues::Float(values);
        Self {
            name,
            shape,
            values,
        }
    }

    fn value(&self) -> ort::Result<SessionInputValue<'a>> {
        Ok(match self.values {
            TensorValues::Float(values) => TensorRef::from_array_view((self.shape, values))?.into(),
            TensorValues::Byte(values) => TensorRef::from_array_view((self.shape, values))?.into(),
            TensorValues::Integer(values) => {
                TensorRef::from_array_view((self.shape, values))?.into()
            }
        })
    }
}

impl Models {
    /// Reads the manifest. Networks and ONNX Runtime are loaded when first needed; each file is verified against its
    /// pin before use.
    pub fn open(options: ModelsOptions) -> Result<Self> {
        let manifest = Manifest::read(&options.folder)?;
        let pools = manifest
            .models
            .iter()
            .map(|entry| (entry.name.clone(), SessionPool::default()))
            .collect();
        let labels = manifest
            .files
            .iter()
            .map(|entry| (entry.file.clone(), OnceLock::new()))
            .collect();
        Ok(Self {
            options,
            manifest,
            stopwatch: None,
            pools,
            labels,
            sentence_tokenizer: OnceLock::new(),
            speech_tokenizer: OnceLock::new(),
            scene_head: OnceLock::new(),
            mood_head: OnceLock::new(),
            music_projection: OnceLock::new(),
        })
    }

    /// The same networks, whose runs are timed.
    pub fn timed_by(self, stopwatch: fn() -> Duration) -> Self {
        Self {
            stopwatch: Some(stopwatch),
            ..self
        }
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// How long the runs of each network took so far, by its name; of those that did not run, nothing.
    pub fn spent(&self) -> BTreeMap<String, Duration> {
        let spent = self
            .pools
            .iter()
            .map(|(name, pool)| (name.clone(), pool.spent()));
        spent.filter(|(_, spent)| !spent.is_zero()).collect()
    }

    /// Loads ONNX Runtime if needed and returns which one is in use. A process can load only one.
    ///
    /// Fails with [`Error::Runtime`] when no candidate exists, or when the first one that does cannot be used.
    pub fn runtime(&self) -> Result<RuntimeInfo> {
        Ok(onnx_runtime::load(&self.options.runtime)?.info)
    }

    /// Verifies one file against its pin. `name` is that of a network in the manifest, or the file name of a label list
    /// or tokenizer.
    pub fn check(&self, name: &str) -> Result<()> {
        self.read(name).map(drop)
    }

    /// One hash over all pins, for cache keys.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let models = &self.manifest.models;
        let files = &self.manifest.files;
        for (file, pin) in (models.iter().map(|entry| (&entry.file, &entry.sha256)))
            .chain(files.iter().map(|entry| (&entry.file, &entry.sha256)))
        {
            hash.update(format!("{file} {pin}\n"));
        }
        hexadecimal(&hash.finalize())
    }

    /// The bytes of a pinned file, verified.
    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>> {
        let Pin {
            file,
            sha256,
            bytes,
        } = self.manifest.pin(name)?;
        let path = self.options.folder.join(file);
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => Error::ModelMissing { path: path.clone() },
            _ => Error::read(&path, source),
        };
        // Check the size first, so that a wrong file of any size is not read into memory.
        let found = std::fs::metadata(&path).map_err(failed)?.len();
        let mismatch = |what: String| Error::ModelMismatch {
            path: path.clone(),
            what,
        };
        if found != bytes {
            return Err(mismatch(format!("it has {found} bytes, not {bytes}")));
        }
        let content = std::fs::read(&path).map_err(failed)?;
        let hash = hexadecimal(&Sha256::digest(&content));
        if hash != sha256 {
            return Err(mismatch(format!("its sha256 is {hash}, not {sha256}")));
        }
        Ok(content)
    }

    /// The label list in `file`, which must have `count` labels.
    pub(super) fn labels(&self, file: &str, count: usize) -> Result<&[String]> {
        let unknown = || Error::UnknownName {
            kind: "label list",
            name: file.to_string(),
            known: self.labels.keys().cloned().collect(),
        };
        let kept = self.labels.get(file).ok_or_else(unknown)?;
        if let Some(labels) = kept.get() {
            return Ok(labels);
        }
        let mismatch = |what: String| Error::ModelMismatch {
            path: self.options.folder.join(file),
            what,
        };
        let labels: Vec<String> = serde_json::from_slice(&self.read(file)?)
            .map_err(|error| mismatch(error.to_string()))?;
        if labels.len() != count {
            return Err(mismatch(format!(
                "it has {} labels, not {count}",
                labels.len()
            )));
        }
        Ok(kept.get_or_init(|| labels))
    }

    /// Runs a network once. `outputs` has the name and the expected length of each output.
    pub(super) fn run<const N: usize>(
        &self,
        network: &'static str,
        inputs: &[NetworkInput<'_>],
        outputs: [(&str, usize); N],
    ) -> Result<[Vec<f32>; N]> {
        let failed = |what: String| Error::Inference {
            model: network.to_string(),
            what,
        };
        let entry = self.manifest.find(network)?;
        let no_pool = || failed("it has no sessions".into());
        let pool = self.pools.get(&entry.name).ok_or_else(no_pool)?;
        let work = |session: &mut Session| -> ort::Result<Result<[Vec<f32>; N], String>> {
            let mut values = Vec::with_capacity(inputs.len());
            for input in inputs {
                values.push((input.name, input.value()?));
            }
            let begun = self.stopwatch.map(|now| (now, now()));
            let answers = session.run(values)?;
            if let Some((now, begun)) = begun {
                pool.note(now().saturating_sub(begun));
            }
            let mut wanted = [const { Vec::new() }; N];
            for (slot, (name, count)) in wanted.iter_mut().zip(outputs) {
                let Some(answer) = answers.get(name) else {
                    return Ok(Err(format!("it has no output {name}")));
                };
                let (_, numbers) = answer.try_extract_tensor::<f32>()?;
                if numbers.len() != count {
                    let found = numbers.len();
                    return Ok(Err(format!("{name} has {found} numbers, not {count}")));
                }
                slot.extend_from_slice(numbers);
            }
            Ok(Ok(wanted))
        };
        pool.with(|| self.load(network), work)?
            .map_err(|error| failed(error.to_string()))?
            .map_err(failed)
    }

    /// A new session of a network, from verified bytes.
    fn load(&self, network: &str) -> Result<Session> {
        let content = self.read(network)?;
        let runtime = onnx_runtime::load(&self.options.runtime)?;
        // One thread, because sums over several threads would depend on their number.
        let roomy = ROOMY.contains(&network);
        let processor = CPU::default().with_arena_allocator(!roomy);
        let session = || -> ort::Result<Session> {
            Session::builder(&runtime.environment)?
                .with_execution_providers([processor.build()])?
                // Where memory is not freed, a memory pattern for each input shape costs more than it saves.
                .with_memory_pattern(roomy)?
                .with_intra_threads(1)?
                .with_inter_threads(1)?
                .with_log_level(LogLevel::Error)?
                .commit_from_memory(&content)
        };
        session().map_err(|error| Error::Inference {
            model: network.to_string(),
            what: error.to_string(),
        })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
