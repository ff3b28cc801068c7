//! What a satellite tells of its product instances, taken over into the rows of CSSM.

use super::super::conn::on_backend;
use super::super::schema::{instances, mirrors, usage};
use super::super::{hot, instances as rows, pools, types};
use super::statements::{Add, Edit, NewTell, NewUse, See, TOGETHER, Tell};
use crate::db::{Conn, Result};
use crate::domain::id::{EntitlementId, InstanceId, OnPremUid, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::sync::Kind;
use crate::domain::sync::merge::{self, Change, Known, Removal};
use diesel::dsl::max;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// How many instances that a full request lacks are removed at once.
const PAGE: i64 = 1_000;

/// How many instances a request has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not known before.
    pub added: u64,
    /// Known, and told differently.
    pub changed: u64,
    /// Known, and told as before.
    pub same: u64,
    /// There no more.
    pub removed: u64,
}

/// One request that is taken over, in one transaction. The sums of the pools change at its end,
/// each once, however many instances use the license.
pub struct Merge {
    uid: OnPremUid,
    kind: Kind,
    /// What tells the instances of this full request from those of the ones before.
    mark: i64,
    sums: BTreeMap<(VirtualAccountId, EntitlementId), i64>,
    counts: Counts,
    /// Whether it had told of nothing: then an instance is most likely new.
    fresh: bool,
    /// Rows of new instances that wait to be added together.
    new_uses: Vec<NewUse>,
    new_tells: Vec<NewTell>,
}

impl Merge {
    /// Begins to take a request of an On-Prem over.
    pub fn begin(conn: &mut Conn, uid: OnPremUid, kind: Kind) -> Result<Self> {
        let own = mirrors::table.filter(mirrors::uid.eq(uid.to_string()));
        let last: Option<i64> = own.select(max(mirrors::seen)).get_result(conn)?;
        let mark = last.unwrap_or_default() + i64::from(kind == Kind::Full);
        Ok(Self {
            uid,
            kind,
            mark,
            sums: BTreeMap::new(),
            counts: Counts::default(),
            fresh: last.is_none(),
            new_uses: Vec::new(),
            new_tells: Vec::new(),
        })
    }

    /// Takes over an instance as it was told, in its place here, with what it uses and the digest
    /// of the words. `Foreign` changes nothing, and the request has to be refused.
    pub fn instance(
        &mut self,
        conn: &mut Conn,
        (instance, uses): (&Instance, &[(EntitlementId, i64)]),
        digest: &str,
    ) -> Result<Change> {
        if self.fresh && Add::from(instance).run_if_new(conn)? {
            self.added(conn, (instance, uses), digest)?;
            return Ok(Change::Insert);
        }
        let row = self.stored(conn, instance.id)?;
        let change = merge::told(row.as_ref().map(Stored::known), self.uid, digest);
        match (change, row) {
            (Change::Foreign, _) => {}
            (Change::Same, _) => {
                self.counts.same += 1;
                if self.kind == Kind::Full {
                    See { instance: instance.id.to_string(), seen: self.mark }.run(conn)?;
                }
            }
            (Change::Update, Some(row)) => {
                self.counts.changed += 1;
                let before = pools::usage_of(conn, instance.id)?;
                Edit::from(instance).run(conn)?;
                let (id, digest) = (instance.id.to_string(), digest.to_owned());
                Tell { instance: id, digest, seen: self.mark }.run(conn)?;
                self.uses(conn, (row.place, &before), (instance, uses))?;
            }
            (Change::Insert | Change::Update, _) => {
                Add::from(instance).run(conn)?;
                self.added(conn, (instance, uses), digest)?;
            }
        }
        Ok(change)
    }

    /// Takes over that an instance is there no more.
    pub fn removed(&mut self, conn: &mut Conn, id: InstanceId) -> Result<Removal> {
        let row = self.stored(conn, id)?;
        let removal = merge::removed(row.as_ref().map(Stored::known), self.uid);
        if let (Removal::Remove, Some(row)) = (removal, row) {
            self.remove(conn, id, row.place)?;
        }
        Ok(removal)
    }

    /// Ends a full request: what it has not told of goes.
    pub fn remove_untold(&mut self, conn: &mut Conn) -> Result<()> {
        self.flush(conn)?;
        loop {
            let untold = mirrors::table
                .inner_join(instances::table.on(instances::id.eq(mirrors::instance_id)))
                .filter(mirrors::uid.eq(self.uid.to_string()))
                .filter(mirrors::seen.lt(self.mark))
                .order(mirrors::instance_id)
                .select((mirrors::instance_id, instances::virtual_account_id))
                .limit(PAGE);
            let found: Vec<(String, String)> = on_backend!(conn => untold.load(conn))?;
            if found.is_empty() {
                return Ok(());
            }
            for (id, place) in found {
                let place = types::id("virtual account id", &place)?;
                self.remove(conn, types::id("instance id", &id)?, place)?;
            }
        }
    }

    /// The pools whose sums will change when this ends.
    pub fn pools(&self) -> impl Iterator<Item = (VirtualAccountId, EntitlementId)> {
        self.sums.iter().filter(|(_, change)| **change != 0).map(|(key, _)| *key)
    }

    /// Changes the sums of the pools, and tells what was changed.
    pub fn finish(mut self, conn: &mut Conn) -> Result<Counts> {
        self.flush(conn)?;
        for ((place, license), change) in self.sums.into_iter().filter(|(_, change)| *change != 0) {
            let (place, entitlement) = (place.to_string(), license.to_string());
            hot::Sum { place, entitlement, change }.run(conn)?;
        }
        Ok(self.counts)
    }

    /// What is stored of an instance, also if this request has told of it before.
    fn stored(&mut self, conn: &mut Conn, id: InstanceId) -> Result<Option<Stored>> {
        let row = Stored::find(conn, id)?;
        if row.as_ref().is_none_or(|row| row.owner.is_some()) || self.new_tells.is_empty() {
            return Ok(row);
        }
        self.flush(conn)?;
        Stored::find(conn, id)
    }

    /// What comes with the row of a new instance.
    fn added(
        &mut self,
        conn: &mut Conn,
        (instance, uses): (&Instance, &[(EntitlementId, i64)]),
        digest: &str,
    ) -> Result<()> {
        self.counts.added += 1;
        let (id, uid) = (instance.id.to_string(), self.uid.to_string());
        for (license, _, quantity) in merge::uses(&[], uses) {
            self.sum(instance.virtual_account, license, quantity);
            let entitlement = license.to_string();
            self.new_uses.push(NewUse { instance: id.clone(), entitlement, quantity });
        }
        let tell = NewTell { instance: id, uid, digest: digest.to_owned(), seen: self.mark };
        self.new_tells.push(tell);
        if self.new_tells.len() >= TOGETHER { self.flush(conn) } else { Ok(()) }
    }

    /// Adds the rows that wait.
    fn flush(&mut self, conn: &mut Conn) -> Result<()> {
        NewUse::add_all(std::mem::take(&mut self.new_uses), conn)?;
        NewTell::add_all(std::mem::take(&mut self.new_tells), conn)
    }

    /// Writes what an instance uses now, and remembers what that changes of the pools.
    fn uses(
        &mut self,
        conn: &mut Conn,
        (from, before): (VirtualAccountId, &[(EntitlementId, i64)]),
        (instance, after): (&Instance, &[(EntitlementId, i64)]),
    ) -> Result<()> {
        for (license, count) in before {
            self.sum(from, *license, -count);
        }
        for (license, count) in after {
            self.sum(instance.virtual_account, *license, *count);
        }
        for (license, _, quantity) in merge::uses(before, after) {
            let (id, entitlement) = (instance.id.to_string(), license.to_string());
            if quantity > 0 {
                hot::Use { instance: id, entitlement, quantity }.run(conn)?;
            } else {
                let gone = usage::table.find((id, entitlement));
                on_backend!(conn => diesel::delete(gone).execute(conn))?;
            }
        }
        Ok(())
    }

    fn sum(&mut self, place: VirtualAccountId, license: EntitlementId, change: i64) {
        *self.sums.entry((place, license)).or_default() += change;
    }

    fn remove(&mut self, conn: &mut Conn, id: InstanceId, place: VirtualAccountId) -> Result<()> {
        self.counts.removed += 1;
        for (license, count) in pools::usage_of(conn, id)? {
            self.sum(place, license, -count);
        }
        let told = mirrors::table.find(id.to_string());
        on_backend!(conn => diesel::delete(told).execute(conn))?;
        rows::delete(conn, id)
    }
}

/// What is stored of an instance before it is told of.
struct Stored {
    place: VirtualAccountId,
    owner: Option<OnPremUid>,
    digest: String,
}

type StoredRow = (String, Option<String>, Option<String>);

impl Stored {
    fn find(conn: &mut Conn, id: InstanceId) -> Result<Option<Self>> {
        let wanted = instances::table
            .left_join(mirrors::table.on(mirrors::instance_id.eq(instances::id)))
            .filter(instances::id.eq(id.to_string()))
            .select((
                instances::virtual_account_id,
                mirrors::uid.nullable(),
                mirrors::digest.nullable(),
            ));
        let row: Option<StoredRow> = on_backend!(conn => wanted.get_result(conn)).optional()?;
        row.map(|(place, owner, digest)| {
            Ok(Self {
                place: types::id("virtual account id", &place)?,
                owner: types::optional_id("On-Prem UID", owner.as_deref())?,
                digest: digest.unwrap_or_default(),
            })
        })
        .transpose()
    }

    fn known(&self) -> Known<'_> {
        Known { owner: self.owner, digest: &self.digest }
    }
}
