"""The widget in Chromium, on another website's page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

Shot = Callable[[Page, str], None]
Violations = Callable[[Page], list[str]]
Embed = Callable[..., str]

PAGE = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Phường</title>'
    "{head}</head><body>{body}</body></html>"
)
BODY = "<main><h1>UBND phường Thử</h1><p>Trang của phường.</p><button>Tìm</button></main>"


def html(head: str = "", body: str = BODY) -> str:
    return PAGE.format(head=head, body=body)


@pytest.fixture
def home(site: Any, host: Any, embed: Embed) -> str:
    """A plain page of another website with the widget."""
    host.pages["/"] = html(embed(site))
    return str(host.origin) + "/"


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name="Hỏi về thủ tục")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Trợ lý thủ tục hành chính")


def answers(page: Page) -> Locator:
    return page.locator("motcua-widget li.theirs")


def ask(page: Page, text: str) -> None:
    page.get_by_label("Câu hỏi của bạn").fill(text)
    page.keyboard.press("Enter")


def focused(page: Page) -> str:
    """The name or text of what has the focus, within shadow trees too."""
    return str(
        page.evaluate(
            """() => { let e = document.activeElement;
            while (e && e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;
            return e.getAttribute('aria-label') || e.id || e.textContent.trim() || e.tagName; }"""
        )
    )


def collect_events(page: Page) -> None:
    page.evaluate(
        """() => { window.seen = [];
        for (const n of ['ready', 'open', 'close', 'message', 'error'])
            document.addEventListener('motcua:' + n, e => window.seen.push(
                [n, e.detail.message?.role ?? e.detail.error?.reason ?? '']));}"""
    )


def test_a_conversation_with_choices_and_a_follow_up(
    page: Page, home: str, site: Any, shot: Shot
) -> None:
    page.goto(home)
    launcher(page).click()
    expect(dialog(page)).to_be_visible()
    expect(dialog(page)).to_contain_text("Trợ lý tự động, không phải cán bộ")
    shot(page, "widget-desktop-open")
    ask(page, "cần giấy tờ gì")
    choice = page.get_by_role("list", name="Các lựa chọn").get_by_role("button").first
    expect(choice).to_contain_text("khai sinh")
    shot(page, "widget-desktop-choices")
    choice.click()
    expect(answers(page)).to_have_count(2)
    papers = answers(page).nth(1)
    expect(papers.get_by_role("heading").first).to_contain_text("khai sinh")
    expect(papers.get_by_role("checkbox").first).to_be_visible()
    shot(page, "widget-desktop-answer")
    papers.get_by_role("button", name="Phí, lệ phí").or_(
        papers.get_by_role("list", name="Các lựa chọn").get_by_role("button")
    ).first.click()
    expect(answers(page)).to_have_count(3)
    heard = site.engine.heard
    assert [message.choice is not None for message in heard] == [False, True, True]
    assert len({message.conversation for message in heard}) == 1
    assert {message.channel for message in heard} == {"web"}


def test_reload_keeps_conversation_ticks_and_token(page: Page, home: str, site: Any) -> None:
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    box = answers(page).get_by_role("checkbox").nth(1)
    box.check()
    page.reload()
    launcher(page).click()
    expect(answers(page)).to_have_count(1)
    expect(answers(page).get_by_role("checkbox").nth(1)).to_be_checked()
    expect(answers(page).get_by_role("checkbox").nth(0)).not_to_be_checked()
    ask(page, "xin chào")
    expect(answers(page)).to_have_count(2)
    first, second = site.engine.heard
    assert first.conversation == second.conversation


def test_two_tabs_share_a_conversation_and_count_unread_answers(
    new_context: Any, home: str
) -> None:
    context = new_context(viewport={"width": 1280, "height": 900})
    one, two = context.new_page(), context.new_page()
    one.goto(home)
    two.goto(home)
    launcher(one).click()
    ask(one, "làm khai sinh")
    expect(answers(one)).to_have_count(1)
    launcher(two).click()
    expect(answers(two)).to_have_count(1)
    ask(two, "lệ phí bao nhiêu")
    expect(answers(one)).to_have_count(2)
    answers(two).get_by_role("checkbox").first.check()
    expect(answers(one).get_by_role("checkbox").first).to_be_checked()


def test_an_answer_that_comes_after_closing_is_counted_as_unread(
    page: Page, home: str, site: Any
) -> None:
    site.engine.pause = 0.5
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    expect(page.get_by_text("Đang tìm câu trả lời…")).to_be_visible()
    page.keyboard.press("Escape")
    button = page.get_by_role("button", name="Hỏi về thủ tục, 1 câu trả lời chưa xem")
    expect(button).to_be_visible()
    assert page.evaluate("motcua.unread") == 1
    button.click()
    expect(answers(page)).to_have_count(1)
    assert page.evaluate("motcua.unread") == 0
    page.keyboard.press("Escape")
    expect(launcher(page)).to_have_accessible_name("Hỏi về thủ tục")


def test_a_broken_connection_is_retried_and_the_message_answered_once(
    page: Page, home: str, site: Any
) -> None:
    sent: list[dict[str, Any]] = []

    def answer_lost(route: Route, request: Request) -> None:
        if request.method != "POST":
            route.continue_()
            return
        sent.append(json.loads(request.post_data or "{}"))
        if len(sent) == 1:
            route.fetch()  # The server hears and answers it; the answer never arrives.
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/widget/messages", answer_lost)
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    expect(answers(page)).to_have_count(1)
    assert len(sent) == 2
    assert sent[0]["id"] == sent[1]["id"]
    assert len(site.engine.heard) == 1


def test_a_failed_message_stays_with_a_button_that_sends_it_again(
    page: Page, home: str, site: Any, shot: Shot
) -> None:
    collected: list[int] = []

    def broken(route: Route) -> None:
        collected.append(1)
        route.fulfill(status=400, body="{}", headers={"Access-Control-Allow-Origin": "*"})

    page.route("**/api/v1/widget/messages", broken)
    page.goto(home)
    collect_events(page)
    launcher(page).click()
    ask(page, "làm khai sinh")
    again = page.get_by_role("button", name="Gửi lại")
    expect(again).to_be_visible()
    shot(page, "widget-failed")
    assert ["error", "server"] in page.evaluate("window.seen")
    page.unroute("**/api/v1/widget/messages")
    again.click()
    expect(answers(page)).to_have_count(1)
    expect(again).to_have_count(0)
    assert len(site.engine.heard) == 1


def test_offline_is_said_and_the_question_goes_out_when_the_network_is_back(
    page: Page, home: str, shot: Shot
) -> None:
    page.goto(home)
    collect_events(page)
    launcher(page).click()
    page.context.set_offline(True)
    expect(dialog(page)).to_contain_text("Không có mạng")
    ask(page, "làm khai sinh")
    expect(page.get_by_role("button", name="Gửi lại")).to_be_visible()
    shot(page, "widget-offline")
    assert ["error", "offline"] in page.evaluate("window.seen")
    page.context.set_offline(False)
    expect(answers(page)).to_have_count(1)
    expect(page.locator("motcua-widget .notice")).to_be_hidden()


def test_a_reload_while_sending_ends_with_one_answer(page: Page, home: str, site: Any) -> None:
    page.goto(home)
    launcher(page).click()
    site.engine.pause = 1.0
    ask(page, "làm khai sinh")
    expect(page.get_by_text("Đang tìm câu trả lời…")).to_be_visible()
    page.wait_for_timeout(200)
    page.reload()
    launcher(page).click()
    expect(answers(page)).to_have_count(1)
    assert len(site.engine.heard) == 1


def test_a_conversation_the_server_does_not_know_is_begun_anew(
    page: Page, home: str, site: Any
) -> None:
    page.goto(home)
    launcher(page).click()
    ask(page, "xin chào")
    expect(answers(page)).to_have_count(1)
    page.evaluate(
        """() => { const k = Object.keys(localStorage).find(k => k.startsWith('motcua:'));
        const v = JSON.parse(localStorage[k]); v.conversation = 'made-up.0123';
        localStorage[k] = JSON.stringify(v); }"""
    )
    ask(page, "xin chào lần nữa")
    expect(answers(page)).to_have_count(2)
    first, second = site.engine.heard
    assert first.conversation != second.conversation


def test_deleting_asks_first_and_deletes_on_the_server_too(
    page: Page, home: str, site: Any
) -> None:
    page.goto(home)
    launcher(page).click()
    ask(page, "xin chào")
    expect(answers(page)).to_have_count(1)
    delete = page.get_by_role("button", name="Xóa cuộc trò chuyện")
    delete.click()
    page.get_by_role("button", name="Giữ lại").click()
    expect(answers(page)).to_have_count(1)
    delete.click()
    page.get_by_role("button", name="Xóa", exact=True).click()
    expect(answers(page)).to_have_count(0)
    expect(page.get_by_role("list", name="Câu hỏi gợi ý")).to_be_visible()
    page.wait_for_function("!JSON.stringify(localStorage).includes('xin ch')")
    assert site.engine.forgotten == [("web", site.engine.heard[0].conversation)]


def test_keyboard_alone_opens_asks_chooses_and_closes(page: Page, home: str) -> None:
    page.goto(home)
    page.keyboard.press("Tab")
    assert focused(page) == "Tìm"
    page.keyboard.press("Tab")
    assert focused(page) == "Hỏi về thủ tục"
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_visible()
    assert focused(page) == "field"
    page.keyboard.type("giấy tờ")
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(1)
    for _ in range(10):
        if "khai sinh" in focused(page):
            break
        page.keyboard.press("Shift+Tab")
    assert "khai sinh" in focused(page) or "tạm trú" in focused(page)
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    assert focused(page) == "Hỏi về thủ tục"


def test_escape_keeps_the_conversation_before_it_closes_the_panel(page: Page, home: str) -> None:
    page.goto(home)
    launcher(page).click()
    page.get_by_role("button", name="Xóa cuộc trò chuyện").click()
    expect(page.get_by_role("button", name="Giữ lại")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Giữ lại")).to_be_hidden()
    expect(dialog(page)).to_be_visible()
    assert focused(page) == "field"


def test_focus_returns_to_the_button_of_the_page_that_opened_it(page: Page, home: str) -> None:
    page.goto(home)
    expect(launcher(page)).to_be_visible()
    page.evaluate("() => { document.querySelector('main button').onclick = () => motcua.open(); }")
    page.get_by_role("button", name="Tìm").click()
    expect(dialog(page)).to_be_visible()
    page.get_by_role("button", name="Đóng").click()
    assert focused(page) == "Tìm"


def test_enter_that_ends_a_composed_word_does_not_send(page: Page, home: str, site: Any) -> None:
    page.goto(home)
    launcher(page).click()
    page.get_by_label("Câu hỏi của bạn").fill("khai")
    page.evaluate(
        """() => motcua.element.shadowRoot.querySelector('textarea').dispatchEvent(
        new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"""
    )
    expect(page.get_by_label("Câu hỏi của bạn")).to_have_value("khai")
    assert site.engine.heard == []


def test_the_live_region_reads_an_answer_once_and_without_addresses(page: Page, home: str) -> None:
    page.goto(home)
    launcher(page).click()
    page.evaluate(
        """() => { window.said = [];
        const live = motcua.element.shadowRoot.querySelector('[aria-live]');
        new MutationObserver(() => live.textContent && said.push(live.textContent))
            .observe(live, {childList: true, characterData: true, subtree: true}); }"""
    )
    ask(page, "làm khai sinh")
    expect(answers(page)).to_have_count(1)
    said = page.evaluate("window.said")
    assert len(said) == 1
    assert "Tờ khai đăng ký khai sinh" in said[0]
    assert "http" not in said[0]
    # Nothing else on the way up is live, or the answer would be read twice.
    assert (
        page.evaluate(
            """() => motcua.element.shadowRoot.querySelectorAll(
        '[aria-live], [role=log], [role=status], [role=alert]').length"""
        )
        == 1
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    new_context: Any, home: str, scheme: str, violations: Violations, shot: Shot
) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme).new_page()
    page.goto(home)
    expect(launcher(page)).to_be_visible()
    assert violations(page) == []
    launcher(page).click()
    expect(page.get_by_role("list", name="Câu hỏi gợi ý")).to_be_visible()
    assert violations(page) == []
    for question in ("giấy tờ", "làm khai sinh", "lệ phí bao nhiêu"):
        count = answers(page).count()
        ask(page, question)
        expect(answers(page)).to_have_count(count + 1)
    page.get_by_role("button", name="Xóa cuộc trò chuyện").click()
    assert violations(page) == []
    shot(page, f"widget-{scheme}")


def test_forced_colours_and_more_contrast(
    new_context: Any, home: str, violations: Violations, shot: Shot
) -> None:
    page = new_context(
        viewport={"width": 1000, "height": 800}, forced_colors="active", contrast="more"
    ).new_page()
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    expect(answers(page)).to_have_count(1)
    shot(page, "widget-forced-colours")
    border = page.evaluate(
        """() => getComputedStyle(
        motcua.element.shadowRoot.querySelector('.theirs')).borderTopColor"""
    )
    assert border != "rgba(0, 0, 0, 0)"
    assert violations(page) == []


def test_reduced_motion_stops_the_typing_animation(new_context: Any, home: str) -> None:
    names = []
    for motion in ("no-preference", "reduce"):
        page = new_context(reduced_motion=motion).new_page()
        page.goto(home)
        launcher(page).click()
        names.append(
            page.evaluate(
                """() => getComputedStyle(
                motcua.element.shadowRoot.querySelector('.typing'), '::after').animationName"""
            )
        )
    assert names == ["motcua-wait", "none"]


def test_a_phone_gets_the_whole_screen_and_nothing_behind_takes_the_focus(
    new_context: Any, home: str, violations: Violations, shot: Shot
) -> None:
    page = new_context(
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
    ).new_page()
    page.goto(home)
    shot(page, "widget-phone-closed")
    launcher(page).tap()
    expect(dialog(page)).to_be_visible()
    box = page.locator("motcua-widget dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    ask(page, "làm khai sinh")
    expect(answers(page)).to_have_count(1)
    shot(page, "widget-phone-answer")
    for _ in range(40):
        page.keyboard.press("Tab")
        assert focused(page) != "Tìm"
    assert violations(page) == []
    sizes = page.evaluate(
        """() => [...motcua.element.shadowRoot.querySelectorAll('button, input, a, textarea')]
        .filter(e => e.offsetParent).map(e => { const r = (e.closest('label') ?? e)
        .getBoundingClientRect(); return [e.textContent || e.tagName, r.width, r.height]; })"""
    )
    assert sizes
    assert [size for size in sizes if size[1] < 24 or size[2] < 24] == []


def test_four_hundred_per_cent_zoom_loses_nothing(
    new_context: Any, home: str, violations: Violations, shot: Shot
) -> None:
    # A window of 1280 by 1024 at 400 % has 320 by 256 CSS pixels.
    page = new_context(viewport={"width": 320, "height": 256}, device_scale_factor=4).new_page()
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    expect(answers(page)).to_have_count(1)
    shot(page, "widget-zoom-400")
    log = page.locator("motcua-widget .log")
    assert log.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert log.evaluate("e => e.clientHeight") >= 90
    for name in ("Đóng", "Xóa cuộc trò chuyện", "Gửi"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport()
    expect(page.get_by_label("Câu hỏi của bạn")).to_be_in_viewport()
    last = answers(page).get_by_role("button", name="In danh sách")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    assert violations(page) == []


def test_bigger_letters_of_the_browser_make_the_widget_bigger(page: Page, home: str) -> None:
    page.goto(home)
    launcher(page).click()
    size = "getComputedStyle(motcua.element.shadowRoot.querySelector('.root')).fontSize"
    assert page.evaluate(size) == "16px"
    page.evaluate("document.documentElement.style.fontSize = '24px'")
    assert page.evaluate(size) == "24px"
    page.evaluate("document.documentElement.style.fontSize = '5px'")
    assert page.evaluate(size) == "16px"


def test_text_is_text_and_only_web_addresses_become_links(page: Page, home: str) -> None:
    page.goto(home)
    launcher(page).click()
    ask(page, "<b>script</b>")
    expect(answers(page)).to_have_count(1)
    expect(answers(page).get_by_role("heading")).to_contain_text("<script>document.title")
    expect(page.locator("motcua-widget li.mine")).to_contain_text("<b>script</b>")
    assert page.locator("motcua-widget :is(img, script, b > *)").count() == 0
    assert answers(page).get_by_role("link").count() == 0
    assert page.title() == "Phường"


def test_links_open_a_new_page_and_say_so(page: Page, home: str) -> None:
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    link = answers(page).get_by_role("link").first
    expect(link).to_have_accessible_name("Trang chính thức (mở trang mới)")
    assert (link.get_attribute("href") or "").startswith("https://")
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_the_limit_is_counted_and_a_longer_question_is_not_sent(
    page: Page, home: str, site: Any
) -> None:
    page.goto(home)
    collect_events(page)
    launcher(page).click()
    expect(page.get_by_role("list", name="Câu hỏi gợi ý")).to_be_visible()
    counter = page.locator("motcua-widget .counter")
    field = page.get_by_label("Câu hỏi của bạn")
    field.fill("a" * 100)
    expect(counter).to_be_hidden()
    field.fill("a" * 190)
    expect(counter).to_have_text("Còn 10 ký tự")
    field.fill("a" * 201)
    expect(counter).to_have_text("Dài quá 200 ký tự, bạn viết ngắn lại giúp")
    field.press("Enter")
    expect(field).to_have_value("a" * 201)
    assert ["error", "too_long"] in page.evaluate("window.seen")
    assert site.engine.heard == []


def test_copy_puts_the_answer_on_the_clipboard(new_context: Any, home: str) -> None:
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    page.get_by_role("button", name="Sao chép").click()
    expect(page.locator("motcua-widget .typing")).to_have_text("Đã sao chép")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "☐ Tờ khai đăng ký khai sinh" in copied


def test_copy_works_without_the_clipboard_interface(new_context: Any, home: str) -> None:
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(home)
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('http')); }"
    )
    launcher(page).click()
    ask(page, "làm khai sinh")
    page.get_by_role("button", name="Sao chép").click()
    expect(page.locator("motcua-widget .typing")).to_have_text("Đã sao chép")
    assert "☐ Tờ khai đăng ký khai sinh" in page.evaluate("navigator.clipboard.readText()")


def test_print_shows_only_the_papers_with_their_ticks(page: Page, home: str) -> None:
    page.add_init_script("window.print = () => parent.printed = document.body.innerText;")
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    answers(page).get_by_role("checkbox").nth(1).check()
    page.evaluate(
        """() => { const make = document.createElement.bind(document);
        new MutationObserver(found => { for (const r of found) for (const n of r.addedNodes)
            if (n.tagName === 'IFRAME') n.contentWindow.print =
                () => window.printed = n.contentDocument.body.innerText; })
        .observe(motcua.element.shadowRoot, {childList: true});
        const append = ShadowRoot.prototype.appendChild;
        ShadowRoot.prototype.appendChild = function (n) { const r = append.call(this, n);
            if (n.tagName === 'IFRAME') n.contentWindow.print =
                () => window.printed = n.contentDocument.body.innerText; return r; }; }"""
    )
    page.get_by_role("button", name="In danh sách").click()
    printed = page.evaluate("window.printed")
    assert "☐ Tờ khai đăng ký khai sinh" in printed
    assert "☑ Giấy chứng sinh" in printed
    assert "UBND phường Thử" not in printed
    assert "https://" in printed


def test_interface_in_english_and_back_keeps_the_draft(page: Page, home: str, shot: Shot) -> None:
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    expect(answers(page)).to_have_count(1)
    page.get_by_label("Câu hỏi của bạn").fill("nháp")
    page.evaluate("motcua.setLocale('en')")
    english = page.get_by_role("dialog", name="Public services assistant")
    expect(english).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value("nháp")
    expect(page.get_by_role("button", name="Print the list")).to_be_visible()
    shot(page, "widget-english")
    page.evaluate("motcua.setLocale('vi')")
    expect(page.get_by_label("Câu hỏi của bạn")).to_have_value("nháp")


def test_colour_scheme_and_custom_properties(
    page: Page, site: Any, host: Any, embed: Embed
) -> None:
    style = "<style>motcua-widget{--motcua-brand:rgb(0,80,40)}</style>"
    host.pages["/"] = html(style + embed(site, color_scheme="dark"))
    page.goto(host.origin + "/")
    launcher(page).click()
    colour = "getComputedStyle(motcua.element.shadowRoot.querySelector('{}')).backgroundColor"
    assert page.evaluate(colour.format(".panel")) == "rgb(27, 26, 25)"
    page.evaluate("motcua.setColorScheme('light')")
    assert page.evaluate(colour.format(".panel")) == "rgb(255, 255, 255)"
    assert page.evaluate(colour.format("header")) == "rgb(0, 80, 40)"


def test_javascript_interface_and_events(page: Page, home: str) -> None:
    page.goto(home)
    expect(launcher(page)).to_be_visible()
    collect_events(page)
    assert page.evaluate("[motcua.version, motcua.isOpen, motcua.id]") == ["0.1.0", False, "motcua"]
    got = page.evaluate("motcua.ask('làm khai sinh')")
    assert [(message["role"], message["kind"], message["procedure"]) for message in got] == [
        ("assistant", "answer", "1.001193")
    ]
    page.evaluate("motcua.toggle()")
    expect(dialog(page)).to_be_hidden()
    page.evaluate("motcua.toggle()")
    expect(dialog(page)).to_be_visible()
    page.evaluate("motcua.close()")
    page.evaluate("motcua.reset()")
    assert page.evaluate("window.seen") == [
        ["open", ""],
        ["message", "citizen"],
        ["message", "assistant"],
        ["close", ""],
        ["open", ""],
        ["close", ""],
    ]
    page.evaluate("motcua.destroy()")
    expect(page.locator("motcua-widget")).to_have_count(0)


def test_several_widgets_keep_separate_conversations(
    page: Page, site: Any, host: Any, embed: Embed
) -> None:
    two = embed(site) + embed(site, id="second", target="#cho", title="Hỏi về hộ tịch")
    host.pages["/"] = html(two, BODY + '<div id="cho" style="height:500px"></div>')
    page.goto(host.origin + "/")
    inline = page.get_by_role("region", name="Hỏi về hộ tịch")
    expect(inline).to_be_visible()
    inline.get_by_label("Câu hỏi của bạn").fill("xin chào")
    inline.get_by_role("button", name="Gửi").click()
    expect(inline.locator("li.theirs")).to_have_count(1)
    launcher(page).click()
    expect(dialog(page).locator("li.theirs")).to_have_count(0)
    assert page.evaluate("motcua.get('second').element !== motcua.get('motcua').element")


def test_storage_can_be_left_out(page: Page, site: Any, host: Any, embed: Embed) -> None:
    host.pages["/"] = html(embed(site, storage="none"))
    page.goto(host.origin + "/")
    launcher(page).click()
    ask(page, "làm khai sinh")
    expect(answers(page)).to_have_count(1)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.reload()
    launcher(page).click()
    expect(answers(page)).to_have_count(0)


def test_no_cookies_and_no_request_to_anyone_else(page: Page, home: str, site: Any) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    expect(answers(page)).to_have_count(1)
    assert page.context.cookies() == []
    own = (site.origin, home)
    assert [url for url in requested if not url.startswith(own) and url != "about:blank"] == []


def test_a_website_that_is_not_allowed_gets_no_answer(
    page: Page, site: Any, host: Any, embed: Embed
) -> None:
    host.pages["/"] = html(embed(site))
    page.goto(host.strange + "/")
    launcher(page).click()
    ask(page, "làm khai sinh")
    expect(page.get_by_role("button", name="Gửi lại")).to_be_visible(timeout=30_000)
    assert site.engine.heard == []


def votes(page: Page) -> Locator:
    return answers(page).first.get_by_role("group", name="Đánh giá câu trả lời này")


def test_an_answer_is_voted_on_with_one_tap_and_the_vote_can_be_changed(
    page: Page, home: str, site: Any, shot: Shot, violations: Violations
) -> None:
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    up = votes(page).get_by_role("button", name="Hữu ích")
    down = votes(page).get_by_role("button", name="Chưa đúng")
    for button in (up, down):
        expect(button).to_have_attribute("aria-pressed", "false")
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44
    up.click()
    expect(
        page.locator("motcua-widget").get_by_text("Cảm ơn bạn đã đánh giá.").first
    ).to_be_visible()
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(answers(page)).to_have_count(1)
    handle = site.engine.feedback.votes
    with page.expect_response(lambda response: response.url.endswith("/messages")):
        down.focus()
        page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(2)
    expect(up).to_have_attribute("aria-pressed", "false")
    expect(down).to_have_attribute("aria-pressed", "true")
    reasons = answers(page).nth(1).get_by_role("list", name="Các lựa chọn").get_by_role("button")
    expect(reasons).to_have_count(5)
    expect(answers(page).nth(1).get_by_role("group")).to_have_count(0)
    assert violations(page) == []
    shot(page, "widget-vote")
    reasons.nth(1).click()
    expect(answers(page)).to_have_count(3)
    ask(page, "thiếu tờ khai")
    expect(answers(page)).to_have_count(4)
    (item,) = site.engine.feedback.items.find(limit=1)[0]
    assert item.snapshot["vote_reason"] == "missing"
    assert item.snapshot["comment"] == "thiếu tờ khai"
    assert handle.of(item.handle)["useful"] is False
    page.reload()
    launcher(page).click()
    expect(down).to_have_attribute("aria-pressed", "true")
    with page.expect_response(lambda response: response.url.endswith("/feedback")):
        up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    assert site.engine.feedback.items.get(item.id).state == "dismissed"


def test_a_vote_that_does_not_arrive_is_taken_back(page: Page, home: str) -> None:
    page.goto(home)
    launcher(page).click()
    ask(page, "làm khai sinh")
    up = votes(page).get_by_role("button", name="Hữu ích")
    expect(up).to_be_visible()
    page.route("**/api/v1/widget/feedback", lambda route: route.fulfill(status=404))
    up.click()
    expect(
        page.locator("motcua-widget").get_by_text("Chưa gửi được đánh giá.").first
    ).to_be_visible()
    expect(up).to_have_attribute("aria-pressed", "false")
