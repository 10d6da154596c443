let navigated = false;

/** Told by the router once somebody went from one screen to another. */
export function noteNavigation(): void {
  navigated = true;
}

/** False on the very first screen: there the browser's own start of the page is where the focus belongs. */
export const arrivedByNavigation = (): boolean => navigated;
