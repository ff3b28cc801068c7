//! Transfers of licenses between virtual accounts; preview and action are one function.

use super::id::LineId;
use super::license::LicenseType;
use super::line::Line;
use super::pool::{Family, Pool, Standing};
use super::time::Timestamp;
use super::virtual_account::VirtualAccount;
use thiserror::Error as ThisError;

/// Why a transfer is refused (A-TRF-02, A-TRF-03).
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Refusal {
    /// All rows were blank or zero.
    #[error("There is nothing to transfer: give a quantity of at least 1 in one row.")]
    Nothing,
    /// Source and target are the same.
    #[error("{0} is both source and target; choose another virtual account.")]
    SamePlace(String),
    /// More than may leave.
    #[error("At most {most} of {license} can be transferred from {from}; {wanted} were asked for.")]
    TooMany {
        /// The license.
        license: String,
        /// The source.
        from: String,
        /// What was asked for.
        wanted: i64,
        /// What may leave.
        most: i64,
    },
    /// The site does not let transfers cause a shortage, and this one would.
    #[error("{from} would be short of {short} {license}; at most {most} can be transferred.")]
    WouldGoShort {
        /// The license.
        license: String,
        /// The source.
        from: String,
        /// How many would be missing.
        short: i64,
        /// What may leave without a shortage.
        most: i64,
    },
    /// A quantity below zero.
    #[error("{0} is not a quantity: whole numbers from 1 are the rule.")]
    Negative(i64),
}

/// One row of the dialog: so many of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line.
    pub line: LineId,
    /// How many of it; zero is ignored.
    pub quantity: i64,
}

/// What a transfer does: computed for the preview, then carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Lines of the source that changed; a line with quantity zero is gone.
    pub source_lines: Vec<Line>,
    /// Quantities that arrive: each a line of the source with the moved quantity.
    pub arriving: Vec<Line>,
    /// The source before and after.
    pub source: BeforeAfter,
    /// The target before and after.
    pub target: BeforeAfter,
    /// How many move in all.
    pub quantity: i64,
    /// How many more the source's family of tiers lacks afterwards than before: what leaves
    /// may have been lent to a lower tier.
    pub new_shortage: i64,
}

/// The figures of one virtual account before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeforeAfter {
    /// Before.
    pub before: Standing,
    /// After.
    pub after: Standing,
}

impl Plan {
    /// Whether the transfer makes the source short, or shorter: it then needs a second press.
    pub fn makes_short(&self) -> bool {
        self.new_shortage > 0
    }
}

/// Everything a transfer of one license looks at.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// Where the licenses are.
    pub from: &'a VirtualAccount,
    /// Where they go.
    pub to: &'a VirtualAccount,
    /// The pool there, with its family.
    pub source: &'a Family,
    /// The pool here, with its family.
    pub target: &'a Family,
    /// The setting `transfer_may_go_short`.
    pub may_go_short: bool,
    /// The instant.
    pub now: Timestamp,
}

/// Plans the transfer of some lines of one license, or refuses.
pub fn plan(ground: Ground<'_>, rows: &[Row]) -> Result<Plan, Refusal> {
    let Ground { from, to, source, target, now, .. } = ground;
    if from.id == to.id {
        return Err(Refusal::SamePlace(from.name.as_str().to_owned()));
    }
    if let Some(row) = rows.iter().find(|r| r.quantity < 0) {
        return Err(Refusal::Negative(row.quantity));
    }
    let mut left = source.pool.lines.clone();
    let mut changed: Vec<Line> = Vec::new();
    let mut arriving: Vec<Line> = Vec::new();
    for line in &mut left {
        let wanted: i64 = rows.iter().filter(|r| r.line == line.id).map(|r| r.quantity).sum();
        if wanted == 0 {
            continue;
        }
        check_quantity(ground, wanted, line.transferable(now))?;
        line.quantity -= wanted;
        changed.push(line.clone());
        let virtual_account = to.id;
        arriving.push(Line { quantity: wanted, reserved: 0, virtual_account, ..line.clone() });
    }
    if arriving.is_empty() {
        return Err(Refusal::Nothing);
    }
    let mut there = target.pool.lines.clone();
    there.extend(arriving.iter().cloned());
    let source_after = source.with_lines(left);
    let target_after = target.with_lines(there);
    let plan = Plan {
        quantity: arriving.iter().map(|l| l.quantity).sum(),
        source: BeforeAfter { before: source.standing(now), after: source_after.standing(now) },
        target: BeforeAfter { before: target.standing(now), after: target_after.standing(now) },
        new_shortage: source_after.shortage(now) - source.shortage(now),
        source_lines: changed,
        arriving,
    };
    check_shortage(ground, &plan)?;
    Ok(plan)
}

fn check_quantity(ground: Ground<'_>, wanted: i64, most: i64) -> Result<(), Refusal> {
    if wanted <= most {
        return Ok(());
    }
    Err(Refusal::TooMany {
        license: ground.source.pool.entitlement.name.clone(),
        from: ground.from.name.as_str().to_owned(),
        wanted,
        most,
    })
}

fn check_shortage(ground: Ground<'_>, plan: &Plan) -> Result<(), Refusal> {
    if ground.may_go_short || !plan.makes_short() {
        return Ok(());
    }
    Err(Refusal::WouldGoShort {
        license: ground.source.pool.entitlement.name.clone(),
        from: ground.from.name.as_str().to_owned(),
        short: plan.new_shortage,
        most: (plan.quantity - plan.new_shortage).max(0),
    })
}

/// Which lines serve a request by license and type (rest-api L3 `precedence`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precedence {
    /// Lines that end last go first; perpetual before all.
    LongestTermFirst,
    /// Lines that end first go first.
    LongestTermLast,
}

/// Chooses rows for `quantity` of one license type, in the order of `precedence`.
pub fn choose(
    pool: &Pool,
    from: &str,
    license_type: LicenseType,
    quantity: i64,
    precedence: Precedence,
    now: Timestamp,
) -> Result<Vec<Row>, Refusal> {
    if quantity < 0 {
        return Err(Refusal::Negative(quantity));
    }
    let mut lines: Vec<&Line> =
        pool.lines.iter().filter(|l| l.license_type == license_type).collect();
    lines.sort_by_key(|l| l.ends.unwrap_or(chrono::NaiveDate::MAX));
    if precedence == Precedence::LongestTermFirst {
        lines.reverse();
    }
    let most: i64 = lines.iter().map(|l| l.transferable(now)).sum();
    if quantity > most {
        return Err(Refusal::TooMany {
            license: pool.entitlement.name.clone(),
            from: from.to_owned(),
            wanted: quantity,
            most,
        });
    }
    let mut left = quantity;
    let mut rows = Vec::new();
    for line in lines {
        let take = line.transferable(now).min(left);
        left -= take;
        if take > 0 {
            rows.push(Row { line: line.id, quantity: take });
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{SmartAccountId, VirtualAccountId};
    use crate::domain::license::Billing;
    use crate::domain::line::samples;
    use crate::domain::pool::samples::entitlement;
    use crate::domain::virtual_account::{Access, Name};
    use proptest::prelude::*;
    use uuid::Uuid;

    const NOW: &str = "2026-01-05T09:00:00Z";

    fn va(n: u128, name: &str) -> VirtualAccount {
        VirtualAccount {
            id: VirtualAccountId(Uuid::from_u128(n)),
            number: 1,
            account: SmartAccountId(Uuid::from_u128(1)),
            parent: None,
            name: Name::parse(name).unwrap(),
            description: String::new(),
            access: Access::Public,
            is_default: false,
            satellite: None,
            on_prem: None,
            upstream: None,
            created_at: Timestamp::parse(NOW).unwrap(),
        }
    }

    fn pool(at: u128, n: u128, quantity: i64, reserved: i64, reported: i64) -> Pool {
        let virtual_account = VirtualAccountId(Uuid::from_u128(at));
        let line = samples::line(LicenseType::Perpetual, quantity, "2026-01-01", None);
        let of = entitlement(n, Billing::Prepaid, Some(i64::try_from(n).unwrap()));
        let id = LineId(Uuid::from_u128(at + 100));
        let line = Line { id, virtual_account, entitlement: of.id, reserved, ..line };
        let lines = if quantity == 0 { vec![] } else { vec![line] };
        Pool { entitlement: of, virtual_account, lines, reported }
    }

    fn family(at: u128, pools: Vec<Pool>) -> Family {
        let wanted = entitlement(9, Billing::Prepaid, Some(9));
        Family::new(VirtualAccountId(Uuid::from_u128(at)), wanted, pools)
    }

    fn alone(quantity: i64, reserved: i64, reported: i64) -> Family {
        family(5, vec![pool(5, 9, quantity, reserved, reported)])
    }

    fn try_transfer(source: &Family, quantity: i64, may_go_short: bool) -> Result<Plan, Refusal> {
        let (from, to) = (va(5, "Tokyo"), va(6, "Berlin"));
        let target = family(6, vec![pool(6, 9, 10, 0, 0)]);
        let ground = Ground {
            from: &from,
            to: &to,
            source,
            target: &target,
            may_go_short,
            now: Timestamp::parse(NOW).unwrap(),
        };
        let row = Row { line: LineId(Uuid::from_u128(105)), quantity };
        plan(ground, &[row])
    }

    /// AS-17, A-TRF-02: at most what is not reserved, at least one.
    #[test]
    fn more_than_the_free_ones_is_refused() {
        let tokyo = alone(40, 5, 0);
        let refused = try_transfer(&tokyo, 36, true);
        assert!(matches!(refused, Err(Refusal::TooMany { most: 35, wanted: 36, .. })));
        assert!(try_transfer(&tokyo, 35, true).is_ok());
        assert_eq!(try_transfer(&tokyo, 0, true), Err(Refusal::Nothing));
        assert_eq!(try_transfer(&tokyo, -1, true), Err(Refusal::Negative(-1)));
    }

    /// AS-18, A-TRF-03, X-14: short is allowed after a second press, or not at all.
    #[test]
    fn a_transfer_that_makes_short_asks_again_or_is_refused() {
        let tokyo = alone(40, 0, 30);
        let plan = try_transfer(&tokyo, 15, true).unwrap();
        assert!(plan.makes_short());
        assert_eq!((plan.source.after.balance, plan.target.after.balance), (-5, 25));
        let refused = try_transfer(&tokyo, 11, false);
        assert!(matches!(refused, Err(Refusal::WouldGoShort { most: 10, short: 1, .. })));
        assert!(!try_transfer(&tokyo, 10, false).unwrap().makes_short());
    }

    /// AS-18, A-SEM-08: what leaves may have been lent; then a lower tier falls short.
    #[test]
    fn taking_away_what_is_lent_makes_the_borrower_short() {
        let lending = family(5, vec![pool(5, 9, 10, 0, 0), pool(5, 4, 0, 0, 8)]);
        assert_eq!(try_transfer(&lending, 2, true).unwrap().new_shortage, 0);
        let plan = try_transfer(&lending, 5, true).unwrap();
        assert_eq!((plan.makes_short(), plan.new_shortage), (true, 3));
        let refused = try_transfer(&lending, 5, false);
        assert!(matches!(refused, Err(Refusal::WouldGoShort { most: 2, short: 3, .. })));
    }

    proptest! {
        /// A-TRF-07: nothing is lost or made by a transfer.
        #[test]
        fn quantities_are_conserved(quantity in 1i64..100, reserved in 0i64..100,
                                    used in 0i64..200, wanted in -5i64..120) {
            let source = alone(quantity, reserved.min(quantity), used);
            if let Ok(plan) = try_transfer(&source, wanted, true) {
                let left: i64 = plan.source_lines.iter().map(|l| l.quantity).sum();
                prop_assert_eq!(left + plan.quantity, quantity);
                prop_assert!(left >= reserved.min(quantity));
                prop_assert_eq!(plan.target.after.usable, 10 + plan.quantity);
            }
        }
    }
}
