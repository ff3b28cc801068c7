use super::*;
use uuid::Uuid;

fn scope(path: &[u128]) -> Scope {
    Scope {
        account: SmartAccountId(Uuid::from_u128(1)),
        path: path.iter().map(|n| VirtualAccountId(Uuid::from_u128(*n))).collect(),
        name: "Berlin".into(),
    }
}

fn actor(role: Role, va: Option<u128>, nested: bool) -> Actor {
    Actor {
        id: UserId(Uuid::from_u128(9)),
        name: "bob".into(),
        email: String::new(),
        assignments: vec![Assignment {
            role,
            account: SmartAccountId(Uuid::from_u128(1)),
            virtual_account: va.map(|n| VirtualAccountId(Uuid::from_u128(n))),
            nested,
        }],
        system_role: None,
        only: None,
    }
}

/// A-TOK-17, features 4.1: the matrix, line by line.
#[test]
fn the_role_matrix_is_the_documented_one() {
    use Permission as P;
    let user: &[Permission] =
        &[P::View, P::ManageTokens, P::Transfer, P::ManageInstances, P::TagLicenses];
    let administrator = [user, &[P::NestVirtualAccount, P::ManageOnPrems, P::ManageRoles]].concat();
    let table: [(Role, &[Permission]); 7] = [
        (Role::SmartAccountAdministrator, &P::ALL),
        (Role::SmartAccountApprover, &[P::AcceptAgreement]),
        (Role::SmartAccountUser, user),
        (Role::SmartAccountViewer, &[P::View]),
        (Role::VirtualAccountAdministrator, &administrator),
        (Role::VirtualAccountUser, user),
        (Role::VirtualAccountViewer, &[P::View]),
    ];
    for (role, granted) in table {
        for permission in P::ALL {
            let expected = granted.contains(&permission);
            assert_eq!(role.grants(permission), expected, "{role:?} {permission:?}");
        }
    }
}

/// features 4.2: System Admins and Operators see every account and change nothing without an
/// account role; an API client sees its own account only.
#[test]
fn system_roles_see_all_accounts_and_change_none() {
    for role in SystemRole::ALL {
        let stranger = Actor {
            assignments: Vec::new(),
            system_role: Some(role),
            ..actor(Role::SmartAccountUser, None, false)
        };
        let sees = role != SystemRole::User;
        assert_eq!(stranger.belongs_to(scope(&[]).account), sees, "{role:?}");
        for permission in Permission::ALL {
            let expected = sees && permission == Permission::View;
            assert_eq!(stranger.may(permission, &scope(&[5])), expected, "{permission:?}");
        }
        let elsewhere =
            Actor { only: Some(SmartAccountId(Uuid::from_u128(2))), ..stranger.clone() };
        assert!(!elsewhere.may(Permission::View, &scope(&[5])));
        assert!(!elsewhere.belongs_to(scope(&[]).account));
        assert_eq!(
            stranger.require_system(SystemPermission::ManageUsers).is_ok(),
            role == SystemRole::Admin
        );
        assert!(elsewhere.require_system(SystemPermission::RequestAccount).is_err());
    }
}

/// A-VAS-06: "this VA only" against "this VA and those nested in it".
#[test]
fn a_nested_scope_reaches_children_and_a_plain_one_does_not() {
    let nested = actor(Role::VirtualAccountAdministrator, Some(5), true);
    let plain = actor(Role::VirtualAccountAdministrator, Some(5), false);
    assert!(nested.may(Permission::View, &scope(&[6, 5])));
    assert!(!plain.may(Permission::View, &scope(&[6, 5])));
    assert!(plain.may(Permission::View, &scope(&[5])));
    assert!(!plain.may(Permission::View, &scope(&[])));
}
