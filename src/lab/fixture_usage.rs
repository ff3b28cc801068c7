//! What a fixture's customers bought and use of Unified CM Cloud, with days made from the seed.

use super::fixture_hub::HubGround;
use crate::crypto::secret::digest;
use crate::db::flex::days::Day;
use crate::db::{self, Conn};
use crate::domain::error::Error;
use crate::domain::flex::{
    Cluster, Counts, FlexType, LARGEST, Model, NewCluster, NewSubscription, Subscription,
};
use crate::domain::hub::Organization;
use crate::engine;
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use std::collections::BTreeMap;

/// An order of a customer with the clusters that use it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlexOrder {
    /// The customer's key.
    pub customer: String,
    /// The order.
    pub order: String,
    /// Its transaction: what pages call the subscription.
    pub transaction: String,
    /// `flex_2_0`, `flex_3_0_nu` or `flex_3_0_ea`.
    pub model: String,
    /// So many of each type.
    pub quantities: BTreeMap<String, i64>,
    /// Clusters.
    #[serde(default)]
    pub clusters: Vec<FlexCluster>,
}

/// A cluster.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlexCluster {
    /// Its name.
    pub name: String,
    /// The data centre.
    pub region: String,
    /// The release.
    pub version: String,
    /// The publisher's host name.
    pub publisher: String,
    /// For how many days, today included, its use was collected; it is not verified without.
    #[serde(default)]
    pub days: u64,
    /// What it uses today; it was less before, a little up and down.
    #[serde(default)]
    pub uses: BTreeMap<String, i64>,
}

/// The secret of a cluster's agent, the same for the same seed.
pub fn agent_secret(ids: &crate::ids::Ids, password: &str, customer: &str, name: &str) -> String {
    ids.named_secret(&format!("flex-agent/{password}/{customer}/{name}"))
}

/// Loads them. Everything in it obeys the rules that people obey.
pub(super) fn load(
    conn: &mut Conn,
    orders: &[FlexOrder],
    ground: &HubGround<'_>,
) -> engine::Result<()> {
    let mut days = Vec::new();
    for order in orders {
        let customer = db::hub::organizations::of_key(conn, &order.customer)?
            .ok_or_else(|| Error::not_found("customer", &order.customer))?;
        let subscription = subscription(conn, ground, (order, &customer))?;
        for yaml in &order.clusters {
            let cluster = cluster(conn, ground, (yaml, &customer, &subscription))?;
            if yaml.days > 0 {
                days.extend(year(ground, (yaml, cluster.number), subscription.model)?);
            }
        }
    }
    Ok(db::flex::days::insert_many(conn, &days)?)
}

fn subscription(
    conn: &mut Conn,
    ground: &HubGround<'_>,
    (yaml, customer): (&FlexOrder, &Organization),
) -> engine::Result<Subscription> {
    let today = ground.with.now.date();
    let longest = yaml.clusters.iter().map(|cluster| cluster.days).max().unwrap_or(0);
    let model = Model::of("model", &yaml.model)?;
    let new = NewSubscription {
        order_id: yaml.order.clone(),
        transaction_id: yaml.transaction.clone(),
        model,
        quantities: pairs("quantities", &yaml.quantities)?,
        starts: today.checked_sub_days(Days::new(longest)),
        ends: None,
    };
    let number = db::keys::next_number(conn, "flex_subscription", 1)?;
    let one = new.check(number, customer.id, today)?;
    db::flex::subscriptions::insert(conn, &one)?;
    Ok(one)
}

fn cluster(
    conn: &mut Conn,
    ground: &HubGround<'_>,
    (yaml, customer, of): (&FlexCluster, &Organization, &Subscription),
) -> engine::Result<Cluster> {
    let FlexCluster { name, region, version, publisher, .. } = yaml.clone();
    let NewCluster { name, region, version, publisher } =
        NewCluster { name, region, version, publisher }.check()?;
    let began = ground.with.now.minus_days(yaml.days.saturating_sub(1));
    let secret = agent_secret(&ground.with.ids, &ground.with.password, &customer.key, &name);
    let one = Cluster {
        number: db::keys::next_number(conn, "flex_cluster", 1)?,
        organization: customer.id,
        subscription: (yaml.days > 0).then_some(of.number),
        name,
        region,
        version,
        publisher,
        added_at: began,
        found: false,
        verified_at: (yaml.days > 0).then_some(began),
        secret: Some(digest(&secret)),
    };
    db::flex::clusters::insert(conn, &one)?;
    Ok(one)
}

fn pairs(field: &'static str, told: &BTreeMap<String, i64>) -> Result<Vec<(FlexType, i64)>, Error> {
    told.iter().map(|(code, quantity)| Ok((FlexType::of(field, code)?, *quantity))).collect()
}

fn uses(model: Model, told: &BTreeMap<String, i64>) -> Result<Vec<(FlexType, i64)>, Error> {
    let pairs = pairs("uses", told)?;
    let wrong = |(kind, used): &&(FlexType, i64)| {
        !model.types().contains(kind) || !(0..=LARGEST).contains(used)
    };
    match pairs.iter().find(wrong) {
        None => Ok(pairs),
        Some((kind, used)) => {
            let problem = format!("{used} {}: nothing that {model} counts", kind.code());
            Err(Error::invalid("uses", problem))
        }
    }
}

/// The days of a cluster: from 85 % of what it uses today, a little up and down.
fn year(
    ground: &HubGround<'_>,
    (yaml, number): (&FlexCluster, i64),
    model: Model,
) -> engine::Result<Vec<Day>> {
    let present = Counts::from_pairs(uses(model, &yaml.uses)?);
    let seed = ground.named(&format!("flex-days/{}/{}", yaml.publisher, yaml.name));
    let mut dice = Dice(seed.as_u64_pair().1);
    let today = ground.with.now.date();
    let total = i64::try_from(yaml.days).unwrap_or(1);
    let day = |back: u64| -> Option<NaiveDate> { today.checked_sub_days(Days::new(back)) };
    let days = (0..yaml.days).rev().filter_map(day);
    let mut made = Vec::with_capacity(usize::try_from(total).unwrap_or(0));
    for (age, day) in (1..).zip(days) {
        let used = |kind: &FlexType, dice: &mut Dice| match present.get(*kind) {
            all if age == total => all,
            all => (all * (850 + 150 * age / total + dice.around(20)) / 1_000).max(0),
        };
        let pairs = model.types().iter().map(|kind| (*kind, used(kind, &mut dice)));
        let counts = Counts::from_pairs(pairs);
        made.push(Day { cluster: number, day, counts });
    }
    Ok(made)
}

/// Numbers that follow from a seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    /// From `-size` to `size`.
    fn around(&mut self, size: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) >> 1).map_or(0, |number| number % (size + 1))
            * if mixed & 1 == 0 { 1 } else { -1 }
    }
}
