//! The hash chain of a payment: every record names the one before it, and the first names the payment.
//!
//! Attached bytes are named by digest only, so that they can be erased without breaking the chain. A chain alone
//! cannot show that its end was cut off: keep a [`root`] outside. This module must not know where records are kept.

use refund_core::{Digest, IntentId, PaymentRef, WallTime};
use refund_engine::{Attachment, Role};

/// What a record says of one attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it is.
    pub role: Role,
    /// The schema of its bytes.
    pub schema: String,
    /// The digest of schema and bytes.
    pub digest: Digest,
}

impl From<&Attachment> for Named {
    fn from(attachment: &Attachment) -> Self {
        let data = &attachment.data;
        Self { role: attachment.role, schema: data.schema().to_owned(), digest: data.digest() }
    }
}

/// Everything of one record that its hash covers.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The hash of the record before it, or [`genesis`].
    pub prev: Digest,
    /// Whose record.
    pub intent: IntentId,
    /// Its number among the refund's records, from 1.
    pub seq: u64,
    /// Its number among the payment's records, from 1.
    pub number: u64,
    /// When it was written, for people.
    pub wall: WallTime,
    /// The record's kind.
    pub kind: &'a str,
    /// The record's bytes.
    pub body: &'a [u8],
    /// What is attached, in order.
    pub attached: &'a [Named],
}

impl Link<'_> {
    /// The record's hash: SHA-256 over all parts, each preceded by its length.
    pub fn hash(&self) -> Digest {
        let (intent, seq) = (self.intent.0.to_be_bytes(), self.seq.to_be_bytes());
        let (number, wall) = (self.number.to_be_bytes(), self.wall.0.to_be_bytes());
        let mut parts: Vec<&[u8]> = Vec::with_capacity(7 + 3 * self.attached.len());
        parts.extend([&self.prev.0[..], &intent, &seq, &number, &wall, self.kind.as_bytes(), self.body]);
        for named in self.attached {
            parts.extend([named.role.as_str().as_bytes(), named.schema.as_bytes(), &named.digest.0]);
        }
        Digest::of_parts(&parts)
    }
}

/// What the first record of a payment's chain names as the one before it: the payment itself and its currency.
pub fn genesis(payment: &PaymentRef, currency: &str) -> Digest {
    Digest::of_parts(&[
        b"refund-journal/chain/1",
        payment.provider.as_str().as_bytes(),
        payment.account.as_str().as_bytes(),
        payment.payment.as_str().as_bytes(),
        currency.as_bytes(),
    ])
}

/// One digest over the last hashes of all chains, which must come in order of payment.
pub fn root(heads: impl IntoIterator<Item = Digest>) -> Digest {
    let start = Digest::of_parts(&[b"refund-journal/root/1"]);
    heads.into_iter().fold(start, |root, head| Digest::of_parts(&[&root.0, &head.0]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::{AccountId, PaymentId, ProviderId};

    fn payment() -> PaymentRef {
        PaymentRef {
            provider: ProviderId::from_static("acme"),
            account: AccountId::parse("shop").expect("valid"),
            payment: PaymentId::parse("1001").expect("valid"),
        }
    }

    /// Journals hold these hashes. They were computed with Python's hashlib over the same parts.
    #[test]
    fn hashes_are_pinned() {
        let start = genesis(&payment(), "RUB");
        assert_eq!(start.to_string(), "639010f152899bccf7545a2ae7264a74ab16fbaea805bb6240ff9638bfc75b09");
        let named = Named { role: Role::Note, schema: "n@1".into(), digest: Digest([9; 32]) };
        let link = Link {
            prev: start,
            intent: IntentId(7),
            seq: 1,
            number: 2,
            wall: WallTime(-3),
            kind: "approved",
            body: b"{}",
            attached: &[named],
        };
        assert_eq!(
            link.hash().to_string(),
            "8ff6fe07672895c726a9a68c8990f6019b97abe7e24e75f1a2fd9ee1307cf9b6"
        );
        assert_eq!(
            root([start, link.hash()]).to_string(),
            "77e1e3d35d26570b8409332507a7a593b5508a24babf72538ff77976fc6efb96"
        );
    }

    #[test]
    fn every_part_counts() {
        let named =
            |schema: &str| [Named { role: Role::Note, schema: schema.into(), digest: Digest([9; 32]) }];
        let attached = named("n@1");
        let link = Link {
            prev: Digest([0; 32]),
            intent: IntentId(1),
            seq: 1,
            number: 1,
            wall: WallTime(1),
            kind: "approved",
            body: b"{}",
            attached: &attached,
        };
        let (other_schema, mut other_role, mut other_digest) = (named("n@2"), named("n@1"), named("n@1"));
        other_role[0].role = Role::Command;
        other_digest[0].digest = Digest([8; 32]);
        let changed = [
            Link { prev: Digest([1; 32]), ..link },
            Link { intent: IntentId(2), ..link },
            Link { seq: 2, ..link },
            Link { number: 2, ..link },
            Link { wall: WallTime(2), ..link },
            Link { kind: "declined", ..link },
            Link { kind: "approve", body: b"d{}", ..link },
            Link { body: b"[]", ..link },
            Link { attached: &[], ..link },
            Link { attached: &other_schema, ..link },
            Link { attached: &other_role, ..link },
            Link { attached: &other_digest, ..link },
        ];
        for other in changed {
            assert_ne!(other.hash(), link.hash(), "{other:?}");
        }
        let mut moved = payment();
        moved.payment = PaymentId::parse("1002").expect("valid");
        assert_ne!(genesis(&moved, "RUB"), genesis(&payment(), "RUB"));
        assert_ne!(genesis(&payment(), "USD"), genesis(&payment(), "RUB"));
        assert_ne!(root([Digest([1; 32]), Digest([2; 32])]), root([Digest([2; 32]), Digest([1; 32])]));
    }
}
