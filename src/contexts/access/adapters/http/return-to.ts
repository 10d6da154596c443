/** Addresses that are never the target after signing in: they show no page, or redirect again. */
const neverTargets = /^\/(auth|sign-in|signed-in|ats\/v0)(\/|\?|#|$)/;

/** The address for the browser after signing in. It is always a page of this service, whatever the link said. */
export function safeReturn(wanted: string | undefined): string {
  const usual = '/jobs';
  if (wanted === undefined) return usual;
  const here = 'http://here.invalid';
  // Parsed as browsers parse it: `//elsewhere`, `/\\elsewhere` and tabs in between lead to another host.
  const url = URL.parse(wanted, here);
  if (!wanted.startsWith('/') || url?.origin !== here || /^\/\//.test(url.pathname)) return usual;
  if (neverTargets.test(url.pathname)) return usual;
  return `${url.pathname}${url.search}${url.hash}`;
}
