//! From a device's report to its pools, and from the pools to its answer.

use super::Engine;
use super::error::Result;
use super::ledger::Ledger;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::authorization::TagAnswer;
use crate::domain::id::EntitlementId;
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use std::collections::BTreeMap;

/// Tags and counts with the license that each tag names, if any.
pub(super) type Demands = Vec<(String, i64, Option<Entitlement>)>;

/// Licenses and counts that an instance uses, never zero.
pub(super) type Usage = BTreeMap<EntitlementId, i64>;

/// What an instance uses after its report.
pub(super) fn usage(demands: &Demands) -> Usage {
    let used = |(_, count, entitlement): &(_, i64, Option<Entitlement>)| {
        Some((entitlement.as_ref()?.id, *count)).filter(|(_, count)| *count > 0)
    };
    demands.iter().filter_map(used).collect()
}

/// Looks up what the tags of a report name.
pub(super) fn known(
    engine: &Engine,
    conn: &mut Conn,
    demands: &BTreeMap<String, i64>,
) -> Result<Demands> {
    let mut known = Vec::with_capacity(demands.len());
    for (tag, count) in demands {
        known.push((tag.clone(), *count, engine.tagged(conn, tag)?));
    }
    Ok(known)
}

/// Writes what changed since the last report; a tag that is not named any more
/// is released. Answers the change in words, for the event.
pub(super) fn apply(
    conn: &mut Conn,
    ledger: &mut Ledger,
    instance: &Instance,
    mut before: Usage,
    demands: &Demands,
) -> Result<String> {
    let mut changes: Vec<(Entitlement, i64, i64)> = Vec::new();
    for (_, count, entitlement) in demands {
        let Some(entitlement) = entitlement else { continue };
        let was = before.remove(&entitlement.id).unwrap_or(0);
        if was != *count {
            changes.push((entitlement.clone(), was, *count));
        }
    }
    let released: Vec<EntitlementId> = before.keys().copied().collect();
    for entitlement in db::licenses::entitlements(conn, &released)? {
        let was = before.get(&entitlement.id).copied().unwrap_or(0);
        changes.push((entitlement, was, 0));
    }
    let mut words = String::new();
    for (entitlement, was, count) in changes {
        ledger.watch_use(conn, instance.virtual_account, &entitlement)?;
        ledger.report(conn, instance, &entitlement, (was, count))?;
        words.extend(["; ", &entitlement.name, &format!(": {was} → {count}")]);
    }
    Ok(words)
}

/// How each tag stands after the report.
pub(super) fn answer(
    engine: &Engine,
    conn: &mut Conn,
    ledger: &mut Ledger,
    instance: &Instance,
    demands: Demands,
    now: Timestamp,
) -> Result<Vec<TagAnswer>> {
    let mut answers = Vec::with_capacity(demands.len());
    for (tag, count, entitlement) in demands {
        answers.push(match entitlement {
            None => TagAnswer::invalid(tag, count),
            Some(entitlement) => {
                let at = instance.virtual_account;
                let standing = if let Some(standing) = ledger.standing(at, &entitlement, now) {
                    standing
                } else {
                    let family = engine.take_family(conn, at, &entitlement)?;
                    let standing = family.standing(now);
                    engine.keep_family(family);
                    standing
                };
                TagAnswer::from_standing(count, entitlement, &standing)
            }
        });
    }
    Ok(answers)
}
