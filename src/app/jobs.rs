//! What runs while nobody asks: lets due things happen on every site, every second.

use crate::lab::worlds::Worlds;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How often the sites are asked (real time; ours).
const EVERY: Duration = Duration::from_secs(1);

/// The jobs that tick; they end when they are stopped.
pub(super) struct Ticking(Vec<JoinHandle<()>>);

impl Ticking {
    /// Starts to tick all sites of all worlds.
    pub(super) fn start(worlds: Worlds) -> Self {
        // A synchronization may take long, and time goes on meanwhile.
        let synchronizing = tokio::spawn(synchronize(worlds.clone()));
        Self(vec![tokio::spawn(settle(worlds)), synchronizing])
    }

    /// Stops. What is due then happens at the next start.
    pub(super) fn stop(self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

fn beat() -> Interval {
    let mut beat = interval(EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

async fn settle(worlds: Worlds) {
    let mut beat = beat();
    loop {
        beat.tick().await;
        for site in worlds.sites() {
            if let Err(error) = site.tick().await {
                tracing::error!(site = site.name(), %error, "what is due did not happen");
            }
        }
    }
}

/// Satellites synchronize when their schedule says so, but not while the clock is moved: the move
/// stops at each of them.
async fn synchronize(worlds: Worlds) {
    let mut beat = beat();
    loop {
        beat.tick().await;
        for world in worlds.all() {
            let _still = world.moving.take().await;
            for site in world.sites.values() {
                if let Err(error) = site.synchronize_by_schedule().await {
                    tracing::error!(site = site.name(), %error, "a schedule was not kept");
                }
            }
        }
    }
}
