//! Links to results that open without a key, until they end.

use axum::http::StatusCode;

use crate::server::keys::WebhookSecrets;
use crate::server::problem::Problem;

/// Where results are.
const RESULTS: &str = "/v1/results/";

/// A link to one result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedLink {
    /// The job.
    pub job: String,
    /// The file.
    pub file: String,
    /// Milliseconds since the beginning of 1970.
    pub expires: i64,
    signature: String,
}

impl SignedLink {
    /// Signs a link.
    pub fn new(job: &str, file: &str, expires: i64, secrets: &WebhookSecrets) -> Self {
        Self {
            job: job.into(),
            file: file.into(),
            expires,
            signature: secrets.sign_link(job, file, expires).to_hex().to_string(),
        }
    }

    /// The link in an address; `None` where it is none.
    pub fn parse(path: &str, query: &str) -> Option<Self> {
        let (job, file) = path.strip_prefix(RESULTS)?.split_once('/')?;
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        Some(Self {
            job: job.into(),
            file: file.into(),
            expires: value("expires")?.parse().ok()?,
            signature: value("signature")?.into(),
        })
    }

    /// Fails for one that was not signed here, or whose time is over.
    pub fn check(&self, secrets: &WebhookSecrets, now: i64) -> Result<(), Problem> {
        let signature = secrets.sign_link(&self.job, &self.file, self.expires);
        // This comparison takes as long for a wrong signature as for the right one.
        let is_ours = blake3::Hash::from_hex(&self.signature).is_ok_and(|sent| sent == signature);
        if !is_ours {
            return Err(Problem::unauthorized());
        }
        if self.expires <= now {
            let detail = "the time of this link is over";
            return Err(Problem::new(StatusCode::FORBIDDEN, "link_expired", detail));
        }
        Ok(())
    }

    /// The address, from the root of the service.
    pub fn address(&self) -> String {
        let Self {
            job,
            file,
            expires,
            signature,
        } = self;
        format!("{RESULTS}{job}/{file}?expires={expires}&signature={signature}")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_one_file_until_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = WebhookSecrets::open(folder.path()).unwrap();
        let link = SignedLink::new("5f", "preview.jpg", 1000, &secrets);
        let address = link.address();
        let (path, query) = address.split_once('?').unwrap();
        let parsed = SignedLink::parse(path, query).unwrap();
        assert_eq!(parsed, link);
        assert!(parsed.check(&secrets, 999).is_ok());
        assert!(parsed.check(&secrets, 1000).is_err());
        let other = |path: &str, query: &str| SignedLink::parse(path, query).unwrap();
        for wrong in [
            other(&path.replace("preview", "ingested"), query),
            other(&path.replace("5f", "5e"), query),
            other(path, &query.replace("1000", "9000")),
            other(path, "expires=1000&signature=x"),
        ] {
            assert!(wrong.check(&secrets, 1).is_err(), "{wrong:?}");
        }
        assert_eq!(SignedLink::parse("/v1/jobs/5f", query), None);
    }
}
