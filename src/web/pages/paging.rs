//! Pages of long tables: what the address asks for, and the links under the table.

use super::ask::{Ask, Failure, Fields};
use super::filters::grouped;
use super::view::{PageSize, Pager};
use crate::domain::Error;
use crate::domain::paging::{Page, Seek};
use std::fmt::Display;
use std::str::FromStr;

/// The page sizes on offer; the first one is the default.
const SIZES: [i64; 3] = [20, 50, 100];

/// Names in the address that say where a page begins.
const PLACES: [&str; 3] = ["after", "before", "last"];

/// Rows on a page, as the address asks.
pub fn rows(query: &Fields) -> Result<i64, Failure> {
    let Some(text) = query.some("rows") else { return Ok(SIZES[0]) };
    let wanted = text.parse().ok().filter(|rows| SIZES.contains(rows));
    Ok(wanted.ok_or_else(|| {
        Error::invalid("rows", format!("{text} is no page size; choose 20, 50 or 100"))
    })?)
}

/// Where the page begins, as the address asks.
pub fn seek<K: FromStr>(query: &Fields) -> Result<Seek<K>, Failure> {
    let key = |name: &'static str, text: &str| {
        text.parse().map_err(|_| Error::invalid(name, format!("{text} is no row of this table")))
    };
    if let Some(text) = query.some("after") {
        return Ok(Seek::After(key("after", text)?));
    }
    if let Some(text) = query.some("before") {
        return Ok(Seek::Before(key("before", text)?));
    }
    Ok(if query.yes("last") { Seek::Last } else { Seek::First })
}

/// The links under a page that the database cut.
pub fn pager<T, K: Display>(
    ask: &Ask,
    page: &Page<T>,
    key: impl Fn(&T) -> K,
    noun: &str,
) -> Result<Pager, Failure> {
    let rows = rows(&ask.query)?;
    let edge = |row: Option<&T>| row.map(|row| key(row).to_string());
    let (first, last) = (edge(page.items.first()), edge(page.items.last()));
    let count = counted(page.items.len(), noun);
    let whole = !page.has_previous && !page.has_next;
    let summary = if whole { count } else { format!("{count} on this page") };
    let flags = (page.has_previous, page.has_next);
    Ok(links(&ask.query, rows, (first, last), flags, summary))
}

/// Cuts a page out of a list that is here already, with its links.
pub fn cut<T>(
    ask: &Ask,
    all: Vec<T>,
    key: impl Fn(&T) -> String,
    noun: &str,
) -> Result<(Vec<T>, Pager), Failure> {
    let limit = rows(&ask.query)?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let total = all.len();
    let index = |wanted: &str| all.iter().position(|row| key(row) == wanted);
    let start = match seek::<String>(&ask.query)? {
        Seek::First => 0,
        Seek::After(wanted) => index(&wanted).map_or(0, |at| at + 1),
        Seek::Before(wanted) => index(&wanted).map_or(0, |at| at.saturating_sub(size)),
        Seek::Last => total.saturating_sub(size),
    };
    let items: Vec<T> = all.into_iter().skip(start).take(size).collect();
    let end = start + items.len();
    let summary = if items.len() == total {
        counted(total, noun)
    } else {
        format!("{}–{} of {}", start + 1, end, counted(total, noun))
    };
    let edge = |row: Option<&T>| row.map(&key);
    let edges = (edge(items.first()), edge(items.last()));
    let pager = links(&ask.query, limit, edges, (start > 0, end < total), summary);
    Ok((items, pager))
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn links(
    query: &Fields,
    rows: i64,
    (first, last): (Option<String>, Option<String>),
    (has_previous, has_next): (bool, bool),
    summary: String,
) -> Pager {
    let to = |name: &str, value: &str| address(query, &PLACES, &[(name, value)]);
    let size = |size: i64| PageSize {
        rows: size,
        href: address(query, &["after", "before", "last", "rows"], &[("rows", &size.to_string())]),
        current: size == rows,
    };
    let long = has_previous || has_next || rows != SIZES[0];
    Pager {
        first: has_previous.then(|| address(query, &PLACES, &[])),
        previous: first.filter(|_| has_previous).map(|key| to("before", &key)),
        next: last.filter(|_| has_next).map(|key| to("after", &key)),
        last: has_next.then(|| to("last", "yes")),
        sizes: if long { SIZES.map(size).into() } else { Vec::new() },
        summary,
    }
}

/// The present address without some names and with others.
fn address(query: &Fields, without: &[&str], with: &[(&str, &str)]) -> String {
    let kept = query
        .0
        .iter()
        .filter(|(name, value)| !value.is_empty() && !without.contains(&name.as_str()));
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    let pairs: Vec<(&str, &str)> = kept.chain(with.iter().copied()).collect();
    format!("?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Fields {
        Fields(serde_urlencoded::from_str(text).unwrap())
    }

    /// ui.md, tables: filters stay in the address while one pages.
    #[test]
    fn links_keep_the_filter_and_forget_the_place() {
        let query = query("search=a%26b&rows=50&after=17");
        let ends = (Some("18".to_owned()), Some("67".to_owned()));
        let pager = links(&query, 50, ends, (true, true), String::new());
        assert_eq!(pager.first.unwrap(), "?search=a%26b&rows=50");
        assert_eq!(pager.previous.unwrap(), "?search=a%26b&rows=50&before=18");
        assert_eq!(pager.next.unwrap(), "?search=a%26b&rows=50&after=67");
        assert_eq!(pager.last.unwrap(), "?search=a%26b&rows=50&last=yes");
        assert_eq!(pager.sizes[2].href, "?search=a%26b&rows=100");
    }

    /// A-SHL-06: a short table has no pager, a wrong size is an error.
    #[test]
    fn a_short_table_has_no_links_and_a_wrong_size_is_refused() {
        let pager = links(&query(""), 20, (None, None), (false, false), "4 tokens".into());
        assert!(pager.single() && pager.sizes.is_empty());
        assert!(rows(&query("rows=21")).is_err());
        assert_eq!(rows(&query("rows=100")).unwrap(), 100);
        assert!(seek::<u32>(&query("after=x")).is_err());
    }
}
