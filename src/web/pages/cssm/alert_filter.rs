//! What a list of alerts can be narrowed to: severity, kind, source (A-ALR-11).

use super::events::chosen;
use crate::domain::alert::Alert;
use crate::domain::cause::Severity;
use crate::domain::{Error, Result};
use crate::engine::AlertList;
use crate::web::pages::ask::Fields;
use crate::web::pages::view::Choice;

/// The selections over a list of alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Major, Minor, Informational.
    pub severities: Vec<Choice>,
    /// The kinds that are there.
    pub kinds: Vec<Choice>,
    /// The Smart Account and the virtual accounts that have alerts.
    pub sources: Vec<Choice>,
}

impl AlertFilter {
    /// The selections that a list offers, with what the address has chosen.
    pub fn of(query: &Fields, found: &AlertList) -> Self {
        let severity = query.get("severity").to_lowercase();
        let severities = Severity::ALL.map(|known| {
            let value = known.name().to_lowercase();
            let selected = value == severity;
            Choice::new(value, known.name(), selected)
        });
        let offered =
            |name, of: fn(&Alert) -> &str| choices(query.get(name), found.alerts.iter().map(of));
        Self {
            severities: severities.into(),
            kinds: offered("kind", |alert| alert.cause.kind()),
            sources: offered("source", |alert| &alert.source),
        }
    }

    /// What is chosen, as the query of an address.
    pub fn chosen(&self) -> String {
        let all = [
            ("severity", self.severities.as_slice()),
            ("kind", self.kinds.as_slice()),
            ("source", self.sources.as_slice()),
        ];
        chosen(&all)
    }

    /// Whether anything is left out.
    pub fn active(&self) -> bool {
        !self.chosen().is_empty()
    }
}

/// Each value once, by name; the wanted one stays chosen when it has gone.
fn choices<'a>(wanted: &'a str, values: impl Iterator<Item = &'a str>) -> Vec<Choice> {
    let wanted_one = Some(wanted).filter(|wanted| !wanted.is_empty());
    let mut names: Vec<&str> = values.chain(wanted_one).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| Choice::new(name, name, name == wanted)).collect()
}

/// The alerts that the address asks for; a severity that does not exist is an error.
pub fn shown<'a>(query: &Fields, found: &'a AlertList) -> Result<Vec<&'a Alert>> {
    let (severity, kind, source) = (query.get("severity"), query.get("kind"), query.get("source"));
    let known = Severity::parse(severity);
    if known.is_none() && !severity.is_empty() {
        let rule = Severity::ALL.map(Severity::name).join(", ");
        return Err(Error::invalid("severity", format!("{severity} is none of {rule}")));
    }
    let wanted = |alert: &&Alert| {
        known.is_none_or(|known| alert.cause.severity() == known)
            && (kind.is_empty() || alert.cause.kind() == kind)
            && (source.is_empty() || alert.source == source)
    };
    Ok(found.alerts.iter().filter(wanted).collect())
}
