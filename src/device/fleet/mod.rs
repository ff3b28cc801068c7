//! Many simulated products at once: `syncom fleet`.
//!
//! A [`Plan`] says beforehand, from a seed, what each product is and what it does wrong on
//! purpose. [`run`] lets them all act over the network, at most so many at the same time, and
//! a [`Report`] tells what came of it: what was expected, apart from what was not.

mod broken;
mod fault;
mod histogram;
mod member;
mod pattern;
mod plan;
mod report;
mod run;
mod summary;
mod tally;
mod time;
mod world;

pub use fault::{Fault, Faults};
pub use histogram::Histogram;
pub use pattern::{Moment, Pattern, Use};
pub use plan::{Plan, Planned, Spec, apportion};
pub use report::{FORMAT, Report};
pub use run::{Days, Orders, Watch, default_keys, run};
pub use world::World;
