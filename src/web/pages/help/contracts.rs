//! Active User contracts.

use super::Topic;

/// The list of contracts.
pub const CONTRACTS: Topic = Topic {
    id: "contracts",
    title: "Active User contracts",
    what: "A contract pays for the people who host meetings, the Active Users, and not for those \
           who could. Everybody may have an account. Most contracts have a minimum that follows \
           the use of them once a year.",
    next: "Each contract follows a clause; its plan page shows what has been measured and what the \
           next True Forward would do.",
    renamed: "",
};

/// A new contract.
pub const CONTRACT: Topic = Topic {
    id: "contract",
    title: "The plan of a contract",
    what: "An Active User of a month is somebody who hosts at least one meeting in it. Months count \
           from the contract's first day. Knowledge workers are a headcount here, not the license \
           type of the same name.",
    next: "Months 9, 10 and 11 of each year are averaged. On the anniversary the AU Minimum becomes \
           the greater of the average and the share of the headcount, if the clause says so.",
    renamed: "",
};

/// People and accounts.
pub const CONTRACT_PEOPLE: Topic = Topic {
    id: "contract-people",
    title: "People of a contract",
    what: "Employees count when they host. Contractors count if they work on the customer's behalf, \
           under its control by contract, and with access to its systems; people of an affiliate \
           if the affiliate is on the order. Accounts cost nothing: one for each person.",
    next: "An account passes to somebody else only when its holder has left. Accounts that are \
           enabled when month 11 ends are the knowledge workers deployed.",
    renamed: "",
};

/// The True Forward.
pub const TRUE_FORWARD: Topic = Topic {
    id: "true-forward",
    title: "True Forward",
    what: "Once a year two meters are held against the AU Minimum: the average of the Active Users \
           of months 9, 10 and 11, and a share of the headcount. Fees go forward only, from the \
           anniversary on.",
    next: "It happens by itself on the anniversary. If a measured month has no data it waits for \
           somebody to confirm it; the month then counts 0.",
    renamed: "",
};

/// The ledger.
pub const CONTRACT_LEDGER: Topic = Topic {
    id: "contract-ledger",
    title: "Ledger of a contract",
    what: "Every number of a contract with the step of arithmetic that it comes from, and the rule \
           that the step follows: a clause, the offer, or a setting where nothing is written.",
    next: "Nothing here is changed or removed. A correction is a row of its own.",
    renamed: "",
};

/// Renewal.
pub const CONTRACT_TERM: Topic = Topic {
    id: "contract-term",
    title: "Renewing a contract",
    what: "Within a term the minimum of a 15 % contract never falls. A new term may begin with a \
           minimum that is made anew of the headcount.",
    next: "The term begins when the present one ends, after its last True Forward; today if the \
           contract has ended.",
    renamed: "",
};

/// Orders and corrections.
pub const CONTRACT_ORDER: Topic = Topic {
    id: "contract-order",
    title: "Orders and corrections of a contract",
    what: "An order adds entitlements to services and may state how many people the customer has \
           now. A correction changes the minimum or a fee by hand, with a reason.",
    next: "Both are written into the ledger. The headcount counts at the next True Forward.",
    renamed: "",
};
