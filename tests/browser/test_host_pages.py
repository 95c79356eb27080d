"""The widget on pages that make its life hard: strict policies, hostile styles, frameworks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Shot = Callable[[Page, str], None]
Violations = Callable[[Page], list[str]]
Embed = Callable[..., str]

BODY = "<main><h1>Cổng thông tin</h1><p>Nội dung của trang.</p><button>Nút</button></main>"


def html(head: str = "", body: str = BODY) -> str:
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Cổng</title>'
        f"{head}</head><body>{body}</body></html>"
    )


def talk(page: Page) -> None:
    page.get_by_role("button", name="Hỏi về thủ tục").click()
    page.get_by_label("Câu hỏi của bạn").fill("làm khai sinh")
    page.keyboard.press("Enter")
    expect(page.locator("motcua-widget li.theirs")).to_have_count(1)


def test_the_strictest_policy_with_trusted_types(
    page: Page, site: Any, host: Any, embed: Embed
) -> None:
    host.policy = (
        f"default-src 'none'; script-src {site.origin}/widget.js; "
        f"connect-src {site.origin}/api/v1/widget/; "
        "base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    host.pages["/"] = html(embed(site))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(
        """document.addEventListener('securitypolicyviolation',
        e => console.error('policy', e.violatedDirective, e.blockedURI));"""
    )
    page.goto(host.origin + "/")
    talk(page)
    page.locator("motcua-widget").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="In danh sách").click()
    page.get_by_role("button", name="Đóng").click()
    # The browser asks for a favicon by itself; everything else must be silent.
    assert [line for line in complaints if "favicon" not in line] == []
    launcher = page.get_by_role("button", name="Hỏi về thủ tục")
    assert launcher.evaluate("e => getComputedStyle(e).position") == "fixed"


HOSTILE = """<style>
* { all: unset !important; color: lime !important; font: 3px monospace !important; }
html { font-size: 3px !important; }
motcua-widget, body > * { display: none !important; position: absolute !important;
  transform: scale(.1) !important; opacity: .05 !important; width: 1px !important;
  filter: blur(9px) !important; pointer-events: none !important; visibility: hidden !important;
  clip-path: inset(50%) !important; z-index: -1 !important; direction: rtl !important; }
button, dialog, textarea, section, li { display: none !important; background: lime !important; }
.launcher, .panel, .log, .hidden, .root { display: none !important; }
</style>"""


def test_hostile_styles_do_not_get_in_and_none_get_out(
    page: Page, site: Any, host: Any, embed: Embed, shot: Shot, violations: Violations
) -> None:
    host.pages["/without"] = html(HOSTILE)
    host.pages["/with"] = html(HOSTILE + embed(site))
    measure = """() => [...document.querySelectorAll('main, main *')].map(e => {
        const s = getComputedStyle(e); return [s.color, s.display, s.font, s.margin].join(); })"""
    page.goto(host.origin + "/without")
    untouched = page.evaluate(measure)
    page.goto(host.origin + "/with")
    talk(page)
    shot(page, "host-hostile")
    root = "getComputedStyle(motcua.element.shadowRoot.querySelector('{}')).{}"
    assert page.evaluate(root.format(".theirs", "color")) == "rgb(28, 27, 26)"
    assert page.evaluate(root.format(".theirs", "fontSize")) == "16px"
    assert page.evaluate(root.format(".theirs", "direction")) == "ltr"
    assert page.evaluate("getComputedStyle(motcua.element).opacity") == "1"
    box = page.locator("motcua-widget dialog").bounding_box()
    assert box is not None
    assert box["width"] == 420
    bubble = page.locator("motcua-widget li.theirs").bounding_box()
    assert bubble is not None
    assert bubble["width"] > 350
    assert page.evaluate(measure) == untouched
    assert page.evaluate("Object.keys(window).filter(k => /motcua/i.test(k))") == ["motcua"]
    assert page.evaluate("document.adoptedStyleSheets.length") == 0


def test_shortcuts_of_the_page_do_not_hear_what_is_typed(
    page: Page, site: Any, host: Any, embed: Embed
) -> None:
    host.pages["/"] = html(embed(site))
    page.goto(host.origin + "/")
    expect(page.get_by_role("button", name="Hỏi về thủ tục")).to_be_visible()
    page.evaluate(
        """() => { window.heard = [];
        document.addEventListener('keydown', e => heard.push(e.key)); }"""
    )
    page.keyboard.press("j")
    talk(page)
    page.get_by_label("Câu hỏi của bạn").press_sequentially("abc")
    assert page.evaluate("window.heard") == ["j"]


VUE = """<script src="/vue.js"></script>"""
VUE_APP = """<div id="app"></div><script>
const { createApp, ref, h } = Vue;
window.views = ref('home');
createApp({ setup: () => () => views.value === 'home'
  ? h('main', [h('h1', 'Trang chủ'),
      h('button', { onClick: () => views.value = 'ask' }, 'Hỏi đáp')])
  : h('main', [h('h1', 'Hỏi đáp'), h('div', { id: 'cho', style: 'height: 600px',
      onVnodeMounted: v => motcua.create({ id: 'trang', target: v.el, title: 'Hỏi trong trang' })}),
      h('button', { onClick: () => views.value = 'home' }, 'Về')]) }).mount('#app');
</script>"""


def test_a_vue_application_that_comes_and_goes(
    page: Page, site: Any, host: Any, embed: Embed, axe_source: str
) -> None:
    assert axe_source  # the development tools, Vue among them, are installed
    host.pages["/"] = html(VUE + embed(site), VUE_APP)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(host.origin + "/")
    expect(page.get_by_role("button", name="Hỏi về thủ tục")).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name="Hỏi đáp").click()
        region = page.get_by_role("region", name="Hỏi trong trang")
        expect(region).to_be_visible()
        expect(page.locator("motcua-widget")).to_have_count(2)
        page.get_by_role("button", name="Về", exact=True).click()
        expect(region).to_have_count(0)
    talk(page)
    assert errors == []


def test_an_application_that_swaps_the_whole_body_keeps_the_widget(
    page: Page, site: Any, host: Any, embed: Embed
) -> None:
    host.pages["/"] = html(embed(site))
    page.goto(host.origin + "/")
    talk(page)
    page.evaluate(
        """() => { const body = document.createElement('body');
        const h1 = document.createElement('h1'); h1.textContent = 'Trang hai'; body.append(h1);
        document.documentElement.replaceChild(body, document.body); }"""
    )
    expect(page.get_by_role("heading", name="Trang hai")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("motcua-widget li.theirs")).to_have_count(1)


def test_the_snippet_twice_makes_one_widget(page: Page, site: Any, host: Any, embed: Embed) -> None:
    host.pages["/"] = html(embed(site) + embed(site))
    page.goto(host.origin + "/")
    talk(page)
    expect(page.locator("motcua-widget")).to_have_count(1)


@pytest.mark.parametrize("broken", ["localStorage", "BroadcastChannel", "adoptedStyleSheets"])
def test_browsers_that_lack_something(
    page: Page, site: Any, host: Any, embed: Embed, broken: str
) -> None:
    take_away = {
        "localStorage": """Object.defineProperty(window, 'localStorage',
            {get() { throw new DOMException('denied', 'SecurityError'); }});""",
        "BroadcastChannel": "delete window.BroadcastChannel;",
        "adoptedStyleSheets": "delete window.CSSStyleSheet;",
    }
    page.add_init_script(take_away[broken])
    host.pages["/"] = html(embed(site))
    page.goto(host.origin + "/")
    talk(page)
    launched = page.locator("motcua-widget dialog")
    assert launched.evaluate("e => getComputedStyle(e).position") == "fixed"
