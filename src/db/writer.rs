//! The one thread that writes to SQLite, many units to a commit.
//!
//! A commit at `synchronous = FULL` waits for the disk. So the thread takes all
//! that has queued, runs each unit in a savepoint of its own, commits once and
//! only then answers. `docs/STORAGE.md` has the measurement.

use super::conn::{Access, Conn, Lock, Opener};
use super::error::{Error, Result};
use super::unit::Unit;
use diesel::connection::SimpleConnection;
use diesel::r2d2::ManageConnection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc as thread_channel};
use tokio::sync::mpsc;

/// The most units in one commit.
const GROUP_LIMIT: usize = 256;
/// Units that may wait before callers have to.
const QUEUE_LIMIT: usize = 4_096;
/// Units after which the log is copied back into the database file.
const CHECKPOINT_UNITS: usize = 2_000;

/// The door to the writer thread; the thread ends when all doors are gone.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Unit>>,
    counts: Arc<Counts>,
}

/// What the writer has done.
#[derive(Default)]
struct Counts {
    commits: AtomicU64,
    undone: AtomicU64,
}

impl Writer {
    /// Starts the writer on its connection, and its checkpointer.
    pub(super) fn start(conn: Conn, opener: &Opener) -> Result<Self> {
        let checkpoints = Checkpoints::start(opener)?;
        let (queue, units) = mpsc::channel(QUEUE_LIMIT);
        let counts = Arc::<Counts>::default();
        let counted = Arc::clone(&counts);
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_all(conn, units, &checkpoints, &counted))
            .map_err(|error| Error::Unreachable(error.to_string()))?;
        Ok(Self { queue, counts })
    }

    /// How many commits there have been; it rises before any caller of a commit is answered.
    pub(super) fn commits(&self) -> u64 {
        self.counts.commits.load(Ordering::SeqCst)
    }

    /// How often work of a unit was undone; it rises before any other unit runs.
    pub(super) fn undone(&self) -> u64 {
        self.counts.undone.load(Ordering::SeqCst)
    }

    /// Takes a unit, which is answered after its commit.
    pub(super) async fn take(&self, unit: Box<dyn Unit>) -> Result<()> {
        self.queue.send(unit).await.map_err(|_| Error::Closed)
    }
}

fn write_all(
    mut conn: Conn,
    mut units: mpsc::Receiver<Box<dyn Unit>>,
    checkpoints: &Checkpoints,
    counts: &Counts,
) {
    let mut since_checkpoint = 0;
    while let Some(first) = units.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP_LIMIT {
            match units.try_recv() {
                Ok(unit) => group.push(unit),
                Err(_) => break,
            }
        }
        since_checkpoint += group.len();
        let committed =
            write_group(&mut conn, &mut group, counts).map_err(|error| error.to_string());
        counts.commits.fetch_add(1, Ordering::SeqCst);
        for unit in group {
            unit.answer(committed.clone().map_err(Error::Commit));
        }
        if since_checkpoint >= CHECKPOINT_UNITS {
            since_checkpoint = 0;
            checkpoints.ask();
        }
        if checkpoints.take_finished() {
            // Only what was written meanwhile is left; without it the log would never begin anew.
            checkpoint(&mut conn);
        }
    }
}

fn write_group(conn: &mut Conn, group: &mut [Box<dyn Unit>], counts: &Counts) -> Result<()> {
    conn.begin_alone(Lock::Site)?;
    let run = match group {
        [only] => run_alone(conn, only.as_mut(), counts),
        many => run_group(conn, many, counts),
    };
    if let Err(error) = run {
        counts.undone.fetch_add(1, Ordering::SeqCst);
        // What cannot be rolled back was never committed; the next BEGIN tells.
        drop(conn.rollback());
        return Err(error);
    }
    Ok(())
}

/// Nobody else is in the commit, so the transaction is savepoint enough.
fn run_alone(conn: &mut Conn, unit: &mut dyn Unit, counts: &Counts) -> Result<()> {
    if run_unit(conn, unit) {
        return Ok(conn.commit()?);
    }
    counts.undone.fetch_add(1, Ordering::SeqCst);
    Ok(conn.rollback()?)
}

fn run_group(conn: &mut Conn, group: &mut [Box<dyn Unit>], counts: &Counts) -> Result<()> {
    for unit in group {
        conn.begin_savepoint()?;
        if run_unit(conn, unit.as_mut()) {
            conn.keep_savepoint()?;
        } else {
            counts.undone.fetch_add(1, Ordering::SeqCst);
            conn.undo_savepoint()?;
        }
    }
    Ok(conn.commit()?)
}

/// Runs a unit; a panic in it must not take the others' answers with it.
fn run_unit(conn: &mut Conn, unit: &mut dyn Unit) -> bool {
    catch_unwind(AssertUnwindSafe(|| unit.run(conn))).unwrap_or(false)
}

/// Copies the log back on a connection and a thread of its own: inside the
/// writer, it would be the writer's slowest moment.
struct Checkpoints {
    asked: thread_channel::Sender<()>,
    finished: Arc<AtomicBool>,
}

impl Checkpoints {
    fn start(opener: &Opener) -> Result<Self> {
        let opener = Opener { access: Access::Writes, ..opener.clone() };
        let (asked, wanted) = thread_channel::channel::<()>();
        let finished = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&finished);
        std::thread::Builder::new()
            .name("sqlite-checkpoint".into())
            .spawn(move || {
                let mut conn = None;
                while wanted.recv().is_ok() {
                    checkpoint_on(&mut conn, &opener);
                    done.store(true, Ordering::Relaxed);
                }
            })
            .map_err(|error| Error::Unreachable(error.to_string()))?;
        Ok(Self { asked, finished })
    }

    fn ask(&self) {
        if self.asked.send(()).is_err() {
            tracing::warn!("the checkpointer has ended; the log will grow");
        }
    }

    /// Whether a checkpoint has finished since the last question.
    fn take_finished(&self) -> bool {
        self.finished.swap(false, Ordering::Relaxed)
    }
}

/// On a connection that is opened when it is first needed: many a lab never writes so much.
fn checkpoint_on(conn: &mut Option<Conn>, opener: &Opener) {
    if conn.is_none() {
        *conn = opener
            .connect()
            .inspect_err(|error| tracing::warn!(%error, "no connection for a checkpoint"))
            .ok();
    }
    if let Some(conn) = conn {
        checkpoint(conn);
    }
}

fn checkpoint(conn: &mut Conn) {
    if let Err(error) = conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)") {
        tracing::warn!(%error, "a checkpoint failed; the next one will do its work");
    }
}
