//! Orders of the lab: how licenses come into being here.

use super::Engine;
use super::access::Within;
use super::error::Result;
use super::ledger::Ledger;
use super::reservations::FactoryDevice;
use crate::db::outbox::Mail;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact, Transaction, TransactionKind};
use crate::domain::id::{EntitlementId, LineId, SmartAccountId, TransactionId, VirtualAccountId};
use crate::domain::license::LicenseType;
use crate::domain::line::{Booking, Line, Origin};
use crate::domain::{Error, Timestamp};
use chrono::NaiveDate;

/// An order line.
#[derive(Clone, Debug)]
pub struct Order {
    /// Domain of the Smart Account.
    pub smart_account: String,
    /// Where the licenses go; `None` for the default virtual account (A-VAS-04).
    pub virtual_account: Option<String>,
    /// The license's name or entitlement tag.
    pub license: String,
    /// The type of the line.
    pub license_type: LicenseType,
    /// How many, at least 1.
    pub quantity: i64,
    /// First day; `None` for today.
    pub starts: Option<NaiveDate>,
    /// Last day; needed unless perpetual.
    pub ends: Option<NaiveDate>,
    /// Whether it is provisioned at once, or waits for [`Engine::provision_line`].
    pub pending: bool,
    /// Whether it came with an enterprise agreement.
    pub enterprise_agreement: bool,
    /// Whether it may leave its virtual account.
    pub portable: bool,
    /// Order number and the like.
    pub origin: Origin,
    /// The device that all of it is reserved for in the factory.
    pub factory: Option<FactoryDevice>,
}

impl Engine {
    /// Adds the licenses of an order. For the lab's own tools: it asks for no permission.
    pub async fn place_order(&self, order: Order) -> Result<Line> {
        let engine = self.clone();
        self.change(Within::Site, move |conn, now| engine.add_order(conn, order, now)).await
    }

    /// The newest mails of the site, newest first.
    pub async fn outbox(&self) -> Result<Vec<Mail>> {
        Ok(self.db().read(|conn| db::outbox::newest(conn, 100)).await?)
    }

    fn add_order(&self, conn: &mut Conn, order: Order, now: Timestamp) -> Result<Line> {
        let account = db::accounts::find_by_domain(conn, &order.smart_account)?
            .ok_or_else(|| Error::not_found("Smart Account", &order.smart_account))?;
        let tree = db::virtual_accounts::tree(conn, account.id)?;
        let va = match &order.virtual_account {
            Some(name) => tree.named(name),
            None => tree.default_account(),
        };
        let name = order.virtual_account.as_deref().unwrap_or("(default)");
        let va = va.ok_or_else(|| Error::not_found("virtual account", name))?;
        if order.factory.is_some() {
            va.may_hold_instances()?;
        }
        let entitlement = db::licenses::named(conn, &order.license)?
            .ok_or_else(|| Error::not_found("license", &order.license))?;
        let mut ledger = Ledger::open(self, account.id, "System", now);
        ledger.watch(conn, va.id, &entitlement)?;
        let factory = order.factory.clone();
        let id = LineId(self.ids().uuid(now));
        let line = ordered(order, id, (account.id, va.id, entitlement.id), now);
        line.check()?;
        line.origin.check()?;
        let line = line.scheduled(now);
        db::licenses::insert_line(conn, &line)?;
        let id = TransactionId(self.ids().uuid(now));
        db::transactions::append(conn, &Transaction::order(id, &line, now))?;
        let message = format!("{} {} were added by an order.", line.quantity, entitlement.name);
        ledger.note(Fact::new(va.id, EventKind::LicensesAdded, message).of(entitlement.id));
        let line = match &factory {
            Some(device) => self.install(conn, &mut ledger, line, device, now)?,
            None => line,
        };
        ledger.close(conn)?;
        Ok(line)
    }

    /// Provisions a pending line: its dates count from now on. For the lab's own tools.
    pub async fn provision_line(&self, id: LineId) -> Result<Line> {
        self.rebook(id, Booking::Booked).await
    }

    /// Cancels a line: it stops to count. For the lab's own tools.
    pub async fn cancel_line(&self, id: LineId) -> Result<Line> {
        self.rebook(id, Booking::Cancelled).await
    }

    async fn rebook(&self, id: LineId, booking: Booking) -> Result<Line> {
        let engine = self.clone();
        let unit = move |conn: &mut Conn, now| engine.change_booking(conn, id, booking, now);
        self.change(Within::Site, unit).await
    }

    fn change_booking(
        &self,
        conn: &mut Conn,
        id: LineId,
        booking: Booking,
        now: Timestamp,
    ) -> Result<Line> {
        let missing = || Error::not_found("license line", id.to_string());
        let line = db::licenses::line(conn, id)?.ok_or_else(missing)?;
        let of = db::licenses::entitlement(conn, line.entitlement)?.ok_or_else(missing)?;
        line.may_become(booking, now)?;
        let mut ledger = Ledger::open(self, line.account, "System", now);
        ledger.watch(conn, line.virtual_account, &of)?;
        let line = Line { booking, ..line }.scheduled(now);
        db::licenses::save_line(conn, &line)?;
        let (kind, what) = match booking {
            Booking::Cancelled => {
                let (id, kind) = (self.ids().uuid(now), TransactionKind::Cancellation);
                let loss = Transaction::loss(TransactionId(id), kind, &line, now);
                db::transactions::append(conn, &loss)?;
                (EventKind::LicensesCancelled, "were cancelled")
            }
            Booking::Booked | Booking::Pending => {
                (EventKind::LicensesProvisioned, "were provisioned")
            }
        };
        let message = format!("{} {} {what}.", line.quantity, of.name);
        ledger.note(Fact::new(line.virtual_account, kind, message).of(of.id));
        ledger.close(conn)?;
        Ok(line)
    }
}

/// The line of an order, before its rules are checked.
fn ordered(
    order: Order,
    id: LineId,
    (account, virtual_account, entitlement): (SmartAccountId, VirtualAccountId, EntitlementId),
    now: Timestamp,
) -> Line {
    Line {
        id,
        account,
        virtual_account,
        entitlement,
        license_type: order.license_type,
        quantity: order.quantity,
        reserved: 0,
        starts: order.starts.unwrap_or(now.date()),
        ends: order.ends,
        booking: if order.pending { Booking::Pending } else { Booking::Booked },
        enterprise_agreement: order.enterprise_agreement,
        portable: order.portable,
        origin: order.origin,
        due_at: None,
        settled_at: None,
    }
}
