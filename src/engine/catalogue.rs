//! Kinds of license that a site's owner brings at its start: no caller, no permission.

use super::Engine;
use super::access::Within;
use super::error::Result;
use super::ledger::Ledger;
use crate::db::pools::Places;
use crate::db::{self, Conn};
use crate::domain::alert::of_pools;
use crate::domain::cause::Cause;
use crate::domain::id::{SmartAccountId, VirtualAccountId};
use crate::domain::lending::{self, Lending};
use crate::domain::license::{Entitlement, check_tiers};
use crate::domain::{Error, Timestamp};

/// The alerts and loans of a virtual account.
struct Standing {
    at: VirtualAccountId,
    causes: Vec<Cause>,
    loans: Vec<Lending>,
}

impl Engine {
    /// Adds kinds of license by their tags, and gives known ones other words and rules; answers
    /// how many are new. What that changes of balances is in the logs, as of now.
    pub async fn take_catalogue(&self, wanted: Vec<Entitlement>) -> Result<usize> {
        let engine = self.clone();
        self.change(Within::Site, move |conn, now| engine.bring(conn, wanted, now)).await
    }

    fn bring(&self, conn: &mut Conn, wanted: Vec<Entitlement>, now: Timestamp) -> Result<usize> {
        let (mut fresh, mut known) = (Vec::new(), Vec::new());
        let mut counts_otherwise = false;
        for one in wanted {
            check_name(conn, &one)?;
            let Some(old) = db::licenses::by_tag(conn, &one.tag)? else {
                fresh.push(one);
                continue;
            };
            counts_otherwise |= old.billing != one.billing || old.tier != one.tier;
            known.push(Entitlement { id: old.id, ..one });
        }
        // All pools of the site are read only when their balances may change.
        let before = if counts_otherwise { standings(conn, now)? } else { Vec::new() };
        for one in &known {
            db::licenses::save_entitlement(conn, one)?;
        }
        for one in &fresh {
            db::licenses::insert_entitlement(conn, one)?;
        }
        check_tiers(&db::licenses::all(conn)?)?;
        self.tell_difference(conn, &before, now)?;
        Ok(fresh.len())
    }

    fn tell_difference(
        &self,
        conn: &mut Conn,
        before: &[(SmartAccountId, Vec<Standing>)],
        now: Timestamp,
    ) -> Result<()> {
        for (account, places) in before {
            let mut ledger = Ledger::open(self, *account, "System", now);
            for was in places {
                let is = standing(conn, was.at, now)?;
                ledger.compare(was.at, &was.causes, &is.causes);
                ledger.compare_loans(was.at, &was.loans, &is.loans);
            }
            ledger.close(conn)?;
        }
        Ok(())
    }
}

fn check_name(conn: &mut Conn, wanted: &Entitlement) -> Result<()> {
    match db::licenses::by_name(conn, &wanted.name)? {
        Some(other) if other.tag != wanted.tag => {
            let problem = format!("{} has the tag {} already", wanted.name, other.tag);
            Err(Error::invalid("catalog", problem).into())
        }
        Some(_) | None => Ok(()),
    }
}

fn standings(conn: &mut Conn, now: Timestamp) -> Result<Vec<(SmartAccountId, Vec<Standing>)>> {
    let mut all = Vec::new();
    for account in db::accounts::all(conn)? {
        let tree = db::virtual_accounts::tree(conn, account.id)?;
        let places: Result<Vec<Standing>> =
            tree.all().iter().map(|va| standing(conn, va.id, now)).collect();
        all.push((account.id, places?));
    }
    Ok(all)
}

fn standing(conn: &mut Conn, at: VirtualAccountId, now: Timestamp) -> Result<Standing> {
    let pools = db::pools::list(conn, Places::these(&[at]))?;
    Ok(Standing { at, causes: of_pools(&pools, now), loans: lending::of_pools(&pools, now) })
}
