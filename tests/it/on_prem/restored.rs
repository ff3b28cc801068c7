//! A satellite that was restored from an old backup, on the pages of both sides.

use super::signed_in;
use super::synchronization::{SYNC, at, carry, registered, request, respond, row};
use crate::scenarios::{ENHANCED_PLUS as PLUS, V1, enhanced_plus, instances};
use crate::support::app::{TestApp, instant};
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Database, Ground, on_both_databases};
use crate::support::device::{TestDevice, tags};
use crate::support::keeping;
use crate::support::on_prem::file_sync;
use crate::support::satellite::Satellite;
use serde_json::json;
use std::cell::Cell;
use syncom::db::{self, Conn, Db, Url};
use syncom::lab::worlds::{DEFAULT, Move};

on_both_databases!(
    a_restored_satellite_is_offered_a_full_synchronization,
    a_restored_satellite_is_healed_by_a_full_file,
);

/// A lab that a test stops and starts again.
struct Lab(Cell<Option<TestApp>>);

impl Ground for Lab {
    async fn on(database: Database) -> Self {
        Self(Cell::new(Some(TestApp::on(database).await)))
    }

    async fn leave(self) {
        self.0.take().expect("the test brings it back").leave().await;
    }
}

/// Works on the rows of `sat-a`, beside its process or while it rests.
async fn rows(database: &Database, work: fn(&mut Conn) -> db::Result<()>) {
    let url = match database {
        Database::Sqlite(folder) => Url::Sqlite(folder.path().join("sat-a.db")),
        Database::Postgres(own) => Url::Postgres { base: own.url(), schema: "sat_a".to_owned() },
    };
    Db::open(&url).unwrap().write(work).await.unwrap();
}

/// Presses a button of the network; what the page says.
async fn now(admin: &Browser, number: i64, kind: &str) -> Page {
    let dialog = admin.get(&at(number, &format!("/now/{kind}"))).await;
    admin.submit(dialog.form("main form")).await
}

async fn transfer(app: &TestApp, quantity: i64) {
    let body = json!({"licenses":[{"license":PLUS,"licenseType":"PERPETUAL","quantity":quantity,
        "targetVirtualAccount":"Sat-A-VA","precedence":"LONGEST_TERM_FIRST"}]});
    let path = format!("{V1}/virtual-accounts/Tokyo/licenses/transfer");
    assert_eq!(app.rest_as("ann").await.post(&path, &body).await.json["status"], "SUCCESS");
}

/// Synchronized up to request 5 with `dev-1` and `dev-2` when the backup is taken, up to 7 after
/// that; meanwhile `dev-2` left, `dev-3` came, and CSSM gave more licenses.
async fn until_the_disk_broke(app: &TestApp) -> (i64, Vec<TestDevice>) {
    let (sat, number, admin) = registered(app).await;
    transfer(app, 10).await;
    let token = sat.token("Plant A", "Default").await;
    let mut devices: Vec<_> = (1..=3).map(|n| sat.device(app, n)).collect();
    for device in &mut devices[..2] {
        device.register(&token).await.unwrap();
        device.consume(tags::ENHANCED_PLUS, 2).await.unwrap();
    }
    let synchronize = async |to: i64| {
        let page = now(&admin, number, "standard").await;
        assert!(page.text().contains(&format!("standard synchronization {to}.")), "{to}");
    };
    for to in 2..=5 {
        synchronize(to).await;
    }
    rows(app.database(), keeping::keep).await;
    devices[1].deregister().await.unwrap();
    devices[2].register(&token).await.unwrap();
    devices[2].consume(tags::ENHANCED_PLUS, 3).await.unwrap();
    transfer(app, 5).await;
    synchronize(6).await;
    synchronize(7).await;
    let ann = app.rest_as("ann").await;
    assert_eq!(instances(&ann, "Sat-A-VA").await, ["dev-1", "dev-3"]);
    assert_eq!(enhanced_plus(&ann, "Sat-A-VA").await, (15, 5, 10));
    (number, devices)
}

/// An hour passes, and the backup comes back while nothing runs.
async fn restored(app: TestApp) -> TestApp {
    let world = app.running.worlds.get(DEFAULT).unwrap();
    world.move_clock(Move::To(instant("2026-01-05T10:00:00Z"))).await.unwrap();
    drop(world);
    app.restarted(async |database| rows(database, keeping::restore).await).await
}

/// Both sides have what the satellite had at the backup, and what CSSM has given since; no license
/// and no use counts twice, and the next standard synchronization works.
async fn both_agree(app: &TestApp, number: i64, mut devices: Vec<TestDevice>) {
    let (ann, sat) = (app.rest_as("ann").await, Satellite::of(app, "sat-a").await);
    assert_eq!(instances(&ann, "Sat-A-VA").await, ["dev-1", "dev-2"]);
    assert_eq!(enhanced_plus(&ann, "Sat-A-VA").await, (15, 4, 11));
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (15, 4, 11));
    assert_eq!(enhanced_plus(&ann, "Tokyo").await.0, 25, "40 in all");
    for device in &mut devices {
        device.move_to(&format!("{}/SmartTransport", app.satellite_url()));
    }
    devices[0].renew_authorization().await.unwrap();
    assert!(devices[2].renew_authorization().await.is_err(), "it came after the backup");
    let admin = signed_in(app, "admin").await;
    let page = now(&admin, number, "standard").await;
    assert!(page.text().contains("Plant A is synchronized with CSSM."), "{}", page.text());
    assert_eq!(enhanced_plus(&ann, "Sat-A-VA").await, (15, 4, 11));
}

/// What the pages of the satellite say and offer once it knows that both have diverged.
async fn full_is_offered(admin: &Browser, number: i64) -> String {
    let cells = row(admin, "Plant A").await;
    assert!(cells[1].starts_with("Failed") && cells[1].contains("sequence behind"), "{cells:?}");
    let home = admin.get("/admin").await;
    let told = home.alerts("Full Synchronization Needed");
    assert!(told[0].contains("only a full synchronization helps"), "{}", home.text());
    let page = admin.get(&at(number, "")).await;
    let notes = page.texts(".note");
    let offers = "Full Synchronization Needed. Plant A and CSSM have diverged";
    assert!(notes.iter().any(|note| note.contains(offers)), "{notes:?}");
    assert_eq!(page.one("main a.button.primary"), "Full Synchronization Now…");
    let dialog = admin.get(&at(number, "/manual")).await;
    assert_eq!(dialog.form("form[action$='/request']").value("kind"), Some("full"));
    page.link("Full Synchronization Now…")
}

/// AS-45, B-ADM-24, B-SYN-02, B-SYN-03, B-SYN-13: restored at sequence 5 when CSSM is at 7. A
/// standard one is refused, the pages offer a full one, and pressing it heals.
async fn a_restored_satellite_is_offered_a_full_synchronization(lab: &Lab) {
    let app = lab.0.take().unwrap();
    let (number, devices) = until_the_disk_broke(&app).await;
    let app = restored(app).await;
    let admin = signed_in(&app, "admin").await;
    let before = admin.get(&at(number, "")).await;
    assert_eq!(before.one("main a.button.primary"), "Standard Synchronization Now…");
    let refused = now(&admin, number, "standard").await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains("sequence behind; the last accepted one is 7"));
    let offer = full_is_offered(&admin, number).await;
    let again = now(&admin, number, "standard").await;
    assert_eq!(again.status, 409, "{}", again.text());
    assert!(again.text().contains("a full synchronization is needed"), "{}", again.text());
    assert_eq!(request(&admin, number, "standard").await.0, 409, "nor by a file");

    let dialog = admin.get(&offer).await;
    assert!(dialog.text().contains("heals what has diverged"), "{}", dialog.text());
    let healed = admin.submit(dialog.form("main form")).await;
    assert_eq!(healed.path, at(number, ""), "{}", healed.text());
    assert!(healed.text().contains("full synchronization 7."), "{}", healed.text());
    assert!(healed.texts(".note").is_empty(), "{}", healed.text());
    assert_eq!(healed.one("main a.button.primary"), "Standard Synchronization Now…");
    assert!(admin.get("/admin").await.table("Sev").is_empty());
    assert_eq!(row(&admin, "Plant A").await[1], "Synchronized");
    both_agree(&app, number, devices).await;
    lab.0.set(Some(app));
}

/// AS-45, B-ADM-24, B-SYN-06, A-OPA-05: the same with files. CSSM says what helps, and the dialog
/// of the satellite makes it.
async fn a_restored_satellite_is_healed_by_a_full_file(lab: &Lab) {
    let app = lab.0.take().unwrap();
    let (number, devices) = until_the_disk_broke(&app).await;
    let app = restored(app).await;
    let admin = signed_in(&app, "admin").await;
    let (_, standard) = request(&admin, number, "standard").await;
    let ann = app.sign_in("ann").await;
    let refused = file_sync(&ann, "Plant A", &standard).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    let told = refused.one("#f-file-error");
    assert!(told.contains("sequence behind; the last accepted one is 7"), "{told}");
    assert!(told.contains("Only a full synchronization brings both together"), "{told}");
    assert_eq!(instances(&app.rest_as("ann").await, "Sat-A-VA").await, ["dev-1", "dev-3"]);

    let dialog = admin.get(&at(number, "/manual")).await;
    assert!(dialog.texts("option").contains(&"Full: everything".to_owned()), "{}", dialog.text());
    let (_, full) = request(&admin, number, "full").await;
    let taken = respond(&admin, number, &carry(&app, "Plant A", &full).await).await;
    assert!(taken.text().contains("The response is taken"), "{}", taken.text());
    let list = admin.get(SYNC).await.text();
    assert!(list.contains("Synchronized"), "{list}");
    both_agree(&app, number, devices).await;
    lab.0.set(Some(app));
}
