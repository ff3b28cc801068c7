//! What a device holds while an update is in transit (A-RSV-11 to A-RSV-14).

use super::Kind;
use crate::domain::id::{EntitlementId, InstanceId, LineId, ReservationId};

/// What a product instance holds of one line, or of a reporting-only license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Identity.
    pub id: ReservationId,
    /// The product instance.
    pub instance: InstanceId,
    /// The license.
    pub entitlement: EntitlementId,
    /// The line; none for a reporting-only license, of which there is any number.
    pub line: Option<LineId>,
    /// What the authorization code in force says.
    pub quantity: i64,
    /// What the next one says, while it is not confirmed.
    pub next: Option<i64>,
}

/// How an update ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// The new quantities are in force: confirmed, or accepted by support.
    Accepted,
    /// The old ones are: cancelled, or rolled back by support.
    RolledBack,
}

impl Held {
    /// What is out of the pool: increases are taken at once, decreases given back only with the
    /// confirmation code.
    pub fn held(&self) -> i64 {
        self.quantity.max(self.next.unwrap_or(self.quantity))
    }

    /// The same after an update has ended.
    #[must_use]
    pub fn settled(self, how: Settlement) -> Self {
        let quantity = match how {
            Settlement::Accepted => self.next.unwrap_or(self.quantity),
            Settlement::RolledBack => self.quantity,
        };
        Self { quantity, next: None, ..self }
    }
}

/// A product instance that holds a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The product instance.
    pub instance: InstanceId,
    /// What its reservation is of.
    pub kind: Kind,
    /// Whether its licenses went to a replacement before it gave its own back (A-RSV-18).
    pub return_pending: bool,
}
