//! A satellite that begins without a fixture's users: the first login of `admin`.

use super::greeting::{forgot, mailed, reset};
use super::{browser, fill, try_to_sign_in};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Database, Ground, on_both_databases};
use syncom::config::LAB_PASSWORD;

on_both_databases!(
    admin_goes_through_the_steps_before_anything_else,
    a_step_says_what_is_wrong,
    a_forgotten_password_does_not_end_a_first_login,
    a_fixture_with_users_has_no_first_login,
);

/// A process whose sites begin empty.
struct New(TestApp);

impl Ground for New {
    async fn on(database: Database) -> Self {
        Self(TestApp::start(database, |config| "empty".clone_into(&mut config.fixture)).await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

const NEW: &str = "Battery-Staple-9";

async fn language(admin: &Browser) -> Page {
    fill(admin, "/first-login/language", &[("language", "English")]).await
}

async fn password(admin: &Browser, present: &str, new: &str) -> Page {
    let fields = [("present", present), ("password", new), ("confirm", new)];
    fill(admin, "/first-login/password", &fields).await
}

async fn host(admin: &Browser, name: &str) -> Page {
    fill(admin, "/first-login/host", &[("host", name)]).await
}

/// B-SHL-02: language, new password, host common name, review; until the last one every page leads
/// back to the step that is open.
async fn admin_goes_through_the_steps_before_anything_else(new: &New) {
    let app = &new.0;
    let admin = browser(app);
    let page = try_to_sign_in(&admin, "admin", LAB_PASSWORD).await;
    assert_eq!(page.path, "/first-login/language", "{}", page.text());
    assert_eq!(page.attributes("#f-language option", "value"), ["English"]);
    for closed in ["/", "/admin", "/admin/users", "/password", "/first-login/review"] {
        assert_eq!(admin.get(closed).await.path, "/first-login/language", "{closed}");
    }
    assert_eq!(language(&admin).await.path, "/first-login/password");
    let page = password(&admin, LAB_PASSWORD, NEW).await;
    assert_eq!(page.path, "/first-login/host", "{}", page.text());
    assert_eq!(admin.get("/admin").await.path, "/first-login/host", "still closed");
    let early = admin.get("/first-login/host").await;
    let csrf = early.form("main form").value("csrf").unwrap().to_owned();
    let early = admin.post("/first-login/review", &[("csrf", &csrf)]).await;
    assert_eq!(early.status, 409, "{}", early.text());
    let review = host(&admin, "SSM.lab.example").await;
    assert_eq!(review.path, "/first-login/review", "{}", review.text());
    for part in ["English", "Replaced", "ssm.lab.example"] {
        assert!(review.text().contains(part), "{part}: {}", review.text());
    }
    let done = admin.submit(review.form("main form")).await;
    assert_eq!((done.status, &done.path[..]), (200, "/admin"), "{}", done.text());
    assert_eq!(admin.get("/first-login").await.status, 404, "it is over");
    let engine = super::engine(app);
    assert_eq!(engine.host_common_name().await.unwrap().as_deref(), Some("ssm.lab.example"));
    let log = admin.get("/admin/events?area=Settings").await.text();
    let told = "First login: language English, host common name ssm.lab.example.";
    assert!(log.contains(told), "{log}");
    assert_eq!(try_to_sign_in(&browser(app), "admin", LAB_PASSWORD).await.status, 401);
    assert_eq!(try_to_sign_in(&browser(app), "admin", NEW).await.path, "/");
}

/// B-SHL-02: what is wrong stands beside its field, and what was typed stays.
async fn a_step_says_what_is_wrong(new: &New) {
    let admin = browser(&new.0);
    try_to_sign_in(&admin, "admin", LAB_PASSWORD).await;
    let wrong = fill(&admin, "/first-login/language", &[("language", "Klingon")]).await;
    assert_eq!(wrong.attributes("#f-language", "aria-invalid"), ["true"], "{}", wrong.text());
    language(&admin).await;
    let wrong = password(&admin, "guessed", NEW).await;
    assert_eq!(wrong.attributes("#f-present", "aria-invalid"), ["true"], "{}", wrong.text());
    let weak = password(&admin, LAB_PASSWORD, "short").await;
    assert_eq!(weak.status, 400);
    assert_eq!(weak.attributes("#f-password", "aria-invalid"), ["true"], "{}", weak.text());
    password(&admin, LAB_PASSWORD, NEW).await;
    for bad in ["", "a b", "http://ssm", "ssm:8443"] {
        let page = host(&admin, bad).await;
        assert_eq!(page.status, 400, "{bad}");
        assert_eq!(page.attributes("#f-host", "aria-invalid"), ["true"], "{bad}");
        assert_eq!(page.attributes("#f-host", "value"), [bad], "what was typed stays");
    }
    let review = host(&admin, "192.0.2.7").await;
    assert_eq!(review.path, "/first-login/review");
    let changed = host(&admin, "ssm.lab.example").await;
    assert!(changed.text().contains("ssm.lab.example"), "a step can be done again");
}

/// B-SHL-02, B-SHL-03: the mailed code replaces the start password, and no other step.
async fn a_forgotten_password_does_not_end_a_first_login(new: &New) {
    let app = &new.0;
    let admin = browser(app);
    try_to_sign_in(&admin, "admin", LAB_PASSWORD).await;
    language(&admin).await;
    forgot(app, "admin").await;
    let (_, code) = mailed(app).await.unwrap();
    assert_eq!(reset(app, &code, NEW).await.path, "/login");
    let again = browser(app);
    let page = try_to_sign_in(&again, "admin", NEW).await;
    assert_eq!(page.path, "/first-login/host", "{}", page.text());
    assert_eq!(again.get("/admin").await.path, "/first-login/host", "still closed");
    let review = host(&again, "ssm.lab.example").await;
    assert_eq!(again.submit(review.form("main form")).await.path, "/admin");
}

/// B-SHL-02: the lab's people work at once, and nobody reaches the first login.
async fn a_fixture_with_users_has_no_first_login(app: &TestApp) {
    let admin = browser(app);
    assert_eq!(try_to_sign_in(&admin, "admin", LAB_PASSWORD).await.path, "/");
    for step in ["", "/language", "/password", "/host", "/review"] {
        let page = admin.get(&format!("/first-login{step}")).await;
        assert_eq!(page.status, 404, "{step}: {}", page.text());
    }
    assert_eq!(super::engine(app).host_common_name().await.unwrap(), None);
}
