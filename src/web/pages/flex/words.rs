//! The ledger in words.

use crate::domain::active_user::offer::Service;
use crate::domain::active_user::{Remainder, Remark, Rounding, Rule, Step};

/// What a rule is called.
pub fn rule(rule: Rule) -> String {
    match rule {
        Rule::Clause(variant) => format!("Clause {}", variant.terms().clause),
        Rule::Offer => "Offer".to_owned(),
        Rule::Enterprise => "Enterprise Agreement".to_owned(),
        Rule::Ours => "Setting".to_owned(),
    }
}

/// Which term something is owed for.
pub fn remainder(term: Remainder) -> &'static str {
    match term {
        Remainder::RenewalTerm => "the annual Renewal Term",
        Remainder::SubscriptionTerm => "the subscription term",
    }
}

/// How fractions are rounded.
pub fn rounding(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::Ceil => "up",
        Rounding::HalfUp => "to the nearest",
        Rounding::Floor => "down",
    }
}

fn because(remark: Remark) -> &'static str {
    match remark {
        Remark::NotGreater => "neither is greater: it stays",
        Remark::Average => "the average measured is the greatest",
        Remark::Share => "the share of the headcount is the greatest",
        Remark::Floor => "the least minimum is the greatest",
        Remark::Migrated => "that of the older subscription",
        Remark::Ordered => "as ordered",
        Remark::Follows => "it follows what was measured",
    }
}

/// A step as a sentence.
pub fn step(step: &Step) -> String {
    match step {
        Step::Eligible { .. }
        | Step::Share { .. }
        | Step::Floor { .. }
        | Step::Migrating { .. }
        | Step::Opened { .. } => opening(step),
        Step::Month { .. }
        | Step::Average { .. }
        | Step::Meter { .. }
        | Step::Compared { .. }
        | Step::Rounded { .. }
        | Step::Minimum { .. } => forward(step),
        Step::Remainder { .. } | Step::Fee { .. } | Step::Invoice { .. } => owed(step),
        Step::Confirmed { .. }
        | Step::Ordered { .. }
        | Step::Headcount { .. }
        | Step::Renewed { .. }
        | Step::Adjusted { .. } => by_hand(step),
    }
}

fn opening(step: &Step) -> String {
    match step {
        Step::Eligible { headcount, from } => {
            format!("{headcount} knowledge workers on the order; {from} are needed.")
        }
        Step::Share { percent, of, share } => format!("{percent} % of {of} is {share}."),
        Step::Floor { minimum } => format!("The least minimum is {minimum}."),
        Step::Migrating { active_users } => {
            format!("The older subscription had {active_users} Active Users.")
        }
        Step::Opened { minimum, because: why } => {
            format!("The term begins with an AU Minimum of {minimum}: {}.", because(*why))
        }
        _ => String::new(),
    }
}

fn forward(step: &Step) -> String {
    match step {
        Step::Month { number, from, last, active_users, reported } => {
            let known = if *reported { "" } else { " There is no data: it counts 0." };
            format!("Month {number}, {from} to {last}: {active_users} Active Users.{known}")
        }
        Step::Average { months: [a, b, c], average } => {
            format!("Meter 1, Average Active Users: ({a} + {b} + {c}) / 3 = {average}.")
        }
        Step::Meter { percent, of, share } => {
            format!("Meter 2: {percent} % of {of} = {share}.")
        }
        Step::Compared { meters, minimum, because: why } => {
            let texts: Vec<String> = meters.iter().map(ToString::to_string).collect();
            let (meters, why) = (texts.join(" and "), because(*why));
            format!("{meters} against an AU Minimum of {minimum}: {why}.")
        }
        Step::Rounded { from, rounding: how, to } => {
            format!("{from}, rounded {}, is {to}.", rounding(*how))
        }
        Step::Minimum { before, after } if before == after => {
            format!("The AU Minimum stays {after}.")
        }
        Step::Minimum { before, after } => format!("The AU Minimum goes from {before} to {after}."),
        _ => String::new(),
    }
}

fn owed(step: &Step) -> String {
    match step {
        Step::Remainder { term, months } => {
            format!("Owed for what is left of {}: {months} months.", remainder(*term))
        }
        Step::Fee { added, months, price, fee } => {
            format!("{added} Active Users × {months} months × {price} = {fee}.")
        }
        Step::Invoice { on } => format!("It is billed on {on}."),
        _ => String::new(),
    }
}

fn by_hand(step: &Step) -> String {
    match step {
        Step::Confirmed { by, months } => {
            let texts: Vec<String> = months.iter().map(ToString::to_string).collect();
            if texts.is_empty() {
                format!("{by} let the True Forward go on; all months have data.")
            } else {
                format!("{by} let the True Forward go on without months {}.", texts.join(", "))
            }
        }
        Step::Ordered { number, service, quantity } => {
            let name = Service::parse(service).map_or(service.as_str(), |one| one.name());
            format!("Order {number}: {quantity} {name}.")
        }
        Step::Headcount { before, after } => {
            format!("The headcount is {after}; it was {before}. The AU Minimum stays for now.")
        }
        Step::Renewed { from, months, reset } => {
            let how = if *reset { "its minimum is made anew" } else { "the minimum goes on" };
            format!("A new term of {months} months begins on {from}; {how}.")
        }
        Step::Adjusted { reference, before, after, fee, reason } => {
            let money = if fee.minor == 0 { String::new() } else { format!(", {fee}") };
            format!("Correction {reference}: AU Minimum {before} to {after}{money}. {reason}")
        }
        _ => String::new(),
    }
}
