//! Licenses that CSSM tells of: lines here are parts of lines there.

use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::id::{EntitlementId, LineId, SmartAccountId, VirtualAccountId};
use crate::domain::license::{Entitlement, Tier};
use crate::domain::line::{Line, Origin};
use crate::domain::sync::lines::{self, Part};
use crate::domain::virtual_account::{Tree, VirtualAccount};
use crate::engine::Engine;
use crate::engine::error::Result;
use crate::engine::ledger::Ledger;
use crate::protocol::sync;
use std::collections::BTreeMap;

/// What CSSM has told of licenses; all lines of the local account.
#[derive(Default)]
pub(super) struct Licenses {
    pub(super) entitlements: Vec<sync::Entitlement>,
    pub(super) lines: Vec<sync::Line>,
}

/// Where and when lines are settled.
struct Ground<'a> {
    engine: &'a Engine,
    account: SmartAccountId,
    tree: Tree,
    known: BTreeMap<String, Entitlement>,
    now: Timestamp,
}

impl Licenses {
    /// Makes the local lines what CSSM says; pools are watched, so that shortages are told.
    pub(super) fn settle(
        self,
        engine: &Engine,
        conn: &mut Conn,
        (account, ledger): (SmartAccountId, &mut Ledger),
        now: Timestamp,
    ) -> Result<()> {
        let mut known = BTreeMap::new();
        for told in self.entitlements {
            let one = entitlement(engine, conn, told, now)?;
            known.insert(one.tag.clone(), one);
        }
        let tree = db::virtual_accounts::tree(conn, account)?;
        let ground = Ground { engine, account, tree, known, now };
        let mut here: BTreeMap<LineId, Vec<Line>> = BTreeMap::new();
        for line in db::licenses::of_account(conn, account)? {
            if let Some(upstream) = line.origin.upstream {
                here.entry(upstream).or_default().push(line);
            }
        }
        for told in &self.lines {
            let parts = here.remove(&told.id).unwrap_or_default();
            ground.line(conn, ledger, told, parts)?;
        }
        // What CSSM does not tell any more is not there any more.
        for parts in here.into_values() {
            ground.share(conn, ledger, 0, parts, None)?;
        }
        Ok(())
    }
}

impl Ground<'_> {
    /// One line of CSSM, and its parts here.
    fn line(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        told: &sync::Line,
        mut parts: Vec<Line>,
    ) -> Result<()> {
        let Some(of) = self.known.get(&told.tag) else { return Ok(()) };
        let Some(home) = self.home(told.virtual_account) else { return Ok(()) };
        for part in &mut parts {
            let fresh = self.fresh(told, of.id, home);
            *part = Line {
                starts: fresh.starts,
                ends: fresh.ends,
                booking: fresh.booking,
                ..part.clone()
            };
        }
        let fresh = self.fresh(told, of.id, home);
        self.share(conn, ledger, told.quantity, parts, Some(fresh))
    }

    /// Shares a quantity among parts; `fresh` is the part to be made when it is needed.
    fn share(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        quantity: i64,
        parts: Vec<Line>,
        fresh: Option<Line>,
    ) -> Result<()> {
        let home = self.tree.default_account().map(|va| va.id);
        let home = fresh.as_ref().map(|line| line.virtual_account).or(home);
        let mut parts = parts;
        if let Some(fresh) = fresh
            && parts.iter().all(|part| Some(part.virtual_account) != home)
        {
            parts.push(fresh);
        }
        let order = |id| self.tree.all().iter().position(|va| va.id == id);
        parts.sort_by_key(|part| (Some(part.virtual_account) != home, order(part.virtual_account)));
        let held: Vec<Part> = parts
            .iter()
            .map(|part| Part { quantity: part.quantity, reserved: part.reserved })
            .collect();
        let shared = lines::share(quantity, &held);
        for (part, quantity) in parts.into_iter().zip(shared) {
            self.store(conn, ledger, part, quantity)?;
        }
        Ok(())
    }

    fn store(&self, conn: &mut Conn, ledger: &mut Ledger, part: Line, quantity: i64) -> Result<()> {
        let stored = db::licenses::line(conn, part.id)?;
        if let Some(of) = db::licenses::entitlement(conn, part.entitlement)? {
            ledger.watch(conn, part.virtual_account, &of)?;
        }
        let line = Line { quantity, ..part }.scheduled(self.now);
        match stored {
            Some(_) if quantity == 0 && line.reserved == 0 => {
                db::licenses::delete_line(conn, line.id)?;
            }
            Some(before) if before == line => {}
            Some(_) => db::licenses::save_line(conn, &line)?,
            None if quantity == 0 => {}
            None => db::licenses::insert_line(conn, &line)?,
        }
        Ok(())
    }

    /// Where licenses of a virtual account of CSSM arrive.
    fn home(&self, upstream: VirtualAccountId) -> Option<&VirtualAccount> {
        self.tree.all().iter().find(|va| va.upstream == Some(upstream))
    }

    fn fresh(&self, told: &sync::Line, of: EntitlementId, home: &VirtualAccount) -> Line {
        let from = &told.origin;
        Line {
            id: LineId(self.engine.ids().uuid(self.now)),
            account: self.account,
            virtual_account: home.id,
            entitlement: of,
            license_type: told.license_type,
            quantity: 0,
            reserved: 0,
            starts: told.starts,
            ends: told.ends,
            booking: told.booking,
            enterprise_agreement: told.enterprise_agreement,
            portable: told.portable,
            origin: Origin {
                source: from.source,
                order_number: from.order_number.clone(),
                sku: from.sku.clone(),
                subscription_id: from.subscription_id.clone(),
                pak: from.pak.clone(),
                product_serial: from.product_serial.clone(),
                family: from.family.clone(),
                device_details: from.device_details.clone(),
                upstream: Some(told.id),
            },
            due_at: None,
            settled_at: None,
        }
    }
}

/// A kind of license as CSSM describes it; both sides know it by its tag.
fn entitlement(
    engine: &Engine,
    conn: &mut Conn,
    told: sync::Entitlement,
    now: Timestamp,
) -> Result<Entitlement> {
    let before = db::licenses::by_tag(conn, &told.tag)?;
    let id = match &before {
        Some(before) => before.id,
        None => EntitlementId(engine.ids().uuid(now)),
    };
    let one = Entitlement {
        id,
        tag: told.tag,
        name: told.name,
        description: told.description,
        billing: told.billing,
        enforced: told.enforced,
        export_restricted: told.export_restricted,
        tier: told.family.zip(told.tier).map(|(family, rank)| Tier { family, rank }),
    };
    match before {
        Some(before) if before == one => {}
        Some(_) => db::licenses::save_entitlement(conn, &one)?,
        None => db::licenses::insert_entitlement(conn, &one)?,
    }
    Ok(one)
}
