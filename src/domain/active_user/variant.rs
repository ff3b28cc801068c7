//! The contract variants, as data: one for each clause of a published agreement (F-AU-08 to -19).
//!
//! The collection of clauses that they are numbered by has ten. Two are other companies'
//! (7: a market data provider, 10: SAP) and are not here.

use crate::domain::coded::coded;

coded! {
    /// A clause that a contract follows. The words of each are in [`Terms`].
    Variant {
        /// Clause 3.
        KnowledgeWorkersRenewal = "clause_3",
        /// Clause 6.
        KnowledgeWorkersSubscription = "clause_6",
        /// Clause 4.
        Employees = "clause_4",
        /// Clause 5.
        SparkFlex = "clause_5",
        /// Clause 1.
        Amended = "clause_1",
        /// Clause 2.
        CloudServices = "clause_2",
        /// Clause 8.
        Technology = "clause_8",
        /// Clause 9.
        Product = "clause_9",
    }
}

coded! {
    /// Of which term fees are owed for the remainder (F-AU-16, X-22).
    Remainder {
        /// The present year: the annual Renewal Term.
        RenewalTerm = "renewal_term",
        /// All that is left of the subscription.
        SubscriptionTerm = "subscription_term",
    }
}

/// What a minimum is a share of (X-02: the two are never mixed).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A percentage of the knowledge workers: those on the order, later those deployed.
    KnowledgeWorkers(i64),
    /// A percentage of the employees, as they are now.
    Employees(i64),
    /// Of nothing: what was ordered, later what was measured (F-AU-18).
    Plain,
}

/// What the Active Users of an older subscription mean for a first minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrating {
    /// They are the minimum, even if that is lower (F-AU-10).
    Replaces,
    /// They are one of the numbers of which the greatest counts (F-AU-11).
    OneOf,
    /// The clause has no word for it.
    Unknown,
}

/// How hosts are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Each person once a month (F-AU-01).
    Persons,
    /// Each person once a month in the cloud and once on premises (F-AU-05).
    PersonsPerDeployment,
}

/// What the clause calls the people that it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    /// Knowledge workers.
    KnowledgeWorkers,
    /// Employees.
    Employees,
}

/// The rules of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The number of its clause.
    pub clause: u8,
    /// What people call it.
    pub name: &'static str,
    /// What a minimum is a share of.
    pub basis: Basis,
    /// Knowledge workers that an order must state at least (F-AU-08).
    pub eligible_from: Option<i64>,
    /// The least minimum; 0 where the clause states none.
    pub floor: i64,
    /// What an older subscription means.
    pub migrating: Migrating,
    /// How hosts are counted.
    pub counting: Counting,
    /// Whom it counts.
    pub people: People,
    /// Whether a True Forward never reduces the minimum (F-AU-14, X-10).
    pub ratchet: bool,
    /// Which remainder it speaks of, or ours where it is silent.
    pub remainder: Remainder,
    /// The clause in our own words.
    pub summary: &'static str,
}

/// The offer's gate (X-03: a gate, not a floor).
const ELIGIBLE_FROM: i64 = 250;
/// The least minimum of the variants that have one (F-AU-09).
const FLOOR: i64 = 40;

/// A share of the knowledge workers, the annual reading.
const SHARE: Terms = Terms {
    clause: 3,
    name: "15 % of knowledge workers, fees for the Renewal Term",
    basis: Basis::KnowledgeWorkers(15),
    eligible_from: Some(ELIGIBLE_FROM),
    floor: FLOOR,
    migrating: Migrating::Replaces,
    counting: Counting::Persons,
    people: People::KnowledgeWorkers,
    ratchet: true,
    remainder: Remainder::RenewalTerm,
    summary: "Everybody may host. Paid is a minimum of Active Users: 40, or 15 % of the knowledge \
              workers on the order if that is more. Once a year it rises to the greater of the \
              average measured and 15 % of the workers deployed; it never falls. What is added is \
              owed for the rest of the year's Renewal Term.",
};

/// Who hosts is paid for, and no more is said.
const PLAIN: Terms = Terms {
    clause: 2,
    name: "By Active Users: Cloud Services",
    basis: Basis::Plain,
    eligible_from: None,
    floor: 0,
    migrating: Migrating::Unknown,
    counting: Counting::Persons,
    people: People::Employees,
    ratchet: false,
    remainder: Remainder::SubscriptionTerm,
    summary: "Paid is for the employees that use the cloud services and host at least one meeting. \
              No minimum is stated: the number follows what is measured, up and down.",
};

const SUBSCRIPTION: Terms = Terms {
    clause: 6,
    name: "15 % of knowledge workers, fees for the subscription term",
    remainder: Remainder::SubscriptionTerm,
    summary: "As clause 3, except that what a True Forward adds is owed for all that is left of \
              the subscription term.",
    ..SHARE
};

const EMPLOYEES: Terms = Terms {
    clause: 4,
    name: "10 % of employees",
    basis: Basis::Employees(10),
    eligible_from: None,
    migrating: Migrating::OneOf,
    people: People::Employees,
    ratchet: false,
    remainder: Remainder::SubscriptionTerm,
    summary: "Paid is the greatest of 40, 10 % of the employees and, for those who come from an \
              older subscription, its Active Users. After the first year it is the greatest of 40, \
              10 % of the employees of then and the average measured; it may fall.",
    ..SHARE
};

const SPARK_FLEX: Terms = Terms {
    clause: 5,
    name: "Spark Flex: by Active Users and deployment",
    counting: Counting::PersonsPerDeployment,
    people: People::KnowledgeWorkers,
    summary: "Paid is for the knowledge workers that host at least one meeting. Cloud and premises \
              count apart: who hosts in both in a month counts twice.",
    ..PLAIN
};

const AMENDED: Terms = Terms {
    clause: 1,
    name: "By Active Users: amended Offer Description",
    summary: "An amendment that puts a definition of Active User into the offer's description. It \
              states no minimum: the number follows what is measured, up and down.",
    ..PLAIN
};

const TECHNOLOGY: Terms = Terms {
    clause: 8,
    name: "By Active Users: Cisco Technology",
    summary: "Paid is for the employees that use the technology and host at least one meeting. No \
              minimum is stated: the number follows what is measured, up and down.",
    ..PLAIN
};

const PRODUCT: Terms = Terms {
    clause: 9,
    name: "By Active Users: the Product",
    summary: "Paid is for the employees that use the product and host at least one meeting. It \
              says who is an employee: contractors under contract and control with access to the \
              systems, and affiliates on the order too. Unscheduled one-on-ones are no meetings.",
    ..PLAIN
};

impl Variant {
    /// Its rules.
    pub const fn terms(self) -> &'static Terms {
        match self {
            Self::KnowledgeWorkersRenewal => &SHARE,
            Self::KnowledgeWorkersSubscription => &SUBSCRIPTION,
            Self::Employees => &EMPLOYEES,
            Self::SparkFlex => &SPARK_FLEX,
            Self::Amended => &AMENDED,
            Self::CloudServices => &PLAIN,
            Self::Technology => &TECHNOLOGY,
            Self::Product => &PRODUCT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F-AU-19, AS-56: eight clauses of ten; those of a market data provider and of SAP are not
    /// selectable, by number or by name.
    #[test]
    fn two_clauses_are_not_for_us() {
        let mut clauses: Vec<u8> = Variant::ALL.iter().map(|one| one.terms().clause).collect();
        clauses.sort_unstable();
        assert_eq!(clauses, [1, 2, 3, 4, 5, 6, 8, 9]);
        for one in Variant::ALL {
            assert_eq!(one.code(), format!("clause_{}", one.terms().clause));
        }
        for code in ["clause_7", "clause_10", "7", "10", ""] {
            assert_eq!(Variant::parse(code), None, "{code}");
        }
        let told = Variant::of("variant", "clause_7").unwrap_err().to_string();
        assert!(told.contains("clause_3, clause_6, clause_4"), "{told}");
    }

    /// F-AU-14, F-AU-16, F-AU-17, F-AU-18: what the variants differ in.
    #[test]
    fn the_variants_differ_in_share_floor_ratchet_and_remainder() {
        let told = |one: Variant| {
            let terms = one.terms();
            (terms.basis, terms.floor, terms.ratchet, terms.migrating, terms.remainder)
        };
        let (renewal, subscription) = (Remainder::RenewalTerm, Remainder::SubscriptionTerm);
        let workers = Basis::KnowledgeWorkers(15);
        assert_eq!(
            told(Variant::KnowledgeWorkersRenewal),
            (workers, 40, true, Migrating::Replaces, renewal)
        );
        assert_eq!(
            told(Variant::KnowledgeWorkersSubscription),
            (workers, 40, true, Migrating::Replaces, subscription)
        );
        assert_eq!(
            told(Variant::Employees),
            (Basis::Employees(10), 40, false, Migrating::OneOf, subscription)
        );
        for plain in [Variant::SparkFlex, Variant::Amended, Variant::CloudServices] {
            assert_eq!(told(plain), (Basis::Plain, 0, false, Migrating::Unknown, subscription));
        }
    }
}
