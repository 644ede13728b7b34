//! Everything this crate knows, as tables for a page: the lists of the vocabulary, the keys of the block, the rules.
//!
//! Cells are plain text in Russian and English; whoever prints them knows the markup. It must not add facts.

use crate::{
    AgentType, AtRefund, BackEnd, Coding, DocumentCode, FfdVersion, FoivId, KEYS, MarkCodeKind, Measure,
    PaymentType, PlannedStatus, RULES, RuleDef, SberOldVat, SettlementMethod, SettlementObject,
    SettlementType, TaxationSystem, VatRate, Vocabulary, receipt, refund, wire,
};

/// A table of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueTable {
    /// Its name in English and Russian: `VAT rate / Ставка НДС`.
    pub title: String,
    /// What to know before reading it; may be empty.
    pub note: &'static str,
    /// The headings.
    pub columns: Vec<String>,
    /// The rows, as many cells as there are headings.
    pub rows: Vec<Vec<String>>,
}

/// Every table, in the order of the page.
pub fn tables() -> Vec<CatalogueTable> {
    vec![
        list::<VatRate>("A refund carries the rate of the sale. / В возврате указывают ставку продажи."),
        sber_old_vat(),
        list::<SettlementMethod>(""),
        list::<SettlementObject>(""),
        list::<Measure>(""),
        list::<AgentType>(
            "The tag holds a bit: 1, 2, 4, 8, 16, 32, 64. / В теге — бит: 1, 2, 4, 8, 16, 32, 64.",
        ),
        list::<TaxationSystem>(""),
        list::<PaymentType>(""),
        list::<SettlementType>(""),
        list::<DocumentCode>(""),
        list::<PlannedStatus>(""),
        list::<MarkCodeKind>(""),
        keys(),
        rules("Rules of the block / Правила блока", RULES),
        rules("Rules of reading / Правила чтения", wire::READING_RULES),
        rules("Rules of a refund's block / Правила блока при возврате", refund::RULES),
        rules("Rules of receipts / Правила чеков", receipt::RULES),
        list::<FoivId>(""),
    ]
}

fn list<T: Vocabulary>(note: &'static str) -> CatalogueTable {
    let fixed = ["code / код", "meaning / значение", "FFD / ФФД", "in force / действует", "mark"];
    let columns = fixed.map(str::to_owned).into_iter().chain(BackEnd::ALL.iter().map(ToString::to_string));
    let rows = T::ALL.iter().map(|word| {
        let entry = word.entry();
        let meaning = match entry.ru == entry.en {
            true => entry.en.to_owned(),
            false => format!("{} / {}", entry.en, entry.ru),
        };
        let [from, until] = [entry.in_force.from, entry.in_force.until].map(|day| match day {
            Some(day) => day.to_string(),
            None => "…".to_owned(),
        });
        let force = if (from.as_str(), until.as_str()) == ("…", "…") {
            String::new()
        } else {
            format!("{from}–{until}")
        };
        let fixed =
            [entry.code.to_string(), meaning, entry.ffd.to_string(), force, entry.evidence.to_string()];
        fixed.into_iter().chain(BackEnd::ALL.iter().map(|back_end| codes(*word, *back_end))).collect()
    });
    let tags: Vec<_> = T::TABLE.tags.iter().map(ToString::to_string).collect();
    CatalogueTable {
        title: format!("{} / {} ({})", T::TABLE.en, T::TABLE.ru, tags.join(", ")),
        note,
        columns: columns.collect(),
        rows: rows.collect(),
    }
}

/// One cell: the code with its mark, or why there is none; both versions where they differ.
fn codes(word: impl Vocabulary, back_end: BackEnd) -> String {
    let [old, new] = [FfdVersion::V1_05, FfdVersion::V1_2].map(|ffd| match word.coding(back_end, ffd) {
        Coding::Sent(wire, evidence) => format!("`{wire}` {evidence}"),
        Coding::Missing(reason) => format!("— ({}; {})", reason.en(), reason.ru()),
    });
    if old == new { old } else { format!("1.05: {old}; 1.2: {new}") }
}

fn sber_old_vat() -> CatalogueTable {
    let disputed = VatRate::ALL.iter().filter(|rate| rate.is_disputed_at_sber_old());
    let row = |rate: &VatRate| {
        let numbers = SberOldVat::NAMED.iter().map(|(_, table)| table.number(*rate).to_string());
        [format!("{} / {}", rate.en(), rate.ru())].into_iter().chain(numbers).collect()
    };
    let names = SberOldVat::NAMED.iter().map(|(name, _)| format!("`{name}`"));
    CatalogueTable {
        title: "Sber OLD: VAT numbers to be chosen / номера ставок, которые задаются настройкой".to_owned(),
        note: "Two published lists contradict each other (REPORTED both); there is no default. / Два опубликованных \
               списка противоречат друг другу (оба REPORTED); значения по умолчанию нет.",
        columns: ["rate / ставка".to_owned()].into_iter().chain(names).collect(),
        rows: disputed.map(row).collect(),
    }
}

fn keys() -> CatalogueTable {
    let columns = [
        "key / ключ",
        "meaning / значение",
        "tag / тег",
        "FFD / ФФД",
        "Sber OLD",
        "FFD ≤",
        "Sber ECOM ≤",
        "ATOL ≤",
        "at refund / при возврате",
    ];
    let number = |number: Option<u16>| number.map_or("—".to_owned(), |number| number.to_string());
    let rows = KEYS.iter().map(|def| {
        let tag = def.inside.map_or(def.tag.to_string(), |inside| format!("{} in {inside}", def.tag));
        let at_refund = match def.at_refund {
            AtRefund::MayChange => "may change / можно менять",
            AtRefund::MustEcho => "echo or omit / повторить или не передавать",
        };
        vec![
            format!("`{}`", def.name),
            format!("{} / {}", def.en, def.ru),
            tag,
            def.versions.to_string(),
            format!("`{}`", def.old),
            number(def.ffd),
            number(def.ecom),
            number(def.atol),
            at_refund.to_owned(),
        ]
    });
    CatalogueTable {
        title: "additionalOfdParams: keys / ключи".to_owned(),
        note: "Formats of Sber OLD and what may change are CONFIRMED (Sber, refund.do); Latin is not enforced where names \
               are Cyrillic. FFD lengths are REPORTED. / Форматы Sber OLD и изменяемость — CONFIRMED; латиница не \
               требуется там, где имена пишут кириллицей. Длины ФФД — REPORTED.",
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

fn rules(title: &str, rules: &[&RuleDef]) -> CatalogueTable {
    let columns = ["rule / правило", "severity", "says / сообщение", "mark", "source"];
    let row = |rule: &&RuleDef| {
        let said = rule.messages.iter().map(|message| format!("{} / {}", message.en, message.ru));
        vec![
            format!("`{}`", rule.id),
            rule.severity.to_string(),
            said.collect::<Vec<_>>().join(" ⏎ "),
            rule.evidence.to_string(),
            rule.source.to_owned(),
        ]
    };
    CatalogueTable {
        title: title.to_owned(),
        note: "",
        columns: columns.map(str::to_owned).to_vec(),
        rows: rules.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_every_cell() {
        let tables = tables();
        assert_eq!(tables.len(), 18);
        for table in &tables {
            assert!(!table.rows.is_empty(), "{}", table.title);
            for row in &table.rows {
                assert_eq!(row.len(), table.columns.len(), "{}: {row:?}", table.title);
                assert!(row.iter().all(|cell| !cell.contains('\n')), "{row:?}");
            }
        }
    }

    #[test]
    fn the_disputed_rates_are_shown_side_by_side() {
        let table = sber_old_vat();
        assert_eq!(table.columns, ["rate / ставка", "`alfa-rbs`", "`advantshop`"]);
        assert_eq!(table.rows[0], ["VAT 5 % / НДС 5 %", "10", "8"]);
        assert_eq!(table.rows.len(), 6);
    }
}
