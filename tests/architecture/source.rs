//! Reads our own source the way rustfmt leaves it: what opens at an indent closes at it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One file of the repository.
pub struct Source {
    /// From the top of the repository, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// A function as written.
pub struct Function<'a> {
    /// Its name.
    pub name: &'a str,
    /// The line of its `fn`, from 1.
    pub line: usize,
    /// Its doc comment, joined.
    pub doc: String,
    /// Its attributes, as written.
    pub attributes: Vec<&'a str>,
    /// Inside the braces, without blank lines.
    pub body: usize,
}

/// The top of the repository.
pub fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All text files below a folder or file of the repository, in order.
pub fn files(below: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&top().join(below), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The Rust files below a folder.
pub fn rust_files(below: &str) -> Vec<Source> {
    let is_rust = |file: &Source| {
        Path::new(&file.path).extension().is_some_and(|extension| extension == "rs")
    };
    files(below).into_iter().filter(is_rust).collect()
}

/// The Rust files below `src`, without those that only tests compile.
pub fn product() -> Vec<Source> {
    let all = rust_files("src");
    let hidden: BTreeSet<String> = all.iter().flatten_tests().collect();
    all.into_iter().filter(|file| !hidden.iter().any(|path| file.path.starts_with(path))).collect()
}

trait FlattenTests {
    fn flatten_tests(self) -> impl Iterator<Item = String>;
}

impl<'a, I: Iterator<Item = &'a Source>> FlattenTests for I {
    fn flatten_tests(self) -> impl Iterator<Item = String> {
        self.flat_map(Source::test_modules)
    }
}

fn collect(path: &Path, found: &mut Vec<Source>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder can be read").flatten() {
            collect(&entry.path(), found);
        }
    } else if let Ok(text) = std::fs::read_to_string(path) {
        let relative = path.strip_prefix(top()).expect("it is below the top");
        found.push(Source { path: relative.to_string_lossy().replace('\\', "/"), text });
    }
}

impl Source {
    /// The lines that end up in the product: no comments, nothing under `cfg(test)`.
    pub fn product_lines(&self) -> Vec<(usize, &str)> {
        let mut kept = Vec::new();
        let mut lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        while let Some((at, line)) = lines.next() {
            if line.trim() == "#[cfg(test)]" {
                let closing = format!("{}}}", indent(line));
                let opened = lines.find(|(_, line)| line.ends_with('{') || line.ends_with(';'));
                if opened.is_some_and(|(_, line)| line.ends_with('{')) {
                    lines.find(|(_, line)| **line == closing);
                }
            } else if !line.trim_start().starts_with("//") {
                kept.push((at, line));
            }
        }
        kept
    }

    /// Where `#[cfg(test)] mod name;` leads: the beginnings of paths.
    fn test_modules(&self) -> Vec<String> {
        let folder = match self.path.strip_suffix("/mod.rs") {
            Some(folder) => folder,
            None => self.path.trim_end_matches(".rs"),
        };
        let folder = folder.trim_end_matches("/lib");
        let lines: Vec<&str> = self.text.lines().map(str::trim).collect();
        lines
            .windows(2)
            .filter(|pair| pair[0] == "#[cfg(test)]")
            .filter_map(|pair| pair[1].split_once("mod ")?.1.strip_suffix(';'))
            .flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/")])
            .collect()
    }

    /// All functions, with what is written above them.
    pub fn functions(&self) -> Vec<Function<'_>> {
        let lines: Vec<&str> = self.text.lines().collect();
        let starts = lines.iter().enumerate().filter_map(|(at, line)| Some((at, name(line)?)));
        starts.filter_map(|(at, name)| function(&lines, at, name)).collect()
    }
}

fn indent(line: &str) -> &str {
    line.split_at(line.len() - line.trim_start().len()).0
}

/// The name of the function that begins on this line.
fn name(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    if let Some(after) = rest.strip_prefix("pub(") {
        rest = after.split_once(") ")?.1;
    }
    for word in ["pub ", "const ", "async "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let rest = rest.strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

fn function<'a>(lines: &[&'a str], at: usize, name: &'a str) -> Option<Function<'a>> {
    let margin = indent(lines[at]);
    let closing = format!("{margin}}}");
    let on_margin = |line: &str| indent(line) == margin && !line.trim().is_empty();
    let opening = (at..lines.len()).find(|&i| on_margin(lines[i]) && !is_open(lines[i]))?;
    if !lines[opening].ends_with('{') {
        return None;
    }
    let end = (opening..lines.len()).find(|&i| lines[i] == closing)?;
    let body = lines[opening + 1..end].iter().filter(|line| !line.trim().is_empty()).count();
    let above = |i: &usize| lines[*i].trim().starts_with(['#', '/']) || lines[*i].trim() == ")]";
    let mut doc = Vec::new();
    let mut attributes = Vec::new();
    for i in (0..at).rev().take_while(above) {
        match lines[i].trim().strip_prefix("///") {
            Some(text) => doc.push(text),
            None => attributes.push(lines[i].trim()),
        }
    }
    doc.reverse();
    Some(Function { name, line: at + 1, doc: doc.join("\n"), attributes, body })
}

/// Whether the signature goes on after this line.
fn is_open(line: &str) -> bool {
    line.ends_with('(') || line.ends_with('<') || !line.ends_with(['{', '}', ';'])
}
