import type {
  ColorScheme,
  Locale,
  MotcuaError,
  MotcuaMessage,
  MotcuaOptions,
  MotcuaWidget,
} from "../widget";
import { Client, Failure, newId } from "./client";
import { h, icon } from "./dom";
import { printLists } from "./print";
import { drawReply, spoken } from "./render";
import { Store } from "./store";
import { STRINGS, type Strings } from "./strings";
import type { Config, Entry, Reply } from "./types";
import CSS from "./widget.css";

const DEFAULTS: Config = { max_length: 2000, expiry_hours: 24, about: null, suggestions: [] };
const SMALL = "(max-width: 480px), (max-height: 480px)";
const DARK = "(prefers-color-scheme: dark)";
/** A message that was being sent when the page went away is sent again within this time. */
const RESUME = 120_000;

let sheet: CSSStyleSheet | null = null;

export class Widget implements MotcuaWidget {
  readonly element = document.createElement("motcua-widget");
  private readonly root = this.element.attachShadow({ mode: "open" });
  private readonly inline: boolean;
  private readonly client: Client;
  private readonly store: Store;
  private readonly small = matchMedia(SMALL);
  private readonly dark = matchMedia(DARK);
  private readonly watcher = new MutationObserver(() => this.mount());
  private readonly drawn = new Map<string, HTMLLIElement>();
  private readonly waiting = new Set<string>();
  private readonly flying = new Map<string, Promise<readonly MotcuaMessage[]>>();
  private queue: Promise<unknown> = Promise.resolve();
  private config = DEFAULTS;
  private configured = false;
  private locale: Locale;
  private scheme: ColorScheme;
  private returnTo: HTMLElement | null = null;
  private shown = false;
  private hush = 0;

  private frame!: HTMLDivElement;
  private launcher!: HTMLButtonElement;
  private badge!: HTMLSpanElement;
  private panel!: HTMLElement;
  private log!: HTMLDivElement;
  private intro!: HTMLDivElement;
  private entries!: HTMLOListElement;
  private typing!: HTMLDivElement;
  private notice!: HTMLParagraphElement;
  private confirm!: HTMLDivElement;
  private field!: HTMLTextAreaElement;
  private counter!: HTMLDivElement;
  private live!: HTMLDivElement;

  constructor(
    readonly id: string,
    private readonly options: MotcuaOptions & { server: string },
    private readonly gone: () => void,
  ) {
    this.inline = !!options.target;
    this.locale = options.locale ?? "vi";
    this.scheme = options.colorScheme ?? "auto";
    this.client = new Client(options.server);
    const key = `motcua:${options.server}:${id}`;
    const kind = options.storage ?? "local";
    this.store = new Store(key, kind, DEFAULTS.expiry_hours, () => this.sync());
    this.style();
    this.build();
    for (const type of ["keydown", "keyup", "keypress", "input", "change", "paste", "copy"]) {
      // The page's own shortcuts must not react to what is typed here.
      this.root.addEventListener(type, (event) => event.stopPropagation());
    }
    this.small.addEventListener("change", this.resized);
    this.dark.addEventListener("change", this.paint);
    addEventListener("online", this.connected);
    addEventListener("offline", this.connected);
    visualViewport?.addEventListener("resize", this.fit);
    this.mount();
    if (!this.inline) {
      // A single-page application may swap the whole body.
      this.watcher.observe(document.documentElement, { childList: true });
      this.watcher.observe(document.body, { childList: true });
    }
    this.resume();
    // The caller gets hold of the widget first.
    queueMicrotask(() => this.emit("ready", {}));
    if (this.inline) {
      this.shown = true;
      this.seen();
      void this.configure();
    } else if (options.open) this.open();
  }

  get isOpen(): boolean {
    return this.shown;
  }

  get unread(): number {
    return this.store.read().unread;
  }

  open(): void {
    if (this.shown) return;
    this.shown = true;
    const active = document.activeElement;
    this.returnTo =
      active instanceof HTMLElement && active !== document.body && active !== this.element
        ? active
        : this.launcher;
    this.show();
    this.launcher.hidden = true;
    this.seen();
    void this.configure();
    this.log.scrollTop = this.log.scrollHeight;
    (matchMedia("(pointer: coarse)").matches ? this.log : this.field).focus();
    this.emit("open", {});
  }

  close(): void {
    if (!this.shown || this.inline) return;
    this.shown = false;
    (this.panel as HTMLDialogElement).close();
    this.launcher.hidden = this.options.launcher === false;
    this.askRestart(false);
    const back = this.returnTo;
    (back?.isConnected && !(back as HTMLButtonElement).hidden ? back : this.launcher).focus();
    this.emit("close", {});
  }

  toggle(): void {
    if (this.shown) this.close();
    else this.open();
  }

  ask(question: string): Promise<readonly MotcuaMessage[]> {
    this.open();
    return this.submit(question);
  }

  async reset(): Promise<void> {
    const { conversation } = this.store.read();
    this.waiting.clear();
    this.store.update((kept) => Object.assign(kept, { conversation: "", entries: [], unread: 0 }));
    this.say(this.t.restarted);
    if (conversation) await this.client.forget(conversation).catch(() => undefined);
  }

  setLocale(locale: Locale): void {
    if (!(locale in STRINGS)) return;
    this.locale = locale;
    const { shown } = this;
    const draft = this.field.value;
    const inside = this.root.activeElement !== null;
    this.frame.remove();
    this.drawn.clear();
    this.build();
    this.field.value = draft;
    this.drawIntro();
    if (shown && !this.inline) {
      this.show();
      this.launcher.hidden = true;
    }
    if (inside) this.field.focus();
  }

  setColorScheme(scheme: ColorScheme): void {
    this.scheme = scheme;
    this.paint();
  }

  destroy(): void {
    this.watcher.disconnect();
    this.store.close();
    this.small.removeEventListener("change", this.resized);
    this.dark.removeEventListener("change", this.paint);
    removeEventListener("online", this.connected);
    removeEventListener("offline", this.connected);
    visualViewport?.removeEventListener("resize", this.fit);
    this.element.remove();
    this.gone();
  }

  // --- parts -------------------------------------------------------------------------------

  private get t(): Strings {
    return STRINGS[this.locale];
  }

  private style(): void {
    try {
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(CSS);
      }
      this.root.adoptedStyleSheets = [sheet];
    } catch {
      // A browser without constructable style sheets loads the same rules from the server.
      this.root.append(h("link", { rel: "stylesheet", href: `${this.options.server}/widget.css` }));
    }
  }

  private build(): void {
    const { t } = this;
    const title = this.options.title || t.title;
    const button = (name: "close" | "bin", label: string, click: () => void) =>
      h("button", { type: "button", "aria-label": label, title: label, click }, icon(name));
    this.badge = h("span", { class: "badge", "aria-hidden": "true", hidden: true });
    this.launcher = h(
      "button",
      { type: "button", class: "launcher", "aria-haspopup": "dialog", click: () => this.open() },
      icon("chat"),
      h("span", {}, t.launcher),
      this.badge,
    );
    this.launcher.hidden = this.inline || this.options.launcher === false;
    this.intro = h("div");
    this.entries = h("ol", { class: "entries", role: "list" });
    this.log = h(
      "div",
      { class: "log", role: "region", tabindex: "0", "aria-label": t.log },
      this.intro,
      this.entries,
    );
    this.typing = h("div", { class: "typing", hidden: true }, t.typing);
    this.notice = h("p", { class: "notice", hidden: true });
    this.confirm = h(
      "div",
      { class: "confirm", role: "group", "aria-label": t.restart, hidden: true },
      h("p", {}, t.restartAsk),
      h("button", { type: "button", click: () => this.restart() }, t.yes),
      h("button", { type: "button", click: () => this.askRestart(false) }, t.no),
    );
    this.counter = h("div", { class: "counter", id: "counter", hidden: true });
    this.field = h("textarea", {
      id: "field",
      rows: "1",
      "aria-describedby": "counter",
      placeholder: t.placeholder,
      enterkeyhint: "send",
      autocomplete: "off",
      input: () => this.typed(),
      keydown: ((event: KeyboardEvent) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          this.sendField();
        }
      }) as EventListener,
    });
    this.live = h("div", { class: "hidden", "aria-live": "polite" });
    this.panel = h(
      this.inline ? "section" : "dialog",
      { class: "panel", "aria-labelledby": "title" },
      h(
        "header",
        {},
        h("div", {}, h("h2", { id: "title" }, title), h("p", {}, t.subtitle)),
        button("bin", t.restart, () => this.askRestart(true)),
        !this.inline && button("close", t.close, () => this.close()),
      ),
      this.confirm,
      this.notice,
      this.log,
      this.typing,
      h(
        "form",
        {
          submit: (event) => {
            event.preventDefault();
            this.sendField();
          },
        },
        h("div", {}, h("label", { for: "field", class: "hidden" }, t.input), this.field, this.counter),
        h("button", { class: "send", "aria-label": t.send, title: t.send }, icon("send")),
      ),
      this.live,
    );
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      if (!this.confirm.hidden) this.askRestart(false);
      else this.close();
      event.preventDefault();
    });
    this.panel.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.frame = h("div", { class: "root", lang: this.locale }, this.launcher, this.panel);
    this.frame.classList.toggle("inline", this.inline);
    this.frame.classList.toggle("left", this.options.position === "left");
    this.root.append(this.frame);
    this.paint();
    this.connected();
    this.drawIntro();
    this.sync();
  }

  /** Puts the element where it belongs, also after a page has thrown it out. */
  private mount(): void {
    if (this.element.isConnected) return;
    const { target } = this.options;
    const place = typeof target === "string" ? document.querySelector(target) : target;
    if (this.inline) {
      this.element.setAttribute("data-inline", "");
      place?.append(this.element);
      return;
    }
    document.body.append(this.element);
    this.watcher.observe(document.body, { childList: true });
    if (this.shown) this.show();
  }

  private show(): void {
    const dialog = this.panel as HTMLDialogElement;
    if (dialog.open) dialog.close();
    dialog.classList.toggle("full", this.small.matches);
    this.fit();
    if (this.small.matches) dialog.showModal();
    else dialog.show();
  }

  private readonly resized = (): void => {
    if (!this.shown || this.inline) return;
    const inside = this.root.activeElement as HTMLElement | null;
    this.show();
    inside?.focus();
  };

  /** Keeps the field above the keyboard of a phone. */
  private readonly fit = (): void => {
    const view = visualViewport;
    if (view && view.scale === 1) this.panel.style.setProperty("--view", `${view.height}px`);
  };

  private readonly paint = (): void => {
    const dark = this.scheme === "dark" || (this.scheme === "auto" && this.dark.matches);
    this.frame.classList.toggle("dark", dark);
  };

  private async configure(): Promise<void> {
    if (this.configured) return;
    this.configured = true;
    try {
      this.config = await this.client.config(this.options.procedure ?? "");
      this.store.expiryHours = this.config.expiry_hours;
      this.drawIntro();
      this.sync();
    } catch {
      this.configured = false; // Without it the widget works; it is tried again when opened.
    }
  }

  private drawIntro(): void {
    const { t, config, options } = this;
    const given = options.suggestions?.map((title) => ({ title, choice: null }));
    const offered = given ?? config.suggestions;
    const greeting = config.about ? t.greetingAbout(config.about.title) : t.greeting;
    this.intro.replaceChildren(
      h("div", { class: "bubble theirs" }, h("p", {}, greeting), h("p", {}, h("small", {}, t.privacy))),
      h(
        "ul",
        { class: "choices bubble", role: "list", "aria-label": t.suggestions },
        ...offered.map(({ title, choice }) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", click: () => this.tapped(title, choice ?? undefined) },
              title,
            ),
          ),
        ),
      ),
    );
  }

  // --- the conversation --------------------------------------------------------------------

  /** Draws what is kept and not yet drawn; everything else stays as it is. */
  private sync(): void {
    const kept = this.store.read();
    const present = new Set(kept.entries.map((entry) => entry.id));
    for (const [id, node] of this.drawn) {
      if (present.has(id)) continue;
      node.remove();
      this.drawn.delete(id);
    }
    for (const entry of kept.entries) {
      let node = this.drawn.get(entry.id);
      const state = entry.state ?? "";
      if (!node || node.dataset.state !== state) {
        const fresh = this.draw(entry);
        fresh.dataset.state = state;
        if (node) node.replaceWith(fresh);
        else this.entries.append(fresh);
        this.drawn.set(entry.id, (node = fresh));
      }
      for (const box of node.querySelectorAll<HTMLInputElement>("input[data-key]")) {
        box.checked = !!entry.ticks?.includes(box.dataset.key ?? "");
      }
      for (const button of node.querySelectorAll<HTMLButtonElement>("button[data-vote]")) {
        button.setAttribute("aria-pressed", String(button.dataset.vote === String(entry.useful)));
      }
    }
    const list = this.intro.lastElementChild as HTMLElement | null;
    if (list) list.hidden = kept.entries.length > 0 || !list.childElementCount;
    const sending = kept.entries.some((entry) => entry.state === "sending");
    this.typing.hidden = !sending;
    this.log.setAttribute("aria-busy", String(sending));
    const unread = this.shown ? 0 : kept.unread;
    this.badge.hidden = !unread;
    this.badge.textContent = unread ? String(unread) : "";
    if (unread) this.launcher.setAttribute("aria-label", this.t.openUnread(unread));
    else this.launcher.removeAttribute("aria-label");
  }

  private draw(entry: Entry): HTMLLIElement {
    const { t } = this;
    const who = (name: string) => h("span", { class: "hidden" }, `${name}: `);
    if (entry.reply) {
      const content = drawReply(entry, entry.reply, t, {
        choose: (title, choice) => this.tapped(title, choice),
        tick: (id, key, on) => this.tick(id, key, on),
        copy: (reply) => void this.copy(reply),
        print: (shown) => printLists(this.kept(shown.id) ?? shown, this.root),
        vote: (id, useful) => void this.vote(id, useful),
      });
      return h("li", { class: "bubble theirs", lang: "vi" }, who(t.assistant), ...content);
    }
    const failed =
      entry.state === "failed" &&
      h(
        "div",
        { class: "failed" },
        t.failed,
        h("button", { type: "button", click: () => this.retry(entry.id) }, t.retry),
      );
    return h("li", { class: "bubble mine" }, h("p", {}, who(t.you), entry.text ?? ""), failed);
  }

  private kept(id: string): Entry | undefined {
    return this.store.read().entries.find((entry) => entry.id === id);
  }

  private sendField(): void {
    const text = this.field.value;
    if (!text.trim()) return;
    if (text.trim().length <= this.config.max_length) {
      this.field.value = "";
      this.typed();
    }
    void this.submit(text).catch(() => undefined);
  }

  private tapped(title: string, choice?: string): void {
    void this.submit(title, choice).catch(() => undefined);
  }

  private retry(id: string): void {
    void this.deliver(id).catch(() => undefined);
    this.field.focus();
  }

  private submit(words: string, choice?: string): Promise<readonly MotcuaMessage[]> {
    const text = words.trim();
    if (!text) return Promise.resolve([]);
    if (text.length > this.config.max_length) {
      this.say(this.t.over(this.config.max_length));
      this.emit("error", { error: { reason: "too_long" } satisfies MotcuaError });
      return Promise.reject(new Error("too_long"));
    }
    const entry: Entry = { id: newId(), at: Date.now(), text, state: "sending" };
    if (choice) entry.choice = choice;
    this.store.update((kept) => kept.entries.push(entry));
    this.log.scrollTop = this.log.scrollHeight;
    this.emit("message", { message: { id: entry.id, role: "citizen", text } });
    return this.deliver(entry.id);
  }

  /** Sends one message after those before it. */
  private deliver(id: string): Promise<readonly MotcuaMessage[]> {
    const known = this.flying.get(id);
    if (known) return known;
    this.waiting.delete(id);
    this.mark(id, "sending");
    const work = this.queue.then(() => this.transmit(id)).finally(() => this.flying.delete(id));
    this.flying.set(id, work);
    this.queue = work.catch(() => undefined);
    return work;
  }

  private async transmit(id: string): Promise<readonly MotcuaMessage[]> {
    const entry = this.kept(id);
    if (!entry) return [];
    try {
      if (!navigator.onLine) throw new Failure("network");
      const { conversation } = this.store.read();
      const answer = await this.client.send(conversation, id, entry.text ?? "", entry.choice);
      return this.received(id, answer.conversation, answer.replies);
    } catch (error) {
      const reason = !navigator.onLine
        ? "offline"
        : error instanceof Failure
          ? error.reason
          : "server";
      if (reason === "offline") this.waiting.add(id);
      this.mark(id, "failed");
      this.say(reason === "offline" ? this.t.offline : this.t.failed);
      this.emit("error", { error: { reason, id } satisfies MotcuaError });
      throw error;
    }
  }

  private received(
    id: string,
    conversation: string,
    replies: readonly Reply[],
  ): readonly MotcuaMessage[] {
    let known = false;
    const fresh: Entry[] = replies.map((reply, n) => ({ id: `${id}.${n}`, at: Date.now(), reply }));
    this.store.update((kept) => {
      const place = kept.entries.findIndex((entry) => entry.id === id);
      const asked = kept.entries[place];
      if (!asked) return; // The conversation was deleted meanwhile.
      known = true;
      asked.state = "sent";
      kept.conversation = conversation;
      const added = fresh.filter((entry) => kept.entries.every((other) => other.id !== entry.id));
      kept.entries.push(...added);
      if (!this.shown) kept.unread += added.length;
    });
    if (!known) return [];
    const first = this.drawn.get(`${id}.0`);
    if (first) this.log.scrollTop = first.offsetTop - this.log.offsetTop - 12;
    this.say(replies.map(spoken).join(". "));
    return replies.map((reply, n) => {
      const message: MotcuaMessage = {
        id: `${id}.${n}`,
        role: "assistant",
        text: reply.text,
        kind: reply.kind,
        procedure: reply.procedure,
      };
      this.emit("message", { message });
      return message;
    });
  }

  /** Goes on with what was being sent when the page went away. */
  private resume(): void {
    for (const entry of this.store.read().entries) {
      if (entry.state !== "sending") continue;
      if (Date.now() - entry.at < RESUME) void this.deliver(entry.id).catch(() => undefined);
      else this.mark(entry.id, "failed");
    }
  }

  private mark(id: string, state: NonNullable<Entry["state"]>): void {
    if (this.kept(id)?.state === state) return;
    this.store.update((kept) => {
      const entry = kept.entries.find((other) => other.id === id);
      if (entry) entry.state = state;
    });
  }

  private tick(id: string, key: string, on: boolean): void {
    this.store.update((kept) => {
      const entry = kept.entries.find((other) => other.id === id);
      if (!entry) return;
      const ticks = new Set(entry.ticks);
      if (on) ticks.add(key);
      else ticks.delete(key);
      entry.ticks = [...ticks];
    });
  }

  /** Sends a vote. One against an answer is a message, so that the assistant asks why. */
  private async vote(id: string, useful: boolean): Promise<void> {
    const { t } = this;
    const entry = this.kept(id);
    const handle = entry?.reply?.feedback;
    if (!handle || entry.useful === useful) return;
    this.mind(id, useful);
    try {
      if (!useful) await this.submit(t.notUseful, `v:-:${handle}`);
      else if (await this.client.vote(this.store.read().conversation, handle, true)) {
        this.say(t.voted, true);
      } else throw new Failure("server");
    } catch {
      if (!useful) return; // The message stays, with its own way to be sent again.
      this.mind(id, entry.useful);
      this.say(t.notVoted, true);
    }
  }

  private mind(id: string, useful?: boolean): void {
    this.store.update((kept) => {
      const entry = kept.entries.find((other) => other.id === id);
      if (entry) entry.useful = useful;
    });
  }

  private seen(): void {
    if (this.unread) this.store.update((kept) => (kept.unread = 0));
    else this.sync();
  }

  // --- small things ------------------------------------------------------------------------

  private async copy(reply: Reply): Promise<void> {
    try {
      await navigator.clipboard.writeText(reply.text);
    } catch {
      // Without https there is no clipboard interface; the old way still works.
      const area = h("textarea", { class: "hidden" });
      area.value = reply.text;
      this.panel.append(area);
      const back = this.root.activeElement as HTMLElement | null;
      area.select();
      document.execCommand("copy");
      area.remove();
      back?.focus();
    }
    this.say(this.t.copied, true);
  }

  private typed(): void {
    const { field, counter, config, t } = this;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 4}px`;
    const left = config.max_length - field.value.trim().length;
    counter.hidden = left > config.max_length / 5;
    counter.classList.toggle("over", left < 0);
    counter.textContent = left < 0 ? t.over(config.max_length) : t.left(left);
    field.setAttribute("aria-invalid", String(left < 0));
  }

  private askRestart(on: boolean): void {
    if (this.confirm.hidden === !on) return;
    this.confirm.hidden = !on;
    if (on) this.confirm.querySelector("button")?.focus();
    else if (this.shown) this.field.focus();
  }

  private restart(): void {
    this.askRestart(false);
    void this.reset();
  }

  private readonly connected = (): void => {
    const { onLine } = navigator;
    this.notice.hidden = onLine;
    this.notice.textContent = this.t.offline;
    if (!onLine) this.say(this.t.offline);
    if (!onLine || !this.waiting.size) return;
    this.say(this.t.online);
    for (const id of [...this.waiting]) void this.deliver(id).catch(() => undefined);
  };

  /** Lets a screen reader speak once, and shows short news for a moment where asked. */
  private say(text: string, visible = false): void {
    if (!this.shown) return;
    this.live.textContent = text;
    if (visible) {
      this.typing.textContent = text;
      this.typing.hidden = false;
    }
    clearTimeout(this.hush);
    this.hush = window.setTimeout(() => {
      this.live.textContent = "";
      this.typing.textContent = this.t.typing;
      this.sync();
    }, visible ? 2_500 : 12_000);
  }

  private emit(name: string, detail: object): void {
    this.element.dispatchEvent(
      new CustomEvent(`motcua:${name}`, {
        bubbles: true,
        composed: true,
        detail: { widget: this, ...detail },
      }),
    );
  }
}
