//! Vouchers: from what the engine grants to signed texts.

use crate::engine::{self, Engine, Origin, Vouched};
use crate::protocol::answers::AnswerBody;
use crate::protocol::third_party::{
    ISSUER, SignedVoucher, ThirdPartyKey, ThirdPartyKeyAnswer, Voucher,
};
use uuid::Uuid;

/// Answers a `THIRD_PARTY_KEY`.
pub(super) async fn vouch(
    engine: &Engine,
    body: &ThirdPartyKey,
    origin: Origin,
) -> engine::Result<(Uuid, AnswerBody)> {
    let wanted = body.data.iter().map(|item| (item.name.clone(), item.routing.clone())).collect();
    let (live, compliance_required) = (body.live, body.compliance_required);
    let request = engine::VoucherRequest { origin, wanted, live, compliance_required };
    let vouched = engine.vouch(request).await?;
    let data = signed(engine, body, &vouched)?;
    let answer = AnswerBody::ThirdPartyKey(ThirdPartyKeyAnswer { data });
    Ok((vouched.instance.id.0, answer))
}

fn signed(
    engine: &Engine,
    body: &ThirdPartyKey,
    vouched: &Vouched,
) -> engine::Result<Vec<SignedVoucher>> {
    let keys = engine.keys();
    let each = body.data.iter().zip(&vouched.counts).map(|(item, count)| {
        let text = Voucher {
            issuer: ISSUER.to_owned(),
            product_instance_identifier: Some(vouched.instance.id.0),
            request: item.clone(),
            count: count.unsigned_abs(),
            live: body.live,
            issued_at: vouched.at,
        }
        .to_text();

        let signature = keys.sign(text.as_bytes())?;
        Ok(SignedVoucher::new(&item.id, text, signature, keys.signing_serial()))
    });
    each.collect()
}
