//! A product with its own pages and the JSON of its agent, over real HTTP.

mod binary;
mod chromium;
mod clients;
mod gate;
mod hosts;
mod hosts_by_hand;
mod hosts_with_cssm;
mod json;
mod pages;
mod reservation;
