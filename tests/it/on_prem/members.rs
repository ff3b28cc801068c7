//! Manage Account: roles of people in a local account, what they open, and what is written of it.

use super::accounts::{approve, asked};
use super::{GOOD, browser, fill, new_user, signed_in, try_to_sign_in};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::databases::on_both_databases;

on_both_databases!(
    a_role_is_given_changed_and_taken,
    the_last_administrator_stays,
    an_administrator_of_one_place_reaches_no_further,
    roles_are_hidden_from_who_does_not_manage_them,
    a_wrong_role_is_named_beside_its_field,
    a_place_is_made_with_its_people,
    every_tab_of_manage_account_opens_for_whom_it_is,
    requests_for_access_wait_in_their_account,
    custom_tags_are_kept_in_manage_account,
);

/// Where the pages of the local account are.
pub const HOME: &str = "/sa/Plant%20A";
const OTHER: &str = "Other-Horse-88";
/// The tabs of Manage Account for those who may open all of them.
const TABS: [&str; 8] = [
    "Account Properties",
    "Virtual Accounts",
    "Users",
    "User Groups",
    "Custom Tags",
    "Requests",
    "Account Agreements",
    "Event Log",
];

/// `Plant A`, whose administrator is `sam`; the System Admin, and sam.
pub async fn plant(app: &TestApp) -> (Browser, Browser) {
    let (admin, sam) = (signed_in(app, "admin").await, signed_in(app, "sam").await);
    fill(&sam, "/accounts/new", &super::accounts::wish("Plant A", "Sat-A-VA")).await;
    let requests = admin.get("/admin/accounts/requests").await;
    assert_eq!(approve(&admin, &requests.link("Plant A"), "ann").await.status, 200);
    (admin, sam)
}

/// A System User who has changed the first password.
pub async fn person(app: &TestApp, admin: &Browser, name: &str) -> Browser {
    new_user(admin, name, "System User").await;
    let own = browser(app);
    try_to_sign_in(&own, name, GOOD).await;
    let better = [("present", GOOD), ("password", OTHER), ("confirm", OTHER)];
    assert_eq!(fill(&own, "/password", &better).await.path, "/");
    own
}

/// Assigns a role by the form; `place` is the name of a local virtual account, or empty.
pub async fn give(who: &Browser, user: &str, role: &str, place: &str) -> Page {
    let number = number(who, place).await;
    let fields = [("user", user), ("role", role), ("virtual_account", &number[..])];
    fill(who, &format!("{HOME}/users/new"), &fields).await
}

/// The number of a local virtual account; nothing for the whole account.
pub async fn number(who: &Browser, place: &str) -> String {
    if place.is_empty() {
        return String::new();
    }
    let list = who.get(&format!("{HOME}/virtual-accounts")).await;
    list.link(place).trim_end_matches("/general").rsplit('/').next().unwrap().to_owned()
}

/// The rows of a list of roles that begin with a name.
pub fn rows(page: &Page, column: &str, name: &str) -> Vec<String> {
    let all = page.table(column).into_iter().map(|row| row.join(" | "));
    all.filter(|row| row.starts_with(name)).collect()
}

/// Opens a dialog of the only role of a person and sends it.
async fn dialog(who: &Browser, user: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    let list = who.get(&format!("{HOME}/users")).await;
    let hrefs = list.attributes("td.actions a", "href").into_iter();
    let mut found = Vec::new();
    for href in hrefs.filter(|href| href.ends_with(act)) {
        let named = [format!("Change the role of {user} "), format!("Take the role from {user} ")];
        let text = who.get(&href).await.text();
        if named.iter().any(|name| text.contains(name)) {
            found.push(href);
        }
    }
    assert_eq!(found.len(), 1, "{user}: {}", list.text());
    fill(who, &found[0], fields).await
}

async fn new_place(who: &Browser, name: &str) {
    let made = fill(who, &format!("{HOME}/virtual-accounts/new"), &[("name", name)]).await;
    assert_eq!(made.status, 200, "{}", made.text());
}

/// B-LWS-08: given, it opens at once; changed, it reaches as far as its new name; taken, nothing
/// is left of it. The log of the account says each.
async fn a_role_is_given_changed_and_taken(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    let nina = person(app, &admin, "nina").await;
    new_place(&sam, "Line 1").await;
    assert_eq!(nina.get(&format!("{HOME}/inventory")).await.status, 404);
    let given = give(&sam, "nina", "Virtual Account User", "Line 1").await;
    assert!(given.text().contains("nina is Virtual Account User now"), "{}", given.text());
    let list = rows(&given, "User name", "nina");
    assert_eq!(list.len(), 1, "{}", given.text());
    for part in ["Nina Novak", "nina@lab.example", "Virtual Account User", "Line 1"] {
        assert!(list[0].contains(part), "{part}: {list:?}");
    }
    assert!(nina.get(&format!("{HOME}/inventory")).await.text().contains("Line 1"));
    let default = number(&sam, "Default").await;
    let closed = format!("{HOME}/inventory/{default}/tokens/new");
    assert_eq!(nina.get(&closed).await.status, 404, "she has no role in the default one");

    let changed = dialog(&sam, "nina", "/edit", &[("role", "Virtual Account Viewer")]).await;
    assert!(rows(&changed, "User name", "nina")[0].contains("Virtual Account Viewer"));
    let line = number(&sam, "Line 1").await;
    let new_token = format!("{HOME}/inventory/{line}/tokens/new");
    assert_eq!(nina.get(&new_token).await.status, 403, "a viewer makes no token");
    let taken = dialog(&sam, "nina", "/remove", &[]).await;
    assert!(taken.text().contains("nina is not Virtual Account Viewer any more"));
    assert!(rows(&taken, "User name", "nina").is_empty(), "{}", taken.text());
    assert_eq!(nina.get(&format!("{HOME}/inventory")).await.status, 404);
    let log = sam.get(&format!("{HOME}/manage/events")).await;
    for fact in [
        "nina is Virtual Account User of Line 1 now.",
        "nina is Virtual Account Viewer of Line 1 now; before Virtual Account User of Line 1.",
        "nina is not Virtual Account Viewer of Line 1 any more.",
        "Virtual account Line 1 was created.",
    ] {
        assert!(log.text().contains(fact), "{fact}: {}", log.text());
    }
}

/// B-LWS-08: nobody takes the last administrator's role, nor makes it less; a second one frees it.
async fn the_last_administrator_stays(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    person(app, &admin, "nina").await;
    let refused = dialog(&sam, "sam", "/remove", &[]).await;
    assert_eq!(refused.status, 409);
    let told = "Nobody would be Smart Account Administrator of Plant A any more";
    assert!(refused.text().contains(told), "{}", refused.text());
    let less = [("role", "Smart Account User")];
    let refused = dialog(&sam, "sam", "/edit", &less).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains(told), "{}", refused.text());
    assert_eq!(rows(&sam.get(&format!("{HOME}/users")).await, "User name", "sam").len(), 1);

    let whole = "Smart Account Administrator";
    assert_eq!(give(&sam, "nina", whole, "").await.status, 200);
    let nina = super::user_path(&admin, "nina").await;
    fill(&admin, &format!("{nina}/disable"), &[]).await;
    assert_eq!(dialog(&sam, "sam", "/edit", &less).await.status, 409, "nina cannot sign in");
    let list = admin.get("/admin/users").await;
    admin.submit(list.form(&format!("form[action='{nina}/enable']"))).await;
    let done = dialog(&sam, "sam", "/edit", &less).await;
    assert_eq!((done.status, done.path), (200, format!("{HOME}/manage")), "no list any more");
    assert_eq!(sam.get(&format!("{HOME}/users")).await.status, 403);
}

/// B-LWS-08, features 4.2: "users of own LVA", and nobody else's.
async fn an_administrator_of_one_place_reaches_no_further(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    let nina = person(app, &admin, "nina").await;
    person(app, &admin, "tim").await;
    new_place(&sam, "Line 1").await;
    new_place(&sam, "Line 2").await;
    give(&sam, "nina", "Virtual Account Administrator", "Line 1").await;
    let (line_1, line_2) = (number(&sam, "Line 1").await, number(&sam, "Line 2").await);
    let form = nina.get(&format!("{HOME}/users/new")).await;
    let offered = form.attributes("#f-virtual_account option", "value");
    assert_eq!(offered, std::slice::from_ref(&line_1), "{}", form.text());
    assert!(!form.text().contains("Smart Account Administrator"), "{}", form.text());
    let tim = |role: &str, place: &str| {
        let form = form.form("main form").set("user", "tim").set("role", role);
        form.set("virtual_account", place)
    };
    for (role, place) in [("Smart Account Viewer", ""), ("Virtual Account Viewer", &line_2[..])] {
        let refused = nina.submit(tim(role, place)).await;
        assert_eq!(refused.status, 403, "{role}: {}", refused.text());
        assert!(refused.text().contains("may not manage users and their roles"));
    }
    fill(&sam, &format!("{HOME}/virtual-accounts/new"), &[("name", "Cell"), ("parent", &line_1)])
        .await;
    let nested = tim("Virtual Account User", &line_1).set("nested", "yes");
    assert_eq!(nina.submit(nested).await.status, 403, "nina does not reach the cell herself");
    let list = nina.submit(tim("Virtual Account User", &line_1)).await;
    assert_eq!(rows(&list, "User name", "tim").len(), 1, "{}", list.text());
    assert!(rows(&list, "User name", "sam").is_empty(), "{}", list.text());
}

/// B-LWS-08: a role that somebody does not manage is not there for them, and who manages none sees
/// no list, whatever the system role.
async fn roles_are_hidden_from_who_does_not_manage_them(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    let nina = person(app, &admin, "nina").await;
    let tim = person(app, &admin, "tim").await;
    new_place(&sam, "Line 1").await;
    give(&sam, "nina", "Virtual Account Administrator", "Line 1").await;
    let sams = give(&sam, "tim", "Smart Account User", "").await;
    let all = sams.attributes("td.actions a[href$='/remove']", "href");
    let mut seen = 0;
    for href in &all {
        seen += usize::from(nina.get(href).await.status == 200);
    }
    assert_eq!((all.len(), seen), (3, 1), "nina sees her own: {}", sams.text());
    for (name, who) in [("tim", &tim), ("admin", &admin)] {
        for path in ["users", "users/new", "user-groups", "user-groups/new"] {
            let page = who.get(&format!("{HOME}/{path}")).await;
            assert_eq!(page.status, 403, "{name} {path}: {}", page.text());
        }
        assert_eq!(who.get(&all[0]).await.status, 403, "{name}");
    }
}

/// B-LWS-08: what is wrong is named, and what was typed stays.
async fn a_wrong_role_is_named_beside_its_field(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    person(app, &admin, "nina").await;
    for (user, role, place, field, told) in [
        ("nobody", "Smart Account User", "", "user", "There is no user 'nobody'"),
        ("nina", "Virtual Account User", "", "virtual_account", "is for one local virtual account"),
        ("nina", "Smart Account User", "Default", "virtual_account", "is for the whole local"),
        ("nina", "Smart Account Approver", "", "role", "is no role of a local account"),
        ("sam", "Smart Account User", "", "user", "already; change that role instead"),
    ] {
        let page = give(&sam, user, role, place).await;
        assert_eq!(page.status, 400, "{told}: {}", page.text());
        assert!(page.text().contains(told), "{told}: {}", page.text());
        assert_eq!(page.attributes(&format!("#f-{field}"), "aria-invalid"), ["true"], "{told}");
        assert_eq!(page.attributes("#f-user", "value"), [user], "{told}");
    }
    assert_eq!(sam.get(&format!("{HOME}/users/nonsense/edit")).await.status, 404);
    let unknown = "00000000-0000-7000-8000-000000000000";
    assert_eq!(sam.get(&format!("{HOME}/users/{unknown}/edit")).await.status, 404);
}

/// B-LWS-08: name, description, access and users in one form; all of it or nothing.
async fn a_place_is_made_with_its_people(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    let nina = person(app, &admin, "nina").await;
    let path = format!("{HOME}/virtual-accounts/new");
    let fields = |users: &'static str| {
        [
            ("name", "Paint"),
            ("description", "The paint shop"),
            ("access", "private"),
            ("users", users),
            ("role", "Virtual Account User"),
        ]
    };
    let refused = fill(&sam, &path, &fields("nina, nobody")).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert!(refused.text().contains("There is no user 'nobody' on this satellite."));
    assert_eq!(refused.one("#f-users"), "nina, nobody", "what was typed stays");
    assert!(!sam.get(&format!("{HOME}/virtual-accounts")).await.text().contains("Paint"));
    let made = fill(&sam, &path, &fields("nina")).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let row = made.table("Local Virtual Account").into_iter().find(|row| row[0] == "Paint");
    let row = row.unwrap().join(" | ");
    assert!(row.contains("The paint shop") && row.contains("Private"), "{row}");
    let home = nina.get("/").await;
    assert!(home.text().contains("Virtual Account User, Paint"), "{}", home.text());
    let own = number(&sam, "Paint").await;
    assert_eq!(nina.get(&format!("{HOME}/inventory/{own}/tokens/new")).await.status, 200);
}

/// B-LWS-08: Account Properties, Virtual Accounts, Users, User Groups, Custom Tags, Requests,
/// Account Agreements, Event Log; those without the right for a tab do not see it.
async fn every_tab_of_manage_account_opens_for_whom_it_is(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    let nina = person(app, &admin, "nina").await;
    give(&sam, "nina", "Smart Account Viewer", "").await;
    let page = sam.get(&format!("{HOME}/inventory")).await;
    let page = sam.get(&page.link("Manage account")).await;
    assert_eq!(page.texts("nav.subtabs li"), TABS);
    for part in ["Plant A", "Contoso Lab", "Sat-A-VA", "over the network", "sam", "Active"] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    for label in TABS {
        let href = page.attributes("nav.subtabs a", "href");
        let at = TABS.iter().position(|one| *one == label).unwrap();
        let tab = sam.get(&href[at]).await;
        assert_eq!(tab.status, 200, "{label}: {}", tab.text());
        assert_eq!(tab.texts("nav.subtabs [aria-current]"), [label]);
    }
    let agreements = sam.get(&format!("{HOME}/agreements")).await;
    let row = agreements.table("Agreement")[0].join(" | ");
    assert!(row.contains("1.0") && row.contains("ann"), "{row}");
    let seen = nina.get(&format!("{HOME}/manage")).await;
    let open = [
        "Account Properties",
        "Virtual Accounts",
        "Custom Tags",
        "Account Agreements",
        "Event Log",
    ];
    assert_eq!(seen.texts("nav.subtabs li"), open);
    assert_eq!(nina.get(&format!("{HOME}/access-requests")).await.status, 403);
    let looks = admin.get(&format!("{HOME}/manage")).await;
    assert!(looks.texts("nav.subtabs li").contains(&"Requests".to_owned()), "{}", looks.text());
    let cssm = app.sign_in("ann").await.get("/sa/lab.example/virtual-accounts").await;
    assert!(cssm.texts("nav.subtabs li").is_empty(), "Manage Account is the satellite's");
}

/// B-LWS-08, B-ACC-13: an account's administrators find its requests under Manage Account, and
/// those of other accounts do not stand there.
async fn requests_for_access_wait_in_their_account(app: &TestApp) {
    let (admin, sam) = plant(app).await;
    let nina = person(app, &admin, "nina").await;
    let other = asked(&admin, "Plant B", "Sat-B-VA").await;
    assert_eq!(approve(&admin, &other, "ann").await.status, 200);
    for account in ["Plant A", "Plant B"] {
        fill(&nina, "/access/new", &[("account", account), ("message", "nights")]).await;
    }
    let waits = sam.get(&format!("{HOME}/access-requests")).await;
    assert_eq!(waits.table("Requested by").len(), 1, "{}", waits.text());
    let all = admin.get("/admin/accounts/requests").await;
    assert_eq!(all.attributes("a[href$='/grant']", "href").len(), 2, "{}", all.text());
    let grant = waits.attributes("a[href$='/grant']", "href").remove(0);
    give(&sam, "nina", "Smart Account Viewer", "").await;
    let twice = fill(&sam, &grant, &[("role", "Smart Account User")]).await;
    assert_eq!(twice.status, 400, "{}", twice.text());
    assert!(twice.text().contains("Nina is Smart Account Viewer already"), "{}", twice.text());
    let log = sam.get(&format!("{HOME}/manage/events")).await;
    assert!(log.text().contains("nina is Smart Account Viewer now."), "{}", log.text());
}

/// B-LWS-08: custom tags of a local account are the satellite's own and hold for its local virtual
/// accounts; the log of Manage Account tells of them.
async fn custom_tags_are_kept_in_manage_account(app: &TestApp) {
    let (_, sam) = plant(app).await;
    let tab = sam.get(&sam.get(&format!("{HOME}/manage")).await.link("Custom Tags")).await;
    assert!(tab.text().contains("No custom tags"), "CSSM's stay there: {}", tab.text());
    let hall = [("name", "Hall"), ("values", "north\nsouth")];
    let made = fill(&sam, &format!("{HOME}/custom-tags/new"), &hall).await;
    assert_eq!(made.table("Custom Tag")[0][..2], ["Hall", "north south"], "{}", made.text());
    new_place(&sam, "Paint").await;
    let edit = format!("{HOME}/virtual-accounts/{}/edit", number(&sam, "Paint").await);
    let west = fill(&sam, &edit, &[("tags", "hall: west")]).await;
    assert!(west.status == 400 && west.text().contains("is no value of Hall"), "{}", west.text());
    assert_eq!(fill(&sam, &edit, &[("tags", "hall: SOUTH")]).await.status, 200);
    let list = sam.get(&format!("{HOME}/virtual-accounts")).await.text();
    assert!(list.contains("Hall: south"), "{list}");
    let log = sam.get(&format!("{HOME}/manage/events")).await.text();
    assert!(log.contains("Custom tag Hall was created: north, south."), "{log}");
}
