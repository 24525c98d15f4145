type Listen = (type: string, act: () => void) => void;

/** What a browser says of its network; elsewhere nobody says anything. */
export interface Network {
  /** Aborts when it is there again: worth trying at once. */
  back(): AbortSignal;
  /** Aborts when it is gone: streams that are open may not notice for a while. */
  gone(): AbortSignal;
  stop(): void;
}

/** Listens to the browser until it is stopped. */
export function watchNetwork(): Network {
  let [back, gone] = [new AbortController(), new AbortController()];
  const online = () => {
    back.abort();
    back = new AbortController();
  };
  const offline = () => {
    gone.abort();
    gone = new AbortController();
  };
  const say = (name: string) => {
    const act = Reflect.get(globalThis, name) as Listen | undefined;
    act?.call(globalThis, "online", online);
    act?.call(globalThis, "offline", offline);
  };
  say("addEventListener");
  return {
    back: () => back.signal,
    gone: () => gone.signal,
    stop: () => say("removeEventListener"),
  };
}
