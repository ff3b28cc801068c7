//! Mirrored instances on their way into rows.

use super::super::hot::Stamp;
use super::super::instance_row::{name_key, udi_key};
use super::statements::{Edit, NewInstance};
use crate::domain::Timestamp;
use crate::domain::instance::Instance;

impl From<Instance> for NewInstance {
    fn from(instance: Instance) -> Self {
        let (udi_key, name_key) = (udi_key(&instance), name_key(&instance));
        let stamp = |at: Timestamp| Stamp::from(at);
        let (udi, identity, told) = (instance.udi, instance.identity, instance.authorization);
        Self {
            id: instance.id.to_string(),
            account: instance.account.to_string(),
            place: instance.virtual_account.to_string(),
            udi_key,
            pid: udi.pid,
            serial: udi.serial,
            vid: udi.vid,
            uuid: udi.uuid,
            suvi: udi.suvi,
            host: udi.host_identifier,
            mac: udi.mac_address,
            name_key,
            software_tag: instance.software_tag,
            product_name: instance.product_name,
            hostname: instance.hostname,
            export_allowed: instance.export_allowed,
            reserved: instance.reserved,
            registered_at: stamp(instance.registered_at),
            last_contact_at: stamp(instance.last_contact_at),
            identity_issued_at: stamp(identity.issued_at),
            identity_expires_at: stamp(identity.expires_at),
            last_message_at: stamp(identity.last_message_at),
            authorized_at: told.map(|told| stamp(told.at)),
            authorization_expires_at: told.map(|told| stamp(told.expires_at)),
            in_compliance: told.map(|told| told.in_compliance),
        }
    }
}

impl From<NewInstance> for Edit {
    fn from(row: NewInstance) -> Self {
        Self {
            id: row.id,
            place: row.place,
            pid: row.pid,
            serial: row.serial,
            vid: row.vid,
            uuid: row.uuid,
            suvi: row.suvi,
            host: row.host,
            mac: row.mac,
            name_key: row.name_key,
            software_tag: row.software_tag,
            product_name: row.product_name,
            hostname: row.hostname,
            export_allowed: row.export_allowed,
            reserved: row.reserved,
            registered_at: row.registered_at,
            last_contact_at: row.last_contact_at,
            authorized_at: row.authorized_at,
            authorization_expires_at: row.authorization_expires_at,
            in_compliance: row.in_compliance,
        }
    }
}
