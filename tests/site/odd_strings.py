"""500 odd strings, of our own making: what people paste, what keyboards give, what attackers try.

Whatever cannot be seen is written by its code point, so that this file reads the same in every editor.
"""

import itertools

ZWJ, ZWNJ, BOM = "\u200d", "\u200c", "\ufeff"
VARIANT = "\ufe0f"


def inside(*points: int, at_once: int = 1) -> list[str]:
    """Return each character between two letters, or so many ``at_once``."""
    groups = (points[place : place + at_once] for place in range(0, len(points), at_once))
    return [f"x{''.join(map(chr, group))}y" for group in groups]


def digits(zero: int, text: str = "1985") -> str:
    """Return digits in the script whose zero is at this code point."""
    return "".join(chr(zero + int(digit)) for digit in text)


CONTROLS = [
    *inside(*range(0x20), 0x7F),
    *inside(*range(0x80, 0xA0), at_once=8),
    *(
        "\x00",
        "\x07\x1b",
        "\x1b[31mred\x1b[0m",
        "\x00start",
        "end\x00",
        "a\r\nb\rc\nd",
        "\x85\x9f",
        "x\x00\x00y",
    ),
]
"""Every control of C0 and C1, and a few together."""
DIRECTION = [
    *inside(0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), at_once=2),
    "\u202egnirts",
    "invoice\u202efdp.exe",
    "\u2067שלום\u2066 user\u2069",
    "\u2069\u202c",
    "\u202a" * 60 + "deep",
    "a\u202eb\u202dc\u202ed",
]
UNSEEN = [
    *inside(0x200B, 0x200C, 0x200D, 0x2060),
    *inside(*range(0x2061, 0x2065), *range(0x206A, 0x2070), at_once=5),
    *inside(
        0xFEFF,
        0x00AD,
        0x034F,
        0x180E,
        0xFE00,
        0xFE0F,
        0xE0100,
        0xE0001,
        0xE0041,
        0xFFF9,
        0xFFFC,
        0x1D173,
        at_once=2,
    ),
    *("\u200b", ZWJ, ZWNJ, BOM, "\u00ad", "\u3164", "\uffa0", "\u115f\u1160", "\u2800", "\u200b" * 120),
    *(f"{BOM}bom", f"bom{BOM}", f"می{ZWNJ}خواهم", f"क्{ZWJ}ष", f"ශ්{ZWJ}රී", f"a{ZWJ}{ZWJ}{ZWNJ}b"),
]
SPACES = [
    *inside(0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, at_once=2),
    *(
        "",
        " ",
        "\t",
        "\n",
        "\r\n\r\n",
        "\u00a0",
        "\u2003\u2009",
        "\u3000",
        "\u2028",
        "\u2029\u2029",
        " " * 200,
    ),
    *(
        " led",
        "trailed ",
        "  two  between  ",
        "\ttab\tbed\t",
        "\u00a0held\u00a0",
        "\u3000広い\u3000",
        "a\u2028b\u2029c",
    ),
]
NO_CHARACTERS = inside(
    *(0xFDD0, 0xFDEF), *(plane << 16 | end for plane in range(17) for end in (0xFFFE, 0xFFFF)), at_once=4
)
"""Code points that Unicode says are never to be one."""
NOT_GIVEN = [
    *inside(0xE000, 0xF8FF, 0xF0000, 0xFFFFD, 0x100000, 0x10FFFD),  # private use
    *inside(0x0378, 0x0530, 0x0B5B, 0x1CFB, 0x2FE0, 0x1FBFF, 0xE0FFF),  # unassigned
    *inside(0xD7FF, 0xFFFD, 0xFFFA, 0xFFFB),  # beside the surrogates; what stands for them when they are lost
    *(
        "\ue000",
        "\U0010fffd",
        "\u0378",
        "\ufffd\ufffd",
        r"\ud800",
        r"\ud83d\ude00",
        r"\xed\xa0\x80",
        "%ED%A0%80",
    ),
]
BEYOND_THE_FIRST_PLANE = [
    *("𠮷野家", "𝒻𝒶𝓃𝒸𝓎", "𝕯𝖔𝖈𝖙𝖔𝖗", "𐍈𐌿𐍄", "𓀀𓂀", "𐤀𐤋𐤐", "𞤀𞤣𞤤𞤢𞤥", "𑀩𑁆𑀭𑀸", "🄰🅱🅲", "𪚥" * 60, "𠀀𪛖"),
]
EMOJI = [
    *(
        "😀",
        "❤" + VARIANT,
        "👍🏿",
        f"👩{ZWJ}👩{ZWJ}👧{ZWJ}👦",
        f"🧑🏽{ZWJ}🦽",
        f"🏳{VARIANT}{ZWJ}🌈",
        "🇪🇸🇬🇧",
        "#" + VARIANT + "\u20e3",
    ),
    *(
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "👩" + ZWJ,
        ZWJ + "👩",
        "🏿",
        f"👨{ZWJ}🦽" * 30,
        "😀" * 120,
    ),
]
MARKS = [
    *(
        "Z\u0351\u036b\u0343\u036aa\u0300\u0301\u0302l\u0334\u0335g\u0360o\u0361",
        "e" + "\u0301" * 100,
        "\u0301" * 40,
    ),
    *("\u0301", "\u0bcd", "\u094d", "\u064b", "\u05b0", "\u3099", "\u0e38\u0e38\u0e38", "\u20e3"),
    *(
        "o\u0338",
        "ก็็็็็็็",
        "ใ้้้้",
        "a\u0327\u0301",
        "a\u0301\u0327",
        "\u1e0d\u0307",
        "q\u0307\u0323",
        "\uac01",
        "\u1100\u1161\u11a8",
    ),
    *("ﷺ", "﷽", "ཧཱུྃ", "नि" * 50),
]
NAMES = [
    *("محمد الأمين", "שרה כהן", "فاطمهٔ زهرا", "ޙަސަން", "ߒߞߏ", "李小明", "山田　太郎", "김민준", "สมชาย ใจดี"),
    *(
        "Nguyễn Thị Ánh",
        "Nguye\u0302\u0303n Thi\u0323",
        "Ólafur Þórðarson",
        "Łukasz Żółć",
        "Đorđe",
        "O'Brien",
        "d’Île",
    ),
    *("Jean-François Müller", "X Æ A-12", "Ꮳꮃꭹ", "ነጋ", "ქეთევან", "Հայկ", "தமிழ்ச்செல்வி", "ਸਿੰਘ", "A"),
    *("María José de la O y Álvarez", "Dr. med. Ö., Jr.", "Smith (née Jones)", "Ng", "Ｔａｎａｋａ"),
]
MIXED_DIRECTIONS = [
    *(
        "אבגד example 123",
        "example (שלום) 5",
        "١٢٣ abc שלום",
        "محمد: T10, 1985",
        "C5 ـ رقبة",
        "(א",
        "א-1",
        "\u200f(abc)\u200f",
        "1 < ٢ > 3",
    ),
]
CASES = [
    *("İstanbul", "ıĞÜŞ", "ılık", "I\u0307", "i\u0307", "ß", "ẞ", "Straße", "ǅ", "ŉ", "ΐ", "ΟΔΟΣ", "ςσΣ"),
    *("ﬁ", "ﬃ", "ſ", "Å", "K", "µ", "ª", "ﬀ ﬂ", "և", "ẛ\u0323"),
]
NUMBERS = [
    *(
        digits(zero)
        for zero in (0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xE50, 0xF20, 0x1040, 0x17E0, 0xFF10, 0x1D7CE)
    ),
    *("NaN", "Infinity", "1e309", "-0", "0", "00", "007", "+1", "-1", "1.5", "1,5", "1 985", "1_985"),
    *("0x7C1", "½", "²", "①", "ⅻ", "一九八五", "௧", "𒐕", "１２．５"),
    *("9" * 24, "1e1000000", "9223372036854775808", "1/0", "٬١٫٢", "∞"),
]
DATES = [
    *("2019-02-30", "31/12/1999", "0000-00-00", "9999-12-31", "1970-01-01T00:00:00Z", "24:00", "23:59:60"),
    *("平成三十年", "١٤٤٠/٥/١", "yesterday", "2019-W01", "1899", "2999", "1900-02-29"),
]
WORDS = [
    *("null", "undefined", "None", "true", "false", "(null)", "N/A", "[object Object]"),
    *("constructor", "__proto__", "self", "-", "...", "_", "yes"),
]
MARKUP = [
    *(
        "<script>alert(1)</script>",
        "</textarea><script>alert(1)</script>",
        '" autofocus onfocus=alert(1) x="',
    ),
    *(
        "' onmouseover='alert(1)",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<!-- ",
        "-->",
        "<![CDATA[x]]>",
    ),
    *("</form><form action=//x.example>", '<input name="csrf_token" value="x">', "<", ">", "&", "a<b>c"),
    *(
        "javascript:alert(1)",
        "data:text/html,<script>1</script>",
        "<iframe srcdoc='x'>",
        "<a href=//x.example>x</a>",
        "<math><mi//",
    ),
    *(
        "\\u003cscript\\u003e",
        "<scr<script>ipt>",
        "＜script＞",
        "`${alert(1)}`",
        "<bdo dir=rtl>x</bdo>",
        "<?php 1 ?>",
    ),
    *("&amp;", "&lt;b&gt;", "&#0;", "&#x202e;", "&nbsp;", "&NotEqualTilde;", "&notit;", "&;", "&#x110000;"),
]
QUERIES = [
    *(
        "'; DROP TABLE inquiries; --",
        "' OR '1'='1",
        '" OR ""="',
        "1; SELECT pg_sleep(9)",
        "admin'--",
        "x' UNION SELECT 1--",
        "\\'; --",
    ),
    *("%' LIKE '%", "$1", ":name", "?", "%s", "/* */", "';--\u02bc", "ʼ OR 1=1"),
    *('{"$gt": ""}', "*)(uid=*))(|(uid=*", "\\2a\\28", "cn=*,dc=x", "//user[1]|//*", "' or count(/*)=1 or '"),
]
TEMPLATES = [
    *("{{ 7 * 7 }}", "{% raw %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{''.__class__}}", "{0.__class__}"),
    *(
        "%n%n%p%x",
        "%(name)s",
        "%(limit)s",
        "{",
        "{}",
        "{name!r:>9}",
        "%%",
        "%1$s",
        "$(id)",
        "`id`",
        "; id",
        "| id",
    ),
    *("$IFS", "~", "*", "-rf /", "--help", "\n/bin/true"),
]
CELLS = [
    *(
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        '=HYPERLINK("//x.example")',
        "=cmd|' /C calc'!A0",
        "\t=1",
        "＝1+1",
        '"=1"',
        ";=1",
    ),
]
PATHS = [
    *(
        "../../../../etc/passwd",
        "..\\..\\boot.ini",
        "/etc/passwd\x00.png",
        "C:\\",
        "file:///etc/passwd",
        "\\\\host\\share",
        "%2e%2e%2f",
    ),
    *(
        "..%c0%af",
        "http://169.254.169.254/",
        "//x.example",
        "a/b",
        "a?b#c",
        "%00",
        "%0d%0aSet-Cookie: x=1",
        "a\r\nBcc: x@y.example",
    ),
    *("%", "%F0%9F%98%80", "a+b c", "a%20b", "&a=b", "=", ";"),
]
QUOTES = [
    *(
        "“curly”",
        "‘single’",
        "«guillemets»",
        "„low“",
        "「鉤」",
        "『二重』",
        "〝prime〟",
        "＂wide＂",
        "ʼ",
        "′ ″",
        "`´",
        '"',
        "'",
        "'\"\\'",
        "״גרשיים״",
    ),
]
BOMBS = [
    *(
        "((a+)+)+$" + "a" * 40 + "!",
        "(?=x)*",
        "[[:alpha:]",
        "^(a|a?)+$",
        "\\",
        "(" * 60,
        "[" * 100 + "]" * 19,
    ),
    *(
        '{"a":' * 20 + "1" + "}" * 20,
        "&a [*a,*a]",
        "a: !!python/object:os.system",
        "--- |\n  x",
        "!!binary AAAA",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    ),
    *(
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        "<x:include/>",
        "[1,2",
        '{"a":1,"a":2}',
        "\\u0000",
        '"\\ud800"',
        "no: off",
        "~: null",
    ),
]
LOOKALIKES = [
    "раураӏ",
    "Ѕрain",
    "Ｓｐａｉｎ",
    "ехаmрlе@mail.example.com",
    "a@b",
    "@",
    "a@b@c.example",
    "name@exаmple.com",
    "Τ10",
    "С5",
    "T1О",
]
LONG = [
    *(
        "a" * 119,
        "a" * 120,
        "a" * 121,
        "é" * 120,
        "e\u0301" * 61,
        "😀" * 121,
        "word " * 30,
        "長" * 4000,
        "x" * 4001,
        "𠮷" * 254,
    ),
    *(" ".join(["ab"] * 41), "a" + "\u0300\u0327" * 2000, "a-" * 60, "ـ" * 120, "W" * 255),
]

GROUPS = {
    name: group for name, group in dict(globals()).items() if name.isupper() and isinstance(group, list)
}
EVERY = tuple(dict.fromkeys(itertools.chain.from_iterable(GROUPS.values())))
