//! API keys and the secrets that webhooks are signed with.
//!
//! A key is `tmk_ID_SECRET` with 256 random bits, and only its BLAKE3 is kept: nobody finds the key of a hash of so
//! many bits, so nothing slower is needed. A signing secret has to be known again for each webhook. It is not kept for
//! each tenant, but derived from one random file of the installation, which only the user of the service can read.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::{OptionalExtension as _, params};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::server::identifiers::{is_name, random_bytes, random_id, random_secret};
use crate::server::records::Records;
use crate::server::scope::Scopes;
use crate::store::{ArrivingFile, FolderLock};

/// Every key begins with this, so that a key in a wrong place is recognized.
const PREFIX: &str = "tmk";
/// What the secrets are derived for.
const CONTEXT: &str = "webhook secret of the tenant ";
const LINKS: &str = "links to results";

/// A new key, `tastemaker.key/1`. Nothing shows it again.
#[derive(Debug, Serialize)]
pub struct NewKey {
    schema: &'static str,
    /// By which it is revoked.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// What requests carry.
    pub key: String,
    /// With which webhooks of the tenant are signed.
    pub webhook_secret: String,
    /// What it may be used for; absent: for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<&'static str>,
}

/// Whose a key is, and what it may be used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Whose it is.
    pub tenant: String,
    /// What it may be used for.
    pub scopes: Scopes,
}

/// The names of scopes that are not all.
fn limited(scopes: &Scopes) -> Vec<&'static str> {
    match scopes.are_all() {
        true => Vec::new(),
        false => scopes.names(),
    }
}

/// What is kept of a key, `tastemaker.key-entry/1`.
#[derive(Debug, Serialize)]
pub struct KeyEntry {
    schema: &'static str,
    /// By which it is revoked.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// Whether it still opens anything.
    pub revoked: bool,
    /// What it may be used for; absent: for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<&'static str>,
}

/// The keys of an installation.
pub struct Keys<'a> {
    records: &'a Records,
}

impl<'a> Keys<'a> {
    /// The keys in `records`.
    pub fn new(records: &'a Records) -> Self {
        Self { records }
    }

    /// Makes a key for `tenant`.
    ///
    /// Errors: `Usage` for a name that cannot be one.
    pub fn add(
        &self,
        tenant: &str,
        scopes: &Scopes,
        secrets: &WebhookSecrets,
        now: i64,
    ) -> Result<NewKey> {
        if !is_name(tenant) {
            return Err(Error::Usage {
                what: format!("{tenant:?} cannot be the name of a tenant"),
                hint: Hint::NameTenant,
            });
        }
        let id = random_id()?;
        let key = format!("{PREFIX}_{id}_{}", random_secret()?);
        let hash = blake3::hash(key.as_bytes());
        self.records.write(|change| {
            change.execute(
                "INSERT INTO keys (id, tenant, hash, made_at, scopes) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, tenant, hash.as_bytes(), now, scopes.column()],
            )
        })?;
        Ok(NewKey {
            schema: "tastemaker.key/1",
            id,
            tenant: tenant.into(),
            key,
            webhook_secret: secrets.told(tenant),
            scopes: limited(scopes),
        })
    }

    /// All keys, the oldest first.
    pub fn list(&self) -> Result<Vec<KeyEntry>> {
        self.records.read(|ask| {
            let mut rows = ask
                .prepare("SELECT id, tenant, revoked_at, scopes FROM keys ORDER BY made_at, id")?;
            let entries = rows.query_map([], |row| {
                Ok(KeyEntry {
                    schema: "tastemaker.key-entry/1",
                    id: row.get(0)?,
                    tenant: row.get(1)?,
                    revoked: row.get::<_, Option<i64>>(2)?.is_some(),
                    scopes: limited(&Scopes::read(row.get::<_, Option<String>>(3)?.as_deref())),
                })
            })?;
            entries.collect()
        })
    }

    /// Closes the key `id` for good.
    ///
    /// Errors: `UnknownName`.
    pub fn revoke(&self, id: &str, now: i64) -> Result<()> {
        let changed = self.records.write(|change| {
            change.execute(
                "UPDATE keys SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1",
                params![id, now],
            )
        })?;
        match changed {
            0 => Err(Error::UnknownName {
                kind: "key",
                name: id.into(),
                known: Vec::new(),
            }),
            _ => Ok(()),
        }
    }

    /// Whose `key` is, and what it may be used for; `None` for one that opens nothing.
    pub fn caller(&self, key: &str) -> Result<Option<Caller>> {
        let mut parts = key.splitn(3, '_');
        let (Some(PREFIX), Some(id), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
            return Ok(None);
        };
        let found: Option<(Caller, [u8; 32])> = self.records.read(|ask| {
            ask.query_row(
                "SELECT tenant, scopes, hash FROM keys WHERE id = ?1 AND revoked_at IS NULL",
                [id],
                |row| {
                    let scopes: Option<String> = row.get(1)?;
                    let caller = Caller {
                        tenant: row.get(0)?,
                        scopes: Scopes::read(scopes.as_deref()),
                    };
                    Ok((caller, row.get(2)?))
                },
            )
            .optional()
        })?;
        // This comparison takes as long for a wrong hash as for the right one.
        let opens = |(_, hash): &(Caller, [u8; 32])| blake3::hash(key.as_bytes()) == *hash;
        Ok(found.filter(opens).map(|(caller, _)| caller))
    }

    /// True where some key opens something.
    pub fn any(&self) -> Result<bool> {
        self.records.read(|ask| {
            ask.query_row(
                "SELECT EXISTS (SELECT 1 FROM keys WHERE revoked_at IS NULL)",
                [],
                |row| row.get(0),
            )
        })
    }
}

/// Derives the signing secret of each tenant.
pub struct WebhookSecrets {
    root: [u8; 32],
}

impl WebhookSecrets {
    /// Reads the file in the folder `data`, or makes it.
    pub fn open(data: &Path) -> Result<Self> {
        let path = data.join("webhook.secret");
        let _lock = FolderLock::wait(&data.join("secret.lock"))?;
        if !path.exists() {
            let mut file = ArrivingFile::create(&path)?;
            file.write(&random_bytes::<32>()?)?;
            file.finish()?;
        }
        Ok(Self { root: read(&path)? })
    }

    /// The bytes that sign webhooks of `tenant`.
    pub fn of(&self, tenant: &str) -> [u8; 32] {
        *blake3::keyed_hash(&self.root, format!("{CONTEXT}{tenant}").as_bytes()).as_bytes()
    }

    /// Signs a link to a result: the job, the file, and when it ends.
    pub fn sign_link(&self, job: &str, file: &str, expires: i64) -> blake3::Hash {
        let key = blake3::keyed_hash(&self.root, LINKS.as_bytes());
        let text = format!("{job}/{file}/{expires}");
        blake3::keyed_hash(key.as_bytes(), text.as_bytes())
    }

    /// As a receiver is given it.
    pub fn told(&self, tenant: &str) -> String {
        format!("whsec_{}", STANDARD.encode(self.of(tenant)))
    }
}

fn read(path: &PathBuf) -> Result<[u8; 32]> {
    let mut root = [0; 32];
    let mut file = std::fs::File::open(path).map_err(|problem| Error::read(path, problem))?;
    let whole = file.read_exact(&mut root);
    whole.map_err(|problem| Error::damaged(path, problem))?;
    Ok(root)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::server::scope::Scope;

    #[test]
    fn a_key_opens_until_it_is_revoked_and_no_other_does() {
        let folder = tempfile::tempdir().unwrap();
        let records = Records::open(folder.path()).unwrap();
        let secrets = WebhookSecrets::open(folder.path()).unwrap();
        let keys = Keys::new(&records);
        let all = Scopes::new(&[]);
        assert!(!keys.any().unwrap());
        let (ada, bob) = (
            keys.add("ada", &all, &secrets, 1).unwrap(),
            keys.add("bob", &Scopes::new(&[Scope::Read]), &secrets, 2)
                .unwrap(),
        );
        let (of_ada, of_bob) = (
            keys.caller(&ada.key).unwrap().unwrap(),
            keys.caller(&bob.key).unwrap().unwrap(),
        );
        assert!(of_ada.tenant == "ada" && of_ada.scopes.are_all());
        assert_eq!(
            (of_bob.tenant.as_str(), of_bob.scopes.names()),
            ("bob", vec!["read"])
        );
        let swapped = ada.key.replace(&ada.id, &bob.id);
        let short = &ada.key[..ada.key.len() - 1];
        for wrong in ["", "tmk", "tmk__", "x", short, &swapped] {
            assert_eq!(keys.caller(wrong).unwrap(), None, "{wrong}");
        }
        keys.revoke(&ada.id, 3).unwrap();
        assert_eq!(keys.caller(&ada.key).unwrap(), None);
        assert!(keys.any().unwrap() && keys.revoke("nobody", 3).is_err());
        let revoked: Vec<bool> = keys.list().unwrap().iter().map(|it| it.revoked).collect();
        assert_eq!(revoked, [true, false]);
        assert!(keys.add("a/b", &all, &secrets, 4).is_err());
        // Neither a key nor a signing secret is in any file.
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap_or_default();
            for clear in [&ada.key, &bob.key, &ada.webhook_secret] {
                assert!(
                    !bytes
                        .windows(20)
                        .any(|part| part == &clear.as_bytes()[..20])
                );
            }
        }
    }

    #[test]
    fn secrets_outlive_a_restart_and_differ_between_tenants() {
        let folder = tempfile::tempdir().unwrap();
        let first = WebhookSecrets::open(folder.path()).unwrap();
        let again = WebhookSecrets::open(folder.path()).unwrap();
        assert_eq!(first.told("ada"), again.told("ada"));
        assert_ne!(first.told("ada"), first.told("bob"));
    }
}
