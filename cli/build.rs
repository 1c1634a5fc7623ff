//! Linking of the command.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // At a fixed address: the 40,000 pointers in our tables need not be relocated at each start (half a
    // millisecond and 250 pages). CPython is linked so, too.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
