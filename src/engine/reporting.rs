//! From a device's report to its pools, and from the pools to its answer.

use super::Engine;
use super::error::Result;
use super::export_keys::held;
use super::ledger::Ledger;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::authorization::TagAnswer;
use crate::domain::export_key;
use crate::domain::id::EntitlementId;
use crate::domain::instance::Instance;
use crate::domain::license::Entitlement;
use std::collections::BTreeMap;

/// Tags and counts with the license that each tag names, if any.
pub(super) type Demands = Vec<(String, i64, Option<Entitlement>)>;

/// What a report says of one tag.
pub(super) struct Demand {
    tag: String,
    /// As the device sent it.
    reported: i64,
    /// How many of them count as in use.
    counted: i64,
    entitlement: Option<Entitlement>,
}

/// Licenses and counts that an instance uses, never zero.
pub(super) type Usage = BTreeMap<EntitlementId, i64>;

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

/// Counts what is reported: restricted licenses by the keys of the instance, all others as they
/// are. Keys are only looked at when a report differs from the one before.
pub(super) fn count(
    conn: &mut Conn,
    instance: &Instance,
    before: &Usage,
    demands: Demands,
) -> Result<Vec<Demand>> {
    let mut counted = Vec::with_capacity(demands.len());
    for (tag, reported, entitlement) in demands {
        let restricted = entitlement.as_ref().filter(|of| of.export_restricted);
        let counts = match restricted {
            Some(of) => {
                let was = before.get(&of.id).copied().unwrap_or(0);
                restricted_count(conn, instance, of.id, (was, reported))?
            }
            None => reported,
        };
        counted.push(Demand { tag, reported, counted: counts, entitlement });
    }
    Ok(counted)
}

fn restricted_count(
    conn: &mut Conn,
    instance: &Instance,
    of: EntitlementId,
    (was, reported): (i64, i64),
) -> Result<i64> {
    let allowed = instance.export_allowed;
    let held = if export_key::needs_look(allowed, was, reported) {
        held(conn, instance.id)?.get(&of).copied().unwrap_or(0)
    } else {
        was
    };
    Ok(export_key::counted(allowed, reported, held))
}

/// Writes what changed since the last report; a tag that is not named any more
/// is released. Answers what is used now, and the change in words, for the event.
pub(super) fn apply(
    conn: &mut Conn,
    ledger: &mut Ledger,
    instance: &Instance,
    mut before: Usage,
    demands: &[Demand],
) -> Result<(Usage, String)> {
    let mut changes: Vec<(Entitlement, i64, i64)> = Vec::new();
    let mut usage = Usage::new();
    for Demand { counted, entitlement, .. } in demands {
        let Some(entitlement) = entitlement else { continue };
        let was = before.remove(&entitlement.id).unwrap_or(0);
        if *counted > 0 {
            usage.insert(entitlement.id, *counted);
        }
        if was != *counted {
            changes.push((entitlement.clone(), was, *counted));
        }
    }
    let released: Vec<EntitlementId> = before.keys().copied().collect();
    for entitlement in db::licenses::entitlements(conn, &released)? {
        let was = before.get(&entitlement.id).copied().unwrap_or(0);
        let kept = if entitlement.export_restricted {
            restricted_count(conn, instance, entitlement.id, (was, 0))?
        } else {
            0
        };
        if kept > 0 {
            usage.insert(entitlement.id, kept);
        }
        if was != kept {
            changes.push((entitlement, was, kept));
        }
    }
    let mut words = String::new();
    for (entitlement, was, count) in changes {
        ledger.watch_use(conn, instance.virtual_account, &entitlement)?;
        ledger.report(conn, instance, &entitlement, (was, count))?;
        words.extend(["; ", &entitlement.name, &format!(": {was} → {count}")]);
    }
    Ok((usage, words))
}

/// How each tag stands after the report.
pub(super) fn answer(
    engine: &Engine,
    conn: &mut Conn,
    ledger: &mut Ledger,
    instance: &Instance,
    demands: Vec<Demand>,
    now: Timestamp,
) -> Result<Vec<TagAnswer>> {
    let mut answers = Vec::with_capacity(demands.len());
    for Demand { tag, reported: count, counted, entitlement } in demands {
        answers.push(match entitlement {
            None => TagAnswer::invalid(tag, count),
            Some(entitlement) if count > counted => TagAnswer::not_authorized(count, entitlement),
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
