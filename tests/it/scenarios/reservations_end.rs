//! How reservations end: return codes, dead devices, moves, and terms that are over.

use super::reservations::{
    PERPETUAL, TERM, available, enter, filled, instance, reserve, select, update,
};
use super::{account_events, events, figures, some_with, tab, va_path};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::databases::on_both_databases;
use crate::support::paper::{Offline, Paper};
use syncom::device::machine::Ask;

on_both_databases!(
    only_the_right_return_code_frees,
    a_code_that_was_never_installed_is_returned,
    the_licenses_of_a_dead_device_go_to_its_replacement,
    a_reserved_device_moves_with_its_licenses,
    a_reserved_term_ends,
);

/// AS-28, A-RSV-15, A-ALK-15: blank, random, of another device, and of before the last update are
/// refused; the right one frees all.
async fn only_the_right_return_code_frees(app: &TestApp) {
    let (ulf, dev10, dev11) = (app.sign_in("ulf").await, Paper::new(10), Paper::new(11));
    let old = reserve(&ulf, &dev10, &[(PERPETUAL, "8"), (TERM, "2")]).await;
    let other = reserve(&ulf, &dev11, &[(PERPETUAL, "1")]).await;
    let at = instance(&ulf, "Vault", &dev10).await;
    let code = update(&ulf, &at, &[(PERPETUAL, "10")]).await;
    let pending = ulf.get(&format!("{at}/remove")).await;
    assert_eq!(pending.status, 409, "{}", pending.text());
    let mut product = Offline::new(app, 10);
    product.install(&old);
    enter(&ulf, &format!("{at}/confirm"), &product.install(&code)).await;
    product.ask(Ask::Return).unwrap();
    let mistyped = format!("C{}", "1".repeat(50));
    for (wrong, problem) in [
        (String::new(), "is C and 50"),
        (mistyped, "mistyped"),
        (Paper::new(12).forged_return(), "not made for this reservation"),
        (dev11.return_code(&other), "another product instance"),
        (dev10.return_code(&old), "before the last update"),
    ] {
        let page = enter(&ulf, &format!("{at}/remove"), &wrong).await;
        assert_eq!(page.status, 400, "{wrong}: {}", page.text());
        let told = page.one("#f-code-error");
        assert!(told.contains(problem), "{wrong}: {told}");
        assert_eq!(available(&ulf).await, (14, 3));
    }
    let button = ulf.get(&format!("{at}/remove")).await.one(".sheet-foot button");
    assert_eq!(button, "Remove Product Instance and free 12 licenses");
    let done = enter(&ulf, &format!("{at}/remove"), &product.returned()).await;
    assert!(done.text().contains("12 licenses are available again"), "{}", done.text());
    assert_eq!(available(&ulf).await, (24, 5));
    assert!(!tab(&ulf, "Vault", "instances").await.text().contains(dev10.serial()));
    let alerts = tab(&ulf, "Vault", "alerts").await;
    assert!(alerts.text().contains("Reserved Licenses Returned to Smart Account"));
    let question = ulf.get(&alerts.link("Dismiss")).await;
    let alerts = ulf.submit(question.form("main form")).await;
    assert!(!alerts.text().contains("Returned to Smart Account"), "{}", alerts.text());
    let log = events(&ulf, "Vault").await;
    assert!(some_with(&log, &["Reserved Licenses Returned", "12 licenses"]), "{log:#?}");
}

/// AS-29, A-RSV-16: the return code comes from the authorization code alone, and works once.
async fn a_code_that_was_never_installed_is_returned(app: &TestApp) {
    let (ulf, dev10) = (app.sign_in("ulf").await, Paper::new(10));
    let code = reserve(&ulf, &dev10, &[(PERPETUAL, "10")]).await;
    let at = instance(&ulf, "Vault", &dev10).await;
    let page = ulf.get(&format!("{at}/remove")).await;
    let mut product = Offline::new(app, 10);
    product.ask(Ask::ReturnAuthorization(code.clone())).unwrap();
    let file = product.returned();
    assert!(product.ask(Ask::Install(code.clone())).is_err(), "it was given back");
    let done = ulf.upload(page.form("main form"), ("return.txt", file.as_bytes())).await;
    assert!(done.text().contains("10 licenses are available again"), "{}", done.text());
    assert_eq!(available(&ulf).await, (25, 5));
    let again = reserve(&ulf, &dev10, &[(PERPETUAL, "1")]).await;
    let at = instance(&ulf, "Vault", &dev10).await;
    assert_ne!(dev10.return_code(&again), file);
    let refused = enter(&ulf, &format!("{at}/remove"), &file).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
}

/// The wizard of a rehost up to its system check.
async fn check(
    browser: &Browser,
    failed: &str,
    replacement: &Paper,
) -> crate::support::browser::Page {
    let page = browser.get(&format!("{failed}/rehost")).await;
    let form = page.form("main form").set("code", &replacement.request());
    browser.submit(form.set("notes", "struck by lightning")).await
}

/// AS-30, A-RSV-18, A-RSV-19: the replacement gets the same, the failed one's return is pending, and
/// a second rehost without stock is refused.
async fn the_licenses_of_a_dead_device_go_to_its_replacement(app: &TestApp) {
    let (ulf, dev10, dev12) = (app.sign_in("ulf").await, Paper::new(10), Paper::new(12));
    let old = reserve(&ulf, &dev10, &[(PERPETUAL, "10")]).await;
    let dead = instance(&ulf, "Vault", &dev10).await;
    let review = check(&ulf, &dead, &dev12).await;
    assert!(review.text().contains("System check passed"), "{}", review.text());
    let last = ulf.submit(review.form("main form")).await;
    assert_eq!(last.one(".wizard-said"), "Step 3 of 3: Authorization Code");
    assert_ne!(last.one("#authorization-code"), old);
    assert_eq!(available(&ulf).await.0, 5);
    let shown = tab(&ulf, "Vault", "instances").await;
    let row = shown.table("Name").into_iter().find(|row| row[0].contains(dev10.serial())).unwrap();
    assert!(row.join(" ").contains("Return pending"), "{row:?}");
    assert!(!row.join(" ").contains("Update"), "{row:?}");
    for path in ["update", "rehost", "transfer"] {
        assert_eq!(ulf.get(&format!("{dead}/{path}")).await.status, 409, "{path}");
    }
    let alive = instance(&ulf, "Vault", &dev12).await;
    let refused = check(&ulf, &alive, &Paper::new(13)).await;
    assert_eq!(refused.status, 409);
    assert!(refused.one(".note.bad").contains("Previous Product Return Pending"));
    assert_eq!(refused.one("#f-notes"), "struck by lightning");
    let log = account_events(app).await;
    assert!(some_with(&log, &["failed product", "lightning"]), "{log:#?}");
    enter(&ulf, &format!("{dead}/remove"), &dev10.return_code(&old)).await;
    assert_eq!(available(&ulf).await.0, 15);
}

/// AS-31, A-PIN-10: lines are divided, and both logs tell it.
async fn a_reserved_device_moves_with_its_licenses(app: &TestApp) {
    let (ulf, dev10) = (app.sign_in("ulf").await, Paper::new(10));
    reserve(&ulf, &dev10, &[(PERPETUAL, "10"), (TERM, "2")]).await;
    let at = instance(&ulf, "Vault", &dev10).await;
    let page = ulf.get(&format!("{at}/transfer")).await;
    let path = va_path(&ulf, "Berlin", "instances").await;
    let berlin = path.split('/').nth_back(1).unwrap().to_owned();
    let done = ulf.submit(page.form("main form").set("target", &berlin)).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(available(&ulf).await, (15, 3));
    let rest = app.rest_as("ann").await;
    let (quantity, in_use, left, _) = figures(&rest, "Berlin", "Meetings Host").await;
    assert_eq!((quantity, in_use, left), (12, 12, 0));
    assert_eq!(figures(&rest, "Vault", "Meetings Host").await.0, 18);
    for va in ["Vault", "Berlin"] {
        let log = events(&ulf, va).await;
        let moved = ["with its reserved licenses from Vault to Berlin", "10 Meetings Host", "2 "];
        assert!(some_with(&log, &moved), "{va}: {log:#?}");
    }
    instance(&ulf, "Berlin", &dev10).await;
}

/// AS-32, A-RSV-10, A-RSV-21, A-ALK-13: the alert names the device and leads to its update, which
/// goes on only when the term is set to 0.
async fn a_reserved_term_ends(app: &TestApp) {
    let (ulf, dev10) = (app.sign_in("ulf").await, Paper::new(10));
    reserve(&ulf, &dev10, &[(PERPETUAL, "10"), (TERM, "2")]).await;
    app.set_clock("2026-06-30T23:59:59Z");
    let ulf = app.sign_in("ulf").await;
    let before = tab(&ulf, "Vault", "alerts").await;
    assert_eq!(before.alerts("Reserved License Expired"), [""; 0]);
    app.set_clock("2026-07-01T00:00:00Z");
    let alerts = tab(&ulf, "Vault", "alerts").await;
    let rows = alerts.alerts("Reserved License Expired");
    assert!(some_with(&rows, &["Major", "2 Meetings Host", dev10.serial(), "Now"]), "{rows:?}");
    let now = figures(&app.rest_as("ann").await, "Vault", "Meetings Host").await;
    assert_eq!((now.0, now.1, now.2), (25, 10, 15), "the term counts no more");
    let page = ulf.get(&alerts.link("Update Reserved Licenses…")).await;
    assert_eq!(page.attributes("tbody input", "value"), ["2", "10"]);
    let refused = ulf.submit(filled(&page, &[(PERPETUAL, "11")])).await;
    assert_eq!(refused.status, 409);
    let told = refused.one("tr td.invalid .error");
    assert!(told.contains("ended on 2026-06-30") && told.contains("to 0"), "{told}");
    let review = ulf.submit(filled(&refused, &[(TERM, "")])).await;
    let last = ulf.submit(review.form("main form")).await;
    let code = last.one("#authorization-code");
    let at = instance(&ulf, "Vault", &dev10).await;
    enter(&ulf, &format!("{at}/confirm"), &dev10.confirmation(&code)).await;
    let alerts = tab(&ulf, "Vault", "alerts").await;
    assert_eq!(alerts.alerts("Reserved License Expired"), [""; 0]);
    let rows = select(&ulf, "Vault", &Paper::new(11)).await.table("License");
    assert_eq!(rows.len(), 1, "the ended term is not offered: {rows:?}");
}
