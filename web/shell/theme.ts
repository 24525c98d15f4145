/** What people may choose. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const key = "foedus.theme";
const listeners = new Set<() => void>();

/** Called when another theme is chosen; returns how to stop. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What was chosen in this browser. */
export function chosenTheme(): Theme {
  const stored = localStorage.getItem(key);
  return themes.find((theme) => theme === stored) ?? "system";
}

/** Shows a theme and remembers it. */
export function showTheme(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset["theme"];
    localStorage.removeItem(key);
  } else {
    document.documentElement.dataset["theme"] = theme;
    localStorage.setItem(key, theme);
  }
  for (const listener of listeners) listener();
}
