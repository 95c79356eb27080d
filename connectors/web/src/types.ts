/** What the server sends; `connectors/web/blocks.py` is the other side. */
export interface LinkData {
  text: string;
  url: string;
}

export type Block =
  | { type: "paragraph"; text: string; strong: boolean }
  | { type: "heading"; text: string }
  | {
      type: "list";
      style: "bullets" | "steps" | "checklist";
      title: string;
      items: { text: string; detail: string }[];
    }
  | { type: "fact"; label: string; value: string; note: string }
  | ({ type: "link" } & LinkData)
  | { type: "source"; text: string; links: LinkData[] };

export interface ChoiceData {
  id: string;
  title: string;
}

export interface Reply {
  kind: string;
  text: string;
  blocks: Block[];
  choices: ChoiceData[];
  procedure: string | null;
  feedback: string | null;
}

export interface Config {
  max_length: number;
  expiry_hours: number;
  about: ChoiceData | null;
  suggestions: { title: string; choice: string | null }[];
}

/** One entry of the conversation as it is kept. */
export interface Entry {
  id: string;
  at: number;
  /** Of a citizen's message. */
  text?: string;
  choice?: string;
  state?: "sending" | "failed" | "sent";
  /** Of an answer. */
  reply?: Reply;
  /** Ticked papers, as "block.item". */
  ticks?: string[];
  /** Whether the citizen found the answer useful. */
  useful?: boolean | undefined;
}
