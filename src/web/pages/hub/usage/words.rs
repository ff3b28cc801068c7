//! What the pages and the workbook of the usage report say, in each language. The Dutch terms are
//! those of the documentation, where it has them.

use crate::domain::flex::{FlexType, Model};
use crate::web::pages::chrome::Lang;

macro_rules! words {
    ($($name:ident: $en:literal, $nl:literal;)+) => {
        /// The words of the usage report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct UsageWords {
            $(#[doc = concat!("`", $en, "`")] pub $name: &'static str,)+
        }

        const EN: UsageWords = UsageWords { $($name: $en,)+ };
        const NL: UsageWords = UsageWords { $($name: $nl,)+ };

        /// Each word in both languages.
        #[cfg(test)]
        const TABLE: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $nl),)+];
    };
}

words! {
    ucm_cloud: "UCM Cloud", "UCM-cloud";
    ucm_cloud_lead: "What was bought of Unified CM Cloud, and what is used of it.",
        "Wat er van Unified CM Cloud is aangeschaft, en wat ervan wordt gebruikt.";
    usage_report: "Usage report", "Gebruiksrapport";
    clusters: "Clusters", "Clusters";
    clusters_lead: "Clusters of Unified CM whose use is collected, with the licenses that each uses.",
        "Clusters van Unified CM waarvan het gebruik wordt verzameld, met de licenties die elk gebruikt.";
    customers: "Customers", "Klanten";
    customers_lead: "The customers that you may open.", "De klanten die u kunt openen.";
    customer_usage: "Customer license usage", "Klantlicentiegebruik";
    customer_usage_lead: "The use of all customers beside what they bought, to keep their subscriptions right each quarter.",
        "Het gebruik van alle klanten naast wat zij hebben aangeschaft, om hun abonnementen elk kwartaal actueel te houden.";
    custom_report: "Custom report", "Aangepast rapport";
    custom_lead: "One workbook for all customers or for some of them, over the days that you choose.",
        "Eén werkmap voor alle klanten of voor een aantal ervan, over de dagen die u kiest.";
    subscriptions: "Subscriptions", "Abonnementen";
    by_type: "License usage by type", "Licentiegebruik per type";
    by_type_lead: "Each type for itself: what one has too many of does not help another.",
        "Elk type op zichzelf: wat er van het ene over is, helpt het andere niet.";
    model: "Flex license model", "Flex-licentiemodel";
    subscription_id: "Subscription ID", "Abonnements-ID";
    subscription_hint: "From the transaction of the order; older pages call it Deal ID.",
        "Uit de transactie van de bestelling; oudere pagina's noemen het Deal ID.";
    entitlements: "Total license entitlements", "Totale licentierechten";
    total_usage: "Total license usage", "Totaal licentiegebruik";
    license_type: "License type", "Licentietype";
    license_usage: "License usage", "Licentiegebruik";
    graph: "Compliance graph", "Nalevingsgrafiek";
    purchased: "Purchased", "Aangeschaft";
    consumed: "Consumed", "Verbruikt";
    overage: "Overage", "Overschot";
    compliance: "Compliance", "Nalevingsstatus";
    compliant: "Compliant", "Conform";
    not_compliant: "Not compliant", "Niet conform";
    not_collected: "Not collected yet", "Nog niet verzameld";
    not_collected_more: "Usage is collected once a cluster is verified and its agent has told of a day in this timeline.",
        "Gebruik wordt verzameld zodra een cluster is geverifieerd en de agent ervan over een dag in deze tijdlijn heeft gemeld.";
    waiting: "Clusters that wait for their verification", "Clusters die op verificatie wachten";
    average: "Average", "Gemiddelde";
    last: "Last day", "Laatste dag";
    peak: "Consumed is the highest day of the timeline.", "Verbruikt is de hoogste dag van de tijdlijn.";
    days_told: "Days reported", "Gerapporteerde dagen";
    substitution: "Smart Software Manager would let higher tiers stand in for lower ones; there the overage would be",
        "In Smart Software Manager zouden hogere niveaus voor lagere invallen; daar zou het overschot zijn:";
    timeline: "Timeline", "Tijdlijn";
    today: "Today", "Vandaag";
    days: "days", "dagen";
    show: "Show", "Weergeven";
    download: "Download report", "Rapport downloaden";
    download_lead: "A workbook (.xlsx) over 7 to 90 days: the first and the last day, or a month.",
        "Een werkmap (.xlsx) over 7 tot 90 dagen: de eerste en de laatste dag, of een maand.";
    from: "Start", "Begin";
    to: "End", "Einde";
    month: "Month", "Maand";
    month_hint: "Such as 2026-01; instead of start and end.", "Zoals 2026-01; in plaats van begin en einde.";
    day: "Day", "Dag";
    search: "Search", "Zoeken";
    show_overage: "Show overage", "Overschot weergeven";
    module: "License module", "Licentiemodule";
    all_modules: "All modules", "Alle modules";
    all_customers: "All customers", "Alle klanten";
    all_hint: "Nothing ticked means all customers.", "Niets aangevinkt betekent alle klanten.";
    no_rows: "No such subscription", "Geen abonnement gevonden";
    no_rows_more: "No customer fits what was asked for.", "Geen klant past bij wat er is gevraagd.";
    show_all: "Show all", "Alles weergeven";
    customer: "Customer", "Klant";
    customer_name: "Customer name", "Klantnaam";
    services: "Services", "Services";
    no_services: "None", "Geen";
    provisioning: "Provisioning status", "Leveringsstatus";
    provisioning_none: "Nothing ordered", "Niets besteld";
    provisioning_ordered: "Ordered, no cluster yet", "Besteld, nog geen cluster";
    provisioning_progress: "Waits for verification", "Wacht op verificatie";
    provisioned: "Provisioned", "Geleverd";
    status: "Subscription status", "Abonnementsstatus";
    active: "Active", "Actief";
    inactive: "Inactive", "Inactief";
    view_customer: "View customer", "Klant weergeven";
    region: "Region", "Regio";
    cluster_name: "Cluster name", "Clusternaam";
    release: "Release", "Versie";
    verified: "Verified", "Geverifieerd";
    not_verified: "Not verified", "Niet geverifieerd";
    found: "Found by the daily look", "Gevonden bij de dagelijkse controle";
    no_subscription: "No subscription", "Geen abonnement";
    no_subscription_more: "Nothing of Unified CM Cloud was ordered for this customer.",
        "Voor deze klant is niets van Unified CM Cloud besteld.";
    no_cluster: "No cluster", "Geen cluster";
    no_cluster_more: "A cluster appears here when it is registered, or when the daily look finds its publisher.",
        "Een cluster verschijnt hier zodra het is geregistreerd, of zodra de dagelijkse controle de publisher ervan vindt.";
    no_customer: "No customer", "Geen klant";
    no_customer_more: "Nobody has assigned a customer to you.", "Niemand heeft u een klant toegewezen.";
    actions: "Actions", "Acties";
    refused: "That report cannot be made", "Dat rapport kan niet worden gemaakt";
    professional: "Professional", "Professional";
    enhanced: "Enhanced", "Enhanced";
    access: "Access", "Toegang";
    knowledge_worker: "Knowledge Worker", "Kenniswerker";
    common_area: "Common Area", "Gemeenschappelijke ruimte";
    telepresence: "TelePresence", "TelePresence";
    professional_is: "Several devices, with voicemail", "Meerdere apparaten, met voicemail";
    enhanced_is: "One device, without voicemail", "Eén apparaat, zonder voicemail";
    access_is: "Dial tone and basic calls", "Kiestoon en standaardgesprekken";
    knowledge_worker_is: "A person with up to ten devices", "Een persoon met maximaal tien apparaten";
    common_area_is: "An endpoint that belongs to nobody", "Een eindpunt dat van niemand is";
    telepresence_is: "Every room system", "Elk ruimtesysteem";
    flex20: "Flex 2.0", "Flex 2.0";
    named_user: "Flex 3.0 Named User", "Flex 3.0 Benoemde gebruiker";
    agreement: "Flex 3.0 Enterprise Agreement", "Flex 3.0 Enterprise Agreement";
    sheet_summary: "Summary", "Overzicht";
    sheet_types: "By type", "Per type";
    sheet_clusters: "By cluster", "Per cluster";
    sheet_daily: "Daily", "Per dag";
}

impl UsageWords {
    /// The words of a language.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::En => &EN,
            Lang::Nl => &NL,
        }
    }

    /// A license type.
    pub fn type_name(&self, kind: FlexType) -> &'static str {
        match kind {
            FlexType::Professional => self.professional,
            FlexType::Enhanced => self.enhanced,
            FlexType::Access => self.access,
            FlexType::KnowledgeWorker => self.knowledge_worker,
            FlexType::CommonArea => self.common_area,
            FlexType::TelePresence => self.telepresence,
        }
    }

    /// What a license type is for.
    pub fn type_is(&self, kind: FlexType) -> &'static str {
        match kind {
            FlexType::Professional => self.professional_is,
            FlexType::Enhanced => self.enhanced_is,
            FlexType::Access => self.access_is,
            FlexType::KnowledgeWorker => self.knowledge_worker_is,
            FlexType::CommonArea => self.common_area_is,
            FlexType::TelePresence => self.telepresence_is,
        }
    }

    /// A license model.
    pub fn model_name(&self, model: Model) -> &'static str {
        match model {
            Model::Flex20 => self.flex20,
            Model::NamedUser => self.named_user,
            Model::EnterpriseAgreement => self.agreement,
        }
    }

    /// Whether a subscription is active.
    pub fn status_of(&self, active: bool) -> &'static str {
        if active { self.active } else { self.inactive }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that are the same in both languages.
    const SAME: [&str; 7] =
        ["clusters", "services", "professional", "enhanced", "telepresence", "flex20", "agreement"];

    /// F-FU-03: no label is missing in either language, or left in the other one.
    #[test]
    fn every_label_is_there_in_both_languages() {
        assert!(TABLE.len() > 90, "{}", TABLE.len());
        for (name, en, nl) in TABLE {
            assert!(!en.trim().is_empty() && !nl.trim().is_empty(), "{name}");
            assert_eq!(en == nl, SAME.contains(name), "{name}: {en}");
        }
    }

    /// F-FU-05 to F-FU-07: the Dutch terms of the documentation, and the English ones of the rules.
    #[test]
    fn types_have_their_documented_names() {
        let nl = UsageWords::of(Lang::Nl);
        let names = FlexType::ALL.map(|kind| nl.type_name(kind));
        let documented = [
            "Professional",
            "Enhanced",
            "Toegang",
            "Kenniswerker",
            "Gemeenschappelijke ruimte",
            "TelePresence",
        ];
        assert_eq!(names, documented);
        assert_eq!(
            (nl.show_overage, nl.custom_report),
            ("Overschot weergeven", "Aangepast rapport")
        );
        assert_eq!((nl.today, nl.download), ("Vandaag", "Rapport downloaden"));
        let en = UsageWords::of(Lang::En);
        for kind in FlexType::ALL {
            assert_eq!(en.type_name(kind), kind.name());
        }
        for model in Model::ALL {
            assert_eq!(en.model_name(model), model.name());
        }
    }
}
