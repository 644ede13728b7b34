//! Where the workspace is and what Cargo knows of it.
//!
//! No rules here.

use crate::Result;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// One crate of the workspace and which others of ours it uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Crate {
    /// Its name.
    pub(crate) name: String,
    /// Its description in Cargo.toml.
    pub(crate) description: String,
    /// Used when it is built: normal and build dependencies, whatever the platform and features.
    pub(crate) uses: BTreeSet<String>,
    /// Used by its tests, examples and benches only.
    pub(crate) tests_use: BTreeSet<String>,
}

/// The folder of the root Cargo.toml.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask lies in the workspace").to_owned()
}

/// Where Cargo builds.
pub(crate) fn target() -> Result<PathBuf> {
    Ok(manifests()?.target_directory.into_std_path_buf())
}

/// What Cargo reads from our own manifests. Needs no network.
pub(crate) fn manifests() -> Result<Metadata> {
    Ok(MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec()?)
}

/// The crates of the workspace, by name.
pub(crate) fn crates(metadata: &Metadata) -> Vec<Crate> {
    let packages = metadata.workspace_packages();
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut crates: Vec<_> = packages.iter().map(|package| of(package, &ours)).collect();
    crates.sort_by(|a, b| a.name.cmp(&b.name));
    crates
}

fn of(package: &Package, ours: &BTreeSet<&str>) -> Crate {
    let mut found = Crate {
        name: package.name.to_string(),
        description: package.description.clone().unwrap_or_default(),
        ..Crate::default()
    };
    // A crate whose tests name itself, to switch a feature of its own on, uses nobody.
    let others = package.dependencies.iter().filter(|dependency| *dependency.name != *package.name);
    for dependency in others.filter(|dependency| ours.contains(dependency.name.as_str())) {
        match dependency.kind {
            DependencyKind::Development => found.tests_use.insert(dependency.name.clone()),
            _ => found.uses.insert(dependency.name.clone()),
        };
    }
    found
}
