//! The migrations, and `src/db/schema.rs` beside what they make.

use crate::support::databases::{Database, on_both_databases};
use crate::support::mirrors::{World, account, crowd, direct, ground, tell};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::collections::BTreeSet;
use syncom::db::{self, Conn, Db, Url};
use syncom::domain::sync::Kind;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
const SCHEMA: &str = concat!(
    include_str!("../../src/db/schema.rs"),
    include_str!("../../src/db/schema/active_user.rs"),
    include_str!("../../src/db/schema/flex.rs"),
    include_str!("../../src/db/schema/hub.rs"),
    include_str!("../../src/db/schema/people.rs"),
    include_str!("../../src/db/schema/reserved.rs"),
    include_str!("../../src/db/schema/satellite.rs")
);

on_both_databases!(
    migrations_can_be_taken_back_and_made_again,
    schema_rs_equals_the_database,
    every_foreign_key_is_indexed,
    events_outlive_the_change_of_their_key,
    uses_of_mirrored_instances_move_to_their_mirrors,
    a_failed_migration_leaves_what_was_there,
);

/// Nothing of what is pending stays when one of it fails, and once the cause is gone all of it is
/// made: a table in the way of a late migration keeps the early ones out too.
async fn a_failed_migration_leaves_what_was_there(database: &Database) {
    let mut look = Look::into(database);
    look.run("CREATE TABLE sync_standings (in_the_way TEXT NOT NULL)");
    let only: Vec<_> = look.columns().into_iter().map(|fact| fact.owner).collect();
    let failed = Db::open(&looked_into(database)).err().unwrap().to_string();
    assert!(failed.contains("sync_standings"), "{failed}");
    let left: Vec<_> = look.columns().into_iter().map(|fact| fact.owner).collect();
    assert_eq!(left, only, "something stayed");
    look.run("DROP TABLE sync_standings");
    Db::open(&looked_into(database)).unwrap();
    assert!(look.columns().iter().any(|fact| fact.owner == "sync_standings"));
}

/// `table`, `column`, `type` with `?` for nullable; or `table`, `column`, nothing.
#[derive(QueryableByName, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Fact {
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

type Facts = BTreeSet<Fact>;

/// The database into which is looked, as the product opens it.
fn looked_into(database: &Database) -> Url {
    match database {
        Database::Sqlite(folder) => Url::Sqlite(folder.path().join("look.db")),
        Database::Postgres(own) => Url::Postgres { base: own.url(), schema: "public".to_owned() },
    }
}

/// A connection that is only used to look.
enum Look {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Look {
    fn into(database: &Database) -> Self {
        match database {
            Database::Sqlite(folder) => {
                let file = folder.path().join("look.db");
                Self::Sqlite(SqliteConnection::establish(file.to_str().unwrap()).unwrap())
            }
            Database::Postgres(own) => {
                let mut conn = PgConnection::establish(&own.url()).unwrap();
                conn.batch_execute("SET client_min_messages = warning").unwrap();
                Self::Postgres(conn)
            }
        }
    }

    fn up(&mut self) {
        match self {
            Self::Sqlite(conn) => drop(conn.run_pending_migrations(MIGRATIONS).unwrap()),
            Self::Postgres(conn) => drop(conn.run_pending_migrations(MIGRATIONS).unwrap()),
        }
    }

    fn down(&mut self) {
        match self {
            Self::Sqlite(conn) => drop(conn.revert_all_migrations(MIGRATIONS).unwrap()),
            Self::Postgres(conn) => drop(conn.revert_all_migrations(MIGRATIONS).unwrap()),
        }
    }

    /// Takes back what was made last, up to and with this version.
    fn down_through(&mut self, version: &str) {
        loop {
            let reverted = match self {
                Self::Sqlite(conn) => conn.revert_last_migration(MIGRATIONS).unwrap(),
                Self::Postgres(conn) => conn.revert_last_migration(MIGRATIONS).unwrap(),
            };
            if reverted.to_string() == version {
                return;
            }
        }
    }

    fn run(&mut self, statement: &str) {
        match self {
            Self::Sqlite(conn) => conn.batch_execute(statement).unwrap(),
            Self::Postgres(conn) => conn.batch_execute(statement).unwrap(),
        }
    }

    /// Runs the one of two queries that this database understands.
    fn facts(&mut self, sqlite: &str, postgres: &str) -> Facts {
        let found: Vec<Fact> = match self {
            Self::Sqlite(conn) => diesel::sql_query(sqlite).load(conn).unwrap(),
            Self::Postgres(conn) => diesel::sql_query(postgres).load(conn).unwrap(),
        };
        found.into_iter().collect()
    }

    fn columns(&mut self) -> Facts {
        self.facts(SQLITE_COLUMNS, POSTGRES_COLUMNS)
    }
}

const SQLITE_COLUMNS: &str = "
    SELECT m.name AS owner, c.name AS name,
           lower(c.type) || CASE WHEN c.\"notnull\" THEN '' ELSE '?' END AS kind
      FROM sqlite_master m, pragma_table_info(m.name) c
     WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'";

const POSTGRES_COLUMNS: &str = "
    SELECT table_name::text AS owner, column_name::text AS name,
           replace(data_type, ' without time zone', '')
               || CASE WHEN is_nullable = 'YES' THEN '?' ELSE '' END AS kind
      FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'";

const SQLITE_INDEXES: &str = "
    SELECT m.name AS owner, i.name AS name, group_concat(c.name) AS kind
      FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c
     WHERE m.type = 'table' GROUP BY 1, 2";

const POSTGRES_INDEXES: &str = "
    SELECT tablename::text AS owner, indexname::text AS name, indexdef AS kind
      FROM pg_indexes WHERE schemaname = 'public'";

const SQLITE_BARE_KEYS: &str = "
    SELECT m.name AS owner, f.\"from\" AS name, '' AS kind
      FROM sqlite_master m, pragma_foreign_key_list(m.name) f
     WHERE m.type = 'table' AND f.seq = 0 AND NOT EXISTS (
           SELECT 1 FROM pragma_index_list(m.name) i, pragma_index_info(i.name) c
            WHERE c.seqno = 0 AND c.name = f.\"from\")";

const POSTGRES_BARE_KEYS: &str = "
    SELECT t.relname::text AS owner, a.attname::text AS name, '' AS kind
      FROM pg_constraint k
      JOIN pg_class t ON t.oid = k.conrelid
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]
     WHERE k.contype = 'f' AND NOT EXISTS (
           SELECT 1 FROM pg_index i WHERE i.indrelid = t.oid AND i.indkey[0] = k.conkey[1])";

async fn migrations_can_be_taken_back_and_made_again(database: &Database) {
    let mut look = Look::into(database);
    look.up();
    let first = (look.columns(), look.facts(SQLITE_INDEXES, POSTGRES_INDEXES));
    assert!(first.0.len() > 100, "{} columns", first.0.len());
    look.down();
    assert_eq!(look.columns(), Facts::new());
    look.up();
    assert_eq!((look.columns(), look.facts(SQLITE_INDEXES, POSTGRES_INDEXES)), first);
}

async fn schema_rs_equals_the_database(database: &Database) {
    let mut look = Look::into(database);
    look.up();
    let (found, written) = (look.columns(), written_by_hand());
    let only_in_database: Vec<&Fact> = found.difference(&written).collect();
    let only_in_schema: Vec<&Fact> = written.difference(&found).collect();
    assert!(only_in_database.is_empty(), "missing in src/db/schema.rs: {only_in_database:#?}");
    assert!(only_in_schema.is_empty(), "only in src/db/schema.rs: {only_in_schema:#?}");
}

/// A-EVT-01: a database of before the change loses no event, neither forward nor back.
async fn events_outlive_the_change_of_their_key(database: &Database) {
    let mut look = Look::into(database);
    look.up();
    look.down_through("20260604000000");
    for number in 1..=9 {
        let account = number % 3;
        look.run(&format!(
            "INSERT INTO events (id, account_id, at, kind, message, actor) VALUES \
             ('event {number}', 'account {account}', '2026-01-05 09:00:00', 'k', 'm {number}', 'a')"
        ));
    }
    look.run("INSERT INTO on_prem_events (event_id, uid) VALUES ('event 4', 'satellite')");
    let log = "SELECT account_id AS owner, id AS name, message AS kind FROM events";
    let links = "SELECT event_id AS owner, uid AS name, '' AS kind FROM on_prem_events";
    let written = (look.facts(log, log), look.facts(links, links));
    assert_eq!((written.0.len(), written.1.len()), (9, 1));
    look.up();
    assert_eq!((look.facts(log, log), look.facts(links, links)), written);
    look.down_through("20260604000000");
    assert_eq!((look.facts(log, log), look.facts(links, links)), written);
}

/// B-SYN-07: a database of before has what mirrored instances use in the rows of those that
/// registered; it moves, and the sums stay. On the way back the sums forget it, and no digest keeps
/// the next file from telling it again.
async fn uses_of_mirrored_instances_move_to_their_mirrors(database: &Database) {
    let mut look = Look::into(database);
    let db = Db::open(&looked_into(database)).unwrap();
    let filled = db.write(|conn| {
        ground(conn)?;
        db::instances::insert(conn, &direct(9))?;
        tell(conn, Kind::Full, (&World::new(), &crowd(3, 1)))
    });
    filled.await.unwrap();
    look.down_through("20260704000000");
    let sums = "SELECT DISTINCT CAST(reported AS TEXT) AS owner, '' AS name, digest AS kind \
                FROM pools, mirrors";
    let sums = look.facts(sums, sums).into_iter().map(|fact| (fact.owner, fact.kind));
    assert_eq!(sums.collect::<Vec<_>>(), [("0".to_owned(), String::new())]);

    look.run("INSERT INTO usage SELECT i.id, e.id, 2 FROM instances i CROSS JOIN entitlements e");
    look.run("UPDATE pools SET reported = 8");
    look.up();
    let read = db.write(|conn: &mut Conn| {
        let drifted = db::pools::drifted(conn)?;
        let there = db::sync::page(conn, account(), None, 9)?;
        let ids: Vec<_> = there.iter().map(|(instance, _)| instance.id).collect();
        let rows: Vec<usize> = there.iter().map(|(_, uses)| uses.len()).collect();
        Ok::<_, db::Error>((drifted, db::pools::usage_of_all(conn, &ids)?, rows))
    });
    let (drifted, uses, mut rows) = read.await.unwrap();
    rows.sort_unstable();
    assert_eq!((drifted, rows), (vec![], vec![0, 0, 0, 3]), "only one registered here");
    let counts = |uses: &Vec<(_, i64)>| uses.iter().map(|(_, count)| *count).collect::<Vec<_>>();
    assert_eq!(uses.values().map(counts).collect::<Vec<_>>(), vec![vec![2; 3]; 4]);
}

/// Deleting a row looks for those that point at it; without an index it reads them all.
async fn every_foreign_key_is_indexed(database: &Database) {
    let mut look = Look::into(database);
    look.up();
    assert_eq!(look.facts(SQLITE_BARE_KEYS, POSTGRES_BARE_KEYS), Facts::new());
    // The query itself must be able to find one.
    look.run("DROP INDEX usage_entitlement");
    let bare = look.facts(SQLITE_BARE_KEYS, POSTGRES_BARE_KEYS);
    let names: Vec<_> = bare.iter().map(|key| (&key.owner[..], &key.name[..])).collect();
    assert_eq!(names, [("usage", "entitlement_id")]);
}

/// The columns that `src/db/schema.rs` declares, in the databases' words.
fn written_by_hand() -> Facts {
    let mut table = "";
    let mut facts = Facts::new();
    for line in SCHEMA.lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix(") {").and_then(|head| head.split_once(" (")) {
            table = name;
        } else if let Some((name, kind)) = line.split_once(" -> ") {
            let kind = kind.trim_end_matches(',');
            let (kind, mark) = match kind.strip_prefix("Nullable<") {
                Some(inner) => (inner.trim_end_matches('>'), "?"),
                None => (kind, ""),
            };
            let kind = match kind {
                "Bool" => "boolean".to_owned(),
                other => other.to_lowercase(),
            };
            let (owner, name) = (table.to_owned(), name.to_owned());
            facts.insert(Fact { owner, name, kind: format!("{kind}{mark}") });
        }
    }
    facts
}
