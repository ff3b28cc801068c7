//! The first people of a new satellite.

use super::fixture::SystemUser as Described;
use super::fixture_load::Loading;
use crate::db::{self, Conn};
use crate::domain::id::UserId;
use crate::domain::system::UserFacts;
use crate::engine::{self, seed_user};

/// Adds people to a satellite that has none, all with the same password; answers
/// whether it did.
pub fn load(conn: &mut Conn, people: &[Described], with: &Loading) -> engine::Result<bool> {
    if !db::system_users::all(conn)?.is_empty() {
        return Ok(false);
    }
    let hash = with.hash(conn)?;
    for person in people {
        let Described { name, first_name, last_name, email, role, first_login } = person;
        let email = email.clone().unwrap_or_else(|| format!("{name}@lab.example"));
        let facts = UserFacts::parse(&email, first_name, last_name, role)?;
        let id = UserId(with.ids.named(with.now, &format!("satellite/user/{name}")));
        seed_user(conn, (id, name), facts, &hash, with.now)?;
        if *first_login {
            engine::begin_first_login(conn, id)?;
        }
    }
    Ok(true)
}
