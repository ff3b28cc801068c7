//! A product that lives by itself: what it is asked, its timers, and the file that keeps it.
//!
//! Nobody holds the product while a message is under way: whoever asks gets the exchange to
//! wait for, or to leave alone.

use super::client::Client;
use super::machine::{Action, Event, Exchange};
use super::prepared::Prepared;
use super::state::{Settings, State};
use super::{Device, DeviceError};
use crate::domain::time::Timestamp;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How long a look at the timers can wait: real clocks jump, and a machine may have slept (ours).
const LONGEST: Duration = Duration::from_mins(1);
/// The pause after a timer that was due and had nothing to send (ours).
const IDLE: Duration = Duration::from_secs(1);
/// How long somebody waits for his turn (ours).
const TURN: Duration = Duration::from_secs(3);
/// How long a stop waits for the answer that is under way (ours).
const STOP: Duration = Duration::from_secs(5);

/// Reads the real clock.
pub type RealClock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A product at work. Clones share it.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    device: Mutex<Device>,
    file: PathBuf,
    real_clock: RealClock,
    /// For the timers: look again.
    changed: Notify,
    /// For whoever waits for his turn: an answer came.
    answered: Notify,
    runtime: Handle,
}

/// The task that lets due things happen.
pub struct Timekeeper {
    live: Live,
    task: JoinHandle<()>,
}

/// What was set off; dropping it does not stop it.
pub struct UnderWay(Option<JoinHandle<Result<(), DeviceError>>>);

impl UnderWay {
    /// Waits for the answer; at once when nothing had to be sent.
    ///
    /// # Errors
    /// The exchange failed.
    pub async fn answered(self) -> Result<(), DeviceError> {
        match self.0 {
            None => Ok(()),
            Some(task) => task.await.unwrap_or_else(|_| {
                Err(DeviceError::Unreachable("the product is switched off".to_owned()))
            }),
        }
    }
}

impl Live {
    /// Starts a product and its timers on the present runtime, and saves it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn start(
        device: Device,
        file: PathBuf,
        real_clock: RealClock,
    ) -> Result<Timekeeper, DeviceError> {
        device.state().save(&file)?;
        let live = Self(Arc::new(Inner {
            device: Mutex::new(device),
            file,
            real_clock,
            changed: Notify::new(),
            answered: Notify::new(),
            runtime: Handle::current(),
        }));
        let task = tokio::spawn(live.clone().keep_time());
        Ok(Timekeeper { live, task })
    }

    /// Looks at the product as it is now, and at what time it believes it to be.
    pub fn look<T>(&self, see: impl FnOnce(&State, Timestamp) -> T) -> T {
        let mut device = self.lock();
        let now = self.now(&device);
        // Time passes while one looks. A tick is never refused.
        if device.step(Event::Tick, now).is_ok_and(|told| !told.is_empty()) {
            self.save(&device);
        }
        see(device.state(), now)
    }

    /// Lets something happen. What has to be sent is on its way when this returns.
    ///
    /// # Errors
    /// The product refuses, or it has no usable settings.
    pub fn ask(&self, event: Event) -> Result<UnderWay, DeviceError> {
        let mut device = self.lock();
        if sends(&event) {
            Client::from_settings(&device.state().settings)?;
        }
        let under_way = self.step(&mut device, event)?;
        drop(device);
        self.wake();
        Ok(under_way)
    }

    /// The same after the message that is under way, if there is one: timers send too, and
    /// nobody who asks can know. After a while he hears what is in progress.
    ///
    /// # Errors
    /// As [`Live::ask`].
    pub async fn ask_in_turn(&self, event: Event) -> Result<UnderWay, DeviceError> {
        let _ = tokio::time::timeout(TURN, self.idle()).await;
        self.ask(event)
    }

    /// Waits until no message is under way.
    async fn idle(&self) {
        loop {
            let answered = self.0.answered.notified();
            tokio::pin!(answered);
            // Listening begins before the look, so that no answer falls in between.
            answered.as_mut().enable();
            if self.lock().state().waiting_for.is_none() {
                return;
            }
            answered.await;
        }
    }

    /// Changes the settings, all or nothing.
    ///
    /// # Errors
    /// One of them is wrong; all stay as they were.
    pub fn set(&self, change: impl FnOnce(&mut Settings)) -> Result<(), DeviceError> {
        let mut device = self.lock();
        let mut settings = device.state().settings.clone();
        change(&mut settings);
        Client::from_settings(&settings)?;
        *device.settings_mut() = settings;
        self.save(&device);
        Ok(())
    }

    /// Has the timers looked at now.
    pub fn wake(&self) {
        self.0.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Device> {
        self.0.device.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self, device: &Device) -> Timestamp {
        let offset = device.state().settings.clock_offset_ms;
        (self.0.real_clock)() + chrono::TimeDelta::milliseconds(offset)
    }

    /// One step with the message that it sends, saved as one.
    fn step(&self, device: &mut Device, event: Event) -> Result<UnderWay, DeviceError> {
        let now = self.now(device);
        let due = matches!(event, Event::Due);
        let result = device.step(event, now);
        let quiet = due && result.as_ref().is_ok_and(Vec::is_empty);
        let under_way = result.map(|actions| self.send(device, &actions, now));
        // Looking at the timers in vain is no step to be kept.
        if !quiet {
            self.save(device);
        }
        Ok(under_way?)
    }

    fn send(&self, device: &mut Device, actions: &[Action], now: Timestamp) -> UnderWay {
        let sent = actions.iter().find_map(|action| match action {
            Action::Send(exchange) => Some(*exchange),
            Action::Tell(notice) => {
                tracing::info!(?notice, "the product tells");
                None
            }
        });
        let task = sent.map(|exchange| {
            let ready = Client::from_settings(&device.state().settings)
                .and_then(|client| Ok((device.prepare(exchange, now)?, client)));
            self.0.runtime.spawn(self.clone().exchange(exchange, ready))
        });
        UnderWay(task)
    }

    /// Boxed, because an answer may set off the next exchange.
    fn exchange(
        self,
        exchange: Exchange,
        ready: Result<(Prepared, Client), DeviceError>,
    ) -> Pin<Box<dyn Future<Output = Result<(), DeviceError>> + Send>> {
        Box::pin(async move {
            let outcome = match ready {
                Ok((message, client)) => message.send(&client).await,
                Err(error) => Err(error),
            };
            let result = outcome.as_ref().map(|_| ()).map_err(Clone::clone);
            // Refused only if the certificate was lost meanwhile: then nobody waits for it.
            if let Err(error) = self.step(&mut self.lock(), Event::Answered(exchange, outcome)) {
                tracing::info!(%error, "an answer came too late");
            }
            self.0.answered.notify_waiters();
            self.wake();
            result
        })
    }

    async fn keep_time(self) {
        let mut shortest = Duration::ZERO;
        loop {
            let pause = self.pause().max(shortest);
            tokio::select! {
                () = self.0.changed.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
            let sent = self.step(&mut self.lock(), Event::Due);
            let idle = !sent.is_ok_and(|under_way| under_way.0.is_some());
            shortest = if idle { IDLE } else { Duration::ZERO };
        }
    }

    /// How long nothing is due.
    fn pause(&self) -> Duration {
        let device = self.lock();
        let state = device.state();
        match (state.waiting_for, state.next_due()) {
            // The answer wakes us.
            (Some(_), _) | (None, None) => LONGEST,
            (None, Some(due)) => {
                let left = (due - self.now(&device)).to_std().unwrap_or_default();
                (left + Duration::from_millis(1)).min(LONGEST)
            }
        }
    }

    /// The product goes on if that fails: what it knows is still right.
    fn save(&self, device: &Device) {
        if let Err(error) = device.state().save(&self.0.file) {
            tracing::error!(%error, "the product could not be saved");
        }
    }
}

/// Whether an event of the user's needs a server.
fn sends(event: &Event) -> bool {
    match event {
        Event::Register { .. }
        | Event::RenewAuthorization
        | Event::RenewIdentity
        | Event::AskKey(_)
        | Event::Export(_)
        | Event::Deregister => true,
        Event::Reserve(_)
        | Event::Host(_)
        | Event::Use(_)
        | Event::Answered(..)
        | Event::Tick
        | Event::Due
        | Event::ClockSet => false,
    }
}

impl Timekeeper {
    /// The product.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Stops the timers, and waits a moment for an answer that is under way.
    pub async fn stop(self) {
        self.task.abort();
        let live = self.live;
        if tokio::time::timeout(STOP, live.idle()).await.is_err() {
            tracing::warn!("stopped without the answer that was under way");
        }
        live.save(&live.lock());
    }
}
