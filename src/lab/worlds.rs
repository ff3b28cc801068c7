//! Worlds: a clock, a seed, and the sites that share them.
//!
//! One process holds many. A request's world is found at the edge, and nothing
//! below the edge knows that there are several.

use crate::clock::Clock;
use crate::engine::Engine;
use crate::ids::Ids;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The world that is there from the start.
pub const DEFAULT: &str = "default";

/// A clock, ids, and the sites that share them.
#[derive(Clone)]
pub struct World {
    /// Its name.
    pub name: String,
    /// What time it is there.
    pub clock: Clock,
    /// Where its ids come from.
    pub ids: Ids,
    /// The lab's root certificate, PEM.
    pub root_pem: String,
    /// Its sites, by name.
    pub sites: BTreeMap<String, Engine>,
}

/// All worlds of a process. Clones share them.
#[derive(Clone, Default)]
pub struct Worlds(Arc<RwLock<BTreeMap<String, World>>>);

impl Worlds {
    /// Adds a world, in place of one of the same name.
    pub fn add(&self, world: World) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(world.name.clone(), world);
    }

    /// The world of that name.
    pub fn get(&self, name: &str) -> Option<World> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// The site of that name in a world.
    pub fn site(&self, world: &str, site: &str) -> Option<Engine> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(world)?.sites.get(site).cloned()
    }

    /// The names of all worlds.
    pub fn names(&self) -> Vec<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}
