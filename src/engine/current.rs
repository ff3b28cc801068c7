//! What was read from the present state, kept until something changes.
//!
//! Other than in [`super::identity`], the facts here do change; so one change
//! of anything forgets them all, and nothing old is ever told. What counts as a
//! change is the caller's: the number that each value is kept under.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// The most values, unless told otherwise; then all are forgotten and read again.
const LIMIT: usize = 256;

/// Values of one state of the database.
pub(super) struct Current<K, V>(Mutex<Kept<K, V>>);

struct Kept<K, V> {
    generation: u64,
    limit: usize,
    values: HashMap<K, Arc<V>>,
}

impl<K, V> Default for Current<K, V> {
    fn default() -> Self {
        Self::holding(LIMIT)
    }
}

impl<K, V> Current<K, V> {
    /// At most so many values.
    pub(super) fn holding(limit: usize) -> Self {
        Self(Mutex::new(Kept { generation: 0, limit, values: HashMap::new() }))
    }
}

impl<K: Eq + Hash, V> Current<K, V> {
    /// The value of a key, if it is of this generation.
    pub(super) fn get(&self, generation: Option<u64>, key: &K) -> Option<Arc<V>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if generation != Some(kept.generation) {
            return None;
        }
        kept.values.get(key).cloned()
    }

    /// The value of a key, if it is of this generation; it is not kept any longer.
    pub(super) fn take(&self, generation: Option<u64>, key: &K) -> Option<Arc<V>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if generation != Some(kept.generation) {
            return None;
        }
        kept.values.remove(key)
    }

    /// Keeps what was read after `generation` was told.
    pub(super) fn put(&self, generation: Option<u64>, key: K, value: &Arc<V>) {
        let Some(generation) = generation else { return };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if generation < kept.generation {
            return;
        }
        if generation > kept.generation || kept.values.len() >= kept.limit {
            kept.values.clear();
            kept.generation = generation;
        }
        kept.values.insert(key, Arc::clone(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A commit forgets everything; a slow reader brings nothing old back.
    #[test]
    fn a_commit_forgets_everything() {
        let current: Current<&str, &str> = Current::default();
        let get = |generation: u64| current.get(Some(generation), &"a").map(|value| *value);
        current.put(Some(3), "a", &Arc::new("old"));
        assert_eq!((get(3), get(4)), (Some("old"), None));
        current.put(Some(4), "a", &Arc::new("new"));
        current.put(Some(3), "a", &Arc::new("late"));
        assert_eq!((get(3), get(4)), (None, Some("new")));
        current.put(None, "a", &Arc::new("elsewhere"));
        assert_eq!((get(4), current.get(None, &"a")), (Some("new"), None));
    }

    /// What is taken is read again, unless it is given back.
    #[test]
    fn what_is_taken_is_gone() {
        let current: Current<&str, &str> = Current::holding(2);
        current.put(Some(1), "a", &Arc::new("lent"));
        assert_eq!(current.take(Some(2), &"a"), None, "another generation");
        assert_eq!(current.take(Some(1), &"a").map(|value| *value), Some("lent"));
        assert_eq!(current.get(Some(1), &"a"), None);
    }

    /// Callers cannot make it grow without end.
    #[test]
    fn it_does_not_grow_without_end() {
        let current = Current::default();
        for number in 0..10 * LIMIT {
            current.put(Some(1), number.to_string(), &Arc::new(number));
        }
        assert!(current.0.lock().unwrap().values.len() <= LIMIT);
    }
}
