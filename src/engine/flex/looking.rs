//! The daily look for publishers that were added (F-FU-16).

use super::clusters::cluster;
use super::next_cluster;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::flex::{Cluster, Publisher};
use crate::domain::hub::{Due, HubEventKind};
use crate::domain::id::OrganizationId;
use crate::engine::hub::note;
use crate::engine::{Engine, Result};

impl Engine {
    /// Looks at what was installed for a customer; answers how many clusters were found.
    pub(in crate::engine) fn look_for_publishers(
        &self,
        conn: &mut Conn,
        customer: OrganizationId,
        at: Timestamp,
    ) -> Result<u64> {
        let mut found = 0;
        for mut one in db::flex::publishers::waiting(conn, customer)? {
            if one.is_found() {
                one.cluster = Some(self.add_found(conn, &one, at)?);
                found += 1;
            }
            one.looked_at = Some(at);
            db::flex::publishers::save(conn, &one)?;
        }
        db::hub::deadlines::set(conn, Due::PublisherLook, customer.0, None)?;
        Ok(found)
    }

    /// The cluster that a publisher becomes: one of that name that was registered meanwhile, or a
    /// new one without an agent.
    fn add_found(&self, conn: &mut Conn, one: &Publisher, at: Timestamp) -> Result<i64> {
        if let Some(known) = db::flex::clusters::named(conn, one.organization, &one.is.name)? {
            return Ok(known.number);
        }
        let (number, customer) = (next_cluster(conn)?, one.organization);
        let new = Cluster { found: true, ..cluster(number, customer, one.is.clone(), at) };
        db::flex::clusters::insert(conn, &new)?;
        let (name, host, version) = (&new.name, &new.publisher, &new.version);
        let text = format!("Publisher {host} of release {version} was found: cluster {name}.");
        note(self, conn, (customer, HubEventKind::ClusterFound, text), ("system", at))?;
        Ok(number)
    }
}
