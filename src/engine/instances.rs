//! Product instances as people see, move and remove them.

use super::Engine;
use super::access::{Place, VaRef, Who};
use super::error::{Error as EngineError, Result};
use super::export_keys::{move_waiting, release, stop_waiting};
use super::ledger::Ledger;
use super::licenses::usage_rows;
use super::reservations::move_reserved;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact};
use crate::domain::export_key::ExportKey;
use crate::domain::group::Member;
use crate::domain::id::{InstanceId, VirtualAccountId};
use crate::domain::instance::{Instance, Udi};
use crate::domain::license::Entitlement;
use crate::domain::paging::{Page, Seek};
use crate::domain::people::Permission;
use crate::domain::removal::Restricted;
use crate::domain::virtual_account::VirtualAccount;
use crate::domain::{Error, Timestamp};
use std::collections::BTreeMap;

/// A license that an instance uses.
#[derive(Clone, Debug)]
pub struct UsageRow {
    /// The license.
    pub entitlement: Entitlement,
    /// How many.
    pub quantity: i64,
}

/// A product instance with what it uses (D1, D2).
#[derive(Clone, Debug)]
pub struct InstanceRow {
    /// The product instance.
    pub instance: Instance,
    /// Where it is.
    pub virtual_account: VirtualAccount,
    /// What it uses or holds reserved.
    pub usage: Vec<UsageRow>,
}

/// A product instance as the REST API names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The device.
    pub udi: Udi,
    /// The tag of its product; `None` for whichever it is.
    pub product: Option<String>,
}

/// A product instance as its page shows it.
#[derive(Clone, Debug)]
pub struct InstanceView {
    /// The product instance and its use.
    pub row: InstanceRow,
    /// The units of its high-availability group, if it has one.
    pub members: Vec<Member>,
    /// Its keys for export-restricted licenses, held or waited for.
    pub keys: Vec<(ExportKey, Entitlement)>,
    /// Where the caller may move it: never to a virtual account of a satellite.
    pub targets: Vec<VirtualAccount>,
    /// Whether the caller may remove it.
    pub may_remove: bool,
}

impl Engine {
    /// One page of a virtual account's instances, by name; `search` finds part
    /// of a name, UDI or product (A-PIN-02).
    pub async fn instances_page(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        search: Option<String>,
        (seek, limit): (Seek<InstanceId>, i64),
    ) -> Result<Page<Instance>> {
        self.read_in(who, domain, move |conn, place, _| {
            let va = place.require(Permission::View, &va)?;
            Ok(db::instances::page(conn, va.id, search.as_deref(), &seek, limit)?)
        })
        .await
    }

    /// The instances of the named virtual accounts, or of all visible ones (D2).
    pub async fn instances(
        &self,
        who: &Who,
        domain: &str,
        names: Vec<String>,
    ) -> Result<Vec<InstanceRow>> {
        self.read_in(who, domain, move |conn, place, _| {
            let ids: Vec<VirtualAccountId> =
                place.selected(&names)?.iter().map(|va| va.id).collect();
            let all = db::instances::list(conn, &ids)?;
            rows(conn, &place, all)
        })
        .await
    }

    /// One product instance.
    pub async fn instance(&self, who: &Who, domain: &str, id: InstanceId) -> Result<InstanceView> {
        self.read_in(who, domain, move |conn, place, _| {
            let instance = find(conn, &place, id)?;
            place.require_in(Permission::View, instance.virtual_account)?;
            let here = instance.virtual_account;
            let is_own = own(&place, &instance).is_ok();
            let may = |permission| is_own && place.require_in(permission, here).is_ok();
            let may_remove = may(Permission::ManageInstances);
            let targets = if may(Permission::Transfer) { targets(&place, here) } else { vec![] };
            let members = db::members::of_instance(conn, id)?;
            let keys = db::export_keys::of_instance(conn, id)?;
            let row = rows(conn, &place, vec![instance])?.pop();
            let row = row.ok_or_else(|| Error::not_found("product instance", id.to_string()))?;
            Ok(InstanceView { row, members, keys, targets, may_remove })
        })
        .await
    }

    /// Moves an instance to another virtual account (A-TRF-09).
    pub async fn move_instance(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
        to: VaRef,
    ) -> Result<Instance> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let instance = find(conn, &place, id)?;
            engine.transfer_instance(conn, &place, &instance, &to, now)
        })
        .await
    }

    /// Moves instances known by their devices (D3), each with its own outcome;
    /// `from` must be where they are.
    pub async fn move_devices(
        &self,
        who: &Who,
        domain: &str,
        from: VaRef,
        wanted: Vec<(Device, VaRef)>,
    ) -> Result<Vec<Result<Instance, Error>>> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let from = place.require_own(Permission::Transfer, &from)?.id;
            let mut outcomes = Vec::with_capacity(wanted.len());
            for (device, to) in wanted {
                let moved = find_device(conn, from, &device)
                    .and_then(|found| engine.transfer_instance(conn, &place, &found, &to, now));
                outcomes.push(refused_or_done(moved)?);
            }
            Ok(outcomes)
        })
        .await
    }

    /// Removes an instance; its licenses are free at once (A-PIN-06).
    pub async fn remove_instance(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
    ) -> Result<Instance> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let instance = find(conn, &place, id)?;
            engine.remove(conn, &place, instance, now)
        })
        .await
    }

    /// Removes instances known by their devices (D4, R4), each with its own outcome; those that
    /// hold a reservation need their return code.
    pub async fn remove_devices(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        wanted: Vec<(Device, Option<String>)>,
    ) -> Result<Vec<Result<Instance, Error>>> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let at = place.require_own(Permission::ManageInstances, &va)?.id;
            let mut outcomes = Vec::with_capacity(wanted.len());
            for (device, code) in wanted {
                let outcome = match refused_or_done(find_device(conn, at, &device))? {
                    Ok(found) if found.reserved => {
                        let code = code.unwrap_or_default();
                        engine.give_back_instance(conn, (&place, now), found, &code)?
                    }
                    Ok(found) => refused_or_done(engine.remove(conn, &place, found, now))?,
                    Err(refusal) => Err(refusal),
                };
                outcomes.push(outcome);
            }
            Ok(outcomes)
        })
        .await
    }

    /// Frees what an instance uses beside its restricted licenses; it stays (A-PIN-07).
    pub async fn release_unrestricted(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
    ) -> Result<Instance> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let instance = find(conn, &place, id)?;
            place.require_in(Permission::ManageInstances, instance.virtual_account)?;
            own(&place, &instance)?;
            let name = instance.name();
            let restricted = Restricted::of(&used(conn, &instance)?)
                .ok_or_else(|| Error::Conflict(format!("{name} holds nothing restricted.")))?;
            restricted.may_release_others(&name)?;
            let mut ledger = Ledger::open(&engine, place.account.id, &place.actor.name, now);
            let at = instance.virtual_account;
            for (of, count) in &restricted.free {
                ledger.watch(conn, at, of)?;
                db::pools::report(conn, instance.id, at, of.id, (*count, 0))?;
            }
            let freed: i64 = restricted.free.iter().map(|(_, count)| count).sum();
            let message = format!(
                "{freed} licenses of {name} were released; its restricted licenses stay in use."
            );
            let fact = Fact::new(at, EventKind::InstanceReleased, message);
            ledger.note(fact.about(instance.id));
            ledger.close(conn)?;
            Ok(instance)
        })
        .await
    }

    fn transfer_instance(
        &self,
        conn: &mut Conn,
        place: &Place,
        instance: &Instance,
        to: &VaRef,
        now: Timestamp,
    ) -> Result<Instance> {
        place.require_in(Permission::Transfer, instance.virtual_account)?;
        own(place, instance)?;
        let target = place.require_own(Permission::Transfer, to)?;
        if instance.virtual_account == target.id {
            let (name, there) = (instance.name(), target.name.as_str());
            return Err(Error::Conflict(format!("{name} is in {there} already.")).into());
        }
        if instance.reserved {
            return move_reserved(self, conn, (place, now), instance, target);
        }
        let used = db::pools::usage_of(conn, instance.id)?;
        let mut ledger = Ledger::open(self, place.account.id, &place.actor.name, now);
        for va in [instance.virtual_account, target.id] {
            ledger.watch_all(conn, va, used.iter().map(|(id, _)| *id))?;
        }
        db::pools::move_usage(conn, instance.id, instance.virtual_account, target.id)?;
        let moved = Instance { virtual_account: target.id, ..instance.clone() };
        db::instances::save(conn, &moved)?;
        ledger.instance(Some(instance), None);
        ledger.instance(None, Some(&moved));
        move_waiting(conn, &mut ledger, instance, &moved)?;
        let message = format!(
            "Product instance {} moved from {} to {}.",
            instance.name(),
            place.name_of(instance.virtual_account),
            target.name.as_str()
        );
        for (va, kind) in [
            (instance.virtual_account, EventKind::InstanceMoved),
            (target.id, EventKind::InstanceArrived),
        ] {
            ledger.note(Fact::new(va, kind, &message).about(instance.id));
        }
        ledger.close(conn)?;
        Ok(moved)
    }

    fn remove(
        &self,
        conn: &mut Conn,
        place: &Place,
        instance: Instance,
        now: Timestamp,
    ) -> Result<Instance> {
        place.require_in(Permission::ManageInstances, instance.virtual_account)?;
        own(place, &instance)?;
        if instance.reserved {
            return Err(Error::Conflict(format!(
                "{} holds a license reservation; it is removed with its reservation return code.",
                instance.name()
            ))
            .into());
        }
        if let Some(restricted) = Restricted::of(&used(conn, &instance)?) {
            return Err(restricted.refuse(&instance.name()).into());
        }
        let mut ledger = Ledger::open(self, place.account.id, &place.actor.name, now);
        let freed = release(conn, &mut ledger, &instance)?.freed;
        stop_waiting(conn, &mut ledger, &instance)?;
        db::instances::delete(conn, instance.id)?;
        ledger.instance(Some(&instance), None);
        let message = format!(
            "Product instance {} was removed; {freed} licenses are free again.",
            instance.name()
        );
        let fact = Fact::new(instance.virtual_account, EventKind::InstanceRemoved, message);
        ledger.note(fact.about(instance.id));
        ledger.close(conn)?;
        Ok(instance)
    }
}

/// A-PIN-09, A-TRF-09: an instance of a satellite is managed there.
fn own(place: &Place, instance: &Instance) -> Result<(), Error> {
    place.tree.get(instance.virtual_account).map_or(Ok(()), VirtualAccount::may_hold_instances)
}

/// What an instance reports, with the licenses.
fn used(conn: &mut Conn, instance: &Instance) -> Result<Vec<(Entitlement, i64)>> {
    let usage = db::pools::usage_of(conn, instance.id)?;
    let rows = usage_rows(conn, &usage)?;
    Ok(rows.into_iter().map(|row| (row.entitlement, row.quantity)).collect())
}

fn find(conn: &mut Conn, place: &Place, id: InstanceId) -> Result<Instance> {
    let found = db::instances::find(conn, id)?.filter(|i| i.account == place.account.id);
    Ok(found.ok_or_else(|| Error::not_found("product instance", id.to_string()))?)
}

pub(super) fn find_device(
    conn: &mut Conn,
    at: VirtualAccountId,
    device: &Device,
) -> Result<Instance> {
    device.udi.check()?;
    let found = db::instances::find_by_udi(conn, &device.udi.key())?;
    let product = device.product.as_ref();
    let found = found
        .filter(|instance| instance.virtual_account == at)
        .filter(|instance| product.is_none_or(|product| instance.software_tag == *product));
    Ok(found.ok_or_else(|| Error::not_found("product instance", device.udi.display()))?)
}

/// A rule's refusal is the outcome of one item; a failure of ours ends the unit.
/// Nothing is written for an item before its last rule has agreed.
pub(super) fn refused_or_done<T>(outcome: Result<T>) -> Result<Result<T, Error>> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(EngineError::Domain(refusal)) => Ok(Err(refusal)),
        Err(failure) => Err(failure),
    }
}

fn targets(place: &Place, here: VirtualAccountId) -> Vec<VirtualAccount> {
    let visible = place.visible().into_iter();
    visible
        .filter(|va| va.id != here && va.satellite.is_none())
        .filter(|va| place.may(Permission::Transfer, va))
        .cloned()
        .collect()
}

fn rows(conn: &mut Conn, place: &Place, all: Vec<Instance>) -> Result<Vec<InstanceRow>> {
    let ids: Vec<InstanceId> = all.iter().map(|instance| instance.id).collect();
    let mut usage = db::pools::usage_of_all(conn, &ids)?;
    for instance in all.iter().filter(|instance| instance.reserved) {
        usage.insert(instance.id, db::reservations::of(conn, instance.id)?);
    }
    let used: Vec<_> = usage.values().flatten().copied().collect();
    let known: BTreeMap<_, _> =
        usage_rows(conn, &used)?.into_iter().map(|u| (u.entitlement.id, u.entitlement)).collect();
    let mut rows = Vec::with_capacity(all.len());
    for instance in all {
        let Some(va) = place.tree.get(instance.virtual_account).cloned() else { continue };
        let own = usage.remove(&instance.id).unwrap_or_default();
        let row =
            |(id, quantity)| known.get(&id).map(|e| UsageRow { entitlement: e.clone(), quantity });
        let usage = own.into_iter().filter_map(row).collect();
        rows.push(InstanceRow { instance, virtual_account: va, usage });
    }
    Ok(rows)
}
