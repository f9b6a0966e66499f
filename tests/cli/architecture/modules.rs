//! Finds which file uses which names of which other file, from `use` items and paths, following re-exports to the
//! definition. Uses without a path (methods, names made by macros) are not found.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::Source;

type Path = Vec<String>;

/// The files, and for each the others it uses with a name it uses of each.
pub struct Uses<'a> {
    sources: &'a [Source],
    modules: BTreeMap<&'a [String], usize>,
    files: Vec<File>,
    pub edges: BTreeMap<usize, BTreeMap<usize, String>>,
}

/// What one file defines and imports.
struct File {
    defined: BTreeSet<String>,
    /// Names in scope by `use`, as paths from the crate.
    imports: BTreeMap<String, Path>,
    /// Modules of which everything is in scope.
    globs: Vec<Path>,
    /// Paths in the code that have more than one name.
    paths: Vec<Path>,
    words: BTreeSet<String>,
}

impl<'a> Uses<'a> {
    pub fn read(sources: &'a [Source]) -> Self {
        let modules: BTreeMap<&[String], usize> = (0..)
            .zip(sources)
            .map(|(number, source)| (source.module.as_slice(), number))
            .collect();
        let mut files: Vec<File> = sources.iter().map(File::read).collect();
        for (file, source) in files.iter_mut().zip(sources) {
            file.find_submodules(&source.module, &modules);
        }
        let mut uses = Self {
            sources,
            modules,
            files,
            edges: BTreeMap::new(),
        };
        for number in 0..sources.len() {
            let used = uses.used_by(number);
            uses.edges.insert(number, used);
        }
        uses
    }

    fn used_by(&self, number: usize) -> BTreeMap<usize, String> {
        let file = &self.files[number];
        let mut used = BTreeMap::new();
        let mut paths: Vec<Path> = file.imports.values().cloned().collect();
        paths.extend(file.paths.iter().map(|path| self.in_crate(number, path)));
        for glob in &file.globs {
            let module = self.modules.get(glob.as_slice());
            let names = module.map(|&module| self.files[module].names());
            paths.extend(
                names
                    .into_iter()
                    .flatten()
                    .filter(|name| file.words.contains(*name))
                    .map(|name| [&glob[..], std::slice::from_ref(name)].concat()),
            );
        }
        for path in paths {
            if let Some((other, name)) = self.definition(&path, 8)
                && other != number
            {
                used.entry(other).or_insert(name);
            }
        }
        used
    }

    /// A path as it is written in a file, from the crate.
    fn in_crate(&self, number: usize, path: &[String]) -> Path {
        let module = &self.sources[number].module;
        let Some((first, rest)) = path.split_first() else {
            return Path::new();
        };
        if let Some(import) = self.files[number].imports.get(first) {
            return [import, rest].concat();
        }
        let child = [&module[..], std::slice::from_ref(first)].concat();
        if self.modules.contains_key(child.as_slice()) {
            return [&child, rest].concat();
        }
        absolute(module, path)
    }

    /// The file that defines what a path names, and the name; `None` for a module and for what is not of this crate.
    fn definition(&self, path: &[String], steps: usize) -> Option<(usize, String)> {
        let depth = (0..=path.len())
            .rev()
            .find(|depth| self.modules.contains_key(&path[..*depth]))?;
        let number = self.modules[&path[..depth]];
        let name = path.get(depth)?;
        let file = &self.files[number];
        if file.defined.contains(name) {
            return Some((number, name.clone()));
        }
        if steps == 0 {
            return None;
        }
        if let Some(import) = file.imports.get(name) {
            return self.definition(&[import, &path[depth + 1..]].concat(), steps - 1);
        }
        file.globs
            .iter()
            .find_map(|glob| self.definition(&[&glob[..], &path[depth..]].concat(), steps - 1))
    }

    /// Circles of files, one line each. A module that uses what its own submodules define makes none.
    pub fn circles(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for start in 0..self.sources.len() {
            if seen.contains(&start) {
                continue;
            }
            if let Some(circle) = self.shortest_circle(start) {
                seen.extend(&circle);
                let lines = circle.iter().zip(circle.iter().cycle().skip(1));
                let lines = lines.map(|(from, to)| {
                    let name = &self.edges[from][to];
                    format!("{} uses {name} of", self.sources[*from].file)
                });
                let lines: Vec<String> = lines.collect();
                found.push(format!("{} {}", lines.join(" "), self.sources[start].file));
            }
        }
        found
    }

    /// The shortest way from a file back to itself.
    fn shortest_circle(&self, start: usize) -> Option<Vec<usize>> {
        let mut before: BTreeMap<usize, usize> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(number) = queue.pop_front() {
            for &next in self.edges[&number].keys() {
                if self.is_above(number, next) {
                    continue;
                }
                if next == start {
                    let mut circle = vec![number];
                    while let Some(&earlier) = before.get(&circle[circle.len() - 1]) {
                        circle.push(earlier);
                    }
                    circle.reverse();
                    return Some(circle);
                }
                if let std::collections::btree_map::Entry::Vacant(entry) = before.entry(next) {
                    entry.insert(number);
                    queue.push_back(next);
                }
            }
        }
        None
    }

    fn is_above(&self, number: usize, other: usize) -> bool {
        self.sources[other]
            .module
            .starts_with(&self.sources[number].module)
    }
}

impl File {
    fn read(source: &Source) -> Self {
        let tokens = tokens(&source.code);
        let mut file = Self {
            defined: BTreeSet::new(),
            imports: BTreeMap::new(),
            globs: Vec::new(),
            paths: Vec::new(),
            words: tokens
                .iter()
                .filter(|token| is_name(token))
                .map(|token| (*token).to_owned())
                .collect(),
        };
        let mut at = 0;
        while at < tokens.len() {
            match tokens[at] {
                "use" => {
                    at += 1;
                    file.read_use(&source.module, &tokens, &mut at, &Path::new());
                    continue;
                }
                "struct" | "enum" | "union" | "trait" | "type" | "fn" | "const" | "static"
                | "macro_rules" => {
                    let name = tokens[at + 1..]
                        .iter()
                        .find(|token| is_name(token) && **token != "mut");
                    file.defined.extend(name.map(|name| (*name).to_owned()));
                }
                name if is_name(name) => {
                    let mut path = vec![name.to_owned()];
                    while tokens.get(at + 1) == Some(&"::")
                        && tokens.get(at + 2).is_some_and(|token| is_name(token))
                    {
                        path.push(tokens[at + 2].to_owned());
                        at += 2;
                    }
                    if path.len() > 1 {
                        file.paths.push(path);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        file
    }

    /// One tree of a `use` item, from `at` on to behind its end.
    fn read_use(&mut self, module: &[String], tokens: &[&str], at: &mut usize, head: &Path) {
        let mut path = head.clone();
        loop {
            match tokens.get(*at).copied() {
                Some("{") => {
                    *at += 1;
                    while tokens.get(*at) != Some(&"}") {
                        self.read_use(module, tokens, at, &path);
                        *at += usize::from(tokens.get(*at) == Some(&","));
                    }
                    *at += 1;
                    return;
                }
                Some("*") => {
                    *at += 1;
                    self.globs.push(absolute(module, &path));
                    return;
                }
                Some("::") => *at += 1,
                Some("as") => {
                    let alias = tokens.get(*at + 1).copied().unwrap_or_default().to_owned();
                    *at += 2;
                    self.imports.insert(alias, absolute(module, &path));
                    return;
                }
                Some(name) if is_name(name) => {
                    path.push(name.to_owned());
                    *at += 1;
                }
                _ => {
                    if path.last().is_some_and(|name| name == "self") && path.len() > 1 {
                        path.pop();
                    }
                    let name = path.last().cloned().unwrap_or_default();
                    self.imports.insert(name, absolute(module, &path));
                    return;
                }
            }
        }
    }

    /// Imports that begin with a submodule become paths from the crate.
    fn find_submodules(&mut self, module: &[String], modules: &BTreeMap<&[String], usize>) {
        for path in self.imports.values_mut().chain(&mut self.globs) {
            let [first, second, rest @ ..] = path.as_slice() else {
                continue;
            };
            let child = [module, std::slice::from_ref(second)].concat();
            if first.is_empty() && modules.contains_key(child.as_slice()) {
                *path = [&child, rest].concat();
            }
        }
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        self.defined.iter().chain(self.imports.keys())
    }
}

/// A path with `crate`, `self` and `super` taken off; what begins otherwise is of another crate, or a submodule.
fn absolute(module: &[String], path: &[String]) -> Path {
    let mut base = module.to_vec();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate") => return path[1..].to_vec(),
        Some("self") => rest = &path[1..],
        Some("super") => {}
        _ => return [&["".to_owned()], path].concat(),
    }
    while rest.first().is_some_and(|name| name == "super") {
        base.pop();
        rest = &rest[1..];
    }
    [&base[..], rest].concat()
}

fn is_name(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
}

/// Names, `::` and single signs.
fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = code[at..].chars().next() {
        let rest = &code[at..];
        let length = if letter.is_ascii_alphanumeric() || letter == '_' {
            rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
                .unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            1
        };
        if !letter.is_whitespace() {
            tokens.push(&rest[..length]);
        }
        at += length;
    }
    tokens
}
