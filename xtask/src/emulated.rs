//! `cargo xtask emulated COMMAND`: another command, where programs built for aarch64 can be run.
//!
//! The kernel is told to start such programs with an emulator (qemu-user), within a user and mount
//! namespace of the command's own: nothing outside sees it (Linux 6.7). So a runtime that starts
//! itself again works as on a real machine.

use std::process::Command;

/// What an executable for aarch64 begins with (two bytes say what sort of file it is), and the bits
/// that count.
const MAGIC: &str = r"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00";
const MASK: &str = concat!(
    r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff",
    r"\xfe\xff\xff\xff"
);

/// `$1`: what the kernel is told; the rest is what runs then.
const SCRIPT: &str = r#"
mount -t binfmt_misc none /proc/sys/fs/binfmt_misc &&
printf %s "$1" >/proc/sys/fs/binfmt_misc/register || exit 2
shift
exec "$@"
"#;

/// What the emulator cannot do: its `posix_spawn` tells nobody that there is no such program.
const BEYOND_EMULATION: &[&str] = &["tests/lang/system/spawn_missing.py"];

/// Entry point; true when the command succeeded.
pub fn main(args: &[String]) -> Result<bool, String> {
    let mut qemu = "/usr/bin/qemu-aarch64".to_owned();
    let mut sysroot = "/usr/aarch64-linux-gnu".to_owned();
    let mut rest = args;
    loop {
        rest = match rest {
            [name, value, more @ ..] if name == "--qemu" => {
                qemu = value.clone();
                more
            }
            [name, value, more @ ..] if name == "--sysroot" => {
                sysroot = value.clone();
                more
            }
            [_, ..] => break,
            [] => return Err("emulated: no command".into()),
        };
    }
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    // F: the emulator is opened now, so that it is found whatever a program's root is.
    let register = format!(":aarch64:M::{MAGIC}:{MASK}:{qemu}:F");
    let skipped = match rest.first() {
        Some(command) if command == "lang" => BEYOND_EMULATION,
        _ => &[],
    };
    let status = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", SCRIPT])
        .args(["sh", &register])
        .arg(own)
        .args(rest)
        .args(skipped.iter().flat_map(|program| ["--skip", program]))
        .env("QEMU_LD_PREFIX", sysroot)
        .status()
        .map_err(|e| format!("unshare: {e}"))?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => Err(format!("emulated: {status}")),
    }
}
