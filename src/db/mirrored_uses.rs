//! What mirrored product instances use: in the row that tells of each, as `license=count` by comma.
//!
//! A satellite tells all that an instance uses together, and nobody here changes one of it. As rows
//! of their own, with their indexes, they were half of what a first synchronization wrote.

use super::conn::on_backend;
use super::schema::{instances, mirrors as table};
use super::types;
use super::{Conn, Result, instance_row};
use crate::db::Error;
use crate::domain::id::{EntitlementId, InstanceId, VirtualAccountId};
use diesel::prelude::*;

/// Licenses with how many of each, never zero.
pub(super) type Uses = Vec<(EntitlementId, i64)>;

/// The words of a row.
pub(super) fn written(uses: &[(EntitlementId, i64)]) -> String {
    // A license has 36 characters, and a count seldom more than three.
    let mut words = String::with_capacity(uses.len() * 41);
    for (license, count) in uses {
        if !words.is_empty() {
            words.push(',');
        }
        words.push_str(&license.to_string());
        words.push('=');
        words.push_str(&count.to_string());
    }
    words
}

/// What the words of a row say, in the order of the licenses.
pub(super) fn read(words: &str) -> Result<Uses> {
    let corrupt = || Error::corrupt("use of a mirrored instance", words.to_owned());
    let told = words.split(',').filter(|word| !word.is_empty());
    let one = |word: &str| {
        let (license, count) = word.split_once('=').ok_or_else(corrupt)?;
        Ok((types::id("entitlement id", license)?, count.parse().map_err(|_| corrupt())?))
    };
    let mut uses = told.map(one).collect::<Result<Uses>>()?;
    uses.sort_unstable();
    Ok(uses)
}

/// What one instance uses; nothing when it is not mirrored.
pub(super) fn of(conn: &mut Conn, instance: InstanceId) -> Result<Uses> {
    let own = table::table.find(instance.to_string()).select(table::uses);
    let words: Option<String> = on_backend!(conn => own.get_result(conn)).optional()?;
    words.map_or_else(|| Ok(Uses::new()), |words| read(&words))
}

/// What those of some instances use that are mirrored.
pub(super) fn of_all(conn: &mut Conn, some: &[String]) -> Result<Vec<(InstanceId, Uses)>> {
    let rows: Vec<(String, String)> = table::table
        .filter(table::instance_id.eq_any(some))
        .select((table::instance_id, table::uses))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, words)| Ok((types::id("instance id", &id)?, read(&words)?)))
        .collect()
}

/// The mirrored instances of a virtual account that use a license, with how many.
pub(super) fn users(
    conn: &mut Conn,
    at: VirtualAccountId,
    license: EntitlementId,
) -> Result<Vec<(i64, instance_row::Row)>> {
    let rows: Vec<(String, instance_row::Row)> = table::table
        .inner_join(instances::table.on(instances::id.eq(table::instance_id)))
        .filter(instances::virtual_account_id.eq(at.to_string()))
        .filter(table::uses.like(format!("%{license}=%")))
        .select((table::uses, instances::all_columns))
        .load(conn)?;
    let mut users = Vec::with_capacity(rows.len());
    for (words, row) in rows {
        let count = read(&words)?.into_iter().find(|(id, _)| *id == license);
        users.extend(count.map(|(_, count)| (count, row)));
    }
    Ok(users)
}

/// What some of the mirrored instances use, or all of them, with where they are.
pub(super) fn placed(
    conn: &mut Conn,
    some: Option<&[String]>,
) -> Result<Vec<(VirtualAccountId, Uses)>> {
    let mut wanted = table::table
        .inner_join(instances::table.on(instances::id.eq(table::instance_id)))
        .select((instances::virtual_account_id, table::uses))
        .into_boxed();
    if let Some(some) = some {
        wanted = wanted.filter(table::instance_id.eq_any(some));
    }
    let rows: Vec<(String, String)> = wanted.load(conn)?;
    let placed = |(place, words): (String, String)| {
        Ok((types::id("virtual account id", &place)?, read(&words)?))
    };
    rows.into_iter().map(placed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// B-SYN-07: what is written is read; what is no use is told as corrupt.
    #[test]
    fn words_are_read_as_they_were_written() {
        let [one, two] = [1, 2].map(|n| EntitlementId(Uuid::from_u128(n)));
        for uses in [vec![], vec![(one, 5)], vec![(one, 1), (two, i64::MAX)]] {
            assert_eq!(read(&written(&uses)).unwrap(), uses);
        }
        assert_eq!(read(&format!("{two}=1,{one}=2")).unwrap(), [(one, 2), (two, 1)]);
        for broken in ["x", "x=1", "00000000-0000-0000-0000-000000000001=many"] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}
