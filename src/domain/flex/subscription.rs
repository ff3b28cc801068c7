//! Subscriptions: what a customer has bought with one order.

use super::{Counts, FlexType, LARGEST, Model, named};
use crate::domain::Timestamp;
use crate::domain::error::{Error, Result};
use crate::domain::id::OrganizationId;
use chrono::NaiveDate;

/// A subscription of a customer (F-FU-01, F-FU-04).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The number that rows refer to.
    pub number: i64,
    /// The customer.
    pub organization: OrganizationId,
    /// The order of the commerce workspace; agents hear it once their cluster is verified.
    pub order_id: String,
    /// The identifier on pages: the transaction of the order; older pages call it Deal ID.
    pub subscription_id: String,
    /// The license model.
    pub model: Model,
    /// What was bought of each type.
    pub purchased: Counts,
    /// The first day.
    pub starts: NaiveDate,
    /// The last day; without one it goes on.
    pub ends: Option<NaiveDate>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
}

impl Subscription {
    /// Whether it is active on a day (F-FU-17).
    pub fn is_active(&self, today: NaiveDate) -> bool {
        let over = self.ends.is_some_and(|ends| ends < today);
        self.starts <= today && !over && self.cancelled_at.is_none()
    }

    /// All that was bought, of every type.
    pub fn total(&self) -> i64 {
        self.model.types().iter().map(|kind| self.purchased.get(*kind)).sum()
    }

    /// Fails unless these can be bought; types that are not told are zero.
    pub fn check_quantities(model: Model, quantities: &[(FlexType, i64)]) -> Result<Counts> {
        let invalid = |problem: String| Error::invalid("quantities", problem);
        let mut counts = Counts::default();
        for (kind, quantity) in quantities {
            let code = kind.code();
            if !model.types().contains(kind) {
                let known = model.types().iter().map(|kind| kind.code()).collect::<Vec<_>>();
                let known = known.join(", ");
                return Err(invalid(format!("{code} is no type of {model}; it has {known}")));
            }
            if !(0..=LARGEST).contains(quantity) {
                return Err(invalid(format!("{quantity} {code} is not from 0 to {LARGEST}")));
            }
            *counts.of(*kind) = *quantity;
        }
        for kind in model.types() {
            let (fewest, ordered) = (model.fewest(*kind), counts.get(*kind));
            if ordered < fewest {
                let problem = format!("{ordered} {kind}; {model} has at least {fewest}");
                return Err(invalid(problem));
            }
        }
        if counts == Counts::default() {
            return Err(invalid("nothing is ordered".to_owned()));
        }
        Ok(counts)
    }
}

/// What an order says of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscription {
    /// The order of the commerce workspace.
    pub order_id: String,
    /// Its transaction.
    pub transaction_id: String,
    /// The license model.
    pub model: Model,
    /// So many of each type.
    pub quantities: Vec<(FlexType, i64)>,
    /// The first day; the day of the order unless given.
    pub starts: Option<NaiveDate>,
    /// The last day.
    pub ends: Option<NaiveDate>,
}

impl NewSubscription {
    /// The subscription, if the order may be placed.
    pub fn check(
        self,
        number: i64,
        organization: OrganizationId,
        today: NaiveDate,
    ) -> Result<Subscription> {
        let purchased = Subscription::check_quantities(self.model, &self.quantities)?;
        let starts = self.starts.unwrap_or(today);
        if let Some(ends) = self.ends.filter(|ends| *ends < starts) {
            return Err(Error::invalid("ends", format!("{ends} is before the first day {starts}")));
        }
        Ok(Subscription {
            number,
            organization,
            order_id: named("order_id", &self.order_id)?,
            subscription_id: named("transaction_id", &self.transaction_id)?,
            model: self.model,
            purchased,
            starts,
            ends: self.ends,
            cancelled_at: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn order(model: Model, quantities: &[(FlexType, i64)]) -> Result<Subscription> {
        let new = NewSubscription {
            order_id: "O-1".into(),
            transaction_id: "Sub-1".into(),
            model,
            quantities: quantities.to_vec(),
            starts: None,
            ends: "2026-01-31".parse().ok(),
        };
        let customer = OrganizationId(Uuid::from_u128(1));
        new.check(1, customer, "2026-01-05".parse().unwrap())
    }

    /// FU-3, F-FU-07, X-17: an Enterprise Agreement begins at a thousand knowledge workers; other
    /// models have no such rule.
    #[test]
    fn an_enterprise_agreement_has_a_thousand_knowledge_workers() {
        let ea = |n| order(Model::EnterpriseAgreement, &[(FlexType::KnowledgeWorker, n)]);
        assert!(ea(1_000).is_ok());
        let refused = ea(999).unwrap_err().to_string();
        let rule = "quantities: 999 Knowledge Worker; Flex 3.0 Enterprise Agreement has at least \
                    1000";
        assert_eq!(refused, rule);
        let none = order(Model::EnterpriseAgreement, &[(FlexType::CommonArea, 5)]);
        assert!(none.is_err());
        assert!(order(Model::Flex20, &[(FlexType::KnowledgeWorker, 250)]).is_ok());
    }

    /// F-FU-05, F-FU-06: a type of another model, a negative and an absurd number, and nothing.
    #[test]
    fn what_no_order_can_be_is_refused() {
        for (kind, quantity, why) in [
            (FlexType::Professional, 1, "professional is no type of Flex 2.0"),
            (FlexType::CommonArea, -1, "-1 common_area is not from 0"),
            (FlexType::CommonArea, LARGEST + 1, "is not from 0 to 10000000"),
            (FlexType::CommonArea, 0, "nothing is ordered"),
        ] {
            let refused = order(Model::Flex20, &[(kind, quantity)]).unwrap_err().to_string();
            assert!(refused.contains(why), "{refused}");
        }
    }

    /// F-FU-17: active from the first to the last day, unless it was cancelled.
    #[test]
    fn a_subscription_is_active_between_its_days() {
        let mut one = order(Model::Flex20, &[(FlexType::CommonArea, 5)]).unwrap();
        let states = |one: &Subscription| {
            ["2026-01-04", "2026-01-05", "2026-01-31", "2026-02-01"]
                .map(|day| one.is_active(day.parse().unwrap()))
        };
        assert_eq!(states(&one), [false, true, true, false]);
        one.cancelled_at = Timestamp::parse("2026-01-06T00:00:00Z");
        assert_eq!(states(&one), [false; 4]);
    }
}
