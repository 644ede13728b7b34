//! Every record there and back, the bytes that are pinned, and what is refused: cut anywhere, newer, unknown.

use super::*;
use proptest::prelude::*;

fn word<T: Word + std::fmt::Debug>() -> impl Strategy<Value = T> {
    (0..T::WORDS.len()).prop_map(|index| T::WORDS[index].0)
}

fn moment() -> impl Strategy<Value = Moment> {
    (any::<u128>(), any::<u64>()).prop_map(|(boot, ms)| Moment::new(BootId(boot), ms))
}

fn doubt_kind() -> impl Strategy<Value = DoubtKind> {
    prop_oneof![
        Just(DoubtKind::Timeout),
        Just(DoubtKind::ConnectionLost),
        Just(DoubtKind::TruncatedReply),
        any::<u16>().prop_map(DoubtKind::Status),
        Just(DoubtKind::EmptyReply),
        Just(DoubtKind::UnreadableReply),
        Just(DoubtKind::MissingReference),
        Just(DoubtKind::AmbiguousRefusal),
        Just(DoubtKind::Crash),
    ]
}

fn record() -> impl Strategy<Value = Record> {
    let baseline = (any::<i64>(), any::<Option<i64>>(), any::<i64>(), word())
        .prop_map(|(captured, refunded, used, role)| Baseline { captured, refunded, used, role });
    prop_oneof![
        any::<Option<i64>>().prop_map(|amount| Record::Planned { amount }),
        Just(Record::Approved),
        (any::<u32>(), any::<i64>(), baseline).prop_map(|(lineage, amount, baseline)| Record::Reserved {
            lineage,
            amount,
            baseline
        }),
        (any::<u32>(), any::<u16>(), moment()).prop_map(|(lineage, attempt, fire_by)| Record::Armed {
            lineage,
            attempt,
            fire_by
        }),
        (word(), moment()).prop_map(|(why, due)| Record::NotSent { why, due }),
        moment().prop_map(|due| Record::Accepted { due }),
        word().prop_map(|by| Record::Settled { by }),
        Just(Record::Declined),
        (doubt_kind(), word(), any::<bool>(), moment())
            .prop_map(|(why, refusal, salvaged, due)| { Record::Doubted { why, refusal, salvaged, due } }),
        (moment(), moment()).prop_map(|(from, due)| Record::WindowRestarted { from, due }),
        (word(), moment()).prop_map(|(why, due)| Record::Postponed { why, due }),
        word().prop_map(|on| Record::MayResend { on }),
        (word(), moment(), moment()).prop_map(|(verdict, at, due)| Record::Looked { verdict, at, due }),
        Just(Record::ProvenNot),
        (word(), moment()).prop_map(|(answer, due)| Record::Polled { answer, due }),
        Just(Record::Canceled),
        word().prop_map(|why| Record::Held { why }),
        word().prop_map(|decision| Record::Decided { decision }),
        Just(Record::TakenByHand),
        word().prop_map(|why| Record::Withdrawn { why }),
        word().prop_map(Record::Receipt),
    ]
}

proptest! {
    #[test]
    fn every_record_round_trips(record in record()) {
        prop_assert_eq!(decode_record(&encode_record(&record)), Ok(record));
    }

    /// Cut anywhere, or with a byte more: never taken for a record.
    #[test]
    fn a_record_that_was_cut_is_refused(record in record()) {
        let bytes = encode_record(&record);
        for end in 0..bytes.len() {
            prop_assert!(decode_record(&bytes[..end]).is_err(), "cut at {}", end);
        }
        prop_assert!(decode_record(&[&bytes[..], b" "].concat()).is_err());
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode_record(&bytes);
    }
}

#[test]
fn bytes_are_pinned() {
    let record = Record::Armed { lineage: 1, attempt: 2, fire_by: Moment::new(BootId(7), 5_000) };
    let bytes = String::from_utf8(encode_record(&record)).expect("JSON is UTF-8");
    assert_eq!(
        bytes,
        r#"{"v":2,"type":"armed","lineage":1,"attempt":2,"fire_by":{"boot":"00000000000000000000000000000007","ms":5000}}"#
    );
}

#[test]
fn what_is_not_known_is_refused_and_named() {
    let cases = [
        (r#"{"v":3,"type":"approved"}"#, "version 3, this program reads version 2; use a newer"),
        (r#"{"v":2,"type":"teleported"}"#, "teleported"),
        (r#"{"v":2,"type":"settled","by":"hope"}"#, "hope"),
        (r#"{"v":2,"type":"settled"}"#, "by"),
        (
            r#"{"v":1,"type":"approved"}"#,
            "version 1, this program reads version 2; use the program that wrote",
        ),
        (r#"{"type":"approved"}"#, "v"),
        (r#"{"v":2,"type":"approved","by":"two"}"#, "more than this program knows"),
        (r#"{"v":2,"type":"may_resend","on":"key_replay","on":"self_fencing"}"#, "duplicate"),
        (r#"{"v":2,"type":"may_resend","on":"hope"}"#, "ground \"hope\" is not known"),
        ("", "EOF"),
    ];
    for (bytes, part) in cases {
        let error = decode_record(bytes.as_bytes()).expect_err(bytes).to_string();
        assert!(error.contains(part), "{bytes}: {error}");
    }
}
