//! A table per rule of receipts: the sale, the refund, everything that is found.

use super::*;
use std::collections::BTreeSet;

fn kettle() -> Line {
    Line::new(
        "1",
        "Чайник",
        12_000,
        3_000,
        VatRate::Vat22,
        SettlementMethod::FullPayment,
        SettlementObject::Commodity,
    )
}

fn receipt(key: &str, lines: Vec<Line>) -> Receipt {
    let total = lines.iter().map(|line| line.sum).sum();
    Receipt {
        key: key.to_owned(),
        taxation: Some(TaxationSystem::General),
        lines,
        payments: vec![(PaymentType::Cashless, total)],
        total,
    }
}

fn sale() -> Receipt {
    receipt("sale", vec![kettle()])
}

/// What a row changes: the sale, the refund, everything else.
struct Case {
    sale: Receipt,
    refund: Receipt,
    earlier: Vec<Receipt>,
    sold_on: Option<CivilDate>,
    back_end: BackEnd,
    ffd: FfdVersion,
    partner: OfdPartner,
    purpose: Purpose,
    money: Option<u64>,
}

/// One kettle of three goes back: right in every way.
fn right() -> Case {
    Case {
        sale: sale(),
        refund: receipt("refund", vec![Line { quantity: 1_000, sum: 12_000, ..kettle() }]),
        earlier: vec![],
        sold_on: Some(CivilDate::of(2026, 3, 1)),
        back_end: BackEnd::AtolV5,
        ffd: FfdVersion::V1_2,
        partner: OfdPartner::Atol,
        purpose: Purpose::Return,
        money: None,
    }
}

/// The right case with its only line changed, totals following.
fn line(change: impl Fn(&mut Line)) -> Case {
    let mut case = right();
    case.refund.lines.iter_mut().for_each(change);
    follow(case)
}

/// The same change in sale and refund.
fn both(change: impl Fn(&mut Line)) -> Case {
    let mut case = line(&change);
    case.sale.lines.iter_mut().for_each(change);
    case
}

fn follow(mut case: Case) -> Case {
    case.refund = Receipt { taxation: case.refund.taxation, ..receipt("refund", case.refund.lines) };
    case
}

fn run(case: &Case) -> Findings {
    let Case { sale, refund, earlier, sold_on, back_end, ffd, partner, purpose, money } = case;
    let money = money.unwrap_or(refund.total);
    let check = RefundCheck {
        sale,
        sold_on: *sold_on,
        earlier,
        refund,
        money,
        back_end: *back_end,
        ffd: *ffd,
        partner: *partner,
        purpose: *purpose,
    };
    check.run()
}

type Row = (&'static str, Case, &'static [&'static str]);

fn echo_rows() -> Vec<Row> {
    let mut twice = right();
    twice.refund.lines.push(twice.refund.lines[0].clone());
    vec![
        ("right", right(), &[]),
        ("name", line(|line| line.name = "Чайник 2".into()), &["error r1-line-echo at lines[0].name"]),
        ("code", line(|line| line.code = Some("x".into())), &["error r1-line-echo at lines[0].code"]),
        ("position", line(|line| line.position = "2".into()), &["error r1-line-echo at lines[0].position"]),
        (
            "object",
            line(|line| line.object = SettlementObject::Service),
            &["error r1-line-echo at lines[0].object"],
        ),
        (
            "method",
            line(|line| line.method = SettlementMethod::Credit),
            &["error r1-line-echo at lines[0].method"],
        ),
        (
            "exchange",
            Case { purpose: Purpose::Exchange, ..line(|line| line.method = SettlementMethod::Credit) },
            &[],
        ),
        (
            "price",
            line(|line| (line.price, line.sum) = (11_900, 11_900)),
            &["error r1-line-echo at lines[0].price"],
        ),
        ("twice", follow(twice), &["error r1-line-echo at lines[1].position"]),
    ]
}

fn amount_rows() -> Vec<Row> {
    let earlier =
        |quantity: u64, sum: u64| vec![receipt("earlier", vec![Line { quantity, sum, ..kettle() }])];
    vec![
        ("all of it", line(|line| (line.quantity, line.sum) = (3_000, 36_000)), &[]),
        (
            "more",
            line(|line| (line.quantity, line.sum) = (3_001, 36_012)),
            &[
                "error r2-not-above-original at lines[0].quantity",
                "error r2-not-above-original at lines[0].sum",
            ],
        ),
        ("the rest", Case { earlier: earlier(2_000, 24_000), ..right() }, &[]),
        (
            "more than the rest",
            Case { earlier: earlier(2_001, 24_000), ..right() },
            &["error r2-not-above-original at lines[0].quantity"],
        ),
        (
            "a kopeck too much",
            Case { earlier: earlier(2_000, 24_001), ..right() },
            &["error r2-not-above-original at lines[0].sum"],
        ),
        ("money", Case { money: Some(11_999), ..right() }, &["error r3-sums at money"]),
        (
            "total",
            {
                let mut case = right();
                case.refund.total = 1;
                case
            },
            &["error r3-sums at lines", "error r3-sums at payments"],
        ),
        (
            "payments",
            {
                let mut case = right();
                case.refund.payments[0].1 = 1;
                case
            },
            &["error r3-sums at payments"],
        ),
        (
            "payments are not told",
            {
                let mut case = right();
                case.refund.payments.clear();
                case
            },
            &[],
        ),
        (
            "taxation",
            {
                let mut case = right();
                case.refund.taxation = Some(TaxationSystem::Patent);
                case
            },
            &["error r5-taxation at taxation"],
        ),
        (
            "taxation is not told",
            {
                let mut case = right();
                case.refund.taxation = None;
                case
            },
            &[],
        ),
        (
            "the sale's key",
            {
                let mut case = right();
                case.refund.key = "sale".into();
                case
            },
            &["error r9-own-key at key"],
        ),
        (
            "an earlier refund's key",
            {
                let mut case = Case { earlier: earlier(1_000, 12_000), ..right() };
                case.refund.key = "earlier".into();
                case
            },
            &["error r9-own-key at key"],
        ),
    ]
}

fn vat_rows() -> Vec<Row> {
    let day = |year, month, day| Some(CivilDate::of(year, month, day));
    let at = |rate: VatRate, sold_on| Case { sold_on, ..both(move |line| line.vat = rate) };
    let credit = |rate: VatRate, sold_on| Case {
        sold_on,
        ..both(move |line| (line.vat, line.method) = (rate, SettlementMethod::CreditPayment))
    };
    let wrong: &[&str] = &["error r4-vat at lines[0].vat"];
    vec![
        ("2025 at 20 %, refunded in 2026", at(VatRate::Vat20, day(2025, 12, 31)), &[]),
        ("2026 at 20 %", at(VatRate::Vat20, day(2026, 1, 1)), wrong),
        ("2026 at 22 %", at(VatRate::Vat22, day(2026, 1, 1)), &[]),
        ("2025 at 22 %", at(VatRate::Vat22, day(2025, 12, 31)), wrong),
        (
            "2018 at 18 %",
            Case {
                back_end: BackEnd::AtolV4,
                ffd: FfdVersion::V1_05,
                ..at(VatRate::Vat18, day(2018, 12, 31))
            },
            &[],
        ),
        ("2024 at 5 %", at(VatRate::Vat5, day(2024, 12, 31)), wrong),
        ("a credit of 2025 repaid in 2026", credit(VatRate::Vat20, day(2026, 2, 1)), &[]),
        (
            "sold at 20 %, refunded at 22 %",
            {
                let mut case = Case { sold_on: day(2025, 6, 1), ..right() };
                case.sale.lines[0].vat = VatRate::Vat20;
                case
            },
            wrong,
        ),
        ("the day is not known", at(VatRate::Vat20, None), &["warning r4-vat at lines[0].vat"]),
        ("a rate without days", at(VatRate::Vat10, None), &[]),
        (
            "prepaid at 22/122",
            both(|line| {
                (line.vat, line.method) = (VatRate::Vat22of122, SettlementMethod::FullPrepayment);
            }),
            &[],
        ),
        (
            "prepaid at plain 22 %",
            both(|line| line.method = SettlementMethod::Advance),
            &["warning r7-method-rate at lines[0].vat"],
        ),
        (
            "prepaid at 0 %",
            both(|line| (line.vat, line.method) = (VatRate::Vat0, SettlementMethod::Prepayment)),
            &[],
        ),
        (
            "settled at 22/122",
            both(|line| line.vat = VatRate::Vat22of122),
            &["warning r7-method-rate at lines[0].vat"],
        ),
    ]
}

fn object_rows() -> Vec<Row> {
    let marked = |object: SettlementObject, mark: Option<MarkCodeKind>| {
        both(move |line| (line.object, line.mark) = (object, mark))
    };
    let part = |fraction, measure| {
        both(move |line| {
            (line.object, line.mark) = (SettlementObject::MarkedWithCode, Some(MarkCodeKind::Gs1m));
            (line.fraction, line.measure) = (Some(fraction), measure);
        })
    };
    let old = |case: Case| Case { ffd: FfdVersion::V1_05, back_end: BackEnd::AtolV4, ..case };
    let named = |object: SettlementObject, name: &'static str| {
        old(both(move |line| (line.object, line.name) = (object, name.to_owned())))
    };
    let status = |status: PlannedStatus| both(move |line| line.planned_status = Some(status));
    let object: &[&str] = &["error r8-object at lines[0].object"];
    let fraction: &[&str] = &["error r8-object at lines[0].fraction"];
    let name: &[&str] = &["error r8-object at lines[0].name"];
    vec![
        ("33 with its code", marked(SettlementObject::MarkedWithCode, Some(MarkCodeKind::Gs1m)), &[]),
        ("33 without", marked(SettlementObject::MarkedWithCode, None), object),
        ("31 without", marked(SettlementObject::MarkedExciseWithCode, None), object),
        ("32 without", marked(SettlementObject::MarkedWithoutCode, None), &[]),
        ("32 with a code", marked(SettlementObject::MarkedWithoutCode, Some(MarkCodeKind::Short)), object),
        ("goods with an EAN", marked(SettlementObject::Commodity, Some(MarkCodeKind::Ean13)), &[]),
        (
            "an EAN at Evotor",
            Case {
                partner: OfdPartner::Evotor,
                ..marked(SettlementObject::Commodity, Some(MarkCodeKind::Ean13))
            },
            &["warning evotor-client at lines[0].mark"],
        ),
        (
            "a full code at Evotor",
            Case {
                partner: OfdPartner::Evotor,
                ..marked(SettlementObject::MarkedWithCode, Some(MarkCodeKind::Gs1m))
            },
            &[],
        ),
        ("a half", part((1, 2), Some(Measure::Piece)), &[]),
        ("a whole", part((2, 2), Some(Measure::Piece)), fraction),
        ("nothing", part((0, 2), Some(Measure::Piece)), fraction),
        ("a half kilogram", part((1, 2), Some(Measure::Kilogram)), fraction),
        ("27 under 1.05", old(both(|line| line.object = SettlementObject::CashPayout)), object),
        (
            "a measure under 1.05",
            old(both(|line| line.measure = Some(Measure::Piece))),
            &["error r8-object at lines[0].measure"],
        ),
        ("returned", status(PlannedStatus::PieceReturned), &[]),
        ("sold", status(PlannedStatus::PieceSold), &["error r8-object at lines[0].planned_status"]),
        ("15 named 25", named(SettlementObject::NonOperatingIncome, "25"), &[]),
        ("15 named 26", named(SettlementObject::NonOperatingIncome, "26"), name),
        ("16 named 26", named(SettlementObject::TaxReducingPayment, "26"), &[]),
        ("16 named in words", named(SettlementObject::TaxReducingPayment, "взносы"), name),
    ]
}

fn limit_rows() -> Vec<Row> {
    let ecom = |case: Case| Case { back_end: BackEnd::SberEcom, ..case };
    let named = |length: usize| both(move |line| line.name = "ж".repeat(length));
    let priced = |price: u64| both(move |line| (line.price, line.quantity, line.sum) = (price, 1_000, price));
    let agent = |kind: AgentType, inn: Option<Inn>| {
        both(move |line| {
            line.agent =
                Some(ItemAgent { kind, supplier_inn: inn, supplier_name: None, supplier_phones: None });
        })
    };
    let many = |count: usize| {
        let lines: Vec<_> = (1..=count).map(|at| Line { position: at.to_string(), ..kettle() }).collect();
        let mut case = Case { back_end: BackEnd::AtolV4, ffd: FfdVersion::V1_05, ..right() };
        (case.sale.lines, case.refund.lines) = (lines.clone(), lines);
        follow(case)
    };
    let too_long: &[&str] = &["error r10-limits at lines[0].name"];
    vec![
        ("128 characters", named(128), &[]),
        ("129 characters", named(129), too_long),
        ("no name", named(0), too_long),
        (
            "101 characters on ECOM",
            ecom(Case {
                sold_on: Some(CivilDate::of(2026, 1, 1)),
                ..both(|line| {
                    (line.name, line.vat) = ("ж".repeat(101), VatRate::Vat10);
                })
            }),
            too_long,
        ),
        ("the old tag's width", priced(u64::from(u32::MAX)), &[]),
        (
            "a kopeck more",
            priced(u64::from(u32::MAX) + 1),
            &["error r10-limits at lines[0].price", "error r10-limits at lines[0].sum"],
        ),
        (
            "typographic quotes",
            both(|line| line.name = "«Чайник»".into()),
            &["warning r10-limits at lines[0].name"],
        ),
        ("22 % has no number on ECOM", ecom(right()), &["error r10-limits at lines[0].vat"]),
        ("22 % is configured on OLD", Case { back_end: BackEnd::SberOld, ..right() }, &[]),
        (
            "sum is not price times quantity",
            both(|line| line.sum = 12_001),
            &["warning r10-limits at lines[0].sum"],
        ),
        (
            "nothing of it",
            line(|line| (line.quantity, line.sum) = (0, 0)),
            &["error r10-limits at lines[0].quantity"],
        ),
        ("100 lines", many(100), &[]),
        ("101 lines", many(101), &["error r10-limits at lines"]),
        (
            "commission agent without supplier",
            agent(AgentType::CommissionAgent, None),
            &["error supplier at lines[0].agent.supplier_inn"],
        ),
        ("supplier abroad", agent(AgentType::CommissionAgent, Some(Inn::NO_RUSSIAN_INN)), &[]),
        (
            "paying agent",
            agent(AgentType::PayingAgent, Some(Inn::NO_RUSSIAN_INN)),
            &[
                "error supplier at lines[0].agent.supplier_name",
                "error supplier at lines[0].agent.supplier_phones",
            ],
        ),
    ]
}

#[test]
fn every_row_finds_what_it_says() {
    let mut broken = BTreeSet::new();
    for rows in [echo_rows(), amount_rows(), vat_rows(), object_rows(), limit_rows()] {
        for (name, case, expected) in rows {
            let found = run(&case);
            let told: Vec<_> = found.as_slice().iter().map(ToString::to_string).collect();
            assert_eq!(told, expected, "{name}");
            assert!(found.as_slice().iter().all(|one| one.message().is_whole()), "{name}");
            broken.extend(found.as_slice().iter().map(|one| one.rule().id));
        }
    }
    let all: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(broken, all, "every rule is broken by some row");
}

#[test]
fn huge_numbers_do_not_panic() {
    let huge = |line: &mut Line| (line.price, line.quantity, line.sum) = (u64::MAX, u64::MAX, u64::MAX);
    let mut case = right();
    case.sale.lines.iter_mut().for_each(huge);
    case.refund.lines.iter_mut().for_each(huge);
    case.earlier = vec![case.refund.clone(), case.refund.clone()];
    (case.refund.total, case.money) = (u64::MAX, Some(u64::MAX));
    assert!(run(&case).has_errors());
    assert_eq!(price_of(1, 1_499), Some(1));
    assert_eq!(price_of(1, 1_500), Some(2));
    assert_eq!(price_of(u64::MAX, u64::MAX), None);
}

#[test]
fn sentences_name_both_values() {
    let found = run(&line(|line| line.vat = VatRate::Vat20));
    let said = found.as_slice()[0].message().en();
    assert!(said.contains("20 %") && said.contains("22 %") && said.contains("lines[0].vat"), "{said}");
    assert!(
        vat(VatRate::Vat20, Some(CivilDate::of(2025, 1, 1)), VatRate::Vat20, SettlementMethod::FullPayment)
            .is_empty()
    );
}
