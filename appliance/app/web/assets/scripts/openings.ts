// A link to a folded part opens it; without script the reader opens it by hand.

export function openLinked(): void {
  const open = (): void => {
    const name = decodeURIComponent(window.location.hash.slice(1));
    const part = name ? document.getElementById(name) : null;
    if (part instanceof HTMLDetailsElement) part.open = true;
  };
  open();
  window.addEventListener("hashchange", open);
}
