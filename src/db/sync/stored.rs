//! What is stored of the instances of which a satellite tells.

use super::super::types;
use super::statements::{Known, Uses};
use crate::db::{Conn, Result};
use crate::domain::id::{EntitlementId, InstanceId, OnPremUid, VirtualAccountId};
use crate::domain::sync::merge;
use std::collections::BTreeMap;

/// What is stored of an instance before it is told of.
pub(super) struct Stored {
    pub(super) place: VirtualAccountId,
    owner: Option<OnPremUid>,
    digest: String,
}

impl Stored {
    /// Those of at most [`super::statements::TOGETHER`] instances that are there.
    pub(super) fn find(
        conn: &mut Conn,
        ids: impl IntoIterator<Item = InstanceId>,
    ) -> Result<BTreeMap<InstanceId, Self>> {
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        let mut found = BTreeMap::new();
        for (id, place, owner, digest) in Known(&ids).ask(conn)? {
            let stored = Self {
                place: types::id("virtual account id", &place)?,
                owner: types::optional_id("On-Prem UID", owner.as_deref())?,
                digest: digest.unwrap_or_default(),
            };
            found.insert(types::id("instance id", &id)?, stored);
        }
        Ok(found)
    }

    /// The same for the rules.
    pub(super) fn known(&self) -> merge::Known<'_> {
        merge::Known { owner: self.owner, place: self.place, digest: &self.digest }
    }
}

/// What at most [`super::statements::TOGETHER`] instances use.
pub(super) fn uses(
    conn: &mut Conn,
    ids: &[String],
) -> Result<BTreeMap<InstanceId, Vec<(EntitlementId, i64)>>> {
    let mut found: BTreeMap<InstanceId, Vec<(EntitlementId, i64)>> = BTreeMap::new();
    for (instance, license, count) in Uses(ids).ask(conn)? {
        let own = found.entry(types::id("instance id", &instance)?).or_default();
        own.push((types::id("entitlement id", &license)?, count));
    }
    Ok(found)
}
