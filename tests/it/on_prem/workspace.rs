//! The Licensing Workspace of a satellite: its pages, local virtual accounts, the classic mode,
//! and who may do what.

use super::api::{ask_bearer, call, client, look};
use super::{fill, new_user, signed_in};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use crate::support::satellite::{Satellite, wish};
use serde_json::{Value, json};
use syncom::config::LAB_PASSWORD;
use syncom::domain::license::LicenseType;
use syncom::domain::on_prem::Mode;
use syncom::domain::standing::SyncKind;
use syncom::domain::transfer::Precedence;
use syncom::engine::{AccountWish, NamedTransfer, VaRef, Who};

on_both_databases!(
    nothing_of_licensing_is_shown_before_registration,
    every_tab_opens_in_the_words_of_on_prem,
    a_token_lets_a_product_in_and_the_product_moves,
    licenses_move_between_local_virtual_accounts,
    a_local_virtual_account_lives_and_ends,
    in_classic_mode_cssm_decides,
    roles_decide_who_works_and_who_looks,
    a_program_works_in_an_account_that_is_not_empty,
    an_inactive_account_says_so_on_every_page,
);

pub const PLUS: &str = "UCM Enhanced Plus";
/// Where the pages of the local account are.
pub const HOME: &str = "/sa/Plant%20A";

/// Asks as `sam`, who is its administrator from then on, and gives CSSM's side 40 licenses.
async fn asked_for(app: &TestApp, wish: AccountWish) -> (Satellite, i64) {
    let sat = Satellite::of(app, "sat-a").await;
    let sam = Who::Session(sat.engine.sign_in("sam", LAB_PASSWORD).await.unwrap().secret);
    let number = sat.engine.request_local_account(&sam, wish).await.unwrap().number;
    let ann = Who::Session(app.engine().sign_in("ann", LAB_PASSWORD).await.unwrap().secret);
    let some = NamedTransfer {
        license: PLUS.to_owned(),
        license_type: LicenseType::Perpetual,
        quantity: 40,
        to: "Sat-A-VA".to_owned(),
        precedence: Precedence::LongestTermFirst,
    };
    let tokyo = VaRef::Name("Tokyo".to_owned());
    app.engine().transfer_named(&ann, "lab.example", tokyo, vec![some]).await.unwrap();
    (sat, number)
}

/// `Plant A` with 40 licenses in its default local virtual account.
pub async fn plant(app: &TestApp) -> (Satellite, i64) {
    let (sat, number) = asked_for(app, wish("Plant A", "Sat-A-VA")).await;
    sat.approve(number, "ann").await.unwrap();
    (sat, number)
}

/// The address of a local virtual account, from the list of them.
pub async fn va(browser: &Browser, name: &str) -> String {
    let list = browser.get(&format!("{HOME}/virtual-accounts")).await;
    list.link(name).trim_end_matches("/general").to_owned()
}

/// A new local virtual account, by the form.
async fn new_va(browser: &Browser, name: &str) -> Page {
    let fields = [("name", name), ("description", "Paint")];
    fill(browser, &format!("{HOME}/virtual-accounts/new"), &fields).await
}

/// A form of the list of local virtual accounts, filled in.
async fn change_va(browser: &Browser, name: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    let path = va(browser, name).await.replace("/inventory/", "/virtual-accounts/");
    fill(browser, &format!("{path}/{act}"), fields).await
}

/// The dialog that transfers licenses, up to its preview.
async fn preview(browser: &Browser, from: &str, to: &str, quantity: &str) -> Page {
    let licenses = browser.get(&format!("{}/licenses", va(browser, from).await)).await;
    let dialog = browser.get(&licenses.attributes("a[href$='/transfer']", "href")[0]).await;
    let target = va(browser, to).await.rsplit('/').next().unwrap().to_owned();
    let field = dialog.attributes("input.narrow", "name").remove(0);
    let form = dialog.form("form[action$='/transfer']").set("target", &target);
    browser.submit(form.set(&field, quantity)).await
}

/// B-SHL-04: neither the requester nor a System Admin finds anything before CSSM knows the account.
async fn nothing_of_licensing_is_shown_before_registration(app: &TestApp) {
    let (sat, number) = asked_for(app, wish("Plant A", "Sat-A-VA")).await;
    for name in ["sam", "admin"] {
        let person = signed_in(app, name).await;
        let home = person.get("/").await;
        assert!(home.attributes("main a[href^='/sa/']", "href").is_empty(), "{}", home.text());
        for path in ["inventory", "alerts", "virtual-accounts", "activity/events"] {
            let page = person.get(&format!("{HOME}/{path}")).await;
            assert_eq!(page.status, 404, "{name} {path}: {}", page.text());
        }
    }
    sat.approve(number, "ann").await.unwrap();
    let sam = signed_in(app, "sam").await;
    let home = sam.get("/").await;
    let entry = home.attributes("main a[href^='/sa/']", "href").remove(0);
    assert_eq!(entry, format!("{HOME}/inventory"));
    assert_eq!(sam.get(&entry).await.status, 200);
}

/// B-LWS-01, B-LWS-02, B-LWS-04, B-SHL-01, B-SHL-05: the tabs that exist, "Local Virtual Account"
/// and "Purchased", the selector, and nothing of what belongs to CSSM.
async fn every_tab_opens_in_the_words_of_on_prem(app: &TestApp) {
    plant(app).await;
    with_accounts_beside(app).await;
    let admin = signed_in(app, "admin").await;
    let page = admin.get(&format!("{HOME}/inventory")).await;
    assert_eq!(page.one("#va-label"), "Local Virtual Account");
    assert_eq!(page.texts("nav.tabs li"), ["Alerts", "Inventory", "Activity"]);
    assert_eq!(
        page.attributes("#account-menu a[href$='/inventory']", "href"),
        [format!("{HOME}/inventory"), "/sa/Werk%20M%C3%BCnchen%20%2350%25/inventory".to_owned()]
    );
    assert_eq!(admin.get(&page.link("Administration Workspace")).await.path, "/admin");
    let base = va(&admin, "Default").await;
    let license = admin.get(&format!("{base}/licenses")).await.link(PLUS);
    let tabs = ["general", "licenses", "instances", "events", "alerts"];
    let own = tabs.iter().map(|tab| format!("{base}/{tab}"));
    let others = ["alerts", "activity/transactions", "activity/events", "virtual-accounts"];
    for path in own.chain(others.map(|tab| format!("{HOME}/{tab}"))).chain([license]) {
        let page = admin.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        let text = page.text().replace("Smart Account Administrator", "");
        for strange in ["Available to Use", "On-Prem Accounts"] {
            assert!(!text.contains(strange), "{path}: {strange}: {text}");
        }
    }
    assert_eq!(
        admin.get(&format!("{base}/licenses")).await.texts("thead th")[2],
        "Purchased",
        "B-LWS-04"
    );
    for path in ["on-prem", "agreement"] {
        assert_eq!(admin.get(&format!("{HOME}/{path}")).await.status, 404, "{path}");
    }
    // It ends reservations that only support can end (A-RSV-22).
    let desk = admin.get(&admin.get(&format!("{base}/licenses")).await.link("Support desk")).await;
    assert_eq!((desk.status, desk.one("h1").as_str()), (200, "Support desk"), "{}", desk.text());
    let other = admin.get("/sa/Werk%20M%C3%BCnchen%20%2350%25/inventory").await;
    assert!(other.text().contains("Werk München #50%"), "{}", other.text());
}

/// A second account whose name has everything that an address has to escape.
async fn with_accounts_beside(app: &TestApp) {
    let sat = Satellite::of(app, "sat-a").await;
    sat.registered("Werk München #50%", "Sat-B-VA").await;
}

/// B-LWS-03, B-LWS-05: a token of a local virtual account, and the product that came with it.
async fn a_token_lets_a_product_in_and_the_product_moves(app: &TestApp) {
    let (sat, _) = plant(app).await;
    let sam = signed_in(app, "sam").await;
    assert_eq!(new_va(&sam, "Line 1").await.status, 200);
    let base = va(&sam, "Default").await;
    let form = [("description", "first"), ("terms", "yes")];
    let made = fill(&sam, &format!("{base}/tokens/new"), &form).await;
    let mut device = sat.device(app, 1);
    device.register(&made.one("#token-text")).await.unwrap();
    device.consume(tags::ENHANCED_PLUS, 2).await.unwrap();

    let listed = sam.get(&format!("{base}/instances")).await;
    let instance = listed.link("dev-1");
    let target = va(&sam, "Line 1").await.rsplit('/').next().unwrap().to_owned();
    let moved = fill(&sam, &format!("{instance}/transfer"), &[("target", &target)]).await;
    assert!(moved.text().contains("moved to Line 1"), "{}", moved.text());
    assert_eq!(sat.figures("Plant A", "Line 1", PLUS).await, (0, 2, -2));
    let alerts = sam.get(&format!("{HOME}/alerts")).await;
    assert!(alerts.text().contains("Insufficient Licenses"), "{}", alerts.text());
    let instance = sam.get(&format!("{}/instances", va(&sam, "Line 1").await)).await.link("dev-1");
    let gone = fill(&sam, &format!("{instance}/remove"), &[]).await;
    assert!(gone.text().contains("dev-1 is removed"), "{}", gone.text());
    assert_eq!(sat.figures("Plant A", "Line 1", PLUS).await, (0, 0, 0));
}

/// B-LWS-04, B-LWS-10: transfers between local virtual accounts of one account; a synchronization
/// changes nothing of where they are.
async fn licenses_move_between_local_virtual_accounts(app: &TestApp) {
    let (sat, number) = plant(app).await;
    let sam = signed_in(app, "sam").await;
    new_va(&sam, "Line 1").await;
    let refused = preview(&sam, "Default", "Line 1", "41").await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    let page = preview(&sam, "Default", "Line 1", "15").await;
    assert_eq!(page.status, 200, "{}", page.text());
    sam.submit(page.form("form[action$='/transfer']")).await;
    assert_eq!(sat.figures("Plant A", "Default", PLUS).await, (25, 0, 25));
    assert_eq!(sat.figures("Plant A", "Line 1", PLUS).await, (15, 0, 15));
    sat.sync(number, SyncKind::Full).await.unwrap();
    assert_eq!(sat.figures("Plant A", "Line 1", PLUS).await, (15, 0, 15));
    let ledger = sam.get(&format!("{HOME}/activity/transactions")).await;
    assert!(ledger.text().contains("Transfer"), "{}", ledger.text());
}

/// B-LWS-08, B-LWS-09: made, changed, starred, emptied and deleted; not the default one, and
/// nothing that holds something. What comes from CSSM follows the star.
async fn a_local_virtual_account_lives_and_ends(app: &TestApp) {
    let (sat, number) = plant(app).await;
    let sam = signed_in(app, "sam").await;
    assert_eq!(new_va(&sam, "Line 1").await.status, 200);
    assert_eq!(new_va(&sam, "LINE 1").await.status, 400, "the name is taken");
    let private = [("name", "Line One"), ("access", "private")];
    assert_eq!(change_va(&sam, "Line 1", "edit", &private).await.status, 200);
    let page = va(&sam, "Default").await.replace("/inventory/", "/virtual-accounts/");
    let refused = sam.get(&format!("{page}/delete")).await;
    assert!(refused.text().contains("is the default virtual account"), "{}", refused.text());

    let starred = change_va(&sam, "Line One", "default", &[]).await;
    assert_eq!(starred.status, 200, "{}", starred.text());
    let refused = sam.get(&format!("{page}/delete")).await;
    assert!(refused.text().contains("still holds 40 licenses"), "{}", refused.text());
    let to = va(&sam, "Line One").await.rsplit('/').next().unwrap().to_owned();
    assert_eq!(change_va(&sam, "Default", "empty", &[("to", &to)]).await.status, 200);
    let gone = change_va(&sam, "Default", "delete", &[]).await;
    assert!(gone.text().contains("Default is deleted"), "{}", gone.text());
    sat.sync(number, SyncKind::Full).await.unwrap();
    assert_eq!(sat.figures("Plant A", "Line One", PLUS).await, (40, 0, 40));
    let left = sam.get(&format!("{HOME}/virtual-accounts")).await;
    assert_eq!(left.table("Local Virtual Account").len(), 1, "{}", left.text());
}

/// `Plant A` in the classic mode, with two virtual accounts of CSSM.
async fn classic(app: &TestApp) -> Satellite {
    let two = AccountWish { mode: Mode::Classic, ..wish("Plant A", "Sat-A-VA\nLine 2") };
    let (sat, number) = asked_for(app, two).await;
    sat.approve(number, "ann").await.unwrap();
    sat
}

/// X-11, B-LWS-10: refused alike by page, REST and engine; what is not offered is refused, too.
async fn in_classic_mode_cssm_decides(app: &TestApp) {
    let sat = classic(app).await;
    let sam = signed_in(app, "sam").await;
    let list = sam.get(&format!("{HOME}/virtual-accounts")).await;
    for offered in ["/new", "/delete", "/empty"] {
        assert!(list.attributes(&format!("a[href$='{offered}']"), "href").is_empty(), "{offered}");
    }
    let base = va(&sam, "Sat-A-VA").await;
    let csrf = list.form("form[action='/logout']").value("csrf").unwrap().to_owned();
    let manage = va(&sam, "Line 2").await.replace("/inventory/", "/virtual-accounts/");
    let line_2 = manage.rsplit('/').next().unwrap().to_owned();
    let token = ("csrf", csrf.as_str());
    let named = [token, ("name", "Line 3"), ("access", "public")];
    let renamed = [token, ("name", "Line 9"), ("access", "public")];
    for (path, fields, told) in [
        (format!("{HOME}/virtual-accounts/new"), &named[..], "attach another one there"),
        (format!("{manage}/delete"), &[token], "None are made or deleted here"),
        (format!("{manage}/edit"), &renamed, "called as in CSSM"),
        (format!("{manage}/empty"), &[token, ("to", &line_2)], "choose another virtual account"),
    ] {
        let page = sam.post(&path, fields).await;
        assert!([400, 409].contains(&page.status), "{path}: {} {}", page.status, page.text());
        assert!(page.text().contains(told), "{path}: {}", page.text());
    }
    let emptied = [token, ("to", base.rsplit('/').next().unwrap())];
    let page = sam.post(&format!("{manage}/empty"), &emptied).await;
    assert!(page.text().contains("in CSSM only"), "{}", page.text());
    let licenses = sam.get(&format!("{base}/licenses")).await;
    assert!(licenses.attributes("a[href*='/transfer']", "href").is_empty());
    let page = sam.get(&format!("{}/transfer", licenses.link(PLUS))).await;
    assert_eq!(page.status, 409, "{}", page.text());
    assert!(page.text().contains("in CSSM only"), "{}", page.text());
    assert_eq!(sat.figures("Plant A", "Sat-A-VA", PLUS).await, (40, 0, 40));
    by_program(app).await;
}

/// The same by REST; tokens are made as ever.
async fn by_program(app: &TestApp) {
    let granted = ask_bearer(app, &client(app, "Plant A", "").await).await;
    let places = "/api/v1/accounts/Plant%20A/virtual-accounts";
    let made = call(app, &granted, places, &json!({"name":"Line 3"})).await;
    let gone = call(app, &granted, &format!("{places}/Line%202/delete"), &Value::Null).await;
    for answer in [made, gone] {
        assert_eq!(answer.status, 422, "{answer:?}");
        assert!(answer.text.contains("None are made or deleted here"), "{answer:?}");
    }
    let token = json!({"expiresAfterDays":30});
    let token = call(app, &granted, &format!("{places}/Line%202/tokens"), &token).await;
    assert_eq!(token.status, 200, "{token:?}");
}

/// B-SHL-01, features 4: System Admins and Operators look, account roles work, others find nothing.
async fn roles_decide_who_works_and_who_looks(app: &TestApp) {
    plant(app).await;
    let admin = signed_in(app, "admin").await;
    new_user(&admin, "nina", "System User").await;
    let sam = signed_in(app, "sam").await;
    let base = va(&sam, "Default").await;
    let csrf = |page: &Page| page.form("form[action='/logout']").value("csrf").unwrap().to_owned();
    for name in ["admin", "olga"] {
        let person = signed_in(app, name).await;
        let page = person.get(&format!("{base}/general")).await;
        assert_eq!(page.status, 200, "{name}: {}", page.text());
        let secret = csrf(&page);
        let form = [("csrf", &secret[..]), ("name", "Mine"), ("access", "public")];
        let more = [("expire_after", "30"), ("terms", "yes")];
        for path in [format!("{base}/tokens/new"), format!("{HOME}/virtual-accounts/new")] {
            assert_eq!(person.get(&path).await.status, 403, "{name} {path}");
            let sent = person.post(&path, &[&form[..], &more].concat()).await;
            assert_eq!(sent.status, 403, "{name} {path}: {}", sent.text());
        }
    }
    assert_eq!(sam.get(&format!("{base}/tokens/new")).await.status, 200);
    let nina = super::browser(app);
    let page = super::try_to_sign_in(&nina, "nina", super::GOOD).await;
    assert_eq!(page.path, "/password", "the first password has to be changed");
    let new = "Battery-Staple-9";
    let changed = [("present", super::GOOD), ("password", new), ("confirm", new)];
    fill(&nina, "/password", &changed).await;
    let page = nina.get(&format!("{base}/general")).await;
    assert_eq!(page.status, 404, "{}", page.text());
}

/// rest-api P1, P5, P7, P8, P11: with licenses, products and tokens in it.
async fn a_program_works_in_an_account_that_is_not_empty(app: &TestApp) {
    let (sat, number) = plant(app).await;
    let granted = ask_bearer(app, &client(app, "Plant A", "").await).await;
    let accounts = call(app, &granted, "/api/v1/upstream_satellites/accounts", &Value::Null).await;
    let account = &accounts.json["accounts"][0];
    let url = format!("{}/cslu/v1/pi/Plant%20A-{number}", app.satellite_url());
    assert_eq!(account["cslu_tenant_url"], url, "{accounts:?}");
    assert_eq!(account["cssm_virtual_account_name"], "Sat-A-VA");
    let sam = signed_in(app, "sam").await;
    let general = sam.get(&format!("{}/general", va(&sam, "Default").await)).await;
    assert!(general.text().contains(&url), "{}", general.text());

    let at = |rest: &str| format!("/api/v1/accounts/Plant%20A/virtual-accounts{rest}");
    let made = call(app, &granted, &at(""), &json!({"name":"Line 1"})).await;
    assert_eq!(made.status, 200, "{made:?}");
    let token = call(app, &granted, &at("/Default/tokens"), &json!({"expiresAfterDays":30})).await;
    let mut device = sat.device(app, 1);
    device.register(token.json["tokenInfo"]["token"].as_str().unwrap()).await.unwrap();
    device.consume(tags::ENHANCED_PLUS, 3).await.unwrap();
    let listed = look(app, &granted, &at("/Default/devices")).await;
    assert_eq!(listed.json["devices"][0]["instanceName"], "dev-1", "{listed:?}");
    let entry = |to: &str| {
        let of = &listed.json["devices"][0];
        json!({"productInstances":[{"sudi":of["sudi"],"productTagName":of["productTagName"],
                                    "targetVirtualAccount":to}]})
    };
    let moved = call(app, &granted, &at("/Default/devices/transfer"), &entry("Line 1")).await;
    assert_eq!(moved.json["status"], "SUCCESS", "{moved:?}");
    assert_eq!(sat.figures("Plant A", "Line 1", PLUS).await, (0, 3, -3));
    let again = call(app, &granted, &at("/Default/devices/transfer"), &entry("Line 1")).await;
    assert_eq!(again.json["productInstancesTransferStatus"][0]["status"], "ERROR", "{again:?}");
    let full = call(app, &granted, &at("/Line%201/delete"), &Value::Null).await;
    assert_eq!(full.status, 422, "{full:?}");
    assert!(full.text.contains("1 product instance"), "{full:?}");
    let all = json!({"limit":-1});
    let licenses = call(app, &granted, "/api/v1/accounts/Plant%20A/licenses", &all).await;
    assert_eq!(licenses.json["licenses"].as_array().unwrap().len(), 2, "{licenses:?}");
}

/// B-ACC-09, B-SHL-04: a deactivated account stays readable and says what is wrong.
async fn an_inactive_account_says_so_on_every_page(app: &TestApp) {
    let (sat, number) = plant(app).await;
    let sam = signed_in(app, "sam").await;
    let home = format!("{HOME}/inventory");
    assert!(!sam.get(&home).await.text().contains("Inactive"));
    let reason = "inventory".to_owned();
    sat.engine.deactivate_local_account(&sat.who, number, reason).await.unwrap();
    let page = sam.get(&home).await;
    assert!(page.text().contains("Plant A is Inactive"), "{}", page.text());
}
