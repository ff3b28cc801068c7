//! The statements of a renewal. diesel prepares every `UPDATE` and every upsert anew, because
//! their text may depend on their values; the text of these does not.

use super::conn::on_backend;
use super::{Conn, Result};
use crate::domain::Timestamp as Instant;
use chrono::NaiveDateTime;
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Bool, HasSqlType, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl};

/// An instant on its way into a row: the text is the one that diesel would write, but without
/// reading a format each time, and made where the row is made, not by the writer.
#[derive(Debug)]
pub(super) struct Stamp {
    at: NaiveDateTime,
    text: String,
}

impl From<Instant> for Stamp {
    fn from(instant: Instant) -> Self {
        let at = instant.naive();
        Self { at, text: at.to_string() }
    }
}

impl ToSql<Timestamp, Sqlite> for Stamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.text.as_str());
        Ok(IsNull::No)
    }
}

impl ToSql<Timestamp, Pg> for Stamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Timestamp, Pg>::to_sql(&self.at, out)
    }
}

/// A statement whose text is fixed: prepared once for each connection.
macro_rules! fixed {
    (
        $(#[$doc:meta])*
        $name:ident { $($field:ident: $rust:ty => $sql:ty),+ $(,)? }
        $(($text:literal, $value:ident as $as:ty)),+ ; $end:literal
    ) => {
        $(#[$doc])*
        pub(super) struct $name {
            $(pub(super) $field: $rust),+
        }

        impl QueryId for $name {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl<DB> QueryFragment<DB> for $name
        where
            DB: Backend $(+ HasSqlType<$sql>)+,
            $($rust: ToSql<$sql, DB>,)+
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                $(
                    out.push_sql($text);
                    out.push_bind_param::<$as, _>(&self.$value)?;
                )+
                out.push_sql($end);
                Ok(())
            }
        }

        impl<C> RunQueryDsl<C> for $name {}

        impl $name {
            /// Carries it out.
            pub(super) fn run(self, conn: &mut Conn) -> Result<()> {
                on_backend!(conn => self.execute(conn))?;
                Ok(())
            }
        }
    };
}

fixed! {
    /// What a contact changes of an instance's row.
    Contact {
        id: String => Text,
        at: Stamp => Timestamp,
        message_at: Stamp => Timestamp,
        authorized_at: Option<Stamp> => Nullable<Timestamp>,
        expires_at: Option<Stamp> => Nullable<Timestamp>,
        in_compliance: Option<bool> => Nullable<Bool>,
    }
    ("UPDATE instances SET last_contact_at = ", at as Timestamp),
    (", last_message_at = ", message_at as Timestamp),
    (", authorized_at = ", authorized_at as Nullable<Timestamp>),
    (", authorization_expires_at = ", expires_at as Nullable<Timestamp>),
    (", in_compliance = ", in_compliance as Nullable<Bool>),
    (" WHERE id = ", id as Text); ""
}

fixed! {
    /// How many of a license an instance reports.
    Use {
        instance: String => Text,
        entitlement: String => Text,
        quantity: i64 => BigInt,
    }
    ("INSERT INTO usage (instance_id, entitlement_id, quantity) VALUES (", instance as Text),
    (", ", entitlement as Text),
    (", ", quantity as BigInt);
    ") ON CONFLICT (instance_id, entitlement_id) DO UPDATE SET quantity = excluded.quantity"
}

fixed! {
    /// How much the sum of a virtual account's use of a license changes.
    Sum {
        place: String => Text,
        entitlement: String => Text,
        change: i64 => BigInt,
    }
    ("INSERT INTO pools (virtual_account_id, entitlement_id, reported) VALUES (", place as Text),
    (", ", entitlement as Text),
    (", ", change as BigInt);
    ") ON CONFLICT (virtual_account_id, entitlement_id) \
      DO UPDATE SET reported = pools.reported + excluded.reported"
}

fixed! {
    /// An event of a log.
    Event {
        id: String => Text,
        account: String => Text,
        place: Option<String> => Nullable<Text>,
        at: Stamp => Timestamp,
        kind: &'static str => Text,
        message: String => Text,
        actor: String => Text,
        instance: Option<String> => Nullable<Text>,
        entitlement: Option<String> => Nullable<Text>,
    }
    ("INSERT INTO events (id, account_id, virtual_account_id, at, kind, message, actor, \
      instance_id, entitlement_id) VALUES (", id as Text),
    (", ", account as Text),
    (", ", place as Nullable<Text>),
    (", ", at as Timestamp),
    (", ", kind as Text),
    (", ", message as Text),
    (", ", actor as Text),
    (", ", instance as Nullable<Text>),
    (", ", entitlement as Nullable<Text>);
    ")"
}

/// What a unit of work needs around it, prepared once too.
macro_rules! bare {
    ($($(#[$doc:meta])* $name:ident => $text:literal),+ $(,)?) => {$(
        $(#[$doc])*
        pub(super) struct $name;

        impl QueryId for $name {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl<DB: Backend> QueryFragment<DB> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                out.push_sql($text);
                Ok(())
            }
        }

        impl<C> RunQueryDsl<C> for $name {}

        impl $name {
            /// Carries it out.
            pub(super) fn run(self, conn: &mut Conn) -> QueryResult<()> {
                on_backend!(conn => self.execute(conn)).map(drop)
            }
        }
    )+};
}

pub(super) use fixed;

bare! {
    /// Begins a savepoint.
    Begin => "SAVEPOINT unit",
    /// Ends it, keeping its work.
    Keep => "RELEASE unit",
    /// Undoes its work, and leaves it standing.
    Undo => "ROLLBACK TO unit",
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deadlines are compared as text on SQLite: each row must have the one form that diesel
    /// writes elsewhere.
    #[test]
    fn a_stamp_is_written_as_diesel_writes_it() {
        for text in [
            "2026-01-05T09:00:00Z",
            "2026-01-05T09:00:00.001Z",
            "1970-01-02T00:00:00.120Z",
            "8999-12-31T23:59:59.999Z",
        ] {
            let stamp = Stamp::from(Instant::parse(text).unwrap());
            assert_eq!(stamp.text, stamp.at.format("%F %T%.f").to_string(), "{text}");
        }
    }
}
