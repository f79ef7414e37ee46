"""Phrase packs: every entry against its own texts, and the pattern language."""

import pytest

from dehusk.errors import ConfigError
from dehusk.phrases import ANY, PACKS, Lexicon, Normal, Phrase, custom, first_words, lexicon
from dehusk.phrases.build import Entry, languages, load, packs
from dehusk.phrases.openings import index, needed_words, openings
from dehusk.phrases.template import NO_WORDS, Words, compile_template

ENTRIES = [entry for language in languages() for entry in load(language)]
PHRASES = [entry.phrase for entry in ENTRIES]
ALL = Lexicon(PHRASES, index(PHRASES))
NUMBERED = Words(weekdays=("月曜日", "月"), units=("年", "月", "日"))


def name(entry: Entry) -> str:
    return f"{entry.phrase.language} {entry.phrase.family}: {entry.phrase.pattern[:50]}"


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_entry_matches_and_keeps_what_it_says(entry: Entry) -> None:
    assert entry.match, "an entry needs a text that must match"
    assert entry.keep, "an entry needs a text that must not match"
    for text in entry.match:
        assert entry.phrase in [cue.phrase for cue in ALL.cues(text)], text
    for text in entry.keep:
        assert entry.phrase.family not in [cue.phrase.family for cue in ALL.cues(text)], text


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_entry_is_found_by_its_first_word(entry: Entry) -> None:
    assert ANY not in index([entry.phrase]), "an entry that any word may begin is tried on every block"


def test_shipped_file_is_made_of_the_packs() -> None:
    assert PACKS.read_text("utf-8") == packs(), "run: python -m dehusk.phrases.build"
    assert lexicon().phrases == ALL.phrases


def test_every_language_has_the_families_that_rules_ask_for() -> None:
    families = {language: {entry.phrase.family for entry in load(language)} for language in languages()}
    neutral = {"network"}
    assert {language: families["en"] - found - neutral for language, found in families.items()} == {
        language: set() for language in families
    }


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("leave a (reply|comment)", ["leave a reply", "Leave A Comment"], ["leave a", "leave a reply now"]),
        ("sign up [here] [now]", ["sign up", "sign up here", "sign up now", "sign up here now"], ["sign up  now"]),
        ("[please] log in", ["log in", "please log in"], ["pleaselog in", " log in"]),
        ("photo[:] {any}", ["photo: x", "photo x"], ["photo", "photo:"]),
        ("{n} comments", ["3 comments", "1,200 comments", "1.200.300 comments"], ["three comments"]),
        (
            "by {name}",
            ["by Jane Smith", "By J. R. R. Tolkien", "by Ana da Silva"],
            ["by land", "by Jane", "by jane smith"],
        ),
        ("by {names}", ["by Jane Smith and John Roe", "by Ann Bee, Bob Cee & Cy Dee"], ["by Jane Smith or"]),
        ("a.b (c|d[e])", ["a.b c", "a.b de"], ["axb c", "a.b e"]),
        (
            "文:{persons}",
            ["文:山田太郎", "文:山田 太郎", "文:佐藤花子、鈴木一郎", "文:ジョン・スミス", "文:王小明/李华"],
            ["文:山", "文:この手紙は誰が", "文:Jane", "文:灯台守の最後の冬", "文:灯塔守护人的最后一个冬天"],
        ),
    ],
)
def test_template(pattern: str, yes: list[str], no: list[str]) -> None:
    regex = compile_template(pattern)
    assert [text for text in yes if not regex.fullmatch(text)] == []
    assert [text for text in no if regex.fullmatch(text)] == []


@pytest.mark.parametrize(
    "name", ["Édith Piaf", "Øystein Åberg", "Юрий Гагарин", "Ελένη Νικολάου", "José O'Neil-Ruiz", "Єва Їжак"]
)
def test_names_in_other_alphabets(name: str) -> None:
    assert compile_template("by {name}").fullmatch(f"by {name}")


@pytest.mark.parametrize("text", ["Автор і", "Іван їде", "Ирина ёжится"])
def test_small_letters_of_other_alphabets_begin_no_name(text: str) -> None:
    assert not compile_template("{name}").fullmatch(text)


@pytest.mark.parametrize("text", ["ilgili yazı", "İlgili yazı", "İLGİLİ YAZI", "İlgili Yazı"])
def test_turkish_is_found_with_and_without_its_dots(text: str) -> None:
    phrases = [Phrase("x", "ilgili yazı", language="tr")]
    assert Lexicon(phrases, index(phrases)).cues(text)


@pytest.mark.parametrize(
    "date", ["3 June 2024", "June 3rd, 2024", "Mon, Jun 3, 2024", "2024-06-03", "03.06.2024", "3. 6. 2024", "June 3"]
)
def test_dates(date: str) -> None:
    vocabulary = Words(*next(load("en")).phrase.vocabulary)
    assert compile_template("{date}", vocabulary=vocabulary).fullmatch(date)


@pytest.mark.parametrize("pattern", ["Weather UPDATES", "weather updates", "NO_NAME DATE"])
def test_capitals_in_a_phrase_stand_for_themselves(pattern: str) -> None:
    assert compile_template(pattern, vocabulary=NUMBERED).fullmatch(pattern)


@pytest.mark.parametrize("date", ["2024年6月3日", "2024年 6月 3日", "6月3日", "2024年6月3日（月）", "2024. 6. 3."])
def test_dates_with_numbered_months(date: str) -> None:
    assert compile_template("{date}", vocabulary=NUMBERED).fullmatch(Normal.of(date).text)


@pytest.mark.parametrize("date", ["2024年6月", "3日", "2024年6月3日間", "2024年6月3日、"])
def test_what_is_no_date_with_a_numbered_month(date: str) -> None:
    assert not compile_template("{date}", vocabulary=NUMBERED).fullmatch(date)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("发布于{date}", "发布于2024年6月3日"),
        ("{date}", "2024年 6月 3日"),
        ("{date}", "2024. 6. 3."),
        ("{n}件のコメント", "3件のコメント"),
        ("コメント{sep}{n}", "コメント（3）"),
        ("댓글 {n}개", "댓글 3개"),
        ("댓글{n}개", "댓글3개"),
        ("{network}でシェア", "Facebookでシェア"),
        ("cookieの設定", "Cookieの設定"),
        ("文:{persons}", "文：山田太郎"),
        ("김{word} 기자", "김영희 기자"),
        ("広告", "【広告】"),
        ("もっと見る", "もっと見る＞＞"),
        ("読み込み中", "読み込み中。"),
        ("いいね", "■ いいね！"),
    ],
)
def test_phrases_of_scripts_without_spaces_are_found(pattern: str, text: str) -> None:
    phrase = Phrase("x", pattern, vocabulary=NUMBERED)
    assert ANY not in index([phrase])
    assert [cue.phrase for cue in Lexicon([phrase], index([phrase])).cues(text)] == [phrase]


def test_what_begins_a_text_without_spaces_need_not_end_with_a_word() -> None:
    phrase = Phrase("x", "当サイトはcookieを使用", at="start")
    found = Lexicon([phrase], index([phrase])).cues("当サイトはCookieを使用しています。")
    assert [cue.text for cue in found] == ["当サイトはCookieを使用"]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("{n} comments", "3 comments"),
        ("{n} comments", "1,200,300 comments"),
        ("{n} comments", "1,00,000 comments"),
        ("{n}/{n} points", "4.5/10 points"),
        ("24/7 support", "24/7 support"),
        ("{time} o'clock", "10:15 o'clock"),
        ("[on] {date}", "2024-06-03"),
        ("[on] {date}", "03.06.2024"),
        ("[on] {date}", "3. 6. 2024"),
        ("[on] {date}", "3／6／2024"),
        ("[on] {date}", "On June 3"),
        ("{date}[,] [{time}]", "3 June 2024, 10:15"),
    ],
)
def test_what_begins_with_numbers_is_found(pattern: str, text: str) -> None:
    vocabulary = Words(("June",))
    needed = tuple(needed_words(pattern, vocabulary=vocabulary))
    phrase = Phrase("x", pattern, needed=needed, vocabulary=vocabulary)
    assert [cue.phrase for cue in Lexicon([phrase], index([phrase])).cues(text)] == [phrase]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("関連記事", "関"),
        ("・関連記事", "関"),
        ("LINEで送る", "line"),
        ("3件のコメント", "3"),
        ("댓글 3개", "댓"),
        ("🙂 Share", "share"),
        ("Ярость", "ярость"),
        ("「…」", ""),
    ],
)
def test_first_words(text: str, word: str) -> None:
    assert first_words([text]) == [word]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("share", {"share -"}),
        ("leave a reply", {"leave a"}),
        ("(leave|post a) reply", {"leave reply", "post a"}),
        ("[please] log in", {"please log", "log in"}),
        ("comment[s] (by|on) x", {"comment by", "comment on", "comments by", "comments on"}),
        ("read more[:]", {"read more"}),
        ("read [more|on]", {"read more", "read on", "read -"}),
        ("e-mail us", {"e mail"}),
        ("(c|d)e[f] g", {"ce g", "cef g", "de g", "def g"}),
        ("{n} comments", {"0 comments"}),
        ("at {time} on", {"at 0"}),
        ("{time} on", {"0 on", "0 0"}),
        ("{n}km away", {"0 away"}),
        ("by {name}", {"by A"}),
        ("{name} writes", {"A *"}),
        ("{word} writes", {"* *"}),
        ("tags: {any}", {"tags *"}),
        ("x{word} y", {"* *"}),
        ("on {date}", {"on 0", "on *"}),
        ("{date}", {"0 D", "0 de", "0 of", "0 june", "june 0", "mon *"}),
        ("[x]", {"x -", "* -"}),
        ("広告", {"広 告"}),
        ("(前|次)の記事", {"前 の", "次 の"}),
        ("文", {"文 -"}),
        ("文:{persons}", {"文 A"}),
        ("김{word}", {"김 *"}),
        ("{n}件", {"0 件"}),
    ],
)
def test_openings(pattern: str, expected: set[str]) -> None:
    vocabulary = Words(("June",), ("Mon",))
    found = openings(pattern, vocabulary=vocabulary, whole=True)
    assert {f"{first} {second or '-'}" for first, second in found} == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{name} is a (writer|poet) {any}", {"writer", "poet"}),
        ("{name} is (a|an) [old] (co-founder|poet)", {"founder", "poet"}),
        ("{name} (writes|has written) {any}", {"writes", "written"}),
        ("{name} (writ(es|ten)|reports on) {any}", set()),
        ("{name}(writes|reports) {any}", set()),
        ("{name} [often] penned", {"penned"}),
        ("{n} (comments|likes)", {"comments", "likes"}),
        ("({n}|no) (comments|remarks)", {"comments", "remarks"}),
        ("{n}件のコメント", {"0"}),
        ("[on] {date}", {"D", "june"}),
        ("({date}|{n} hours ago)", {"D", "june", "hours"}),
    ],
)
def test_needed_words(pattern: str, expected: set[str]) -> None:
    assert needed_words(pattern, vocabulary=Words(("June",))) == expected


def test_what_only_begins_with_a_phrase_may_go_on_with_any_word() -> None:
    assert openings("share", vocabulary=NO_WORDS, whole=False) == {("share", ANY)}
    assert openings("share this", vocabulary=NO_WORDS, whole=False) == {("share", "this")}


@pytest.mark.parametrize("pattern", ["leave a (reply", "a|b", "x {nothing} y", "a) b (c"])
def test_bad_template_is_an_error_that_quotes_it(pattern: str) -> None:
    with pytest.raises(ConfigError, match="phrase '"):
        custom("x", [pattern])


def test_long_text_costs_no_more_than_its_beginning() -> None:
    assert lexicon().cues("leave a " * 100_000) == ()
    assert lexicon().cues("leave" + " " * 1_000_000) == ()
    assert lexicon().cues("by " + "A" * 1_000_000) == ()
    assert lexicon().cues("By " + "Aa Bb, " * 100_000) == ()
    assert lexicon().cues("文：" + "山、" * 100_000) == ()
    assert lexicon().cues("김" * 1_000_000) == ()
    assert lexicon().cues("撮影：" + "山 田 " * 100_000) == ()
