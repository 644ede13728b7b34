//! Measures of quantity (tag 2108, FFD 1.2). Under FFD 1.05 the unit is free text of at most 16 characters (tag 1197).

use super::{Entry, Table, Vocabulary, words};
use crate::{BackEnd, Coding, Evidence, FfdVersion, Reason, Versions};

words! {
    /// The measure of an item's quantity (CONFIRMED: ATOL v5, Sber e-commerce OpenAPI and the sister gateway's
    /// manual agree).
    Measure {
        Piece = 0, "штука / единица", "piece or unit";
        Gram = 10, "грамм", "gram";
        Kilogram = 11, "килограмм", "kilogram";
        Tonne = 12, "тонна", "tonne";
        Centimetre = 20, "сантиметр", "centimetre";
        Decimetre = 21, "дециметр", "decimetre";
        Metre = 22, "метр", "metre";
        SquareCentimetre = 30, "квадратный сантиметр", "square centimetre";
        SquareDecimetre = 31, "квадратный дециметр", "square decimetre";
        SquareMetre = 32, "квадратный метр", "square metre";
        Millilitre = 40, "миллилитр", "millilitre";
        Litre = 41, "литр", "litre";
        CubicMetre = 42, "кубический метр", "cubic metre";
        KilowattHour = 50, "киловатт-час", "kilowatt-hour";
        Gigacalorie = 51, "гигакалория", "gigacalorie";
        Day = 70, "сутки (день)", "day";
        Hour = 71, "час", "hour";
        Minute = 72, "минута", "minute";
        Second = 73, "секунда", "second";
        Kilobyte = 80, "килобайт", "kilobyte";
        Megabyte = 81, "мегабайт", "megabyte";
        Gigabyte = 82, "гигабайт", "gigabyte";
        Terabyte = 83, "терабайт", "terabyte";
        Other = 255, "иная единица измерения", "any other unit";
    }
}

impl Measure {
    /// The unit as Russian receipts print it: `шт`, `кг`; empty for [`Measure::Other`].
    pub const fn symbol_ru(self) -> &'static str {
        match self {
            Self::Piece => "шт",
            Self::Gram => "г",
            Self::Kilogram => "кг",
            Self::Tonne => "т",
            Self::Centimetre => "см",
            Self::Decimetre => "дм",
            Self::Metre => "м",
            Self::SquareCentimetre => "кв. см",
            Self::SquareDecimetre => "кв. дм",
            Self::SquareMetre => "кв. м",
            Self::Millilitre => "мл",
            Self::Litre => "л",
            Self::CubicMetre => "куб. м",
            Self::KilowattHour => "кВт·ч",
            Self::Gigacalorie => "Гкал",
            Self::Day => "сутки",
            Self::Hour => "час",
            Self::Minute => "мин",
            Self::Second => "с",
            Self::Kilobyte => "Кбайт",
            Self::Megabyte => "Мбайт",
            Self::Gigabyte => "Гбайт",
            Self::Terabyte => "Тбайт",
            Self::Other => "",
        }
    }

    const fn digits(self) -> &'static str {
        match self {
            Self::Piece => "0",
            Self::Gram => "10",
            Self::Kilogram => "11",
            Self::Tonne => "12",
            Self::Centimetre => "20",
            Self::Decimetre => "21",
            Self::Metre => "22",
            Self::SquareCentimetre => "30",
            Self::SquareDecimetre => "31",
            Self::SquareMetre => "32",
            Self::Millilitre => "40",
            Self::Litre => "41",
            Self::CubicMetre => "42",
            Self::KilowattHour => "50",
            Self::Gigacalorie => "51",
            Self::Day => "70",
            Self::Hour => "71",
            Self::Minute => "72",
            Self::Second => "73",
            Self::Kilobyte => "80",
            Self::Megabyte => "81",
            Self::Gigabyte => "82",
            Self::Terabyte => "83",
            Self::Other => "255",
        }
    }
}

impl Vocabulary for Measure {
    const TABLE: Table =
        Table {
            tags: &[2108], ru: "Мера количества предмета расчёта", en: "Measure of quantity"
        };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        Entry { ffd: Versions::From1_2, ..self.row(Evidence::Confirmed) }
    }

    fn coding(self, back_end: BackEnd, ffd: FfdVersion) -> Coding {
        match (back_end, ffd) {
            (BackEnd::Robokassa, _) => Coding::Missing(Reason::NoField),
            (BackEnd::AtolV4, _) | (_, FfdVersion::V1_05) => Coding::Missing(Reason::OtherVersion),
            (BackEnd::AtolV5, _) => Coding::number(self.number(), Evidence::Confirmed),
            (BackEnd::SberEcom, _) => Coding::word(self.digits(), Evidence::Confirmed),
            (BackEnd::SberOld, _) => Coding::word(self.digits(), Evidence::Reported),
        }
    }
}
