//! What a satellite will have to tell CSSM: marked in the transaction of each change.

use super::Engine;
use super::error::Result;
use crate::db::Conn;
use crate::db::standings::{self, What};
use crate::domain::event::Fact;
use crate::domain::id::SmartAccountId;
use crate::domain::site::Edition;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Marks the product instances and tokens of these facts for the next request (B-SYN-07).
pub(super) fn mark(
    engine: &Engine,
    conn: &mut Conn,
    account: SmartAccountId,
    facts: &[Fact],
) -> Result<()> {
    if engine.edition() != Edition::Satellite {
        return Ok(());
    }
    let instances = facts.iter().filter_map(|fact| Some((What::Instance, fact.instance?.0)));
    let tokens = facts.iter().filter_map(|fact| Some((What::Token, fact.token?.0)));
    let changed: BTreeSet<(What, Uuid)> = instances.chain(tokens).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let Some(next) = standings::next_sequence(conn, account)? else { return Ok(()) };
    for one in changed {
        standings::mark(conn, account, one, next)?;
    }
    Ok(())
}
