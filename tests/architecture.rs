//! Holds the code to its own rules: layers, sizes, tables without a catch-all.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has to stop, with the line"
)]

#[path = "architecture/features.rs"]
mod features;
#[path = "architecture/source.rs"]
mod source;

use source::{Source, files, product, rust_files, top};
use std::collections::BTreeSet;

/// A folder of `src`, and what of ours it may know.
struct Layer {
    name: &'static str,
    knows: &'static [&'static str],
}

/// From the bottom to the top. What is not here (`app`, `cli`, `config`) puts it all together.
const LAYERS: [Layer; 11] = [
    Layer { name: "domain", knows: &[] },
    Layer { name: "crypto", knows: &["domain"] },
    // Keyed hashes are part of the codes of a reservation (docs/decisions/0004).
    Layer { name: "protocol", knows: &["domain", "crypto"] },
    Layer { name: "ids", knows: &["domain", "crypto"] },
    Layer { name: "clock", knows: &["domain"] },
    Layer { name: "machine", knows: &[] },
    Layer { name: "db", knows: &["domain"] },
    Layer { name: "device", knows: &["domain", "crypto", "protocol"] },
    Layer {
        name: "engine",
        knows: &["domain", "crypto", "protocol", "ids", "clock", "machine", "db"],
    },
    Layer { name: "link", knows: &["domain", "crypto", "engine"] },
    Layer { name: "lab", knows: &["domain", "crypto", "ids", "clock", "db", "engine"] },
];

/// Nobody else may know of the web; it must not reach below the engine.
const WEB: Layer = Layer {
    name: "web",
    knows: &["domain", "crypto", "protocol", "ids", "clock", "engine", "lab"],
};

/// The faces of the simulated product: beside the portal, whose look they borrow, and like the
/// product itself far from any engine or database.
const FACADE: Layer =
    Layer { name: "facade", knows: &["domain", "crypto", "protocol", "device", "web"] };

/// Crates, and the only folders of `src` that may name them.
const CRATES: [(&str, &[&str]); 8] = [
    ("diesel", &["db"]),
    ("diesel_migrations", &["db"]),
    ("actix_web", &["web", "facade", "app", "main"]),
    ("askama", &["web", "facade"]),
    ("reqwest", &["device", "cli", "link"]),
    ("tokio", &["db", "device", "engine", "web", "facade", "app", "cli", "main"]),
    ("clap", &["cli", "config", "device", "main"]),
    ("ring", &["crypto"]),
];

/// What rules and codecs are free of.
const IMPURE: [&str; 7] =
    ["async fn", ".await", "std::fs", "std::net", "std::env", "wall_time", "SystemTime"];

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 40;
const LONGEST_HANDLER: usize = 15;

/// The part of `src` that a file belongs to.
fn part(path: &str) -> &str {
    let inside = path.trim_start_matches("src/");
    inside.split(['/', '.']).next().unwrap_or(inside)
}

fn refuse(problems: &[String], rule: &str) {
    assert!(problems.is_empty(), "{rule}\n{}", problems.join("\n"));
}

/// The lines of the product in which `wrong` finds something, with where they are.
fn findings<'a>(
    sources: impl IntoIterator<Item = &'a Source>,
    wrong: impl Fn(&Source, &str) -> Option<String>,
) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (at, line) in source.product_lines() {
            let problem = wrong(source, line);
            found.extend(problem.map(|what| format!("{}:{at}: {what}", source.path)));
        }
    }
    found
}

/// The part of `src` that a line names, if it names one.
fn mentioned(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("crate::")?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

#[test]
fn layers_know_only_what_is_below_them() {
    let problems = findings(&product(), |source, line| {
        let mut layers = LAYERS.iter().chain([&WEB, &FACADE]);
        let layer = layers.find(|layer| layer.name == part(&source.path))?;
        let named = mentioned(line)?;
        let known = named == layer.name || layer.knows.contains(&named);
        (!known).then(|| format!("{} must not know {named}: {}", layer.name, line.trim()))
    });
    refuse(&problems, "A layer knows only what is below it (docs/ARCHITECTURE.md).");
}

#[test]
fn crates_stay_in_their_layer() {
    let problems = findings(&product(), |source, line| {
        let own = part(&source.path);
        let (name, homes) = CRATES.iter().find(|(name, _)| uses(line, name))?;
        (!homes.contains(&own)).then(|| format!("{name} belongs to {homes:?}: {}", line.trim()))
    });
    refuse(&problems, "Each of these crates has its home.");
}

/// Whether a line names something of a crate; `ring::default_provider` is of rustls.
fn uses(line: &str, name: &str) -> bool {
    let path = format!("{name}::");
    let mut parts = line.split(&path).peekable();
    while let Some(before) = parts.next() {
        let begins = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        let provider = |after: &&str| name == "ring" && after.starts_with("default_provider");
        if begins && parts.peek().is_some_and(|after| !provider(after)) {
            return true;
        }
    }
    line.contains(&format!("use {name};"))
}

#[test]
fn rules_and_codecs_are_pure() {
    let problems = findings(&product(), |source, line| {
        let pure = ["domain", "protocol"].contains(&part(&source.path));
        let word = IMPURE.iter().find(|word| pure && line.contains(**word))?;
        Some(format!("{word}: {}", line.trim()))
    });
    refuse(&problems, "Rules and codecs do no input, output or waiting.");
}

#[test]
fn files_are_short() {
    let all = rust_files("src").into_iter().chain(rust_files("tests"));
    let long = all.filter(|file| file.text.lines().count() > LONGEST_FILE);
    let problems: Vec<String> =
        long.map(|file| format!("{}: {} lines", file.path, file.text.lines().count())).collect();
    refuse(&problems, "A file over 400 lines wants a second noun.");
}

#[test]
fn functions_are_short() {
    let mut problems = Vec::new();
    let mut seen = 0;
    for file in product().iter().chain(&rust_files("tests")) {
        for function in file.functions() {
            seen += 1;
            if function.body > LONGEST_FUNCTION {
                let (name, lines) = (function.name, function.body);
                problems.push(format!("{}:{}: {name}: {lines} lines", file.path, function.line));
            }
        }
    }
    assert!(seen > 500, "only {seen} functions were recognised");
    refuse(&problems, "A function over 40 lines wants a second noun.");
}

#[test]
fn handlers_extract_call_and_render() {
    const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "route"];
    let mut problems = Vec::new();
    let mut seen = 0;
    for folder in ["src/web", "src/facade"] {
        let web: Vec<Source> = rust_files(folder);
        let named: BTreeSet<&str> = web.iter().flat_map(|file| registered(&file.text)).collect();
        for file in &web {
            for function in file.functions() {
                let is_method =
                    |a: &&str| METHODS.iter().any(|method| a.starts_with(&format!("#[{method}(")));
                if !named.contains(function.name) && !function.attributes.iter().any(is_method) {
                    continue;
                }
                seen += 1;
                if function.body > LONGEST_HANDLER {
                    let (name, lines) = (function.name, function.body);
                    problems
                        .push(format!("{}:{}: {name}: {lines} lines", file.path, function.line));
                }
            }
        }
    }
    assert!(seen >= 5, "only {seen} handlers were recognised");
    refuse(&problems, "A handler is extract, one engine call, render: 15 lines.");
}

/// The functions that a file names in `.to(…)`.
fn registered(text: &str) -> Vec<&str> {
    let after = text.split(".to(").skip(1);
    after.filter_map(|rest| rest.split(')').next()?.rsplit("::").next()).collect()
}

/// The tables that turn a failure into what a client sees.
#[test]
fn tables_of_failures_have_no_catch_all() {
    const TABLES: [&str; 5] = [
        "src/facade/faults.rs",
        "src/web/error.rs",
        "src/protocol/error_codes.rs",
        "src/web/device/faults.rs",
        "src/web/pages/error.rs",
    ];
    let sources = product();
    let is_table = |source: &&Source| TABLES.contains(&&source.path[..]);
    assert_eq!(sources.iter().filter(is_table).count(), TABLES.len(), "a table has moved");
    let problems = findings(sources.iter().filter(is_table), |_, line| {
        let catches = line.trim_start().starts_with("_ =>") || line.contains("| _ =>");
        // Which of a device's names stand in a text is no status.
        let naming = line.contains("_ => sudi.key()");
        (catches && !naming).then(|| line.trim().to_owned())
    });
    refuse(&problems, "A catch-all turns our faults into the client's.");
}

#[test]
fn only_the_connection_knows_which_database_it_is() {
    let problems = findings(&product(), |source, line| {
        let home = source.path == "src/db/conn.rs";
        let asks = line.contains("Conn::Sqlite") || line.contains("Conn::Postgres");
        (asks && !home).then(|| line.trim().to_owned())
    });
    // Migrations take a lock that only PostgreSQL has and needs.
    let known = |problem: &String| !problem.starts_with("src/db/mod.rs:");
    let problems: Vec<String> = problems.into_iter().filter(known).collect();
    refuse(&problems, "Two texts for two databases drift apart: use on_backend!.");
}

#[test]
fn the_product_gives_up_nowhere() {
    const WORDS: [&str; 6] =
        [".unwrap()", ".expect(", "#[allow", "#![allow", "panic!(", "unreachable!("];
    let problems = findings(&product(), |source, line| {
        // A trait of a random generator that has no other way out.
        let known = source.path == "src/crypto/keys.rs" && line.contains("random generator failed");
        let word = WORDS.iter().find(|word| !known && line.contains(**word))?;
        Some(format!("{word}: {}", line.trim()))
    });
    refuse(&problems, "Errors are values; lints are expected with a reason.");
}

#[test]
fn no_test_is_ignored() {
    let word = ["#[", "ignore"].concat();
    let all = rust_files("src").into_iter().chain(rust_files("tests"));
    let problems: Vec<String> =
        all.filter(|file| file.text.contains(&word)).map(|file| file.path).collect();
    refuse(&problems, "A test runs or goes.");
}

#[test]
fn the_top_level_is_fixed() {
    const NAMES: [&str; 11] = [
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "docker",
        "docs",
        "migrations",
        "src",
        "templates",
        "tests",
    ];
    // What the build and a first run leave there.
    const IGNORED: [&str; 2] = ["target", "syncom-data"];
    let entries = std::fs::read_dir(top()).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let strange = |name: &String| {
        !name.starts_with('.') && !NAMES.contains(&&name[..]) && !IGNORED.contains(&&name[..])
    };
    let problems: Vec<String> = names.filter(strange).collect();
    refuse(
        &problems,
        "The top level is Cargo.toml, src, migrations, templates, tests, docker, docs.",
    );
}

/// Words that must not reach readers of the repository: hosts that packages come from, and the
/// folders of one machine. They are put together here so that this file may be read too.
fn words_of_a_machine() -> [String; 6] {
    [
        ["crates", ".io"].concat(),
        ["pypi", ".org"].concat(),
        ["python", "hosted.org"].concat(),
        ["npm", "js."].concat(),
        ["debian", ".org"].concat(),
        ["/wo", "rk/"].concat(),
    ]
}

#[test]
fn no_document_names_a_package_host() {
    const PLACES: [&str; 13] = [
        ".cargo",
        ".ci",
        ".clippy.toml",
        ".config",
        ".gitignore",
        "Cargo.toml",
        "README.md",
        "docker",
        "docs",
        "migrations",
        "src",
        "templates",
        "tests",
    ];
    let mut problems = Vec::new();
    for file in PLACES.iter().filter(|place| top().join(place).exists()).flat_map(|p| files(p)) {
        for (at, line) in file.text.lines().enumerate() {
            if let Some(word) = words_of_a_machine().iter().find(|word| line.contains(*word)) {
                problems.push(format!("{}:{}: {word}", file.path, at + 1));
            }
        }
    }
    refuse(&problems, "Packages are named, not the hosts that serve them.");
}

/// A checkout without history passes.
#[test]
fn no_commit_names_a_package_host() {
    let log = std::process::Command::new("git")
        .args(["log", "--format=%h %s%n%b"])
        .current_dir(top())
        .output();
    let Ok(log) = log else { return };
    let text = String::from_utf8_lossy(&log.stdout);
    let named = |line: &&str| words_of_a_machine().iter().any(|word| line.contains(word));
    let problems: Vec<String> = text.lines().filter(named).map(str::to_owned).collect();
    refuse(&problems, "Packages are named, not the hosts that serve them.");
}
