"""Dates as people and machines write them, in the languages whose month names are listed here.

Only what names a day is read: day, month and year. Dates in figures alone may be read two ways; see
:func:`find_dates`.
"""

import re
from collections.abc import Iterator
from datetime import date

# One line a month, January first: names and abbreviations in English, German, French, Spanish, Portuguese, Italian,
# Dutch, Polish, Russian, Ukrainian, Czech, Swedish, Danish, Norwegian, Finnish, Turkish, Romanian and Indonesian, in
# the case in which they stand in a date. Words that name different months in two of these languages are left out.
_MONTHS = """
january jan januar jänner jän janvier janv enero ene janeiro gennaio gen januari stycznia styczeń sty января янв січня ledna leden tammikuuta ocak ianuarie ian
february feb februar feber février févr fév febrero fevereiro fev febbraio febbr februari lutego luty lut февраля фев лютого února únor helmikuuta şubat februarie februari
march mar märz mrz maerz mär mars marzo março marco maart mrt marca marzec марта мар березня března březen maaliskuuta mart martie maret
april apr avril avr abril abr aprile kwietnia kwiecień kwi апреля апр квітня dubna duben huhtikuuta nisan aprilie
may mai mayo maio mag maggio mei maj maja мая май травня května květen toukokuuta mayıs
june jun juni juin junio junho jun giugno giu czerwca czerwiec cze июня июн червня června červen kesäkuuta haziran iunie
july jul juli juillet juil julio julho luglio lug lipca lipiec lip июля июл липня července červenec heinäkuuta temmuz iulie
august aug août aout agosto ago sierpnia sierpień sie августа авг серпня srpna srpen augusti augustus elokuuta ağustos agustus
september sep sept septembre septiembre setiembre setembro set settembre sett września wrzesień wrz сентября сен сент вересня září syyskuuta eylül septembrie
october oct oktober okt octobre octubre outubro out ottobre ott października październik paź октября окт жовтня října říjen lokakuuta ekim octombrie
november nov novembre noviembre novembro listopada listopad lis ноября ноя нояб marraskuuta kasım noiembrie listopadu
december dec dezember dez décembre déc decembre diciembre dic dezembro dicembre grudnia grudzień gru декабря дек грудня prosince prosinec desember des joulukuuta aralık decembrie desember
"""  # noqa: E501
_MONTH = {word: number for number, line in enumerate(_MONTHS.strip().splitlines(), 1) for word in line.split()}

_NAME = r"([^\W\d_]{3,12})"
_YEAR = r"((?:19|20)\d\d)"
_LAST_YEAR = rf"{_YEAR}(?!\d)"
_YEAR_FIRST = re.compile(
    rf"(?<!\d){_YEAR}(?:\s?[-/.年년]\s?)(\d{{1,2}}|[^\W\d_]{{3,12}})(?:\s?[-/.月월]\s?)(\d{{1,2}})(?!\d)"
)
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|[.ºª°])?(?:\s{{1,3}}|[-/])(?:(?:de|of|the)\s{{1,3}}|d['’])?{_NAME}"
    rf"[.,]{{0,2}}(?:\s{{1,3}}|[-/])?(?:del?\s{{1,3}})?{_LAST_YEAR}"
)
_MONTH_FIRST = re.compile(
    # Where style alone sets words apart, a month may stand right behind another word: "Jane SmithMar 5, 2024".
    r"(?:(?<![^\W\d_])|(?<=[a-z])(?=[A-Z]))([A-Z]?[^\W\d_A-Z]{2,11}|[A-Z]{3,9})\.?(?:\s{1,3}|[-/])"
    rf"(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s{{1,3}}|[,/-]){_LAST_YEAR}"
)
_FIGURES = re.compile(r"(?<!\d)(?<!\d[./-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?((?:19|20)\d\d|\d\d)(?![./-]?\d)")

# Every date has a year in full, or figures with something between.
_HINT = re.compile(r"(?:19|20)\d\d|\d[-/.]\s?\d")

# Countries that write the month first.
_MONTH_FIRST_REGIONS = frozenset(("us", "ph", "pr", "pw", "fm", "mh"))


def find_dates(text: str, language: str = "") -> Iterator[tuple[int, int, str]]:
    """Yield the dates in ``text``: start and end of each, and the day as ISO 8601 says it, in no order.

    ``language`` is a tag such as ``en-US``. It decides whether 03/04/2024 is in March or in April; if it does not, as
    ``en`` alone, such a date is passed over. Without a language figures with dots begin with the day.
    """
    if not _HINT.search(text):
        return
    for match in _YEAR_FIRST.finditer(text):
        if day := _day(match[1], match[2], match[3]):
            yield match.start(), match.end(), day
    for match in _DAY_FIRST.finditer(text):
        if day := _day(match[3], match[2], match[1]):
            yield match.start(), match.end(), day
    for match in _MONTH_FIRST.finditer(text):
        if day := _day(match[3], match[1], match[2]):
            yield match.start(), match.end(), day
    for match in _FIGURES.finditer(text):
        if day := _figures(match, language):
            yield match.start(), match.end(), day


def first_date(text: str, language: str = "") -> str:
    """Return the first date in ``text`` as ISO 8601 says it, or an empty string."""
    return min(find_dates(text, language), default=(0, 0, ""))[2]


def is_month(word: str) -> bool:
    """Return whether a word, in lower case, names a month."""
    return word in _MONTH


def _figures(match: re.Match[str], language: str) -> str:
    first, dot, second, year = match.groups()
    year = year if len(year) == 4 else f"20{year}"
    if int(first) > 12 or first == second:
        day_first = True
    elif int(second) > 12:
        day_first = False
    else:
        name, _, region = language.lower().replace("_", "-").partition("-")
        if language.lower() == "en" or (dot != "." and not name):
            return ""
        day_first = dot == "." or region not in _MONTH_FIRST_REGIONS
    return _day(year, second, first) if day_first else _day(year, first, second)


def _day(year: str, month: str, day: str) -> str:
    """Return a day as ISO 8601 says it, or an empty string when there is none such; ``month`` may be a name."""
    number = int(month) if month.isdecimal() else _MONTH.get(month.lower(), 0)
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return ""
