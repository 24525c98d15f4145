import { useSyncExternalStore } from "react";
import { Icon, type IconName } from "../parts/icon.tsx";
import { chosenTheme, onTheme, showTheme, type Theme, themes } from "./theme.ts";

const looks: Readonly<Record<Theme, { icon: IconName; word: string }>> = {
  system: { icon: "screen", word: "System" },
  light: { icon: "sun", word: "Light" },
  dark: { icon: "moon", word: "Dark" },
};

/** System, light or dark. */
export function ThemeSwitch() {
  const theme = useSyncExternalStore(onTheme, chosenTheme);
  return (
    <fieldset className="flex rounded-lg border border-line bg-sunken p-0.5">
      <legend className="sr-only">Theme</legend>
      {themes.map((each) => (
        <label
          className="grid h-7 flex-1 cursor-pointer place-items-center rounded-md px-2 text-muted has-checked:bg-surface has-checked:text-ink has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-accent"
          key={each}
          title={looks[each].word}
        >
          <input
            checked={theme === each}
            className="sr-only"
            name="theme"
            onChange={() => showTheme(each)}
            type="radio"
            value={each}
          />
          <Icon name={looks[each].icon} size={14} />
          <span className="sr-only">{looks[each].word}</span>
        </label>
      ))}
    </fieldset>
  );
}
