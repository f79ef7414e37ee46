"""HTML to blocks: what a visitor sees, with the elements around it."""

import re

import pytest

from dehusk.document import Document
from dehusk.readers.elements import MAX_DEPTH
from dehusk.readers.html import NUMBER, numbered, parse
from dehusk.writers import WRITERS


def blocks(source: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in parse(source).blocks]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>One <b>bold</b> word</p><p>Two", [("paragraph", "One bold word"), ("paragraph", "Two")]),
        ("text <div>inner</div> after", [("paragraph", "text"), ("paragraph", "inner"), ("paragraph", "after")]),
        ("<p>a<br>b</p>", [("paragraph", "a\nb")]),
        ("<p>a<br>&nbsp;<br>b</p>", [("paragraph", "a"), ("paragraph", "b")]),
        ("<pre><div>a</div><div>  b</div></pre>", [("code", "a\n  b")]),
        ("<p>She said <q>no</q>.</p>", [("paragraph", "She said “no”.")]),
        ("<p>a <br> b<br><br>c</p>", [("paragraph", "a\nb"), ("paragraph", "c")]),
        ("<p> a \n\t b&nbsp;</p>", [("paragraph", "a b")]),
        ("<h2>Title</h2><ul><li>One<li><p>Two</p><p>more</ul>",
         [("heading", "Title"), ("item", "One"), ("item", "Two"), ("paragraph", "more")]),
        ("<pre>\n  a\n\n  b\n</pre>", [("code", "  a\n\n  b")]),
        ("<figure><img alt=x><figcaption>Rain</figcaption></figure>", [("caption", "Rain")]),
        ("<dl><dt>Term<dd>Meaning</dl>", [("paragraph", "Term"), ("paragraph", "Meaning")]),
        ("<select><option>A<option>B</select><button>Go</button><textarea>x</textarea>",
         [("control", "A"), ("control", "B"), ("control", "Go"), ("control", "x")]),
        ("<script>x</script><style>y</style><template><p>z</p></template><p>a</p><svg><text>t</text></svg>",
         [("paragraph", "a")]),
        ("<noscript><p>Enable scripts</p></noscript>", [("paragraph", "Enable scripts")]),
        ("<p>a<p>b<table><tr><td>c</table>", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
        ("<b>a<p>b</b>c", [("paragraph", "a"), ("paragraph", "bc")]),
        ("<p>&amp;&lt;&eacute;&#8217;</p>", [("paragraph", "&<é’")]),
        ("<table><tr style='height:5px'></tr><tr><td></td></tr></table>", []),
        ("", []),
        ("<p>   </p><div></div>", []),
    ],
)  # fmt: skip
def test_blocks(source: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(source) == expected


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<a href=/a>Sofas</a><a href=/b>Desks</a>", "Sofas Desks"),
        ("<span>Beds</span><span>2</span><span>Baths</span><span>1</span>", "Beds 2 Baths 1"),
        ("<a href=/s><span>GPL</span></a><label>MIT</label>", "GPL MIT"),
        ("Price<span>From</span>", "Price From"),
        ("<span>posted</span>By Ann", "posted By Ann"),
        ("<span>Beds</span><span>&nbsp;2</span>", "Beds 2"),
        ("<a href=/t/1>python</a><a href=/t/2><i-tem>django</i-tem></a>", "python django"),
        # What may be one word stays one.
        ("<a href=/t/1>case stud</a><a href=/t/1>ies</a>", "case studies"),
        ("<span>O</span><span>nce</span>", "Once"),
        ("<span>chil</span><span>dren</span>", "children"),
        ("<span>T</span>he", "The"),
        ("<b>My</b>SQL <b>Java</b><i>Script</i>", "MySQL JavaScript"),
        ("5<span>th</span> H<sub>2</sub>O x<sup>2</sup> $19<sup><span>99</span></sup>", "5th H2O x2 $1999"),
        ("<code><span>get</span><span>Name</span>(<span>i</span><span>2</span>)</code>", "getName(i2)"),
        ("<math><mi>a</mi><mn>2</mn><mi>B</mi></math>", "a2B"),
        ("<pre><span>get</span><span>Name</span></pre>", "getName"),
    ],
)
def test_labels_side_by_side_are_words_of_their_own(source: str, text: str) -> None:
    assert [block.text for block in parse(source).blocks] == [text]


@pytest.mark.parametrize(
    ("base", "target", "url"),
    [
        ("https://example.org/news/", "rain.html", "https://example.org/news/rain.html"),
        ("https://example.org/news/", "/", "https://example.org/"),
        ("https://example.org/news/", "https://example.com/x", "https://example.com/x"),
        ("https://example.org/news/", "#below", "#below"),
        ("https://example.org/news/", "//[", "//["),
        ("/news/", "rain.html", "/news/rain.html"),
        ("", "rain.html", "rain.html"),
    ],
)
def test_links_and_images_are_relative_to_the_base_of_the_page(base: str, target: str, url: str) -> None:
    head = f'<base target=_top><base href="{base}"><base href="https://example.net/">' if base else "<base>"
    (block,) = parse(f'{head}<p><a href="{target}">Rain</a> <img src="{target}" alt=x></p>').blocks
    assert [link.url for link in block.links] == [url]
    assert [image.url for image in block.images] == [url]


def test_rows_of_a_table_are_blocks_with_tabs() -> None:
    table = "<table><tr><th>City<th>Rain<tr><td>Leeds<td>10 <i>mm</i><tr><td>York<td></table>"
    document = parse(table)
    assert [(b.kind, b.text, b.level) for b in document.blocks] == [
        ("row", "City\tRain", 1),
        ("row", "Leeds\t10 mm", 0),
        ("row", "York", 0),
    ]
    italic = next(mark for mark in document.blocks[1].marks if mark.element.tag == "i")
    assert document.blocks[1].text[italic.start : italic.end] == "mm"


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("<tr><td rowspan=2>Monday<td>high<td>3.2<tr><td>low<td>0.4<tr><td>Tuesday<td>high<td>3.1",
         ["Monday\thigh\t3.2", "\tlow\t0.4", "Tuesday\thigh\t3.1"]),
        ("<tr><td>a<td>b<td>c<tr><td colspan=2>d<td>e", ["a\tb\tc", "d\t\te"]),
        ("<tr><td>a<td rowspan=2>b<td>c<tr><td>d<td>e", ["a\tb\tc", "d\t\te"]),
        ("<tr><td rowspan=2 colspan=2>a<td>b<td>c<tr><td>d<td>e", ["a\t\tb\tc", "\t\td\te"]),
        ("<tr><td rowspan=9>a<td>b<tbody><tr><td>c<td>d", ["a\tb", "c\td"]),
        ("<tr><td colspan=x rowspan=-1>a<td>b<tr><td colspan=0>c<td>d", ["a\tb", "c\td"]),
        ("<tr><td rowspan=2>a<td>b<td><table><tr><td>x<td>y</table><tr><td>c<td>d", ["x\ty", "\tc\td"]),
    ],
)  # fmt: skip
def test_cells_stand_in_their_columns(source: str, rows: list[str]) -> None:
    assert [text for kind, text in blocks(f"<table>{source}</table>") if kind == "row"] == rows


def test_cells_over_many_columns_and_rows_do_not_blow_up_a_page() -> None:
    wide = "<tr>" + "<td colspan=1000 rowspan=65534>a" * 100
    source = f"<table>{wide}{'<tr><td>b<td>c' * 1000}</table>"
    assert sum(len(text) for _, text in blocks(source)) < 20 * len(source)


def test_single_cells_are_no_rows_but_as_labels_without_values() -> None:
    alone = "<table><tr><td>Leeds<td><tr><td>York<td>10 mm<tr><td><td>or so<tr><td>Hull<td></table>"
    assert blocks(alone) == [
        ("paragraph", "Leeds"),
        ("row", "York\t10 mm"),
        ("paragraph", "or so"),
        ("paragraph", "Hull"),
    ]


def test_a_table_that_lays_a_page_out_has_no_rows() -> None:
    layout = "<table><tr><td><h2>News</h2><p>One.</p><p>Two.</p></td><td>Menu</td></tr></table>"
    assert [kind for kind, _ in blocks(layout)] == ["heading", "paragraph", "paragraph", "paragraph"]


def test_path_and_links() -> None:
    source = '<body><div id=a class="b c"><p>See <a href="/x">this <b>page</b></a>.</p></div><p>Other</p></body>'
    first, second = parse(source).blocks
    assert [str(element) for element in first.path] == ["html", "body", "div#a.b.c", "p"]
    assert first.path[0] is second.path[0]
    (link,) = first.links
    assert (first.text[link.start : link.end], link.url) == ("this page", "/x")
    assert first.link_density == pytest.approx(9 / 14)


def test_a_block_inside_one_inline_element_has_it_on_its_path() -> None:
    (block,) = parse('<p><span class="byline">By Jane</span></p>').blocks
    assert str(block.path[-1]) == "span.byline"
    (block,) = parse('<p><span class="byline">By</span> Jane</p>').blocks
    assert block.path[-1].tag == "p"


@pytest.mark.parametrize(
    "markup", ["<div>{}</div>", "<div>\n  {}\n</div>", "<div>{} <!-- --> </div>", "<div> {}<br></div>"]
)
def test_white_space_does_not_tell_what_is_around_a_block(markup: str) -> None:
    (block,) = parse(markup.format('<a class="brand" href="/">Quay</a>')).blocks
    assert str(block.path[-1]) == "a.brand"
    assert [(mark.start, mark.end) for mark in block.marks] == [(0, 4)]


IMAGES = """
<h1>Storm <img src="/seen.gif" width="1" height="1"></h1><p>Rain is expected.</p>
<figure><a href="/big"><img src="data:image/gif;x" data-src="/waves (1).jpg" alt="Waves [high]"></a>
<noscript><img src="/waves (1).jpg"></noscript><figcaption>Waves at the quay</figcaption></figure>
<p>Wet until <img src="/sun.png" alt=" the  sun "> comes.</p><div><p>More rain.</p><img src="last.jpg"></div>
<ul><li>One<li><img src="two.png">Two</ul>
<table><tr><td>Leeds<td><img src="a.png">10<tr><td><img src="b.png">York<td>20</table><img src="javascript:x()">
"""


def test_images_go_with_the_block_that_they_are_closest_to() -> None:
    document = parse(IMAGES)
    assert [(b.text, image.url, image.alt, image.before) for b in document.blocks for image in b.images] == [
        ("Rain is expected.", "/waves (1).jpg", "Waves [high]", False),
        ("Wet until comes.", "/sun.png", "the sun", False),
        ("More rain.", "last.jpg", "", False),
        ("Two", "two.png", "", True),
        ("Leeds\t10", "a.png", "", False),
        ("York\t20", "b.png", "", True),
        ("York\t20", "javascript:x()", "", False),
    ]


def test_images_are_written_when_asked_for() -> None:
    document = parse(IMAGES)
    assert "![" not in document.markdown
    with_images = WRITERS["markdown+images"].write(document)
    assert "Rain is expected.\n\n![Waves \\[high\\]](/waves%20%281%29.jpg)\n\nWaves at the quay\n" in with_images
    assert "- ![](two.png)\n\n  Two\n" in with_images
    assert "javascript" not in with_images
    assert "| York | 20 |\n\n![](a.png)\n\n![](b.png)\n" in with_images
    assert re.sub(r"!\[.*?\]\(\S+\)", "", with_images).split() == document.markdown.split()


def test_a_link_around_blocks_covers_each() -> None:
    first, second = parse("<a href=/x><h3>Head</h3><p>Blurb</p></a>").blocks
    assert [first.link_density, second.link_density] == [1.0, 1.0]


@pytest.mark.parametrize("markup", ["<div hidden>x</div>", "<p style='color:red; DISPLAY : none'>x</p>"])
def test_hidden_elements_are_marked(markup: str) -> None:
    (block,) = parse(markup).blocks
    assert any(element.hidden for element in block.path)


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ('<pre><code class="hljs language-python">x = 1</code></pre>', "python"),
        ('<pre class="lang-c++ s-code-block"><code>x = 1</code></pre>', "c++"),
        ('<div class="highlight highlight-source-js"><pre>x = 1</pre></div>', "js"),
        ('<div class="highlight-python3 notranslate"><div class="highlight"><pre>x = 1</pre></div></div>', "python3"),
        ('<div class="highlight-default notranslate"><div class="highlight"><pre>x = 1</pre></div></div>', ""),
        ('<pre class="sourceCode haskell"><code class="sourceCode haskell">x = 1</code></pre>', "haskell"),
        ('<pre class="brush: java; gutter: false">x = 1</pre>', "java"),
        ('<pre><code class="hljs ruby">x = 1</code></pre>', "ruby"),
        ('<pre><code class="language-none">x = 1</code></pre>', ""),
        ('<div class="highlight-box"><pre class="wp-block-code">x = 1</pre></div>', ""),
        ('<body class="lang-en"><main><article><div><div><div><pre>x = 1</pre></div></div></div></article></main>', ""),
    ],
)
def test_code_knows_its_language(source: str, language: str) -> None:
    (block,) = parse(source).blocks
    assert block.language == language


def test_lines_and_spans_count_the_visible_text() -> None:
    document = parse("<h1>Title</h1><p>One<br>two</p><ul><li>a<li>b</ul>")
    assert document.text == "Title\n\nOne\ntwo\n\na\nb\n"
    assert [(block.line, document.text[slice(*block.span)]) for block in document.blocks] == [
        (1, "Title"), (3, "One\ntwo"), (6, "a"), (7, "b"),
    ]  # fmt: skip


def test_numbers_agree_with_the_elements_on_the_paths() -> None:
    source = (
        "<title>t</title><script>1</script><div><p>a<p>b<table><tr><td>c<td>d</table></div><template><p></template>"
    )
    html = numbered(source)
    for block in parse(source).blocks:
        for element in block.path:
            assert f'<{element.tag} {NUMBER}="{element.index}"' in html


HEAD = """
<html lang="de-AT"><head><title>Storm - The Daily</title>
<meta property="og:title" content="Storm reaches the coast"><meta name="author" content="Jane Smith">
<meta property="article:published_time" content="2024-06-03T10:15:00+02:00">
<meta property="og:site_name" content="The Daily"><link rel="canonical" href="https://example.org/storm"></head>
<body><p>Text</p></body></html>
"""
LINKED_DATA = """
<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "The Daily"}, {"@type": "NewsArticle",
"headline": "Storm", "author": [{"name": "Jane Smith"}, {"name": "John Roe"}], "datePublished": "2024-06-03"}]}</script>
<h1>Storm</h1>
"""


def test_metadata_from_the_head() -> None:
    assert parse(HEAD).metadata.to_dict() == {
        "title": "Storm reaches the coast",
        "author": "Jane Smith",
        "date": "2024-06-03",
        "language": "de-AT",
        "url": "https://example.org/storm",
        "site": "The Daily",
    }


def test_metadata_from_linked_data() -> None:
    metadata = parse(LINKED_DATA).metadata
    assert (metadata.title, metadata.author, metadata.date) == ("Storm", "Jane Smith, John Roe", "2024-06-03")


@pytest.mark.parametrize(
    ("markup", "date"),
    [
        ('<meta name="date" content="2024-06-03"><time datetime="2024-06-09">now</time>', "2024-06-03"),
        ('<p itemprop="datePublished" content="2024-06-03T10:00">June</p>', "2024-06-03"),
        (
            '<link rel="canonical" href="https://a.example/2024/6/3/storm"><time datetime="2024-06-09"></time>',
            "2024-06-03",
        ),
        ('<time datetime="2024-06-03T10:15:00Z">3 June</time><time datetime="2024-06-09">later</time>', "2024-06-03"),
        ('<meta name="date" content="last June"><time datetime="PT5M">5 min</time>', ""),
        ('<meta property="article:modified_time" content="2024-06-09">', ""),
        ('<link rel="canonical" href="https://a.example/2024/16/39/storm">', ""),
    ],
)
def test_date(markup: str, date: str) -> None:
    assert parse(markup).metadata.date == date


@pytest.mark.parametrize("source", ["<p>Text</p>", '<script type="application/ld+json">{broken</script><p>Text'])
def test_a_page_that_says_nothing_of_itself_has_no_metadata(source: str) -> None:
    assert set(parse(source).metadata.to_dict().values()) == {None}


def deep(tag: str, depth: int) -> Document:
    return parse(f"<p>before</p>{f'<{tag}>' * depth}deep{f'</{tag}>' * depth}<p>after</p>")


@pytest.mark.parametrize("tag", ["div", "b", "ul", "section", "span"])
def test_absurdly_deep_pages_are_read_whole(tag: str) -> None:
    document = deep(tag, 60_000)
    assert [block.text for block in document.blocks] == ["before", "deep", "after"]
    assert len(document.blocks[1].path) <= MAX_DEPTH


@pytest.mark.parametrize("tag", ["script", "style", "title", "textarea", "iframe", "a", "div"])
def test_elements_without_content_end_in_xhtml(tag: str) -> None:
    body = f'<body><{tag} class="x"/><p>Rain<br/>fell.</p></body>'
    page = f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><{tag}/></head>{body}</html>'
    assert [text for _, text in blocks(page)] == ["Rain\nfell."]


@pytest.mark.parametrize(
    "url", ["javascript:x", "&#8203;javascript:x", "java&shy;script:x", " data:text/html,x", "#top"]
)
def test_links_that_lead_nowhere_or_run_a_script_are_not_written(url: str) -> None:
    assert parse(f'<p>See <a href="{url}">the office</a>.</p>').markdown == "See the office.\n"


def test_links_in_links_are_written_once() -> None:
    assert parse('<a href="/x">t<marquee>' * 1500).markdown.count("](") == 1


@pytest.mark.parametrize("tag", ["b", "i", "code", "a href=x", "q", "li", "blockquote", "table", "ul"])
def test_deep_pages_can_be_written_as_markdown(tag: str) -> None:
    document = parse(f"<p>before</p>{f'<{tag}>x' * 3000}")
    assert document.markdown.startswith("before\n")


def test_deep_nesting_that_is_never_closed() -> None:
    document = parse("<div>x" * 30_000)
    assert sum(block.text.count("x") for block in document.blocks) == 30_000


def test_tags_with_floods_of_attributes_are_read_without_them() -> None:
    flood = " ".join(f"a{number}=1" for number in range(100_000))
    page = f"<p>before</p><p {flood}>flooded</p><p title='{'long ' * 20_000}' hidden>after</p>"
    document = parse(page)
    assert [block.text for block in document.blocks] == ["before", "flooded", "after"]
    assert document.blocks[-1].path[-1].hidden


def test_drawings_of_many_elements_that_end_themselves_do_not_count_as_nesting() -> None:
    drawing = "<svg>" + '<path d="M0 0"/>' * 30_000 + "</svg>"
    assert [text for _, text in blocks(f"<p>before</p>{drawing}<p>after</p>")] == ["before", "after"]


@pytest.mark.parametrize(
    "tracker",
    [
        '<noscript><iframe src="https://example.org/t" height="0"></noscript>',
        '<noscript><img src="/t.gif"><iframe src="/t"></noscript><noscript><p></p></noscript>',
        "<NOSCRIPT><IFRAME SRC=/t></NOSCRIPT>",
    ],
)
def test_a_frame_that_never_ends_does_not_swallow_the_page(tracker: str) -> None:
    assert [text for _, text in blocks(f"<body>{tracker}<p>Rain</p><p>is expected.</p>")] == ["Rain", "is expected."]


def test_a_frame_that_ends_is_left_as_it_is() -> None:
    page = '<noscript><iframe src="/t">Your browser shows no frames.</iframe></noscript><p>Rain</p>'
    assert [text for _, text in blocks(page)] == ["Rain"]


@pytest.mark.parametrize("tag", ["<font color={}>", "<B id='>{}'>", '<i title="a>b" id={}>', "<code {}x>"])
def test_thousands_of_elements_that_never_end_do_not_multiply(tag: str) -> None:
    page = "".join(f"{tag.format(number)}<p>Rain {number}</p>" for number in range(3000))
    document = parse(page)
    assert [block.text for block in document.blocks] == [f"Rain {number}" for number in range(3000)]
    assert max(block.element.index for block in document.blocks if block.element) < 500_000
    assert max(len(block.marks) for block in document.blocks) < 100


def test_elements_with_attributes_of_their_own_keep_them() -> None:
    page = "".join(f"<p><i id=n{number}>Rain</i> {number}</p>" for number in range(500))
    marks = [mark.element.id for block in parse(page).blocks for mark in block.marks]
    assert marks[:100] == [f"n{number}" for number in range(100)]


def test_numbered_lists_begin_where_the_page_says() -> None:
    source = "<ol start=5><li>a<li value=9>b<li>c</ol><ol start=x><li>d</ol><ol start=-2><li>e</ol>"
    assert parse(source).markdown == "5. a\n9. b\n10. c\n\n1) d\n\n0. e\n"
