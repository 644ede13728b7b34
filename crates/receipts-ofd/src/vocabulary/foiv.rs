//! Federal executive bodies (ФОИВ) whose acts say what a sectoral requisite holds (tag 1262).
//!
//! The names are those printed beside the ids; several bodies were renamed since, the ids stay. 030 is Minpromtorg, 048
//! is the tax service. It must not know the requisite around it.

use super::{Code, Entry, InForce, Table, Vocabulary};
use crate::{BackEnd, Coding, Evidence, FfdVersion, Reason, Versions, Wire};
use std::fmt;

/// The id of a federal executive body: three digits, `001` to `072` (CONFIRMED, ATOL v5, appendix 1).
///
/// `073` passes ATOL's schema and stands in no printed list (REPORTED): it cannot be made here, and a block that holds it
/// gets a warning.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FoivId(u8);

impl FoivId {
    /// The Ministry of Industry and Trade, whose acts govern the permit mode of marked goods.
    pub const MINPROMTORG: Self = Self(30);
    /// The Federal Tax Service.
    pub const FNS: Self = Self(48);

    /// Reads three digits; `None` for what is not in the directory.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 3] = text.as_bytes().try_into().ok()?;
        let place = |number: u8, digit: u8| {
            digit.is_ascii_digit().then(|| number.checked_mul(10)?.checked_add(digit - b'0'))
        };
        let number = digits.into_iter().try_fold(0_u8, |number, digit| place(number, digit)?)?;
        (1..=BODIES.len()).contains(&usize::from(number)).then_some(Self(number))
    }

    /// The three digits.
    pub fn as_str(self) -> &'static str {
        self.body().0
    }

    /// The body's name in Russian, as ATOL's appendix prints it.
    pub fn ru(self) -> &'static str {
        self.body().1
    }

    /// The body's name in English.
    pub fn en(self) -> &'static str {
        self.body().2
    }

    fn body(self) -> Body {
        BODIES[usize::from(self.0) - 1]
    }
}

impl fmt::Debug for FoivId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FoivId({})", self.as_str())
    }
}

impl Vocabulary for FoivId {
    const TABLE: Table =
        Table { tags: &[1262], ru: "Идентификатор ФОИВ", en: "Federal executive body" };
    const ALL: &'static [Self] = &all();

    fn entry(self) -> Entry {
        Entry {
            code: Code::Text(self.as_str()),
            ru: self.ru(),
            en: self.en(),
            ffd: Versions::From1_2,
            in_force: InForce::ALWAYS,
            evidence: Evidence::Confirmed,
        }
    }

    fn coding(self, back_end: BackEnd, ffd: FfdVersion) -> Coding {
        match back_end {
            BackEnd::Robokassa | BackEnd::AtolV4 => Coding::Missing(Reason::NoField),
            _ if ffd == FfdVersion::V1_05 => Coding::Missing(Reason::OtherVersion),
            // The three take the directory's id itself.
            BackEnd::SberOld | BackEnd::SberEcom | BackEnd::AtolV5 => {
                Coding::Sent(Wire::Word(self.as_str()), Evidence::Confirmed)
            }
        }
    }
}

const fn all() -> [FoivId; BODIES.len()] {
    let mut all = [FoivId(1); BODIES.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = FoivId(index as u8 + 1);
        index += 1;
    }
    all
}

/// Id, Russian, English.
type Body = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const BODIES: [Body; 72] = [
    ("001", "Министерство внутренних дел Российской Федерации", "Ministry of Internal Affairs"),
    ("002", "Министерство Российской Федерации по делам гражданской обороны, чрезвычайным ситуациям и ликвидации последствий стихийных бедствий", "Ministry for Civil Defence, Emergencies and Disaster Relief"),
    ("003", "Министерство иностранных дел Российской Федерации", "Ministry of Foreign Affairs"),
    ("004", "Федеральное агентство по делам Содружества Независимых Государств, соотечественников, проживающих за рубежом, и по международному гуманитарному сотрудничеству", "Federal Agency for CIS Affairs, Compatriots Abroad and International Humanitarian Cooperation"),
    ("005", "Министерство обороны Российской Федерации", "Ministry of Defence"),
    ("006", "Федеральная служба по военно-техническому сотрудничеству", "Federal Service for Military-Technical Cooperation"),
    ("007", "Федеральная служба по техническому и экспортному контролю", "Federal Service for Technical and Export Control"),
    ("008", "Министерство юстиции Российской Федерации", "Ministry of Justice"),
    ("009", "Федеральная служба исполнения наказаний", "Federal Penitentiary Service"),
    ("010", "Федеральная служба судебных приставов", "Federal Bailiff Service"),
    ("011", "Государственная фельдъегерская служба Российской Федерации (федеральная служба)", "State Courier Service"),
    ("012", "Служба внешней разведки Российской Федерации (федеральная служба)", "Foreign Intelligence Service"),
    ("013", "Федеральная служба безопасности Российской Федерации (федеральная служба)", "Federal Security Service"),
    ("014", "Федеральная служба войск национальной гвардии Российской Федерации (федеральная служба)", "Federal National Guard Service"),
    ("015", "Федеральная служба охраны Российской Федерации (федеральная служба)", "Federal Protective Service"),
    ("016", "Федеральная служба по финансовому мониторингу (федеральная служба)", "Federal Financial Monitoring Service"),
    ("017", "Федеральное архивное агентство (федеральное агентство)", "Federal Archival Agency"),
    ("018", "Главное управление специальных программ Президента Российской Федерации (федеральное агентство)", "Main Directorate of Special Programmes of the President"),
    ("019", "Управление делами Президента Российской Федерации (федеральное агентство)", "Presidential Property Management Department"),
    ("020", "Министерство здравоохранения Российской Федерации", "Ministry of Health"),
    ("021", "Федеральная служба по надзору в сфере здравоохранения", "Federal Service for Surveillance in Healthcare"),
    ("022", "Министерство культуры Российской Федерации", "Ministry of Culture"),
    ("023", "Министерство науки и высшего образования Российской Федерации", "Ministry of Science and Higher Education"),
    ("024", "Министерство природных ресурсов и экологии Российской Федерации", "Ministry of Natural Resources and Ecology"),
    ("025", "Федеральная служба по гидрометеорологии и мониторингу окружающей среды", "Federal Service for Hydrometeorology and Environmental Monitoring"),
    ("026", "Федеральная служба по надзору в сфере природопользования", "Federal Service for Supervision of Natural Resources"),
    ("027", "Федеральное агентство водных ресурсов", "Federal Water Resources Agency"),
    ("028", "Федеральное агентство лесного хозяйства", "Federal Forestry Agency"),
    ("029", "Федеральное агентство по недропользованию", "Federal Subsoil Agency"),
    ("030", "Министерство промышленности и торговли Российской Федерации", "Ministry of Industry and Trade (Minpromtorg)"),
    ("031", "Федеральное агентство по техническому регулированию и метрологии", "Federal Agency for Technical Regulation and Metrology"),
    ("032", "Министерство просвещения Российской Федерации", "Ministry of Education"),
    ("033", "Министерство Российской Федерации по развитию Дальнего Востока и Арктики", "Ministry for Development of the Far East and the Arctic"),
    ("034", "Министерство сельского хозяйства Российской Федерации", "Ministry of Agriculture"),
    ("035", "Федеральная служба по ветеринарному и фитосанитарному надзору", "Federal Service for Veterinary and Phytosanitary Surveillance"),
    ("036", "Федеральное агентство по рыболовству", "Federal Fisheries Agency"),
    ("037", "Министерство спорта Российской Федерации", "Ministry of Sport"),
    ("038", "Министерство строительства и жилищно-коммунального хозяйства Российской Федерации", "Ministry of Construction, Housing and Utilities"),
    ("039", "Министерство транспорта Российской Федерации", "Ministry of Transport"),
    ("040", "Федеральная служба по надзору в сфере транспорта", "Federal Service for Supervision of Transport"),
    ("041", "Федеральное агентство воздушного транспорта", "Federal Air Transport Agency"),
    ("042", "Федеральное дорожное агентство", "Federal Road Agency"),
    ("043", "Федеральное агентство железнодорожного транспорта", "Federal Railway Transport Agency"),
    ("044", "Федеральное агентство морского и речного транспорта", "Federal Maritime and River Transport Agency"),
    ("045", "Министерство труда и социальной защиты Российской Федерации", "Ministry of Labour and Social Protection"),
    ("046", "Федеральная служба по труду и занятости", "Federal Service for Labour and Employment"),
    ("047", "Министерство финансов Российской Федерации", "Ministry of Finance"),
    ("048", "Федеральная налоговая служба", "Federal Tax Service (FNS)"),
    ("049", "Федеральная пробирная палата (федеральная служба)", "Federal Assay Chamber"),
    ("050", "Федеральная служба по регулированию алкогольного рынка", "Federal Service for Alcohol Market Regulation"),
    ("051", "Федеральная таможенная служба", "Federal Customs Service"),
    ("052", "Федеральное казначейство (федеральная служба)", "Federal Treasury"),
    ("053", "Федеральное агентство по управлению государственным имуществом", "Federal Agency for State Property Management"),
    ("054", "Министерство цифрового развития, связи и массовых коммуникаций Российской Федерации", "Ministry of Digital Development, Communications and Mass Media"),
    ("055", "Федеральная служба по надзору в сфере связи, информационных технологий и массовых коммуникаций", "Federal Service for Supervision of Communications, IT and Mass Media (Roskomnadzor)"),
    ("056", "Федеральное агентство по печати и массовым коммуникациям", "Federal Agency for Press and Mass Communications"),
    ("057", "Федеральное агентство связи", "Federal Communications Agency"),
    ("058", "Министерство экономического развития Российской Федерации", "Ministry of Economic Development"),
    ("059", "Федеральная служба по аккредитации", "Federal Accreditation Service"),
    ("060", "Федеральная служба государственной статистики", "Federal State Statistics Service"),
    ("061", "Федеральная служба по интеллектуальной собственности", "Federal Service for Intellectual Property"),
    ("062", "Федеральное агентство по туризму", "Federal Agency for Tourism"),
    ("063", "Министерство энергетики Российской Федерации", "Ministry of Energy"),
    ("064", "Федеральная антимонопольная служба", "Federal Antimonopoly Service"),
    ("065", "Федеральная служба государственной регистрации, кадастра и картографии", "Federal Service for State Registration, Cadastre and Cartography"),
    ("066", "Федеральная служба по надзору в сфере защиты прав потребителей и благополучия человека", "Federal Service for Consumer Rights Protection and Human Wellbeing"),
    ("067", "Федеральная служба по надзору в сфере образования и науки", "Federal Service for Supervision of Education and Science"),
    ("068", "Федеральная служба по экологическому, технологическому и атомному надзору", "Federal Service for Environmental, Technological and Nuclear Supervision"),
    ("069", "Федеральное агентство по государственным резервам", "Federal Agency for State Reserves"),
    ("070", "Федеральное медико-биологическое агентство", "Federal Medical-Biological Agency"),
    ("071", "Федеральное агентство по делам молодежи", "Federal Agency for Youth Affairs"),
    ("072", "Федеральное агентство по делам национальностей", "Federal Agency for Ethnic Affairs"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_their_places_and_two_are_often_confused() {
        for (index, id) in FoivId::ALL.iter().enumerate() {
            assert_eq!(id.as_str(), format!("{:03}", index + 1));
            assert_eq!(FoivId::parse(id.as_str()), Some(*id));
        }
        assert!(FoivId::MINPROMTORG.en().contains("Minpromtorg") && FoivId::FNS.en().contains("(FNS)"));
        for unknown in ["000", "073", "48", "0048", "", "０４８"] {
            assert_eq!(FoivId::parse(unknown), None, "{unknown}");
        }
    }
}
