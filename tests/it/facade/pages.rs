//! The product's own pages, as a browser without JavaScript sees them.

use crate::scenarios::token;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;
use crate::support::facade::{TestFacade, product};
use serde_json::json;

on_both_databases!(
    a_product_is_registered_renewed_and_deregistered,
    a_known_product_instance_checks_the_box,
    what_is_typed_wrong_stays_with_its_rule,
    strangers_and_forgers_are_turned_away,
);

const LICENSES: &str = "/system/licenses";
const REGISTRATION: &str = "/system/licenses/registration";

fn webex(app: &TestApp, folder: &tempfile::TempDir) -> TestFacade {
    TestFacade::start(product("webex", &app.url()), folder.path(), &app.running.clock)
}

async fn vault(app: &TestApp) -> String {
    token(&app.rest_as("ann").await, "Vault", json!({})).await
}

async fn register(admin: &Browser, token: &str) -> Page {
    let form = admin.get(LICENSES).await.form("form[action$='/register']");
    admin.submit(form.set("token", token)).await
}

/// Presses the only button of a form.
async fn press(admin: &Browser, page: &str, form: &str) -> Page {
    admin.submit(admin.get(page).await.form(&format!("form[action$='{form}']"))).await
}

/// F-HL-21: System, Smart Licenses, View More, and every step from there.
async fn a_product_is_registered_renewed_and_deregistered(app: &TestApp) {
    let folder = tempfile::tempdir().unwrap();
    let facade = webex(app, &folder);
    let admin = facade.sign_in().await;
    let system = admin.get("/system").await;
    assert_eq!(system.link("View More"), LICENSES);
    let users = admin.get("/users").await.form("form[action='/users']");
    let name =
        "count:regid.2026-01.com.syncom.MEETINGS_HOST,1.0_0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0003";
    assert!(admin.submit(users.set(name, "4")).await.text().contains("Evaluation mode"));

    let page = register(&admin, &vault(app).await).await;
    assert_eq!((page.status, page.path.as_str()), (200, LICENSES));
    for words in ["The product is registered.", "Contoso Lab", "Vault", "meetings-admin"] {
        assert!(page.text().contains(words), "no {words}: {}", page.text());
    }
    let renewed = press(&admin, REGISTRATION, "/renew").await.text();
    assert!(renewed.contains("The registration is renewed."), "{renewed}");
    let dates =
        ["2026-01-05 09:00", "2026-07-04 09:00 in 180 days", "2027-01-05 09:00 in 365 days"];
    assert!(dates.iter().all(|date| renewed.contains(date)), "{renewed}");

    let page = press(&admin, "/system/licenses/authorization", "/renew").await.text();
    assert!(page.contains("The authorization is renewed."), "{page}");
    for words in ["Authorized", "Meetings Host", "Covered", "2026-02-04 09:00", "2026-04-05 09:00"]
    {
        assert!(page.contains(words), "no {words}: {page}");
    }
    let question = admin.get("/system/licenses/registration/deregister").await;
    assert_eq!(question.link("No"), REGISTRATION);
    let page = admin.submit(question.form("form[action$='/deregister']")).await;
    assert!(page.text().contains("The product is de-registered."), "{}", page.text());
    assert!(page.text().contains("Unregistered") && page.text().contains("Evaluation mode"));
    let page = admin.get("/system/licenses/reservation").await.text();
    assert!(page.contains("Obtain a Reservation Request Code"), "{page}");
    let kept = facade.stop().await;
    assert!(kept.registration.identity.is_none() && kept.in_use());
}

/// F-HL-21: without the box a product instance that exists is an error, and the next page has
/// the box checked.
async fn a_known_product_instance_checks_the_box(app: &TestApp) {
    let folder = tempfile::tempdir().unwrap();
    let facade = webex(app, &folder);
    let admin = facade.sign_in().await;
    let token = vault(app).await;
    register(&admin, &token).await;
    let path = "/system/licenses/registration/reregister";
    let form = admin.get(path).await.form("main form");
    assert_eq!(form.value("overwrite"), None, "not checked at first");
    let refused = admin.submit(form.set("token", &token)).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("Already registered."), "{}", refused.text());
    let form = refused.form("main form");
    assert_eq!((form.value("overwrite"), form.value("token")), (Some("on"), Some(&token[..])));
    let page = admin.submit(form).await;
    assert!(page.text().contains("The product is registered again."), "{}", page.text());
    facade.stop().await;

    // Another product of the same kind and serial number is known to the server too.
    let folder = tempfile::tempdir().unwrap();
    let facade = webex(app, &folder);
    let admin = facade.sign_in().await;
    let refused = register(&admin, &token).await;
    assert!(refused.text().contains("has already been registered"), "{}", refused.text());
    let page = admin.submit(refused.form("form[action$='/register']")).await;
    assert!(page.text().contains("The product is registered."), "{}", page.text());
    facade.stop().await;
}

/// F-HL-21: refusals of the product and of the server, beside what was typed.
async fn what_is_typed_wrong_stays_with_its_rule(app: &TestApp) {
    let folder = tempfile::tempdir().unwrap();
    let facade = webex(app, &folder);
    let admin = facade.sign_in().await;
    for (text, words) in [
        ("", "Paste the registration token"),
        ("two words", "A token is one piece"),
        ("BadToken", "The token 'BadToken' is not valid."),
    ] {
        let page = register(&admin, text).await;
        assert_eq!(page.status, 400, "{text}");
        assert!(page.text().contains(words), "{}", page.text());
        assert_eq!(page.form("form[action$='/register']").value("token"), Some(text));
    }
    let path = "/system/licenses/transport";
    let form = admin.get(path).await.form("main form");
    assert_eq!(form.value("port"), Some("3128"), "the default port of a proxy");
    let form = form.set("mode", "proxy").set("url", "ftp://x").set("port", "0").set("proxy", "a/b");
    let page = admin.submit(form).await;
    for words in ["'ftp://x' is no URL", "'0' must be a whole number", "'a/b' is no proxy"] {
        assert!(page.text().contains(words), "no {words}: {}", page.text());
    }
    let form = page.form("main form").set("url", "").set("proxy", "proxy.lab").set("port", "");
    let form = form.set("username", "kim").set("password", "secret");
    let saved = admin.submit(form).await;
    assert!(saved.text().contains("HTTP/HTTPS Proxy"), "{}", saved.text());
    let form = admin.get(path).await.form("main form");
    assert_eq!(form.value("password"), Some(""), "it is never shown");
    admin.submit(form).await;
    let proxy = facade.stop().await.settings.proxy.unwrap();
    assert_eq!(proxy.url, "http://proxy.lab:3128");
    assert_eq!((proxy.user.as_deref(), proxy.password.as_deref()), (Some("kim"), Some("secret")));
}

/// F-HL-21: signing in first, and forms of our own pages only.
async fn strangers_and_forgers_are_turned_away(app: &TestApp) {
    let folder = tempfile::tempdir().unwrap();
    let facade = webex(app, &folder);
    let stranger = facade.anonymous();
    for path in [
        "/",
        "/users",
        "/system",
        LICENSES,
        REGISTRATION,
        "/system/licenses/transport",
        "/system/licenses/authorization",
        "/system/licenses/reservation",
        "/nowhere",
    ] {
        assert!(stranger.get(path).await.path.starts_with("/login?next="), "{path}");
    }
    let page = stranger.get("/system").await;
    let form = page.form("main form").set("username", "admin").set("password", "wrong");
    let refused = stranger.submit(form).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("do not match"), "{}", refused.text());
    let admin = facade.sign_in().await;
    for path in [
        "/users",
        "/logout",
        "/system/licenses/register",
        "/system/licenses/transport",
        "/system/licenses/registration/deregister",
    ] {
        let forged = admin.post(path, &[("token", "x"), ("csrf", "guess")]).await;
        assert_eq!(forged.status, 403, "{path}");
        assert!(stranger.post(path, &[]).await.path.starts_with("/login"), "{path}");
    }
    assert_eq!(admin.get("/nowhere").await.status, 404);
    let out = admin.submit(admin.get("/").await.form("form[action='/logout']")).await;
    assert!(out.path.starts_with("/login"));
    assert!(admin.get("/").await.path.starts_with("/login"));
    facade.stop().await;
}
