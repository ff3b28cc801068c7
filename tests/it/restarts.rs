//! A process that stops and starts again on the same data.

use crate::support::app::TestApp;
use crate::support::databases::Database;
use syncom::app::SATELLITE;
use syncom::config::LAB_PASSWORD;
use syncom::engine::Who;

const NEW: &str = "Battery-Staple-9";

/// AS-45: a stop leaves all of a database in its one file, so that a copy of that file is a backup.
#[actix_web::test]
async fn a_stop_leaves_one_file_for_each_site() {
    let app = TestApp::start(Database::sqlite(), |_| {}).await;
    let app = app
        .restarted(async |database| {
            let Database::Sqlite(folder) = database else { panic!("it is on SQLite") };
            for site in ["cssm", "sat-a"] {
                let size = |end: &str| {
                    let path = folder.path().join(format!("{site}.db{end}"));
                    std::fs::metadata(path).map_or(0, |file| file.len())
                };
                assert!(size("") > 0, "{site} has no file");
                assert_eq!(size("-wal"), 0, "{site}: there is more than the file");
            }
        })
        .await;
    app.sign_in("ann").await;
    app.running.stop().await;
}

/// B-SHL-02: a start tells a newcomer the lab's password for as long as it opens the satellite.
#[actix_web::test]
async fn a_new_password_is_not_told_as_the_labs() {
    for database in [Some(Database::sqlite()), Database::postgres()].into_iter().flatten() {
        told_while_it_opens(TestApp::start(database, |_| {}).await).await;
    }
}

async fn told_while_it_opens(app: TestApp) {
    let first = app.running.satellite.as_ref().unwrap().users[0].0.clone();
    let app = app.restarted(async |_| {}).await;
    assert!(app.running.satellite.is_some(), "it was not changed");
    let engine = &app.running.site(SATELLITE).unwrap().engine;
    let signed_in = engine.sign_in(&first, LAB_PASSWORD).await.unwrap();
    let who = Who::Session(signed_in.secret);
    engine.change_password(&who, LAB_PASSWORD, (NEW, NEW)).await.unwrap();
    let app = app.restarted(async |_| {}).await;
    assert!(app.running.satellite.is_none(), "{first} has another password");
    app.running.stop().await;
}
