//! What runs while nobody asks: lets due things happen on every site, every second.

use crate::lab::worlds::Worlds;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// How often the sites are asked (real time; ours).
const EVERY: Duration = Duration::from_secs(1);

/// The job that ticks; it ends when it is stopped.
pub(super) struct Ticking(JoinHandle<()>);

impl Ticking {
    /// Starts to tick all sites of all worlds.
    pub(super) fn start(worlds: Worlds) -> Self {
        Self(tokio::spawn(async move {
            let mut beat = interval(EVERY);
            beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                beat.tick().await;
                for site in worlds.sites() {
                    if let Err(error) = site.tick().await {
                        tracing::error!(site = site.name(), %error, "what is due did not happen");
                    }
                }
            }
        }))
    }

    /// Stops. What is due then happens at the next start.
    pub(super) fn stop(self) {
        self.0.abort();
    }
}
