//! Agents of clusters: what they are told, and what they tell (F-FU-01).

use crate::crypto::secret::digest;
use crate::db::flex::days::Day;
use crate::db::{self, Conn};
use crate::domain::flex::{Classified, Cluster, Counts, DayUse, Model, Subscription};
use crate::domain::hub::HubEventKind;
use crate::domain::{self, Timestamp};
use crate::engine::access::Within;
use crate::engine::error::Error;
use crate::engine::hub::note;
use crate::engine::{Engine, Result};
use chrono::NaiveDate;

/// What an agent is told of its cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The cluster.
    pub cluster: Cluster,
    /// The subscription; not before the cluster is verified.
    pub subscription: Option<Subscription>,
}

/// What became of an agent's report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The model whose types count.
    pub model: Model,
    /// The license types that users and devices come to.
    pub found: Classified,
    /// Whether it is other than what was known of that day.
    pub changed: bool,
    /// Whether it took the place of another report of that day.
    pub corrected: bool,
}

impl Engine {
    /// What the agent with that secret is to collect for.
    pub async fn flex_assignment(&self, secret: &str) -> Result<Assignment> {
        let digest = digest(secret);
        self.look(move |conn, _| assignment(conn, &digest)).await
    }

    /// Takes what is configured on a cluster on a day. The same again changes nothing; something
    /// else corrects the day.
    pub async fn take_flex_usage(
        &self,
        secret: &str,
        (day, used): (NaiveDate, DayUse),
    ) -> Result<Taken> {
        let (engine, digest) = (self.clone(), digest(secret));
        self.change_quietly(Within::Site, move |conn, now| {
            let Assignment { cluster, subscription } = assignment(conn, &digest)?;
            cluster.takes(day, now.date())?;
            let gone = || domain::Error::not_found("subscription of the cluster", &cluster.name);
            let subscription = subscription.ok_or_else(gone)?;
            used.check()?;
            engine.keep_day(conn, &cluster, (day, subscription.model, &used), now)
        })
        .await
    }

    fn keep_day(
        &self,
        conn: &mut Conn,
        cluster: &Cluster,
        (day, model, used): (NaiveDate, Model, &DayUse),
        now: Timestamp,
    ) -> Result<Taken> {
        let found = used.classify(model);
        let before = db::flex::days::find(conn, cluster.number, day)?;
        let changed = before != Some(found.counts);
        let corrected = changed && before.is_some();
        if changed {
            let one = Day { cluster: cluster.number, day, counts: found.counts };
            db::flex::days::put(conn, &one)?;
        }
        if let Some(before) = before.filter(|_| corrected) {
            let text = correction(cluster, day, before, found.counts);
            let fact = (cluster.organization, HubEventKind::UsageCorrected, text);
            note(self, conn, fact, (&cluster.publisher, now))?;
        }
        Ok(Taken { model, found, changed, corrected })
    }
}

fn assignment(conn: &mut Conn, digest: &str) -> Result<Assignment> {
    let cluster = db::flex::clusters::of_secret(conn, digest)?
        .ok_or(Error::Unauthenticated("The secret is that of no cluster."))?;
    let subscription = match cluster.subscription.filter(|_| cluster.verified_at.is_some()) {
        Some(number) => db::flex::subscriptions::find(conn, number)?,
        None => None,
    };
    Ok(Assignment { cluster, subscription })
}

fn correction(cluster: &Cluster, day: NaiveDate, before: Counts, after: Counts) -> String {
    let kinds = domain::flex::FlexType::ALL.into_iter();
    let parts = kinds.filter(|kind| before.get(*kind) != after.get(*kind));
    let parts = parts.map(|kind| format!("{kind} {} to {}", before.get(kind), after.get(kind)));
    let parts = parts.collect::<Vec<_>>().join(", ");
    format!("The use of cluster {} on {day} was corrected: {parts}.", cluster.name)
}
