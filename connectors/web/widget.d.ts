/**
 * The public JavaScript interface of the widget.
 *
 * A TypeScript project copies this file, or points `types` at it; `window.motcua` is then typed.
 */

export type Locale = "vi" | "en";
export type ColorScheme = "auto" | "light" | "dark";
export type Position = "right" | "left";
/** Where the conversation is kept: over visits, for one tab, or not at all. */
export type Storage = "local" | "session" | "none";

/** Every option; in the snippet each is an attribute, for example `data-color-scheme`. */
export interface MotcuaOptions {
  /** Address of the assistant's server. Default: where `widget.js` came from. */
  server?: string;
  /** Names the widget; two widgets of one page with different names keep separate conversations. */
  id?: string;
  /** Language of the interface. Default: the page's `lang`, else Vietnamese. */
  locale?: Locale;
  colorScheme?: ColorScheme;
  position?: Position;
  /** Title of the panel. Default: "Trợ lý thủ tục hành chính". */
  title?: string;
  /** A CSS selector or element to fill, instead of a launcher with a panel. */
  target?: string | Element;
  /** National code of the procedure that the page is about. */
  procedure?: string;
  /** Questions to suggest, instead of the server's. */
  suggestions?: readonly string[];
  storage?: Storage;
  /** `false`: no launcher; the page opens the panel itself. */
  launcher?: boolean;
  /** Open at once. */
  open?: boolean;
}

export interface MotcuaMessage {
  readonly id: string;
  readonly role: "citizen" | "assistant";
  readonly text: string;
  /** Of an answer: its kind, and the national code of the procedure that it is about. */
  readonly kind?: string;
  readonly procedure?: string | null;
}

export interface MotcuaError {
  readonly reason: "offline" | "network" | "server" | "too_long";
  /** The message that was not sent, to be tried again by the citizen. */
  readonly id?: string;
}

/** Events bubble from the widget's element to the document and leave every shadow tree. */
export interface MotcuaEvents {
  "motcua:ready": CustomEvent<{ widget: MotcuaWidget }>;
  "motcua:open": CustomEvent<{ widget: MotcuaWidget }>;
  "motcua:close": CustomEvent<{ widget: MotcuaWidget }>;
  "motcua:message": CustomEvent<{ widget: MotcuaWidget; message: MotcuaMessage }>;
  "motcua:error": CustomEvent<{ widget: MotcuaWidget; error: MotcuaError }>;
}

export interface MotcuaWidget {
  readonly id: string;
  /** The widget's element in the page; style it with the custom properties of `docs/widget.md`. */
  readonly element: HTMLElement;
  readonly isOpen: boolean;
  /** Answers that have not been seen. */
  readonly unread: number;
  open(): void;
  close(): void;
  toggle(): void;
  /** Opens the panel and asks. Resolves when the answer is there, rejects when it cannot be had. */
  ask(question: string): Promise<readonly MotcuaMessage[]>;
  /** Deletes the conversation here and on the server, and begins a new one. */
  reset(): Promise<void>;
  setLocale(locale: Locale): void;
  setColorScheme(scheme: ColorScheme): void;
  /** Takes the widget off the page; what was said stays for the next visit. */
  destroy(): void;
}

/** `window.motcua` is the first widget of the page, and makes and finds others. */
export interface Motcua extends MotcuaWidget {
  readonly version: string;
  create(options?: MotcuaOptions): MotcuaWidget;
  get(id: string): MotcuaWidget | undefined;
}

declare global {
  interface Window {
    motcua?: Motcua;
  }
  interface DocumentEventMap extends MotcuaEvents {}
}
