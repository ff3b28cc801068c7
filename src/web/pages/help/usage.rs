//! The Flex usage report, in both languages of its pages; the help page has the English ones.

use super::Topic;
use crate::web::pages::chrome::Lang;

/// UCM Cloud of a customer.
pub const USAGE: Topic = Topic {
    id: "flex-usage",
    title: "UCM Cloud: usage report",
    what: "What a subscription's order bought of each license type, and what the clusters use. A \
           day is a snapshot: what was configured. Over several days the highest one counts; each \
           type has to be enough for itself.",
    next: "Nothing is blocked when more is used. The partner brings the subscription in line, as \
           a rule each quarter.",
    renamed: "",
};

const USAGE_NL: Topic = Topic {
    what: "Wat er met de bestelling van een abonnement van elk licentietype is aangeschaft, en wat \
           de clusters gebruiken. Een dag is een momentopname van wat er was geconfigureerd. Over \
           meer dagen telt de hoogste; elk type moet op zichzelf genoeg zijn.",
    next: "Er wordt niets geblokkeerd als er meer wordt gebruikt. De partner past het abonnement \
           aan, gewoonlijk elk kwartaal.",
    ..USAGE
};

/// Clusters of a customer.
pub const CLUSTERS: Topic = Topic {
    id: "flex-clusters",
    title: "UCM Cloud: clusters",
    what: "Publishers of release 12.x are found once a day; others are registered. Somebody who \
           is known on two clusters counts on both.",
    next: "Once a cluster is verified, its agent hears the order and tells each day what is \
           configured.",
    renamed: "",
};

const CLUSTERS_NL: Topic = Topic {
    what: "Publishers van versie 12.x worden één keer per dag gevonden; andere worden \
           geregistreerd. Wie op twee clusters bekend is, telt op beide.",
    next: "Zodra een cluster is geverifieerd, krijgt de agent de bestelling te horen en meldt hij \
           elke dag wat er is geconfigureerd.",
    ..CLUSTERS
};

/// Customers of a partner.
pub const CUSTOMERS: Topic = Topic {
    id: "hub-customers",
    title: "Customers of a partner",
    what: "The customers that you look after, with their services, how far those are, and whether \
           their subscriptions are active. Figures of use are in the customer's own pages.",
    next: "View customer leads into the customer's Control Hub, with the rights that you have \
           there.",
    renamed: "",
};

const CUSTOMERS_NL: Topic = Topic {
    what: "De klanten die u beheert, met hun services, hoe ver die zijn, en of hun abonnementen \
           actief zijn. Cijfers over het gebruik staan op de pagina's van de klant zelf.",
    next: "Klant weergeven opent de Control Hub van de klant, met de rechten die u daar hebt.",
    ..CUSTOMERS
};

/// Use of all customers.
pub const CUSTOMER_USAGE: Topic = Topic {
    id: "flex-customer-usage",
    title: "Customer license usage",
    what: "All subscriptions of all customers beside what is used of them. Show overage keeps \
           those that use more than was bought of at least one type.",
    next: "A Full admin takes all of it, or some customers, along as a workbook.",
    renamed: "",
};

const CUSTOMER_USAGE_NL: Topic = Topic {
    what: "Alle abonnementen van alle klanten naast wat ervan wordt gebruikt. Overschot weergeven \
           toont alleen klanten die van ten minste één type meer gebruiken dan is aangeschaft.",
    next: "Een volledige beheerder neemt alles, of een aantal klanten, mee als werkmap.",
    ..CUSTOMER_USAGE
};

/// What the report of a customer is.
pub fn usage_topic(lang: Lang) -> Topic {
    match lang {
        Lang::En => USAGE,
        Lang::Nl => USAGE_NL,
    }
}

/// What clusters are.
pub fn clusters_topic(lang: Lang) -> Topic {
    match lang {
        Lang::En => CLUSTERS,
        Lang::Nl => CLUSTERS_NL,
    }
}

/// What the list of customers is.
pub fn customers_topic(lang: Lang) -> Topic {
    match lang {
        Lang::En => CUSTOMERS,
        Lang::Nl => CUSTOMERS_NL,
    }
}

/// What the use of all customers is.
pub fn customer_usage_topic(lang: Lang) -> Topic {
    match lang {
        Lang::En => CUSTOMER_USAGE,
        Lang::Nl => CUSTOMER_USAGE_NL,
    }
}
