//! What is open to everybody: asking for a local account, and for access to one.

use super::accounts::{approve, asked, mails, wish};
use super::{fill, signed_in};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;

on_both_databases!(
    before_registration_one_can_only_ask,
    access_is_asked_for_and_granted,
    access_is_declined_with_a_reason,
    a_request_for_access_is_checked,
);

/// The rows under "Your requests".
fn own(page: &Page) -> Vec<String> {
    let rows = page.table("Local Account Name").into_iter();
    rows.map(|row| row.join(" | ")).collect()
}

/// A local account that is registered.
async fn registered(admin: &Browser, name: &str, va: &str) {
    let own = asked(admin, name, va).await;
    assert_eq!(approve(admin, &own, "ann").await.status, 200);
}

/// Asks for access.
async fn ask(who: &Browser, account: &str) -> Page {
    let fields = [("account", account), ("message", "For the night shift")];
    fill(who, "/access/new", &fields).await
}

/// AS-33, B-SHL-04, B-ACC-02, B-ACC-04: a user asks; licensing opens when the account is registered.
async fn before_registration_one_can_only_ask(app: &TestApp) {
    let (admin, sam) = (signed_in(app, "admin").await, signed_in(app, "sam").await);
    let home = sam.get("/").await;
    assert!(home.attributes("main a[href^='/sa/']", "href").is_empty(), "{}", home.text());
    assert!(home.text().contains("Request an Account…") && home.text().contains("Request Access…"));
    let wrong = fill(&sam, "/accounts/new", &[("name", "Plant A")]).await;
    assert_eq!(wrong.status, 400);
    assert_eq!(wrong.attributes("#f-name", "value"), ["Plant A"]);
    let done = fill(&sam, "/accounts/new", &wish("Plant A", "Sat-A-VA")).await;
    assert_eq!(done.path, "/");
    assert!(own(&done)[0].starts_with("Plant A Pending | A local account"), "{:?}", own(&done));
    assert!(done.attributes("main a[href^='/sa/']", "href").is_empty());
    let requests = admin.get("/admin/accounts/requests").await;
    assert!(requests.text().contains("sam"), "{}", requests.text());
    approve(&admin, &requests.link("Plant A"), "ann").await;
    let home = sam.get("/").await;
    assert_eq!(home.attributes("main a[href^='/sa/']", "href"), ["/sa/Plant%20A/inventory"]);
    assert!(home.text().contains("Smart Account Administrator"), "{}", home.text());
    assert!(own(&home).is_empty(), "{:?}", own(&home));
}

/// B-ACC-13: an administrator of the account decides, and the user has the role at once.
async fn access_is_asked_for_and_granted(app: &TestApp) {
    let (admin, sam) = (signed_in(app, "admin").await, signed_in(app, "sam").await);
    super::new_user(&admin, "nina", "System User").await;
    fill(&sam, "/accounts/new", &wish("Plant A", "Sat-A-VA")).await;
    let requests = admin.get("/admin/accounts/requests").await;
    approve(&admin, &requests.link("Plant A"), "ann").await;
    let nina = super::browser(app);
    super::try_to_sign_in(&nina, "nina", super::GOOD).await;
    let better =
        [("present", super::GOOD), ("password", "Other-Horse-88"), ("confirm", "Other-Horse-88")];
    assert_eq!(fill(&nina, "/password", &better).await.path, "/");
    let done = ask(&nina, "plant a").await;
    assert!(own(&done)[0].starts_with("Plant A Pending | Access"), "{:?}", own(&done));
    assert!(done.attributes("a[href$='/grant']", "href").is_empty(), "nobody decides for oneself");
    let home = sam.get("/").await;
    assert!(home.text().contains("For the night shift"), "{}", home.text());
    let grant = home.attributes("a[href$='/grant']", "href").remove(0);
    assert_eq!(nina.get(&grant).await.status, 404);
    let wrong = fill(&sam, &grant, &[("role", "root")]).await;
    assert_eq!(wrong.attributes("#f-role", "aria-invalid"), ["true"], "{}", wrong.text());
    let granted = fill(&sam, &grant, &[("role", "Smart Account Viewer")]).await;
    assert!(granted.text().contains("nina has access to Plant A"), "{}", granted.text());
    assert_eq!(granted.path, "/");
    let home = nina.get("/").await;
    assert!(home.text().contains("Smart Account Viewer"), "{}", home.text());
    assert!(ask(&nina, "Plant A").await.text().contains("ou have a role in Plant A already"));
    assert_eq!(sam.get(&grant).await.status, 404, "it is decided");
    let log = admin.get("/admin/accounts/events").await.text();
    assert!(log.contains("was granted: Smart Account Viewer"), "{log}");
}

/// B-ACC-13: the satellite's people decide as well; a reason is needed and mailed.
async fn access_is_declined_with_a_reason(app: &TestApp) {
    let (admin, sam) = (signed_in(app, "admin").await, signed_in(app, "sam").await);
    registered(&admin, "Plant A", "Sat-A-VA").await;
    ask(&sam, "Plant A").await;
    let olga = signed_in(app, "olga").await;
    let requests = olga.get("/admin/accounts/requests").await;
    let decline = requests.attributes("a[href$='/decline']", "href").remove(0);
    let refused = fill(&olga, &decline, &[("reason", "")]).await;
    assert_eq!(refused.attributes("#f-reason", "aria-invalid"), ["true"], "{}", refused.text());
    let done = fill(&olga, &decline, &[("reason", "Ask your team first.")]).await;
    assert_eq!(done.path, "/admin/accounts/requests");
    let mails = mails(app).await;
    assert!(mails.iter().any(|(_, body)| body.contains("Ask your team first.")), "{mails:?}");
    assert!(own(&sam.get("/").await).is_empty());
    assert_eq!(ask(&sam, "Plant A").await.status, 200, "one may ask again");
    let path = super::user_path(&admin, "sam").await;
    fill(&admin, &format!("{path}/remove"), &[]).await;
    let requests = admin.get("/admin/accounts/requests").await;
    assert!(!requests.text().contains("night shift"), "{}", requests.text());
}

/// B-ACC-13: what can be wrong with it.
async fn a_request_for_access_is_checked(app: &TestApp) {
    let (admin, sam) = (signed_in(app, "admin").await, signed_in(app, "sam").await);
    asked(&admin, "Plant B", "Sat-B-VA").await;
    for (account, told) in [
        ("", "a value is needed"),
        ("Nowhere", "no local account 'Nowhere' is registered"),
        ("Plant B", "no local account 'Plant B' is registered"),
    ] {
        let refused = ask(&sam, account).await;
        assert_eq!(refused.status, 400);
        assert_eq!(refused.attributes("#f-account", "aria-invalid"), ["true"]);
        assert!(refused.text().contains(&told[1..]), "{told}: {}", refused.text());
        assert_eq!(refused.one("#f-message"), "For the night shift");
    }
    registered(&admin, "Plant A", "Sat-A-VA").await;
    ask(&sam, "Plant A").await;
    let twice = ask(&sam, "Plant A").await;
    assert!(twice.text().contains("ou have asked for access to Plant A already"));
    let long = "z".repeat(1_001);
    let refused = fill(&sam, "/access/new", &[("account", "Plant A"), ("message", &long)]).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert_eq!(sam.get("/access/none/grant").await.status, 404);
}
