import { type RefObject, useRef, useState } from 'react';

interface Opening<What> {
  /** What is open next to the button. */
  shown: What | null;
  open: (what: What) => void;
  /** Closes it and returns the focus to the button. */
  close: () => void;
  button: RefObject<HTMLButtonElement | null>;
}

/** A small form that opens next to its button and has the focus until it closes. */
export function useOpening<What = true>(): Opening<What> {
  const [shown, setShown] = useState<What | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setShown(null);
    button.current?.focus();
  };
  return { shown, open: setShown, close, button };
}
