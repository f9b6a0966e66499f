//! Which addresses a webhook may be sent to.
//!
//! A caller must not make the service talk to what only the service can reach: itself, its network, the metadata of its
//! cloud. So the name is resolved here, all its addresses are checked, and the connection goes to one of those that
//! were checked: nothing is resolved again in between. This is done when a job is accepted, and again for each attempt.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

/// A resolver that takes longer is as good as none.
const RESOLVE: Duration = Duration::from_secs(4);
/// Longer addresses are nobody's.
const LONGEST: usize = 2048;

/// Why a receiver may not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookRefusal {
    /// It is not `http://` or `https://` with a host, or it holds a name and password.
    Malformed,
    /// Its name has no address.
    Unresolved,
    /// It is not public.
    NotPublic,
}

impl WebhookRefusal {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "webhook_malformed",
            Self::Unresolved => "webhook_unresolved",
            Self::NotPublic => "webhook_not_public",
        }
    }

    /// One sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::Malformed => {
                "a webhook is an http or https address with a host and without a password"
            }
            Self::Unresolved => "the host of the webhook has no address",
            Self::NotPublic => "the webhook is not at a public address",
        }
    }
}

/// A receiver that may be reached now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// Where it is.
    pub url: Url,
    /// Its checked addresses.
    pub addresses: Vec<SocketAddr>,
}

/// Addresses that are not another machine on the public network (IANA's special-purpose registry).
const SPECIAL_V4: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// Of version 6 only `2000::/3` is public, and in it these are not: protocols with an address of version 4 inside
/// (Teredo, 6to4) and documentation.
const PUBLIC_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
const SPECIAL_V6: &[(Ipv6Addr, u8)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// True for an address that is public, or that the operator allows.
fn may_be_reached(address: IpAddr, allowed: &[IpNet]) -> bool {
    let address = address.to_canonical();
    if allowed.iter().any(|network| network.contains(&address)) {
        return true;
    }
    match address {
        IpAddr::V4(address) => {
            let holds = |(network, length): &(Ipv4Addr, u8)| {
                Ipv4Net::new(*network, *length).is_ok_and(|it| it.contains(&address))
            };
            !SPECIAL_V4.iter().any(holds)
        }
        IpAddr::V6(address) => {
            let holds = |(network, length): &(Ipv6Addr, u8)| {
                Ipv6Net::new(*network, *length).is_ok_and(|it| it.contains(&address))
            };
            holds(&PUBLIC_V6) && !SPECIAL_V6.iter().any(holds)
        }
    }
}

/// Resolves the receiver and checks where it is. One address that may not be reached is enough to refuse it.
pub async fn check_receiver(text: &str, allowed: &[IpNet]) -> Result<Receiver, WebhookRefusal> {
    let (url, port) = parse(text).ok_or(WebhookRefusal::Malformed)?;
    let addresses: Vec<SocketAddr> = match url.host() {
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(name)) => {
            let found = tokio::time::timeout(RESOLVE, tokio::net::lookup_host((name, port)));
            match found.await {
                Ok(Ok(addresses)) => addresses.collect(),
                _ => return Err(WebhookRefusal::Unresolved),
            }
        }
        None => return Err(WebhookRefusal::Malformed),
    };
    if addresses.is_empty() {
        return Err(WebhookRefusal::Unresolved);
    }
    let reachable = |address: &SocketAddr| may_be_reached(address.ip(), allowed);
    match addresses.iter().all(reachable) {
        true => Ok(Receiver { url, addresses }),
        false => Err(WebhookRefusal::NotPublic),
    }
}

fn parse(text: &str) -> Option<(Url, u16)> {
    if text.len() > LONGEST {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let is_http = matches!(url.scheme(), "http" | "https");
    let is_plain = url.username().is_empty() && url.password().is_none();
    let port = url.port_or_known_default()?;
    (is_http && is_plain && url.has_host()).then_some((url, port))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn checked(text: &str, allowed: &[IpNet]) -> Result<Receiver, WebhookRefusal> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(check_receiver(text, allowed))
    }

    #[test]
    fn what_is_not_public_is_refused_however_it_is_written() {
        for host in [
            "127.0.0.1",
            "localhost",
            "[::1]",
            "0.0.0.0",
            "[::]",
            "2130706433",
            "0x7f.1",
            "127.1",
            "0177.0.0.1",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "10.0.0.1",
            "172.16.5.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[2001:db8::1]",
            "[ff02::1]",
            "[100::1]",
        ] {
            let answer = checked(&format!("http://{host}:8000/hook"), &[]);
            assert_eq!(answer, Err(WebhookRefusal::NotPublic), "{host}");
        }
        for host in ["93.184.216.34", "1.1.1.1", "[2606:4700::1111]"] {
            let answer = checked(&format!("https://{host}/hook"), &[]).unwrap();
            assert_eq!(answer.addresses[0].port(), 443, "{host}");
        }
    }

    #[test]
    fn only_plain_http_addresses_are_receivers() {
        for text in [
            "",
            "x",
            "file:///etc/passwd",
            "gopher://1.1.1.1/",
            "ftp://1.1.1.1/",
            "http://",
            "http://user@1.1.1.1/",
            "http://u:p@1.1.1.1/",
            "http://1.1.1.1:99999/",
            "javascript:1",
        ] {
            assert_eq!(checked(text, &[]), Err(WebhookRefusal::Malformed), "{text}");
        }
        let long = format!("http://1.1.1.1/{}", "x".repeat(3000));
        assert_eq!(checked(&long, &[]), Err(WebhookRefusal::Malformed));
    }

    #[test]
    fn an_operator_can_allow_a_network_and_no_more() {
        let allowed = ["127.0.0.0/8".parse().unwrap()];
        for host in ["127.0.0.1", "[::ffff:127.0.0.1]"] {
            assert!(
                checked(&format!("http://{host}:1/"), &allowed).is_ok(),
                "{host}"
            );
        }
        for host in ["10.0.0.1", "[::1]"] {
            assert!(
                checked(&format!("http://{host}:1/"), &allowed).is_err(),
                "{host}"
            );
        }
    }
}
