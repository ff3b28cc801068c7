//! From one row too many to a page.

use crate::domain::paging::{Page, Seek};

/// Makes a page of rows that were read in seek order with a limit of one more.
pub(super) fn page<T, K>(mut items: Vec<T>, limit: i64, seek: &Seek<K>) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    match seek {
        Seek::First => Page { items, has_previous: false, has_next: more },
        Seek::After(_) => Page { items, has_previous: true, has_next: more },
        Seek::Before(_) => {
            items.reverse();
            Page { items, has_previous: more, has_next: true }
        }
        Seek::Last => {
            items.reverse();
            Page { items, has_previous: more, has_next: false }
        }
    }
}
