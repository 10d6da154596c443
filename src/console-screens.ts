/**
 * The addresses of the console's screens. Each, and all below it, answers with the same page, which picks the screen from the
 * address. `web/src/router.tsx` has the screens.
 */
export const consoleScreens = ['/', '/sign-in', '/jobs', '/candidates', '/background_checks', '/admin'];
