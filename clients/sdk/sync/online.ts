type Listen = (type: string, act: () => void) => void;

/**
 * A browser says when it is online again: worth trying at once. Elsewhere nobody says it.
 */
export function onlineAgain(): { signal(): AbortSignal; stop(): void } {
  let next = new AbortController();
  const back = () => {
    next.abort();
    next = new AbortController();
  };
  const say = (name: string) => {
    const act = Reflect.get(globalThis, name) as Listen | undefined;
    act?.call(globalThis, "online", back);
  };
  say("addEventListener");
  return { signal: () => next.signal, stop: () => say("removeEventListener") };
}
