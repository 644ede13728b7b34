//! Rules of agents and suppliers at receipt level.

use super::{Checker, RuleDef, Severity, Violation};
use crate::{AgentType, BackEnd, Evidence, FfdVersion, MessageDef, params::Key};

pub(super) static AGENT_TYPE: RuleDef = RuleDef {
    id: "agent-type",
    severity: Severity::Error,
    messages: &[&NO_TYPE, &UNKNOWN_TYPE],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: required when any agent_info is passed, 1 to 7",
};
static NO_TYPE: MessageDef = MessageDef {
    id: "ofd-agent-type-missing",
    en: "An agent is described without { $path }: add one of { $limit }, or leave agent_info out.",
    ru: "Агент описан без { $path }: добавьте одно из значений { $limit } или уберите agent_info.",
};
static UNKNOWN_TYPE: MessageDef = MessageDef {
    id: "ofd-agent-type",
    en: "{ $path } is no kind of agent: { $value }. There are { $limit }; 0 is not \"no agent\".",
    ru: "{ $path } — нет такого вида агента: { $value }. Есть { $limit }; 0 не значит «без агента».",
};

pub(super) static AGENT_MATRIX: RuleDef = RuleDef {
    id: "agent-matrix",
    severity: Severity::Warning,
    messages: &[&MEMBER_MISSING],
    evidence: Evidence::Confirmed,
    source: "Sber e-commerce OpenAPI, agentInfo: an error there, a warning elsewhere",
};
static MEMBER_MISSING: MessageDef = MessageDef {
    id: "ofd-agent-matrix",
    en: "{ $path } is missing: an agent of kind { $value } comes with { $limit }.",
    ru: "Не хватает { $path }: агент вида { $value } указывается вместе с { $limit }.",
};

pub(super) static AGENT_RECEIPT_LEVEL_12: RuleDef = RuleDef {
    id: "agent-receipt-level-12",
    severity: Severity::Warning,
    messages: &[&RECEIPT_LEVEL],
    evidence: Evidence::Reported,
    source: "order ЕД-7-20/662@, table 96: FFD 1.2 keeps agents in the items; Sber, refund.do: \"1.05 and later\"; what \
             the gateway makes of it is a GUESS; ATOL v5 refuses it (CONFIRMED)",
};
static RECEIPT_LEVEL: MessageDef = MessageDef {
    id: "ofd-agent-receipt-level-12",
    en: "{ $path } is of the whole receipt, and FFD { $limit } keeps agents in the items: the gateway may copy it to every \
         item or drop it. Prefer agents of the items.",
    ru: "{ $path } относится ко всему чеку, а в ФФД { $limit } агент указывается в позиции: шлюз может скопировать его в \
         каждую позицию или отбросить. Лучше указать агента в позициях.",
};

pub(super) static SUPPLIER: RuleDef = RuleDef {
    id: "supplier",
    severity: Severity::Error,
    messages: &[&NO_SUPPLIER],
    evidence: Evidence::Confirmed,
    source: "ATOL v5: with an agent the supplier's INN always, name and telephones also for kinds 1 to 4; the block has \
             telephones alone",
};
static NO_SUPPLIER: MessageDef = MessageDef {
    id: "ofd-supplier",
    en: "{ $backend } wants the supplier with every agent, { $limit }: the block has room for telephones alone, so put \
         agent and supplier into the items. Missing here: { $path }.",
    ru: "{ $backend } требует при агенте поставщика, { $limit }: в блоке есть место только для телефонов, укажите агента и \
         поставщика в позициях. Здесь не хватает { $path }.",
};

/// What goes with kinds 1 and 2.
const BANK: &[Key] = &[
    Key::AgentOperation,
    Key::AgentPhones,
    Key::TransferPhones,
    Key::TransferName,
    Key::TransferAddress,
    Key::TransferInn,
];
/// What goes with kinds 3 and 4.
const PAYING: &[Key] = &[Key::AgentPhones, Key::OperatorPhones];

pub(super) fn check(c: &mut Checker<'_>) {
    if !Key::all().any(|key| key.is_agent() && c.has(key)) {
        return;
    }
    receipt_level(c);
    let Some(text) = c.text(Key::AgentType) else {
        return c.limited(&AGENT_TYPE, &NO_TYPE, Key::AgentType, "1–7");
    };
    match AgentType::parse(text) {
        Some(agent) => {
            matrix(c, agent);
            supplier(c, agent);
        }
        None if text.is_empty() => {}
        None => c.limited(&AGENT_TYPE, &UNKNOWN_TYPE, Key::AgentType, "1–7"),
    }
}

fn matrix(c: &mut Checker<'_>, agent: AgentType) {
    let wanted = match agent {
        _ if agent.is_bank() => BANK,
        _ if agent.is_paying() => PAYING,
        _ => return,
    };
    let ecom = c.context.back_end() == BackEnd::SberEcom;
    for key in wanted.iter().copied().filter(|key| !c.fields.has(*key)) {
        let names = wanted.iter().map(|key| key.name()).collect::<Vec<_>>().join(", ");
        let violation = Violation::new(&AGENT_MATRIX, &MEMBER_MISSING, key).with("limit", names);
        let violation = violation.with("value", agent.as_str());
        c.found.push(if ecom { violation.error() } else { violation });
    }
}

fn supplier(c: &mut Checker<'_>, agent: AgentType) {
    let back_end = c.context.back_end();
    if !back_end.is_atol() {
        return;
    }
    let (missing, wanted) = match agent.is_bank() || agent.is_paying() {
        true if c.has(Key::SupplierPhones) => ("supplier_info.inn, supplier_info.name", "INN, name, phones"),
        true => ("supplier_info.inn, supplier_info.name, supplier_info.phones", "INN, name, phones"),
        false => ("supplier_info.inn", "INN"),
    };
    let violation = Violation::at_path(&SUPPLIER, &NO_SUPPLIER, missing.to_owned());
    c.push(violation.with("backend", back_end).with("limit", wanted));
}

fn receipt_level(c: &mut Checker<'_>) {
    if c.context.ffd() == FfdVersion::V1_2 {
        let violation = Violation::at_path(&AGENT_RECEIPT_LEVEL_12, &RECEIPT_LEVEL, "agent_info".to_owned());
        let violation = violation.with("limit", FfdVersion::V1_2);
        // ATOL v5's schema has no such member and allows no other (CONFIRMED): it is not dropped there but refused.
        c.push(if c.context.back_end() == BackEnd::AtolV5 { violation.error() } else { violation });
    }
}
