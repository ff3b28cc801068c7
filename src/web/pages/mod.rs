//! The portal: pages rendered on the server, usable without JavaScript.
//!
//! One struct per page is its template; `view` and `frame` hold what they
//! share. Handlers fill the structs from engine results and render them.

pub mod assets;
pub mod confirm;
pub mod cssm;
pub mod error;
pub(crate) mod filters;
pub mod frame;
pub mod help;
pub mod labels;
pub mod satellite;
pub mod view;

#[cfg(test)]
mod samples;
