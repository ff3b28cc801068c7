//! One connection type for both databases, and the macro that hides which it is.

use super::error::{Error, Result};
use super::hot;
use diesel::connection::{AnsiTransactionManager as Ansi, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{Connection, PgConnection, QueryResult, SqliteConnection};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Compiles one statement once per database: upserts, batches and `RETURNING`
/// rows, which the enum itself cannot do.
macro_rules! on_backend {
    ($conn:ident => $statement:expr) => {
        match $conn {
            $crate::db::Conn::Postgres($conn) => $statement,
            $crate::db::Conn::Sqlite($conn) => $statement,
        }
    };
}
pub(crate) use on_backend;

type Manager = <Conn as Connection>::TransactionManager;

/// What a unit of work locks on PostgreSQL. SQLite has one writer anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// The whole site.
    Site,
    /// One Smart Account; other accounts go on.
    Account(i64),
}

/// Memory for pages of the connection that writes to SQLite, in KiB.
const CACHE: u32 = 8_000;
/// The same while very many rows are written; the dirty pages of one commit stay in it.
const CACHE_WITH_ROOM: u32 = 24_000;

/// The lock key of a whole site; shared by those who lock one account only.
const SITE_LOCK: i64 = 7_358;

impl Conn {
    /// Begins a transaction that runs alone among the writers it concerns.
    pub(super) fn begin_alone(&mut self, lock: Lock) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => Ansi::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
            Self::Postgres(conn) => {
                Ansi::begin_transaction_sql(conn, "BEGIN")?;
                conn.batch_execute(&match lock {
                    Lock::Site => format!("SELECT pg_advisory_xact_lock({SITE_LOCK})"),
                    Lock::Account(key) => format!(
                        "SELECT pg_advisory_xact_lock_shared({SITE_LOCK}), \
                         pg_advisory_xact_lock({key})"
                    ),
                })
            }
        }
    }

    /// Does work that writes very many rows with more memory for pages, and takes it back: an index
    /// whose order is not that of the rows would else be written again and again. On SQLite;
    /// PostgreSQL has memory of its own.
    pub fn with_room<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Result<T> {
        let cache = |conn: &mut Self, kib: u32| match conn {
            Self::Sqlite(conn) => conn.batch_execute(&format!("PRAGMA cache_size = -{kib}")),
            Self::Postgres(_) => Ok(()),
        };
        cache(self, CACHE_WITH_ROOM)?;
        let done = work(self);
        cache(self, CACHE)?;
        Ok(done)
    }

    /// How many rows, of `most`, one statement should add whose entries are scattered over the pages
    /// of an index. SQLite copies each page that a statement of several rows changes, because a
    /// later row may fail; one row is checked before it is written. For PostgreSQL each statement is
    /// a round trip.
    pub(super) fn scattered(&self, most: usize) -> usize {
        match self {
            Self::Sqlite(_) => 1,
            Self::Postgres(_) => most,
        }
    }

    /// Begins a transaction that sees one state and changes nothing.
    pub(super) fn begin_reading(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => Ansi::begin_transaction_sql(conn, "BEGIN"),
            Self::Postgres(conn) => {
                Ansi::begin_transaction_sql(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
        }
    }

    /// Begins a savepoint inside the present transaction.
    pub(super) fn begin_savepoint(&mut self) -> QueryResult<()> {
        hot::Begin.run(self)
    }

    /// Ends the savepoint, keeping its work.
    pub(super) fn keep_savepoint(&mut self) -> QueryResult<()> {
        hot::Keep.run(self)
    }

    /// Ends the savepoint, undoing its work.
    pub(super) fn undo_savepoint(&mut self) -> QueryResult<()> {
        hot::Undo.run(self)?;
        hot::Keep.run(self)
    }

    /// Ends the transaction, keeping its work.
    pub(super) fn commit(&mut self) -> QueryResult<()> {
        Manager::commit_transaction(self)
    }

    /// Ends the transaction, undoing its work.
    pub(super) fn rollback(&mut self) -> QueryResult<()> {
        Manager::rollback_transaction(self)
    }
}

/// Where a site keeps its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Url {
    /// A file.
    Sqlite(std::path::PathBuf),
    /// A server, with a schema for this site.
    Postgres {
        /// The address without a search path.
        base: String,
        /// The schema.
        schema: String,
    },
}

/// Whether a connection may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// `query_only`: a write is a defect.
    Reads,
    /// Everything.
    Writes,
}

/// Opens connections for the pool.
#[derive(Clone, Debug)]
pub(super) struct Opener {
    pub(super) url: Url,
    pub(super) access: Access,
}

impl ManageConnection for Opener {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn> {
        match &self.url {
            Url::Sqlite(path) => open_sqlite(path, self.access),
            Url::Postgres { base, schema } => open_postgres(base, schema),
        }
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<()> {
        Ok(conn.batch_execute("SELECT 1")?)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

/// `synchronous = FULL`: what was answered is on the disk. The writer leaves
/// checkpoints to a thread of its own, or they would make its tail. Savepoints
/// keep in memory what they would undo, and not in a file.
fn open_sqlite(path: &std::path::Path, access: Access) -> Result<Conn> {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
    conn.batch_execute(&format!(
        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; \
         PRAGMA cache_size = -{CACHE}; PRAGMA temp_store = MEMORY;",
    ))?;
    if access == Access::Reads {
        conn.batch_execute("PRAGMA query_only = ON; PRAGMA cache_size = -2000;")?;
    }
    Ok(Conn::Sqlite(conn))
}

fn open_postgres(base: &str, schema: &str) -> Result<Conn> {
    let mut conn = PgConnection::establish(base)?;
    conn.batch_execute(&format!(
        "SET client_min_messages = warning; SET search_path TO \"{schema}\"; SET timezone = 'UTC'"
    ))?;
    Ok(Conn::Postgres(conn))
}
