"use strict";
(() => {
  const log = document.getElementById("log");
  const form = document.getElementById("form");
  const field = document.getElementById("text");
  let conversation = "";
  let busy = false;

  function add(text, className) {
    const bubble = document.createElement("div");
    bubble.className = `message ${className}`;
    let rest = text;
    const address = /https?:\/\/[^\s]+/;
    for (let match = address.exec(rest); match; match = address.exec(rest)) {
      bubble.append(rest.slice(0, match.index));
      const link = document.createElement("a");
      link.href = match[0];
      link.textContent = match[0];
      link.rel = "noopener";
      link.target = "_blank";
      bubble.append(link);
      rest = rest.slice(match.index + match[0].length);
    }
    bubble.append(rest);
    log.append(bubble);
    bubble.scrollIntoView({ block: "end" });
    return bubble;
  }

  function offer(choices) {
    if (!choices.length) return;
    const list = document.createElement("ul");
    list.className = "choices";
    choices.forEach((choice, index) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${index + 1}. ${choice.title}`;
      button.addEventListener("click", () => send(choice.title, choice.id));
      item.append(button);
      list.append(item);
    });
    log.append(list);
    list.scrollIntoView({ block: "end" });
  }

  async function send(text, choice) {
    if (busy || !text.trim()) return;
    busy = true;
    add(text, "mine");
    try {
      const response = await fetch("/api/v1/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ conversation, text, choice: choice || null }),
      });
      if (!response.ok) throw new Error(String(response.status));
      const body = await response.json();
      conversation = body.conversation;
      for (const reply of body.replies) {
        add(reply.text, "theirs");
        offer(reply.choices);
      }
    } catch {
      const bubble = add("Chưa gửi được. Bạn kiểm tra kết nối mạng rồi thử lại.", "failed");
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = "Gửi lại";
      again.addEventListener("click", () => { bubble.remove(); send(text, choice); });
      bubble.append(document.createElement("br"), again);
    } finally {
      busy = false;
      field.focus();
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value;
    field.value = "";
    send(text);
  });
})();
