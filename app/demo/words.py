"""What people who do not exist write, and what is written of them. Each text says that it is made up."""

from random import Random

MESSAGES: dict[str, tuple[str, ...]] = {
    "en": (
        "Demonstration data: nobody waits for an answer to this.",
        "I was hurt in a fall and use a wheelchair since then.",
        "My arms are strong again, my hands are not.",
        "I would like to know whether feeling in my legs could come back, even a little.",
        "Bladder control matters more to me than walking.",
        "We have read the page twice and know that it may change nothing.",
        "I had a fever last month; the doctors found an infection and treated it.",
        "How long would I have to stay, and may my brother come along?",
    ),
    "es": (
        "Datos de demostración: nadie espera una respuesta a esto.",
        "Tuve un accidente de tráfico y desde entonces uso silla de ruedas.",
        "Me gustaría recuperar algo de sensibilidad en las manos.",
        "Hemos leído la página y sabemos que puede no cambiar nada.",
        "¿Cuánto tiempo habría que quedarse y puede venir un familiar?",
    ),
    "ar": (
        "بيانات للعرض فقط: لا أحد ينتظر جوابًا على هذا.",
        "أُصبت في حادث سير وأستعمل كرسيًا متحركًا منذ ذلك الحين.",
        "أود أن أعرف هل يمكن أن يعود بعض الإحساس إلى ساقيّ.",
        "قرأنا الصفحة ونعرف أن شيئًا قد لا يتغير.",
    ),
    "fr": (
        "Données de démonstration : personne n’attend de réponse.",
        "Je suis tombé d’une échelle il y a quelques années.",
        "J’aimerais retrouver un peu de force dans les mains.",
    ),
    "de": (
        "Daten zur Vorführung: Niemand wartet auf eine Antwort.",
        "Seit einem Badeunfall sitze ich im Rollstuhl.",
        "Am wichtigsten wäre mir mehr Gefühl in den Fingern.",
    ),
    "pt": (
        "Dados de demonstração: ninguém espera resposta.",
        "Sofri um acidente de moto e uso cadeira de rodas.",
        "Gostaria de saber se o meu caso pode ser avaliado.",
    ),
    "ru": (
        "Демонстрационные данные: ответа никто не ждёт.",
        "После травмы прошло несколько лет, руки понемногу слушаются.",
        "Хотелось бы узнать, можно ли вернуть чувствительность.",
    ),
    "zh": (
        "演示数据：没有人在等待答复。",
        "我几年前从高处摔下受伤，现在使用轮椅。",
        "想知道感觉是否可能恢复一点。",
    ),
    "ja": ("デモ用データです。返事を待っている人はいません。", "数年前に事故で脊髄を損傷しました。"),
    "he": ("נתוני הדגמה: אף אחד אינו מחכה לתשובה.", "נפצעתי בתאונה ואני נעזר בכיסא גלגלים."),
}
"""By language: first the sentence that says what it is, then some of which a message is made."""

NOTES = (
    "Demonstration note: asked for the report of the last MRI.",
    "Demonstration note: prefers calls in the afternoon, after physiotherapy.",
    "Demonstration note: the sister translates on the phone.",
    "Demonstration note: papers are complete, ready for the doctors.",
    "Demonstration note: will think it over and write again.",
)
HANDED_OVER = "Demonstration: you speak the language, could you see to this one?"
CONTACTED = (
    "Demonstration: talked for ten minutes, questions about the journey.",
    "Demonstration: nobody at home, will try again tomorrow.",
)
REASON_WORDS = "Demonstration: told on the phone, no reason given."
BEST_TIMES = ("Demonstration: mornings", "Demonstration: after 16:00", "")
REPLIES = {
    "en": "Demonstration reply. Thank you for writing. Send us the report of your last MRI if you have one.",
    "es": "Respuesta de demostración. Gracias por escribirnos. Envíenos el informe de su última resonancia.",
    "ar": "رد للعرض فقط. شكرًا لرسالتك. أرسل إلينا تقرير آخر تصوير بالرنين المغناطيسي إن وُجد.",
}
RELATIONSHIPS = ("mother", "brother", "wife", "friend", "hija", "физиотерапевт", "أخت", "physiotherapist")


def some_message(rng: Random, language: str) -> str:
    """Return a message of one to four sentences; one in five people writes none."""
    if rng.random() < 0.2:
        return ""
    label, *others = MESSAGES.get(language, MESSAGES["en"])
    return " ".join([label, *rng.sample(others, rng.randint(1, min(3, len(others))))])
