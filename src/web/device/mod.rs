//! The device side of a site: what registered products post to.

mod answer;
mod faults;
mod smart_transport;

pub use smart_transport::configure;

#[cfg(test)]
mod tests;
