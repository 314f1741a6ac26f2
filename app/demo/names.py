"""Names, countries and phone numbers of people who do not exist.

The names were put together for this purpose, in many scripts. Phone numbers are of the ranges that the
authorities of their countries keep free for fiction: Ofcom (+44 7700 900), the North American Numbering Plan
(555-0100 to 0199), ACMA (5550 and 7010), Arcep (+33 6 39 98) and the Bundesnetzagentur (+49 171 39200).
"""

from itertools import accumulate
from random import Random

COUNTRIES: dict[str, tuple[int, str]] = {
    "ES": (14, "es"),
    "US": (10, "en"),
    "GB": (6, "en"),
    "MX": (6, "es"),
    "IN": (5, "hi"),
    "BR": (5, "pt"),
    "FR": (4, "fr"),
    "DE": (4, "de"),
    "CO": (4, "es"),
    "AR": (4, "es"),
    "SA": (4, "ar"),
    "EG": (4, "ar"),
    "IT": (3, "it"),
    "AU": (3, "en"),
    "RU": (3, "ru"),
    "CN": (3, "zh"),
    "TR": (3, "tr"),
    "MA": (2, "ar"),
    "AE": (2, "ar"),
    "PT": (2, "pt"),
    "PL": (2, "pl"),
    "UA": (2, "uk"),
    "IR": (2, "fa"),
    "IL": (2, "he"),
    "JP": (2, "ja"),
    "KR": (2, "ko"),
    "TW": (1, "zh"),
    "GR": (1, "el"),
    "VN": (1, "vi"),
}
"""Where people write from: how often, and in which language they are at home."""

GIVEN = {
    "ar": "أمل سامي ليلى يوسف نور كريم هدى طارق سلمى رامي",
    "de": "Anke Björn Elke Fynn Grete Jörg Käthe Lutz Silke Uwe",
    "el": "Αγγελική Δήμος Ελπίδα Θάνος Καλλιόπη Λάμπρος Μυρτώ Στάθης",
    "en": "Alder Bryony Corin Delphine Ellis Fern Greer Hollis Imogen Jory Kestrel Linden",
    "es": "Amparo Benito Candela Dámaso Elvira Fermín Íñigo Jimena Nuño Ofelia Paloma Ramiro",
    "fa": "آرزو بهنام پریسا داریوش شیرین کاوه مهتاب نیما",
    "fr": "Aurore Bastien Clémence Édouard Fleur Gaël Hélène Loïc Maëlle Noé",
    "he": "אביגיל בועז גלית דורון הדס נעמה עידו שקד",
    "hi": "आशा भरत चित्रा दीपक गीता हरीश मीरा रोहन",
    "it": "Alba Brando Chiara Donato Elettra Fosco Ginevra Orso",
    "ja": "葵 大和 楓 蓮 桜 悠斗 凛 湊",
    "ko": "가람 나래 다온 라온 마루 바다 새롬 하늘",
    "pl": "Bożena Czesław Łucja Mścisław Róża Świętosław Żaneta Zdzisław",
    "pt": "Açucena Baltazar Conceição Damião Flor Gonçalo Iracema João",
    "ru": "Агата Борислав Василиса Глеб Злата Лев Милана Святослав Ульяна Ярослав",
    "tr": "Aslı Barış Çiğdem Deniz Gülşen Işık Ömer Şirin",
    "uk": "Богдана Всеволод Ґанна Єва Зорян Їжакія Мирослава Юліан",
    "vi": "Ánh Bình Cường Dương Hạnh Khuê Nguyệt Tuấn",
    "zh": "安然 晨曦 子墨 若兰 云帆 思远 雨桐 知秋",
}
"""Given names by language, apart by spaces."""

FAMILY = {
    "ar": "المثال التجريبي الخيالي النموذجي البستاني السهلي",
    "de": "Musterhügel Beispielmann Probestein Übungsbach Scheinwald Großmuster",
    "el": "Παραδειγματίδης Δοκιμάκης Υποθέτου Φαντασίου",
    "en": "Exampleton Sampleford Mockridge Fictionby Testerdale O’Placeholder Demo-Hartwell",
    "es": "Ejemplar Muestrario Ficticio Delprueba Inventado Supuesto Quimera",
    "fa": "نمونه‌پور آزمایشی خیالی فرضیان",
    "fr": "Exemplaire Fictif Dessai L’Imaginé Duspécimen Fantôme",
    "he": "דוגמאי בדוי לניסיון דמיוני",
    "hi": "उदाहरणकर नमूनावाला काल्पनिक परीक्षित",
    "it": "Esempio Provetti Fantasini Dell’Ipotesi",
    "ja": "例田 見本 仮野 試川",
    "ko": "예 견 가 상",
    "pl": "Przykładowski Próbnicki Zmyślony Fikcyjna",
    "pt": "Exemplário Fictício Dasamostras Imaginação",
    "ru": "Примеров Образцова Вымыслов Пробный Тестовая-Демидова",
    "tr": "Örnekoğlu Denemeci Hayalî Kurgu",
    "uk": "Прикладенко Зразковий Вигаданюк Пробний",
    "vi": "Ví Dụ Mẫu Thử",
    "zh": "例 样 范 试",
}
"""Family names by language: in most of them they say that they are examples."""

FAMILY_FIRST = frozenset({"zh", "ja", "ko", "vi"})
UNSPACED = frozenset({"zh", "ko"})
LONG_ONE_IN = 200
"""One person out of so many has a name that fills the field."""
NAME_LENGTH = 118

GIVEN_NAMES = {language: tuple(names.split()) for language, names in GIVEN.items()}
FAMILY_NAMES = {language: tuple(names.split()) for language, names in FAMILY.items()}
CODES = tuple(COUNTRIES)
UP_TO = tuple(accumulate(weight for weight, _language in COUNTRIES.values()))
AREA_CODES = (201, 212, 305, 312, 404, 415, 503, 512, 602, 617, 702, 713, 808, 901)
MAIL_HOSTS = ("example.com", "example.org", "example.net")
"""Reserved for examples (RFC 2606): no mail to them goes anywhere."""


def some_country(rng: Random) -> str:
    """Return a country, the frequent ones more often."""
    return rng.choices(CODES, cum_weights=UP_TO)[0]


def language_of(country: str) -> str:
    """Return the language that people of a country are given names of."""
    return COUNTRIES[country][1]


def some_name(rng: Random, language: str) -> str:
    """Return a name of a language; now and then one that is as long as the field."""
    given, family = rng.choice(GIVEN_NAMES[language]), rng.choice(FAMILY_NAMES[language])
    if rng.randrange(LONG_ONE_IN) == 0:
        return long_name(rng, language)
    if language in FAMILY_FIRST:
        return f"{family}{'' if language in UNSPACED else ' '}{given}"
    if language in {"es", "pt"}:
        return f"{given} {family} {rng.choice(FAMILY_NAMES[language])}"
    return f"{given} {family}"


def long_name(rng: Random, language: str) -> str:
    """Return as many names of a language as fit."""
    name = rng.choice(GIVEN_NAMES[language])
    while True:
        longer = f"{name} {rng.choice(GIVEN_NAMES[language] + FAMILY_NAMES[language])}"
        if len(longer) > NAME_LENGTH:
            return name
        name = longer


def some_phone(rng: Random, country: str) -> str:
    """Return a number of a range that is kept free for fiction: of the country, or else of another."""
    choice = country if country in PHONES else rng.choice(tuple(PHONES))
    return PHONES[choice](rng)


PHONES = {
    "GB": lambda rng: f"+447700900{rng.randrange(1000):03}",
    "US": lambda rng: f"+1{rng.choice(AREA_CODES)}55501{rng.randrange(100):02}",
    "AU": lambda rng: f"+61{rng.choice((2, 3, 7, 8))}{rng.choice((5550, 7010))}{rng.randrange(10_000):04}",
    "FR": lambda rng: f"+3363998{rng.randrange(10_000):04}",
    "DE": lambda rng: f"+4917139200{rng.randrange(100):02}",
}


def some_email(rng: Random, number: str) -> str:
    """Return an address at a host that no mail goes to; the number tells it from others."""
    return f"demonstration.{number}@{rng.choice(MAIL_HOSTS)}"
