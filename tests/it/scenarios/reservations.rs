//! Reservations by pages: request codes, quantities, updates and their confirmation codes.

use super::{account_events, enhanced_plus, some_with, tab, va_path};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Form, Page};
use crate::support::databases::on_both_databases;
use crate::support::paper::{Paper, SOFTWARE};
use serde_json::json;
use syncom::engine::KnownProduct;
use syncom::protocol::codes::{AuthorizationCode, Kind, request};

on_both_databases!(
    too_much_and_bad_codes_are_refused,
    reservations_borrow_nothing,
    wrong_codes_leave_an_update_pending_and_support_ends_it,
    a_device_brings_licenses_along,
    everything_is_reserved_at_once,
    the_file_of_a_request_code_is_read_strictly,
    who_may_not_reserves_nothing,
);

/// Perpetual, as the rows of the wizard are told apart.
pub const PERPETUAL: &str = "Meetings Host Perpetual";
/// The term until 2026-06-30.
pub const TERM: &str = "Meetings Host Term";

/// The wizard after the first step.
pub async fn select(browser: &Browser, va: &str, paper: &Paper) -> Page {
    let page = browser.get(&va_path(browser, va, "reserve").await).await;
    browser.submit(page.form("main form").set("code", &paper.request())).await
}

/// The form of *Select Licenses* with quantities for rows that begin so.
pub fn filled(page: &Page, wanted: &[(&str, &str)]) -> Form {
    let rows = page.texts("tbody th");
    let fields = page.attributes("tbody input", "name");
    assert_eq!(rows.len(), fields.len(), "{}", page.text());
    let field = |row: &str| {
        let at = rows.iter().position(|text| text.starts_with(row));
        &fields[at.unwrap_or_else(|| panic!("no {row} in {}", page.text()))]
    };
    wanted.iter().fold(page.form("main form"), |form, (row, value)| form.set(field(row), value))
}

/// Goes on from *Select Licenses* to the code.
pub async fn finish(browser: &Browser, page: &Page, wanted: &[(&str, &str)]) -> Page {
    let review = browser.submit(filled(page, wanted)).await;
    assert_eq!(review.status, 200, "{}", review.text());
    let last = browser.submit(review.form("main form")).await;
    assert_eq!(last.status, 200, "{}", last.text());
    last
}

/// Reserves in Vault; answers the code.
pub async fn reserve(browser: &Browser, paper: &Paper, wanted: &[(&str, &str)]) -> String {
    let page = select(browser, "Vault", paper).await;
    finish(browser, &page, wanted).await.one("#authorization-code")
}

/// Asks for an update; answers the code.
pub async fn update(browser: &Browser, instance: &str, wanted: &[(&str, &str)]) -> String {
    let page = browser.get(&format!("{instance}/update")).await;
    finish(browser, &page, wanted).await.one("#authorization-code")
}

/// The page of the product instance of a device.
pub async fn instance(browser: &Browser, va: &str, paper: &Paper) -> String {
    let page = tab(browser, va, "instances").await;
    let rows = page.texts("tbody th a").into_iter().zip(page.attributes("tbody th a", "href"));
    let mut found = rows.filter(|(name, _)| name.contains(paper.serial()));
    found.next().unwrap_or_else(|| panic!("{} in {}", paper.serial(), page.text())).1
}

/// What Vault can give: perpetual and term.
pub async fn available(browser: &Browser) -> (i64, i64) {
    let rows = select(browser, "Vault", &Paper::new(999)).await.table("License");
    let of = |kind: &str| {
        let row = rows.iter().find(|row| row[0].starts_with(kind));
        row.map_or(0, |row| row[3].parse().unwrap())
    };
    (of(PERPETUAL), of(TERM))
}

/// Enters a code in a page such as `confirm`.
pub async fn enter(browser: &Browser, at: &str, code: &str) -> Page {
    let page = browser.get(at).await;
    assert_eq!(page.status, 200, "{}", page.text());
    browser.submit(page.form("main form").set("code", code)).await
}

/// AS-24, A-RSV-03, A-RSV-05: each is refused in its own words, what was typed stays, and nothing
/// has happened.
async fn too_much_and_bad_codes_are_refused(app: &TestApp) {
    let (ulf, dev10, dev11) = (app.sign_in("ulf").await, Paper::new(10), Paper::new(11));
    reserve(&ulf, &dev10, &[(PERPETUAL, "10"), (TERM, "2")]).await;
    let page = select(&ulf, "Vault", &dev11).await;
    let refused = ulf.submit(filled(&page, &[(PERPETUAL, "16"), (TERM, "1")])).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.one("tr td.invalid .error").contains("15 available"), "{}", refused.text());
    assert_eq!(refused.attributes("tbody input", "value"), ["1", "16"]);
    for (typed, status, problem) in
        [("0", 400, "nothing to reserve"), ("-1", 400, "whole numbers"), ("ten", 400, "ten is not")]
    {
        let refused = ulf.submit(filled(&refused, &[(PERPETUAL, typed), (TERM, "")])).await;
        assert_eq!(refused.status, status, "{}", refused.text());
        assert!(refused.text().contains(problem), "{typed}: {}", refused.text());
    }
    bad_request_codes(&ulf, &dev10, &dev11).await;
    assert_eq!(available(&ulf).await, (15, 3));
    assert_eq!(tab(&ulf, "Vault", "instances").await.texts("tbody th a").len(), 1);
}

async fn bad_request_codes(ulf: &Browser, dev10: &Paper, dev11: &Paper) {
    let good = dev11.request();
    let unknown = request::write(&dev11.sudi, "regid.other,1.0", Kind::Specific, false);
    let begin = va_path(ulf, "Vault", "reserve").await;
    let mut told = Vec::new();
    for code in [&good[..good.len() - 9], &good.replace("011", "012"), &unknown, &dev10.request()] {
        let page = ulf.get(&begin).await;
        let refused = ulf.submit(page.form("main form").set("code", code)).await;
        assert!([400, 409].contains(&refused.status), "{code}: {}", refused.text());
        assert_eq!(refused.one("#f-code"), code, "what was pasted stays");
        told.push(refused.one("#f-code-error"));
    }
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 4, "{told:#?}");
}

/// AS-25, A-RSV-05: CUWL would stand in online, but is reserved for nobody below it.
async fn reservations_borrow_nothing(app: &TestApp) {
    let ulf = app.sign_in("ulf").await;
    let page = select(&ulf, "Tokyo", &Paper::new(20)).await;
    finish(&ulf, &page, &[("UCM Enhanced Plus", "40")]).await;
    let page = select(&ulf, "Tokyo", &Paper::new(21)).await;
    let refused = ulf.submit(filled(&page, &[("UCM Enhanced Plus", "50")])).await;
    assert_eq!(refused.status, 409);
    assert!(refused.one("tr td.invalid .error").contains("0 available"), "{}", refused.text());
    assert_eq!(enhanced_plus(&app.rest_as("ann").await, "Tokyo").await, (40, 40, 0));
}

/// AS-27, A-RSV-12, A-RSV-14: nothing but the right code confirms, each try is in the log, and
/// support ends the update under the operator's name.
async fn wrong_codes_leave_an_update_pending_and_support_ends_it(app: &TestApp) {
    let (ulf, dev10, dev11) = (app.sign_in("ulf").await, Paper::new(10), Paper::new(11));
    let first = reserve(&ulf, &dev10, &[(PERPETUAL, "10")]).await;
    let other = reserve(&ulf, &dev11, &[(TERM, "1")]).await;
    let at = instance(&ulf, "Vault", &dev10).await;
    let second = update(&ulf, &at, &[(PERPETUAL, "14")]).await;
    enter(&ulf, &format!("{at}/confirm"), &dev10.confirmation(&second)).await;
    update(&ulf, &at, &[(PERPETUAL, "6")]).await;
    for wrong in [
        dev11.confirmation(&other),
        dev10.confirmation(&first),
        dev10.confirmation(&second),
        "00000000".to_owned(),
        "garbage".to_owned(),
        String::new(),
    ] {
        let page = enter(&ulf, &format!("{at}/confirm"), &wrong).await;
        assert!([400, 409].contains(&page.status), "{wrong}: {}", page.text());
        assert_eq!(page.texts("#f-code-error").len(), 1, "{wrong}: {}", page.text());
    }
    assert!(ulf.get(&at).await.text().contains("Update pending"));
    let tries = account_events(app).await;
    assert_eq!(tries.iter().filter(|row| row.contains("was refused")).count(), 6, "{tries:#?}");
    support_ends_updates(app, &ulf, &at).await;
}

async fn support_ends_updates(app: &TestApp, ulf: &Browser, at: &str) {
    let id = at.rsplit('/').next().unwrap();
    let ann = app.sign_in("ann").await;
    let desk = ann.get("/sa/lab.example/support").await;
    assert!(desk.text().contains("Update pending"), "{}", desk.text());
    let question = ann.get(&desk.link("Roll the update back…")).await;
    let done = ann.submit(question.form("main form")).await;
    assert!(done.text().contains("is rolled back"), "{}", done.text());
    assert_eq!(available(ulf).await.0, 11, "14 are held again");

    update(ulf, at, &[(PERPETUAL, "6")]).await;
    let base = format!("/_syncom/support/lab.example/reservations/{id}");
    let rest = app.rest();
    for bad in [json!({"operator":""}), json!({"operater":"olga"}), json!({"operator":"a\nb"})] {
        let refused = rest.post(&format!("{base}/accept"), &bad).await;
        assert_eq!(refused.status, 400, "{refused:?}");
    }
    let answer = rest.post(&format!("{base}/accept"), &json!({"operator":"olga"})).await;
    assert_eq!((answer.status, &answer.json["outcome"]), (200, &json!("accepted")), "{answer:?}");
    assert_eq!(available(ulf).await.0, 19, "6 are held");
    let again = rest.post(&format!("{base}/roll-back"), &json!({})).await;
    assert_eq!(again.status, 409, "{again:?}");
    let log = account_events(app).await;
    assert!(some_with(&log, &["ann rolled back", "Support (ann)"]), "{log:#?}");
    assert!(some_with(&log, &["olga accepted", "Support (olga)"]), "{log:#?}");
}

/// A-RSV-02, A-RSV-17: five steps where a device brings licenses along, once; one of the steps back
/// forgets nothing, and a dead device is removed by support alone.
async fn a_device_brings_licenses_along(app: &TestApp) {
    let sim = KnownProduct {
        software_tag: SOFTWARE.into(),
        name: "Syncom SIM".into(),
        pid: Some("SIM".into()),
        inventory: vec![("Meetings Host".into(), 4)],
    };
    app.engine().take_products(vec![sim]).await.unwrap();
    let switched =
        app.rest().post("/_syncom/support/lab.example", &json!({"add_to_inventory":true})).await;
    assert_eq!(switched.status, 200, "{switched:?}");
    let (ulf, dev10) = (app.sign_in("ulf").await, Paper::new(10));
    let page = select(&ulf, "Vault", &dev10).await;
    assert_eq!(page.one(".wizard-said"), "Step 2 of 5: Add to Inventory");
    let refused = ulf.submit(filled(&page, &[("Meetings Host", "5")])).await;
    assert!(refused.one("td.invalid .error").contains("0 to 4"), "{}", refused.text());
    let page = ulf.submit(filled(&refused, &[("Meetings Host", "3")])).await;
    assert_eq!(page.one(".wizard-said"), "Step 3 of 5: Select Licenses");
    let back = ulf.submit(filled(&page, &[(TERM, "2")]).set("go", "back")).await;
    assert_eq!(back.attributes("tbody input", "value"), ["3"]);
    let page = ulf.submit(back.form("main form").set("go", "next")).await;
    assert_eq!(page.attributes("tbody input", "value"), ["2", ""], "{}", page.text());
    let last = finish(&ulf, &page, &[]).await;
    assert_eq!(last.one(".wizard-said"), "Step 5 of 5: Authorization Code");
    let AuthorizationCode::Specific(code) = dev10.read(&last.one("#authorization-code")) else {
        panic!("{}", last.text())
    };
    let mut counts: Vec<_> = code.entitlements.iter().map(|of| (of.count, of.term)).collect();
    counts.sort();
    assert_eq!((counts[0].0, counts[1].0), (2, 3), "{counts:?}");
    let tab = tab(&ulf, "Vault", "licenses").await;
    assert!(tab.text().contains("(5 Reserved)"), "{}", tab.text());
    support_removes_the_dead(app, &ulf).await;
}

async fn support_removes_the_dead(app: &TestApp, ulf: &Browser) {
    let desk = ulf.get("/sa/lab.example/support").await;
    let question = ulf.get(&desk.link("Remove without a return code…")).await;
    assert!(question.text().contains("available again"), "{}", question.text());
    let done = ulf.submit(question.form("main form")).await;
    assert!(done.text().contains("is removed"), "{}", done.text());
    let log = account_events(app).await;
    assert!(some_with(&log, &["ulf removed", "without a return code", "Support (ulf)"]), "{log:?}");
    let tab = tab(ulf, "Vault", "licenses").await;
    assert!(!tab.text().contains("Reserved)"), "{}", tab.text());
}

/// A-RSV-04, A-RSV-07: a universal code asks for everything; its authorization code is short.
async fn everything_is_reserved_at_once(app: &TestApp) {
    let (ulf, dev10) = (app.sign_in("ulf").await, Paper::new(10));
    let page = ulf.get(&va_path(&ulf, "Vault", "reserve").await).await;
    let code = dev10.universal_request();
    let page = ulf.submit(page.form("main form").set("code", &code)).await;
    assert_eq!(page.attributes("input[checked]", "value"), ["universal"]);
    let refused = ulf.submit(page.form("main form").set("kind", "specific")).await;
    assert_eq!(refused.status, 400);
    assert!(refused.one("#f-kind-error").contains("universal"), "{}", refused.text());
    let review = ulf.submit(refused.form("main form").set("kind", "universal")).await;
    let last = ulf.submit(review.form("main form")).await;
    assert_eq!(last.status, 200, "{}", last.text());
    let twice = ulf.submit(review.form("main form")).await;
    assert_eq!(twice.status, 409, "{}", twice.text());
    let code = last.one("#authorization-code");
    assert_eq!(code.split('-').count(), 16, "{code}");
    assert_eq!(last.attributes("a[download]", "download"), ["AC_000010.txt"]);
    assert_eq!(available(&ulf).await, (25, 5));
}

/// A-RSV-03: a file instead of the text box; an archive, an empty one and a large one are refused.
async fn the_file_of_a_request_code_is_read_strictly(app: &TestApp) {
    let ulf = app.sign_in("ulf").await;
    let page = ulf.get(&va_path(&ulf, "Vault", "reserve").await).await;
    let form = || page.form("main form").set("code", "typed before");
    let good = Paper::new(10).request();
    let next = ulf.upload(form(), ("code.txt", format!("{good}\r\n").as_bytes())).await;
    assert_eq!(next.one(".wizard-said"), "Step 2 of 4: Select Licenses");
    for (bytes, problem) in
        [(&b"PK\x03\x04zip"[..], "archive"), (b"", "empty"), (b"\xff\xfe", "text")]
    {
        let refused = ulf.upload(form(), ("code.txt", bytes)).await;
        assert_eq!(refused.status, 400);
        assert!(refused.one("#f-code-error").contains(problem), "{}", refused.text());
        assert_eq!(refused.one("#f-code"), "typed before");
    }
    let large = ulf.upload(form(), ("code.txt", &vec![b'x'; 200_000])).await;
    assert_eq!(large.status, 413);
}

/// A-RSV-01, A-LIC-04: neither a viewer nor anybody of another virtual account sees the button or
/// gets to the wizard.
async fn who_may_not_reserves_nothing(app: &TestApp) {
    let ann = app.sign_in("ann").await;
    let wizard = va_path(&ann, "Vault", "reserve").await;
    reserve(&ann, &Paper::new(10), &[(PERPETUAL, "1")]).await;
    let at = instance(&ann, "Vault", &Paper::new(10)).await;
    let vera = app.sign_in("vera").await;
    let list = tab(&vera, "Vault", "licenses").await;
    assert!(!list.text().contains("License Reservation"), "{}", list.text());
    let row = vera.get(&at).await;
    assert!(
        row.text().contains("Meetings Host") && !row.text().contains("Update"),
        "{}",
        row.text()
    );
    for path in ["update", "confirm", "authorization", "authorization/download", "rehost", "remove"]
    {
        assert_eq!(vera.get(&format!("{at}/{path}")).await.status, 403, "{path}");
    }
    for (name, status) in [("vera", 403), ("bob", 404)] {
        let page = app.sign_in(name).await.get(&wizard).await;
        assert_eq!(page.status, status, "{name}: {}", page.text());
    }
}
