//! What is stored of the instances of which a satellite tells.

use super::super::types;
use super::statements::Known;
use crate::db::{Conn, Result, mirrored_uses};
use crate::domain::id::{InstanceId, OnPremUid, VirtualAccountId};
use crate::domain::sync::merge;
use std::collections::BTreeMap;

/// What is stored of an instance before it is told of.
pub(super) struct Stored {
    pub(super) place: VirtualAccountId,
    owner: Option<OnPremUid>,
    digest: String,
    /// What it uses, as the row has it.
    uses: String,
}

impl Stored {
    /// Those of at most [`super::statements::TOGETHER`] instances that are there.
    pub(super) fn find(
        conn: &mut Conn,
        ids: impl IntoIterator<Item = InstanceId>,
    ) -> Result<BTreeMap<InstanceId, Self>> {
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        let mut found = BTreeMap::new();
        for (id, place, owner, digest, uses) in Known(&ids).ask(conn)? {
            let stored = Self {
                place: types::id("virtual account id", &place)?,
                owner: types::optional_id("On-Prem UID", owner.as_deref())?,
                digest: digest.unwrap_or_default(),
                uses: uses.unwrap_or_default(),
            };
            found.insert(types::id("instance id", &id)?, stored);
        }
        Ok(found)
    }

    /// The same for the rules.
    pub(super) fn known(&self) -> merge::Known<'_> {
        merge::Known { owner: self.owner, place: self.place, digest: &self.digest }
    }

    /// What it uses.
    pub(super) fn uses(&self) -> Result<mirrored_uses::Uses> {
        mirrored_uses::read(&self.uses)
    }
}
