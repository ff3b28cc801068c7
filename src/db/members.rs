//! The units of high-availability groups, stored.

use super::conn::on_backend;
use super::schema::{instance_members as table, instances};
use super::{Conn, Error, Result, instance_row};
use crate::domain::group::{Member, Role};
use crate::domain::id::InstanceId;
use crate::domain::instance::{Instance, Udi};
use diesel::prelude::*;

#[derive(Queryable, Insertable)]
#[diesel(table_name = table)]
struct Row {
    udi_key: String,
    instance_id: String,
    position: i64,
    role: String,
    udi_pid: Option<String>,
    udi_serial: Option<String>,
    udi_vid: Option<String>,
    udi_uuid: Option<String>,
    udi_suvi: Option<String>,
    udi_host: Option<String>,
    udi_mac: Option<String>,
    search_key: String,
}

impl Row {
    fn new(of: InstanceId, position: i64, member: &Member) -> Self {
        let udi = &member.udi;
        Self {
            udi_key: udi.key(),
            instance_id: of.to_string(),
            position,
            role: member.role.name().to_owned(),
            udi_pid: udi.pid.clone(),
            udi_serial: udi.serial.clone(),
            udi_vid: udi.vid.clone(),
            udi_uuid: udi.uuid.clone(),
            udi_suvi: udi.suvi.clone(),
            udi_host: udi.host_identifier.clone(),
            udi_mac: udi.mac_address.clone(),
            search_key: udi.display().to_lowercase(),
        }
    }

    fn domain(self) -> Result<Member> {
        let role = Role::parse(&self.role).ok_or_else(|| Error::corrupt("role", &self.role))?;
        Ok(Member {
            role,
            udi: Udi {
                pid: self.udi_pid,
                serial: self.udi_serial,
                vid: self.udi_vid,
                uuid: self.udi_uuid,
                suvi: self.udi_suvi,
                host_identifier: self.udi_host,
                mac_address: self.udi_mac,
            },
        })
    }
}

/// Adds the group of a product instance that has none yet.
pub fn insert(conn: &mut Conn, of: InstanceId, members: &[Member]) -> Result<()> {
    for (position, member) in (0_i64..).zip(members) {
        let row = Row::new(of, position, member);
        on_backend!(conn => diesel::insert_into(table::table).values(&row).execute(conn))?;
    }
    Ok(())
}

/// The group of a product instance, in the order in which it was told.
pub fn of_instance(conn: &mut Conn, id: InstanceId) -> Result<Vec<Member>> {
    let own = table::table.filter(table::instance_id.eq(id.to_string())).order(table::position);
    let rows = on_backend!(conn => own.load::<Row>(conn))?;
    rows.into_iter().map(Row::domain).collect()
}

/// The product instance in whose group a device is a unit.
pub fn holder(conn: &mut Conn, key: &str) -> Result<Option<Instance>> {
    let held = table::table.filter(table::udi_key.eq(key)).select(table::instance_id);
    let wanted = instances::table.filter(instances::id.eq_any(held));
    let row = on_backend!(conn => wanted.get_result::<instance_row::Row>(conn)).optional()?;
    row.map(instance_row::Row::domain).transpose()
}

/// Takes a device out of the group that it is a unit of.
pub fn remove(conn: &mut Conn, key: &str) -> Result<()> {
    diesel::delete(table::table.find(key)).execute(conn)?;
    Ok(())
}
