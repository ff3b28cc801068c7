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
    /// The kinds of licenses that are known here, by their tags.
    known: BTreeMap<String, Entitlement>,
    now: Timestamp,
}

/// A line here: as it is stored, if it is, and as it is to be.
struct Piece {
    before: Option<Line>,
    after: Line,
}

impl From<Line> for Piece {
    fn from(stored: Line) -> Self {
        Self { before: Some(stored.clone()), after: stored }
    }
}

impl Licenses {
    /// Makes the local lines what CSSM says. All are read at once, what is the same is not written,
    /// and the pools of what is not are watched, so that shortages are told.
    pub(super) fn settle(
        self,
        engine: &Engine,
        conn: &mut Conn,
        (account, ledger): (SmartAccountId, &mut Ledger),
        now: Timestamp,
    ) -> Result<()> {
        let tree = db::virtual_accounts::tree(conn, account)?;
        let known = db::licenses::all(conn)?.into_iter().map(|of| (of.tag.clone(), of)).collect();
        let mut ground = Ground { engine, account, tree, known, now };
        for told in self.entitlements {
            ground.entitlement(conn, told)?;
        }
        let mut here: BTreeMap<LineId, Vec<Piece>> = BTreeMap::new();
        for line in db::licenses::of_account(conn, account)? {
            if let Some(upstream) = line.origin.upstream {
                here.entry(upstream).or_default().push(line.into());
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
    /// A kind of license as CSSM describes it; both sides know it by its tag.
    fn entitlement(&mut self, conn: &mut Conn, told: sync::Entitlement) -> Result<()> {
        let before = self.known.get(&told.tag);
        let one = Entitlement {
            id: before.map_or_else(|| EntitlementId(self.engine.ids().uuid(self.now)), |of| of.id),
            tag: told.tag,
            name: told.name,
            description: told.description,
            billing: told.billing,
            enforced: told.enforced,
            export_restricted: told.export_restricted,
            tier: told.family.zip(told.tier).map(|(family, rank)| Tier { family, rank }),
        };
        match before {
            Some(before) if *before == one => return Ok(()),
            Some(_) => db::licenses::save_entitlement(conn, &one)?,
            None => db::licenses::insert_entitlement(conn, &one)?,
        }
        self.known.insert(one.tag.clone(), one);
        Ok(())
    }

    /// One line of CSSM, and its parts here.
    fn line(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        told: &sync::Line,
        mut parts: Vec<Piece>,
    ) -> Result<()> {
        let Some(of) = self.known.get(&told.tag) else { return Ok(()) };
        let Some(home) = self.home(told.virtual_account) else { return Ok(()) };
        let fresh = self.fresh(told, of.id, home);
        for Piece { after, .. } in &mut parts {
            after.starts = fresh.starts;
            after.ends = fresh.ends;
            after.booking = fresh.booking;
        }
        self.share(conn, ledger, told.quantity, parts, Some(fresh))
    }

    /// Shares a quantity among parts; `fresh` is the part to be made when it is needed.
    fn share(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        quantity: i64,
        mut parts: Vec<Piece>,
        fresh: Option<Line>,
    ) -> Result<()> {
        let home = self.tree.default_account().map(|va| va.id);
        let home = fresh.as_ref().map(|line| line.virtual_account).or(home);
        let is_home = |part: &Piece| Some(part.after.virtual_account) == home;
        if let Some(fresh) = fresh
            && !parts.iter().any(is_home)
        {
            parts.push(Piece { before: None, after: fresh });
        }
        let order = |id| self.tree.all().iter().position(|va| va.id == id);
        parts.sort_by_key(|part| (!is_home(part), order(part.after.virtual_account)));
        let held: Vec<Part> = parts
            .iter()
            .map(|Piece { after, .. }| Part { quantity: after.quantity, reserved: after.reserved })
            .collect();
        let shared = lines::share(quantity, &held);
        for (Piece { before, after }, quantity) in parts.into_iter().zip(shared) {
            let after = Line { quantity, ..after }.scheduled(self.now);
            self.store(conn, ledger, before.as_ref(), &after)?;
        }
        Ok(())
    }

    /// Writes a part that is another one than it was.
    fn store(
        &self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        before: Option<&Line>,
        after: &Line,
    ) -> Result<()> {
        let is_empty = after.quantity == 0 && after.reserved == 0;
        if (before == Some(after) && !is_empty) || (before.is_none() && after.quantity == 0) {
            return Ok(());
        }
        if let Some(of) = self.known.values().find(|of| of.id == after.entitlement) {
            ledger.watch(conn, after.virtual_account, of)?;
        }
        match before {
            Some(_) if is_empty => db::licenses::delete_line(conn, after.id)?,
            Some(_) => db::licenses::save_line(conn, after)?,
            None => db::licenses::insert_line(conn, after)?,
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
