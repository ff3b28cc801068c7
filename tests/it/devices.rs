//! Products that register, consume and leave, over real HTTP.

use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::device::tags;
use syncom::device::machine::{AuthorizationState, RegistrationState};

on_both_databases!(a_product_registers_and_its_use_is_counted);

async fn a_product_registers_and_its_use_is_counted(app: &TestApp) {
    let token = app.lab().token.clone().unwrap();
    let mut dev = app.device(1);
    dev.register(&token).await.unwrap();
    assert_eq!(dev.registration(), RegistrationState::Complete);
    dev.consume(tags::ENHANCED_PLUS, 4).await.unwrap();
    assert_eq!(dev.authorization(), AuthorizationState::Authorized);
}
