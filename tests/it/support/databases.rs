//! One test body, two databases.

use super::{postgres, tools};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use std::error::Error;
use std::hash::{BuildHasher as _, RandomState};

/// What a test body stands on: a bare database, or a server over one.
pub trait Ground: Sized {
    /// Makes it.
    async fn on(database: Database) -> Self;
    /// Takes it away, after a last look at it.
    async fn leave(self);
}

impl Ground for Database {
    async fn on(database: Database) -> Self {
        database
    }

    async fn leave(self) {}
}

/// Runs one test body.
pub async fn run<G: Ground>(database: Database, body: impl AsyncFnOnce(&G)) {
    let ground = G::on(database).await;
    body(&ground).await;
    ground.leave().await;
}

/// Makes `mod name { sqlite, postgres }` of `async fn name(ground: &impl Ground)`, for each name.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use $crate::support::databases::{Database, run};

            #[actix_web::test]
            async fn sqlite() {
                run(Database::sqlite(), super::$name).await;
            }

            #[actix_web::test]
            async fn postgres() {
                if let Some(database) = Database::postgres() {
                    run(database, super::$name).await;
                }
            }
        }
    )+};
}
pub(crate) use on_both_databases;

/// A place for the rows of one test, gone after it.
pub enum Database {
    /// A folder for files.
    Sqlite(tempfile::TempDir),
    /// A database of its own: advisory locks are shared inside one.
    Postgres(Own),
}

impl Database {
    /// An empty folder.
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// An empty database, or `None` where tests with PostgreSQL are skipped.
    pub fn postgres() -> Option<Self> {
        let server = tools::need("PostgreSQL", postgres::server())?;
        Some(Self::Postgres(Own::create(server)))
    }
}

/// A database on the server of the tests.
pub struct Own {
    server: &'static str,
    name: String,
}

impl Own {
    fn create(server: &'static str) -> Self {
        // Several runs may share a server: their names must differ.
        let name = format!("syncom_{:016x}", RandomState::new().hash_one(0));
        let own = Self { server, name };
        own.tell_server("CREATE DATABASE").unwrap();
        own
    }

    /// The address of the database.
    pub fn url(&self) -> String {
        let (address, options) = self.server.split_once('?').unwrap_or((self.server, ""));
        let (host, _) = address.rsplit_once('/').expect("the address names a database");
        format!("{host}/{}?{options}", self.name)
    }

    fn tell_server(&self, command: &str) -> Result<(), Box<dyn Error>> {
        let mut conn = PgConnection::establish(self.server)?;
        Ok(conn.batch_execute(&format!("{command} {}", self.name))?)
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // A server that is gone has nothing left to take away.
        drop(self.tell_server("DROP DATABASE IF EXISTS"));
    }
}
