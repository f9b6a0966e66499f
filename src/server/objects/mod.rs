//! Files that a platform has in a store of its own already: a bucket, or a folder. A tenant names one, and it is
//! fetched from the tenant's part of the store, which the operator has named.

mod connector;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use axum::body::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectName;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, ObjectStore, RetryConfig};
use url::Url;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::server::identifiers::is_name;
use connector::PlainConnector;

/// A store may pause for so long between two pieces of a file.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// Longer names are refused; S3 has the same limit.
const LONGEST_NAME: usize = 1024;

/// Where the files of a tenant are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPlace {
    /// Whose they are.
    pub tenant: String,
    /// `s3://BUCKET/PREFIX` or `file:///FOLDER`.
    pub url: Url,
}

impl FromStr for ObjectPlace {
    type Err = String;

    /// Reads `TENANT=URL`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (tenant, url) = text.split_once('=').ok_or("not TENANT=URL")?;
        if !is_name(tenant) {
            return Err("a tenant is named by letters, digits, - and _".into());
        }
        let url = Url::parse(url).map_err(|problem| problem.to_string())?;
        if !matches!(url.scheme(), "s3" | "file") {
            return Err("an address of files begins with s3:// or file://".into());
        }
        Ok(Self {
            tenant: tenant.into(),
            url,
        })
    }
}

/// Why a file cannot be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectFault {
    /// The tenant has no store.
    NoStore,
    /// The name cannot be that of a file in it.
    Name,
    /// There is no file of that name.
    Missing,
    /// The store cannot be reached, does not let the service in, or breaks off. What it says is for the log.
    Unreachable(String),
}

/// The stores of all tenants.
#[derive(Debug, Default)]
pub struct ObjectStores {
    of_tenant: BTreeMap<String, TenantStore>,
}

#[derive(Debug)]
enum TenantStore {
    Bucket(PrefixStore<AmazonS3>),
    Folder {
        store: LocalFileSystem,
        root: PathBuf,
    },
}

/// A file on its way.
pub struct ArrivingObject {
    /// Its size, as the store says.
    pub bytes: u64,
    pieces: BoxStream<'static, object_store::Result<Bytes>>,
}

impl ObjectStores {
    /// Opens the stores at `places`. `variables` has what a bucket is opened with, by the names that Amazon's own tools
    /// use: `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, …
    ///
    /// Errors: `Usage` for an address or a variable that cannot be used. Nothing is fetched yet.
    pub fn open(places: &[ObjectPlace], variables: &BTreeMap<String, String>) -> Result<Self> {
        let opened = |place: &ObjectPlace| {
            let store = TenantStore::open(&place.url, variables)?;
            Ok((place.tenant.clone(), store))
        };
        let of_tenant = places.iter().map(opened).collect::<Result<_>>()?;
        Ok(Self { of_tenant })
    }

    /// Begins to fetch the file `name` of `tenant`.
    pub async fn fetch(&self, tenant: &str, name: &str) -> Result<ArrivingObject, ObjectFault> {
        let store = self.of_tenant.get(tenant).ok_or(ObjectFault::NoStore)?;
        if name.len() > LONGEST_NAME {
            return Err(ObjectFault::Name);
        }
        let name = ObjectName::parse(name).map_err(|_| ObjectFault::Name)?;
        if name.as_ref().is_empty() {
            return Err(ObjectFault::Name);
        }
        let got = match store {
            TenantStore::Bucket(store) => store.get_opts(&name, GetOptions::default()).await,
            TenantStore::Folder { store, root } => {
                check_inside(store, root, &name)?;
                store.get_opts(&name, GetOptions::default()).await
            }
        };
        let got = got.map_err(fault)?;
        Ok(ArrivingObject {
            bytes: got.meta.size,
            pieces: got.into_stream(),
        })
    }
}

impl TenantStore {
    fn open(url: &Url, variables: &BTreeMap<String, String>) -> Result<Self> {
        let told = |problem: String| Error::Usage {
            what: format!("{url}: {problem}"),
            hint: Hint::NameObjectStore,
        };
        if url.scheme() == "file" {
            let folder = url.to_file_path();
            let folder = folder.map_err(|()| told("not a folder of this machine".into()))?;
            let root = folder.canonicalize();
            let root = root.map_err(|problem| Error::read(&folder, problem))?;
            let store = LocalFileSystem::new_with_prefix(&root);
            let store = store.map_err(|problem| told(problem.to_string()))?;
            return Ok(Self::Folder { store, root });
        }
        // A bucket that is away is told soon: somebody waits for the answer.
        let retries = RetryConfig {
            max_retries: 2,
            retry_timeout: Duration::from_secs(20),
            ..RetryConfig::default()
        };
        let mut builder = AmazonS3Builder::new()
            .with_http_connector(PlainConnector)
            .with_retry(retries);
        for (name, value) in variables {
            // Amazon's tools have more settings than this one.
            if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
                builder = builder.with_config(key, value);
            }
        }
        let prefix = ObjectName::from_url_path(url.path().trim_matches('/'));
        let prefix = prefix.map_err(|problem| told(problem.to_string()))?;
        let bucket = url.host_str().ok_or_else(|| told("no bucket".into()))?;
        let store = builder.with_bucket_name(bucket).build();
        let store = store.map_err(|problem| told(problem.to_string()))?;
        Ok(Self::Bucket(PrefixStore::new(store, prefix)))
    }
}

/// A link in a folder may lead out of it.
fn check_inside(
    store: &LocalFileSystem,
    root: &Path,
    name: &ObjectName,
) -> Result<(), ObjectFault> {
    let path = store
        .path_to_filesystem(name)
        .map_err(|_| ObjectFault::Name)?;
    let path = path.canonicalize().map_err(|_| ObjectFault::Missing)?;
    match path.starts_with(root) && path.is_file() {
        true => Ok(()),
        false => Err(ObjectFault::Missing),
    }
}

impl ArrivingObject {
    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ObjectFault> {
        let piece = tokio::time::timeout(LONGEST_PAUSE, self.pieces.next()).await;
        let piece = piece.map_err(|_| ObjectFault::Unreachable("it pauses too long".into()))?;
        piece.transpose().map_err(fault)
    }
}

fn fault(problem: object_store::Error) -> ObjectFault {
    match problem {
        object_store::Error::NotFound { .. } => ObjectFault::Missing,
        object_store::Error::InvalidPath { .. } => ObjectFault::Name,
        other => ObjectFault::Unreachable(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_tenant_and_an_address_of_files() {
        let place: Result<ObjectPlace, _> = "acme=s3://uploads/incoming".parse();
        let (tenant, url) = place
            .map(|place| (place.tenant, place.url.to_string()))
            .unwrap_or_default();
        assert_eq!(
            (tenant.as_str(), url.as_str()),
            ("acme", "s3://uploads/incoming")
        );
        for wrong in [
            "",
            "acme",
            "acme=",
            "a/b=s3://x",
            "=s3://x",
            "acme=http://x/",
            "acme=uploads",
        ] {
            assert!(wrong.parse::<ObjectPlace>().is_err(), "{wrong}");
        }
    }
}
