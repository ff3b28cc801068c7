//! `syncom sync`, the real binary: files on a stick between two sites.

use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::satellite::Satellite;
use std::path::Path;
use std::process::{Command, Output};
use syncom::config::LAB_PASSWORD;
use syncom::domain::standing::{SyncKind, SyncState};

on_both_databases!(
    a_stick_carries_a_local_account_through_its_life,
    what_is_wrong_with_a_stick_is_told,
    who_may_not_carry_files_is_told_so,
);

/// Runs the binary; the servers of the test have threads of their own.
fn syncom(stick: &Path, password: &str, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_syncom"));
    command.arg("sync").args(words).current_dir(stick).env_remove("SYNCOM_USER");
    command.env("SYNCOM_PASSWORD", password).output().unwrap()
}

/// What it said, if it went well.
fn said(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{text}{}", complaint(output));
    text
}

/// What it complained of.
fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What it complained of, if it did not go well.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    complaint(output)
}

/// A person at each end: `admin` of the satellite, `ann` of CSSM.
struct Ends {
    satellite: String,
    cssm: String,
    stick: tempfile::TempDir,
}

impl Ends {
    fn of(app: &TestApp) -> Self {
        let stick = tempfile::tempdir().unwrap();
        Self { satellite: app.satellite_url(), cssm: app.url(), stick }
    }

    fn at_satellite(&self, words: &[&str]) -> Output {
        let at = ["--url", &self.satellite, "--user", "admin"];
        syncom(self.stick.path(), LAB_PASSWORD, &[&at, words].concat())
    }

    fn at_cssm(&self, words: &[&str]) -> Output {
        let at = ["--url", &self.cssm, "--user", "ann"];
        syncom(self.stick.path(), LAB_PASSWORD, &[&at, words].concat())
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.stick.path().join(name)).unwrap()
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.stick.path().join(name), bytes).unwrap();
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.stick.path()).unwrap();
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<String> =
            entries.map(|entry| name(entry).into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// AS-35, AS-36, B-ACC-07, B-SYN-06, B-SYN-15: registration up, authorization down, request up,
/// response down; the file itself says what has to be done with it.
async fn a_stick_carries_a_local_account_through_its_life(app: &TestApp) {
    let (satellite, ends) = (Satellite::of(app, "sat-a").await, Ends::of(app));
    let number = satellite.request("Plant A", "Sat-A-VA").await;
    let told = said(&ends.at_satellite(&["export", "Plant A"]));
    assert!(told.contains("Carry it to CSSM"), "{told}");
    assert!(told.contains("syncom sync import Plant_A_registration.sync"), "{told}");
    let told = said(&ends.at_cssm(&["import", "Plant_A_registration.sync"]));
    assert!(told.contains("Carry it to the satellite"), "{told}");
    let told = said(&ends.at_satellite(&["import", "Plant_A_authorization.sync"]));
    assert_eq!(told, "Plant A is registered with CSSM.\n");

    said(&ends.at_satellite(&["export", "plant a"]));
    assert_eq!(satellite.state(number).await, SyncState::Waiting);
    said(&ends.at_cssm(&["import", "Plant_A_request-1.sync"]));
    let told = said(&ends.at_satellite(&["import", "Plant_A_response-1.sync"]));
    assert_eq!(told, "Plant A is synchronized with CSSM: request 1.\n");
    let stands = satellite.view(number).await.standing.unwrap();
    assert_eq!((stands.state, stands.last_kind), (SyncState::Synchronized, Some(SyncKind::Full)));

    said(&ends.at_satellite(&["export", "Plant A", "--full"]));
    said(&ends.at_cssm(&["import", "Plant_A_request-2.sync"]));
    let again = said(&ends.at_cssm(&["export", "Plant A", "--to", "."]));
    assert!(again.contains("Plant_A_response-2.sync is written"), "{again}");
    said(&ends.at_satellite(&["import", "Plant_A_response-2.sync"]));
    let names = ["authorization", "registration", "request-1", "request-2"];
    let names = names.iter().chain(&["response-1", "response-2"]);
    let names: Vec<String> = names.map(|what| format!("Plant_A_{what}.sync")).collect();
    assert_eq!(ends.names(), names, "nothing else is left on the stick");
}

/// AS-38, AS-39, AS-40, B-SYN-13: what is wrong with a file, an address or a directory.
async fn what_is_wrong_with_a_stick_is_told(app: &TestApp) {
    let (satellite, ends) = (Satellite::of(app, "sat-a").await, Ends::of(app));
    satellite.registered("Plant A", "Sat-A-VA").await;
    said(&ends.at_satellite(&["export", "Plant A"]));
    let request = "Plant_A_request-2.sync";
    let mut tampered = ends.bytes(request);
    let middle = tampered.len() / 2;
    tampered[middle] ^= 1;
    ends.put("tampered.sync", &tampered);
    ends.put("letter.txt", b"Dear Bob");
    said(&ends.at_cssm(&["import", request]));
    for (output, told) in [
        (ends.at_satellite(&["import", request]), "This is a request file"),
        (ends.at_cssm(&["import", request]), "already processed"),
        (ends.at_cssm(&["import", "Plant_A_response-2.sync"]), "direction response"),
        (ends.at_cssm(&["import", "letter.txt"]), "letter.txt is no file of a satellite"),
        (ends.at_cssm(&["import", "nothing.sync"]), "nothing.sync cannot be read"),
        (ends.at_satellite(&["export", "Plant Z"]), "Plant Z"),
        (ends.at_cssm(&["export", "Plant Z"]), "Plant Z"),
        (ends.at_satellite(&["export", "Plant A", "--to", "no/where"]), "no/where"),
        (syncom(ends.stick.path(), "x", &["export", "Plant A"]), "SYNCOM_USER"),
        (syncom(ends.stick.path(), "x", &nobody(&["export", "Plant A"])), "does not answer"),
    ] {
        let complaint = refused(&output);
        assert!(complaint.contains(told), "{told}: {complaint}");
    }
    let broken = refused(&ends.at_cssm(&["import", "tampered.sync"]));
    assert!(broken.contains("changed") || broken.contains("tampered.sync is no file"), "{broken}");
    said(&ends.at_satellite(&["import", "Plant_A_response-2.sync"]));
    let twice = refused(&ends.at_satellite(&["import", "Plant_A_response-2.sync"]));
    assert!(twice.contains("waits for no such file"), "{twice}");
}

/// Words for a port at which nobody listens: 1 is for the system alone.
fn nobody<'a>(words: &[&'a str]) -> Vec<&'a str> {
    [&["--url", "http://127.0.0.1:1", "--user", "admin"], words].concat()
}

/// B-SHL-01, B-ADM-17: passwords count as at the login, and roles as on the pages.
async fn who_may_not_carry_files_is_told_so(app: &TestApp) {
    let (satellite, ends) = (Satellite::of(app, "sat-a").await, Ends::of(app));
    satellite.registered("Plant A", "Sat-A-VA").await;
    let export = |user: &str, password: &str| {
        let words = ["--url", &ends.satellite, "--user", user, "export", "Plant A"];
        syncom(ends.stick.path(), password, &words)
    };
    let told = refused(&export("sam", LAB_PASSWORD));
    assert!(told.contains("sam may not synchronize"), "{told}");
    said(&export("olga", LAB_PASSWORD));
    let words = ["--url", &ends.cssm, "--user", "vera", "import", "Plant_A_request-2.sync"];
    refused(&syncom(ends.stick.path(), LAB_PASSWORD, &words));
    assert!(refused(&export("olga", "wrong")).contains("password is wrong"));
    for _ in 1..5 {
        refused(&export("olga", "wrong"));
    }
    let locked = refused(&export("olga", LAB_PASSWORD));
    assert!(locked.contains("locked"), "{locked}");
    said(&ends.at_cssm(&["import", "Plant_A_request-2.sync"]));
}
