//! Which lines serve a request that names licenses alone (rest-api R1 `precedence`).

use super::{Held, Refusal, Wanted, available};
use crate::domain::license::Billing;
use crate::domain::pool::Family;
use crate::domain::time::Timestamp;
use crate::domain::transfer::Precedence;
use chrono::NaiveDate;

/// So many of a license, of whichever lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many the device shall hold of it.
    pub quantity: i64,
    /// Which lines first.
    pub precedence: Precedence,
}

/// The rows for a license: what the device holds stays where it is as far as it is wanted.
///
/// # Errors
/// There are not so many.
pub fn choose(
    family: &Family,
    held: &[Held],
    share: Share,
    now: Timestamp,
) -> Result<Vec<Wanted>, Refusal> {
    let pool = &family.pool;
    let of = |line, quantity| Wanted { entitlement: pool.id(), line, quantity };
    if share.quantity < 0 {
        return Err(Refusal::Negative(share.quantity));
    }
    if pool.entitlement.billing == Billing::Usage {
        return Ok(vec![of(None, share.quantity)]);
    }
    let mut lines: Vec<_> = pool.lines.iter().filter(|line| !line.has_ended(now)).collect();
    lines.sort_by_key(|line| line.ends.unwrap_or(NaiveDate::MAX));
    if share.precedence == Precedence::LongestTermFirst {
        lines.reverse();
    }
    let holds = |id| held.iter().filter(|own| own.line == Some(id)).map(|own| own.quantity).sum();
    let standing = family.standing(now);
    let mut unused = (standing.usable - standing.in_use - standing.lent).max(0);
    let mut left = share.quantity;
    let mut rows: Vec<Wanted> = Vec::new();
    for line in &lines {
        let keep: i64 = left.min(holds(line.id));
        left -= keep;
        rows.push(of(Some(line.id), keep));
    }
    for (line, row) in lines.iter().zip(&mut rows) {
        let more = available(family, line, now).min(left).min(unused);
        row.quantity += more;
        left -= more;
        unused -= more;
    }
    if left > 0 {
        return Err(Refusal::TooMany {
            entitlement: pool.id(),
            line: None,
            license: pool.entitlement.name.clone(),
            wanted: share.quantity,
            available: share.quantity - left,
        });
    }
    Ok(rows)
}
