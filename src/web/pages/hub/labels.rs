//! What the hub's own pages say, in each language.

use crate::web::pages::chrome::Lang;

/// The words of the hub's frame, of its landing page, its people and its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// The hub of a customer.
    pub control_hub: &'static str,
    /// The hub of a partner.
    pub partner_hub: &'static str,
    /// Title of the landing page.
    pub organizations: &'static str,
    /// What one does there.
    pub choose: &'static str,
    /// What is said to somebody without a role.
    pub none: &'static str,
    /// The same, in a sentence more.
    pub none_more: &'static str,
    /// Active User contracts.
    pub contracts: &'static str,
    /// The log.
    pub activity: &'static str,
    /// What the log holds.
    pub activity_lead: &'static str,
    /// An empty log.
    pub no_activity: &'static str,
    /// When its rows appear.
    pub no_activity_more: &'static str,
    /// Roles.
    pub people: &'static str,
    /// What they are for.
    pub people_lead: &'static str,
    /// The button that gives a role, and the title of its form.
    pub give: &'static str,
    /// The button that takes one.
    pub take: &'static str,
    /// Column: who.
    pub user: &'static str,
    /// Column: which role.
    pub role: &'static str,
    /// Column: where.
    pub organization: &'static str,
    /// Column: what can be done.
    pub actions: &'static str,
    /// Column: what has happened.
    pub message: &'static str,
    /// Column: when.
    pub time: &'static str,
    /// The list of customers.
    pub customers: &'static str,
    /// The use of all customers.
    pub customer_usage: &'static str,
    /// What a customer uses of Unified CM Cloud.
    pub ucm_cloud: &'static str,
    /// A customer.
    pub customer: &'static str,
    /// Under the field of the customer.
    pub customer_hint: &'static str,
    /// The whole partner, in a choice of places.
    pub whole_partner: &'static str,
    /// Under the field of the user.
    pub user_hint: &'static str,
}

impl Words {
    /// The words of a language.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::En => &EN,
            Lang::Nl => &NL,
        }
    }
}

const EN: Words = Words {
    control_hub: "Control Hub",
    partner_hub: "Partner Hub",
    organizations: "Organizations",
    choose: "Partners whose customers you look after, and customers that you may open.",
    none: "No organization",
    none_more: "You hold no role at a partner or a customer. A Full admin of the partner gives \
                them.",
    contracts: "Contracts",
    activity: "Activity",
    activity_lead: "What was changed here, by whom, and what time has caused.",
    no_activity: "Nothing has happened yet",
    no_activity_more: "Orders, clusters, contracts and roles are written here in the moment they \
                       change.",
    people: "Administrators",
    people_lead: "Who has which role at the partner and at its customers.",
    give: "Give Role",
    take: "Take Role",
    user: "User",
    role: "Role",
    organization: "Organization",
    actions: "Actions",
    message: "Message",
    time: "Time",
    customers: "Customers",
    customer_usage: "Customer license usage",
    ucm_cloud: "UCM Cloud",
    customer: "Customer",
    customer_hint: "Sales admin and Customer admin are roles at one customer.",
    whole_partner: "The partner itself",
    user_hint: "The login name.",
};

const NL: Words = Words {
    control_hub: "Control Hub",
    partner_hub: "Partner Hub",
    organizations: "Organisaties",
    choose: "Partners wier klanten u beheert, en klanten die u kunt openen.",
    none: "Geen organisatie",
    none_more: "U hebt geen rol bij een partner of een klant. Een volledige beheerder van de \
                partner wijst rollen toe.",
    contracts: "Contracten",
    activity: "Activiteit",
    activity_lead: "Wat hier is gewijzigd, door wie, en wat de tijd heeft veroorzaakt.",
    no_activity: "Er is nog niets gebeurd",
    no_activity_more: "Bestellingen, clusters, contracten en rollen komen hier te staan zodra ze \
                       veranderen.",
    people: "Beheerders",
    people_lead: "Wie welke rol heeft bij de partner en bij zijn klanten.",
    give: "Rol toewijzen",
    take: "Rol intrekken",
    user: "Gebruiker",
    role: "Rol",
    organization: "Organisatie",
    actions: "Acties",
    message: "Bericht",
    time: "Tijd",
    customers: "Klanten",
    customer_usage: "Klantlicentiegebruik",
    ucm_cloud: "UCM-cloud",
    customer: "Klant",
    customer_hint: "Verkoopbeheerder en klantbeheerder zijn rollen bij één klant.",
    whole_partner: "De partner zelf",
    user_hint: "De aanmeldnaam.",
};
