//! What a child gives up before it sees the first file.
//!
//! Limits of the system (memory, size of a file, open files, no core dump); Landlock (it reads the libraries, the
//! networks and its own folder, and writes its output, nothing else; no TCP; no signals to others); seccomp (no socket,
//! no program, no process, no tracing of others, no new name space). Each is applied where the kernel has it, and what
//! it refused is told in every result. Nothing given up can be taken back.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::jobs::SandboxReport;

/// How much of the sandbox is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SandboxMode {
    /// All of it, or nothing is done.
    Require,
    /// As much as the machine gives.
    #[default]
    BestEffort,
    /// A process of its own, and no more.
    Off,
}

impl SandboxMode {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Require => "require",
            Self::BestEffort => "best-effort",
            Self::Off => "off",
        }
    }
}

impl fmt::Display for SandboxMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SandboxMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Require, Self::BestEffort, Self::Off];
        let found = all.into_iter().find(|mode| mode.name() == text);
        found.ok_or_else(|| format!("\"{text}\" is not require, best-effort or off"))
    }
}

/// What a child still needs.
pub struct Needs {
    /// Folders and files that it reads.
    pub read: Vec<PathBuf>,
    /// The folder that it writes into.
    pub write: PathBuf,
    /// Bytes of memory.
    pub memory: u64,
}

/// Gives something up; false where the machine refuses.
type Means = fn(&Needs) -> bool;

/// Gives up all but `needs`, and tells what was really given up. Call it before there is a second thread.
pub fn enter(needs: &Needs, mode: SandboxMode) -> SandboxReport {
    let mut report = SandboxReport {
        posture: "process".into(),
        refused: Vec::new(),
    };
    if mode == SandboxMode::Off {
        return report;
    }
    let means: [(&str, Means); 3] = [
        ("rlimits", limits),
        ("landlock", landlock),
        // Last: it also refuses what the others need.
        ("seccomp", seccomp),
    ];
    for (name, apply) in means {
        if !apply(needs) {
            report.refused.push(name.into());
        }
    }
    if report.refused.is_empty() {
        report.posture = "full".into();
    } else if report.refused.len() < means.len() {
        report.posture = "partial".into();
    }
    report
}

#[cfg(target_os = "linux")]
fn limits(needs: &Needs) -> bool {
    use rlimit::Resource;
    /// A rendition is never larger.
    const LARGEST_FILE: u64 = 8 << 30;
    /// Input, output, libraries and pipes take a few dozen.
    const OPEN_FILES: u64 = 256;
    let all = [
        (Resource::DATA, needs.memory),
        (Resource::FSIZE, LARGEST_FILE),
        (Resource::NOFILE, OPEN_FILES),
        (Resource::CORE, 0),
    ];
    all.iter()
        .all(|(resource, most)| resource.set(*most, *most).is_ok())
}

#[cfg(target_os = "linux")]
fn landlock(needs: &Needs) -> bool {
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset,
        RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope,
        path_beneath_rules,
    };
    // Links, sockets and devices cannot be made.
    let write = AccessFs::ReadFile
        | AccessFs::ReadDir
        | AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::MakeReg
        | AccessFs::MakeDir
        | AccessFs::RemoveFile
        | AccessFs::RemoveDir
        | AccessFs::Refer;
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let apply = || -> Result<RulesetStatus, RulesetError> {
        let status = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .add_rules(path_beneath_rules(&needs.read, read))?
            .add_rules(path_beneath_rules([&needs.write], write))?
            .restrict_self()?;
        Ok(status.ruleset)
    };
    // Older kernels know files, and not yet TCP and signals, which seccomp refuses as well.
    matches!(
        apply(),
        Ok(RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced)
    )
}

/// Calls that are answered with "not permitted".
#[cfg(target_os = "linux")]
const REFUSED_CALLS: &[i64] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_memfd_create,
    libc::SYS_mknodat,
    libc::SYS_symlinkat,
    libc::SYS_fchmodat,
    libc::SYS_fchownat,
    libc::SYS_kill,
    libc::SYS_tkill,
];

#[cfg(target_os = "linux")]
fn seccomp(_: &Needs) -> bool {
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule, TargetArch, apply_filter_all_threads,
    };
    use std::collections::BTreeMap;
    let arch = match () {
        () if cfg!(target_arch = "x86_64") => TargetArch::x86_64,
        () if cfg!(target_arch = "aarch64") => TargetArch::aarch64,
        () => return false,
    };
    let apply = |rules: BTreeMap<i64, Vec<SeccompRule>>, errno: i32| -> Option<()> {
        let answer = SeccompAction::Errno(u32::try_from(errno).ok()?);
        let filter = SeccompFilter::new(rules, SeccompAction::Allow, answer, arch).ok()?;
        let program: BpfProgram = filter.try_into().ok()?;
        apply_filter_all_threads(&program).ok()
    };
    let refuse = || -> Option<()> {
        // A thread is a clone that shares everything; without this flag it is a process.
        let thread = u64::try_from(libc::CLONE_THREAD).ok()?;
        let is_process = SeccompCondition::new(
            0,
            SeccompCmpArgLen::Qword,
            SeccompCmpOp::MaskedEq(thread),
            0,
        )
        .ok()?;
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> = REFUSED_CALLS
            .iter()
            .map(|call| (*call, Vec::new()))
            .collect();
        rules.insert(
            libc::SYS_clone,
            vec![SeccompRule::new(vec![is_process]).ok()?],
        );
        #[cfg(target_arch = "x86_64")]
        for call in [
            libc::SYS_fork,
            libc::SYS_vfork,
            libc::SYS_symlink,
            libc::SYS_mknod,
        ] {
            rules.insert(call, Vec::new());
        }
        refuse_other_numbers()?;
        // The C library falls back to clone, whose flags a filter can see.
        apply(
            BTreeMap::from([(libc::SYS_clone3, Vec::new())]),
            libc::ENOSYS,
        )?;
        apply(rules, libc::EPERM)
    };
    refuse().is_some()
}

/// Refuses calls by the numbers of x32. They have the architecture of x86-64 and a bit of their own, so a filter that
/// compares whole numbers lets them pass, where the kernel has them.
#[cfg(target_os = "linux")]
fn refuse_other_numbers() -> Option<()> {
    if !cfg!(target_arch = "x86_64") {
        return Some(());
    }
    seccompiler::apply_filter_all_threads(&other_numbers()).ok()
}

/// A filter that answers calls with the bit of x32 with "not permitted".
#[cfg(target_os = "linux")]
fn other_numbers() -> [seccompiler::sock_filter; 4] {
    /// From the kernel's `linux/bpf_common.h` and `linux/seccomp.h`: load a word, jump where it is at least `k`, return.
    const LOAD: u16 = 0x20;
    const JUMP_FROM: u16 = 0x35;
    const RETURN: u16 = 0x06;
    const ALLOW: u32 = 0x7fff_0000;
    const ERRNO: u32 = 0x0005_0000;
    const NOT_PERMITTED: u32 = 1;
    /// `__X32_SYSCALL_BIT`.
    const X32: u32 = 0x4000_0000;
    let step = |code, jt, jf, k| seccompiler::sock_filter { code, jt, jf, k };
    [
        // The number of the call is at the beginning of what a filter sees.
        step(LOAD, 0, 0, 0),
        step(JUMP_FROM, 0, 1, X32),
        step(RETURN, 0, 0, ERRNO | NOT_PERMITTED),
        step(RETURN, 0, 0, ALLOW),
    ]
}

#[cfg(not(target_os = "linux"))]
fn limits(_: &Needs) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn landlock(_: &Needs) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn seccomp(_: &Needs) -> bool {
    false
}

/// What any program reads: libraries, the facts of the machine, random numbers.
pub fn system_files() -> Vec<PathBuf> {
    [
        "/usr",
        "/lib",
        "/lib64",
        "/etc/ld.so.cache",
        "/proc/self",
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/sys/devices/system/cpu",
        "/sys/fs/cgroup",
        "/dev/null",
        "/dev/urandom",
    ]
    .iter()
    .map(Path::new)
    .filter(|path| path.exists())
    .map(Path::to_path_buf)
    .collect()
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::unwrap_used, clippy::print_stdout)]
mod tests {
    use std::fs::{self, File};
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::process::Command;

    use super::*;

    /// Says to [`inside`] that it runs alone, and where it may write.
    const FOLDER: &str = "TASTEMAKER_TEST_SANDBOX";

    /// A sandbox is for ever, so it is entered in a process of its own: this program of tests again.
    #[test]
    fn inside_nothing_is_reached_but_what_is_needed() {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let run = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "server::child::sandbox::tests::inside",
                "--ignored",
                "--nocapture",
            ])
            .env(FOLDER, folder.path())
            .env("PORT", listener.local_addr().unwrap().port().to_string())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(
            run.status.success() && text.contains("was inside"),
            "{text}"
        );
    }

    /// The numbers of x32 for a call that all may make. Perl makes it: here no call is made by its number.
    #[test]
    #[cfg(target_arch = "x86_64")]
    fn calls_by_other_numbers_are_refused() {
        if Command::new("perl").arg("-v").output().is_err() {
            println!("skipped: there is no perl");
            return;
        }
        let run = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "server::child::sandbox::tests::perl_inside",
                "--ignored",
                "--nocapture",
            ])
            .env(FOLDER, "x")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(
            run.status.success() && text.contains("was inside"),
            "{text}"
        );
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    #[ignore = "run by the test above, in a process of its own"]
    fn perl_inside() {
        if std::env::var_os(FOLDER).is_none() {
            return;
        }
        let getpid = format!(
            "print syscall({}), \" \", $!+0",
            libc::SYS_getpid | 0x4000_0000
        );
        let said = || {
            let run = Command::new("perl").args(["-e", &getpid]).output().unwrap();
            String::from_utf8(run.stdout).unwrap()
        };
        let before = said();
        assert_ne!(before, format!("-1 {}", libc::EPERM));
        refuse_other_numbers().unwrap();
        assert_eq!(said(), format!("-1 {}", libc::EPERM));
        println!("was inside: {before} before");
    }

    #[test]
    #[ignore = "run by the test above, in a process of its own"]
    fn inside() {
        let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
            return;
        };
        let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
        let write = folder.join("out");
        fs::create_dir(&write).unwrap();
        fs::write(folder.join("in"), "x").unwrap();
        let mut read = system_files();
        read.push(folder.join("in"));
        let memory = 1 << 30;
        let needs = Needs {
            read,
            write: write.clone(),
            memory,
        };
        let report = enter(&needs, SandboxMode::BestEffort);
        let has = |means: &str| !report.refused.iter().any(|it| it == means);
        if has("landlock") {
            assert!(File::open("/etc/passwd").is_err() && fs::read_dir("/").is_err());
            assert!(File::create(folder.join("other")).is_err());
            assert!(fs::write(folder.join("in"), "y").is_err());
            assert!(std::os::unix::fs::symlink("/etc/passwd", write.join("link")).is_err());
        }
        if has("seccomp") {
            assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
            assert!(TcpListener::bind("127.0.0.1:0").is_err());
            assert!(UdpSocket::bind("127.0.0.1:0").is_err());
            assert!(Command::new("/bin/true").status().is_err());
        }
        if has("rlimits") {
            assert!(Vec::<u8>::new().try_reserve_exact(2 << 30).is_err());
        }
        // What the work needs is still there: its input, its output, and threads.
        assert_eq!(fs::read(folder.join("in")).unwrap(), b"x");
        fs::write(write.join("result"), "y").unwrap();
        let sum = std::thread::spawn(|| 2 + 2).join().unwrap();
        assert_eq!(sum, 4);
        println!("was inside: {report:?}");
    }
}
