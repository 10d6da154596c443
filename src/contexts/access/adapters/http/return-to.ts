/** Where nobody is led after signing in: those addresses show nothing, or lead away again. */
const notThere = /^\/(auth|sign-in|signed-in|ats\/v0)(\/|\?|#|$)/;

/** Where a browser goes after signing in: a page of ours, whatever the link said. */
export function safeReturn(wanted: string | undefined): string {
  const usual = '/jobs';
  if (wanted === undefined) return usual;
  const here = 'http://here.invalid';
  // As browsers read it: `//elsewhere`, `/\\elsewhere` and tabs in between lead to another host.
  const url = URL.parse(wanted, here);
  if (!wanted.startsWith('/') || url?.origin !== here || /^\/\//.test(url.pathname)) return usual;
  if (notThere.test(url.pathname)) return usual;
  return `${url.pathname}${url.search}${url.hash}`;
}
