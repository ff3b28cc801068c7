//! Orders of the lab: how licenses come into being here.

use super::Engine;
use super::error::Result;
use super::ledger::Ledger;
use crate::db::outbox::Mail;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact, Transaction};
use crate::domain::id::{LineId, TransactionId};
use crate::domain::license::{LicenseType, Line, Origin};
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
    /// Order number and the like.
    pub origin: Origin,
}

impl Engine {
    /// Adds the licenses of an order. For the lab's own tools: it asks for no permission.
    pub async fn place_order(&self, order: Order) -> Result<Line> {
        let engine = self.clone();
        self.db().write(move |conn| engine.add_order(conn, order, engine.now())).await
    }

    /// The newest mails of the site, newest first.
    pub async fn outbox(&self) -> Result<Vec<Mail>> {
        Ok(self.db().read(|conn| db::outbox::newest(conn, 100)).await?)
    }

    fn add_order(&self, conn: &mut Conn, order: Order, now: Timestamp) -> Result<Line> {
        let starts = order.starts.unwrap_or(now.date());
        check(&order, starts)?;
        let account = db::accounts::find_by_domain(conn, &order.smart_account)?
            .ok_or_else(|| Error::not_found("Smart Account", &order.smart_account))?;
        let tree = db::virtual_accounts::tree(conn, account.id)?;
        let va = match &order.virtual_account {
            Some(name) => tree.named(name),
            None => tree.default_account(),
        };
        let name = order.virtual_account.as_deref().unwrap_or("(default)");
        let va = va.ok_or_else(|| Error::not_found("virtual account", name))?;
        let entitlement = match db::licenses::by_name(conn, &order.license)? {
            Some(found) => found,
            None => db::licenses::by_tag(conn, &order.license)?
                .ok_or_else(|| Error::not_found("license", &order.license))?,
        };
        let mut ledger = Ledger::open(self, account.id, "System", now);
        ledger.watch(conn, va.id, &entitlement)?;
        let line = Line {
            id: LineId(self.ids().uuid(now)),
            account: account.id,
            virtual_account: va.id,
            entitlement: entitlement.id,
            license_type: order.license_type,
            quantity: order.quantity,
            reserved: 0,
            starts,
            ends: order.ends,
            origin: order.origin,
        };
        db::licenses::insert_line(conn, &line)?;
        let id = TransactionId(self.ids().uuid(now));
        db::transactions::append(conn, &Transaction::order(id, &line, now))?;
        let message = format!("{} {} were added by an order.", line.quantity, entitlement.name);
        ledger.note(Fact::new(va.id, EventKind::LicensesAdded, message).of(entitlement.id));
        ledger.close(conn)?;
        Ok(line)
    }
}

fn check(order: &Order, starts: NaiveDate) -> Result<(), Error> {
    if !(1..=1_000_000_000).contains(&order.quantity) {
        let problem = format!("{}; 1 to 1,000,000,000 is the rule", order.quantity);
        return Err(Error::invalid("quantity", problem));
    }
    match (order.license_type, order.ends) {
        (LicenseType::Perpetual, Some(_)) => {
            Err(Error::invalid("ends", "perpetual licenses have no end"))
        }
        (LicenseType::Perpetual, None) => Ok(()),
        (_, None) => Err(Error::invalid("ends", "this license type needs a last day")),
        (_, Some(ends)) if ends < starts => {
            Err(Error::invalid("ends", format!("{ends} is before the first day {starts}")))
        }
        (_, Some(_)) => Ok(()),
    }
}
