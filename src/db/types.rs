//! How ids and words are read back; what we did not write is an error.

use super::error::{Error, Result};
use crate::domain::Timestamp;
use chrono::NaiveDateTime;
use std::str::FromStr;

/// An id from its text.
pub(super) fn id<T: FromStr>(what: &'static str, text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::corrupt(what, text))
}

/// An optional id from its text.
pub(super) fn optional_id<T: FromStr>(what: &'static str, text: Option<&str>) -> Result<Option<T>> {
    text.map(|text| id(what, text)).transpose()
}

/// A word of a closed list.
pub(super) fn word<T>(what: &'static str, text: &str, parse: fn(&str) -> Option<T>) -> Result<T> {
    parse(text).ok_or_else(|| Error::corrupt(what, text))
}

/// An optional instant.
pub(super) fn instant(naive: Option<NaiveDateTime>) -> Option<Timestamp> {
    naive.map(Timestamp::from_naive)
}

/// What a search looks for with `LIKE … ESCAPE '\'`: the folded text anywhere.
pub(super) fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars().flat_map(char::to_lowercase) {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
