//! The same pages in Dutch.

use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;

on_both_databases!(all_pages_speak_dutch);

/// What has to be read on which page.
const TERMS: [(&str, &[&str]); 8] = [
    (
        "/hub/vega/ucm-cloud?timeline=30",
        &[
            "Abonnementen",
            "Abonnements-ID",
            "Totale licentierechten",
            "Totaal licentiegebruik",
            "Licentiegebruik per type",
            "Kenniswerker",
            "Gemeenschappelijke ruimte",
            "Vandaag",
            "Rapport downloaden",
            "Niet conform",
        ],
    ),
    ("/hub/deneb/ucm-cloud", &["Toegang", "1.400", "1.250"]),
    ("/hub/altair/ucm-cloud", &["Benoemde gebruiker", "Enhanced", "108,0"]),
    ("/hub/vega/ucm-cloud/clusters", &["Regio", "Clusternaam", "Licentiegebruik"]),
    (
        "/hub/relay/customers",
        &["Klantnaam", "Leveringsstatus", "Abonnementsstatus", "Klant weergeven"],
    ),
    ("/hub/relay/customers/vega", &["Klanten", "Geleverd", "Utrecht: Geverifieerd"]),
    (
        "/hub/relay/customer-license-usage",
        &["Klantlicentiegebruik", "Overschot weergeven", "Aangepast rapport", "1.620"],
    ),
    ("/hub/relay/customer-license-usage/custom", &["Aangepast rapport", "Maand", "Begin"]),
];

/// F-FU-03, F-FU-05, F-FU-07, F-FU-11, F-FU-14: the documented Dutch terms, numbers as Dutch
/// readers write them, and back to English.
async fn all_pages_speak_dutch(app: &TestApp) {
    let paula = app.sign_in("paula").await;
    paula.get("/hub/language/nl?next=/hub").await;
    for (path, terms) in TERMS {
        let page = paula.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.attributes("html", "lang"), ["nl"]);
        let text = page.text();
        for term in terms {
            assert!(text.contains(term), "{term} on {path}: {text}");
        }
        for english in
            ["Knowledge Worker", "Purchased", "Not compliant", "What is this?", "Show overage"]
        {
            assert!(!text.contains(english), "{english} on {path}: {text}");
        }
    }
    paula.get("/hub/language/en?next=/hub").await;
    let page = paula.get("/hub/vega/ucm-cloud").await;
    assert!(page.text().contains("License usage by type"), "{}", page.text());
}
