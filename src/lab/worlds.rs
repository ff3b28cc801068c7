//! Worlds: a clock, a seed, and the sites that share them.
//!
//! One process holds many. A request's world is found at the edge, and nothing
//! below the edge knows that there are several.

use crate::clock::{Clock, Setting};
use crate::domain::{Error, Timestamp};
use crate::engine::{self, Engine, Happened, Turn};
use crate::ids::Ids;
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::path::PathBuf;
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
    /// Where the clock's setting is kept over a restart.
    pub clock_file: Option<PathBuf>,
    /// Whether the clock may be set back (AS-49).
    pub may_go_back: bool,
    /// Held while the clock is moved: one move begins where the other has ended.
    pub moving: Turn,
}

/// How a clock is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Forward by a duration.
    Advance(TimeDelta),
    /// To an instant.
    To(Timestamp),
    /// It stands.
    Freeze,
    /// It goes on.
    Resume,
}

impl Move {
    /// Where it ends.
    fn target(self, from: Timestamp) -> Timestamp {
        match self {
            Self::Advance(by) => from + by,
            Self::To(to) => to,
            Self::Freeze | Self::Resume => from,
        }
    }
}

/// What has come of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What time it was.
    pub from: Timestamp,
    /// What time it is.
    pub to: Timestamp,
    /// What has happened meanwhile, by site.
    pub happened: BTreeMap<String, Happened>,
}

impl World {
    /// Moves the clock; returns when everything that fell due has happened.
    ///
    /// The setting is kept first: after a crash in between, the next start goes on settling.
    pub async fn move_clock(&self, wanted: Move) -> engine::Result<Moved> {
        let _alone = self.moving.take().await;
        let before: BTreeMap<_, _> =
            self.sites.iter().map(|(name, site)| (name, site.settled())).collect();
        let (setting, from) = (self.clock.setting(), self.clock.now());
        let next = match wanted {
            Move::Advance(by) => setting.at(self.check_move(from, from + by)?),
            Move::To(to) => setting.at(self.check_move(from, to)?),
            Move::Freeze => setting.frozen(),
            Move::Resume => setting.resumed(),
        };
        if wanted == Move::Freeze {
            // While the file is written, nobody may see an instant after that at which it stands.
            self.clock.put(next);
        }
        if let Err(failed) = self.keep_clock(&next) {
            self.clock.put(setting);
            return Err(failed);
        }
        self.pass_schedules((from, wanted.target(from)), setting).await?;
        self.clock.put(next);
        let to = self.clock.now();
        let mut happened = BTreeMap::new();
        for (name, site) in &self.sites {
            if to < from {
                site.rewind(to).await?;
            }
            site.tick().await?;
            let part = before.get(name).map(|before| site.settled().since(before));
            happened.insert(name.clone(), part.unwrap_or_default());
        }
        Ok(Moved { from, to, happened })
    }

    /// Stops at each instant at which a satellite synchronizes by schedule: what is due until then
    /// happens on all sites first, then the satellite synchronizes, as it would have.
    async fn pass_schedules(
        &self,
        (from, to): (Timestamp, Timestamp),
        setting: Setting,
    ) -> engine::Result<()> {
        if to <= from {
            // A clock that stands, goes on or goes back passes nothing.
            return Ok(());
        }
        let mut last = from;
        while let Some(at) = self.next_schedule().await?.map(|at| at.max(last))
            && at <= to
        {
            last = at;
            self.clock.put(setting.at(at));
            for site in self.sites.values() {
                site.tick().await?;
            }
            for site in self.sites.values() {
                site.synchronize_by_schedule().await?;
            }
        }
        Ok(())
    }

    /// The earliest synchronization that any satellite begins by itself.
    async fn next_schedule(&self) -> engine::Result<Option<Timestamp>> {
        let mut next = None;
        for site in self.sites.values() {
            let own = site.next_synchronization().await?;
            next = [next, own].into_iter().flatten().min();
        }
        Ok(next)
    }

    fn check_move(&self, from: Timestamp, to: Timestamp) -> Result<Timestamp, Error> {
        if to < from && !self.may_go_back {
            return Err(Error::Conflict(format!(
                "The clock stands at {from}; going back to {to} needs the setting \
                 clock_may_go_back."
            )));
        }
        let (first, last) = (Timestamp::parse(FIRST), Timestamp::parse(LAST));
        if first.is_some_and(|first| to < first) || last.is_some_and(|last| to > last) {
            let problem = format!("{to} is not between {FIRST} and {LAST}");
            return Err(Error::invalid("to", problem));
        }
        Ok(to)
    }

    fn keep_clock(&self, setting: &Setting) -> engine::Result<()> {
        let Some(path) = &self.clock_file else { return Ok(()) };
        let kept = serde_json::to_vec(setting).map_err(std::io::Error::from).and_then(|text| {
            let beside = path.with_extension("new");
            std::fs::write(&beside, text)?;
            std::fs::rename(&beside, path)
        });
        kept.map_err(|error| {
            engine::Error::File(format!("{} cannot be written: {error}", path.display()))
        })
    }
}

/// What databases, certificates and people agree on.
const FIRST: &str = "1970-01-02T00:00:00Z";
const LAST: &str = "9000-01-01T00:00:00Z";

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

    /// All sites of all worlds.
    pub fn sites(&self) -> Vec<Engine> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.values().flat_map(|world| world.sites.values().cloned()).collect()
    }

    /// All worlds.
    pub fn all(&self) -> Vec<World> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The names of all worlds.
    pub fn names(&self) -> Vec<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}
