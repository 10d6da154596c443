let navigated = false;

/** The router calls this after a change of screens. */
export function noteNavigation(): void {
  navigated = true;
}

/** False on the first screen, where the browser decides about the focus. */
export const arrivedByNavigation = (): boolean => navigated;
