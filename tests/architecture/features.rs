//! `docs/features.md` is true in both directions.
//!
//! A test names what it proves in its doc comment; the table names the tests of each feature.
//! `SYNCOM_FEATURES=update cargo test --test architecture` writes the last column anew.

use super::source::{Source, rust_files, top};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const DOCUMENT: &str = "docs/features.md";

/// Which tests name which ID.
type Proofs = BTreeMap<String, BTreeSet<String>>;

/// One line of the table.
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    state: &'a str,
    tests: BTreeSet<&'a str>,
}

impl<'a> Row<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let cells: Vec<&str> = line.strip_prefix("| ")?.split('|').map(str::trim).collect();
        let [id, title, state, tests, ""] = cells[..] else { return None };
        let is_id = family(id).is_some();
        let tests = tests.split('`').map(str::trim).filter(|test| !test.is_empty()).collect();
        is_id.then_some(Self { id, title, state, tests })
    }

    /// The line with these tests; a planned feature that is tested is at least partly there.
    fn with(&self, tests: &BTreeSet<String>) -> String {
        let state =
            if self.state == "planned" && !tests.is_empty() { "partly" } else { self.state };
        let mut line = format!("| {} | {} | {state} |", self.id, self.title);
        for test in tests {
            write!(line, " `{test}`").unwrap();
        }
        line + " |"
    }

    fn problems(&self, proofs: &BTreeSet<String>) -> Vec<String> {
        let (id, mut found) = (self.id, Vec::new());
        match self.state {
            "done" if self.tests.is_empty() => found.push(format!("{id} is done without a test")),
            "planned" if !self.tests.is_empty() => {
                found.push(format!("{id} is planned, but has a test: say partly or done"));
            }
            "done" | "partly" | "planned" => {}
            other => found.push(format!("{id}: {other} is none of done, partly, planned")),
        }
        for test in proofs.iter().filter(|test| !self.tests.contains(&test[..])) {
            found.push(format!("{id}: the line lacks `{test}`, which names it"));
        }
        for test in self.tests.iter().filter(|test| !proofs.contains(**test)) {
            found.push(format!("{id}: no test `{test}` names it"));
        }
        found
    }
}

/// `AS` of `AS-03`, `A-TOK` of `A-TOK-07`.
fn family(word: &str) -> Option<&str> {
    let (family, number) = word.rsplit_once('-')?;
    let is_family = family.starts_with(|c: char| c.is_ascii_uppercase())
        && family.chars().all(|c| c.is_ascii_uppercase() || c == '-');
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    (is_family && is_number).then_some(family)
}

/// The words of a text that may be IDs.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
}

/// `it::tokens` for `tests/it/tokens.rs`, `domain::token` for `src/domain/token/tests.rs`.
fn module(path: &str) -> String {
    let inside = path.trim_start_matches("tests/").trim_start_matches("src/");
    let parts = inside.trim_end_matches(".rs").split('/');
    let parts: Vec<&str> = parts.filter(|part| !["tests", "mod"].contains(part)).collect();
    parts.join("::")
}

/// The tests of a file and their doc comments.
fn tests(source: &Source) -> Vec<(String, String)> {
    let listed = source.text.split("on_both_databases!(").skip(1);
    let listed = listed.filter_map(|rest| rest.split(')').next());
    let on_both: BTreeSet<&str> =
        listed.flat_map(|names| names.split(',')).map(str::trim).collect();
    let is_test = |attribute: &&str| {
        ["#[test]", "#[tokio::test", "#[actix_web::test"].iter().any(|a| attribute.starts_with(a))
    };
    let functions = source.functions().into_iter();
    functions
        .filter(|f| on_both.contains(f.name) || f.attributes.iter().any(is_test))
        .map(|f| (format!("{}::{}", module(&source.path), f.name), f.doc))
        .collect()
}

fn proofs(families: &BTreeSet<&str>) -> Proofs {
    let mut proofs = Proofs::new();
    for source in rust_files("src").iter().chain(&rust_files("tests")) {
        for (test, doc) in tests(source) {
            let ids = words(&doc).filter(|word| family(word).is_some_and(|f| families.contains(f)));
            for id in ids {
                proofs.entry(id.to_owned()).or_default().insert(test.clone());
            }
        }
    }
    proofs
}

fn update(document: &str, proofs: &Proofs) {
    let none = BTreeSet::new();
    let mut text = String::new();
    for line in document.lines() {
        match Row::parse(line) {
            Some(row) => text.push_str(&row.with(proofs.get(row.id).unwrap_or(&none))),
            None => text.push_str(line),
        }
        text.push('\n');
    }
    std::fs::write(top().join(DOCUMENT), text).unwrap();
}

#[test]
fn features_md_names_the_tests_and_the_tests_name_features() {
    let document = std::fs::read_to_string(top().join(DOCUMENT)).unwrap();
    let rows: Vec<Row> = document.lines().filter_map(Row::parse).collect();
    assert!(rows.len() > 500, "{DOCUMENT} has only {} features", rows.len());
    let families: BTreeSet<&str> = rows.iter().filter_map(|row| family(row.id)).collect();
    let proofs = proofs(&families);
    if std::env::var("SYNCOM_FEATURES").as_deref() == Ok("update") {
        return update(&document, &proofs);
    }
    let none = BTreeSet::new();
    let mut problems = Vec::new();
    let mut known = BTreeSet::new();
    for row in &rows {
        if !known.insert(row.id) {
            problems.push(format!("{} has two lines", row.id));
        }
        problems.extend(row.problems(proofs.get(row.id).unwrap_or(&none)));
    }
    for (id, tests) in proofs.iter().filter(|(id, _)| !known.contains(&id[..])) {
        problems.push(format!("{tests:?} names {id}, which has no line"));
    }
    let how = "SYNCOM_FEATURES=update cargo test --test architecture writes the last column";
    assert!(problems.is_empty(), "{DOCUMENT}:\n{}\n{how}", problems.join("\n"));
}
