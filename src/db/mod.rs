//! Storage. diesel lives here and nowhere else.
//!
//! [`Db::read`] and [`Db::write`] are the only doors. A write is one
//! transaction that runs alone among the writers it concerns, and its caller is
//! answered after the commit.

pub mod access_requests;
pub mod accounts;
pub mod active_user;
pub mod authorizations;
pub mod clients;
mod conn;
pub mod credentials;
pub mod custom_tags;
pub mod deadlines;
mod error;
pub mod events;
pub mod export_keys;
pub mod flex;
mod hot;
pub mod hub;
mod instance_row;
pub mod instances;
pub mod keys;
pub mod licenses;
mod line_row;
pub mod local_accounts;
pub mod members;
mod mirrored_uses;
pub mod mirrors;
pub mod notices;
pub mod on_prems;
pub mod outbox;
mod paging;
pub mod people;
pub mod polls;
pub mod pools;
pub mod products;
pub mod reservations;
pub mod roles;
mod schema;
pub mod security;
pub mod standings;
pub mod sync;
pub mod system_events;
pub mod system_users;
pub mod tags;
pub mod tokens;
pub mod transactions;
mod types;
mod unit;
pub mod user_groups;
pub mod virtual_accounts;
mod writer;

use crate::domain::id::SmartAccountId;
use conn::{Access, Lock, Opener};
pub use conn::{Conn, Url};
use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, Pool};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
pub use error::{Error, Result};
use std::sync::Arc;
use unit::{Unit, answered, unit};
use writer::Writer;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Readers beside the SQLite writer; connections in all on PostgreSQL.
const POOL_SIZE: u32 = 8;

/// The database of one site.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Opener>,
    /// On SQLite only.
    writer: Option<Writer>,
}

impl Db {
    /// Opens the database and brings its schema up to date.
    pub fn open(url: &Url) -> Result<Self> {
        let opener = Opener { url: url.clone(), access: Access::Writes };
        let conn = migrate(&opener)?;
        let (writer, access) = match url {
            Url::Sqlite(_) => (Some(Writer::start(conn, &opener)?), Access::Reads),
            Url::Postgres { .. } => (None, Access::Writes),
        };
        let pool = Pool::builder()
            .max_size(POOL_SIZE)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .thread_pool(Arc::new(scheduled_thread_pool::ScheduledThreadPool::new(1)))
            .build_unchecked(Opener { access, ..opener });
        Ok(Self { pool, writer })
    }

    /// A number that is another one after each commit; `None` on PostgreSQL, where other
    /// processes may write too. What was read after this number was told is the
    /// present state as long as the number stays: the data directory is locked for us.
    pub fn generation(&self) -> Option<u64> {
        self.writer.as_ref().map(Writer::commits)
    }

    /// A number that is another one after work was undone, before other work runs; `None` on
    /// PostgreSQL. What a unit of work has seen or made is there as long as the number stays.
    pub fn undone(&self) -> Option<u64> {
        self.writer.as_ref().map(Writer::undone)
    }

    /// Copies the log back into the file of SQLite, which is then the whole database.
    pub async fn copy_log_back(&self) -> Result<()> {
        if self.writer.is_none() {
            return Ok(());
        }
        let (unit, answer) = unit(|conn: &mut Conn| {
            Ok::<_, Error>(conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?)
        });
        self.on_blocking_thread(unit, |conn, unit| {
            unit.run(conn);
            Ok(())
        });
        answered(answer).await
    }

    /// Runs reads that see one state of the database.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (unit, answer) = unit(work);
        self.on_blocking_thread(unit, read_on);
        answered(answer).await
    }

    /// Runs one unit of work for the whole site, alone among all writers.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.write_under(Lock::Site, work).await
    }

    /// Runs one unit of work that touches only this Smart Account.
    pub async fn write_in<T, E, F>(&self, account: SmartAccountId, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        // Half of a random id is key enough; a clash makes two accounts wait.
        let (high, _) = account.0.as_u64_pair();
        let (_, low) = account.0.as_u64_pair();
        self.write_under(Lock::Account((high ^ low).cast_signed()), work).await
    }

    async fn write_under<T, E, F>(&self, lock: Lock, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (unit, answer) = unit(work);
        match &self.writer {
            Some(writer) => writer.take(unit).await?,
            None => self.on_blocking_thread(unit, move |conn, unit| write_on(conn, unit, lock)),
        }
        answered(answer).await
    }

    /// Runs a unit on a connection of the pool; its caller is answered after `run`.
    fn on_blocking_thread(
        &self,
        mut unit: Box<dyn Unit>,
        run: impl FnOnce(&mut Conn, &mut dyn Unit) -> Result<()> + Send + 'static,
    ) {
        let pool = self.pool.clone();
        tokio::task::spawn_blocking(move || {
            let conn = pool.get().map_err(|error| Error::Unreachable(error.to_string()));
            let ended = conn.and_then(|mut conn| run(&mut conn, unit.as_mut()));
            unit.answer(ended);
        });
    }
}

/// Runs a unit that changes nothing.
fn read_on(conn: &mut Conn, unit: &mut dyn Unit) -> Result<()> {
    conn.begin_reading()?;
    unit.run(conn);
    Ok(conn.rollback()?)
}

/// Runs a unit in a transaction of its own.
fn write_on(conn: &mut Conn, unit: &mut dyn Unit, lock: Lock) -> Result<()> {
    conn.begin_alone(lock)?;
    if unit.run(conn) {
        conn.commit().map_err(|error| Error::Commit(error.to_string()))
    } else {
        Ok(conn.rollback()?)
    }
}

/// Brings the schema up to date; on PostgreSQL under a lock, because servers
/// that start together would collide. Answers the connection: each reads the whole schema.
fn migrate(opener: &Opener) -> Result<Conn> {
    if let Url::Postgres { schema, .. } = &opener.url {
        let mut conn = opener.connect()?;
        conn.batch_execute(&format!(
            "SELECT pg_advisory_lock(7357); CREATE SCHEMA IF NOT EXISTS \"{schema}\"; \
             SELECT pg_advisory_unlock(7357)"
        ))?;
    }
    let mut conn = opener.connect()?;
    let guarded = matches!(conn, Conn::Postgres(_));
    if guarded {
        conn.batch_execute("SELECT pg_advisory_lock(7357)")?;
    }
    let done = run_pending(&mut conn);
    if guarded {
        conn.batch_execute("SELECT pg_advisory_unlock(7357)")?;
    }
    done.map(|()| conn)
}

/// All or none, and one commit: a new database is made by many of them.
fn run_pending(conn: &mut Conn) -> Result<()> {
    let failed =
        |error: Box<dyn std::error::Error + Send + Sync>| Error::Migration(error.to_string());
    if !conn.has_pending_migration(MIGRATIONS).map_err(failed)? {
        return Ok(());
    }
    conn.begin_alone(Lock::Site)?;
    match conn.run_pending_migrations(MIGRATIONS) {
        Ok(_) => Ok(conn.commit()?),
        Err(error) => {
            conn.rollback()?;
            Err(failed(error))
        }
    }
}
