//! The `syncom` binary.
fn main() {
    println!("syncom {}", env!("CARGO_PKG_VERSION"));
}
