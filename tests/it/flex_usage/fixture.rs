//! What the lab comes with.

use super::{Caller, of};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;

on_both_databases!(the_lab_has_a_year_of_days);

/// F-FU-02, F-FU-13: three customers with a year of days, one that waits, one without the service;
/// the days are those of the seed.
async fn the_lab_has_a_year_of_days(app: &TestApp) {
    let rita = Caller::person(app, "rita").await;
    for (customer, id, today) in
        [("vega", "Sub-204143", 115), ("altair", "Sub-204110", 170), ("deneb", "Sub-204121", 1_441)]
    {
        let told = rita.get(&format!("/customers/{customer}/usage")).await.1;
        assert_eq!(of(&told, id)["consumed"], today, "{told}");
        let told = rita.get(&format!("/customers/{customer}/usage?timeline=90")).await.1;
        assert_eq!(of(&told, id)["days"], 90);
        let path = format!("/customers/{customer}/usage?from=2025-01-06&to=2025-01-12");
        let old = rita.get(&path).await.1;
        let used = of(&old, id)["consumed"].as_i64().unwrap();
        assert_eq!(of(&old, id)["days"], 7);
        assert!(used * 10 > today * 7 && used < today, "{used} a year ago, {today} today");
    }
    let told = rita.get("/customers/lyra/usage").await.1;
    assert_eq!(of(&told, "Sub-204132")["collected"], false);
    assert_eq!(told["clusters_not_verified"], 1);
    let told = rita.get("/customers/mira/usage").await.1;
    assert_eq!(told["subscriptions"].as_array().unwrap().len(), 0);
}
