//! From a request to the words of the engine.

use super::Listener;
use super::error::{ApiError, Problem};
use crate::domain;
use crate::engine::{Engine, Who};
use crate::lab::worlds::{self, World};
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use std::future::{Ready, ready};

/// The header in which a request may name its world (ours).
pub const WORLD_HEADER: &str = "X-Syncom-World";

/// The site that a request is for, in the world that it names.
pub struct OnSite(pub Engine);

impl FromRequest for OnSite {
    type Error = ApiError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(site(request).map(Self))
    }
}

/// As [`OnSite`], for endpoints of the lab: they refuse with problem details.
pub struct LabSite(pub Engine);

impl FromRequest for LabSite {
    type Error = Problem;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(site(request).map(Self).map_err(|refused| Problem(refused.0)))
    }
}

/// The site of a request; an unknown world is an error, never the default one.
pub fn site(request: &HttpRequest) -> Result<Engine, ApiError> {
    let world = named_world(request);
    let listener = request.app_data::<web::Data<Listener>>();
    listener
        .and_then(|listener| listener.worlds.site(world, &listener.site))
        .ok_or_else(|| ApiError(domain::Error::not_found("world", world).into()))
}

/// The world that a request names.
pub struct InWorld(pub World);

impl FromRequest for InWorld {
    type Error = Problem;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let world = named_world(request);
        let listener = request.app_data::<web::Data<Listener>>();
        let found = listener.and_then(|listener| listener.worlds.get(world)).map(Self);
        ready(found.ok_or_else(|| Problem(domain::Error::not_found("world", world).into())))
    }
}

fn named_world(request: &HttpRequest) -> &str {
    let named = request.headers().get(WORLD_HEADER).map(|value| value.to_str().unwrap_or("?"));
    named.unwrap_or(worlds::DEFAULT)
}

/// The caller of the REST API: a bearer token, with or without the word
/// `Bearer` before it (proven; rest-api 0.5).
pub struct ApiCaller(pub Who);

impl FromRequest for ApiCaller {
    type Error = ApiError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(caller(request))))
    }
}

/// The caller of the lab's own endpoints where they ask who it is: a bearer token.
pub struct LabCaller(pub Who);

impl FromRequest for LabCaller {
    type Error = Problem;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(caller(request))))
    }
}

/// The bearer token that a request shows, alone or after the word `Bearer`.
pub fn caller(request: &HttpRequest) -> Who {
    let shown = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    match shown.map(str::trim) {
        None | Some("") => Who::Nobody,
        Some(text) => match text.split_once(' ') {
            Some((word, token)) if word.eq_ignore_ascii_case("bearer") => {
                Who::Bearer(token.trim().to_owned())
            }
            Some(_) => Who::Nobody,
            None => Who::Bearer(text.to_owned()),
        },
    }
}
