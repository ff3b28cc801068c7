//! Transfers of licenses between virtual accounts (A-TRF-01 to -03, -07; L3).

use super::Engine;
use super::access::{Place, VaRef, Who};
use super::error::Result;
use super::ledger::Ledger;
use crate::db::{self, Conn};
use crate::domain::event::{EventKind, Fact, Transaction, TransactionKind};
use crate::domain::id::{EntitlementId, LineId, TransactionId};
use crate::domain::license::{Entitlement, LicenseType};
use crate::domain::line::Line;
use crate::domain::local_account::Decision;
use crate::domain::people::Permission;
use crate::domain::pool::Pool;
use crate::domain::transfer::{self, Ground, Plan, Precedence, Row};
use crate::domain::virtual_account::VirtualAccount;
use crate::domain::{Error, Timestamp};

/// A transfer as the dialog asks for it: quantities of single lines.
#[derive(Clone, Debug)]
pub struct LicenseTransfer {
    /// Where the licenses are.
    pub from: VaRef,
    /// Where they go.
    pub to: VaRef,
    /// What.
    pub entitlement: EntitlementId,
    /// How many of which line.
    pub rows: Vec<Row>,
}

/// A transfer as the REST API asks for it: license and type by name.
#[derive(Clone, Debug)]
pub struct NamedTransfer {
    /// The license's name.
    pub license: String,
    /// The type of its lines.
    pub license_type: LicenseType,
    /// How many.
    pub quantity: i64,
    /// Where they go.
    pub to: String,
    /// Which lines first.
    pub precedence: Precedence,
}

/// What a transfer would do.
#[derive(Clone, Debug)]
pub struct TransferPreview {
    /// The license.
    pub entitlement: Entitlement,
    /// The source.
    pub from: VirtualAccount,
    /// The target.
    pub to: VirtualAccount,
    /// Before and after.
    pub plan: Plan,
}

/// A transfer with everything it looks at.
struct Prepared {
    preview: TransferPreview,
    ledger: Ledger,
}

impl Engine {
    /// What a transfer would do; nothing is changed.
    pub async fn preview_transfer(
        &self,
        who: &Who,
        domain: &str,
        wanted: LicenseTransfer,
    ) -> Result<TransferPreview> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, now| {
            Ok(engine.prepare(conn, &place, &wanted, now)?.preview)
        })
        .await
    }

    /// Carries a transfer out, as its preview showed it.
    pub async fn transfer_licenses(
        &self,
        who: &Who,
        domain: &str,
        wanted: LicenseTransfer,
    ) -> Result<TransferPreview> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            engine.carry_out(conn, &place, &wanted, now)
        })
        .await
    }

    /// Transfers by license name and type, all or nothing (L3).
    pub async fn transfer_named(
        &self,
        who: &Who,
        domain: &str,
        from: VaRef,
        wanted: Vec<NamedTransfer>,
    ) -> Result<Vec<TransferPreview>> {
        let engine = self.clone();
        self.write_in(who, domain, move |conn, place, now| {
            let source = place.require(Permission::Transfer, &from)?.clone();
            // Before any license is looked for: a quantity is not what stands in the way.
            engine.decides_locally(conn, place.account.id, Decision::Licenses)?;
            let mut done = Vec::new();
            for named in wanted {
                let entitlement = db::licenses::by_name(conn, &named.license)?
                    .ok_or_else(|| Error::not_found("license", &named.license))?;
                let pool = db::pools::pool(conn, source.id, entitlement.clone())?;
                let rows = transfer::choose(
                    &pool,
                    source.name.as_str(),
                    named.license_type,
                    named.quantity,
                    named.precedence,
                    now,
                )?;
                let wanted = LicenseTransfer {
                    from: VaRef::Number(source.number),
                    to: VaRef::Name(named.to),
                    entitlement: entitlement.id,
                    rows,
                };
                done.push(engine.carry_out(conn, &place, &wanted, now)?);
            }
            Ok(done)
        })
        .await
    }

    fn carry_out(
        &self,
        conn: &mut Conn,
        place: &Place,
        wanted: &LicenseTransfer,
        now: Timestamp,
    ) -> Result<TransferPreview> {
        let Prepared { preview, mut ledger } = self.prepare(conn, place, wanted, now)?;
        let TransferPreview { entitlement, from, to, plan } = &preview;
        ledger.watch(conn, from.id, entitlement)?;
        ledger.watch(conn, to.id, entitlement)?;
        for line in &plan.source_lines {
            save_or_delete(conn, line)?;
        }
        for line in &plan.arriving {
            self.arrive(conn, line, now)?;
            db::transactions::append(conn, &self.moved(place, &preview, line, now))?;
        }
        for (va, kind) in
            [(from, EventKind::LicensesTransferredOut), (to, EventKind::LicensesTransferredIn)]
        {
            let message = format!(
                "{} {} were transferred from {} to {}.",
                plan.quantity,
                entitlement.name,
                from.name.as_str(),
                to.name.as_str()
            );
            ledger.note(Fact::new(va.id, kind, message).of(entitlement.id));
        }
        ledger.close(conn)?;
        Ok(preview)
    }

    fn moved(
        &self,
        place: &Place,
        preview: &TransferPreview,
        line: &Line,
        now: Timestamp,
    ) -> Transaction {
        Transaction {
            id: TransactionId(self.ids().uuid(now)),
            account: place.account.id,
            at: now,
            kind: TransactionKind::Transfer,
            entitlement: preview.entitlement.id,
            quantity: line.quantity,
            ends: line.ends,
            source: Some(preview.from.id),
            target: Some(preview.to.id),
            sku: line.origin.sku.clone(),
            reference: None,
            actor: place.actor.name.clone(),
        }
    }

    fn prepare(
        &self,
        conn: &mut Conn,
        place: &Place,
        wanted: &LicenseTransfer,
        now: Timestamp,
    ) -> Result<Prepared> {
        let from = place.require(Permission::Transfer, &wanted.from)?.clone();
        let to = place.require(Permission::Transfer, &wanted.to)?.clone();
        self.decides_locally(conn, place.account.id, Decision::Licenses)?;
        let entitlement = db::licenses::entitlement(conn, wanted.entitlement)?
            .ok_or_else(|| Error::not_found("license", wanted.entitlement.to_string()))?;
        let source = db::pools::family(conn, from.id, entitlement.clone())?;
        check_rows(&source.pool, &wanted.rows)?;
        let target = db::pools::family(conn, to.id, entitlement.clone())?;
        let plan = transfer::plan(
            Ground {
                from: &from,
                to: &to,
                source: &source,
                target: &target,
                may_go_short: self.settings().transfer_may_go_short,
                now,
            },
            &wanted.rows,
        )?;
        let ledger = Ledger::open(self, place.account.id, &place.actor.name, now);
        Ok(Prepared { preview: TransferPreview { entitlement, from, to, plan }, ledger })
    }

    /// Adds the quantity to a line of the same goods, or makes one.
    fn arrive(&self, conn: &mut Conn, arriving: &Line, now: Timestamp) -> Result<()> {
        let present = db::licenses::lines_of(conn, arriving.virtual_account, arriving.entitlement)?;
        if let Some(mut line) = present.into_iter().find(|line| line.same_goods(arriving)) {
            line.take_in(arriving);
            db::licenses::save_line(conn, &line)?;
        } else {
            let id = LineId(self.ids().uuid(now));
            // Its deadlines came with it: what has ended does not end again.
            db::licenses::insert_line(conn, &Line { id, ..arriving.clone() })?;
        }
        Ok(())
    }
}

/// A row must name a line of the source, or its quantity would vanish silently.
fn check_rows(source: &Pool, rows: &[Row]) -> Result<()> {
    for row in rows.iter().filter(|row| row.quantity != 0) {
        if source.lines.iter().all(|line| line.id != row.line) {
            return Err(Error::not_found("license line", row.line.to_string()).into());
        }
    }
    Ok(())
}

fn save_or_delete(conn: &mut Conn, line: &Line) -> Result<()> {
    if line.quantity == 0 {
        return Ok(db::licenses::delete_line(conn, line.id)?);
    }
    Ok(db::licenses::save_line(conn, line)?)
}
