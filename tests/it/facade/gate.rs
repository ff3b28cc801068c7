//! Evaluation over and not registered: only licensing works.

use crate::scenarios::token;
use crate::support::app::{T0, TestApp, instant};
use crate::support::databases::on_both_databases;
use crate::support::facade::{TestFacade, product};
use chrono::TimeDelta;
use serde_json::json;
use std::path::Path;
use syncom::clock::Clock;
use syncom::device::Device;
use syncom::device::machine::Event;
use syncom::device::state::State;

on_both_databases!(when_the_evaluation_is_over_only_licensing_works);

/// The same product with its clock so far ahead.
fn later(folder: &Path, offset: TimeDelta) -> TestFacade {
    let mut device = Device::from_state(State::load(&folder.join("device.json")).unwrap()).unwrap();
    device.settings_mut().clock_offset_ms = offset.num_milliseconds();
    TestFacade::start(device, folder, &Clock::frozen(instant(T0)))
}

/// HL-8, F-HL-21: 90 days to the second, then only licensing until the product is registered.
async fn when_the_evaluation_is_over_only_licensing_works(app: &TestApp) {
    let folder = tempfile::tempdir().unwrap();
    let mut device = product("webex", &app.url());
    let tag = device.state().profile.licenses[0].tag.clone();
    device.step(Event::Use(vec![(tag, 1)]), instant(T0)).unwrap();
    TestFacade::start(device, folder.path(), &Clock::frozen(instant(T0))).stop().await;

    let facade = later(folder.path(), TimeDelta::days(90) - TimeDelta::seconds(1));
    let admin = facade.sign_in().await;
    assert_eq!(admin.get("/users").await.path, "/users");
    facade.stop().await;

    let facade = later(folder.path(), TimeDelta::days(90));
    let admin = facade.sign_in().await;
    for path in ["/", "/users"] {
        let page = admin.get(path).await;
        assert_eq!(page.path, "/system/licenses", "{path}");
        assert!(page.text().contains("only license management works"), "{}", page.text());
        assert!(page.text().contains("Evaluation expired"), "{}", page.text());
    }
    assert_eq!(admin.get("/system").await.path, "/system", "the way to the licenses");

    app.advance(TimeDelta::days(90));
    let vault = token(&app.rest_as("ann").await, "Vault", json!({})).await;
    let form = admin.get("/system/licenses").await.form("form[action$='/register']");
    let page = admin.submit(form.set("token", &vault)).await;
    assert!(page.text().contains("The product is registered."), "{}", page.text());
    assert!(!page.text().contains("only license management works"), "{}", page.text());
    assert_eq!(admin.get("/users").await.path, "/users");
    facade.stop().await;
}
