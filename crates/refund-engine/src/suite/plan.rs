//! Planning: one key is one request, and a batch is one transaction.

use super::{
    Subject,
    scene::{order, plan, plan_of, planned},
};
use crate::codec::{decode_command, decode_note};
use crate::{Phase, Planned, Record, Role, State};
use refund_core::{Clock, Money, ReceiptChoice, RefundAmount, RefundCommand};

/// A new key is fresh; the same request under it is the same, and writes nothing.
pub async fn a_new_key_is_fresh_and_the_same_request_is_the_same(subject: &Subject) {
    let wanted = plan_of(subject, "1001", "k-1", 15_000);
    assert_eq!(subject.journal.plan(std::slice::from_ref(&wanted)).await, Ok(vec![Planned::Fresh]));
    let mut again = wanted.clone();
    // Who asks again, why and when is no part of the request.
    again.note = plan_of(subject, "1001", "another-reason", 15_000).note;
    again.wall.0 += 60_000;
    assert_eq!(subject.journal.plan(&[again]).await, Ok(vec![Planned::Same]));
    let history = subject.journal.history(wanted.intent).await.expect("planned");
    assert_eq!(history.len(), 1, "planning it again wrote nothing");
    assert_eq!(history[0].wall, wanted.wall);
    assert_eq!(subject.journal.plan(&[]).await, Ok(vec![]));
}

/// The same key with another request is refused, naming the first field that differs.
pub async fn another_request_under_the_key_names_the_field(subject: &Subject) {
    planned(subject, "1001", "k-1", 15_000).await;
    let exactly =
        |name: &str, kopecks| RefundCommand::new(order(name), RefundAmount::Exactly(Money::rub(kopecks)));
    let mut with_receipt = exactly("1001", 15_000);
    with_receipt.receipt = ReceiptChoice::Cart;
    let full = RefundCommand::new(order("1001"), RefundAmount::Full);
    let cases = [
        (plan(subject, "k-1", Some(Money::rub(15_001)), &exactly("1001", 15_001)), "amount"),
        (plan(subject, "k-1", None, &full), "amount"),
        (plan(subject, "k-1", Some(Money::rub(15_000)), &exactly("1002", 15_000)), "order"),
        (plan(subject, "k-1", Some(Money::rub(15_000)), &with_receipt), "receipt"),
    ];
    for (other, field) in cases {
        assert_eq!(subject.journal.plan(&[other]).await, Ok(vec![Planned::Differs { field }]));
    }
    let listed = subject.journal.list(&Default::default()).await.expect("readable");
    assert_eq!(listed.len(), 1, "a refused request leaves nothing behind");
    assert_eq!(listed[0].state.amount, Some(15_000));
}

/// What comes later in a batch is compared with what came before it in the same batch.
pub async fn a_batch_sees_its_own_beginning(subject: &Subject) {
    let batch = [
        plan_of(subject, "1001", "k-1", 100),
        plan_of(subject, "1001", "k-1", 100),
        plan_of(subject, "1001", "k-2", 100),
        plan_of(subject, "1001", "k-1", 101),
    ];
    let expected = vec![Planned::Fresh, Planned::Same, Planned::Fresh, Planned::Differs { field: "amount" }];
    assert_eq!(subject.journal.plan(&batch).await, Ok(expected));
    assert_eq!(subject.journal.list(&Default::default()).await.expect("readable").len(), 2);
}

/// One plan that cannot be written takes its whole batch with it.
pub async fn a_batch_is_planned_wholly_or_not_at_all(subject: &Subject) {
    let good = plan_of(subject, "1001", "k-1", 100);
    let nothing = plan_of(subject, "1001", "k-2", 0);
    let answer = subject.journal.plan(&[good.clone(), nothing]).await;
    assert!(answer.is_err(), "a refund of nothing cannot be planned: {answer:?}");
    assert_eq!(subject.journal.find(good.intent).await, Ok(None), "all or none");
    assert_eq!(subject.journal.plan(&[good]).await, Ok(vec![Planned::Fresh]), "and the journal goes on");
}

/// The first record is the plan, with the command and the note attached as they came.
pub async fn the_first_record_carries_command_and_note(subject: &Subject) {
    let command = RefundCommand::new(order("1001"), RefundAmount::Full);
    let wanted = plan(subject, "k-1", None, &command);
    subject.journal.plan(std::slice::from_ref(&wanted)).await.expect("planned");
    let history = subject.journal.history(wanted.intent).await.expect("planned");
    assert_eq!(history.len(), 1);
    let first = &history[0];
    assert_eq!((first.record, first.wall), (Record::Planned { amount: None }, wanted.wall));
    assert_eq!(first.attached(Role::Command), Some(&wanted.command));
    assert_eq!(first.attached(Role::Note), Some(&wanted.note));
    assert_eq!(decode_command(first.attached(Role::Command).expect("attached")), Ok(command));
    let note = decode_note(first.attached(Role::Note).expect("attached")).expect("a note");
    assert_eq!(note.reason, "because of k-1");

    let listed = subject.journal.find(wanted.intent).await.expect("readable").expect("planned");
    let expected = State { seq: 1, ..State::EMPTY };
    assert_eq!((listed.state, listed.state.phase), (expected, Phase::Planned));
    assert_eq!((listed.key, listed.payment, listed.currency), (wanted.key, wanted.payment, wanted.currency));
    assert_eq!((listed.planned, listed.changed), (subject.clock.wall(), subject.clock.wall()));
}
