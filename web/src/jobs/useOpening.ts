import { type RefObject, useRef, useState } from 'react';

interface Opening<What> {
  /** What is open beside the button. */
  shown: What | null;
  open: (what: What) => void;
  /** Closes it and gives the focus back to the button. */
  close: () => void;
  button: RefObject<HTMLButtonElement | null>;
}

/** Something small that opens beside its button and takes the focus until it closes. */
export function useOpening<What = true>(): Opening<What> {
  const [shown, setShown] = useState<What | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setShown(null);
    button.current?.focus();
  };
  return { shown, open: setShown, close, button };
}
