//! A backup of a site's rows beside them, and its restore: on both databases by the same statements.

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Text;
use diesel::{QueryResult, QueryableByName, RunQueryDsl as _, sql_query};
use syncom::db::{self, Conn};

const KEPT: &str = "kept_";

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

fn tables(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let all: Vec<Table> = match conn {
        Conn::Sqlite(conn) => {
            sql_query("SELECT name FROM sqlite_master WHERE type = 'table'").load(conn)
        }
        Conn::Postgres(conn) => sql_query(
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
        )
        .load(conn),
    }?;
    let own = |name: &String| !["sqlite_", "__", KEPT].iter().any(|mark| name.starts_with(mark));
    Ok(all.into_iter().map(|table| table.name).filter(own).collect())
}

/// Keeps all rows as they are now; what was kept before goes.
pub fn keep(conn: &mut Conn) -> db::Result<()> {
    for table in tables(conn)? {
        conn.batch_execute(&format!(
            "DROP TABLE IF EXISTS {KEPT}{table}; CREATE TABLE {KEPT}{table} AS SELECT * FROM {table}"
        ))?;
    }
    Ok(())
}

/// Makes all rows what was kept.
pub fn restore(conn: &mut Conn) -> db::Result<()> {
    let all = tables(conn)?;
    in_any_order(conn, all.clone(), |table| format!("DELETE FROM {table}"));
    in_any_order(conn, all, |table| format!("INSERT INTO {table} SELECT * FROM {KEPT}{table}"));
    Ok(())
}

/// Runs a statement for each table; those that a foreign key forbids wait for the others.
fn in_any_order(conn: &mut Conn, mut waiting: Vec<String>, statement: impl Fn(&str) -> String) {
    while !waiting.is_empty() {
        let before = waiting.len();
        waiting.retain(|table| {
            conn.batch_execute("SAVEPOINT keeping").unwrap();
            let done = conn.batch_execute(&statement(table)).is_ok();
            let end = if done { "" } else { "ROLLBACK TO SAVEPOINT keeping;" };
            conn.batch_execute(&format!("{end} RELEASE SAVEPOINT keeping")).unwrap();
            !done
        });
        assert!(waiting.len() < before, "no order fits {waiting:?}");
    }
}
