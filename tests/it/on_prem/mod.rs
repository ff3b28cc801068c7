//! The people of a satellite and the programs that call it.

mod access;
pub mod accounts;
mod administration;
mod alerts;
mod api;
mod carried;
mod clicked;
mod first_login;
mod greeting;
mod groups;
mod members;
mod restored;
mod security;
mod synchronization;
mod told;
mod workspace;

use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use syncom::config::LAB_PASSWORD;
use syncom::engine::Engine;
use syncom::ids::Ids;
use syncom::lab::fixture::Fixture;
use syncom::lab::fixture_load::{self, Loading};

/// A password that meets every rule.
const GOOD: &str = "Correct-Horse-7";

/// Two local accounts as registering would leave them.
const ACCOUNTS: &str = "
format: 1
catalog:
  - { name: UCM Enhanced Plus, tag: 'regid.2026-01.com.syncom.UCM_ENHANCED_PLUS,1.0_a' }
smart_accounts:
  - name: Plant A
    domain: Plant A
    virtual_accounts: [{ name: Default, default: true }, { name: Line 1 }]
    users: []
    licenses:
      - { license: UCM Enhanced Plus, virtual_account: Default, type: perpetual, quantity: 10 }
      - { license: UCM Enhanced Plus, virtual_account: Line 1, type: perpetual, quantity: 4 }
  - name: Plant B
    domain: Plant B
    virtual_accounts: [{ name: Default, default: true }]
    users: []
";

fn engine(app: &TestApp) -> &Engine {
    &app.running.site("sat-a").unwrap().engine
}

/// Brings the accounts in by the door of fixtures: registering them is tested elsewhere.
async fn with_accounts(app: &TestApp) {
    let fixture = Fixture::parse("accounts", ACCOUNTS).unwrap();
    let ids = Ids::seeded(b"accounts");
    let with = Loading::new(ids, app.now(), GOOD.to_owned());
    let loaded = engine(app).seed(move |conn| fixture_load::load(conn, &fixture, &with)).await;
    assert!(loaded.unwrap());
}

fn browser(app: &TestApp) -> Browser {
    Browser::new(&app.satellite_url())
}

/// The page after the login form was sent.
async fn try_to_sign_in(browser: &Browser, name: &str, password: &str) -> Page {
    let page = browser.get("/login").await;
    browser.submit(page.form("form").set("username", name).set("password", password)).await
}

/// A browser in which this person has signed in.
async fn signed_in(app: &TestApp, name: &str) -> Browser {
    let browser = browser(app);
    let page = try_to_sign_in(&browser, name, LAB_PASSWORD).await;
    assert_eq!((page.status, &page.path[..]), (200, "/"), "{name}: {}", page.text());
    browser
}

/// Fills a form of a page in, and sends it.
pub async fn fill(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    let form = page.form("main form");
    let form = fields.iter().fold(form, |form, (name, value)| form.set(name, value));
    browser.submit(form).await
}

/// A new user, by the form.
async fn new_user(admin: &Browser, name: &str, role: &str) -> Page {
    let fields = [
        ("username", name),
        ("first_name", "Nina"),
        ("last_name", "Novak"),
        ("email", "nina@lab.example"),
        ("role", role),
        ("password", GOOD),
        ("confirm", GOOD),
    ];
    fill(admin, "/admin/users/new", &fields).await
}

/// Where a user is edited.
async fn user_path(admin: &Browser, name: &str) -> String {
    let edit = admin.get("/admin/users").await.link(name);
    edit.trim_end_matches("/edit").to_owned()
}
