//! A call of the REST API: who, where, and with which parameters.

use super::super::error::ApiError;
use super::super::extract::{caller, site};
use super::super::wire::{self, Bad, Fields};
use super::family::{Failure, Family, Lists};
use crate::domain::paging::Window;
use crate::engine::{Engine, VaRef, Who};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

/// A call, read but not yet checked by any rule.
pub struct Call<F> {
    /// The site.
    pub engine: Engine,
    /// The credential that was shown.
    pub who: Who,
    /// The parameters: of the body, then of the query.
    pub fields: Fields,
    request: HttpRequest,
    family: PhantomData<F>,
}

impl<F> Call<F> {
    /// The Smart Account of the path.
    pub fn domain(&self) -> Result<String, Bad> {
        segment(&self.request, "domain")
    }

    /// The virtual account of the path.
    pub fn va(&self) -> Result<VaRef, Bad> {
        segment(&self.request, "va").map(VaRef::Name)
    }

    /// The virtual account of the path, or of `virtualAccountName` where the path has none
    /// (documented; the newer gateway).
    pub fn place(&self) -> Result<VaRef, Bad> {
        if self.request.match_info().get("va").is_some() {
            return self.va();
        }
        Ok(VaRef::Name(self.fields.needed("virtualAccountName")?.to_owned()))
    }

    /// Another segment of the path.
    pub fn segment(&self, name: &str) -> Result<String, Bad> {
        segment(&self.request, name)
    }

    /// Scheme and host as the caller sees them.
    pub fn origin(&self) -> String {
        let connection = self.request.connection_info();
        format!("{}://{}", connection.scheme(), connection.host())
    }

    /// A header, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    /// `limit` and `offset`, of the body or of the query (proven; rest-api 15).
    pub fn window(&self) -> Result<Window, Failure<F>> {
        let (limit, offset) = (self.fields.whole("limit")?, self.fields.whole("offset")?);
        Ok(Window::new(limit, offset)?)
    }
}

impl<F: Family> FromRequest for Call<F> {
    type Error = Failure<F>;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure<F>>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let read = read_fields(&request, &mut payload).await;
            let engine = site(&request).map_err(|ApiError(error)| Failure::from(error))?;
            let who = caller(&request);
            // Strangers hear that they are strangers before anything else.
            if who == Who::Nobody || read.is_err() {
                engine.whoami(&who).await?;
            }
            Ok(Self { engine, who, fields: read?, request, family: PhantomData })
        })
    }
}

/// A body that nobody looks at. It is taken off the line, because the server
/// closes a connection on which some of a request is left.
pub struct Drained;

impl FromRequest for Drained {
    type Error = Failure<Lists>;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure<Lists>>>>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut payload = payload.take();
        Box::pin(async move {
            wire::read(&mut payload).await?;
            Ok(Self)
        })
    }
}

/// A body that comes with GET is read and not looked at (proven; rest-api 0.6).
async fn read_fields(request: &HttpRequest, payload: &mut Payload) -> Result<Fields, Bad> {
    let body = wire::read(payload).await?;
    let mut fields = match *request.method() {
        Method::GET => Fields::default(),
        _ => Fields::from_json(&body)?,
    };
    fields.add_pairs(request.query_string(), false)?;
    Ok(fields)
}

/// A segment of the path, decoded; the router leaves `%25`, `%2B` and `%2F`.
fn segment(request: &HttpRequest, name: &str) -> Result<String, Bad> {
    let raw = request.match_info().get(name).unwrap_or_default();
    match percent_decode_str(raw).decode_utf8() {
        Ok(text) if !text.contains('\0') => Ok(text.into_owned()),
        Ok(_) => Err(Bad::field(name, "the character U+0000 is not allowed")),
        Err(_) => Err(Bad::field(name, "it is not UTF-8 text")),
    }
}

/// An answer, compact as clients need it (proven; rest-api 0.7).
pub fn ok(view: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().json(view)
}
