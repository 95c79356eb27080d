import { h } from "./dom";
import type { Entry } from "./types";

const SHEET = `
body{font:12pt/1.5 sans-serif;margin:0;color:#000}
h1{font-size:16pt;margin:0 0 8pt}
h2{font-size:12pt;margin:10pt 0 4pt}
ul{list-style:none;margin:0;padding:0}
li{padding:4pt 0;border-bottom:1px solid #999;break-inside:avoid}
small{display:block;margin-left:18pt;font-size:10pt}
p{font-size:10pt}`;

/** Prints the lists of papers of an answer, with what was ticked, and nothing of the page around. */
export function printLists(entry: Entry, within: Node): void {
  const reply = entry.reply;
  if (!reply) return;
  const frame = h("iframe", { class: "hidden", "aria-hidden": "true", tabindex: "-1" });
  within.appendChild(frame);
  const page = frame.contentDocument;
  const view = frame.contentWindow as (Window & typeof globalThis) | null;
  if (!page || !view) return;
  try {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(SHEET);
    page.adoptedStyleSheets = [sheet];
  } catch {
    // A browser without constructable style sheets prints with its own styles.
  }
  page.documentElement.lang = "vi";
  const ticks = new Set(entry.ticks);
  let title = true;
  reply.blocks.forEach((block, index) => {
    if (block.type === "heading") {
      page.body.append(h(title ? "h1" : "h2", {}, block.text));
      title = false;
    } else if (block.type === "list" && block.style === "checklist") {
      if (block.title) page.body.append(h("h2", {}, block.title));
      const items = block.items.map(({ text, detail }, place) =>
        h(
          "li",
          {},
          `${ticks.has(`${index}.${place}`) ? "☑" : "☐"} ${text}`,
          detail && h("small", {}, detail),
        ),
      );
      page.body.append(h("ul", {}, ...items));
    } else if (block.type === "source") {
      page.body.append(h("p", {}, block.text));
      block.links.forEach(({ url }) => page.body.append(h("p", {}, url)));
    }
  });
  page.title = page.querySelector("h1")?.textContent ?? "";
  view.addEventListener("afterprint", () => frame.remove());
  view.focus();
  view.print();
}
