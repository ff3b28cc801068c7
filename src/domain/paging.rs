//! Pages of lists: keyset for people, limit and offset for the REST API.

use super::error::{Error, Result};

/// Where a page of a long list begins; the key is the id of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Seek<K> {
    /// The first page.
    #[default]
    First,
    /// The rows after that row.
    After(K),
    /// The rows before that row.
    Before(K),
    /// The last page.
    Last,
}

/// A page of a long list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// Whether rows stand before the first one.
    pub has_previous: bool,
    /// Whether rows stand after the last one.
    pub has_next: bool,
}

/// `limit` and `offset` of the REST API (proven; rest-api A2, L1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    limit: Option<usize>,
    offset: usize,
}

impl Window {
    /// All rows.
    pub const ALL: Self = Self { limit: None, offset: 0 };

    /// Checks both numbers: limit -1 or from 0, offset from 0. Default 50 and 0.
    pub fn new(limit: Option<i64>, offset: Option<i64>) -> Result<Self> {
        let limit = match limit.unwrap_or(50) {
            -1 => None,
            n => Some(usize::try_from(n).map_err(|_| {
                Error::invalid("limit", format!("{n}; -1 for all, or a number from 0"))
            })?),
        };
        let offset = offset.unwrap_or(0);
        let offset = usize::try_from(offset)
            .map_err(|_| Error::invalid("offset", format!("{offset}; a number from 0")))?;
        Ok(Self { limit, offset })
    }

    /// Cuts the window out of all rows.
    pub fn cut<T>(self, all: Vec<T>) -> Vec<T> {
        all.into_iter().skip(self.offset).take(self.limit.unwrap_or(usize::MAX)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E-LIM-16: -1 means everything, other negatives nothing at all.
    #[test]
    fn minus_one_is_everything_and_other_negatives_are_errors() {
        let rows = || (0..120).collect::<Vec<i32>>();
        assert_eq!(Window::new(None, None).unwrap().cut(rows()).len(), 50);
        assert_eq!(Window::new(Some(-1), None).unwrap().cut(rows()).len(), 120);
        assert_eq!(Window::new(Some(50), Some(100)).unwrap().cut(rows()).len(), 20);
        assert!(Window::new(Some(-2), None).is_err());
        assert!(Window::new(None, Some(-1)).is_err());
    }
}
