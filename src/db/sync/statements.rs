//! The statements that a request of a hundred thousand instances runs so often, each with a fixed
//! text, so that it is prepared once (`db::hot` tells why).

use super::super::conn::on_backend;
use super::super::hot::{Stamp, fixed};
use super::super::{Conn, Result};
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Nullable, Text, Timestamp};
use diesel::{QueryResult, RunQueryDsl};

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
    /// In which words an instance was told of, what it uses, and in which full request last.
    Tell {
        instance: String => Text,
        digest: String => Text,
        uses: String => Text,
        seen: i64 => BigInt,
    }
    ("UPDATE mirrors SET digest = ", digest as Text),
    (", uses = ", uses as Text),
    (", seen = ", seen as BigInt),
    (" WHERE instance_id = ", instance as Text); ""
}

/// How many rows are added, looked for or marked by one statement.
pub(super) const TOGETHER: usize = 64;

/// How many rows are added together that lie beside each other in each index.
fn beside(_: &Conn) -> usize {
    TOGETHER
}

/// How many that do not.
fn scattered(conn: &Conn) -> usize {
    conn.scattered(TOGETHER)
}

/// Rows of which so many are added by one statement, at most [`TOGETHER`]. Each ends with what is
/// the same in all.
macro_rules! together {
    ($(#[$doc:meta])* $name:ident of $row:ident { $($field:ident: $rust:ty => $sql:ty),+ $(,)? }
        $text:literal, $same:literal; $many:expr) => {
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
                    let mut before = if at == 0 { " (" } else { ", (" };
                    $(
                        out.push_sql(std::mem::replace(&mut before, ", "));
                        out.push_bind_param::<$sql, _>(&row.$field)?;
                    )+
                    out.push_sql($same);
                }
                Ok(())
            }
        }

        impl<const N: usize, C> RunQueryDsl<C> for $name<N> {}

        impl $row {
            /// Adds all of them, many at once.
            pub(super) fn add_all(rows: Vec<Self>, conn: &mut Conn) -> Result<()> {
                let mut rows = rows.into_iter().peekable();
                let many = $many(conn);
                while rows.peek().is_some() {
                    let some: Vec<Self> = rows.by_ref().take(many).collect();
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

together! {
    /// The rows of mirrored instances: no token, no key, no deadline and no alert of their own,
    /// because all of that is the satellite's. Their order by name is not that of the file.
    NewInstances of NewInstance {
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
        identity_issued_at: Stamp => Timestamp,
        identity_expires_at: Stamp => Timestamp,
        last_message_at: Stamp => Timestamp,
        authorized_at: Option<Stamp> => Nullable<Timestamp>,
        authorization_expires_at: Option<Stamp> => Nullable<Timestamp>,
        in_compliance: Option<bool> => Nullable<Bool>,
    }
    "INSERT INTO instances (id, account_id, virtual_account_id, udi_key, udi_pid, udi_serial, \
     udi_vid, udi_uuid, udi_suvi, udi_host, udi_mac, name_key, software_tag, product_name, \
     hostname, export_allowed, reserved, registered_at, last_contact_at, identity_issued_at, \
     identity_expires_at, last_message_at, authorized_at, authorization_expires_at, \
     in_compliance, identity_serial, identity_key, alerting) VALUES",
    ", 0, '', FALSE)"; scattered
}

together! {
    /// Who told of a new instance, and what it uses.
    NewTells of NewTell {
        instance: String => Text,
        uid: String => Text,
        digest: String => Text,
        seen: i64 => BigInt,
        uses: String => Text,
    }
    "INSERT INTO mirrors (instance_id, uid, digest, seen, uses) VALUES", ")"; beside
}

/// Writes the identities of at most [`TOGETHER`] instances into a statement that has places for so
/// many; the last stands in for those that are missing.
fn push_all<'b, DB>(out: &mut AstPass<'_, 'b, DB>, ids: &'b [String]) -> QueryResult<()>
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    let last = ids.last().into_iter().cycle();
    for (at, id) in ids.iter().chain(last).take(TOGETHER).enumerate() {
        out.push_sql(if at == 0 { "(" } else { ", " });
        out.push_bind_param::<Text, _>(id)?;
    }
    out.push_sql(")");
    Ok(())
}

/// A question about at most [`TOGETHER`] instances, whose text is fixed.
macro_rules! among {
    ($(#[$doc:meta])* $name:ident -> $row:ident = ($($rust:ty => $sql:ty),+) $text:literal) => {
        $(#[$doc])*
        pub(super) struct $name<'a>(pub(super) &'a [String]);

        /// One row of the answer.
        pub(super) type $row = ($($rust),+);

        impl QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl Query for $name<'_> {
            type SqlType = ($($sql),+);
        }

        impl<DB> QueryFragment<DB> for $name<'_>
        where
            DB: Backend + HasSqlType<Text>,
            String: ToSql<Text, DB>,
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                out.push_sql($text);
                push_all(&mut out, self.0)
            }
        }

        impl<C> RunQueryDsl<C> for $name<'_> {}

        impl $name<'_> {
            /// The answer.
            pub(super) fn ask(self, conn: &mut Conn) -> Result<Vec<$row>> {
                if self.0.is_empty() {
                    return Ok(Vec::new());
                }
                Ok(on_backend!(conn => self.load::<$row>(conn))?)
            }
        }
    };
}

among! {
    /// Those that are there: where, who has told of them, in which words, and what they use.
    Known -> KnownRow = (
        String => Text, String => Text, Option<String> => Nullable<Text>,
        Option<String> => Nullable<Text>, Option<String> => Nullable<Text>
    )
    "SELECT instances.id, instances.virtual_account_id, mirrors.uid, mirrors.digest, mirrors.uses \
     FROM instances LEFT JOIN mirrors ON mirrors.instance_id = instances.id WHERE instances.id IN "
}

/// That a full request has told of at most [`TOGETHER`] instances again.
pub(super) struct See<'a> {
    pub(super) instances: &'a [String],
    pub(super) seen: i64,
}

impl QueryId for See<'_> {
    type QueryId = See<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<DB> QueryFragment<DB> for See<'_>
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE mirrors SET seen = ");
        out.push_bind_param::<BigInt, _>(&self.seen)?;
        out.push_sql(" WHERE instance_id IN ");
        push_all(&mut out, self.instances)
    }
}

impl<C> RunQueryDsl<C> for See<'_> {}

impl See<'_> {
    /// Carries it out.
    pub(super) fn run(self, conn: &mut Conn) -> Result<()> {
        if !self.instances.is_empty() {
            on_backend!(conn => self.execute(conn))?;
        }
        Ok(())
    }
}
