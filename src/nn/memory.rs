//! How much memory this process may still take, and whether a model fits into it.

use std::fs;
use std::path::Path;

use super::device::{Device, Placement, Precision};
use crate::error::{Error, Result, gigabytes};

/// Bytes that a parameter takes, the precisions that take less coming later.
const BYTES: &[(Precision, u64)] =
    &[(Precision::F32, 4), (Precision::Bf16, 2), (Precision::F16, 2), (Precision::Int8, 1)];

/// Says before a model is loaded whether its weights fit into memory. Nothing is said of accelerators, which have memory
/// of their own, nor where the free memory cannot be told.
///
/// # Errors
/// If they do not fit.
pub(super) fn check(model: &str, parameters: u64, placement: &Placement) -> Result<()> {
    match available() {
        Some(available) if placement.device() == Device::Cpu => {
            fit(model, parameters, placement.precision(), available)
        }
        _ => Ok(()),
    }
}

fn fit(model: &str, parameters: u64, precision: Precision, available: u64) -> Result<()> {
    // A tenth more than the weights themselves: what is packed is there twice for a moment, and so measured.
    let needed = |bytes: u64| {
        let weights = parameters.saturating_mul(bytes);
        weights.saturating_add(weights / 10)
    };
    let bytes = BYTES.iter().find(|(known, _)| *known == precision).map_or(4, |(_, bytes)| *bytes);
    if needed(bytes) <= available {
        return Ok(());
    }
    let mut smaller = BYTES.iter().filter(|(other, size)| *size < bytes && Placement::new(Device::Cpu, *other).is_ok());
    let remedy = match smaller.clone().find(|(_, bytes)| needed(*bytes) <= available) {
        Some((other, bytes)) => {
            format!("it takes {} with --precision {other}; or close other programs", gigabytes(needed(*bytes)))
        }
        None => {
            let (other, bytes) = smaller.next_back().map_or((precision, bytes), |(other, bytes)| (*other, *bytes));
            let parameters = available / bytes * 10 / 11 / 1_000_000;
            format!(
                "close other programs, or take a model of at most {parameters} million parameters with --precision {other}"
            )
        }
    };
    let (precision, needed) = (precision.to_string(), needed(bytes));
    Err(Error::Memory { model: model.to_owned(), precision, needed, available, remedy })
}

/// Bytes that can be taken before the system swaps or ends a process; `None` where that cannot be told.
///
/// On Linux this is what the kernel takes for available
/// (<https://www.kernel.org/doc/html/latest/filesystems/proc.html#meminfo>), or what the control groups of a container
/// or a service leave, if that is less.
pub fn available() -> Option<u64> {
    available_in(Path::new("/"))
}

/// As [`available`], in the files under `root`.
fn available_in(root: &Path) -> Option<u64> {
    let machine = field(&read(root, "proc/meminfo")?, "MemAvailable:")?.checked_mul(1024)?;
    let groups = read(root, "proc/self/cgroup").unwrap_or_default();
    groups.lines().filter_map(|line| left_in_group(root, line)).chain([machine]).min()
}

/// The names that the two versions of control groups have for the same things.
struct Version {
    /// Where the groups lie; the second version is elsewhere when the first is there too.
    mounts: &'static [&'static str],
    limit: &'static str,
    used: &'static str,
    /// Pages of files, which the kernel drops when memory is short.
    reclaimable: &'static str,
}

const V1: Version = Version {
    mounts: &["sys/fs/cgroup/memory"],
    limit: "memory.limit_in_bytes",
    used: "memory.usage_in_bytes",
    reclaimable: "total_inactive_file",
};

const V2: Version = Version {
    mounts: &["sys/fs/cgroup", "sys/fs/cgroup/unified"],
    limit: "memory.max",
    used: "memory.current",
    reclaimable: "inactive_file",
};

/// What is left in the group of a line of `/proc/self/cgroup`, and in the groups around it.
fn left_in_group(root: &Path, line: &str) -> Option<u64> {
    let (_, line) = line.split_once(':')?;
    let (controllers, group) = line.split_once(':')?;
    let version = match controllers {
        "" => V2,
        _ if controllers.split(',').any(|name| name == "memory") => V1,
        _ => return None,
    };
    // In a container the path is that of the machine outside, and the group lies at the mount itself: that one is among
    // the ancestors.
    let group = Path::new(group.trim_start_matches('/'));
    let folders =
        version.mounts.iter().flat_map(|mount| group.ancestors().map(move |group| Path::new(mount).join(group)));
    folders.filter_map(|folder| left_in_folder(&root.join(folder), &version)).min()
}

fn left_in_folder(folder: &Path, version: &Version) -> Option<u64> {
    // "max" is no number: no limit.
    let limit: u64 = read(folder, version.limit)?.trim().parse().ok()?;
    let used: u64 = read(folder, version.used)?.trim().parse().ok()?;
    let reclaimable = read(folder, "memory.stat").and_then(|stat| field(&stat, version.reclaimable)).unwrap_or(0);
    Some(limit.saturating_sub(used.saturating_sub(reclaimable)))
}

fn read(folder: &Path, name: &str) -> Option<String> {
    fs::read_to_string(folder.join(name)).ok()
}

/// The number after `name` in a table of names and numbers.
fn field(table: &str, name: &str) -> Option<u64> {
    let line = table.lines().find(|line| line.split_whitespace().next() == Some(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMINFO: &str = "MemTotal:       24684092 kB\nMemFree:         1000 kB\nMemAvailable:    8388608 kB\n";
    const GIB: u64 = 1 << 30;

    /// A system with these files.
    fn system(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn a_model_that_does_not_fit_is_refused_with_what_would() {
        let fit = |available| fit("madlad400-3b-mt", 3_000_000_000, Precision::F32, available);
        assert!(fit(14_000_000_000).is_ok());
        let error = fit(8_000_000_000).unwrap_err();
        assert_eq!(error.to_string(), "madlad400-3b-mt takes 13.2 GB of memory in f32, and 8.0 GB are free");
        assert_eq!(error.hint().unwrap(), "it takes 6.6 GB with --precision bf16; or close other programs");
        let hint = fit(1_100_000_000).unwrap_err().hint().unwrap();
        assert!(hint.contains("million parameters with --precision"), "{hint}");
        assert!(super::fit("x", u64::MAX, Precision::Bf16, u64::MAX / 2).is_err());
    }

    #[test]
    fn without_groups_the_machine_decides() {
        let root = system(&[("proc/meminfo", MEMINFO)]);
        assert_eq!(available_in(root.path()), Some(8 * GIB));
        assert_eq!(available_in(system(&[]).path()), None);
        #[cfg(target_os = "linux")]
        assert!(available().is_some_and(|bytes| bytes > 1 << 20));
    }

    #[test]
    fn a_limit_of_a_group_or_of_one_around_it_counts() {
        let root = system(&[
            ("proc/meminfo", MEMINFO),
            ("proc/self/cgroup", "0::/system.slice/mujaz.service\n"),
            ("sys/fs/cgroup/system.slice/mujaz.service/memory.max", "max\n"),
            ("sys/fs/cgroup/system.slice/mujaz.service/memory.current", "5\n"),
            ("sys/fs/cgroup/system.slice/memory.max", "4294967296\n"),
            ("sys/fs/cgroup/system.slice/memory.current", "3221225472\n"),
            ("sys/fs/cgroup/system.slice/memory.stat", "anon 1\nfile 3\ninactive_file 1073741824\n"),
        ]);
        assert_eq!(available_in(root.path()), Some(2 * GIB));
    }

    #[test]
    fn a_container_with_the_first_version_sees_its_group_at_the_mount() {
        let root = system(&[
            ("proc/meminfo", MEMINFO),
            ("proc/self/cgroup", "5:cpu:/docker/abc\n4:memory:/docker/abc\n0::/\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "2147483648\n"),
            ("sys/fs/cgroup/memory/memory.usage_in_bytes", "1073741824\n"),
            ("sys/fs/cgroup/memory/memory.stat", "inactive_file 7\ntotal_inactive_file 0\n"),
        ]);
        assert_eq!(available_in(root.path()), Some(GIB));
        let unlimited = system(&[
            ("proc/meminfo", MEMINFO),
            ("proc/self/cgroup", "4:memory:/\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
            ("sys/fs/cgroup/memory/memory.usage_in_bytes", "1073741824\n"),
        ]);
        assert_eq!(available_in(unlimited.path()), Some(8 * GIB));
    }
}
