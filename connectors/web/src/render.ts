import { h, icon, isWebAddress } from "./dom";
import type { Strings } from "./strings";
import type { Block, Entry, LinkData, Reply } from "./types";

/** What a drawn answer can ask of the widget. */
export interface Actions {
  choose(title: string, choice: string): void;
  tick(entry: string, key: string, on: boolean): void;
  copy(reply: Reply): void;
  print(entry: Entry): void;
  vote(entry: string, useful: boolean): void;
}

/** Draws an answer; all text is set as text. */
export function drawReply(entry: Entry, reply: Reply, t: Strings, actions: Actions): Node[] {
  const nodes: Node[] = [];
  let facts: HTMLDListElement | null = null;
  reply.blocks.forEach((block, index) => {
    if (block.type === "fact" && block.label) {
      if (!facts) nodes.push((facts = h("dl")));
      facts.append(
        h(
          "div",
          {},
          h("dt", {}, block.label),
          h("dd", {}, ...value(block)),
        ),
      );
      return;
    }
    facts = null;
    nodes.push(...drawBlock(block, index, entry, t, actions));
  });
  const lists = reply.blocks.some((block) => block.type === "list" && block.style === "checklist");
  if (reply.choices.length) {
    nodes.push(
      h(
        "ul",
        { class: "choices", role: "list", "aria-label": t.choices },
        ...reply.choices.map(({ id, title }) =>
          h("li", {}, h("button", { type: "button", click: () => actions.choose(title, id) }, title)),
        ),
      ),
    );
  }
  if (reply.kind === "answer") {
    nodes.push(
      h(
        "div",
        { class: "tools" },
        h("button", { type: "button", click: () => actions.copy(reply) }, t.copy),
        lists && h("button", { type: "button", click: () => actions.print(entry) }, t.print),
      ),
    );
    if (reply.feedback) {
      const button = (useful: boolean, words: string) =>
        h(
          "button",
          { type: "button", "data-vote": String(useful), click: () => actions.vote(entry.id, useful) },
          icon("thumb"),
          words,
        );
      nodes.push(
        h(
          "div",
          { class: "vote", role: "group", "aria-label": t.vote },
          button(true, t.useful),
          button(false, t.notUseful),
        ),
      );
    }
  }
  return nodes;
}

function drawBlock(
  block: Block,
  index: number,
  entry: Entry,
  t: Strings,
  actions: Actions,
): Node[] {
  switch (block.type) {
    case "paragraph":
      return [h("p", block.strong ? { class: "strong" } : {}, block.text)];
    case "heading":
      return [h("h3", {}, block.text)];
    case "fact":
      return [h("p", {}, ...value(block))];
    case "link":
      return [h("p", {}, drawLink(block, t))];
    case "source":
      return [
        h(
          "div",
          { class: "source" },
          h("p", {}, block.text),
          ...block.links.map((link) => drawLink(link, t)),
        ),
      ];
    case "list": {
      const title = block.title ? [h("p", { class: "strong" }, block.title)] : [];
      const items = block.items.map(({ text, detail }, place) => {
        const words: Node[] = [h("span", {}, text)];
        if (detail) words.push(h("small", {}, detail));
        if (block.style !== "checklist") return h("li", {}, ...words);
        const key = `${index}.${place}`;
        const box = h("input", { type: "checkbox", "data-key": key });
        box.addEventListener("change", () => actions.tick(entry.id, key, box.checked));
        return h("li", {}, h("label", {}, box, h("span", {}, ...words)));
      });
      const list = block.style === "steps" ? "ol" : "ul";
      const label = block.title ? { "aria-label": block.title } : {};
      return [...title, h(list, { class: block.style, role: "list", ...label }, ...items)];
    }
  }
}

function value({ value, note }: { value: string; note: string }): Node[] {
  return note ? [h("b", {}, value), h("small", {}, note)] : [h("b", {}, value)];
}

function drawLink({ text, url }: LinkData, t: Strings): Node {
  if (!isWebAddress(url)) return document.createTextNode(text);
  return h(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer" },
    text,
    h("span", { class: "hidden" }, ` (${t.newWindow})`),
  );
}

/** An answer as a screen reader should hear it: no addresses. */
export function spoken(reply: Reply): string {
  const parts = reply.blocks.flatMap((block) => {
    switch (block.type) {
      case "fact":
        return [block.label ? `${block.label}: ${block.value}` : block.value, block.note];
      case "list":
        return [block.title, ...block.items.flatMap(({ text, detail }) => [text, detail])];
      default:
        return [block.text];
    }
  });
  return [...parts, ...reply.choices.map(({ title }) => title)].filter(Boolean).join(". ");
}
