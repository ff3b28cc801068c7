//! How many licenses may be reserved, and what an update changes (A-RSV-05, A-RSV-06, A-RSV-10).

use super::{Held, Refusal};
use crate::domain::id::{EntitlementId, LineId};
use crate::domain::license::{Billing, Entitlement};
use crate::domain::line::{Line, LineStatus};
use crate::domain::pool::Family;
use crate::domain::time::Timestamp;

/// So many of one line, or of a reporting-only license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The license.
    pub entitlement: EntitlementId,
    /// The line; none for a reporting-only license.
    pub line: Option<LineId>,
    /// How many the device shall hold of it.
    pub quantity: i64,
}

/// What the device holds of one line, and what it shall hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The license.
    pub entitlement: Entitlement,
    /// The line; none for a reporting-only license.
    pub line: Option<Line>,
    /// What it holds.
    pub before: i64,
    /// What it shall hold.
    pub after: i64,
}

impl Change {
    /// What leaves the pool at once.
    pub fn taken(&self) -> i64 {
        (self.after - self.before).max(0)
    }
}

/// What a reservation or an update does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// One for each line that is held before or after.
    pub changes: Vec<Change>,
}

impl Plan {
    /// How many the device shall hold in all.
    pub fn total(&self) -> i64 {
        self.changes.iter().map(|change| change.after).sum()
    }

    /// How many of what it takes are missing in stock; only a rehost may lack any.
    pub fn lacking(&self, ground: Ground<'_>) -> i64 {
        let of = |family: &Family| -> i64 {
            let own =
                self.changes.iter().filter(|change| change.entitlement.id == family.pool.id());
            let of_lines: Vec<(i64, i64)> = own
                .filter_map(|change| {
                    let line = change.line.as_ref()?;
                    Some((change.taken(), change.taken() - (line.quantity - line.reserved)))
                })
                .collect();
            let taken: i64 = of_lines.iter().map(|(taken, _)| taken).sum();
            let lines: i64 = of_lines.iter().map(|(_, lacks)| (*lacks).max(0)).sum();
            lines.max(taken - unused(family, ground.now)).max(0)
        };
        ground.families.iter().map(of).sum()
    }
}

/// Everything that a plan looks at.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// The licenses of the virtual account, each with its family.
    pub families: &'a [Family],
    /// What the device holds.
    pub held: &'a [Held],
    /// How many may be missing in stock: more than none only for a rehost (A-RSV-18).
    pub may_lack: bool,
    /// The instant.
    pub now: Timestamp,
}

/// How many more of a line may be reserved: not what is reserved of it, not what the virtual
/// account uses or lends of the license, nothing borrowed (A-RSV-05).
pub fn available(family: &Family, line: &Line, now: Timestamp) -> i64 {
    if line.status(now) != LineStatus::Active {
        return 0;
    }
    (line.quantity - line.reserved).min(unused(family, now)).max(0)
}

/// What nobody uses of a license.
fn unused(family: &Family, now: Timestamp) -> i64 {
    let standing = family.standing(now);
    (standing.usable - standing.in_use - standing.lent).max(0)
}

/// The most of one license that can be asked for: sums stay far from their limits (ours).
pub const MOST: i64 = 1_000_000_000;

/// Plans what a device shall hold, or refuses. What is not named, it shall not hold.
///
/// # Errors
/// The first row that breaks a rule, or that nothing is wanted.
pub fn plan(ground: Ground<'_>, wanted: &[Wanted]) -> Result<Plan, Refusal> {
    let (plan, refusals) = weigh(ground, wanted);
    refusals.into_iter().next().map_or(Ok(plan), Err)
}

/// Every row that breaks a rule; what it comes to as far as none does.
pub fn weigh(ground: Ground<'_>, wanted: &[Wanted]) -> (Plan, Vec<Refusal>) {
    let mut refusals: Vec<Refusal> = wanted.iter().filter_map(no_quantity).collect();
    if refusals.is_empty() {
        refusals.extend(check_rows(ground, wanted).err());
    }
    let mut plan = Plan::default();
    if !refusals.is_empty() {
        return (plan, refusals);
    }
    for family in ground.families {
        let changes = of_license(ground, family, wanted, &mut refusals);
        plan.changes.extend(changes);
    }
    if refusals.is_empty() && plan.total() == 0 {
        refusals.push(Refusal::Nothing);
    }
    (plan, refusals)
}

fn no_quantity(row: &Wanted) -> Option<Refusal> {
    match row.quantity {
        ..0 => Some(Refusal::Negative(row.quantity)),
        0..=MOST => None,
        _ => Some(Refusal::TooLarge(row.quantity)),
    }
}

/// A row must name what is there, or its quantity would vanish silently.
fn check_rows(ground: Ground<'_>, wanted: &[Wanted]) -> Result<(), Refusal> {
    for row in wanted.iter().filter(|row| row.quantity > 0) {
        let family = ground.families.iter().find(|family| family.pool.id() == row.entitlement);
        let known = family.is_some_and(|family| match row.line {
            Some(line) => family.pool.lines.iter().any(|known| known.id == line),
            None => family.pool.entitlement.billing == Billing::Usage,
        });
        if !known {
            let name = family.map_or_else(
                || row.entitlement.to_string(),
                |family| family.pool.entitlement.name.clone(),
            );
            return Err(Refusal::NoSuchLine(name));
        }
    }
    Ok(())
}

fn of_license(
    ground: Ground<'_>,
    family: &Family,
    wanted: &[Wanted],
    refusals: &mut Vec<Refusal>,
) -> Vec<Change> {
    let id = family.pool.id();
    let asked = |line: Option<LineId>| -> i64 {
        let rows = wanted.iter().filter(|row| row.entitlement == id && row.line == line);
        rows.map(|row| row.quantity).sum()
    };
    let holds = |line: Option<LineId>| -> i64 {
        let held = ground.held.iter().filter(|held| held.entitlement == id && held.line == line);
        held.map(|held| held.quantity).sum()
    };
    let mut left = unused(family, ground.now);
    let mut changes = Vec::new();
    let lines = family.pool.lines.iter().map(Some).chain([None]);
    for line in lines {
        let of = line.map(|line| line.id);
        let change = Change {
            entitlement: family.pool.entitlement.clone(),
            line: line.cloned(),
            before: holds(of),
            after: asked(of),
        };
        if change.before == 0 && change.after == 0 {
            continue;
        }
        if let Some(line) = line {
            refusals.extend(check(ground, &change, line, &mut left).err());
        }
        changes.push(change);
    }
    changes
}

fn check(ground: Ground<'_>, change: &Change, line: &Line, left: &mut i64) -> Result<(), Refusal> {
    let license = || change.entitlement.name.clone();
    if line.has_ended(ground.now) && change.after > 0 {
        let ends = line.ends.map(|day| day.to_string()).unwrap_or_default();
        return Err(Refusal::Ended { line: line.id, license: license(), ends });
    }
    let active = line.status(ground.now) == LineStatus::Active;
    let free = if active { (line.quantity - line.reserved).min(*left).max(0) } else { 0 };
    let lacks = change.taken() > free;
    if lacks && !(ground.may_lack && active) {
        return Err(Refusal::TooMany {
            entitlement: change.entitlement.id,
            line: Some(line.id),
            license: license(),
            wanted: change.after,
            available: free + change.before,
        });
    }
    *left -= change.taken();
    Ok(())
}
