//! Orders of the commerce workspace, as the fulfillment service tells of them (F-FU-01).

use super::next_subscription;
use crate::db::{self, Conn};
use crate::domain::flex::{FlexType, NewSubscription, Subscription};
use crate::domain::hub::{HubEventKind as Kind, Organization, Permission};
use crate::domain::{Error, Timestamp};
use crate::engine::access::Who;
use crate::engine::hub::Desk;
use crate::engine::{Engine, Result};

impl Engine {
    /// Places an order for a customer; the partner, if one is named, must be the customer's.
    pub async fn place_flex_order(
        &self,
        who: &Who,
        (customer, partner): (&str, Option<String>),
        order: NewSubscription,
    ) -> Result<Subscription> {
        let engine = self.clone();
        self.write_hub(who, customer, move |conn, desk, now| {
            desk.require(Permission::ManageOrders)?;
            is_partner(conn, &desk.organization, partner.as_deref())?;
            let number = next_subscription(conn)?;
            let one = order.check(number, desk.organization.id, now.date())?;
            is_new(conn, &one)?;
            db::flex::subscriptions::insert(conn, &one)?;
            let (id, model) = (&one.subscription_id, one.model);
            let text =
                format!("Order {} came in: {} of {model} as {id}.", one.order_id, told(&one));
            desk.note(&engine, conn, (Kind::OrderPlaced, text), now)?;
            Ok(one)
        })
        .await
    }

    /// Changes what was bought; a type that is not named keeps its quantity (F-FU-15).
    pub async fn change_flex_order(
        &self,
        who: &Who,
        customer: &str,
        order: &str,
        quantities: Vec<(FlexType, i64)>,
    ) -> Result<Subscription> {
        let (engine, order) = (self.clone(), order.to_owned());
        self.write_hub(who, customer, move |conn, desk, now| {
            let mut one = open_order(conn, &desk, &order)?;
            let before = one.purchased;
            let kept = one.model.types().iter().map(|kind| (*kind, one.purchased.get(*kind)));
            let all: Vec<_> = kept.chain(quantities).collect();
            one.purchased = Subscription::check_quantities(one.model, &all)?;
            if one.purchased == before {
                return Ok(one);
            }
            db::flex::subscriptions::save(conn, &one)?;
            let text = format!("Order {order} is now for {}.", told(&one));
            desk.note(&engine, conn, (Kind::OrderChanged, text), now)?;
            Ok(one)
        })
        .await
    }

    /// Cancels a subscription: it is inactive from now on.
    pub async fn cancel_flex_order(
        &self,
        who: &Who,
        customer: &str,
        order: &str,
    ) -> Result<Subscription> {
        let (engine, order) = (self.clone(), order.to_owned());
        self.write_hub(who, customer, move |conn, desk, now| {
            let mut one = open_order(conn, &desk, &order)?;
            one.cancelled_at = Some(now);
            db::flex::subscriptions::save(conn, &one)?;
            let text = format!("Subscription {} was cancelled.", one.subscription_id);
            desk.note(&engine, conn, (Kind::OrderCancelled, text), now)?;
            Ok(one)
        })
        .await
    }

    /// What a customer has bought.
    pub async fn flex_subscriptions(
        &self,
        who: &Who,
        customer: &str,
    ) -> Result<(Vec<Subscription>, Timestamp)> {
        self.read_hub(who, customer, |conn, desk, now| {
            desk.require(Permission::ViewUsage)?;
            Ok((db::flex::subscriptions::of(conn, &[desk.organization.id])?, now))
        })
        .await
    }
}

fn is_partner(conn: &mut Conn, of: &Organization, named: Option<&str>) -> Result<()> {
    let Some(key) = named else { return Ok(()) };
    let found = db::hub::organizations::of_key(conn, key)?;
    if found.is_some_and(|partner| Some(partner.id) == of.partner) {
        return Ok(());
    }
    Err(Error::invalid("partner", format!("'{key}' is not the partner of {}", of.name)).into())
}

fn is_new(conn: &mut Conn, one: &Subscription) -> Result<()> {
    if db::flex::subscriptions::of_order(conn, &one.order_id)?.is_some() {
        return Err(Error::Conflict(format!("Order {} is known already.", one.order_id)).into());
    }
    if db::flex::subscriptions::is_known(conn, &one.subscription_id)? {
        let text = format!("Subscription {} is known already.", one.subscription_id);
        return Err(Error::Conflict(text).into());
    }
    Ok(())
}

/// An order of the customer that can still be changed, for somebody who may.
fn open_order(conn: &mut Conn, desk: &Desk, order: &str) -> Result<Subscription> {
    desk.require(Permission::ManageOrders)?;
    let found = db::flex::subscriptions::of_order(conn, order)?
        .filter(|one| one.organization == desk.organization.id)
        .ok_or_else(|| Error::not_found("order", order))?;
    if found.cancelled_at.is_some() {
        let text = format!("Subscription {} was cancelled.", found.subscription_id);
        return Err(Error::Conflict(text).into());
    }
    Ok(found)
}

fn told(one: &Subscription) -> String {
    let part = |kind: &FlexType| format!("{} {kind}", one.purchased.get(*kind));
    one.model.types().iter().map(part).collect::<Vec<_>>().join(", ")
}
