/** The page after signing in. Addresses outside the console are ignored. */
export function safeReturn(wanted: string | undefined): string {
  if (wanted === undefined || !/^\/(?![/\\])/.test(wanted)) return '/jobs';
  return /^\/sign-in\b/.test(wanted) ? '/jobs' : wanted;
}
