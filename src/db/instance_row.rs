//! The row of a product instance.

use super::schema::instances as table;
use super::types;
use super::{Error, Result};
use crate::domain::Timestamp;
use crate::domain::instance::{Authorized, Identity, Instance, Settled, Udi};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
pub(super) struct Row {
    id: String,
    account_id: String,
    virtual_account_id: String,
    udi_key: String,
    udi_pid: Option<String>,
    udi_serial: Option<String>,
    udi_vid: Option<String>,
    udi_uuid: Option<String>,
    udi_suvi: Option<String>,
    udi_host: Option<String>,
    udi_mac: Option<String>,
    name_key: String,
    software_tag: String,
    product_name: String,
    hostname: Option<String>,
    export_allowed: bool,
    token_id: Option<String>,
    reserved: bool,
    registered_at: NaiveDateTime,
    last_contact_at: NaiveDateTime,
    identity_serial: i64,
    identity_key: String,
    identity_issued_at: NaiveDateTime,
    identity_expires_at: NaiveDateTime,
    last_message_at: NaiveDateTime,
    authorized_at: Option<NaiveDateTime>,
    authorization_expires_at: Option<NaiveDateTime>,
    in_compliance: Option<bool>,
    due_at: Option<NaiveDateTime>,
    alerting: bool,
    silence_settled_at: Option<NaiveDateTime>,
    certificate_settled_at: Option<NaiveDateTime>,
}

impl Row {
    /// What lists are in the order of.
    pub(super) fn order(&self) -> (&str, &str) {
        (&self.name_key, &self.id)
    }
}

impl From<&Instance> for Row {
    fn from(instance: &Instance) -> Self {
        let (udi, identity, told) = (&instance.udi, &instance.identity, instance.authorization);
        Self {
            id: instance.id.to_string(),
            account_id: instance.account.to_string(),
            virtual_account_id: instance.virtual_account.to_string(),
            udi_key: udi_key(instance),
            udi_pid: udi.pid.clone(),
            udi_serial: udi.serial.clone(),
            udi_vid: udi.vid.clone(),
            udi_uuid: udi.uuid.clone(),
            udi_suvi: udi.suvi.clone(),
            udi_host: udi.host_identifier.clone(),
            udi_mac: udi.mac_address.clone(),
            name_key: name_key(instance),
            software_tag: instance.software_tag.clone(),
            product_name: instance.product_name.clone(),
            hostname: instance.hostname.clone(),
            export_allowed: instance.export_allowed,
            token_id: instance.token.map(|t| t.to_string()),
            reserved: instance.reserved,
            registered_at: instance.registered_at.naive(),
            last_contact_at: instance.last_contact_at.naive(),
            identity_serial: identity.serial,
            identity_key: identity.public_key.clone(),
            identity_issued_at: identity.issued_at.naive(),
            identity_expires_at: identity.expires_at.naive(),
            last_message_at: identity.last_message_at.naive(),
            authorized_at: told.map(|a| a.at.naive()),
            authorization_expires_at: told.map(|a| a.expires_at.naive()),
            in_compliance: told.map(|a| a.in_compliance),
            due_at: instance.due_at.map(Timestamp::naive),
            alerting: instance.alerting,
            silence_settled_at: instance.settled.silence.map(Timestamp::naive),
            certificate_settled_at: instance.settled.certificate.map(Timestamp::naive),
        }
    }
}

/// What no other row has. A satellite's instance may be known here by itself too, or hide what
/// tells devices apart.
pub(super) fn udi_key(instance: &Instance) -> String {
    if instance.is_mirrored() { format!("mirror:{}", instance.id) } else { instance.udi.key() }
}

/// Sorted and searched by: name first, then everything else a person may type.
pub(super) fn name_key(instance: &Instance) -> String {
    let parts = [instance.name(), instance.udi.display(), instance.product_name.clone()];
    parts.join(" ").to_lowercase()
}

impl Row {
    fn authorization(&self) -> Result<Option<Authorized>> {
        match (self.authorized_at, self.authorization_expires_at, self.in_compliance) {
            (Some(at), Some(end), Some(in_compliance)) => Ok(Some(Authorized {
                at: Timestamp::from_naive(at),
                expires_at: Timestamp::from_naive(end),
                in_compliance,
            })),
            (None, None, None) => Ok(None),
            _ => Err(Error::corrupt("authorization", self.id.clone())),
        }
    }

    pub(super) fn domain(self) -> Result<Instance> {
        let authorization = self.authorization()?;
        Ok(Instance {
            id: types::id("instance id", &self.id)?,
            account: types::id("smart account id", &self.account_id)?,
            virtual_account: types::id("virtual account id", &self.virtual_account_id)?,
            udi: Udi {
                pid: self.udi_pid,
                serial: self.udi_serial,
                vid: self.udi_vid,
                uuid: self.udi_uuid,
                suvi: self.udi_suvi,
                host_identifier: self.udi_host,
                mac_address: self.udi_mac,
            },
            software_tag: self.software_tag,
            product_name: self.product_name,
            hostname: self.hostname,
            export_allowed: self.export_allowed,
            token: types::optional_id("token id", self.token_id.as_deref())?,
            registered_at: Timestamp::from_naive(self.registered_at),
            last_contact_at: Timestamp::from_naive(self.last_contact_at),
            identity: Identity {
                serial: self.identity_serial,
                public_key: self.identity_key,
                issued_at: Timestamp::from_naive(self.identity_issued_at),
                expires_at: Timestamp::from_naive(self.identity_expires_at),
                last_message_at: Timestamp::from_naive(self.last_message_at),
            },
            authorization,
            reserved: self.reserved,
            due_at: types::instant(self.due_at),
            alerting: self.alerting,
            settled: Settled {
                silence: types::instant(self.silence_settled_at),
                certificate: types::instant(self.certificate_settled_at),
            },
        })
    }
}
