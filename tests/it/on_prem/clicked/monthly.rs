//! A month of work on a satellite, and the files that are carried after it, by clicking.

use super::carrier::Carrier;
use crate::chromium::{click, fill, read, told};
use crate::support::air_gap::AirGap;
use crate::support::databases::on_both_databases;
use crate::support::device::{TestDevice, tags};
use crate::support::satellite::Satellite;
use fantoccini::Locator;

on_both_databases!(local_work_is_carried_to_cssm_by_clicking);

/// The tab of the licenses.
const LICENSES: Locator<'static> = Locator::Css(".subtabs a[href$='/licenses']");

/// `dev-1` to `dev-20`, two licenses each, at the satellite.
async fn twenty(gap: &AirGap, token: &str) {
    let sat = Satellite::of(&gap.plants, "sat-a").await;
    for n in 1..=20 {
        let mut device: TestDevice = sat.device(&gap.plants, n);
        device.register(token).await.unwrap();
        device.consume(tags::ENHANCED_PLUS, 2).await.unwrap();
    }
}

/// *New…* on the list of local virtual accounts, and ten licenses for it.
async fn line2(person: &Carrier<'_>) {
    let page = person.page();
    person.satellite("/sa/Plant%20A/virtual-accounts").await;
    click(page, Locator::Css(".head-actions a.primary")).await;
    fill(page, "f-name", "Line2").await;
    person.press().await;
    told(page, "Line2 is created").await;
    person.local("Default", "licenses").await;
    person.choose_action("Transfer…").await;
    let quantity = page.wait().for_element(Locator::Css("dialog input.narrow")).await.unwrap();
    quantity.send_keys("10").await.unwrap();
    person.press().await;
    told(page, "10 licenses from Default to Line2").await;
    person.press().await;
    page.wait().for_element(Locator::Css(".flash")).await.unwrap();
}

/// *Transfer…* in the row of a product.
async fn to_line2(person: &Carrier<'_>, product: &str) {
    let page = person.page();
    person.local("Default", "instances").await;
    let menu = format!("//main//tr[th[normalize-space(.) = '{product}']]//button");
    click(page, Locator::XPath(&menu)).await;
    click(page, Locator::LinkText("Transfer…")).await;
    person.press().await;
    told(page, &format!("{product} moved to Line2")).await;
}

/// What the Licenses tab of a local virtual account says.
async fn local(person: &Carrier<'_>, name: &str) -> Option<String> {
    person.local(name, "licenses").await;
    person.figures().await
}

/// Sat-A-VA in CSSM: the products that are listed, and the licenses.
async fn in_cssm(person: &Carrier<'_>) -> (usize, String) {
    person.va("Sat-A-VA", "instances").await;
    let products = person.rows().await.len();
    click(person.page(), LICENSES).await;
    told(person.page(), "UCM Enhanced Plus").await;
    (products, person.figures().await.unwrap())
}

/// Products and tokens of the satellite stand in CSSM without anything that could be done to them.
async fn they_are_read_only(person: &Carrier<'_>) {
    let page = person.page();
    person.va("Sat-A-VA", "instances").await;
    assert_eq!(page.find_all(Locator::Css("main td.actions button")).await.unwrap().len(), 0);
    click(page, Locator::LinkText("dev-7")).await;
    told(page, "UCM Enhanced Plus").await;
    let change = "main a[href$='/transfer'], main a[href$='/remove']";
    assert_eq!(page.find_all(Locator::Css(change)).await.unwrap().len(), 0);

    person.va("Sat-A-VA", "general").await;
    let button = page.find(Locator::Css("[aria-describedby=no-new-token]")).await.unwrap();
    assert!(!button.is_enabled().await.unwrap(), "New Token… is disabled");
    assert!(read(page, "#no-new-token").await.contains("made on the satellite Plant A"));
    let token = read(page, "main tbody tr").await;
    for part in ["Active", "20", "for the lines", "admin"] {
        assert!(token.contains(part), "{part}: {token}");
    }
    assert_eq!(page.find_all(Locator::Css("main tbody td.actions button")).await.unwrap().len(), 0);
}

/// AS-36, AS-07, B-SYN-06, B-SYN-07, B-SYN-08, B-SYN-12, B-LWS-03, B-LWS-04, A-OPA-05, A-PIN-09,
/// A-TOK-13: 50 licenses come down with the first files, 20 products go up with the next; tokens,
/// products and transfers between local virtual accounts need nobody in between.
async fn local_work_is_carried_to_cssm_by_clicking(gap: &AirGap) {
    let Some(person) = Carrier::begin(gap).await else { return };
    person.ask().await;
    person.register().await;
    person.synchronize(1).await;
    gap.transfer("Tokyo", "Sat-A-VA", 40).await;
    gap.transfer("Berlin", "Sat-A-VA", 10).await;
    assert_eq!(local(&person, "Default").await, None, "nothing before the files");
    told(person.page(), "No licenses").await;
    person.synchronize(2).await;
    assert_eq!(local(&person, "Default").await.unwrap(), "50 0 +50");

    let token = person.token("for the lines").await;
    twenty(gap, &token).await;
    line2(&person).await;
    for n in 1..=5 {
        to_line2(&person, &format!("dev-{n}")).await;
    }
    assert_eq!(local(&person, "Default").await.unwrap(), "40 30 +10");
    assert_eq!(local(&person, "Line2").await.unwrap(), "10 10 0");
    assert_eq!(in_cssm(&person).await, (0, "50 0 +50".to_owned()), "not before the files");

    person.synchronize(3).await;
    told(person.page(), "standard synchronization 3").await;
    assert_eq!(in_cssm(&person).await, (20, "50 40 +10".to_owned()));
    they_are_read_only(&person).await;
    assert_eq!(local(&person, "Line2").await.unwrap(), "10 10 0");
    person.end().await;
}
