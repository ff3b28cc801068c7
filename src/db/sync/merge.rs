//! What a satellite tells of its product instances, taken over into the rows of CSSM.

use super::super::{Error, keys, mirrored_uses, mirrors, pools};
use super::statements::{Edit, NewInstance, NewTell, See, TOGETHER, Tell};
use super::stored::Stored;
use crate::db::{Conn, Result};
use crate::domain::id::{EntitlementId, InstanceId, OnPremUid, VirtualAccountId};
use crate::domain::instance::Instance;
use crate::domain::sync::Kind;
use crate::domain::sync::merge::{self, Change, Removal};
use std::collections::BTreeMap;

/// The counter that tells requests apart.
const MARK: &str = "mirror";

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
    /// Licenses in use that nobody knows here, of those that were added or changed.
    pub unknown: i64,
}

/// What is told of one instance, ready to be written.
pub struct Told {
    id: InstanceId,
    /// Where it is here.
    place: VirtualAccountId,
    row: NewInstance,
    /// How many of which license it uses, and as the row has it.
    uses: (mirrored_uses::Uses, String),
    /// How many it uses of licenses that nobody knows here.
    unknown: i64,
    /// The digest of the words in which that was told.
    digest: String,
}

impl Told {
    /// An instance in its place here, how many of which license it uses, how many of licenses that
    /// nobody knows here, and the digest of the words in which that was told.
    pub fn new(
        instance: Instance,
        uses: Vec<(EntitlementId, i64)>,
        unknown: i64,
        digest: String,
    ) -> Self {
        let (id, place) = (instance.id, instance.virtual_account);
        let uses = merge::counted(uses);
        let words = mirrored_uses::written(&uses);
        Self { id, place, row: NewInstance::from(instance), uses: (uses, words), unknown, digest }
    }
}

/// Why a request cannot be taken over.
#[derive(Debug, thiserror::Error)]
pub enum Unmerged {
    /// It tells of an instance that is somebody else's.
    #[error("{0} is another product instance here")]
    Foreign(InstanceId),
    /// The database fails.
    #[error(transparent)]
    Db(#[from] Error),
}

/// One request that is taken over, in one transaction. Some instances wait until they are looked
/// up and written together. The sums of the pools change at its end, each once, however many
/// instances use the license.
pub struct Merge {
    uid: OnPremUid,
    kind: Kind,
    /// What tells this request from those before, which have lower marks.
    mark: i64,
    sums: pools::Sums,
    counts: Counts,
    waiting: Vec<Told>,
}

/// A changed instance: where it was before, what it used, and how it is told.
type Changed = (VirtualAccountId, mirrored_uses::Uses, Told);

/// A request that was taken over but for the sums of the pools.
pub struct Merged {
    sums: pools::Sums,
    counts: Counts,
}

impl Merge {
    /// Begins to take a request of an On-Prem over.
    pub fn begin(conn: &mut Conn, uid: OnPremUid, kind: Kind) -> Result<Self> {
        Ok(Self {
            uid,
            kind,
            mark: keys::next_number(conn, MARK, 1)?,
            sums: pools::Sums::new(),
            counts: Counts::default(),
            waiting: Vec::with_capacity(TOGETHER),
        })
    }

    /// What tells this request from those before, which have lower marks.
    pub fn mark(&self) -> i64 {
        self.mark
    }

    /// Takes over an instance as it was told.
    pub fn tell(&mut self, conn: &mut Conn, told: Told) -> Result<(), Unmerged> {
        if self.waiting.iter().any(|other| other.id == told.id) {
            self.flush(conn)?;
        }
        self.waiting.push(told);
        if self.waiting.len() >= TOGETHER { self.flush(conn) } else { Ok(()) }
    }

    /// Takes over that an instance is there no more.
    pub fn removed(&mut self, conn: &mut Conn, id: InstanceId) -> Result<Removal, Unmerged> {
        self.flush(conn)?;
        let stored = Stored::find(conn, [id])?;
        let removal = merge::removed(stored.get(&id).map(Stored::known), self.uid);
        match removal {
            Removal::Gone => {}
            Removal::Foreign => return Err(Unmerged::Foreign(id)),
            Removal::Remove => self.remove(conn, &[id.to_string()])?,
        }
        Ok(removal)
    }

    /// Ends it; what a full request has not told of goes.
    pub fn finish(mut self, conn: &mut Conn) -> Result<Merged, Unmerged> {
        self.flush(conn)?;
        while self.kind == Kind::Full {
            let untold = mirrors::unseen(conn, self.uid, self.mark)?;
            if untold.is_empty() {
                break;
            }
            self.remove(conn, &untold)?;
        }
        self.sums.retain(|_, change| *change != 0);
        Ok(Merged { sums: self.sums, counts: self.counts })
    }

    /// Looks up and writes the instances that wait.
    fn flush(&mut self, conn: &mut Conn) -> Result<(), Unmerged> {
        let waiting = std::mem::take(&mut self.waiting);
        let stored = Stored::find(conn, waiting.iter().map(|told| told.id))?;
        let (mut new, mut changed, mut same) = (Vec::new(), Vec::new(), Vec::new());
        for told in waiting {
            let id = told.id;
            let known = stored.get(&id);
            let words = (told.place, told.digest.as_str());
            let change = merge::told(known.map(Stored::known), self.uid, words);
            match (change, known) {
                (Change::Foreign, _) => return Err(Unmerged::Foreign(id)),
                (Change::Same, _) => same.push(id.to_string()),
                (Change::Update, Some(known)) => changed.push((known.place, known.uses()?, told)),
                (Change::Insert | Change::Update, _) => new.push(told),
            }
        }
        self.count(new.len(), changed.len(), same.len());
        self.add(conn, new)?;
        self.edit(conn, changed)?;
        if self.kind == Kind::Full {
            See { instances: &same, seen: self.mark }.run(conn)?;
        }
        Ok(())
    }

    fn count(&mut self, added: usize, changed: usize, same: usize) {
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        self.counts.added += number(added);
        self.counts.changed += number(changed);
        self.counts.same += number(same);
    }

    /// Adds new instances with what comes with them.
    fn add(&mut self, conn: &mut Conn, new: Vec<Told>) -> Result<()> {
        let (mut rows, mut tells) = (Vec::with_capacity(new.len()), Vec::with_capacity(new.len()));
        for told in new {
            self.counts.unknown += told.unknown;
            let (uses, words) = told.uses;
            self.sums(told.place, &uses, 1);
            let (instance, uid) = (told.row.id.clone(), self.uid.to_string());
            let (digest, seen) = (told.digest, self.mark);
            tells.push(NewTell { instance, uid, digest, seen, uses: words });
            rows.push(told.row);
        }
        NewInstance::add_all(rows, conn)?;
        NewTell::add_all(tells, conn)
    }

    /// Writes changed instances, each with where it was and what it used before.
    fn edit(&mut self, conn: &mut Conn, changed: Vec<Changed>) -> Result<()> {
        for (from, before, told) in changed {
            self.counts.unknown += told.unknown;
            let (uses, words) = told.uses;
            self.sums(from, &before, -1);
            self.sums(told.place, &uses, 1);
            let (instance, digest) = (told.row.id.clone(), told.digest);
            Edit::from(told.row).run(conn)?;
            Tell { instance, digest, uses: words, seen: self.mark }.run(conn)?;
        }
        Ok(())
    }

    /// Remembers what the use of an instance changes of the pools: it comes (1) or goes (-1).
    fn sums(&mut self, place: VirtualAccountId, uses: &[(EntitlementId, i64)], sign: i64) {
        for (license, count) in uses {
            self.sum(place, *license, sign * count);
        }
    }

    fn sum(&mut self, place: VirtualAccountId, license: EntitlementId, change: i64) {
        *self.sums.entry((place, license)).or_default() += change;
    }

    fn remove(&mut self, conn: &mut Conn, ids: &[String]) -> Result<()> {
        self.counts.removed += u64::try_from(ids.len()).unwrap_or(u64::MAX);
        for ((place, license), count) in mirrors::remove(conn, ids)? {
            self.sum(place, license, -count);
        }
        Ok(())
    }
}

impl Merged {
    /// How many instances were changed.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The pools whose sums will change.
    pub fn pools(&self) -> BTreeMap<VirtualAccountId, Vec<EntitlementId>> {
        let mut pools: BTreeMap<VirtualAccountId, Vec<EntitlementId>> = BTreeMap::new();
        for (place, license) in self.sums.keys() {
            pools.entry(*place).or_default().push(*license);
        }
        pools
    }

    /// Changes the sums of the pools.
    pub fn settle(self, conn: &mut Conn) -> Result<()> {
        pools::add(conn, self.sums)
    }
}
