/** Where to go after signing in: an address of ours, whatever the link says. */
export function safeReturn(wanted: string | undefined): string {
  if (wanted === undefined || !/^\/(?![/\\])/.test(wanted)) return '/jobs';
  return /^\/sign-in\b/.test(wanted) ? '/jobs' : wanted;
}
