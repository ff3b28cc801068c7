//! Lets the products of a plan act, at most so many at the same time.

use super::member::{Act, Member, Way};
use super::pattern::Moment;
use super::plan::Plan;
use super::report::{Passed, Report};
use super::tally::Tally;
use super::time::{Going, Time};
use super::world::World;
use crate::crypto::keys::{KeyKind, PrivateKey};
use crate::device::DeviceError;
use crate::device::client::Client;
use crate::device::state::Settings;
use crate::domain::time::Timestamp;
use chrono::TimeDelta;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How long a product may be late: those that are due in one such span act together.
const TOGETHER: TimeDelta = TimeDelta::minutes(5);

/// Everything that a run needs.
#[derive(Clone, Debug)]
pub struct Orders {
    /// Which products there are.
    pub plan: Plan,
    /// Server, CA, transport.
    pub settings: Settings,
    /// How many products act at the same time.
    pub concurrency: usize,
    /// Over which time registrations are spread.
    pub ramp: Duration,
    /// Whether to replace earlier registrations.
    pub force: bool,
    /// How often each product renews its authorization, unless days pass.
    pub renewals: u32,
    /// Which days to let pass.
    pub days: Option<Days>,
    /// Whether products de-register at the end.
    pub leave: bool,
}

/// Time that the world is to let pass.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// All of it.
    pub all: TimeDelta,
    /// The most at once.
    pub step: TimeDelta,
}

/// Who is told how far a run is.
pub trait Watch: Send + Sync {
    /// Something begins that has so many parts.
    fn begin(&self, what: &str, parts: u64);
    /// So many parts of it are done.
    fn done(&self, parts: u64);
}

/// Carries out a plan; `real` reads real time.
///
/// # Errors
/// The orders are wrong, the server was never reached, or its clock cannot be moved.
pub async fn run(
    orders: Orders,
    watch: Arc<dyn Watch>,
    real: fn() -> Timestamp,
) -> Result<Report, DeviceError> {
    let mut fleet = Fleet::make(&orders, watch, real).await?;
    let begin = fleet.time.now();
    let everybody: Vec<usize> = (0..fleet.members.len()).collect();
    fleet.watched("registering", &everybody, Act::Register(orders.force), orders.ramp).await;
    if !fleet.tally.answered() {
        let reason = fleet.tally.unexpected.keys().next().cloned().unwrap_or_default();
        return Err(DeviceError::Unreachable(reason));
    }
    let registered = fleet.those(|member| member.state().registration.identity.is_some()).await;
    fleet.watched("first reports", &registered, Act::Report, Duration::ZERO).await;
    match &orders.days {
        Some(days) => fleet.days(*days).await?,
        None => fleet.renewals(orders.renewals).await,
    }
    if orders.leave {
        let leaving = fleet.those(Member::leaves).await;
        fleet.watched("de-registering", &leaving, Act::Leave, Duration::ZERO).await;
    }
    fleet.report(begin).await
}

/// The products and what has come of them.
struct Fleet {
    plan: Arc<Plan>,
    url: String,
    members: Arc<Vec<Mutex<Member>>>,
    client: Client,
    world: World,
    time: Time,
    moment: Moment,
    concurrency: usize,
    watch: Arc<dyn Watch>,
    tally: Tally,
    passed: Passed,
}

impl Fleet {
    async fn make(
        orders: &Orders,
        watch: Arc<dyn Watch>,
        real: fn() -> Timestamp,
    ) -> Result<Self, DeviceError> {
        let settings = &orders.settings;
        let client = Client::from_settings(settings)?;
        let url = settings.url.clone().unwrap_or_default();
        let world = World::new(&url, settings.ca_pem.as_deref(), real)?;
        let time = match world.time().await? {
            Some(time) => time,
            None if orders.days.is_some() => {
                let problem = format!("--clock: {url} is not Syncom, so its clock cannot be moved");
                return Err(DeviceError::Usage(problem));
            }
            None => Time { going: Going::Runs(TimeDelta::zero()), real },
        };
        let plan = Arc::new(orders.plan.clone());
        watch.begin("making keys", 0);
        let members = made(Arc::clone(&plan), Settings { url: None, ..settings.clone() }).await?;
        Ok(Self {
            plan,
            url,
            members: Arc::new(members),
            client,
            world,
            time,
            moment: Moment { now: time.now(), step: 0, progress: 0 },
            concurrency: orders.concurrency.max(1),
            watch,
            tally: Tally::default(),
            passed: Passed::default(),
        })
    }

    /// The products of which something holds, by their place.
    async fn those(&self, holds: impl Fn(&Member) -> bool) -> Vec<usize> {
        let mut found = Vec::new();
        for (at, member) in self.members.iter().enumerate() {
            if holds(&*member.lock().await) {
                found.push(at);
            }
        }
        found
    }

    /// A part of the run with a progress of its own.
    async fn watched(&mut self, what: &str, who: &[usize], act: Act, ramp: Duration) {
        self.watch.begin(what, u64::try_from(who.len()).unwrap_or(0));
        let watch = Arc::clone(&self.watch);
        self.all(who, act, ramp, Some(watch)).await;
    }

    /// Lets these products act, in turn, spread over `ramp`.
    async fn all(
        &mut self,
        who: &[usize],
        act: Act,
        ramp: Duration,
        watch: Option<Arc<dyn Watch>>,
    ) {
        let begin = Instant::now();
        let turn = Arc::new(Turn { who: who.to_vec(), next: AtomicUsize::new(0), begin, ramp });
        let way = Way {
            client: self.client.clone(),
            plan: Arc::clone(&self.plan),
            time: self.time,
            moment: self.moment,
        };
        let mut workers = JoinSet::new();
        for _ in 0..self.concurrency.min(who.len()) {
            let (turn, members) = (Arc::clone(&turn), Arc::clone(&self.members));
            workers.spawn(work(turn, members, way.clone(), act, watch.clone()));
        }
        let mut done = Tally::default();
        while let Some(worker) = workers.join_next().await {
            match worker {
                Ok(tally) => done.merge(tally),
                Err(error) => done.unexpected(format!("a worker ended: {error}"), 1),
            }
        }
        let busy = begin.elapsed();
        done.kinds.values_mut().for_each(|kind| kind.busy = busy);
        self.tally.merge(done);
    }

    async fn renewals(&mut self, times: u32) {
        for number in 1..=times {
            let progress = u64::from(number) * super::pattern::WHOLE / u64::from(times);
            self.moment = Moment { now: self.time.now(), step: number, progress };
            let who = self.those(|member| member.goes_on(progress)).await;
            let what = format!("renewal {number} of {times}");
            self.watched(&what, &who, Act::Report, Duration::ZERO).await;
        }
    }

    /// Moves the clock from one instant at which something is due to the next.
    async fn days(&mut self, days: Days) -> Result<(), DeviceError> {
        let begin = self.time.now();
        let end = begin + days.all;
        self.watch.begin("days", u64::try_from(days.all.num_days()).unwrap_or(0));
        let (mut told, mut steps) = (0, 0);
        while self.time.now() < end {
            let boundary = (begin + days.step * (steps + 1)).min(end);
            // Whatever the server answers, time goes on.
            let soonest = self.time.now() + TimeDelta::seconds(1);
            self.move_to(self.next_due(boundary).await.max(soonest)).await?;
            let now = self.time.now();
            if now >= boundary {
                steps += 1;
            }
            let part = (now - begin).num_seconds() * 1_000 / days.all.num_seconds().max(1);
            let step = u32::try_from(steps).unwrap_or(0);
            let progress = u64::try_from(part).unwrap_or(0).min(super::pattern::WHOLE);
            self.moment = Moment { now, step, progress };
            let (plan, moment) = (Arc::clone(&self.plan), self.moment);
            let acts = |member: &Member| {
                let due = member.due_at().is_some_and(|due| due <= now);
                let pending = member.state().registration.pending.is_some();
                (member.goes_on(progress) && (due || member.changed(&plan, moment)))
                    || (pending && due)
            };
            let who = self.those(acts).await;
            self.all(&who, Act::Due, Duration::ZERO, None).await;
            let over = u64::try_from((now - begin).num_days()).unwrap_or(0);
            self.watch.done(over.saturating_sub(told));
            told = over;
        }
        Ok(())
    }

    /// The next instant at which products act, not after `latest`: those that are due shortly
    /// after the first wait for each other.
    async fn next_due(&self, latest: Timestamp) -> Timestamp {
        let mut due = Vec::new();
        for member in self.members.iter() {
            let member = member.lock().await;
            let waits = member.state().registration.pending.is_some();
            if waits || member.goes_on(self.moment.progress) {
                due.extend(member.due_at());
            }
        }
        let Some(first) = due.iter().min().copied() else { return latest };
        let together = due.into_iter().filter(|due| *due <= first + TOGETHER);
        together.max().unwrap_or(latest).min(latest)
    }

    async fn move_to(&mut self, to: Timestamp) -> Result<(), DeviceError> {
        let left = (to - self.time.now()).num_milliseconds();
        if left <= 0 {
            return Ok(());
        }
        // In whole seconds, because that is what the clock is told.
        let by = TimeDelta::seconds(left / 1_000 + i64::from(left % 1_000 > 0));
        let begin = Instant::now();
        let (time, events) = self.world.advance(by).await?;
        self.time = time;
        self.passed.moves += 1;
        self.passed.took += begin.elapsed();
        for (kind, count) in events {
            *self.passed.events.entry(kind).or_default() += count;
        }
        Ok(())
    }

    /// Looks at every product as it is at the end.
    async fn report(mut self, begin: Timestamp) -> Result<Report, DeviceError> {
        // A running clock went on; what it says now is what the server goes by.
        if let Some(time) = self.world.time().await? {
            self.time = time;
        }
        let now = self.time.now();
        let mut report = Report::new(&self.plan, &self.url, begin, now, self.passed);
        for member in self.members.iter() {
            let mut member = member.lock().await;
            member.settle(now);
            report.look_at(&member, now);
        }
        report.count(&self.tally);
        Ok(report)
    }
}

/// Whose turn it is.
struct Turn {
    who: Vec<usize>,
    next: AtomicUsize,
    begin: Instant,
    ramp: Duration,
}

impl Turn {
    /// The place of the next product, when its time has come.
    async fn next(&self) -> Option<usize> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let at = self.who.get(turn).copied()?;
        if !self.ramp.is_zero() {
            let (turn, all) = (u32::try_from(turn).ok()?, u32::try_from(self.who.len()).ok()?);
            tokio::time::sleep_until(self.begin + self.ramp * turn / all).await;
        }
        Some(at)
    }
}

async fn work(
    turn: Arc<Turn>,
    members: Arc<Vec<Mutex<Member>>>,
    way: Way,
    act: Act,
    watch: Option<Arc<dyn Watch>>,
) -> Tally {
    let mut tally = Tally::default();
    while let Some(at) = turn.next().await {
        let Some(member) = members.get(at) else { continue };
        member.lock().await.act(act, &way, &mut tally).await;
        if let Some(watch) = &watch {
            watch.done(1);
        }
    }
    tally
}

/// Makes the products with their keys, off the threads that wait.
async fn made(plan: Arc<Plan>, settings: Settings) -> Result<Vec<Mutex<Member>>, DeviceError> {
    let make = move || {
        let (kind, count) = (plan.spec.key, plan.spec.keys.min(plan.spec.count));
        let shared: Vec<PrivateKey> =
            (0..count).map(|_| PrivateKey::generate(kind)).collect::<Result<_, _>>()?;
        let mut members = Vec::with_capacity(plan.products.len());
        for (planned, at) in plan.products.iter().zip(0..) {
            let key = match shared.get(at % shared.len().max(1)) {
                Some(key) => key.clone(),
                None => PrivateKey::generate(kind)?,
            };
            members.extend(Member::new(&plan, planned, key, &settings).map(Mutex::new));
        }
        Ok(members)
    };
    tokio::task::spawn_blocking(make)
        .await
        .map_err(|error| DeviceError::Usage(format!("making keys: {error}")))?
}

/// How many different keys a fleet has unless told otherwise; 0 = each product its own.
// An RSA key takes a good part of a second; the server cannot tell that some are the same.
pub const fn default_keys(kind: KeyKind) -> u32 {
    match kind {
        KeyKind::P256 => 0,
        KeyKind::Rsa2048 => 8,
    }
}
