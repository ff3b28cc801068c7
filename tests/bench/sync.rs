//! Synchronization of a hundred thousand product instances: from the satellite's database into a
//! file, and from the file into CSSM's, beside the same file made and read without a database.
//!
//! Each step runs in a process of its own, so that its peak memory is its own.

use crate::process::memory;
use crate::sync_rows::{self as rows, INSTANCES, Site};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use syncom::crypto::keys::{KeyKind, PrivateKey};
use syncom::crypto::sign::PublicKey;
use syncom::db::sync::{Counts, Merge, page, these};
use syncom::db::{self, Db, Url};
use syncom::domain::id::InstanceId;
use syncom::domain::sync::Kind;
use syncom::protocol::sync::{Limits, Record, Writer, check};

/// The argument that makes this program one step.
pub const STEP: &str = "sync-step";
/// Instances that are read at once.
const PAGE: i64 = 1_000;
/// Instances that a standard synchronization tells of.
const CHANGES: [usize; 2] = [100, 1_000];
/// Every step is made this often; the table has the medians.
const ROUNDS: usize = 3;

/// What a step has cost.
struct Cost {
    seconds: f64,
    peak: f64,
    bytes: u64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kib = f64::from(u32::try_from(self.bytes).unwrap()) / 1_024.0;
        write!(f, "{:.4} | {kib:.0} | {:.1}", self.seconds, self.peak)
    }
}

/// Measures all steps and prints the table.
pub fn measure() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let run = |step: &str| run(folder.path(), step);
    eprintln!("filling the satellite's database");
    run("fill");
    println!(
        "| {INSTANCES} instances x 3 licenses | seconds | file KiB | peak MiB | to the floor |"
    );
    println!("|---|---:|---:|---:|---:|");
    let median = |steps: &[&str]| {
        let mut costs: Vec<Cost> = (0..ROUNDS)
            .map(|_| {
                let costs: Vec<Cost> = steps.iter().map(|step| run(step)).collect();
                costs.into_iter().last().unwrap()
            })
            .collect();
        costs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        costs.remove(ROUNDS / 2)
    };
    let row = |name: &str, cost: &Cost, floor: &Cost| {
        println!("| {name} | {cost} | {:.2} |", cost.seconds / floor.seconds);
    };
    let (write, read) = (median(&["floor-write"]), median(&["floor-read"]));
    row("floor: rows to file", &write, &write);
    row("floor: file to rows", &read, &read);
    row("satellite: database to file", &median(&["write"]), &write);
    row("CSSM: file to empty database", &median(&["empty", "read"]), &read);
    row("CSSM: the same once more", &median(&["read"]), &read);
    for changes in CHANGES {
        let told = format!("standard, {changes} changes: ");
        let (up, down) = (format!("write {changes}"), format!("read {changes}"));
        row(&format!("{told}database to file"), &median(&["touch", &up]), &write);
        row(&format!("{told}file to database"), &median(&["touch", &up, &down]), &read);
    }
}

fn run(folder: &Path, step: &str) -> Cost {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.arg(STEP).arg(folder).args(step.split(' ')).output().unwrap();
    assert!(output.status.success(), "{step}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut parts = text.split_whitespace().map(|part| part.parse::<f64>().unwrap());
    let mut next = || parts.next().unwrap();
    let (seconds, peak) = (next(), next());
    let bytes = std::fs::metadata(file_of(folder, step)).map_or(0, |file| file.len());
    Cost { seconds, peak, bytes }
}

/// Each kind of synchronization has a file of its own.
fn file_of(folder: &Path, step: &str) -> PathBuf {
    let changes = step.split(' ').nth(1).unwrap_or("full");
    let floor = if step.starts_with("floor") { "floor-" } else { "" };
    folder.join(format!("{floor}{changes}.sync"))
}

/// One step in this process: prints seconds and peak memory.
pub fn step(arguments: &[String]) {
    let (folder, words) = arguments.split_first().unwrap();
    let folder = Path::new(folder);
    let file = file_of(folder, &words.join(" "));
    let changes = words.get(1).map(|word| word.parse::<usize>().unwrap());
    let step = Step { folder, file, changes };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let begin = runtime.block_on(step.run(&words[0]));
    let seconds = begin.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{seconds} {}", memory(&status, "VmHWM:"));
}

struct Step<'a> {
    folder: &'a Path,
    file: PathBuf,
    changes: Option<usize>,
}

impl Step<'_> {
    /// Runs a step; answers when its measured part began.
    async fn run(&self, word: &str) -> Instant {
        match word {
            "fill" => {
                let key = PrivateKey::generate(KeyKind::P256).unwrap();
                std::fs::write(self.folder.join("key.pem"), key.to_pem()).unwrap();
                rows::fill_satellite(&self.satellite()).await;
            }
            "empty" => {
                for end in ["", "-wal", "-shm"] {
                    drop(std::fs::remove_file(self.folder.join(format!("cssm.db{end}"))));
                }
                rows::fill_cssm(&self.cssm()).await;
            }
            "touch" => rows::touch(&self.satellite()).await,
            "floor-write" => return self.floor_write(),
            "floor-read" => return self.floor_read(),
            "write" => return self.write().await,
            "read" => return self.read().await,
            other => panic!("{other}"),
        }
        Instant::now()
    }

    fn key(&self) -> PrivateKey {
        PrivateKey::from_pem(&std::fs::read_to_string(self.folder.join("key.pem")).unwrap())
            .unwrap()
    }

    fn database(&self, name: &str) -> Db {
        Db::open(&Url::Sqlite(self.folder.join(name))).unwrap()
    }

    fn satellite(&self) -> Db {
        self.database("satellite.db")
    }

    fn cssm(&self) -> Db {
        self.database("cssm.db")
    }

    fn kind(&self) -> Kind {
        if self.changes.is_some() { Kind::Standard } else { Kind::Full }
    }

    fn create(&self) -> std::io::BufWriter<std::fs::File> {
        std::io::BufWriter::new(std::fs::File::create(&self.file).unwrap())
    }

    fn floor_write(&self) -> Instant {
        let begin = Instant::now();
        let key = self.key();
        let mut writer = Writer::begin(self.create(), rows::header(Kind::Full)).unwrap();
        for n in 0..INSTANCES {
            writer
                .record(&rows::record(&rows::instance(n, Site::Satellite), rows::uses(n)))
                .unwrap();
        }
        writer.finish(|text| key.sign(text)).unwrap();
        begin
    }

    fn floor_read(&self) -> Instant {
        let begin = Instant::now();
        let bytes = std::fs::read(&self.file).unwrap();
        let public = public(&self.key());
        let verified = check(&bytes, Limits::default()).unwrap().verify(&public).unwrap();
        assert_eq!(verified.records().flatten().count(), INSTANCES);
        begin
    }

    async fn write(&self) -> Instant {
        let db = self.satellite();
        let (file, kind, changes) = (self.create(), self.kind(), self.changes);
        let key = self.key();
        let begin = Instant::now();
        db.read(move |conn| -> db::Result<()> {
            let mut writer = Writer::begin(file, rows::header(kind)).unwrap();
            let mut put = |(instance, uses)| writer.record(&rows::record(&instance, uses)).unwrap();
            if let Some(changes) = changes {
                these(conn, &rows::some(changes))?.into_iter().for_each(&mut put);
            } else {
                let mut after: Option<InstanceId> = None;
                loop {
                    let found = page(conn, rows::account(), after, PAGE)?;
                    let Some((last, _)) = found.last() else { break };
                    after = Some(last.id);
                    found.into_iter().for_each(&mut put);
                }
            }
            writer.finish(|text| key.sign(text)).unwrap();
            Ok(())
        })
        .await
        .unwrap();
        begin
    }

    async fn read(&self) -> Instant {
        let db = self.cssm();
        let (file, kind, public) = (self.file.clone(), self.kind(), public(&self.key()));
        let begin = Instant::now();
        let merged = db.write(move |conn| -> db::Result<Counts> {
            let bytes = std::fs::read(&file).unwrap();
            let verified = check(&bytes, Limits::default()).unwrap().verify(&public).unwrap();
            let mut merge = Merge::begin(conn, rows::uid(), kind)?;
            let mut records = verified.records();
            while let Some(record) = records.next() {
                let Record::Instance(told) = record.unwrap() else { panic!("another record") };
                let (instance, uses) = rows::told(&told);
                merge.instance(conn, (&instance, &uses), &records.digest())?;
            }
            if kind == Kind::Full {
                merge.remove_untold(conn)?;
            }
            merge.finish(conn)
        });
        let counts = merged.await.unwrap();
        let all = counts.added + counts.changed + counts.same;
        assert_eq!(all, u64::try_from(self.changes.unwrap_or(INSTANCES)).unwrap());
        begin
    }
}

fn public(key: &PrivateKey) -> PublicKey {
    PublicKey::from_spki_der(&key.spki_der()).unwrap()
}
