//! Properties of the block: it round-trips, nothing panics, what the checks accept fits the types.

use proptest::{option::of as option, prelude::*};
use receipts_ofd::{
    AdditionalOfdParams, Agent, AgentType, BackEnd, Basket, Buyer, CashierInn, CivilDate, CivilMoment,
    Company, Contact, Context, Country, DocumentCode, FfdVersion, Fields, FoivId, Inn, InnSums, Key,
    MerchantKind, OfdPartner, OperationProperty, Phones, SectoralProperty, Settled, Text, TransferOperator,
    UserProperty, Vocabulary, check, refund,
    wire::{self, Block},
};

fn contexts() -> impl Strategy<Value = Context> {
    let back_end = proptest::sample::select(BackEnd::ALL);
    let ffd = proptest::sample::select(FfdVersion::ALL);
    let partner =
        proptest::sample::select(&[OfdPartner::Atol, OfdPartner::Evotor, OfdPartner::BusinessRu][..]);
    let merchant =
        proptest::sample::select(&[MerchantKind::Shop, MerchantKind::Vending, MerchantKind::Courier][..]);
    (back_end, ffd, partner, merchant, any::<[bool; 3]>()).prop_map(
        |(back_end, ffd, partner, merchant, flags)| {
            let [basket, samples, internet] = flags;
            Context::new(back_end, ffd, partner, CivilDate::of(2026, 11, 21))
                .with_merchant(merchant)
                .with_basket(if basket { Basket::Sent } else { Basket::NotSent })
                .with_inn_sums(if samples { InnSums::SamplesAllowed } else { InnSums::Checked })
                .with_settled(if internet { Settled::OnInternet } else { Settled::Unflagged })
        },
    )
}

/// Values that are near to right ones, and any other.
fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9]{0,14}",
        "\\+[0-9]{0,20}",
        "[0-9]{2}\\.[0-9]{2}\\.[0-9]{4}( [0-9]{2}:[0-9]{2}:[0-9]{2})?",
        "[a-zа-я]{0,30}@?[a-z.]{0,40}",
        "[ -~А-я]{0,260}",
        Just("none".to_owned()),
        Just("0".to_owned()),
        Just("21.11.2026 10:00:00".to_owned()),
        Just("500100732259".to_owned()),
        Just("030".to_owned()),
        Just("073".to_owned()),
        Just("7".to_owned()),
    ]
}

fn keys() -> impl Strategy<Value = Key> {
    proptest::sample::select(Key::all().collect::<Vec<_>>())
}

fn blocks() -> impl Strategy<Value = Block> {
    proptest::collection::vec((keys(), values(), values()), 0..12).prop_map(|values| {
        values.into_iter().fold(Block::new(), |block, (key, one, two)| match key.is_list() {
            true => block.with_list(key, &[&one, &two]),
            false => block.with(key, one),
        })
    })
}

fn texts() -> impl Strategy<Value = Text> {
    "[ -~А-я№]{1,20}".prop_map(|text| Text::parse(text).expect("no control characters"))
}

fn phones() -> impl Strategy<Value = Phones> {
    proptest::collection::vec("\\+[0-9]{7,15}", 1..4)
        .prop_map(|phones| Phones::parse(phones.iter().map(String::as_str)).expect("telephones"))
}

fn person() -> impl Strategy<Value = Inn> {
    proptest::sample::select(&["500100732259", "169910020020"][..])
        .prop_map(|inn| Inn::parse(inn).expect("valid"))
}

fn days() -> impl Strategy<Value = CivilDate> {
    (1950_i16..2026, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| CivilDate::of(year, month, day))
}

fn agents() -> impl Strategy<Value = Agent> {
    let transfer = (option(texts()), option(person()), option(texts()), option(phones()))
        .prop_map(|(address, inn, name, phones)| TransferOperator { address, inn, name, phones });
    let kind = proptest::sample::select(AgentType::ALL);
    (kind, option(texts()), option(phones()), option(phones()), transfer).prop_map(
        |(kind, operation, phones, operator_phones, transfer)| Agent {
            kind,
            operation,
            phones,
            operator_phones,
            transfer,
        },
    )
}

fn buyers() -> impl Strategy<Value = Buyer> {
    let contact = prop_oneof![
        "[a-z]{1,20}@[a-z]{1,20}\\.ru".prop_map(|email| Contact::email(&email).expect("an address")),
        "\\+[0-9]{7,15}".prop_map(|phone| Contact::phone(&phone).expect("a telephone")),
    ];
    let country = proptest::sample::select(&["398", "112", "643"][..])
        .prop_map(|code| Country::parse(code).expect("one"));
    let code = proptest::sample::select(DocumentCode::ALL)
        .prop_filter("a passport's number has a shape of its own", |code| {
            *code != DocumentCode::RussianPassport
        });
    let number = "[0-9]{1,11}".prop_map(|number| Text::parse(number).expect("digits"));
    (
        contact,
        option(texts()),
        option(days()),
        option(country),
        option(code),
        option(number),
        person(),
        option(texts()),
    )
        .prop_map(
            |(contact, address, birth_date, citizenship, document_code, document_number, inn, name)| Buyer {
                contact,
                address,
                birth_date,
                citizenship,
                document_code,
                document_number,
                inn: Some(inn),
                name,
            },
        )
}

fn sectors() -> impl Strategy<Value = SectoralProperty> {
    (proptest::sample::select(FoivId::ALL), days(), texts(), texts())
        .prop_map(|(body, date, number, value)| SectoralProperty { body, date, number, value })
}

fn operations() -> impl Strategy<Value = OperationProperty> {
    (days(), 0..24, 0..60, texts()).prop_map(|(day, hour, minute, value)| {
        let moment = CivilMoment::parse(&format!("{day} {hour:02}:{minute:02}:00")).expect("a moment");
        OperationProperty::new(moment, value)
    })
}

fn user_properties() -> impl Strategy<Value = UserProperty> {
    (texts(), texts()).prop_map(|(name, value)| UserProperty { name, value })
}

fn companies() -> impl Strategy<Value = Company> {
    (option(texts()), option(texts()), option(texts())).prop_map(|(machine, address, place)| Company {
        machine,
        address,
        place,
    })
}

prop_compose! {
    fn params()(
        (agent, supplier_phones, cashier) in (option(agents()), option(phones()), option(texts())),
        check_property in option("[ -~]{1,16}"),
        user_property in option(user_properties()),
        cashier_inn in option(person()),
        (buyer, operation, sector) in (option(buyers()), option(operations()), option(sectors())),
        company in companies(),
    ) -> AdditionalOfdParams {
        let check_property = check_property.map(|text| Text::parse(text).expect("printable"));
        let cashier_inn = cashier_inn.and_then(CashierInn::new);
        AdditionalOfdParams { agent, supplier_phones, cashier, check_property, user_property, cashier_inn, buyer, operation, sector, company }
    }
}

proptest! {
    #[test]
    fn typed_blocks_round_trip(params in params()) {
        let reading = wire::read(&wire::write(&params)).expect("what was written is JSON");
        prop_assert!(reading.notes().is_empty(), "{}", reading.notes());
        prop_assert_eq!(reading.block(), &Block::of(&params));
        let context = Context::new(BackEnd::SberOld, FfdVersion::V1_2, OfdPartner::Atol, CivilDate::of(2026, 11, 21));
        match AdditionalOfdParams::from_block(reading.block(), &context) {
            Ok((back, _)) => prop_assert_eq!(back, params),
            Err(found) => prop_assert!(false, "{}", found),
        }
    }

    #[test]
    fn any_block_round_trips(block in blocks()) {
        let reading = wire::read(&wire::write(&block)).expect("what was written is JSON");
        prop_assert!(reading.notes().is_empty(), "{}", reading.notes());
        prop_assert_eq!(reading.block(), &block);
    }

    #[test]
    fn what_is_accepted_fits_the_types_and_nothing_is_lost(block in blocks(), context in contexts()) {
        if let Ok((params, _)) = AdditionalOfdParams::from_block(&block, &context) {
            prop_assert_eq!(Block::of(&params), block);
        }
    }

    #[test]
    fn every_sentence_is_whole(block in blocks(), context in contexts(), registered in blocks()) {
        let of_refund = refund::check_block(Some(&registered as &dyn Fields), &block);
        let found = check(&block, &context);
        for one in found.as_slice().iter().chain(of_refund.as_slice()) {
            for sentence in [one.message().en(), one.message().ru()] {
                prop_assert!(!sentence.contains("{ $") && !sentence.chars().any(char::is_control), "{}", sentence);
            }
            prop_assert!(!one.path().is_empty());
        }
    }

    #[test]
    fn no_code_panics(text: String, back_end in proptest::sample::select(BackEnd::ALL), ffd in proptest::sample::select(FfdVersion::ALL)) {
        fn read<T: Vocabulary>(text: &str, back_end: BackEnd, ffd: FfdVersion) {
            let (_, _) = (T::from_wire(text, back_end, ffd), T::from_tag(text));
        }
        read::<receipts_ofd::VatRate>(&text, back_end, ffd);
        read::<receipts_ofd::SettlementObject>(&text, back_end, ffd);
        read::<AgentType>(&text, back_end, ffd);
        read::<FoivId>(&text, back_end, ffd);
        let (_, _, _) = (Country::parse(&text), DocumentCode::parse(&text), CivilDate::parse(&text));
    }

    #[test]
    fn no_json_panics(json in "[{}\\[\\]\",:a-z.0-9_ ]{0,60}", text: String) {
        let (_, _) = (wire::read(&json), wire::read(&text));
    }

    #[test]
    fn keys_in_any_case_are_found(key in keys(), upper: bool) {
        let name = if upper { key.name().to_uppercase() } else { key.name().to_lowercase() };
        let reading = wire::read(&format!("{{\"{name}\":\"1\"}}")).expect("JSON");
        prop_assert!(reading.block().has(key));
    }
}
