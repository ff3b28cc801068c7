//! Synchronization by schedule (B-SYN-04, B-ACC-08).

use super::network::may_synchronize;
use super::{allowed, note, numbered, standing};
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::local_account::{LocalAccount, LocalState};
use crate::domain::standing::{SyncKind, SyncStanding};
use crate::domain::sync::schedule::Schedule;
use crate::domain::system::SystemPermission;
use crate::domain::system_event::SystemEventKind;
use crate::engine::Engine;
use crate::engine::access::{Who, Within};
use crate::engine::error::Result;

/// The fact that holds the schedule of the whole satellite.
const FACT: &str = "sync_schedule";

/// The schedule of the satellite, and the accounts that have their own.
#[derive(Clone, Debug)]
pub struct Schedules {
    /// That of all accounts without their own.
    pub global: Schedule,
    /// Each registered local account, its own schedule, and when it begins next.
    pub accounts: Vec<(LocalAccount, Option<Schedule>, Option<Timestamp>)>,
}

impl Engine {
    /// All schedules.
    pub async fn schedules(&self, who: &Who) -> Result<Schedules> {
        let who = who.clone();
        self.look(move |conn, now| {
            allowed(conn, &who, SystemPermission::EnterAdministration, now)?;
            let global = global(conn)?;
            let mut accounts = Vec::new();
            for account in db::local_accounts::all(conn)? {
                let Some(stands) = db::standings::find(conn, account.uid)? else { continue };
                accounts.push((account, own(&stands), stands.next_at));
            }
            Ok(Schedules { global, accounts })
        })
        .await
    }

    /// Sets the schedule of the satellite.
    pub async fn set_schedule(&self, who: &Who, schedule: Schedule) -> Result<()> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let actor = allowed(conn, &who, SystemPermission::Synchronize, now)?;
            db::keys::set_fact(conn, FACT, &schedule.code())?;
            for account in db::local_accounts::all(conn)? {
                engine.next_of(conn, &account, now)?;
            }
            let message = format!("The synchronization schedule is: {schedule}.");
            note(&engine, conn, (SystemEventKind::SettingsChanged, &actor.name, now), message)
        })
        .await
    }

    /// Gives a local account its own schedule, or that of the satellite.
    pub async fn set_own_schedule(
        &self,
        who: &Who,
        number: i64,
        schedule: Option<Schedule>,
    ) -> Result<()> {
        let (engine, who) = (self.clone(), who.clone());
        self.change(Within::Site, move |conn, now| {
            let account = numbered(conn, number)?;
            let by = may_synchronize(conn, &who, &account, now)?;
            let stands = standing(conn, &account)?;
            let stands = SyncStanding { schedule: schedule.map(Schedule::code), ..stands };
            db::standings::save(conn, &stands)?;
            engine.next_of(conn, &account, now)?;
            let what =
                schedule.map_or_else(|| "that of the satellite".into(), |own| own.to_string());
            let message = format!("The synchronization schedule of {} is: {what}.", account.name);
            note(&engine, conn, (SystemEventKind::SettingsChanged, &by, now), message)
        })
        .await
    }

    /// The next synchronization that begins by itself, if any does.
    pub async fn next_synchronization(&self) -> Result<Option<Timestamp>> {
        if self.inner.parts.uplink.is_none() {
            return Ok(None);
        }
        let next = self.db().read(db::standings::next).await?;
        Ok(next.and_then(|standing| standing.next_at))
    }

    /// Synchronizes what is due by schedule; what fails is told by the account's state.
    pub async fn synchronize_by_schedule(&self) -> Result<()> {
        loop {
            let now = self.now();
            let next = self.db().read(db::standings::next).await?;
            let due = next.filter(|stands| stands.next_at.is_some_and(|at| at <= now));
            let Some(stands) = due else { return Ok(()) };
            let engine = self.clone();
            // The next one first: whatever becomes of this one, it does not begin again and again.
            self.change(Within::Site, move |conn, now| {
                let account = super::known(conn, stands.uid)?;
                engine.next_of(conn, &account, now)
            })
            .await?;
            if let Err(problem) = self.synchronize(stands.uid, SyncKind::Standard).await {
                tracing::info!(site = self.name(), %problem, "a scheduled synchronization failed");
            }
        }
    }

    /// Finds out again when a local account synchronizes by itself.
    pub(super) fn next_of(
        &self,
        conn: &mut Conn,
        account: &LocalAccount,
        now: Timestamp,
    ) -> Result<()> {
        let Some(stands) = db::standings::find(conn, account.uid)? else { return Ok(()) };
        let stands = self.next_by_itself(conn, account, stands, now)?;
        Ok(db::standings::save(conn, &stands)?)
    }

    /// The same with the instant at which it synchronizes by itself; never where files are carried.
    pub(super) fn next_by_itself(
        &self,
        conn: &mut Conn,
        account: &LocalAccount,
        stands: SyncStanding,
        now: Timestamp,
    ) -> Result<SyncStanding> {
        let schedule = match own(&stands) {
            Some(own) => own,
            None => global(conn)?,
        };
        let works = account.state == LocalState::Active && !account.by_file;
        let next_at =
            schedule.next_after(now).filter(|_| works && self.inner.parts.uplink.is_some());
        Ok(SyncStanding { next_at, ..stands })
    }
}

fn own(stands: &SyncStanding) -> Option<Schedule> {
    stands.schedule.as_deref().and_then(Schedule::parse)
}

fn global(conn: &mut Conn) -> Result<Schedule> {
    let kept = db::keys::fact(conn, FACT)?;
    Ok(kept.as_deref().and_then(Schedule::parse).unwrap_or_default())
}
