//! Groups of users: kept by System Admins, given roles in local accounts.

use super::members::{HOME, number, person, plant, rows};
use super::{fill, signed_in};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;

on_both_databases!(
    who_is_in_a_group_has_its_roles,
    what_a_group_did_is_in_both_logs,
    a_group_is_checked_field_by_field,
    a_group_does_not_take_the_last_administrator_along,
    who_and_what_is_gone_leaves_the_groups,
);

const GROUPS: &str = "/admin/user-groups";

/// Creates or changes a group by its form.
async fn put(admin: &Browser, path: &str, name: &str, members: &str) -> Page {
    let fields = [("name", name), ("description", "After six"), ("members", members)];
    fill(admin, path, &fields).await
}

/// Where a group is edited.
async fn group(admin: &Browser, name: &str) -> String {
    let edit = admin.get(GROUPS).await.link(name);
    edit.trim_end_matches("/edit").to_owned()
}

/// Gives the only group a role, by the form.
async fn give(who: &Browser, role: &str, place: &str) -> Page {
    let number = number(who, place).await;
    let fields = [("role", role), ("virtual_account", &number[..])];
    fill(who, &format!("{HOME}/user-groups/new"), &fields).await
}

/// B-ADM-01, B-LWS-08: who joins has the roles at once, who leaves loses them.
async fn who_is_in_a_group_has_its_roles(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    let nina = person(app, &admin, "nina").await;
    assert!(sam.get(&format!("{HOME}/user-groups")).await.text().contains("No groups"));
    let made = put(&admin, &format!("{GROUPS}/new"), "Night shift", "").await;
    assert!(made.text().contains("The group Night shift was created"), "{}", made.text());
    let given = give(&sam, "Virtual Account User", "Default").await;
    let row = rows(&given, "Group", "Night shift");
    assert!(row[0].contains("none | Virtual Account User | Default"), "{row:?}");
    assert_eq!(nina.get(&format!("{HOME}/inventory")).await.status, 404);

    let path = group(&admin, "Night shift").await;
    put(&admin, &format!("{path}/edit"), "Night shift", "nina\nolga").await;
    let va = number(&sam, "Default").await;
    assert_eq!(nina.get(&format!("{HOME}/inventory/{va}/tokens/new")).await.status, 200);
    assert!(nina.get("/").await.text().contains("Virtual Account User, Default"));
    let users = sam.get(&format!("{HOME}/users")).await;
    let row = rows(&users, "User name", "nina");
    assert!(row[0].contains("Virtual Account User | Default | Night shift"), "{row:?}");
    let listed = rows(&admin.get(GROUPS).await, "Group", "Night shift");
    for part in ["After six", "nina, olga", "Plant A: Virtual Account User of Default"] {
        assert!(listed[0].contains(part), "{part}: {listed:?}");
    }

    put(&admin, &format!("{path}/edit"), "Late shift", "olga").await;
    assert_eq!(nina.get(&format!("{HOME}/inventory")).await.status, 404);
}

/// B-ADM-01, B-LWS-08: the log of the system says who was in it, that of the account who came to a
/// role by it and who lost it.
async fn what_a_group_did_is_in_both_logs(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    person(app, &admin, "nina").await;
    put(&admin, &format!("{GROUPS}/new"), "Night shift", "").await;
    give(&sam, "Virtual Account User", "Default").await;
    let path = group(&admin, "Night shift").await;
    put(&admin, &format!("{path}/edit"), "Night shift", "nina, olga").await;
    put(&admin, &format!("{path}/edit"), "Late shift", "olga").await;
    let gone = fill(&admin, &format!("{path}/remove"), &[]).await;
    assert!(gone.text().contains("The group Late shift was removed"), "{}", gone.text());
    let log = sam.get(&format!("{HOME}/manage/events")).await.text();
    for fact in [
        "The group Night shift is Virtual Account User of Default now.",
        "By the group Night shift, nina is Virtual Account User of Default.",
        "By the group Late shift, nina is no longer Virtual Account User of Default.",
        "The group Late shift is no longer Virtual Account User of Default.",
    ] {
        assert!(log.contains(fact), "{fact}: {log}");
    }
    let file = admin.get("/admin/events.csv?area=Users").await.html;
    for fact in [
        "Created the group Night shift: no members.",
        "members were nina, olga, are olga",
        "Removed the group Late shift: olga.",
    ] {
        assert!(file.contains(fact), "{fact}: {file}");
    }
}

/// B-ADM-01: names are unique whatever the case, members are known, and only System Admins keep
/// groups.
async fn a_group_is_checked_field_by_field(app: &TestApp) {
    let admin = signed_in(app, "admin").await;
    put(&admin, &format!("{GROUPS}/new"), "Night shift", "sam").await;
    let long = "x".repeat(65);
    for (name, members, field, told) in [
        ("", "sam", "name", "It is needed"),
        (&long[..], "sam", "name", "at most 64"),
        ("NIGHT shift", "sam", "name", "There is a group Night shift already"),
        ("Others", "sam, nobody", "members", "There is no user 'nobody'"),
    ] {
        let page = put(&admin, &format!("{GROUPS}/new"), name, members).await;
        assert_eq!(page.status, 400, "{told}: {}", page.text());
        assert!(page.text().contains(told), "{told}: {}", page.text());
        assert_eq!(page.attributes(&format!("#f-{field}"), "aria-invalid"), ["true"], "{told}");
        assert_eq!(page.one("#f-members"), members, "what was typed stays");
    }
    let path = group(&admin, "Night shift").await;
    let renamed = put(&admin, &format!("{path}/edit"), "night shift", "sam").await;
    assert_eq!(renamed.status, 200, "its own name in another case: {}", renamed.text());
    assert_eq!(admin.get(&format!("{GROUPS}/nonsense/edit")).await.status, 404);
    for name in ["olga", "sam"] {
        let other = signed_in(app, name).await;
        for path in [GROUPS.to_owned(), format!("{GROUPS}/new"), format!("{path}/edit")] {
            assert_eq!(other.get(&path).await.status, 403, "{name} {path}");
        }
    }
    assert_eq!(admin.get("/admin/users").await.texts("nav.subtabs li").len(), 3);
}

/// B-LWS-08: neither leaving the group nor its end leaves an account without an administrator.
async fn a_group_does_not_take_the_last_administrator_along(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    put(&admin, &format!("{GROUPS}/new"), "Managers", "olga").await;
    give(&sam, "Smart Account Administrator", "").await;
    let own = sam.get(&format!("{HOME}/users")).await;
    let own = own.attributes("td.actions a[href$='/remove']", "href").remove(0);
    let done = fill(&sam, &own, &[]).await;
    assert_eq!((done.status, &done.path[..]), (200, "/"), "sam has no role any more");
    let path = group(&admin, "Managers").await;
    let told = "Nobody would be Smart Account Administrator of Plant A";
    let refused = put(&admin, &format!("{path}/edit"), "Managers", "").await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains(told), "{}", refused.text());
    let refused = fill(&admin, &format!("{path}/remove"), &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains(told), "{}", refused.text());
    let olga = signed_in(app, "olga").await;
    let roles = olga.get(&format!("{HOME}/user-groups")).await;
    let role = roles.attributes("td.actions a[href$='/remove']", "href").remove(0);
    assert_eq!(fill(&olga, &role, &[]).await.status, 409, "nor is the role taken from the group");
    let swapped = put(&admin, &format!("{path}/edit"), "Managers", "sam").await;
    assert_eq!(swapped.status, 200, "{}", swapped.text());
    assert_eq!(olga.get(&format!("{HOME}/users")).await.status, 403);
    assert_eq!(sam.get(&format!("{HOME}/users")).await.status, 200);
}

/// B-ADM-01, B-LWS-08: a user or a local virtual account that goes takes its rows along.
async fn who_and_what_is_gone_leaves_the_groups(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    person(app, &admin, "nina").await;
    put(&admin, &format!("{GROUPS}/new"), "Night shift", "nina, olga").await;
    fill(&sam, &format!("{HOME}/virtual-accounts/new"), &[("name", "Paint")]).await;
    give(&sam, "Virtual Account User", "Paint").await;
    let paint = number(&sam, "Paint").await;
    fill(&sam, &format!("{HOME}/virtual-accounts/{paint}/delete"), &[]).await;
    assert!(sam.get(&format!("{HOME}/user-groups")).await.text().contains("No group has a role"));
    let user = super::user_path(&admin, "nina").await;
    assert_eq!(fill(&admin, &format!("{user}/remove"), &[]).await.status, 200);
    let left = rows(&admin.get(GROUPS).await, "Group", "Night shift");
    assert!(left[0].contains("olga") && !left[0].contains("nina"), "{left:?}");
    give(&sam, "Smart Account Viewer", "").await;
    let number = admin.get("/admin/accounts").await.link("Plant A");
    fill(&admin, &format!("{number}/deactivate"), &[("reason", "moved")]).await;
    fill(&admin, &format!("{number}/delete"), &[]).await;
    assert!(admin.get("/admin/accounts").await.text().contains("No local account is registered"));
    let left = rows(&admin.get(GROUPS).await, "Group", "Night shift");
    assert!(left[0].contains("none"), "{left:?}");
}
