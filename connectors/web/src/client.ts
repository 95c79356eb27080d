import type { Config, Reply } from "./types";

const ATTEMPTS = 4;
const TIMEOUT = 20_000;
const FIRST_PAUSE = 700;
const GONE = 410;
const WORTH_RETRYING = new Set([408, 425, 429, 500, 502, 503, 504]);

export class Failure extends Error {
  constructor(readonly reason: "network" | "server") {
    super(reason);
  }
}

export interface Answer {
  conversation: string;
  replies: Reply[];
}

/**
 * Talks to the server with plain requests, which every proxy lets through.
 *
 * A message carries its own name. When the connection breaks it is sent again, after growing
 * pauses, and the server answers it once however often it arrives.
 */
export class Client {
  constructor(private readonly server: string) {}

  async config(procedure: string): Promise<Config> {
    const query = procedure ? `?procedure=${encodeURIComponent(procedure)}` : "";
    return (await this.call(`config${query}`)).json() as Promise<Config>;
  }

  /** Sends a message; a conversation that the server does not know is begun anew. */
  async send(conversation: string, id: string, text: string, choice?: string): Promise<Answer> {
    const body = { conversation, id, text, choice: choice ?? null };
    let response = await this.call("messages", body);
    if (response.status === GONE) {
      response = await this.call("messages", { ...body, conversation: "" });
    }
    if (!response.ok) throw new Failure("server");
    return response.json() as Promise<Answer>;
  }

  /** Sends a vote; tells whether it arrived. */
  async vote(conversation: string, feedback: string, useful: boolean): Promise<boolean> {
    return (await this.call("feedback", { conversation, feedback, useful })).ok;
  }

  async forget(conversation: string): Promise<void> {
    await this.call("forget", { conversation });
  }

  private async call(path: string, body?: object): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      let pause = FIRST_PAUSE * 2 ** attempt * (0.5 + Math.random() / 2);
      let reason: "network" | "server" = "network";
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), TIMEOUT);
      try {
        const response = await fetch(`${this.server}/api/v1/widget/${path}`, {
          credentials: "omit",
          referrerPolicy: "no-referrer",
          signal: abort.signal,
          ...(body && {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(body),
          }),
        });
        if (!WORTH_RETRYING.has(response.status)) return response;
        reason = "server";
        pause = Math.max(pause, 1000 * (Number(response.headers.get("Retry-After")) || 0));
      } catch {
        // Broken or timed out: tried again below.
      } finally {
        clearTimeout(timer);
      }
      if (attempt === ATTEMPTS || !navigator.onLine) throw new Failure(reason);
      await new Promise((resolve) => setTimeout(resolve, Math.min(pause, 10_000)));
    }
  }
}

/** A name that cannot be guessed; also where `crypto.randomUUID` is missing (plain http). */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
