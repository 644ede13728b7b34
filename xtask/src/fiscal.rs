//! The page of the fiscal vocabulary, printed from the tables `receipts-ofd` hands out.
//!
//! It knows Markdown and nothing of what the tables are about.

use receipts_ofd::catalogue::{CatalogueTable, tables};

/// The page.
pub(crate) fn page() -> String {
    let tables = tables();
    let contents: String = tables.iter().map(|table| format!("- {}\n", table.title)).collect();
    let sections: Vec<_> = tables.iter().map(section).collect();
    format!(
        "<!-- Written by `cargo xtask docs` from crates/receipts-ofd. Do not edit. -->\n\n\
         # Fiscal vocabulary / Фискальный словарь\n\n\
         What `receipts-ofd` knows of refund receipts (54-FZ, FFD 1.05 and 1.2), Russian and English. Marks: CONFIRMED\n\
         stands in a primary source, REPORTED is second-hand, GUESS is an inference; a dash has its reason beside it.\n\n\
         Что знает `receipts-ofd` о чеках возврата (54-ФЗ, ФФД 1.05 и 1.2). Пометки: CONFIRMED — есть в первоисточнике,\n\
         REPORTED — из вторых рук, GUESS — вывод; у прочерка указана причина.\n\n\
         {contents}\n{}",
        sections.join("\n")
    )
}

fn section(table: &CatalogueTable) -> String {
    let note = if table.note.is_empty() { String::new() } else { format!("{}\n\n", table.note) };
    let rows: String = table.rows.iter().map(|row| line(row)).collect();
    let rule = "|---".repeat(table.columns.len());
    format!("## {}\n\n{note}{}{rule}|\n{rows}", table.title, line(&table.columns))
}

fn line(cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('⏎', "<br>")).collect();
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_a_section() {
        let text = |text: &str| text.to_owned();
        let table = CatalogueTable {
            title: text("Rates / Ставки"),
            note: "Note.",
            columns: vec![text("a"), text("b")],
            rows: vec![vec![text("1|2"), text("x ⏎ y")]],
        };
        let expected = "## Rates / Ставки\n\nNote.\n\n| a | b |\n|---|---|\n| 1\\|2 | x <br> y |\n";
        assert_eq!(section(&table), expected);
    }

    #[test]
    fn the_page_has_every_table() {
        let page = page();
        assert_eq!(page.matches("\n## ").count(), tables().len());
        assert!(page.contains("`vat22` CONFIRMED") && page.contains("`client.phone`"), "{page}");
    }
}
