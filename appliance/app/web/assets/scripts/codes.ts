// Long code lists: the suggestions under a field are fetched as the officer types.

const PAUSE_MS = 200;
const SHORTEST = 1;

export function offerCodes(part: ParentNode): void {
  part.querySelectorAll<HTMLInputElement>("input[data-list-url]").forEach((input) => {
    if (input.dataset["offers"] === "yes") return;
    input.dataset["offers"] = "yes";
    let timer = 0;
    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void refresh(input), PAUSE_MS);
    });
  });
}

async function refresh(input: HTMLInputElement): Promise<void> {
  const typed = input.value.trim();
  const address = input.dataset["listUrl"];
  if (!address || !input.list || typed.length < SHORTEST) return;
  const url = new URL(address, window.location.href);
  url.searchParams.set("q", typed);
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (answer.ok && input.value.trim() === typed) show(input.list, await answer.text());
  } catch {
    // The list that came with the page stays; the server checks what is typed in any case.
  }
}

function show(list: HTMLElement, text: string): void {
  const found = new DOMParser().parseFromString(`<datalist>${text}</datalist>`, "text/html");
  list.replaceChildren(...found.querySelectorAll("option"));
}
