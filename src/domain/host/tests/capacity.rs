//! Sizes, several data centres, upgrades.

use super::*;

fn installed(license: License, major: u32) -> Command {
    Command::Install(CapacityLicense { license, major })
}

/// F-HL-19: ports of the sizes; 4000 need Extended Capacity and a large system; back to large.
#[test]
fn a_system_grows_by_its_licenses() {
    let ports = Size::ALL.map(Size::ports);
    assert_eq!(ports, [50, 250, 800, 2000, 4000]);
    let mut lab = Lab::smart("2026-03-01T00:00:00Z", Situation::Registered, 0);
    assert!(matches!(lab.no(Command::Resize(Size::Extended)), Refusal::Size { .. }));
    lab.done(Command::Resize(Size::Large));
    let no = lab.no(Command::Resize(Size::Extended));
    assert!(no.to_string().contains("needs the license Extended Capacity for 4.x"), "{no}");
    lab.done(installed(License::ExtendedCapacity, 4));
    assert!(lab.no(installed(License::ExtendedCapacity, 4)).to_string().contains("already"));
    lab.done(Command::Resize(Size::Extended));
    for smaller in [Size::Micro, Size::Medium, Size::Extended] {
        assert!(matches!(lab.no(Command::Resize(smaller)), Refusal::Size { .. }), "{smaller}");
    }
    lab.done(Command::Resize(Size::Large));
    assert!(matches!(lab.no(Command::Resize(Size::Small)), Refusal::Size { .. }));
}

/// F-HL-19: no trial, the licenses first, and the joining one's host licenses are released.
#[test]
fn a_data_centre_joins_without_its_licenses() {
    let ends = Some(at("2026-05-30T00:00:00Z"));
    let mut lab = Lab::smart("2026-03-01T00:00:00Z", Situation::Evaluation { ends }, 2);
    lab.done(Command::Resize(Size::Medium));
    lab.done(Command::MeetNow(vec![email("u1")]));
    let came = |name: &str| NewUser { hosts: true, ..NewUser::of(email(name)) };
    let join = Command::Join("South".to_owned(), vec![came("s1"), came("s2"), came("u2")]);
    assert!(lab.no(join.clone()).to_string().contains("no trial for several data centres"));
    lab.server.stand(Situation::Registered);
    assert!(lab.no(join.clone()).to_string().contains("Multi-data Center, medium for 4.x"));
    lab.done(installed(License::MdcMedium, 4));
    lab.done(join.clone());
    assert!(lab.tells("South joined with 2 users: 3 host licenses released"), "{:?}", lab.told);
    assert_eq!((lab.kind("s1"), lab.kind("u2")), (None, None));
    assert_eq!((lab.kind("u1"), lab.server.holders()), (Some(Kind::Permanent), 1));
    lab.hosts("s1").unwrap();
    assert!(lab.no(join).to_string().contains("South has joined already"));
    let no = lab.no(Command::Resize(Size::Large));
    assert!(no.to_string().contains("Multi-data Center, large for 4.x"), "{no}");
    lab.done(installed(License::MdcLarge, 4));
    lab.done(Command::Resize(Size::Large));
    let mut lab = Lab::smart("2026-03-01T00:00:00Z", Situation::Registered, 0);
    let no = lab.no(Command::Join("South".to_owned(), Vec::new()));
    assert!(no.to_string().contains("A micro system stays alone"), "{no}");
}

/// F-HL-19, X-16: the same of a classic server.
#[test]
fn a_classic_server_joins_after_its_trial() {
    let mut lab = Lab::fresh(Profile::Cwms2Classic, "2026-01-01T00:00:00Z");
    lab.done(Command::Resize(Size::Small));
    lab.done(installed(License::MdcSmall, 2));
    let join = Command::Join("South".to_owned(), Vec::new());
    assert!(lab.no(join.clone()).to_string().contains("the trial must be over"));
    lab.done(Command::Buy(3));
    assert!(lab.no(join.clone()).to_string().contains("the trial must be over"));
    lab.done(Command::EndTrial);
    lab.done(join);
}

/// F-HL-20: assignments stay, a new evaluation begins; several data centres need their licenses.
#[test]
fn an_upgrade_keeps_assignments() {
    let mut lab = Lab::classic("2026-03-01T00:00:00Z", 2, 2, &["g", "n"]);
    lab.hosts("g").unwrap();
    for wrong in ["2.8", "2.9", "1.0"] {
        let wrong = Command::Upgrade(Release::parse(wrong).unwrap());
        assert!(lab.no(wrong).to_string().starts_with("release: "));
    }
    let wanted = |lab: &Lab| SKUS.map(|sku| sku.quantity(&lab.server));
    assert_eq!(wanted(&lab), [3, 1, 0, 0, 0, 0, 0]);
    lab.done(Command::Resize(Size::Small));
    lab.done(installed(License::MdcSmall, 2));
    lab.done(Command::Join("South".to_owned(), Vec::new()));
    let upgrade = Command::Upgrade(Release::parse("4.0").unwrap());
    assert!(lab.no(upgrade.clone()).to_string().contains("Multi-data Center, small for 4.x"));
    assert_eq!(wanted(&lab), [3, 1, 0, 1, 0, 0, 0]);
    lab.done(installed(License::MdcSmall, 4));
    lab.done(upgrade);
    assert!(lab.server.is_smart());
    let ends = Some(at("2026-05-30T00:00:00Z"));
    lab.server.stand(Situation::Evaluation { ends });
    for name in ["p1", "p2", "g"] {
        assert_eq!(lab.kind(name), Some(Kind::Trial), "{name}");
    }
    assert_eq!((lab.kind("n"), lab.server.holders()), (None, 3));
    lab.server.stand(Situation::Registered);
    assert_eq!(lab.of(Kind::Permanent), 3);
    let next = Command::Upgrade(Release::parse("4.1").unwrap());
    assert!(lab.no(next.clone()).to_string().contains("deregister it first"));
    lab.server.stand(Situation::Reserved { limit: Some(9) });
    assert!(lab.no(next.clone()).to_string().contains("return them first"));
    lab.server.stand(Situation::Over { since: lab.now });
    lab.done(next);
    assert_eq!((lab.server.closed(), lab.server.release.to_string().as_str()), (None, "4.1"));
}

#[test]
fn releases_are_read() {
    for wrong in ["", "4", "4.", ".0", "4.x", "4.0.1", "+4.0", "400.0"] {
        assert!(Release::parse(wrong).is_err(), "{wrong}");
    }
    assert!(Release::parse("4.10").unwrap() > Release::parse("4.9").unwrap());
}
