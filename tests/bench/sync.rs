//! Synchronization of a hundred thousand product instances through the engine's own ways: from the
//! satellite's database into a file, and from the file into CSSM's, beside the same file made and
//! read without a database.
//!
//! Each step runs in a process of its own, so that its peak memory is its own. Both sites are open
//! in it, as `syncom serve` has them.

use crate::process::{self, memory};
use crate::sync_rows::{self as rows, INSTANCES};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use syncom::app::{self, CSSM, Running, SATELLITE};
use syncom::config::{Config, LAB_PASSWORD, Storage};
use syncom::crypto::keys::{KeyKind, PrivateKey};
use syncom::crypto::sign::PublicKey;
use syncom::db::{Db, Url};
use syncom::domain::standing::SyncKind;
use syncom::domain::sync::Kind;
use syncom::engine::uplink::Login;
use syncom::engine::{AccountWish, Engine, RequestBy, Who};
use syncom::protocol::sync::{Limits, Writer, check};

/// The argument that makes this program one step.
pub const STEP: &str = "sync-step";
/// Instances that a standard synchronization tells of.
const CHANGES: [usize; 2] = [100, 1_000];
/// Every step is made this often; the table has the fastest, because others may use the machine.
const ROUNDS: usize = 5;
/// The number of the local account, and of the On-Prem in CSSM.
const NUMBER: i64 = 1;
/// Who works on which site.
const SATELLITE_USER: &str = "admin";
const CSSM_USER: &str = "ann";
const DOMAIN: &str = "lab.example";

/// What a step has cost: seconds on the wall and of the processor, memory, and its file.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    processor: f64,
    peak: f64,
    bytes: u64,
}

/// Measures the part of a step that counts.
struct Watch {
    begin: Instant,
    before: f64,
}

/// What it has measured, in seconds: on the wall and of the processor.
type Spent = (f64, f64);

impl Watch {
    fn start() -> Self {
        Self { begin: Instant::now(), before: processor() }
    }

    fn stop(&self) -> Spent {
        (self.begin.elapsed().as_secs_f64(), processor() - self.before)
    }
}

/// The processor time of this process so far, in seconds.
fn processor() -> f64 {
    process::processor(&fs::read_to_string("/proc/self/stat").unwrap())
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kib = f64::from(u32::try_from(self.bytes).unwrap()) / 1_024.0;
        let Self { seconds, processor, peak, .. } = self;
        write!(f, "{seconds:.3} | {processor:.2} | {kib:.0} | {peak:.1}")
    }
}

/// Measures all steps and prints the table.
pub fn measure() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let run = |step: &str| run(folder.path(), step);
    eprintln!("registering a satellite and filling its database");
    run("ground");
    println!(
        "| {INSTANCES} instances x 3 licenses | seconds | processor | file KiB | peak MiB | to the floor |"
    );
    println!("|---|---:|---:|---:|---:|---:|");
    let fastest = |steps: &[&str], counted: &[usize]| fastest(run, steps, counted);
    let row = |name: &str, cost: &Cost, floor: &Cost| {
        println!("| {name} | {cost} | {:.2} |", cost.seconds / floor.seconds);
    };
    let floor = fastest(&["floor-write", "floor-read"], &[0, 1]);
    row("floor: rows to file", &floor[0], &floor[0]);
    row("floor: file to rows", &floor[1], &floor[1]);
    let first = fastest(&["write", "restore", "read"], &[0, 2]);
    row("satellite: database to file", &first[0], &floor[0]);
    row("CSSM: file to empty database", &first[1], &floor[1]);
    row("CSSM: the same once more", &fastest(&["write", "read"], &[1])[0], &floor[1]);
    row(
        "satellite: takes the response",
        &fastest(&["write", "read", "confirm"], &[2])[0],
        &floor[1],
    );
    for changes in CHANGES {
        let steps = ["touch", "write", "read", "confirm"].map(|step| format!("{step} {changes}"));
        let costs = fastest(&steps.each_ref().map(String::as_str), &[1, 2, 3]);
        let told = format!("standard, {changes} changes: ");
        row(&format!("{told}database to file"), &costs[0], &floor[0]);
        row(&format!("{told}file to database"), &costs[1], &floor[1]);
        row(&format!("{told}response"), &costs[2], &floor[1]);
    }
}

/// The fastest of each step that counts; the others prepare it.
fn fastest(run: impl Fn(&str) -> Cost, steps: &[&str], counted: &[usize]) -> Vec<Cost> {
    let rounds: Vec<Vec<Cost>> =
        (0..ROUNDS).map(|_| steps.iter().map(|step| run(step)).collect()).collect();
    let fastest = |step: &usize| {
        let costs = rounds.iter().map(|round| round[*step]);
        costs.min_by(|a, b| a.seconds.total_cmp(&b.seconds)).unwrap()
    };
    counted.iter().map(fastest).collect()
}

fn run(folder: &Path, step: &str) -> Cost {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.arg(STEP).arg(folder).args(step.split(' ')).output().unwrap();
    assert!(output.status.success(), "{step}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut parts = text.split_whitespace().map(|part| part.parse::<f64>().unwrap());
    let mut next = || parts.next().unwrap();
    let (seconds, processor, peak) = (next(), next(), next());
    let bytes = fs::metadata(file_of(folder, step)).map_or(0, |file| file.len());
    Cost { seconds, processor, peak, bytes }
}

/// Each kind of synchronization has a file of its own, and so has its response.
fn file_of(folder: &Path, step: &str) -> PathBuf {
    let changes = step.split(' ').nth(1).unwrap_or("full");
    let floor = if step.starts_with("floor") { "floor-" } else { "" };
    let response = if step.starts_with("confirm") { "-response" } else { "" };
    folder.join(format!("{floor}{changes}{response}.sync"))
}

/// One step in this process: prints seconds, those of the processor, and peak memory.
pub fn step(arguments: &[String]) {
    let (folder, words) = arguments.split_first().unwrap();
    let folder = Path::new(folder);
    let words_of = words.join(" ");
    let changes = words.get(1).map(|word| word.parse::<usize>().unwrap());
    let step = Step { folder, words: &words_of, changes };
    let (seconds, processor) = actix_web::rt::System::new().block_on(step.run(&words[0]));
    let status = fs::read_to_string("/proc/self/status").unwrap();
    println!("{seconds} {processor} {}", memory(&status, "VmHWM:"));
}

struct Step<'a> {
    folder: &'a Path,
    words: &'a str,
    changes: Option<usize>,
}

impl Step<'_> {
    /// Runs a step; answers what its measured part took.
    async fn run(&self, word: &str) -> Spent {
        match word {
            "ground" => self.ground().await,
            "restore" => self.restore(),
            "touch" => rows::touch(&self.database(SATELLITE), self.changes.unwrap()).await,
            "floor-write" => return self.floor_write(),
            "floor-read" => return self.floor_read(),
            "write" => return self.write().await,
            "read" => return self.read().await,
            "confirm" => return self.confirm().await,
            other => panic!("{other}"),
        }
        (0.0, 0.0)
    }

    fn file(&self) -> PathBuf {
        file_of(self.folder, self.words)
    }

    fn response(&self) -> PathBuf {
        let changes = self.changes.map_or("full".to_owned(), |changes| changes.to_string());
        file_of(self.folder, &format!("confirm {changes}"))
    }

    fn path(&self, site: &str) -> PathBuf {
        self.folder.join(format!("{site}.db"))
    }

    /// CSSM's database before anything was told.
    fn saved(&self) -> PathBuf {
        self.folder.join("empty.db")
    }

    fn database(&self, site: &str) -> Db {
        Db::open(&Url::Sqlite(self.path(site))).unwrap()
    }

    /// CSSM as it was, without what a log would add.
    fn restore(&self) {
        for log in ["-wal", "-shm"] {
            drop(fs::remove_file(self.folder.join(format!("{CSSM}.db{log}"))));
        }
        fs::copy(self.saved(), self.path(CSSM)).unwrap();
    }

    /// Both sites, each time a minute later.
    async fn start(&self) -> Running {
        drop(rustls::crypto::ring::default_provider().install_default());
        let boots = fs::read_to_string(self.folder.join("boots")).unwrap_or_default();
        let minutes = chrono::TimeDelta::minutes(boots.trim().parse().unwrap_or(0));
        let mut config = Config::for_tests(rows::now() + minutes);
        config.storage = Storage::Directory(self.folder.to_owned());
        app::start(&config).await.unwrap()
    }

    /// A satellite that is registered and has synchronized with nothing, and then has rows.
    async fn ground(&self) {
        let key = PrivateKey::generate(KeyKind::P256).unwrap();
        fs::write(self.folder.join("key.pem"), key.to_pem()).unwrap();
        let running = self.start().await;
        let (engine, who) = signed_in(&running, SATELLITE, SATELLITE_USER).await;
        let wish = AccountWish {
            name: "Plant A".to_owned(),
            smart_account: "Contoso Lab".to_owned(),
            virtual_accounts: "Plant-A-VA".to_owned(),
            email: "plant@lab.example".to_owned(),
            ..AccountWish::default()
        };
        engine.request_local_account(&who, wish).await.unwrap();
        let login = Login { user: CSSM_USER.to_owned(), password: LAB_PASSWORD.to_owned() };
        engine.approve_local_account(&who, NUMBER, login).await.unwrap();
        drop(engine);
        running.stop().await;
        rows::fill_cssm(&self.database(CSSM)).await;
        rows::fill_satellite(&self.database(SATELLITE), NUMBER).await;
        self.database(CSSM).copy_log_back().await.unwrap();
        fs::copy(self.path(CSSM), self.saved()).unwrap();
    }

    fn key(&self) -> PrivateKey {
        let pem = fs::read_to_string(self.folder.join("key.pem")).unwrap();
        PrivateKey::from_pem(&pem).unwrap()
    }

    fn floor_write(&self) -> Spent {
        let watch = Watch::start();
        let key = self.key();
        let to = std::io::BufWriter::new(fs::File::create(self.file()).unwrap());
        let mut writer = Writer::begin(to, rows::header(Kind::Full)).unwrap();
        for n in 0..INSTANCES {
            writer.record(&rows::record(n)).unwrap();
        }
        writer.finish(|text| key.sign(text)).unwrap();
        watch.stop()
    }

    fn floor_read(&self) -> Spent {
        let watch = Watch::start();
        let bytes = fs::read(self.file()).unwrap();
        let public = PublicKey::from_spki_der(&self.key().spki_der()).unwrap();
        let verified = check(&bytes, Limits::default()).unwrap().verify(&public).unwrap();
        assert_eq!(verified.records().flatten().count(), INSTANCES);
        watch.stop()
    }

    async fn write(&self) -> Spent {
        let running = self.start().await;
        let (engine, who) = signed_in(&running, SATELLITE, SATELLITE_USER).await;
        let kind = if self.changes.is_some() { SyncKind::Standard } else { SyncKind::Full };
        let watch = Watch::start();
        let made = engine.download_request(&who, NUMBER, kind).await.unwrap();
        fs::write(self.file(), made.file).unwrap();
        let spent = watch.stop();
        assert_eq!(made.request.kind, kind);
        running.stop().await;
        spent
    }

    async fn read(&self) -> Spent {
        let running = self.start().await;
        let (engine, who) = signed_in(&running, CSSM, CSSM_USER).await;
        let by = RequestBy::Person { who, domain: DOMAIN.to_owned(), on_prem: NUMBER };
        let watch = Watch::start();
        let file = fs::read(self.file()).unwrap();
        let response = engine.take_request(by, file).await.unwrap();
        fs::write(self.response(), response).unwrap();
        let spent = watch.stop();
        running.stop().await;
        assert_eq!(rows::mirrored(&self.database(CSSM), DOMAIN, NUMBER).await, INSTANCES);
        spent
    }

    async fn confirm(&self) -> Spent {
        let running = self.start().await;
        let (engine, who) = signed_in(&running, SATELLITE, SATELLITE_USER).await;
        let watch = Watch::start();
        let file = fs::read(self.response()).unwrap();
        engine.upload_response(&who, NUMBER, file).await.unwrap();
        let spent = watch.stop();
        running.stop().await;
        spent
    }
}

async fn signed_in(running: &Running, site: &str, user: &str) -> (Engine, Who) {
    let engine = running.site(site).unwrap().engine.clone();
    let signed_in = engine.sign_in(user, LAB_PASSWORD).await.unwrap();
    (engine, Who::Session(signed_in.secret))
}
