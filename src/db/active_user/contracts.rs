//! The contracts themselves.

use crate::db::conn::on_backend;
use crate::db::schema::au_contracts as table;
use crate::db::{Conn, Result, types};
use crate::domain::Timestamp;
use crate::domain::active_user::{
    Contract, Currency, Deployed, Missing, MonthRule, Price, Remainder, Renewal, Rounding,
    Settings, State, Term, Variant,
};
use crate::domain::id::{ContractId, OrganizationId};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
struct Row {
    id: String,
    organization_id: String,
    name: String,
    name_key: String,
    variant: String,
    rounding: String,
    month_rule: String,
    remainder: String,
    deployed_rule: String,
    missing_rule: String,
    enterprise_agreement: bool,
    anchor: NaiveDate,
    term_before: i64,
    term_months: i64,
    headcount: i64,
    affiliates: String,
    price_minor: i64,
    currency: String,
    migrating: Option<i64>,
    minimum: i64,
    next_year: i64,
    state: String,
    renewal_months: Option<i64>,
    renewal_headcount: Option<i64>,
    renewal_reset: bool,
    created_at: NaiveDateTime,
    created_by: String,
}

impl From<&Contract> for Row {
    fn from(contract: &Contract) -> Self {
        let settings = &contract.settings;
        Self {
            id: contract.id.to_string(),
            organization_id: contract.organization.to_string(),
            name: contract.name.clone(),
            name_key: contract.name.to_lowercase(),
            variant: contract.variant.code().to_owned(),
            rounding: settings.rounding.code().to_owned(),
            month_rule: settings.months.code().to_owned(),
            remainder: settings.remainder.code().to_owned(),
            deployed_rule: settings.deployed.code().to_owned(),
            missing_rule: settings.missing.code().to_owned(),
            enterprise_agreement: settings.enterprise_agreement,
            anchor: contract.anchor,
            term_before: contract.term.before,
            term_months: contract.term.months,
            headcount: contract.headcount,
            // No name of an affiliate holds a line's end.
            affiliates: contract.affiliates.join("\n"),
            price_minor: contract.price.minor,
            currency: contract.price.currency.code().to_owned(),
            migrating: contract.migrating,
            minimum: contract.minimum,
            next_year: contract.year,
            state: contract.state.code().to_owned(),
            renewal_months: contract.renewal.map(|renewal| renewal.months),
            renewal_headcount: contract.renewal.and_then(|renewal| renewal.headcount),
            renewal_reset: contract.renewal.is_some_and(|renewal| renewal.reset),
            created_at: contract.created_at.naive(),
            created_by: contract.created_by.clone(),
        }
    }
}

impl Row {
    fn settings(&self) -> Result<Settings> {
        Ok(Settings {
            rounding: types::word("rounding", &self.rounding, Rounding::parse)?,
            months: types::word("month rule", &self.month_rule, MonthRule::parse)?,
            remainder: types::word("remainder", &self.remainder, Remainder::parse)?,
            deployed: types::word("deployed rule", &self.deployed_rule, Deployed::parse)?,
            missing: types::word("missing rule", &self.missing_rule, Missing::parse)?,
            enterprise_agreement: self.enterprise_agreement,
        })
    }

    fn domain(self) -> Result<Contract> {
        let currency = types::word("currency", &self.currency, Currency::parse)?;
        let (headcount, reset) = (self.renewal_headcount, self.renewal_reset);
        let settings = self.settings()?;
        Ok(Contract {
            id: types::id("contract id", &self.id)?,
            organization: types::id("organization id", &self.organization_id)?,
            name: self.name,
            variant: types::word("variant", &self.variant, Variant::parse)?,
            settings,
            anchor: self.anchor,
            term: Term { before: self.term_before, months: self.term_months },
            headcount: self.headcount,
            affiliates: self.affiliates.lines().map(str::to_owned).collect(),
            price: Price::new(self.price_minor, currency),
            migrating: self.migrating,
            minimum: self.minimum,
            year: self.next_year,
            state: types::word("contract state", &self.state, State::parse)?,
            renewal: self.renewal_months.map(|months| Renewal { months, headcount, reset }),
            created_at: Timestamp::from_naive(self.created_at),
            created_by: self.created_by,
        })
    }
}

/// Adds a contract.
pub fn insert(conn: &mut Conn, contract: &Contract) -> Result<()> {
    let row = Row::from(contract);
    on_backend!(conn => diesel::insert_into(table::table).values(&row).execute(conn))?;
    Ok(())
}

/// Writes a changed contract.
pub fn save(conn: &mut Conn, contract: &Contract) -> Result<()> {
    let row = Row::from(contract);
    let change = diesel::update(table::table.find(contract.id.to_string())).set(&row);
    on_backend!(conn => change.execute(conn))?;
    Ok(())
}

/// The contract of that identity.
pub fn find(conn: &mut Conn, id: ContractId) -> Result<Option<Contract>> {
    let row = table::table.find(id.to_string()).get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The contract of that name in an organization, in any case.
pub fn named(conn: &mut Conn, of: OrganizationId, name: &str) -> Result<Option<Contract>> {
    let known = table::table
        .filter(table::organization_id.eq(of.to_string()))
        .filter(table::name_key.eq(name.trim().to_lowercase()));
    let row = known.get_result::<Row>(conn).optional()?;
    row.map(Row::domain).transpose()
}

/// The contracts of an organization, by name.
pub fn of_organization(conn: &mut Conn, of: OrganizationId) -> Result<Vec<Contract>> {
    let own = table::table.filter(table::organization_id.eq(of.to_string())).order(table::name_key);
    own.load::<Row>(conn)?.into_iter().map(Row::domain).collect()
}
