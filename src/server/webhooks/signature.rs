//! The signature of a webhook, as Standard Webhooks has it: HMAC-SHA256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The header `webhook-signature` of a message that is sent at `seconds`.
pub fn sign(secret: &[u8; 32], id: &str, seconds: i64, body: &str) -> Option<String> {
    // Any length of key is taken; there is no other way to fail.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!(
        "v1,{}",
        STANDARD.encode(mac.finalize().into_bytes())
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_another_program_and_depends_on_all() {
        // HMAC-SHA256 of this text under this key, by Python's hmac.
        let key = [7; 32];
        let one = sign(&key, "msg_1", 1_700_000_000, "{}").unwrap();
        assert_eq!(one, "v1,nuLLyheCKcS2N8JNOFt5stk98R+umYWr26/ZTfdtGM8=");
        for other in [
            sign(&[8; 32], "msg_1", 1_700_000_000, "{}"),
            sign(&key, "msg_2", 1_700_000_000, "{}"),
            sign(&key, "msg_1", 1_700_000_001, "{}"),
            sign(&key, "msg_1", 1_700_000_000, "{ }"),
        ] {
            assert_ne!(other.unwrap(), one);
        }
    }
}
