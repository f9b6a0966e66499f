//! Finds the files of a timeline on this machine: where it says, by name, or by the hash of their content.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::interchange::{
    FoundMedium, LossBook, LostPart, Medium, MediumFacts, Sequence, decoded_url,
};
use crate::jobs::Workshop;
use crate::jobs::inputs::expand;
use crate::jobs::plan_paths::path_in_plan;
use crate::task::Task;

/// Where files are looked for.
pub(super) struct MediaSearch<'a> {
    workshop: &'a Workshop,
    task: &'a Task,
    /// The folders of the timeline and of the plan.
    folders: [PathBuf; 2],
    /// Files of the named folder by their names, and by their names without ending.
    by_name: BTreeMap<String, Vec<PathBuf>>,
    files: Vec<PathBuf>,
}

impl<'a> MediaSearch<'a> {
    /// `timeline` and `plan` are files; `media` is the folder that was named for the search.
    pub fn new(
        (timeline, plan): (&Path, &Path),
        media: Option<&PathBuf>,
        workshop: &'a Workshop,
        task: &'a Task,
    ) -> Result<Self> {
        let folder = |file: &Path| file.parent().unwrap_or(Path::new("")).to_path_buf();
        let mut search = Self {
            workshop,
            task,
            folders: [folder(timeline), folder(plan)],
            by_name: BTreeMap::new(),
            files: Vec::new(),
        };
        if let Some(media) = media {
            let inputs = expand(std::slice::from_ref(media))?;
            for input in inputs.into_iter().filter(|input| input.path.is_file()) {
                search.index(input.path);
            }
        }
        Ok(search)
    }

    fn index(&mut self, path: PathBuf) {
        let part = |part: Option<&std::ffi::OsStr>| part.map(|part| key(&part.to_string_lossy()));
        for name in [part(path.file_name()), part(path.file_stem())] {
            let Some(name) = name else { continue };
            let known = self.by_name.entry(name).or_default();
            if !known.contains(&path) {
                known.push(path.clone());
            }
        }
        self.files.push(path);
    }

    /// The file of each medium of `sequence`, where there is one.
    pub fn find(
        &self,
        sequence: &Sequence,
        losses: &mut LossBook,
    ) -> Result<Vec<Option<FoundMedium>>> {
        let mut found = Vec::with_capacity(sequence.media.len());
        for medium in &sequence.media {
            self.task.check()?;
            found.push(self.find_one(medium, sequence, losses)?);
        }
        Ok(found)
    }

    fn find_one(
        &self,
        medium: &Medium,
        sequence: &Sequence,
        losses: &mut LossBook,
    ) -> Result<Option<FoundMedium>> {
        let planned = sequence.plan.as_ref().and_then(|plan| {
            let mut sources = plan.sources.iter();
            sources.find(|source| key(name_of(&source.path)) == key(&medium.name))
        });
        let wanted = planned.map(|source| source.blake3.to_ascii_lowercase());
        let mut paths = Vec::new();
        for folder in &self.folders {
            paths.push(folder.join(decoded_url(&medium.url)));
            paths.push(folder.join(&medium.url));
            paths.extend(planned.map(|source| folder.join(&source.path)));
        }
        for name in [key(&medium.name), key(stem_of(&medium.name))] {
            paths.extend(self.by_name.get(&name).into_iter().flatten().cloned());
        }
        let mut other = None;
        for path in paths.into_iter().filter(|path| path.is_file()) {
            let Ok((kind, facts)) = MediumFacts::probe(&path, self.workshop.limits()) else {
                continue;
            };
            let blake3 = self.workshop.hashes().hash(&path, self.task)?;
            let is_wanted = wanted.as_ref().is_none_or(|wanted| *wanted == blake3);
            let file = FoundMedium {
                path: self.path_in_plan(&path)?,
                blake3,
                kind,
                facts,
            };
            if is_wanted {
                return Ok(Some(file));
            }
            other.get_or_insert(file);
        }
        if let Some(wanted) = wanted
            && let Some(file) = self.by_hash(&wanted)?
        {
            return Ok(Some(file));
        }
        if other.is_some() {
            let what = format!("content of {}", medium.name);
            let instead = "a file of this name with other content";
            losses.note(LostPart::Other, what, &medium.name, instead);
        }
        Ok(other)
    }

    /// The file of the named folder with this content.
    fn by_hash(&self, wanted: &str) -> Result<Option<FoundMedium>> {
        for path in &self.files {
            if self.workshop.hashes().hash(path, self.task)? != wanted {
                continue;
            }
            if let Ok((kind, facts)) = MediumFacts::probe(path, self.workshop.limits()) {
                return Ok(Some(FoundMedium {
                    path: self.path_in_plan(path)?,
                    blake3: wanted.into(),
                    kind,
                    facts,
                }));
            }
        }
        Ok(None)
    }

    fn path_in_plan(&self, path: &Path) -> Result<String> {
        let [_, plan] = &self.folders;
        let path = path_in_plan(path, plan)?;
        Ok(path.to_string_lossy().into_owned())
    }
}

/// Names are compared without regard to case: programs and file systems change it.
fn key(name: &str) -> String {
    name.to_lowercase()
}

fn name_of(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

fn stem_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
