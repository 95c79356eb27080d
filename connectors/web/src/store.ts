import type { Storage as Kind } from "../widget";
import type { Entry } from "./types";

const KEEP_MOST = 60;
const HOUR = 3_600_000;

/** A conversation as it is kept: its token, its entries, and how many answers were not seen. */
export interface Kept {
  conversation: string;
  entries: Entry[];
  unread: number;
  at: number;
  /** Grows with every change: of two copies the higher one is newer. */
  version: number;
}

const empty = (): Kept => ({ conversation: "", entries: [], unread: 0, at: 0, version: 0 });

/**
 * Keeps one conversation over reloads and shares it between tabs.
 *
 * Every change reads what is stored, changes it and writes it back without a pause. The channel
 * carries the whole conversation, because it is often faster than the storage of another process.
 */
export class Store {
  private memory = empty();
  private area: globalThis.Storage | null;
  private readonly channel: BroadcastChannel | null = null;

  constructor(
    private readonly key: string,
    kind: Kind,
    public expiryHours: number,
    private readonly changed: () => void,
  ) {
    this.area = area(kind);
    if (kind === "local") {
      addEventListener("storage", this.stored);
      if ("BroadcastChannel" in window) {
        this.channel = new BroadcastChannel(key);
        this.channel.onmessage = (event: MessageEvent<Kept>) => {
          if (event.data.version > this.memory.version) this.memory = event.data;
          changed();
        };
      }
    }
  }

  read(): Kept {
    let kept = this.memory;
    try {
      const stored = JSON.parse(this.area?.getItem(this.key) ?? "null") as Kept | null;
      if (stored && stored.version >= kept.version) kept = stored;
    } catch {
      // Storage is switched off or holds something broken: this page's memory is what there is.
    }
    return Date.now() - kept.at > this.expiryHours * HOUR ? empty() : structuredClone(kept);
  }

  update(change: (kept: Kept) => void): Kept {
    const kept = this.read();
    change(kept);
    kept.entries = kept.entries.slice(-KEEP_MOST);
    kept.at = Date.now();
    kept.version = Math.max(kept.version, this.memory.version) + 1;
    this.memory = kept;
    try {
      this.area?.setItem(this.key, JSON.stringify(kept));
    } catch {
      this.area = null; // Full or switched off: the conversation lives as long as this page.
    }
    this.channel?.postMessage(kept);
    this.changed();
    return kept;
  }

  close(): void {
    this.channel?.close();
    removeEventListener("storage", this.stored);
  }

  private readonly stored = (event: StorageEvent): void => {
    if (event.key === this.key) this.changed();
  };
}

function area(kind: Kind): globalThis.Storage | null {
  try {
    return kind === "local" ? localStorage : kind === "session" ? sessionStorage : null;
  } catch {
    return null;
  }
}
