//! The statements that a request of a hundred thousand instances runs so often, each with a fixed
//! text, so that it is prepared once (`db::hot` tells why).

use super::super::conn::on_backend;
use super::super::hot::{Stamp, fixed};
use super::super::instance_row::name_key;
use super::super::{Conn, Result};
use crate::domain::Timestamp as Instant;
use crate::domain::instance::Instance;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Nullable, Text, Timestamp};
use diesel::{QueryResult, RunQueryDsl};

fixed! {
    /// The row of a mirrored instance: no token, no key, no deadline and no alert of its own,
    /// because all of that is the satellite's.
    Add {
        id: String => Text,
        account: String => Text,
        place: String => Text,
        udi_key: String => Text,
        pid: Option<String> => Nullable<Text>,
        serial: Option<String> => Nullable<Text>,
        vid: Option<String> => Nullable<Text>,
        uuid: Option<String> => Nullable<Text>,
        suvi: Option<String> => Nullable<Text>,
        host: Option<String> => Nullable<Text>,
        mac: Option<String> => Nullable<Text>,
        name_key: String => Text,
        software_tag: String => Text,
        product_name: String => Text,
        hostname: Option<String> => Nullable<Text>,
        export_allowed: bool => Bool,
        reserved: bool => Bool,
        registered_at: Stamp => Timestamp,
        last_contact_at: Stamp => Timestamp,
        authorized_at: Option<Stamp> => Nullable<Timestamp>,
        authorization_expires_at: Option<Stamp> => Nullable<Timestamp>,
        in_compliance: Option<bool> => Nullable<Bool>,
    }
    ("INSERT INTO instances (id, account_id, virtual_account_id, udi_key, udi_pid, udi_serial, \
      udi_vid, udi_uuid, udi_suvi, udi_host, udi_mac, name_key, software_tag, product_name, \
      hostname, export_allowed, token_id, reserved, registered_at, last_contact_at, \
      identity_serial, identity_key, identity_issued_at, identity_expires_at, last_message_at, \
      authorized_at, authorization_expires_at, in_compliance, due_at, alerting, \
      silence_settled_at, certificate_settled_at) VALUES (", id as Text),
    (", ", account as Text),
    (", ", place as Text),
    (", ", udi_key as Text),
    (", ", pid as Nullable<Text>),
    (", ", serial as Nullable<Text>),
    (", ", vid as Nullable<Text>),
    (", ", uuid as Nullable<Text>),
    (", ", suvi as Nullable<Text>),
    (", ", host as Nullable<Text>),
    (", ", mac as Nullable<Text>),
    (", ", name_key as Text),
    (", ", software_tag as Text),
    (", ", product_name as Text),
    (", ", hostname as Nullable<Text>),
    (", ", export_allowed as Bool),
    (", NULL, ", reserved as Bool),
    (", ", registered_at as Timestamp),
    (", ", last_contact_at as Timestamp),
    (", 0, '', ", registered_at as Timestamp),
    (", ", registered_at as Timestamp),
    (", ", registered_at as Timestamp),
    (", ", authorized_at as Nullable<Timestamp>),
    (", ", authorization_expires_at as Nullable<Timestamp>),
    (", ", in_compliance as Nullable<Bool>);
    ", NULL, FALSE, NULL, NULL) ON CONFLICT (id) DO NOTHING"
}

fixed! {
    /// What a satellite may change of a mirrored instance's row.
    Edit {
        id: String => Text,
        place: String => Text,
        pid: Option<String> => Nullable<Text>,
        serial: Option<String> => Nullable<Text>,
        vid: Option<String> => Nullable<Text>,
        uuid: Option<String> => Nullable<Text>,
        suvi: Option<String> => Nullable<Text>,
        host: Option<String> => Nullable<Text>,
        mac: Option<String> => Nullable<Text>,
        name_key: String => Text,
        software_tag: String => Text,
        product_name: String => Text,
        hostname: Option<String> => Nullable<Text>,
        export_allowed: bool => Bool,
        reserved: bool => Bool,
        registered_at: Stamp => Timestamp,
        last_contact_at: Stamp => Timestamp,
        authorized_at: Option<Stamp> => Nullable<Timestamp>,
        authorization_expires_at: Option<Stamp> => Nullable<Timestamp>,
        in_compliance: Option<bool> => Nullable<Bool>,
    }
    ("UPDATE instances SET virtual_account_id = ", place as Text),
    (", udi_pid = ", pid as Nullable<Text>),
    (", udi_serial = ", serial as Nullable<Text>),
    (", udi_vid = ", vid as Nullable<Text>),
    (", udi_uuid = ", uuid as Nullable<Text>),
    (", udi_suvi = ", suvi as Nullable<Text>),
    (", udi_host = ", host as Nullable<Text>),
    (", udi_mac = ", mac as Nullable<Text>),
    (", name_key = ", name_key as Text),
    (", software_tag = ", software_tag as Text),
    (", product_name = ", product_name as Text),
    (", hostname = ", hostname as Nullable<Text>),
    (", export_allowed = ", export_allowed as Bool),
    (", reserved = ", reserved as Bool),
    (", registered_at = ", registered_at as Timestamp),
    (", last_contact_at = ", last_contact_at as Timestamp),
    (", authorized_at = ", authorized_at as Nullable<Timestamp>),
    (", authorization_expires_at = ", authorization_expires_at as Nullable<Timestamp>),
    (", in_compliance = ", in_compliance as Nullable<Bool>),
    (" WHERE id = ", id as Text); ""
}

fixed! {
    /// In which words an instance was told of, and in which full request last.
    Tell {
        instance: String => Text,
        digest: String => Text,
        seen: i64 => BigInt,
    }
    ("UPDATE mirrors SET digest = ", digest as Text),
    (", seen = ", seen as BigInt),
    (" WHERE instance_id = ", instance as Text); ""
}

fixed! {
    /// That a full request has told of an instance again.
    See {
        instance: String => Text,
        seen: i64 => BigInt,
    }
    ("UPDATE mirrors SET seen = ", seen as BigInt),
    (" WHERE instance_id = ", instance as Text); ""
}

/// Rows that are added together: as many as the text of the statement has places for.
macro_rules! together {
    ($(#[$doc:meta])* $name:ident of $row:ident { $($field:ident: $rust:ty => $sql:ty),+ $(,)? }
        $text:literal) => {
        $(#[$doc])*
        pub(super) struct $row {
            $(pub(super) $field: $rust),+
        }

        $(#[$doc])*
        struct $name<const N: usize>([$row; N]);

        impl<const N: usize> QueryId for $name<N> {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl<const N: usize, DB> QueryFragment<DB> for $name<N>
        where
            DB: Backend $(+ HasSqlType<$sql>)+,
            $($rust: ToSql<$sql, DB>,)+
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                out.push_sql($text);
                for (at, row) in self.0.iter().enumerate() {
                    let mut before = if at == 0 { " (" } else { "), (" };
                    $(
                        out.push_sql(std::mem::replace(&mut before, ", "));
                        out.push_bind_param::<$sql, _>(&row.$field)?;
                    )+
                }
                out.push_sql(")");
                Ok(())
            }
        }

        impl<const N: usize, C> RunQueryDsl<C> for $name<N> {}

        impl $row {
            /// Adds all of them, many at once.
            pub(super) fn add_all(rows: Vec<Self>, conn: &mut Conn) -> Result<()> {
                let mut rows = rows.into_iter().peekable();
                while rows.peek().is_some() {
                    let some: Vec<Self> = rows.by_ref().take(TOGETHER).collect();
                    match <[Self; TOGETHER]>::try_from(some) {
                        Ok(many) => drop(on_backend!(conn => $name(many).execute(conn))?),
                        Err(few) => {
                            for row in few {
                                on_backend!(conn => $name([row]).execute(conn))?;
                            }
                        }
                    }
                }
                Ok(())
            }
        }
    };
}

/// How many rows are added by one statement.
pub(super) const TOGETHER: usize = 64;

together! {
    /// What a new instance uses of a license.
    NewUses of NewUse {
        instance: String => Text,
        entitlement: String => Text,
        quantity: i64 => BigInt,
    }
    "INSERT INTO usage (instance_id, entitlement_id, quantity) VALUES"
}

together! {
    /// Who told of a new instance.
    NewTells of NewTell {
        instance: String => Text,
        uid: String => Text,
        digest: String => Text,
        seen: i64 => BigInt,
    }
    "INSERT INTO mirrors (instance_id, uid, digest, seen) VALUES"
}

impl Add {
    /// Carries it out; answers whether there was none of that identity.
    pub(super) fn run_if_new(self, conn: &mut Conn) -> Result<bool> {
        Ok(on_backend!(conn => self.execute(conn))? == 1)
    }
}

impl From<&Instance> for Add {
    fn from(instance: &Instance) -> Self {
        let (udi, told) = (&instance.udi, instance.authorization);
        Self {
            id: instance.id.to_string(),
            account: instance.account.to_string(),
            place: instance.virtual_account.to_string(),
            // The same device may be known here by itself, or hide what tells it apart.
            udi_key: format!("mirror:{}", instance.id),
            pid: udi.pid.clone(),
            serial: udi.serial.clone(),
            vid: udi.vid.clone(),
            uuid: udi.uuid.clone(),
            suvi: udi.suvi.clone(),
            host: udi.host_identifier.clone(),
            mac: udi.mac_address.clone(),
            name_key: name_key(instance),
            software_tag: instance.software_tag.clone(),
            product_name: instance.product_name.clone(),
            hostname: instance.hostname.clone(),
            export_allowed: instance.export_allowed,
            reserved: instance.reserved,
            registered_at: instance.registered_at.into(),
            last_contact_at: instance.last_contact_at.into(),
            authorized_at: told.map(|told| Instant::into(told.at)),
            authorization_expires_at: told.map(|told| Instant::into(told.expires_at)),
            in_compliance: told.map(|told| told.in_compliance),
        }
    }
}

impl From<&Instance> for Edit {
    fn from(instance: &Instance) -> Self {
        let row = Add::from(instance);
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
