//! What falls due in the hub, at its own instant, once.

use super::super::Engine;
use super::super::error::Result;
use super::super::tick::Happened;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::hub::{Due, HubEventKind};
use crate::domain::id::{ContractId, OrganizationId};
use uuid::Uuid;

impl Engine {
    /// Settles at most so many instants; answers whether there may be more.
    pub(in crate::engine) fn settle_hub(
        &self,
        conn: &mut Conn,
        now: Timestamp,
        most: usize,
    ) -> Result<(bool, Happened)> {
        let mut happened = Happened::default();
        for _ in 0..most {
            let earliest = db::hub::deadlines::earliest(conn)?;
            let Some(at) = earliest.filter(|at| *at <= now) else {
                return Ok((false, happened));
            };
            for (what, subject) in db::hub::deadlines::due(conn, at)? {
                hub_is_due(self, conn, (what, subject), at, &mut happened)?;
            }
            happened.instants += 1;
        }
        Ok((true, happened))
    }
}

/// Does what is due; it sets or removes its own next deadline.
fn hub_is_due(
    engine: &Engine,
    conn: &mut Conn,
    (what, subject): (Due, Uuid),
    at: Timestamp,
    happened: &mut Happened,
) -> Result<()> {
    match what {
        Due::TrueForward => {
            for kind in engine.true_forward_is_due(conn, ContractId(subject), at)? {
                *happened.events.entry(kind.code()).or_default() += 1;
            }
        }
        Due::PublisherLook => {
            let found = engine.look_for_publishers(conn, OrganizationId(subject), at)?;
            *happened.events.entry(HubEventKind::ClusterFound.code()).or_default() += found;
        }
    }
    Ok(())
}
