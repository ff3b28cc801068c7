//! Host licenses of a meetings server, for machines: `/_syncom/hosts/…`, ours.

mod bodies;
mod calls;
mod problem;
mod shown;
pub mod words;

use super::faults::Fault;
use crate::device::live::UnderWay;
use crate::device::state::State;
use crate::domain::host::Server;
use actix_web::web::{self, ServiceConfig, get, patch, post, put};
use actix_web::{HttpRequest, Resource, Route};
use problem::Problem;
pub use shown::log;

/// What the calls begin with.
pub const BASE: &str = "/_syncom/hosts";

/// The server that has users, of a product that is one.
///
/// # Errors
/// It is none.
pub fn server(state: &State) -> Result<&Server, Fault> {
    let name = &state.profile.name;
    state.hosts.as_ref().ok_or_else(|| {
        Fault::NotFound(format!("meetings server with users (profile {name}; cwms has them)"))
    })
}

/// How reporting to Smart Licensing went, as far as it is known after a while.
pub async fn reported(under_way: UnderWay) -> Option<String> {
    use super::pages::outcome::{Outcome, of, reason};
    match of(Ok(under_way)).await {
        Outcome::Done => None,
        Outcome::Waiting => Some("The server has not answered yet.".to_owned()),
        Outcome::Failed(error) => Some(reason(&error)),
    }
}

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    use calls as c;
    let all: [(&str, Vec<Route>); 16] = [
        ("", vec![get().to(c::show_server)]),
        ("/users", vec![get().to(c::list_users), post().to(c::add_users)]),
        ("/users/{email}", vec![get().to(c::show_user), patch().to(c::change_user)]),
        ("/directory", vec![put().to(c::synchronize)]),
        ("/reserve", vec![post().to(c::reserve)]),
        ("/hosting", vec![post().to(c::host_now)]),
        ("/meetings", vec![get().to(c::list_meetings), post().to(c::schedule)]),
        ("/meetings/{number}/start", vec![post().to(c::start_meeting)]),
        ("/meetings/{number}/end", vec![post().to(c::end_meeting)]),
        ("/licenses", vec![post().to(c::install)]),
        ("/trial/end", vec![post().to(c::end_trial)]),
        ("/settings", vec![put().to(c::set)]),
        ("/size", vec![put().to(c::resize)]),
        ("/join", vec![post().to(c::join)]),
        ("/upgrade", vec![post().to(c::upgrade)]),
        ("/log", vec![get().to(c::show_log)]),
    ];
    for (path, methods) in all {
        let resource = web::resource(format!("{BASE}{path}"));
        let resource: Resource = methods.into_iter().fold(resource, Resource::route);
        routes.service(resource.default_service(web::to(other_method)));
    }
    routes.service(web::resource(format!("{BASE}/{{rest:.*}}")).to(nowhere));
}

async fn other_method(request: HttpRequest) -> Result<&'static str, Problem> {
    Err(Fault::Method(request.method().to_string()).into())
}

async fn nowhere(request: HttpRequest) -> Result<&'static str, Problem> {
    Err(Fault::NotFound(format!("call {}", request.path())).into())
}
