//! A product with its own pages and the JSON of its agent, over real HTTP.

mod binary;
mod chromium;
mod clients;
mod gate;
mod json;
mod pages;
mod reservation;
