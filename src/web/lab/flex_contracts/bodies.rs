//! What callers send.

use crate::domain;
use crate::domain::active_user::offer::Service;
use crate::domain::active_user::person::Employment;
use crate::domain::active_user::{
    Adjustment, Currency, Deployed, Deployment, Launch, Missing, MonthRule, NewContract as Wish,
    OrderLine, Price, Remainder, Renewal, Rounding, SessionType, Settings, Standing, Variant,
};
use crate::domain::{Error, Timestamp};
use crate::engine::{PersonWish, SessionWish};
use chrono::NaiveDate;
use serde::Deserialize;

/// A contract to open.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewContract {
    organization: String,
    name: String,
    variant: String,
    starts: NaiveDate,
    months: i64,
    headcount_kw: Option<i64>,
    employees: Option<i64>,
    active_users: Option<i64>,
    migrating: Option<i64>,
    #[serde(default)]
    affiliates: Vec<String>,
    price_minor: i64,
    currency: String,
    #[serde(default)]
    settings: Chosen,
}

/// Settings that were chosen; the others are those of the variant.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    rounding: Option<String>,
    months: Option<String>,
    remainder: Option<String>,
    deployed: Option<String>,
    missing: Option<String>,
    #[serde(default)]
    enterprise_agreement: bool,
}

impl Chosen {
    fn settings(&self, variant: Variant) -> domain::Result<Settings> {
        let mut settings = Settings::of(variant);
        if let Some(code) = &self.rounding {
            settings.rounding = Rounding::of("rounding", code)?;
        }
        if let Some(code) = &self.months {
            settings.months = MonthRule::of("months", code)?;
        }
        if let Some(code) = &self.remainder {
            settings.remainder = Remainder::of("remainder", code)?;
        }
        if let Some(code) = &self.deployed {
            settings.deployed = Deployed::of("deployed", code)?;
        }
        if let Some(code) = &self.missing {
            settings.missing = Missing::of("missing", code)?;
        }
        settings.enterprise_agreement = self.enterprise_agreement;
        Ok(settings)
    }
}

impl NewContract {
    /// The organization's key, and what is wanted.
    pub(super) fn wish(self) -> domain::Result<(String, Wish)> {
        let variant = Variant::of("variant", &self.variant)?;
        let currency = Currency::of("currency", &self.currency)?;
        let wish = Wish {
            settings: self.settings.settings(variant)?,
            variant,
            name: self.name,
            starts: self.starts,
            months: self.months,
            headcount_kw: self.headcount_kw,
            employees: self.employees,
            active_users: self.active_users,
            migrating: self.migrating,
            affiliates: self.affiliates,
            price: Price::new(self.price_minor, currency),
        };
        Ok((self.organization, wish))
    }
}

/// An order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrder {
    number: String,
    #[serde(default)]
    lines: Vec<Line>,
    headcount: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    service: String,
    quantity: i64,
}

impl NewOrder {
    pub(super) fn wish(self) -> domain::Result<(String, Vec<OrderLine>, Option<i64>)> {
        let line = |line: &Line| {
            let service = Service::of("service", &line.service)?;
            Ok(OrderLine { service, quantity: line.quantity })
        };
        let lines = self.lines.iter().map(line).collect::<domain::Result<_>>()?;
        Ok((self.number, lines, self.headcount))
    }
}

/// The term that follows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTerm {
    months: i64,
    headcount: Option<i64>,
    #[serde(default)]
    reset: bool,
}

impl NewTerm {
    pub(super) fn wish(self) -> Renewal {
        let Self { months, headcount, reset } = self;
        Renewal { months, headcount, reset }
    }
}

/// A correction.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Correction {
    reference: String,
    #[serde(default)]
    minimum: i64,
    #[serde(default)]
    fee_minor: i64,
    reason: String,
}

impl Correction {
    pub(super) fn wish(self) -> Adjustment {
        let Self { reference, minimum, fee_minor, reason } = self;
        Adjustment { reference, minimum, fee_minor, reason }
    }
}

/// A True Forward that may wait for a word.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirm {
    #[serde(default)]
    pub(super) confirm: bool,
}

/// Sessions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    #[serde(default)]
    sessions: Vec<Session>,
    #[serde(default)]
    empty_months: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    id: String,
    host: String,
    alternate: Option<String>,
    scheduled_by: Option<String>,
    r#type: String,
    launch: String,
    #[serde(default)]
    scheduled: bool,
    deployment: String,
    started_at: String,
}

impl Session {
    fn wish(self) -> domain::Result<SessionWish> {
        let started_at = Timestamp::parse(&self.started_at).ok_or_else(|| {
            let problem = format!("{} is not like 2026-01-05T09:00:00Z", self.started_at);
            Error::invalid("started_at", problem)
        })?;
        Ok(SessionWish {
            session_type: SessionType::of("type", &self.r#type)?,
            launch: Launch::of("launch", &self.launch)?,
            deployment: Deployment::of("deployment", &self.deployment)?,
            id: self.id,
            host: self.host,
            alternate: self.alternate,
            scheduled_by: self.scheduled_by,
            scheduled: self.scheduled,
            started_at,
        })
    }
}

impl Report {
    pub(super) fn wish(self) -> domain::Result<(Vec<SessionWish>, Vec<i64>)> {
        let sessions = self.sessions.into_iter().map(Session::wish);
        Ok((sessions.collect::<domain::Result<_>>()?, self.empty_months))
    }
}

/// People.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct People {
    people: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    key: String,
    name: String,
    employment: String,
    on_behalf: Option<bool>,
    under_contract: Option<bool>,
    has_access: Option<bool>,
    affiliate: Option<String>,
    account: Option<String>,
}

impl Person {
    fn wish(self) -> domain::Result<PersonWish> {
        let missing = |field| Error::invalid(field, format!("{} needs it", self.key));
        let standing = match Employment::of("employment", &self.employment)? {
            Employment::Employee => Standing::Employee,
            Employment::Contractor => Standing::Contractor {
                on_behalf: self.on_behalf.ok_or_else(|| missing("on_behalf"))?,
                under_contract: self.under_contract.ok_or_else(|| missing("under_contract"))?,
                has_access: self.has_access.ok_or_else(|| missing("has_access"))?,
            },
            Employment::Affiliate => {
                Standing::Affiliate(self.affiliate.clone().ok_or_else(|| missing("affiliate"))?)
            }
        };
        Ok(PersonWish { key: self.key, name: self.name, standing, account: self.account })
    }
}

impl People {
    pub(super) fn wish(self) -> domain::Result<Vec<PersonWish>> {
        self.people.into_iter().map(Person::wish).collect()
    }
}

/// An account for somebody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Enable {
    pub(super) key: String,
    pub(super) account: String,
}

/// Somebody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Who {
    pub(super) key: String,
}
