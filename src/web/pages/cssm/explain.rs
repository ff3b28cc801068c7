//! The panel that explains a balance, part by part.

use super::place::Inside;
use crate::domain::explain::Explanation;
use crate::domain::line::LineStatus;
use crate::engine::Explained;

/// The most product instances that are listed one by one; the rest is one part.
const LISTED: usize = 50;

/// One part of the arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub what: String,
    /// Where one can see it.
    pub href: Option<String>,
    /// Why it counts as it does; may be empty.
    pub note: String,
    /// What it adds to the balance.
    pub counts: i64,
}

/// The arithmetic of a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainPanel {
    /// The instant in words.
    pub at: String,
    /// The parts; their sum is the balance.
    pub parts: Vec<Part>,
    /// The balance.
    pub balance: i64,
}

impl ExplainPanel {
    /// The parts with links to their pages.
    pub fn of(explained: &Explained, inside: &Inside) -> Self {
        let told = &explained.parts;
        let mut parts = lines(told);
        parts.extend(instances(told, inside));
        parts.extend(reservations(told, inside));
        parts.extend(loans(told, inside));
        Self {
            at: told.at.utc().format("%Y-%m-%d %H:%M").to_string(),
            parts,
            balance: told.standing.balance,
        }
    }
}

fn lines(told: &Explanation) -> Vec<Part> {
    let part = |line: &crate::domain::explain::LinePart| Part {
        what: format!("{} {} licenses owned", line.quantity, line.license_type.word()),
        href: None,
        note: match line.status {
            LineStatus::Active => String::new(),
            LineStatus::Future => format!("they begin on {}", line.starts),
            LineStatus::Expired => {
                line.ends.map_or_else(String::new, |ends| format!("they ended on {ends}"))
            }
            LineStatus::Pending => "not provisioned yet".to_owned(),
            LineStatus::Cancelled => "cancelled".to_owned(),
        },
        counts: line.counted,
    };
    told.lines.iter().map(part).collect()
}

fn instances(told: &Explanation, inside: &Inside) -> Vec<Part> {
    let mut parts: Vec<Part> = told
        .instances
        .iter()
        .take(LISTED)
        .map(|used| Part {
            what: format!("{} in use by {}", used.quantity, used.name),
            href: Some(inside.to(&format!("instances/{}", used.instance))),
            note: String::new(),
            counts: -used.quantity,
        })
        .collect();
    let rest: i64 = told.instances.iter().skip(LISTED).map(|used| used.quantity).sum();
    if rest > 0 {
        let count = told.instances.len() - LISTED;
        let what = format!("{rest} in use by {count} more product instances");
        let href = Some(inside.to("instances"));
        parts.push(Part { what, href, note: String::new(), counts: -rest });
    }
    parts
}

fn reservations(told: &Explanation, inside: &Inside) -> Vec<Part> {
    let part = |held: &crate::domain::explain::ReservedPart| Part {
        what: format!("{} reserved for {}", held.quantity, held.name),
        href: Some(inside.to(&format!("instances/{}", held.instance))),
        note: if held.counted == held.quantity { "" } else { "their line has ended" }.to_owned(),
        counts: -held.counted,
    };
    told.reservations.iter().map(part).collect()
}

fn loans(told: &Explanation, inside: &Inside) -> Vec<Part> {
    let part = |loan: &crate::domain::explain::LoanPart| {
        let (word, quantity) = match loan.quantity {
            quantity if quantity < 0 => ("lent to", -quantity),
            quantity => ("borrowed from", quantity),
        };
        Part {
            what: format!("{quantity} {word} {}", loan.name),
            href: Some(inside.to(&format!("licenses/{}", loan.entitlement))),
            note: "substitution between tiers".to_owned(),
            counts: loan.quantity,
        }
    };
    told.loans.iter().map(part).collect()
}
