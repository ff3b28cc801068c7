//! Files for a satellite: its certificate, its virtual accounts and all their licenses.

use super::attached;
use crate::db::pools::Places;
use crate::db::{self, Conn};
use crate::domain::account::SmartAccount;
use crate::domain::alert::PublishedAgreement;
use crate::domain::id::VirtualAccountId;
use crate::domain::license::Entitlement;
use crate::domain::line::Line;
use crate::domain::on_prem::OnPrem;
use crate::domain::sync::Kind;
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::Place;
use crate::engine::error::{Error as EngineError, Result};
use crate::protocol::sync::{self, Direction, Header, Record, WriteError, Writer};
use uuid::Uuid;

/// The request that a response answers.
pub(super) struct Answered {
    pub(super) kind: Kind,
    pub(super) sequence: u64,
    pub(super) nonce: Uuid,
    /// The number of the next request.
    pub(super) next: u64,
}

impl Engine {
    /// The authorization file of an On-Prem, as of now.
    pub(super) fn authorization(
        &self,
        conn: &mut Conn,
        place: &Place,
        one: &OnPrem,
        now: Timestamp,
    ) -> Result<Vec<u8>> {
        let header = Header {
            answers: Some(one.registration_nonce),
            ..self.header(place, one, Direction::Authorization, now)
        };
        self.compose(conn, place, one, header)
    }

    /// The response to a request that was accepted.
    pub(super) fn response(
        &self,
        conn: &mut Conn,
        (place, one): (&Place, &OnPrem),
        to: &Answered,
        now: Timestamp,
    ) -> Result<Vec<u8>> {
        let header = Header {
            kind: Some(to.kind),
            sequence: to.sequence,
            answers: Some(to.nonce),
            next_sequence: Some(to.next),
            ..self.header(place, one, Direction::Response, now)
        };
        self.compose(conn, place, one, header)
    }

    fn header(&self, place: &Place, one: &OnPrem, direction: Direction, now: Timestamp) -> Header {
        Header {
            direction,
            kind: None,
            uid: one.uid.0,
            on_prem: one.name.clone(),
            smart_account: place.account.name.clone(),
            sequence: 0,
            nonce: self.ids().uuid(now),
            base: None,
            since: Vec::new(),
            answers: None,
            next_sequence: None,
            made_at: now,
            made_by: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    fn compose(
        &self,
        conn: &mut Conn,
        place: &Place,
        one: &OnPrem,
        header: Header,
    ) -> Result<Vec<u8>> {
        // Attached in this very transaction, perhaps.
        let tree = db::virtual_accounts::tree(conn, place.account.id)?;
        let place = Place { tree, ..place.clone() };
        let own = attached(&place, one);
        let ids: Vec<VirtualAccountId> = own.iter().map(|va| va.id).collect();
        let lines = db::licenses::lines_in(conn, Places::these(&ids))?;
        let mut writer = Writer::begin(Vec::new(), header).map_err(unwritten)?;
        let mut put = |record: &Record| writer.record(record).map_err(unwritten);
        put(&Record::Authorization(sync::Authorization {
            certificates: vec![one.certificate.clone()],
            root: Some(self.keys().root_pem()),
        }))?;
        let published = self.published_agreement(conn)?;
        put(&Record::Account(account(&place.account, published)))?;
        for va in own {
            let name = va.name.as_str().to_owned();
            put(&Record::VirtualAccount(sync::VirtualAccount { id: va.id, name }))?;
        }
        // All kinds: a product may use what nobody has bought, and is out of compliance then.
        for of in db::licenses::all(conn)? {
            put(&Record::Entitlement(entitlement(&of)))?;
        }
        for (line, of) in &lines {
            put(&Record::Line(Box::new(license_line(line, of))))?;
        }
        put(&Record::Due(sync::Due { due: one.dates.due, deadline: one.dates.deadline }))?;
        // A satellite knows the root alone, as a device without a network does.
        writer.finish(|text| self.keys().sign_reservation(text)).map_err(unwritten)
    }
}

fn unwritten(error: WriteError) -> EngineError {
    match error {
        WriteError::Signing(error) => error.into(),
        WriteError::Io(error) => EngineError::File(error.to_string()),
        long @ WriteError::LongLine(_) => Error::Conflict(long.to_string()).into(),
    }
}

fn account(account: &SmartAccount, published: PublishedAgreement) -> sync::Account {
    sync::Account {
        smart_account: account.name.clone(),
        domain: account.domain.clone(),
        export_entitled: account.export_entitled,
        reservation_enabled: account.reservation_enabled,
        agreement: account.agreement.as_ref().map(|accepted| sync::Agreement {
            version: accepted.version.clone(),
            accepted_by: accepted.accepted_by.clone(),
            accepted_at: accepted.accepted_at,
        }),
        published: Some(sync::Published { version: published.version, at: published.at }),
    }
}

fn entitlement(of: &Entitlement) -> sync::Entitlement {
    sync::Entitlement {
        tag: of.tag.clone(),
        name: of.name.clone(),
        description: of.description.clone(),
        billing: of.billing,
        enforced: of.enforced,
        export_restricted: of.export_restricted,
        family: of.tier.as_ref().map(|tier| tier.family.clone()),
        tier: of.tier.as_ref().map(|tier| tier.rank),
    }
}

fn license_line(line: &Line, of: &Entitlement) -> sync::Line {
    let origin = &line.origin;
    sync::Line {
        id: line.id,
        virtual_account: line.virtual_account,
        tag: of.tag.clone(),
        license_type: line.license_type,
        quantity: line.quantity,
        starts: line.starts,
        ends: line.ends,
        booking: line.booking,
        enterprise_agreement: line.enterprise_agreement,
        portable: line.portable,
        origin: sync::Origin {
            source: origin.source,
            order_number: origin.order_number.clone(),
            sku: origin.sku.clone(),
            subscription_id: origin.subscription_id.clone(),
            pak: origin.pak.clone(),
            product_serial: origin.product_serial.clone(),
            family: origin.family.clone(),
            device_details: origin.device_details.clone(),
        },
    }
}
