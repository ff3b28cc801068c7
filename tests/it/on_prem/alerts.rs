//! What is wrong with local accounts, as the Administration Workspace lists it.

use super::accounts::{approve, asked};
use super::signed_in;
use crate::support::app::{TestApp, instant};
use crate::support::browser::Page;
use crate::support::databases::on_both_databases;
use crate::support::satellite::Satellite;
use syncom::domain::sync::schedule::Schedule;
use syncom::lab::worlds::{DEFAULT, Move};

on_both_databases!(who_comes_late_is_listed, a_file_that_waits_is_listed);

async fn move_clock(app: &TestApp, to: &str) {
    let world = app.running.worlds.get(DEFAULT).unwrap();
    world.move_clock(Move::To(instant(to))).await.unwrap();
}

/// The home of the administration at an instant.
async fn at(app: &TestApp, now: &str) -> Page {
    move_clock(app, now).await;
    signed_in(app, "olga").await.get("/admin").await
}

fn figure(page: &Page) -> String {
    let all = page.texts(".figures > div");
    all.into_iter().find(|figure| figure.starts_with("Alerts")).unwrap()
}

/// AS-37, A-ALK-06, A-ALK-07, A-ALK-08, B-LWS-12, B-SHL-06: listed and counted, each in its days.
async fn who_comes_late_is_listed(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let own = asked(&admin, "Plant A", "Sat-A-VA").await;
    approve(&admin, &own, "ann").await;
    let sat = Satellite::of(app, "sat-a").await;
    let never = Schedule { enabled: false, ..Schedule::default() };
    sat.engine.set_schedule(&sat.who, never).await.unwrap();
    let page = at(app, "2026-02-04T08:59:59Z").await;
    assert!(page.table("Sev").is_empty(), "{}", page.text());
    assert_eq!(figure(&page), "Alerts0 Major 0 Minor");
    let page = at(app, "2026-02-04T09:00:00Z").await;
    let rows = page.alerts("Synchronization Overdue");
    assert!(rows[0].contains("Minor") && rows[0].contains("2026-04-05"), "{rows:?}");
    assert_eq!(figure(&page), "Alerts0 Major 1 Minor");
    let page = at(app, "2026-03-06T09:00:00Z").await;
    assert!(page.alerts("Synchronization Overdue")[0].contains("Major"), "{}", page.text());
    assert!(page.alerts("Upcoming Satellite Sync Deadline")[0].contains("Minor"));
    assert_eq!(page.link("Plant A"), own);
    let olga = signed_in(app, "olga").await;
    let list = olga.get("/admin/accounts").await;
    assert!(list.text().contains("Deadline is near"), "{}", list.text());
    let page = at(app, "2026-04-05T09:00:00Z").await;
    let rows = page.alerts("Satellite Unregistered and Removed");
    assert!(rows.len() == 1 && rows[0].contains("Now"), "{}", page.text());
    assert_eq!(page.link("Re-Register…"), format!("{own}/approve"));
    let olga = signed_in(app, "olga").await;
    let details = olga.get(&own).await;
    assert!(details.text().contains("Expired") && details.text().contains("register again"));
    let done = approve(&olga, &own, "ann").await;
    assert!(done.text().contains("registered with CSSM"), "{}", done.text());
    assert!(olga.get("/admin").await.table("Sev").is_empty());
}

/// A-ALK-10, B-ACC-07: a registration file waits; what CSSM has refused over the network does not.
async fn a_file_that_waits_is_listed(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let own = asked(&admin, "Plant A", "Sat-A-VA").await;
    approve(&admin, &own, "nobody").await;
    assert!(admin.get("/admin").await.table("Sev").is_empty());
    let page = admin.get(&format!("{own}/manual")).await;
    let made = admin.save(page.form("form[action$='/registration']")).await;
    assert_eq!(made.0, 200);
    approve(&admin, &own, "nobody").await;
    let page = admin.get("/admin").await;
    let rows = page.alerts("Authorization Pending");
    assert!(rows.len() == 1 && rows[0].contains("Minor"), "{}", page.text());
    assert_eq!(page.link("Manual Registration…"), format!("{own}/manual"));
    approve(&admin, &own, "ann").await;
    assert!(admin.get("/admin").await.table("Sev").is_empty());
}
