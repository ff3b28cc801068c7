//! Looking: what a request code asks for, and how a reservation stands.

use super::stock::{StockRow, families, rows};
use super::{Case, inventory, must_be_enabled};
use crate::db::{self, Conn};
use crate::domain::id::InstanceId;
use crate::domain::instance::{Instance, Udi};
use crate::domain::license::Entitlement;
use crate::domain::people::Permission;
use crate::domain::reservation::{Authorization, Kind, Product, Refusal};
use crate::domain::site::Edition;
use crate::domain::virtual_account::VirtualAccount;
use crate::domain::{Error, Timestamp};
use crate::engine::Engine;
use crate::engine::access::{Place, VaRef, Who};
use crate::engine::error::Result;
use crate::protocol::codes::RequestCode;
use crate::protocol::codes::request;
use crate::protocol::sudi::Sudi;

/// What a request code asks for, and what there is (A-RSV-03, A-RSV-04).
#[derive(Clone, Debug)]
pub struct RequestView {
    /// Where it would be reserved.
    pub virtual_account: VirtualAccount,
    /// The device.
    pub device: Udi,
    /// Its product.
    pub product: Product,
    /// Single licenses or all.
    pub kind: Kind,
    /// What the device may bring into the inventory first: empty without *Add to Inventory*.
    pub inventory: Vec<(Entitlement, i64)>,
    /// What can be reserved.
    pub rows: Vec<StockRow>,
}

/// How a reservation stands.
#[derive(Clone, Debug)]
pub struct ReservationView {
    /// The product instance.
    pub instance: Instance,
    /// Where it is.
    pub virtual_account: VirtualAccount,
    /// Single licenses or all.
    pub kind: Kind,
    /// Whether its licenses went to a replacement.
    pub return_pending: bool,
    /// What it holds, and what else could be reserved.
    pub rows: Vec<StockRow>,
    /// The newest authorization code that counts: of the update in transit, else that in force.
    pub authorization: Option<Authorization>,
    /// Whether an update waits for its confirmation code.
    pub pending: bool,
    /// What the device may bring into the inventory first.
    pub inventory: Vec<(Entitlement, i64)>,
    /// Whether the caller may change it.
    pub may_change: bool,
}

/// A request code whose device and product are known.
pub(super) struct Request {
    pub(super) device: Udi,
    pub(super) product: Product,
    pub(super) kind: Kind,
}

impl Request {
    /// Reads a code; its device must not be here yet.
    pub(super) fn read(conn: &mut Conn, edition: Edition, code: &str) -> Result<Self> {
        let read = RequestCode::read(code).map_err(|bad| Refusal::RequestCode(bad.0))?;
        if (edition, read.kind) == (Edition::Satellite, Kind::Universal) {
            return Err(Refusal::UniversalHere.into());
        }
        let product = match &read.product {
            request::Product::Fingerprint(of) => db::products::by_fingerprint(conn, of)?,
            request::Product::Pid(pid) => db::products::by_pid(conn, pid)?,
        };
        let product = product.ok_or(Refusal::UnknownProduct)?;
        let device = udi(&read.device);
        device.check()?;
        if let Some(known) = db::instances::find_by_udi(conn, &device.key())? {
            let what = if known.reserved { "reserved" } else { "registered" };
            let device = device.display().trim_end().to_owned();
            return Err(Error::from(Refusal::DeviceKnown { device, what }).into());
        }
        Ok(Self { device, product, kind: read.kind })
    }
}

fn udi(sudi: &Sudi) -> Udi {
    Udi {
        pid: sudi.udi_pid.clone(),
        serial: sudi.udi_serial_number.clone(),
        uuid: sudi.uuid.clone(),
        ..Udi::default()
    }
}

/// How the codes name a device.
pub(super) fn sudi(udi: &Udi) -> Sudi {
    Sudi {
        udi_pid: udi.pid.clone(),
        udi_serial_number: udi.serial.clone(),
        uuid: udi.uuid.clone(),
        ..Sudi::default()
    }
}

impl Engine {
    /// What can be reserved in a virtual account for anybody; fails where reservation is not
    /// enabled (A-RSV-01).
    pub async fn reservation_stock(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
    ) -> Result<Vec<StockRow>> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, now| {
            let at = place.require_own(Permission::ManageInstances, &va)?.id;
            must_be_enabled(&engine, conn, &place)?;
            Ok(rows(&families(conn, at)?, None, now))
        })
        .await
    }

    /// What a request code asks for; nothing is changed.
    pub async fn reservation_request(
        &self,
        who: &Who,
        domain: &str,
        va: VaRef,
        code: String,
    ) -> Result<RequestView> {
        let engine = self.clone();
        self.read_in(who, domain, move |conn, place, now| {
            let at = place.require_own(Permission::ManageInstances, &va)?.clone();
            must_be_enabled(&engine, conn, &place)?;
            let request = Request::read(conn, engine.edition(), &code)?;
            Ok(RequestView {
                inventory: inventory::offered(conn, &place, &request.product, &request.device)?,
                rows: rows(&families(conn, at.id)?, None, now),
                virtual_account: at,
                device: request.device,
                product: request.product,
                kind: request.kind,
            })
        })
        .await
    }

    /// How the reservation of an instance stands.
    pub async fn reservation(
        &self,
        who: &Who,
        domain: &str,
        id: InstanceId,
    ) -> Result<ReservationView> {
        self.read_in(who, domain, move |conn, place, now| {
            let case = Case::open(conn, place.account.id, id)?;
            place.require_in(Permission::View, case.instance.virtual_account)?;
            view(conn, &place, &case, now)
        })
        .await
    }
}

fn view(conn: &mut Conn, place: &Place, case: &Case, now: Timestamp) -> Result<ReservationView> {
    let at = case.instance.virtual_account;
    let va = place.tree.get(at).cloned();
    let product = db::products::by_tag(conn, &case.instance.software_tag)?;
    let inventory = match product {
        Some(product) => inventory::offered(conn, place, &product, &case.instance.udi)?,
        None => Vec::new(),
    };
    Ok(ReservationView {
        instance: case.instance.clone(),
        virtual_account: va.ok_or_else(|| Error::not_found("virtual account", at.to_string()))?,
        kind: case.holder.kind,
        return_pending: case.holder.return_pending,
        rows: rows(&families(conn, at)?, Some(case), now),
        authorization: case.pending().or_else(|| case.in_force()).cloned(),
        pending: case.pending().is_some(),
        inventory,
        may_change: place.require_in(Permission::ManageInstances, at).is_ok(),
    })
}
