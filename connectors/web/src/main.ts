import type { Motcua, MotcuaOptions, MotcuaWidget } from "../widget";
import { Widget } from "./view";

const VERSION = "0.1.0";

/** Reads the options of a snippet: `data-color-scheme` is `colorScheme`. */
function optionsOf(script: HTMLScriptElement): MotcuaOptions {
  const { suggestions, launcher, open, ...rest } = script.dataset;
  const options = { ...rest } as MotcuaOptions;
  if (suggestions) options.suggestions = suggestions.split("|").map((line) => line.trim());
  if (launcher !== undefined) options.launcher = launcher !== "false";
  if (open !== undefined) options.open = open !== "false";
  return options;
}

function origin(address: string): string {
  return new URL(address, location.href).origin;
}

const script = document.currentScript as HTMLScriptElement | null;
const widgets = new Map<string, Widget>();

function create(options: MotcuaOptions = {}): MotcuaWidget {
  const id = options.id || "motcua";
  const known = widgets.get(id);
  if (known) {
    // A single-page application calls this for every view; a filled target may be a new one.
    if (!options.target || known.element.isConnected) return known;
    known.destroy();
  }
  const server = origin(options.server ?? script?.src ?? location.href);
  const language = document.documentElement.lang.slice(0, 2);
  const locale = options.locale ?? (language === "en" ? "en" : "vi");
  const widget = new Widget(id, { ...options, server, locale }, () => widgets.delete(id));
  widgets.set(id, widget);
  return widget;
}

function first(): MotcuaWidget {
  return [...widgets.values()][0] ?? create();
}

const api: Motcua = {
  version: VERSION,
  create,
  get: (id) => widgets.get(id),
  get id() {
    return first().id;
  },
  get element() {
    return first().element;
  },
  get isOpen() {
    return first().isOpen;
  },
  get unread() {
    return first().unread;
  },
  open: () => first().open(),
  close: () => first().close(),
  toggle: () => first().toggle(),
  ask: (question) => first().ask(question),
  reset: () => first().reset(),
  setLocale: (locale) => first().setLocale(locale),
  setColorScheme: (scheme) => first().setColorScheme(scheme),
  destroy: () => first().destroy(),
};

// A second snippet on the page adds a widget to the first one's interface.
const motcua = (window.motcua ??= api);

if (script && script.dataset.start !== "manual") {
  const options = optionsOf(script);
  options.server ??= origin(script.src);
  const start = () => motcua.create(options);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
}
