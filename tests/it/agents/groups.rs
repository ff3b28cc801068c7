//! High-availability groups.

use super::agent;
use crate::scenarios::{events, instances, some_with, tab};
use crate::support::agent::unit;
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;

on_both_databases!(
    a_group_is_shown_found_and_moved_with_its_instance,
    a_device_is_a_unit_of_one_group,
    a_standby_takes_over_with_force,
);

/// A-PIN-04, A-PIN-03; device-protocol.md 2.2
async fn a_group_is_shown_found_and_moved_with_its_instance(app: &TestApp) {
    let token = app.lab().token.clone().unwrap();
    let mut one = agent(app, "AAA1");
    let group = vec![unit("Active", "AAA1"), unit("Standby", "BBB2"), unit("Member", "CCC3")];
    let mut wanted = one.registration(&token);
    wanted.ha_members = vec![unit("Standby", "BBB2")];
    let refused = one.turned_away(wanted.clone()).await;
    assert_eq!(refused, "{\"ha_members\":[\"must name one Active: the product itself\"]}");
    wanted.ha_members = vec![unit("Active", "AAA1"), unit("Active", "BBB2")];
    let refused = one.turned_away(wanted.clone()).await;
    assert_eq!(refused, "{\"ha_members[1].role\":[\"must not be Active twice\"]}");
    wanted.ha_members = group;
    one.register(wanted).await;
    let mut other = agent(app, "DDD4");
    other.register(other.registration(&token)).await;

    let ulf = app.sign_in("ulf").await;
    let list = tab(&ulf, "Tokyo", "instances").await;
    let name = "UDI_PID:SIM; UDI_SN:AAA1;";
    let path = list.link(name);
    let rows = async || ulf.get(&path).await.table("Device");
    let shown = [
        ["Active", name],
        ["Standby", "UDI_PID:SIM; UDI_SN:BBB2;"],
        ["Member", "UDI_PID:SIM; UDI_SN:CCC3;"],
    ];
    assert_eq!(rows().await, shown);
    let found = ulf.get(&format!("{}?search=bbb2", list.path)).await.text();
    assert!(found.contains("AAA1") && !found.contains("DDD4"), "{found}");
    let log = events(&ulf, "Tokyo").await;
    assert!(some_with(&log, &["registered, in a high-availability group of 3"]), "{log:?}");

    let dialog = ulf.get(&format!("{path}/transfer")).await;
    let choices = dialog.texts("select[name=target] option");
    let at = choices.iter().position(|name| name == "Berlin").unwrap();
    let number = dialog.attributes("select[name=target] option", "value")[at].clone();
    ulf.submit(dialog.form("form[action$='/transfer']").set("target", &number)).await;
    let list = tab(&ulf, "Berlin", "instances").await;
    assert_eq!(ulf.get(&list.link(name)).await.table("Device"), shown);
}

/// A-SEM-12: as an already registered product, unless force; device-protocol.md 2.2
async fn a_device_is_a_unit_of_one_group(app: &TestApp) {
    let token = app.lab().token.clone().unwrap();
    let (mut one, mut two, mut three) = (agent(app, "A1"), agent(app, "B2"), agent(app, "C3"));
    let mut first = one.registration(&token);
    first.ha_members = vec![unit("Active", "A1"), unit("Standby", "B2")];
    one.register(first).await;
    let refused = two.turned_away(two.registration(&token)).await;
    assert!(refused.contains("udiSerialNumber:B2,udiPid:SIM has already been registered"));
    let mut second = three.registration(&token);
    second.ha_members = vec![unit("Standby", "B2"), unit("Active", "C3")];
    let refused = three.turned_away(second.clone()).await;
    assert!(refused.contains("udiSerialNumber:B2,udiPid:SIM has already been registered"));
    second.ha_members[0] = unit("Member", "A1");
    let refused = three.turned_away(second.clone()).await;
    assert!(refused.contains("udiSerialNumber:A1,udiPid:SIM has already been registered"));

    second.ha_members[0] = unit("Standby", "B2");
    second.force = true;
    three.register(second).await;
    let log = events(&app.sign_in("tom").await, "Tokyo").await;
    let left = ["UDI_SN:B2; is no unit of the high-availability group of UDI_PID:SIM; UDI_SN:A1"];
    assert!(some_with(&log, &left), "{log:?}");
    one.report(&[]).await;
    assert_eq!(instances(&app.rest_as("tom").await, "Tokyo").await.len(), 2);

    // Whoever leaves takes its group along.
    three
        .done(syncom::protocol::bodies::RequestBody::Deregistration(
            syncom::protocol::bodies::Deregistration {},
        ))
        .await;
    two.register(two.registration(&token)).await;
}

/// A-SEM-12, A-SEM-13: after a switch-over the other unit registers with force.
async fn a_standby_takes_over_with_force(app: &TestApp) {
    let token = app.lab().token.clone().unwrap();
    let (mut old, mut new) = (agent(app, "A1"), agent(app, "B2"));
    let mut wanted = old.registration(&token);
    wanted.ha_members = vec![unit("Active", "A1"), unit("Standby", "B2")];
    old.register(wanted).await;
    old.report(&[(tags::ENHANCED_PLUS, 4)]).await;

    let mut wanted = new.registration(&token);
    wanted.ha_members = vec![unit("Standby", "A1"), unit("Active", "B2")];
    assert!(new.turned_away(wanted.clone()).await.contains("has already been registered"));
    wanted.force = true;
    new.register(wanted).await;
    new.report(&[(tags::ENHANCED_PLUS, 4)]).await;
    let refused = old.refused(crate::support::agent::in_use(&[])).await;
    assert!(refused.contains("is not valid.Please re-register the instance."), "{refused}");
    let tom = app.sign_in("tom").await;
    let list = tab(&tom, "Tokyo", "instances").await;
    let page = tom.get(&list.link("UDI_PID:SIM; UDI_SN:B2;")).await;
    let names = ["UDI_PID:SIM; UDI_SN:A1;", "UDI_PID:SIM; UDI_SN:B2;"];
    assert_eq!(page.table("Device"), [["Standby", names[0]], ["Active", names[1]]]);
    assert_eq!(instances(&app.rest_as("tom").await, "Tokyo").await.len(), 1);
}
