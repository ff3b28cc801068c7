//! The row of a license line.

use super::Result;
use super::schema::license_lines as lines;
use super::types;
use crate::domain::Timestamp;
use crate::domain::license::LicenseType;
use crate::domain::line::{Booking, Line, Origin, Source};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = lines, treat_none_as_null = true)]
pub(super) struct LineRow {
    id: String,
    account_id: String,
    virtual_account_id: String,
    entitlement_id: String,
    license_type: String,
    quantity: i64,
    reserved: i64,
    starts: NaiveDate,
    ends: Option<NaiveDate>,
    order_number: Option<String>,
    sku: Option<String>,
    subscription_id: Option<String>,
    booking: String,
    enterprise_agreement: bool,
    portable: bool,
    source: String,
    pak: Option<String>,
    product_serial: Option<String>,
    product_family: Option<String>,
    device_details: Option<String>,
    due_at: Option<NaiveDateTime>,
    settled_at: Option<NaiveDateTime>,
    upstream_id: Option<String>,
}

impl From<&Line> for LineRow {
    fn from(line: &Line) -> Self {
        Self {
            id: line.id.to_string(),
            account_id: line.account.to_string(),
            virtual_account_id: line.virtual_account.to_string(),
            entitlement_id: line.entitlement.to_string(),
            license_type: line.license_type.name().into(),
            quantity: line.quantity,
            reserved: line.reserved,
            starts: line.starts,
            ends: line.ends,
            order_number: line.origin.order_number.clone(),
            sku: line.origin.sku.clone(),
            subscription_id: line.origin.subscription_id.clone(),
            booking: line.booking.code().into(),
            enterprise_agreement: line.enterprise_agreement,
            portable: line.portable,
            source: line.origin.source.code().into(),
            pak: line.origin.pak.clone(),
            product_serial: line.origin.product_serial.clone(),
            product_family: line.origin.family.clone(),
            device_details: line.origin.device_details.clone(),
            due_at: line.due_at.map(Timestamp::naive),
            settled_at: line.settled_at.map(Timestamp::naive),
            upstream_id: line.origin.upstream.map(|id| id.to_string()),
        }
    }
}

impl LineRow {
    pub(super) fn domain(self) -> Result<Line> {
        Ok(Line {
            id: types::id("line id", &self.id)?,
            account: types::id("smart account id", &self.account_id)?,
            virtual_account: types::id("virtual account id", &self.virtual_account_id)?,
            entitlement: types::id("entitlement id", &self.entitlement_id)?,
            license_type: types::word("license type", &self.license_type, LicenseType::parse)?,
            quantity: self.quantity,
            reserved: self.reserved,
            starts: self.starts,
            ends: self.ends,
            booking: types::word("booking", &self.booking, Booking::parse)?,
            enterprise_agreement: self.enterprise_agreement,
            portable: self.portable,
            due_at: types::instant(self.due_at),
            settled_at: types::instant(self.settled_at),
            origin: Origin {
                source: types::word("source", &self.source, Source::parse)?,
                pak: self.pak,
                product_serial: self.product_serial,
                family: self.product_family,
                device_details: self.device_details,
                order_number: self.order_number,
                sku: self.sku,
                subscription_id: self.subscription_id,
                upstream: types::optional_id("line id", self.upstream_id.as_deref())?,
            },
        })
    }
}
