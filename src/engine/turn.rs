//! Taking turns: what one has begun ends before the next begins.

use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard};

/// Whose turn it is. Clones share it.
#[derive(Clone, Default)]
pub struct Turn(Arc<Mutex<()>>);

impl Turn {
    /// Waits for the turn, which lasts as long as what is returned.
    pub async fn take(&self) -> MutexGuard<'_, ()> {
        self.0.lock().await
    }
}
