//! The customers of a partner, and the panel of each; no figures of use are in it.

use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::flex::{Cluster, Subscription};
use crate::domain::hub::{Organization, Permission};
use crate::domain::id::OrganizationId;
use crate::engine::access::Who;
use crate::engine::hub::PartnerDesk;
use crate::engine::{Engine, Result};

/// How far a customer's service is (F-FU-17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provisioning {
    /// Nothing was ordered.
    None,
    /// Ordered, but no cluster is known.
    Ordered,
    /// Clusters are known; not all of them are verified.
    InProgress,
    /// All clusters are verified.
    Provisioned,
}

/// A customer as the panel shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerCard {
    /// The customer.
    pub customer: Organization,
    /// Its subscriptions, and whether each is active.
    pub subscriptions: Vec<(Subscription, bool)>,
    /// Its clusters.
    pub clusters: Vec<Cluster>,
    /// Whether the caller may go into it.
    pub may_launch: bool,
}

impl CustomerCard {
    /// Whether the customer has UCM Cloud (F-FU-13).
    pub fn has_service(&self) -> bool {
        !self.subscriptions.is_empty()
    }

    /// How far it is.
    pub fn provisioning(&self) -> Provisioning {
        match (self.has_service(), self.clusters.is_empty()) {
            (false, _) => Provisioning::None,
            (true, true) => Provisioning::Ordered,
            (true, false) if self.clusters.iter().all(|one| one.verified_at.is_some()) => {
                Provisioning::Provisioned
            }
            (true, false) => Provisioning::InProgress,
        }
    }
}

/// The customers that somebody sees.
#[derive(Clone, Debug)]
pub struct CustomerList {
    /// The caller at the partner.
    pub desk: PartnerDesk,
    /// The customers, by name.
    pub cards: Vec<CustomerCard>,
}

impl Engine {
    /// The customers of a partner that the caller sees.
    pub async fn flex_customers(&self, who: &Who, partner: &str) -> Result<CustomerList> {
        self.read_partner(who, partner, |conn, desk, now| {
            let cards = cards(conn, &desk, now)?;
            Ok(CustomerList { desk, cards })
        })
        .await
    }
}

/// Entering the partner has left those customers only that the caller may list.
fn cards(conn: &mut Conn, desk: &PartnerDesk, now: Timestamp) -> Result<Vec<CustomerCard>> {
    let ids: Vec<OrganizationId> = desk.customers.iter().map(|of| of.id).collect();
    let subscriptions = db::flex::subscriptions::of(conn, &ids)?;
    let clusters = db::flex::clusters::of(conn, &ids)?;
    let card = |customer: &Organization| CustomerCard {
        customer: customer.clone(),
        subscriptions: subscriptions
            .iter()
            .filter(|one| one.organization == customer.id)
            .map(|one| (one.clone(), one.is_active(now.date())))
            .collect(),
        clusters: clusters.iter().filter(|one| one.organization == customer.id).cloned().collect(),
        may_launch: desk.desk.member.may(Permission::Launch, customer),
    };
    Ok(desk.customers.iter().map(card).collect())
}
