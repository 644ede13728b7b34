//! Lines that nobody wrote out: made from what is left, kept by the reservation, the same for every lineage.

use crate::{
    READABLE, Shop,
    acme::{Acme, accepted, settled, shown, timeout},
    said, wanted,
};
use refund_core::{
    Allocation, Cart, IntentId, Line, Money, Payment, Quantity, RefundAmount, RefundLine, RefundState,
    Verdict, WallTime,
    allocate::{By, WholeOrderLines},
};
use refund_engine::{ManualClock, News, Patience, Phase, PreviewError, Role, codec};

/// Two packets of tea at 100.00 and honey for 800.00: 1000.00, so much of it refunded.
fn order(sequence: [usize; 2], refunded: i64) -> Payment {
    let sold = |position: &str, pieces, price| Line {
        price: Some(Money::rub(price)),
        ..Line::new(position, "n", Quantity::whole(pieces).expect("small"))
    };
    let lines = [sold("1", 2, 10_000), sold("2", 1, 80_000)];
    let mut payment = shown(100_000, Some(refunded));
    payment.cart = Some(Cart { lines: sequence.map(|at| lines[at].clone()).to_vec() });
    payment
}

/// `1: 1 = 10000, 2: 1 = 80000` of each reservation.
async fn taken(shop: &Shop, intent: IntentId) -> Vec<String> {
    let history = shop.history(intent).await;
    let lines = history.iter().filter_map(|recorded| recorded.attached(Role::Lines));
    let line = |line: refund_core::UsedLine| {
        format!("{}: {} = {}", line.position, line.quantity, line.amount.minor())
    };
    let text = |data| codec::decode_lines(data).expect("readable").into_iter().map(line).collect::<Vec<_>>();
    lines.map(|data| text(data).join(", ")).collect()
}

fn demanding() -> Shop {
    let clock = ManualClock::starting(WallTime(0));
    let acme = Acme::new(READABLE, &clock).demanding_carts();
    acme.looks([Ok(order([0, 1], 0))]);
    Shop::with(clock, acme)
}

/// A packet of tea came back with a cart.
async fn tea_came_back(shop: &Shop) {
    let mut first = wanted("first", RefundAmount::Exactly(Money::rub(10_000)));
    first.command.lines = Some(vec![RefundLine::new("1", Quantity::whole(1).expect("small"))]);
    let (intent, _) = shop.engine.plan(&first).await.expect("planned");
    shop.engine.approve(intent, said("yes")).await.expect("approved");
    assert_eq!(shop.run(intent).await.state.phase, Phase::Settled);
    shop.acme.looks([Ok(order([0, 1], 10_000))]);
}

/// What is left is made into lines where a cart is owed; the plan stays as it was written, and a new lineage gives back the
/// same lines, whatever sequence the gateway tells them in by then.
#[tokio::test]
async fn the_rest_goes_back_with_a_cart_and_a_new_lineage_takes_the_same_lines() {
    let shop = demanding();
    tea_came_back(&shop).await;
    let preview = shop.engine.preview(&wanted("rest", RefundAmount::Full)).await.expect("in order");
    assert_eq!(preview.checked.lines().map(<[_]>::len), Some(2));

    shop.acme.looks([Ok(order([0, 1], 10_000)), Ok(order([1, 0], 10_000))]);
    shop.acme.answers([timeout(), settled()]);
    shop.acme.shows([Verdict::NotSeen]);
    let rest = shop.approved_amount("rest", RefundAmount::Full).await;
    let report = shop.engine.run(rest, Patience::Patient).await.expect("runs");
    assert_eq!((report.state.phase, report.state.lineage), (Phase::Settled, 2));
    assert_eq!(report.state.amount, Some(90_000));
    // 100.00 for the other packet, 800.00 for the honey.
    assert_eq!(taken(&shop, rest).await, ["1: 1 = 10000, 2: 1 = 80000"; 2]);
    let planned = shop.newest(rest, "planned").await;
    let planned = codec::decode_command(planned.attached(Role::Command).expect("planned")).expect("readable");
    assert_eq!((planned.amount, planned.lines), (RefundAmount::Full, None));
}

/// Distributed over the lines that are left, and written down for the next refund to count.
#[tokio::test]
async fn an_amount_is_made_into_lines_where_the_command_asks_for_it() {
    let shop = demanding();
    tea_came_back(&shop).await;
    let mut part = wanted("part", RefundAmount::Exactly(Money::rub(9_000)));
    part.command.allocate = Some(Allocation { by: By::Amount, whole_order: WholeOrderLines::none() });
    let (intent, _) = shop.engine.plan(&part).await.expect("planned");
    shop.engine.approve(intent, said("yes")).await.expect("approved");
    assert_eq!(shop.run(intent).await.state.phase, Phase::Settled);
    // A tenth of 100.00 and of 800.00.
    assert_eq!(taken(&shop, intent).await, ["1: 0.1 = 1000, 2: 0.1 = 8000"]);
    shop.acme.looks([Ok(order([0, 1], 19_000))]);
    let rest = shop.approved_amount("rest", RefundAmount::Full).await;
    assert_eq!(shop.run(rest).await.state.phase, Phase::Settled);
    assert_eq!(taken(&shop, rest).await, ["1: 0.9 = 9000, 2: 0.9 = 72000"]);

    shop.acme.looks([Ok(order([0, 1], 100_000))]);
    let more = shop.engine.preview(&wanted("more", RefundAmount::Full)).await;
    assert!(matches!(more, Err(PreviewError::Rules(_))), "{more:?}");
}

/// Somebody gave 50.00 back in the cabinet: nobody here knows of which line.
#[tokio::test]
async fn what_nobody_can_account_for_is_refused_and_explained() {
    let shop = demanding();
    tea_came_back(&shop).await;
    shop.acme.looks([Ok(order([0, 1], 15_000))]);
    let fired = shop.acme.fired();
    let rest = shop.approved_amount("rest", RefundAmount::Full).await;
    let report = shop.run(rest).await;
    let [News::Rules(found)] = &report.news[..] else { panic!("{:?}", report.news) };
    assert_eq!(found.to_string(), "cart-allocation at lines");
    assert_eq!(found.as_slice()[0].message.def().id, "cart-allocation-unaccounted");
    assert_eq!(shop.acme.fired(), fired);
}

/// The gateway counts each line. Its count of a settled refund is the journal's own, told twice; of an open one it may hold
/// nothing, so what it shows is somebody else's.
#[tokio::test]
async fn what_is_open_is_left_out_of_the_gateways_own_count_and_what_is_settled_is_not() {
    let one = || Quantity::whole(1).expect("small");
    let counting = |pieces| {
        let mut payment = order([0, 1], 10_000);
        let tea = &mut payment.cart.as_mut().expect("a cart").lines[0];
        tea.refunded.quantity = Quantity::whole(pieces).ok();
        Ok(payment)
    };
    for (answer, phase, counted, left) in [
        (settled(), Phase::Settled, 0, true),
        (settled(), Phase::Settled, 1, true),
        (settled(), Phase::Settled, 2, false),
        (accepted("R-1"), Phase::Accepted, 0, true),
        (accepted("R-1"), Phase::Accepted, 1, false),
    ] {
        let shop = demanding();
        shop.acme.answers([answer]);
        shop.acme.tells([Ok(RefundState::Processing)]);
        let mut first = wanted("first", RefundAmount::Exactly(Money::rub(10_000)));
        first.command.lines = Some(vec![RefundLine::new("1", one())]);
        let (intent, _) = shop.engine.plan(&first).await.expect("planned");
        shop.engine.approve(intent, said("yes")).await.expect("approved");
        assert_eq!(shop.run(intent).await.state.phase, phase);

        shop.acme.looks([counting(counted)]);
        let mut second = wanted("second", RefundAmount::Exactly(Money::rub(10_000)));
        second.command.lines = Some(vec![RefundLine::new("1", one())]);
        let found = match shop.engine.preview(&second).await {
            Ok(_) => None,
            Err(PreviewError::Rules(found)) => Some(found.to_string()),
            Err(other) => panic!("{other}"),
        };
        let refused = (!left).then(|| "cart-quantity-remaining at lines[0].quantity".to_owned());
        assert_eq!(found, refused, "{phase:?}, the gateway counts {counted}");
    }
}
