//! Local accounts by page: asked for, registered over the network and by files, given up.

use super::{fill, signed_in, try_to_sign_in};
use crate::on_prems::by_file::create;
use crate::scenarios::token;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::{Database, Ground, on_both_databases};
use crate::support::device::TestDevice;
use crate::support::on_prem::download;
use crate::support::satellite::Satellite;
use serde_json::json;
use syncom::config::{Config, LAB_PASSWORD};
use syncom::domain::standing::SyncKind;

on_both_databases!(
    an_account_is_asked_for_and_approved,
    a_wish_is_checked_field_by_field,
    a_request_is_rejected_with_a_reason,
    cssm_may_refuse,
    two_files_register_an_account,
    wrong_files_register_nothing,
    an_account_is_deleted_in_the_right_order,
    system_roles_decide_what_is_offered,
);

/// Where the widget is.
const HERE: &str = "/admin/accounts";
/// Where requests are.
const REQUESTS: &str = "/admin/accounts/requests";

/// What a request for this account says.
pub fn wish<'a>(name: &'a str, va: &'a str) -> [(&'static str, &'a str); 5] {
    [
        ("name", name),
        ("smart_account", "Contoso Lab"),
        ("virtual_account", va),
        ("email", "plant@lab.example"),
        ("message", "For the new line"),
    ]
}

/// Asks for a local account as an administrator; the address of its dialogs.
pub async fn asked(admin: &Browser, name: &str, va: &str) -> String {
    let page = fill(admin, &format!("{HERE}/new"), &wish(name, va)).await;
    assert_eq!((page.status, &page.path[..]), (200, REQUESTS), "{}", page.text());
    page.link(name)
}

/// Approves a request with a user of CSSM.
pub async fn approve(admin: &Browser, at: &str, user: &str) -> Page {
    let login = [("user", user), ("password", LAB_PASSWORD)];
    fill(admin, &format!("{at}/approve"), &login).await
}

/// The row of an account in the list of a page.
fn row(page: &Page, name: &str) -> String {
    let rows = page.table("Local Account Name").into_iter().map(|row| row.join(" | "));
    rows.filter(|row| row.starts_with(name)).collect()
}

/// Subjects and texts of the satellite's mails.
pub async fn mails(app: &TestApp) -> Vec<(String, String)> {
    let rest = crate::support::rest::Rest::new(&app.satellite_url());
    let all = rest.get("/_syncom/outbox").await.json["mails"].as_array().unwrap().clone();
    let text = |mail: &serde_json::Value, key: &str| mail[key].as_str().unwrap().to_owned();
    all.iter().map(|mail| (text(mail, "subject"), text(mail, "body"))).collect()
}

/// AS-33, B-ACC-01, B-ACC-02, B-ACC-04, B-ACC-06, B-ACC-09: from the form to the list, and CSSM
/// lists it too.
async fn an_account_is_asked_for_and_approved(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    assert!(admin.get(HERE).await.text().contains("No local account is registered"));
    let own = asked(&admin, "Plant A", "Sat-A-VA").await;
    let requests = row(&admin.get(REQUESTS).await, "Plant A");
    for part in ["Pending", "Contoso Lab", "Sat-A-VA", "admin", "2026-01-05 09:00", "new line"] {
        assert!(requests.contains(part), "{part}: {requests}");
    }
    let list = admin.get(HERE).await;
    assert!(list.text().contains("1 request waits"), "{}", list.text());
    assert_eq!(row(&list, "Plant A"), "");
    let done = approve(&admin, &own, "ann").await;
    assert!(done.text().contains("registered with CSSM and synchronized"), "{}", done.text());
    let listed = row(&done, "Plant A");
    for part in ["Active", "Contoso Lab", "Sat-A-VA", "2026-01-05 09:00", "2026-02-04 09:00"] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let details = admin.get(&own).await.text();
    for part in ["over the network", "Synchronized", "2026-07-04", "2026-04-05", "onprem8"] {
        assert!(details.contains(part), "{part}: {details}");
    }
    let log = admin.get(&format!("{HERE}/events")).await.text();
    for part in ["admin asked for the local account Plant A", "Plant A is registered with CSSM"] {
        assert!(log.contains(part), "{part}: {log}");
    }
    let cssm = app.sign_in("ann").await.get("/sa/lab.example/on-prem").await;
    assert!(cssm.table("On-Prem Name")[0].join("|").contains("Plant A"), "{}", cssm.text());
}

/// B-ACC-02, B-ACC-03, X-11: what is wrong stands beside its field, and what was typed stays.
async fn a_wish_is_checked_field_by_field(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    asked(&admin, "Plant A", "Sat-A-VA").await;
    let long = "x".repeat(1_001);
    for (field, value, told) in [
        ("name", "", "characters"),
        ("name", "a/b", "are not allowed"),
        ("name", "plant a", "there is a local account Plant A already"),
        ("smart_account", " ", "a value is needed"),
        ("virtual_account", "", "a value is needed"),
        ("virtual_account", "One\nTwo", "2 names; in this mode a local account has one"),
        ("email", "nobody", "an address like name@example.com is needed"),
        ("message", &long, "1001 characters; the limit is 1000"),
        ("mode", "modern", "'modern' is no mode of local accounts"),
    ] {
        let fields: Vec<_> = wish("Plant B", "Sat-B-VA")
            .into_iter()
            .filter(|(name, _)| *name != field)
            .chain([(field, value)])
            .collect();
        let page = fill(&admin, &format!("{HERE}/new"), &fields).await;
        assert_eq!(page.status, 400, "{field}: {}", page.text());
        assert_eq!(page.attributes(&format!("#f-{field}"), "aria-invalid"), ["true"], "{field}");
        assert!(page.text().to_lowercase().contains(&told.to_lowercase()), "{}", page.text());
        let kept = if field == "email" { value } else { "plant@lab.example" };
        assert_eq!(page.attributes("#f-email", "value"), [kept]);
    }
    let several = [wish("Plant B", "One\nTwo").as_slice(), &[("mode", "classic")]].concat();
    let made = fill(&admin, &format!("{HERE}/new"), &several).await;
    assert!(row(&made, "Plant B").contains("One, Two"), "{}", made.text());
}

/// B-ACC-05: a reason is needed, is mailed and logged; the request is gone.
async fn a_request_is_rejected_with_a_reason(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let own = asked(&admin, "Plant A", "Sat-A-VA").await;
    let reject = format!("{own}/reject");
    let refused = fill(&admin, &reject, &[("reason", " ")]).await;
    assert_eq!((refused.status, refused.attributes("#f-reason", "aria-invalid").len()), (400, 1));
    let endless = "y".repeat(1_001);
    let refused = fill(&admin, &reject, &[("reason", &endless)]).await;
    assert!(refused.text().contains("the limit is 1000"), "{}", refused.text());
    assert_eq!(refused.one("#f-reason"), endless);
    let done = fill(&admin, &reject, &[("reason", "No licenses left.")]).await;
    assert_eq!(row(&done, "Plant A"), "", "{}", done.text());
    let mails = mails(app).await;
    let told = |(subject, body): &(String, String)| {
        subject == "Local account Plant A was rejected" && body.contains("No licenses left.")
    };
    assert!(mails.iter().any(told), "{mails:?}");
    let log = admin.get(&format!("{HERE}/events")).await.text();
    assert!(log.contains("Plant A was rejected: No licenses left."), "{log}");
    assert_eq!(admin.get(&own).await.status, 404);
    assert_eq!(admin.get(&format!("{HERE}/none")).await.status, 404);
}

/// AS-34, B-ACC-03, B-ACC-05, B-ACC-12: what CSSM says stands in the dialog, with the user name and
/// without the password; the request goes on waiting.
async fn cssm_may_refuse(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let berlin = token(&app.rest_as("ann").await, "Berlin", json!({})).await;
    app.device(1).register(&berlin).await.unwrap();
    for (name, va, user, told) in [
        ("One", "DEFAULT", "ann", "default"),
        ("Two", "Sat-A-VA", "vera", "vera"),
        ("Three", "Sat-A-VA", "nobody", "wrong"),
        ("Four", "Berlin", "ann", "Berlin"),
    ] {
        let own = asked(&admin, name, va).await;
        let page = approve(&admin, &own, user).await;
        assert_eq!(page.status, 409, "{}", page.text());
        assert!(page.one("form [role=alert]").contains(told), "{told}: {}", page.text());
        assert_eq!(page.attributes("#f-user", "value"), [user]);
        assert_eq!(page.attributes("#f-password", "value"), [""]);
        assert!(row(&admin.get(REQUESTS).await, name).contains("Pending"));
    }
    let first = asked(&admin, "Plant A", "Sat-A-VA").await;
    approve(&admin, &first, "ann").await;
    let again = asked(&admin, "Plant B", "Sat-A-VA").await;
    let page = approve(&admin, &again, "ann").await;
    assert!(page.one("form [role=alert]").contains("already used"), "{}", page.text());
    let rejected = fill(&admin, &format!("{first}/reject"), &[("reason", "late")]).await;
    assert!(rejected.text().contains("is Active, not Pending"), "{}", rejected.text());
}

/// A lab with two satellites, where authorization files take two hours.
pub struct Slow(TestApp);

impl Ground for Slow {
    async fn on(database: Database) -> Self {
        let slow = |config: &mut Config| {
            config.settings.on_prem.authorization_hours = 2;
            config.satellites.count = 2;
        };
        Self(TestApp::start(database, slow).await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

/// `admin` in a browser at this satellite.
async fn admin_of(app: &TestApp, site: &str) -> Browser {
    let browser = Browser::new(&format!("http://{}", app.running.site(site).unwrap().http));
    assert_eq!(try_to_sign_in(&browser, "admin", LAB_PASSWORD).await.path, "/");
    browser
}

/// The registration file, as the page makes it.
async fn registration(admin: &Browser, own: &str) -> Vec<u8> {
    let page = admin.get(&format!("{own}/manual")).await;
    let (status, file) = admin.save(page.form("form[action$='/registration']")).await;
    assert_eq!(status, 200);
    file
}

/// Uploads an authorization file.
async fn upload(admin: &Browser, own: &str, file: &[u8]) -> Page {
    let page = admin.get(&format!("{own}/manual")).await;
    admin.upload(page.form("form[action$='/manual']"), ("authorization.sync", file)).await
}

/// AS-35, B-ACC-05, B-ACC-07, A-OPA-02, A-OPA-03, A-OPA-04, A-ALK-09: both files by the pages of
/// both sites; the other satellite does not take them.
async fn two_files_register_an_account(slow: &Slow) {
    let app = &slow.0;
    let admin = admin_of(app, "sat-a").await;
    let own = asked(&admin, "Plant A", "Sat-A-VA").await;
    let file = registration(&admin, &own).await;
    assert!(
        admin.get(&own).await.text().contains("authorization file of CSSM has not been uploaded")
    );
    let ann = app.sign_in("ann").await;
    let made = create(&ann, &[("name", "From Plant A")], &file).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let path = format!("{}/authorization", made.path);
    assert_eq!(download(&ann, &path).await.0, 409, "it is not ready");
    app.set_clock("2026-01-05T11:00:00Z");
    let ann = app.sign_in("ann").await;
    let alerts = ann.get("/sa/lab.example/alerts").await;
    assert_eq!(alerts.alerts("Authorization File Ready").len(), 1, "{}", alerts.text());
    let (status, file) = download(&ann, &path).await;
    assert_eq!(status, 200);
    let (admin, other) = (admin_of(app, "sat-a").await, admin_of(app, "sat-b").await);
    let foreign = asked(&other, "Plant A", "Sat-A-VA").await;
    registration(&other, &foreign).await;
    let refused = upload(&other, &foreign, &file).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("This file is for the On-Prem"), "{}", refused.text());
    assert_eq!(refused.attributes("#f-file", "aria-invalid"), ["true"]);
    let done = upload(&admin, &own, &file).await;
    let listed = row(&done, "Plant A");
    assert!(listed.contains("Active") && listed.contains("Never"), "{}", done.text());
    assert!(admin.get(&own).await.text().contains("by files"));
}

/// AS-35, AS-39, AS-40, B-ACC-07: what is no authorization file, or one for another registration
/// file, is told beside the field and changes nothing.
async fn wrong_files_register_nothing(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let own = asked(&admin, "Plant A", "Sat-A-VA").await;
    let early = upload(&admin, &own, b"hello").await;
    assert!(early.text().contains("waits for no such file"), "{}", early.text());
    let first = registration(&admin, &own).await;
    let ann = app.sign_in("ann").await;
    let made = create(&ann, &[], &first).await;
    let (_, good) = download(&ann, &format!("{}/authorization", made.path)).await;
    let mut changed = good.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    for (file, told) in [
        (vec![], "empty"),
        (b"hello".to_vec(), "not a synchronization file"),
        (changed, "The file is not taken"),
        (good[..good.len() - 9].to_vec(), "The file is not taken"),
        (first, "an authorization file is needed"),
    ] {
        let refused = upload(&admin, &own, &file).await;
        assert_eq!(refused.status, 400, "{}", refused.text());
        assert_eq!(refused.attributes("#f-file", "aria-invalid"), ["true"]);
        assert!(refused.text().contains(told), "{told}: {}", refused.text());
    }
    registration(&admin, &own).await;
    let stale = upload(&admin, &own, &good).await;
    assert_eq!(stale.status, 409, "{}", stale.text());
    assert!(row(&admin.get(REQUESTS).await, "Plant A").contains("Pending"));
}

/// AS-43, B-ACC-09, B-ACC-10, B-ACC-11: what keeps it from being deleted is listed in order, and a
/// form that is sent all the same is refused.
async fn an_account_is_deleted_in_the_right_order(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let own = asked(&admin, "Plant A", "Sat-A-VA").await;
    approve(&admin, &own, "ann").await;
    let sat = Satellite::of(app, "sat-a").await;
    let mut device: TestDevice = sat.device(app, 1);
    device.register(&sat.token("Plant A", "Default").await).await.unwrap();
    let delete = format!("{own}/delete");
    let blockers = async || admin.get(&delete).await.texts(".blockers li");
    let all = blockers().await;
    assert_eq!(all.len(), 3, "{all:?}");
    for (blocker, part) in all.iter().zip(["product instances: 1", "Synchronize", "Deactivate"]) {
        assert!(blocker.contains(part), "{all:?}");
    }
    assert!(admin.get(&delete).await.texts(".sheet-foot button").is_empty());
    device.deregister().await.unwrap();
    assert_eq!(blockers().await.len(), 2);
    let number = own.rsplit('/').next().unwrap().parse().unwrap();
    sat.sync(number, SyncKind::Standard).await.unwrap();
    assert_eq!(blockers().await.len(), 1);
    let forced = fill(&admin, &delete, &[]).await;
    assert_eq!(forced.status, 409, "{}", forced.text());
    assert!(forced.text().contains("deactivate it first"), "{}", forced.text());
    let tag = [("name", "Hall"), ("values", "north")];
    let tagged = fill(&admin, "/sa/Plant%20A/custom-tags/new", &tag).await;
    assert_eq!(tagged.status, 200, "its rows go with it: {}", tagged.text());
    rests_works_and_goes(app, &admin, &own).await;
}

/// Deactivated with a reason, activated, deactivated, deleted.
async fn rests_works_and_goes(app: &TestApp, admin: &Browser, own: &str) {
    let deactivate = format!("{own}/deactivate");
    let refused = fill(admin, &deactivate, &[("reason", "")]).await;
    assert_eq!(refused.attributes("#f-reason", "aria-invalid"), ["true"], "{}", refused.text());
    let done = fill(admin, &deactivate, &[("reason", "lab closed")]).await;
    assert!(row(&done, "Plant A").contains("Inactive"), "{}", done.text());
    assert!(admin.get(own).await.text().contains("lab closed"));
    let mails = mails(app).await;
    assert!(mails.iter().any(|(_, body)| body.contains("lab closed")), "{mails:?}");
    let again = approve(admin, own, "ann").await;
    assert!(again.text().contains("is Inactive; activate it first"), "{}", again.text());
    let form = || async { admin.get(own).await.form("form[action$='/activate']") };
    let active = admin.submit(form().await).await;
    assert!(row(&active, "Plant A").contains("Active"), "{}", active.text());
    fill(admin, &deactivate, &[("reason", "lab closed")]).await;
    let twice = fill(admin, &deactivate, &[("reason", "again")]).await;
    assert!(twice.text().contains("is Inactive; activate it first"), "{}", twice.text());
    let gone = fill(admin, &format!("{own}/delete"), &[]).await;
    assert!(gone.text().contains("remove its On-Prem in CSSM"), "{}", gone.text());
    assert_eq!(row(&gone, "Plant A"), "");
    assert_eq!(admin.get(own).await.status, 404);
}

/// B-ACC-05, B-ACC-10 (features 4.2): an operator does all but deleting; a user sees nothing of it.
async fn system_roles_decide_what_is_offered(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    let own = asked(&admin, "Plant A", "Sat-A-VA").await;
    let (olga, sam) = (signed_in(app, "olga").await, signed_in(app, "sam").await);
    let pages = ["", "/approve", "/reject", "/manual", "/deactivate", "/delete"];
    for page in pages {
        let path = format!("{own}{page}");
        let expected = if page == "/delete" { 403 } else { 200 };
        assert_eq!(olga.get(&path).await.status, expected, "olga {page}");
        assert_eq!(sam.get(&path).await.status, 403, "sam {page}");
    }
    for path in [HERE, REQUESTS, "/admin/accounts/new", "/admin/accounts/events"] {
        assert_eq!(sam.get(path).await.status, 403, "{path}");
    }
    let csrf = sam.get("/").await.attributes("input[name=csrf]", "value").remove(0);
    for act in ["approve", "reject", "manual", "registration", "deactivate", "activate", "delete"] {
        let sent = [("csrf", &csrf[..]), ("reason", "x"), ("user", "ann"), ("password", "x")];
        assert_eq!(sam.post(&format!("{own}/{act}"), &sent).await.status, 403, "{act}");
    }
    let done = approve(&olga, &own, "ann").await;
    assert!(row(&done, "Plant A").contains("Active"), "{}", done.text());
    assert!(!done.text().contains("Delete…"), "{}", done.text());
    let csrf = olga.get(HERE).await.attributes("input[name=csrf]", "value").remove(0);
    assert_eq!(olga.post(&format!("{own}/delete"), &[("csrf", &csrf)]).await.status, 403);
    assert!(admin.get(HERE).await.text().contains("Delete…"));
}
